"""Conditional and predictive power of a group sequential trial at an interim analysis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from codon12.design.arguments import FINITE, POSITIVE, Each, checked
from codon12.design.sequential.boundary_crossing import Path, exit_probabilities
from codon12.errors import DesignError, UsageError

__all__ = ["InterimPower", "interim_power"]


@dataclass(frozen=True)
class InterimPower:
    """What an interim result says of the rest of the trial.

    Attributes
    ----------
    fraction, z
        Information fraction and z statistic seen.
    conditional_null, conditional_trend, conditional_planned
        Probability of rejecting later if the drift is 0, as seen, or as planned (None where none was given).
    predictive
        The same averaged over the flat-prior posterior of the drift.
    """

    fraction: float
    z: float
    conditional_null: float
    conditional_trend: float
    conditional_planned: float | None
    predictive: float

    def columns(self) -> dict[str, list]:
        """List the result as one row."""
        return {name: [getattr(self, name)] for name in self.__dataclass_fields__}

    def describe(self) -> str:
        """Say the result in plain words."""
        planned = (
            "" if self.conditional_planned is None else f", {self.conditional_planned:.4f} if the effect is as planned"
        )
        return (
            f"With z = {self.z:g} at {100 * self.fraction:g} % of the information, the conditional power is"
            f" {self.conditional_null:.4f} if there is no effect, {self.conditional_trend:.4f} if the effect is as"
            f" seen{planned}; the predictive power (flat prior) is {self.predictive:.4f}."
        )


@checked(fractions=Each(POSITIVE), upper=Each(FINITE), lower=Each(FINITE))
def interim_power(
    fraction: float,
    z: float,
    *,
    fractions: Sequence[float] = (1.0,),
    upper: Sequence[float] = (1.959963984540054,),
    lower: Sequence[float] | None = None,
    drift: float | None = None,
) -> InterimPower:
    """Compute the conditional and predictive power of a one-sided test at an interim analysis.

    Parameters
    ----------
    fraction, z
        Information fraction and z statistic at the interim analysis.
    fractions, upper, lower
        Later analyses: information fractions, efficacy bounds, and futility bounds where these will be kept: one for
        each, or for each but the last.
    drift
        Expected z at full information under the planned alternative.

    Raises
    ------
    DesignError
        A later analysis that is not later, or bounds that do not fit them.

    References
    ----------
    Lan, Simon and Halperin 1982 (conditional power); Spiegelhalter, Freedman and Blackburn 1986 (predictive power).

    Examples
    --------
    >>> found = interim_power(0.5, 1.5, drift=3.2415)
    >>> round(found.conditional_trend, 4), round(found.predictive, 4)
    (0.5903, 0.5641)
    """
    t = np.array(fractions, dtype=float)
    high = np.array(upper, dtype=float)
    if not 0 < fraction < 1:
        raise DesignError(f"the information fraction of an interim analysis lies between 0 and 1; got {fraction:g}")
    if not len(t) or t[0] <= fraction or np.any(np.diff(t) <= 0):
        raise DesignError(f"later analyses must increase from above {fraction:g}; got {list(fractions)}")
    if len(high) != len(t):
        raise UsageError(f"give one efficacy bound for each of the {len(t)} later analyses; got {len(high)}")
    low = np.full(len(t), -np.inf)
    if lower is not None:
        if not lower or len(lower) not in (len(t) - 1, len(t)):
            raise UsageError(
                f"give one futility bound (lower) for each of the {len(t)} later analyses, or for each but the last;"
                f" got {len(lower)}. Where none will be kept leave lower out"
            )
        low[: len(lower)] = lower
        if np.any(low > high):
            raise DesignError(f"futility bounds (lower) may not lie above efficacy bounds; got {list(lower)}")
    score = z * np.sqrt(fraction)

    def reject(d: float) -> float:
        start = Path.start(d, t=fraction, score=score)
        return float(exit_probabilities(t, low, high, d, start=start)[1].sum())

    trend = score / fraction
    # averaged over the flat-prior posterior of the drift, score / t has independent increments of variance 1/s - 1/t
    passed = 1 / fraction - 1 / t
    below, above = ((bound / np.sqrt(t) - trend) / np.sqrt(passed) for bound in (low, high))
    predictive = exit_probabilities(passed / passed[-1], below, above, 0.0)[1].sum()
    return InterimPower(
        fraction=fraction,
        z=z,
        conditional_null=reject(0.0),
        conditional_trend=reject(float(trend)),
        conditional_planned=None if drift is None else reject(drift),
        predictive=float(predictive),
    )
