"""iRECIST: every way a spell of unconfirmed progression can end (Seymour 2017, tables 1 and 2)."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from codon12.response import (
    RecistPolicy,
    best_immune_response,
    both_criteria,
    immune_progression,
    immune_response,
)

pytestmark = pytest.mark.requirement("R-RESP-03")

START = dt.date(2024, 1, 1)


def points(*rows: tuple) -> pl.DataFrame:
    """(day, target, sum, non-target, progressed non-targets, new lesions, their sum)."""
    full = [(*r, None, None, None, None, None, None)[:7] for r in rows]
    return pl.DataFrame(
        [("1", START + dt.timedelta(days=r[0]), r[1], r[2], r[3], r[4], "UNEQUIVOCAL" if r[5] else None, r[5], r[6]) for r in full],
        schema={"USUBJID": pl.String, "ADT": pl.Date, "TRGRESP": pl.String, "AVAL": pl.Float64, "NTRGRESP": pl.String,
                "NTPROG": pl.Int64, "NEWLRESP": pl.String, "NNEW": pl.Int64, "NEWSUM": pl.Float64},
        orient="row",
    )  # fmt: skip


SPELLS = {
    "grows by 5 mm in the window": ([(42, "PD", 50.0), (84, "PD", 55.0)], ["iUPD", "iCPD"]),
    "grows by less": ([(42, "PD", 50.0), (84, "PD", 54.9)], ["iUPD", "iUPD"]),
    "grows too early": ([(42, "PD", 50.0), (69, "PD", 60.0)], ["iUPD", "iUPD"]),
    "grows at four weeks": ([(42, "PD", 50.0), (70, "PD", 60.0)], ["iUPD", "iCPD"]),
    "grows at eight weeks": ([(42, "PD", 50.0), (98, "PD", 60.0)], ["iUPD", "iCPD"]),
    "grows too late": ([(42, "PD", 50.0), (99, "PD", 60.0)], ["iUPD", "iUPD"]),
    "too early, then confirmed against the first": ([(42, "PD", 50.0), (56, "PD", 56.0), (84, "PD", 56.0)], ["iUPD", "iUPD", "iCPD"]),
    "persists, then grows": ([(42, "PD", 50.0), (84, "PD", 52.0), (126, "PD", 57.0)], ["iUPD", "iUPD", "iCPD"]),
    "shrinks: the bar is reset": ([(42, "PD", 50.0), (84, "PR", 20.0), (126, "PD", 50.0)], ["iUPD", "iPR", "iUPD"]),
    "not evaluable between": ([(42, "PD", 50.0), (70, "NE", None), (98, "PD", 60.0)], ["iUPD", "NE", "iCPD"]),
    "a new lesion beside": ([(42, "PD", 50.0), (84, "SD", 45.0, None, None, 1)], ["iUPD", "iCPD"]),
    "more new lesions": ([(42, "SD", 50.0, None, None, 1), (84, "SD", 50.0, None, None, 2)], ["iUPD", "iCPD"]),
    "the new lesion grows": ([(42, "SD", 50.0, None, None, 1, 10.0), (84, "SD", 50.0, None, None, 1, 15.0)], ["iUPD", "iCPD"]),
    "the new lesion stays": ([(42, "SD", 50.0, None, None, 1, 10.0), (84, "PR", 20.0, None, None, 1, 14.9)], ["iUPD", "iUPD"]),
    "another non-target progresses": ([(42, "SD", 50.0, "PD", 1), (84, "SD", 50.0, "PD", 2)], ["iUPD", "iCPD"]),
    "the same non-target": ([(42, "SD", 50.0, "PD", 1), (84, "SD", 50.0, "PD", 1)], ["iUPD", "iUPD"]),
    "non-target, then target": ([(42, "SD", 50.0, "PD", 1), (84, "PD", 70.0, "PD", 1)], ["iUPD", "iCPD"]),
    "after confirmation nothing changes": ([(42, "PD", 50.0), (84, "PD", 60.0), (126, "CR", 0.0)], ["iUPD", "iCPD", "iCPD"]),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), SPELLS.values(), ids=SPELLS)
def test_spells(rows, expected):
    assert immune_response(points(*rows))["AVALC"].to_list() == expected


def test_any_progression_confirms_where_sizes_are_not_known():
    rows = points((42, "PD", None), (84, "PD", None))
    assert immune_response(rows)["AVALC"].to_list() == ["iUPD", "iUPD"]
    assert immune_response(rows, policy=RecistPolicy(immune_confirmed_by="any"))["AVALC"].to_list() == ["iUPD", "iCPD"]


def test_progression_is_dated_to_the_first_unconfirmed_one():
    grows = immune_response(points((42, "PD", 50.0), (84, "PD", 52.0), (126, "PD", 57.0)))
    assert immune_progression(grows).select("ADT", "AVALC").row(0) == (START + dt.timedelta(days=42), "iCPD")
    reset = immune_response(points((42, "PD", 50.0), (84, "SD", 40.0)))
    assert immune_progression(reset).is_empty()
    again = immune_response(points((42, "PD", 50.0), (84, "SD", 40.0), (126, "PD", 52.0)))
    assert immune_progression(again).select("ADT", "AVALC").row(0) == (START + dt.timedelta(days=126), "iUPD")


def test_best_immune_response_counts_responses_after_a_reset():
    start = pl.DataFrame({"USUBJID": ["1", "2"], "ADT": [START] * 2})
    best = lambda *r: best_immune_response(immune_response(points(*r)), start)["AVALC"].to_list()  # noqa: E731
    assert best((42, "PD", 50.0), (84, "PR", 20.0)) == ["iPR", "MISSING"]
    assert best((42, "PD", 50.0), (84, "PD", 60.0), (126, "CR", 0.0)) == ["iCPD", "MISSING"]
    assert best((20, "SD", 50.0)) == ["NE", "MISSING"]


def test_both_criteria_side_by_side():
    rows = both_criteria(points((42, "PD", 50.0), (84, "PR", 20.0)))
    assert rows.select("RECIST", "IRECIST").rows() == [("PD", "iUPD"), ("PR", "iPR")]
    assert both_criteria(points()).is_empty()


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        ((84, "PR", 20.0, None, None, 1, 10.0), ["iUPD", "iPR", "iPR"]),
        ((84, "PR", 20.0), ["iUPD", "iPR", "iUPD"]),  # it had gone: what is seen now is new again
        ((84, "NE", None), ["iUPD", "NE", "iPR"]),
    ],
)
def test_as_read_by_eortc_a_new_lesion_is_stable_only_while_it_stays(between, expected):
    new = (None, None, 1, 10.0)
    rows = points((42, "SD", 50.0, *new), between, (126, "PR", 20.0, *new))
    assert immune_response(rows, policy=RecistPolicy(immune_reading="EORTC"))["AVALC"].to_list() == expected
