"""Flags: which words are Y and N, and what is told of others."""

import polars as pl
import pytest

from codon12.records import Study
from codon12.records.columns.flags import read_flags
from codon12.safety import adverse_events


def flags(*words, name="SAFFL", table="ADSL"):
    frame = pl.DataFrame({name: words}, schema={name: pl.String}).with_row_index("SRCROW", offset=1)
    read, found = read_flags(frame, table=table, file="x.csv")
    return read[name].to_list(), found.select("RULE", "ROW").rows()


@pytest.mark.parametrize(
    ("word", "read"),
    [("Yes", "Y"), ("1", "Y"), ("1.0", "Y"), ("true", "Y"), ("y ", "Y"), ("no", "N"), ("0", "N"), ("False", "N")],
)
def test_words_that_mean_yes_and_no(word, read):
    assert flags("Y", word) == (["Y", read], [("flag-word", 2)])


def test_controlled_words_are_not_told():
    assert flags("Y", "N", None) == (["Y", "N", None], [])


def test_another_word_is_missing_and_told_in_every_row():
    assert flags("maybe", "Y", "X") == ([None, "Y", None], [("flag-unknown", 1), ("flag-unknown", 3)])


def test_the_first_row_of_each_word_is_told():
    assert flags("yes", "Y", "yes", "Yes")[1] == [("flag-word", 1), ("flag-word", 4)]


def test_a_column_of_numbers_is_no_flag():
    assert flags("1", "12.3", name="NFL") == (["1", "12.3"], [])


def test_the_flag_of_death_in_dm_has_its_own_rule():
    assert flags("maybe", name="DTHFL", table="DM") == (["maybe"], [])


def test_populations_and_emergence_of_a_study_whose_flags_are_words(tmp_path):
    (tmp_path / "adsl.csv").write_text(
        "USUBJID,TRT01A,TRTSDT,SAFFL\n1,A,2024-01-01,Yes\n2,A,2024-01-01,1\n3,A,2024-01-01,no\n4,A,2024-01-01,?\n"
    )
    (tmp_path / "adae.csv").write_text(
        "USUBJID,AEDECOD,TRTEMFL,ASTDT\n1,X,Yes,2024-01-03\n1,Y,N,2024-01-03\n2,Z,maybe,2024-01-03\n"
    )
    study = Study.open(tmp_path)
    assert study.table("ADSL")["SAFFL"].to_list() == ["Y", "Y", "N", None]
    subjects = study.table("ADSL").with_columns(TRTEDT=pl.lit(None, pl.Date))
    assert adverse_events(study.table("ADAE"), subjects)["TRTEMFL"].to_list() == ["Y", None, None]
    told = study.findings.filter(pl.col("RULE").str.starts_with("flag")).select("TABLE", "ROW", "RULE").rows()
    assert told == [
        ("ADAE", 1, "flag-word"), ("ADAE", 3, "flag-unknown"), ("ADSL", 1, "flag-word"), ("ADSL", 2, "flag-word"),
        ("ADSL", 3, "flag-word"), ("ADSL", 4, "flag-unknown"),
    ]  # fmt: skip
