"""What counts as success at the planned sample: a posterior, a confidence limit, a number of responses."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from codon12.design.arguments import check_open, checked
from codon12.design.probability.exact import (
    beta_upper_tail,
    binomial_upper_tail,
    decimal,
    reaches,
    with_digits,
)
from codon12.design.probability.prior import Prior
from codon12.errors import DesignError, UsageError
from codon12.numbers import METHODS, binomial_pmf, binomial_sf, proportion_interval
from codon12.numbers.halving import first_that_holds
from codon12.numbers.proportion import Method
from codon12.policy import Policy

__all__ = [
    "IntervalRule",
    "PosteriorRule",
    "ResponsesRule",
    "SuccessRule",
    "least_responses",
    "least_responses_at",
    "refuse_sure_success",
]


class PosteriorRule(Policy, frozen=True, tag="posterior"):
    """Success if the posterior probability that the rate exceeds `rate` reaches `threshold`."""

    rate: Annotated[float, msgspec.Meta(description="The response rate to be exceeded is {value}.")]
    threshold: Annotated[
        float, msgspec.Meta(description="The posterior probability of exceeding it is compared with {value}.")
    ]
    strict: Annotated[
        bool,
        msgspec.Meta(
            description="",
            extra={
                "true": "The posterior probability must be greater than its threshold.",
                "false": "The posterior probability must be greater than or equal to its threshold.",
            },
        ),
    ] = False

    def __post_init__(self) -> None:
        """Refuse a rate or threshold outside (0, 1)."""
        check_open("the response rate to be exceeded", self.rate)
        check_open("the posterior threshold", self.threshold)

    def __str__(self) -> str:
        return f"Pr(rate > {self.rate:.10g} | data) {'>' if self.strict else '>='} {self.threshold:.10g}"

    def met(self, x: ArrayLike, n: ArrayLike, prior: Prior) -> NDArray[np.bool_]:
        """Whether `x` responses of `n` are a success; arrays broadcast."""
        x, n = _pairs(x, n)
        met = reaches(
            prior.upper_tail(self.rate, x, n).ravel(),
            self.threshold,
            strict=self.strict,
            exact=lambda i: prior.exact_upper_tail(self.rate, int(x.flat[i]), int(n.flat[i])),
        )
        return met.reshape(x.shape)


class IntervalRule(Policy, frozen=True, tag="interval"):
    """Success if the lower confidence limit of the response rate lies above `rate`."""

    rate: Annotated[float, msgspec.Meta(description="The response rate to be exceeded is {value}.")]
    method: Annotated[Method, msgspec.Meta(description="The confidence interval is the {value} interval.")] = (
        "clopper-pearson"
    )
    level: Annotated[float, msgspec.Meta(description="The two-sided confidence level of the interval is {value}.")] = (
        0.95
    )
    strict: Annotated[
        bool,
        msgspec.Meta(
            description="",
            extra={
                "true": "The lower limit must lie above the rate.",
                "false": "The lower limit must be at or above the rate.",
            },
        ),
    ] = True

    def __post_init__(self) -> None:
        """Refuse a rate or level outside (0, 1) and an unknown method."""
        check_open("the response rate to be exceeded", self.rate)
        check_open("the confidence level", self.level)
        if self.method not in METHODS:
            raise UsageError(f"method must be one of {', '.join(METHODS)}; got {self.method!r}")

    def __str__(self) -> str:
        relation = ">" if self.strict else ">="
        return f"{100 * self.level:.10g} % {self.method} lower limit {relation} {self.rate:.10g}"

    def met(self, x: ArrayLike, n: ArrayLike, prior: Prior | None = None) -> NDArray[np.bool_]:  # noqa: ARG002 - as the other rules
        """Whether `x` responses of `n` are a success; arrays broadcast.

        For the methods that invert a tail probability (Clopper-Pearson, mid-P, Jeffreys) that tail at
        `rate` is
        compared with half the error rate: the same decision as comparing limits, without a root to find.
        """
        x, n = _pairs(x, n)
        if self.method not in _TAILS:
            lower, _ = proportion_interval(x, n, method=self.method, level=self.level)
            return (lower > self.rate) if self.strict else (lower >= self.rate)
        tail, exact_tail = _TAILS[self.method]
        met = reaches(
            -tail(x, n, self.rate).ravel(),
            -float((1 - decimal(self.level)) / 2),
            strict=self.strict,
            exact=lambda i: -exact_tail(int(x.flat[i]), int(n.flat[i]), decimal(self.rate)),
        )
        return met.reshape(x.shape) & (x > 0)  # without a response every one of these has the lower limit 0


class ResponsesRule(Policy, frozen=True, tag="responses"):
    """Success if at least `least` of the planned patients respond."""

    least: Annotated[int, msgspec.Meta(description="Success needs at least {value} responses.")]

    def __str__(self) -> str:
        return f"at least {self.least} responses"

    def met(self, x: ArrayLike, n: ArrayLike, prior: Prior | None = None) -> NDArray[np.bool_]:  # noqa: ARG002 - as the other rules
        """Whether `x` responses of `n` are a success; arrays broadcast."""
        x, n = _pairs(x, n)
        if np.any((self.least < 1) | (self.least > n)):
            raise DesignError(f"success at {self.least} responses must lie between 1 and n = {n.min()}")
        return x >= self.least


SuccessRule = PosteriorRule | IntervalRule | ResponsesRule
"""What counts as success at the planned sample."""


@checked()
def least_responses(success: SuccessRule, n: int, *, prior: Prior | None = None) -> int:
    """Give the smallest number of responses among `n` that is a success; ``n + 1`` if none is.

    Parameters
    ----------
    success
        The rule.
    n
        Evaluable patients.
    prior
        Used by a `PosteriorRule`; uniform when left out.

    Examples
    --------
    >>> least_responses(PosteriorRule(rate=0.23, threshold=0.8), 105)
    28
    >>> least_responses(IntervalRule(rate=0.23), 105)
    34
    """
    return int(least_responses_at(success, [n], prior=prior)[0])


def least_responses_at(success: SuccessRule, n: ArrayLike, *, prior: Prior | None = None) -> NDArray[np.int64]:
    """Give `least_responses` at many sample sizes at once.

    Examples
    --------
    >>> least_responses_at(IntervalRule(rate=0.23), [100, 105])
    array([32, 34])
    """
    sizes = np.asarray(n, dtype=np.int64)
    prior = prior or Prior()

    def met(x: NDArray[np.int64]) -> NDArray[np.bool_]:
        return success.met(np.clip(x, 0, sizes), sizes, prior)

    return first_that_holds(np.full(sizes.shape, -1), sizes + 1, met)  # n + 1 is success by convention


def refuse_sure_success(success: SuccessRule, least: int, n: int) -> None:
    """Raise where a rule is met without a response: the prior decides it, whatever is seen."""
    if least < 1:
        raise DesignError(
            f"with {n} patients no response at all already meets the success rule ({success}): the prior decides, not"
            " the data; ask for more, plan more patients, or take a prior that says less"
        )


def _pairs(x: ArrayLike, n: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    x, n = np.broadcast_arrays(np.asarray(x, dtype=np.int64), np.asarray(n, dtype=np.int64))
    return x, n


@with_digits
def _exact_mid_p(x: int, n: int, rate: Decimal) -> Decimal:
    return (binomial_upper_tail(x, n, rate) + binomial_upper_tail(x + 1, n, rate)) / 2


@with_digits
def _exact_jeffreys(x: int, n: int, rate: Decimal) -> Decimal:
    half = Decimal("0.5")
    return 1 - beta_upper_tail(rate, x + half, n - x + half)


_Tail = tuple[Callable[[NDArray, NDArray, float], NDArray], Callable[[int, int, Decimal], Decimal]]
_TAILS: dict[str, _Tail] = {
    "clopper-pearson": (lambda x, n, p: binomial_sf(x - 1, n, p), binomial_upper_tail),
    "mid-p": (lambda x, n, p: binomial_sf(x, n, p) + binomial_pmf(x, n, p) / 2, _exact_mid_p),
    "jeffreys": (lambda x, n, p: 1 - Prior.beta(0.5, 0.5).upper_tail(p, x, n), _exact_jeffreys),
}
