"""Decisions at near ties: probabilities to fifty digits, and comparisons that ask for them when it matters.

A boundary is a comparison of a probability with a threshold. Where a double cannot tell them apart (a
posterior probability of exactly 0.5 against a threshold of 0.5), the probability is computed again in decimal
arithmetic, with every input taken as the decimal it is written as: 0.23 is 23/100.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "beta_binomial_tail",
    "beta_upper_tail",
    "binomial_upper_tail",
    "decimal",
    "reaches",
    "rising_ratio",
    "with_digits",
]

_DIGITS = 70
_NEAR = 1e-9  # doubles nearer than this to the threshold are computed again
_EQUAL = Decimal("1e-50")  # decimals nearer than this are the same number


P = ParamSpec("P")
T = TypeVar("T")


def with_digits(function: Callable[P, T]) -> Callable[P, T]:
    """Run a function with seventy digits of decimal arithmetic."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        with localcontext() as context:
            context.prec = _DIGITS
            return function(*args, **kwargs)

    return run


def decimal(value: float) -> Decimal:
    """Give the decimal a double was written as: the shortest that reads back as it."""
    return Decimal(repr(float(value)))


def reaches(
    values: NDArray[np.float64], threshold: float, *, strict: bool, exact: Callable[[int], Decimal]
) -> NDArray[np.bool_]:
    """Tell for each value whether it is above the threshold (or, unless `strict`, equal to it).

    `exact` gives the value at one position to fifty digits; it is asked only where a double is too near.

    Examples
    --------
    >>> reaches(np.array([0.5 - 1e-17, 0.7]), 0.5, strict=False, exact=lambda i: Decimal("0.5"))
    array([ True,  True])
    """
    out = values > threshold
    for i in np.flatnonzero(np.abs(values - threshold) < _NEAR):
        difference = exact(int(i)) - decimal(threshold)
        out[i] = difference > _EQUAL or (not strict and difference > -_EQUAL)
    return out


def rising_ratio(a: Decimal, b: Decimal, x: int, n: int) -> Decimal:
    """B(a + x, b + n - x) / B(a, b), the weight a beta component gains from x responses of n."""
    value = Decimal(1)
    for i in range(x):
        value *= (a + i) / (a + b + i)
    for i in range(n - x):
        value *= (b + i) / (a + b + x + i)
    return value


def _series(a: Decimal, b: Decimal, x: Decimal) -> Decimal:
    """2F1(a + b, 1; a + 1; x) / a, the integral from 0 to x of the beta density up to x^a (1-x)^b."""
    total, term, k = Decimal(0), 1 / a, 0
    floor = Decimal(10) ** -_DIGITS
    while True:
        total += term
        ratio = (a + b + k) / (a + 1 + k) * x
        term *= ratio
        k += 1
        if ratio < 1 and term < floor * total * (1 - ratio):
            return total


@with_digits
def beta_upper_tail(rate: Decimal, a: Decimal, b: Decimal) -> Decimal:
    """Pr(p > rate) for p ~ Beta(a, b).

    Both tails share the factor that holds the gamma functions, so none has to be computed.
    """
    if rate <= 0:
        return Decimal(1)
    if rate >= 1:
        return Decimal(0)
    below, above = _series(a, b, rate), _series(b, a, 1 - rate)
    return above / (below + above)


@with_digits
def beta_binomial_tail(y: int, m: int, a: Decimal, b: Decimal) -> Decimal:
    """Probability of at least y of m under Beta(a, b), by the ratio of neighbouring terms."""
    if y <= 0:
        return Decimal(1)
    term, total = Decimal(1), Decimal(0)
    for i in range(m):
        term *= (b + i) / (a + b + i)
    for k in range(m + 1):
        if k >= y:
            total += term
        term *= Decimal(m - k) / (k + 1) * (a + k) / (b + m - k - 1) if k < m else 0
    return total


@with_digits
def binomial_upper_tail(x: int, n: int, rate: Decimal) -> Decimal:
    """Probability of at least x of n at a rate inside (0, 1)."""
    if x <= 0:
        return Decimal(1)
    term, total = (1 - rate) ** n, Decimal(0)
    for k in range(n + 1):
        if k >= x:
            total += term
        term *= Decimal(n - k) / (k + 1) * rate / (1 - rate)
    return total
