"""A column of a table whose shares are all of one group, but one."""

from __future__ import annotations

from collections import Counter, defaultdict

from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.check.verify.shares.cutting import exact
from codon12.check.verify.shares.margins import is_measure
from codon12.numbers.unrounded import percent_modes

__all__ = ["check_columns"]

_FEWEST = 6
"""Shares of a column that must be of one group."""


def check_columns(case: Case) -> None:
    """Check shares that only a number from elsewhere in the text explains against the group of their column."""
    columns: dict[tuple[int, int], list[Statement]] = defaultdict(list)
    for s in case.statements:
        table = case.text.passages[s.passage].table
        if s.kind != "table_cell" or s.column is None or s.quantities.percent is None or table is None:
            continue
        if not s.explicit and s.id in case.denominators:
            columns[table, s.column].append(s)
    for cells in columns.values():
        total = Counter(case.denominators[c.id].value for c in cells).most_common(1)[0][0]
        odd = [c for c in cells if not _fits(c, total)]
        times = len(cells) - len(odd)
        if times < _FEWEST or len(odd) != 1:
            continue
        s, counts = odd[0], {c.quantities.n for c in cells}
        d, n, percent = case.denominators[s.id], s.quantities.n, s.quantities.percent
        part = d.source in ("explicit", "table_header", "footnote") or d.value in counts or case.tables.of_row(s)
        part = part or sum(c.quantities.n or 0 for c in case.by_passage[s.passage] if c.kind == "table_cell") == d.value
        part = part or all(_fits(c, d.value) for c in cells)  # a column of this very number
        if part or n is None or percent is None or n > total or is_measure(case, s):
            continue
        sentence = (
            f"{n} of {total} is {exact(n, total)} %; it fits only the {d.value} of “{d.basis[:50]}”, the {times} other "
            "shares of its column are of one group."
        )
        case.relate("denominator", [s], "unlikely", sentence, "one total for a column", {"N": total}, on=(s,),
                    tie="structural")  # fmt: skip


def _fits(s: Statement, total: int) -> bool:
    """Whether a share prints so of a total."""
    n, percent = s.quantities.n, s.quantities.percent
    return n is not None and percent is not None and n <= total and bool(percent_modes(n, total, percent))
