from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.tables import Cell, Column, Row, Table, csv_text, docx_bytes, html_text, inert, rtf_text, xlsx_bytes

HOSTILE = [
    "=cmd()|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "\t=1",
    "</script><b>",
    "{\\field}\\u1",
    "a\nb\x00",
    "é≥𝛼",
]
TABLE = Table(
    "safety",
    "T </title>",
    (Column("A", span="S", n=4), Column("B", span="S")),
    (Row("Heading"), *(Row(t, (Cell(t, ("x",)), Cell("1 (2.0)")), 1, "no. (%)") for t in HOSTILE)),
    footnotes=("note {x}",),
)


def test_no_cell_of_a_csv_starts_a_formula():
    import csv

    for row in list(csv.reader(io.StringIO(csv_text(TABLE)))):
        for cell in row:
            assert cell[:1] not in tuple("=+@\t")


@settings(deadline=None)
@given(st.text(max_size=30))
def test_inert_text_is_never_a_formula_and_never_breaks_a_line(text):
    got = inert(text)
    assert got.lstrip()[:1] not in tuple("=@\t\r\n")
    assert "\n" not in got
    assert "\r" not in got


@pytest.mark.parametrize("text", ["-12.3", "+5", "-1,234.5", "37.1 (28.6–46.2)", "−19.1"])
def test_plain_numbers_stay_as_they_are(text):
    assert inert(text) == text


@pytest.mark.parametrize("text", ["-2+3", "+1+1", "=1", "@A", "-A1", " =1"])
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(text):
    assert inert(text) == "'" + text


def test_xlsx_holds_no_formula_and_no_link_and_is_the_same_on_every_run():
    data = xlsx_bytes([TABLE, TABLE])
    assert data == xlsx_bytes([TABLE, TABLE])
    parts = zipfile.ZipFile(io.BytesIO(data))
    for name in parts.namelist():
        text = parts.read(name).decode("utf-8", "replace")
        assert "<f>" not in text
        assert "<hyperlink " not in text


def test_docx_opens_and_is_the_same_on_every_run():
    docx = pytest.importorskip("docx", reason="python-docx is an extra")
    data = docx_bytes([TABLE])
    assert data == docx_bytes([TABLE])
    grid = docx.Document(io.BytesIO(data)).tables[0]
    assert grid.rows[3].cells[0].text.strip().startswith("=cmd")


def test_heads_of_a_word_table_repeat_and_stand_between_rules():
    docx = pytest.importorskip("docx", reason="python-docx is an extra")
    grid = docx.Document(io.BytesIO(docx_bytes([TABLE]))).tables[0]
    heads = 2 if TABLE.spans else 1
    assert ["w:tblHeader" in row._tr.xml for row in grid.rows] == [i < heads for i in range(len(grid.rows))]
    assert "<w:top " in grid.rows[0].cells[0]._tc.xml
    assert "<w:bottom " in grid.rows[heads - 1].cells[0]._tc.xml
    assert "<w:bottom " in grid.rows[-1].cells[-1]._tc.xml


def test_rtf_is_ascii_with_braces_in_pairs():
    pytest.importorskip("rtflite", reason="rtflite is an extra")
    text = rtf_text(TABLE)
    assert text.isascii()
    assert text == rtf_text(TABLE)
    assert "\\{\\\\field\\}\\\\u1" in text
    plain = text.replace("\\\\", "").replace("\\{", "").replace("\\}", "")
    assert plain.count("{") == plain.count("}")


def test_html_escapes_every_text():
    from lxml import html

    page = html_text(TABLE)
    tree = html.fromstring(page)
    assert not tree.xpath("//script | //b | //title")
    assert [th.get("scope") for th in tree.xpath("//thead//th")] == ["colgroup", "col", "col", "col"]
    assert len(tree.xpath("//tbody/tr[th[@scope='row']]")) == len(HOSTILE)


def test_no_tables_still_make_a_workbook():
    assert xlsx_bytes([]).startswith(b"PK")
