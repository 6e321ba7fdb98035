"""Cells of a table in one spelling: the count ahead of its share, the size of a group as `n = 40`."""

from __future__ import annotations

from collections.abc import Iterator

from codon12.check import patterns as re
from codon12.check.documents.flattened.cells import Edit

__all__ = ["cells_alike"]

_SHARE_FIRST = re.compile(
    r"(?:(?<=[|\t])|(?<=  )) ?(?P<percent>\d{1,3}(?:\.\d+)? ?%)(?P<gap> ?)\((?P<n>\d[\d,]*(?: ?/ ?\d[\d,]*)?)\)"
    r"(?=[^\n|\t(\d]{0,3}(?:[|\t\n]|  |$))"
)
"""`10.0% (12)` or `10.0% (12/120)`."""
_SIZE = re.compile(
    r"(?P<cell>(?:[\t|]|  |^(?=[^\n\t|]{0,60}[\t|]))[^\n\t|()\d]{0,40})"
    r"\((?P<n>\d[\d,]*) (?:patients|participants|subjects)\)"
    r"(?=[ *†‡§¶]{0,3}(?:[|\t\n]|  |$))",
    re.MULTILINE,
)
"""`Drug (40 patients)` in a head."""


def cells_alike(text: str) -> list[Edit]:
    r"""Edits that bring cells to one spelling, none longer or shorter than before: what stands below keeps its column.

    Examples
    --------
    >>> [e.new for e in cells_alike("Event\tDrug (40 patients)\nRash\t10.0% (4)\n")]
    ['(n = 40)     ', '4 (10.0%)']
    """
    return sorted(_edits(text), key=lambda e: e.start)


def _edits(text: str) -> Iterator[Edit]:
    if "% (" in text or "%(" in text:
        for m in _SHARE_FIRST.finditer(text):
            yield Edit(m.start("percent"), m.end(), f"{m['n']}{m['gap']}({m['percent']})")
    if "s)" in text:
        for m in _SIZE.finditer(text):
            yield Edit(m.end("cell"), m.end(), f"(n = {m['n']})".ljust(m.end() - m.end("cell")))
