import gzip
import json

import polars as pl
import pytest

from codon12.errors import InputError
from codon12.records.readers import RawTable, ReadOptions, format_of, read_table

pytestmark = pytest.mark.requirement("R-READ-01")


def read(path, **options) -> RawTable:
    return read_table(path, ReadOptions(table="DM", **options))


@pytest.fixture
def csv(tmp_path):
    def write(content: bytes | str, name: str = "dm.csv") -> RawTable:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read(path)

    return write


WANTED = [("S-1", "F", 1), ("S-2", "M", 2)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends(csv, end, last):
    raw = csv(end.join(["USUBJID,SEX", "S-1,F", "S-2,M"]) + (end if last else ""))
    assert raw.frame.rows() == WANTED


@pytest.mark.parametrize("sep", [",", "\t", ";", "|"])
def test_delimiters(csv, sep):
    raw = csv(f"USUBJID{sep}SEX\nS-1{sep}F\nS-2{sep}M\n", "dm.txt")
    assert raw.frame.rows() == WANTED


def test_the_delimiter_is_the_one_the_rows_agree_on(csv):
    raw = csv("ID\tName, first, last, title\n1\tDoe, J\n2\tRoe\n", "dm.txt")
    assert raw.frame.columns == ["ID", "Name, first, last, title", "SRCROW"]


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"), ("latin-1", "latin-1"),
     ("cp1252", "latin-1"), ("utf-32", "utf-32")],
)  # fmt: skip
def test_encodings(csv, encoding, shown):
    raw = csv("USUBJID,SITE\nS-1,Zürich\nS-2,Bogotá\n".encode(encoding))
    assert raw.frame["SITE"].to_list() == ["Zürich", "Bogotá"]
    assert raw.encoding == shown
    assert [f.rule for f in raw.findings] == (["text-encoding"] if shown == "latin-1" else [])


def test_windows_punctuation_is_not_lost(csv):
    assert csv("A,B\n1,50\x80 \x96 \x93x\x94\n".encode("latin-1")).frame["B"][0] == "50€ – “x”"


def test_quoted_cells_hold_anything(csv):
    raw = csv('ID,X\n1,"a, ""b""\nc"\n2,""\n3,"=cmd()"\n')
    assert raw.frame.rows() == [("1", 'a, "b"\nc', 1), ("2", "", 2), ("3", "=cmd()", 3)]


def test_a_quote_inside_an_unquoted_cell_is_a_character(csv):
    assert csv('ID\tX\n1\t5" tumour\n2\tok\n', "dm.tsv").frame["X"].to_list() == ['5" tumour', "ok"]


def test_a_quote_that_never_closes_is_an_error(csv):
    with pytest.raises(InputError, match=r"dm.csv.*line 3.*never closes"):
        csv('ID,X\n1,"a"\n2,"b\n3,c\n')


def test_comment_lines_before_the_header(csv):
    raw = csv("#version 2.4\n#\tx\n\nHugo_Symbol\tB\nKRAS\t1\n", "data.maf")
    assert raw.frame.rows() == [("KRAS", "1", 1)]


def test_blank_rows_are_explained_and_rows_keep_their_number(csv):
    raw = csv("A,B\n1,2\n\n,\n3,4\n")
    assert raw.frame["SRCROW"].to_list() == [1, 4]
    assert (raw.rows_read, raw.left_out) == (4, {"blank row": 2})


def test_ragged_rows_are_findings_that_name_file_and_row(csv):
    raw = csv("A,B\n1,2\n3\n4,5,6\n7,8,\n")
    assert raw.frame.select("A", "B").rows() == [("1", "2"), ("3", None), ("4", "5"), ("7", "8")]
    found = [(f.row, f.rule, f.severity, f.value) for f in raw.findings]
    assert found == [
        (2, "ragged-row", "warning", "1"),
        (3, "ragged-row", "warning", "3"),
        (4, "ragged-row", "warning", "3"),
        (3, "cells-beyond-header", "error", "6"),
    ]
    assert all("dm.csv, row" in f.message for f in raw.findings)


def test_nul_bytes_are_removed_and_reported(csv):
    raw = csv(b"A,B\n1,2\n3,x\0y\n")
    assert raw.frame["B"].to_list() == ["2", "xy"]
    assert [(f.rule, f.row) for f in raw.findings] == [("nul-bytes", 2)]


def test_a_header_alone_is_a_table_without_rows(csv):
    raw = csv("USUBJID,SEX")
    assert raw.frame.columns == ["USUBJID", "SEX", "SRCROW"]
    assert (raw.frame.height, raw.rows_read) == (0, 0)


def test_one_column(csv):
    assert csv("USUBJID\nS-1\n\nS-2\n").frame["USUBJID"].to_list() == ["S-1", "S-2"]


