"""Tests of two samples without a model: ranks of quantities, counts of categories."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from codon12.errors import UsageError

__all__ = ["chi_square_p", "rank_sum_p"]


def rank_sum_p(first: ArrayLike, second: ArrayLike) -> float:
    """Two-sided P of Wilcoxon's rank-sum test, normal approximation with tie and continuity correction.

    NaN among the values is missing and left out. As R's ``wilcox.test(exact = FALSE)``; NaN where a group is empty or
    all values are tied.

    References
    ----------
    Wilcoxon 1945; Lehmann 1975.

    Examples
    --------
    >>> round(rank_sum_p([61, 64, 70, 55, 58, 64], [58, 60, 65, 66, 66]), 4)
    0.5813
    """
    groups = [np.asarray(v, dtype=float) for v in (first, second)]
    one, two = (g[~np.isnan(g)] for g in groups)
    if not (one.size and two.size):
        return math.nan
    _, back, sizes = np.unique(np.concatenate([one, two]), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[back]
    n, m, total = one.size, two.size, one.size + two.size
    ties = float((sizes.astype(float) ** 3 - sizes).sum())
    variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)))
    if not variance > 0:
        return math.nan
    away = abs(float(ranks[:n].sum()) - n * (n + 1) / 2 - n * m / 2)
    return float(2 * special.ndtr(-(away - min(0.5, away)) / math.sqrt(variance)))


def chi_square_p(counts: ArrayLike) -> float:
    """P of Pearson's chi-square test that rows of counts have the same proportions, without correction.

    Levels that nobody has are passed over. NaN where a row is empty, or fewer than two levels are left.

    Raises
    ------
    UsageError
        The counts are no table, or negative.

    References
    ----------
    Pearson 1900.

    Examples
    --------
    >>> round(chi_square_p([[30, 50, 20], [45, 40, 15]]), 5)
    0.08957
    """
    table = np.asarray(counts, dtype=float)
    if table.ndim != 2 or np.any(table < 0):
        raise UsageError("counts must be a table of numbers of at least 0")
    table = table[:, table.sum(axis=0) > 0]
    total = table.sum(axis=1)
    if np.any(total == 0) or table.shape[0] < 2 or table.shape[1] < 2:
        return math.nan
    expected = np.outer(total, table.sum(axis=0)) / total.sum()
    df = (table.shape[0] - 1) * (table.shape[1] - 1)
    return float(special.chdtrc(df, float(((table - expected) ** 2 / expected).sum())))
