"""Sample size and power of a single-stage trial judged by an interval or a posterior."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import special

from codon12.design.arguments import checked, higher_is_better
from codon12.design.probability.prior import Prior, as_prior
from codon12.design.single_arm.criterion import (
    IntervalRule,
    PosteriorRule,
    ResponsesRule,
    SuccessRule,
    least_responses_at,
    refuse_sure_success,
)
from codon12.errors import DesignError
from codon12.numbers import binomial_sf
from codon12.numbers.halving import halve

if TYPE_CHECKING:
    import polars as pl

__all__ = ["AssumedRate", "SampleSize", "SizePower", "assumed_rate", "sample_size", "size_power"]


@dataclass(frozen=True, eq=False)
class SampleSize:
    """How many patients the power needs; power is a sawtooth in n, so there are two answers.

    Attributes
    ----------
    rate, power, success
        Assumed true response rate, power asked for and success rule.
    first_n
        The smallest size with the power.
    safe_n
        The smallest size from which on every larger size has the power too.
    n, least_responses, power_at_n, alpha_at_n
        For every size from 1 until the power is safe for good: responses needed, power, and the
        probability of
        success at the rate to be exceeded.
    """

    rate: float
    power: float
    success: SuccessRule
    first_n: int
    safe_n: int
    n: NDArray[np.int64]
    least_responses: NDArray[np.int64]
    power_at_n: NDArray[np.float64]
    alpha_at_n: NDArray[np.float64]

    def columns(self, *, every: bool = False) -> dict[str, NDArray]:
        """List size, responses needed, power and alpha from first to safe size; or at `every` n."""
        rows = slice(None) if every else slice(max(self.first_n - 2, 0), self.safe_n)
        return {
            "n": self.n[rows],
            "least_responses": self.least_responses[rows],
            "power": self.power_at_n[rows],
            "alpha": self.alpha_at_n[rows],
        }

    def to_frame(self, *, every: bool = False) -> pl.DataFrame:
        """Give the rows of `columns` as a frame."""
        import polars as pl

        return pl.DataFrame(self.columns(every=every))

    def describe(self) -> str:
        """Say the result in plain words."""
        first, safe = self.first_n - 1, self.safe_n - 1
        again = (
            ""
            if self.first_n == self.safe_n
            else (
                f" It is lost again at some larger sizes; from {self.safe_n} patients on"
                f" ({self.least_responses[safe]}"
                f" responses, power {self.power_at_n[safe]:.4f}) it holds at every size."
            )
        )
        return (
            f"To show {self.success} with power {self.power:g} if the rate is {self.rate:g},"
            f" {self.first_n} patients"
            f" are the first that suffice ({self.least_responses[first]} responses, power"
            f" {self.power_at_n[first]:.4f}).{again}"
        )


@dataclass(frozen=True)
class SizePower:
    """Power at a given sample size.

    Attributes
    ----------
    n, rate, success
        The question.
    least_responses
        Responses that are a success.
    power
        Probability of success at `rate`.
    alpha
        Probability of success at the rate to be exceeded (None for a rule by number of responses).
    """

    n: int
    rate: float
    success: SuccessRule
    least_responses: int
    power: float
    alpha: float | None

    def describe(self) -> str:
        """Say the result in plain words."""
        if self.least_responses > self.n:
            return f"With {self.n} patients no number of responses meets {self.success}: the power is 0 at any rate."
        return (
            f"With {self.n} patients, {self.success} needs {self.least_responses} responses; if the rate is"
            f" {self.rate:g} the power is {self.power:.4f}."
        )


@dataclass(frozen=True)
class AssumedRate:
    """The response rate behind a sample size and a power.

    Attributes
    ----------
    n, power, success
        As printed.
    least_responses
        Responses that are a success.
    rate
        The true rate at which the power is exactly this.
    """

    n: int
    power: float
    success: SuccessRule
    least_responses: int
    rate: float

    def describe(self) -> str:
        """Say the result in plain words."""
        return (
            f"{self.n} patients and power {self.power:g} for {self.success} ({self.least_responses}"
            " responses) assume"
            f" a true response rate of {100 * self.rate:.2f} %."
        )


@checked()
def sample_size(
    rate: float,
    *,
    success: SuccessRule,
    power: float = 0.9,
    prior: Prior | str = "beta(1,1)",
    max_n: int = 200_000,
) -> SampleSize:
    """Find the first and the sawtooth-safe sample size of a single-stage trial.

    Parameters
    ----------
    rate
        Assumed true response rate.
    success
        `IntervalRule` or `PosteriorRule`; the rate to be exceeded is in it.
    power
        Probability of success wanted.
    prior
        Used by a `PosteriorRule`.
    max_n
        Give up beyond this size.

    Raises
    ------
    DesignError
        `rate` does not exceed the rate in the rule, or `max_n` is too small to prove the power safe.

    Notes
    -----
    Safe is proven, not seen over some range: Chernoff's bound (Hoeffding's for the approximate intervals) bounds the
    responses needed from above and the power from below, and that bound rises with n. Every size below the point
    where it reaches the power is computed.

    Examples
    --------
    >>> from codon12.design import IntervalRule
    >>> found = sample_size(0.38, success=IntervalRule(rate=0.23), power=0.9)
    >>> found.first_n, found.safe_n
    (100, 105)
    """
    if isinstance(success, ResponsesRule):
        raise DesignError("a number of responses is no rule for every n; give an interval or a posterior rule")
    higher_is_better(success.rate, rate, "the assumed rate")
    prior = as_prior(prior)
    end = _safe_for_good(rate, success, power, prior, max_n)
    sizes = np.arange(1, end + 1)
    least = least_responses_at(success, sizes, prior=prior)
    refuse_sure_success(success, int(least[-1]), end)
    powers = binomial_sf(least - 1, sizes, rate)
    alphas = binomial_sf(least - 1, sizes, success.rate)
    enough = (powers >= power - 1e-12) & (least > 0)  # met without a response, the prior alone decides
    short = np.flatnonzero(~enough)
    return SampleSize(
        rate=rate,
        power=power,
        success=success,
        first_n=int(sizes[np.argmax(enough)]),
        safe_n=int(sizes[short[-1]]) + 1 if len(short) else 1,
        n=sizes,
        least_responses=least,
        power_at_n=powers,
        alpha_at_n=alphas,
    )


@checked()
def size_power(n: int, rate: float, *, success: SuccessRule, prior: Prior | str = "beta(1,1)") -> SizePower:
    """Compute the power of a single-stage trial of `n` patients at a true response `rate`.

    Examples
    --------
    >>> from codon12.design import IntervalRule
    >>> round(size_power(105, 0.38, success=IntervalRule(rate=0.23)).power, 3)
    0.902
    """
    least = _least(n, success, prior)
    refuse_sure_success(success, least, n)
    null = getattr(success, "rate", None)
    return SizePower(
        n=n,
        rate=rate,
        success=success,
        least_responses=least,
        power=float(binomial_sf(least - 1, n, rate)),
        alpha=None if null is None else float(binomial_sf(least - 1, n, null)),
    )


@checked()
def assumed_rate(n: int, *, success: SuccessRule, power: float = 0.9, prior: Prior | str = "beta(1,1)") -> AssumedRate:
    """Find the true response rate at which `n` patients have exactly this power: what a paper did not print.

    Raises
    ------
    DesignError
        No number of responses is a success at this n.

    Examples
    --------
    >>> from codon12.design import IntervalRule
    >>> round(100 * assumed_rate(105, success=IntervalRule(rate=0.23), power=0.9).rate, 2)
    37.95
    """
    least = _least(n, success, prior)
    if least > n:
        raise DesignError(f"with {n} patients no number of responses meets {success}; no rate gives any power")
    refuse_sure_success(success, least, n)
    rate = float(special.betaincinv(least, n - least + 1, power))
    return AssumedRate(n, power, success, least, rate)


def _least(n: int, success: SuccessRule, prior: Prior | str) -> int:
    return int(least_responses_at(success, [n], prior=as_prior(prior))[0])


def _safe_for_good(rate: float, success: IntervalRule | PosteriorRule, power: float, prior: Prior, max_n: int) -> int:
    """Give a size from which on a bound alone guarantees the power."""
    safe = _bound_holds(np.arange(1, max_n + 1, dtype=float), rate, success, power, prior)
    if not safe.any():
        raise DesignError(
            f"a rate of {rate:g} is so near to {success.rate:g} that up to {max_n:,} patients do not prove the power"
            f" {power:g} safe; raise max_n (--max-n) or assume a higher rate"
        )
    return int(np.argmax(safe)) + 1


def _bound_holds(
    n: NDArray, rate: float, success: IntervalRule | PosteriorRule, power: float, prior: Prior
) -> NDArray[np.bool_]:
    """Whether a bound on the binomial tails alone guarantees the power at each size, and then at every larger one.

    With t the tail the rule leaves below the rate p0, x of n responses suffice once P(X >= x | p0) <= t. For the
    rules that compare that tail itself (Clopper-Pearson, mid-P, Jeffreys, a posterior) Chernoff's bound
    exp(-n KL(x / n, p)) is used for it and for the power; a beta prior with b above 1 counts as b - 1 patients more.
    For the others Hoeffding's, which covers the normal approximation; the slack covers their corrections.
    """
    tail_rule = isinstance(success, PosteriorRule) or success.method in {"clopper-pearson", "mid-p", "jeffreys"}
    tail = min(1 - success.threshold if isinstance(success, PosteriorRule) else (1 - success.level) / 2, 0.5)
    if not tail_rule:
        slack = 3 + float(special.ndtri(tail)) ** 2
        gap = n * rate - (n * success.rate + np.sqrt(n * np.log(1 / tail) / 2) + slack)
        return np.where(gap > 0, 1 - np.exp(-2 * np.maximum(gap, 0) ** 2 / n), 0.0) >= power
    more = np.ceil(max(b for _, _, b in prior.components)) - 1 if isinstance(success, PosteriorRule) else 0.0
    size = n + max(more, 0.0)
    share = (size * _share_above(success.rate, np.log(1 / tail) / size) + 2) / n  # responses that suffice, and strictly
    divergence = np.where(share < rate, special.rel_entr(np.minimum(share, rate), rate), 0.0)
    divergence += np.where(share < rate, special.rel_entr(1 - np.minimum(share, rate), 1 - rate), 0.0)
    return 1 - np.exp(-n * divergence) >= power


def _share_above(p: float, divergence: NDArray) -> NDArray[np.float64]:
    """Smallest q above p with KL(q, p) of at least `divergence`; 1 where there is none. By bisection."""

    def enough(q: NDArray) -> NDArray:
        return special.rel_entr(q, p) + special.rel_entr(1 - q, 1 - p) >= divergence

    return halve(np.full(divergence.shape, p), np.ones(divergence.shape), enough, steps=60)[1]
