import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.errors import UsageError
from codon12.records import Study, write_csv, write_records
from codon12.records.readers import ReadOptions, read_table


def test_csv_keeps_values_exactly_and_quotes_text(tmp_path):
    frame = pl.DataFrame({"A": ["=cmd()", None, 'a "b"\nc'], "N": [1, None, 3], "D": [dt.date(2020, 1, 2), None, None]})
    write_csv(frame, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == '"A","N","D"\n"=cmd()",1,"2020-01-02"\n,,\n"a ""b""\nc",3,\n'


cells = st.one_of(st.none(), st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=8))


@settings(deadline=None)
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
