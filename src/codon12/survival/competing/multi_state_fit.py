"""Aalen-Johansen probabilities of any multi-state data, and their infinitesimal jackknife, block by block of times.

Within a block of times most subjects neither enter, move nor leave. One matrix carries the influences of all of these
over the block, so their squares need only sums by state at its start. The others are followed time by time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.survival.competing.state_curves import certain

__all__ = ["Rows", "fit_states"]

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
_CELLS = 1_000_000
"""So many influences (times by subjects) are followed at once."""


@dataclass(frozen=True)
class Rows:
    """Rows of one group that are at risk at some time of the grid."""

    time: Floats
    first: Codes
    """First time of the grid at which each row is at risk, and the last."""
    last: Codes
    before: Codes
    """State during the row, and the state it moves to (-1: it does not)."""
    into: Codes
    who: Codes
    weight: Floats
    n_states: int

    @classmethod
    def of(
        cls,
        begin: Floats,
        end: Floats,
        codes: Codes,
        before: Codes,
        people: Codes,
        weight: Floats,
        *,
        shown: NDArray[np.bool_],
        n_states: int,
    ) -> Rows:
        """Place rows (begin, end] on the grid of R: events, and the ends of the rows `shown`."""
        time = np.unique(end[shown | (codes > 0)])
        first = np.searchsorted(time, begin, side="right")
        last = np.searchsorted(time, end, side="right") - 1
        into = np.where((codes > 0) & (codes != before), codes, -1)
        kept = np.flatnonzero(first <= last)
        who = np.unique(people, return_inverse=True)[1]
        return cls(time, first[kept], last[kept], before[kept], into[kept], who[kept], weight[kept], n_states=n_states)

    def counts(self) -> tuple[Floats, Floats, Floats]:
        """At risk by state, transitions, and the chance of staying in each state, at every time."""
        t, k = self.time.size, self.n_states
        joins, leaves = self.first * k + self.before, (self.last + 1) * k + self.before
        size = (t + 1) * k

        def under(weight: Any) -> Floats:
            change = np.bincount(joins, weight, minlength=size) - np.bincount(leaves, weight, minlength=size)
            return np.cumsum(change.reshape(t + 1, k)[:t], axis=0, dtype=np.float64)

        rows = under(None)
        at_risk = np.where(rows > 0, np.maximum(under(self.weight), 0.0), 0.0)
        moves = np.flatnonzero(self.into >= 0)
        cell = (self.last[moves] * k + self.before[moves]) * k + self.into[moves]
        moved: Floats = np.bincount(cell, self.weight[moves], minlength=t * k * k).reshape(t, k, k).astype(np.float64)
        emptied = np.bincount(cell // k, minlength=t * k).reshape(t, k) == rows
        left = np.where(emptied, 0.0, np.maximum(at_risk - moved.sum(axis=2), 0.0))
        stay = np.where(at_risk > 0, left / np.where(at_risk > 0, at_risk, 1.0), 1.0)
        return at_risk, moved, stay


def fit_states(rows: Rows, begins_in: int) -> dict[str, Any]:
    """Numbers at risk, entries, probabilities, standard errors and hazards at every time of the grid."""
    t, k = rows.time.size, rows.n_states
    at_risk, moved, stay = rows.counts()
    hazard = moved / np.where(at_risk > 0, at_risk, 1.0)[:, :, None]
    step = hazard.copy()
    diagonal = np.arange(k)
    step[:, diagonal, diagonal] = stay
    width = max(1, int(np.ceil(np.sqrt(t))))
    product = _products(step, width)
    p0 = np.zeros(k)
    p0[begins_in] = 1.0
    probability, before = _probabilities(product, p0, width)
    share = np.where(at_risk > 0, before / np.where(at_risk > 0, at_risk, 1.0), 0.0)
    # A subject at risk in s lowers every hazard out of s: its influence drifts by -share (step - 1).
    drift = -share[:, :, None] * step
    drift[:, diagonal, diagonal] += share
    shift = _products(step, width, drift)
    variance = _Influences(rows, step, drift, share).variance(product, shift, width)
    return {
        "time": rows.time,
        "n_risk": at_risk,
        "n_event": moved.sum(axis=1),
        "probability": probability,
        "std_error": np.where(certain(probability), 0.0, np.sqrt(np.maximum(variance, 0.0))),
        "hazard": hazard,
        "moves": moved.any(axis=0),
    }


def _products(step: Floats, width: int, drift: Floats | None = None) -> Floats:
    """Products of the steps since the start of each block of `width` times, or sums of the drift carried by them."""
    t = step.shape[0]
    out = (step if drift is None else drift).copy()
    starts = np.arange(0, t, width)
    for j in range(1, width):
        at = starts[starts + j < t] + j
        own = np.matmul(out[at - 1], step[at])
        out[at] = own if drift is None else own + out[at]
    return out


def _probabilities(product: Floats, p: Floats, width: int) -> tuple[Floats, Floats]:
    """Probabilities after and just before each time."""
    after, before = np.empty(product.shape[:2]), np.empty(product.shape[:2])
    for low in range(0, product.shape[0], width):
        part = slice(low, low + width)
        after[part] = p @ product[part]
        before[low] = p
        before[low + 1 : low + width] = after[part][:-1]
        p = after[part][-1]
    return after, before


class _Influences:
    """Influence of every subject on the probabilities, carried from block to block."""

    def __init__(self, rows: Rows, step: Floats, drift: Floats, share: Floats) -> None:
        k, people = rows.n_states, int(rows.who.max(initial=-1)) + 1
        self.rows, self.step, self.share = rows, step, share
        self.drift = np.concatenate([drift, np.zeros((step.shape[0], 1, k))], axis=1)  # the last: not at risk
        self.before, self.weights = np.append(rows.before, k), np.append(rows.weight, 0.0)  # row -1: not at risk
        self.unweighted = bool((rows.weight == 1).all())
        self.influence = np.zeros((people, k))
        self.state = np.full(people, k, dtype=np.intp)
        self.weight = np.zeros(people)
        self.row = np.full(people, -1, dtype=np.intp)
        self.slot = np.zeros(people, dtype=np.intp)
        self.by_first, self.by_last = np.argsort(rows.first, kind="stable"), np.argsort(rows.last, kind="stable")
        self.firsts, self.lasts = rows.first[self.by_first], rows.last[self.by_last]

    def variance(self, product: Floats, shift: Floats, width: int) -> Floats:
        """Sum of squared influences at every time."""
        out = np.empty(product.shape[:2])
        self._enter(self._starting(0, 1))
        for low in range(0, out.shape[0], width):
            high = min(low + width, out.shape[0])
            out[low:high] = self._block(low, high, product[low:high], shift[low:high])
        return out

    def _starting(self, low: int, high: int) -> Codes:
        """Rows at risk first at times low <= t < high."""
        return self.by_first[slice(*np.searchsorted(self.firsts, [low, high]))]

    def _enter(self, rows: Codes) -> None:
        who = self.rows.who[rows]
        self.state[who], self.weight[who], self.row[who] = self.rows.before[rows], self.rows.weight[rows], rows

    def _block(self, low: int, high: int, product: Floats, shift: Floats) -> Floats:
        rows, k = self.rows, self.rows.n_states
        starting = self._starting(low + 1, high)
        ending = self.by_last[slice(*np.searchsorted(self.lasts, [low, high]))]
        busy = ending[(rows.last[ending] < high - 1) | (rows.into[ending] >= 0)]
        active = np.unique(rows.who[np.concatenate([starting, busy])])
        total = np.zeros((high - low, k))
        ends = np.empty((active.size, k))
        size = max(1, _CELLS // (high - low))
        self.slot[active] = np.arange(active.size)
        held = self.row[active]
        present = np.concatenate([held[held >= 0], starting])
        place = self.slot[rows.who[present]]
        for at in range(0, active.size, size):
            inside = present[(place >= at) & (place < at + size)]
            path = self._follow(active[at : at + size], inside, at, low, high)
            total += np.einsum("tik,tik->tk", path, path)
            ends[at : at + size] = path[-1]
        self.influence[active], self.weight[active], self.state[active] = 0.0, 0.0, k
        total += self._quiet(product, shift)
        ending_shift = np.vstack([shift[-1], np.zeros((1, k))])
        self.influence = self.influence @ product[-1] + ending_shift[self.state] * self.weight[:, None]
        self.influence[active] = ends
        gone = rows.who[ending]
        self.state[gone], self.weight[gone], self.row[gone] = k, 0.0, -1
        arrived = self._starting(low + 1, high + 1)
        self._enter(arrived[rows.last[arrived] >= high])
        return total

    def _quiet(self, product: Floats, shift: Floats) -> Floats:
        """Sum of squares over those who do not change in the block: influence @ product + weight * shift."""
        u, w, k = self.influence, self.weight, self.rows.n_states
        square = u.T @ u
        cross = np.column_stack([np.bincount(self.state, w * u[:, c], minlength=k + 1) for c in range(k)])[:k]
        weight = np.bincount(self.state, w * w, minlength=k + 1)[:k]
        squared = np.einsum("trc,trc->tc", product, square @ product)
        crossed = np.einsum("tsc,tsc->tc", shift, cross @ product)
        return squared + 2 * crossed + np.einsum("s,tsc->tc", weight, shift**2)

    def _follow(self, people: Codes, inside: Codes, at: int, low: int, high: int) -> Floats:
        """Influences of some subjects at each time of the block (times, subjects, states)."""
        rows, t = self.rows, high - low
        column = self.slot[rows.who[inside]] - at
        # The row under observation, as a running sum of its number.
        number = np.zeros((t + 1, people.size), dtype=np.intp)
        number[np.maximum(rows.first[inside], low) - low, column] += inside + 1
        number[np.minimum(rows.last[inside], high - 1) + 1 - low, column] -= inside + 1
        number = np.cumsum(number[:t], axis=0) - 1
        path = self.drift[np.arange(low, high)[:, None], self.before[number]]
        if not self.unweighted:
            path *= self.weights[number][:, :, None]
        moving = inside[(rows.into[inside] >= 0) & (rows.last[inside] < high)]
        when, column = rows.last[moving], self.slot[rows.who[moving]] - at
        jump = rows.weight[moving] * self.share[when, rows.before[moving]]
        path[when - low, column, rows.into[moving]] += jump
        path[when - low, column, rows.before[moving]] -= jump
        earlier = self.influence[people]
        for j in range(t):
            earlier = np.add(path[j], earlier @ self.step[low + j], out=path[j])
        return path
