"""Predictive probability while some patients are enrolled but not yet evaluable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from codon12.design.quadrature import panel_nodes
from codon12.errors import DesignError
from codon12.numbers import binomial_sf

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
    w = np.array(pending, dtype=float)
    if len(w) and (w.min() < 0 or w.max() > 1):
        raise DesignError("the share of responses that would have shown by now lies between 0 and 1")
    new = n - evaluated - len(w)
    if new < 0 or not 0 <= responses <= evaluated:
        raise DesignError(f"{evaluated} evaluated with {responses} responses and {len(w)} pending do not fit in {n}")
    angle, weight = panel_nodes(np.linspace(0, np.pi, 17), 24)
    p, weight = (1 - np.cos(angle)) / 2, weight * np.sin(angle) / 2
    log_density = special.xlogy(a + responses - 1, p) + special.xlog1py(b + evaluated - responses - 1, -p)
    log_density = log_density + np.log1p(-np.multiply.outer(w, p)).sum(axis=0)
    density = np.exp(log_density - log_density.max()) * weight
    # distribution of the responses still to come among the pending, at each rate
    later = np.ones((1, len(p)))
    for share in w:
        chance = (1 - share) * p / (1 - share * p)
        later = np.pad(later * (1 - chance), ((0, 1), (0, 0))) + np.pad(later * chance, ((1, 0), (0, 0)))
    missing = least - responses - np.arange(len(w) + 1)[:, None]
    success = (later * binomial_sf(missing - 1, new, p)).sum(axis=0)
    return float((density @ success) / density.sum())
