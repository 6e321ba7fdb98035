"""A second way to each exact result: counted paths, direct sums, and Monte Carlo with its z-score."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from codon12.design.probability.prior import Prior, as_prior
from codon12.design.single_arm.boundaries import Boundaries

__all__ = ["MonteCarloCheck", "counted_paths", "direct_success_probability", "simulated"]


def counted_paths(boundaries: Boundaries, rate: float) -> dict[str, Fraction]:
    """Compute success, early stop and expected size by counting the response sequences, in whole numbers.

    The number of sequences that reach each end point does not depend on the rate; each has the probability
    p^x (1 - p)^(m - x). No floating point, no convolution of probabilities.

    Examples
    --------
    >>> simon = Boundaries(n=29, success_at_least=4, looks=(10,), stop_at_most=(0,))
    >>> round(float(counted_paths(simon, 0.05)["success"]), 12)
    0.046828533705
    """
    p = Fraction(repr(float(rate)))
    stops = dict(
        zip(
            boundaries.looks,
            zip(boundaries.stop_at_most, boundaries.stop_at_least, strict=True),
            strict=True,
        )
    )
    paths, success, early, size = [1], Fraction(0), Fraction(0), Fraction(0)
    for m in range(1, boundaries.n + 1):
        paths = [a + b for a, b in zip([*paths, 0], [0, *paths], strict=True)]
        if m < boundaries.n and m not in stops:
            continue
        low, high = stops.get(m, (boundaries.n, 0))
        for x, count in enumerate(paths):
            if low < x < high:
                continue
            ends = count * p**x * (1 - p) ** (m - x)
            size += m * ends
            if m < boundaries.n:
                early += ends
            if x >= (high if m < boundaries.n else boundaries.success_at_least):
                success += ends
            paths[x] = 0
    return {"success": success, "stop_early": early, "expected_n": size}


def direct_success_probability(n: int, least: int, prior: Prior | str = "beta(1,1)") -> NDArray[np.float64]:
    """Sum the beta-binomial tail at every (m, x): the check on the martingale recursion.

    Same shape as `success_probability`.
    """
    prior = as_prior(prior)
    out = np.full((n + 1, n + 1), np.nan)
    for m in range(n + 1):
        x = np.arange(m + 1)
        out[m, : m + 1] = prior.predictive_tail(least - x, n - m, x, m)
    return out


@dataclass(frozen=True)
class MonteCarloCheck:
    """Exact success, early stop and size against simulation: the differences in standard errors."""

    rate: float
    trials: int
    success_z: float
    stop_early_z: float
    expected_n_z: float

    @property
    def worst(self) -> float:
        """The largest of the three differences, in standard errors."""
        return max(abs(self.success_z), abs(self.stop_early_z), abs(self.expected_n_z))


def simulated(boundaries: Boundaries, rate: float, *, trials: int = 100_000, seed: int = 12) -> MonteCarloCheck:
    """Simulate the trial patient by patient and compare with the exact operating characteristics."""
    rng = np.random.default_rng(seed)
    responses = np.zeros(trials, dtype=np.int64)
    size = np.full(trials, boundaries.n)
    running, succeeded = np.ones(trials, dtype=bool), np.zeros(trials, dtype=bool)
    before = 0
    for m, low, high in zip(boundaries.looks, boundaries.stop_at_most, boundaries.stop_at_least, strict=True):
        responses += rng.binomial(m - before, rate, trials)
        before = m
        stops = running & ((responses <= low) | (responses >= high))
        size[stops] = m
        succeeded |= stops & (responses >= high)
        running &= ~stops
    responses += rng.binomial(boundaries.n - before, rate, trials)
    succeeded |= running & (responses >= boundaries.success_at_least)
    exact = boundaries.operating_characteristics(rate)

    def z(seen: float, expected: float, sd: float) -> float:
        return 0.0 if sd < 1e-9 else float((seen - expected) / (sd / np.sqrt(trials)))

    success, early = float(exact.success[0]), float(exact.stop_early[0])
    return MonteCarloCheck(
        rate=rate,
        trials=trials,
        success_z=z(succeeded.mean(), success, np.sqrt(max(success * (1 - success), 0))),
        stop_early_z=z((~running).mean(), early, np.sqrt(max(early * (1 - early), 0))),
        expected_n_z=z(size.mean(), float(exact.expected_n[0]), float(exact.sd_n[0])),
    )
