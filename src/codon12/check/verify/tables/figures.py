"""What the cells of a table print: the first number, the one it is of, the share beside it, and its limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.verdicts import PROBLEMS
from codon12.check.verify.case import Case
from codon12.check.verify.prose import compared, held
from codon12.check.verify.tables.drawn import Cell, Row
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["Column", "Figure", "Grid", "filled_up", "read_grid"]

_N = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+"
_LIMITS = rf"(?P<low>{_N}) ?%?(?: ?- ?| to |, ?|; ?)(?P<high>{_N}) ?%?"
_CELL = re.compile(
    rf"[^\w.(\[<>≤≥±+-]{{0,2}}(?P<first>{_N}) ?(?P<sign>%)?(?: ?(?:/|\bof\b) ?(?P<of>{_N}))?(?: ?[(\[](?P<beside>{_N}) "
    rf"?%?[)\]])?(?: ?[(\[,;] ?(?:95 ?% ?CI[:,]? ?)?{_LIMITS}[)\]]?)? ?[*†‡§¶]{{0,2}}[a-e]?\W*"
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
    widths = Counter(len(row.cells) for row in rows if sum(map(_has_number, row.cells)) > 1)
    width = max(widths, key=lambda w: (widths[w], w), default=0)
    fitting = [row for row in rows if len(row.cells) == width]
    body = [row for row in fitting if any(map(_has_number, row.cells))]
    if width < _FEWEST or len(body) < _FEWEST:
        return None
    heads = _heads([row for row in fitting if not any(map(_has_number, row.cells))], width)
    columns: list[Column] = []
    for j in range(width):
        slots: dict[str, dict[int, Figure]] = {slot: {} for slot in (*_SLOTS, "share")}
        for k, row in enumerate(body):
            for slot, figure in _figures(row.cells[j]):
                slots[slot][k] = figure
        columns += [Column((j, slot), heads[j], figures) for slot, figures in slots.items() if figures]
    return Grid(body, columns)


_FEWEST = 2


def filled_up(rows: Sequence[Row]) -> list[Row]:
    """Rows with the empty cells at their end, where signs part the cells and the first row has as many as any."""
    parted = [row for row in rows if row.label_end is None]
    width = max((len(row.cells) for row in parted), default=0)
    if len(parted) < len(rows) or not rows or len(rows[0].cells) != width:
        return list(rows)
    return [
        row._replace(cells=[*row.cells, *(Cell("", row.passage.end) for _ in range(width - len(row.cells)))])
        if row.cells else row
        for row in rows
    ]  # fmt: skip


def _heads(rows: Sequence[Row], width: int) -> list[str]:
    return [" ".join(dict.fromkeys(row.cells[j].text for row in rows if row.cells[j].text)) for j in range(width)]


def _has_number(cell: Cell) -> bool:
    return _CELL.fullmatch(cell.text) is not None or _RANGE.fullmatch(cell.text) is not None


def _figures(cell: Cell) -> Iterator[tuple[str, Figure]]:
    """The numbers of a cell, each with its place in it; a percentage with its sign is a share."""
    m = _CELL.fullmatch(cell.text) or _RANGE.fullmatch(cell.text)
    for slot in _SLOTS if m is not None else ():
        if m is not None and slot in m.re.groupindex and m[slot] is not None:
            name = "share" if slot == "first" and m["sign"] else slot
            yield name, Figure(read_printed(m[slot]), cell.start + m.start(slot), cell.start + m.end(slot))
