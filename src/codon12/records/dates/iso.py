"""Dates as collected: ISO 8601 text that may be partial, and how each use imputes it."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import polars as pl

from codon12.errors import UsageError

__all__ = ["Impute", "date_flag", "dtc_state", "parse_dtc"]

Impute = Literal["none", "first", "last"]

_UNKNOWN = r"(?:-|UN|UNK|XX|NK)"
# Year (1800 to 2199: 0214 is a slip of the pen), then month or unknown, then day or unknown; a time of day
# only after a full date. What --DTC may hold.
_DTC = (
    r"^(?:1[89]|2[01])\d{2}(?:-\d{2}-\d{2}(?:[T ][0-9:.,Z+-]*)?"
    rf"|-(?:\d{{2}}|{_UNKNOWN})(?:-(?:\d{{2}}|{_UNKNOWN}))?)?$"
)
_FROM_UNKNOWN = rf"-{_UNKNOWN}.*$"


def parse_dtc(column: pl.Expr | str, *, impute: Impute = "none") -> pl.Expr:
    """Turn ISO 8601 text into dates, imputing what a partial date lacks by a named rule.

    Full dates and date-times give their day. A partial date (``2014-02``, ``2014``, ``2014---15``) gives null
    with ``impute="none"``, the first or the last day it may mean otherwise. An impossible date
    (``2021-13-40``) is null under every rule. Whole columns; null stays null.

    Raises
    ------
    UsageError
        `impute` is none of the three rules.

    Notes
    -----
    Source: SDTM Implementation Guide 3.4, 4.4.2 (date and time precision); ADaM imputes per analysis.

    Examples
    --------
    >>> text = pl.DataFrame({"TRDTC": ["2014-02-03T11:45", "2014-02", "2014", "2021-13-40"]})
    >>> [str(d) for d in text.select(parse_dtc("TRDTC", impute="last"))["TRDTC"]]
    ['2014-02-03', '2014-02-28', '2014-12-31', 'None']
    """
    if impute not in ("none", "first", "last"):
        raise UsageError(f"impute must be 'none', 'first' or 'last', got {impute!r}")
    return _of_column(column, impute) if isinstance(column, str) else _parsed(column, impute)


@lru_cache(maxsize=512)
def _of_column(name: str, impute: Impute) -> pl.Expr:
    """Expression for a column by its name: made of many parts, and asked for many times."""
    return _parsed(pl.col(name), impute)


def _parsed(text: pl.Expr, impute: Impute) -> pl.Expr:
    known = text if impute == "none" else _known(text)
    filled = known if impute == "none" else known + ("-01-01" if impute == "first" else "-12-01")
    day = filled.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    if impute == "last":
        day = pl.when(known.str.len_bytes() < 10).then(day.dt.month_end()).otherwise(day)
    return pl.when(text.str.contains(_DTC)).then(day).alias(_name(text))


def date_flag(column: pl.Expr | str) -> pl.Expr:
    """Say which part of a date had to be imputed: D (day), M (month and day), null where nothing or not datable.

    Notes
    -----
    Source: ADaM Implementation Guide 1.3, 3.3.2 (the --DTF variables).

    Examples
    --------
    >>> text = pl.DataFrame({"TRDTC": ["2014-02-03", "2014-02", "2014", "2021-13"]})
    >>> text.select(date_flag("TRDTC"))["TRDTC"].to_list()
    [None, 'D', 'M', None]
    """
    text = _text(column)
    letters = _known(text).str.len_bytes()
    flag = pl.when(letters < 7).then(pl.lit("M")).when(letters < 10).then(pl.lit("D"))
    return pl.when(parse_dtc(column, impute="first").is_not_null()).then(flag).alias(_name(text))


def dtc_state(column: pl.Expr | str) -> pl.Expr:
    """Sort dates as collected into ``complete``, ``partial`` and ``impossible``; null where there is none.

    Examples
    --------
    >>> text = pl.DataFrame({"TRDTC": ["2014-02-03", "2014-02", "2014-02-30", None]})
    >>> text.select(dtc_state("TRDTC"))["TRDTC"].to_list()
    ['complete', 'partial', 'impossible', None]
    """
    text = _text(column)
    return (
        pl.when(text.is_null())
        .then(None)
        .when(parse_dtc(column).is_not_null())
        .then(pl.lit("complete"))
        .when(parse_dtc(column, impute="first").is_not_null())
        .then(pl.lit("partial"))
        .otherwise(pl.lit("impossible"))
        .alias(_name(text))
    )


def _text(column: pl.Expr | str) -> pl.Expr:
    return pl.col(column) if isinstance(column, str) else column


def _name(text: pl.Expr) -> str:
    return text.meta.output_name(raise_if_undetermined=False) or "DATE"


def _known(text: pl.Expr) -> pl.Expr:
    """Well-formed text up to its first unknown part: ``2014``, ``2014-02`` or more (``2014---15`` says its year)."""
    return text.str.replace(_FROM_UNKNOWN, "")
