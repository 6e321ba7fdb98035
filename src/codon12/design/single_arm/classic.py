"""The classical phase 2 designs: A'Hern's single stage, Fleming's multiple stages, Gehan's two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log, log1p, sqrt

import numpy as np
from scipy import special

from codon12.design.arguments import checked
from codon12.design.single_arm.boundaries import Boundaries
from codon12.design.single_arm.criterion import IntervalRule
from codon12.design.single_arm.error_rates import check_error_rates
from codon12.design.single_arm.sample_size import SampleSize, sample_size
from codon12.design.single_arm.two_rates import SingleArmDesign, at_two_rates
from codon12.errors import DesignError
from codon12.numbers import proportion_interval

__all__ = ["GehanDesign", "ahern", "fleming", "gehan"]

_STAGE_ONE = 10_000


@checked()
def ahern(p0: float, p1: float, *, alpha: float = 0.05, power: float = 0.8, max_n: int = 200_000) -> SampleSize:
    """Size A'Hern's single-stage design by exact binomial probabilities.

    The success rule is the exact one-sided test at `alpha`, which is the same as a two-sided Clopper-Pearson limit
    at level 1 - 2 alpha that is not below `p0`. Gives the first size with the power and the size from which on
    every larger one has it.

    Raises
    ------
    DesignError
        As `codon12.design.check_error_rates`; alpha must lie below 0.5.

    References
    ----------
    A'Hern 2001, Sample size tables for exact single-stage phase II designs. Stat Med 20:859-866.

    Examples
    --------
    >>> found = ahern(0.05, 0.25, alpha=0.05, power=0.9)
    >>> found.first_n, int(found.least_responses[found.first_n - 1])
    (25, 4)
    """
    check_error_rates(p0, p1, alpha, power)
    if alpha >= 0.5:
        raise DesignError(f"a one-sided alpha of {alpha:g} is no test; ask for less than 0.5")
    rule = IntervalRule(rate=p0, level=float(f"{1 - 2 * alpha:.12g}"), strict=False)
    return sample_size(p1, success=rule, power=power, max_n=max_n)


@checked()
def fleming(p0: float, p1: float, *, stages: Sequence[int], alpha: float = 0.05) -> SingleArmDesign:
    """Build Fleming's multiple-stage design, which may stop for futility or for efficacy.

    Parameters
    ----------
    p0, p1
        Response rates of no interest and of interest; `p1` only judges the design, it does not shape it.
    stages
        Patients in each stage.
    alpha
        One-sided type I error of the single-stage test it imitates; the exact one is reported.

    References
    ----------
    Fleming 1982, One-sample multiple testing procedure for phase II clinical trials. Biometrics 38:143-151.

    Examples
    --------
    >>> design = fleming(0.05, 0.2, stages=[15, 15, 10])
    >>> design.boundaries.stop_at_most, design.boundaries.stop_at_least, design.boundaries.success_at_least
    ((-1, 2), (4, 5), 5)
    """
    check_error_rates(p0, p1, alpha, max(0.5, (1 + alpha) / 2))
    if not stages:
        raise DesignError("give the patients of each stage, for example 15, 15, 10")
    sizes = np.cumsum(stages)
    n, z = int(sizes[-1]), float(-special.ndtri(alpha))
    high = np.floor(sizes * p0 + z * sqrt(n * p0 * (1 - p0)) + 0.5).astype(int) + 1
    mirrored = (sqrt(n * p0) + z * sqrt(1 - p0)) ** 2 / (n + z * z)
    low = np.floor(sizes * mirrored - z * sqrt(n * mirrored * (1 - mirrored)) + 0.5).astype(int)
    low = np.minimum(np.maximum(low, -1), high - 1)
    if high[-1] > n:
        raise DesignError(f"not even {n} of {n} responses are a success at alpha {alpha:g}; plan more patients")
    boundaries = Boundaries(
        n,
        int(high[-1]),
        tuple(int(m) for m in sizes[:-1]),
        tuple(int(v) for v in low[:-1]),
        tuple(min(int(v), int(m) + 1) for v, m in zip(high[:-1], sizes[:-1], strict=True)),
    )
    return at_two_rates(f"Fleming's design in {len(sizes)} stages ({', '.join(map(str, stages))}).", boundaries, p0, p1)


@dataclass(frozen=True)
class GehanDesign:
    """Gehan's design: rule the drug out, or go on until its rate is known well enough.

    Attributes
    ----------
    p1, beta, standard_error
        Rate of interest, probability of missing it in stage one, standard error wanted.
    n1
        Patients of stage one; stop if none responds.
    responses, n2
        For each number of responses in stage one, the patients of stage two.
    """

    p1: float
    beta: float
    standard_error: float
    n1: int
    responses: tuple[int, ...]
    n2: tuple[int, ...]

    def columns(self) -> dict[str, list]:
        """List the second stage for each number of responses in the first."""
        return {"responses": list(self.responses), "n2": list(self.n2), "n": [self.n1 + m for m in self.n2]}

    def describe(self) -> str:
        """Say the design in plain words."""
        return (
            f"Treat {self.n1} patients and stop if none responds: at a rate of {self.p1:g} that has probability"
            f" {(1 - self.p1) ** self.n1:.4f} (at most {self.beta:g}). Otherwise treat as many more as give a"
            f" standard error of {self.standard_error:g}: up to {max(self.n2)}."
        )


@checked()
def gehan(p1: float, *, beta: float = 0.05, standard_error: float = 0.1) -> GehanDesign:
    """Build Gehan's two-stage design.

    Parameters
    ----------
    p1
        Response rate of interest.
    beta
        Largest probability of seeing no response in stage one at `p1`.
    standard_error
        Standard error of the final estimate wanted. The convention here: it is computed at the upper one-sided
        75 % Clopper-Pearson limit of stage one, or at 0.5 where that limit is above, and the size rounded up.
        Gehan's own tables rest on an approximate limit and differ by a few patients.

    References
    ----------
    Gehan 1961, The determination of the number of patients required in a preliminary and a follow-up trial of a new
    chemotherapeutic agent. J Chron Dis 13:346-353.

    Examples
    --------
    >>> design = gehan(0.2, beta=0.05, standard_error=0.05)
    >>> design.n1, design.n2[:4]
    (14, (46, 64, 76, 83))
    """
    n1 = max(1, ceil(log(beta) / log1p(-p1) - 1e-12))
    if n1 > _STAGE_ONE:
        raise DesignError(
            f"at a rate of {p1:g} a first stage without a response takes {n1:,} patients; this design is made for"
            f" stages of up to {_STAGE_ONE:,}: raise the rate or beta"
        )
    x = np.arange(1, n1 + 1)
    _, upper = proportion_interval(x, n1, level=0.5)
    worst = np.minimum(upper, 0.5)
    n2 = np.maximum(np.ceil(worst * (1 - worst) / standard_error**2 - n1 - 1e-9), 0).astype(int)
    return GehanDesign(p1, beta, standard_error, n1, tuple(x.tolist()), tuple(n2.tolist()))
