"""Documents of every kind give the same numbers."""

import docx
import pytest

from codon12.check import check_text
from codon12.check.documents.html import html_text
from codon12.check.documents.reading import read_document

BODY = "Of 40 patients, 10 (25%) had a response and 7 (19.5%) died."


def quotes(path):
    return [(f.statement.quote, f.verdict) for f in check_text(read_document(path)).findings]


EXPECTED = [("40 patients", "ok"), ("10 (25%)", "ok"), ("7 (19.5%)", "error")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-32"])
def test_plain_text(tmp_path, encoding):
    path = tmp_path / "a.txt"
    path.write_bytes(("Caf\u00e9. " + BODY).encode(encoding))
    assert quotes(path) == EXPECTED


def test_html_with_a_table_and_a_script(tmp_path):
    path = tmp_path / "a.html"
    path.write_text(
        f"<html><head><title>99 (3%)</title></head><body><script>1 (2%)</script><p>{BODY}</p>"
        "<table><tr><th>Event, no. (%)</th><th>N = 40</th></tr><tr><td>Rash</td><td>4 (10.0)</td></tr></table>"
        "<p>In all, 5 of 40 (12.5%) left.</p></body></html>",
        encoding="utf-8",
    )
    found = quotes(path)
    assert found[:3] == EXPECTED
    assert [q for q, _ in found[3:]] == ["N = 40", "Rash\t4 (10.0)", "5 of 40 (12.5%)"]
    assert all(v == "ok" for _, v in found[3:])


def test_word(tmp_path):
    document = docx.Document()
    document.add_paragraph(BODY)
    document.add_paragraph("Table 1. Events")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ("Event (%)", "N = 40", "Rash", "4 (10.0)"), strict=True
    ):
        cell.text = text
    document.add_paragraph("In all, 5 of 40 (12.5%) left.")
    path = tmp_path / "a.docx"
    document.save(str(path))
    found = quotes(path)
    assert found[:3] == EXPECTED
    assert ("Rash\t4 (10.0)", "ok") in found
    assert found[-1] == ("5 of 40 (12.5%)", "ok")


