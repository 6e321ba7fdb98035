"""Tables that lost their columns: each row is made one line with tabs between its cells again.

Pages and PDFs copied as text give `Male55 (67.1)45 (57.0)`, a cell a line, or `Male 55 (67.1) 45 (57.0)`; so one reader
serves all tables.
"""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.flattened.alone import has_cells_alone, rows_of_lines
from codon12.check.documents.flattened.cells import Edit, lines_of
from codon12.check.documents.flattened.glued import has_glued, unglued
from codon12.check.documents.flattened.spaced import has_spaced, rows_of_spaces

__all__ = ["rows_again"]


_PADDED = re.compile(r"(?<=\d)[ \t]?\( (?=\d(?:\.\d+)? ?%?\))")
"""A share set with a space so that its figures stand below each other: `25 ( 9)`."""


def rows_again(text: str) -> list[Edit]:
    r"""Edits, in order, that put tabs between the cells of rows that lost their columns.

    Examples
    --------
    >>> found = rows_again("Drug (n = 40)No drug (n = 20)\nMen22 (55)9 (45)\nWomen18 (45)11 (55)\nOld8 (20)5 (25)\n")
    >>> [(e.start, e.new) for e in found][:3]
    [(13, '\t'), (33, '\t'), (40, '\t')]
    """
    padded = [Edit(m.end() - 1, m.end(), "") for m in _PADDED.finditer(text)] if "( " in text else []
    glued, alone, spaced = has_glued(text), has_cells_alone(text), has_spaced(text)
    if not (glued or alone or spaced):
        return padded
    lines = lines_of(text)
    edits = padded + (unglued(lines) if glued else [])
    edits += rows_of_lines(text, lines) if alone else []
    edits += rows_of_spaces(lines) if spaced else []
    edits.sort(key=lambda e: (e.start, e.end))
    out: list[Edit] = []
    for e in edits:
        if not out or (e.start >= out[-1].end and (e.start, e.end) != (out[-1].start, out[-1].end)):
            out.append(e)
    return out
