"""Fine and Gray's pseudo-likelihood by running sums, without writing out weighted intervals.

A *cell* is a distinct time of a stratum; cells lie stratum by stratum, ascending in time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.survival.cox.likelihood import Evaluation
from codon12.survival.cox.newton import Maximum
from codon12.survival.cox.order import restarting_cumsum

__all__ = ["FineGrayLikelihood", "censoring_curve", "eta_residuals", "psi_residuals"]

Vector = NDArray[Any]
Places = NDArray[np.intp]


def censoring_curve(
    at: Places, times: int, event: NDArray[np.bool_], *, events_first: bool, entry: Places | None = None
) -> Vector:
    """Chance of being uncensored just before each distinct time.

    `at` is the place of each subject's time among the distinct times, `entry` how many of these are at or before
    its entry. With `events_first` the dead of a time are no longer at risk of its censorings.

    Examples
    --------
    >>> censoring_curve(np.array([0, 0, 1]), 2, np.array([True, False, True]), events_first=False).round(3).tolist()
    [1.0, 0.667]
    """
    gone = np.bincount(at, minlength=times)
    dead = np.bincount(at, weights=event, minlength=times)
    risk = np.cumsum(gone[::-1])[::-1].astype(np.float64)
    entered = None if entry is None else np.bincount(entry, minlength=times + 1).astype(np.float64)
    if entered is not None:
        risk -= np.cumsum(entered[::-1])[::-1][1:]
    censored = gone - dead
    if events_first:
        risk = risk - dead
    stay = 1 - np.divide(censored, risk, out=np.zeros(times), where=censored > 0)
    return np.concatenate([[1.0], np.cumprod(stay)[:-1]])


@dataclass(frozen=True)
class FineGrayLikelihood:
    """Scaled design (p, subjects), time of each cell, and each subject's cell."""

    x: Vector
    times: Vector
    at: Places
    cause: NDArray[np.bool_]
    competing: NDArray[np.bool_]
    free: Vector
    """Chance of being uncensored (and entered) just before the time of each cell, one row a censoring group."""
    group: Places
    """Censoring group of each subject."""
    restarts: Places
    """First cell of every stratum but the first."""
    weight: Vector | None = None
    entry: Places | None = None
    """First cell at which each subject is at risk."""

    @property
    def order(self) -> None:
        """None: the dead of other causes stay at risk, so there is no one backward order."""
        return None

    @cached_property
    def case(self) -> Vector:
        """Case weight of each subject."""
        return np.ones(self.at.size) if self.weight is None else self.weight

    @cached_property
    def carried(self) -> Vector:
        """Weight of a subject per unit of G once its competing event has happened; zero without one."""
        own = self.free[self.group, self.at]
        return np.divide(1.0, own, out=np.zeros(own.size), where=self.competing & (own > 0))

    @cached_property
    def deaths(self) -> Vector:
        """Weight of the events of the cause in each cell."""
        return np.bincount(self.at, weights=self.cause * self.case, minlength=self.times.size)

    @cached_property
    def members(self) -> list[NDArray[np.bool_]]:
        """Who belongs to each censoring group, where there are several."""
        return [self.group == g for g in range(self.free.shape[0])] if self.free.shape[0] > 1 else []

    def by_cell(self, values: Vector, at: Places | None = None) -> Vector:
        """Sum over the subjects of each cell (last axis)."""
        at = self.at if at is None else at
        if values.ndim == 1:
            return np.bincount(at, weights=values, minlength=self.times.size)
        return np.array([np.bincount(at, weights=v, minlength=self.times.size) for v in values])

    def forward(self, values: Vector) -> Vector:
        """Running sum within strata."""
        return restarting_cumsum(values, self.restarts)

    def backward(self, values: Vector) -> Vector:
        """Running sum within strata from the last time on."""
        back = np.ascontiguousarray(values[..., ::-1])
        return restarting_cumsum(back, self.times.size - self.restarts[::-1])[..., ::-1]

    def _by_group(self, values: Vector) -> list[tuple[int, Vector]]:
        if not self.members:
            return [(0, values)]
        return [(g, np.where(own, values, 0.0)) for g, own in enumerate(self.members)]

    def at_risk(self, values: Vector) -> Vector:
        """Weighted sum over the risk set of each cell (last axis)."""
        values = values if self.weight is None else values * self.weight
        still = self.backward(self.by_cell(values))
        if self.entry is not None:
            late = self._late
            still = still - self.backward(self.by_cell(values[..., late], self.entry[late] - 1))
        for g, own in self._by_group(values * self.carried):
            summed = self.by_cell(own)
            still = still + self.free[g] * (self.forward(summed) - summed)
        return still

    @cached_property
    def _late(self) -> Places:
        """Subjects who enter after the first time of their stratum."""
        begins = np.append(0, self.restarts)
        own = begins[np.searchsorted(begins, self.at, side="right") - 1]
        return np.flatnonzero(self.entry > own) if self.entry is not None else np.empty(0, dtype=np.intp)

    def exposed(self, increments: Vector) -> Vector:
        """Sum of increments over the times each subject was at risk, with its weight from G (last axis)."""
        so_far = self.forward(increments)
        out = so_far[..., self.at]
        if self.entry is not None:
            late = self._late
            out[..., late] -= so_far[..., self.entry[late] - 1]
        for g in range(self.free.shape[0]):
            weighted = increments * self.free[g]
            later = (self.backward(weighted) - weighted)[..., self.at] * self.carried
            out = out + (later if not self.members else np.where(self.members[g], later, 0.0))
        return out

    def baseline(self, beta: Vector) -> tuple[Vector, Vector, Places]:
        """Event times, the cumulative subdistribution hazard there at the centre of the design, and their strata."""
        hazard = self.increments(self.at_risk(np.exp(beta @ self.x)))
        here = np.flatnonzero(self.deaths > 0)
        stratum = np.searchsorted(self.restarts, here, side="right")
        return self.times[here], self.forward(hazard)[here], stratum

    def increments(self, total: Vector) -> Vector:
        """Hazard in each cell for relative hazard 1."""
        return np.divide(self.deaths, total, out=np.zeros(total.size), where=self.deaths > 0)

    def evaluate(self, beta: Vector, *, floor: float = -np.inf) -> Evaluation | None:
        """Value and derivatives; None where not finite or below `floor`."""
        eta = beta @ self.x
        if not np.all(np.abs(eta) < 500):
            return None
        risk = np.exp(eta)
        total = self.at_risk(risk)
        here = self.deaths > 0
        if not np.all(total[here] > 0):
            return None
        loglik = float((eta * self.case)[self.cause].sum() - self.deaths[here] @ np.log(total[here]))
        if not np.isfinite(loglik) or loglik < floor:
            return None
        hazard = self.increments(total)
        weighted = risk * self.exposed(hazard) * self.case
        score = self.x @ (self.cause * self.case - weighted)
        first = self.at_risk(self.x * risk)[:, here]
        information = (self.x * weighted) @ self.x.T - (first * (hazard / total)[here]) @ first.T
        return Evaluation(beta, loglik, score, information)


