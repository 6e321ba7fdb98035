"""What every reader takes and gives."""

from __future__ import annotations

import msgspec
import polars as pl

from codon12.records.findings import Finding

__all__ = ["RawTable", "ReadOptions", "other_members"]


class ReadOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader is told besides the path."""

    table: str
    """Name findings give to the table."""
    sheet: str | None = None
    """Sheet of a workbook or data set of a file that holds several; the first when left out."""
    header: int | None = None
    """Line of a text file, or row of a sheet, that names the columns, from 1; the first filled one when left out."""
    quoting: bool = True
    """Whether a cell may stand in quotes; MAF and cBioPortal know no quoting, there a quote is a character."""
    block: str | None = None
    """Of a partitioned table: the block of patients that is read; all of them when left out."""


class RawTable(msgspec.Struct, frozen=True, kw_only=True):
    """A table as it stands in its file, before names and types are settled."""

    frame: pl.DataFrame
    """Columns as named in the file, text or the file's own types, and `SRCROW` (1-based data row)."""
    format: str
    encoding: str | None = None
    """Text encoding, where the format has one."""
    rows_read: int
    """Data rows of the file, those left out included."""
    left_out: dict[str, int] = {}
    """Reason -> rows that were read and not passed on."""
    findings: list[Finding] = []


def other_members(file: str, table: str, read: str, others: list[str]) -> Finding:
    """Say that a file holds more data sets than the one that was read."""
    names = ", ".join(others)
    return Finding(
        table=table,
        rule="data-set-not-read",
        severity="warning",
        value=names,
        message=f"{file} holds several data sets; {read} was read as {table}, not read: {names}. Name the one you mean "
        f'in codon12.toml: [tables.{table}] file = "{file}", sheet = "{others[0]}".',
    )
