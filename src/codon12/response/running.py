"""Running answers within each subject, over rows sorted by subject: whole columns, no window per group."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["any_before", "any_in_group", "earlier_min"]

_FAR = 2**31 - 1  # above any value: 2 km in micrometres


def _numbers(group: pl.Series) -> NDArray[np.int64]:
    return group.to_numpy().astype(np.int64)


def _starts(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each row the first row of its group."""
    new = np.concatenate(([True], group[1:] != group[:-1]))
    return np.maximum.accumulate(np.where(new, np.arange(len(group)), 0))


def earlier_min(values: pl.Series, group: pl.Series) -> pl.Series:
    """Lowest of `values` (0 to 2**31 - 2) in the earlier rows of the group; null where none has a value.

    Each group is lifted above all later ones, so that one running minimum over the column serves them all.

    Examples
    --------
    >>> earlier_min(pl.Series([5, 3, None, 9, 7]), pl.Series([1, 1, 1, 2, 2])).to_list()
    [None, 5, 3, None, 9]
    """
    if values.is_empty():
        return pl.Series([], dtype=pl.Int64)
    g = _numbers(group)
    lift = (g[-1] - g) * (_FAR + 1)
    lowest = np.minimum.accumulate(values.cast(pl.Int64).fill_null(_FAR).to_numpy() + lift) - lift
    earlier = np.concatenate(([_FAR], lowest[:-1]))
    earlier[_starts(g) == np.arange(len(g))] = _FAR
    answer = pl.Series(earlier)
    return pl.select(pl.when(answer < _FAR).then(answer)).to_series()


def any_before(flags: pl.Series, group: pl.Series) -> pl.Series:
    """Whether a flag was up in an earlier row of the group.

    Examples
    --------
    >>> any_before(pl.Series([True, False, False]), pl.Series([1, 1, 2])).to_list()
    [False, True, False]
    """
    if flags.is_empty():
        return pl.Series([], dtype=pl.Boolean)
    up = flags.fill_null(value=False).to_numpy()
    so_far = np.cumsum(up) - up
    return pl.Series(so_far > so_far[_starts(_numbers(group))])


def any_in_group(flags: pl.Series, group: pl.Series) -> pl.Series:
    """Whether a flag is up in any row of the group.

    Examples
    --------
    >>> any_in_group(pl.Series([False, True, False]), pl.Series([1, 1, 2])).to_list()
    [True, True, False]
    """
    if flags.is_empty():
        return pl.Series([], dtype=pl.Boolean)
    g = _numbers(group) - group[0]
    return pl.Series(np.bincount(g, weights=flags.fill_null(value=False).to_numpy())[g] > 0)
