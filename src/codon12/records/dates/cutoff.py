"""The data cut-off: records that begin after it are not used, and counted."""

from __future__ import annotations

import datetime as dt

import polars as pl

from codon12.records.dates.iso import parse_dtc
from codon12.records.findings import findings_frame, row_findings, shown_expr
from codon12.records.findings.accounting import Ledger

__all__ = ["cut_off", "start_column"]


def start_column(table: str, columns: list[str]) -> str | None:
    """Give the column that says when a record of an SDTM table begins: --STDTC, else --DTC.

    Examples
    --------
    >>> start_column("AE", ["AEDTC", "AESTDTC"]), start_column("TR", ["TRDTC"]), start_column("DM", ["DMDTC"])
    ('AESTDTC', 'TRDTC', None)
    """
    if table == "DM":
        return None
    return next((c for c in (f"{table}STDTC", f"{table}DTC") if c in columns), None)


def cut_off(frames: dict[str, pl.DataFrame], date: dt.date, ledger: Ledger) -> pl.DataFrame:
    """Leave out records that begin after the data cut-off; replaces the tables in `frames`, gives notes as findings.

    A partial date counts from the first day it may mean; a record without a date is kept. In DM, a death
    after the cut-off is not known at it: DTHDTC and DTHFL become null.
    """
    found = [findings_frame([])]
    for table in sorted(frames):
        frame = frames[table]
        column = start_column(table, frame.columns)
        if column is not None:
            late = (parse_dtc(column, impute="first") > date).fill_null(value=False)
            after = frame.select(late.alias("_LATE")).to_series()
            if after.any():
                found.append(_notes(frame.filter(after), table, column, date, "is not used"))
                frames[table] = frame.filter(~after)
            ledger.left_out(table, "after the data cut-off", frame.height - frames[table].height)
        elif table == "DM" and "DTHDTC" in frame.columns:
            late = (parse_dtc("DTHDTC", impute="first") > date).fill_null(value=False)
            found.append(
                _notes(frame.filter(late), table, "DTHDTC", date, "does not say that the subject died by then")
            )
            clear = [c for c in ("DTHDTC", "DTHFL") if c in frame.columns]
            frames[table] = frame.with_columns(pl.when(~late).then(pl.col(c)).alias(c) for c in clear)
    return pl.concat(found)


def _notes(rows: pl.DataFrame, table: str, column: str, date: dt.date, text: str) -> pl.DataFrame:
    return row_findings(
        rows,
        table=table,
        rule="after-data-cutoff",
        severity="note",
        variable=column,
        value=pl.col(column),
        message=f"{table} row {{}}: {column} {{}} is after the data cut-off {date}; the record {text}.",
        parts=[pl.col("SRCROW"), shown_expr(pl.col(column))],
    )
