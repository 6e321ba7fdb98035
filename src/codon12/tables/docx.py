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
            document.add_paragraph(_clean(table.population))
        spans = 1 if table.spans else 0
        grid = document.add_table(rows=1 + spans + len(table.rows), cols=1 + len(table.columns))
        grid.style = "Light Shading"
        at = 0
        if table.spans:
            column = 1
            for span, width in table.spans:
                first, last = grid.rows[0].cells[column], grid.rows[0].cells[column + width - 1]
                (first.merge(last) if width > 1 else first).text = _clean(span)
                column += width
            at = 1
        _fill(grid.rows[at].cells, [table.stub, *(c.heading for c in table.columns)])
        for row in table.rows:
            at += 1
            label = f"{row.label}, {row.unit}" if row.unit else row.label
            _fill(grid.rows[at].cells, ["    " * row.indent + label, *(c.text for c in row.cells)])
        for text in table.footnotes:
            document.add_paragraph(_clean(text))
    memory = io.BytesIO()
    document.save(memory)
    return _same_bytes(memory.getvalue())


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


def _fill(cells: Sequence[Any], texts: Sequence[str]) -> None:
    for cell, text in zip(cells, texts, strict=False):
        cell.text = _clean(text)


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
