"""What the columns of a table are: the statistic and level of the study that most of their cells agree with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from codon12.check.statements import Statement

__all__ = ["Column", "column_of", "columns_of"]

Row = dict[str, Any]
Column = tuple[str, str, str]
"""Family of endpoints (`ae`, `baseline`), statistic and level."""
_FEWEST, _MOSTLY = 3, 0.6


def column_of(row: Row) -> Column:
    """Which kind of column a number of the study would stand in."""
    return str(row["endpoint"]).split(".")[0], str(row["statistic"]), str(row["level"])


def columns_of(
    cells: Iterable[tuple[int, Statement, list[Row]]], equal: Callable[[Statement, Row], bool]
) -> dict[tuple[int, int | None], Column]:
    """For each table and column the kind of numbers it holds, where at least three cells and most of them say so.

    A cell counts for every kind of column in which the study has its number under its label.
    """
    votes: dict[tuple[int, int | None], Counter[Column]] = defaultdict(Counter)
    asked: dict[tuple[int, int | None], Counter[Column]] = defaultdict(Counter)
    agreed: Counter[tuple[int, int | None]] = Counter()
    for table, s, rows in cells:
        place = (table, s.column)
        equal_ones = {column_of(r) for r in rows if equal(s, r)}
        asked[place].update({column_of(r) for r in rows})
        votes[place].update(equal_ones)
        agreed[place] += bool(equal_ones)
    out: dict[tuple[int, int | None], Column] = {}
    for place, found in votes.items():
        if not found:
            continue
        best, times = found.most_common(1)[0]
        if times >= _FEWEST and times >= _MOSTLY * asked[place][best] and times >= _MOSTLY * agreed[place]:
            out[place] = best
    return out
