"""Worst grades: a subject is counted once, at its worst."""

import csv
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.errors import UsageError
from codon12.safety import SafetyPolicy, adverse_events, first_worst, graded_counts, worst_grade

pytestmark = pytest.mark.requirement("R-SAFE-01")

SHARED = Path(__file__).resolve().parents[3] / "shared"

EVENTS = pl.DataFrame(
    {
        "USUBJID": ["1", "1", "1", "2", "3"],
        "AEDECOD": ["Nausea", "Nausea", "Rash", "Nausea", "Rash"],
        "ATOXGR": [1, 3, 2, None, 5],
        "SRCROW": [1, 2, 3, 4, 5],
    }
)
ARMS = pl.DataFrame({"USUBJID": ["1", "2", "3", "4"] * 2, "ARM": ["all"] * 4 + ["a", "a", "b", "b"]})


def test_worst_per_subject_and_term_with_its_source_row():
    got = worst_grade(EVENTS, by=["AEDECOD"])
    assert got.select("USUBJID", "AEDECOD", "ATOXGR", "N_EVENTS", "SRCROW").rows() == [
        ("1", "Nausea", 3, 2, 2),
        ("1", "Rash", 2, 1, 3),
        ("2", "Nausea", 0, 1, 4),
        ("3", "Rash", 5, 1, 5),
    ]


def test_counts_by_arm_show_zero_where_an_arm_has_none():
    got = graded_counts(EVENTS, ARMS, by=["AEDECOD"])
    cells = {(r["ARM"], r["AEDECOD"], r["GRADE"]): r["n"] for r in got.iter_rows(named=True)}
    assert cells["all", "Nausea", "any"] == 2
    assert cells["a", "Nausea", "3"] == 1
    assert cells["b", "Nausea", "any"] == 0
    assert cells["b", "Rash", "5"] == 1
    assert cells["b", "Rash", ">=3"] == 1


def test_no_events_still_gives_the_rows_of_the_overall_table():
    got = graded_counts(EVENTS.clear(), ARMS)
    assert got.filter(ARM="all")["n"].to_list() == [0] * 6


def test_first_of_the_worst_is_flagged_once():
    assert first_worst(EVENTS)["AOCCIFL"].to_list() == [None, "Y", None, "Y", "Y"]


def test_missing_column_is_named():
    with pytest.raises(UsageError, match="AEBODSYS"):
        worst_grade(EVENTS, by=["AEBODSYS"])


@given(st.permutations(range(5)))
@settings(deadline=None)
def test_row_order_does_not_matter(order):
    assert graded_counts(EVENTS[order], ARMS, by=["AEDECOD"]).equals(graded_counts(EVENTS, ARMS, by=["AEDECOD"]))


def test_grades_from_severity_outcome_and_text():
    ae = pl.DataFrame(
        {
            "USUBJID": ["1"] * 4,
            "AESTDTC": ["2020-01-01"] * 4,
            "AETOXGR": ["GRADE 3", None, None, "2"],
            "AESEV": [None, "MODERATE", None, None],
            "AEOUT": [None, None, None, "FATAL"],
        }
    )
    adsl = pl.DataFrame({"USUBJID": ["1"], "TRTSDT": [None], "TRTEDT": [None]}).with_columns(
        pl.col("TRTSDT", "TRTEDT").cast(pl.Date)
    )
    assert adverse_events(ae, adsl)["ATOXGR"].to_list() == [3, 2, None, 5]
    kept = adverse_events(ae, adsl, policy=SafetyPolicy(fatal_is_grade_5=False))
    assert kept["ATOXGR"].to_list() == [3, 2, None, 2]


TABLE = SHARED / "cases" / "tables" / "aet04_01.txt"


@pytest.mark.skipif(not TABLE.exists(), reason="the shared tables are not beside the checkout")
def test_worst_grade_table_of_the_open_template():
    """Every '- Any Grade -', grade-group line of the overall block, three arms (chevron, AET04)."""
    folder = SHARED / "data" / "chevron"
    with (folder / "adae.csv").open() as file:
        rows = list(csv.DictReader(file))
    adae = pl.DataFrame([{"USUBJID": r["USUBJID"], "ATOXGR": int(r["AETOXGR"])} for r in rows if r["ANL01FL"] == "Y"])
    with (folder / "adsl.csv").open() as file:
        arms = pl.DataFrame([{"USUBJID": r["USUBJID"], "ARM": r["ACTARM"]} for r in csv.DictReader(file)])
    got = {(r["GRADE"], r["ARM"][0]): r["n"] for r in graded_counts(adae, arms).iter_rows(named=True)}
    lines = TABLE.read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if "Any adverse events" in line)
    expected = {}
    for line in lines[start + 1 : start + 9]:
        head, *cells = [part.strip() for part in line.strip().split("  ") if part.strip()]
        name = {"- Any Grade -": "any", "Grade 1-2": "1-2", "3": "3", "4": "4", "Grade 5": "5"}.get(head)
        if name:
            expected |= {(name, arm): int(cell.split()[0]) for arm, cell in zip("ABC", cells, strict=True)}
    assert len(expected) == 15
    assert {k: got[k] for k in expected} == expected
