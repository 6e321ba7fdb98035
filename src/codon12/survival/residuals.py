"""Residuals of a Cox model: martingale, deviance, score, dfbeta, Schoenfeld."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from codon12.errors import UsageError
from codon12.survival.observations import Factor
from codon12.survival.partial_likelihood import PartialLikelihood, TieSums

if TYPE_CHECKING:
    from codon12.survival.cox_fit import CoxFit

__all__ = ["Kind", "Moments", "cluster_sums", "residuals"]

Kind = Literal["martingale", "deviance", "score", "dfbeta", "schoenfeld", "scaled-schoenfeld"]
Vector = NDArray[Any]


@dataclass(frozen=True)
class Moments:
    """Sums over risk sets at one value of the coefficients."""

    likelihood: PartialLikelihood
    beta: Vector
    risk: Vector
    shift: float
    sums: TieSums
    first: Vector
    """Risk-weighted design summed over each risk set, shape (p, event times)."""
    first_tied: Vector
    """The same over the dead."""

    @classmethod
    def of(cls, likelihood: PartialLikelihood, beta: Vector) -> Moments:
        """Compute them."""
        _, risk, shift = likelihood.risk(beta)
        signed, total, tied = likelihood.zeroth(risk)
        sums = likelihood.tie_sums(total, tied)
        first, first_tied = likelihood.first_moments(signed)
        return cls(likelihood, beta, risk, shift, sums, first, first_tied)

    @cached_property
    def hazard_by_mark(self) -> Vector:
        """Cumulative hazard since time zero of each mark, for relative hazard 1."""
        return self.likelihood.order.per_mark(self.likelihood.hazard(self.sums))

    @cached_property
    def drift(self) -> Vector:
        """Mean covariate times hazard increment at each event time (p, event times)."""
        return self.first * self.sums.a2 - self.first_tied * self.sums.b2

    @cached_property
    def death_means(self) -> Vector:
        """Mean covariate a death at each event time is compared with: the average over its ties."""
        return (self.first * self.sums.a - self.first_tied * self.sums.b) / self.likelihood.dead

    def by_row(self, by_mark: Vector, rows: int) -> Vector:
        """Sum the marks of each data row (last axis), in the order of the data."""
        order = self.likelihood.order
        if order.sign is None:
            out = np.empty((*by_mark.shape[:-1], rows))
            out[..., order.row] = by_mark
            return out
        if by_mark.ndim == 1:
            return np.bincount(order.row, weights=by_mark, minlength=rows)
        return np.array([np.bincount(order.row, weights=v, minlength=rows) for v in by_mark])

    def martingale(self, rows: int) -> Vector:
        """Observed minus expected events of each row."""
        order = self.likelihood.order
        expected = self.risk * self.hazard_by_mark
        if order.sign is not None:
            expected = expected * order.sign
        return self.by_row(order.death - expected, rows)

    def score(self, rows: int) -> Vector:
        """Contribution of each row to the score, in the scaled design (p, rows)."""
        likelihood, order, s = self.likelihood, self.likelihood.order, self.sums
        through = order.elapsed(self.drift)
        if likelihood.tied.size:
            through[:, order.death_segment] -= self.first * s.b2 - self.first_tied * s.c2
        expected = self.risk if order.sign is None else self.risk * order.sign
        by_mark = (order.per_mark(through) - likelihood.x * self.hazard_by_mark) * expected
        at = np.flatnonzero(order.death)
        which = np.repeat(np.arange(order.deaths.size), order.deaths)
        by_mark[:, at] += likelihood.x[:, at] - self.death_means[:, which]
        return self.by_row(by_mark, rows)

    def schoenfeld(self) -> tuple[Vector, NDArray[np.intp], NDArray[np.intp]]:
        """Covariate of each death minus its risk-set mean (p, deaths); the death's row and event time.

        Deaths by stratum, then time, then the order of the data.
        """
        order = self.likelihood.order
        at = np.flatnonzero(order.death)
        which = np.repeat(np.arange(order.deaths.size), order.deaths)
        found = self.likelihood.x[:, at] - self.death_means[:, which]
        sort = np.lexsort((order.row[at], order.time[which], order.death_stratum[which]))
        return found[:, sort], order.row[at][sort], which[sort]


def residuals(fit: CoxFit, kind: Kind, *, moments: Moments | None = None) -> Vector:
    """Residuals of a fit, in the units of the data.

    Martingale and deviance have shape (rows,), score and dfbeta (rows, p), Schoenfeld (events, p) by stratum
    and event time. dfbeta are weighted (their squares sum to the robust variance), the others are not.

    Raises ``UsageError`` on an unknown kind.

    References
    ----------
    Therneau, Grambsch and Fleming 1990; Schoenfeld 1982; Grambsch and Therneau 1994 (scaled).
    """
    from scipy import special

    if kind not in get_args(Kind):
        raise UsageError(f"kind must be one of {', '.join(get_args(Kind))}; got {kind!r}")
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
