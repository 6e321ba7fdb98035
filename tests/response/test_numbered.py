"""One integer a subject and evaluator, one reading of what counts: the answers are those of each function alone."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from codon12.response import (
    RecistPolicy,
    assess_lesions,
    best_overall_response,
    disease_control,
    objective_response,
    progression,
)
from codon12.response.assessment_findings import lesion_findings
from codon12.response.keys import named, numbered, ordered
from codon12.response.parameters import response_parameters
from codon12.response.visits import with_scan_sets

pytestmark = pytest.mark.requirement("R-RESP-01")


def day(month: int, on: int = 1) -> dt.date:
    return dt.date(2024, month, on)


@pytest.mark.parametrize("kind", [pl.String, pl.Categorical])
def test_numbers_are_those_of_the_order_of_subjects_and_evaluators(kind):
    who = [("b", "X"), ("a", "Y"), ("a", "X"), (None, "X"), ("a", "Y"), ("a", None), ("b", "X")]
    frame = pl.DataFrame(who, schema={"USUBJID": kind, "EVAL": kind}, orient="row").with_row_index("row")
    rows, names = numbered(frame)
    assert rows["_k"].to_list() == [3, 1, 0, 4, 1, 2, 3]
    assert names.select("USUBJID", "EVAL").rows() == [("a", "X"), ("a", "Y"), ("a", None), ("b", "X"), (None, "X")]
    back = named(rows.select("_k", "row").reverse(), names)
    assert back.select("row", "USUBJID", "EVAL").equals(frame.reverse().select("row", "USUBJID", "EVAL"))


def test_no_row_has_no_number():
    rows, names = numbered(pl.DataFrame(schema={"USUBJID": pl.String, "EVAL": pl.String}))
    assert rows.is_empty()
    assert names.is_empty()


def test_numbered_rows_are_in_the_order_of_all_columns_and_ties_as_they_stood():
    frame = pl.DataFrame(
        {
            "_k": [1, 0, 1, 0, 1, 1, 0],
            "ADT": [None, day(3), day(1), dt.date(1955, 1, 1), day(1), day(1), None],
            "VISITNUM": [1.0, 1.0, 2.0, 1.0, 1.5, 2.0, 9.0],
            "row": range(7),
        },
        schema_overrides={"_k": pl.UInt32},
    )
    assert ordered(frame, ["_k", "ADT", "VISITNUM"])["row"].to_list() == [3, 1, 6, 4, 2, 5, 0]


def seen() -> pl.DataFrame:
    """Three subjects and two evaluators; no assessment of subject 4, none by the investigator of subject 2."""
    rows = [
        ("1", "CENTRAL", day(3), "PR"), ("1", "CENTRAL", day(5), "PR"), ("1", "CENTRAL", day(7), "PD"),
        ("1", "INVESTIGATOR", day(3), "SD"), ("1", "INVESTIGATOR", day(5), "PR"),
        ("2", "CENTRAL", day(1, 9), "SD"), ("2", "CENTRAL", day(2), "ND"),
        ("3", "CENTRAL", day(3), "CR"), ("3", "CENTRAL", day(5), "SD"), ("3", "INVESTIGATOR", day(3), "PD"),
    ]  # fmt: skip
    frame = pl.DataFrame(rows, schema=["USUBJID", "EVAL", "ADT", "AVALC"], orient="row")
    return frame.with_row_index("SRCROW", offset=1)


REFERENCE = pl.DataFrame({"USUBJID": ["4", "3", "2", "1"], "ADT": [day(1)] * 4})


@pytest.mark.parametrize(
    "choices",
    [{}, {"denominator": "assessed"}, {"nd": "missing"}, {"evaluator": "INVESTIGATOR"}, {"cr_then_non_cr": "pd"}],
)
def test_all_parameters_at_once_are_those_of_each_function(choices):
    policy = RecistPolicy(**choices)
    alone = [
        of(seen(), REFERENCE, policy=policy, confirmed=confirmed)
        for confirmed in (True, False)
        for of in (best_overall_response, objective_response, disease_control)
    ]
    alone.append(progression(seen(), REFERENCE, policy=policy))
    mixed = seen().sample(fraction=1, shuffle=True, seed=3)
    for together, one in zip(response_parameters(mixed, REFERENCE, policy=policy), alone, strict=True):
        assert together.equals(one)


def test_every_subject_has_a_row_for_each_evaluator():
    best = response_parameters(seen(), REFERENCE)[0]
    assert best.select("USUBJID", "EVAL", "AVALC", "SRCROW").rows() == [
        ("1", "CENTRAL", "PR", 1), ("1", "INVESTIGATOR", "SD", 4), ("2", "CENTRAL", "NE", 6),
        ("2", "INVESTIGATOR", "MISSING", None), ("3", "CENTRAL", "SD", 8), ("3", "INVESTIGATOR", "PD", 10),
        ("4", "CENTRAL", "MISSING", None), ("4", "INVESTIGATOR", "MISSING", None),
    ]  # fmt: skip


def lesions() -> pl.DataFrame:
    """A lesion in two parts beside its whole, and a target and a non-target lesion, in three subjects each."""
    rows = []
    for who in ("2", "3", "1"):
        for month in (1, 3, 5):
            size = 30.0 - 4 * month
            names = ("T01", "T02") if month == 1 else ("T01", "T01.1", "T01.2", "T02")
            rows += [(who, name, "TARGET", day(month), month, size, None) for name in names]
            rows.append((who, "NT01", "NON-TARGET", day(month, 2), month, None, "PRESENT"))
    columns = ["USUBJID", "LESIONID", "GROUP", "ADT", "VISITNUM", "AVAL", "AVALC"]
    frame = pl.DataFrame(rows, schema=columns, orient="row").with_row_index("SRCROW", offset=1)
    return frame.with_columns(EVAL=pl.lit("CENTRAL"), SRCDOM=pl.lit("TR"), NODAL=pl.lit(value=False))


@pytest.mark.parametrize("seed", [1, 2])
def test_findings_and_time_points_stand_in_one_order_whatever_that_of_the_rows(seed):
    given, mixed = lesions(), lesions().sample(fraction=1, shuffle=True, seed=seed)
    found = lesion_findings(with_scan_sets(given)).filter(RULE="lesion-beside-its-parts")
    assert found["ROW"].to_list() == sorted(found["ROW"])
    assert found.height == 6
    again = lesion_findings(with_scan_sets(mixed)).filter(RULE="lesion-beside-its-parts")
    assert again.equals(found)
    assert assess_lesions(mixed).equals(assess_lesions(given))
    assert assess_lesions(given)["USUBJID"].to_list() == ["1", "1", "2", "2", "3", "3"]
