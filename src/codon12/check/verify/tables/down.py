"""Rows that are the sum of those above or below them, column by column: a total, and the levels of one thing.

That rows add up to another the other columns must show; a column that does not, where they do, has a slip.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.prose import compared, held
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.check.verify.tables.drawn import Cell, Row
from codon12.check.verify.tables.figures import Column, Grid

__all__ = ["check_down", "check_reasons"]

_MOST_ROWS = 80
_LONGEST = 8
"""Rows that are summed at most."""
_CHANCE = 3.5
"""Digits of sums that chance would have to hit."""
_WITHOUT_DATA = 10
"""Patients that may be left out of one column as those whose level is not known."""


class _Sum(NamedTuple):
    """A row, the rows that are summed, and the columns in which they make it and in which not."""

    whole: int
    parts: range
    right: list[Column]
    wrong: list[Column]
    sure: bool = False
    """Whether blocks of the same labels add up in that column."""


def check_down(case: Case, grid: Grid) -> None:
    """Check each run of rows that makes another row in most columns of counts; and weights that make a hundred."""
    counts = [c for c in grid.columns if c.is_whole and c.place[1] in ("first", "of")]
    if len(counts) > 1 and 2 < len(grid.rows) <= _MOST_ROWS:
        for found in (*_sums(grid, counts), *_alike(grid, counts)):
            for column in found.wrong:
                _tell(case, grid, found, column)
        _of_heads(case, grid, counts)
    for column in grid.columns:
        if _WEIGHT.search(column.head) and column.place[1] in ("first", "share"):
            _weights(case, grid, column)


def _sums(grid: Grid, counts: list[Column]) -> Iterator[_Sum]:
    """Sums that the columns show: of rows right above or below, or anywhere below the first row, of all."""
    last = len(grid.rows)
    for start in range(last - 1):
        for stop in range(start + 2, min(start + _LONGEST, last) + 1):
            parts = range(start, stop)
            for whole in {0, start - 1, stop} - {-1, last, *parts}:
                found = _add_up(whole, parts, counts)
                if found is not None:
                    yield found


def _alike(grid: Grid, counts: list[Column]) -> Iterator[_Sum]:
    """Blocks of the same labels, of which all but one make the row above: of the counts of one column at a time."""
    labels = [row.label.strip() for row in grid.rows]
    blocks: dict[tuple[str, ...], list[range]] = defaultdict(list)
    times = Counter(labels)
    for start in (k for k in range(1, len(labels) - 1) if times[labels[k]] >= _BLOCKS):
        for stop in range(start + 2, min(start + _LONGEST, len(labels)) + 1):
            blocks[tuple(labels[start:stop])].append(range(start, stop))
    for names, runs in blocks.items():
        if len(runs) < _BLOCKS or any(labels[run[0] - 1] in names for run in runs):
            continue
        made = {c.place: [_makes(c, run) for run in runs] for c in counts}
        for c in counts:
            fits = made[c.place]
            if fits.count(False) == 1 and fits.count(True) == len(runs) - 1:
                at = fits.index(False)
                right = [x for x in counts if made[x.place][at]]
                if right:
                    yield _Sum(runs[at][0] - 1, runs[at], right, [c], sure=True)


_BLOCKS = 3
_SIZE = re.compile(r"\b[nN] ?= ?(?P<n>\d[\d,]*)")
_ARMS, _LEAST_ARM = 3, 20


def _of_heads(case: Case, grid: Grid, counts: list[Column]) -> None:
    """Rows between others that are all of each column, which are all of it too, but for one column."""
    sized = [(c, int(m["n"].replace(",", ""))) for c in counts if (m := _SIZE.search(c.head)) is not None]
    if len(sized) < _ARMS or min(n for _, n in sized) < _LEAST_ARM:
        return
    last, wrong = len(grid.rows), dict[range, list[tuple[Column, int]]]()
    for start in range(last - 1):
        for stop in range(start + 2, min(start + _LONGEST, last) + 1):
            run = range(start, stop)
            if all(k in c.figures for c, _ in sized for k in run):
                wrong[run] = [(c, n) for c, n in sized if sum(c.figures[k].value.value for k in run) != n]
    full = [run for run, odd in wrong.items() if not odd]
    begins, ends, within = {r.start for r in full}, {r.stop for r in full}, {k for r in full for k in r}
    for run, odd in wrong.items():
        beside = (run.start in ends) + (run.stop in begins)
        edges = (run.start == 0) + (run.stop == last)
        if len(odd) != 1 or not beside or beside + edges < len(("above", "below")) or not within.isdisjoint(run):
            continue
        (column, n), each = odd[0], [int(odd[0][0].figures[k].value.value) for k in run]
        places, apart = [column.figures[k].at for k in run], n - sum(each)
        slip = apart <= 0 or apart >= _WITHOUT_DATA  # else of some it is not known
        slip = slip and any(_one_slip(x, x + apart) for x in each if x + apart > 0)
        if not slip or any(compared(case, at, "sum", "row sum", "worked out") for at in places):
            continue
        sentence = (
            f"{' + '.join(map(str, each))} = {sum(each)}, not the {n} of the column; in {_others(len(sized) - 1)} they "
            "are all of it, as the rows beside them."
        )
        case.relate("sum", places, "error-if" if apart < 0 else "unlikely", sentence, "sum of rows",
                    on=held(case, grid.rows[run.stop - 1].passage, places[-1]), tie="structural")  # fmt: skip


def _makes(column: Column, parts: range) -> bool | None:
    """Whether rows make the one above them in a column; None where one has no number there."""
    if any(k not in column.figures for k in (parts[0] - 1, *parts)):
        return None
    whole, *each = (column.figures[k].value.value for k in (parts[0] - 1, *parts))
    return sum(each) == whole > max(each)


_BELOW = re.compile(r"\W{0,2}[-–—•·▪]")
_OF_REASONS = re.compile(
    r"discontinu|withdr[ae]w|withdrawn|dropped out|off (?:treatment|study|therapy)|excluded|ineligible|stopped|"
    r"left the|not (?:randomi|treated|complet|eligib|enrol|includ)|screen(?:ing)? fail",
    re.IGNORECASE,
)


def check_reasons(case: Case, rows: Sequence[Row]) -> None:
    """Reasons set below those who left, with a dash each: one of each patient, so that they make all of them."""
    for k, row in enumerate(rows[:-1]):
        if _BELOW.match(row.label) or not _OF_REASONS.search(row.label):
            continue
        below = list(takewhile(lambda r: _BELOW.match(r.label) is not None, rows[k + 1 :]))
        if len(below) > 1 and all(len(r.cells) == len(row.cells) for r in below):
            for j, cell in enumerate(row.cells):
                each = [r.cells[j].n for r in below]
                if cell.n is not None and None not in each:
                    _reasons(case, row, cell, [r.cells[j] for r in below])


def _reasons(case: Case, row: Row, cell: Cell, parts: Sequence[Cell]) -> None:
    together = sum(c.n or 0 for c in parts)
    places = [*(c.at for c in parts), cell.at]
    if together > (cell.n or 0) and not any(compared(case, at, "sum") for at in places):
        shown = " + ".join(str(c.n) for c in parts)
        sentence = (
            f"{shown} = {together}, more than the {cell.n} under “{row.label.strip()}”, if each left for one reason."
        )
        case.relate("sum", places, "error-if", sentence, "sum of reasons", tie="structural",
                    on=held(case, row.passage, places[-1]))  # fmt: skip


def _add_up(whole: int, parts: range, counts: list[Column]) -> _Sum | None:
    right, wrong, digits = [], [], 0.0
    for c in counts:
        if whole not in c.figures or any(k not in c.figures for k in parts):
            continue
        n, each = c.figures[whole].value.value, [c.figures[k].value.value for k in parts]
        if sum(each) != n:
            wrong.append(c)
            if len(wrong) > 1:
                return None
        elif n and sum(map(bool, each)) > 1:
            right.append(c)
            digits += math.log10(float(n))
    return _Sum(whole, parts, right, wrong) if wrong and len(right) > 1 and digits >= _CHANCE else None


def _tell(case: Case, grid: Grid, found: _Sum, column: Column) -> None:
    cells = [column.figures[k] for k in found.parts]
    n, each = int(column.figures[found.whole].value.value), [int(f.value.value) for f in cells]
    places = [*(f.at for f in cells), column.figures[found.whole].at]
    apart = n - sum(each)
    slip = apart >= _WITHOUT_DATA and any(_one_slip(x, x + apart) for x in (*each, sum(each)))
    sure = found.sure or sum(each) > n or (column.place[0], "of") in {c.place for c in found.right}
    if not (sure or slip) or any(compared(case, at, "sum", "row sum", "worked out") for at in places):
        return
    if all(x > n for x in each):
        return  # each more than all: those of whom it is not true, as true negatives beside true positives
    labels = [grid.rows[k].label.strip() for k in (found.parts[0], found.parts[-1])]
    sentence = (
        f"{' + '.join(map(str, each))} = {sum(each)}, not {n}; in {_others(len(found.right))} the rows from "
        f"“{labels[0]}” to “{labels[1]}” make “{grid.rows[found.whole].label.strip()}”."
    )
    p = grid.rows[found.whole].passage
    case.relate("sum", places, "error-if" if sure else "unlikely", sentence, "sum of rows",
                on=held(case, p, places[-1]), tie="structural")  # fmt: skip


def _others(columns: int) -> str:
    return f"{columns} other columns" if columns > 1 else "another column"


def _one_slip(a: int, b: int) -> bool:
    return one_digit_apart(str(a), str(b)) or sorted(str(a)) == sorted(str(b))


_WEIGHT = re.compile(r"\bweights?\b", re.IGNORECASE)
_ALL = re.compile(r"\b(?:total|overall|all|pooled|summary|subtotal|random|fixed)\b", re.IGNORECASE)
_WHOLE = 100
_NEAR = 10


def _weights(case: Case, grid: Grid, column: Column) -> None:
    """The weights of the studies of a meta-analysis make a hundred."""
    rows = [k for k in column.figures if not _ALL.search(grid.rows[k].label)]
    values = [column.figures[k].value for k in rows]
    if len(values) < 3 or any(b - a != 1 for a, b in pairwise(rows)) or len(rows) < len(grid.rows) - 1:
        return
    together, slack = sum(v.value for v in values), sum(v.step for v in values) / 2
    whole = 1 if together < 2 else _WHOLE
    if abs(together - whole) <= slack or abs(together - whole) > whole / _NEAR:  # far from it, studies are left out
        return
    places = [column.figures[k].at for k in rows]
    sentence = f"The weights make {float(together):g}, not {whole}."
    case.relate("sum", places, "error-if", sentence, "sum of weights", tie="structural",
                on=held(case, grid.rows[rows[-1]].passage, places[-1]))  # fmt: skip
