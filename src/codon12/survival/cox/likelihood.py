"""Cox's partial likelihood with its derivatives, by running sums over marks.

The information is a sum over event times of second moments minus squares of means. The second moments
collapse into one weighted product of the design with itself, because each row enters with the hazard summed
over the event times it was at risk for; the means are running sums. Efron's correction for ties changes only
five scalars an event time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from codon12.survival.cox.order import RiskOrder, restarting_cumsum

__all__ = ["Evaluation", "PartialLikelihood", "TieSums", "Ties"]

Ties = Literal["efron", "breslow", "exact"]
Vector = NDArray[Any]
_CHUNK = 8192
"""Marks handled at once, so that their products stay in the processor's cache."""

_LEAST = 1e-140
"""Least sum over a risk set, relative to the greatest hazard, whose square can still be divided by."""


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
    def tied(self) -> NDArray[np.intp]:
        """Event times where Efron's correction does anything."""
        return np.flatnonzero(self.order.deaths > 1) if self.efron else np.empty(0, dtype=np.intp)

    @cached_property
    def _coarse(self) -> bool:
        """Whether ties are so many that sums over segments come first, running sums after."""
        return 3 * self.order.start.size < self.order.row.size

    @cached_property
    def _death_end(self) -> NDArray[np.intp]:
        """Last mark of every event time."""
        return self.order.start[self.order.death_segment] + self.order.deaths - 1

    @cached_property
    def _tied_marks(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Marks of all deaths at tied event times, one time after another, and where each begins."""
        d = self.order.deaths[self.tied]
        begin = np.cumsum(d) - d
        first = self.order.start[self.order.death_segment[self.tied]]
        return np.repeat(first - begin, d) + np.arange(int(d.sum())), begin

    @cached_property
    def _efron(self) -> tuple[NDArray[np.intp], Vector, Vector]:
        """Per tied death: its place among the tied event times, share removed, mean weight."""
        d = self.order.deaths[self.tied]
        which = np.repeat(np.arange(d.size), d)
        begin = np.cumsum(d) - d
        share = (np.arange(which.size) - begin[which]) / d[which]
        return which, share, (self.dead[self.tied] / d)[which]

    def tie_sums(self, total: Vector, tied: Vector) -> TieSums:
        """Scalars of every event time from the risk sums of all at risk, and of the dead where they tie."""
        a = self.dead / total
        a2 = a / total
        logs = np.log(total)
        if not self.tied.size:
            none = np.zeros(a.size)
            return TieSums(a, none, a2, none, none, float(self.dead @ logs))
        which, share, weight = self._efron
        begin = self._tied_marks[1]
        left = total[self.tied][which] - share * tied[which]
        each = np.empty((5, which.size))
        first, second = np.divide(weight, left, out=each[0]), np.divide(each[0], left, out=each[2])
        np.multiply(first, share, out=each[1])
        np.multiply(second, share, out=each[3])
        np.multiply(each[3], share, out=each[4])
        b, b2, c2 = np.zeros((3, a.size))
        for into, values in zip((a, b, a2, b2, c2), np.add.reduceat(each, begin, axis=1), strict=True):
            into[self.tied] = values
        logs[self.tied] = 0.0
        return TieSums(a, b, a2, b2, c2, float(self.dead @ logs + weight @ np.log(left)))

    def risk(self, beta: Vector) -> tuple[Vector, Vector, float]:
        """Linear predictor, relative hazard (largest scaled to about 1 where it is large), and that scale's log."""
        eta = beta @ self.x
        shift = 0.0
        if eta.size:
            top = float(eta.max())
            shift = top if abs(top) > 30 else 0.0
        return eta, np.exp(eta - shift) if shift else np.exp(eta), shift

    def zeroth(self, risk: Vector) -> tuple[Vector, Vector, Vector]:
        """Signed risk of each mark; sums over each risk set, and over the dead of each tied event time."""
        order = self.order
        signed = risk if self.signed_weight is None else risk * self.signed_weight
        if self._coarse:
            sums = order.segment_sums(signed)
            total = restarting_cumsum(sums, order.stratum_start)[order.death_segment]
            return signed, total, sums[order.death_segment[self.tied]]
        total = restarting_cumsum(signed, order.start[order.stratum_start])[self._death_end]
        if not self.tied.size:
            return signed, total, np.empty(0)
        marks, begin = self._tied_marks
        return signed, total, np.add.reduceat(signed[marks], begin)

    def _loglik(self, eta: Vector, shift: float, sums: TieSums) -> float:
        return float(self.death_weight @ eta) - sums.log - shift * float(self.dead.sum())

    def loglik(self, beta: Vector) -> float:
        """Log partial likelihood alone; minus infinity where it cannot be computed."""
        eta, risk, shift = self.risk(beta)
        _, total, tied = self.zeroth(risk)
        if not total.min() > _LEAST:
            return -np.inf
        return self._loglik(eta, shift, self.tie_sums(total, tied))

    def evaluate(self, beta: Vector, *, floor: float = -np.inf) -> Evaluation | None:
        """Value and derivatives; None where the log likelihood is not finite or not above `floor`."""
        eta, risk, shift = self.risk(beta)
        signed, total, tied = self.zeroth(risk)
        if not total.min() > _LEAST:
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
        if self.tied.size:
            hazard[self.order.death_segment] -= sums.b
        return hazard

    def _information(self, signed: Vector, weighted: Vector, sums: TieSums) -> Vector:
        p = self.x.shape[0]
        second, squares = np.zeros((p, p)), np.zeros((p, p))
        mean_tied, dead_tied = np.empty((p, self.tied.size)), np.empty((p, self.tied.size))
        for marks, deaths, mean, tied, dead in self._chunk_moments(signed):
            second += (self.x[:, marks] * weighted[marks]) @ self.x[:, marks].T
            squares += (mean * sums.a2[deaths]) @ mean.T
            if dead.size:
                mean_tied[:, tied] = mean.take(self.tied[tied] - deaths.start, axis=1)
                dead_tied[:, tied] = dead
        if self.tied.size:
            cross = (mean_tied * sums.b2[self.tied]) @ dead_tied.T
            squares += (dead_tied * sums.c2[self.tied]) @ dead_tied.T - cross - cross.T
        return second - squares

    def _chunk_moments(self, signed: Vector) -> Iterator[tuple[slice, slice, Vector, slice, Vector]]:
        """First moments chunk by chunk.

        Gives marks; event times; sums of risk times design over their risk sets; tied event times; sums over
        the dead of these.
        """
        carry: Vector | None = None
        for marks, segments, at, starts, deaths, tied in self._chunks:
            sums = self.x[:, marks] * signed[marks]
            if segments is not None:
                sums = np.add.reduceat(sums, segments, axis=1)
                dead = sums.take(at[self.tied[tied] - deaths.start], axis=1)
            else:
                dead = self._dead_moments(signed, tied)
            anew = bool(starts.size) and starts[0] == 0  # the chunk begins with a new stratum
            if carry is not None and not anew:
                sums[:, 0] += carry
            running = restarting_cumsum(sums, starts[1:] if anew else starts)
            carry = running[:, -1]
            yield marks, deaths, running.take(at, axis=1), tied, dead

    def _dead_moments(self, signed: Vector, tied: slice) -> Vector:
        if tied.start == tied.stop:
            return np.empty((self.x.shape[0], 0))
        marks, begin = self._tied_marks
        own = marks[begin[tied.start] : begin[tied.stop] if tied.stop < begin.size else None]
        return np.add.reduceat(self.x.take(own, axis=1) * signed[own], begin[tied] - begin[tied.start], axis=1)

    @cached_property
    def _chunks(self) -> list[tuple[slice, NDArray[Any] | None, NDArray[Any], NDArray[Any], slice, slice]]:
        """Runs of marks.

        Each: marks; segment starts, where sums go by segment; places of event times and of stratum starts
        within; event times; tied event times.
        """
        order, n = self.order, self.order.row.size
        if self._coarse:
            edges = np.append(np.unique(np.searchsorted(order.start, np.arange(0, n, _CHUNK))), order.start.size)
            edges = np.unique(edges)
            places, restarts = order.death_segment, order.stratum_start
            bounds = np.append(order.start, n)[edges]
        else:
            edges = bounds = np.append(np.arange(0, n, _CHUNK), n)
            places, restarts = self._death_end, order.start[order.stratum_start]
        out = []
        for (low, high), (begin, end) in zip(pairwise(edges.tolist()), pairwise(bounds.tolist()), strict=True):
            d0, d1 = np.searchsorted(places, [low, high]).tolist()
            s0, s1 = np.searchsorted(restarts, [low, high]).tolist()
            t0, t1 = np.searchsorted(self.tied, [d0, d1]).tolist()
            segments = order.start[low:high] - begin if self._coarse else None
            out.append(
                (slice(begin, end), segments, places[d0:d1] - low, restarts[s0:s1] - low, slice(d0, d1), slice(t0, t1))
            )
        return out

    def first_moments(self, signed: Vector) -> tuple[Vector, Vector]:
        """Sums of risk times design over every risk set, and over its dead where they tie (else zero)."""
        size = (self.x.shape[0], self.order.deaths.size)
        means, dead = np.empty(size), np.zeros(size)
        for _, deaths, mean, tied, own in self._chunk_moments(signed):
            means[:, deaths] = mean
            dead[:, self.tied[tied]] = own
        return means, dead
