"""From a frame or arrays to the checked columns of a Cox model, rows with a missing value left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from codon12.errors import DataError, UsageError
from codon12.survival.subjects.columns import Factor, combined_factor, entry_times, event_flags, of_polars, times
from codon12.survival.subjects.design import DesignMatrix, build_design, design_of_arrays
from codon12.survival.subjects.terms import FactorTerm, Interaction, expand_terms

if TYPE_CHECKING:
    import polars as pl

__all__ = ["CoxData", "read_columns"]

Column = str | Any


@dataclass(frozen=True)
class CoxData:
    """Rows without a missing value."""

    time: NDArray[Any]
    event: NDArray[np.bool_]
    design: DesignMatrix
    entry: NDArray[np.float64] | None
    strata: Factor | None
    cluster: Factor | None
    weights: NDArray[np.float64] | None
    used: NDArray[np.intp] | None
    """Positions of the rows used in the input; None where all are."""
    rows: int
    """Rows of the input."""


def read_columns(
    frame: pl.DataFrame | Mapping[str, Any] | None,
    *,
    time: Column,
    event: Column,
    terms: Any,
    entry: Column | None = None,
    strata: Column | None = None,
    cluster: Column | None = None,
    weights: Column | None = None,
) -> CoxData:
    """Collect the columns by name from the frame, or as arrays, and check them.

    Raises ``UsageError`` on an unknown column and ``DataError`` where no row is complete.
    """
    table = None if frame is None else _table(frame)
    named = {"time": time, "event": event, "entry": entry, "cluster": cluster, "weights": weights}
    found: dict[str, Any] = {k: _column(table, v, k) for k, v in named.items() if v is not None}
    found |= {f"strata {i}": _column(table, v, "strata") for i, v in enumerate(_parts(strata, table))}
    size = len(found["time"])
    for name, values in found.items():
        if len(values) != size:
            raise UsageError(f"{name} has {len(values)} values, time has {size}: they must be of one length")
    design: DesignMatrix | None = None
    listed: list[Any] = []
    covariates: pl.DataFrame | None = None
    complete: NDArray[np.bool_] = np.ones(size, dtype=bool)
    if not _is_terms(terms):
        design = design_of_arrays(terms)
        if design.x.shape[1] != size:
            raise UsageError(f"terms has {design.x.shape[1]} rows, time has {size}: they must be of one length")
        finite = np.isfinite(design.x)
        if not finite.all():
            complete &= finite.all(axis=0)
    else:
        listed = expand_terms(terms, [] if table is None else table.columns)
        names = list(dict.fromkeys(n for t in listed for n in _term_columns(t)))
        covariates = None if table is None else table.select(names)
    for values in (*found.values(), *([] if covariates is None else covariates.get_columns())):
        _mark_missing(values, complete)
    keep = None if complete.all() else np.flatnonzero(complete)
    if keep is not None and not keep.size:
        raise DataError(f"none of the {size} rows has a value in every column used; see which column is empty")
    if keep is not None:
        found = {k: s[keep] for k, s in found.items()}
        covariates = None if covariates is None else covariates[keep]
        if design is not None:
            design = design_of_arrays(design.x.T[keep])
    if design is None:
        assert covariates is not None  # terms by name were found in a frame
        design = build_design(covariates, listed)
        if not np.isfinite(design.x).all():
            raise DataError("a covariate is infinite; correct it or leave the row out")
    strata_columns = [s for k, s in found.items() if k.startswith("strata ")]
    clock = times(_array(found["time"]))
    count = clock.size
    return CoxData(
        time=clock,
        event=event_flags(_array(found["event"]), count),
        design=design,
        entry=entry_times(_array(found["entry"]), clock) if "entry" in found else None,
        strata=combined_factor(strata_columns, count) if strata_columns else None,
        cluster=combined_factor(found["cluster"], count, what="cluster") if "cluster" in found else None,
        weights=_weights(found["weights"]) if "weights" in found else None,
        used=keep,
        rows=size,
    )


def _table(frame: pl.DataFrame | Mapping[str, Any]) -> pl.DataFrame:
    import polars as pl

    if isinstance(frame, pl.DataFrame):
        return frame
    if isinstance(frame, Mapping):
        return pl.DataFrame({k: v if isinstance(v, pl.Series) else np.asarray(v) for k, v in frame.items()})
    raise UsageError(f"frame must be a polars DataFrame or a mapping of columns; got {type(frame).__name__}")


def _column(table: pl.DataFrame | None, column: Column, what: str) -> pl.Series | NDArray[Any]:
    """A column of the frame by name, or the column given; numbers may be an array, all else is a series."""
    if isinstance(column, str):
        if table is None or column not in table.columns:
            columns = ", ".join([] if table is None else table.columns[:30])
            raise UsageError(f"{what}: no column {column!r}; columns are {columns}")
        return table[column]
    if of_polars(column, "Series"):
        return column
    array = np.asarray(column)
    if array.ndim == 1 and array.dtype.kind in "iufb":
        return array
    import polars as pl

    return pl.Series(what, array)


def _array(values: pl.Series | NDArray[Any]) -> NDArray[Any]:
    return values if isinstance(values, np.ndarray) else values.to_numpy()


def _parts(strata: Any, table: pl.DataFrame | None) -> list[Column]:
    if strata is None:
        return []
    if of_polars(strata, "DataFrame"):
        return list(strata.get_columns())
    known = () if table is None else table.columns
    names = isinstance(strata, (list, tuple)) and all(
        isinstance(v, (np.ndarray, list)) or of_polars(v, "Series") or (isinstance(v, str) and v in known)
        for v in strata
    )
    return list(strata) if names and len(strata) else [strata]


def _is_terms(terms: Any) -> bool:
    if isinstance(terms, (str, FactorTerm, Interaction)):
        return True
    return isinstance(terms, (list, tuple)) and all(isinstance(t, (str, FactorTerm, Interaction)) for t in terms)


def _term_columns(term: Any) -> tuple[str, ...]:
    parts = term.parts if isinstance(term, Interaction) else (term,)
    return tuple(p if isinstance(p, str) else p.column for p in parts)


def _mark_missing(values: pl.Series | NDArray[Any], complete: NDArray[np.bool_]) -> None:
    if not isinstance(values, np.ndarray):
        if values.null_count():
            complete &= values.is_not_null().to_numpy()
        if not values.dtype.is_float():
            return
    array = _array(values)
    if array.dtype.kind == "f":
        bad = np.isnan(array)
        if bad.any():
            complete &= ~bad


def _weights(values: pl.Series | NDArray[Any]) -> NDArray[np.float64]:
    numbers = _array(values).astype(np.float64)
    bad = ~(np.isfinite(numbers) & (numbers > 0))
    if bad.any():
        raise DataError(
            f"weights must be positive: {int(bad.sum())} are not (first: {numbers[bad][0]:g});"
            " leave out rows that should not count"
        )
    return numbers
