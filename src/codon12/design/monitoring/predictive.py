"""Bayesian monitoring of a single-arm trial by the predictive probability of success."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codon12.design.arguments import checked, up_to
from codon12.design.probability.exact import reaches
from codon12.design.probability.prior import Prior, as_prior
from codon12.design.single_arm.boundaries import Boundaries, OperatingCharacteristics, schedule
from codon12.design.single_arm.criterion import SuccessRule, least_responses, refuse_sure_success
from codon12.errors import DesignError

if TYPE_CHECKING:
    import polars as pl

__all__ = ["PredictiveDesign", "predictive_probability", "success_probability"]

_SIZE = up_to(5_000)  # every state on the way is held: n squared numbers
_DECISION = {
    "n": "i",
    "responses": "i",
    "posterior": "f",
    "predictive": "f",
    "decision": "s",
    "margin": "i",
    "next_look": "i",
    "needed_by_next_look": "i",
}


@dataclass(frozen=True)
class PredictiveDesign:
    """A single-arm trial monitored by predictive probability.

    Attributes
    ----------
    n, looks, success, futility, efficacy, prior, futility_strict, efficacy_strict
        As asked; see `predictive_probability`.
    boundaries
        The integers that follow from them.
    """

    n: int
    looks: tuple[int, ...]
    success: SuccessRule
    futility: float | None
    efficacy: float | None
    prior: Prior
    futility_strict: bool
    efficacy_strict: bool
    boundaries: Boundaries

    @cached_property
    def probabilities(self) -> NDArray[np.float64]:
        """Predictive probability of success after x responses of m: entry [m, x], NaN where x > m."""
        return success_probability(self.n, self.boundaries.success_at_least, self.prior)

    def operating_characteristics(self, rates: ArrayLike) -> OperatingCharacteristics:
        """Compute what the design does at each true response rate, exactly."""
        return self.boundaries.operating_characteristics(rates)

    def stop_at_most(self, m: int) -> int:
        """Give the futility boundary that a look after `m` patients would have (-1: none)."""
        return _futility_boundary(self, m)

    def decisions(self, sizes: Sequence[int] | None = None) -> dict[str, list]:
        """List posterior, predictive probability, decision and margin at every (n, x), as columns.

        See `decision_table`.
        """
        sizes = [*self.looks, self.n] if sizes is None else list(sizes)
        if any(not 0 <= m <= self.n for m in sizes):
            raise DesignError(f"a decision table lists sizes between 0 and the planned {self.n}")
        parts = [self._decisions_at(m) for m in sizes]
        return {name: [v for part in parts for v in part[name]] for name in _DECISION}

    def decision_table(self, sizes: Sequence[int] | None = None) -> pl.DataFrame:
        """List posterior, predictive probability, decision and margin at every (n, x).

        Parameters
        ----------
        sizes
            Numbers of evaluable patients to list; the looks and the end by default.

        Returns
        -------
        frame
            `n`, `responses`, `posterior` (of exceeding the rate; null where the success rule names none),
            `predictive`, `decision` (continue, stop for futility, stop for efficacy, success, no success),
            `margin` (responses above the futility boundary of a look at this n; 0 or less is a stop),
            `next_look` and `needed_by_next_look` (further responses without which that look stops the trial).
        """
        import polars as pl

        types = {"f": pl.Float64, "i": pl.Int64, "s": pl.String}
        return pl.DataFrame(self.decisions(sizes), schema={k: types[v] for k, v in _DECISION.items()})

    def _decisions_at(self, m: int) -> dict[str, list]:
        x, b = np.arange(m + 1), self.boundaries
        if m == self.n:
            low = b.success_at_least - 1
            decision = np.where(x > low, "success", "no success")
        else:
            low, high = self.stop_at_most(m), _efficacy_boundary(self, m)
            going = np.where(x >= high, "stop for efficacy", "continue")
            decision = np.where(x <= low, "stop for futility", going)
        ahead = [k for k, look in enumerate(self.looks) if look > m]
        floor = b.stop_at_most[ahead[0]] + 1 if ahead else b.success_at_least
        next_look = self.looks[ahead[0]] if ahead else self.n
        rate, end = getattr(self.success, "rate", None), m == self.n
        none = [None] * (m + 1)
        return {
            "n": [m] * (m + 1),
            "responses": x.tolist(),
            "posterior": none if rate is None else self.prior.upper_tail(rate, x, m).tolist(),
            "predictive": self.probabilities[m, : m + 1].tolist(),
            "decision": decision.tolist(),
            "margin": (x - low).tolist(),
            "next_look": none if end else [next_look] * (m + 1),
            "needed_by_next_look": none if end else np.maximum(floor - x, 0).tolist(),
        }

    def columns(self) -> dict[str, list]:
        """List the boundaries: one row a look and one for the end."""
        return self.boundaries.columns()

    def to_frame(self) -> pl.DataFrame:
        """Give one row a look and one for the end: the boundaries."""
        return self.boundaries.to_frame()

    def describe(self) -> str:
        """Say the design in plain words."""
        b = self.boundaries
        parts = [
            f"With {self.n} evaluable patients and the prior {self.prior}, success is {self.success}:",
            f"{b.success_at_least} or more responses.",
        ]
        if self.futility is not None and self.looks:
            relation = "below" if self.futility_strict else "at or below"
            stops = [f"{low} of {m}" for m, low in zip(b.looks, b.stop_at_most, strict=True) if low >= 0]
            listed = ", ".join(stops) if stops else "never"
            parts.append(
                f"Stop for futility if the predictive probability of success is {relation}"
                f" {self.futility:g}: at or below {listed}."
            )
        if self.efficacy is not None and self.looks:
            relation = "above" if self.efficacy_strict else "at or above"
            stops = [f"{high} of {m}" for m, high in zip(b.looks, b.stop_at_least, strict=True) if high <= m]
            listed = ", ".join(stops) if stops else "never"
            parts.append(
                f"Stop for efficacy if the predictive probability is {relation} {self.efficacy:g}: at or"
                f" above {listed}."
            )
        return " ".join(parts)


@checked(n=_SIZE)
def predictive_probability(
    n: int,
    *,
    looks: Sequence[int],
    success: SuccessRule,
    futility: float | None = 0.05,
    efficacy: float | None = None,
    prior: Prior | str = "beta(1,1)",
    futility_strict: bool = True,
    efficacy_strict: bool = True,
) -> PredictiveDesign:
    """Find the boundaries of a trial that is monitored by the predictive probability of success.

    Parameters
    ----------
    n
        Planned number of evaluable patients.
    looks
        Evaluable patients at the interim looks (see `interim_looks`); a look at `n` itself is the final
        analysis and is left out of the list.
    success
        What counts as success at `n`: `PosteriorRule`, `IntervalRule` or `ResponsesRule`.
    futility
        Stop if the predictive probability is below this (None: never); equal counts unless `futility_strict`.
    efficacy
        Stop as a success if it is above this (None: never); equal counts unless `efficacy_strict`.
    prior
        Prior of the response rate, for the posterior and for the predictive distribution.

    Raises
    ------
    DesignError
        Looks beyond `n`, thresholds outside (0, 1), or a success rule that no number of responses meets.

    References
    ----------
    Lee and Liu 2008, A predictive probability design for phase II cancer clinical trials. Clin Trials
    5:93-106.

    Examples
    --------
    >>> from codon12.design import PosteriorRule, interim_looks
    >>> design = predictive_probability(
    ...     105, looks=interim_looks(105, start=25, every=10), success=PosteriorRule(rate=0.23, threshold=0.8)
    ... )
    >>> design.boundaries.stop_at_most
    (3, 5, 7, 10, 13, 16, 19, 22)
    """
    prior = as_prior(prior)
    looks = schedule(looks, n)
    if futility is not None and efficacy is not None and futility >= efficacy:
        raise DesignError(f"the futility threshold {futility:g} must be below the efficacy threshold {efficacy:g}")
    least = least_responses(success, n, prior=prior)
    if least > n:
        raise DesignError(
            f"not even {n} of {n} responses meet the success rule ({success}); plan more patients or ask for less"
        )
    refuse_sure_success(success, least, n)
    plan = PredictiveDesign(
        n, looks, success, futility, efficacy, prior, futility_strict, efficacy_strict, Boundaries(n, least)
    )
    low = tuple(_futility_boundary(plan, m) for m in looks)
    high = tuple(_efficacy_boundary(plan, m) for m in looks)
    return replace(plan, boundaries=Boundaries(n, least, looks, low, high))


@checked(n=_SIZE)
def success_probability(n: int, least: int, prior: Prior | str = "beta(1,1)") -> NDArray[np.float64]:
    """Compute the predictive probability of `least` or more responses of `n`, at every state on the way.

    Returns an array of shape (n + 1, n + 1): entry [m, x] after x responses of m, NaN where x > m. Computed
    backward: it is a martingale, so each entry is the mean of the two next ones.

    Examples
    --------
    >>> success_probability(2, 1)[0, 0].round(12), success_probability(2, 1)[1, 0].round(12)
    (np.float64(0.666666666667), np.float64(0.333333333333))
    """
    prior = as_prior(prior)
    out = np.full((n + 1, n + 1), np.nan)
    out[n] = np.arange(n + 1) >= least
    for m in range(n - 1, -1, -1):
        x = np.arange(m + 1)
        next_responds = prior.mean(x, m)
        out[m, : m + 1] = next_responds * out[m + 1, 1 : m + 2] + (1 - next_responds) * out[m + 1, : m + 1]
    return out


def _compared(plan: PredictiveDesign, m: int, threshold: float, *, strict: bool) -> NDArray[np.bool_]:
    least, prior = plan.boundaries.success_at_least, plan.prior
    return reaches(
        plan.probabilities[m, : m + 1],
        threshold,
        strict=strict,
        exact=lambda x: prior.exact_predictive_tail(least - x, plan.n - m, x, m),
    )


def _futility_boundary(plan: PredictiveDesign, m: int) -> int:
    if plan.futility is None:
        return -1
    # "stop if PP < t" is "continue if PP >= t"
    goes_on = _compared(plan, m, plan.futility, strict=not plan.futility_strict)
    return int(np.argmax(goes_on)) - 1 if goes_on.any() else m


def _efficacy_boundary(plan: PredictiveDesign, m: int) -> int:
    if plan.efficacy is None:
        return m + 1
    stops = _compared(plan, m, plan.efficacy, strict=plan.efficacy_strict)
    return int(np.argmax(stops)) if stops.any() else m + 1
