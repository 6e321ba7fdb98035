"""Basket trials: family-wise error and power by exact enumeration, or by simulation with its error stated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import NDArray

from codon12.design.arguments import OPEN, PATIENTS, OneOrEach, check_open, checked
from codon12.design.baskets.borrowing import Borrowing, Fujikawa, Independent, Pooled, PowerPrior
from codon12.design.baskets.hierarchical import Hierarchical
from codon12.design.baskets.outcomes import OneStage, Outcomes, TwoStages, sampled
from codon12.errors import DesignError, UsageError

if TYPE_CHECKING:
    import polars as pl

__all__ = ["BasketCharacteristics", "BasketDesign", "basket"]

Rule = Borrowing | Hierarchical
_RULES = {
    "independent": Independent,
    "pooled": Pooled,
    "fujikawa": Fujikawa,
    "power-prior": PowerPrior,
    "hierarchical": Hierarchical,
}


@dataclass(frozen=True)
class BasketCharacteristics:
    """What a basket design does at one set of true rates.

    Attributes
    ----------
    rates
        True rates.
    declared
        Probability that each basket is declared active: power where it is, error where it is not.
    any_false
        Family-wise error: probability that any basket at or below its null rate is declared active.
    any_declared
        Probability that any basket is declared active.
    expected_correct
        Expected number of right decisions.
    expected_n
        Expected number of patients.
    standard_error
        Largest Monte Carlo standard error of the probabilities; 0 where the enumeration is exact.
    """

    rates: tuple[float, ...]
    declared: tuple[float, ...]
    any_false: float
    any_declared: float
    expected_correct: float
    expected_n: float
    standard_error: float


@dataclass(frozen=True)
class BasketDesign:
    """A basket trial and what it does.

    Attributes
    ----------
    n, p0
        Patients and null rate of each basket.
    borrowing
        How baskets learn from one another.
    threshold
        A basket is declared active if Pr(rate > null rate) reaches this.
    interim, futility
        Patients of each basket at the interim look (None: no look), and the posterior probability below which a
        basket stops there.
    null
        The design at the global null hypothesis.
    scenarios
        The design at the other rates asked for.
    """

    n: tuple[int, ...]
    p0: tuple[float, ...]
    borrowing: Rule
    threshold: float
    interim: tuple[int, ...] | None
    futility: float
    null: BasketCharacteristics
    scenarios: tuple[BasketCharacteristics, ...]

    def columns(self) -> dict[str, list]:
        """List one row a scenario and basket."""
        rows = [(k, s, i) for k, s in enumerate((self.null, *self.scenarios)) for i in range(len(self.n))]
        return {
            "scenario": [k for k, _, _ in rows],
            "basket": [i + 1 for _, _, i in rows],
            "n": [self.n[i] for _, _, i in rows],
            "p0": [self.p0[i] for _, _, i in rows],
            "rate": [s.rates[i] for _, s, i in rows],
            "declared": [s.declared[i] for _, s, i in rows],
            "any_false": [s.any_false for _, s, _ in rows],
            "expected_correct": [s.expected_correct for _, s, _ in rows],
            "expected_n": [s.expected_n for _, s, _ in rows],
            "standard_error": [s.standard_error for _, s, _ in rows],
        }

    def to_frame(self) -> pl.DataFrame:
        """Give one row a scenario and basket."""
        import polars as pl

        return pl.DataFrame(self.columns())

    def describe(self) -> str:
        """Say the design in plain words."""
        how = "exact" if self.null.standard_error == 0 else f"simulated, standard error {self.null.standard_error:.4f}"
        kind = next(k for k, v in _RULES.items() if isinstance(self.borrowing, v))
        powers = "".join(
            f" At {', '.join(f'{r:g}' for r in s.rates)}: declared {', '.join(f'{d:.4f}' for d in s.declared)},"
            f" family-wise error {s.any_false:.4f}"
            + (f" (simulated, standard error {s.standard_error:.4f})." if s.standard_error and how == "exact" else ".")
            for s in self.scenarios
        )
        look = (
            ""
            if self.interim is None
            else f" A basket stops after {', '.join(map(str, self.interim))} if that is below {self.futility:g}."
        )
        return (
            f"{len(self.n)} baskets of {', '.join(map(str, self.n))} patients, {kind} borrowing; a basket is active if"
            f" Pr(rate > null) >= {self.threshold:.12g}.{look} Family-wise error at the global null"
            f" {self.null.any_false:.4f} ({how}).{powers}"
        )


@checked(n=OneOrEach(PATIENTS), p0=OneOrEach(OPEN), interim=OneOrEach(PATIENTS))
def basket(
    n: Sequence[int] | int,
    p0: Sequence[float] | float,
    *,
    baskets: int | None = None,
    borrowing: Rule | dict | str = "independent",
    alpha: float | None = 0.05,
    threshold: float | None = None,
    scenarios: Sequence[Sequence[float]] = (),
    interim: Sequence[int] | int | None = None,
    futility: float = 0.1,
    exact_up_to: int = 20_000_000,
    trials: int = 100_000,
    seed: int = 12,
) -> BasketDesign:
    """Calibrate and judge a basket trial.

    Parameters
    ----------
    n, p0, baskets
        Patients and null rate of each basket; single numbers are repeated for `baskets` baskets.
    borrowing
        `Independent`, `Pooled`, `Fujikawa`, `PowerPrior`, `Hierarchical`, or one of their names.
    alpha
        Family-wise error at the global null that the threshold is calibrated to.
    threshold
        The threshold itself, instead of `alpha`.
    scenarios
        True rates of all baskets at which to judge the design.
    interim, futility
        Patients of each basket at an interim look, at which a basket stops if its posterior probability is below
        `futility`; what it has seen stays in the borrowing.
    exact_up_to
        Largest number of outcomes to enumerate; beyond, `trials` trials are simulated.
    trials, seed
        Of the simulation; its standard error is reported.

    Raises
    ------
    DesignError
        Sizes or rates that do not fit together, or no threshold with this family-wise error.

    References
    ----------
    Fujikawa, Teramukai, Yokota and Daimon 2020, A Bayesian basket trial design that borrows information across
    strata based on the similarity between the posterior distributions. Biom J 62:330-338.

    Examples
    --------
    >>> design = basket(10, 0.2, baskets=3, borrowing="fujikawa", scenarios=[(0.2, 0.5, 0.5)])
    >>> design.null.any_false <= 0.05
    True
    """
    sizes, nulls = _per_basket(n, p0, baskets)
    rule = _rule(borrowing)
    first = None if interim is None else _per_basket(interim, p0, len(sizes))[0]
    if first is not None and np.any(first >= sizes):
        raise DesignError(f"an interim look must come before the end of each basket ({', '.join(map(str, sizes))})")
    for rates in scenarios:
        if len(rates) != len(sizes) or any(not 0 <= r <= 1 for r in rates):
            raise DesignError(f"a scenario needs {len(sizes)} rates in [0, 1]; got {list(rates)}")
    if threshold is None and alpha is None:
        raise UsageError("give the family-wise error (alpha) or the threshold")

    if first is None:
        exact = np.prod(sizes + 1.0) <= exact_up_to
        listed = OneStage(rule, sizes, nulls) if exact else None
    else:
        exact = np.prod(sizes + first + 2.0) <= exact_up_to  # every basket at its first or its second stage
        listed = TwoStages(rule, sizes, nulls, first, futility) if exact else None

    def outcomes(rates: NDArray) -> Outcomes:
        if isinstance(listed, TwoStages) or (listed is not None and listed.count(rates) <= exact_up_to):
            return listed.outcomes(rates)
        return sampled(rule, sizes, nulls, rates, first, futility, trials=trials, seed=seed)

    at_null = outcomes(nulls)
    if threshold is None:
        threshold = _calibrated(at_null, float(alpha or 0))
    judged = [_judged(outcomes(np.array(r, dtype=float)), threshold, sizes, nulls, np.array(r)) for r in scenarios]
    return BasketDesign(
        n=tuple(sizes.tolist()),
        p0=tuple(nulls.tolist()),
        borrowing=rule,
        threshold=float(threshold),
        interim=None if first is None else tuple(first.tolist()),
        futility=futility,
        null=_judged(at_null, threshold, sizes, nulls, nulls),
        scenarios=tuple(judged),
    )


def _judged(seen: Outcomes, threshold: float, n: NDArray, p0: NDArray, rates: NDArray) -> BasketCharacteristics:
    active = seen.posterior >= threshold - 1e-12
    false = rates <= p0 + 1e-12
    chance = seen.chance
    declared = chance @ active
    if not seen.trials:  # like baskets with the same rate are interchangeable: their outcomes were listed once
        alike = list(zip(n, p0, rates, strict=True))
        declared = np.array([np.mean([d for d, b in zip(declared, alike, strict=True) if b == a]) for a in alike])
    any_false = float(chance @ active[:, false].any(axis=1)) if false.any() else 0.0
    any_declared = float(chance @ active.any(axis=1))
    error = 0.0
    if seen.trials:
        spread = np.array([*declared, any_false, any_declared])
        error = float(np.sqrt((spread * (1 - spread)).max() / seen.trials))
    return BasketCharacteristics(
        rates=tuple(float(r) for r in rates),
        declared=tuple(float(d) for d in declared),
        any_false=any_false,
        any_declared=any_declared,
        expected_correct=float(np.where(false, 1 - declared, declared).sum()),
        expected_n=float(chance @ seen.size),
        standard_error=error,
    )


def _calibrated(seen: Outcomes, alpha: float) -> float:
    """Smallest threshold that keeps the family-wise error, as the shortest decimal that tells outcomes apart alike."""
    highest = seen.posterior.max(axis=1)
    order = np.argsort(-highest)
    spent = np.cumsum(seen.chance[order])
    values = highest[order]
    ends = np.append(values[1:] < values[:-1] - 1e-12, True)  # the last of each run of equal values
    good = np.flatnonzero(ends & (spent <= alpha + 1e-12))
    if not len(good):
        smallest = float(spent[np.argmax(ends)])
        raise DesignError(
            f"no threshold has a family-wise error of {alpha:g}: even the highest posterior probability has"
            f" {smallest:.4f}; treat more patients"
        )
    last = good[-1]
    lower = float(values[last + 1]) if last + 1 < len(values) else 0.0
    return _shortest(lower, float(values[last]))


def _shortest(low: float, high: float) -> float:
    """Shortest decimal above `low`, up to `high`: a threshold that can be printed and means the same design."""
    for digits in range(1, 13):
        short = floor(high * 10**digits) / 10**digits
        if short > low + 1e-11:
            return short
    return high


def _rule(value: Rule | dict | str) -> Rule:
    if isinstance(value, str):
        if value not in _RULES:
            raise UsageError(f"borrowing must be one of {', '.join(_RULES)}; got {value!r}")
        return _RULES[value]()
    if isinstance(value, dict):
        try:
            return msgspec.convert(value, Rule)
        except msgspec.ValidationError as err:
            raise UsageError(f"the borrowing rule {value}: {err}") from None
    return value


def _per_basket(
    n: Sequence[int] | int, p0: Sequence[float] | float, baskets: int | None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    lengths = {len(v) for v in (n, p0) if isinstance(v, Sequence)} | ({baskets} if baskets else set())
    if len(lengths) != 1:
        raise DesignError("say how many baskets there are: as many sizes as null rates, or --baskets")
    k = lengths.pop()
    sizes = np.array(n if isinstance(n, Sequence) else [n] * k, dtype=np.int64)
    nulls = np.array(p0 if isinstance(p0, Sequence) else [p0] * k, dtype=float)
    if np.any(sizes < 1):
        raise DesignError("each basket needs at least one patient")
    for rate in nulls:
        check_open("a null rate", float(rate))
    return sizes, nulls
