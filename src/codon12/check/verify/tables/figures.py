"""What the cells of a table print: the first number, the one it is of, the share beside it, and its limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.verdicts import PROBLEMS
from codon12.check.verify.case import Case
from codon12.check.verify.prose import compared, held
from codon12.check.verify.tables.drawn import Cell, Row
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["Column", "Figure", "Grid", "read_grid"]

_N = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+"
_LIMITS = rf"(?P<low>{_N}) ?%?(?: ?- ?| to |, ?|; ?)(?P<high>{_N}) ?%?"
_CELL = re.compile(
    rf"[^\w.(\[<>≤≥±+-]{{0,2}}(?P<first>{_N}) ?(?P<sign>%)?(?: ?(?:/|\bof\b) ?(?P<of>{_N}))?"
    rf"(?: ?[(\[](?P<beside>{_N}) ?%?[)\]])?"
    rf"(?: ?[(\[,;] ?(?:95 ?% ?CI[:,]? ?)?{_LIMITS}[)\]]?)? ?[*†‡§¶]{{0,2}}[a-e]?\W*"
)
_RANGE = re.compile(rf"\W{{0,2}}{_LIMITS}\W{{0,2}}")
_SLOTS = ("first", "of", "beside", "low", "high")


class Figure(NamedTuple):
    """A number of a cell, and where it stands in the text."""

    value: Printed
    start: int
    end: int

    @property
    def at(self) -> tuple[int, int]:
        """Its offsets in the normal spelling."""
        return self.start, self.end


class Column(NamedTuple):
    """The numbers that stand at one place of the cells of one column: row -> number; and the words above."""

    place: tuple[int, str]
    head: str
    figures: dict[int, Figure]

    @property
    def is_whole(self) -> bool:
        """Whether all its numbers are whole and no percentage."""
        return all(not f.value.digits for f in self.figures.values())


class Grid(NamedTuple):
    """Rows of a table with numbers in as many cells each, and the columns of these numbers."""

    rows: list[Row]
    columns: list[Column]

    def is_judged(self, case: Case, row: int, *places: tuple[int, int]) -> bool:
        """Whether another rule has found something wrong with a number of a row."""
        found = held(case, self.rows[row].passage, *places)
        wrong = any(c.verdict in PROBLEMS for s in found for c in case.checks.get(s.id, ()))
        return wrong or any(compared(case, at, "worked out", "one total", "denominator") for at in places)


def read_grid(rows: Sequence[Row]) -> Grid | None:
    """Read the rows that have as many cells as most; None where fewer than two have numbers.

    A number with a percent sign is a share, wherever it stands: its column is not one of counts.
    """
    read = [(row, [_figures(c) for c in row.cells]) for row in rows]
    widths = Counter(len(row.cells) for row, found in read if sum(map(bool, found)) > 1)
    width = max(widths, key=lambda w: (widths[w], w), default=0)
    body = [(row, found) for row, found in read if len(found) == width and any(found)]
    if width < _FEWEST or len(body) < _FEWEST:
        return None
    heads = _heads([row for row, found in read if len(found) == width and not any(found)], width)
    columns = []
    for j in range(width):
        for slot in (*_SLOTS, "share"):
            figures = {k: f for k, (_, found) in enumerate(body) if (f := found[j].get(slot)) is not None}
            if figures:
                columns.append(Column((j, slot), heads[j], figures))
    return Grid([row for row, _ in body], columns)


_FEWEST = 2


def _heads(rows: Sequence[Row], width: int) -> list[str]:
    return [" ".join(dict.fromkeys(row.cells[j].text for row in rows if row.cells[j].text)) for j in range(width)]


def _figures(cell: Cell) -> dict[str, Figure]:
    m = _CELL.fullmatch(cell.text) or _RANGE.fullmatch(cell.text)
    if m is None:
        return {}
    found = {
        slot: Figure(read_printed(m[slot]), cell.start + m.start(slot), cell.start + m.end(slot))
        for slot in _SLOTS
        if slot in m.re.groupindex and m[slot] is not None
    }
    if "sign" in m.re.groupindex and m["sign"]:
        found["share"] = found.pop("first")
    return found
