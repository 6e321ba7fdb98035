"""What the columns of a table are: the statistic, level and arm of the study that most of their cells agree with."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from codon12.check.statements import Statement

__all__ = ["Column", "column_of", "columns_of"]

Row = dict[str, Any]
Column = tuple[str, str, str, str]
"""Family of endpoints (`ae`, `ae.related`, `baseline`), statistic, level and arm."""
_FEWEST, _MOSTLY = 3, 0.6
_EVENTS = {"ae", "ae.related"}


def column_of(row: Row) -> Column:
    """Which kind of column a number of the study would stand in."""
    endpoint = str(row["endpoint"])
    family = "ae.related" if endpoint.startswith("ae.related") else endpoint.split(".", maxsplit=1)[0]
    return family, str(row["statistic"]), str(row["level"]), str(row.get("arm") or "all")


def columns_of(
    cells: Iterable[tuple[int, Statement, list[Row]]], equal: Callable[[Statement, Row], bool]
) -> dict[tuple[int, int | None], frozenset[Column]]:
    """For each table and column the kinds of numbers it may hold, where at least three cells and most say so.

    A cell counts for every kind of column in which the study has its number under its label; kinds for which as many
    cells speak are all kept.
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
    out: dict[tuple[int, int | None], frozenset[Column]] = {}
    for place, found in votes.items():
        if not found:
            continue
        times = max(found.values())
        best = frozenset(c for c, n in found.items() if n == times and times >= _MOSTLY * asked[place][c])
        mixed = agreed[place] - times > 1 and any(
            c[0] in _EVENTS for c in best
        )  # a part of all, a part of those related
        if best and times >= _FEWEST and times >= _MOSTLY * agreed[place] and not mixed:
            out[place] = best
    return _of_one_relation(out)


def _of_one_relation(
    columns: dict[tuple[int, int | None], frozenset[Column]],
) -> dict[tuple[int, int | None], frozenset[Column]]:
    """A table is of all adverse events or of those related to treatment: what one column tells holds for the others."""
    told: dict[int, set[str]] = defaultdict(set)
    for (table, _), best in columns.items():
        families = {c[0] for c in best}
        if len(families) == 1 and families <= _EVENTS:
            told[table] |= families
    return {
        place: frozenset(c for c in best if c[0] not in _EVENTS or len(told[place[0]]) != 1 or c[0] in told[place[0]])
        or best
        for place, best in columns.items()
    }
