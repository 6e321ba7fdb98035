"""Times that differ by rounding alone are one time: the rule of R's ``aeqSurv``, in counting and in looking up.

Two neighbours are equal within the square root of the machine epsilon, absolutely or relative to the mean of the
distinct times. A time that somebody asks for is the time of the data next to it in the same way.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["TOLERANCE", "first_from", "last_upto", "merge_near_ties", "past", "snapped", "tied_starts", "whole"]

TOLERANCE = float(np.sqrt(np.finfo(np.float64).eps))


def last_upto(times: NDArray[Any], asked: Any) -> Any:
    """Position of the last of the ascending times at or before each time asked for; -1 before the first."""
    t = np.asarray(asked, dtype=np.float64)
    return np.searchsorted(times, t + TOLERANCE * np.maximum(1.0, np.abs(t)), side="right") - 1


def first_from(times: NDArray[Any], asked: Any) -> Any:
    """Position of the first of the ascending times at or after each time asked for; their number past the last."""
    t = np.asarray(asked, dtype=np.float64)
    return np.searchsorted(times, t - TOLERANCE * np.maximum(1.0, np.abs(t)), side="left")


def past(asked: Any, last: float) -> Any:
    """Whether a time lies beyond the last one, by more than rounding."""
    return np.asarray(asked, dtype=np.float64) > last + TOLERANCE * max(1.0, abs(last))


def tied_starts(ordered: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Mark the first of each run of equal sorted times.

    Two neighbours are equal within sqrt(machine epsilon), absolutely or relative to the mean of the distinct
    times: the rule of R's ``aeqSurv``.
    """
    gaps = ordered[1:] - ordered[:-1]
    distinct = gaps > 0
    different = int(np.count_nonzero(distinct))
    values = np.abs(ordered) if ordered[0] < 0 else ordered
    total = values.sum() if different == gaps.size else values[0] + (values[1:] * distinct).sum()
    mean = total / (1 + different)
    starts = np.empty(ordered.size, dtype=bool)
    starts[0] = True
    np.greater(gaps, TOLERANCE * max(1.0, mean), out=starts[1:])
    return starts


def whole(time: NDArray[Any]) -> NDArray[np.int64] | None:
    """Times as integers if all are whole, not negative and small enough for ties to be exact, else none."""
    if time.dtype.kind != "i" and not all(v.is_integer() for v in time[:4].tolist()):
        return None  # most times that are not whole show it at once
    if time.min() < 0 or not time.max() < 1 << 25:
        return None
    if time.dtype.kind == "i":
        return time.astype(np.int64, copy=False)
    days = time.astype(np.int64)
    return days if (days == time).all() else None


def merge_near_ties(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.intp] | None]:
    """Make times equal that differ by rounding alone, and give their ascending order where it was needed.

    Neighbours that are tied become the smaller of them (R survival's ``timefix``).

    Examples
    --------
    >>> merge_near_ties(np.array([0.3, 0.1 + 0.2, 1.0]))[0].tolist()
    [0.3, 0.3, 1.0]
    """
    if values.dtype.kind in "iu" or bool((values == np.floor(values)).all()):
        return values, None
    order = np.argsort(values)
    ascending = values[order]
    starts = tied_starts(ascending)
    if not np.array_equal(starts[1:], ascending[1:] != ascending[:-1]):
        ascending = ascending[starts][np.cumsum(starts) - 1]
        values = np.empty_like(values)
        values[order] = ascending
    return values, order


def snapped(
    time: NDArray[Any], entry: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """Times, and entry times among them, with near-ties made exact: each takes the first value of its run."""
    exact = time.astype(np.float64)
    if entry is None:
        return merge_near_ties(exact)[0], None
    both = merge_near_ties(np.concatenate([exact, entry]))[0]
    return both[: exact.size], both[exact.size :]
