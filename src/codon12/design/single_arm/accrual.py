"""How patients come into a trial over calendar time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codon12.errors import DesignError
from codon12.numbers.halving import halve

__all__ = ["Accrual"]


@dataclass(frozen=True)
class Accrual:
    """Expected accrual: a rate that rises in a ramp, or the sum of sites that open one after another.

    Attributes
    ----------
    rate
        Patients per unit of time once accrual is full, of one site where there are sites.
    ramp
        Time over which the rate rises evenly from 0 to full, at each site.
    openings
        When each site opens; one at time 0 by default.

    Examples
    --------
    >>> Accrual(rate=2, openings=(0, 3)).time_of([6, 10]).tolist()
    [3.0, 4.0]
    """

    rate: float
    ramp: float = 0.0
    openings: tuple[float, ...] = (0.0,)

    def __post_init__(self) -> None:
        """Refuse accrual that brings no patients."""
        if self.rate <= 0 or self.ramp < 0:
            raise DesignError(f"accrual needs a rate above 0 and no negative ramp; got {self.rate:g}, {self.ramp:g}")
        if not self.openings or min(self.openings) < 0:
            raise DesignError("at least one site must open, at time 0 or later")

    def enrolled(self, time: ArrayLike) -> NDArray[np.float64]:
        """Expected number enrolled by a time, without an upper end."""
        t = np.asarray(time, dtype=float)[..., None] - np.array(self.openings)
        t = np.maximum(t, 0.0)
        count = np.where(t < self.ramp, t**2 / (2 * self.ramp or 1.0), t - self.ramp / 2)
        return self.rate * count.sum(axis=-1)

    def time_of(self, count: ArrayLike) -> NDArray[np.float64]:
        """Time by which so many are expected to have enrolled."""
        wanted = np.asarray(count, dtype=float)
        low = np.zeros_like(wanted)
        high = np.full_like(wanted, max(self.openings) + self.ramp + float(np.max(wanted, initial=1.0)) / self.rate + 1)
        _, high = halve(low, high, lambda time: self.enrolled(time) >= wanted, steps=200, until=1e-13)
        return np.where(wanted <= 0, 0.0, np.round(high, 12))


def as_accrual(rate: float, ramp: float = 0.0, openings: Sequence[float] = ()) -> Accrual:
    """Build an `Accrual` from plain numbers."""
    return Accrual(rate, ramp, tuple(float(v) for v in openings) or (0.0,))
