"""A table read some rows at a time is the table that is read at once."""

from __future__ import annotations

import datetime as dt
import gzip
from pathlib import Path

import polars as pl
import pyreadstat
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from codon12.errors import Codon12Error
from codon12.records.readers import ReadOptions, read_table
from codon12.records.readers.delimited import delimited_slices, read_delimited
from codon12.records.readers.sas import statistics_slices

pytestmark = pytest.mark.requirement("R-READ-01")


def put_together(slices):
    slices = list(slices)
    left_out: dict[str, int] = {}
    for raw in slices:
        left_out |= {reason: left_out.get(reason, 0) + n for reason, n in raw.left_out.items()}
    return (
        pl.concat([raw.frame for raw in slices]).to_dict(as_series=False),
        {(raw.format, raw.encoding) for raw in slices},
        sum(raw.rows_read for raw in slices),
        left_out,
        [finding for raw in slices for finding in raw.findings],
    )


def or_error(read):
    try:
        return put_together(read())
    except Codon12Error as err:
        return str(err)


def alike(path: Path, size: int, **asked) -> None:
    options = ReadOptions(table="TR", **asked)
    assert or_error(lambda: delimited_slices(path, options, size=size)) == or_error(
        lambda: [read_delimited(path, options)]
    )


HOSTILE = {
    "plain": "A,B\n1,2\n3,4\n5,6\n",
    "no line end at the end": "A,B\n1,2\n3,4",
    "ragged, beyond the header, blank": "A,B\n1\n1,2,3\n\n,\n4,5,,6\n7,8\n",
    "quoted line ends and delimiters": 'A,B\n"a,\nb""c",2\n3,"\n\n"\n',
    "a quote that never closes": 'A,B\n"x",1\n2,"y\n3,4\n',
    "quotes inside cells": 'A,B\n"x",1\n2,5" and\n6" more,4\n',
    "NUL bytes": "A,B\n1,2\nx\0,3\n4,\0\0\n",
    "comments before the header": "#x\n\n# y\nA\tB\n1\t2\n#3\t4\n",
    "nothing but a comment": "# only",
    "no text": "\n \n\n",
    "two columns of a name, one without": "A,A,,B\n1,2,3,4\n5,6,7,8\n",
    "its own SRCROW": "A,SRCROW\n1,9\n2,8\n",
    "decimal commas": "A;B\n1,5;2,25\n0,1;x\n",
    "a header alone": "A,B",
    "letters of several bytes": "A,B\nZürich,東京\né,€\n",
}


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 64])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text(tmp_path, text, size):
    path = tmp_path / "tr.csv"
    path.write_bytes(text.encode())
    alike(path, size)
    alike(path, size, quoting=False)
    alike(path, size, header=2)


@pytest.mark.parametrize("size", [1, 3, 7, 50])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_encodings_and_line_ends(tmp_path, encoding, end, size):
    path = tmp_path / "tr.csv"
    path.write_bytes(end.join(['"A",B', "Zürich,1", '"x\n\ry",2', "\xe9,3", "", "é,4\r5"]).encode(encoding))
    alike(path, size)
    (tmp_path / "tr.csv.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    alike(tmp_path / "tr.csv.gz", size)


@pytest.mark.parametrize(("encoding", "word"), [("cp932", "東京の病院です"), ("cp949", "서울대학교병원")])
@pytest.mark.parametrize("size", [1, 4, 1000])
def test_east_asian_text(tmp_path, encoding, word, size):
    path = tmp_path / "tr.csv"
    path.write_bytes("".join(["A,B\n", *(f"{word},{i}\n" for i in range(20))]).encode(encoding))
    assert read_delimited(path, ReadOptions(table="TR")).encoding == encoding
    alike(path, size)


def test_what_cannot_be_text_says_the_same(tmp_path):
    path = tmp_path / "tr.csv"
    for content in (b"", b"PK\x03\x04", b"\xff\xfeA", b"\xef\xbb\xbfA,B\n1,\xff\n", b"A\0B\n1\n",
                    gzip.compress(b"A,B\n1,2\n" * 50, mtime=0)[:-20]):  # fmt: skip
        path.write_bytes(content)
        alike(path, 4)


@given(
    text=st.text(alphabet='AB12,,;\t"" \n\n\r#\0éß東', max_size=60),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    size=st.integers(1, 40),
    quoting=st.booleans(),
    header=st.sampled_from([None, None, 1, 2, 3]),
)
@example(text='A,B\n1,"\r\n2', encoding="utf-8", size=3, quoting=True, header=None)
def test_any_text(tmp_path_factory, text, encoding, size, quoting, header):
    path = tmp_path_factory.mktemp("text") / "tr.csv"
    path.write_bytes(text.encode(encoding))
    alike(path, size, quoting=quoting, header=header)


def test_only_the_first_ragged_rows_are_listed_in_whole(tmp_path):
    path = tmp_path / "tr.csv"
    path.write_text("A,B\n" + "1\n" * 900 + "1,2,3\n" * 900)
    alike(path, 500)
    assert len(read_delimited(path, ReadOptions(table="TR")).findings) == 1000 + 1 + 900


DATA = pl.DataFrame(
    {
        "ID": ["a", "b", "c", "d", "e"],
        "TEXT": [None, "x", None, "y", None],
        "LATE": [None, None, None, 1.5, 2.0],
        "NEVER": pl.Series([None] * 5, dtype=pl.Float64),
        "DAY": [None, None, dt.date(2020, 1, 2), None, None],
        "AT": pl.Series([dt.date(2020, 1, 2), None, None, None, None]).cast(pl.Datetime),
    }
)


@pytest.mark.parametrize("rows", [1, 2, 5, 7])
@pytest.mark.parametrize("ending", ["xpt", "sav", "dta"])
def test_data_sets_of_statistical_programs(tmp_path, ending, rows):
    path = tmp_path / f"tr.{ending}"
    write = {"xpt": pyreadstat.write_xport, "sav": pyreadstat.write_sav, "dta": pyreadstat.write_dta}[ending]
    write(DATA, str(path))
    whole = read_table(path, ReadOptions(table="TR"))
    slices = list(statistics_slices(path, ReadOptions(table="TR"), rows=rows))
    assert [raw.frame.height for raw in slices] == [min(rows, 5 - i) for i in range(0, 5, rows)]
    assert all(raw.frame.schema == whole.frame.schema for raw in slices)
    assert put_together(slices) == put_together([whole])


def test_text_of_windows_far_down_in_a_transport_file_is_said_once(tmp_path):
    path = tmp_path / "tr.xpt"
    pyreadstat.write_xport(pl.DataFrame({"A": ["x", "y", "Zxrich"]}), str(path))
    path.write_bytes(path.read_bytes().replace(b"Zxrich", b"Z\xfcrich"))
    slices = list(statistics_slices(path, ReadOptions(table="TR"), rows=1))
    assert [raw.frame["A"].item() for raw in slices] == ["x", "y", "Zürich"]
    assert put_together(slices) == put_together([read_table(path, ReadOptions(table="TR"))])
