"""Checked input of every survival function: times, events, groups, strata, weights, entry times."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codon12.errors import DataError, UsageError

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "Factor",
    "combined_factor",
    "entry_times",
    "event_flags",
    "grouping",
    "of_polars",
    "subject_weights",
    "times",
]


def of_polars(values: Any, kind: str) -> bool:
    """Whether the values are a polars ``Series`` or ``DataFrame``, told without importing polars for arrays alone."""
    polars = sys.modules.get("polars")
    return polars is not None and isinstance(values, getattr(polars, kind))


@dataclass(frozen=True)
class Factor:
    """A grouping variable as codes ``0..k-1`` and its levels in order."""

    codes: NDArray[np.intp]
    levels: tuple[Any, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Levels as text; whole numbers without a decimal point."""
        return tuple(str(int(v)) if isinstance(v, float) and v.is_integer() else str(v) for v in self.levels)

    def __len__(self) -> int:
        return len(self.levels)


def _refuse_missing(bad: NDArray[np.bool_], what: str, state: str) -> None:
    count = int(np.count_nonzero(bad))
    if count:
        first = int(np.argmax(bad))
        raise DataError(
            f"{what} is {state} in {count} of {bad.size} rows (first: row {first + 1}); "
            "leave these rows out, or correct them, before the call"
        )


def _column(values: ArrayLike, what: str) -> NDArray[Any]:
    array = np.asarray(values)
    if array.ndim != 1:
        raise UsageError(f"{what} must be one column of values; got {array.ndim} dimensions")
    return array


def _numbers(values: ArrayLike, what: str, size: int | None = None) -> NDArray[Any]:
    array = _column(values, what)
    if array.dtype == object:
        array = np.array([np.nan if v is None else v for v in array])
    if array.dtype.kind not in "iufb":
        raise UsageError(f"{what} must be numbers; got values of type {array.dtype}")
    if size is not None and array.size != size:
        raise UsageError(f"{what} has {array.size} values, time has {size}: they must be of one length")
    return array


def times(values: ArrayLike, *, what: str = "time") -> NDArray[Any]:
    """One finite, non-negative number a subject; integers stay integers.

    Raises ``DataError`` on an empty column and on missing, infinite or negative values, with their count.
    """
    array = _numbers(values, what)
    if array.size == 0:
        raise DataError(f"{what} is empty: there are no subjects")
    if array.dtype.kind in "bu":
        return array.astype(np.int64)
    if array.dtype.kind == "f":
        low, high = array.min(), array.max()
        if not (math.isfinite(low) and math.isfinite(high)):
            _refuse_missing(np.isnan(array), what, "missing")
            _refuse_missing(~np.isfinite(array), what, "infinite")
        array = array.astype(np.float64, copy=False)
    else:
        low = array.min()
    if low < 0:
        _refuse_missing(array < 0, what, "negative")
    return array


def event_flags(values: ArrayLike, size: int) -> NDArray[np.bool_]:
    """True where the event was observed, from booleans or 0/1.

    Raises ``DataError`` on missing values and ``UsageError`` on other codes, for example R's 1/2.
    """
    array = _numbers(values, "event", size)
    if array.dtype == bool:
        return array
    if array.dtype.kind == "f":
        _refuse_missing(np.isnan(array), "event", "missing")
    if array.size and (array.min() < 0 or array.max() > 1 or (array.dtype.kind == "f" and _fractions(array))):
        seen = ", ".join(f"{v:g}" for v in np.unique(array)[:5])
        raise UsageError(
            f"event must be 0 (censored) or 1 (event), or booleans; got {seen}. "
            "Write the condition out, for example status == 2 or CNSR == 0"
        )
    return array.astype(bool)


def _fractions(array: NDArray[Any]) -> bool:
    return bool(np.any(array != np.floor(array)))


def subject_weights(values: ArrayLike | None, size: int) -> NDArray[np.float64] | None:
    """Case weights, finite and non-negative, or none."""
    if values is None:
        return None
    array = _numbers(values, "weights", size).astype(np.float64)
    _refuse_missing(~np.isfinite(array), "weights", "missing or infinite")
    _refuse_missing(array < 0, "weights", "negative")
    return array


