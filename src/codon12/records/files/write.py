"""Writing frames as study records."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import polars as pl

from codon12.errors import InputError, UsageError

__all__ = ["write_csv", "write_records"]

_SOURCE = ("SRCDOM", "SRCROW", "SRCFILE")


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame as CSV that reads back to the same values: UTF-8, LF, ISO dates, every text cell quoted.

    Null is an empty cell. Values are written exactly: a text that begins with ``=``, ``+``, ``-`` or ``@`` stays as
    it is, for data that are changed on the way out are no longer the data. A spreadsheet program may run it as a
    formula: give spreadsheets the XLSX tables, where such a cell is typed as text.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    try:
        frame.write_csv(path, quote_style="non_numeric", null_value="", line_terminator="\n")
    except OSError as err:
        raise InputError(f"{path.name}: cannot be written: {err.strerror or err}") from None


def write_records(
    tables: Mapping[str, pl.DataFrame],
    folder: Path,
    *,
    format: Literal["csv", "parquet"] = "csv",  # noqa: A002 - the word users know
) -> list[Path]:
    """Write tables as a study folder: ``DM`` to ``dm.csv`` and so on; the columns that name sources are left out.

    Returns the files in order of table name. Reading the folder with `Study.open` gives the same tables.

    Raises
    ------
    UsageError
        A table name that is no plain name.
    InputError
        A file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for table in sorted(tables):
        if not table.replace("_", "").isalnum():
            raise UsageError(f"table name {table!r} must be letters and digits")
        frame = tables[table].drop(_SOURCE, strict=False)
        path = folder / f"{table.lower()}.{format}"
        if format == "csv":
            write_csv(frame, path)
        else:
            frame.write_parquet(path, statistics=False)
        written.append(path)
    return written
