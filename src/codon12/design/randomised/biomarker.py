"""Biomarker designs: enriched for a marker, or stratified by it with two hypotheses and a correct alpha."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from codon12.design.arguments import ABOVE_0, checked
from codon12.design.probability.inverse import inverse
from codon12.design.probability.quadrature import panel_nodes
from codon12.errors import DesignError

__all__ = ["EnrichedDesign", "StratifiedDesign", "enriched", "stratified"]


@dataclass(frozen=True)
class EnrichedDesign:
    """A trial in patients whose assay is positive.

    Attributes
    ----------
    positive_predictive_value, test_positive
        Share of true positives among the treated, and share of screened patients who are treated.
    rate
        Response rate among the treated.
    screened
        Patients to screen on average for the trial.
    """

    n: int
    positive_predictive_value: float
    test_positive: float
    rate: float
    screened: float

    def columns(self) -> dict[str, list]:
        """List the result as one row."""
        return {name: [getattr(self, name)] for name in self.__dataclass_fields__}

    def describe(self) -> str:
        """Say the result in plain words."""
        return (
            f"{100 * self.test_positive:.1f} % of screened patients test positive, of whom"
            f" {100 * self.positive_predictive_value:.1f} % carry the marker. The response rate among them is"
            f" {100 * self.rate:.2f} %; {self.n} patients take {self.screened:.0f} screened on average."
        )


@checked(prevalence=ABOVE_0, sensitivity=ABOVE_0)
def enriched(
    n: int,
    *,
    prevalence: float,
    rate_positive: float,
    rate_negative: float,
    sensitivity: float = 1.0,
    specificity: float = 1.0,
) -> EnrichedDesign:
    """Compute what an imperfect assay makes of an enriched trial.

    The rate it gives is the one to size the trial for (`sample_size`, `simon_two_stage`): a false positive assay
    dilutes it.

    Examples
    --------
    >>> found = enriched(100, prevalence=0.13, rate_positive=0.38, rate_negative=0.05, specificity=0.98)
    >>> round(found.rate, 4), round(found.screened)
    (0.341, 678)
    """
    true, false = prevalence * sensitivity, (1 - prevalence) * (1 - specificity)
    share = true + false
    value = true / share
    rate = value * rate_positive + (1 - value) * rate_negative
    return EnrichedDesign(n, value, share, rate, n / share)


@dataclass(frozen=True)
class StratifiedDesign:
    """A randomised trial of all comers with hypotheses on the marker-positive and on all patients.

    Attributes
    ----------
    n, prevalence, alpha
        Patients, share of marker-positive ones, one-sided family-wise error.
    alpha_positive, alpha_all
        Nominal levels of the two tests; together they spend exactly `alpha` if no treatment works, at the correlation
        that the two statistics then have.
    alpha_all_bonferroni
        Level that the second test would have if the correlation were ignored.
    correlation, correlation_alternative
        Of the two statistics: where both arms have the control rates (it sets the levels), and at the rates assumed
        (it enters the power).
    power_positive, power_all, power_any
        Probability of rejecting each hypothesis, and any.
    """

    n: int
    prevalence: float
    alpha: float
    alpha_positive: float
    alpha_all: float
    alpha_all_bonferroni: float
    correlation: float
    correlation_alternative: float
    power_positive: float
    power_all: float
    power_any: float

    def columns(self) -> dict[str, list]:
        """List the result as one row."""
        return {name: [getattr(self, name)] for name in self.__dataclass_fields__}

    def describe(self) -> str:
        """Say the result in plain words."""
        return (
            f"{self.n} patients, {100 * self.prevalence:g} % marker-positive: testing the positives at"
            f" {self.alpha_positive:.5f} and all at {self.alpha_all:.5f} spends exactly {self.alpha:g} if both arms"
            f" have the control rates (correlation {self.correlation:.3f}; without it {self.alpha_all_bonferroni:.5f})."
            f" Power {self.power_positive:.4f} in"
            f" the positives, {self.power_all:.4f} in all, {self.power_any:.4f} for either."
        )


@checked()
def stratified(
    n: int,
    *,
    prevalence: float,
    control: tuple[float, float],
    experimental: tuple[float, float],
    alpha: float = 0.025,
    alpha_positive: float = 0.0125,
) -> StratifiedDesign:
    """Compute levels and power of a 1:1 randomised, marker-stratified trial with a binary endpoint.

    Parameters
    ----------
    n, prevalence
        All patients, and the share of marker-positive ones.
    control, experimental
        Response rates (marker-positive, marker-negative) in each arm.
    alpha, alpha_positive
        One-sided family-wise error and the part that the marker-positive test has for itself.

    Returns
    -------
    StratifiedDesign
        By the normal approximation of the difference in rates (unpooled variance, stratified over the marker).

    References
    ----------
    Spiessens and Debois 2010, Adjusted significance levels for subgroup analyses in clinical trials. Contemp Clin
    Trials 31:647-656.

    Examples
    --------
    >>> found = stratified(300, prevalence=0.4, control=(0.2, 0.2), experimental=(0.4, 0.3))
    >>> found.alpha_all > found.alpha_all_bonferroni
    True
    """
    if len(control) != 2 or len(experimental) != 2:
        raise DesignError("each arm needs two response rates: of the marker-positive and of the marker-negative")
    if not 0 < alpha_positive < alpha:
        raise DesignError(f"the positive part of alpha must lie between 0 and {alpha:g}; got {alpha_positive:g}")
    if n < 4:
        raise DesignError("a stratified trial needs patients in both arms and strata")
    share = np.array([prevalence, 1 - prevalence])
    c, e = np.array(control), np.array(experimental)
    variance = 2 * (c * (1 - c) + e * (1 - e)) / (n * share)  # of the difference in each stratum, arms of half each
    z_positive = (e[0] - c[0]) / np.sqrt(variance[0])
    z_all = share @ (e - c) / np.sqrt(share**2 @ variance)
    no_effect = 4 * c * (1 - c) / (n * share)  # the same, were both arms like control
    correlation, assumed = (float(np.sqrt(share[0] ** 2 * v[0] / (share**2 @ v))) for v in (no_effect, variance))
    first = -float(special.ndtri(alpha_positive))
    second = inverse(lambda z: _any(first, z, correlation, 0.0, 0.0), alpha, 0.0, 12.0, rising=False)
    return StratifiedDesign(
        n=n,
        prevalence=prevalence,
        alpha=alpha,
        alpha_positive=alpha_positive,
        alpha_all=float(special.ndtr(-second)),
        alpha_all_bonferroni=alpha - alpha_positive,
        correlation=correlation,
        correlation_alternative=assumed,
        power_positive=float(special.ndtr(z_positive - first)),
        power_all=float(special.ndtr(z_all - second)),
        power_any=_any(first, second, assumed, float(z_positive), float(z_all)),
    )


def _any(first: float, second: float, correlation: float, mean1: float, mean2: float) -> float:
    """P(Z1 > first or Z2 > second) for two correlated normal statistics."""
    high = first - mean1
    z, w = panel_nodes(np.linspace(min(-9.0, high - 1), high, 20), 16)
    rest = (second - mean2 - correlation * z) / np.sqrt(1 - correlation**2)
    neither = w @ (np.exp(-z * z / 2) / np.sqrt(2 * np.pi) * special.ndtr(rest))
    return float(1 - neither)
