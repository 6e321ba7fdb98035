"""Standardised differences of two groups: of means, of proportions, of categories of several levels."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from codon12.errors import UsageError

__all__ = ["standardised_difference_of_counts", "standardised_difference_of_means"]


def standardised_difference_of_means(first: ArrayLike, second: ArrayLike) -> float:
    """Difference of two means in units of the root of the mean of both variances.

    Parameters
    ----------
    first, second
        Values of either group; NaN is a missing value and left out.

    Returns
    -------
    float
        First less second. 0 where both have one and the same value throughout; NaN where the difference has no unit,
        or a group has fewer than two values.

    References
    ----------
    Austin 2009, Stat Med 28:3083; Flury and Riedwyl 1986.

    Examples
    --------
    >>> round(standardised_difference_of_means([61, 64, 70], [58, 60, 65, 66]), 4)
    0.6489
    """
    groups = [np.asarray(v, dtype=float) for v in (first, second)]
    groups = [g[~np.isnan(g)] for g in groups]
    if min(g.size for g in groups) < 2:
        return math.nan
    away = float(groups[0].mean() - groups[1].mean())
    spread = math.sqrt(float(groups[0].var(ddof=1) + groups[1].var(ddof=1)) / 2)
    return away / spread if spread > 0 else 0.0 if away == 0 else math.nan


def standardised_difference_of_counts(first: ArrayLike, second: ArrayLike) -> float:
    """Difference of two distributions over categories in units of their standard deviations.

    Parameters
    ----------
    first, second
        Subjects of either group at each level; those without a value are not among them.

    Returns
    -------
    float
        Of two levels that of the first level's proportion, first group less second. Of more the distance of Mahalanobis
        between the proportions, which has no sign. 0 where the proportions are the same; NaN where a group is
        empty, or where the difference has no unit.

    Raises
    ------
    UsageError
        Counts that are negative, or of different numbers of levels.

    References
    ----------
    Austin 2009, Stat Med 28:3083 (two levels); Yang and Dalton 2012, SAS Global Forum 335 (several).

    Examples
    --------
    >>> round(standardised_difference_of_counts([30, 70], [45, 55]), 4)
    -0.3136
    >>> round(standardised_difference_of_counts([30, 50, 20], [45, 40, 15]), 4)
    0.3145
    """
    counts = np.asarray([np.asarray(v, dtype=float) for v in (first, second)])
    if counts.ndim != 2 or np.any(counts < 0):
        raise UsageError("both groups must have counts of at least 0 for the same levels")
    counts = counts[:, counts.sum(axis=0) > 0]
    total = counts.sum(axis=1)
    if np.any(total == 0):
        return math.nan
    p, q = counts / total[:, None]
    if counts.shape[1] < 2 or np.allclose(p, q, rtol=0, atol=1e-12):
        return 0.0
    away = (p - q)[1:]
    covariance = (np.diag(p) - np.outer(p, p) + np.diag(q) - np.outer(q, q))[1:, 1:] / 2
    solved, _, _, _ = np.linalg.lstsq(covariance, away, rcond=1e-12)
    if not np.allclose(covariance @ solved, away, rtol=0, atol=1e-9):
        return math.nan  # a difference where neither group varies
    distance = math.sqrt(max(0.0, float(away @ solved)))
    return math.copysign(distance, p[0] - q[0]) if counts.shape[1] == 2 else distance
