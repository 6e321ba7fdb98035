"""Search over sample size, looks and thresholds of predictive probability designs, by exact enumeration.

The thresholds act only through finitely many designs: the posterior threshold through the responses needed
at N, the
futility threshold through the order of the predictive probabilities at the looks. Designs of one N and one
number
of responses are nested in the futility threshold, so power, type I error and expected size all fall as it
rises: the
designs that are good enough form one interval, whose ends are found by bisection.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from codon12.design.arguments import PATIENTS, Each, checked, up_to
from codon12.design.monitoring.search_family import NestedDesigns
from codon12.design.probability.prior import Prior, as_prior
from codon12.design.single_arm.boundaries import Boundaries, interim_looks
from codon12.design.single_arm.error_rates import check_error_rates, least_possible_n
from codon12.errors import DesignError, UsageError

if TYPE_CHECKING:
    import polars as pl

__all__ = ["FoundDesign", "SearchResult", "search"]

Objective = Literal["expected", "n"]


@dataclass(frozen=True)
class FoundDesign:
    """A design and the thresholds that give it.

    Attributes
    ----------
    n, start, every
        Planned size, first look and distance of the looks.
    success_at_least, stop_at_most
        Its boundaries; -1 where a look cannot stop.
    posterior
        Interval (low, high] of posterior thresholds that give it (success if the probability is >= the
        threshold).
    futility
        Interval (low, high] of predictive thresholds that give it (stop if the probability is < the
        threshold).
    alpha, power
        Probability of success at p0 and p1.
    expected_n, stop_early
        Expected size and probability of stopping early at p0.
    """

    n: int
    start: int
    every: int
    success_at_least: int
    stop_at_most: tuple[int, ...]
    posterior: tuple[float, float]
    futility: tuple[float, float]
    alpha: float
    power: float
    expected_n: float
    stop_early: float

    @property
    def boundaries(self) -> Boundaries:
        """The design as boundaries."""
        looks = interim_looks(self.n, start=self.start, every=self.every)
        return Boundaries(self.n, self.success_at_least, looks, self.stop_at_most)

    @property
    def thresholds(self) -> tuple[float, float]:
        """Posterior and futility thresholds with as few decimals as their intervals allow."""
        return simplest(*self.posterior), simplest(*self.futility)


@dataclass(frozen=True)
class SearchResult:
    """The designs found.

    Attributes
    ----------
    p0, p1, alpha, power, objective
        The question.
    designs
        By size and responses needed: for each, the design with the smallest expected size at p0 (or every
        one).
    """

    p0: float
    p1: float
    alpha: float
    power: float
    objective: Objective
    designs: tuple[FoundDesign, ...]

    @property
    def best(self) -> FoundDesign:
        """The design with the smallest expected size at p0, or with the smallest n, as asked."""
        if self.objective == "expected":
            return min(self.designs, key=lambda d: (round(d.expected_n, 9), d.n))
        return min(self.designs, key=lambda d: (d.n, round(d.expected_n, 9)))

    @property
    def front(self) -> tuple[FoundDesign, ...]:
        """The Pareto front: designs of which no other is as small in both n and expected size at p0."""
        out: list[FoundDesign] = []
        for d in sorted(self.designs, key=lambda d: (d.n, d.expected_n)):
            if not out or d.expected_n < out[-1].expected_n - 1e-9:
                out.append(d)
        return tuple(out)

    def columns(self, *, front: bool = True) -> dict[str, list]:
        """List the Pareto front, or all designs, one row each."""
        rows = self.front if front else self.designs
        plain = ("n", "start", "every", "success_at_least", "alpha", "power", "expected_n", "stop_early")
        out: dict[str, list] = {name: [getattr(d, name) for d in rows] for name in plain}
        for name in ("posterior", "futility"):
            out[f"{name}_above"] = [getattr(d, name)[0] for d in rows]
            out[f"{name}_up_to"] = [getattr(d, name)[1] for d in rows]
        return out

    def to_frame(self, *, front: bool = True) -> pl.DataFrame:
        """Give the rows of `columns` as a frame."""
        import polars as pl

        return pl.DataFrame(self.columns(front=front))

    def describe(self) -> str:
        """Say the best design in plain words."""
        d = self.best
        posterior, futility = d.thresholds
        return (
            f"Best of {len(self.designs)} designs: {d.n} patients, looks from {d.start} on every {d.every},"
            f" success at {d.success_at_least} responses. Any posterior threshold above"
            f" {d.posterior[0]:.6g} up to"
            f" {d.posterior[1]:.6g} (say {posterior:g}) with any futility threshold above"
            f" {d.futility[0]:.6g} up to"
            f" {d.futility[1]:.6g} (say {futility:g}) gives this very design. At {self.p0:g}: type I error"
            f" {d.alpha:.4f}, {d.expected_n:.2f} patients expected, early stop {d.stop_early:.4f}; at"
            f" {self.p1:g}:"
            f" power {d.power:.4f}."
        )


@checked(n=Each(up_to(300)), start=Each(PATIENTS), every=Each(PATIENTS))
def search(
    p0: float,
    p1: float,
    *,
    alpha: float = 0.05,
    power: float = 0.9,
    n: Sequence[int],
    start: Sequence[int] = (10,),
    every: Sequence[int] = (1,),
    prior: Prior | str = "beta(1,1)",
    objective: Objective = "expected",
    each: bool = False,
) -> SearchResult:
    """Search sizes, looks and thresholds for designs with a given type I error and power.

    Parameters
    ----------
    p0, p1
        Response rates of no interest and of interest; the posterior probability is that of exceeding `p0`.
    alpha, power
        At most this probability of success at `p0`, at least this one at `p1`.
    n, start, every
        Planned sizes, first looks and distances of looks to try, all combinations.
    prior
        Prior of the response rate.
    objective
        ``expected``: smallest expected size at `p0`; ``n``: smallest size.
    each
        Keep every design that is good enough, not only the one with the smallest expected size for each n,
        schedule and number of responses.

    Raises
    ------
    DesignError
        Nothing among the sizes tried has this type I error and power; the message says how near it comes.

    Examples
    --------
    >>> found = search(0.2, 0.4, alpha=0.1, power=0.9, n=range(20, 46))
    >>> found.best.n, found.best.success_at_least, round(found.best.expected_n, 2)
    (38, 11, 21.62)
    """
    check_error_rates(p0, p1, alpha, power)
    if objective not in get_args(Objective):
        raise UsageError(f"objective must be expected or n; got {objective!r}")
    if not len(n) or not len(start) or not len(every):
        raise UsageError("give at least one size, one first look and one distance of looks")
    prior = as_prior(prior)
    designs: list[FoundDesign] = []
    nearest, needed = np.inf, least_possible_n(p0, p1, alpha, power)
    possible = [size for size in sorted(set(n)) if size >= needed]
    for size in possible or [max(n)]:
        for first in sorted(set(start)):
            for step in sorted(set(every)):
                if first >= size:
                    continue
                nested = NestedDesigns(
                    size, interim_looks(size, start=first, every=step), (p0, p1), prior=prior, power=power
                )
                found, least_alpha = nested.feasible(alpha, power, each=each)
                designs += [FoundDesign(size, first, step, *fields) for fields in found]
                nearest = min(nearest, least_alpha)
    if not designs:
        near = (
            f"with this power the smallest type I error seen is {nearest:.4f}"
            if np.isfinite(nearest)
            else "none of them has this power"
        )
        raise DesignError(
            f"no design of {min(n)} to {max(n)} patients has type I error {alpha:g} and power {power:g}"
            f" for {p0:g}"
            f" against {p1:g}: {near}; no test whatever can do with fewer than {needed} patients. Try"
            " larger n, later"
            " first looks, or larger errors"
        )
    return SearchResult(p0, p1, alpha, power, objective, tuple(designs))


def simplest(low: float, high: float) -> float:
    """Give a number in (low, high] with as few decimals as there are.

    Examples
    --------
    >>> simplest(0.0312, 0.0371), simplest(0.86, 0.93)
    (0.035, 0.9)
    """
    for digits in range(1, 16):
        unit = 10.0**-digits
        first, end = np.floor(low / unit) + 1, np.floor(high / unit)
        if first <= end:
            fives = np.ceil(first / 5) * 5
            chosen = fives if fives <= end else np.floor((first + end) / 2)
            value = round(float(chosen * unit), digits)
            if low < value <= high and 0 < value < 1:
                return value
    return high
