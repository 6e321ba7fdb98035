"""A table as it is drawn: its rows, the label of each and its cells, the headings first."""

from __future__ import annotations

from collections import Counter, defaultdict
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
    label_end: int | None = None
    """Where the label ends in the text, if only spaces part it from its cells."""


def passages_of_tables(case: Case) -> dict[int, list[Passage]]:
    """The passages of each table, in order."""
    found: dict[int, list[Passage]] = defaultdict(list)
    for p in case.text.passages:
        if p.table is not None:
            found[p.table].append(p)
    return found


def drawn(case: Case, passages: Sequence[Passage]) -> list[Row]:
    """Rows of a table in their order, the headings first; lines that nothing parts into cells are left out."""
    rows = _without_joined([row for p in passages if (row := _row(case, p)) is not None])
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
    spaced = not any(sign in case.flat[p.start : p.end] for sign in "\t|")
    return Row(p, case.flat[a:b], cells, b if spaced else None)


_JOINED = re.compile(r"(?P<label>.*[A-Za-z].* )(?P<n>\d[\d,]*)")
_NEAR = 3


def _without_joined(rows: list[Row]) -> list[Row]:
    """Rows one cell short whose label ends in a number that stands where the first cells do: `No prior therapy 47`."""
    widths = Counter(len(row.cells) for row in rows)
    width = max(widths, key=lambda w: (widths[w], w), default=0)
    ends = Counter(r.cells[0].span[1] - r.passage.start for r in rows if r.label_end and len(r.cells) == width)
    out = []
    for row in rows:
        m = _JOINED.fullmatch(row.label) if row.label_end and len(row.cells) == width - 1 else None
        if m is not None and any(abs((row.label_end or 0) - row.passage.start - end) <= _NEAR for end in ends):
            cell = Cell(m["n"], (row.label_end or 0) - len(m["n"]))
            out.append(Row(row.passage, m["label"], [cell, *row.cells]))
        else:
            out.append(row)
    return out


_RULE = re.compile(r"[\s|:+=-]*")
_DIGIT, _SIZE = re.compile(r"\d"), re.compile(r"\b[nN] ?= ?\d[\d,]*")


def _head(case: Case, first: Row) -> Row | None:
    """The row of headings right above the first row with a number, where it has no number itself."""
    text, end = case.text.normal.text, first.passage.start
    while (end := text.rfind("\n", 0, end)) > 0:
        start = text.rfind("\n", 0, end) + 1
        if not _RULE.fullmatch(text, start, end):
            found = cells_of(text, start, end)
            if found is None or _DIGIT.search(_SIZE.sub("", text[start:end])):
                return None
            parts = [found[0], *((c.start, c.end) for c in found[1])]
            label = parts.pop(0) if len(parts) == len(first.cells) + 1 else (start, start)
            if len(parts) != len(first.cells):
                return None
            heads = [Cell(text[a:b], a) for a, b in parts]
            return Row(first.passage, text[label[0] : label[1]], heads)
    return None
