"""Frames of subjects, assessments and visits: columns that must be there, and dates that must be dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl

from codon12.errors import UsageError
from codon12.survival.subjects.reading import table

__all__ = ["check_cutoff", "dated_frame", "same_subjects"]

_TEXTS = (pl.String, pl.Categorical, pl.Enum)


def dated_frame(given: Any, what: str, *, columns: Sequence[str] = (), dates: Sequence[str] = ()) -> pl.DataFrame:
    """Read a frame that must have these columns, and dates in those of `dates` that it has.

    Raises ``UsageError`` on a column that is missing, a date column of another type, subjects that are neither texts
    nor whole numbers, and responses that are no texts.
    """
    frame = table(given, what)
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        raise UsageError(f"{what}: no column {', '.join(missing)}; there are {', '.join(frame.columns)}")
    told = frame.schema.get("USUBJID", pl.String) if "USUBJID" in columns else pl.String()
    if not (told.is_integer() or told in _TEXTS):
        raise UsageError(f"{what}: USUBJID holds {told}, not texts or whole numbers")
    said = frame.schema.get("AVALC", pl.String)
    if said not in (*_TEXTS, pl.Null):
        raise UsageError(f"{what}: AVALC holds {said}, not texts")
    for name in dates:
        kind = frame.schema.get(name, pl.Date)
        if kind == pl.Null:
            frame = frame.with_columns(pl.col(name).cast(pl.Date))
        elif kind not in (pl.Date, pl.Datetime):
            raise UsageError(f"{what}: {name} holds {kind}, not dates; impute partial dates by a named rule first")
        elif kind != pl.Date:
            frame = frame.with_columns(pl.col(name).cast(pl.Date))
    return frame


def same_subjects(frame: pl.DataFrame, what: str, people: pl.DataFrame) -> None:
    """Raise ``UsageError`` where the subjects of a frame are told in another kind than those of ADSL."""
    mine, theirs = frame.schema["USUBJID"], people.schema["USUBJID"]
    if mine != theirs:
        raise UsageError(f"{what}: USUBJID holds {mine}, in adsl {theirs}: one subject must be told in one way")


def check_cutoff(cutoff: Any) -> dt.date | None:
    """Give the data cut-off as a date; raises ``UsageError`` where it is none."""
    if cutoff is None or (isinstance(cutoff, dt.date) and not isinstance(cutoff, dt.datetime)):
        return cutoff
    if isinstance(cutoff, dt.datetime):
        return cutoff.date()
    raise UsageError(f"cutoff must be a date; got {cutoff!r}")
