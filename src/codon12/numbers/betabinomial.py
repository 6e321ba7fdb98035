"""Beta-binomial probabilities: responses still to come when the rate itself is uncertain."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

__all__ = ["beta_binomial_pmf", "beta_binomial_sf"]


def beta_binomial_pmf(x: ArrayLike, n: ArrayLike, a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """Probability of exactly `x` responses among `n` when the rate has a Beta(`a`, `b`) distribution.

    Shapes broadcast; outside 0..n the probability is 0.

    Examples
    --------
    >>> [round(float(v), 12) for v in beta_binomial_pmf([0, 1, 2], 2, 1, 1)]
    [0.333333333333, 0.333333333333, 0.333333333333]
    """
    x, n, a, b = (np.asarray(v, dtype=float) for v in (x, n, a, b))
    inside = (x >= 0) & (x <= n)
    k = np.where(inside, x, 0.0)
    log_choose = -special.betaln(1 + n - k, 1 + k) - np.log1p(n)
    log_pmf = log_choose + special.betaln(a + k, b + n - k) - special.betaln(a, b)
    return np.where(inside, np.exp(log_pmf), 0.0)


def beta_binomial_sf(x: ArrayLike, n: int, a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """Probability of more than `x` responses among `n` when the rate has a Beta(`a`, `b`) distribution.

    `x`, `a` and `b` broadcast; `n` is one number. The upper tail is summed term by term, so nothing cancels.

    Examples
    --------
    >>> round(float(beta_binomial_sf(0, 2, 1, 1)), 12)
    0.666666666667
    """
    x, a, b = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (x, a, b)))
    k = np.arange(n + 1.0)
    terms = beta_binomial_pmf(k, n, a[..., None], b[..., None])
    return np.where(k > np.floor(x)[..., None], terms, 0.0).sum(axis=-1)
