"""Frames of subjects, assessments and visits: columns that must be there, and dates that must be dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl

from codon12.errors import UsageError
from codon12.survival.subjects.reading import table

__all__ = ["check_cutoff", "dated_frame"]


def dated_frame(given: Any, what: str, *, columns: Sequence[str] = (), dates: Sequence[str] = ()) -> pl.DataFrame:
    """Read a frame that must have these columns, and dates in those of `dates` that it has.

    Raises ``UsageError`` on a column that is missing, or a date column of another type.
    """
    frame = table(given, what)
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        raise UsageError(f"{what}: no column {', '.join(missing)}; there are {', '.join(frame.columns)}")
    for name in dates:
        kind = frame.schema.get(name, pl.Date)
        if kind == pl.Null:
            frame = frame.with_columns(pl.col(name).cast(pl.Date))
        elif kind not in (pl.Date, pl.Datetime):
            raise UsageError(f"{what}: {name} holds {kind}, not dates; impute partial dates by a named rule first")
        elif kind != pl.Date:
            frame = frame.with_columns(pl.col(name).cast(pl.Date))
    return frame


def check_cutoff(cutoff: Any) -> dt.date | None:
    """Give the data cut-off as a date; raises ``UsageError`` where it is none."""
    if cutoff is None or (isinstance(cutoff, dt.date) and not isinstance(cutoff, dt.datetime)):
        return cutoff
    if isinstance(cutoff, dt.datetime):
        return cutoff.date()
    raise UsageError(f"cutoff must be a date; got {cutoff!r}")
