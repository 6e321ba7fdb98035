"""Profile-likelihood limits of hazard ratios."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from codon12.errors import UsageError
from codon12.survival.cox.estimates import CoxEstimates
from codon12.survival.cox.firth import FirthLikelihood
from codon12.survival.cox.likelihood import Evaluation, PartialLikelihood
from codon12.survival.cox.newton import Likelihood
from codon12.survival.subjects.options import check_level

__all__ = ["profile_limits"]

Vector = NDArray[Any]


def profile_limits(fit: CoxEstimates, *, level: float = 0.95) -> pl.DataFrame:
    """Limits of each hazard ratio at which twice the log likelihood, maximised over the others, falls by chi-square.

    One row a coefficient: term, level, HR, lower, upper; null for collinear columns, and null with a
    ``lower_status`` or ``upper_status`` of ``not reached`` where the likelihood levels off before it has fallen
    so far. Case weights count as they are: with a robust variance these limits do not apply.

    Raises ``UsageError`` where the variance is robust, or `level` is outside (0, 1).

    References
    ----------
    Venzon and Moolgavkar 1988; Heinze and Schemper 2001 under Firth's penalty.
    """
    check_level(level)
    if fit.use_robust:
        raise UsageError("profile limits rest on the likelihood; with a robust variance use the Wald limits")
    likelihood: Likelihood = fit.likelihood
    if fit.firth and isinstance(fit.likelihood, PartialLikelihood):
        likelihood = FirthLikelihood(fit.likelihood)
    fall = float(special.chdtri(1, 1 - level)) / 2
    limits = np.full((2, len(fit.names)), np.nan)
    for k, column in enumerate(fit.kept):
        for side, sign in enumerate((-1, 1)):
            limits[side, column] = _limit(likelihood, fit.maximum.at, fit.maximum.covariance, k, sign, fall)
    scale = np.ones(len(fit.names))
    scale[list(fit.kept)] = fit.scale
    columns = fit.data.design.columns
    with np.errstate(over="ignore"):
        frame = pl.DataFrame(
            {
                "term": [c.term for c in columns],
                "level": pl.Series([c.level for c in columns], dtype=pl.String),
                "HR": np.exp(fit.coef),
                "lower": np.exp(limits[0] / scale),
                "upper": np.exp(limits[1] / scale),
            }
        )
    estimated = pl.Series([i in fit.kept for i in range(len(columns))])
    return frame.with_columns(pl.selectors.float().fill_nan(None)).with_columns(
        pl.when(pl.col(c).is_null() & estimated).then(pl.lit("not reached")).alias(f"{c}_status")
        for c in ("lower", "upper")
    )


def _limit(likelihood: Likelihood, top: Evaluation, covariance: Vector, k: int, sign: int, fall: float) -> float:
    """Newton's method on the profile, which is concave: from outside it closes in without overshooting."""
    target = top.loglik - fall
    tangent = covariance[:, k] / covariance[k, k]
    here, reach = top, sign * math.sqrt(2 * fall * covariance[k, k])
    for _ in range(100):
        there = None
        for halving in range(30):
            move = reach / 2**halving
            there = _profile(likelihood, here.beta + tangent * move, k)
            if there is not None:
                break
        if there is None:
            return math.nan
        here = there
        gap = here.loglik - target
        if abs(gap) < 1e-11 * max(1.0, abs(target)) ** 0.5:
            return float(here.beta[k])
        slope = here.score[k]
        if slope * sign >= 0 or abs(gap / slope) > 1e4:
            return math.nan
        reach = -gap / slope
        others = np.delete(np.arange(here.beta.size), k)
        tangent = np.zeros(here.beta.size)
        tangent[k] = 1.0
        if others.size:
            inner = here.information[np.ix_(others, others)]
            tangent[others] = -np.linalg.lstsq(inner, here.information[others, k], rcond=None)[0]
    return math.nan


def _profile(likelihood: Likelihood, beta: Vector, k: int) -> Evaluation | None:
    """Maximise over all coefficients but the k-th."""
    here = likelihood.evaluate(beta)
    others = np.delete(np.arange(beta.size), k)
    if here is None or not others.size:
        return here
    for _ in range(200):
        step = np.zeros(beta.size)
        inner = here.information[np.ix_(others, others)]
        step[others] = np.linalg.lstsq(inner, here.score[others], rcond=None)[0]
        if step @ here.score < 1e-14:
            return here
        floor = here.loglik - 1e-12 * abs(here.loglik)
        for halving in range(30):
            there = likelihood.evaluate(here.beta + step / 2**halving, floor=floor)
            if there is not None:
                break
        else:
            return here
        here = there
    return here
