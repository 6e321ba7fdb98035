"""Search for a set of times whose printed survival numbers are the wanted ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import inf, isfinite
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from codon12.errors import DataError, DesignError
from codon12.simulate.elementary import exact_exp, exact_log

__all__ = ["MONTH", "Curve", "anneal", "curve", "miss"]

MONTH = 30.4375
"""Days in a month: a twelfth of 365.25."""
_Z = 1.959963984540054
_State = TypeVar("_State")


@dataclass(frozen=True)
class Curve:
    """A Kaplan-Meier curve at its event times, with log-log limits from Greenwood's variance."""

    time: NDArray[np.float64]
    survival: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]

    def at(self, day: float) -> tuple[float, float, float]:
        """Estimate and limits in percent at a day."""
        i = int(np.searchsorted(self.time, day, side="right")) - 1
        if i < 0:
            return 100.0, 100.0, 100.0
        return 100 * self.survival[i], 100 * self.lower[i], 100 * self.upper[i]

    def median(self) -> tuple[float, float, float]:
        """Median and Brookmeyer-Crowley limits in days: the first time a curve is at or below one half.

        Infinite where it never is. A curve that stands exactly at one half has no single median, and programs
        disagree on it; it is answered with NaN, so that a search avoids it.
        """
        return _half(self.time, self.survival), _half(self.time, self.lower), _half(self.time, self.upper)


def _half(time: NDArray, values: NDArray) -> float:
    below = values < 0.5 + 1e-9
    i = int(below.argmax())
    if not below[i]:
        return inf
    return float(time[i]) if values[i] < 0.5 - 1e-9 else float("nan")


def curve(time: NDArray, event: NDArray[np.bool_]) -> Curve:
    """Kaplan-Meier curve of whole days (from 1 on); at a shared day events come before censorings.

    Examples
    --------
    >>> curve(np.array([1, 2, 3]), np.array([True, False, True])).survival.round(3).tolist()
    [0.667, 0.0]
    """
    if not event.any():
        raise DataError("a curve needs at least one event")
    counts = np.bincount(time[event])
    distinct = counts.nonzero()[0]
    deaths = counts[distinct].astype(float)
    at_risk = time.size - np.bincount(time, minlength=distinct[-1] + 1).cumsum()[distinct - 1].astype(float)
    alive = at_risk - deaths
    survival = (alive / at_risk).cumprod()
    if ended := alive[-1] == 0:  # the limits of nobody left are 0
        alive, survival = alive.copy(), survival.copy()
        alive[-1], survival[-1] = 1, 0.5
    log = exact_log(survival)
    factor = exact_exp(_Z * np.sqrt((deaths / (at_risk * alive)).cumsum()) / log)
    lower, upper = exact_exp(log / factor), exact_exp(log * factor)
    if ended:
        survival[-1] = lower[-1] = upper[-1] = 0.0
    return Curve(distinct.astype(float), survival, lower, upper)


def miss(value: float, printed: str, *, unit: float = 1.0, weight: float = 1.0) -> float:
    """How far `value` / `unit` lies outside the numbers that print as `printed`, in printed units.

    ``NE`` wants infinity; `printed` keeps its decimals. Values on an edge count as outside by a hair.
    """
    if printed == "NE":
        return 0.0 if value == inf else weight * 5.0
    middle, half = _printed(printed)
    if not isfinite(value):
        return weight * 50.0
    return weight * max(0.0, abs(value / unit - middle) - half)


@cache
def _printed(text: str) -> tuple[float, float]:
    """Middle of the numbers that print so, and their half-width less a hair."""
    return float(text), 0.5 * 10.0 ** -len(text.partition(".")[2]) * (1 - 1e-6)


def anneal(
    state: _State,
    propose: Callable[[_State], _State],
    cost: Callable[[_State], float],
    rng: np.random.Generator,
    *,
    steps: int,
    heat: float,
    what: str,
    rounds: int = 8,
) -> _State:
    """Simulated annealing that stops at a cost of zero; the heat falls by the square to nothing over `steps`.

    A round is one fall from `heat`, then one from a twentieth of it that starts at the best state met. Rounds
    start over from `state`, `rounds` times at most.

    Raises
    ------
    DesignError
        No state of cost zero was met; the message names `what`.
    """
    least = inf
    for _ in range(rounds):
        best_state, best = state, cost(state)
        for top in (heat, heat / 20):
            here, now = best_state, best
            for k in range(steps):
                if best <= 0:
                    return best_state
                trial = propose(here)
                there = cost(trial)
                if there <= now or rng.random() < exact_exp((now - there) / (top * (1 - k / steps) ** 2 + 1e-9)):
                    here, now = trial, there
                    if now < best:
                        best_state, best = here, now
        least = min(least, best)
    raise DesignError(f"{what}: no solution in {rounds} rounds, best miss {least:.3f}; take another seed")
