"""Rows whose label and cells stand on lines of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.documents.flattened.cells import CAPTION, FEWEST_ROWS, MARK, SIZE, STRONG, WEAK, Edit, Line

__all__ = ["has_cells_alone", "rows_of_lines"]

_ALONE = re.compile(rf"\s*(?:{STRONG}|{WEAK}){MARK}\s*")
_STRONG_ALONE = re.compile(rf"\s*{STRONG}{MARK}\s*")
_SHARE_ALONE = re.compile(r"\s*[(\[][<>]?\d[\d.]*\s?%?[)\]]\s*")
"""The percentage of the count on the line above."""
_WORDS = re.compile(r"[A-Za-z]{2,}")
_A_CELL_LINE = re.compile(rf"^[ ]*(?:{STRONG}|\([<>]?\d[\d.]*%?\)){MARK}[ ]*$", re.MULTILINE)
_LONGEST_CELL, _LONGEST_LABEL = 48, 140


def has_cells_alone(text: str) -> bool:
    """Whether a text has a line that is a cell."""
    return _A_CELL_LINE.search(text) is not None


def rows_of_lines(text: str, lines: Sequence[Line]) -> list[Edit]:
    """Rows whose label and cells stand on lines of their own, with or without blank lines between."""
    solid = [line for line in lines if line.words.strip()]
    kinds = [_kind(line.words) for line in solid]
    rows = [row for row in _grouped(kinds) if _goes_on(solid, row)]
    strong = [row for row in rows if any(kinds[k] in "S%" for k in row[1:])]
    if len(strong) < FEWEST_ROWS:
        return []
    out: list[Edit] = []
    width = Counter(len(row) - 1 for row in rows).most_common(1)[0][0]
    for row in [part for whole in rows for part in _parted(whole, kinds, width)]:
        for a, b in pairwise(row):
            new = " " if kinds[b] == "%" else "\t"
            out.append(Edit(_inner_end(text, solid[a]), _inner_start(text, solid[b]), new))
    return out


def _parted(row: list[int], kinds: Sequence[str], width: int) -> list[list[int]]:
    """A heading behind which each row opens with a figure as its label: `ECOG`, `0`, `57 (32)`, `1` ..."""
    cells = row[1:]
    parts = [cells[k : k + width + 1] for k in range(0, len(cells), width + 1)]
    if width < 1 or len(cells) <= width or len(parts[-1]) <= width:
        return [row]
    labelled = all(kinds[p[0]] == "w" and all(kinds[k] == "S" for k in p[1:]) for p in parts)
    return parts if labelled else [row]


def _inner_end(text: str, line: Line) -> int:
    return line.start + len(text[line.start : line.end].rstrip())


def _inner_start(text: str, line: Line) -> int:
    words = text[line.start : line.end]
    return line.start + len(words) - len(words.lstrip())


def _kind(words: str) -> str:
    """What a line is: a strong cell (S), a weak one (w), a percentage alone (%), a label (l), anything else (x)."""
    if len(words) > _LONGEST_LABEL or "\t" in words or "|" in words:
        return "x"
    if len(words) <= _LONGEST_CELL:
        if _SHARE_ALONE.fullmatch(words):
            return "%"
        if _STRONG_ALONE.fullmatch(words):
            return "S"
        if _ALONE.fullmatch(words):
            return "w"
    return "l" if not words.rstrip().endswith(".") and CAPTION.match(words) is None else "x"


def _grouped(kinds: Sequence[str]) -> Iterator[list[int]]:
    """A label and the cells behind it, by their numbers; a figure before strong cells may be the label itself."""
    row: list[int] = []
    for k, kind in enumerate(kinds):
        if kind in "Sw%" and row:
            row.append(k)
        else:
            if len(row) > 1:
                yield row
            row = [k] if kind == "l" else []
    if len(row) > 1:
        yield row


def _goes_on(solid: Sequence[Line], row: Sequence[int]) -> bool:
    """Whether label and cells may be one row: the label is no size of a group, and no line of a head."""
    label = solid[row[0]].words
    return (SIZE.search(label) is None and _WORDS.search(label) is not None) or label.strip()[:1] in "<>≤≥"
