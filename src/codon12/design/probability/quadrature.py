"""Gauss-Legendre quadrature on panels: few nodes a panel, as many panels as the integrand needs."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["legendre", "panel_nodes"]


@cache
def legendre(count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Nodes and weights on [-1, 1], computed once."""
    return np.polynomial.legendre.leggauss(count)


def panel_nodes(ends: ArrayLike, count: int = 16) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Nodes and weights of `count` points on each panel between increasing `ends`.

    Examples
    --------
    >>> x, w = panel_nodes([0.0, 0.5, 1.0])
    >>> round(float(w @ np.exp(x)), 12)
    1.718281828459
    """
    ends = np.asarray(ends, dtype=float)
    t, weight = legendre(count)
    half = np.diff(ends)[:, None] / 2
    middle = (ends[:-1] + ends[1:])[:, None] / 2
    return (middle + half * t).ravel(), (half * weight).ravel()
