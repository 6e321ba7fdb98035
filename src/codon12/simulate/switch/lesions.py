"""A lesion under treatment: sensitive, resistant and acquired resistant cells, and the diameter they make; days, mm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codon12.errors import UsageError

__all__ = ["Clones", "advance", "diameter", "kill_rate", "start_clones"]

Array = NDArray[np.float64]
_MOST = 200.0
"""Logarithm of the greatest growth that is followed: a lesion that has long killed the patient stays a number."""


@dataclass(frozen=True)
class Clones:
    """Relative volumes of a lesion's cells; they add up to 1 at the start."""

    sensitive: Array
    resistant: Array
    acquired: Array

    @property
    def total(self) -> Array:
        """Relative volume of all cells."""
        return self.sensitive + self.resistant + self.acquired


def kill_rate(
    inhibition: ArrayLike, *, kmax: ArrayLike, I50: ArrayLike, hill: ArrayLike, dependence: ArrayLike = 1.0
) -> Array:
    """Kill of sensitive cells, /d: ``kmax dependence I^hill / (I50^hill + I^hill)``; none where inhibition is below 0.

    Examples
    --------
    >>> round(float(kill_rate(0.63496677, kmax=0.12, I50=0.55, hill=4)), 6)
    0.076779
    """
    inside = np.maximum(np.asarray(inhibition, dtype=float), 0.0) ** np.asarray(hill, dtype=float)
    half = np.asarray(I50, dtype=float) ** np.asarray(hill, dtype=float)
    greatest = np.asarray(kmax, dtype=float) * np.asarray(dependence, dtype=float)
    return np.asarray(greatest * inside / (half + inside), dtype=float)


def start_clones(r0: ArrayLike) -> Clones:
    """Give a lesion's cells at the start, by the resistant share.

    Raises
    ------
    UsageError
        A share outside 0 to 1.
    """
    r = np.asarray(r0, dtype=float)
    if not (np.isfinite(r).all() and (r >= 0).all() and (r <= 1).all()):
        raise UsageError("r0: must be between 0 and 1")
    return Clones(1 - r, r, np.zeros_like(r))


def advance(clones: Clones, days: ArrayLike, *, gS: ArrayLike, gR: ArrayLike, kill: ArrayLike, mu: ArrayLike) -> Clones:
    """Give the cells `days` later under a constant kill.

    ``S' = (gS - kill) S``, ``R' = gR R``, ``A' = gR A + mu S``, in closed form. Arrays broadcast.

    Examples
    --------
    >>> later = advance(start_clones(0.07), 42, gS=0.0135, gR=0.0016, kill=0.076779355, mu=2e-5)
    >>> round(float(diameter(30, later.total, 0.06)), 4)
    17.3049
    """
    t = np.asarray(days, dtype=float)
    net = np.asarray(gS) - np.asarray(kill)
    gap = np.minimum((net - np.asarray(gR)) * t, _MOST)
    fast, slow = np.exp(np.minimum(net * t, _MOST)), np.exp(np.minimum(np.asarray(gR) * t, _MOST))
    # (e^{gap} - 1) / gap, which is 1 where both grow alike
    ratio = np.where(np.abs(gap) < 1e-9, 1 + gap / 2, np.expm1(gap) / np.where(np.abs(gap) < 1e-9, 1.0, gap))
    return Clones(
        sensitive=clones.sensitive * fast,
        resistant=clones.resistant * slow,
        acquired=clones.acquired * slow + np.asarray(mu) * clones.sensitive * slow * t * ratio,
    )


def diameter(d0: ArrayLike, volume: ArrayLike, residue: ArrayLike = 0.0) -> Array:
    """Diameter, mm, of a lesion of relative volume `volume`, of which a share `residue` at the start never changes."""
    rho = np.asarray(residue, dtype=float)
    return np.asarray(d0) * np.cbrt(np.asarray(volume) * (1 - rho) + rho)
