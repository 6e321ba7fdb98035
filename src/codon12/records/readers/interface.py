"""What every reader takes and gives."""

from __future__ import annotations

import msgspec
import polars as pl

from codon12.records.findings import Finding

__all__ = ["RawTable", "ReadOptions"]


class ReadOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader is told besides the path."""

    table: str
    """Name findings give to the table."""
    sheet: str | None = None
    """Sheet of a workbook; the first when left out."""


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
