"""Relative risk and odds ratio of two independent rates."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from codon12.errors import UsageError
from codon12.numbers.fisher import fisher_exact
from codon12.numbers.two_rates.contrast import Contrast, Float, quantile, root, whole_counts

__all__ = ["OddsMethod", "RiskMethod", "odds_ratio", "risk_ratio"]

RiskMethod = Literal["log", "miettinen-nurminen"]
OddsMethod = Literal["log", "exact"]

_FAR = 40.0
"""Limits of a log ratio are looked for within this of 0: beyond it a ratio is 0 or infinite."""


def risk_ratio(
    x1: ArrayLike,
    n1: ArrayLike,
    x2: ArrayLike,
    n2: ArrayLike,
    *,
    method: RiskMethod = "miettinen-nurminen",
    level: float = 0.95,
) -> Contrast:
    """Relative risk ``(x1 / n1) / (x2 / n2)`` with two-sided confidence limits.

    Parameters
    ----------
    x1, n1, x2, n2
        Subjects with the event and all subjects of the first and of the second group; arrays broadcast.
    method
        ``log`` (normal on the log ratio, Katz 1978; no limits where a count is 0) or ``miettinen-nurminen`` (score,
        variance times N / (N - 1); a limit of 0 or infinity where one count is 0).
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    Contrast
        0 and infinity are values. NaN where neither group has an event, or one is empty.

    Raises
    ------
    UsageError
        Unknown method, level outside (0, 1), counts that are not whole or outside 0..n.

    References
    ----------
    Katz et al. 1978; Miettinen and Nurminen 1985; Koopman 1984.

    Examples
    --------
    >>> found = risk_ratio(56, 70, 48, 80, method="log")
    >>> [round(float(v), 3) for v in (found.value, found.lower, found.upper)]
    [1.333, 1.077, 1.651]
    """
    if method not in get_args(RiskMethod):
        raise UsageError(f"method must be one of {', '.join(get_args(RiskMethod))}; got {method!r}")
    z = quantile(level)
    x1, n1, x2, n2 = whole_counts(x1, n1, x2, n2)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (x1 * n2) / (x2 * n1)
        if method == "log":
            half = z * np.sqrt(1 / x1 - 1 / n1 + 1 / x2 - 1 / n2)
            lower, upper = ratio * np.exp(-half), ratio * np.exp(half)
            known = (x1 > 0) & (x2 > 0)
            lower, upper = np.where(known, lower, np.nan), np.where(known, upper, np.nan)
        else:
            lower, upper = _score(x1, n1, x2, n2, z)
    none = (n1 == 0) | (n2 == 0) | (x1 + x2 == 0)
    sides = (np.where(none, np.nan, v) for v in (ratio, lower, upper))
    return Contrast(**dict(zip(("value", "lower", "upper"), sides, strict=True)))


def odds_ratio(
    x1: ArrayLike,
    n1: ArrayLike,
    x2: ArrayLike,
    n2: ArrayLike,
    *,
    method: OddsMethod = "log",
    level: float = 0.95,
) -> Contrast:
    """Odds ratio of two independent rates with two-sided confidence limits.

    Parameters
    ----------
    x1, n1, x2, n2
        Subjects with the event and all subjects of the first and of the second group; arrays broadcast.
    method
        ``log`` (cross product, normal on the log odds ratio, Woolf 1955: what logistic regression gives; no limits
        where a count is 0) or ``exact`` (conditional maximum likelihood and limits, as `fisher_exact`).
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    Contrast
        0 and infinity are values. NaN where a group is empty, or all subjects of both are alike.

    Raises
    ------
    UsageError
        Unknown method, level outside (0, 1), counts that are not whole or outside 0..n.

    Examples
    --------
    >>> found = odds_ratio(56, 70, 48, 80)
    >>> [round(float(v), 3) for v in (found.value, found.lower, found.upper)]
    [2.667, 1.276, 5.572]
    """
    if method not in get_args(OddsMethod):
        raise UsageError(f"method must be one of {', '.join(get_args(OddsMethod))}; got {method!r}")
    z = quantile(level)
    x1, n1, x2, n2 = whole_counts(x1, n1, x2, n2)
    y1, y2 = n1 - x1, n2 - x2
    if method == "exact":
        found = fisher_exact(*(v.reshape(-1) for v in (x1, y1, x2, y2)), level=level)
        value, lower, upper = (v.reshape(x1.shape) for v in (found.odds_ratio, found.lower, found.upper))
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            value = (x1 * y2) / (x2 * y1)
            half = z * np.sqrt(1 / x1 + 1 / y1 + 1 / x2 + 1 / y2)
            known = np.isfinite(half)
            lower = np.where(known, value * np.exp(-half), np.nan)
            upper = np.where(known, value * np.exp(half), np.nan)
    none = (n1 == 0) | (n2 == 0) | (x1 + x2 == 0) | (y1 + y2 == 0)
    sides = (np.where(none, np.nan, v) for v in (value, lower, upper))
    return Contrast(**dict(zip(("value", "lower", "upper"), sides, strict=True)))


def _score(x1: Float, n1: Float, x2: Float, n2: Float, z: float) -> tuple[Float, Float]:
    """Limits where the score statistic of a ratio of rates is the quantile; searched on the log ratio."""
    total = n1 + n2
    factor = total / np.maximum(total - 1, 1)

    def beyond(log_ratio: Float, sign: float) -> Float:
        """How far the observed rates lie from a ratio, less what the quantile allows."""
        r = np.exp(log_ratio)
        b = n1 * r + x1 + n2 + x2 * r
        p2 = 2 * (x1 + x2) / (b + np.sqrt(np.maximum(b * b - 4 * total * r * (x1 + x2), 0.0)))
        p1 = np.minimum(r * p2, 1.0)
        spread = np.sqrt(np.maximum(factor * (p1 * (1 - p1) / n1 + r * r * p2 * (1 - p2) / n2), 0.0))
        return sign * (x1 / n1 - r * x2 / n2) - z * spread

    middle = np.clip(np.log((x1 * n2) / (x2 * n1)), -_FAR, _FAR)
    middle = np.where(np.isnan(middle), 0.0, middle)
    lower = np.exp(root(np.full_like(middle, -_FAR), middle, lambda at: beyond(at, 1.0) <= 0))
    upper = np.exp(root(middle, np.full_like(middle, _FAR), lambda at: beyond(at, -1.0) > 0))
    return np.where(x1 == 0, 0.0, lower), np.where(x2 == 0, np.inf, upper)
