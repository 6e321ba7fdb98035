"""Residuals of a Cox model: martingale, deviance, score, dfbeta, Schoenfeld."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from codon12.errors import UsageError
from codon12.survival.cox.moments import Moments
from codon12.survival.cox.solution import CoxSolution
from codon12.survival.subjects.columns import Factor
from codon12.survival.subjects.options import check_choice

__all__ = ["Kind", "cluster_sums", "residuals"]

Kind = Literal["martingale", "deviance", "score", "dfbeta", "schoenfeld", "scaled-schoenfeld"]
Vector = NDArray[Any]


def residuals(fit: CoxSolution, kind: Kind, *, moments: Moments | None = None) -> Vector:
    """Residuals of a fit, in the units of the data.

    Martingale and deviance have shape (rows,), score and dfbeta (rows, p), Schoenfeld (events, p) by stratum
    and event time. dfbeta are weighted (their squares sum to the robust variance), the others are not.

    Raises ``UsageError`` on an unknown kind, and on others than martingale and deviance under exact ties.

    References
    ----------
    Therneau, Grambsch and Fleming 1990; Schoenfeld 1982; Grambsch and Therneau 1994 (scaled).
    """
    from scipy import special

    check_choice("kind", kind, get_args(Kind))
    if fit.ties == "exact" and kind not in ("martingale", "deviance"):
        raise UsageError(
            f"{kind} residuals of the exact likelihood are not defined here (nor in R): fit with ties='efron' for them"
        )
    at = fit.moments if moments is None else moments
    if kind == "martingale":
        return at.martingale(fit.n)
    if kind == "deviance":
        martingale = at.martingale(fit.n)
        event = fit.data.event
        expected = event - martingale
        gap = -martingale - np.where(event, special.xlogy(1.0, np.where(event, expected, 1.0)), 0.0)
        return np.sign(martingale) * np.sqrt(np.maximum(2 * gap, 0.0))
    if kind in ("score", "dfbeta"):
        score = (at.score(fit.n) * fit.scale[:, None]).T
        if kind == "score":
            return score
        if fit.data.weights is not None:
            score = score * fit.data.weights[:, None]
        return score @ fit.naive_covariance
    found = (at.schoenfeld()[0] * fit.scale[:, None]).T
    if kind == "schoenfeld":
        return found
    return found @ fit.naive_covariance * fit.events + fit.estimated


def cluster_sums(values: Vector, cluster: Factor | None) -> Vector:
    """Rows summed within clusters, exactly zero where only rounding is left; the rows themselves without clusters."""
    if cluster is None:
        return values
    out = np.empty((len(cluster), values.shape[1]))
    rounding = (np.bincount(cluster.codes, minlength=len(cluster)) + 8) * np.finfo(np.float64).eps
    for column, v in enumerate(values.T):
        total = np.bincount(cluster.codes, weights=v, minlength=len(cluster))
        size = np.bincount(cluster.codes, weights=np.abs(v), minlength=len(cluster))
        out[:, column] = np.where(np.abs(total) <= rounding * size, 0.0, total)
    return out
