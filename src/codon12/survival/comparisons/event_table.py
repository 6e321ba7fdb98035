"""Deaths and numbers at risk by group at every event time: what the log-rank family reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codon12.errors import DataError, UsageError
from codon12.survival.curves.risk_sets import MAX_BITS, packed_order, risk_sets, total
from codon12.survival.subjects.columns import Factor, entry_times
from codon12.survival.subjects.subjects import read_subjects
from codon12.survival.subjects.ties import snapped, tied_starts, whole

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
    dropped: int = 0
    """Rows left out because their group or stratum is missing."""

    @cached_property
    def all_deaths(self) -> Floats:
        """Deaths at each row, whatever the group."""
        return total(self.deaths)

    @cached_property
    def all_at_risk(self) -> Floats:
        """Number at risk at each row, whatever the group."""
        return total(self.at_risk)


def event_table(
    time: ArrayLike, event: ArrayLike, group: Any, *, strata: Any = None, entry: ArrayLike | None = None
) -> EventTable:
    """Deaths and numbers at risk by group at every time with a death; errors as in ``logrank``."""
    if group is None:
        raise UsageError("group must be one column of values, one a subject; got None")
    subjects = read_subjects(time, event=event, group=group, strata=strata, entry=entry)
    t, d, groups, layers, start = subjects.time, subjects.event, subjects.group, subjects.strata, subjects.entry
    if len(groups) < 2:
        raise DataError(f"group has one level only ({groups.labels[0]}): there is nothing to compare")
    if layers is None and start is None:
        days = whole(t)
        quick = _one_sort(t, d, groups) if days is None else _one_count(days, d, groups)
        if quick is not None:
            deaths, at_risk = quick
            return EventTable(
                np.zeros(deaths.shape[1], dtype=np.intp), deaths.T, at_risk.T, groups, ("all",), subjects.dropped
            )
    if start is not None:
        t, start = snapped(t, start)
        entry_times(start, t)  # times nearer than the tolerance have become one
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
        subjects.dropped,
    )


def _one_count(days: NDArray[np.int64], event: NDArray[np.bool_], groups: Factor) -> tuple[Floats, Floats] | None:
    """Whole days of one stratum, where they are not far apart: one count over (group, event, day) gives everything."""
    k, span = len(groups), int(days.max()) + 1
    if 2 * k * span > max(1 << 16, 4 * days.size):
        return None
    cell = groups.codes * (2 * span)
    cell += days
    cell += event * np.int64(span)
    counts = np.bincount(cell, minlength=2 * k * span).reshape(k, 2, span)
    deaths = counts[:, 1]
    leaving = counts[:, 0] + deaths
    at = total(deaths.T).nonzero()[0]
    at_risk = leaving[:, ::-1].cumsum(axis=1)[:, ::-1]
    return deaths.take(at, axis=1).astype(np.float64), at_risk.take(at, axis=1).astype(np.float64)


def _one_sort(time: NDArray[Any], event: NDArray[np.bool_], groups: Factor) -> tuple[Floats, Floats] | None:
    """Continuous times of one stratum: positions after one sort give everything, at the events alone."""
    k = len(groups)
    bits = (2 * k - 1).bit_length()
    if bits > MAX_BITS:
        return None
    found = packed_order(time.astype(np.float64), groups.codes * 2 + event, bits, exact_times=False)
    if found is None:
        return None
    ordered, own = found
    starts = tied_starts(ordered)
    at = (own & 1).nonzero()[0]
    own >>= 1
    died, first = own[at], at
    row = None
    if not starts.all():
        chain = np.cumsum(starts, dtype=np.int32)[at] - 1
        new = np.diff(chain, prepend=-1) != 0
        first = np.flatnonzero(starts)[chain[new]]
        row = np.cumsum(new) - 1
    deaths, at_risk = np.empty((k, first.size)), np.empty((k, first.size))
    for g in range(1, k):
        member, who = own == g, died == g
        so_far = member.cumsum(dtype=np.int32)
        at_risk[g] = so_far[-1] - so_far[first] + member[first]
        deaths[g] = who if row is None else np.bincount(row, who, minlength=first.size)
    at_risk[0] = time.size - first
    deaths[0] = 1.0 if row is None else np.bincount(row, minlength=first.size)
    for g in range(1, k):  # the first group is what the others leave
        at_risk[0] -= at_risk[g]
        deaths[0] -= deaths[g]
    return deaths, at_risk


def score_and_variance(table: EventTable, weight: Floats, other: Floats | None = None) -> tuple[Floats, Floats, Floats]:
    """Observed and expected (strata, groups), and the hypergeometric covariance summed over strata.

    With `other` the covariance is that between the statistics of the two weights.
    """
    n, d = table.all_at_risk, table.all_deaths
    rate = weight * d
    rate /= n
    s, k = len(table.strata), table.deaths.shape[1]
    if s == 1:
        observed, expected = (weight @ table.deaths)[None, :], (rate @ table.at_risk)[None, :]
    else:
        observed, expected = np.empty((s, k)), np.empty((s, k))
        for g in range(k):
            observed[:, g] = np.bincount(table.stratum, weight * table.deaths[:, g], minlength=s)
            expected[:, g] = np.bincount(table.stratum, rate * table.at_risk[:, g], minlength=s)
    spread = rate * (weight if other is None else other)
    spread *= (n - d) / (np.maximum(n - 1, 1) * n)
    at_risk = table.at_risk.T
    variance = -((at_risk * spread) @ at_risk.T)
    variance.flat[:: k + 1] = 0.0
    variance.flat[:: k + 1] = -variance.sum(axis=1)
    return observed, expected, variance
