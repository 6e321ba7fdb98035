"""From a frame or arrays to the checked columns of a Cox model, rows with a missing value left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.errors import DataError, UsageError
from codon12.survival.design_matrix import DesignMatrix, build_design, design_of_arrays
from codon12.survival.observations import Factor, combined_factor, entry_times, event_flags, times
from codon12.survival.terms import FactorTerm, Interaction, expand_terms

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
    table = _table(frame)
    named = {"time": time, "event": event, "entry": entry, "cluster": cluster, "weights": weights}
    found: dict[str, pl.Series] = {k: _series(table, v, k) for k, v in named.items() if v is not None}
    found |= {f"strata {i}": _series(table, v, "strata") for i, v in enumerate(_parts(strata, table))}
    size = found["time"].len()
    for name, series in found.items():
        if series.len() != size:
            raise UsageError(f"{name} has {series.len()} values, time has {size}: they must be of one length")
    design: DesignMatrix | None = None
    listed: list[Any] = []
    complete: NDArray[np.bool_] = np.ones(size, dtype=bool)
    if not _is_terms(terms):
        design = design_of_arrays(terms)
        if design.x.shape[1] != size:
            raise UsageError(f"terms has {design.x.shape[1]} rows, time has {size}: they must be of one length")
        covariates = pl.DataFrame()
        complete = complete & np.isfinite(design.x).all(axis=0)
    else:
        listed = expand_terms(terms, table.columns)
        names = list(dict.fromkeys(n for t in listed for n in _term_columns(t)))
        covariates = table.select(names)
    for series in (*found.values(), *covariates.get_columns()):
        _mark_missing(series, complete)
    keep = None if complete.all() else np.flatnonzero(complete)
    if not complete.any():
        raise DataError(f"none of the {size} rows has a value in every column used; see which column is empty")
    if keep is not None:
        found = {k: s.gather(keep) for k, s in found.items()}
        covariates = covariates[keep] if covariates.width else covariates
        if design is not None:
            design = design_of_arrays(design.x.T[keep])
    if design is None:
        design = build_design(covariates, listed)
        if not np.isfinite(design.x).all():
            raise DataError("a covariate is infinite; correct it or leave the row out")
    strata_columns = [s for k, s in found.items() if k.startswith("strata ")]
    count = found["time"].len()
    clock = times(found["time"].to_numpy())
    return CoxData(
        time=clock,
        event=event_flags(found["event"].to_numpy(), count),
        design=design,
        entry=entry_times(found["entry"].to_numpy(), clock) if "entry" in found else None,
        strata=combined_factor(strata_columns, count) if strata_columns else None,
        cluster=combined_factor(found["cluster"], count, what="cluster") if "cluster" in found else None,
        weights=_weights(found["weights"]) if "weights" in found else None,
        used=keep,
        rows=size,
    )


def _table(frame: pl.DataFrame | Mapping[str, Any] | None) -> pl.DataFrame:
    if frame is None:
        return pl.DataFrame()
    if isinstance(frame, pl.DataFrame):
        return frame
    if isinstance(frame, Mapping):
        return pl.DataFrame({k: v if isinstance(v, pl.Series) else np.asarray(v) for k, v in frame.items()})
    raise UsageError(f"frame must be a polars DataFrame or a mapping of columns; got {type(frame).__name__}")


def _series(table: pl.DataFrame, column: Column, what: str) -> pl.Series:
    if isinstance(column, str):
        if column not in table.columns:
            raise UsageError(f"{what}: no column {column!r}; columns are {', '.join(table.columns[:30])}")
        return table[column]
    return column if isinstance(column, pl.Series) else pl.Series(what, np.asarray(column))


def _parts(strata: Column | None, table: pl.DataFrame) -> list[Column]:
    if strata is None:
        return []
    if isinstance(strata, pl.DataFrame):
        return list(strata.get_columns())
    names = isinstance(strata, (list, tuple)) and all(
        isinstance(v, (pl.Series, np.ndarray, list)) or (isinstance(v, str) and v in table.columns) for v in strata
    )
    return list(strata) if names and len(strata) else [strata]


def _is_terms(terms: Any) -> bool:
    if isinstance(terms, (str, FactorTerm, Interaction)):
        return True
    return isinstance(terms, (list, tuple)) and all(isinstance(t, (str, FactorTerm, Interaction)) for t in terms)


def _term_columns(term: Any) -> tuple[str, ...]:
    parts = term.parts if isinstance(term, Interaction) else (term,)
    return tuple(p if isinstance(p, str) else p.column for p in parts)


def _mark_missing(series: pl.Series, complete: NDArray[np.bool_]) -> None:
    if series.null_count():
        complete &= series.is_not_null().to_numpy()
    if series.dtype.is_float():
        bad = np.isnan(series.to_numpy())
        if bad.any():
            complete &= ~bad


def _weights(series: pl.Series) -> NDArray[np.float64]:
    values = series.cast(pl.Float64).to_numpy()
    bad = ~(np.isfinite(values) & (values > 0))
    if bad.any():
        raise DataError(
            f"weights must be positive: {int(bad.sum())} are not (first: {values[bad][0]:g});"
            " leave out rows that should not count"
        )
    return values
