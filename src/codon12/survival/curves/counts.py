"""Times, numbers at risk, events and censorings of every group: what a Kaplan-Meier curve is made of."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.survival.curves.risk_sets import RiskSets, packed_order, risk_sets, total
from codon12.survival.subjects.columns import Factor
from codon12.survival.subjects.ties import tied_starts, whole

__all__ = ["curve_counts"]

Floats = NDArray[np.float64]


def curve_counts(
    time: NDArray[Any],
    event: NDArray[np.bool_],
    groups: Factor,
    weights: NDArray[np.float64] | None,
    entry: NDArray[np.float64] | None,
) -> list[dict[str, Any]]:
    """Counts at the distinct times of every group."""
    k = len(groups)
    if k == 1 and weights is None and entry is None:
        days = whole(time)
        quick = _one_sort(time, event) if days is None else _one_count(days, event)
        if quick is not None:
            times, n_risk, n_event, n_censor = quick
            counts = {"n_risk": n_risk, "n_event": n_event, "n_censor": n_censor, "deaths": n_event}
            return [{"n": time.size, "time": times, **counts}]
    cell = event.view(np.int8)
    sets = risk_sets(time, cell, 2, stratum=None if k == 1 else groups.codes, n_strata=k, weights=weights)
    plain = sets if weights is None else risk_sets(time, cell, 2, stratum=groups.codes, n_strata=k)
    bounds = [0, sets.time.size] if k == 1 else np.searchsorted(sets.stratum, np.arange(k + 1)).tolist()
    sizes = [time.size] if k == 1 else np.bincount(groups.codes, minlength=k).tolist()
    out = []
    for i in range(k):
        rows = slice(bounds[i], bounds[i + 1])
        own_time = sets.time[rows]
        n_risk, not_yet = _remaining(sets, rows).astype(np.float64), 0
        if entry is not None:
            own = groups.codes == i
            order = np.argsort(entry[own])
            share = np.ones(order.size) if weights is None else weights[own][order]
            later = np.append(np.cumsum(share[::-1])[::-1], 0.0)
            behind = np.searchsorted(entry[own][order], own_time, side="left")
            n_risk, not_yet = n_risk - later[behind], order.size - behind
        n_event = sets.leaving[rows, 1].astype(np.float64)
        if weights is not None:  # where everybody at risk has the event, S is 0 and not what rounding leaves of it
            here = _remaining(plain, rows) - not_yet
            n_risk = np.where(plain.leaving[rows, 1] == here, n_event, n_risk)
        out.append(
            {
                "n": sizes[i],
                "time": own_time,
                "n_risk": n_risk,
                "n_event": n_event,
                "n_censor": sets.leaving[rows, 0].astype(np.float64),
                "deaths": n_event if weights is None else plain.leaving[rows, 1].astype(np.float64),
            }
        )
    return out


def _one_count(days: NDArray[np.int64], event: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats, Floats] | None:
    """Times, numbers at risk, events and censorings of one group, from one count over (event, day)."""
    span = int(days.max()) + 1
    if 2 * span > max(1 << 16, 4 * days.size):
        return None
    cell = event * np.int64(span)
    cell += days
    counts = np.bincount(cell, minlength=2 * span).reshape(2, span)
    leaving = counts[0] + counts[1]
    at = leaving.nonzero()[0]
    leaving = leaving.take(at)
    n_event = counts[1].take(at).astype(np.float64)
    return at.astype(np.float64), leaving[::-1].cumsum()[::-1].astype(np.float64), n_event, leaving - n_event


def _one_sort(time: NDArray[Any], event: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats, Floats] | None:
    """The same of continuous times, from one sort."""
    found = packed_order(time.astype(np.float64), event.view(np.int8), 1, exact_times=True)
    if found is None:
        return None
    ordered, died = found
    starts = tied_starts(ordered)
    if starts.all():
        n_event = died.astype(np.float64)
        return ordered, np.arange(ordered.size, 0.0, -1.0), n_event, 1.0 - n_event
    first = starts.nonzero()[0]
    n_risk: Floats = np.subtract(float(ordered.size), first, dtype=np.float64)
    after = died[::-1].cumsum(dtype=np.int32)[::-1].take(first)  # events at this time or later
    n_event, n_censor = after.astype(np.float64), n_risk.copy()
    n_event[:-1] -= after[1:]
    n_censor[:-1] -= n_risk[1:]
    n_censor -= n_event
    return ordered.take(first), n_risk, n_event, n_censor


def _remaining(sets: RiskSets, rows: slice) -> NDArray[Any]:
    """Subjects (or their weights) with time >= each row's, of the rows of one group."""
    return total(sets.leaving[rows])[::-1].cumsum()[::-1]
