"""A table as it is drawn: its rows, the label of each and its cells, the headings first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.grammar.columns import cells_of
from codon12.check.verify.case import Case

__all__ = ["Cell", "Row", "drawn", "passages_of_tables"]

_COUNT = re.compile(
    r"^\W*(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d|\.\d| ?%|[-/]|\s?±| to )(?: ?\([\d.]+ ?%?\))? ?[a-z*†‡§]{0,2}\W*$"
)
_LARGE = 12


class Cell:
    """What stands in one column of a row, and where; of a large table there are thousands."""

    __slots__ = ("n", "start", "text")

    def __init__(self, text: str, start: int) -> None:
        self.text, self.start = text, start
        found = _COUNT.match(text)
        self.n = int(found["n"].replace(",", "")) if found else None
        """The count it prints, with or without its share behind; None where it prints anything else."""

    @property
    def span(self) -> tuple[int, int]:
        """Where the cell stands in the text."""
        return self.start, self.start + len(self.text)

    @property
    def at(self) -> tuple[int, int]:
        """Where its count stands, else the whole cell."""
        found = _COUNT.match(self.text)
        return (self.start + found.start("n"), self.start + found.end("n")) if found else self.span


class Row(NamedTuple):
    """A label and the cells behind it; of the headings what stands above them."""

    passage: Passage
    label: str
    cells: list[Cell]


def passages_of_tables(case: Case) -> dict[int, list[Passage]]:
    """The passages of each table, in order."""
    found: dict[int, list[Passage]] = defaultdict(list)
    for p in case.text.passages:
        if p.table is not None:
            found[p.table].append(p)
    return found


def drawn(case: Case, passages: Sequence[Passage]) -> list[Row]:
    """Rows of a table in their order, the headings first; lines that nothing parts into cells are left out."""
    rows = [row for p in passages if (row := _row(case, p)) is not None]
    head = _head(case, rows[0]) if rows else None
    return [*([head] if head else []), *rows]


def _row(case: Case, p: Passage) -> Row | None:
    found = cells_of(case.flat, p.start, p.end)
    if found is None or len(found[1]) >= _LARGE:
        return None
    (a, b), parts = found
    cells = [Cell(part.words, part.start) for part in parts]
    while cells and not cells[-1].text:
        cells.pop()
    return Row(p, case.flat[a:b], cells)


_RULE = re.compile(r"[\s|:+=-]*")


def _head(case: Case, first: Row) -> Row | None:
    """The row of headings right above the first row with a number, where it has no number itself."""
    text, end = case.text.normal.text, first.passage.start
    while (end := text.rfind("\n", 0, end)) > 0:
        start = text.rfind("\n", 0, end) + 1
        if not _RULE.fullmatch(text, start, end):
            found = cells_of(text, start, end)
            if found is None or any(ch.isdigit() for ch in text[start:end]):
                return None
            parts = [found[0], *((c.start, c.end) for c in found[1])]
            label = parts.pop(0) if len(parts) == len(first.cells) + 1 else (start, start)
            if len(parts) != len(first.cells):
                return None
            heads = [Cell(text[a:b], a) for a, b in parts]
            return Row(first.passage, text[label[0] : label[1]], heads)
    return None
