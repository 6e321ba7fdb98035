"""Fisher's exact test of many two-by-two tables at once: odds ratio, exact interval, two-sided P."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from codon12.errors import UsageError
from codon12.numbers.halving import halve

__all__ = ["FisherResult", "fisher_exact"]

_STEPS = 80
_SAME = 1 + 1e-7
"""Tables as likely as the one seen, up to rounding, count to the P value (as in R's fisher.test)."""


class FisherResult(msgspec.Struct, frozen=True, kw_only=True):
    """Results of tables, each an array with one entry a table."""

    odds_ratio: NDArray[np.float64]
    """Conditional maximum-likelihood estimate; 0 and infinity are values, NaN where a margin is empty."""
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    p: NDArray[np.float64]


def fisher_exact(a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike, *, level: float = 0.95) -> FisherResult:
    """Test the two-by-two tables ``[[a, b], [c, d]]``; arrays of whole counts of one length.

    The odds ratio is the conditional maximum-likelihood estimate and the interval inverts the two one-sided exact
    tests, as R's ``fisher.test`` does (whose root finder stops after about four digits); the P value sums the tables
    no more likely than the one seen.

    Raises
    ------
    UsageError
        A count below 0 or not whole, arrays of different length, a level outside (0, 1).

    References
    ----------
    Fisher 1935; Cornfield 1956 (interval).

    Examples
    --------
    >>> tea = fisher_exact([3], [1], [1], [3])
    >>> [round(float(v[0]), 6) for v in (tea.odds_ratio, tea.lower, tea.upper, tea.p)]
    [6.40832, 0.211736, 626.243531, 0.485714]
    """
    counts = [np.atleast_1d(np.asarray(v)) for v in (a, b, c, d)]
    if len({v.shape for v in counts}) > 1 or counts[0].ndim != 1:
        raise UsageError("a, b, c and d must be four columns of one length")
    if not 0 < level < 1:
        raise UsageError(f"level must lie between 0 and 1, got {level}")
    if any(np.any(v < 0) or np.any(v != np.floor(v)) for v in counts):
        raise UsageError("counts must be whole numbers of at least 0")
    tables = np.stack([v.astype(np.int64) for v in counts], axis=1)
    unique, back = np.unique(tables, axis=0, return_inverse=True)
    found = _tables(unique, level)
    odds, lower, upper, p = (column[back.reshape(-1)] for column in found)
    return FisherResult(odds_ratio=odds, lower=lower, upper=upper, p=p)


def _tables(tables: NDArray[np.int64], level: float) -> tuple[NDArray[np.float64], ...]:
    m = len(tables)
    if m == 0:
        none = np.empty(0)
        return none, none, none, none
    x, b, c, d = tables.T
    row, column, total = x + b, x + c, x + b + c + d
    low, high = np.maximum(0, column - (total - row)), np.minimum(row, column)
    size = high - low + 1
    # All supports one behind the other; `first` marks where each table's begins.
    first = np.concatenate([[0], np.cumsum(size)[:-1]])
    table = np.repeat(np.arange(m), size)
    k = np.arange(size.sum()) - first[table] + low[table]
    log_weight = -(
        special.gammaln(k + 1)
        + special.gammaln(row[table] - k + 1)
        + special.gammaln(column[table] - k + 1)
        + special.gammaln((total - row - column)[table] + k + 1)
    )
    ragged = _Ragged(k=k, log_weight=log_weight, table=table, first=first, x=x)
    mass = ragged.mass(np.zeros(m))
    seen = mass[first + x - low]
    p = np.minimum(1.0, np.add.reduceat(np.where(mass <= seen[table] * _SAME, mass, 0.0), first))
    odds = ragged.solve(lambda t: ragged.mean(t) - x)
    odds = np.where(x == low, 0.0, np.where(x == high, np.inf, odds))
    alpha = (1 - level) / 2
    lower = np.where(x == low, 0.0, ragged.solve(lambda t: ragged.tail(t, above=True) - alpha))
    upper = np.where(x == high, np.inf, ragged.solve(lambda t: alpha - ragged.tail(t, above=False)))
    empty = low == high
    odds = np.where(empty, np.nan, odds)
    return odds, np.where(empty, 0.0, lower), np.where(empty, np.inf, upper), p


class _Ragged(msgspec.Struct, frozen=True, kw_only=True):
    """Noncentral hypergeometric distributions of several tables, side by side."""

    k: NDArray[np.int64]
    """Possible counts of the first cell, those of one table behind those of the other."""
    log_weight: NDArray[np.float64]
    table: NDArray[np.int64]
    """Table of each count."""
    first: NDArray[np.int64]
    """Where the counts of each table begin."""
    x: NDArray[np.int64]
    """Count seen in each table."""

    def mass(self, log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
        value = self.log_weight + self.k * log_odds[self.table]
        value -= np.maximum.reduceat(value, self.first)[self.table]
        weight = np.exp(value)
        return weight / np.add.reduceat(weight, self.first)[self.table]

    def mean(self, log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.add.reduceat(self.mass(log_odds) * self.k, self.first)

    def tail(self, log_odds: NDArray[np.float64], *, above: bool) -> NDArray[np.float64]:
        seen = self.x[self.table]
        inside = self.k >= seen if above else self.k <= seen
        return np.add.reduceat(np.where(inside, self.mass(log_odds), 0.0), self.first)

    def solve(self, rising: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> NDArray[np.float64]:
        """Odds at which a rising function is 0, by bisection on the log odds."""
        start = np.full(len(self.x), 60.0)
        low, high = halve(-start, start, lambda log_odds: rising(log_odds) > 0, steps=_STEPS)
        return np.exp((low + high) / 2)