def _means(likelihood: FineGrayLikelihood, beta: Vector) -> tuple[Vector, Vector, Vector]:
    """Relative hazards, hazard increments, and mean design of each risk set."""
    risk = np.exp(beta @ likelihood.x)
    total = likelihood.at_risk(risk)
    first = likelihood.at_risk(likelihood.x * risk)
    mean = np.divide(first, total, out=np.zeros(first.shape), where=total > 0)
    return risk, likelihood.increments(total), mean


def eta_residuals(likelihood: FineGrayLikelihood, maximum: Maximum) -> Vector:
    """Score residual of each subject with its weights, as if G were known (p, subjects)."""
    risk, hazard, mean = _means(likelihood, maximum.at.beta)
    x = likelihood.x
    eta = np.where(likelihood.cause, x - mean[:, likelihood.at], 0.0)
    eta -= risk * (x * likelihood.exposed(hazard) - likelihood.exposed(hazard * mean))
    return eta * likelihood.case


def psi_residuals(likelihood: FineGrayLikelihood, maximum: Maximum) -> Vector:
    """Influence of each subject through the estimated censoring distribution, one baseline stratum (p, subjects).

    Fine and Gray 1999, section 4: q(u) is the derivative of the score by the log of G at u.
    """
    risk, hazard, mean = _means(likelihood, maximum.at.beta)
    out = np.zeros(likelihood.x.shape)
    everyone = np.ones(likelihood.at.size, dtype=bool)
    for g, own in enumerate(likelihood.members or [everyone]):
        # q(u): over competing events before u, the score's expected part from u on.
        weighted = hazard * likelihood.free[g]
        from_on = likelihood.backward(weighted), likelihood.backward(weighted * mean)
        carried = np.where(own, risk * likelihood.carried, 0.0)
        zeroth, first = likelihood.by_cell(carried), likelihood.by_cell(likelihood.x * carried)
        before = np.cumsum(zeroth) - zeroth, np.cumsum(first, axis=1) - first
        q = before[1] * from_on[0] - before[0] * from_on[1]
        at_risk = np.cumsum(likelihood.by_cell(own.astype(float))[::-1])[::-1]
        censored = own & ~(likelihood.cause | likelihood.competing)
        share = np.divide(q, at_risk, out=np.zeros(q.shape), where=at_risk > 0)
        left = likelihood.by_cell(censored.astype(float))
        rate = np.divide(left, at_risk, out=np.zeros(left.size), where=at_risk > 0)
        compensator = np.cumsum(share * rate, axis=1)
        psi = np.where(censored, share[:, likelihood.at], 0.0) - compensator[:, likelihood.at]
        out += np.where(own, psi, 0.0)
    return out
