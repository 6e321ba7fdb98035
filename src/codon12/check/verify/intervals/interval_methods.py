"""Which of the nine methods prints an interval: of a count known, or of any count whose percentage prints so."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from codon12.check.statements import Limit
from codon12.numbers.binomial import binomial_cdf, binomial_sf
from codon12.numbers.proportion import METHODS, Method, proportion_interval
from codon12.numbers.unrounded import Printed

__all__ = ["WIDEST_TOTAL", "methods_that_print", "solutions"]

_SLACK = 1e-9
"""Slack, in percent, for limits that are computed in floating point."""
WIDEST_TOTAL = 5000
"""The largest total that is searched."""


def _prints(limit: np.ndarray, printed: Limit) -> np.ndarray:
    """Where a limit (in percent) prints as `printed` by rounding."""
    if not isinstance(printed, Printed):
        return np.ones(limit.shape, dtype=bool)
    low, high = float(printed.low) - _SLACK, float(printed.high) + _SLACK
    return (limit >= low) & (limit <= high)


def methods_that_print(
    x: int, n: int, low: Limit, high: Limit, *, level: int = 95, methods: tuple[Method, ...] = METHODS
) -> list[Method]:
    """Methods whose interval for x of n prints as these limits.

    Examples
    --------
    >>> from codon12.numbers.unrounded import read_printed
    >>> methods_that_print(46, 124, read_printed("28.6"), read_printed("46.2"))
    ['clopper-pearson']
    """
    return list(_that_print(x, n, low, high, level, methods))


@lru_cache(4096)
def _that_print(
    x: int, n: int, low: Limit, high: Limit, level: float, methods: tuple[Method, ...]
) -> tuple[Method, ...]:
    out: list[Method] = []
    for method in methods:
        lower, upper = proportion_interval(np.array([x]), np.array([n]), method=method, level=level / 100)
        if (_prints(100 * lower, low) & _prints(100 * upper, high)).all():
            out.append(method)
    return tuple(out)


def solutions(
    percent: Printed, low: Limit, high: Limit, *, largest: int, level: int = 95, method: Method = "clopper-pearson"
) -> list[tuple[int, int]]:
    """All (x, N) up to a largest N whose percentage and interval by `method` print so.

    Examples
    --------
    >>> from codon12.numbers.unrounded import read_printed
    >>> solutions(read_printed("23"), read_printed("5"), read_printed("54"), largest=104)
    [(3, 13)]
    """
    return list(_solutions(percent, low, high, largest, level, method))


@lru_cache(4096)
def _solutions(
    percent: Printed, low: Limit, high: Limit, largest: int, level: float, method: Method
) -> tuple[tuple[int, int], ...]:
    first, last = 1, min(largest, WIDEST_TOTAL)
    if isinstance(low, Printed) and isinstance(high, Printed):
        width = max(float(high.value - low.value) / 200, 0.002)
        p = min(max(float(percent.value) / 100, 0.02), 0.98)
        guess = 3.85 * p * (1 - p) / width**2
        first, last = max(1, math.floor(guess / 4) - 3), min(last, math.ceil(guess * 4) + 12)
    xs, ns = _counts_of_totals(percent, first, last)
    if method in _EXACT:
        near = _may_print(xs, ns, low, high, (1 - level / 100) / 2)
        xs, ns = xs[near], ns[near]
    if not len(xs):
        return ()
    lower, upper = proportion_interval(xs, ns, method=method, level=level / 100)
    fits = _prints(100 * lower, low) & _prints(100 * upper, high)
    return tuple(zip(xs[fits].tolist(), ns[fits].tolist(), strict=True))


_EXACT: tuple[Method, ...] = ("clopper-pearson", "mid-p")
"""Methods whose limits are searched for: dear for thousands of totals at once."""
_MARGIN = 1e-4
"""In percent, far above what a searched limit is off by."""


def _may_print(xs: np.ndarray, ns: np.ndarray, low: Limit, high: Limit, tail: float) -> np.ndarray:
    """Where limits by tails can lie about those printed: by the tails there, with and without x itself.

    The tail of either exact method lies between P(X > x) and P(X >= x) (below: P(X < x) and P(X <= x)), and all of
    them change with the rate one way only.
    """

    def about(limit: Printed) -> list[float]:
        ends = (float(limit.low) - _MARGIN, float(limit.high) + _MARGIN)
        return [min(max(end / 100, 0.0), 1.0) for end in ends]

    may = np.ones(len(xs), dtype=bool)
    if isinstance(low, Printed):
        least, most = about(low)
        may = (binomial_sf(xs, ns, least) <= tail) & (binomial_sf(xs - 1, ns, most) >= tail)
        may |= xs == 0
    if isinstance(high, Printed):
        least, most = about(high)
        below = (binomial_cdf(xs, ns, least) >= tail) & (binomial_cdf(xs - 1, ns, most) <= tail)
        may &= below | (xs == ns)
    return may


def _counts_of_totals(percent: Printed, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
    """Every count and total from `first` to `last` that print as the percentage, as `counts_for_percent` finds them."""
    low, high = percent.low, percent.high
    if percent.digits > 8:  # beyond whole numbers of 64 bits; no total of people prints so
        return np.empty(0, dtype=int), np.empty(0, dtype=int)
    totals = np.arange(first, last + 1)
    least = np.maximum(0, -(-low.numerator * totals // (100 * low.denominator)))
    most = np.minimum(totals, high.numerator * totals // (100 * high.denominator))
    many = np.maximum(0, most - least + 1)
    ns = np.repeat(totals, many)
    within = np.arange(len(ns)) - np.repeat(np.cumsum(many) - many, many)
    return np.repeat(least, many) + within, ns
