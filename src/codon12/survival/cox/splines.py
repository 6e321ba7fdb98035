"""Smooth of scaled Schoenfeld residuals: a natural cubic spline fitted by least squares."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["natural_spline", "spline_smooth"]

Vector = NDArray[Any]
_GRID = 40


def natural_spline(x: Vector, knots: Vector) -> Vector:
    """Basis of the natural cubic splines with `knots` (ascending, ends included), one column a coefficient.

    References
    ----------
    Hastie, Tibshirani and Friedman 2009, section 5.2.1.

    Examples
    --------
    >>> natural_spline(np.array([0.0, 1.0]), np.array([0.0, 0.5, 1.0])).shape
    (2, 3)
    """
    last, before = knots[-1], knots[-2]

    def bend(at: float) -> Vector:
        return (np.maximum(x - at, 0.0) ** 3 - np.maximum(x - last, 0.0) ** 3) / (last - at)

    return np.column_stack([np.ones_like(x), x, *(bend(k) - bend(before) for k in knots[:-2])])


def spline_smooth(x: Vector, y: Vector, *, df: int) -> tuple[Vector, Vector] | None:
    """Fit columns of `y` on a natural spline of `x` with `df` coefficients: fitted values, and x'(X'X)^-1 x.

    Knots lie at quantiles of `x` together with an even grid over its range, where R's ``plot.cox.zph`` puts them.
    None where `x` has fewer than `df` distinct values.
    """
    if df < 2 or np.unique(x).size < df:
        return None
    low, high = x.min(), x.max()
    unit = (x - low) / (high - low)  # the splines are the same; the sums stay well scaled
    both = np.concatenate([np.linspace(0.0, 1.0, _GRID), unit])
    basis = natural_spline(unit, np.quantile(both, np.linspace(0, 1, df)))
    q, r = np.linalg.qr(basis)
    if np.abs(np.diag(r)).min() < 1e-10 * np.abs(np.diag(r)).max():
        return None
    return q @ (q.T @ y), np.sum(q * q, axis=1)
