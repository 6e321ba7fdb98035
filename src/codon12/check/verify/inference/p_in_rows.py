"""P values in the column behind a ratio: which of a table belong to the ratio of their row."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case

__all__ = ["p_in_rows"]

_APART = re.compile(r"[\s|*†‡§]*")
_FEWEST, _MOST_ROWS = 3, 0.8
"""Ratios of a table, and the share of them with a P behind (of fewer each): else a P may be of several rows."""


def p_in_rows(case: Case) -> dict[str, Statement]:
    """Ratio -> the P value in the next column, in tables where nearly every ratio has one.

    A P value of a trend, an interaction or a whole factor is none of a ratio: those stand in few of the rows.
    """
    ratios: dict[int, int] = defaultdict(int)
    pairs: dict[int, list[tuple[Statement, Statement]]] = defaultdict(list)
    for passage, statements in case.by_passage.items():
        table = case.text.passages[passage].table
        if table is None:
            continue
        ratios[table] += sum(s.kind == "hr_ci_p" for s in statements)
        for first, second in pairwise(statements):
            if (
                first.kind == "hr_ci_p"
                and first.quantities.p is None
                and second.kind == "p_value"
                and second.quantities.text is None
                and _APART.fullmatch(case.flat, first.normal_end, second.normal_start)
            ):
                pairs[table].append((first, second))
    return {
        first.id: second
        for table, found in pairs.items()
        if len(found) >= (_MOST_ROWS if ratios[table] > _FEWEST else 1) * ratios[table]
        for first, second in found
    }
