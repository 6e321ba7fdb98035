"""Cox's partial likelihood with its derivatives, by running sums over marks.

The information is a sum over event times of second moments minus squares of means. The second moments
collapse into one weighted product of the design with itself, because each row enters with the hazard summed
over the event times it was at risk for; the means are running sums. Efron's correction for ties changes only
five scalars an event time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from codon12.survival.partial_likelihood_order import RiskOrder, restarting_cumsum

__all__ = ["Evaluation", "PartialLikelihood", "TieSums", "Ties"]

Ties = Literal["efron", "breslow", "exact"]
Vector = NDArray[Any]
_CHUNK = 8192
"""Marks handled at once, so that their products stay in the processor's cache."""


@dataclass(frozen=True)
class Evaluation:
    """Log likelihood and its derivatives at one point."""

    beta: Vector
    loglik: float
    score: Vector
    information: Vector


@dataclass(frozen=True)
class TieSums:
    """Sums over the deaths k of an event time, each with weight w and its share f of the tied dead removed.

    With D the denominator left for death k: ``a = sum w/D``, ``b = sum w f/D``, ``a2 = sum w/D^2``,
    ``b2 = sum w f/D^2``, ``c2 = sum w f^2/D^2``, and ``log`` the sum of w log D.
    """

    a: Vector
    b: Vector
    a2: Vector
    b2: Vector
    c2: Vector
    log: float


