"""From a table as it stands in its file to one with CDISC names, settled types and the source of each row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

import polars as pl

from codon12.errors import ConfigError
from codon12.records.columns import as_text, type_columns, unique_names
from codon12.records.columns.flags import read_flags
from codon12.records.columns.merged_cells import filled_down
from codon12.records.columns.missing import ATTRIBUTE_WORDS, without_missing_words
from codon12.records.columns.wide_visits import one_row_a_visit
from codon12.records.config import CONFIG_FILE, TableSource
from codon12.records.dates.written import with_days, with_iso_dates
from codon12.records.findings import findings_frame
from codon12.records.findings.accounting import Ledger
from codon12.records.readers import RawTable
from codon12.records.sql import evaluate

__all__ = ["file_columns", "typed_table"]

_ATTRIBUTES = ("PATIENT", "SAMPLE", "TIMELINE")


def file_columns(
    raw: RawTable, source: TableSource, *, table: str, file: str, ledger: Ledger
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give a table in its file's own words, and findings: texts, missing ones null, named dates ISO, rows of `where`.

    Raises
    ------
    ConfigError
        `where` cannot be evaluated over the file's columns, or `dates` names one that is not there.
    """
    key = f"{CONFIG_FILE}, key tables.{table}"
    frame = as_text(raw.frame)
    if source.missing:
        text = [c for c in frame.columns if c != "SRCROW"]
        frame = frame.with_columns(pl.when(~pl.col(c).is_in(source.missing)).then(pl.col(c)).alias(c) for c in text)
    wide = [n for n in dict.fromkeys(source.columns.values()) if "{}" in n]
    if wide:
        before = frame.height
        frame, empty = one_row_a_visit(frame, wide, source.visits, where=key)
        ledger.read(table, frame.height + empty - before)
        if empty:
            ledger.left_out(table, "visit without a value", empty)
    frame, filled = filled_down(frame, source.fill, table=table, file=file, where=key)
    told = " ".join(t.status for t in source.times.values() if t.dated is not None and t.status is not None)
    statuses = [c for c in source.dates if re.search(rf"(?<!\w){re.escape(c)}(?!\w)", told)]
    subject = source.columns.get("USUBJID", "USUBJID")
    frame, found = with_iso_dates(
        frame, source.dates, table=table, file=file, where=key, statuses=statuses, subject=subject
    )
    frame, assumed = with_days(frame, source.days, table=table, file=file, where=key)
    if source.where is not None:
        keep = evaluate(frame, source.where, where=f"{key}.where")
        if keep.dtype != pl.Boolean:
            raise ConfigError(f"{key}.where: must be true or false for each row")
        kept = frame.filter(keep)
        ledger.left_out(table, "outside tables.where", frame.height - kept.height)
        frame, found = kept, found.filter(pl.col("ROW").is_in(kept["SRCROW"].implode()))
    return frame, pl.concat([filled, found, assumed])


def typed_table(
    frame: pl.DataFrame, source: TableSource, *, table: str, file: str, dates: bool, attributes: bool = False
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Apply the mapping of codon12.toml, upper-case names, type columns, add `SRCDOM`; frame and findings.

    With `attributes` the clinical tables of a cBioPortal study lose the words that it takes for a missing attribute.

    Raises
    ------
    ConfigError
        The mapping names a column that the file does not have; the message lists those it has.
    """
    where = f"{CONFIG_FILE}, key tables.{table}"
    derived = {
        name.upper(): evaluate(frame, sql, where=f"{where}.derive.{name}").cast(pl.String).alias(name.upper())
        for name, sql in source.derive.items()
    }
    renames: dict[str, str] = {}
    copies: list[pl.Expr] = []
    for cdisc, name in source.columns.items():
        column = _column(frame.columns, name, where=f"{where}.columns.{cdisc}")
        if column in renames:
            copies.append(pl.col(renames[column]).alias(cdisc.upper()))
        else:
            renames[column] = cdisc.upper()
    settled = frame.rename(_free(frame, renames)) if renames else frame
    settled = settled.with_columns(copies) if copies else settled
    given = {c.upper() for c in source.columns} | derived.keys() | {c.upper() for c in source.constants}
    if derived or source.constants:
        settled = settled.drop([c for c in settled.columns if c in derived or c in source.constants])
        settled = settled.with_columns(
            *derived.values(), *(pl.lit(v, pl.String).alias(c.upper()) for c, v in source.constants.items())
        )
    rows = settled["SRCROW"]
    names = [c for c in settled.columns if c != "SRCROW"]
    names.sort(key=lambda c: c not in given)  # stable: mapped names come first and keep their name
    upper, single = unique_names(names, table=table, file=file)
    settled = settled[names]
    settled.columns = upper
    for cdisc, mapping in source.values.items():
        column = _column(settled.columns, cdisc.upper(), where=f"{where}.values.{cdisc}")
        settled = settled.with_columns(pl.col(column).replace({read: meant or None for read, meant in mapping.items()}))
    settled = settled.with_columns(rows)
    settled, missing = without_missing_words(
        settled,
        table=table,
        file=file,
        dates=dates,
        kept={c.upper() for c in source.values},
        everywhere=ATTRIBUTE_WORDS if table in _ATTRIBUTES and attributes else (),
    )
    typed, found = type_columns(settled, table=table, file=file, decimal=source.decimal, dates=dates)
    if "SRCDOM" in typed.columns:
        # ADaM tables carry SRCDOM, SRCSEQ of the records they were derived from; keep them beside our own.
        typed = typed.rename({"SRCDOM": "ADSRCDOM"}) if dates else typed.drop("SRCDOM")
    typed = typed.with_columns(pl.lit(table).alias("SRCDOM"))
    if not attributes:
        typed, flags = read_flags(typed, table=table, file=file)
        found = pl.concat([found, flags])
    order = [c for c in typed.columns if c not in ("SRCDOM", "SRCROW")]
    return typed[[*order, "SRCDOM", "SRCROW"]], pl.concat([findings_frame(single), missing, found])


def _column(names: Sequence[str], name: str, *, where: str) -> str:
    if name in names:
        return name
    same = [c for c in names if c.lower() == name.lower()]
    if len(same) == 1:
        return same[0]
    have = ", ".join(c for c in names[:60] if c != "SRCROW")
    near = get_close_matches(name.lower(), [c.lower() for c in names], n=1)
    meant = next((f"; did you mean '{c}'?" for c in names if near and c.lower() == near[0]), ".")
    raise ConfigError(f"{where}: the file has no column '{name}'{meant} It has {have}")


def _free(frame: pl.DataFrame, renames: dict[str, str]) -> dict[str, str]:
    """Move a column aside whose own name is wanted for another one."""
    out = dict(renames)
    taken = {new for old, new in renames.items() if old != new}
    for column in frame.columns:
        if column in taken and column not in renames:
            out[column] = f"{column}.FILE"
    return out