def entry_times(values: ArrayLike | None, time: NDArray[Any]) -> NDArray[np.float64] | None:
    """Times at which subjects came under observation, each before its `time`, or none."""
    if values is None:
        return None
    array = _numbers(values, "entry", time.size).astype(np.float64)
    _refuse_missing(~np.isfinite(array), "entry", "missing or infinite")
    _refuse_missing(array >= time, "entry", "not before time")
    return array


def grouping(values: Any, size: int, *, what: str = "group") -> Factor:
    """Codes and levels of a grouping column; levels in natural order, or in an Enum's own order.

    Raises ``DataError`` on missing values and ``UsageError`` on a wrong length.
    """
    if values is None:
        return Factor(np.zeros(size, dtype=np.intp), ("all",))
    series = values if of_polars(values, "Series") else None
    if series is None:
        array = _column(values, what)
        if array.dtype.kind not in "iufb":
            import polars as pl

            series = pl.Series(what, array.tolist(), strict=False)
    else:
        import polars as pl

        array = np.empty(0)
        if series.dtype.is_numeric() or series.dtype == pl.Boolean:
            _refuse_missing(series.is_null().to_numpy(), what, "missing")
            array, series = series.to_numpy(), None
    length = array.size if series is None else series.len()
    if length != size:
        raise UsageError(f"{what} has {length} values, time has {size}: they must be of one length")
    return _numeric_factor(array, what) if series is None else _text_factor(series, what)


def _numeric_factor(array: NDArray[Any], what: str) -> Factor:
    if array.dtype == bool:
        array = array.view(np.int8)
        present = [bool(v) for v in (0, 1) if np.any(array == v)]
        return Factor((array - int(present[0])).astype(np.intp), tuple(present))
    if array.dtype.kind == "f":
        _refuse_missing(np.isnan(array), what, "missing")
    low, high = array.min(), array.max()
    if array.dtype.kind in "iu" and high - low < max(1 << 16, array.size):
        first, last = int(low), int(high)
        shifted = array.astype(np.intp) - first if first else array.astype(np.intp, copy=False)
        seen = np.bincount(shifted) > 0
        if seen.all():
            return Factor(shifted, tuple(range(first, last + 1)))
        return Factor((np.cumsum(seen) - 1)[shifted], tuple((np.flatnonzero(seen) + first).tolist()))
    levels, codes = np.unique(array, return_inverse=True)
    return Factor(codes.astype(np.intp), tuple(v.item() for v in levels))


def _text_factor(series: pl.Series, what: str) -> Factor:
    import polars as pl

    _refuse_missing(series.is_null().to_numpy(), what, "missing")
    if isinstance(series.dtype, pl.Enum):
        order = series.dtype.categories.to_list()
        present = set(series.unique().to_list())
        levels = [v for v in order if v in present]
    else:
        series = series.cast(pl.String)
        levels = sorted(series.unique().to_list())
    codes = series.cast(pl.String).replace_strict(levels, range(len(levels)), return_dtype=pl.Int64)
    return Factor(codes.to_numpy().astype(np.intp), tuple(levels))


def combined_factor(values: Any, size: int, *, what: str = "strata") -> Factor:
    """One factor out of a column, or of several (a sequence of columns or a frame); empty cells drop out."""
    if of_polars(values, "DataFrame"):
        columns: Sequence[Any] = values.get_columns()
    elif isinstance(values, (list, tuple)) and values and not np.isscalar(values[0]):
        columns = values
    else:
        return grouping(values, size, what=what)
    parts = [grouping(c, size, what=what) for c in columns]
    if len(parts) == 1:
        return parts[0]
    codes = np.zeros(size, dtype=np.intp)
    for part in parts:
        codes = codes * len(part) + part.codes
    seen, inverse = np.unique(codes, return_inverse=True)
    levels = []
    for code in seen:
        rest, names = int(code), []
        for part in reversed(parts):
            rest, own = divmod(rest, len(part))
            names.append(part.labels[own])
        levels.append(", ".join(reversed(names)))
    return Factor(inverse.astype(np.intp), tuple(levels))
