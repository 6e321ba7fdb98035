"""Who was at risk when: counts at every distinct time, the one table all nonparametric estimates read.

Whole-day times need no sort: one ``bincount`` over (stratum, day, cell). Other times are sorted once, with
the cell number carried in the lowest bits of the time itself, which is far below the tolerance for ties.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.survival.subjects.ties import snapped, tied_starts, whole

__all__ = ["MAX_BITS", "RiskSets", "packed_order", "remaining", "risk_sets", "total"]

MAX_BITS = 6


@dataclass(frozen=True)
class RiskSets:
    """Rows are the distinct (stratum, time) pairs in order, columns the cells.

    A cell is what the caller made of group and outcome; ``leaving`` counts (or sums the weights of) those
    whose observation ends at that time, ``remaining`` those whose time is this or later.
    """

    stratum: NDArray[np.intp]
    time: NDArray[np.float64]
    leaving: NDArray[Any]

    @property
    def remaining(self) -> NDArray[Any]:
        """Subjects of each cell with time >= the row's, by summing each stratum from its end."""
        return remaining(self.leaving, self.stratum)

    def by_event(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Events, and numbers at risk, by group, if cells are ``2 * group + event``."""
        events = self.leaving[:, 1::2]
        return events, remaining(self.leaving[:, 0::2] + events, self.stratum)

    def still_to_come(self, others: RiskSets) -> NDArray[Any]:
        """Subjects of each cell and stratum with time >= each row's time of `others`.

        Of entry times these are the ones not yet under observation.
        """
        out = np.zeros((others.time.size, self.leaving.shape[1]), dtype=self.leaving.dtype)
        later = np.vstack([self.remaining, np.zeros_like(self.leaving[:1])])
        for s in np.unique(others.stratum):
            own = slice(*np.searchsorted(self.stratum, [s, s + 1]))
            rows = slice(*np.searchsorted(others.stratum, [s, s + 1]))
            at = own.start + np.searchsorted(self.time[own], others.time[rows], side="left")
            out[rows] = np.where((at < own.stop)[:, None], later[at], 0)
        return out


def total(leaving: NDArray[Any]) -> NDArray[Any]:
    """Sum over the cells (last axis); of two cells without the cost of a reduction."""
    return leaving[:, 0] + leaving[:, 1] if leaving.shape[1] == 2 else leaving.sum(axis=1)


def remaining(leaving: NDArray[Any], stratum: NDArray[np.intp]) -> NDArray[Any]:
    """Reverse cumulative sums of `leaving` (by rows) inside each stratum (rows sorted by stratum)."""
    if leaving.shape[0] == 0:
        return leaving.copy()
    if stratum[0] == stratum[-1]:
        return leaving[::-1].cumsum(axis=0)[::-1]
    starts = np.flatnonzero(np.diff(stratum, prepend=-1))
    if leaving.dtype.kind in "iu":
        total = np.cumsum(leaving[::-1], axis=0)[::-1]
        ends = np.append(starts[1:], leaving.shape[0])
        later = np.zeros((starts.size, *leaving.shape[1:]), dtype=leaving.dtype)
        later[:-1] = total[starts[1:]]
        return total - np.repeat(later, ends - starts, axis=0)
    parts = np.split(leaving, starts[1:])
    return np.concatenate([np.cumsum(p[::-1], axis=0)[::-1] for p in parts])


def risk_sets(
    time: NDArray[Any],
    cell: NDArray[Any],
    n_cells: int,
    *,
    stratum: NDArray[np.intp] | None = None,
    n_strata: int = 1,
    weights: NDArray[np.float64] | None = None,
    exact_times: bool = True,
) -> RiskSets:
    """Count the subjects of each cell that leave at each distinct time of each stratum.

    Parameters
    ----------
    time
        Finite times (entry times may be negative).
    cell, n_cells
        Cell of every subject, ``0..n_cells-1``.
    stratum, n_strata
        Stratum of every subject, ``0..n_strata-1``.
    weights
        Case weights; the counts are their sums then.
    exact_times
        False if the caller never shows the row times: they may then be off in the last bits.
    """
    days = whole(time)
    cells = _Cells(cell, n_cells, None if n_strata == 1 else stratum, n_strata)
    if days is not None:
        span = int(days.max()) + 1
        if span * n_cells * n_strata <= max(1 << 16, 4 * time.size):
            return _by_day(days, span, cells, weights)
    if weights is None and (n_cells * n_strata - 1).bit_length() <= MAX_BITS:
        packed = _packed(time.astype(np.float64), cells, exact_times=exact_times)
        if packed is not None:
            return packed
    return _sorted(time, cells, weights)


@dataclass(frozen=True)
class _Cells:
    """Where each subject is counted."""

    cell: NDArray[Any]
    n_cells: int
    stratum: NDArray[np.intp] | None
    n_strata: int


def _by_day(days: NDArray[np.int64], span: int, where: _Cells, weights: NDArray[np.float64] | None) -> RiskSets:
    key = days if where.stratum is None else where.stratum * span + days
    size = span * where.n_strata
    key = where.cell * np.int64(size) + key if where.n_cells > 1 else key
    counts = np.bincount(key, minlength=size * where.n_cells).reshape(where.n_cells, size)
    row = total(counts.T).nonzero()[0]
    if weights is not None:
        counts = np.bincount(key, weights, minlength=size * where.n_cells).reshape(where.n_cells, size)
    leaving = counts.take(row, axis=1).T
    if where.stratum is None:
        return RiskSets(np.zeros(row.size, dtype=np.intp), row.astype(np.float64), leaving)
    sizes = np.diff(row.searchsorted(np.arange(where.n_strata + 1) * span))
    stratum = np.repeat(np.arange(where.n_strata), sizes)
    return RiskSets(stratum, (row - stratum * span).astype(np.float64), leaving)


def packed_order(
    time: NDArray[np.float64], cell: NDArray[Any], bits: int, *, exact_times: bool
) -> tuple[NDArray[np.float64], NDArray[np.int8]] | None:
    """Sorted times and the cells in that order, out of one integer sort; none where the cell has no room.

    Non-negative doubles sort as their bits read as integers. Where these span less than 63 - `bits` bits they are
    shifted up and the cell put below, which loses nothing; otherwise (a time of 0, say) it takes the place of the
    lowest bits of the time, far below the tolerance for ties, and exact times are sorted again if wanted.
    """
    low, high = float(time.min()), float(time.max())
    if low < 0:
        return None
    key = (time + 0.0).view(np.int64)  # + 0.0 makes -0.0 a plain zero
    first, last = (int(np.float64(v + 0.0).view(np.int64)) for v in (low, high))
    mask = (1 << bits) - 1
    if last - first < 1 << (63 - bits):
        key -= first
        key <<= bits
        key |= cell
        key.sort()
        own = (key & mask).astype(np.int8)
        key >>= bits
        key += first
        return key.view(np.float64), own
    if high > 1e5 * max(1.0, float(time.mean())):
        return None  # the lowest bits of such an outlier come near the tolerance of the others
    key &= ~mask
    key |= cell
    key.sort()
    own = (key & mask).astype(np.int8)
    key &= ~mask
    return np.sort(time) if exact_times else key.view(np.float64), own


def _packed(time: NDArray[np.float64], where: _Cells, *, exact_times: bool) -> RiskSets | None:
    """One sort, with stratum and cell carried along; then stratum by stratum."""
    n_cells, n_strata = where.n_cells, where.n_strata
    code = where.cell if where.stratum is None else where.stratum * n_cells + where.cell
    found = packed_order(time, code, (n_cells * n_strata - 1).bit_length(), exact_times=exact_times)
    if found is None:
        return None
    ordered, own = found
    starts = tied_starts(ordered)
    row = None
    if not starts.all():
        row = np.cumsum(starts) - 1
        ordered = ordered[starts]
    if n_strata == 1:
        counts = _counts(row, own, n_cells, ordered.size)
        return RiskSets(np.zeros(ordered.size, dtype=np.intp), ordered, counts)
    parts, times = [], []
    stratum = own // n_cells
    for s in range(n_strata):
        member = np.flatnonzero(stratum == s)
        cell = own[member] - s * n_cells
        if row is None:
            at, of = member, None
        else:
            own_row = row[member]
            new = np.diff(own_row, prepend=-1) > 0
            at, of = own_row[new], np.cumsum(new) - 1
        times.append(ordered[at])
        parts.append(_counts(of, cell, n_cells, at.size))
    strata = np.repeat(np.arange(n_strata), [t.size for t in times])
    return RiskSets(strata, np.concatenate(times), np.concatenate(parts))


def _counts(row: NDArray[np.intp] | None, cell: NDArray[np.int8], n_cells: int, rows: int) -> NDArray[np.int64]:
    """How many of each cell a row has; without rows everyone is a row."""
    if row is not None:
        key = row + cell.astype(np.int64) * rows
        return np.bincount(key, minlength=rows * n_cells).reshape(n_cells, rows).T
    counts = np.empty((n_cells, rows), dtype=np.int64)
    for c in range(n_cells):
        counts[c] = cell == c
    return counts.T


def _sorted(time: NDArray[Any], where: _Cells, weights: NDArray[np.float64] | None) -> RiskSets:
    n_cells, stratum = where.n_cells, where.stratum
    exact, _ = snapped(time)
    if stratum is None:
        order = np.argsort(exact)
        group = np.zeros(exact.size, dtype=np.intp)
    else:
        order = np.lexsort((exact, stratum))
        group = stratum[order]
    ordered = exact[order]
    starts = np.empty(ordered.size, dtype=bool)
    starts[0] = True
    starts[1:] = (ordered[1:] != ordered[:-1]) | (group[1:] != group[:-1])
    row = np.cumsum(starts) - 1
    key = row * n_cells + where.cell[order]
    size = (int(row[-1]) + 1) * n_cells
    share = None if weights is None else weights[order]
    counts = np.bincount(key, share, minlength=size).reshape(-1, n_cells)
    return RiskSets(group[starts], ordered[starts], counts)
