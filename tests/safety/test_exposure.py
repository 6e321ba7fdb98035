"""Exposure and dose changes."""

import datetime as dt

import polars as pl
import pytest

from codon12.derive import derive
from codon12.errors import UsageError
from codon12.records import Study
from codon12.safety import dose_changes, exposure

pytestmark = pytest.mark.requirement("R-SAFE-03")

EX = pl.DataFrame(
    {
        "USUBJID": ["1", "1", "1", "1", "2"],
        "EXTRT": ["DRUG"] * 5,
        "EXDOSE": [960.0, 0.0, 480.0, 960.0, 960.0],
        "EXSTDTC": ["2020-01-01", "2020-02-01", "2020-02-08", "2020-03-11", "2020-01-01"],
        "EXENDTC": ["2020-01-31", "2020-02-07", "2020-03-01", "2020-03-31", "2020-01-10"],
        "SRCROW": [1, 2, 3, 4, 5],
    }
)
ADSL = pl.DataFrame(
    {
        "USUBJID": ["2", "1", "3"],
        "TRTSDT": [dt.date(2020, 1, 1), dt.date(2020, 1, 1), None],
        "TRTEDT": [dt.date(2020, 1, 10), dt.date(2020, 3, 31), None],
    }
)


def test_interruption_reduction_gap_and_increase_in_order_of_time():
    got = dose_changes(EX).select("ADT", "CHANGE", "FROM", "TO", "SRCROW").rows()
    assert got == [
        (dt.date(2020, 2, 1), "INTERRUPTED", 960.0, 0.0, 2),
        (dt.date(2020, 2, 8), "REDUCED", 960.0, 480.0, 3),
        (dt.date(2020, 3, 2), "INTERRUPTED", 480.0, None, 4),
        (dt.date(2020, 3, 11), "INCREASED", 480.0, 960.0, 4),
    ]


@pytest.mark.parametrize(
    ("rows", "n"),
    [
        ((("01", "10", 1), ("11", "15", 0), ("18", "20", 1)), 1),  # dose 0, then a gap
        ((("01", "10", 1), ("13", "15", 0), ("18", "20", 1)), 1),  # a gap, dose 0, a gap
        ((("01", "10", 1), ("11", "12", 0), ("13", "15", 0), ("18", "20", 1)), 1),
        ((("01", "05", 0), ("10", "20", 1)), 0),  # before the first dose
        ((("01", "10", 1), ("04", "05", 0), ("18", "20", 1)), 2),  # within a record, and a gap
    ],
)
def test_time_without_a_dose_is_one_interruption_however_it_is_recorded(rows, n):
    start, end, dose = zip(*rows, strict=True)
    days = {"EXSTDTC": [f"2020-01-{d}" for d in start], "EXENDTC": [f"2020-01-{d}" for d in end]}
    found = dose_changes(pl.DataFrame({"USUBJID": "1", "EXDOSE": dose, **days}))
    assert found.filter(CHANGE="INTERRUPTED").height == n


def test_one_row_a_subject_in_the_order_given():
    got = exposure(EX, ADSL)
    assert got["USUBJID"].to_list() == ["2", "1", "3"]
    assert got["TRTDURD"].to_list() == [10, 91, None]
    assert got["N_RECORDS"].to_list() == [1, 4, 0]
    assert got["N_REDUCED"].to_list() == [0, 1, 0]
    assert got["N_INTERRUPTED"].to_list() == [0, 2, 0]
    assert got["CUMDOSE"].to_list() == [9600.0, 960 * 31 + 480 * 23 + 960 * 21, None]


def test_row_order_does_not_matter():
    assert dose_changes(EX[::-1]).equals(dose_changes(EX))


def test_no_dose_column_gives_no_dose_changes_but_a_duration():
    got = exposure(EX.drop("EXDOSE"), ADSL)
    assert got["TRTDURD"].to_list() == [10, 91, None]
    assert got["N_REDUCED"].to_list() == [0, 0, 0]


