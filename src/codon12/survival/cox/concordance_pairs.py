"""Who is concordant with whom, counted for all subjects at once without forming the pairs.

A pair is an event and a subject at risk with it who goes on longer. In the backward order of marks this is any
mark before an event, so the count of smaller and greater scores among them is a two-dimensional dominance sum.
It is resolved bit by bit of the score's rank: two different ranks part at exactly one bit, among marks that
share all higher bits, and there one running sum counts all pairs. After each bit the marks without it move before
those with it, all keeping their order, so that marks of equal higher bits stay neighbours (a wavelet matrix).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.survival.cox.order import RiskOrder

__all__ = ["PairSums", "pair_sums"]

Vector = NDArray[Any]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class PairSums:
    """Sums over pairs."""

    agreement: Vector
    """Per mark, the derivative of concordant minus discordant pairs by its weight: as the event, `scale` times the
    others' weight above minus below; as the other, `sign` times the weight of events below minus above."""
    above: Vector
    """Per stratum: events' weight times that of the others with a higher score."""
    below: Vector
    equal: Vector


@dataclass(frozen=True)
class _Marks:
    """Columns of the marks in their present order; what is None is the same for all."""

    at: Places
    rank: Vector
    other: Vector
    event: Vector
    scale: Vector | None
    """None: equal to `event`."""
    sign: Vector | None
    """None: 1."""
    segment: Vector | None
    """None: every mark is its own."""
    agreement: Vector

    def take(self, places: Places) -> _Marks:
        columns: list[Any] = [None if c is None else c[places] for c in self._columns()]
        return _Marks(*columns)

    def then(self, others: _Marks) -> _Marks:
        pairs = zip(self._columns(), others._columns(), strict=True)
        columns: list[Any] = [None if a is None else np.concatenate([a, b]) for a, b in pairs]
        return _Marks(*columns)

    def _columns(self) -> tuple[Any, ...]:
        return tuple(getattr(self, f.name) for f in fields(self))

    def runs(self, begin: Places) -> tuple[Places, Places]:
        """Where the run of marks of one time and kind, within its group, begins and ends, for each mark."""
        place = np.arange(self.at.size)
        if self.segment is None:
            return place, place + 1
        new = np.diff(self.segment, prepend=-1) != 0
        new[begin] = True
        starts = np.flatnonzero(new)
        length = np.diff(starts, append=place.size)
        return np.repeat(starts, length), np.repeat(starts + length, length)

    def around(self, first: Places, end: Places, begin: Places, sizes: Places, group: Places) -> tuple[Vector, Vector]:
        """For marks of the other kind: weight of these before `first`, and of their events from `end` on, in a group.

        `begin` and `sizes` are those of the groups among these marks, `group` is that of each of the others.
        """
        weights = np.concatenate([[0.0], np.cumsum(self.other)])
        events = np.concatenate([[0.0], np.cumsum(self.event)])
        return weights[first] - weights[begin][group], events[begin + sizes][group] - events[end]

    def add(self, events: Vector, others: Vector) -> None:
        """Add events in the order of the score, and take off others that are not."""
        total = self.agreement
        total += events if self.sign is None else events * self.sign
        total -= others * (self.event if self.scale is None else self.scale)


def pair_sums(
    order: RiskOrder, rank: NDArray[np.int64], *, weight: Vector | None, scale: Vector, sign: Vector | None
) -> PairSums:
    """Sum over all pairs.

    Parameters
    ----------
    order
        Marks backwards in time.
    rank
        Dense rank of each mark's score, from 0.
    weight
        Case weight of each mark; None for 1.
    scale
        Weight of the pairs of each mark as an event; zero where it is none.
    sign
        -1 where a mark leaves the risk set, else 1; None for 1.
    """
    size = rank.size
    own = np.ones(size) if weight is None else weight
    marks = _Marks(
        at=np.arange(size),
        rank=rank.astype(np.int32) if size < 1 << 31 else rank,
        other=own if sign is None else own * sign,
        event=scale if weight is None else scale * own,
        scale=None if weight is None else scale,
        sign=sign,
        segment=None if order.singletons else order.per_mark(np.arange(order.start.size)),
        agreement=np.zeros(size),
    )
    begin = np.append(0, order.start[order.stratum_start])  # first mark of each group that shares its higher bits
    strata = begin.size
    stratum = None if strata == 1 else np.repeat(np.arange(strata), np.diff(begin, append=size))

    def per_stratum(part: _Marks, values: Vector) -> Vector:
        products = part.event * values
        if stratum is None:
            return products.sum(keepdims=True)
        return np.bincount(stratum[part.at], weights=products, minlength=strata)

    above, below = np.zeros(strata), np.zeros(strata)
    for bit in range(int(rank.max()).bit_length() - 1, -1, -1):
        one = (marks.rank >> bit & 1).astype(bool)
        with_it, without = np.flatnonzero(one), np.flatnonzero(~one)
        high, low = marks.take(with_it), marks.take(without)
        first, end = marks.runs(begin)
        ones = np.concatenate([[0], np.cumsum(one)])  # marks with the bit before each place
        high_begin, low_begin = ones[begin], begin - ones[begin]
        highs, lows = np.diff(high_begin, append=with_it.size), np.diff(low_begin, append=without.size)
        group = np.repeat(np.arange(begin.size), highs)
        earlier, later = (p[with_it] - ones[p[with_it]] for p in (first, end))
        before, after = low.around(earlier, later, low_begin, lows, group)
        high.add(after, before)
        below += per_stratum(high, before)
        group = np.repeat(np.arange(begin.size), lows)
        before, after = high.around(ones[first[without]], ones[end[without]], high_begin, highs, group)
        low.add(-after, -before)
        above += per_stratum(low, before)
        marks = low.then(high)
        begin = np.concatenate([low_begin[lows > 0], without.size + high_begin[highs > 0]])
    agreement = np.empty(size)
    agreement[marks.at] = marks.agreement
    equal = np.zeros(strata)
    if begin.size < size:
        sums = np.concatenate([[0.0], np.cumsum(marks.other)])
        group = np.repeat(begin, np.diff(begin, append=size))
        equal = per_stratum(marks, sums[marks.runs(begin)[0]] - sums[group])
    return PairSums(agreement, above, below, equal)
