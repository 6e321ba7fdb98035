"""Sums over risk sets at one value of the coefficients, on which residuals and curves rest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.survival.cox.likelihood import PartialLikelihood, TieSums

__all__ = ["Moments"]

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
