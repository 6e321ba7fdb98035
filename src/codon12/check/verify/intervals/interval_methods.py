"""Which of the nine methods prints an interval: of a count known, or of any count whose percentage prints so."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from scipy import special

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
    low, high = _box(printed)
    return (limit >= low) & (limit <= high)


_AGAIN = 0.05
"""Of the last place: a limit of one place more, itself rounded, is often what a text rounds (69.46, 69.5, 70)."""


def _box(printed: Printed) -> tuple[float, float]:
    """From where to where a limit, in percent, prints so, rounded once or twice."""
    slack = _SLACK + _AGAIN * float(printed.step)
    return float(printed.low) - slack, float(printed.high) + slack


def methods_that_print(
    x: int,
    n: int,
    low: Limit,
    high: Limit,
    *,
    level: int = 95,
    methods: tuple[Method, ...] = METHODS,
    added: bool = False,
) -> list[Method]:
    """Methods whose interval for x of n prints as these limits; if `added`, also as rounded percentage ± half width.

    Examples
    --------
    >>> from codon12.numbers.unrounded import read_printed
    >>> methods_that_print(46, 124, read_printed("28.6"), read_printed("46.2"))
    ['clopper-pearson']
    """
    return list(_that_print(x, n, low, high, level, methods, added=added))


@lru_cache(4096)
def _that_print(
    x: int, n: int, low: Limit, high: Limit, level: float, methods: tuple[Method, ...], *, added: bool
) -> tuple[Method, ...]:
    xs, ns = np.array([x]), np.array([n])
    return tuple(m for m in methods if len(_printing(m, xs, ns, low, high, level, added=added)[0]))


def _printing(
    method: Method, xs: np.ndarray, ns: np.ndarray, low: Limit, high: Limit, level: float, *, added: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Those counts and totals whose limits by a method print so."""
    if method in _EXACT:
        return _by_tails(method, xs, ns, low, high, level)
    lower, upper = proportion_interval(xs, ns, method=method, level=level / 100)
    fits = _prints(100 * lower, low) & _prints(100 * upper, high)
    if method == "wilson":
        least, most = (special.gammaincinv(np.clip(k, 1, _FEW), 1 - level / 100) / ns for k in (xs, ns - xs))
        fits |= (xs > 0) & (xs <= _FEW) & _prints(100 * least, low) & _prints(100 * upper, high)
        fits |= (xs < ns) & (ns - xs <= _FEW) & _prints(100 * lower, low) & _prints(100 * (1 - most), high)
    if (
        added
        and method == "wald"
        and isinstance(low, Printed)
        and isinstance(high, Printed)
        and low.digits == high.digits
    ):
        fits |= _plus_minus(100 * xs / ns, 50 * (upper - lower), low, high)
    return xs[fits], ns[fits]


_FEW = 3
"""Counts up to which Wilson's nearer limit is that of a Poisson count where it is modified (Brown, Cai, DasGupta)."""


def _plus_minus(percent: np.ndarray, half: np.ndarray, low: Printed, high: Printed) -> np.ndarray:
    """Where a percentage and what is added to it, each rounded first, give these limits: 21.1 ± 9.2 of 16 of 76."""
    middle, width = np.round(percent, low.digits), np.round(half, low.digits)
    slack = float(low.step) / 4
    return (abs(middle - width - float(low.value)) < slack) & (abs(middle + width - float(high.value)) < slack)


def solutions(
    percent: Printed,
    low: Limit,
    high: Limit,
    *,
    largest: int,
    level: int = 95,
    method: Method = "clopper-pearson",
    added: bool = False,
) -> list[tuple[int, int]]:
    """All (x, N) up to a largest N whose percentage and interval by `method` print so; `added` as above.

    Examples
    --------
    >>> from codon12.numbers.unrounded import read_printed
    >>> solutions(read_printed("23"), read_printed("5"), read_printed("54"), largest=104)
    [(3, 13)]
    """
    return list(_solutions(percent, low, high, largest, level, method, added=added))


_RARE = 5
"""Percentages below it, or as near to a hundred, whose limits are no longer those of a normal curve."""


@lru_cache(4096)
def _solutions(
    percent: Printed, low: Limit, high: Limit, largest: int, level: float, method: Method, *, added: bool
) -> tuple[tuple[int, int], ...]:
    first, last = 1, min(largest, WIDEST_TOTAL)
    if isinstance(low, Printed) and isinstance(high, Printed):
        width = max(float(high.value - low.value) / 200, 0.002)
        p = min(max(float(percent.value) / 100, 0.02), 0.98)
        guess = 3.85 * p * (1 - p) / width**2
        first, last = math.floor(guess / 4) - 3, min(last, math.ceil(guess * 4) + 12)
        if not _RARE < percent.value < 100 - _RARE:  # none of N: the limit is 2.5 to 4 over N
            first = min(first, math.floor(1 / width))
        first = max(1, first)
    xs, ns = _counts_of_totals(percent, first, last)
    xs, ns = _printing(method, xs, ns, low, high, level, added=added)
    return tuple(zip(xs.tolist(), ns.tolist(), strict=True))


_EXACT: tuple[Method, ...] = ("clopper-pearson", "mid-p")
"""Methods whose limits are rates at which a tail is so large: the tail at both ends of what prints so tells enough."""


def _by_tails(
    method: Method, xs: np.ndarray, ns: np.ndarray, low: Limit, high: Limit, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Those counts and totals whose limits by an exact method print so; either tail changes with the rate one way."""
    tail, half = (1 - level / 100) / 2, method == "mid-p"

    def above(x: np.ndarray, n: np.ndarray, p: float) -> np.ndarray:
        most = binomial_sf(x - 1, n, p)
        return (most + binomial_sf(x, n, p)) / 2 if half else most

    def below(x: np.ndarray, n: np.ndarray, p: float) -> np.ndarray:
        most = binomial_cdf(x, n, p)
        return (most + binomial_cdf(x - 1, n, p)) / 2 if half else most

    tests: list[Callable[[np.ndarray, np.ndarray], np.ndarray]] = []
    if isinstance(low, Printed):
        a, b = _ends(low)
        tests += [
            lambda x, n: np.where(x == 0, a == 0, above(x, n, a) <= tail),
            lambda x, n: (x == 0) | (above(x, n, b) >= tail),
        ]
    if isinstance(high, Printed):
        c, d = _ends(high)
        tests += [
            lambda x, n: np.where(x == n, d == 1, below(x, n, d) <= tail),
            lambda x, n: (x == n) | (below(x, n, c) >= tail),
        ]
    for holds in tests:  # each is asked of what the ones before have left
        fits = holds(xs, ns)
        xs, ns = xs[fits], ns[fits]
    return xs, ns


def _ends(limit: Printed) -> tuple[float, float]:
    """The least and the largest rate that print so."""
    least, most = (x / 100 for x in _box(limit))
    return min(max(least, 0.0), 1.0), min(max(most, 0.0), 1.0)


@lru_cache(64)
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
