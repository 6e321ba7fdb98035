"""A column of counts and the next of their shares, all of one number that no column prints: `No. | %`."""

from __future__ import annotations

from codon12.check.verify.case import Case
from codon12.check.verify.prose import held
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.check.verify.tables.figures import Grid
from codon12.check.verify.tables.own_totals import most_common
from codon12.check.verify.tables.ways import NO_SHARE
from codon12.numbers.unrounded import Printed, counts_for_percent, totals_for_percent

__all__ = ["check_one_number"]

_FEWEST = 5
"""Rows whose shares must be of one number."""
_OF_A_SIZE = 3
"""As many will do where the text prints the number as the size of a group."""
_MOST_OUT = 5
"""Of so many rows of one number, one may fall out."""
_NARROW = 3
_WITH_DATA = 0.8
"""Share of the number above which a smaller one may be that of those with data."""
_HUNDRED = 100


def check_one_number(case: Case, grid: Grid, told: set[tuple[int, int]]) -> None:
    """`No. | %`: a column of counts and the next of their shares, all of one number but one or two."""
    by_place = {c.place: c for c in grid.columns}
    for (j, slot), counts in by_place.items():
        beside = (by_place.get(place) for place in ((j, "beside"), (j + 1, "first"), (j + 1, "share")))
        shares = next((c for c in beside if c is not None), None)
        if slot != "first" or shares is None or not counts.is_whole or NO_SHARE.search(shares.head):
            continue
        own = by_place.get((j, "of"))
        rows = [k for k in shares.figures if k in counts.figures and not (own and k in own.figures)]
        rows = [k for k in rows if 0 < shares.figures[k].value.value < _HUNDRED]
        need = {k: totals_for_percent(int(counts.figures[k].value.value), shares.figures[k].value) for k in rows}
        best = most_common([(r[0], r[-1]) for r in need.values() if r])
        if best is None or best[1] - best[0] > _NARROW:
            continue
        printed = any(best[0] <= n <= best[1] for n in case.sizes)
        if best[2] < (_OF_A_SIZE if printed else _FEWEST):
            continue
        low, high, times = best
        out = [k for k in rows if not need[k] or need[k][-1] < low or need[k][0] > high]
        if _MOST_OUT * len(out) > max(_MOST_OUT, times) or (times < len(rows) - len(out)):
            continue
        printed_here = {x.value.value for x in counts.figures.values()} | set(case.sizes)
        for k in out:
            n, share = counts.figures[k], shares.figures[k]
            if need[k] and any(need[k][0] <= x <= need[k][-1] for x in printed_here if x > high):
                continue  # of another number of its column or of the text: those randomised, the rest of those treated
            fewer = bool(need[k]) and need[k][-1] < low
            near = _WITH_DATA * low < need[k][-1] if fewer else False
            in_a_cell = shares.place[1] == "beside"  # another rule compares the cells of the row
            with_data = fewer and (near or in_a_cell or not _is_a_slip(n.value, share.value, high))
            if with_data or share.at in told or grid.is_judged(case, k, share.at, n.at):
                continue
            told.add(share.at)
            x = f"{float(100 * n.value.value / high):.4g}"
            named = str(low) if low == high else f"{low} to {high}"
            sentence = (
                f"{n.value.text} of {high} is {x} %, not {share.value.text} %; {times} other rows are of {named}."
            )
            p = grid.rows[k].passage
            case.relate("worked out", [n.at, share.at], "error-if", sentence, "integer search for N",
                        on=held(case, p, share.at, n.at), tie="structural")  # fmt: skip


def _is_a_slip(n: Printed, share: Printed, total: int) -> bool:
    """Whether one other digit in the count or in the share makes it one of a total."""
    counts = counts_for_percent(share, total)
    due = f"{float(100 * n.value / total):.{share.digits}f}"
    return any(one_digit_apart(n.text, str(x)) for x in counts) or one_digit_apart(share.text, due)
