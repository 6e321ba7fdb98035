"""Rows of a table with a total and a count in cells before the share: `| Male | 98 | 51 | 52.0 (41.7-62.2) |`."""

from __future__ import annotations

from collections import defaultdict

from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.check.verify.shares.cutting import exact
from codon12.numbers.unrounded import Printed, counts_for_percent

__all__ = ["check_count_beside_share"]

_FEWEST = 3
"""Rows of a table that must agree before one can be wrong."""
_TRIPLE = 3


def check_count_beside_share(case: Case) -> None:
    """Where two cells make the share behind them in most rows of a table, so they should in the rest."""
    rows: dict[tuple[int, int], list[tuple[int, int, Printed, Statement]]] = defaultdict(list)
    for passage, statements in case.by_passage.items():
        table = case.text.passages[passage].table
        if table is None or len(statements) < _TRIPLE:
            continue
        for k in range(len(statements) - 2):
            a, b, share = statements[k : k + _TRIPLE]
            percent = share.quantities.percent
            if percent is None or share.quantities.n is not None:
                continue
            x, y = _bare(a), _bare(b)
            if x is not None and y is not None:
                rows[(table, k)].append((min(x, y), max(x, y), percent, share))
    for found in rows.values():
        fits = [n in counts_for_percent(p, total) if total else True for n, total, p, _ in found]
        if sum(fits) < _FEWEST or sum(fits) < 2 * (len(fits) - sum(fits)) + 1:
            continue
        for ok, (n, total, percent, share) in zip(fits, found, strict=True):
            if not ok:
                sentence = (
                    f"{n} of {total} is {exact(n, total)} %, not {percent.text} %; in {sum(fits)} other rows of the "
                    "table the two cells make the share."
                )
                case.add(share, Check("count/percent", "error-if", sentence, "100 n / N, rounded",
                                      {"n": n, "N": total}, "structural"))  # fmt: skip


def _bare(s: Statement) -> int | None:
    q = s.quantities
    return q.n if s.kind in ("table_cell", "count") and q.percent is None and q.N is None else None
