"""The day of a first dose whose date is partial."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from codon12.records.domains.exposure import first_and_last_dose


@pytest.mark.parametrize(
    ("collected", "told", "day", "flag"),
    [
        ("2021-01", "2021-01-04", dt.date(2021, 1, 4), None),
        ("2021", "2021-01-04T09:00", dt.date(2021, 1, 4), None),
        ("2021-01", "2021-02-01", dt.date(2021, 1, 1), "D"),
        ("2021-01", "2021-01", dt.date(2021, 1, 1), "D"),
        ("2021-01", None, dt.date(2021, 1, 1), "D"),
        ("2021-01-05", "2021-01-04", dt.date(2021, 1, 5), None),
    ],
)
def test_dm_gives_the_day_where_it_may_be(collected, told, day, flag):
    dm = pl.DataFrame({"USUBJID": ["1"], "RFXSTDTC": [told]}, schema_overrides={"RFXSTDTC": pl.String})
    ex = pl.DataFrame({"USUBJID": ["1"], "EXDOSE": [1.0], "EXSTDTC": [collected], "EXENDTC": ["2021-06-01"]})
    assert first_and_last_dose(dm, ex).select("TRTSDT", "TRTSDTF").row(0) == (day, flag)
