"""Predictive probability while some patients are enrolled but not yet evaluable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from codon12.design.arguments import checked
from codon12.errors import DesignError
from codon12.numbers.betabinomial import beta_binomial_sf

__all__ = ["PendingSuccess", "pending_success", "pending_success_probability"]


@dataclass(frozen=True)
class PendingSuccess:
    """Predictive probability of success with pending patients, and without using them.

    Attributes
    ----------
    probability, evaluated_only
        With the partial follow-up of pending patients, and from evaluated patients alone.
    """

    probability: float
    evaluated_only: float

    def columns(self) -> dict[str, list]:
        """List the result as one row."""
        return {"probability": [self.probability], "evaluated_only": [self.evaluated_only]}

    def describe(self) -> str:
        """Say the result in plain words."""
        return (
            f"The predictive probability of success is {self.probability:.4f} with the partial follow-up of pending"
            f" patients, {self.evaluated_only:.4f} from evaluated patients alone."
        )


@checked()
def pending_success(
    n: int,
    least: int,
    *,
    evaluated: int,
    responses: int,
    pending: Sequence[float] = (),
    a: float = 1.0,
    b: float = 1.0,
) -> PendingSuccess:
    """Compare the predictive probability with and without pending patients; see `pending_success_probability`."""
    found, alone = (
        pending_success_probability(n, least, evaluated=evaluated, responses=responses, pending=w, a=a, b=b)
        for w in (pending, ())
    )
    return PendingSuccess(found, alone)


@checked()
def pending_success_probability(
    n: int,
    least: int,
    *,
    evaluated: int,
    responses: int,
    pending: Sequence[float] = (),
    a: float = 1.0,
    b: float = 1.0,
) -> float:
    """Compute the predictive probability of success while some patients are still pending.

    Parameters
    ----------
    n, least
        Planned evaluable patients and responses that are a success.
    evaluated, responses
        Patients whose outcome is known, and responses among them.
    pending
        For each enrolled patient without a response yet, the share of all responses that would have shown by now
        (0: just enrolled; near 1: will hardly respond any more).
    a, b
        Beta prior of the response rate.

    Returns
    -------
    float
        With no pending patients it is the ordinary predictive probability. A pending patient without a response so
        far counts as 1 - w p in the likelihood and responds later with probability (1 - w) p / (1 - w p).

    References
    ----------
    Lin and Yuan 2016 and Cheung and Chappell 2000 (weights for partial follow-up).

    Examples
    --------
    >>> round(pending_success_probability(20, 6, evaluated=10, responses=2, pending=[0.5, 0.9]), 4)
    0.1631
    """
    new = n - evaluated - len(pending)
    if new < 0 or not 0 <= responses <= evaluated:
        raise DesignError(
            f"{evaluated} evaluated with {responses} responses and {len(pending)} pending do not fit in {n}"
        )
    if not 1 <= least <= n:
        raise DesignError(f"success at {least} responses must lie between 1 and n = {n}")
    # 1 - w p = (1 - p) + (1 - w) p: k later responses among m pending have the likelihood weights[k] p^k (1-p)^(m-k),
    # so that the posterior is a mixture of beta distributions, whatever the prior
    weights = np.ones(1)
    for share in pending:
        weights = np.append(weights, 0.0) + np.append(0.0, weights * (1 - share))
    later = np.arange(len(pending) + 1)
    a_later, b_later = a + responses + later, b + evaluated - responses + len(pending) - later
    with np.errstate(divide="ignore"):
        log_mass = np.log(weights) + special.betaln(a_later, b_later)
    mass = np.exp(log_mass - log_mass.max())
    success = beta_binomial_sf(least - responses - later - 1, new, a_later, b_later)
    return float(mass @ success / mass.sum())
