"""Predictive probability designs of one size and schedule, as families nested in the futility threshold."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from codon12.design.probability.prior import Prior
from codon12.design.single_arm.two_rates import futility_families
from codon12.numbers import binomial_sf
from codon12.numbers.halving import first_that_holds

__all__ = ["NestedDesigns"]

_EVEN = 1e-12
_SAME = 1e-11  # predictive probabilities relatively nearer than this are the same number


class NestedDesigns:
    """All designs of one n and one schedule, nested in the futility threshold for each response count."""

    def __init__(
        self, n: int, looks: tuple[int, ...], rates: tuple[float, float], *, prior: Prior, power: float
    ) -> None:
        p0, p1 = rates
        self.n, self.looks, self.rates = n, looks, np.array(rates)
        counts = np.arange(1, n + 1)
        self.counts = counts[binomial_sf(counts - 1, n, p1) >= power - _EVEN]  # stopping only takes power away
        tail = prior.upper_tail(p0, np.arange(n + 1), n)
        self.posterior = [(float(tail[s - 1]), float(tail[s])) for s in self.counts]
        self.at_looks = self._predictive(prior)
        self.values = [_distinct(np.concatenate([pp[i] for pp in self.at_looks])) for i in range(len(self.counts))]

    def _predictive(self, prior: Prior) -> list[NDArray]:
        """Predictive probability at each look, rows by responses needed."""
        current = (np.arange(self.n + 1) >= self.counts[:, None]).astype(float)
        wanted, out = set(self.looks), {}
        for m in range(self.n - 1, self.looks[0] - 1, -1):
            p = prior.mean(np.arange(m + 1), m)
            current = p * current[:, 1:] + (1 - p) * current[:, :-1]
            if m in wanted:
                out[m] = current
        return [out[m] for m in self.looks]

    def boundaries(self, which: NDArray, index: NDArray) -> NDArray:
        """Futility boundaries (rows: looks) of the family members at `index`."""
        top = np.array([self.values[w][i] for w, i in zip(which, index, strict=True)]) * (1 + _SAME)
        return np.array([(pp[which] <= top[:, None]).sum(axis=1) - 1 for pp in self.at_looks])

    def judge(self, which: NDArray, index: NDArray) -> tuple[NDArray, NDArray, NDArray]:
        """Success and early stop at both rates and expected size at p0 of the members at `index`."""
        low = self.boundaries(which, index)
        success, stopped, expected = futility_families(
            self.n, self.looks, low, self.counts[which], (self.rates[0], self.rates[1])
        )
        return success, stopped, expected[:, 0]

    def feasible(self, alpha: float, power: float, *, each: bool) -> tuple[list[tuple], float]:
        """Fields of the designs that are good enough, and the smallest type I error seen at this power."""
        which = np.arange(len(self.counts))
        if not len(which):
            return [], np.inf
        last = np.array([len(v) - 1 for v in self.values])
        high = self._last(which, last, lambda success: success[:, 1] >= power - _EVEN)
        which, high = which[high >= 0], high[high >= 0]
        if not len(which):
            return [], np.inf
        success, stopped, expected = self.judge(which, high)
        nearest = float(success[:, 0].min())
        good = success[:, 0] <= alpha + _EVEN
        which, high = which[good], high[good]
        if not len(which):
            return [], nearest
        if each:
            low = self._last(which, high, lambda success: success[:, 0] > alpha + _EVEN) + 1
            members = [(w, i) for w, a, b in zip(which, low, high, strict=True) for i in range(a, b + 1)]
            which, high = np.array(members).T
            success, stopped, expected = self.judge(which, high)
        else:
            success, stopped, expected = success[good], stopped[good], expected[good]
        stops = self.boundaries(which, high).T
        rows = []
        for j, (w, i) in enumerate(zip(which, high, strict=True)):
            values = self.values[w]
            upper = float(values[i + 1]) if i + 1 < len(values) else 1.0
            rows.append(
                (
                    int(self.counts[w]),
                    tuple(int(v) for v in stops[j]),
                    self.posterior[w],
                    (float(values[i]), upper),
                    float(success[j, 0]),
                    float(success[j, 1]),
                    float(expected[j]),
                    float(stopped[j, 0]),
                )
            )
        return rows, nearest

    def _last(self, which: NDArray, last: NDArray, holds: Callable[[NDArray], NDArray]) -> NDArray:
        """Last index up to `last` where a property holds that, once lost, stays lost; -1 if nowhere."""

        def lost(at: NDArray) -> NDArray:
            return ~holds(self.judge(which, np.clip(at, 0, last))[0])

        return first_that_holds(np.full(len(which), -1), last + 1, lost) - 1


def _distinct(values: NDArray) -> NDArray:
    """Sorted distinct values below 1, from 0 on; of values that differ by rounding only the largest."""
    v = np.sort(np.concatenate([[0.0], values[values < 1 - _SAME]]))
    return v[np.append(v[1:] > v[:-1] * (1 + _SAME), True)]
