"""How large the tables of a study are, told from the heads of their files before anything is read."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import BinaryIO

import msgspec
import polars as pl

from codon12.errors import InputError
from codon12.records.config import StudyConfig
from codon12.records.files.locate import StudyFormat
from codon12.records.opening.tables_of import located_tables, read_options
from codon12.records.readers import ReadOptions, format_of
from codon12.records.readers.partitioned import PARTS, read_stand_in

__all__ = ["SUBJECT_TABLES", "TableSize", "table_sizes"]

SUBJECT_TABLES = ("DM", "ADSL", "PATIENT", "SAMPLE")
"""Tables with a row a subject, or nearly, the first that is there before the others."""
_HEAD = 1 << 20
_PACKED = 1 << 14
_CELL = 8
"""Bytes of a cell of a workbook or JSON file, roughly."""
_COLUMNS = 20

_STATISTICS = {
    ".xpt": "read_xport",
    ".sas7bdat": "read_sas7bdat",
    ".sav": "read_sav",
    ".zsav": "read_sav",
    ".dta": "read_dta",
}
"""Ending of a data set of a program for statistics -> what reads its head."""


class TableSize(msgspec.Struct, frozen=True, kw_only=True):
    """Rows and columns of a table."""

    table: str
    file: str
    rows: int
    columns: int
    exact: bool
    """Whether the file says so; else it is told from its first megabyte or its size."""


def table_sizes(folder: Path, config: StudyConfig) -> tuple[StudyFormat, list[TableSize]]:
    """Kind of study and the size of each table that would be read; a file that cannot be measured has no rows.

    Raises
    ------
    InputError, ConfigError
        As `Study.open`, of the folder and its configuration.
    """
    fmt, located, _ = located_tables(folder, config)
    out = []
    for entry in located:
        rows, columns, exact = _size(entry.path, read_options(entry, fmt))
        name = entry.path.relative_to(folder).as_posix()
        out.append(TableSize(table=entry.table, file=name, rows=rows, columns=columns, exact=exact))
    return fmt, out


def _size(path: Path, options: ReadOptions) -> tuple[int, int, bool]:
    held = read_stand_in(path)
    if held is not None:
        found = next((t for t in held.tables if t.answers(options)), None)
        if found is None:
            return 0, 0, False
        first = path.parent / PARTS / found.parts[0].file
        return sum(p.rows for p in found.parts), len(_schema(first)) - 1, True
    ending = format_of(path.name)
    if ending == ".parquet":
        return _parquet_rows(path), len(_schema(path)), True
    if ending in (".csv", ".tsv", ".txt", ".maf"):
        return _of_text(path)
    if ending in _STATISTICS:
        return _of_sas(path)
    cells = path.stat().st_size // _CELL * (4 if ending in (".xlsx", ".xlsm", ".ods", ".dsjc") else 1)
    return cells // _COLUMNS, _COLUMNS, False


def _schema(path: Path) -> list[str]:
    try:
        return list(pl.read_parquet_schema(path))
    except (pl.exceptions.PolarsError, OSError) as err:
        raise InputError(f"{path.name}: cannot be read as Parquet: {err}") from None


def _parquet_rows(path: Path) -> int:
    try:
        return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, OSError) as err:
        raise InputError(f"{path.name}: cannot be read as Parquet: {err}") from None


def _of_text(path: Path) -> tuple[int, int, bool]:
    """Rows by the length of the lines at the beginning."""
    size = path.stat().st_size
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            head, taken = _unpacked(raw) if packed else (raw.read(_HEAD), raw.tell())
            taken = max(taken, 1)
    except (OSError, zlib.error):
        return 0, 0, False
    lines = [n for n in head.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n") if n and not n.startswith(b"#")]
    if not lines:
        return 0, 0, True
    whole = not packed and size <= len(head) and all(n.count(b'"') % 2 == 0 for n in lines)  # a cell of two lines
    columns = max(lines[0].count(mark) for mark in (b"\t", b",", b";", b"|")) + 1
    rows = len(lines) - 1
    return (rows if whole else int(rows * max(size / taken, 1))), columns, whole


def _unpacked(raw: BinaryIO) -> tuple[bytes, int]:
    """The first text of a packed file, and how many packed bytes it took."""
    reader, head, taken = zlib.decompressobj(wbits=31), b"", 0
    while len(head) < _HEAD and not reader.eof and (packed := raw.read(_PACKED)):
        head += reader.decompress(packed, _HEAD - len(head))
        taken += len(packed) - len(reader.unconsumed_tail)
    return head, taken


def _of_sas(path: Path) -> tuple[int, int, bool]:
    import pyreadstat

    read = getattr(pyreadstat, _STATISTICS[str(format_of(path.name))])
    try:
        _, told = read(str(path), metadataonly=True)
    except Exception:  # noqa: BLE001 - pyreadstat raises what it likes; opening will say what is wrong
        return 0, 0, False
    columns = len(told.column_names)
    if isinstance(told.number_rows, int) and told.number_rows > 0:
        return told.number_rows, columns, True
    width = sum(told.variable_storage_width.values()) if told.variable_storage_width else _CELL * columns
    return path.stat().st_size // max(width, 1), columns, False
