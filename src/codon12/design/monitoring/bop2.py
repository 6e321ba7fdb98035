"""BOP2 for one binary endpoint: the posterior threshold rises with the information, tuned for power."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codon12.design.arguments import checked, up_to
from codon12.design.probability.prior import Prior, as_prior
from codon12.design.single_arm.boundaries import Boundaries, HasBoundaries, schedule
from codon12.design.single_arm.error_rates import check_error_rates
from codon12.design.single_arm.two_rates import futility_families
from codon12.errors import DesignError

__all__ = ["GAMMAS", "LAMBDAS", "Bop2Design", "bop2", "cutoffs", "distinct_rows"]

LAMBDAS = tuple(round(0.01 * i, 2) for i in range(1, 100))
GAMMAS = tuple(round(0.05 * i, 2) for i in range(21))


@dataclass(frozen=True)
class Bop2Design(HasBoundaries):
    """A BOP2 design for one binary endpoint.

    Attributes
    ----------
    p0, p1, prior
        Null rate, rate of interest and prior.
    lambda_, gamma
        Stop after m of n patients if Pr(rate > p0 | data) < lambda (m / n)^gamma; at n, success otherwise.
    boundaries
        The integers that follow.
    alpha, power
        Probability of success at `p0` and at `p1`.
    expected_n, stop_early
        Expected size and probability of stopping early at `p0`.
    """

    p0: float
    p1: float
    prior: Prior
    lambda_: float
    gamma: float
    boundaries: Boundaries
    alpha: float
    power: float
    expected_n: float
    stop_early: float

    def describe(self) -> str:
        """Say the design in plain words."""
        b = self.boundaries
        stops = ", ".join(f"{f} of {m}" for m, f in zip(b.looks, b.stop_at_most, strict=True) if f >= 0)
        return (
            f"BOP2 with lambda {self.lambda_:g}, gamma {self.gamma:g} and prior {self.prior}: stop at or below"
            f" {stops or 'never'}; success at {b.success_at_least} or more of {b.n}. At {self.p0:g}: success"
            f" {self.alpha:.4f}, early stop {self.stop_early:.4f}, {self.expected_n:.2f} patients expected; at"
            f" {self.p1:g}: power {self.power:.4f}."
        )


@checked(n=up_to(2_000))
def bop2(
    n: int,
    p0: float,
    p1: float,
    *,
    looks: Sequence[int],
    alpha: float = 0.1,
    prior: Prior | str | None = None,
) -> Bop2Design:
    """Find the BOP2 design with the most power among those that keep the type I error.

    Parameters
    ----------
    n, looks
        Planned evaluable patients and interim looks.
    p0, p1
        Null rate and rate of interest.
    alpha
        Largest probability of success at `p0`.
    prior
        Prior of the rate; Beta(p0, 1 - p0), worth one patient, when left out.

    Raises
    ------
    DesignError
        No lambda and gamma of the grid keep the type I error; the message says how low it gets.

    Notes
    -----
    The grid of the two parameters (lambda 0.01 to 0.99 by 0.01, gamma 0 to 1 by 0.05) gives finitely many sets of
    boundaries; each is judged once, exactly. Among equal power the smaller expected size at `p0` wins.

    References
    ----------
    Zhou, Lee and Yuan 2017, BOP2: Bayesian optimal design for phase II clinical trials with simple and complex
    endpoints. Stat Med 36:3302-3314.

    Examples
    --------
    >>> design = bop2(40, 0.2, 0.4, looks=[10, 20, 30], alpha=0.1)
    >>> design.boundaries.stop_at_most, design.boundaries.success_at_least
    ((1, 3, 7), 12)
    """
    check_error_rates(p0, p1, alpha, (1 + alpha) / 2)
    looks = schedule(looks, n)
    prior = Prior.beta(p0, 1 - p0) if prior is None else as_prior(prior)
    ends = (*looks, n)
    levels, parameters = cutoffs(ends)
    low = np.empty((len(ends), len(parameters)), dtype=np.int64)
    for k, m in enumerate(ends):
        tail = prior.upper_tail(p0, np.arange(m + 1), m)
        low[k] = np.searchsorted(tail, levels[k], side="left") - 1  # responses with a tail below the level stop
    kept = distinct_rows(low)
    low = low[:, kept]
    success, stopped, expected = futility_families(n, looks, low[:-1], low[-1] + 1, (p0, p1))
    possible = success[:, 1] > 0
    good = possible & (success[:, 0] <= alpha + 1e-12)
    if not good.any():
        raise DesignError(
            f"no BOP2 design of {n} patients keeps the type I error {alpha:g}; the smallest is"
            f" {success[possible, 0].min():.4f}: plan more patients or allow a larger error"
        )
    order = np.lexsort((expected[:, 0].round(10), -success[:, 1].round(12), ~good))
    i = int(order[0])
    lambda_, gamma = parameters[kept[i]]
    return Bop2Design(
        p0,
        p1,
        prior,
        float(lambda_),
        float(gamma),
        Boundaries(n, int(low[-1, i]) + 1, looks, tuple(int(v) for v in low[:-1, i])),
        alpha=float(success[i, 0]),
        power=float(success[i, 1]),
        expected_n=float(expected[i, 0]),
        stop_early=float(stopped[i, 0]),
    )


def cutoffs(ends: Sequence[int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the posterior cutoffs of the grid, shape (ends, pairs), and the (lambda, gamma) pairs."""
    pairs = np.array([(a, g) for a in LAMBDAS for g in GAMMAS])
    share = np.array(ends)[:, None] / ends[-1]
    return pairs[:, 0] * share ** pairs[:, 1], pairs


def distinct_rows(columns: NDArray) -> NDArray[np.int64]:
    """Give the index of the first of each set of equal columns."""
    return np.sort(np.unique(columns, axis=1, return_index=True)[1])
