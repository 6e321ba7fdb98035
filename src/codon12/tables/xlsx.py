"""Tables as one workbook, a sheet each; every cell is text, so nothing in it can run."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence

from codon12.tables.model import Table

__all__ = ["xlsx_bytes"]

_CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_LONGEST = 32_000


def xlsx_bytes(tables: Sequence[Table]) -> bytes:
    """Workbook with one sheet a table; the same tables give the same bytes.

    Strings are written as strings whatever they start with; the date of creation is fixed.
    """
    import xlsxwriter

    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _CREATED.replace(tzinfo=None)})
    base = {"font_name": "Arial", "font_size": 10, "valign": "top"}
    plain = book.add_format(base)
    bold = book.add_format({**base, "bold": True})
    head = book.add_format({**base, "bold": True, "bottom": 1, "text_wrap": True, "align": "center"})
    centre = book.add_format({**base, "align": "center"})
    note = book.add_format({**base, "font_size": 9, "font_color": "#5d6770"})
    indents = [book.add_format({**base, "indent": i}) for i in range(4)]
    taken = {"history"}  # Excel keeps this name for itself
    for table in tables:
        sheet = book.add_worksheet(_sheet_name(table.name, taken))
        sheet.write_string(0, 0, _cut(table.title), bold)
        sheet.write_string(1, 0, _cut(table.population), note)
        at = 2
        if table.spans:
            column = 1
            for span, width in table.spans:
                if width > 1:
                    sheet.merge_range(at, column, at, column + width - 1, "", head)
                sheet.write_string(at, column, _cut(span), head)
                column += width
            at += 1
        sheet.write_string(at, 0, _cut(table.stub), head)
        for i, column_ in enumerate(table.columns):
            sheet.write_string(at, i + 1, _cut(column_.heading), head)
        sheet.freeze_panes(at + 1, 1)
        for row in table.rows:
            at += 1
            label = f"{row.label}, {row.unit}" if row.unit else row.label
            form = bold if row.heading else indents[min(row.indent, 3)]
            sheet.write_string(at, 0, _cut(label), form)
            for i, cell in enumerate(row.cells):
                sheet.write_string(at, i + 1, _cut(cell.text), centre)
        for text in table.footnotes:
            at += 1
            sheet.write_string(at, 0, _cut(text), note)
        sheet.set_column(0, 0, 46, plain)
        sheet.set_column(1, max(1, len(table.columns)), 20, plain)
    if not tables:
        book.add_worksheet("tables")
    book.close()
    return memory.getvalue()


def _cut(text: str) -> str:
    return text[:_LONGEST]


def _sheet_name(name: str, taken: set[str]) -> str:
    plain = re.sub(r"[\[\]:*?/\\'\x00-\x1f]", "-", name)[:28] or "table"
    unique, count = plain, 1
    while unique.lower() in taken:
        count += 1
        unique = f"{plain}~{count}"
    taken.add(unique.lower())
    return unique
