"""Writing frames as study records, and whole folders so that a failed run leaves the previous one untouched."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import polars as pl

from codon12.errors import InputError, UsageError

__all__ = ["write_atomically", "write_csv", "write_records"]

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


@contextmanager
def write_atomically(folder: Path, *, marker: str = "run.json") -> Iterator[Path]:
    """Give a temporary folder that takes the place of `folder` when the block ends without an error.

    An error inside removes the temporary folder and leaves `folder` as it was. A folder that is there already is
    replaced only if it is empty or holds a file `marker`, so that nobody's other files are lost.

    Raises
    ------
    UsageError
        `folder` is a file, or a folder that holds other things.
    InputError
        The folder beside it cannot be written.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as home:
    ...     with write_atomically(Path(home, "report")) as out:
    ...         _ = Path(out, "run.json").write_text("{}")
    ...     sorted(p.name for p in Path(home).iterdir())
    ['report']
    """
    target = folder.resolve()
    _may_replace(target, marker)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as err:
        raise InputError(f"{folder}: cannot write beside it: {err.strerror or err}") from None
    try:
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o777 & ~mask)
        yield temporary
        _may_replace(target, marker)
        _swap(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _may_replace(target: Path, marker: str) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise UsageError(f"{target}: is a file; give a folder to write to")
    if any(target.iterdir()) and not (target / marker).is_file():
        raise UsageError(
            f"{target}: holds files that codon12 did not write (no {marker}); give a new or an empty folder"
        )


def _swap(temporary: Path, target: Path) -> None:
    """Put the new folder in place of the old one; the old one comes back if that fails."""
    if not target.exists():
        temporary.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
    target.rename(old / target.name)
    try:
        temporary.rename(target)
    except OSError:
        (old / target.name).rename(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
