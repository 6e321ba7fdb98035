"""What a column must be: times, events, weights, entry times, groups."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from codon12.errors import DataError, UsageError
from codon12.survival.subjects.reading import (
    Column,
    column,
    is_column,
    is_frame,
    level_text,
    missing_rows,
    table,
)

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "Factor",
    "addable",
    "columns_of",
    "combined_factor",
    "entry_times",
    "event_flags",
    "grouping",
    "joined",
    "optional_times",
    "refuse",
    "score_values",
    "subject_weights",
    "times",
]

_HEAVIEST = 1e100
"""Weights, and one over the smallest, up to which sums of squares are held."""


@dataclass(frozen=True)
class Factor:
    """A grouping variable as codes ``0..k-1`` and its levels in order."""

    codes: NDArray[np.intp]
    levels: tuple[Any, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Levels as text; whole numbers without a decimal point."""
        return tuple(level_text(v) for v in self.levels)

    def __len__(self) -> int:
        return len(self.levels)


def refuse(bad: NDArray[np.bool_], what: str, state: str) -> None:
    """Raise ``DataError`` with the count and the first of the rows that are bad."""
    count = int(np.count_nonzero(bad))
    if count:
        first = int(np.argmax(bad))
        raise DataError(
            f"{what} is {state} in {count} of {bad.size} rows (first: row {first + 1}); "
            "leave these rows out, or correct them, before the call"
        )


def _numbers(values: Any, what: str, size: int | None = None) -> NDArray[Any]:
    array = column(values, what)
    if not isinstance(array, np.ndarray):
        import polars as pl

        if array.dtype != pl.Boolean:
            hint = " (dates are no times: take differences first)" if array.dtype.is_temporal() else ""
            raise UsageError(f"{what} must be numbers; got values of type {array.dtype}{hint}")
        array = array.cast(pl.Float64).to_numpy()
    _same_length(array.size, what, size)
    return array


def _same_length(found: int, what: str, size: int | None) -> None:
    if size is not None and found != size:
        raise UsageError(f"{what} has {found} values, time has {size}: they must be of one length")


def times(values: Any, *, what: str = "time") -> NDArray[Any]:
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
            refuse(np.isnan(array), what, "missing")
            refuse(~np.isfinite(array), what, "infinite")
        array = array.astype(np.float64, copy=False)
    else:
        low = array.min()
    if low < 0:
        refuse(array < 0, what, "negative")
    return array


def event_flags(values: Any, size: int) -> NDArray[np.bool_]:
    """True where the event was observed, from booleans or 0/1.

    Raises ``DataError`` on missing values and ``UsageError`` on other codes, for example R's 1/2.
    """
    array = _numbers(values, "event", size)
    if array.dtype == bool:
        return array
    if array.dtype.kind == "f":
        refuse(np.isnan(array), "event", "missing")
    if array.size and (array.min() < 0 or array.max() > 1 or (array.dtype.kind == "f" and _fractions(array))):
        seen = ", ".join(f"{v:g}" for v in np.unique(array)[:5])
        raise UsageError(
            f"event must be 0 (censored) or 1 (event), or booleans; got {seen}. "
            "Write the condition out, for example status == 2 or CNSR == 0"
        )
    return array.astype(bool)


def _fractions(array: NDArray[Any]) -> bool:
    return bool(np.any(array != np.floor(array)))


def subject_weights(values: Any, size: int) -> NDArray[np.float64] | None:
    """Case weights, finite and non-negative with one above zero, or none."""
    if values is None:
        return None
    array = _numbers(values, "weights", size).astype(np.float64)
    refuse(~np.isfinite(array), "weights", "missing or infinite")
    refuse(array < 0, "weights", "negative")
    if not array.any():
        raise DataError("all weights are 0: nobody is left to count")
    addable(array)
    return array


def addable(weights: NDArray[np.float64]) -> None:
    """Raise ``DataError`` on weights so large or so small that sums of their squares are not held."""
    beyond = (weights > 0) & ((weights < 1 / _HEAVIEST) | (weights > _HEAVIEST))
    refuse(beyond, "weights", "beyond what can be added up")


def entry_times(values: Any, time: NDArray[Any], *, what: str = "entry") -> NDArray[np.float64] | None:
    """Times at which subjects came under observation, each before its `time`, or none."""
    if values is None:
        return None
    array = _numbers(values, what, time.size).astype(np.float64)
    refuse(~np.isfinite(array), what, "missing or infinite")
    refuse(array >= time, what, "not before time")
    return array


