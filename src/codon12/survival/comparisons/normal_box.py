"""Probability that the largest of several correlated normal statistics exceeds a bound."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from codon12.errors import UsageError

__all__ = ["exceedance"]

Floats = NDArray[np.float64]
_NODES = {1: 1, 2: 2048, 3: 256, 4: 72, 5: 28}
_EDGE = 9.0


def exceedance(correlation: Floats, bound: float) -> float:
    """P(max |Z_i| > bound) for normal Z with unit variances and the given correlation.

    The statistics are written as combinations of as few independent normals as the rank needs, and integrated
    over all but the last of them by Gauss-Legendre points; the last is exact. Complements are summed, so small
    probabilities keep their digits. Deterministic. Raises ``UsageError`` where the rank is above five.

    Examples
    --------
    >>> round(exceedance(np.eye(2), 1.959963984540054), 6)
    0.0975
    """
    if bound <= 0:
        return 1.0
    factor = _factor(np.asarray(correlation, dtype=float))
    rank = factor.shape[1]
    if rank not in _NODES:
        raise UsageError(f"{rank} linearly independent statistics: at most {max(_NODES)} can be combined")
    return float(_outside(factor, bound, np.zeros((1, 0)), 0, _points(_NODES[rank]))[0])


def _factor(correlation: Floats) -> Floats:
    """Cholesky factor with pivoting, as many columns as the rank."""
    rest = correlation.copy()
    columns: list[Floats] = []
    while True:
        pivot = int(np.argmax(np.diag(rest)))
        if rest[pivot, pivot] < 1e-9:
            return np.array(columns).T
        column = rest[:, pivot] / np.sqrt(rest[pivot, pivot])
        columns.append(column)
        rest = rest - np.outer(column, column)


@cache
def _points(n: int) -> tuple[Floats, Floats]:
    from scipy import special

    return special.roots_legendre(n)  # by the band of the matrix; numpy's takes the cube of `n`


def _outside(factor: Floats, bound: float, fixed: Floats, level: int, points: tuple[Floats, Floats]) -> Floats:
    """Probability, given the first `level` normals (rows of `fixed`), that some statistic is out of bounds."""
    from scipy import special

    rank = factor.shape[1]
    later = factor[:, level + 1 :]
    decided = (np.abs(factor[:, level]) > 1e-9) & np.all(np.abs(later) <= 1e-9, axis=1)
    slope = factor[decided, level]
    shift = fixed @ factor[decided, :level].T
    ends = (np.stack([-bound - shift, bound - shift])) / slope
    low = np.max(np.min(ends, axis=0), axis=1, initial=-_EDGE)
    high = np.min(np.max(ends, axis=0), axis=1, initial=_EDGE)
    empty = low >= high
    here = np.where(empty, 1.0, special.ndtr(low) + special.ndtr(-high))
    if level == rank - 1:
        return here
    nodes, weights = points
    half, middle = np.where(empty, 0.0, (high - low) / 2), (high + low) / 2
    x = middle[:, None] + half[:, None] * nodes
    wide = np.repeat(fixed, nodes.size, axis=0)
    inner = _outside(factor, bound, np.column_stack([wide, x.ravel()]), level + 1, points).reshape(x.shape)
    density = np.exp(-x * x / 2) / np.sqrt(2 * np.pi)
    return here + half * ((density * inner) @ weights)
