import calendar
import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.errors import UsageError
from codon12.records import date_flag, dtc_state, parse_dtc

pytestmark = pytest.mark.requirement("R-READ-03")


def one(text, **options):
    return pl.DataFrame({"X": [text]}, schema={"X": pl.String}).select(parse_dtc("X", **options)).item()


@pytest.mark.parametrize(
    ("text", "none", "first", "last", "flag", "state"),
    [
        ("2014-07-02", (2014, 7, 2), (2014, 7, 2), (2014, 7, 2), None, "complete"),
        ("2014-07-02T11:45", (2014, 7, 2), (2014, 7, 2), (2014, 7, 2), None, "complete"),
        ("2014-07-02T11:45:30+02:00", (2014, 7, 2), (2014, 7, 2), (2014, 7, 2), None, "complete"),
        ("2014-07-02 11:45", (2014, 7, 2), (2014, 7, 2), (2014, 7, 2), None, "complete"),
        ("2014-02", None, (2014, 2, 1), (2014, 2, 28), "D", "partial"),
        ("2016-02", None, (2016, 2, 1), (2016, 2, 29), "D", "partial"),
        ("2014-02-UN", None, (2014, 2, 1), (2014, 2, 28), "D", "partial"),
        ("2014", None, (2014, 1, 1), (2014, 12, 31), "M", "partial"),
        ("2014-02--", None, (2014, 2, 1), (2014, 2, 28), "D", "partial"),
        ("2014-UN-15", None, (2014, 1, 1), (2014, 12, 31), "M", "partial"),
        ("2014-07-02T--", (2014, 7, 2), (2014, 7, 2), (2014, 7, 2), None, "complete"),
        ("2014T10", None, None, None, None, "impossible"),
        ("2014-13-UN", None, None, None, None, "impossible"),
        ("2014---15", None, (2014, 1, 1), (2014, 12, 31), "M", "partial"),
        ("2021-13-40", None, None, None, None, "impossible"),
        ("2014-02-30", None, None, None, None, "impossible"),
        ("2015-02-29", None, None, None, None, "impossible"),
        ("2014-13", None, None, None, None, "impossible"),
        ("2014-00", None, None, None, None, "impossible"),
        ("2014-2-3", None, None, None, None, "impossible"),
        ("02/07/2014", None, None, None, None, "impossible"),
        ("20140702", None, None, None, None, "impossible"),
        ("0214-07-02", None, None, None, None, "impossible"),
        ("2014-07-02x", None, None, None, None, "impossible"),
        ("=cmd()", None, None, None, None, "impossible"),
        (None, None, None, None, None, None),
    ],
)
def test_a_date_as_collected(text, none, first, last, flag, state):
    frame = pl.DataFrame({"X": [text]}, schema={"X": pl.String})
    dates = [one(text), one(text, impute="first"), one(text, impute="last")]
    assert dates == [dt.date(*d) if d else None for d in (none, first, last)]
    assert frame.select(date_flag("X")).item() == flag
    assert frame.select(dtc_state("X")).item() == state


def test_the_column_keeps_its_name_and_an_expression_works():
    frame = pl.DataFrame({"TRDTC": ["2014-02"]})
    assert frame.select(parse_dtc(pl.col("TRDTC").str.strip_chars(), impute="last")).columns == ["TRDTC"]


def test_an_unknown_rule_is_refused():
    with pytest.raises(UsageError, match="'none', 'first' or 'last'"):
        parse_dtc("X", impute="middle")


@settings(deadline=None)
@given(st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)))
def test_what_a_partial_date_may_mean_contains_the_day(day):
    """Law: first <= day <= last for every truncation of a day, and the whole day is itself."""
    text = day.isoformat()
    assert one(text) == one(text, impute="first") == one(text, impute="last") == day
    for cut in (7, 4):
        assert one(text[:cut]) is None
        first, last = one(text[:cut], impute="first"), one(text[:cut], impute="last")
        assert first <= day <= last
    assert one(text[:7], impute="last").day == calendar.monthrange(day.year, day.month)[1]


@settings(deadline=None)
@given(st.text(max_size=20))
def test_no_text_raises(text):
    frame = pl.DataFrame({"X": [text]})
    assert frame.select(dtc_state("X")).item() in {"complete", "partial", "impossible"}
