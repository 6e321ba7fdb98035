"""Treatment-emergent flag: each case of the rule, and the field's open cases."""

import csv
import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from codon12.errors import UsageError
from codon12.safety import SafetyPolicy, adverse_events, treatment_emergent

pytestmark = pytest.mark.requirement("R-SAFE-02")

SHARED = Path(__file__).resolve().parents[3] / "shared"
FIRST, LAST = dt.date(2020, 1, 10), dt.date(2020, 3, 1)


def flag(start, end=None, *, policy=None, first=FIRST, initial=None, grade=None):
    frame = pl.DataFrame(
        {
            "ASTDT": [start],
            "AENDT": [end],
            "TRTSDT": [first],
            "TRTEDT": [LAST],
            "AEITOXGR": [initial],
            "ATOXGR": [grade],
        },
        schema_overrides={"ASTDT": pl.Date, "AENDT": pl.Date, "TRTSDT": pl.Date},
    )
    return treatment_emergent(frame, policy=policy)["TRTEMFL"].item()


def test_began_on_the_day_of_the_first_dose():
    assert flag(FIRST) == "Y"


def test_not_treated_is_blank():
    assert flag(FIRST, first=None) is None


def test_ended_before_the_first_dose_is_blank_even_if_the_start_is_unknown():
    assert flag(None, dt.date(2020, 1, 9)) is None


def test_unknown_start_counts():
    assert flag(None) == "Y"


@pytest.mark.parametrize(("initial", "grade", "expected"), [(1, 2, "Y"), (2, 2, None), (None, 2, "Y"), (1, None, "Y")])
def test_worsening_of_an_earlier_event(initial, grade, expected):
    assert flag(dt.date(2020, 1, 1), initial=initial, grade=grade) == expected
    assert flag(dt.date(2020, 1, 1), initial=initial, grade=grade, policy=SafetyPolicy(worsening=False)) is None


def test_window_after_the_last_dose():
    policy = SafetyPolicy(end_window=30)
    assert flag(LAST + dt.timedelta(30), policy=policy) == "Y"
    assert flag(LAST + dt.timedelta(31), policy=policy) is None
    assert flag(LAST + dt.timedelta(31)) == "Y"


def test_episode_keeps_the_flag_once_it_has_worsened_on_treatment():
    frame = pl.DataFrame(
        {
            "USUBJID": ["1"] * 4,
            "AEGRPID": ["g"] * 4,
            "ASTDT": [dt.date(2020, 1, 1), dt.date(2020, 1, 12), dt.date(2020, 1, 20), dt.date(2020, 1, 25)],
            "AENDT": [None] * 4,
            "TRTSDT": [FIRST] * 4,
            "TRTEDT": [LAST] * 4,
            "ATOXGR": [2, 2, 3, 1],
        },
        schema_overrides={"AENDT": pl.Date},
    )
    assert treatment_emergent(frame, group="AEGRPID")["TRTEMFL"].to_list() == [None, None, "Y", "Y"]
    shuffled = frame[[3, 1, 0, 2]]
    assert treatment_emergent(shuffled, group="AEGRPID")["TRTEMFL"].to_list() == ["Y", None, None, "Y"]


def test_text_dates_are_refused_with_the_column_named():
    frame = pl.DataFrame({"ASTDT": ["2020-01-01"], "AENDT": [None], "TRTSDT": [FIRST], "TRTEDT": [LAST]})
    with pytest.raises(UsageError, match="ASTDT must hold dates"):
        treatment_emergent(frame)


def test_an_episode_that_begins_on_the_day_of_the_first_dose_is_new():
    start, before, later = dt.date(2020, 1, 5), dt.date(2020, 1, 4), dt.date(2020, 2, 1)
    frame = pl.DataFrame(
        {
            "USUBJID": ["1"] * 4,
            "AEGRPID": ["on the day", "on the day", "before", "before"],
            "ASTDT": [start, later, before, later],
            "AENDT": [None] * 4,
            "TRTSDT": [start] * 4,
            "TRTEDT": [dt.date(2020, 3, 1)] * 4,
            "ATOXGR": [1, 1, 1, 1],
        },
        schema_overrides={"AENDT": pl.Date},
    )
    assert treatment_emergent(frame, group="AEGRPID")["TRTEMFL"].to_list() == ["Y", "Y", None, None]


def test_an_earlier_episode_that_worsens_on_the_day_of_the_first_dose_is_emergent_from_then():
    start = dt.date(2020, 1, 5)
    frame = pl.DataFrame(
        {
            "USUBJID": ["1"] * 2,
            "AEGRPID": ["a"] * 2,
            "ASTDT": [dt.date(2020, 1, 4), start],
            "AENDT": [None] * 2,
            "TRTSDT": [start] * 2,
            "TRTEDT": [dt.date(2020, 3, 1)] * 2,
            "ATOXGR": [1, 2],
        },
        schema_overrides={"AENDT": pl.Date},
    )
    assert treatment_emergent(frame, group="AEGRPID")["TRTEMFL"].to_list() == [None, "Y"]


def test_empty_frame_keeps_its_shape():
    frame = pl.DataFrame(schema={"ASTDT": pl.Date, "AENDT": pl.Date, "TRTSDT": pl.Date, "TRTEDT": pl.Date})
    assert treatment_emergent(frame).columns == [*frame.columns, "TRTEMFL"]


CASES = SHARED / "cases" / "tte" / "teae_cases.csv"


@pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not beside the checkout")
def test_the_open_cases():
    with CASES.open() as file:
        rows = list(csv.DictReader(file))
    for rule in {r["rule"] for r in rows}:
        policy = SafetyPolicy(
            end_window=10 if "10 days" in rule else None,
            ignore_time_at_end="time considered" not in rule,
            worsening="no worsening" not in rule,
        )
        mine = [r for r in rows if r["rule"] == rule]
        text = pl.DataFrame(
            {
                name: [r[key] or None for r in mine]
                for name, key in (
                    ("ASTDT", "ae_start"),
                    ("AENDT", "ae_end"),
                    ("TRTSDT", "trt_start"),
                    ("TRTEDT", "trt_end"),
                    ("AEITOXGR", "initial_grade"),
                    ("ATOXGR", "grade"),
                )
            },
            schema_overrides=dict.fromkeys(("ASTDT", "AENDT", "TRTSDT", "TRTEDT"), pl.String),
        )
        frame = text.with_columns(
            pl.col("ASTDT", "AENDT", "TRTSDT", "TRTEDT").str.to_datetime("%Y-%m-%dT%H:%M"),
        )
        got = treatment_emergent(frame, policy=policy)["TRTEMFL"].to_list()
        assert got == [r["expected_trtemfl"] or None for r in mine], rule


@pytest.mark.parametrize(
    ("start", "end", "flag"),
    [("2024-02-01", "2024-01-01", "Y"), ("2024-01", "2024-01-09", None), ("2024-01-02", "2024-01-05", None)],
)
def test_an_end_before_a_whole_start_takes_no_event_out(start, end, flag):
    ae = pl.DataFrame({"USUBJID": ["1"], "AESTDTC": [start], "AEENDTC": [end], "AETOXGR": ["4"]})
    adsl = pl.DataFrame({"USUBJID": ["1"], "TRTSDT": [dt.date(2024, 1, 10)], "TRTEDT": [dt.date(2024, 3, 10)]})
    assert adverse_events(ae, adsl)["TRTEMFL"].to_list() == [flag]
