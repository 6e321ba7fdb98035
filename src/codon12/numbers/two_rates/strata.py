"""Two rates compared over strata: Cochran-Mantel-Haenszel test, common difference, ratio and odds ratio."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec
import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from codon12.errors import UsageError
from codon12.numbers.two_rates.contrast import Contrast, Float, quantile, root, whole_counts
from codon12.numbers.two_rates.difference import restricted_rates

__all__ = ["CmhTest", "CommonDifference", "cmh_test", "common_difference", "common_odds_ratio", "common_risk_ratio"]

CommonDifference = Literal["mantel-haenszel", "miettinen-nurminen"]


class CmhTest(msgspec.Struct, frozen=True, kw_only=True):
    """Cochran-Mantel-Haenszel test of general association of two groups and two outcomes: one degree of freedom."""

    statistic: float
    p: float
    strata: int
    """Strata with subjects of both groups; others say nothing about the difference."""


def cmh_test(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, corrected: bool = False) -> CmhTest:
    """Test that two rates are the same within every stratum.

    Parameters
    ----------
    x1, n1, x2, n2
        Subjects with the event and all subjects of either group, one entry a stratum. A stratum with one group alone,
        or without anybody, says nothing and is passed over.
    corrected
        Whether half is taken off a difference of half or more (as R's ``mantelhaen.test`` does by default; SAS does
        not).

    Returns
    -------
    CmhTest
        Statistic and P are NaN where no stratum says anything.

    Raises
    ------
    UsageError
        Counts that are not whole or outside 0..n.

    References
    ----------
    Cochran 1954; Mantel and Haenszel 1959.

    Examples
    --------
    >>> found = cmh_test([10, 20], [50, 50], [5, 12], [50, 50])
    >>> round(found.statistic, 4), round(found.p, 4)
    (4.8482, 0.0277)
    """
    x1, n1, x2, n2 = _both(x1, n1, x2, n2)
    total, events = n1 + n2, x1 + x2
    away = abs(float(np.sum(x1 - n1 * events / total)))
    variance = float(np.sum(n1 * n2 * events * (total - events) / (total**2 * np.maximum(total - 1, 1))))
    if not variance > 0:
        return CmhTest(statistic=np.nan, p=np.nan, strata=x1.size)
    away -= 0.5 if corrected and away >= 0.5 else 0.0
    statistic = away**2 / variance
    return CmhTest(statistic=statistic, p=float(special.chdtrc(1, statistic)), strata=x1.size)


def common_difference(
    x1: ArrayLike,
    n1: ArrayLike,
    x2: ArrayLike,
    n2: ArrayLike,
    *,
    method: CommonDifference = "mantel-haenszel",
    level: float = 0.95,
) -> Contrast:
    """Difference of two rates over strata, weighted by ``n1 n2 / (n1 + n2)``, with two-sided confidence limits.

    Parameters
    ----------
    x1, n1, x2, n2
        As in `cmh_test`.
    method
        ``mantel-haenszel`` (Wald limits with Sato's variance, which holds for few large and for many small strata) or
        ``miettinen-nurminen`` (the stratified score statistic with the same weights).
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    Contrast
        As shares; NaN where no stratum has both groups.

    Raises
    ------
    UsageError
        Unknown method, level outside (0, 1), counts that are not whole or outside 0..n.

    References
    ----------
    Greenland and Robins 1985; Sato 1989; Miettinen and Nurminen 1985.

    Examples
    --------
    >>> found = common_difference([10, 20], [50, 50], [5, 12], [50, 50])
    >>> [round(float(v), 4) for v in (found.value, found.lower, found.upper)]
    [0.13, 0.0162, 0.2438]
    """
    if method not in get_args(CommonDifference):
        raise UsageError(f"method must be one of {', '.join(get_args(CommonDifference))}; got {method!r}")
    z = quantile(level)
    x1, n1, x2, n2 = _both(x1, n1, x2, n2)
    if not x1.size:
        return _contrast(np.nan, np.nan, np.nan)
    total = n1 + n2
    weight = n1 * n2 / total
    whole = float(weight.sum())
    difference = float((weight * (x1 / n1 - x2 / n2)).sum() / whole)
    if method == "mantel-haenszel":
        p = (n1**2 * x2 - n2**2 * x1 + n1 * n2 * (n2 - n1) / 2) / total**2
        q = (x1 * (n2 - x2) + x2 * (n1 - x1)) / (2 * total)
        half = z * np.sqrt(max(0.0, difference * float(p.sum()) + float(q.sum()))) / whole
        return _contrast(difference, max(-1.0, difference - half), min(1.0, difference + half))
    factor = total / np.maximum(total - 1, 1)

    def reach(at: Float) -> Float:
        p1, p2 = restricted_rates(x1, n1, x2, n2, at[0])
        variance = factor * (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
        return np.array([z * np.sqrt(float((weight**2 * variance).sum())) / whole])

    here = np.array([difference])
    lower = root(np.array([-1.0]), here, lambda at: here - at <= reach(at))
    upper = root(here, np.array([1.0]), lambda at: at - here > reach(at))
    return _contrast(difference, float(lower[0]), float(upper[0]))


def common_odds_ratio(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, level: float = 0.95) -> Contrast:
    """Odds ratio over strata by Mantel and Haenszel, limits with the variance of Robins, Breslow and Greenland.

    Counts, strata passed over and errors as in `cmh_test`; 0 and infinity are values and have no limits, NaN where no
    stratum has both groups and both outcomes. As R's ``mantelhaen.test``.

    References
    ----------
    Mantel and Haenszel 1959; Robins, Breslow and Greenland 1986.

    Examples
    --------
    >>> found = common_odds_ratio([10, 20], [50, 50], [5, 12], [50, 50])
    >>> [round(float(v), 4) for v in (found.value, found.lower, found.upper)]
    [2.1607, 1.0836, 4.3084]
    """
    z = quantile(level)
    x1, n1, x2, n2 = _both(x1, n1, x2, n2)
    y1, y2, total = n1 - x1, n2 - x2, n1 + n2
    r, s = x1 * y2 / total, x2 * y1 / total
    top, bottom = float(r.sum()), float(s.sum())
    if not (top > 0 and bottom > 0):
        return _edge(top, bottom)
    p, q = (x1 + y2) / total, (x2 + y1) / total
    variance = float((p * r).sum()) / (2 * top**2) + float((p * s + q * r).sum()) / (2 * top * bottom)
    variance += float((q * s).sum()) / (2 * bottom**2)
    half = z * np.sqrt(variance)
    return _contrast(top / bottom, top / bottom * np.exp(-half), top / bottom * np.exp(half))


def common_risk_ratio(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, level: float = 0.95) -> Contrast:
    """Relative risk over strata by Mantel and Haenszel, limits with the variance of Greenland and Robins.

    Counts, strata passed over and errors as in `cmh_test`; 0 and infinity are values and have no limits, NaN where no
    stratum has both groups and an event.

    References
    ----------
    Greenland and Robins 1985.

    Examples
    --------
    >>> found = common_risk_ratio([10, 20], [50, 50], [5, 12], [50, 50])
    >>> [round(float(v), 4) for v in (found.value, found.lower, found.upper)]
    [1.7647, 1.053, 2.9575]
    """
    z = quantile(level)
    x1, n1, x2, n2 = _both(x1, n1, x2, n2)
    total = n1 + n2
    top, bottom = float((x1 * n2 / total).sum()), float((x2 * n1 / total).sum())
    if not (top > 0 and bottom > 0):
        return _edge(top, bottom)
    spread = float(((n1 * n2 * (x1 + x2) - x1 * x2 * total) / total**2).sum())
    half = z * np.sqrt(spread / (top * bottom))
    return _contrast(top / bottom, top / bottom * np.exp(-half), top / bottom * np.exp(half))


def _both(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike) -> tuple[Float, Float, Float, Float]:
    """Strata that have subjects of both groups."""
    counts = [np.atleast_1d(v) for v in whole_counts(x1, n1, x2, n2)]
    kept = (counts[1] > 0) & (counts[3] > 0)
    a, b, c, d = (v[kept] for v in counts)
    return a, b, c, d


def _contrast(value: float, lower: float, upper: float) -> Contrast:
    return Contrast(value=np.asarray(value), lower=np.asarray(lower), upper=np.asarray(upper))


def _edge(top: float, bottom: float) -> Contrast:
    """Ratio of which one side is 0: no limits."""
    value = np.nan if not (top > 0 or bottom > 0) else np.inf if top > 0 else 0.0
    return _contrast(value, np.nan, np.nan)
