"""A table as RTF, as submission packages want it."""

from __future__ import annotations

import re

from codon12.errors import UsageError
from codon12.tables.model import Table

__all__ = ["rtf_escaped", "rtf_text"]

_PAGE = r"Page {\chpgn} of {\field{\*\fldinst NUMPAGES }}"
"""Braces end the control word: a space would, too, and be lost."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def rtf_escaped(text: str) -> str:
    r"""Text in which backslash and braces are letters, not control words.

    Examples
    --------
    >>> rtf_escaped("{\\field x}")
    '\\{\\\\field x\\}'
    """
    plain = _CONTROL.sub(" ", text)[:32_000]
    plain = plain.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}")
    return "".join(c if c.isascii() else _unicode(c) for c in plain)


def _unicode(letter: str) -> str:
    """RTF is 7-bit: other letters are written as signed 16-bit numbers, two for those beyond the first plane."""
    units = letter.encode("utf-16-le", "replace")
    numbers = (int.from_bytes(units[i : i + 2], "little", signed=True) for i in range(0, len(units), 2))
    return "".join(f"\\uc1\\u{n}?" for n in numbers)


def rtf_text(table: Table, *, program: str = "") -> str:
    """Table as RTF, landscape, one header that repeats on each page; the same table gives the same text.

    With `program`, a line that says what made it, every page has that line, the footnotes, and its number of all.

    Raises
    ------
    UsageError
        rtflite is not installed; the message says how to get it.
    """
    import polars as pl

    try:
        import rtflite as rtf
    except ImportError:
        raise UsageError("rtf needs rtflite: install codon12[documents]") from None
    headings = [table.stub, *(" – ".join(filter(None, (c.span, c.heading))) for c in table.columns)]
    lines = [
        [
            rtf_escaped("    " * row.indent + (f"{row.label}, {row.unit}" if row.unit else row.label)),
            *(rtf_escaped(c.text) for c in (row.cells or ())),
        ]
        for row in table.rows
    ] or [["No data"]]
    lines = [line + [""] * (len(headings) - len(line)) for line in lines]
    frame = pl.DataFrame(lines, schema=[f"c{i}" for i in range(len(headings))], orient="row")
    widths = [3.0] + [max(0.8, 4.5 / max(1, len(table.columns)))] * len(table.columns)
    sides = ["l"] + ["c"] * len(table.columns)
    title = [rtf_escaped(t) for t in (table.title, table.population) if t]
    document = rtf.RTFDocument(
        df=frame,
        rtf_page=rtf.RTFPage(orientation="landscape", page_footnote="all" if program else "last"),
        rtf_page_header=rtf.RTFPageHeader(text=[_PAGE], text_convert=False) if program else None,
        rtf_page_footer=rtf.RTFPageFooter(text=[rtf_escaped(program)], text_convert=False, text_justification=["l"])
        if program
        else None,
        rtf_title=rtf.RTFTitle(text=title, text_convert=False),
        rtf_column_header=[
            rtf.RTFColumnHeader(
                text=[rtf_escaped(h) for h in headings],
                col_rel_width=widths,
                text_justification=sides,
                text_convert=False,
            )
        ],
        rtf_body=rtf.RTFBody(col_rel_width=widths, text_justification=[sides], text_convert=False),
        rtf_footnote=rtf.RTFFootnote(text=[rtf_escaped(t) for t in table.footnotes], text_convert=False, as_table=True)
        if table.footnotes
        else None,
    )
    return document.rtf_encode()
