"""Every kind of result computed twice, by ways that share no code: run by ``codon12 selftest design``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy import special

__all__ = ["Check", "checks"]

_FAR = 5.0  # standard errors: a right result is as far off once in two million checks


@dataclass(frozen=True)
class Check:
    """One result computed in two ways.

    Attributes
    ----------
    name
        What was computed, and by which two ways.
    difference
        How far apart: absolute, or in standard errors where one way is simulation.
    allowed
        How far apart they may be.
    """

    name: str
    difference: float
    allowed: float

    @property
    def passed(self) -> bool:
        """Whether the two ways agree."""
        return bool(self.difference <= self.allowed)


def checks(*, trials: int = 50_000, seed: int = 12) -> Iterator[Check]:
    """Compute every kind of result in two ways, one after the other.

    Parameters
    ----------
    trials, seed
        Of the simulations.
    """
    for make in _CHECKS:
        yield make(trials, seed)


def _z(seen: float, expected: float, trials: int) -> float:
    return abs(seen - expected) / max(np.sqrt(expected * (1 - expected) / trials), 1e-12)


def _reference() -> tuple:
    from codon12.design import PosteriorRule, interim_looks, predictive_probability

    looks = interim_looks(105, start=25, every=10)
    rule = PosteriorRule(rate=0.23, threshold=0.8)
    return predictive_probability(105, looks=looks, success=rule, efficacy=0.98), rule


def _recursion(_trials: int, _seed: int) -> Check:
    from codon12.design.proof.verification import direct_success_probability

    plan, _ = _reference()
    apart = np.nanmax(np.abs(plan.probabilities - direct_success_probability(105, plan.boundaries.success_at_least)))
    return Check("predictive probability: martingale recursion and beta-binomial sum", float(apart), 1e-12)


def _tails(_trials: int, _seed: int) -> Check:
    from codon12.design import Prior

    prior = Prior.read("0.6*beta(0.23,0.77) + 0.4*beta(4,9)")
    cases = [(x, n) for n in (1, 17, 105) for x in range(0, n + 1, 4)]
    apart = max(abs(float(prior.upper_tail(0.23, x, n)) - float(prior.exact_upper_tail(0.23, x, n))) for x, n in cases)
    return Check("posterior probability: incomplete beta and decimal series", apart, 1e-12)


def _paths(_trials: int, _seed: int) -> Check:
    from codon12.design.proof.verification import counted_paths

    plan, _ = _reference()
    apart = 0.0
    for rate in (0.1, 0.23, 0.38):
        exact, seen = counted_paths(plan.boundaries, rate), plan.operating_characteristics(rate)
        apart = max(apart, abs(float(exact["success"]) - seen.success[0]))
        apart = max(apart, abs(float(exact["expected_n"]) - seen.expected_n[0]) / 105)
    return Check("operating characteristics: convolution and counted paths in whole numbers", apart, 1e-12)


def _monte_carlo(trials: int, seed: int) -> Check:
    from codon12.design.proof.verification import simulated

    plan, _ = _reference()
    worst = max(simulated(plan.boundaries, p, trials=trials, seed=seed).worst for p in (0.2, 0.3))
    return Check("operating characteristics: convolution and simulated trials (standard errors)", worst, _FAR)


def _limits(_trials: int, _seed: int) -> Check:
    from codon12.design import IntervalRule
    from codon12.numbers import proportion_interval

    wrong = 0
    for method in ("clopper-pearson", "mid-p", "jeffreys"):
        for n in (3, 40, 105):
            x = np.arange(n + 1)
            lower, _ = proportion_interval(x, n, method=method)
            wrong += int((IntervalRule(rate=0.23, method=method).met(x, n) != (lower > 0.23)).sum())
    return Check("interval criterion: tail at the rate and limit of the interval (decisions that differ)", wrong, 0)


def _sample_size(_trials: int, _seed: int) -> Check:
    from codon12.design import IntervalRule, assumed_rate
    from codon12.design.probability.exact import binomial_upper_tail, decimal

    found = assumed_rate(105, success=IntervalRule(rate=0.23), power=0.9)
    power = float(binomial_upper_tail(found.least_responses, 105, decimal(found.rate)))
    return Check("assumed rate: inverse beta and decimal binomial sum", abs(power - 0.9), 1e-12)


def _simon(_trials: int, _seed: int) -> Check:
    from codon12.design import simon_designs
    from codon12.design.proof.verification import counted_paths

    apart = 0.0
    for d in simon_designs(0.1, 0.3, alpha=0.05, power=0.9).designs:
        at0, at1 = counted_paths(d.boundaries, 0.1), counted_paths(d.boundaries, 0.3)
        apart = max(apart, abs(float(at0["success"]) - d.alpha), abs(float(at1["success"]) - d.power))
        apart = max(apart, abs(float(at0["expected_n"]) - d.expected_n) / d.n)
    return Check("Simon's designs: search tables and counted paths", apart, 1e-12)


def _search(_trials: int, _seed: int) -> Check:
    from codon12.design import PosteriorRule, predictive_probability, search

    apart = 0.0
    for d in search(0.2, 0.4, alpha=0.1, power=0.9, n=range(34, 39)).designs:
        posterior, futility = d.thresholds
        rule = PosteriorRule(rate=0.2, threshold=posterior)
        again = predictive_probability(d.n, looks=d.boundaries.looks, success=rule, futility=futility)
        seen = again.operating_characteristics([0.2, 0.4])
        apart = max(apart, abs(seen.success[0] - d.alpha), abs(seen.success[1] - d.power))
        apart += float(again.boundaries != d.boundaries)
    return Check("search: nested families and the design of the thresholds found", apart, 1e-12)


def _umvue(_trials: int, _seed: int) -> Check:
    from codon12.design import Boundaries, unbiased_estimate
    from codon12.numbers import binomial_pmf

    design, p = Boundaries(29, 6, (10,), (1,)), 0.27
    first = binomial_pmf(np.arange(11), 10, p)
    mean = sum(first[x] * float(unbiased_estimate(design, n=10, responses=x)) for x in (0, 1))
    for x in range(2, 30):
        chance = sum(first[k] * float(binomial_pmf(x - k, 19, p)) for k in range(2, min(x, 10) + 1))
        mean += chance * float(unbiased_estimate(design, n=29, responses=x))
    return Check("UMVUE: counted sequences and its own expectation", abs(mean - p), 1e-12)


def _superiority(_trials: int, _seed: int) -> Check:
    from codon12.design import Prior
    from codon12.design.monitoring.thall_simon import superiority

    seen = superiority(Prior(), Prior(), 0.2, [0], [0])[0]
    return Check("Thall-Simon: quadrature and closed form", abs(float(seen) - 0.32), 1e-11)


def _pair(trials: int, seed: int) -> Check:
    from codon12.design import bop2_pair

    design = bop2_pair(
        24, kind="efficacy-toxicity", null=(0.3, 0.4, 0.15), alternative=(0.6, 0.2, 0.1), looks=[8, 16], alpha=0.1
    )
    rng = np.random.default_rng(seed)
    cells = rng.choice(4, size=(trials, 24), p=[0.3, 0.5, 0.1, 0.1])
    x, y = np.cumsum((cells == 1) | (cells == 3), axis=1), np.cumsum(cells >= 2, axis=1)
    alive = np.ones(trials, dtype=bool)
    for m, low, high in zip((8, 16, 24), design.first, design.second, strict=True):
        alive &= (x[:, m - 1] > low) & (y[:, m - 1] < high)
    z = _z(alive.mean(), design.alternative.success, trials)
    return Check("BOP2 with two endpoints: joint convolution and simulation (standard errors)", z, _FAR)


def _sequential(trials: int, seed: int) -> Check:
    from codon12.design import group_sequential

    design = group_sequential([0.4, 0.7, 1], spending="pocock", futility="hsd(-2)")
    t = np.array(design.fractions)
    steps = np.random.default_rng(seed).normal(size=(trials, 3)) * np.sqrt(np.diff(t, prepend=0))
    score = np.cumsum(steps + design.drift * np.diff(t, prepend=0), axis=1) / np.sqrt(t)
    running, won = np.ones(trials, dtype=bool), np.zeros(trials, dtype=bool)
    for k in range(3):
        won |= running & (score[:, k] > design.upper[k])
        running &= (score[:, k] <= design.upper[k]) & (score[:, k] >= design.lower[k])
    return Check(
        "group sequential power: integration and simulation (standard errors)", _z(won.mean(), 0.9, trials), _FAR
    )


def _conditional(_trials: int, _seed: int) -> Check:
    from codon12.design import interim_power

    c, found = -special.ndtri(0.025), interim_power(0.5, 1.5)
    exact = special.ndtr((1.5 / np.sqrt(0.5) - c) * np.sqrt(0.5) / np.sqrt(0.5))
    return Check("predictive power: quadrature and closed form", abs(found.predictive - float(exact)), 1e-9)


def _survival(trials: int, seed: int) -> Check:
    from codon12.design import survival_size

    found = survival_size(6, 0.6, accrual=12, follow_up=12, dropout=0.01)
    rng = np.random.default_rng(seed)
    entry, death = rng.uniform(0, 12, trials), rng.exponential(6 / np.log(2), trials)
    seen = (death <= rng.exponential(100, trials)) & (entry + death <= 24)
    z = _z(seen.mean(), found.event_probability_control, trials)
    return Check("event probability (Lachin-Foulkes): formula and simulation (standard errors)", z, _FAR)


def _baskets(trials: int, seed: int) -> Check:
    from codon12.design import basket

    rates = (0.2, 0.4, 0.4)
    question = {"borrowing": "fujikawa", "threshold": 0.95, "scenarios": [rates]}
    exact = basket(10, 0.2, baskets=3, **question).scenarios[0]
    drawn = basket(10, 0.2, baskets=3, exact_up_to=1, trials=trials, seed=seed, **question).scenarios[0]
    worst = max(_z(a, b, trials) for a, b in zip(drawn.declared, exact.declared, strict=True))
    return Check("basket trial: enumeration by multisets and simulation (standard errors)", worst, _FAR)


def _hierarchical(trials: int, seed: int) -> Check:
    from codon12.design import Hierarchical

    n, p0, x = np.array([10, 14]), np.array([0.2, 0.3]), np.array([[4, 3]])
    rng = np.random.default_rng(seed)
    mu, tau = rng.normal(0, 2, trials * 4), np.abs(rng.normal(0, 1, trials * 4))
    p = special.expit(special.logit(p0) + mu[:, None] + tau[:, None] * rng.normal(size=(trials * 4, 2)))
    weight = np.prod(p**x * (1 - p) ** (n - x), axis=1)
    weight /= weight.sum()
    above = weight @ (p > p0)
    error = np.sqrt((weight[:, None] ** 2 * ((p > p0) - above) ** 2).sum(axis=0))
    z = np.max(np.abs(Hierarchical().probabilities(x, n, p0)[0] - above) / error)
    return Check("hierarchical baskets: quadrature and importance sampling (standard errors)", float(z), _FAR)


def _pending(_trials: int, _seed: int) -> Check:
    from codon12.design import pending_success_probability, success_probability

    seen = pending_success_probability(105, 28, evaluated=50, responses=12, pending=[1.0] * 5)
    return Check(
        "pending patients: mixture of beta distributions and martingale recursion",
        abs(seen - success_probability(105, 28)[55, 12]),
        1e-12,
    )


_CHECKS: tuple[Callable[[int, int], Check], ...] = (
    _recursion,
    _tails,
    _paths,
    _monte_carlo,
    _limits,
    _sample_size,
    _simon,
    _search,
    _umvue,
    _superiority,
    _pair,
    _sequential,
    _conditional,
    _survival,
    _baskets,
    _hierarchical,
    _pending,
)
