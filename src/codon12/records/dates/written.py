"""Dates as a hospital writes them, by named formats, to ISO 8601."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

import polars as pl

from codon12.errors import ConfigError
from codon12.records.dates.iso import parse_dtc
from codon12.records.dates.months import english_months
from codon12.records.findings import Finding, findings_frame, no_findings, row_findings, shown_expr

__all__ = ["check_format", "iso_dates", "with_days", "with_iso_dates"]

_EPOCHS = {"excel": dt.date(1899, 12, 30), "excel1904": dt.date(1904, 1, 1)}
_FIRST_SERIAL = {"excel": 61, "excel1904": 0}  # the 1900 system counts a 29 February 1900 that never was
_LAST_SERIAL = 109_573  # end of 2199
_TIME = r"(?i)[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?$"
_YEAR = r"^(?:1[89]|2[01])\d{2}$"
_DIRECTIVES = frozenset("YymdBbHMST")


def check_format(given: str, *, where: str) -> None:
    """Refuse a format that names no date.

    Raises
    ------
    ConfigError
        The format has no year, a day without a month, or a directive that is not known; the message lists those.
    """
    if given in _EPOCHS:
        return
    directives = re.findall(r"%(.)", given)
    unknown = sorted(set(directives) - _DIRECTIVES)
    said = f"{where}: {given!r} is no format of dates"
    if unknown:
        known = ", ".join(f"%{d}" for d in sorted(_DIRECTIVES))
        raise ConfigError(f"{said}: %{unknown[0]} is not known. Known are {known}, and 'excel', 'excel1904'")
    if not {"Y", "y"} & set(directives):
        raise ConfigError(f'{said}: it has no year (%Y); write for example "%d.%m.%Y"')
    if "d" in directives and not {"m", "B", "b"} & set(directives):
        raise ConfigError(f'{said}: it has a day and no month; write for example "%d.%m.%Y"')


def iso_dates(text: pl.Expr, formats: Sequence[str]) -> pl.Expr:
    """Give the ISO 8601 text of dates written in one of several formats; null where none, or two differently, read it.

    ISO text stays as it is, whatever the formats. A format without a day or month gives a partial date (``2021-11``).
    A month may be named in any language of `english_months`; a time of day behind the date is left out.

    Examples
    --------
    >>> written = pl.DataFrame({"D": ["29.11.2021", "11/2021", "2021-11-29", "soon", None]})
    >>> written.select(iso_dates(pl.col("D"), ["%d.%m.%Y", "%m/%Y"]))["D"].to_list()
    ['2021-11-29', '2021-11', '2021-11-29', None, None]
    >>> pl.DataFrame({"D": ["03/04/2021", "29/04/2021"]}).select(
    ...     iso_dates(pl.col("D"), ["%d/%m/%Y", "%m/%d/%Y"]))["D"].to_list()
    [None, '2021-04-29']
    >>> pl.DataFrame({"D": ["5. 3. 2021", "12.03.2021 r."]}).select(iso_dates(pl.col("D"), ["%d.%m.%Y"]))["D"].to_list()
    ['2021-03-05', '2021-03-12']
    """
    already = parse_dtc(text, impute="first").is_not_null()
    if any(given in _EPOCHS for given in formats):  # 1975 may be a year or the 1975th day: no date
        already &= ~text.str.contains(_YEAR)
    read = [_read(text, given) for given in formats]
    first, last = pl.min_horizontal(read), pl.max_horizontal(read)
    return pl.when(already).then(text).when(first == last).then(first)


def _read(text: pl.Expr, given: str) -> pl.Expr:
    if given in _EPOCHS:
        serial = text.cast(pl.Float64, strict=False).floor()
        sound = serial.is_between(_FIRST_SERIAL[given], _LAST_SERIAL) & ~text.str.contains(_YEAR)
        days = pl.duration(days=pl.when(sound).then(serial).cast(pl.Int64))
        return (pl.lit(_EPOCHS[given]) + days).dt.to_string("%Y-%m-%d")
    directives = set(re.findall(r"%(.)", given))
    month, day = bool({"m", "B", "b"} & directives), "d" in directives
    lacks = ("" if day else "01 ") + ("" if month else "01 ")
    wanted = ("" if day else "%d ") + ("" if month else "%m ") + given
    text = text if directives & set("HMST") else text.str.replace(_TIME, "")
    text = english_months(text) if {"B", "b"} & directives else _close(text)
    whole = pl.concat_str(pl.lit(lacks), text) if lacks else text
    if directives & set("HMST"):
        date = whole.str.to_datetime(wanted, strict=False).dt.date()
    else:
        date = whole.str.to_date(wanted, strict=False)
    sound = date.dt.year().is_between(1800, 2199)
    return pl.when(sound).then(date.dt.to_string("%Y-%m-%d" if day else "%Y-%m" if month else "%Y"))


def _close(text: pl.Expr) -> pl.Expr:
    """Dates in digits without spaces behind their signs (``5. 3. 2021``), and without a word for year (``r.``)."""
    return text.str.replace_all(r"([./年月년월-])\s+", "${1}").str.replace(r"\s+r\.?$", "")


def with_iso_dates(
    frame: pl.DataFrame,
    dates: Mapping[str, str | list[str]],
    *,
    table: str,
    file: str,
    where: str,
    statuses: Collection[str] = (),
    subject: str = "USUBJID",
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rewrite the columns that `dates` names as ISO 8601; what cannot be read becomes null and a finding.

    In `statuses`, columns whose date tells that somebody died, what cannot be read stays as it is: an unreadable date
    of death is not that of somebody alive. Findings name whom column `subject` names.

    Raises
    ------
    ConfigError
        The file has no such column; the message lists those it has.
    """
    found = [no_findings()]
    for column, given in dates.items():
        formats = [given] if isinstance(given, str) else given
        if column not in frame.columns:
            have = ", ".join(c for c in frame.columns[:60] if c != "SRCROW")
            raise ConfigError(f"{where}.dates: the file has no column '{column}'; it has {have}")
        read = frame.with_columns(iso_dates(pl.col(column), formats).alias(column))
        lost = frame.filter(read[column].is_null() & frame[column].is_not_null())
        found.append(
            row_findings(
                lost.select("SRCROW", column, *(pl.col(c).alias("USUBJID") for c in lost.columns if c == subject)),
                table=table,
                rule="not-a-date",
                severity="warning",
                variable=column,
                value=pl.col(column),
                message="{}, row {}: '{}' is no date that {} reads in one way, and was read as missing.",
                parts=[
                    pl.lit(file),
                    pl.col("SRCROW"),
                    shown_expr(pl.col(column)),
                    pl.lit(" or ".join(formats)),
                ],
            )
        )
        frame = read if column not in statuses else read.with_columns(pl.coalesce(column, frame[column]).alias(column))
    return frame, pl.concat(found)


