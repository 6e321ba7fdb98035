"""Which reader reads which file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from codon12.errors import InputError
from codon12.records.readers.dataset_json import read_dataset_json
from codon12.records.readers.decode import refuse_pointer
from codon12.records.readers.delimited import delimited_slices, read_delimited
from codon12.records.readers.interface import RawTable, ReadOptions
from codon12.records.readers.parquet import parquet_slices, read_parquet
from codon12.records.readers.partitioned import MARK, read_partitioned, read_stand_in
from codon12.records.readers.sas import read_sas7bdat, read_sav, read_stata, read_xpt, statistics_slices
from codon12.records.readers.workbook import read_workbook

__all__ = ["FORMATS", "format_of", "is_sliced", "read_table", "table_slices"]

Reader = Callable[[Path, ReadOptions], RawTable]

FORMATS: Mapping[str, Reader] = MappingProxyType(
    {
        ".parquet": read_parquet,
        ".csv": read_delimited,
        ".tsv": read_delimited,
        ".txt": read_delimited,
        ".maf": read_delimited,
        ".xpt": read_xpt,
        ".sas7bdat": read_sas7bdat,
        ".sav": read_sav,
        ".zsav": read_sav,
        ".dta": read_stata,
        ".json": read_dataset_json,
        ".ndjson": read_dataset_json,
        ".dsjc": read_dataset_json,
        ".xlsx": read_workbook,
        ".xlsm": read_workbook,
        ".xls": read_workbook,
        ".ods": read_workbook,
    }
)
"""File name ending -> reader, the preferred first where one table stands in several files."""

_SLICED: Mapping[Reader, Callable[[Path, ReadOptions], Iterator[RawTable]]] = MappingProxyType(
    {
        read_parquet: parquet_slices,
        read_delimited: delimited_slices,
        **dict.fromkeys((read_xpt, read_sas7bdat, read_sav, read_stata), statistics_slices),
    }
)
"""Reader -> what gives the same table some rows at a time."""

_MAY_BE_GZIPPED = (".csv", ".tsv", ".txt", ".maf", ".json", ".ndjson")


def format_of(name: str) -> str | None:
    """Give the ending that chooses the reader of a file name; None where no reader is known.

    Examples
    --------
    >>> format_of("TR.CSV.gz"), format_of("tr.xpt"), format_of("notes.docx")
    ('.csv', '.xpt', None)
    """
    lower = name.lower()
    gzipped = lower.endswith(".gz")
    lower = lower.removesuffix(".gz")
    ending = next((e for e in FORMATS if lower.endswith(e)), None)
    return None if gzipped and ending not in _MAY_BE_GZIPPED else ending


def is_sliced(name: str) -> bool:
    """Whether a file is read some rows at a time by `table_slices`, told from its name.

    Examples
    --------
    >>> is_sliced("tr.csv.gz"), is_sliced("tr.xpt"), is_sliced("tr.xlsx")
    (True, True, False)
    """
    ending = format_of(name)
    return ending is not None and FORMATS[ending] in _SLICED


def read_table(path: Path, options: ReadOptions) -> RawTable:
    """Read one table with the reader its file name asks for.

    Raises
    ------
    InputError
        A kind of file no reader is known for, one that is missing, or one its reader cannot read.
    """
    with _readable(path, options) as (read, head):
        held = read_stand_in(path) if head.startswith(MARK) else None
        return read(path, options) if held is None else read_partitioned(path, held, options)


def table_slices(path: Path, options: ReadOptions) -> Iterator[RawTable]:
    """Read one table some rows at a time, in bounded memory, where its format allows; else at once.

    Together they are what `read_table` gives: rows, rows read and left out, findings. Errors as `read_table`.
    """
    with _readable(path, options) as (read, _):
        sliced = _SLICED.get(read)
        yield from (read(path, options),) if sliced is None else sliced(path, options)


@contextmanager
def _readable(path: Path, options: ReadOptions) -> Iterator[tuple[Reader, bytes]]:
    """Reader of a file, and the file's first bytes; what the system refuses is said."""
    ending = format_of(path.name)
    if ending is None:
        raise InputError(f"{path.name}: no reader for this kind of file; known endings: {', '.join(FORMATS)}")
    if not path.is_file():
        raise InputError(f"{path.name}: no such file in the study folder")
    if options.header is not None and FORMATS[ending] not in (read_delimited, read_workbook):
        raise InputError(f"{path.name}: the file names its columns itself; leave out 'header' of table {options.table}")
    try:
        with path.open("rb") as file:
            head = file.read(200)
        refuse_pointer(head, path.name)
        yield FORMATS[ending], head
    except OSError as err:
        raise InputError(f"{path.name}: cannot be read: {err.strerror or err}") from None
