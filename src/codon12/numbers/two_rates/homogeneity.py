"""Whether two rates differ alike in every stratum: likelihood-ratio test of the interaction."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec
import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from codon12.errors import UsageError
from codon12.numbers.two_rates.contrast import Float, root, whole_counts
from codon12.numbers.two_rates.difference import restricted_rates

__all__ = ["Homogeneity", "Measure", "homogeneity"]

Measure = Literal["odds-ratio", "risk-difference"]


class Homogeneity(msgspec.Struct, frozen=True, kw_only=True):
    """Likelihood-ratio test that a measure is the same in every stratum."""

    statistic: float
    df: int
    p: float
    used: tuple[bool, ...]
    """Of every stratum, whether it says anything: subjects of both groups, and for odds ratios both outcomes."""


def homogeneity(
    x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike, *, measure: Measure = "odds-ratio"
) -> Homogeneity:
    """Test that two rates differ alike in every stratum: group by stratum in a binomial model.

    Parameters
    ----------
    x1, n1, x2, n2
        Subjects with the event and all subjects of either group, one entry a stratum. Strata that say nothing are
        passed over and cost no degree of freedom.
    measure
        ``odds-ratio`` (logistic regression) or ``risk-difference`` (binomial regression with the identity link).

    Returns
    -------
    Homogeneity
        Statistic and P are NaN where fewer than two strata say anything.

    Raises
    ------
    UsageError
        Unknown measure, counts that are not whole or outside 0..n.

    References
    ----------
    McCullagh and Nelder 1989; as R's ``anova(glm(y ~ arm + s), glm(y ~ arm * s), test = "LRT")``.

    Examples
    --------
    >>> found = homogeneity([10, 20], [50, 50], [5, 12], [50, 50])
    >>> round(found.statistic, 4), found.df
    (0.0075, 1)
    """
    if measure not in get_args(Measure):
        raise UsageError(f"measure must be one of {', '.join(get_args(Measure))}; got {measure!r}")
    counts = [np.atleast_1d(v) for v in whole_counts(x1, n1, x2, n2)]
    x1, n1, x2, n2 = counts
    used = (n1 > 0) & (n2 > 0)
    if measure == "odds-ratio":
        used &= (x1 + x2 > 0) & (x1 + x2 < n1 + n2)
    told = tuple(bool(v) for v in used)
    if used.sum() < 2:
        return Homogeneity(statistic=np.nan, df=0, p=np.nan, used=told)
    x1, n1, x2, n2 = (v[used] for v in counts)
    fit = _common_odds if measure == "odds-ratio" else _common_risk
    p1, p2 = fit(x1, n1, x2, n2)
    gain = _loglik(x1, n1, x1 / n1) + _loglik(x2, n2, x2 / n2) - _loglik(x1, n1, p1) - _loglik(x2, n2, p2)
    statistic, df = max(2 * gain, 0.0), int(used.sum()) - 1
    return Homogeneity(statistic=statistic, df=df, p=float(special.chdtrc(df, statistic)), used=told)


def _loglik(x: Float, n: Float, p: Float) -> float:
    return float((special.xlogy(x, p) + special.xlogy(n - x, 1 - p)).sum())


def _common_odds(x1: Float, n1: Float, x2: Float, n2: Float) -> tuple[Float, Float]:
    """Rates of the logistic model without the product: one odds ratio, events of every stratum as seen."""
    events = x1 + x2

    def first(log_odds: float) -> Float:
        """Events of the first group under an odds ratio: the root of a quadratic, without cancellation."""
        r = np.exp(log_odds)
        b = r * (n1 + events) + n2 - events
        spread = np.sqrt(np.maximum(b * b - 4 * (r - 1) * r * n1 * events, 0.0))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(b >= 0, 2 * r * n1 * events / (b + spread), (b - spread) / (2 * (r - 1)))

    seen = float(x1.sum())
    low, high = np.array([-60.0]), np.array([60.0])
    at = float(root(low, high, lambda v: np.array([float(first(float(v[0])).sum()) > seen]))[0])
    found = first(at)
    return np.clip(found / n1, 0.0, 1.0), np.clip((events - found) / n2, 0.0, 1.0)


def _common_risk(x1: Float, n1: Float, x2: Float, n2: Float) -> tuple[Float, Float]:
    """Rates of the binomial model with one difference: in which the likelihood is concave."""
    from scipy.optimize import minimize_scalar

    def loss(d: float) -> float:
        p1, p2 = restricted_rates(x1, n1, x2, n2, d)
        return min(-_loglik(x1, n1, p1) - _loglik(x2, n2, p2), 1e300)

    each = x1 / n1 - x2 / n2
    low, high = float(each.min()), float(each.max())
    if high - low < 1e-12:
        return restricted_rates(x1, n1, x2, n2, low)
    found = minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-10})
    return restricted_rates(x1, n1, x2, n2, float(found.x))
