"""Doses by how often they are given, rests that are planned, treatments in several spellings."""

import datetime as dt

import polars as pl
import pytest

from codon12.records import Study
from codon12.safety import dose_changes, exposure

SUBJECT = pl.DataFrame({"USUBJID": ["1"], "TRTSDT": [dt.date(2024, 1, 1)], "TRTEDT": [dt.date(2024, 3, 31)]})


def records(*rows, **more):
    names = ("EXTRT", "EXDOSE", "EXSTDTC", "EXENDTC")
    frame = pl.DataFrame(rows, schema=dict(zip(names, (pl.String, pl.Float64, pl.String, pl.String), strict=True)),
                         orient="row")  # fmt: skip
    return frame.with_columns(USUBJID=pl.lit("1"), **{k: pl.lit(v, pl.String) for k, v in more.items()})


@pytest.mark.parametrize(
    ("frequency", "doses"),
    [("QD", 22), ("BID", 44), ("twice  daily", 44), ("TID", 66), ("QW", 4), ("Q3W", 2), ("QOD", 11), (None, 22),
     ("PRN", 22), ("ONCE", 1)],
)  # fmt: skip
def test_the_cumulative_dose_counts_every_administration(frequency, doses):
    ex = records(("A", 100.0, "2024-01-01", "2024-01-22"), EXDOSFRQ=frequency)
    assert exposure(ex, SUBJECT)["CUMDOSE"].to_list() == [100.0 * doses]


CYCLES = [("A", 125.0, "2024-01-01", "2024-01-21"), ("A", 125.0, "2024-01-29", "2024-02-18")]


@pytest.mark.parametrize(
    ("regimen", "interruptions"),
    [
        ("3 WEEKS ON, 1 WEEK OFF", 0),
        ("21 days on / 7 days off", 0),
        ("three weeks on and one week off", 0),
        ("26 days on, 2 days off", 1),
        (None, 1),
    ],
)
def test_a_rest_that_the_regimen_plans_is_no_interruption(regimen, interruptions):
    changes = dose_changes(records(*CYCLES, EXDOSRGM=regimen))
    assert changes.filter(CHANGE="INTERRUPTED").height == interruptions


def test_a_rest_longer_than_planned_is_one():
    late = [CYCLES[0], ("A", 125.0, "2024-01-30", "2024-02-18")]
    assert dose_changes(records(*late, EXDOSRGM="3 WEEKS ON, 1 WEEK OFF"))["CHANGE"].to_list() == ["INTERRUPTED"]


def test_a_treatment_in_two_spellings_is_one():
    ex = records(("Drug A", 100.0, "2024-01-01", "2024-01-10"), ("DRUG  A", 50.0, "2024-01-11", "2024-01-20"))
    assert dose_changes(ex)["CHANGE"].to_list() == ["REDUCED"]


@pytest.mark.parametrize(
    ("days", "frequency", "told"),
    [((1, 22), "QD", 1), ((1,), "BID", 1), ((1, 2, 3, 4, 9), "QD", 0), ((1, 22), "Q3W", 0), ((1, 22), "", 0)],
)
def test_daily_doses_of_which_no_record_has_an_end_are_told(tmp_path, days, frequency, told):
    (tmp_path / "dm.csv").write_text("USUBJID,ARM\n1,A\n")
    rows = "".join(f"1,A,1,{frequency},2024-01-{d:02d}\n" for d in days)
    (tmp_path / "ex.csv").write_text("USUBJID,EXTRT,EXDOSE,EXDOSFRQ,EXSTDTC\n" + rows)
    assert Study.open(tmp_path).findings.filter(RULE="daily-doses-without-end").height == told


@pytest.mark.parametrize(
    ("first", "second", "change"),
    [
        ((400, "BID"), (400, "QD"), "REDUCED"),  # a day's dose counts
        ((400, "BID"), (800, "QD"), None),
        ((240, "QD"), (120, "twice daily"), None),
        ((100, "QD"), (100, "QOD"), "REDUCED"),
        ((100, "QD"), (100, "TID"), "INCREASED"),
        ((200, "Q3W"), (400, "Q6W"), "INCREASED"),  # further apart: one administration
        ((400, "BID"), (200, ""), "REDUCED"),
    ],
)
def test_daily_doses_are_compared_by_the_day(first, second, change):
    rows = pl.DataFrame({"USUBJID": "1", "EXDOSE": [first[0], second[0]], "EXDOSFRQ": [first[1], second[1]],
                         "EXSTDTC": ["2024-01-01", "2024-02-01"], "EXENDTC": ["2024-01-31", "2024-02-29"]})  # fmt: skip
    assert dose_changes(rows)["CHANGE"].to_list() == ([change] if change else [])


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (1, 0, 3, 2), (3, 2, 1, 0)])
@pytest.mark.parametrize(("last", "changes"), [(20, []), (10, ["REDUCED"])])
def test_two_strengths_of_one_span_are_one_dose(order, last, changes):
    rows = pl.DataFrame({"USUBJID": "1", "EXDOSE": [40, 20, 40, last], "SRCROW": [1, 2, 3, 4],
                         "EXSTDTC": ["2024-01-01"] * 2 + ["2024-02-01"] * 2,
                         "EXENDTC": ["2024-01-31"] * 2 + ["2024-02-29"] * 2})  # fmt: skip
    rows = rows[list(order)].with_columns(SRCROW=pl.Series(range(1, 5)))
    assert dose_changes(rows)["CHANGE"].to_list() == changes
