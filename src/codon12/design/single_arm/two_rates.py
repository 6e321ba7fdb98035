"""Single-arm designs with their boundaries, judged at a rate of no interest and one of interest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codon12.design.single_arm.boundaries import Boundaries, HasBoundaries

__all__ = ["SingleArmDesign", "at_two_rates", "futility_families"]


@dataclass(frozen=True)
class SingleArmDesign(HasBoundaries):
    """A single-arm design and what it does at p0 and p1.

    Attributes
    ----------
    rule
        In words, how the boundaries were found.
    boundaries
        The boundaries.
    p0, p1
        Response rates of no interest and of interest.
    alpha, power
        Probability of success at `p0` and at `p1`.
    expected_n, expected_n1
        Expected size at `p0` and at `p1`.
    stop_early
        Probability of stopping early at `p0`.
    """

    rule: str
    boundaries: Boundaries
    p0: float
    p1: float
    alpha: float
    power: float
    expected_n: float
    expected_n1: float
    stop_early: float

    def describe(self) -> str:
        """Say the design in plain words."""
        b = self.boundaries
        return (
            f"{self.rule} Success at {b.success_at_least} or more responses of {b.n}. At {self.p0:g}: success"
            f" {self.alpha:.4f}, early stop {self.stop_early:.4f}, {self.expected_n:.2f} patients expected; at"
            f" {self.p1:g}: power {self.power:.4f}, {self.expected_n1:.2f} patients expected."
        )


def at_two_rates(rule: str, boundaries: Boundaries, p0: float, p1: float) -> SingleArmDesign:
    """Judge boundaries at two rates."""
    seen = boundaries.operating_characteristics([p0, p1])
    alpha, power = (float(v) for v in seen.success)
    size0, size1 = (float(v) for v in seen.expected_n)
    return SingleArmDesign(rule, boundaries, p0, p1, alpha, power, size0, size1, float(seen.stop_early[0]))


def futility_families(
    n: int, looks: tuple[int, ...], low: NDArray, least: NDArray, rates: tuple[float, float]
) -> tuple[NDArray, NDArray, NDArray]:
    """Judge many designs of one size and schedule at once, patient by patient.

    Parameters
    ----------
    n, looks
        Planned size and interim looks.
    low
        Futility boundaries, shape (looks, designs).
    least
        Responses needed, shape (designs,).
    rates
        Two true rates.

    Returns
    -------
    tuple
        Success and early stop at both rates, shape (designs, 2), and expected size at both, shape (designs, 2).
    """
    p = np.array(rates)
    q, count = 1 - p, len(least)
    alive = np.zeros((n + 1, count, 2))
    alive[0] = 1
    x = np.arange(n + 1)[:, None]
    stopped, expected = np.zeros((count, 2)), np.full((count, 2), float(n))
    k = 0
    for m in range(1, n + 1):
        alive[1 : m + 1] = alive[1 : m + 1] * q + alive[:m] * p
        alive[0] *= q
        if k < len(looks) and m == looks[k]:
            stops = (x[: m + 1] <= low[k])[..., None]
            out = np.where(stops, alive[: m + 1], 0.0).sum(axis=0)
            alive[: m + 1] = np.where(stops, 0.0, alive[: m + 1])
            stopped += out
            expected -= out * (n - m)
            k += 1
    success = np.where((x >= least)[..., None], alive, 0.0).sum(axis=0)
    return success, stopped, expected
