"""Death and last date known alive, from every table that knows of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from codon12.records.dates import date_flag, parse_dtc
from codon12.records.rows import rows_where

__all__ = ["DEATH_SOURCES", "NOT_CONTACT", "deaths", "last_known_alive"]

DEATH_SOURCES = ("DM", "DD", "DS", "AE", "SS")
"""Tables that can hold a death, the one that is believed first first."""

_SCHEMA = {
    "USUBJID": pl.String,
    "DTHFL": pl.String,
    "DTHDT": pl.Date,
    "DTHDTF": pl.String,
    "DTHDOM": pl.String,
    "DTHVAR": pl.String,
    "DTHROW": pl.Int64,
}
# Dates that say nothing about being alive: birth, planned or administrative dates, and those of death itself.
_NOT_ALIVE = ("BRTHDTC", "DTHDTC", "RFPENDTC")
NOT_CONTACT = ("DD", "TS", "TA", "TE", "TI", "TV", "TM", "TD", "SE", "MH", "CO", "RELREC")


def deaths(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give the death of each subject that died: DTHFL, DTHDT, DTHDTF, and the record it was taken from.

    Sources in order: DM (DTHDTC, DTHFL), DD (DDDTC), DS (DSDECOD DEATH), AE (outcome fatal, its end), SS
    (SURVSTAT DEAD: date of that contact). The first source with a full date wins, else the first with a
    partial one, imputed to the first day it may mean; a death without any date has DTHFL alone.

    Notes
    -----
    Source: admiral's ADSL template (DTHDT from DM, DS, AE); SDTM Implementation Guide 3.4, DD and SS.

    Examples
    --------
    >>> dm = pl.DataFrame({"USUBJID": ["1"], "DTHFL": ["Y"], "DTHDTC": ["2024-03"], "SRCROW": [1]})
    >>> ds = pl.DataFrame({"USUBJID": ["1"], "DSDECOD": ["DEATH"], "DSSTDTC": ["2024-03-09"], "SRCROW": [4]})
    >>> deaths({"DM": dm, "DS": ds}).select("DTHDT", "DTHDTF", "DTHDOM", "DTHROW").row(0)
    (datetime.date(2024, 3, 9), None, 'DS', 4)
    """
    found = [rows for i, name in enumerate(DEATH_SOURCES) if (rows := _of(name, tables, i)) is not None]
    if not found:
        return pl.DataFrame(schema=_SCHEMA)
    rows = pl.concat(found).with_columns(
        parse_dtc("_DTC", impute="first").alias("DTHDT"), date_flag("_DTC").alias("DTHDTF")
    )
    order = ["USUBJID", pl.col("DTHDT").is_null(), pl.col("DTHDTF").is_not_null(), "_ORDER", "DTHDT", "DTHROW"]
    first = rows.sort(order, nulls_last=True).unique("USUBJID", keep="first", maintain_order=True)
    return first.with_columns(pl.lit("Y").alias("DTHFL")).select(*_SCHEMA)


def _of(name: str, tables: Mapping[str, pl.DataFrame], order: int) -> pl.DataFrame | None:
    if name not in tables or "USUBJID" not in tables[name].columns:
        return None
    table = tables[name]

    def upper(column: str) -> pl.Expr:
        text = pl.col(column).str.to_uppercase() if column in table.columns else pl.lit(None, pl.String)
        return text.fill_null("")

    died = {
        "DM": (upper("DTHFL") == "Y") | (upper("DTHDTC") != ""),
        "DD": pl.lit(value=True),
        "DS": upper("DSDECOD") == "DEATH",
        "AE": (upper("AEOUT") == "FATAL") | (upper("AESDTH") == "Y"),
        "SS": (upper("SSTESTCD") == "SURVSTAT") & upper("SSSTRESC").is_in(["DEAD", "DIED", "DECEASED"]),
    }[name]
    dates = {"DM": ("DTHDTC",), "DD": ("DDDTC",), "DS": ("DSSTDTC", "DSDTC"), "AE": ("AEENDTC",), "SS": ("SSDTC",)}[
        name
    ]
    have = [c for c in dates if c in table.columns]
    row = pl.col("SRCROW") if "SRCROW" in table.columns else pl.lit(None, pl.Int64)
    return rows_where(table, died).select(
        "USUBJID",
        (pl.coalesce(have) if have else pl.lit(None, pl.String)).alias("_DTC"),
        pl.lit(name).alias("DTHDOM"),
        pl.lit(have[0] if have else None, pl.String).alias("DTHVAR"),
        row.cast(pl.Int64).alias("DTHROW"),
        pl.lit(order).alias("_ORDER"),
    )


