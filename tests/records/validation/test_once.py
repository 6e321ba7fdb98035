"""What several rules ask of the tables is found once while these are checked, and only then."""

import polars as pl
import pytest

from codon12.records.validation.rule import Checked, once

DM = pl.DataFrame({"USUBJID": ["1", "2"]})


@pytest.fixture
def subjects():
    """A question to tables, which notes how often it is asked."""

    def ask(tables):
        ask.times += 1
        return tables["DM"].height

    ask.times = 0
    return ask


def test_tables_that_are_being_checked_are_looked_at_once(subjects):
    tables = Checked({"DM": DM})
    assert [once(tables, subjects) for _ in range(3)] == [2, 2, 2]
    assert subjects.times == 1


def test_other_tables_are_looked_at_each_time(subjects):
    tables = {"DM": DM}
    assert once(tables, subjects) == 2
    tables["DM"] = DM.head(1)
    assert once(tables, subjects) == 1


def test_two_questions_and_two_sets_of_tables_are_kept_apart(subjects):
    first, second = Checked({"DM": DM}), Checked({"DM": DM.head(1)})
    assert (once(first, subjects), once(second, subjects)) == (2, 1)
    assert once(first, lambda tables: tables["DM"].columns) == ["USUBJID"]
    assert subjects.times == 2


def test_nothing_found_is_kept_too():
    asked = []
    tables = Checked({})
    assert [once(tables, asked.append) for _ in range(2)] == [None, None]
    assert len(asked) == 1
