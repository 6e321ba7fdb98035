"""Groups of bare counts in one column that all add up to the same number, but one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.check.verify.tables.grades import Row

__all__ = ["check_equal_sums"]

_FEWEST_GROUPS = 3
_LEAST_SUM = 20


def check_equal_sums(case: Case, rows: Sequence[Row]) -> None:
    """Check the strata of a table: cases of men and women, of smokers and others, are as many together."""
    groups = [group for group in _groups(rows) if len(group) > 1]
    if len(groups) < _FEWEST_GROUPS:
        return
    for column in range(min(len(group[0]) for group in groups)):
        sums = [sum(cells[column].quantities.n or 0 for cells in group) for group in groups]
        usual, times = Counter(sums).most_common(1)[0]
        odd = [k for k, total in enumerate(sums) if total != usual]
        if times < len(sums) - 1 or len(odd) != 1 or usual < _LEAST_SUM:
            continue
        members = [cells[column] for cells in groups[odd[0]]]
        shown = " + ".join(str(c.quantities.n) for c in members)
        sentence = f"{shown} = {sums[odd[0]]}; the counts of {times} other groups of rows add up to {usual}."
        case.relate("sum", members, "unlikely", sentence, "equal sums of strata", {"sum": sums[odd[0]]}, on=members[:1],
                    tie="structural")  # fmt: skip


def _groups(rows: Sequence[Row]) -> Iterator[list[list[Statement]]]:
    """Runs of rows of bare counts in the same columns, with no other row between."""
    group: list[list[Statement]] = []
    last: int | None = None
    columns: list[int | None] = []
    for row in rows:
        passage = row.cells[0].passage
        bare = all(c.quantities.percent is None and c.quantities.n is not None for c in row.cells)
        if group and (not bare or last != passage - 1 or not _alike(row.columns, columns)):
            yield group
            group = []
        if bare:
            group.append(row.cells)
        last, columns = passage, row.columns
    if group:
        yield group


def _alike(one: Sequence[int | None], other: Sequence[int | None]) -> bool:
    """Whether cells can stand in the same columns, as far as it is known in which they stand."""
    return len(one) == len(other) and all(a is None or b is None or a == b for a, b in zip(one, other, strict=True))