@dataclass(frozen=True)
class PartialLikelihood:
    """Design (p rows, one column a mark), weights and risk order; Efron's or Breslow's way with ties."""

    order: RiskOrder
    x: Vector
    """Centred and scaled design in the order of marks, shape (p, marks)."""
    weight: Vector | None
    """Case weight of each mark; None for ones."""
    efron: bool

    @cached_property
    def signed_weight(self) -> Vector | None:
        """Weight of a mark, negative where a row leaves; None where all are one."""
        sign = self.order.sign
        if self.weight is None:
            return sign
        return self.weight if sign is None else self.weight * sign

    @cached_property
    def death_weight(self) -> Vector:
        """Weight of a mark that is an event, else zero."""
        death = self.order.death.astype(np.float64)
        return death if self.weight is None else death * self.weight

    @cached_property
    def dead(self) -> Vector:
        """Total weight of the deaths at each event time."""
        return self.order.segment_sums(self.death_weight)[self.order.death_segment]

    @cached_property
    def tied(self) -> bool:
        """Whether Efron's correction does anything."""
        return self.efron and bool(np.any(self.order.deaths > 1))

    @cached_property
    def _efron(self) -> tuple[NDArray[np.intp], Vector, Vector, NDArray[np.intp]]:
        """Per death: its event time, share removed, mean weight; and where each event time begins."""
        d = self.order.deaths
        which = np.repeat(np.arange(d.size), d)
        begin = np.cumsum(d) - d
        share = (np.arange(which.size) - begin[which]) / d[which]
        return which, share, (self.dead / d)[which], begin

    def tie_sums(self, total: Vector, tied: Vector) -> TieSums:
        """Scalars of every event time from the risk sums of all at risk and of the dead."""
        if not self.tied:
            a = self.dead / total
            a2 = a / total
            none = np.zeros(a.size)
            return TieSums(a, none, a2, none, none, float(self.dead @ np.log(total)))
        which, share, weight, begin = self._efron
        left = total[which] - share * tied[which]
        first = weight / left
        second = first / left
        third = second * share
        a, b, a2, b2, c2 = (np.add.reduceat(v, begin) for v in (first, first * share, second, third, third * share))
        return TieSums(a, b, a2, b2, c2, float(weight @ np.log(left)))

    def risk(self, beta: Vector) -> tuple[Vector, Vector, float]:
        """Linear predictor, relative hazard (largest scaled to about 1 where it is large), and that scale's log."""
        eta = beta @ self.x
        shift = 0.0
        if eta.size:
            top = float(eta.max())
            shift = top if abs(top) > 30 else 0.0
        return eta, np.exp(eta - shift) if shift else np.exp(eta), shift

    def zeroth(self, risk: Vector) -> tuple[Vector, Vector, Vector]:
        """Signed risk of each mark; sums over each risk set and over its dead."""
        signed = risk if self.signed_weight is None else risk * self.signed_weight
        sums = self.order.segment_sums(signed)
        at = self.order.death_segment
        return signed, restarting_cumsum(sums, self.order.stratum_start)[at], sums[at]

    def _loglik(self, eta: Vector, shift: float, sums: TieSums) -> float:
        return float(self.death_weight @ eta) - sums.log - shift * float(self.dead.sum())

    def loglik(self, beta: Vector) -> float:
        """Log partial likelihood alone; minus infinity where it cannot be computed."""
        eta, risk, shift = self.risk(beta)
        _, total, tied = self.zeroth(risk)
        if not np.all(total > 0):
            return -np.inf
        return self._loglik(eta, shift, self.tie_sums(total, tied))

    def evaluate(self, beta: Vector, *, floor: float = -np.inf) -> Evaluation | None:
        """Value and derivatives; None where the log likelihood is not finite or not above `floor`."""
        eta, risk, shift = self.risk(beta)
        signed, total, tied = self.zeroth(risk)
        if not np.all(total > 0):
            return None
        sums = self.tie_sums(total, tied)
        loglik = self._loglik(eta, shift, sums)
        if not np.isfinite(loglik) or loglik < floor:
            return None
        hazard = self.hazard(sums)
        weighted = signed * self.order.per_mark(hazard)
        score = self.x @ (self.death_weight - weighted)
        return Evaluation(beta, loglik, score, self._information(signed, weighted, sums))

    def hazard(self, sums: TieSums) -> Vector:
        """Cumulative hazard a mark of each segment was exposed to since time zero."""
        hazard = self.order.elapsed(sums.a)
        if self.tied:
            hazard[self.order.death_segment] -= sums.b
        return hazard

    def _information(self, signed: Vector, weighted: Vector, sums: TieSums) -> Vector:
        p = self.x.shape[0]
        second = np.zeros((p, p))
        squares = np.zeros((p, p))
        carry: Vector | None = None
        for marks, segments, deaths, starts in self._chunks:
            x = self.x[:, marks]
            second += (x * weighted[marks]) @ x.T
            mean, tied, carry = self._first(x * signed[marks], segments, deaths, starts, carry)
            which = slice(*deaths[1])
            squares += (mean * sums.a2[which]) @ mean.T
            if self.tied:
                cross = (mean * sums.b2[which]) @ tied.T
                squares += (tied * sums.c2[which]) @ tied.T - cross - cross.T
        return second - squares

    def _first(
        self,
        products: Vector,
        segments: NDArray[np.intp] | None,
        deaths: tuple[NDArray[np.intp], tuple[int, int]],
        starts: NDArray[np.intp],
        carry: Vector | None,
    ) -> tuple[Vector, Vector, Vector]:
        """First moments of one chunk: over the risk sets, over the dead, and the running sum at its end."""
        sums = products if segments is None else np.add.reduceat(products, segments, axis=1)
        tied = sums[:, deaths[0]] if self.tied else sums[:, :0]
        if starts.size and starts[0] == 0:  # the chunk begins with a new stratum
            starts = starts[1:]
        elif carry is not None:
            sums[:, 0] += carry
        running = restarting_cumsum(sums, starts)
        return running[:, deaths[0]], tied, running[:, -1].copy()

    @cached_property
    def _chunks(self) -> list:
        """Runs of marks that end with a segment: marks, segment starts, deaths, stratum starts within."""
        order = self.order
        edges = np.unique(np.searchsorted(order.start, np.arange(0, order.row.size, _CHUNK)))
        edges = np.append(edges[edges < order.start.size], order.start.size)
        bounds = np.append(order.start, order.row.size)
        out = []
        for low, high in pairwise(edges.tolist()):
            marks = slice(int(bounds[low]), int(bounds[high]))
            segments = None if order.singletons else order.start[low:high] - bounds[low]
            d = np.searchsorted(order.death_segment, [low, high])
            s = np.searchsorted(order.stratum_start, [low, high])
            deaths = (order.death_segment[d[0] : d[1]] - low, (int(d[0]), int(d[1])))
            out.append((marks, segments, deaths, order.stratum_start[s[0] : s[1]] - low))
        return out

    def first_moments(self, signed: Vector) -> tuple[Vector, Vector]:
        """Sums of hazard times design over every risk set and over its dead, shape (p, event times)."""
        carry: Vector | None = None
        means, dead = [], []
        for marks, segments, deaths, starts in self._chunks:
            products = self.x[:, marks] * signed[marks]
            sums = products if segments is None else np.add.reduceat(products, segments, axis=1)
            dead.append(sums[:, deaths[0]])
            mean, _, carry = self._first(products, segments, deaths, starts, carry)
            means.append(mean)
        return np.concatenate(means, axis=1), np.concatenate(dead, axis=1)
