"""The one way to read what a caller gives: a column of values, several columns, a frame, a matrix.

Lists, numpy arrays (masked ones too), polars, pandas and anything that speaks Arrow's C interface are taken, none of
the latter being imported. A column becomes a numpy array of numbers or booleans (missing is NaN), else a polars series
(missing is null): ``None``, NaN, ``pandas.NA``, ``NaT`` and masked values are all the same nothing.
"""

from __future__ import annotations

import datetime as dt
import numbers
import sys
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from codon12.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Column", "column", "is_column", "is_frame", "level_text", "matrix", "missing_rows", "of_polars", "table"]

Column = Any  # NDArray[Any] | pl.Series
_NOTHING = {"NAType", "NaTType", "MaskedConstant"}
_MOMENTS = (dt.date, dt.time, dt.timedelta, np.datetime64, np.timedelta64)


def of_polars(values: Any, kind: str) -> bool:
    """Whether the values are a polars ``Series`` or ``DataFrame``, told without importing polars for arrays alone."""
    polars = sys.modules.get("polars")
    return polars is not None and isinstance(values, getattr(polars, kind))


def _of_pandas(values: Any) -> bool:
    return type(values).__module__.partition(".")[0] == "pandas"


def is_frame(values: Any) -> bool:
    """Whether the values are a frame of columns (polars, pandas, Arrow) rather than one column."""
    if of_polars(values, "DataFrame"):
        return True
    if _of_pandas(values):
        return getattr(values, "ndim", 0) == 2
    return hasattr(values, "__arrow_c_stream__") and hasattr(values, "column_names")


def is_column(values: Any) -> bool:
    """Whether one element of a list is itself a column."""
    if isinstance(values, (str, bytes, Mapping)) or values is None:
        return False
    if isinstance(values, np.ndarray):
        return values.ndim > 0
    held = isinstance(values, (list, tuple, range)) or of_polars(values, "Series")
    return held or (hasattr(values, "dtype") and hasattr(values, "__len__"))


def column(values: Any, what: str) -> Column:
    """One column of values, whatever held it.

    Raises ``UsageError`` on what is no column: nothing, a text, a mapping, a table, numbers among texts.
    """
    if isinstance(values, np.ndarray):
        return _of_array(values, what)
    if of_polars(values, "Series"):
        return _of_series(values, what)
    if is_frame(values):
        raise UsageError(f"{what} must be one column of values; got a frame ({type(values).__name__})")
    if _of_pandas(values) and hasattr(values, "isna"):
        return _of_pandas_column(values, what)
    if isinstance(values, (str, bytes, Mapping, set, frozenset)) or not isinstance(values, Iterable):
        raise UsageError(f"{what} must be one column of values, one a subject; got {_shown(values)}")
    if hasattr(values, "__arrow_c_array__") or hasattr(values, "__arrow_c_stream__"):
        import polars as pl

        return _of_series(pl.Series(what, values), what)
    if hasattr(values, "__array__"):
        return _of_array(np.asarray(values), what)
    return _of_list(list(values), what)


def missing_rows(values: Column) -> NDArray[np.bool_] | None:
    """Which rows have no value; None where all have one."""
    if isinstance(values, np.ndarray):
        bad = np.isnan(values) if values.dtype.kind == "f" else None
    else:
        bad = values.is_null().to_numpy() if values.null_count() else None
    return bad if bad is not None and bad.any() else None


