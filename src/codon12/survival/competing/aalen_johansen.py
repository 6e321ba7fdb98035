"""Competing risks: Aalen-Johansen probabilities with infinitesimal-jackknife standard errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from codon12.survival.competing.causes import causes, names_of
from codon12.survival.competing.multi_state import multi_state
from codon12.survival.competing.state_curves import StateCurves, StateModel, certain
from codon12.survival.curves.risk_sets import RiskSets, risk_sets
from codon12.survival.results.limits import CONF_TYPES, ConfType, normal_quantile
from codon12.survival.subjects.columns import Factor
from codon12.survival.subjects.options import check_choice
from codon12.survival.subjects.subjects import left_out, read_subjects

__all__ = ["aalen_johansen"]

Floats = NDArray[np.float64]


def aalen_johansen(
    time: ArrayLike,
    event: ArrayLike,
    *,
    labels: Sequence[str] | None = None,
    group: Any = None,
    weights: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    conf_type: ConfType = "log-log",
    level: float = 0.95,
    initial: str = "event free",
) -> StateModel:
    """Estimate the probability of each competing event over time.

    Parameters
    ----------
    time
        Follow-up of every subject.
    event
        What ended it: 0 censored, 1, 2, ... the causes.
    labels
        Names of causes 1, 2, ...; the numbers where left out.
    group, weights, entry, conf_type, level
        As in ``kaplan_meier``.
    initial
        Name of the state in which all begin.

    Returns
    -------
    StateModel
        Per group the probabilities of the initial state and of every cause; they add to 1.

    Raises
    ------
    DataError, UsageError
        As in ``kaplan_meier``.

    References
    ----------
    Aalen and Johansen 1978. The standard error is the infinitesimal jackknife of R's ``survfit``; ``cmprsk``
    uses another formula, see ``cumulative_incidence``.

    Examples
    --------
    >>> found = aalen_johansen([1, 2, 3, 4], [1, 2, 0, 1], labels=["relapse", "death"]).curve()
    >>> found.probability[-1].tolist()
    [0.0, 0.75, 0.25]
    """
    check_choice("conf_type", conf_type, CONF_TYPES)
    normal_quantile(level)
    subjects = read_subjects(time, event=event, group=group, weights=weights, entry=entry)
    t, groups, w = subjects.time, subjects.group, subjects.weights
    codes, names = causes(subjects.others["event"], t.size, labels)
    names_of("initial and labels", (initial, *names))
    if subjects.entry is not None:
        model = multi_state(
            subjects.entry,
            t,
            codes,
            states=(initial, *names),
            group=pl.Series("group", np.array(groups.labels)[groups.codes], dtype=pl.Enum(groups.labels)),
            weights=w,
            conf_type=conf_type,
            level=level,
        )
        return replace(model, method=model.method + left_out(subjects.dropped), dropped=subjects.dropped)
    k = len(names) + 1
    options: dict[str, Any] = {"n_strata": len(groups), "stratum": groups.codes if len(groups) > 1 else None}
    sets = risk_sets(t, codes, k, weights=w, **options)
    squared = sets if w is None else risk_sets(t, codes, k, weights=w * w, **options)
    sizes = np.bincount(groups.codes, minlength=len(groups))
    total = None if w is None else np.bincount(groups.codes, w, minlength=len(groups)).tolist()
    curves = _curves(sets, squared, groups, sizes, (initial, *names))
    kept = tuple(
        StateCurves(**c, conf_type=conf_type, level=level, weight=None if total is None else total[g])
        for g, c in enumerate(curves)
    )
    method = _METHOD.format(conf_type=conf_type, level=100 * level) + left_out(subjects.dropped)
    return StateModel(kept, method, subjects.dropped)


_METHOD = "Aalen-Johansen, infinitesimal-jackknife standard error, {conf_type} limits at {level:g}%"


def _curves(
    sets: RiskSets, squared: RiskSets, groups: Factor, sizes: NDArray[np.int64], states: tuple[str, ...]
) -> list[dict[str, Any]]:
    out = []
    left, left_squared = sets.remaining.sum(axis=1), squared.remaining.sum(axis=1)
    bounds = np.searchsorted(sets.stratum, np.arange(len(groups) + 1))
    for g, label in enumerate(groups.labels):
        rows = slice(bounds[g], bounds[g + 1])
        n, leaving = left[rows].astype(np.float64), sets.leaving[rows].astype(np.float64)
        probability, se, hazard = _competing(
            n, leaving, left_squared[rows].astype(np.float64), squared.leaving[rows].astype(np.float64)
        )
        n_risk = np.zeros_like(probability)
        n_risk[:, 0] = n
        entries = leaving.copy()
        entries[:, 0] = 0.0
        used = np.flatnonzero(leaving[:, 1:].any(axis=0))
        out.append(
            {
                "group": label,
                "n": int(sizes[g]),
                "states": states,
                "time": sets.time[rows],
                "n_risk": n_risk,
                "n_event": entries,
                "probability": probability,
                "std_error": se,
                "transitions": tuple((states[0], states[c + 1]) for c in used),
                "cumulative_hazard": hazard[:, used],
            }
        )
    return out


def _competing(
    n: Floats, leaving: Floats, remaining_squared: Floats, leaving_squared: Floats
) -> tuple[Floats, Floats, Floats]:
    """Probabilities, their standard errors and the cause-specific cumulative hazards of one group.

    The influence of a subject on S(t) is S(t) C with C = A(t) while at risk, A = sum d / (n (n - d)), and
    C = A(T) - [event] / (n - d) after its time T. On F_k(t) it is B_k(t) while at risk and
    B_k(T) + [cause k] S(T-) / n + C (F_k(t) - F_k(T)) after. Subjects with one time and outcome share it, so the
    sums of squares need the counts alone.
    """
    safe = np.where(n > 0, n, 1.0)
    hazard = leaving[:, 1:] / safe[:, None]
    d = leaving[:, 1:].sum(axis=1)
    stays = np.where(n > 0, np.maximum(n - d, 0.0), 1.0) / safe
    survival = np.cumprod(stays)
    before = np.append(1.0, survival[:-1])
    incidence = np.minimum(np.cumsum(before[:, None] * hazard, axis=0), 1.0)  # rounding alone takes it past 1
    drift = np.where((d > 0) & (n > d), d / (safe * np.where(n > d, n - d, 1.0)), 0.0).cumsum()
    earlier = np.append(0.0, drift[:-1])
    shared = np.cumsum((before * (earlier - 1 / safe))[:, None] * hazard, axis=0)
    ends = np.where(n > d, -1.0 / np.where(n > d, n - d, 1.0), 0.0)
    slope_censored, slope_event = drift, drift + ends
    gone = np.column_stack([leaving_squared[:, :1], leaving_squared[:, 1:].sum(axis=1)])
    exposed = np.maximum(remaining_squared - leaving_squared.sum(axis=1), 0.0)
    cc = np.cumsum(gone[:, 0] * slope_censored**2 + gone[:, 1] * slope_event**2)
    variance = np.empty((n.size, leaving.shape[1]))
    variance[:, 0] = survival**2 * (cc + exposed * drift**2)
    for k in range(hazard.shape[1]):
        f, b = incidence[:, k], shared[:, k]
        dd, dc = np.zeros(n.size), np.zeros(n.size)
        for cell in range(leaving.shape[1]):
            slope = slope_censored if cell == 0 else slope_event
            level = b + (before / safe if cell == k + 1 else 0.0) - slope * f
            dd += leaving_squared[:, cell] * level**2
            dc += leaving_squared[:, cell] * level * slope
        variance[:, k + 1] = np.cumsum(dd) + 2 * f * np.cumsum(dc) + f * f * cc + exposed * b * b
    probability: Floats = np.column_stack([survival, incidence]).astype(np.float64)
    error: Floats = np.where(certain(probability), 0.0, np.sqrt(np.maximum(variance, 0.0)))
    return probability, error, np.cumsum(hazard, axis=0)
