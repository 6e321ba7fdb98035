"""Confidence intervals of a proportion, by the nine methods that papers use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from codon12.errors import UsageError
from codon12.numbers.binomial import binomial_pmf
from codon12.numbers.halving import halve

__all__ = ["METHODS", "Method", "proportion_interval"]

Method = Literal[
    "clopper-pearson",
    "wilson",
    "wilson-cc",
    "wald",
    "wald-cc",
    "agresti-coull",
    "jeffreys",
    "mid-p",
    "logit",
]
METHODS: tuple[Method, ...] = get_args(Method)
"""Kinds of interval that `proportion_interval` knows."""

Bounds = tuple[NDArray[np.float64], NDArray[np.float64]]


def proportion_interval(
    x: ArrayLike, n: ArrayLike, *, method: Method = "clopper-pearson", level: float = 0.95
) -> Bounds:
    """Two-sided confidence limits of a proportion `x` / `n`.

    Parameters
    ----------
    x, n
        Number of successes and of trials; arrays broadcast. ``n = 0`` gives (0, 1) for the exact and Bayesian
        methods and NaN where the formula divides by n.
    method
        ``clopper-pearson`` (exact), ``wilson`` and ``wilson-cc`` (score, without and with continuity
        correction), ``wald``, ``wald-cc``, ``agresti-coull``, ``jeffreys`` (Beta(1/2, 1/2) with limits 0 at
        x = 0 and 1 at x = n), ``mid-p``, ``logit`` (Wald on the log odds; (0, 1) at x = 0 or n).
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    tuple of arrays
        Lower and upper limits, clipped to [0, 1].

    Raises
    ------
    UsageError
        Unknown method, level outside (0, 1), or x outside 0..n.

    References
    ----------
    Clopper and Pearson 1934; Wilson 1927; Newcombe 1998 (with continuity correction: his methods 2 and 4);
    Agresti and Coull 1998; Brown, Cai and DasGupta 2001 (Jeffreys, logit); Berry and Armitage 1995 (mid-P).

    Examples
    --------
    >>> lower, upper = proportion_interval(46, 124)
    >>> [round(100 * float(v), 1) for v in (lower, upper)]
    [28.6, 46.2]
    """
    if method not in METHODS:
        raise UsageError(f"method must be one of {', '.join(METHODS)}; got {method!r}")
    if not 0 < level < 1:
        raise UsageError(f"level must lie between 0 and 1; got {level!r}")
    x, n = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(n, dtype=float))
    if np.any((x < 0) | (x > n)):
        raise UsageError("x must lie between 0 and n")
    tail = (1 - level) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        lower, upper = _FORMULAS[method](x, n, tail)
    return np.clip(lower, 0.0, 1.0), np.clip(upper, 0.0, 1.0)


def _clopper_pearson(x: NDArray, n: NDArray, tail: float) -> Bounds:
    lower = special.betaincinv(np.maximum(x, 1e-300), n - x + 1, tail)
    upper = special.betaincinv(x + 1, np.maximum(n - x, 1e-300), 1 - tail)
    return np.where(x == 0, 0.0, lower), np.where(x == n, 1.0, upper)


def _wilson(x: NDArray, n: NDArray, tail: float) -> Bounds:
    z = -special.ndtri(tail)
    p, z2 = x / n, z * z
    centre = p + z2 / (2 * n)
    half = z * np.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    scale = 1 + z2 / n
    return np.where(x == 0, 0.0, (centre - half) / scale), np.where(x == n, 1.0, (centre + half) / scale)


def _wilson_cc(x: NDArray, n: NDArray, tail: float) -> Bounds:
    z = -special.ndtri(tail)
    p, z2 = x / n, z * z
    denominator = 2 * (n + z2)
    root_low = np.sqrt(z2 - 2 - 1 / n + 4 * p * (n * (1 - p) + 1))
    root_high = np.sqrt(z2 + 2 - 1 / n + 4 * p * (n * (1 - p) - 1))
    lower = (2 * n * p + z2 - 1 - z * root_low) / denominator
    upper = (2 * n * p + z2 + 1 + z * root_high) / denominator
    return np.where(x == 0, 0.0, lower), np.where(x == n, 1.0, upper)


def _wald(x: NDArray, n: NDArray, tail: float) -> Bounds:
    p = x / n
    half = -special.ndtri(tail) * np.sqrt(p * (1 - p) / n)
    return p - half, p + half


def _wald_cc(x: NDArray, n: NDArray, tail: float) -> Bounds:
    lower, upper = _wald(x, n, tail)
    return lower - 1 / (2 * n), upper + 1 / (2 * n)


def _agresti_coull(x: NDArray, n: NDArray, tail: float) -> Bounds:
    z2 = special.ndtri(tail) ** 2
    return _wald(x + z2 / 2, n + z2, tail)


def _jeffreys(x: NDArray, n: NDArray, tail: float) -> Bounds:
    lower = special.betaincinv(x + 0.5, n - x + 0.5, tail)
    upper = special.betaincinv(x + 0.5, n - x + 0.5, 1 - tail)
    return np.where(x == 0, 0.0, lower), np.where(x == n, 1.0, upper)


def _mid_p(x: NDArray, n: NDArray, tail: float) -> Bounds:
    """Invert the mid-P tail by bisection; both tails are monotone in p."""

    def upper_tail(p: NDArray) -> NDArray:
        return 1 - special.betainc(np.maximum(n - x, 1e-300), x + 1, 1 - p) + binomial_pmf(x, n, p) / 2

    def lower_tail(p: NDArray) -> NDArray:
        return np.where(x == n, 1.0, special.betainc(np.maximum(n - x, 1e-300), x + 1, 1 - p)) - (
            binomial_pmf(x, n, p) / 2
        )

    def bisect(tail_of: Callable[[NDArray], NDArray], *, rising: bool) -> NDArray:
        low, high = halve(np.zeros_like(x), np.ones_like(x), lambda p: (tail_of(p) > tail) == rising, steps=60)
        return (low + high) / 2

    lower = np.where(x == 0, 0.0, bisect(upper_tail, rising=True))
    upper = np.where(x == n, 1.0, bisect(lower_tail, rising=False))
    return lower, upper


def _logit(x: NDArray, n: NDArray, tail: float) -> Bounds:
    z = -special.ndtri(tail)
    log_odds = np.log(x / (n - x))
    half = z * np.sqrt(1 / x + 1 / (n - x))
    edge = (x == 0) | (x == n)
    lower = np.where(edge, 0.0, special.expit(log_odds - half))
    upper = np.where(edge, 1.0, special.expit(log_odds + half))
    return lower, upper


_FORMULAS = {
    "clopper-pearson": _clopper_pearson,
    "wilson": _wilson,
    "wilson-cc": _wilson_cc,
    "wald": _wald,
    "wald-cc": _wald_cc,
    "agresti-coull": _agresti_coull,
    "jeffreys": _jeffreys,
    "mid-p": _mid_p,
    "logit": _logit,
}
