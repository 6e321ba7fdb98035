"""Backward order of time: who is at risk with whom, as one sorted list of marks.

Going back in time, a row joins the risk set at its time and leaves it at its entry. Each joining is a mark of
sign +1 and each leaving a mark of sign -1, so that a sum over any risk set is a running sum over marks, for
right-censored, left-truncated and start-stop data alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.errors import DataError
from codon12.survival.subjects.ties import merge_near_ties

__all__ = ["RiskOrder", "restarting_cumsum", "risk_order"]

_SMALL_KEY = 1 << 16
"""Keys below this are sorted by numpy's radix sort."""

_FEW = 64
"""Up to so many parts a running sum is taken part by part."""


@dataclass(frozen=True)
class RiskOrder:
    """Marks by stratum, then backwards in time; at one time: entries, censorings, deaths.

    A *segment* is a run of marks of one stratum, time and kind. Deaths are the last segment of their time, so
    the running sum at a death segment is the sum over its risk set.
    """

    row: NDArray[np.intp]
    """Data row of each mark."""
    sign: NDArray[np.float64] | None
    """-1 where a row leaves; None where nobody enters late."""
    death: NDArray[np.bool_]
    """Whether a mark is an event."""
    start: NDArray[np.intp]
    """First mark of each segment."""
    death_segment: NDArray[np.intp]
    """The segments that are deaths: one a distinct (stratum, event time)."""
    deaths: NDArray[np.intp]
    """Number of deaths in each of them."""
    stratum_start: NDArray[np.intp]
    """First segment of every stratum but the first."""
    next_death: NDArray[np.intp]
    """Per segment: the first death segment at or before its time, in its stratum; their number if none."""
    time: NDArray[np.float64]
    """Time of every death segment."""
    death_stratum: NDArray[np.intp]
    """Stratum of every death segment."""

    @property
    def singletons(self) -> bool:
        """Whether every segment is one mark, that is, no ties."""
        return self.start.size == self.row.size

    def per_mark(self, by_segment: NDArray[Any]) -> NDArray[Any]:
        """Spread a value a segment over its marks (last axis)."""
        if self.singletons:
            return by_segment
        return np.repeat(by_segment, self._length, axis=-1)

    @cached_property
    def _length(self) -> NDArray[np.intp]:
        """Marks in each segment."""
        return np.diff(self.start, append=self.row.size)

    @cached_property
    def _later_strata(self) -> NDArray[np.intp]:
        """Where strata begin among the death segments counted from the last."""
        return np.flatnonzero(np.diff(self.death_stratum[::-1])) + 1

    def segment_sums(self, by_mark: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum over the marks of each segment (last axis)."""
        return by_mark if self.singletons else np.add.reduceat(by_mark, self.start, axis=-1)

    def elapsed(self, by_death: NDArray[np.float64]) -> NDArray[np.float64]:
        """Per segment: sum of a value over the event times up to its own, in its stratum (last axis)."""
        sums = np.zeros((*by_death.shape[:-1], by_death.shape[-1] + 1))
        sums[..., :-1] = restarting_cumsum(by_death[..., ::-1], self._later_strata)[..., ::-1]
        return sums[..., self.next_death]


def restarting_cumsum(values: NDArray[np.float64], starts: NDArray[np.intp]) -> NDArray[np.float64]:
    """Cumulative sum along the last axis that begins anew at every start.

    Nothing is subtracted, so that a part of small numbers after one of large numbers keeps its digits.

    Examples
    --------
    >>> restarting_cumsum(np.array([1e20, 2.0, 3.0, 4.0]), np.array([2])).tolist()
    [1e+20, 1e+20, 3.0, 7.0]
    """
    if not starts.size:
        return values.cumsum(axis=-1)
    size = values.shape[-1]
    edges = np.concatenate([[0], starts, [size]])
    if starts.size <= _FEW:
        out = np.empty_like(values)
        for low, high in pairwise(edges.tolist()):
            values[..., low:high].cumsum(axis=-1, out=out[..., low:high])
        return out
    # Many parts: add what lies 1, 2, 4 ... places before, within the part.
    lengths = np.diff(edges)
    place = np.arange(size) - np.repeat(edges[:-1], lengths)
    out, step = values.copy(), 1
    while step < lengths.max():
        out[..., step:] += out[..., :-step] * (place[step:] >= step)
        step *= 2
    return out


def risk_order(
    time: NDArray[Any],
    event: NDArray[np.bool_],
    *,
    entry: NDArray[np.float64] | None = None,
    stratum: NDArray[np.intp] | None = None,
) -> RiskOrder:
    """Sort rows into marks.

    Raises ``DataError`` where an interval is empty once near ties are merged.
    """
    n = time.size
    if entry is None:
        values, ascending = merge_near_ties(time)
        if ascending is not None and stratum is None:
            backwards = ascending[::-1]
            clock = values[backwards]
            if (clock[1:] < clock[:-1]).all():
                return _distinct(backwards, clock, event[backwards])
        row, kind = np.arange(n), event.astype(np.int64) + 1
    else:
        both, ascending = merge_near_ties(np.concatenate([time, entry]))
        if np.any(both[n:] >= both[:n]):
            bad = int(np.argmax(both[n:] >= both[:n]))
            raise DataError(f"row {bad + 1}: entry {entry[bad]:g} and time {time[bad]:g} are the same up to rounding")
        first = both[:n][event].min() if event.any() else np.inf
        late = np.flatnonzero(both[n:] >= first)  # who entered before the first event never leaves
        values = np.concatenate([both[:n], both[n:][late]])
        row = np.concatenate([np.arange(n), late])
        kind = np.concatenate([event.astype(np.int64) + 1, np.zeros(late.size, dtype=np.int64)])
        if ascending is not None and late.size < n:
            ascending = np.argsort(values)
    code, span = _codes(values, ascending)
    key = (span - 1 - code) * 3 + kind
    if stratum is not None:
        key += stratum[row] * (3 * span)
        span *= int(stratum.max()) + 1
    if 3 * span <= _SMALL_KEY:
        order = np.argsort(key.astype(np.uint16), kind="stable")
    elif ascending is not None and stratum is None:
        order = ascending[::-1]
        if np.any(np.diff(key[order]) < 0):
            order = order[np.argsort(key[order], kind="stable")]
    else:
        order = np.argsort(key)
    return _segments(key[order], order, row, values, stratum, entered=entry is not None)


def _distinct(row: NDArray[np.intp], clock: NDArray[Any], death: NDArray[np.bool_]) -> RiskOrder:
    """Marks where no two times are equal: each is a segment of its own."""
    at = death.nonzero()[0]
    return RiskOrder(
        row=row,
        sign=None,
        death=death,
        start=np.arange(row.size),
        death_segment=at,
        deaths=np.ones(at.size, dtype=np.intp),
        stratum_start=np.empty(0, dtype=np.intp),
        next_death=death.cumsum() - death,
        time=clock[at].astype(np.float64),
        death_stratum=np.zeros(at.size, dtype=np.intp),
    )


def _codes(values: NDArray[Any], ascending: NDArray[np.intp] | None) -> tuple[NDArray[np.int64], int]:
    """Whole numbers in the order of the times, and how many they span."""
    if ascending is None:
        low = values.min()
        if float(values.max()) - float(low) < 2**40:
            code = (values - low).astype(np.int64)
            return code, int(code.max()) + 1
        ascending = np.argsort(values)
    code = np.empty(values.size, dtype=np.int64)
    sorted_code = np.cumsum(np.diff(values[ascending], prepend=values[ascending[0]]) > 0)
    code[ascending] = sorted_code
    return code, int(sorted_code[-1]) + 1


def _segments(
    key: NDArray[np.int64],
    order: NDArray[np.intp],
    row: NDArray[np.intp],
    values: NDArray[Any],
    stratum: NDArray[np.intp] | None,
    *,
    entered: bool,
) -> RiskOrder:
    start = np.concatenate([[0], np.flatnonzero(np.diff(key)) + 1])
    kind = key % 3  # strata and times take whole multiples
    death_of_segment = kind[start] == 2
    death_segment = np.flatnonzero(death_of_segment)
    next_death = np.cumsum(death_of_segment) - death_of_segment
    sorted_row = row[order]
    if stratum is None:
        stratum_start = np.empty(0, dtype=np.intp)
        death_stratum = np.zeros(death_segment.size, dtype=np.intp)
    else:
        of_segment = stratum[sorted_row[start]]
        stratum_start = np.flatnonzero(np.diff(of_segment)) + 1
        death_stratum = of_segment[death_segment]
        own = np.append(death_stratum, -1)[next_death] == of_segment
        next_death = np.where(own, next_death, death_segment.size)
    ends = np.append(start, order.size)
    return RiskOrder(
        row=sorted_row,
        sign=np.where(kind == 0, -1.0, 1.0) if entered else None,
        death=kind == 2,
        start=start,
        death_segment=death_segment,
        deaths=ends[death_segment + 1] - ends[death_segment],
        stratum_start=stratum_start,
        next_death=next_death,
        time=values[order[start[death_segment]]].astype(np.float64),
        death_stratum=death_stratum,
    )
