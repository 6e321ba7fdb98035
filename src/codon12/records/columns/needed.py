"""Columns that a frame must have."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from codon12.errors import UsageError

__all__ = ["need"]


def need(frame: pl.DataFrame, columns: Iterable[str], *, what: str) -> None:
    """Refuse a frame that lacks columns.

    Raises
    ------
    UsageError
        The message names the frame, the columns it lacks and those it has.

    Examples
    --------
    >>> need(pl.DataFrame({"USUBJID": ["1"]}), ("USUBJID",), what="calls")
    """
    if not isinstance(frame, pl.DataFrame):
        raise UsageError(f"{what}: must be a polars data frame, not {type(frame).__name__}")
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        raise UsageError(f"{what}: column(s) {', '.join(missing)} missing; it has {', '.join(frame.columns) or 'none'}")
