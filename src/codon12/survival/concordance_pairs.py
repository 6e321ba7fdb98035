"""Who is concordant with whom, counted for all subjects at once without forming the pairs.

A pair is an event and a subject at risk with it who goes on longer. In the backward order of marks this is any
mark before an event, so the count of smaller and greater scores among them is a two-dimensional dominance sum.
It is resolved bit by bit of the score's rank: two different ranks part at exactly one bit, among marks that
share all higher bits, and there one running sum counts all pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.survival.partial_likelihood_order import RiskOrder

__all__ = ["PairSums", "pair_sums"]

Vector = NDArray[Any]


@dataclass(frozen=True)
class PairSums:
    """Per mark, sums over its pairs; as the event, of the others' weights, and as the other, of the events'."""

    below: Vector
    """As an event: weight of the others with a lower score."""
    above: Vector
    equal: Vector
    events_below: Vector
    """As the one who went on: weight of events with a lower score."""
    events_above: Vector
    events_equal: Vector


def pair_sums(order: RiskOrder, rank: NDArray[np.int64], other: Vector, event: Vector) -> PairSums:
    """Sum over all pairs.

    Parameters
    ----------
    order
        Marks backwards in time.
    rank
        Dense rank of each mark's score, from 0.
    other
        Weight of each mark when it goes on (negative where it leaves the risk set).
    event
        Weight of each mark as an event; zero where it is none.
    """
    marks = rank.size
    segment = np.repeat(np.arange(order.start.size), np.diff(order.start, append=marks))
    group = np.zeros(marks, dtype=np.int64)
    if order.stratum_start.size:
        first = np.zeros(order.start.size, dtype=np.int64)
        first[order.stratum_start] = 1
        group = np.cumsum(first)[segment]
    below, above, events_below, events_above = (np.zeros(marks) for _ in range(4))
    at = np.arange(marks)
    for bit in range(int(rank.max()).bit_length() - 1, -1, -1):
        one = (rank[at] >> bit & 1).astype(bool)
        bounds = _Bounds.of(group, segment[at])
        lower = np.where(one, 0.0, other[at])
        upper = other[at] - lower
        below[at] += np.where(one, bounds.before(lower), 0.0)
        above[at] += np.where(one, 0.0, bounds.before(upper))
        lower = np.where(one, 0.0, event[at])
        upper = event[at] - lower
        events_below[at] += np.where(one, bounds.after(lower), 0.0)
        events_above[at] += np.where(one, 0.0, bounds.after(upper))
        key = group * 2 + one
        ones = np.cumsum(one)
        begin = bounds.group_begin
        ones_before = ones - one - (ones[begin] - one[begin])
        size = bounds.group_end - begin
        zeros = size - (ones[bounds.group_end - 1] - ones[begin] + one[begin])
        here = np.arange(marks) - begin
        target = begin + np.where(one, zeros + ones_before, here - ones_before)
        moved, moved_key = np.empty_like(at), np.empty_like(key)
        moved[target], moved_key[target] = at, key
        at, group = moved, moved_key
        group = np.cumsum(np.diff(group, prepend=group[0]) != 0)
    bounds = _Bounds.of(group, segment[at])
    equal, events_equal = np.empty(marks), np.empty(marks)
    equal[at] = bounds.before(other[at])
    events_equal[at] = bounds.after(event[at])
    return PairSums(below, above, equal, events_below, events_above, events_equal)


@dataclass(frozen=True)
class _Bounds:
    """For sorted items: where the item's group begins and ends, and its run of one segment within."""

    group_begin: NDArray[np.int64]
    group_end: NDArray[np.int64]
    run_begin: NDArray[np.int64]
    run_end: NDArray[np.int64]

    @classmethod
    def of(cls, group: NDArray[np.int64], segment: NDArray[np.int64]) -> _Bounds:
        new_group = np.diff(group, prepend=-1) != 0
        new_run = new_group | (np.diff(segment, prepend=-1) != 0)
        return cls(*_edges(new_group), *_edges(new_run))

    def before(self, values: Vector) -> Vector:
        """Sum over the item's group before its run."""
        total = np.concatenate([[0.0], np.cumsum(values)])
        return total[self.run_begin] - total[self.group_begin]

    def after(self, values: Vector) -> Vector:
        """Sum over the item's group after its run."""
        total = np.concatenate([[0.0], np.cumsum(values)])
        return total[self.group_end] - total[self.run_end]


def _edges(new: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    begin = np.flatnonzero(new)
    end = np.append(begin[1:], new.size)
    which = np.cumsum(new) - 1
    return begin[which], end[which]
