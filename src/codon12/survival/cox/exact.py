"""The discrete ("exact") partial likelihood of tied events.

At an event time with d deaths the denominator is the elementary symmetric polynomial of degree d in the
relative hazards of those at risk. Going back in time subjects only join the risk set, so one recursion over
marks gives the polynomials of all event times; each step carries all degrees and derivatives as arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.errors import DataError
from codon12.survival.cox.likelihood import Evaluation
from codon12.survival.cox.order import RiskOrder

__all__ = ["ExactLikelihood"]

Vector = NDArray[Any]


@dataclass(frozen=True)
class ExactLikelihood:
    """Design (p rows, one column a mark) in risk order, without weights."""

    order: RiskOrder
    x: Vector
    weight: None = None
    efron: bool = False

    def evaluate(self, beta: Vector, *, floor: float = -np.inf) -> Evaluation | None:
        """Value and derivatives; None where not finite or below `floor`."""
        eta = beta @ self.x
        shift = float(eta.max())
        with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
            loglik, score, information = self._sum(np.exp(eta - shift))
        death = self.order.death
        loglik += float(eta[death].sum()) - shift * int(death.sum())
        if not np.isfinite(loglik) or loglik < floor:
            return None
        return Evaluation(beta, loglik, score + self.x[:, death].sum(axis=1), information)

    def _sum(self, risk: Vector) -> tuple[float, Vector, Vector]:
        order, p = self.order, self.x.shape[0]
        edges = np.append(order.start, order.row.size)
        fresh = {0, *edges[order.stratum_start].tolist()}
        read_at = dict(zip((edges[order.death_segment + 1] - 1).tolist(), order.deaths.tolist(), strict=True))
        most = int(order.deaths.max())
        loglik, score, information = 0.0, np.zeros(p), np.zeros((p, p))
        value = first = second = np.empty(0)
        present: list[int] = []
        leaves = np.zeros(risk.size, dtype=bool) if order.sign is None else order.sign < 0
        for mark in range(risk.size):
            if mark in fresh:
                value, first, second = _empty(most, p)
                present = []
            if leaves[mark]:
                # Taking a factor out of a polynomial is unstable: build it anew from those who stay.
                row = order.row[mark]
                present = [m for m in present if order.row[m] != row]
                value, first, second = _empty(most, p)
                for m in present:
                    _join(value, first, second, risk[m], self.x[:, m])
            else:
                if order.sign is not None:
                    present.append(mark)
                _join(value, first, second, risk[mark], self.x[:, mark])
            d = read_at.get(mark)
            if d is not None:
                if not (np.isfinite(value[d]) and value[d] > 0):
                    raise DataError(f"ties='exact': {d} tied deaths are too many for floating point; take ties='efron'")
                mean = first[d] / value[d]
                loglik -= float(np.log(value[d]))
                score -= mean
                information += second[d] / value[d] - np.outer(mean, mean)
        return loglik, score, information


def _empty(most: int, p: int) -> tuple[Vector, Vector, Vector]:
    value = np.zeros(most + 1)
    value[0] = 1.0
    return value, np.zeros((most + 1, p)), np.zeros((most + 1, p, p))


def _join(value: Vector, first: Vector, second: Vector, risk: float, x: Vector) -> None:
    """Multiply the polynomial by (1 + risk z), and its derivatives along."""
    below, slope = value[:-1] * risk, first[:-1] * risk
    cross = slope[:, :, None] * x
    second[1:] += second[:-1] * risk + cross + cross.transpose(0, 2, 1) + below[:, None, None] * np.outer(x, x)
    first[1:] += slope + below[:, None] * x
    value[1:] += below
