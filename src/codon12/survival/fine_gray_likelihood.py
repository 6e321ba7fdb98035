"""Fine and Gray's pseudo-likelihood by running sums, without writing out weighted intervals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.survival.cox_newton import Maximum
from codon12.survival.partial_likelihood import Evaluation

__all__ = ["FineGrayLikelihood", "censoring_curve", "sandwich"]

Vector = NDArray[Any]


def censoring_curve(at: NDArray[Any], times: int, event: NDArray[np.bool_], *, events_first: bool) -> Vector:
    """Chance of being uncensored just before each distinct time.

    `at` is the position of each subject's time among the distinct times. With `events_first` the dead of a
    time are no longer at risk of its censorings.

    Examples
    --------
    >>> censoring_curve(np.array([0, 0, 1]), 2, np.array([True, False, True]), events_first=False).round(3).tolist()
    [1.0, 0.667]
    """
    gone = np.bincount(at, minlength=times)
    dead = np.bincount(at, weights=event, minlength=times)
    risk = np.cumsum(gone[::-1])[::-1].astype(np.float64)
    censored = gone - dead
    if events_first:
        risk = risk - dead
    stay = 1 - np.divide(censored, risk, out=np.zeros(times), where=censored > 0)
    return np.concatenate([[1.0], np.cumprod(stay)[:-1]])


@dataclass(frozen=True)
class FineGrayLikelihood:
    """Scaled design (p, subjects), distinct times, and each subject's place among them."""

    x: Vector
    times: Vector
    at: NDArray[Any]
    cause: NDArray[np.bool_]
    competing: NDArray[np.bool_]
    free: Vector
    """Chance of being uncensored just before each distinct time."""

    @property
    def order(self) -> None:
        """None: the dead of other causes stay at risk, so there is no one backward order."""
        return None

    @cached_property
    def carried(self) -> Vector:
        """Weight of a subject per unit of G once its competing event has happened; zero without one."""
        own = self.free[self.at]
        return np.divide(1.0, own, out=np.zeros(own.size), where=self.competing & (own > 0))

    @cached_property
    def deaths(self) -> Vector:
        """Events of the cause at each distinct time."""
        return np.bincount(self.at, weights=self.cause, minlength=self.times.size)

    def by_time(self, values: Vector) -> Vector:
        """Sum over the subjects of each distinct time (last axis)."""
        if values.ndim == 1:
            return np.bincount(self.at, weights=values, minlength=self.times.size)
        return np.array([np.bincount(self.at, weights=v, minlength=self.times.size) for v in values])

    def at_risk(self, values: Vector) -> Vector:
        """Weighted sum over the risk set of each distinct time (last axis)."""
        still = np.cumsum(self.by_time(values)[..., ::-1], axis=-1)[..., ::-1]
        carried = self.by_time(values * self.carried)
        return still + self.free * (np.cumsum(carried, axis=-1) - carried)

    def exposed(self, increments: Vector) -> Vector:
        """Sum of increments over the times each subject was at risk, with its weight (last axis)."""
        while_observed = np.cumsum(increments, axis=-1)
        weighted = increments * self.free
        later = np.cumsum(weighted[..., ::-1], axis=-1)[..., ::-1] - weighted
        return while_observed[..., self.at] + later[..., self.at] * self.carried

    def _risk(self, beta: Vector) -> Vector:
        return np.exp(beta @ self.x)

    def baseline(self, beta: Vector) -> tuple[Vector, Vector]:
        """Event times and the cumulative subdistribution hazard there, at the centre of the design."""
        hazard = self.increments(self.at_risk(self._risk(beta)))
        here = self.deaths > 0
        return self.times[here], np.cumsum(hazard)[here]

    def increments(self, total: Vector) -> Vector:
        """Hazard at each distinct time for relative hazard 1."""
        return np.divide(self.deaths, total, out=np.zeros(total.size), where=self.deaths > 0)

    def evaluate(self, beta: Vector, *, floor: float = -np.inf) -> Evaluation | None:
        """Value and derivatives; None where not finite or below `floor`."""
        eta = beta @ self.x
        if not np.all(np.abs(eta) < 500):
            return None
        risk = np.exp(eta)
        total = self.at_risk(risk)
        here = self.deaths > 0
        loglik = float(eta[self.cause].sum() - self.deaths[here] @ np.log(total[here]))
        if not np.isfinite(loglik) or loglik < floor:
            return None
        hazard = self.increments(total)
        weighted = risk * self.exposed(hazard)
        score = self.x @ (self.cause - weighted)
        first = self.at_risk(self.x * risk)[:, here]
        information = (self.x * weighted) @ self.x.T - (first * (hazard / total)[here]) @ first.T
        return Evaluation(beta, loglik, score, information)


def sandwich(likelihood: FineGrayLikelihood, maximum: Maximum) -> Vector:
    """Variance of the coefficients with each subject's influence through the events and through G.

    Notation of Fine and Gray 1999, section 4: eta is the score residual with weights, psi the influence on the
    censoring distribution, with q(u) the derivative of the score by the log of G at u.
    """
    risk = np.exp(maximum.at.beta @ likelihood.x)
    total = likelihood.at_risk(risk)
    hazard = likelihood.increments(total)
    mean = np.divide(
        likelihood.at_risk(likelihood.x * risk),
        total,
        out=np.zeros((likelihood.x.shape[0], total.size)),
        where=total > 0,
    )
    x = likelihood.x
    eta = np.where(likelihood.cause, x - mean[:, likelihood.at], 0.0)
    eta -= risk * (x * likelihood.exposed(hazard) - likelihood.exposed(hazard * mean))
    # q(u): over competing events before u, the score's expected part from u on.
    weighted, drift = hazard * likelihood.free, hazard * likelihood.free * mean
    from_on = np.cumsum(weighted[::-1])[::-1], np.cumsum(drift[:, ::-1], axis=1)[:, ::-1]
    carried = risk * likelihood.carried
    zeroth, first = likelihood.by_time(carried), likelihood.by_time(x * carried)
    before = np.cumsum(zeroth) - zeroth, np.cumsum(first, axis=1) - first
    q = before[1] * from_on[0] - before[0] * from_on[1]
    at_risk = np.cumsum(np.bincount(likelihood.at, minlength=total.size)[::-1])[::-1]
    censored = ~(likelihood.cause | likelihood.competing)
    share = q / at_risk
    compensator = np.cumsum(share * likelihood.by_time(censored.astype(float)) / at_risk, axis=1)
    psi = np.where(censored, share[:, likelihood.at], 0.0) - compensator[:, likelihood.at]
    influence = (eta + psi).T @ maximum.covariance
    return influence.T @ influence
