"""ADTTE as given: evaluators in names of parameters, rows that say a thing twice, times that cannot be read."""

import polars as pl
import pytest

from codon12 import assemble
from codon12.derive.adtte import given_times
from codon12.records import Study


def adtte(*rows):
    names = ("USUBJID", "PARAMCD", "AVAL", "AVALU", "CNSR")
    frame = pl.DataFrame(rows, schema=dict(zip(names, (pl.String, pl.String, pl.Float64, pl.String, pl.Float64),
                                               strict=True)), orient="row")  # fmt: skip
    return frame.with_columns(pl.int_range(1, frame.height + 1, dtype=pl.Int64).alias("SRCROW"))


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("PFSINV", ("PFS", "INVESTIGATOR")),
        ("PFSIRC", ("PFS", "CENTRAL")),
        ("PFSBICR", ("PFS", "CENTRAL")),
        ("DORINV", ("DOR", "INVESTIGATOR")),
        ("RSD", ("DOR", None)),
        ("OS", ("OS", None)),
        ("PFS", ("PFS", None)),
    ],
)
def test_who_read_the_scans(name, wanted):
    times, _ = given_times(adtte(("1", name, 10.0, "DAYS", 0.0)))
    assert times.select("PARAMCD", "EVAL").row(0) == wanted


def test_a_row_given_twice_counts_once():
    times, found = given_times(adtte(("1", "OS", 10.0, "DAYS", 0.0), ("1", "OS", 10.0, "DAYS", 0.0)))
    assert times.height == 1
    assert found.select("RULE", "ROW", "SEVERITY").rows() == [("time-repeated", 2, "warning")]


def test_one_time_in_two_units_is_given_twice():
    _, found = given_times(adtte(("1", "OS", 10.0, "WEEKS", 1.0), ("1", "os", 70.0, "DAYS", 1.0)))
    assert found["RULE"].to_list() == ["time-repeated"]


def test_of_rows_that_differ_the_earliest_event_counts():
    rows = [("1", "OS", 30.0, "DAYS", 1.0), ("1", "OS", 20.0, "DAYS", 0.0), ("1", "OS", 10.0, "DAYS", 1.0)]
    for order in (rows, rows[::-1]):
        times, found = given_times(adtte(*order))
        assert times.select("AVAL", "CNSR").rows() == [(20.0, 0)]
        assert found["RULE"].to_list() == ["times-disagree"] * 2
        assert found["SEVERITY"].unique().to_list() == ["error"]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (("1", None, 10.0, "DAYS", 0.0), "time-without-parameter"),
        (("1", "OS", None, "DAYS", 0.0), "time-not-read"),
        (("1", "OS", 10.0, "CYCLES", 0.0), "time-not-read"),
        (("1", "OS", 10.0, "DAYS", None), "censoring-missing"),
        (("1", "OS", 10.0, "DAYS", -1.0), "censoring-missing"),
    ],
)
def test_rows_that_cannot_be_read_are_named(row, rule):
    times, found = given_times(adtte(row))
    assert times.is_empty()
    assert found.select("RULE", "ROW", "USUBJID").rows() == [(rule, 1, "1")]


def test_two_evaluators_of_one_endpoint_are_two(tmp_path):
    head = "STUDYID,USUBJID,PARAMCD,AVAL,AVALU,CNSR\n"
    (tmp_path / "adsl.csv").write_text("STUDYID,USUBJID,TRT01A,SAFFL\nS,1,X,Y\nS,2,X,Y\n")
    (tmp_path / "adtte.csv").write_text(
        head + "S,1,PFSINV,10,DAYS,0\nS,2,PFSINV,20,DAYS,1\nS,1,PFSIRC,15,DAYS,1\nS,2,PFSIRC,20,DAYS,1\n"
    )
    numbers = assemble(Study.open(tmp_path)).numbers
    events = numbers.filter(pl.col("id").str.starts_with("pfs.events"))
    assert dict(zip(events["id"], events.select("n", "N").rows(), strict=True)) == {
        "pfs.events.central.all": (0, 2),
        "pfs.events.investigator.all": (1, 2),
    }