def table(frame: Any, what: str = "frame") -> pl.DataFrame:
    """A polars frame of a frame of any kind, or of a mapping of columns.

    Raises ``UsageError`` on anything else, and where columns differ in length or share a name.
    """
    import polars as pl

    if isinstance(frame, pl.DataFrame):
        return frame
    if isinstance(frame, pl.LazyFrame):
        raise UsageError(f"{what} is a LazyFrame; give {what}.collect()")
    if isinstance(frame, Mapping):
        found = {str(k): v for k, v in frame.items()}
    elif is_frame(frame) and _of_pandas(frame):
        names = [str(c) for c in frame.columns]
        if len(set(names)) < len(names):
            raise UsageError(f"{what} has two columns of one name; columns are {', '.join(names[:30])}")
        found = {n: frame.iloc[:, i] for i, n in enumerate(names)}
    elif is_frame(frame):
        return pl.DataFrame(frame)
    else:
        raise UsageError(f"{what} must be a frame (polars or pandas) or a mapping of columns; got {_shown(frame)}")
    series = {k: v if isinstance(v, pl.Series) else pl.Series(k, column(v, f"column {k!r}")) for k, v in found.items()}
    sizes = {k: v.len() for k, v in series.items()}
    if len(set(sizes.values())) > 1:
        shown = ", ".join(f"{k} {n}" for k, n in list(sizes.items())[:30])
        raise UsageError(f"{what}: columns must be of one length; got {shown}")
    return pl.DataFrame({k: v.alias(k) for k, v in series.items()})


def matrix(values: Any, what: str) -> NDArray[np.float64]:
    """Numbers as subjects by columns, shape (n, p); missing is NaN."""
    if is_frame(values):
        columns = table(values, what).get_columns()
        return np.column_stack([_as_floats(column(c, f"{what} {c.name!r}"), what) for c in columns])
    if isinstance(values, (list, tuple)) and values and all(is_column(v) for v in values):
        rows = [_as_floats(column(v, what), what) for v in values]
        if len({r.size for r in rows}) > 1:
            raise UsageError(f"{what} as rows must be of one length; got {sorted({r.size for r in rows})}")
        return np.array(rows)
    if isinstance(values, np.ndarray) and values.ndim == 2:
        flat = _as_floats(column(values.ravel(), what), what)
        return flat.reshape(values.shape)
    return _as_floats(column(values, what), what)[:, None]


def _as_floats(values: Column, what: str) -> NDArray[np.float64]:
    if not isinstance(values, np.ndarray):
        raise UsageError(f"{what} must be numbers; got values of type {values.dtype}")
    return values.astype(np.float64, copy=False)


def _of_array(values: NDArray[Any], what: str) -> Column:
    if values.ndim != 1:
        raise UsageError(f"{what} must be one column of values; got {values.ndim} dimensions")
    if isinstance(values, np.ma.MaskedArray):
        hidden = np.ma.getmaskarray(values)
        plain = np.asarray(values.data)
        if hidden.any():
            if plain.dtype.kind in "iuf":
                return np.where(hidden, np.nan, plain.astype(np.float64))
            return _of_list([None if h else v for v, h in zip(plain.tolist(), hidden.tolist(), strict=True)], what)
        values = plain
    kind = values.dtype.kind
    if kind == "f" and values.dtype.itemsize not in (4, 8):  # polars holds neither the narrower nor the wider
        return values.astype(np.float64)
    if kind in "iufb":
        return values
    if kind == "O":
        return _of_list(values.tolist(), what)
    if kind not in "UTmM":
        raise UsageError(f"{what} must be numbers, booleans or text; got values of type {values.dtype}")
    import polars as pl

    if kind in "mM":  # polars before 2.1 reads days, milliseconds and smaller units alone
        unit = np.datetime_data(values.dtype)[0]
        known = unit in ("ms", "us", "ns") or (unit == "D" and kind == "M")
        return pl.Series(what, values if known else values.astype(f"{kind}8[ms]"))
    # numpy writes a missing number among texts as the text nan
    return pl.Series(what, [None if v == "nan" else v for v in values.tolist()], dtype=pl.String)


def _of_series(series: pl.Series, what: str) -> Column:
    import polars as pl

    kind = series.dtype
    if kind.is_decimal():
        series, kind = series.cast(pl.Float64), pl.Float64()
    if str(kind) in ("Int128", "UInt128"):
        series, kind = series.cast(pl.Float64), pl.Float64()  # numpy has none so wide
    if kind.is_numeric():
        return series.to_numpy()
    if kind == pl.Null:
        return np.full(series.len(), np.nan)
    if kind == pl.Boolean:
        return series if series.null_count() else series.to_numpy()
    if kind == pl.Object:
        return _of_list(series.to_list(), what)
    if kind.is_nested() or kind == pl.Binary:
        raise UsageError(f"{what} must be numbers, booleans or text; got values of type {kind}")
    return series


