"""Rows in columns of spaces whose label or cells go on below: each is made one line with tabs between its cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from codon12.check import patterns as re
from codon12.check.documents.flattened.cells import CAPTION, Edit, Line, lines_of
from codon12.check.documents.flattened.relaid import relaid

__all__ = ["rows_unwrapped"]

Span = tuple[int, int]
_GOES_ON = re.compile(r"\S {2,}\S[^\n]{0,300}\n(?: {2,}[(\[]| {0,16}[a-z(][^\n]{0,40}\n)")
_PIECE = re.compile(r"\S+(?: \S+)*")
_OPENS = re.compile(r"[a-z(\[]")
_BRACKETED = re.compile(r"[(\[][^()\[\]]*[)\]][*†‡§]?")
_FEWEST, _FEWEST_WRAPPED, _LONGEST, _MOST_STARTS = 3, 2, 60, 400
_SLACK = 1
"""Characters by which cells of one column may begin apart."""


def rows_unwrapped(text: str) -> list[Edit]:
    """Edits that write the tables anew in which two lines or more go on with the row above, their columns in line."""
    out: list[Edit] = []
    if "   " in text and _GOES_ON.search(text) is not None:
        for block in _blocks(lines_of(text)):
            rows = _rows(block)
            if rows is not None:
                out += relaid(text, block[0].start, block[-1].end, rows)
    return out


def _pieces(line: Line) -> list[Span]:
    return [(line.start + m.start(), line.start + m.end()) for m in _PIECE.finditer(line.words)]


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines in a run, from the first to the last with pieces beside each other and what goes on below that."""
    run: list[Line] = []
    for line in [*lines, Line(0, 0, "")]:
        if line.words.strip() and "\t" not in line.words and "|" not in line.words and not CAPTION.match(line.words):
            run.append(line)
            continue
        parted = [k for k, x in enumerate(run) if len(_pieces(x)) > 1]
        if len(parted) >= _FEWEST:
            last = parted[-1] + 1
            while last < len(run) and len(run[last].words.strip()) < _LONGEST and _OPENS.match(run[last].words.strip()):
                last += 1
            yield run[parted[0] : last]
        run = []


def _rows(block: Sequence[Line]) -> list[list[list[Span]]] | None:
    """The cells of each row, each with its pieces; None where nothing goes on or columns are not in line."""
    starts = Counter(a - line.start for line in block for a, _ in _pieces(line)[1:])
    edges: list[int] = []
    if len(starts) > _MOST_STARTS:
        return None
    for at, times in sorted(starts.items(), key=lambda x: (-x[1], x[0])):
        if times > 1 and all(abs(at - e) > _SLACK for e in edges):
            edges.append(at)
    edges.sort()
    rows: list[list[list[Span]]] = []
    wrapped = 0
    for line in block:
        placed: dict[int, Span] = {}
        for a, b in _pieces(line):
            column = next((k for k, e in enumerate(edges, 1) if abs(a - line.start - e) <= _SLACK), None)
            if column is None and (placed or not edges or a - line.start > edges[0]):
                return None
            placed[column or 0] = (a, b)
        words = {k: line.words[a - line.start : b - line.start] for k, (a, b) in placed.items()}
        label = words.pop(0, "")
        goes_on = bool(rows) and (not label or _OPENS.match(label) is not None)
        if goes_on and all(_BRACKETED.fullmatch(w) and rows[-1][k] for k, w in words.items()):
            wrapped += 1
        else:
            rows.append([[] for _ in range(len(edges) + 1)])
        for k, span in placed.items():
            rows[-1][k].append(span)
    return rows if wrapped >= _FEWEST_WRAPPED else None
