import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.errors import UsageError
from codon12.records import Study, write_atomically, write_csv, write_records
from codon12.records.readers import ReadOptions, read_table


def test_csv_keeps_values_exactly_and_quotes_text(tmp_path):
    frame = pl.DataFrame({"A": ["=cmd()", None, 'a "b"\nc'], "N": [1, None, 3], "D": [dt.date(2020, 1, 2), None, None]})
    write_csv(frame, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == '"A","N","D"\n"=cmd()",1,"2020-01-02"\n,,\n"a ""b""\nc",3,\n'


cells = st.one_of(st.none(), st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=8))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(cells.filter(bool), cells), min_size=1, max_size=8))
def test_what_is_written_is_read_back(tmp_path_factory, rows):
    """Law: CSV written here and read here holds the same texts, whatever they are."""
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    frame = pl.DataFrame(rows, schema={"A": pl.String, "B": pl.String}, orient="row")
    write_csv(frame, path)
    back = read_table(path, ReadOptions(table="A")).frame
    assert back.select("A", "B").rows() == rows


@pytest.mark.parametrize("fmt", ["csv", "parquet"])
def test_a_study_written_is_the_same_study(tmp_path, fmt):
    dm = pl.DataFrame(
        {"USUBJID": ["1", "2"], "AGE": [63.0, None], "ARM": ["=A", None], "SRCDOM": ["DM"] * 2, "SRCROW": [1, 2]}
    )
    files = write_records({"DM": dm}, tmp_path / "s", format=fmt)
    assert [f.name for f in files] == [f"dm.{fmt}"]
    assert Study.open(tmp_path / "s").table("DM").equals(dm)


def test_table_names_are_names(tmp_path):
    with pytest.raises(UsageError, match="letters and digits"):
        write_records({"../DM": pl.DataFrame()}, tmp_path)


def test_a_run_that_fails_leaves_the_last_one(tmp_path):
    target = tmp_path / "report"
    with write_atomically(target) as out:
        Path(out, "run.json").write_text("1")
    with pytest.raises(ValueError, match="half way"), write_atomically(target) as out:  # noqa: PT012 - the block is it
        Path(out, "run.json").write_text("2")
        raise ValueError("half way")
    assert (target / "run.json").read_text() == "1"
    with write_atomically(target) as out:
        Path(out, "run.json").write_text("3")
    assert (target / "run.json").read_text() == "3"
    assert [p.name for p in tmp_path.iterdir()] == ["report"]


def test_nobodys_other_files_are_replaced(tmp_path):
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(UsageError, match="did not write"), write_atomically(tmp_path):
        pass
    assert (tmp_path / "thesis.docx").read_text() == "mine"
    with pytest.raises(UsageError, match="is a file"), write_atomically(tmp_path / "thesis.docx"):
        pass
    (tmp_path / "empty").mkdir()
    with write_atomically(tmp_path / "empty") as out:
        Path(out, "x").write_text("x")
    assert (tmp_path / "empty" / "x").is_file()
