"""A single-arm design judged at a response rate, and on simulated populations that have such a rate: side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from codon12.design.single_arm.boundaries import Boundaries
from codon12.errors import UsageError
from codon12.simulate.switch.conduct import conduct
from codon12.simulate.switch.parameters import ParameterSet
from codon12.simulate.switch.patients import draw_patients
from codon12.simulate.switch.summary import MONTH, kaplan_meier_median, outcomes

__all__ = ["DesignOnPopulation", "design_on_population"]


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
    pfs: tuple[float, float, float]
    """2.5, 50 and 97.5 % of the median progression-free survival, months, of full trials under the visit schedule."""


def design_on_population(
    boundaries: Boundaries, parameters: ParameterSet, *, trials: int = 400, seed: int = 7
) -> DesignOnPopulation:
    """Judge a design by number of responses on trials from a simulated population, beside its exact characteristics.

    Patients are independent, so that the two agree within Monte Carlo error; what the population adds is what a rate
    does not have: progression-free survival under the schedule of visits.

    Raises
    ------
    UsageError
        Fewer than 10 trials.

    Examples
    --------
    >>> from codon12.simulate.switch.parameters import shipped_set
    >>> simon = Boundaries(n=29, success_at_least=4, looks=(10,), stop_at_most=(0,))
    >>> seen = design_on_population(simon, shipped_set(), trials=50)
    >>> bool(abs(seen.exact_success - seen.simulated_success) < 0.2)
    True
    """
    if trials < 10:
        raise UsageError(f"trials: {trials}; give 10 or more")
    n = boundaries.n
    responders, medians = [], []
    size = max(1, 4000 // n)
    for start in range(0, trials, size):
        count = min(size, trials - start)
        block = outcomes(conduct(parameters, draw_patients(parameters, seed=seed, n=count * n, first=start * n)))
        responders.append(block.responder.reshape(count, n))
        months, event = (block.pfs / MONTH).reshape(count, n), block.pfs_event.reshape(count, n)
        medians += [kaplan_meier_median(t, e) for t, e in zip(months, event, strict=True)]
    table = np.concatenate(responders)
    success, used = _follow(boundaries, table)
    rate = float(table.mean())
    exact = boundaries.operating_characteristics([rate])
    low, middle, high = np.sort(medians)[[int(q * (trials - 1)) for q in (0.025, 0.5, 0.975)]]
    share = float(success.mean())
    return DesignOnPopulation(
        rate=rate,
        trials=trials,
        exact_success=float(exact.success[0]),
        simulated_success=share,
        exact_expected_n=float(exact.expected_n[0]),
        simulated_expected_n=float(used.mean()),
        standard_error=float(np.sqrt(max(share * (1 - share), 1 / trials) / trials)),
        pfs=(float(low), float(middle), float(high)),
    )


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
