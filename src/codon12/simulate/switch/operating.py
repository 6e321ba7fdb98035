"""A single-arm design judged at a response rate, and on simulated populations that have such a rate: side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from codon12.design.single_arm.boundaries import Boundaries
from codon12.errors import UsageError
from codon12.simulate.switch.conduct import conduct_blocks
from codon12.simulate.switch.parameters import ParameterSet
from codon12.simulate.switch.summary import MONTH, kaplan_meier_median, outcomes

__all__ = ["DesignOnPopulation", "design_on_population"]

_MOST = 5_000_000
"""Patients that are simulated at most."""


@dataclass(frozen=True)
class DesignOnPopulation:
    """What a design does at the population's response rate, exactly, and in trials drawn from the population."""

    rate: float
    """Share of the population with a confirmed response."""
    trials: int
    exact_success: float
    simulated_success: float
    exact_expected_n: float
    simulated_expected_n: float
    standard_error: float
    """Of the simulated probability of success."""
    pfs_population: float | None
    """Median progression-free survival of the population under the visit schedule, months; None if not reached."""
    pfs: tuple[float | None, float | None, float | None]
    """2.5, 50 and 97.5 % of the medians of full trials, months; None where not reached."""
    exact_stop_early: float
    simulated_stop_early: float
    """Share of the trials that stopped at a look."""

    def columns(self) -> dict[str, list[float] | list[str]]:
        """What the design does at the rate and on the population, beside each other."""
        return {
            "": ["success", "patients on average", "stopped at a look"],
            "exact, at the rate": [self.exact_success, self.exact_expected_n, self.exact_stop_early],
            "simulated population": [self.simulated_success, self.simulated_expected_n, self.simulated_stop_early],
        }

    def sentences(self) -> list[str]:
        """Say what was found, and what a rate alone does not tell."""
        low, middle, high = ("not reached" if v is None else f"{v:.1f}" for v in self.pfs)
        whole = "not reached" if self.pfs_population is None else f"{self.pfs_population:.1f} months"
        gap = abs(self.exact_success - self.simulated_success) / self.standard_error
        return [
            f"{100 * self.rate:.1f} % of the simulated population respond. At that rate the design succeeds with "
            f"probability {self.exact_success:.3f} (exact), and in {self.simulated_success:.3f} of {self.trials:,} "
            f"simulated trials: {gap:.1f} standard errors apart.",
            f"Median progression-free survival under the schedule of visits is {whole} in the population; in trials of "
            f"the full size it is {middle} (95 % of trials: {low} to {high}).",
            "The population is simulated and was calibrated on one trial; it compares no drugs.",
        ]


def design_on_population(
    boundaries: Boundaries, parameters: ParameterSet, *, trials: int = 400, seed: int = 7
) -> DesignOnPopulation:
    """Judge a design by number of responses on trials from a simulated population, beside its exact characteristics.

    Patients are independent, so that the two agree within Monte Carlo error; what the population adds is what a rate
    does not have: progression-free survival under the schedule of visits.

    Raises
    ------
    UsageError
        Fewer than 10 trials, or trials that are too many in all.

    Examples
    --------
    >>> from codon12.simulate.switch.parameters import shipped_set
    >>> simon = Boundaries(n=29, success_at_least=4, looks=(10,), stop_at_most=(0,))
    >>> seen = design_on_population(simon, shipped_set(), trials=50)
    >>> bool(abs(seen.exact_success - seen.simulated_success) < 0.2)
    True
    """
    n = boundaries.n
    if trials < 10:
        raise UsageError(f"trials: {trials}; give 10 or more")
    if trials * n > _MOST:
        raise UsageError(f"{trials:,} trials of {n:,} are more than {_MOST:,} patients; give fewer trials")
    whole = [outcomes(block) for block in conduct_blocks(parameters, seed=seed, n=trials * n)]
    respond, months, event = (
        np.concatenate(parts)
        for parts in zip(*((o.responder, o.pfs / MONTH, o.pfs_event) for o in whole), strict=True)
    )
    table = respond.reshape(trials, n)
    success, used = _follow(boundaries, table)
    rate = float(table.mean())
    exact = boundaries.operating_characteristics([rate])
    by_trial = zip(months.reshape(trials, n), event.reshape(trials, n), strict=True)
    medians = np.sort([kaplan_meier_median(t, e) for t, e in by_trial])
    low, middle, high = (_reached(medians[int(q * (trials - 1))]) for q in (0.025, 0.5, 0.975))
    share = float(success.mean())
    return DesignOnPopulation(
        rate=rate,
        trials=trials,
        exact_success=float(exact.success[0]),
        simulated_success=share,
        exact_expected_n=float(exact.expected_n[0]),
        simulated_expected_n=float(used.mean()),
        standard_error=float(np.sqrt(max(share * (1 - share), 1 / trials) / trials)),
        pfs_population=_reached(kaplan_meier_median(months, event)),
        pfs=(low, middle, high),
        exact_stop_early=float(exact.stop_early[0]),
        simulated_stop_early=float((used < n).mean()),
    )


def _reached(median: float) -> float | None:
    return float(median) if np.isfinite(median) else None


def _follow(b: Boundaries, responders: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Success, and patients used, of trials whose patients respond as said, [trials, n]."""
    counts = np.cumsum(responders, axis=1)
    going = np.ones(len(counts), dtype=bool)
    success, used = np.zeros(len(counts), dtype=bool), np.full(len(counts), b.n)
    for m, low, high in zip(b.looks, b.stop_at_most, b.stop_at_least, strict=True):
        here = counts[:, m - 1]
        stops = going & ((here <= low) | (here >= high))
        success |= going & (here >= high)
        used[stops] = m
        going &= ~stops
    return success | (going & (counts[:, -1] >= b.success_at_least)), used