def pdf_of(pages):
    """A PDF of plain pages, one line of text each entry."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        escaped = [line.translate({40: "\\(", 41: "\\)"}) for line in lines]
        drawn = " T* ".join(f"({line}) Tj" for line in escaped)
        stream = f"BT /F1 10 Tf 14 TL 40 780 Td {drawn} ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        content = len(objects)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(out)
    table = "".join(f"{o:010} 00000 n \n" for o in offsets)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()


def test_pdf_without_its_running_heads(tmp_path):
    path = tmp_path / "a.pdf"
    pages = [
        ["Journal of Made-up Medicine 12", "Of 40 patients, 10 (25%) had a", f"response on page {i}.", f"page {i}"]
        for i in range(5)
    ]
    path.write_bytes(pdf_of(pages))
    text = read_document(path)
    assert "Journal of" not in text
    assert text.count("10 (25%)") == 5
    assert all(f.verdict == "ok" for f in check_text(text).findings if f.statement.kind == "count_percent")


def test_a_pdf_of_many_pages(tmp_path):
    path = tmp_path / "long.pdf"
    path.write_bytes(pdf_of([[f"Of {40 + i % 7} patients, 10 of 40 (25%) had a response."] for i in range(1000)]))
    report = check_text(read_document(path))
    assert sum(f.statement.kind == "count_percent" for f in report.findings) == 1000
    assert not report.problems


def test_html_cells_that_cover_columns_and_rows(tmp_path):
    path = tmp_path / "a.html"
    path.write_text(
        "<table><tr><th rowspan=2>Event</th><th colspan=2>A (N = 66)</th><th colspan='2'>B (N = 64)</th></tr>"
        "<tr><th>Any grade</th><th>Grade 3 or 4</th><th>Any grade</th><th>Grade 3 or 4</th></tr>"
        "<tr><td>Nausea</td><td>23 (34.8)</td><td>2 (3.0)</td><td>11 (17.2)</td><td>12 (18.8)</td></tr></table>",
        encoding="utf-8",
    )
    lines = [line.split("\t") for line in read_document(path).split("\n") if "\t" in line]
    assert [len(cells) for cells in lines] == [5, 5, 5]
    found = [(f.denominator.value, f.verdict) for f in check_text(read_document(path)).findings if f.denominator]
    assert found == [(66, "ok"), (66, "ok"), (64, "ok"), (64, "error-if")]


def test_html_spans_that_are_nonsense(tmp_path):
    path = tmp_path / "a.html"
    path.write_text("<table><tr><td colspan=-1>a</td><td rowspan=x>4 (10.0)</td></tr></table>", encoding="utf-8")
    assert "a\t4 (10.0)" in read_document(path)


def test_word_merged_cells_speak_once(tmp_path):
    document = docx.Document()
    document.add_paragraph("Table 1. Events")
    table = document.add_table(rows=3, cols=3)
    words = [("Event, no. (%)", "A (N = 40)", ""), ("", "Any grade", "Grade 3 or 4"), ("Rash", "4 (10.0)", "5 (12.5)")]
    for row, cells in zip(table.rows, words, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    path = tmp_path / "a.docx"
    document.save(str(path))
    assert read_document(path).count("N = 40") == 1
    assert [f.verdict for f in check_text(read_document(path)).findings if f.statement.kind == "table_cell"] == [
        "ok",
        "error-if",
    ]


def test_a_sentence_about_a_table_right_before_it():
    given = "<p>Table 1 lists them. Few (35.0%) came.</p><table><caption>Patients</caption><tr><th>a</th></tr></table>"
    assert "Table 1. Patients" in html_text(given)
    assert html_text("<caption>Patients</caption>").strip() == "Patients"


def test_lines_of_pre_stand_as_written():
    assert "Male    10\nFemale  12" in html_text("<p>Of <b>22</b>\n rats</p><pre>Male    10\nFemale  12</pre>")


def test_a_sign_or_a_word_of_an_address_hides_no_paragraph():
    for words in ("shells (C@V@F) were made.", "there was good correspondence between both."):
        given = f"Of 40 patients, 12 (35%) responded, and {words}"
        assert "error" in [f.verdict for f in check_text(given).problems], words
    assert not check_text("Correspondence: A. Writer, Main Street 40, 12 (35%), a.writer@example.org").findings


def test_markdown_with_a_table_in_html(tmp_path):
    path = tmp_path / "a.md"
    rows = "".join(f"<tr><td>{x}</td><td>{a}</td><td>{b}</td></tr>" for x, a, b in (("CC", 8, 12), ("CT", 7, 6)))
    path.write_text(f"# T\n\n<table>{rows}</table>\n\nAfter.")
    assert read_document(path).split() == ["#", "T", "CC", "8", "12", "CT", "7", "6", "After."]


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RUN = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'


def _in_word(path, *paragraphs):
    document = docx.Document()
    for words in paragraphs:
        document.element.body.insert(len(document.element.body) - 1, docx.oxml.parse_xml(f"<w:p {_W}>{words}</w:p>"))
    document.save(str(path))
    return path


def test_tracked_changes_of_a_word_file_are_read_as_accepted(tmp_path):
    gone = '<w:del w:id="1" w:author="a"><w:r><w:delText>12 (30%)</w:delText></w:r></w:del>'
    new = f'<w:ins w:id="2" w:author="a">{_RUN.format("10 (25%)")}</w:ins>'
    moved = f'<w:moveFrom w:id="3">{_RUN.format("Twice. ")}</w:moveFrom><w:moveTo w:id="4">{_RUN.format("Once.")}</w:moveTo>'
    path = _in_word(tmp_path / "a.docx", _RUN.format("Of 40, ") + gone + new + _RUN.format(" responded. ") + moved)
    assert read_document(path).split("\n")[0] == "Of 40, 10 (25%) responded. Once."


def test_a_word_file_is_read_in_its_boxes_symbols_and_raised_figures(tmp_path):
    raised = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>12</w:t></w:r>'
    symbol = '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>'
    box = f"<w:r><w:pict><w:txbxContent><w:p>{_RUN.format('7 of 40')}</w:p></w:txbxContent></w:pict></w:r>"
    held = f"<w:sdt><w:sdtContent>{_RUN.format('held')}</w:sdtContent></w:sdt>"
    path = _in_word(tmp_path / "a.docx", _RUN.format("P=0.03") + raised, symbol + _RUN.format("3"), held + box)
    assert read_document(path).split() == ["P=0.03\u00b9\u00b2", "\u22653", "held", "7", "of", "40"]


def test_tables_in_cells_of_a_word_file_follow_the_table_around_them(tmp_path):
    document = docx.Document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "Drug"
    inner = table.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "Rash", "5 (12.5%)"
    document.save(str(tmp_path / "a.docx"))
    text = read_document(tmp_path / "a.docx")
    assert text.index("Table 1.\nDrug") < text.index("Table 2.\nRash\t5 (12.5%)")


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>P=0.03<sup>12</sup></p>", "P=0.03\u00b9\u00b2"),
        ("<p>P=2\u00d710<sup>-3</sup></p>", "P=2\u00d710\u207b\u00b3"),
        ("<p>Of 40, <del>12 (30%)</del><ins>10 (25%)</ins></p>", "Of 40, 10 (25%)"),
        ("<head><title>A</title><body><p>10 (25%)</p>", "10 (25%)"),  # the end of a head may go unsaid
    ],
)
def test_what_a_page_raises_deletes_or_leaves_open(page, words):
    assert html_text(page).strip() == words


def test_tables_in_cells_of_a_page_follow_the_table_around_them():
    text = html_text("<table><tr><td>a<table><tr><td>b</td><td>5</td></tr></table></td><td>c</td></tr></table>")
    assert [x for x in text.split("\n") if x.strip()] == ["Table 1.", "a\tc", "Table 2.", "b\t5"]