def last_known_alive(
    tables: Mapping[str, pl.DataFrame], died: pl.DataFrame, *, data_cutoff: dt.date | None = None
) -> pl.DataFrame:
    """Give the last day on which each subject was known alive: USUBJID, LSTALVDT, LSTALVDOM, LSTALVROW.

    The latest of all dates of the subject in all tables (--DTC, --STDTC, --ENDTC, first and last exposure),
    not later than the data cut-off and the death; the day of death itself for who died. A partial date counts
    from the first day it may mean. Dates of birth, of planned events, of records about death and of being
    lost to follow-up do not count, nor does a survival status other than alive.

    Examples
    --------
    >>> ae = pl.DataFrame({"USUBJID": ["1", "1"], "AESTDTC": ["2024-01-05", "2024-02"], "SRCROW": [1, 2]})
    >>> last_known_alive({"AE": ae}, deaths({})).select("LSTALVDT", "LSTALVROW").row(0)
    (datetime.date(2024, 2, 1), 2)
    """
    pieces = []
    for name in sorted(tables):
        table = tables[name]
        if name in NOT_CONTACT or name.startswith(("SUPP", "AD")) or "USUBJID" not in table.columns:
            continue
        table = rows_where(table, _contact(name, table.columns))
        dates = [c for c in table.columns if c.endswith("DTC") and c not in _NOT_ALIVE]
        row = pl.col("SRCROW") if "SRCROW" in table.columns else pl.lit(None, pl.Int64)
        for column in dates:
            rows = table.filter(pl.col(column).is_not_null()).select(
                "USUBJID",
                parse_dtc(column, impute="first").alias("LSTALVDT"),
                pl.lit(name).alias("LSTALVDOM"),
                row.cast(pl.Int64).alias("LSTALVROW"),
            )
            pieces.append(rows.filter(pl.col("LSTALVDT").is_not_null()))
    schema = {"USUBJID": pl.String, "LSTALVDT": pl.Date, "LSTALVDOM": pl.String, "LSTALVROW": pl.Int64}
    rows = pl.concat(pieces) if pieces else pl.DataFrame(schema=schema)
    rows = rows.join(died.select("USUBJID", "DTHDT"), on="USUBJID", how="left")
    keep = (pl.col("LSTALVDT") <= pl.col("DTHDT")).fill_null(value=True)
    if data_cutoff is not None:
        keep &= pl.col("LSTALVDT") <= data_cutoff
    dead = died.filter(pl.col("DTHDT").is_not_null()).select(
        "USUBJID",
        pl.col("DTHDT").alias("LSTALVDT"),
        pl.col("DTHDOM").alias("LSTALVDOM"),
        pl.col("DTHROW").alias("LSTALVROW"),
    )
    alive = rows.filter(keep).drop("DTHDT")
    return (
        pl.concat([dead, alive])
        .sort("LSTALVDT", "LSTALVDOM", "LSTALVROW", descending=[True, False, False])
        .unique("USUBJID", keep="first", maintain_order=True)
        .sort("USUBJID")
    )


def _contact(name: str, columns: list[str]) -> pl.Expr:
    """Rows of a table whose dates show the subject alive."""
    if name == "DS" and "DSDECOD" in columns:
        return ~pl.col("DSDECOD").str.to_uppercase().is_in(["LOST TO FOLLOW-UP", "DEATH"]).fill_null(value=False)
    if name == "SS" and {"SSTESTCD", "SSSTRESC"} <= set(columns):
        status = pl.col("SSSTRESC").str.to_uppercase()
        return ((pl.col("SSTESTCD") != "SURVSTAT") | (status == "ALIVE")).fill_null(value=False)
    return pl.lit(value=True)
