"""Firth's penalty: the partial likelihood times the square root of its information's determinant.

The penalised score adds half the derivative of the log determinant, tr(I^-1 dI/db). Its third moments need
no array of rows by p by p: every sum over risk sets of a product with the risk-set mean is exchanged into a
sum over rows of the mean accumulated over the times the row was at risk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.survival.cox.likelihood import Evaluation, PartialLikelihood
from codon12.survival.cox.moments import Moments
from codon12.survival.cox.order import RiskOrder, restarting_cumsum

__all__ = ["FirthLikelihood"]

Vector = NDArray[Any]


@dataclass(frozen=True)
class FirthLikelihood:
    """Penalised partial likelihood; the information reported is that of the likelihood itself."""

    likelihood: PartialLikelihood

    @property
    def x(self) -> Vector:
        """The design."""
        return self.likelihood.x

    @property
    def order(self) -> RiskOrder:
        """Marks backwards in time."""
        return self.likelihood.order

    def evaluate(self, beta: Vector, *, floor: float = -np.inf) -> Evaluation | None:
        """Penalised value and score, and the information."""
        plain = self.likelihood.evaluate(beta)
        if plain is None:
            return None
        sign, logdet = np.linalg.slogdet(plain.information)
        value = plain.loglik + logdet / 2
        if sign <= 0 or not np.isfinite(value) or value < floor:
            return None
        score = plain.score + self._penalty_score(beta, np.linalg.inv(plain.information)) / 2
        return Evaluation(beta, value, score, plain.information)

    def at_zero(self) -> Evaluation:
        """The penalised likelihood without effects, the comparison of its likelihood-ratio test."""
        found = self.evaluate(np.zeros(self.x.shape[0]))
        assert found is not None  # the information at zero was found regular before
        return found

    def _penalty_score(self, beta: Vector, V: Vector) -> Vector:
        """tr(I^-1 dI/db) for every coefficient."""
        likelihood, order, x = self.likelihood, self.likelihood.order, self.x
        at = Moments.of(likelihood, beta)
        signed = at.risk if likelihood.signed_weight is None else at.risk * likelihood.signed_weight
        size = np.einsum("im,ij,jm->m", x, V, x)
        sums = order.segment_sums(signed * size)
        total = restarting_cumsum(sums, order.stratum_start)[order.death_segment]
        tied = sums[order.death_segment]
        # Every death apart: its mean (p, deaths), its mean of x'Vx, its weight.
        d = order.deaths
        which = np.repeat(np.arange(d.size), d)
        begin = np.cumsum(d) - d
        share = (np.arange(which.size) - begin[which]) / d[which] if likelihood.efron else np.zeros(which.size)
        weight = (likelihood.dead / d)[which]
        _, zeroth, own = likelihood.zeroth(at.risk)
        zeroth_tied = np.zeros(zeroth.size)
        zeroth_tied[likelihood.tied] = own
        left = zeroth[which] - share * zeroth_tied[which]
        mean = (at.first[:, which] - share * at.first_tied[:, which]) / left
        mean_size = (total[which] - share * tied[which]) / left
        through = order.elapsed(at.drift)
        if likelihood.tied.size:
            through[:, order.death_segment] -= at.first * at.sums.b2 - at.first_tied * at.sums.c2
        exposed = signed * at.hazard_by_mark
        rows = x @ (exposed * size) - 2 * x @ (signed * np.einsum("im,ij,jm->m", x, V, order.per_mark(through)))
        inner = np.einsum("id,ij,jd->d", mean, V, mean)
        return rows + mean @ (weight * (2 * inner - mean_size))
