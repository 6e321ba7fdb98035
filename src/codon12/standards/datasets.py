"""A data set as it is written: its frame, and what is said of each of its variables."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from codon12.standards.metadata import Column, DataType

__all__ = ["Dataset", "described", "plain"]


@dataclass(frozen=True)
class Dataset:
    """One data set with its metadata; the frame has exactly the columns described, in their order."""

    name: str
    label: str
    frame: pl.DataFrame
    columns: tuple[Column, ...]
    class_: str = "TABULATION"
    subclass: str | None = None
    structure: str = "One record per row of the source"
    keys: tuple[str, ...] = ()
    parameters: dict[str, str] = field(default_factory=dict)
    """PARAMCD -> PARAM, of a data set with parameters."""
    standard: str = "ADaM"

    def column(self, name: str) -> Column:
        """What is said of a variable."""
        return next(c for c in self.columns if c.name == name)


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Frame of the types that every format has: text, whole numbers, numbers, dates, date-times.

    Categories become text, truth values Y and N, and a column of numbers that are all whole becomes one of whole
    numbers. Empty text is null, as everywhere in codon12.
    """
    out = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if kind == pl.Boolean:
            out.append(pl.when(column).then(pl.lit("Y")).when(~column).then(pl.lit("N")).alias(name))
        elif kind.is_float():
            values = frame[name].drop_nulls()
            whole = bool(values.len()) and bool(((values == values.round()) & (values.abs() < 2**53)).all())
            out.append(column.cast(pl.Int64) if whole else column.cast(pl.Float64))
        elif kind.is_integer():
            out.append(column.cast(pl.Int64))
        elif kind == pl.Date or isinstance(kind, pl.Datetime):
            out.append(column)
        else:
            text = column.cast(pl.String)
            out.append(pl.when(text != "").then(text).alias(name))
    return frame.select(out)


_FORMATS: dict[DataType, str] = {"date": "DATE9.", "datetime": "DATETIME20."}


def described(frame: pl.DataFrame, name: str) -> tuple[DataType, int, str | None]:
    """Type, length in bytes and SAS format of a column of a plain frame."""
    kind = frame.schema[name]
    if kind == pl.String:
        longest = frame[name].str.len_bytes().max()
        return "text", max(1, int(longest or 1)), None  # type: ignore[arg-type]  # a number of bytes
    if kind == pl.Date:
        return "date", 8, _FORMATS["date"]
    if isinstance(kind, pl.Datetime):
        return "datetime", 8, _FORMATS["datetime"]
    return ("integer" if kind.is_integer() else "float"), 8, None
