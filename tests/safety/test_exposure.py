"""Exposure and dose changes."""

import datetime as dt

import polars as pl
import pytest

from codon12.errors import UsageError
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
