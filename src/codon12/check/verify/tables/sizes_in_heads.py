"""Sizes of groups in the heads of columns: where all shares of a column are of one other number, the head is a slip."""

from __future__ import annotations

from collections import defaultdict

from codon12.check.statements import Statement
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.shares.cutting import prints_as
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.numbers.unrounded import totals_for_percent

__all__ = ["check_sizes_in_heads"]

_FEWEST = 6
"""Shares of a column that must be of one number."""
_BESIDE_OTHERS = 4
"""As many will do where another column is of the size in its head."""
_NARROW = 3
"""Numbers that may fit all of them, at most."""
_FAR = 0.05
"""Share of the size in the head below which the difference may be those without data."""


def check_sizes_in_heads(case: Case) -> None:
    """Check the size in the head of each column against the one number that all of its shares are of."""
    columns: dict[str, list[Statement]] = defaultdict(list)
    heads: dict[str, tuple[int, Statement]] = {}
    for s in case.statements:
        q = s.quantities
        if s.kind != "table_cell" or s.explicit or not q.n or q.percent is None or not 0 < q.percent.value < 100:
            continue
        totals = case.tables.of_column(s)
        if len(totals) == 1 and not case.tables.of_row(s):
            heads[totals[0][1].id] = totals[0]
            columns[totals[0][1].id].append(s)
    agree = {id_ for id_, cells in columns.items() if all(prints_as(c, heads[id_][0]) for c in cells)}
    for id_, cells in columns.items():
        size, head = heads[id_]
        if len(cells) < (_BESIDE_OTHERS if agree - {id_} else _FEWEST) or head.quantities.n is None:
            continue
        fits = sum(prints_as(c, size) for c in cells)
        total = _one_total(cells)
        if 3 * fits > len(cells) or total is None or abs(total - size) <= _FAR * size:
            continue
        table = case.text.passages[head.passage].table
        above = case.tables.in_head(table) if table is not None else []
        if any(n == total for n, _ in above) and all(h.id != id_ for _, h in above):
            continue  # a row of numbers, and shares of the size in the head all the same
        slip = one_digit_apart(str(total), str(size))
        if total > size or slip:
            verdict: Verdict = "error-if" if slip else "unlikely"
            sentence = f"All {len(cells)} shares of the column are of {total}, its head says {size}."
            case.relate("denominator", [head, *cells], verdict, sentence, "integer search for N", {"N": total},
                        on=(head,), tie="structural")  # fmt: skip


def _one_total(cells: list[Statement]) -> int | None:
    """The one number all shares are of, or the middle of the few."""
    low, high = 1, 10**9
    for c in cells:
        assert c.quantities.n is not None
        assert c.quantities.percent is not None
        totals = totals_for_percent(c.quantities.n, c.quantities.percent)
        if not totals:
            return None
        low, high = max(low, totals[0]), min(high, totals[-1])
    return (low + high) // 2 if 0 <= high - low < _NARROW else None
