"""Parquet files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from codon12.errors import InputError
from codon12.records.readers.interface import RawTable, ReadOptions

__all__ = ["parquet_slices", "read_parquet"]


def read_parquet(path: Path, options: ReadOptions) -> RawTable:
    """Read a Parquet file; columns keep their types.

    Raises
    ------
    InputError
        Empty, truncated, or no Parquet at all.
    """
    _refuse(path)
    try:
        frame = pl.read_parquet(path, glob=False)
    except (pl.exceptions.PolarsError, OSError) as err:
        raise _unread(path, options, err) from None
    return _raw(frame, 0)


def parquet_slices(path: Path, options: ReadOptions, *, rows: int = 1_000_000) -> Iterator[RawTable]:
    """Read a Parquet file some rows at a time, an empty one once; errors as `read_parquet`."""
    _refuse(path)
    try:
        lazy = pl.scan_parquet(path, glob=False)
        total = int(lazy.select(pl.len()).collect().item())
        for first in range(0, max(total, 1), rows):
            yield _raw(lazy.slice(first, rows).collect(), first)
    except (pl.exceptions.PolarsError, OSError) as err:
        raise _unread(path, options, err) from None


def _refuse(path: Path) -> None:
    if path.stat().st_size == 0:
        raise InputError(f"{path.name}: the file is empty (0 bytes)")
    with path.open("rb") as file:
        if file.read(4) != b"PAR1":
            raise InputError(f"{path.name}: is no Parquet file (it does not begin with 'PAR1')")


def _unread(path: Path, options: ReadOptions, err: Exception) -> InputError:
    return InputError(f"{path.name}: table {options.table} cannot be read as Parquet: {err}")


def _raw(frame: pl.DataFrame, before: int) -> RawTable:
    frame = frame.rename({"SRCROW": "SRCROW.1"}, strict=False).with_row_index("SRCROW", offset=before + 1)
    frame = frame.with_columns(pl.col("SRCROW").cast(pl.Int64))
    return RawTable(frame=frame, format="parquet", rows_read=frame.height)
