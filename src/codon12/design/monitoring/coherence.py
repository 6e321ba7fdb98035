"""Whether a trial is monitored for the success that it will be judged by."""

from __future__ import annotations

from dataclasses import dataclass

from codon12.design.arguments import OPEN, Each, checked
from codon12.design.monitoring.predictive import PredictiveDesign, predictive_probability
from codon12.design.probability.prior import Prior
from codon12.design.single_arm.boundaries import Boundaries
from codon12.design.single_arm.criterion import SuccessRule, least_responses
from codon12.errors import DesignError

__all__ = ["Coherence", "coherence", "monitoring_coherence"]


@dataclass(frozen=True)
class Monitored:
    """A trial judged by the primary criterion, at one true rate, under one way of monitoring.

    Attributes
    ----------
    success, stop_early, expected_n
        Probability of primary success, of stopping early, and expected size.
    """

    success: float
    stop_early: float
    expected_n: float


@dataclass(frozen=True)
class Coherence:
    """The monitoring criterion beside the primary one, and what their difference costs.

    Attributes
    ----------
    n, monitoring, primary
        Planned size and the two criteria.
    monitoring_least, primary_least
        Responses that each needs at `n`.
    rates
        True rates of no interest and of interest.
    without_looks, as_planned, aligned
        The primary criterion with no looks, with the looks as planned, and with looks that monitor the
        primary
        criterion itself by the same threshold; one `Monitored` for each rate.
    futility_as_planned, futility_aligned
        Futility boundaries of the two.
    """

    n: int
    monitoring: SuccessRule
    primary: SuccessRule
    monitoring_least: int
    primary_least: int
    rates: tuple[float, ...]
    without_looks: tuple[Monitored, ...]
    as_planned: tuple[Monitored, ...]
    aligned: tuple[Monitored, ...]
    looks: tuple[int, ...]
    futility_as_planned: tuple[int, ...]
    futility_aligned: tuple[int, ...]

    @property
    def coherent(self) -> bool:
        """Whether both criteria need the same number of responses."""
        return self.monitoring_least == self.primary_least

    def columns(self) -> dict[str, list]:
        """List one row a rate and way of monitoring."""
        ways = {"no looks": self.without_looks, "as planned": self.as_planned, "aligned": self.aligned}
        rows = [(r, name, m[i]) for i, r in enumerate(self.rates) for name, m in ways.items()]
        return {
            "rate": [r for r, _, _ in rows],
            "monitoring": [name for _, name, _ in rows],
            "primary_success": [m.success for _, _, m in rows],
            "stop_early": [m.stop_early for _, _, m in rows],
            "expected_n": [m.expected_n for _, _, m in rows],
        }

    def describe(self) -> str:
        """Say what each criterion needs and what the mismatch costs, in a sentence."""
        if self.coherent:
            return (
                f"The monitoring criterion ({self.monitoring}) and the primary one ({self.primary}) both need"
                f" {self.primary_least} of {self.n} responses: they agree."
            )
        costs = [
            f"if the rate is {rate:g}, stopping early has probability {a.stop_early:.3f} instead of"
            f" {b.stop_early:.3f}, the expected size is {a.expected_n:.1f} instead of"
            f" {b.expected_n:.1f}, and primary"
            f" success has probability {a.success:.3f} instead of {b.success:.3f}"
            for rate, a, b in zip(self.rates, self.as_planned, self.aligned, strict=True)
        ]
        easier = self.monitoring_least < self.primary_least
        effect = (
            "goes on for results that cannot meet the primary criterion"
            if easier
            else "stops for futility where the primary criterion may still be met"
        )
        return (
            f"The looks monitor {self.monitoring}, which needs {self.monitoring_least} of {self.n}"
            " responses, but the"
            f" trial is judged by {self.primary}, which needs {self.primary_least}; so monitoring"
            f" {effect}: against"
            f" looks that monitor the primary criterion, {'; '.join(costs)}."
        )


def coherence(design: PredictiveDesign, primary: SuccessRule, *, rates: tuple[float, ...]) -> Coherence:
    """Compare the criterion a trial monitors with the criterion it is judged by.

    Parameters
    ----------
    design
        The trial as monitored.
    primary
        Success rule of the primary endpoint.
    rates
        True response rates at which to say what a mismatch costs (usually p0 and p1).

    Raises
    ------
    DesignError
        No number of responses meets the primary criterion at the planned n.

    Examples
    --------
    >>> from codon12.design import IntervalRule, PosteriorRule, interim_looks
    >>> design = predictive_probability(
    ...     105, looks=interim_looks(105, start=25, every=10), success=PosteriorRule(rate=0.23, threshold=0.8)
    ... )
    >>> found = coherence(design, IntervalRule(rate=0.23), rates=(0.23, 0.38))
    >>> found.monitoring_least, found.primary_least
    (28, 34)
    """
    rates = Each(OPEN).read("rates", rates)
    least = least_responses(primary, design.n, prior=design.prior)
    if least > design.n:
        raise DesignError(f"no number of responses among {design.n} meets the primary criterion ({primary})")
    aligned = predictive_probability(
        design.n,
        looks=design.looks,
        success=primary,
        futility=design.futility,
        efficacy=design.efficacy,
        prior=design.prior,
        futility_strict=design.futility_strict,
        efficacy_strict=design.efficacy_strict,
    )
    low = design.boundaries.stop_at_most
    return Coherence(
        n=design.n,
        monitoring=design.success,
        primary=primary,
        monitoring_least=design.boundaries.success_at_least,
        primary_least=least,
        rates=tuple(rates),
        without_looks=_monitored(Boundaries(design.n, least), rates),
        # a stop for efficacy under the easier criterion is not yet a success of the primary one: futility
        # alone
        as_planned=_monitored(Boundaries(design.n, least, design.looks, low), rates),
        aligned=_monitored(Boundaries(design.n, least, design.looks, aligned.boundaries.stop_at_most), rates),
        looks=design.looks,
        futility_as_planned=low,
        futility_aligned=aligned.boundaries.stop_at_most,
    )


@checked()
def monitoring_coherence(
    n: int,
    *,
    looks: tuple[int, ...],
    success: SuccessRule,
    primary: SuccessRule,
    at: tuple[float, ...],
    futility: float = 0.05,
    prior: Prior | str = "beta(1,1)",
) -> Coherence:
    """`coherence` of a trial monitored for futility, from its parts; `at` are the true rates."""
    design = predictive_probability(n, looks=looks, success=success, futility=futility, prior=prior)
    return coherence(design, primary, rates=tuple(at))


def _monitored(boundaries: Boundaries, rates: tuple[float, ...]) -> tuple[Monitored, ...]:
    seen = boundaries.operating_characteristics(list(rates))
    return tuple(
        Monitored(float(s), float(e), float(n))
        for s, e, n in zip(seen.success, seen.stop_early, seen.expected_n, strict=True)
    )