def score_values(values: Any, size: int, *, what: str = "score") -> NDArray[np.float64]:
    """Finite numbers, one a subject."""
    array = _numbers(values, what, size).astype(np.float64)
    refuse(~np.isfinite(array), what, "missing or infinite")
    return array


def optional_times(values: Any, size: int, *, what: str) -> NDArray[np.float64]:
    """Times that may be missing (NaN: it never happened); raises ``DataError`` on negative or infinite ones."""
    array = _numbers(values, what, size).astype(np.float64)
    refuse(np.isinf(array), what, "infinite")
    refuse(array < 0, what, "negative")
    return array


def columns_of(values: Any, what: str) -> list[Column]:
    """The columns of a grouping: one, or several as a list or a frame; none where there is nothing."""
    if values is None:
        return []
    if is_frame(values):
        found = [column(c, what) for c in table(values, what).get_columns()]
    elif isinstance(values, (list, tuple)) and values and all(is_column(v) for v in values):
        found = [column(v, what) for v in values]
    else:
        found = [column(values, what)]
    if not found:
        raise UsageError(f"{what} is a frame without columns")
    return found


def grouping(values: Any, size: int, *, what: str = "group") -> Factor:
    """Codes and levels of a grouping column; levels in natural order, or in an Enum's (a category's) own order.

    Raises ``DataError`` on missing values and ``UsageError`` on a wrong length, or on dates, which are no groups.
    """
    if values is None:
        return Factor(np.zeros(size, dtype=np.intp), ("all",))
    held = column(values, what)
    _same_length(len(held), what, size)
    bad = missing_rows(held)
    if bad is not None:
        refuse(bad, what, "missing")
    return _numeric_factor(held, what) if isinstance(held, np.ndarray) else _text_factor(held, what)


def _numeric_factor(array: NDArray[Any], what: str) -> Factor:
    if array.size == 0:
        raise DataError(f"{what} is empty: there are no subjects")
    if array.dtype == bool:
        array = array.view(np.int8)
        present = [bool(v) for v in (0, 1) if np.any(array == v)]
        return Factor((array - int(present[0])).astype(np.intp), tuple(present))
    low, high = array.min(), array.max()
    if array.dtype.kind == "f" and not (math.isfinite(low) and math.isfinite(high)):
        refuse(~np.isfinite(array), what, "infinite")
    if array.dtype.kind in "iu" and int(high) - int(low) < max(1 << 16, array.size):
        first, last = int(low), int(high)
        if array.dtype == np.uint64:
            shifted = (array - low).astype(np.intp)
        else:
            shifted = array.astype(np.intp) - first if first else array.astype(np.intp, copy=False)
        seen = np.bincount(shifted) > 0
        if seen.all():
            return Factor(shifted, tuple(range(first, last + 1)))
        return Factor((np.cumsum(seen) - 1)[shifted], tuple(first + i for i in np.flatnonzero(seen).tolist()))
    levels, codes = np.unique(array, return_inverse=True)
    return Factor(codes.astype(np.intp), tuple(v.item() for v in levels))


def _text_factor(series: pl.Series, what: str) -> Factor:
    import polars as pl

    if series.dtype.is_temporal():
        raise UsageError(f"{what} holds values of type {series.dtype}: dates are no groups; make groups of them first")
    if isinstance(series.dtype, pl.Enum):
        order = series.dtype.categories.to_list()
        present = set(series.unique().to_list())
        levels = [v for v in order if v in present]
    else:
        series = series if series.dtype == pl.Boolean else series.cast(pl.String)
        levels = sorted(series.unique().to_list())
    codes = series.cast(pl.String) if series.dtype != pl.Boolean else series
    codes = codes.replace_strict(levels, range(len(levels)), return_dtype=pl.Int64)
    return Factor(codes.to_numpy().astype(np.intp), tuple(levels))


def joined(names: Iterable[str]) -> str:
    """Levels of several columns as one, in quotes where they hold a comma: other levels must not print alike.

    Examples
    --------
    >>> joined(["a, b"]), joined(["a, b", "c"]), joined(["a", "b, c"])
    ('a, b', "'a, b', c", "a, 'b, c'")
    """
    parts = list(names)
    return parts[0] if len(parts) == 1 else ", ".join(repr(n) if ", " in n else n for n in parts)


def combined_factor(values: Any, size: int, *, what: str = "strata") -> Factor:
    """One factor out of a column, or of several (a sequence of columns or a frame); empty cells drop out."""
    if values is None:
        return grouping(None, size)
    parts = [grouping(c, size, what=what) for c in columns_of(values, what)]
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
        levels.append(joined(reversed(names)))
    return Factor(inverse.astype(np.intp), tuple(levels))
