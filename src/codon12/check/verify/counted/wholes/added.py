"""Which numbers other rules have added up: nobody adds them again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from codon12.check.verify.case import Case

__all__ = ["is_added", "sums_told"]

_AROUND = 8
"""Numbers before one that are looked at: the statement that holds it is among them."""


def sums_told(case: Case) -> list[tuple[int, int]]:
    """Places, in the text as given and in its order, of all numbers that a sum was told of."""
    return sorted({(x.start, x.end) for r in case.relations if r.kind == "sum" for x in r.places})


def is_added(case: Case, told: Sequence[tuple[int, int]], parts: Sequence[tuple[int, int]]) -> bool:
    """Whether one of these numbers, in the normal spelling, lies in one of the places of `sums_told`."""
    for part in parts:
        at = case.text.normal.span(*part)[0]
        k = bisect_right(told, (at, len(case.flat) + at))
        if any(start <= at < end for start, end in told[max(0, k - _AROUND) : k]):
            return True
    return False
