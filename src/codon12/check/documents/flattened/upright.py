"""Tables with a group a row and an outcome a column, turned: groups are columns in the tables that the rules know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from codon12.check import patterns as re
from codon12.check.documents.flattened.cells import A_SHARE, SIZE, Edit, Line, lines_of
from codon12.check.documents.flattened.relaid import Cell, relaid

__all__ = ["rows_upright"]

_SIZED_LABEL = re.compile(r"^[^\n\t|]{0,80}\|?[^\n\t|]{0,80}?[nN] ?= ?\d[^\n\t|]{0,40}[\t|]", re.MULTILINE)
_OF_A_RULE = frozenset(" \t|:+-")
_EDGES = re.compile(r"\s*\|?(?P<cells>[^\n]*?)\|?\s*")
_GRADED = re.compile(r"\bgrades?\b", re.IGNORECASE)
_FEWEST, _MOST, _NARROWEST, _WIDEST = 2, 6, 3, 40
"""Groups, and columns of outcomes."""
_SHARES = 3
"""One cell in so many, at least, is a count with its share."""


def rows_upright(text: str) -> list[Edit]:
    """Edits that turn the tables whose rows, all of them, are groups: `Drug (n = 40) | 12 (30) | ...`."""
    out: list[Edit] = []
    if ("\t" in text or "|" in text) and len(list(islice(_SIZED_LABEL.finditer(text), _FEWEST))) == _FEWEST:
        for block in _blocks(lines_of(text)):
            rows = _turned(text, [_cells(text, line) for line in block if not _is_rule(line.words)])
            if rows is not None:
                out += relaid(text, block[0].start, block[-1].end, rows, turned=True)
    return out


def _is_rule(words: str) -> bool:
    """Whether a line is drawn: `|---|:--:|`."""
    return "--" in words and _OF_A_RULE.issuperset(words)


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for line in [*lines, Line(0, 0, "")]:
        if "\t" in line.words or "|" in line.words:
            block.append(line)
        elif block:
            yield block
            block = []


def _cells(text: str, line: Line) -> list[Cell]:
    """The cells of a line between tabs or bars."""
    begin, end, sign = line.start, line.end, "\t"
    if "|" in line.words:
        edges = _EDGES.fullmatch(text, begin, end)
        (begin, end), sign = edges.span("cells") if edges else (begin, end), "|"
    at, out = begin, list[Cell]()
    for piece in text[begin:end].split(sign):
        a = at + len(piece) - len(piece.lstrip())
        out.append([(a, a + len(piece.strip()))] if piece.strip() else [])
        at += len(piece) + 1
    return out


def _turned(text: str, rows: list[list[Cell]]) -> list[list[Cell]] | None:
    """The rows of a table of groups as its columns; None of any other table."""

    def words(cell: Cell) -> str:
        return text[cell[0][0] : cell[0][1]] if cell else ""

    width = max(map(len, rows))
    rows = [[*row, *([] for _ in range(width - len(row)))] for row in rows]
    heads = [row for row in rows if SIZE.search(words(row[0])) is None]
    body = rows[len(heads) :]
    if not 1 <= len(heads) <= 2 or not _FEWEST <= len(body) <= _MOST or not _NARROWEST < width <= _WIDEST:
        return None
    told = " ".join(words(cell) for row in heads for cell in row)
    cells = [words(cell) for row in body for cell in row[1:] if cell]
    shares = sum(A_SHARE.match(w) is not None for w in cells)
    if rows[: len(heads)] != heads or SIZE.search(told) or _GRADED.search(told) or _SHARES * shares < len(cells):
        return None
    out: list[list[Cell]] = [[heads[0][0] or heads[-1][0], *(row[0] for row in body)]]
    for j in range(1, width):
        group, label = heads[0][j] if len(heads) > 1 else [], heads[-1][j]
        if group and label:
            out.append([group])
        out.append([label or group, *(row[j] for row in body)])
    return out
