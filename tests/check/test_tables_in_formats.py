"""One table in every format and layout: the same statements, the same verdicts, every number accounted for."""

from pathlib import Path

import docx
import pytest

from codon12.check import check_text
from codon12.check.documents.reading import read_document

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
CAPTION = "Table 1. Adverse events."
HEAD = ("Event, no. (%)", "Drug (N = 120)", "Placebo (N = 118)")
ROWS = (
    ("Any event", "96 (80.0)", "71 (60.2)"),
    ("Grade 3 or higher", "", ""),
    ("  Rash", "12 (10.0)", "7 (5.9)"),
    ("  Diarrhea", "18 (15.0)", "9 (7.6)"),
    ("  Nausea", "21 (17.5)", "9 (7.8)"),
    ("Discontinued*", "5 (4.3)", "3 (2.5)"),
)
NOTE = "* Of 117 patients with follow-up."
BEFORE = "We randomly assigned 238 patients (120 to the drug and 118 to placebo)."
AFTER = "Events led to death in 2 of 120 patients (1.7%)."
WRONG = [("9 (7.8)", "error-if")]


def lines(*, bars=False, below=False, join=None):
    """The document as text: cells between bars, or joined by a sign, or in columns of spaces."""
    if bars:
        table = [f"| {' | '.join(HEAD)} |", "|---|---|---|", *(f"| {' | '.join(r)} |" for r in ROWS)]
    elif join:
        table = [join.join(r).rstrip() for r in (HEAD, *ROWS)]
    else:
        table = [f"{a:<30}{b:<20}{c}".rstrip() for a, b, c in (HEAD, *ROWS)]
    table = [*table, CAPTION] if below else [CAPTION, *table]
    return "\n".join((BEFORE, "", *table, NOTE, "", AFTER))


def in_html(path, *, caption="caption", spanning=False):
    head = "".join(f"<th>{h}</th>" for h in HEAD)
    if spanning:
        head = f'<th rowspan="2">{HEAD[0]}</th><th colspan="2">Group</th></tr><tr><th>{HEAD[1]}</th><th>{HEAD[2]}</th>'
    rows = "".join(
        f"<tr>{''.join(f'<td>{c.strip()}</td>' for c in r)}</tr>" if r[1] else f'<tr><td colspan="3">{r[0]}</td></tr>'
        for r in ROWS
    )
    above = f"<p>{CAPTION}</p>" if caption == "above" else ""
    inside = f"<caption>{CAPTION}</caption>" if caption == "caption" else ""
    below = f"<p>{CAPTION}</p>" if caption == "below" else ""
    path.write_text(
        f"<p>{BEFORE}</p>{above}<table>{inside}<tr>{head}</tr>{rows}</table>{below}<p>{NOTE}</p><p>{AFTER}</p>",
        encoding="utf-8",
    )


def in_word(path, *, spanning=False):
    document = docx.Document()
    document.add_paragraph(BEFORE)
    document.add_paragraph(CAPTION)
    rows = [*([("Event", "Group", "")] if spanning else []), HEAD, *ROWS]
    table = document.add_table(rows=len(rows), cols=3)
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            table.cell(i, j).text = cell
    stub = len(rows) - len(ROWS) + 1
    table.cell(stub, 0).merge(table.cell(stub, 2)).text = ROWS[1][0]
    if spanning:
        table.cell(0, 1).merge(table.cell(0, 2)).text = "Group"
    document.add_paragraph(NOTE)
    document.add_paragraph(AFTER)
    document.save(str(path))


def in_pdf(path, *, split=0, below=False):
    """Cells placed by their position alone; from the row `split` on, on a second page."""
    pages, y = [[]], 780

    def put(*cells):
        nonlocal y
        pages[-1].extend((x, y, c.strip()) for x, c in cells if c)
        y -= 14

    put((40, BEFORE))
    y -= 14
    if not below:
        put((40, CAPTION))
    for k, row in enumerate((HEAD, *ROWS)):
        if split and k == split:
            pages.append([])
            y = 780
        put((52 if row[0].startswith(" ") else 40, row[0]), (230, row[1]), (380, row[2]))
    if below:
        put((40, CAPTION))
    put((40, NOTE))
    y -= 14
    put((40, AFTER))
    path.write_bytes(pdf_of(pages))


