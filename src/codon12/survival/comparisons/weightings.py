"""Weights of the log-rank family: what each event time counts."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from codon12.errors import UsageError
from codon12.survival.subjects.options import check_choice, check_number

__all__ = ["WEIGHTINGS", "Weighting", "event_weights", "weighting_name"]

Weighting = Literal["logrank", "gehan", "tarone-ware", "peto", "modified-peto", "fleming-harrington"]
WEIGHTINGS: tuple[Weighting, ...] = get_args(Weighting)
Floats = NDArray[np.float64]


def weighting_name(weighting: Weighting, rho: float, gamma: float) -> str:
    """The weighting in words; raises ``UsageError`` where it is unknown or contradicts rho and gamma."""
    check_choice("weighting", weighting, WEIGHTINGS)
    for name, value in (("rho", rho), ("gamma", gamma)):
        check_number(name, value, "a number that is not negative", least=0)
    if weighting in {"logrank", "fleming-harrington"}:
        return "log-rank" if rho == gamma == 0 else f"Fleming-Harrington ({rho:g}, {gamma:g})"
    if rho or gamma:
        raise UsageError(f"rho and gamma belong to fleming-harrington; weighting is {weighting!r}")
    return {
        "gehan": "Gehan-Breslow",
        "tarone-ware": "Tarone-Ware",
        "peto": "Peto-Peto",
        "modified-peto": "modified Peto-Peto (Andersen)",
    }[weighting]


def event_weights(
    deaths: Floats,
    at_risk: Floats,
    stratum: NDArray[np.intp],
    *,
    weighting: Weighting = "logrank",
    rho: float = 0.0,
    gamma: float = 0.0,
) -> Floats:
    """Weight of every event time, from the pooled deaths and numbers at risk of its stratum.

    Fleming-Harrington: S(t-)^rho (1 - S(t-))^gamma with the Kaplan-Meier S just before t. Gehan: n.
    Tarone-Ware: sqrt(n). Peto-Peto: the product of 1 - d / (n + 1) up to and including t; Andersen's
    modification multiplies it by n / (n + 1). Rows are in order of stratum and time.
    """
    if weighting == "gehan":
        return at_risk
    if weighting == "tarone-ware":
        return np.sqrt(at_risk)
    if weighting in {"peto", "modified-peto"}:
        survival = _within(1 - deaths / (at_risk + 1), stratum)
        return survival * at_risk / (at_risk + 1) if weighting == "modified-peto" else survival
    if rho == gamma == 0:
        return np.ones(at_risk.size)
    after = _within((at_risk - deaths) / at_risk, stratum)
    before = np.ones_like(after)
    before[1:] = np.where(stratum[1:] == stratum[:-1], after[:-1], 1.0)
    weight = before**rho if rho else np.ones_like(before)
    return weight * (1 - before) ** gamma if gamma else weight


def _within(factors: Floats, stratum: NDArray[np.intp]) -> Floats:
    """Cumulative products that start anew in every stratum."""
    if stratum.size == 0 or stratum[0] == stratum[-1]:
        return np.asarray(np.cumprod(factors), dtype=np.float64)
    out = np.empty_like(factors)
    starts = np.flatnonzero(np.diff(stratum, prepend=-1))
    for first, last in zip(starts, np.append(starts[1:], factors.size), strict=True):
        np.cumprod(factors[first:last], out=out[first:last])
    return out
