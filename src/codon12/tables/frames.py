"""Results as frames of the library that a script works with: polars, pandas, Arrow."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Literal

import polars as pl

from codon12.errors import UsageError

__all__ = ["frame"]

_KINDS = ("polars", "pandas", "pyarrow")


def frame(result: Any, *, like: Literal["polars", "pandas", "pyarrow"] = "polars") -> Any:
    """Give a result, or a frame of codon12, as a frame of polars or pandas, or as a table of Arrow.

    A result is anything with ``to_frame()``, evidence (its numbers), or a polars frame. In pandas a missing value is
    ``NaN`` among floating numbers, ``NaT`` among dates, ``None`` among texts, and ``pandas.NA`` among whole numbers and
    booleans, which stay what they are (``Int64``, ``boolean``). pandas and pyarrow are imported only where asked for.

    Raises
    ------
    UsageError
        No result that has a frame, another library, or one that is not installed; the message says which.

    Examples
    --------
    >>> from codon12.survival import kaplan_meier
    >>> frame(kaplan_meier([5, 8, 8], [1, 1, 0])).height
    2
    """
    if like not in _KINDS:
        raise UsageError(f"like must be one of {', '.join(_KINDS)}; got {like!r}")
    held = _polars(result)
    if like == "polars":
        return held
    try:
        if like == "pandas":
            import pandas as pd

            return pd.DataFrame({c: _pandas_column(held[c], pd) for c in held.columns})
        return import_module("pyarrow").table(held)
    except ModuleNotFoundError as err:
        raise UsageError(f"like={like!r} needs {err.name}, which is not installed: pip install {err.name}") from None


def _polars(result: Any) -> pl.DataFrame:
    if isinstance(result, pl.DataFrame):
        return result
    if isinstance(result, pl.LazyFrame):
        return result.collect()
    made = getattr(result, "to_frame", None)
    held = made() if callable(made) else getattr(result, "numbers", None)
    if not isinstance(held, pl.DataFrame):
        raise UsageError(
            f"a result with to_frame(), evidence, or a polars frame is wanted; got {type(result).__name__}"
        )
    return held


def _pandas_column(column: pl.Series, pandas: Any) -> Any:
    """A column as pandas keeps it, without pyarrow."""
    kind = column.dtype
    if kind == pl.Boolean:
        return pandas.array(column.to_list(), dtype="boolean") if column.null_count() else column.to_numpy()
    if kind.is_integer():
        return pandas.array(column.to_list(), dtype="Int64") if column.null_count() else column.to_numpy()
    if kind.is_float():
        return column.to_numpy()
    if isinstance(kind, (pl.Date, pl.Datetime)):
        return pandas.to_datetime(pandas.Series(column.to_list(), dtype="object"))
    return pandas.Series(column.to_list(), dtype="object")
