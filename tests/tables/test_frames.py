"""Results as frames of polars, pandas and Arrow."""

import datetime as dt
import sys

import polars as pl
import pytest

import codon12
from codon12.errors import UsageError
from codon12.survival import kaplan_meier

FRAME = pl.DataFrame(
    {
        "USUBJID": ["A", None],
        "N": [1, None],
        "AVAL": [0.1, None],
        "ADT": [dt.date(2021, 2, 3), None],
        "FL": [True, None],
    }
)


def test_a_result_in_polars_is_what_to_frame_gives():
    curve = kaplan_meier([5, 8, 8], [1, 1, 0])
    assert codon12.frame(curve).equals(curve.to_frame())
    assert codon12.frame(FRAME) is FRAME
    assert codon12.frame(FRAME.lazy()).equals(FRAME)


def test_in_pandas_every_value_and_every_missing_one_is_kept():
    pandas = pytest.importorskip("pandas")
    made = codon12.frame(FRAME, like="pandas")
    assert made.to_dict("list")["USUBJID"] == ["A", None]
    assert (str(made["N"].dtype), str(made["FL"].dtype)) == ("Int64", "boolean")
    assert (made["N"][0], made["AVAL"][0], made["ADT"][0]) == (1, 0.1, pandas.Timestamp("2021-02-03"))
    assert made.isna().to_numpy().sum() == 5
    assert list(made.columns) == FRAME.columns


def test_pandas_goes_in_and_comes_out():
    pandas = pytest.importorskip("pandas")
    data = pandas.DataFrame({"time": [5, 8, 8], "event": [1, 1, 0]})
    made = codon12.frame(kaplan_meier(data["time"], data["event"]), like="pandas")
    assert made["survival"].tolist() == kaplan_meier([5, 8, 8], [1, 1, 0]).to_frame()["survival"].to_list()


def test_in_arrow():
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    assert codon12.frame(FRAME, like="pyarrow").to_pydict() == FRAME.to_dict(as_series=False)


def test_what_has_no_frame_and_what_is_not_there_says_so(monkeypatch):
    with pytest.raises(UsageError, match="got list"):
        codon12.frame([1])
    with pytest.raises(UsageError, match="one of polars, pandas, pyarrow"):
        codon12.frame(FRAME, like="dask")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match="needs pyarrow"):
        codon12.frame(FRAME, like="pyarrow")
