"""From a frame or arrays to the checked columns of a Cox model, rows with a missing value left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from codon12.errors import DataError, UsageError
from codon12.survival.subjects.columns import (
    Factor,
    addable,
    columns_of,
    combined_factor,
    entry_times,
    event_flags,
    grouping,
    joined,
    score_values,
    times,
)
from codon12.survival.subjects.design import DesignMatrix, build_design, design_of_arrays
from codon12.survival.subjects.reading import Column, column, is_column, missing_rows, table
from codon12.survival.subjects.terms import FactorTerm, Interaction, expand_terms

if TYPE_CHECKING:
    import polars as pl

__all__ = ["CoxData", "frame_columns", "read_columns", "strata_of_new"]


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
    strata_columns: tuple[str, ...] = ()
    """Names of the columns that make the strata, where they are columns of the frame."""


def read_columns(
    frame: Any,
    *,
    time: Any,
    event: Any,
    terms: Any,
    entry: Any = None,
    strata: Any = None,
    cluster: Any = None,
    weights: Any = None,
) -> CoxData:
    """Collect the columns by name from the frame, or as arrays, and check them; without terms the design is empty.

    Raises ``UsageError`` on an unknown column and ``DataError`` where no row is complete.
    """
    held = None if frame is None else table(frame)
    named = {"time": time, "event": event, "entry": entry, "weights": weights}
    found: dict[str, Column] = {}
    for name, given in named.items():
        if given is not None or name in ("time", "event"):
            found[name] = _column(held, given, name)
    layers = frame_columns(held, strata, "strata")
    found |= {f"strata {i}": values for i, (_, values) in enumerate(layers)}
    found |= {f"cluster {i}": values for i, (_, values) in enumerate(frame_columns(held, cluster, "cluster"))}
    size = len(found["time"])
    for name, values in found.items():
        if len(values) != size:
            raise UsageError(f"{name} has {len(values)} values, time has {size}: they must be of one length")
    if not size:
        raise DataError("time is empty: there are no subjects")
    design: DesignMatrix | None = None
    plain = False
    listed: list[Any] = []
    covariates: pl.DataFrame | None = None
    complete: NDArray[np.bool_] = np.ones(size, dtype=bool)
    if terms is None:
        design = DesignMatrix(np.empty((0, size)), (), (), {})
    elif not _is_terms(terms):
        design = design_of_arrays(terms)
        if design.x.shape[1] != size:
            raise UsageError(f"terms has {design.x.shape[1]} rows, time has {size}: they must be of one length")
        plain = bool(np.isfinite(design.x).all())
        if not plain:
            complete &= ~np.isnan(design.x).any(axis=0)
    else:
        listed = expand_terms(terms, [] if held is None else held.columns)
        names = list(dict.fromkeys(n for t in listed for n in _term_columns(t)))
        covariates = None if held is None else held.select(names)
        if covariates is not None and covariates.height != size:
            raise UsageError(f"terms has {covariates.height} rows, time has {size}: they must be of one length")
    for values in found.values():
        _mark(missing_rows(values), complete)
    for series in [] if covariates is None else covariates.get_columns():
        _mark(missing_rows(column(series, f"column {series.name!r}")), complete)
    keep = None if complete.all() else np.flatnonzero(complete)
    if keep is not None and not keep.size:
        raise DataError(f"none of the {size} rows has a value in every column used; see which column is empty")
    if keep is not None:
        found = {k: s[keep] for k, s in found.items()}
        covariates = None if covariates is None else covariates[keep]
        if design is not None:
            design = replace(design, x=design.x[:, keep])
    if design is None:
        assert covariates is not None  # terms by name were found in a frame
        design = build_design(covariates, listed)
    if (keep is not None or not plain) and not np.isfinite(design.x).all():
        raise DataError("a covariate is infinite; correct it or leave the row out")
    clock = times(found["time"])
    count = clock.size
    groups = {k: [v for n, v in found.items() if n.startswith(f"{k} ")] for k in ("strata", "cluster")}
    by_name = [name for name, _ in layers]
    return CoxData(
        time=clock,
        event=event_flags(found["event"], count),
        design=design,
        entry=entry_times(found["entry"], clock) if "entry" in found else None,
        strata=combined_factor(groups["strata"], count) if groups["strata"] else None,
        cluster=combined_factor(groups["cluster"], count, what="cluster") if groups["cluster"] else None,
        weights=_weights(found["weights"], count) if "weights" in found else None,
        used=keep,
        rows=size,
        strata_columns=tuple(n for n in by_name if n is not None) if None not in by_name else (),
    )


def _column(held: pl.DataFrame | None, given: Any, what: str) -> Column:
    """A column of the frame by name, or the column given."""
    if not isinstance(given, str):
        if held is not None and given is None:
            raise UsageError(f"{what} must name a column of the frame, or be one; got None")
        return column(given, what)
    if held is None or given not in held.columns:
        columns = ", ".join([] if held is None else held.columns[:30])
        raise UsageError(f"{what}: no column {given!r}; columns are {columns}")
    return column(held[given], f"{what} {given!r}")


def frame_columns(held: pl.DataFrame | None, given: Any, what: str) -> list[tuple[str | None, Column]]:
    """Columns named (one or several), or given as values, each with its name in the frame if it is one there."""
    if given is None:
        return []
    if isinstance(given, str):
        return [(given, _column(held, given, what))]
    if isinstance(given, (list, tuple)) and given:
        texts = all(isinstance(v, str) for v in given)
        if held is not None and texts and (len(given) != held.height or all(v in held.columns for v in given)):
            return [(v, _column(held, v, what)) for v in given]
        if all(is_column(v) or (isinstance(v, str) and held is not None and v in held.columns) for v in given):
            return [(v if isinstance(v, str) else None, _column(held, v, what)) for v in given]
    if isinstance(given, (list, tuple)) and not given:
        return []
    return [(None, values) for values in columns_of(given, what)]


def _mark(bad: NDArray[np.bool_] | None, complete: NDArray[np.bool_]) -> None:
    if bad is not None:
        complete &= ~bad


def _is_terms(terms: Any) -> bool:
    if isinstance(terms, (str, FactorTerm, Interaction)):
        return True
    return isinstance(terms, (list, tuple)) and all(isinstance(t, (str, FactorTerm, Interaction)) for t in terms)


def _term_columns(term: Any) -> tuple[str, ...]:
    parts = term.parts if isinstance(term, Interaction) else (term,)
    return tuple(p if isinstance(p, str) else p.column for p in parts)


def _weights(values: Column, size: int) -> NDArray[np.float64]:
    numbers = score_values(values, size, what="weights")
    addable(numbers)
    bad = numbers <= 0
    if bad.any():
        raise DataError(
            f"weights must be positive: {int(bad.sum())} are not (first: {numbers[bad][0]:g});"
            " leave out rows that should not count"
        )
    return numbers


def strata_of_new(frame: Any, columns: tuple[str, ...], labels: tuple[str, ...]) -> NDArray[np.intp] | None:
    """Stratum of each new subject (as a position in `labels`), where their frame has the columns of the strata.

    Raises ``DataError`` on a stratum the model does not know, or one that is missing.
    """
    if not columns or isinstance(frame, (np.ndarray, list, tuple)):
        return None
    held = table(frame, "new subjects")
    if not all(c in held.columns for c in columns):
        return None
    parts = [grouping(held[c], held.height, what=f"new subjects: stratum {c!r}") for c in columns]
    named = [joined(p.labels[p.codes[i]] for p in parts) for i in range(held.height)]
    place = {label: i for i, label in enumerate(labels)}
    unknown = [n for n in named if n not in place]
    if unknown:
        raise DataError(f"new subjects: the model has no stratum {unknown[0]!r}; strata are {', '.join(labels)}")
    return np.array([place[n] for n in named], dtype=np.intp)
