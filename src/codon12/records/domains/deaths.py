"""Death and last date known alive, from every table that knows of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from codon12.records.dates import date_flag, parse_dtc
from codon12.records.rows import rows_where
from codon12.records.terms.events import DENIED, YES, fatal, grade, occurred

__all__ = [
    "DEATH_SOURCES",
    "NOT_CONTACT",
    "chosen_deaths",
    "contact",
    "death_records",
    "deaths",
    "last_known_alive",
    "latest_death",
    "not_before_contact",
]

DEATH_SOURCES = ("DM", "DS", "AE", "DD", "SS")
"""Tables that can hold a death, the one that is believed first first; DD and SS date when it was learned of."""

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
_DIED = r"^(DEATH|DIED|DEAD|DECEASED)\b"


def deaths(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give the death of each subject that died: DTHFL, DTHDT, DTHDTF, and the record it was taken from.

    A subject died if any record says so: DM (DTHFL, DTHDTC), DS (DSDECOD, else DSTERM, DEATH), AE (outcome fatal,
    AESDTH, grade 5), DD, SS (SURVSTAT DEAD). The earliest full date of death counts (DM, DS); without one the earliest
    end of a fatal event (AE); without either the earliest partial date, imputed to the first day it may mean; else the
    day on which the death was learned of (DD, SS; DTHDTF ``C``). A death without any date has DTHFL alone. What was
    not chosen is a finding (``deaths-disagree``).

    Notes
    -----
    Source: admiral's ADSL template (DTHDT from DM, DS, AE); SDTM Implementation Guide 3.4, DD and SS: --DTC there is
    when the information was collected, not the day of death.

    Examples
    --------
    >>> dm = pl.DataFrame({"USUBJID": ["1"], "DTHFL": ["Y"], "DTHDTC": ["2024-03"], "SRCROW": [1]})
    >>> ds = pl.DataFrame({"USUBJID": ["1"], "DSDECOD": ["DEATH"], "DSSTDTC": ["2024-03-09"], "SRCROW": [4]})
    >>> deaths({"DM": dm, "DS": ds}).select("DTHDT", "DTHDTF", "DTHDOM", "DTHROW").row(0)
    (datetime.date(2024, 3, 9), None, 'DS', 4)
    """
    return chosen_deaths(death_records(tables))


def chosen_deaths(records: pl.DataFrame) -> pl.DataFrame:
    """Give of `death_records` the one that each subject's death is taken from, as `deaths` chooses it."""
    # how sure a date is: of death and full, the end of a fatal event, partial, when learned of, none
    full = pl.when(pl.col("DTHDOM") == "AE").then(1).otherwise(0)
    known = pl.coalesce(pl.col("DTHDTF").replace_strict(_SURE, default=None, return_dtype=pl.Int32), full)
    sure = pl.when(pl.col("DTHDT").is_null()).then(4).otherwise(known)
    order = ["USUBJID", sure, "DTHDT", "_ORDER", "DTHROW"]
    first = records.sort(order, nulls_last=True).unique("USUBJID", keep="first", maintain_order=True)
    return first.select(*_SCHEMA)


_SURE = {"D": 2, "M": 2, "C": 3}


