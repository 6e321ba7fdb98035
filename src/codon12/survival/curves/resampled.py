"""Survival statistics of many weighted copies of one sample at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codon12.survival.subjects.ties import last_upto, past

__all__ = ["Resampled", "logrank_of", "median_of", "rmst_of", "survival_of"]

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
_HALF = 1e-9


@dataclass(frozen=True, eq=False)
class _Block:
    """One group's columns: where its subjects stand, and its distinct event times."""

    columns: slice
    event: NDArray[np.intp]
    """Columns (inside the block) of the subjects with an event."""
    starts: NDArray[np.intp]
    """First event column of each distinct event time, among the events."""
    first: NDArray[np.intp]
    """First column (inside the block) with time >= each event time."""
    time: Floats
    all_times: Floats


@dataclass(frozen=True, eq=False)
class Resampled:
    """A sample sorted by time (inside each group, if its columns are grouped), ready for count matrices."""

    time: Floats
    event: NDArray[np.bool_]
    group: NDArray[np.intp]
    n_groups: int

    @classmethod
    def of(cls, time: Floats, event: NDArray[np.bool_], group: NDArray[np.intp], n_groups: int) -> Resampled:
        """Take sorted columns as they are."""
        return cls(time, event, group, n_groups)

    def ends_before(self, at: float) -> float | None:
        """Last follow-up of a group that ends before `at` with S above 0; None where every curve is known there."""
        for g in range(self.n_groups):
            own = self.group == g
            last = float(self.time[own].max())
            if past(at, last) and not self.event[own][self.time[own] == last].all():
                return last
        return None

    def block(self, g: int) -> tuple[NDArray[np.intp] | slice, _Block]:
        """Columns of one group, in order of time, with their event times."""
        own = np.flatnonzero(self.group == g)
        contiguous = own.size == 0 or own[-1] - own[0] + 1 == own.size
        columns: NDArray[np.intp] | slice = slice(int(own[0]), int(own[-1]) + 1) if contiguous else own
        t, d = self.time[own], self.event[own]
        event = np.flatnonzero(d)
        starts = np.flatnonzero(np.diff(t[event], prepend=-1.0) > 0)
        at = t[event][starts]
        first = np.searchsorted(t, at, side="left")
        return columns, _Block(slice(0, own.size), event, starts, first, at, t)


def _deaths(counts: Counts, block: _Block) -> Counts:
    """Deaths at every distinct event time of a block, by replicate."""
    dead = counts[:, block.event]
    if block.starts.size == block.event.size:
        return dead
    return np.add.reduceat(dead, block.starts, axis=1)


def _curves(counts: Counts, block: _Block) -> tuple[Floats, Floats]:
    """Numbers at risk at, and S just after, every distinct event time."""
    so_far = np.cumsum(counts, axis=1)
    n = (so_far[:, -1:] - so_far[:, block.first] + counts[:, block.first]).astype(np.float64)
    d = _deaths(counts, block)
    factor = 1.0 - d / np.maximum(n, 1.0)
    survival: Floats = np.cumprod(factor, axis=1).astype(np.float64, copy=False)
    return n, survival


def median_of(data: Resampled, counts: Counts) -> Floats:
    """Median of every group and replicate; infinite where not reached, the middle of a stretch at one half."""
    out = np.full((counts.shape[0], data.n_groups), np.inf)
    for g in range(data.n_groups):
        columns, block = data.block(g)
        if block.time.size == 0:
            continue
        own = counts[:, columns]
        _, s = _curves(own, block)
        at, past = s <= 0.5 + _HALF, s < 0.5 - _HALF
        reached, fallen = at[:, -1], past[:, -1]
        first, second = block.time[np.argmax(at, axis=1)], block.time[np.argmax(past, axis=1)]
        middle = (first + second) / 2
        flat = reached & ~fallen  # S ends at exactly one half: the stretch goes to the last follow-up
        if flat.any():
            last = own.shape[1] - 1 - np.argmax(own[flat][:, ::-1] > 0, axis=1)
            middle[flat] = (first[flat] + block.all_times[last]) / 2
        out[reached, g] = middle[reached]
    return out


def survival_of(data: Resampled, counts: Counts, *, at: float) -> Floats:
    """S(at) of every group and replicate."""
    out = np.ones((counts.shape[0], data.n_groups))
    for g in range(data.n_groups):
        columns, block = data.block(g)
        upto = int(last_upto(block.time, at)) + 1
        if upto:
            out[:, g] = _curves(counts[:, columns], block)[1][:, upto - 1]
    return out


def rmst_of(data: Resampled, counts: Counts, *, at: float) -> Floats:
    """Area under S up to `at` of every group and replicate, the last value of S carried on."""
    out = np.full((counts.shape[0], data.n_groups), at, dtype=np.float64)
    for g in range(data.n_groups):
        columns, block = data.block(g)
        upto = int(np.searchsorted(block.time, at, side="left"))
        if upto:
            s = _curves(counts[:, columns], block)[1][:, :upto]
            # Summed row by row: a matrix product may round a row by what stands beside it.
            out[:, g] = block.time[0] + (s * np.diff(np.append(block.time[:upto], at))).sum(axis=1)
    return out


def logrank_of(data: Resampled, counts: Counts) -> Floats:
    """Log-rank statistic of every replicate: signed z of two groups, else the chi-square."""
    grid = np.unique(data.time[data.event])
    rows, k = counts.shape[0], data.n_groups
    n, d = np.zeros((k, rows, grid.size)), np.zeros((k, rows, grid.size))
    for g in range(k):
        columns, block = data.block(g)
        own = counts[:, columns]
        first = np.searchsorted(block.all_times, grid, side="left")
        before = np.concatenate([np.zeros((rows, 1), dtype=own.dtype), np.cumsum(own, axis=1)], axis=1)
        n[g] = before[:, -1:] - before[:, first]
        if block.time.size:
            d[g][:, np.searchsorted(grid, block.time)] = _deaths(own, block)
    total, dead = np.maximum(n.sum(axis=0), 1.0), d.sum(axis=0)
    share = dead / total
    spread = share * (total - dead) / (np.maximum(total - 1, 1.0) * total)
    if k == 2:
        score = (d[1] - share * n[1]).sum(axis=1)
        variance = (spread * n[0] * n[1]).sum(axis=1)
        return (score / np.sqrt(np.where(variance > 0, variance, 1.0)))[:, None]
    score = (d - share * n).sum(axis=2).T[:, 1:]
    variance = -np.einsum("grt,hrt,rt->rgh", n, n, spread)
    index = np.arange(k)
    variance[:, index, index] = 0.0
    variance[:, index, index] = -variance.sum(axis=2)
    inverse = np.linalg.pinv(variance[:, 1:, 1:], hermitian=True)
    return np.einsum("rg,rgh,rh->r", score, inverse, score)[:, None]
