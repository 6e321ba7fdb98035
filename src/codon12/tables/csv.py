"""A table as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re

from codon12.tables.model import Table

__all__ = ["csv_text", "inert"]

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NUMBER = re.compile(r"[-+]?\d[\d,]*(\.\d+)?%?")
_LONGEST = 32_000


def inert(text: str) -> str:
    r"""Text that no spreadsheet takes for a formula.

    A cell that starts with ``= + - @``, a tab or a line end, and is not a plain number, gets an apostrophe before
    it; line ends become blanks and other control characters go.

    Examples
    --------
    >>> inert("=cmd|' /C calc'!A0"), inert("-12.3"), inert("a\nb")
    ("'=cmd|' /C calc'!A0", '-12.3', 'a b')
    """
    risky = text[:1] in "=+-@\t\r\n" and text != "" and not _NUMBER.fullmatch(text)
    plain = _CONTROL.sub("", re.sub(r"[\r\n\t]+", " ", text))[:_LONGEST]
    risky = risky or (plain.lstrip()[:1] in "=+-@" and plain != "" and not _NUMBER.fullmatch(plain.strip()))
    return "'" + plain if risky else plain


def csv_text(table: Table) -> str:
    """Table as CSV text (to be written as UTF-8): a heading line, then one line a row.

    Columns: section (the heading above), label, unit, and the table's own. Texts that a spreadsheet would run as
    formulas are made inert, see `inert`.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    headings = [" – ".join(filter(None, (c.span, c.heading))) for c in table.columns]
    writer.writerow([inert(h) for h in ("Section", "Label", "Unit", *headings)])
    section, common = "", ""
    for row in table.rows:
        if row.heading:
            section, common = row.label, row.unit
            continue
        place = section if row.indent else ""
        unit = row.unit or (common if row.indent else "") or table.stub
        writer.writerow([inert(t) for t in (place, row.label, unit, *(c.text for c in row.cells))])
    return out.getvalue()
