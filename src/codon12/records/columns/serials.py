"""Dates that stand as numbers of days: those of SAS, and those of spreadsheets."""

from __future__ import annotations

import datetime as dt
from functools import partial

import polars as pl

from codon12.parallel import of_all, told_of_all
from codon12.records.findings import Finding, findings_frame

__all__ = ["SAS_EPOCH", "epoch_of_numbers"]

SAS_EPOCH = dt.date(1960, 1, 1)
"""Day 0 of SAS."""
_SPREADSHEET_EPOCH = dt.date(1899, 12, 30)
_SERIAL = r"^\d{5}(?:\.\d+)?$"
"""A day as a number that is no year: of SAS from 1987 on, of a spreadsheet from 1927 to 2173."""
_LAST_SAS_DAY = 36_524
"""31 December 2059 in SAS; a spreadsheet's 1999. A column with a later number is a spreadsheet's."""


def epoch_of_numbers(frame: pl.DataFrame, name: str, *, table: str, file: str) -> tuple[dt.date, pl.DataFrame]:
    """Give day 0 of the numbers in a column of dates, and findings (``date-from-number``, the first number of it).

    They are days of SAS; where some of the column would lie after 2059 as such, days of a spreadsheet.

    Examples
    --------
    >>> frame = pl.DataFrame({"ADT": ["45301", "2024-01-10"], "SRCROW": [1, 2]})
    >>> epoch_of_numbers(frame, "ADT", table="ADSL", file="adsl.csv")[0]
    datetime.date(1899, 12, 30)
    """
    if not frame.select(pl.col(name).str.contains(_SERIAL).any()).item():
        return SAS_EPOCH, findings_frame([])
    told = _serials(frame, name, table=table, file=file)
    late = bool(frame.select((_serial(name) > _LAST_SAS_DAY).any()).item())
    spreadsheet = of_all(f"{table}: {name} of {file} has numbers of a spreadsheet", late)
    return (_SPREADSHEET_EPOCH if spreadsheet else SAS_EPOCH), told


def _serial(name: str) -> pl.Expr:
    return pl.when(pl.col(name).str.contains(_SERIAL)).then(pl.col(name).cast(pl.Float64, strict=False))


def _serials(frame: pl.DataFrame, name: str, *, table: str, file: str) -> pl.DataFrame:
    """Numbers that stand for dates in a column: how they were read, at the first of them."""
    rows = frame.select(pl.col("SRCROW").cast(pl.Int64), _N=_serial(name), _TEXT=pl.col(name)).drop_nulls("_N")
    seen = rows.sort("SRCROW").select(
        pl.col("SRCROW").first(), pl.col("_TEXT").first(), _LAST=pl.col("_N").max(), _ROWS=pl.len().cast(pl.Int64)
    )
    of = {"name": name, "table": table, "file": file}
    return told_of_all(f"{table}: numbers in {name} of {file}", seen, partial(_read_as_days, **of))


def _read_as_days(seen: pl.DataFrame, *, name: str, table: str, file: str) -> pl.DataFrame:
    """What the numbers of a column of dates were read as: days since 1960 (SAS), or of a spreadsheet."""
    if not seen.height:
        return findings_frame([])
    row, text = seen.sort("SRCROW").select("SRCROW", "_TEXT").row(0)
    spreadsheet = bool((seen["_LAST"] > _LAST_SAS_DAY).any())
    since = _SPREADSHEET_EPOCH if spreadsheet else SAS_EPOCH
    day = since + dt.timedelta(days=int(float(text)))
    what = (
        "days of a spreadsheet, since as days of SAS some lie after 2059" if spreadsheet else "days of SAS since 1960"
    )
    message = (
        f"{file}: {seen['_ROWS'].sum()} cell(s) of date {name} are numbers and were read as {what}; "
        f"'{text}' in row {row} is {day}."
    )
    one = Finding(
        table=table, row=row, rule="date-from-number", severity="warning" if spreadsheet else "note", variable=name,
        value=text, message=message,
    )  # fmt: skip
    return findings_frame([one])