def death_records(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Give every record that says a subject died, with its date, in the columns of `deaths` and `DTHDTC` as collected.

    Examples
    --------
    >>> ss = {"USUBJID": ["1"], "SSTESTCD": ["SURVSTAT"], "SSSTRESC": ["DEAD"], "SSDTC": ["2024-04-02"]}
    >>> death_records({"SS": pl.DataFrame(ss)}).select("DTHDT", "DTHDTF").row(0)
    (datetime.date(2024, 4, 2), 'C')
    """
    found = [rows for i, name in enumerate(DEATH_SOURCES) if (rows := _of(name, tables, i)) is not None]
    if not found:
        return pl.DataFrame(schema={**_SCHEMA, "DTHDTC": pl.String, "_ORDER": pl.Int32})
    learned = pl.col("DTHDOM").is_in(["DD", "SS"]) & pl.col("DTHDT").is_not_null()
    return (
        pl.concat(found)
        .with_columns(parse_dtc("DTHDTC", impute="first").alias("DTHDT"), date_flag("DTHDTC").alias("DTHDTF"))
        .with_columns(pl.when(learned).then(pl.lit("C")).otherwise("DTHDTF").alias("DTHDTF"), DTHFL=pl.lit("Y"))
        .select(*_SCHEMA, "DTHDTC", "_ORDER")
    )


def _of(name: str, tables: Mapping[str, pl.DataFrame], order: int) -> pl.DataFrame | None:
    if name not in tables or "USUBJID" not in tables[name].columns:
        return None
    table = tables[name]

    def upper(*columns: str) -> pl.Expr:
        have = [pl.col(c).cast(pl.String).str.strip_chars().str.to_uppercase() for c in columns if c in table.columns]
        return pl.coalesce(have).fill_null("") if have else pl.lit("")

    died = {
        "DM": upper("DTHFL").is_in(YES) | (upper("DTHDTC") != ""),
        "DD": pl.lit(value=True),
        "DS": upper("DSDECOD", "DSTERM").str.contains(_DIED),
        "AE": (fatal(table) | (_grade(table) == 5)) & occurred(table),
        "SS": (upper("SSTESTCD") == "SURVSTAT") & upper("SSSTRESC", "SSORRES").str.contains(_DIED),
    }[name]
    dates = {"DM": ("DTHDTC",), "DD": ("DDDTC",), "DS": ("DSSTDTC", "DSDTC"), "AE": ("AEENDTC",), "SS": ("SSDTC",)}[
        name
    ]
    have = [c for c in dates if c in table.columns]
    row = pl.col("SRCROW") if "SRCROW" in table.columns else pl.lit(None, pl.Int64)
    variable = pl.coalesce(pl.when(pl.col(c).is_not_null()).then(pl.lit(c)) for c in have) if have else None
    return rows_where(table, died).select(
        "USUBJID",
        (pl.coalesce(have) if have else pl.lit(None, pl.String)).alias("DTHDTC"),
        pl.lit(name).alias("DTHDOM"),
        (pl.lit(None, pl.String) if variable is None else variable).alias("DTHVAR"),
        row.cast(pl.Int64).alias("DTHROW"),
        pl.lit(order).alias("_ORDER"),
    )


def _grade(table: pl.DataFrame) -> pl.Expr:
    return grade("AETOXGR").fill_null(0) if "AETOXGR" in table.columns else pl.lit(0)


def last_known_alive(
    tables: Mapping[str, pl.DataFrame], died: pl.DataFrame, *, data_cutoff: dt.date | None = None
) -> pl.DataFrame:
    """Give the last day on which each subject was known alive: USUBJID, LSTALVDT, LSTALVDOM, LSTALVROW.

    The latest of all dates of the subject in all tables (--DTC, --STDTC, --ENDTC, first and last exposure),
    not later than the data cut-off and the death; the day of death itself for who died. A partial date counts
    from the first day it may mean. Dates of birth, of planned events, of records about death and of being
    lost to follow-up do not count, nor does a survival status other than alive, nor any date of what was not done
    (--STAT), nor the start and end of what did not occur (--OCCUR).

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
        table = _happened(name, rows_where(table, contact(name, table.columns)))
        dates = [c for c in table.columns if c.endswith("DTC") and c not in _NOT_ALIVE]
        row = pl.col("SRCROW") if "SRCROW" in table.columns else pl.lit(None, pl.Int64)
        for column in dates:
            rows = table.select(
                "USUBJID",
                parse_dtc(column, impute="first").alias("LSTALVDT"),
                pl.lit(name).alias("LSTALVDOM"),
                row.cast(pl.Int64).alias("LSTALVROW"),
            )
            pieces.append(rows_where(rows, pl.col("LSTALVDT").is_not_null()))
    schema = {"USUBJID": pl.String, "LSTALVDT": pl.Date, "LSTALVDOM": pl.String, "LSTALVROW": pl.Int64}
    rows = pl.concat(pieces) if pieces else pl.DataFrame(schema=schema)
    rows = rows.join(died.select("USUBJID", "DTHDT"), on="USUBJID", how="left")
    keep = (pl.col("LSTALVDT") <= pl.col("DTHDT")).fill_null(value=True)
    if data_cutoff is not None:
        keep &= pl.col("LSTALVDT") <= data_cutoff
    known = pl.col("DTHDT").is_not_null() & (pl.col("DTHDTF") != "C").fill_null(value=True)
    dead = died.filter(known).select(
        "USUBJID",
        pl.col("DTHDT").alias("LSTALVDT"),
        pl.col("DTHDOM").alias("LSTALVDOM"),
        pl.col("DTHROW").alias("LSTALVROW"),
    )
    alive = rows.filter(keep).drop("DTHDT")
    latest = alive.group_by("USUBJID").agg(pl.col("LSTALVDT").max())
    alive = alive.join(latest, on=["USUBJID", "LSTALVDT"], how="semi", nulls_equal=True)  # few rows are left to sort
    return (
        pl.concat([dead, alive])
        .sort("LSTALVDT", "LSTALVDOM", "LSTALVROW", descending=[True, False, False])
        .unique("USUBJID", keep="first", maintain_order=True)
        .sort("USUBJID")
    )


def not_before_contact(
    died: pl.DataFrame, tables: Mapping[str, pl.DataFrame], *, data_cutoff: dt.date | None = None
) -> pl.DataFrame:
    """Move an imputed date of death to the last contact within the known month or year, contacts after it aside."""
    partial = died.filter(pl.col("DTHDTF").is_in(["D", "M"])).with_columns(DTHDT=latest_death(), DTHDTF=pl.lit("C"))
    if partial.is_empty():
        return died
    ids = partial.select("USUBJID")
    theirs = {n: t.join(ids, on="USUBJID", how="semi") for n, t in tables.items() if "USUBJID" in t.columns}
    alive = last_known_alive(theirs, partial, data_cutoff=data_cutoff)
    both = died.join(alive.select("USUBJID", "LSTALVDT"), on="USUBJID", how="left", maintain_order="left")
    later = pl.col("DTHDTF").is_in(["D", "M"]) & (pl.col("LSTALVDT") > pl.col("DTHDT"))
    return both.with_columns(pl.when(later).then(pl.col("LSTALVDT")).otherwise("DTHDT").alias("DTHDT")).drop("LSTALVDT")


def latest_death() -> pl.Expr:
    """The last day that a date of death may mean, by DTHDTF."""
    day = pl.col("DTHDT")
    year = day.dt.truncate("1y").dt.offset_by("1y").dt.offset_by("-1d")
    return (
        pl.when(pl.col("DTHDTF") == "D")
        .then(day.dt.month_end())
        .when(pl.col("DTHDTF") == "M")
        .then(year)
        .otherwise(day)
    )


def _happened(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """Take away the dates of what was not done (--STAT), and start and end of what did not occur (--OCCUR)."""
    if not {f"{name}STAT", f"{name}OCCUR"} & set(table.columns):
        return table
    dates = [c for c in table.columns if c.endswith("DTC")]
    not_done, denied = pl.lit(value=False), pl.lit(value=False)
    if f"{name}STAT" in table.columns:
        not_done = _upper(f"{name}STAT") == "NOT DONE"
    if f"{name}OCCUR" in table.columns:
        denied = _upper(f"{name}OCCUR").is_in(DENIED)
    ends = (f"{name}STDTC", f"{name}ENDTC")
    gone = {c: (not_done | denied if c in ends else not_done).fill_null(value=False) for c in dates}
    return table.with_columns(pl.when(~gone[c]).then(pl.col(c)).alias(c) for c in dates)


def _upper(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).str.strip_chars().str.to_uppercase()


def contact(name: str, columns: list[str]) -> pl.Expr:
    """Tell the rows of a table whose dates show the subject alive."""
    if name == "DS" and "DSDECOD" in columns:
        what = pl.col("DSDECOD").str.strip_chars().str.to_uppercase()
        return ~(what.is_in(["LOST TO FOLLOW-UP"]) | what.str.contains(_DIED)).fill_null(value=False)
    if name == "SS" and {"SSTESTCD", "SSSTRESC"} <= set(columns):
        status = pl.col("SSSTRESC").str.to_uppercase()
        return ((pl.col("SSTESTCD") != "SURVSTAT") | (status == "ALIVE")).fill_null(value=False)
    return pl.lit(value=True)
