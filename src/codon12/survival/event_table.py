"""Deaths and numbers at risk by group at every event time: what the log-rank family reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codon12.errors import DataError
from codon12.survival.observations import Factor, combined_factor, entry_times, event_flags, times
from codon12.survival.risk_sets import MAX_BITS, packed_order, risk_sets, snapped, tied_starts, whole

__all__ = ["EventTable", "event_table", "score_and_variance"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class EventTable:
    """Rows are the event times of each stratum; ``deaths`` and ``at_risk`` have a column a group."""

    stratum: NDArray[np.intp]
    deaths: Floats
    at_risk: Floats
    group: Factor
    strata: tuple[str, ...]


def event_table(
    time: ArrayLike, event: ArrayLike, group: Any, *, strata: Any = None, entry: ArrayLike | None = None
) -> EventTable:
    """Deaths and numbers at risk by group at every time with a death; errors as in ``logrank``."""
    t = times(time)
    d = event_flags(event, t.size)
    groups = combined_factor(group, t.size, what="group")
    if len(groups) < 2:
        raise DataError(f"group has one level only ({groups.labels[0]}): there is nothing to compare")
    layers = combined_factor(strata, t.size) if strata is not None else None
    if layers is None and entry is None:
        quick = _one_sort(t, d, groups)
        if quick is not None:
            return quick
    start = entry_times(entry, t)
    if start is not None:
        t, start = snapped(t, start)
    k = len(groups)
    where: dict[str, Any] = {}
    if layers is not None:
        where = {"stratum": layers.codes, "n_strata": len(layers)}
    sets = risk_sets(t, groups.codes * 2 + d, 2 * k, exact_times=start is not None, **where)
    deaths, at_risk = sets.by_event()
    if start is not None:
        at_risk = at_risk - risk_sets(start, groups.codes, k, **where).still_to_come(sets)
    row = np.flatnonzero(deaths.any(axis=1))
    return EventTable(
        sets.stratum[row],
        np.asarray(deaths[row], dtype=np.float64),
        np.asarray(at_risk[row], dtype=np.float64),
        groups,
        ("all",) if layers is None else layers.labels,
    )


def _one_sort(time: NDArray[Any], event: NDArray[np.bool_], groups: Factor) -> EventTable | None:
    """Continuous times of one stratum: positions after one sort give everything, at the events alone."""
    k = len(groups)
    bits = (2 * k - 1).bit_length()
    if bits > MAX_BITS or whole(time) is not None:
        return None
    found = packed_order(time.astype(np.float64), groups.codes * 2 + event, bits, exact_times=False)
    if found is None:
        return None
    ordered, own = found
    starts = tied_starts(ordered)
    at = np.flatnonzero(own & 1)
    own >>= 1
    first: NDArray[np.intp] = at
    if not starts.all():
        chain = np.cumsum(starts, dtype=np.int32)[at] - 1
        new = np.diff(chain, prepend=-1) != 0
        first = np.flatnonzero(starts)[chain[new]]
        row = np.cumsum(new) - 1
    else:
        row = np.arange(at.size)
    deaths, at_risk = np.empty((k, first.size)), np.empty((k, first.size))
    rest = (time.size - first).astype(np.float64)
    died, who = own[at], np.empty(0)
    everyone = np.bincount(row, minlength=first.size).astype(np.float64)
    for g in range(1, k):
        member = own == g
        so_far = np.cumsum(member, dtype=np.int32)
        at_risk[g] = so_far[-1] - so_far[first] + member[first]
        who = died == g
        deaths[g] = who if row.size == first.size else np.bincount(row, who, minlength=first.size)
    at_risk[0] = rest - at_risk[1:].sum(axis=0)
    deaths[0] = everyone - deaths[1:].sum(axis=0)
    return EventTable(np.zeros(first.size, dtype=np.intp), deaths.T, at_risk.T, groups, ("all",))


def score_and_variance(table: EventTable, weight: Floats, other: Floats | None = None) -> tuple[Floats, Floats, Floats]:
    """Observed and expected (strata, groups), and the hypergeometric covariance summed over strata.

    With `other` the covariance is that between the statistics of the two weights.
    """
    n, d = table.at_risk.sum(axis=1), table.deaths.sum(axis=1)
    rate = weight * d / n
    s, k = len(table.strata), table.deaths.shape[1]
    observed, expected = np.empty((s, k)), np.empty((s, k))
    for g in range(k):
        for out, values in ((observed, weight * table.deaths[:, g]), (expected, rate * table.at_risk[:, g])):
            out[:, g] = values.sum() if s == 1 else np.bincount(table.stratum, values, minlength=s)
    spread = rate * (weight if other is None else other) * (n - d) / (np.maximum(n - 1, 1) * n)
    variance = np.zeros((k, k))
    for i in range(k):
        own = spread * table.at_risk[:, i]
        for j in range(i):
            variance[i, j] = variance[j, i] = -(own * table.at_risk[:, j]).sum()
    np.fill_diagonal(variance, -variance.sum(axis=1))
    return observed, expected, variance
