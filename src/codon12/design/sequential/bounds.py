"""How the bounds of a group sequential test are solved for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from codon12.design.probability.inverse import inverse
from codon12.design.sequential.boundary_crossing import Path, exit_probabilities
from codon12.design.sequential.spending import Spending
from codon12.errors import DesignError

__all__ = ["SequentialPlan", "Shape", "checked_futility", "exits"]

Shape = Literal["spending", "obrien-fleming", "pocock", "wang-tsiatis"]


@dataclass(frozen=True, eq=False)
class SequentialPlan:
    """What the bounds are solved for."""

    t: NDArray[np.float64]
    alpha: float
    power: float
    sided: int
    shape: Shape
    spending: Spending
    delta: float
    binding: bool

    def efficacy(self, lower: NDArray) -> NDArray[np.float64]:
        """Efficacy bounds, given the futility bounds they may rely on."""
        t = self.t
        if self.shape != "spending":
            power = {"pocock": 0.5, "obrien-fleming": 0.0, "wang-tsiatis": self.delta}[self.shape]
            form = t ** (power - 0.5)
            c = inverse(
                lambda c: sum(exits(t, np.minimum(lower, c * form), c * form, self.sided, 0.0)[1]),
                self.alpha,
                0.0,
                12.0,
                rising=False,
                clamp=True,
            )
            return c * form
        spent = self._spent()
        upper = np.empty(len(t))
        path = Path.start(0.0)
        for k, now in enumerate(t):
            upper[k] = _upper_bound(path, now, spent[k] / self.sided)
            if k + 1 < len(t):
                path = self._onward(path, lower[k], upper[k], k)
        return upper

    def with_beta_spending(self, futility: Spending) -> tuple[NDArray, NDArray, float]:
        """Both bounds and the drift at which the type II error is exactly spent."""
        t, beta = self.t, 1 - self.power
        wasted = np.diff(futility.spent(beta, t), prepend=0.0)
        free = None if self.binding else self.efficacy(np.full(len(t), -np.inf))
        spent = self._spent() if self.shape == "spending" else None

        def bounds(drift: float) -> tuple[NDArray, NDArray, float]:
            upper = np.empty(len(t)) if free is None else free.copy()
            lower = np.empty(len(t))
            null, alternative = Path.start(0.0), Path.start(drift)
            for k, now in enumerate(t):
                if free is None and spent is not None:
                    upper[k] = _upper_bound(null, now, spent[k])
                if k + 1 == len(t):
                    break
                root = np.sqrt(now)
                lower[k] = min(_lower_bound(alternative, now, wasted[k]), upper[k])
                alternative = alternative.onward(lower[k] * root, upper[k] * root, now, t[k + 1])
                if free is None:
                    null = null.onward(lower[k] * root, upper[k] * root, now, t[k + 1])
            lower[-1] = upper[-1]
            return upper, lower, alternative.below(upper[-1], 1.0)

        drift = inverse(lambda d: bounds(d)[2], wasted[-1], 0.0, 20.0, rising=False, what="a design with this power")
        upper, lower, _ = bounds(drift)
        return upper, checked_futility(lower, upper), drift

    def _spent(self) -> NDArray[np.float64]:
        # a two-sided test spends half of alpha on each side, each by the one-sided function
        total = self.sided * self.spending.spent(self.alpha / self.sided, self.t)
        return np.diff(total, prepend=0.0)

    def _onward(self, path: Path, low: float, high: float, k: int) -> Path:
        root = np.sqrt(self.t[k])
        low = -high if self.sided == 2 else low
        return path.onward(low * root, high * root, self.t[k], self.t[k + 1])


def exits(
    t: NDArray, lower: Sequence[float] | NDArray, upper: Sequence[float] | NDArray, sided: int, drift: float
) -> tuple[NDArray, NDArray]:
    """Futility and efficacy exits; at the last look all that is not efficacy is left out of futility."""
    low, high = np.array(lower, dtype=float), np.array(upper, dtype=float)
    if sided == 2:
        below, above = exit_probabilities(t, -high, high, drift)
        return np.zeros(len(t)), below + above
    below, above = exit_probabilities(t, low, high, drift)
    return below, above


def _upper_bound(path: Path, t: float, probability: float) -> float:
    root = np.sqrt(t)
    if probability <= 0:
        return np.inf
    return inverse(lambda z: path.above(z * root, t), probability, -40.0, 40.0, rising=False, clamp=True)


def _lower_bound(path: Path, t: float, probability: float) -> float:
    root = np.sqrt(t)
    if probability <= 0:
        return -np.inf
    return inverse(lambda z: path.below(z * root, t), probability, -40.0, 40.0, clamp=True)


def checked_futility(lower: NDArray, upper: NDArray) -> NDArray:
    """Raise where a futility bound lies above its efficacy bound."""
    if np.any(lower[:-1] > upper[:-1]):
        raise DesignError("a futility bound lies above the efficacy bound of its analysis; spend less, or later")
    return lower
