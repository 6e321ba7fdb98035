"""What is said of each visit, as a table of groups says it."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from codon12.response.runs import Runs

BY = ["_k", "_visit"]
ROWS = pl.DataFrame(
    {
        "_k": [0, 0, 0, 1, 1, 2],
        "_visit": [1.0, 1.0, 2.5, 1.0, 1.0, None],
        "ADT": [dt.date(2024, 1, 3), dt.date(2024, 1, 1), None, None, dt.date(1969, 5, 1), dt.date(2024, 1, 9)],
        "VISITNUM": [1.5, None, None, float("nan"), 2.0, 3.0],
        "VISIT": ["B", "A", None, "C", "C", "D"],
        "SRCDOM": ["TR", "TQ", "TR", "TR", None, "TR"],
        "SRCROW": [7, 3, None, 2, 1, 9],
        "SRCSEQ": [70, 30, 40, 20, 10, 90],
        "um": [5, 6, None, None, None, 4],
        "bit": [1, 2, None, 4, 4, 1],
        "up": [True, None, None, False, False, True],
        "rank": [0, 1, 0, 1, 1, 0],
    },
    schema_overrides={"_k": pl.UInt32, "rank": pl.Int8, "SRCROW": pl.UInt32},
)


@pytest.fixture(params=["as they stand", "mixed"])
def runs(request: pytest.FixtureRequest) -> Runs:
    rows = ROWS if request.param == "as they stand" else ROWS.sample(fraction=1, shuffle=True, seed=2)
    return Runs.of(rows, BY)


def test_each_visit_is_a_run(runs: Runs) -> None:
    assert runs.keys.rows() == [(0, 1.0), (0, 2.5), (1, 1.0), (2, None)]
    assert runs.number.tolist() == [0, 0, 1, 2, 2, 3]


@pytest.mark.parametrize("column", ["ADT", "VISIT", "SRCDOM", "um", "rank"])
def test_ends_are_those_of_groups(runs: Runs, column: str) -> None:
    wanted = ROWS.group_by(BY).agg(low=pl.col(column).min(), high=pl.col(column).max()).sort(BY, nulls_last=True)
    assert runs.lowest(column).rename("low").equals(wanted["low"], check_dtypes=True)
    assert runs.highest(column).rename("high").equals(wanted["high"], check_dtypes=True)


def test_a_number_that_is_none_is_not_the_lowest(runs: Runs) -> None:
    assert runs.lowest("VISITNUM").to_list() == [1.5, None, 2.0, 3.0]


def test_sums_bits_and_flags(runs: Runs) -> None:
    assert runs.total("um").to_list() == [11, 0, 0, 4]
    assert runs.bits("bit").to_list() == [3, 0, 4, 1]
    assert runs.any("up").to_list() == [True, False, False, True]


def test_the_source_is_that_of_one_row(runs: Runs) -> None:
    source = {column.name: column.to_list() for column in runs.source()}
    assert source == {"SRCDOM": ["TQ", "TR", "TR", "TR"], "SRCROW": [3, None, 1, 9], "SRCSEQ": [30, None, 10, 90]}
    assert runs.source("rank")[1].to_list() == [7, None, 1, 9]


def test_no_rows_are_no_runs() -> None:
    none = Runs.of(ROWS.clear(), BY)
    assert none.keys.is_empty()
    assert none.lowest("ADT").to_list() == none.total("um").to_list() == none.any("up").to_list() == []
    assert all(column.is_empty() for column in none.source("rank"))


def test_a_visit_number_beyond_all_does_not_reach_into_the_next_subject() -> None:
    rows = pl.DataFrame({"_k": [0, 1, 0], "_visit": [2.0**33, 1.0, 1.0]}, schema_overrides={"_k": pl.UInt32})
    assert Runs.of(rows, BY).keys.rows() == [(0, 1.0), (0, 2.0**33), (1, 1.0)]