def pdf_of(pages):
    """A PDF with each text of a page at its place (x, y, text)."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for texts in pages:
        shown = [(x, y, t.translate({40: "\\(", 41: "\\)"})) for x, y, t in texts]
        stream = "BT /F1 10 Tf " + " ".join(f"1 0 0 1 {x} {y} Tm ({t}) Tj" for x, y, t in shown) + " ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    start = len(out)
    table = "".join(f"{p:010} 00000 n \n" for p in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return f"{out}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()


FORMS = {
    "spaces.txt": lambda p: p.write_text(lines()),
    "caption-below.txt": lambda p: p.write_text(lines(below=True)),
    "tabs.txt": lambda p: p.write_text(lines(join="\t")),
    "bars.md": lambda p: p.write_text(lines(bars=True)),
    "caption-below.md": lambda p: p.write_text(lines(bars=True, below=True)),
    "caption.html": in_html,
    "above.html": lambda p: in_html(p, caption="above"),
    "below.html": lambda p: in_html(p, caption="below"),
    "spanning.html": lambda p: in_html(p, spanning=True),
    "plain.docx": in_word,
    "spanning.docx": lambda p: in_word(p, spanning=True),
    "one-page.pdf": in_pdf,
    "two-pages.pdf": lambda p: in_pdf(p, split=4),
    "caption-below.pdf": lambda p: in_pdf(p, below=True),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_table_says_the_same_in_every_format(form, tmp_path):
    path = tmp_path / form
    FORMS[form](path)
    report = check_text(read_document(path))
    problems = [(" ".join(f.statement.quote.split()), f.verdict) for f in report.findings if f.is_problem]
    assert problems == WRONG
    cells = [f for f in report.findings if f.statement.kind == "table_cell" and f.statement.quantities.percent]
    assert [f.statement.quantities.n for f in cells] == [96, 71, 12, 7, 18, 9, 21, 9, 5, 3]
    totals = [f.denominator.value for f in cells if f.verdict == "ok"]
    assert totals[:8] == [120, 118, 120, 118, 120, 118, 120, 117]
    if path.suffix != ".pdf":  # a page has no empty line that would part the note from the text behind it
        assert totals[8] == 118
    assert report.text.coverage.as_json()["not_read"] == 0


def test_a_footnote_after_another_caption_is_not_of_the_first_table():
    text = f"{lines(bars=True).removesuffix(AFTER)}Table 2. Outcome\n\n| No. (%) | N = 50 |\n|---|---|\n| Alive | 20 (40.0) |\n"
    report = check_text(text)
    assert report.findings[-1].denominator.value == 50
    assert report.text.passages[-1].table == 2


def counted(report):
    coverage = report.text.coverage.as_json()
    return coverage["numbers"], sum(coverage[k] for k in ("in_statements", "not_statements", "not_read")), coverage


@pytest.mark.parametrize("form", ["spaces.txt", "bars.md", "spanning.html", "plain.docx", "two-pages.pdf"])
def test_coverage_adds_up(form, tmp_path):
    path = tmp_path / form
    FORMS[form](path)
    numbers, parts, coverage = counted(check_text(read_document(path)))
    assert numbers == parts
    assert len(coverage["places"]) == coverage["not_read"]


def test_coverage_adds_up_on_papers():
    if not (SHARED / "papers").is_dir():
        pytest.skip("papers (../shared/papers) are not here")
    for path in sorted((SHARED / "papers").rglob("*.txt")):
        report = check_text(path.read_text(encoding="utf-8", errors="replace"))
        numbers, parts, coverage = counted(report)
        assert numbers == parts, path.name
        assert len(coverage["places"]) == coverage["not_read"], path.name


def test_rows_between_bars_are_a_table_without_a_rule_line_and_their_headings_have_no_cells():
    text = (
        "Table 5. Response by Subgroup.\n\nSubgroup | n/N | Response, % (95% CI)\nAll | 46/124 | 37.1 (28.6-46.2)\n"
        "PD-L1 score | |\n  <1% | 21/44 | 47.7 (32.5-63.3)\n  1-49% | 7/25 | 28.0 (12.1-49.4)\n"
    )
    report = check_text(text)
    rows = {p.heading.strip(" |") for p in report.text.passages if p.table == 1}
    assert "PD-L1 score" in rows
    cells = [f.statement for f in report.findings if f.statement.kind == "percent_ci"]
    assert [s.quantities.percent.text for s in cells] == ["37.1", "47.7", "28.0"]
