"""Binomial probabilities, vectorised and exact to the last digits of a double."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

__all__ = ["binomial_cdf", "binomial_pmf", "binomial_sf"]


def binomial_pmf(x: ArrayLike, n: ArrayLike, p: ArrayLike) -> NDArray[np.float64]:
    """Probability of exactly `x` responses among `n` at rate `p`.

    Shapes broadcast. Outside 0..n the probability is 0. Uses the saddle-point free form
    ``exp(log C(n, x) + x log p + (n - x) log(1 - p))`` with ``0 log 0 = 0``.

    Examples
    --------
    >>> round(float(binomial_pmf(1, 2, 0.5)), 12)
    0.5
    """
    x, n, p = (np.asarray(a, dtype=float) for a in (x, n, p))
    inside = (x >= 0) & (x <= n)
    k = np.where(inside, x, 0.0)
    log_choose = -special.betaln(1 + n - k, 1 + k) - np.log1p(n)
    log_pmf = log_choose + special.xlogy(k, p) + special.xlog1py(n - k, -p)
    return np.where(inside, np.exp(log_pmf), 0.0)


def binomial_cdf(x: ArrayLike, n: ArrayLike, p: ArrayLike) -> NDArray[np.float64]:
    """Probability of at most `x` responses among `n` at rate `p`; 0 below 0 and 1 from n on."""
    x, n, p = (np.asarray(a, dtype=float) for a in (x, n, p))
    k = np.clip(np.floor(x), 0, n)
    below = special.betainc(np.maximum(n - k, 1e-300), k + 1, 1 - p)
    return np.where(x < 0, 0.0, np.where(x >= n, 1.0, below))


def binomial_sf(x: ArrayLike, n: ArrayLike, p: ArrayLike) -> NDArray[np.float64]:
    """Probability of more than `x` responses among `n` at rate `p` (no cancellation in the far tail)."""
    x, n, p = (np.asarray(a, dtype=float) for a in (x, n, p))
    k = np.clip(np.floor(x), 0, n)
    above = special.betainc(k + 1, np.maximum(n - k, 1e-300), p)
    return np.where(x < 0, 1.0, np.where(x >= n, 0.0, above))
