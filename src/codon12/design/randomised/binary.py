"""Randomised phase 2 with a binary endpoint: exact power, and type I error at its worst over the unknown rate."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from math import ceil, log
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import special

from codon12.design.arguments import checked, higher_is_better, up_to
from codon12.errors import DesignError, UsageError
from codon12.numbers import binomial_cdf, binomial_pmf

__all__ = ["RandomisedDesign", "SelectionDesign", "pick_the_winner", "randomised_power", "randomised_size"]

Test = Literal["fisher", "boschloo", "z-pooled"]
_RATES = np.linspace(0, 1, 401)[1:-1]  # common rates at which the type I error is computed, in arms of up to 100


@dataclass(frozen=True)
class RandomisedDesign:
    """A randomised two-arm trial with a binary endpoint.

    Attributes
    ----------
    test, alpha
        One-sided test and its nominal level.
    n_control, n_experimental
        Patients in each arm.
    p_control, p_experimental
        Assumed rates.
    power
        Exact probability of rejection at these rates.
    type_one, worst_rate
        Largest probability of rejection under any common rate, and that rate.
    reject_at_least
        For each number of control responses, the experimental responses that reject; n_experimental + 1: none.
    """

    test: Test
    alpha: float
    n_control: int
    n_experimental: int
    p_control: float
    p_experimental: float
    power: float
    type_one: float
    worst_rate: float
    reject_at_least: tuple[int, ...]

    def columns(self) -> dict[str, list]:
        """List the rejection region by control responses."""
        return {
            "control_responses": list(range(self.n_control + 1)),
            "reject_at_least": [v if v <= self.n_experimental else None for v in self.reject_at_least],
        }

    def describe(self) -> str:
        """Say the design in plain words."""
        return (
            f"{self.n_control} control and {self.n_experimental} experimental patients, one-sided {self.test} test at"
            f" {self.alpha:g}: exact power {self.power:.4f} at {self.p_control:g} against {self.p_experimental:g}; the"
            f" type I error is at most {self.type_one:.4f} (at a common rate of {self.worst_rate:.3g})."
        )


@checked(n_control=up_to(3_000), n_experimental=up_to(3_000))
def randomised_power(
    n_control: int,
    n_experimental: int,
    p_control: float,
    p_experimental: float,
    *,
    alpha: float = 0.1,
    test: Test = "boschloo",
) -> RandomisedDesign:
    """Compute exact power and worst type I error of a two-arm trial by listing all outcomes.

    Parameters
    ----------
    n_control, n_experimental, p_control, p_experimental
        Arms and assumed rates.
    alpha
        One-sided level.
    test
        ``fisher``: conditional P value at most alpha. ``boschloo`` and ``z-pooled``: outcomes ordered by that P
        value, or by the pooled z statistic, with the largest region whose error is at most alpha at every common
        rate (401 rates, and closer ones near 0 and 1 for arms above 100): unconditional tests with a correct alpha.

    References
    ----------
    Boschloo 1970, Stat Neerl 24:1-35; Suissa and Shuster 1985, J R Stat Soc A 148:317-327.

    Examples
    --------
    >>> design = randomised_power(30, 30, 0.2, 0.5, alpha=0.05)
    >>> design.type_one <= 0.05, round(design.power, 2)
    (True, 0.79)
    """
    if test not in get_args(Test):
        raise UsageError(f"test must be one of {', '.join(get_args(Test))}; got {test!r}")
    statistic = _fisher(n_control, n_experimental) if test != "z-pooled" else -_pooled_z(n_control, n_experimental)
    region = statistic <= alpha + 1e-12 if test == "fisher" else _largest_region(statistic, alpha)
    errors = _errors(region)
    control = binomial_pmf(np.arange(n_control + 1), n_control, p_control)
    experimental = binomial_pmf(np.arange(n_experimental + 1), n_experimental, p_experimental)
    worst = int(np.argmax(errors))
    least = np.where(region.any(axis=1), region.argmax(axis=1), n_experimental + 1)
    return RandomisedDesign(
        test=test,
        alpha=alpha,
        n_control=n_control,
        n_experimental=n_experimental,
        p_control=p_control,
        p_experimental=p_experimental,
        power=float(control @ region @ experimental),
        type_one=float(errors[worst]),
        worst_rate=float(_common_rates(n_control, n_experimental)[worst]),
        reject_at_least=tuple(least.tolist()),
    )


@checked()
def randomised_size(
    p_control: float,
    p_experimental: float,
    *,
    alpha: float = 0.1,
    power: float = 0.8,
    ratio: float = 1.0,
    test: Test = "boschloo",
    max_n: int = 300,
) -> RandomisedDesign:
    """Find the smallest control arm from which on ten further sizes keep the exact power.

    `ratio` is experimental patients per control; see `randomised_power` for the tests.

    Raises
    ------
    DesignError
        Rates in the wrong order, or no size up to `max_n` controls.

    Examples
    --------
    >>> randomised_size(0.2, 0.6, alpha=0.05, power=0.8).n_control
    19
    """
    higher_is_better(p_control, p_experimental, "the experimental rate")
    z = special.ndtri(1 - alpha) + special.ndtri(power)
    spread = p_control * (1 - p_control) + p_experimental * (1 - p_experimental) / ratio
    n = max(2, int(0.7 * z * z * spread / (p_experimental - p_control) ** 2))
    found: RandomisedDesign | None = None
    held = 0
    while n <= max_n:
        design = randomised_power(n, ceil(ratio * n - 1e-9), p_control, p_experimental, alpha=alpha, test=test)
        if design.power >= power - 1e-12:
            found = design if found is None else found
            held += 1
            if held > 10:
                return found
        else:
            found, held = None, 0
        n += 1
    raise DesignError(
        f"no trial of up to {max_n} controls keeps power {power:g} at alpha {alpha:g} for {p_control:g} against"
        f" {p_experimental:g}; raise max_n or relax the errors"
    )


@dataclass(frozen=True)
class SelectionDesign:
    """Pick the winner: carry on with the arm that has the most responses.

    Attributes
    ----------
    n, rates
        Patients in each arm and true rates, the best one last.
    correct
        Probability that the best arm is chosen, ties broken at random.
    """

    n: int
    rates: tuple[float, ...]
    correct: float

    def columns(self) -> dict[str, list]:
        """List the result as one row."""
        return {"n_per_arm": [self.n], "arms": [len(self.rates)], "correct": [self.correct]}

    def describe(self) -> str:
        """Say the design in plain words."""
        return (
            f"With {self.n} patients in each of {len(self.rates)} arms, the best arm ({self.rates[-1]:g} against"
            f" {', '.join(f'{r:g}' for r in self.rates[:-1])}) is chosen with probability {self.correct:.4f}."
        )


@checked()
def pick_the_winner(rates: tuple[float, ...], *, correct: float = 0.9, max_n: int = 500) -> SelectionDesign:
    """Find the arm size at which the best of several arms is chosen with a given probability.

    The last of `rates` is the best arm.

    References
    ----------
    Simon, Wittes and Ellenberg 1985, Randomized phase II clinical trials. Cancer Treat Rep 69:1375-1381.

    Examples
    --------
    >>> pick_the_winner((0.2, 0.35), correct=0.9).n
    29
    """
    rates = tuple(float(r) for r in rates)
    if len(rates) < 2 or rates[-1] <= max(rates[:-1]):
        raise DesignError("give two rates or more, the best arm last and above all others")
    for n in range(1, max_n + 1):
        chance = _chosen(n, rates)
        if chance >= correct - 1e-12:
            return SelectionDesign(n, rates, chance)
    raise DesignError(f"up to {max_n} patients an arm do not choose the best with probability {correct:g}")


def _chosen(n: int, rates: tuple[float, ...]) -> float:
    """P(the last arm wins), a tie of m arms counting 1/m: sum over its responses and over how many tie."""
    x = np.arange(n + 1)
    ties = np.ones((1, n + 1))  # row j: probability that j other arms tie with x and none is above
    for rate in rates[:-1]:
        less, same = binomial_cdf(x - 1, n, rate), binomial_pmf(x, n, rate)
        ties = np.pad(ties * less, ((0, 1), (0, 0))) + np.pad(ties * same, ((1, 0), (0, 0)))
    share = 1 / (1 + np.arange(len(ties)))
    return float(binomial_pmf(x, n, rates[-1]) @ (share @ ties))


def _fisher(nc: int, ne: int) -> NDArray[np.float64]:
    """One-sided conditional P value for each (control, experimental) outcome."""
    out = np.empty((nc + 1, ne + 1))
    for total in range(nc + ne + 1):
        y = np.arange(max(0, total - nc), min(ne, total) + 1)
        log_p = -special.betaln(1 + ne - y, 1 + y) - special.betaln(1 + nc - total + y, 1 + total - y)
        p = np.exp(log_p - log_p.max())
        out[total - y, y] = np.minimum(np.cumsum(p[::-1])[::-1] / p.sum(), 1.0)
    return out


def _pooled_z(nc: int, ne: int) -> NDArray[np.float64]:
    x, y = np.arange(nc + 1)[:, None], np.arange(ne + 1)
    pooled = (x + y) / (nc + ne)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (y / ne - x / nc) / np.sqrt(pooled * (1 - pooled) * (1 / nc + 1 / ne))
    return np.nan_to_num(z, nan=0.0)


def _common_rates(nc: int, ne: int) -> NDArray[np.float64]:
    """Rates at which the type I error is computed: in large arms it may peak where few respond, or all but few."""
    most = max(nc, ne)
    if most <= 100:
        return _RATES
    low = np.geomspace(0.01 / most, 1e-5 * most, ceil(log(1e-3 * most**2) / 0.08))
    return np.unique(np.concatenate([low, _RATES, 1 - low]))


def _errors(region: NDArray[np.bool_]) -> NDArray[np.float64]:
    nc, ne = region.shape[0] - 1, region.shape[1] - 1
    rates = _common_rates(nc, ne)[:, None]
    control = binomial_pmf(np.arange(nc + 1), nc, rates)
    experimental = binomial_pmf(np.arange(ne + 1), ne, rates)
    return ((control @ region) * experimental).sum(axis=1)


def _largest_region(statistic: NDArray, alpha: float) -> NDArray[np.bool_]:
    """Outcomes with a statistic up to the largest level whose error is at most alpha at every rate."""
    levels = np.unique(statistic.round(12))

    def too_large(level: float) -> bool:
        return not _errors(statistic <= level + 1e-11).max() <= alpha + 1e-12

    low = bisect_left(levels, True, key=too_large) - 1
    return statistic <= (levels[low] + 1e-11 if low >= 0 else -np.inf)