def test_missing_column_is_named():
    with pytest.raises(UsageError, match="EXSTDTC"):
        exposure(EX.drop("EXSTDTC"), ADSL)


def records(*rows):
    """EX of one subject and treatment: start, end, dose, unit and frequency of each record."""
    names = ("EXSTDTC", "EXENDTC", "EXDOSE", "EXDOSU", "EXDOSFRQ")
    kinds = {n: pl.Float64 if n == "EXDOSE" else pl.String for n in names}
    return pl.DataFrame(rows, schema=kinds, orient="row").with_columns(USUBJID=pl.lit("1"), EXTRT=pl.lit("X"))


INFUSIONS = ("2020-01-01", "2020-01-22", "2020-02-12", "2020-04-01")


@pytest.mark.parametrize("frequency", ["Q3W", "EVERY 3 WEEKS", None, "ONCE"])
def test_a_cycle_is_no_interruption_and_a_cycle_left_out_is_one(frequency):
    ex = records(*((day, day, 75.0, "mg/m2", frequency) for day in INFUSIONS))
    assert dose_changes(ex).select("CHANGE", "ADT").rows() == [("INTERRUPTED", dt.date(2020, 2, 13))]
    assert dose_changes(ex.head(3)).is_empty()


def test_a_day_left_out_is_an_interruption_where_the_dose_is_daily():
    days = [("2020-01-01", "2020-01-20"), ("2020-01-21", "2020-01-30"), ("2020-02-01", "2020-02-03")]
    assert dose_changes(records(*((a, b, 960.0, "mg", "QD") for a, b in days)))["ADT"].to_list() == [
        dt.date(2020, 1, 31)
    ]


@pytest.mark.parametrize(
    ("first", "second", "change"),
    [
        ((960.0, "mg"), (0.96, "g"), []),
        ((960.0, "mg"), (0.48, "g"), ["REDUCED"]),
        ((8.0, "mg/kg"), (6.0, "mg/kg"), ["REDUCED"]),
        ((8.0, "mg/kg"), (560.0, "mg"), []),
        ((560.0, "mg"), (8.0, None), []),
        ((2.0, "TABLET"), (1.0, "TABLET"), ["REDUCED"]),
    ],
)
def test_doses_are_compared_in_one_unit(first, second, change):
    ex = records(("2020-01-01", "2020-01-20", *first, "QD"), ("2020-01-21", "2020-01-30", *second, "QD"))
    assert dose_changes(ex)["CHANGE"].to_list() == change


def test_doses_in_units_of_two_kinds_are_not_added():
    mixed = (("2020-01-01", "2020-01-02", 8.0, "mg/kg", "QD"), ("2020-01-03", "2020-01-03", 0.5, "g", "QD"))
    assert exposure(records(*mixed), ADSL)["CUMDOSE"].to_list() == [None] * 3
    assert exposure(records(mixed[1]), ADSL)["CUMDOSE"].to_list() == [None, 500.0, None]


def test_a_day_counts_once_however_many_records_have_it():
    ex = records(
        ("2020-01-01", "2020-01-10", 100.0, "mg", "QD"),
        ("2020-01-01", "2020-01-10", 100.0, "mg", "QD"),
        ("2020-01-05", "2020-01-12", 100.0, "mg", "QD"),
        ("2020-02-09", "2020-02-04", 100.0, "mg", "QD"),
    )
    assert exposure(ex, ADSL)["DOSEDAYS"].to_list() == [None, 13, None]


def test_a_given_adex_is_said_not_to_be_read(tmp_path):
    (tmp_path / "adsl.csv").write_text("STUDYID,USUBJID,TRT01A,TRTSDT,DTHFL\nS,1,X,2024-01-10,N\n")
    (tmp_path / "adex.csv").write_text("STUDYID,USUBJID,PARAMCD,AVAL\nS,1,TDURD,120\n")
    found = derive(Study.open(tmp_path)).frames["findings"]
    assert found.filter(RULE="exposure-not-read").select("TABLE", "SEVERITY").rows() == [("ADEX", "warning")]