def with_days(
    frame: pl.DataFrame,
    days: Mapping[str, Literal["first", "middle", "last"]],
    *,
    table: str,
    file: str,
    where: str,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the ISO dates of a month alone the day that `days` names for their column; a finding counts them.

    Raises
    ------
    ConfigError
        The file has no such column.
    """
    found = []
    for column, day in days.items():
        if column not in frame.columns:
            have = ", ".join(c for c in frame.columns[:60] if c != "SRCROW")
            raise ConfigError(f"{where}.days: the file has no column '{column}'; it has {have}")
        month = pl.col(column).str.contains(r"^\d{4}-\d{2}$")
        first = (pl.col(column) + "-01").str.to_date("%Y-%m-%d", strict=False)
        given = {"first": first, "middle": first.dt.offset_by("14d"), "last": first.dt.month_end()}[day]
        size = frame.filter(month).height
        frame = frame.with_columns(pl.when(month).then(given.cast(pl.String)).otherwise(column).alias(column))
        if size:
            said = {"first": "its first day", "middle": "its 15th", "last": "its last day"}[day]
            message = (
                f"{file}: {size} date(s) of {column} have a month and no day; {said} counts, as codon12.toml says."
            )
            found.append(
                Finding(
                    table=table, rule="day-assumed", severity="warning", variable=column, value=day, message=message
                )
            )
    return frame, findings_frame(found)
