"""Boundary crossing probabilities of a group sequential test, by recursive numerical integration.

The score S at information fraction t is normal with mean drift * t and variance t, with independent increments
(Jennison and Turnbull 2000, chapter 19). Its density on the continuation region is carried from look to look on
Gauss-Legendre panels, as narrow as the next increment needs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from codon12.design.probability.quadrature import panel_nodes

__all__ = ["Path", "exit_probabilities"]

_TAIL = 9.0  # standard deviations beyond which a normal density is nothing


@dataclass(frozen=True, eq=False)
class Path:
    """The score of a trial still going on: nodes, and at each the density times the quadrature weight.

    Attributes
    ----------
    t
        Information fraction.
    drift
        Expected score at full information.
    nodes, mass
        Where the score may be and how probable that is, shape (nodes,).
    """

    t: float
    drift: float
    nodes: NDArray[np.float64]
    mass: NDArray[np.float64]

    @classmethod
    def start(cls, drift: float, *, t: float = 0.0, score: float = 0.0) -> Path:
        """Begin at a known score: 0 before the trial, or what an interim analysis has seen."""
        return cls(t, drift, np.array([score]), np.array([1.0]))

    def above(self, score: float, t: float) -> float:
        """Probability of reaching `t` and being above a score there."""
        step = t - self.t
        return float(self.mass @ special.ndtr((self.nodes + self.drift * step - score) / np.sqrt(step)))

    def below(self, score: float, t: float) -> float:
        """Probability of reaching `t` and being below a score there."""
        step = t - self.t
        return float(self.mass @ special.ndtr((score - self.nodes - self.drift * step) / np.sqrt(step)))

    def onward(self, low: float, high: float, t: float, following: float) -> Path:
        """Go on to `t` between two scores; `following` is the information fraction of the look after."""
        step = t - self.t
        sd = np.sqrt(step)
        reach = (self.nodes[0] + self.drift * step - _TAIL * sd, self.nodes[-1] + self.drift * step + _TAIL * sd)
        low, high = max(low, reach[0]), min(high, reach[1])
        if high <= low:
            return Path(t, self.drift, np.array([low]), np.array([0.0]))
        finest = min(sd, np.sqrt(max(following - t, 1e-12)))
        panels = int(np.clip(np.ceil((high - low) / (2 * finest)), 3, 200))
        nodes, weight = panel_nodes(np.linspace(low, high, panels + 1))
        z = (nodes[:, None] - self.nodes - self.drift * step) / sd
        density = np.exp(-z * z / 2) @ self.mass / (sd * np.sqrt(2 * np.pi))
        return Path(t, self.drift, nodes, density * weight)


def exit_probabilities(
    fractions: NDArray, lower: NDArray, upper: NDArray, drift: float, *, start: Path | None = None
) -> tuple[NDArray, NDArray]:
    """Probability of leaving at each look below `lower` and above `upper` (z values; -inf, inf for none)."""
    path = start or Path.start(drift)
    root = np.sqrt(fractions)
    below, above = np.zeros(len(fractions)), np.zeros(len(fractions))
    for k, t in enumerate(fractions):
        low, high = lower[k] * root[k], upper[k] * root[k]
        below[k] = 0.0 if low == -np.inf else path.below(low, t)
        above[k] = 0.0 if high == np.inf else path.above(high, t)
        if k + 1 < len(fractions):
            path = path.onward(low, high, t, fractions[k + 1])
    return below, above
