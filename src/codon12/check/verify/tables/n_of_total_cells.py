"""Cells of n/N: no n above its N where the others are below, and a row of totals that is the sum of the rows above."""

from __future__ import annotations

from collections import Counter, defaultdict

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.numbers.unrounded import Printed

__all__ = ["check_n_of_total_cells"]

_TOTAL = re.compile(r"\W*(?:total|overall|all (?:studies|trials)|pooled)\b", re.IGNORECASE)
_FEWEST = 3
"""Other cells of n/N a table must have, and rows above its total."""


def check_n_of_total_cells(case: Case) -> None:
    """Check the cells of a table that print a count with its total and no percentage."""
    rows: dict[int, list[list[Statement]]] = defaultdict(list)
    for passage, statements in case.by_passage.items():
        table = case.text.passages[passage].table
        cells = [
            s for s in statements if s.kind == "count" and s.explicit and s.quantities.N and s.quantities.n is not None
        ]
        if table is not None and cells:
            rows[table].append(cells)
    for found in rows.values():
        _ratios(case, found)
        _subgroups(case, found)
        cells = [c for row in found for c in row]
        above = [c for c in cells if (c.quantities.n or 0) > (c.quantities.N or 0)]
        if len(above) == 1 and len(cells) > _FEWEST:
            n, total = above[0].quantities.n, above[0].quantities.N
            sentence = f"{n} is more than {total}; in the {len(cells) - 1} other cells n is no more than N."
            case.add(above[0], Check("subset", "error-if", sentence, "n <= N", {}, "structural"))
        for k, row in enumerate(found):
            if k >= _FEWEST and _TOTAL.match(row[0].label):
                _is_sum(case, row, found[:k])


def _subgroups(case: Case, rows: list[list[Statement]]) -> None:
    """Runs of rows `75/129`, `115/227` that make all of each column, as others do, but for one of their sums."""
    cells = [[x for s in row for x in (s.quantities.n or 0, s.quantities.N or 0)] for row in rows]
    if 2 * len({x[1] for x in cells}) <= len(cells):
        return  # of one and the same total: they are no parts of it
    runs = {
        (k, stop): [sum(x) for x in zip(*cells[k:stop], strict=True)]
        for k in range(len(rows))
        for stop in range(k + 2, min(k + _LONGEST, len(rows)) + 1)
        if len({len(x) for x in cells[k:stop]}) == 1 and len(cells[k]) >= 2 * _ARMS
    }
    usual, times = Counter(map(tuple, runs.values())).most_common(1)[0] if runs else ((), 0)
    full = {k for (a, b), sums in runs.items() if tuple(sums) == usual for k in range(a, b)}
    for (a, b), sums in runs.items() if times >= _FEWEST else ():
        odd = [j for j, (x, y) in enumerate(zip(sums, usual, strict=False)) if x != y]
        if len(sums) != len(usual) or len(odd) != 1 or not full.isdisjoint(range(a, b)):
            continue
        members = [row[odd[0] // 2] for row in rows[a:b]]
        shown = " + ".join(str(row[odd[0]]) for row in cells[a:b])
        sentence = f"{shown} = {sums[odd[0]]}, not {usual[odd[0]]}, as {times} other groups of rows make."
        case.relate("sum", members, "error-if", sentence, "equal sums of strata", on=members[-1:], tie="structural")


_LONGEST = 5


def _is_sum(case: Case, whole: list[Statement], above: list[list[Statement]]) -> None:
    """A row of totals: where the sum of one of n and N is right, so is the other."""
    if any(len(row) != len(whole) for row in above):
        return
    for column, cell in enumerate(whole):
        n, total = cell.quantities.n, cell.quantities.N
        counts = [row[column].quantities.n or 0 for row in above]
        totals = [row[column].quantities.N or 0 for row in above]
        members = [*(row[column] for row in above), cell]
        if (sum(counts), sum(totals)) == (n, total):
            case.relate(
                "sum", members, "ok", f"The rows above add up to {n} of {total}.", "sum of rows", tie="structural"
            )
        elif sum(counts) == n or sum(totals) == total:
            sentence = f"The rows above add up to {sum(counts)} of {sum(totals)}, not {n} of {total}."
            case.relate("sum", members, "error-if", sentence, "sum of rows", on=(cell,), tie="structural")


def _ratios(case: Case, rows: list[list[Statement]]) -> None:
    """Two cells of n/N and the risk or odds ratio of their row: where most are what the counts make, so is the rest."""
    agree: list[Statement] = []
    differ: list[tuple[list[Statement], Statement, Printed, float]] = []
    for cells in rows:
        ratio = [s for s in case.by_passage[cells[0].passage] if s.kind == "hr_ci_p"]
        if len(cells) != _ARMS or len(ratio) != 1 or _TOTAL.match(cells[0].label):
            continue
        given = ratio[0].quantities.value
        made = _made(cells, ratio[0].quantities.measure)
        if given is None or made is None:
            continue
        near = abs(made - float(given.value)) <= float(given.step)
        agree += ratio if near else []
        differ += [] if near else [(cells, ratio[0], given, made)]
    if len(agree) < _FEWEST or 2 * len(differ) > len(agree):
        return
    for cells, ratio, given, made in differ:
        sentence = f"The counts of the row make {made:.3g}, not {given.text}; in {len(agree)} other rows they agree."
        case.relate("ratio/counts", [*cells, ratio], "error-if", sentence, "ratio of two shares", {"ratio": made},
                    on=(ratio,), tie="structural")  # fmt: skip


_ARMS = 2


def _made(cells: list[Statement], measure: str | None) -> float | None:
    """The risk or odds ratio of two counts with their totals."""
    a, n, c, m = (x or 0 for s in cells for x in (s.quantities.n, s.quantities.N))
    if measure == "RR" and c and n and m:
        return a * m / (n * c)
    if measure == "OR" and n > a and c and m > c:
        return a * (m - c) / ((n - a) * c)
    return None
