"""Stopping a trial for toxicity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codon12.design.arguments import checked
from codon12.design.probability.exact import reaches
from codon12.design.probability.prior import Prior, as_prior
from codon12.design.single_arm.boundaries import Boundaries, schedule
from codon12.errors import DesignError

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ToxicityCharacteristics", "ToxicityRule", "toxicity_rule"]


@dataclass(frozen=True, eq=False)
class ToxicityCharacteristics:
    """What a toxicity rule does at each true toxicity rate: arrays over rates; `by_look` is (rates, looks)."""

    rates: NDArray[np.float64]
    stop: NDArray[np.float64]
    by_look: NDArray[np.float64]
    expected_n: NDArray[np.float64]
    sd_n: NDArray[np.float64]

    def columns(self) -> dict[str, NDArray]:
        """List one row a rate."""
        return {"rate": self.rates, "stop": self.stop, "expected_n": self.expected_n, "sd_n": self.sd_n}


@dataclass(frozen=True)
class ToxicityRule:
    """Stop as soon as the toxicity rate is probably too high.

    Attributes
    ----------
    n
        Planned patients.
    limit
        Toxicity rate that must not be exceeded.
    threshold
        Stop if the posterior probability of exceeding it is above this.
    prior
        Prior of the toxicity rate.
    looks
        Patients at the looks.
    stop_at_least
        Toxicities that stop the trial at each look; None where no number does.
    """

    n: int
    limit: float
    threshold: float
    prior: Prior
    looks: tuple[int, ...]
    stop_at_least: tuple[int | None, ...]

    @property
    def boundaries(self) -> Boundaries:
        """The rule as boundaries, a stop for toxicity in the place of a stop for efficacy."""
        high = tuple(m + 1 if e is None else e for m, e in zip(self.looks, self.stop_at_least, strict=True))
        return Boundaries(self.n, self.n + 1, self.looks, (-1,) * len(high), high)

    def operating_characteristics(self, rates: ArrayLike) -> ToxicityCharacteristics:
        """Compute probability of stopping and expected size at each true toxicity rate, exactly."""
        seen = self.boundaries.operating_characteristics(rates)
        return ToxicityCharacteristics(seen.rates, seen.success, seen.efficacy, seen.expected_n, seen.sd_n)

    def columns(self) -> dict[str, list]:
        """List one row a look."""
        return {"n": list(self.looks), "stop_at_least": list(self.stop_at_least)}

    def to_frame(self) -> pl.DataFrame:
        """Give one row a look."""
        import polars as pl

        return pl.DataFrame(self.columns(), schema={"n": pl.Int64, "stop_at_least": pl.Int64})

    def describe(self) -> str:
        """Say the rule in plain words."""
        stops = [(m, e) for m, e in zip(self.looks, self.stop_at_least, strict=True) if e is not None]
        listed = ", ".join(f"{e} of {m}" for m, e in stops)
        when = f"at or above {listed}" if stops else "no number of toxicities does that at these looks"
        return (
            f"Stop for toxicity if Pr(rate > {self.limit:g} | data) > {self.threshold:g} (prior {self.prior}): {when}."
        )


@checked()
def toxicity_rule(
    n: int,
    *,
    limit: float,
    looks: Sequence[int],
    threshold: float = 0.95,
    prior: Prior | str = "beta(1,1)",
) -> ToxicityRule:
    """Find the numbers of toxicities that stop a trial.

    Parameters
    ----------
    n, looks
        Planned patients and looks; a look at n itself stops nobody and is left out.
    limit
        Toxicity rate that must not be exceeded.
    threshold
        Stop if the posterior probability of exceeding it is above this.
    prior
        Prior of the toxicity rate.

    Raises
    ------
    DesignError
        Looks beyond n, thresholds outside (0, 1), or a prior by which no toxicity at all stops the trial.

    References
    ----------
    Thall, Simon and Estey 1995, Bayesian sequential monitoring designs for single-arm clinical trials with multiple
    outcomes. Stat Med 14:357-379.

    Examples
    --------
    >>> toxicity_rule(20, limit=0.3, looks=[5, 10, 15], threshold=0.9).stop_at_least
    (3, 5, 7)
    """
    prior = as_prior(prior)
    looks = schedule(looks, n)
    stops: list[int | None] = []
    for m in looks:
        tail = prior.upper_tail(limit, np.arange(m + 1), m)
        over = reaches(tail, threshold, strict=True, exact=lambda x, m=m: prior.exact_upper_tail(limit, x, m))
        if over[0]:
            raise DesignError(
                f"after {m} patients the trial stops without a single toxicity: the prior {prior} alone decides; take a"
                " prior that expects less toxicity, or a higher threshold"
            )
        stops.append(int(np.argmax(over)) if over.any() else None)
    return ToxicityRule(n, limit, threshold, prior, looks, tuple(stops))
