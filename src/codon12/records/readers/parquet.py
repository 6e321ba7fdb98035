"""Parquet files."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from codon12.errors import InputError
from codon12.records.readers.interface import RawTable, ReadOptions

__all__ = ["read_parquet"]


def read_parquet(path: Path, options: ReadOptions) -> RawTable:
    """Read a Parquet file; columns keep their types.

    Raises
    ------
    InputError
        Empty, truncated, or no Parquet at all.
    """
    if path.stat().st_size == 0:
        raise InputError(f"{path.name}: the file is empty (0 bytes)")
    with path.open("rb") as file:
        if file.read(4) != b"PAR1":
            raise InputError(f"{path.name}: is no Parquet file (it does not begin with 'PAR1')")
    try:
        frame = pl.read_parquet(path, glob=False)
    except (pl.exceptions.PolarsError, OSError) as err:
        raise InputError(f"{path.name}: table {options.table} cannot be read as Parquet: {err}") from None
    frame = frame.rename({"SRCROW": "SRCROW.1"}, strict=False).with_row_index("SRCROW", offset=1)
    frame = frame.with_columns(pl.col("SRCROW").cast(pl.Int64))
    return RawTable(frame=frame, format="parquet", rows_read=frame.height)
