"""Event and censor sources as data: which rows of which frame count, and what they are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from codon12.errors import ConfigError, UsageError
from codon12.survival.subjects.reading import table

__all__ = ["Censor", "Event"]

_BREAK_TIES = ("SRCROW", "SRCSEQ", "SRCDOM", "SRCVAR")
_SOURCE = {"SRCDOM": pl.String, "SRCVAR": pl.String, "SRCROW": pl.Int64, "SRCSEQ": pl.Int64}


@dataclass(frozen=True, kw_only=True)
class _Source:
    """Rows of a frame that date something."""

    description: str
    """EVNTDESC: what happened, or why observation ended."""
    frame: pl.DataFrame
    """One row an occurrence: USUBJID, the date, and what names the source row (SRCDOM, SRCROW, SRCSEQ)."""
    date: str = "ADT"
    """Column with the date (Date, or Datetime whose date part counts); rows without a date do not count."""
    where: str | None = None
    """SQL predicate over the frame's columns that picks the rows; all rows where left out."""
    order: tuple[str, ...] = ()
    """Columns that decide between rows of one date, before SRCROW and SRCSEQ."""
    domain: str | None = None
    """SRCDOM where the frame has no such column."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "frame", table(self.frame, self._named()))
        for name in ("description", "date"):
            if not isinstance(getattr(self, name), str):
                raise UsageError(f"{self._named()}: {name} must be a text; got {getattr(self, name)!r}")

    def rows(self, keys: Sequence[str]) -> pl.DataFrame:
        """Dated rows in order: the keys the frame has, ADT, and the columns that name the source row."""
        frame = self.frame
        own = [k for k in keys if k in frame.columns]
        if not own:
            raise UsageError(f"{self._named()}: the frame has none of {', '.join(keys)}; it has {_have(frame)}")
        missing = [c for c in (self.date, *self.order) if c not in frame.columns]
        if missing:
            raise UsageError(f"{self._named()}: no column {', '.join(missing)}; there are {_have(frame)}")
        kind = frame.schema[self.date]
        if kind == pl.Null:
            frame = frame.with_columns(pl.col(self.date).cast(pl.Date))
        elif kind not in {pl.Date, pl.Datetime}:
            raise UsageError(
                f"{self._named()}: {self.date} holds {kind}, not dates; impute partial dates by a named rule first"
            )
        if self.where is not None:
            from codon12.records.sql import evaluate  # the records room opens many readers

            try:
                frame = frame.filter(evaluate(frame, self.where, where=self._named()))
            except ConfigError as err:
                raise UsageError(str(err)) from None
        date = pl.col(self.date).cast(pl.Date)
        source = [
            (pl.col(c) if c in frame.columns else pl.lit(self._constant(c))).cast(t).alias(c)
            for c, t in _SOURCE.items()
        ]
        ties = [c for c in _BREAK_TIES if c in frame.columns]  # of the others all rows say the same
        order = {column: f"_order_{column}" for column in self.order}
        dated = frame.filter(pl.col(self.date).is_not_null()) if frame[self.date].null_count() else frame
        rows = dated.select(
            *own,
            date.alias("ADT"),
            *source,
            *(pl.col(column).alias(name) for column, name in order.items()),
        )
        if not order and ties[:1] == ["SRCROW"] and _rises(rows["SRCROW"]):
            return rows.sort("ADT", maintain_order=True)  # the rows of a day are in their order
        rows = rows.sort("ADT", *order.values(), *ties, nulls_last=True)
        return rows.drop(order.values()) if order else rows

    def _constant(self, column: str) -> str | None:
        return {"SRCDOM": self.domain, "SRCVAR": self.date}.get(column)

    def _named(self) -> str:
        return f"source {self.description!r}"


@dataclass(frozen=True, kw_only=True)
class Event(_Source):
    """An event of interest: the first row of a subject counts.

    Examples
    --------
    >>> import datetime as dt
    >>> adsl = pl.DataFrame({"USUBJID": ["01"], "DTHDT": [dt.date(2024, 3, 1)]})
    >>> Event(description="Death", frame=adsl, date="DTHDT").rows(["USUBJID"])["ADT"].to_list()
    [datetime.date(2024, 3, 1)]
    """


@dataclass(frozen=True, kw_only=True)
class Censor(_Source):
    """A time up to which the event is known not to have happened: the last row of a subject counts."""

    code: int = 1
    """CNSR: a positive whole number."""
    date_description: str | None = None
    """CNSDTDSC: what the date is; the description where left out."""
    closed_by_end: bool = True
    """False for fallbacks such as "no assessment": ends of observation neither drop nor rename them."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.code, bool) or not isinstance(self.code, int) or self.code < 1:
            raise UsageError(f"{self._named()}: code (CNSR) must be a positive whole number; got {self.code!r}")


def _rises(rows: pl.Series) -> bool:
    return not rows.null_count() and (rows.diff() > 0).all()


def _have(frame: pl.DataFrame) -> str:
    return ", ".join(frame.columns) or "no columns"
