"""Columns that stand in another file, or another sheet, beside each row of a table: deaths in a list of their own."""

from __future__ import annotations

from pathlib import Path

import msgspec
import polars as pl

from codon12.errors import ConfigError
from codon12.records.columns import as_text
from codon12.records.config import CONFIG_FILE, JoinSource, TableSource
from codon12.records.files.locate import Located, StudyFormat, inside
from codon12.records.findings import Finding, findings_frame, no_findings, row_findings
from codon12.records.findings.accounting import Ledger
from codon12.records.opening.tables_of import read_options
from codon12.records.opening.typed_table import file_columns
from codon12.records.readers import RawTable, read_table

__all__ = ["Joined", "joined"]


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """A table with the columns that were joined to it."""

    raw: RawTable
    findings: list[pl.DataFrame]
    read: list[tuple[Located, RawTable]]
    """The other files, as tables TABLE.NAME."""


def joined(folder: Path, entry: Located, raw: RawTable, fmt: StudyFormat, ledger: Ledger) -> Joined:
    """Join the columns of other files that the table's configuration names, by their keys, compared as texts.

    Dates of a joined file become ISO, as its `dates` say. A row whose key stands in no row of the table, or that is
    one of several of its key where one is wanted, is a finding and counted.

    Raises
    ------
    ConfigError
        A file, key or column that is not there, or a new name that the table already has.
    """
    findings, read = [], []
    frame = as_text(raw.frame)
    for name, source in entry.source.join.items():
        where = f"{CONFIG_FILE}, key tables.{entry.table}.join.{name}"
        other = Located(
            table=f"{entry.table}.{name}",
            path=inside(folder, source.file, where=f"{where}.file"),
            source=TableSource(
                sheet=source.sheet, header=source.header, where=source.where, missing=source.missing, dates=source.dates
            ),
        )
        held = read_table(other.path, read_options(other, fmt))
        ledger.read(other.table, held.rows_read)
        for reason, n in held.left_out.items():
            ledger.left_out(other.table, reason, n)
        own, found = file_columns(held, other.source, table=other.table, file=other.path.name, ledger=ledger)
        _columns_there(frame, own, source, where)
        rows, said = _one_each(own, frame[source.on], source, other)
        ledger.left_out(other.table, "of no row of the table, or another row counts", own.height - rows.height)
        ledger.used(other.table, rows.height, f"columns of {entry.table}")
        findings.append(_absent(frame[source.on], rows[source.key], source, other))
        picked = rows.select(
            pl.col(source.key).alias(source.on), *(pl.col(c).alias(n) for n, c in source.columns.items())
        )
        frame = frame.join(picked, on=source.on, how="left", maintain_order="left")
        findings += [found, *said]
        read.append((other, held))
    return Joined(raw=msgspec.structs.replace(raw, frame=frame), findings=findings, read=read)


def _columns_there(frame: pl.DataFrame, own: pl.DataFrame, source: JoinSource, where: str) -> None:
    for key, column, names in (
        ("on", source.on, frame.columns),
        ("key", source.key, own.columns),
        *((f"columns.{n}", c, own.columns) for n, c in source.columns.items()),
        *([("order", source.order, own.columns)] if source.order is not None else []),
    ):
        if column not in names:
            have = ", ".join(c for c in names[:60] if c != "SRCROW")
            raise ConfigError(f"{where}.{key}: the file has no column '{column}'; it has {have}")
    clash = sorted(set(source.columns) & set(frame.columns))
    if clash:
        raise ConfigError(
            f"{where}.columns: the table already has {', '.join(clash)}; give the joined column another name: "
            f'columns = {{ "{clash[0]} (joined)" = "{source.columns[clash[0]]}" }}'
        )


def _absent(keys: pl.Series, joined_: pl.Series, source: JoinSource, other: Located) -> pl.DataFrame:
    """Say how many rows have none in the joined file: to be missing there may mean alive, or not known."""
    n, table = len(keys), other.table.rpartition(".")[0]
    lacking = n - int(keys.is_in(joined_.drop_nulls().implode()).sum())
    if not lacking:
        return no_findings()
    said = f"{other.path.name}: {lacking} of {n} rows of {table} have no row in it; "
    said += f"{', '.join(source.columns)} are empty there."
    return findings_frame(
        [Finding(table=table, rule="joined-row-absent", severity="note", variable=source.on, message=said)]
    )


def _one_each(
    own: pl.DataFrame, keys: pl.Series, source: JoinSource, other: Located
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Rows that are joined, one a key; and findings for the others that a reader should know of."""
    known = pl.col(source.key).is_in(keys.drop_nulls().unique().implode()).fill_null(value=False)
    strange, rows = own.filter(~known), own.filter(known)
    found = [
        row_findings(
            strange,
            table=other.table,
            rule="joined-key-unknown",
            severity="warning",
            variable=source.key,
            value=pl.col(source.key),
            message=f"{other.path.name}: the row's key stands in no row of {other.table.rpartition('.')[0]}; "
            "it is not used.",
        )
    ]
    if source.pick != "only" and source.order is not None:
        rows = rows.sort(source.order, descending=source.pick == "first", nulls_last=False, maintain_order=True)
        latest = pl.col(source.order).last().over(source.key)
        rows = rows.filter(pl.col(source.order).eq_missing(latest))
    said = [*dict.fromkeys(source.columns.values())]
    rows = rows.unique([source.key, *said], keep="first", maintain_order=True)
    alone = pl.len().over(source.key) == 1
    several = rows.filter(~alone)
    found.append(
        row_findings(
            several,
            table=other.table,
            rule="joined-rows-disagree",
            severity="error",
            variable=source.key,
            value=pl.col(source.key),
            message=f"{other.path.name}: several rows of this key say different things ({', '.join(said)}); none is "
            "used.",
        )
        if several.height
        else no_findings()
    )
    return rows.filter(alone), found