def _of_pandas_column(values: Any, what: str) -> Column:
    kind = values.dtype
    missing = np.asarray(values.isna())
    if type(kind).__name__ == "CategoricalDtype":
        return _of_categories(values, kind, what)
    numeric = getattr(kind, "kind", "O") in "iufb"
    if isinstance(kind, np.dtype):
        if kind.kind in "iufbmM":
            return _of_array(np.asarray(values), what)
    elif numeric and not missing.any():
        return np.asarray(values.to_numpy(dtype=getattr(kind, "numpy_dtype", None)))
    elif numeric and kind.kind != "b":
        return np.asarray(values.to_numpy(dtype="float64", na_value=np.nan))
    return _of_list([None if m else v for v, m in zip(list(values), missing.tolist(), strict=True)], what)


def _of_categories(values: Any, kind: Any, what: str) -> pl.Series:
    """Categories in the order that pandas holds them in."""
    import polars as pl

    if any(isinstance(c, _MOMENTS) or type(c).__name__ == "Period" for c in kind.categories):
        raise UsageError(f"{what} has dates as categories: dates are no groups; make groups of them first")
    names = [level_text(c) for c in kind.categories]
    codes = np.asarray(values.cat.codes if hasattr(values, "cat") else values.codes)
    return pl.Series(what, [names[c] if c >= 0 else None for c in codes.tolist()], dtype=pl.Enum(names))


def level_text(value: Any) -> str:
    """How a level is named: whole numbers without a decimal point."""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value)


def _of_list(values: list[Any], what: str) -> Column:
    if values and type(values[0]) is str:
        import polars as pl

        try:
            return pl.Series(what, values, dtype=pl.String, strict=True)  # texts and None alone
        except (TypeError, ValueError, pl.exceptions.PolarsError):
            pass
    try:
        array = np.asarray(values)
    except (ValueError, TypeError, OverflowError):
        array = np.empty(0, dtype=object)
    if array.ndim == 1 and (array.dtype.kind in "iufb" and values):
        return _of_array(array, what)
    if not values:
        return np.empty(0)
    gone = [_is_missing(v) for v in values]
    known = [v for v, m in zip(values, gone, strict=True) if not m]
    if not known:
        return np.full(len(values), np.nan)
    import polars as pl

    held = [None if m else v for v, m in zip(values, gone, strict=True)]
    if all(isinstance(v, str) for v in known):
        return pl.Series(what, [None if v is None else str(v) for v in held], dtype=pl.String)
    if all(isinstance(v, (bool, np.bool_)) for v in known):
        return pl.Series(what, [None if v is None else bool(v) for v in held], dtype=pl.Boolean)
    if all(isinstance(v, (numbers.Real, Decimal)) for v in known):
        try:
            return np.array([np.nan if v is None else float(v) for v in held])
        except OverflowError:
            raise UsageError(f"{what} holds a number beyond the largest double") from None
    if all(isinstance(v, _MOMENTS) for v in known):
        return pl.Series(what, held, strict=False)
    kinds = ", ".join(sorted({type(v).__name__ for v in known})[:5])
    raise UsageError(f"{what} must be numbers, booleans or text, all of one kind; got {kinds}")


def _is_missing(value: Any) -> bool:
    if value is None or type(value).__name__ in _NOTHING:
        return True
    if isinstance(value, (float, np.floating)):
        return bool(value != value)  # noqa: PLR0124 - NaN alone differs from itself
    if isinstance(value, Decimal):
        return value.is_nan()
    return isinstance(value, (np.datetime64, np.timedelta64)) and bool(np.isnat(value))


def _shown(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, (str, bytes)):
        return f"the text {value[:40]!r}"
    return f"a {type(value).__name__}"