def test_gzip(csv):
    raw = csv(gzip.compress(b"USUBJID,SEX\nS-1,F\nS-2,M\n"), "dm.csv.gz")
    assert raw.frame.rows() == WANTED


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "dm.csv", "0 bytes"),
        (b"\n\n  \n", "dm.csv", "holds no text"),
        (b"PK\x03\x04xxxx", "dm.csv", "zip archive or workbook"),
        (b"PAR1xxxx", "dm.csv", "Parquet"),
        (b"A\0B,C\n1,2\n", "dm.csv", "NUL"),
        (b"\xff\xfeA", "dm.csv", "utf-16 mark"),
        (gzip.compress(b"A,B\n1,2\n" * 100, mtime=0)[:-20], "dm.csv.gz", "gzip stream is broken"),
        (b"", "dm.parquet", "0 bytes"),
        (b"nope", "dm.parquet", "no Parquet file"),
        (b"PAR1" + b"\0" * 40, "dm.parquet", "cannot be read as Parquet"),
        (b"", "dm.xpt", "0 bytes"),
        (b"USUBJID,AGE\n" * 20, "dm.xpt", "wrong first record"),
        (b"", "dm.sas7bdat", "0 bytes"),
        (b"hello" * 20, "dm.sas7bdat", "wrong first bytes"),
        (b"\0" * 12 + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011") + b"\0" * 400, "dm.sas7bdat", "cannot be read"),
        (b"", "dm.xlsx", "0 bytes"),
        (b"not a workbook", "dm.xlsx", "is no workbook"),
        (b"{", "dm.json", "no Dataset-JSON"),
        (b'{"rows": []}', "dm.json", "columns"),
        (b'{"columns": [{"name": "A"}], "rows": [["1", "2"]]}', "dm.json", "row 1: 2 values under 1 columns"),
        (b'{"columns": [{"name": "A"}, {"name": "A"}], "rows": []}', "dm.json", "each column once"),
        (b"x", "dm.docx", "no reader"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_so(tmp_path, content, name, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as err:
        read(tmp_path / name)
    assert name in str(err.value)
    assert says in str(err.value)


def test_a_missing_file(tmp_path):
    with pytest.raises(InputError, match=r"dm.csv: no such file"):
        read(tmp_path / "dm.csv")


def test_formats_are_chosen_by_name():
    assert [format_of(n) for n in ("A.XPT", "a.csv.gz", "a.parquet.gz", "a")] == [".xpt", ".csv", None, None]


TABLE = pl.DataFrame(
    {"STUDYID": ["S", "S"], "USUBJID": ["S-1", "S-2"], "AGE": [63.0, None], "DMDTC": ["2014-01-02", "2014-02"]}
)


def in_format(tmp_path, ending):
    path = tmp_path / f"dm{ending}"
    if ending == ".csv":
        TABLE.write_csv(path)
    elif ending == ".parquet":
        TABLE.write_parquet(path)
    elif ending == ".xlsx":
        TABLE.write_excel(path, worksheet="DM")
    elif ending == ".xpt":
        import pyreadstat

        pyreadstat.write_xport(TABLE, str(path), file_format_version=5, table_name="DM")
    else:
        types = {"AGE": "integer"}
        columns = [
            {"itemOID": f"IT.DM.{c}", "name": c, "label": c, "dataType": types.get(c, "string")} for c in TABLE.columns
        ]
        rows = [[int(v) if isinstance(v, float) else v for v in row] for row in TABLE.rows()]
        head = {"datasetJSONVersion": "1.1.0", "itemGroupOID": "IG.DM", "records": 2, "name": "DM", "columns": columns}
        if ending == ".json":
            path.write_text(json.dumps(head | {"rows": rows}))
        else:
            path.write_text("\n".join(json.dumps(line) for line in (head, *rows)))
    return path


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx", ".xpt", ".json", ".ndjson"])
def test_one_table_is_the_same_in_every_format(tmp_path, ending):
    """Law: what a study holds does not depend on the format it was written in."""
    from codon12.records import Study

    in_format(tmp_path, ending)
    dm = Study.open(tmp_path).table("DM")
    assert dm.columns == [*TABLE.columns, "SRCDOM", "SRCROW"]
    assert dm.select(TABLE.columns).rows() == TABLE.rows()
    assert dm["SRCROW"].to_list() == [1, 2]


def test_a_sheet_is_chosen_by_name(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for name, value in (("One", "1"), ("Two", "2")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["ID"])
            sheet.write_row(1, 0, [value])
    assert read(tmp_path / "a.xlsx", sheet="Two").frame["ID"].to_list() == ["2"]
    with pytest.raises(InputError, match="One, Two"):
        read(tmp_path / "a.xlsx", sheet="Three")


def test_dataset_json_that_holds_fewer_records_than_it_says(tmp_path):
    (tmp_path / "dm.json").write_text('{"records": 3, "columns": [{"name": "A"}], "rows": [["x"]]}')
    raw = read(tmp_path / "dm.json")
    assert [(f.rule, f.severity) for f in raw.findings] == [("truncated-file", "error")]


def xpt(tmp_path, change):
    path = in_format(tmp_path, ".xpt")
    data = bytearray(path.read_bytes())
    change(data)
    path.write_bytes(bytes(data))
    return path


def test_an_xpt_header_that_claims_gigabytes_is_refused_before_reading(tmp_path):
    def longer(data):
        at = data.index(b"NAMESTR") - 20 + 80
        data[at + 4 : at + 6] = (32_000).to_bytes(2, "big")  # the first variable: 32,000 bytes long

    with pytest.raises(InputError, match=r"dm.xpt: the header claims rows of 320\d\d bytes"):
        read(xpt(tmp_path, longer))

    def more(data):
        at = data.index(b"NAMESTR") - 20
        data[at + 48 : at + 58] = b"0000029999"

    with pytest.raises(InputError, match=r"claims 29999 variables"):
        read(xpt(tmp_path, more))


def test_an_xpt_file_cut_short(tmp_path):
    def cut(data):
        del data[-30:]

    raw = read(xpt(tmp_path, cut))
    assert [(f.rule, f.severity) for f in raw.findings] == [("truncated-file", "error")]

    def headless(data):
        del data[500:]

    with pytest.raises(InputError, match="cut short or damaged"):
        read(xpt(tmp_path, headless))
