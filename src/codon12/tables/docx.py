"""Tables as a Word document, for manuscripts."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

from codon12.errors import UsageError
from codon12.tables.model import Table

__all__ = ["docx_bytes"]

_FIXED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def docx_bytes(tables: Sequence[Table], *, program: str = "") -> bytes:
    """Word document with one table a page; the same tables give the same bytes.

    With `program`, a line that says what made it, pages lie broadside, each with that line and its number of all, and
    a list of the tables comes first.

    Raises
    ------
    UsageError
        python-docx is not installed; the message says how to get it.
    """
    try:
        import docx
        from docx.shared import Pt
    except ImportError:
        raise UsageError("docx needs python-docx: install codon12[documents]") from None
    document = docx.Document()
    document.core_properties.created = document.core_properties.modified = _FIXED.replace(tzinfo=None)
    document.core_properties.author = "codon12"
    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(9)
    normal.paragraph_format.space_after = Pt(3)
    if program:
        _running(document, program)
        document.add_heading("Contents", level=1)
        for table in tables:
            document.add_paragraph(_clean(table.title))
    for index, table in enumerate(tables):
        if index or program:
            document.add_page_break()
        document.add_heading(_clean(table.title), level=2)
        if table.population:
            document.add_paragraph(_clean(table.population)).paragraph_format.keep_with_next = True
        _grid(document, table)
        for text in table.footnotes:
            document.add_paragraph(_clean(text))
    memory = io.BytesIO()
    document.save(memory)
    return _same_bytes(memory.getvalue())


def _grid(document: Any, table: Table) -> None:
    """The table as journals set it: rules above, below the heads and at the end; heads that repeat on every page."""
    heads = 2 if table.spans else 1
    grid = document.add_table(rows=heads + len(table.rows), cols=1 + len(table.columns))
    rows = [list(row.cells) for row in grid.rows]
    if table.spans:
        column = 1
        for span, width in table.spans:
            first, last = rows[0][column], rows[0][column + width - 1]
            _fill([first.merge(last) if width > 1 else first], [span], centred=True, bold=True)
            column += width
    _fill(rows[heads - 1][:1], [table.stub], bold=True)
    _fill(rows[heads - 1][1:], [c.heading for c in table.columns], centred=True, bold=True)
    for cells, row in zip(rows[heads:], table.rows, strict=True):
        label = f"{row.label}, {row.unit}" if row.unit else row.label
        _fill(cells[:1], [label], indent=row.indent, bold=row.heading)
        _fill(cells[1:], [c.text for c in row.cells] or [""] * len(table.columns), centred=True)
    _widths(document, grid, rows)
    for index, row in enumerate(grid.rows):
        _mark(row._tr.get_or_add_trPr(), "w:cantSplit")  # noqa: SLF001 - python-docx has no public way to mark a row
        if index < heads:
            _mark(row._tr.get_or_add_trPr(), "w:tblHeader")  # noqa: SLF001
    for cell in rows[0]:
        _rule(cell, "top")
    for cell in rows[heads - 1]:
        _rule(cell, "bottom")
    for cell in rows[-1]:
        _rule(cell, "bottom")


def _widths(document: Any, grid: Any, rows: Sequence[Sequence[Any]]) -> None:
    """The label column is as wide as two others, up to 40 % of the page."""
    section = document.sections[0]
    whole = section.page_width - section.left_margin - section.right_margin
    others = len(grid.columns) - 1
    first = whole * 2 // max(5, others + 2)
    wide = [first] + [(whole - first) // others] * others if others else [whole]
    grid.autofit = False
    for column, width in zip(grid.columns, wide, strict=True):
        column.width = width
    for cells in rows:
        for cell, width in zip(cells, wide, strict=True):
            cell.width = width


def _mark(properties: Any, name: str) -> None:
    from docx.oxml import OxmlElement

    properties.append(OxmlElement(name))


def _rule(cell: Any, side: str) -> None:
    """A line along one side of a cell."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - python-docx has no public way to draw one border
    borders = properties.find(qn("w:tcBorders"))
    if borders is None:
        borders = OxmlElement("w:tcBorders")
        properties.append(borders)
    line = OxmlElement(f"w:{side}")
    for key, value in (("val", "single"), ("sz", "8"), ("space", "0"), ("color", "000000")):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)


def _running(document: Any, program: str) -> None:
    """Turn the pages broadside; head and foot say the page, of how many, and what made it."""
    from docx.enum.section import WD_ORIENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for text, code in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
        head.add_run(text)
        _field(head, code)
    section.footer.paragraphs[0].text = _clean(program)


def _field(paragraph: Any, code: str) -> None:
    """A field that the word processor fills in."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - python-docx has no public way to add a field


def _fill(
    cells: Sequence[Any], texts: Sequence[str], *, centred: bool = False, bold: bool = False, indent: int = 0
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    for cell, text in zip(cells, texts, strict=False):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if indent:
            paragraph.paragraph_format.left_indent = Pt(10 * indent)
        paragraph.add_run(_clean(text)).bold = bold or None


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)[:32_000]


def _same_bytes(data: bytes) -> bytes:
    """Write the parts again, in name order and with one date."""
    memory = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as fixed:
        for name in sorted(given.namelist()):
            fixed.writestr(
                zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0)), given.read(name), zipfile.ZIP_DEFLATED
            )
    return memory.getvalue()
