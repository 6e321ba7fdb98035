"""From the lines of a page to its reading order: wrapped cells whole, cells by their labels, no line numbers."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import NamedTuple

from codon12.check import patterns as re

__all__ = ["CELL_ALONE", "Line", "reading_order"]

_SAME_LINE = 0.4
"""Lines whose middles are nearer than this share of their height stand on one line."""
CELL_ALONE = re.compile(
    r"[(\[<>]?\d[^A-Za-z]{0,30}(?:NE|NR)?[)\]]?[*†‡§]?\s*$|[^.;\d]{0,30}[(\[]?\b[Nn] ?= ?\d[\d,]*[)\]]?\s*$"
)
_MOST_SHARED = 400
"""Lines of a page beyond which no partner is sought for cells that stand alone."""
_STEP = 1.9
"""Heights of a line, from the foot to the head of its letters, that a step to the next is at most."""
_LEADING = (0.4, 1.35)
"""Shares of the usual step between lines within which a line goes on with the one above it."""
_EDGE = 2.5
"""Points by which left edges of one column differ."""
_LONGEST_CELL = 8
"""Lines of a cell at most."""
_WIDE = 0.22
"""Share of the page from which on lines may be those of running text."""
_TEXT = 24
"""Characters of a line of running text at least, on average."""
_FEWEST_NUMBERS = 3


class Line(NamedTuple):
    """Words on one line of print and where they stand, in points; ``pieces`` are parted by wide gaps."""

    pieces: tuple[tuple[float, str], ...]
    """What stands between wide gaps, each with its left edge."""
    left: float
    right: float
    middle: float
    height: float
    words: tuple[tuple[float, int, int], ...] = ()
    """Of each word but the first of a piece: its left edge, the piece, and its place there."""
    running: bool = False
    """Whether it is one of running text, beside which no cell stands."""

    @property
    def text(self) -> str:
        """The pieces, three spaces between them."""
        return "   ".join(piece for _, piece in self.pieces)


def reading_order(lines: list[Line], width: float) -> list[Line]:
    """Lines of a page of some width, in the order in which it was written: the cells of a row made one line."""
    runs = _runs(_split_at_columns(_prose(_without_numbers(lines), width)))
    return _beside_labels(_split_at_columns(_rows(runs, width)))


def _without_numbers(lines: list[Line]) -> list[Line]:
    """Lines without the numbers of lines that a manuscript prints in its margin."""
    found = [x for x in lines if re.fullmatch(r"\s*\d{1,4}\s*", x.text)]
    if len(found) < _FEWEST_NUMBERS:
        return lines
    others = [x.left for x in lines if x not in found]
    edge = min(others, default=0.0)
    margin = [x for x in found if x.right < edge]
    values = [int(x.text) for x in sorted(margin, key=lambda x: -x.middle)]
    if len(values) < _FEWEST_NUMBERS or len({b - a for a, b in pairwise(values)}) != 1:
        return lines
    out = set(map(id, margin))
    return [x for x in lines if id(x) not in out]


def _runs(lines: list[Line]) -> list[list[Line]]:
    """Lines that stand below each other with one left edge, or one middle, a step apart."""
    steps = [a.middle - b.middle for a, b in pairwise(lines) if abs(a.left - b.left) < _EDGE and a.middle > b.middle]
    most = _STEP * median(x.height for x in lines) if lines else 0.0
    step = min(median(steps), most) if steps else most
    low, high = _LEADING[0] * step, _LEADING[1] * step
    runs: list[list[Line]] = []
    for line in lines:
        above = runs[-1][-1] if runs else None
        if (
            above is not None
            and len(line.pieces) == 1
            and low < above.middle - line.middle < high
            and _is_below(above, line)
        ):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _is_below(above: Line, line: Line) -> bool:
    """Whether a line has the left edge or the middle of the last piece above it."""
    edge = above.pieces[-1][0]
    return abs(edge - line.left) < _EDGE or abs(edge + above.right - line.left - line.right) < _EDGE


def _is_running(run: list[Line], width: float) -> bool:
    """Whether lines below each other are running text, not a cell."""
    if len(run) > _LONGEST_CELL:
        return True
    if len(run[0].pieces) > 1:
        return False
    widest = max(x.right - x.left for x in run)
    mean = sum(len(x.text.strip()) for x in run) / len(run)
    return widest > _WIDE * width and mean > _TEXT and (len(run) > 2 or widest > 2 * _WIDE * width)


def _rows(runs: list[list[Line]], width: float) -> list[Line]:
    """Each run as its lines; runs that stand beside each other, as cells of a row do, as one line."""
    out: list[Line] = []
    row: list[list[Line]] = []
    for run in runs:
        if run[0].running or _is_running(run, width):
            out += [*_row(row), *(x._replace(running=True) for x in run)]
            row = []
        elif row and (before := _fitting(row, run)) is not None:
            if len(row) == 1:
                out += row[0][:before]
                row = [row[0][before:]]
            row.append(run)
        else:
            out += _row(row)
            row = [run]
    return [*out, *_row(row)]


def _fitting(row: list[list[Line]], run: list[Line]) -> int | None:
    """How many lines of the first cell are rows of their own, where a run is the next cell; None where it is not."""
    last = row[-1]
    slack = _SAME_LINE * min(last[0].height, run[0].height)
    top, bottom = run[0].middle, run[-1].middle
    if len(last[0].pieces) > 1 and len(last) == 1 and len(run) == 1 and abs(last[0].middle - top) > slack:
        return None
    near = [x for x in last if bottom - slack <= x.middle <= top + slack] or last
    if run[0].left <= max(x.left for x in last) + _EDGE or run[0].left < max(x.right for x in near) - _EDGE:
        return None
    if top > max(c[0].middle for c in row) + slack and len(run) == 1:
        return None
    if bottom > max(c[0].middle for c in row) + slack or top < min(c[-1].middle for c in row) - slack:
        return None
    if len(run) == len(last) >= _MANY and all(CELL_ALONE.match(x.text) for x in run):
        return None  # a column of cells, not a cell of many lines
    if len(row) > 1:
        return 0
    first = row[0]
    at = next((k for k, x in enumerate(first) if abs(x.middle - top) <= slack), None)
    if at is not None:
        return at
    centre = (top + bottom) / 2  # set in the middle of its row
    return min(range(len(first)), key=lambda k: abs((first[k].middle + first[-1].middle) / 2 - centre))


_MANY = 4


def _row(cells: list[list[Line]]) -> list[Line]:
    """The cells of a row as one line; what is no row as it was."""
    if len(cells) < len(("label", "cell")) and (len(cells) == 0 or len(cells[0][0].pieces) == 1 or len(cells[0]) == 1):
        return [x for cell in cells for x in cell]
    if len(cells[0]) > _LONGEST_CELL:
        return [x for cell in cells for x in cell]
    pieces = []
    for cell in cells:
        *rest, (edge, last) = cell[0].pieces
        text = " ".join([last.strip(), *(x.text.strip() for x in cell[1:])])
        pieces += [*rest, (edge, text)]
    lines = [x for cell in cells for x in cell]
    top = cells[0][0]
    return [Line(tuple(pieces), top.left, max(x.right for x in lines), top.middle, top.height)]


_NEAR = 8
"""Rows above and below whose columns tell where a cell begins."""


def _prose(lines: list[Line], width: float) -> list[Line]:
    """Lines, those of running text marked: no column of a table that is near begins within them."""
    out: list[Line] = []
    for run in _runs(lines):
        text = "".join(x.text for x in run).replace(" ", "")
        wordy = sum(map(str.isalpha, text)) > _LETTERS * len(text)
        out += [x._replace(running=True) for x in run] if wordy and _is_running(run, width) else run
    return out


_LETTERS = 0.6
"""Share of letters in running text at least: rows of cells have fewer."""


def _split_at_columns(lines: list[Line]) -> list[Line]:
    """Lines of too few pieces, split where words stand at the edges of columns of the rows around."""
    out = list(lines)
    for k, line in enumerate(lines):
        if line.running or not line.words:
            continue
        near = [x for x in lines[max(0, k - _NEAR) : k + _NEAR + 1] if len(x.pieces) > 1 and x is not line]
        near = [x for x in near if abs(x.left - line.left) < 4 * _EDGE]
        edges = {x for other in near for x, _ in other.pieces[1:]}
        begun = {x for x, _, _ in line.words} | {x for x, _ in line.pieces}
        more = [x for x in near if len(x.pieces) > len(line.pieces)]
        head = any(all(_at(x, begun) for x, _ in other.pieces) for other in more)
        pieces: list[tuple[float, str]] = []
        for i, (left, text) in enumerate(line.pieces):
            cuts = [(x, at) for x, j, at in line.words if j == i and _at(x, edges) and _begins(text, at, head=head)]
            edge, begin = left, 0
            for x, at in cuts:
                pieces.append((edge, text[begin:at].rstrip()))
                edge, begin = x, at
            pieces.append((edge, text[begin:]))
        if len(pieces) > len(line.pieces):
            out[k] = line._replace(pieces=tuple(pieces), words=())
    return out


def _begins(text: str, at: int, *, head: bool) -> bool:
    """Whether a cell may begin here: with a figure, or with any word of a head, and not within a phrase."""
    if _OPEN.search(text, 0, at) or not (head or re.match(r"[(<]?\d", text[at:])):
        return False
    return head or len(_LOWER.findall(text, at)) < _PHRASE


_OPEN = re.compile(r"(?:\b(?:of|in|and|to|the|an?|was|were|by|with|for|than|or|at|not|did|had|from|on)|,) *$")
"""What no cell ends with."""
_LOWER = re.compile(r"(?<![\w-])[a-z]+\b")
_PHRASE = 3
"""Words in small letters behind a figure that make a phrase of it, no cell."""


def _at(x: float, edges: set[float]) -> bool:
    return any(abs(x - edge) < _EDGE for edge in edges)


def _beside_labels(lines: list[Line]) -> list[Line]:
    """Lines in order; what stands to the right of a line at its height belongs to it, as cells of a table do."""
    out: list[Line] = []
    for line in lines:
        at = None
        if out and not line.running and not out[-1].running and _beside(out[-1], line):
            at = len(out) - 1
        elif CELL_ALONE.match(line.text) and len(out) <= _MOST_SHARED:
            near = [k for k, other in enumerate(out) if not other.running and _beside(other, line)]
            at = max(near, key=lambda k: out[k].right, default=None)
        if at is None:
            out.append(line)
        else:
            before = out[at]
            *first, (edge, last) = before.pieces
            out[at] = before._replace(pieces=(*first, (edge, last.rstrip()), *line.pieces), right=line.right, words=())
    return out


def _beside(first: Line, second: Line) -> bool:
    height = min(first.height, second.height)
    return abs(first.middle - second.middle) < _SAME_LINE * height and second.left > first.right
