"""Cells of a Fine-Gray regression: distinct times of each stratum, and the chance of still being observed there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.errors import DataError
from codon12.survival.competing.fine_gray_likelihood import censoring_curve
from codon12.survival.subjects.columns import Factor, entry_times
from codon12.survival.subjects.ties import merge_near_ties

__all__ = ["Cells", "cells"]

Vector = NDArray[Any]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Cells:
    """What ``FineGrayLikelihood`` needs to know of times, strata and the censoring distribution."""

    times: Vector
    at: Places
    free: Vector
    group: Places
    restarts: Places
    entry: Places | None


def cells(
    time: Vector,
    event: NDArray[np.bool_],
    *,
    entry: Vector | None,
    strata: Factor | None,
    censoring: Factor | None,
    events_first: bool,
) -> Cells:
    """Distinct times within strata, and the censoring curve of each censoring group at all of them.

    Raises ``DataError`` where, by late entry, one subject alone was under observation: whoever had a competing
    event before would weigh without bound afterwards.
    """
    both = np.asarray(merge_near_ties(time if entry is None else np.concatenate([time, entry]))[0], dtype=np.float64)
    clock, start = both[: time.size], None if entry is None else both[time.size :]
    entry_times(start, clock)  # times nearer than the tolerance have become one
    distinct, place = np.unique(clock, return_inverse=True)
    into = None if start is None else np.searchsorted(distinct, start, side="right")
    stratum = np.zeros(time.size, dtype=np.intp) if strata is None else strata.codes
    key, at = np.unique(stratum * distinct.size + place, return_inverse=True)
    own_stratum, own_place = np.divmod(key, distinct.size)
    group = np.zeros(time.size, dtype=np.intp) if censoring is None else censoring.codes
    free = np.ones((1 if censoring is None else len(censoring), distinct.size))
    delayed = start is not None and bool(start.max() > clock.min())
    for g in range(free.shape[0]):
        own = group == g
        late = None if into is None else into[own]
        free[g] = censoring_curve(place[own], distinct.size, event[own], events_first=events_first, entry=late)
        if delayed and start is not None:
            free[g] *= _entered(clock[own], start[own], distinct)
        if not events_first:  # cmprsk takes nobody to be uncensored after the last of a group, whatever ended it
            free[g, distinct > clock[own].max()] = 0.0
    first = None
    if start is not None:
        first = np.searchsorted(key, stratum * distinct.size + np.searchsorted(distinct, start, side="right"))
    return Cells(
        times=distinct[own_place],
        at=at.astype(np.intp),
        free=free[:, own_place],
        group=group,
        restarts=np.flatnonzero(np.diff(own_stratum)) + 1,
        entry=first,
    )


def _entered(time: Vector, entry: Vector, at: Vector) -> Vector:
    """Chance of having entered before each time of `at`: the product limit of entries, backwards in time."""
    when, count = np.unique(entry, return_counts=True)
    under = np.searchsorted(np.sort(entry), when, side="right") - np.searchsorted(np.sort(time), when, side="right")
    stay = 1 - count / np.maximum(under, count)
    if np.any(stay[1:] <= 0):
        alone = when[1:][stay[1:] <= 0][0]
        raise DataError(
            f"late entry: just after {alone:g} only those who enter then are under observation, so that earlier"
            " competing events have no weight after it; begin the analysis there, or leave the earlier rows out"
        )
    stay[0] = 1.0 if stay[0] <= 0 else stay[0]
    return np.append(np.cumprod(stay[::-1])[::-1], 1.0)[np.searchsorted(when, at, side="left")]
