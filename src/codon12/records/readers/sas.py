"""SAS transport (XPT version 5 and 8) and sas7bdat data sets, and those of SPSS and Stata."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import polars as pl

from codon12.errors import InputError
from codon12.records.findings import Finding
from codon12.records.readers.interface import RawTable, ReadOptions
from codon12.records.readers.transport import data_set_alone

__all__ = ["labels_of", "read_sas7bdat", "read_sav", "read_stata", "read_xpt", "statistics_slices"]

_SAS7BDAT_MAGIC = b"\0" * 12 + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c\x18\x1f\x10\x11"
_FUNCTION = {
    "xpt": "read_xport",
    "sas7bdat": "read_sas7bdat",
    "sav": "read_sav",
    "dta": "read_dta",
}
"""Format -> what of pyreadstat reads it."""


def read_xpt(path: Path, options: ReadOptions) -> RawTable:
    """Read a data set of a SAS transport file; text without trailing blanks, numbers, dates as dates.

    Of several the one that `sheet` or the table names is read, else the first; the others are a finding. Text that is
    no UTF-8 is read as Windows-1252, as SAS for Windows writes it, and said in a finding.

    Raises
    ------
    InputError
        Not a transport file, or a file whose own header asks for more than the file holds.
    """
    with data_set_alone(path, options) as (file, findings):
        return _read(_DataSet(file, "xpt", path.name), options, findings)


def read_sas7bdat(path: Path, options: ReadOptions) -> RawTable:
    """Read a SAS data set; text without trailing blanks, numbers, dates as dates.

    Raises
    ------
    InputError
        Not a SAS data set, or one that is cut short.
    """
    return _read(_data_set(path), options, [])


def read_sav(path: Path, options: ReadOptions) -> RawTable:
    """Read a data set of SPSS (sav, zsav); codes as they are stored, dates as dates.

    Raises
    ------
    InputError
        Not a data set of SPSS, or one that is cut short.
    """
    return _read(_data_set(path), options, [])


def read_stata(path: Path, options: ReadOptions) -> RawTable:
    """Read a data set of Stata (dta); codes as they are stored, dates as dates.

    Raises
    ------
    InputError
        Not a data set of Stata, or one that is cut short.
    """
    return _read(_data_set(path), options, [])


def _data_set(path: Path) -> _DataSet:
    """A file of one data set, whose first bytes are looked at."""
    ending = path.suffix.lower()
    name = "sav" if ending == ".zsav" else ending.removeprefix(".")
    older = (bytes([release, order, 1]) for release in range(104, 116) for order in (1, 2))
    marks, program = {
        "sas7bdat": ((_SAS7BDAT_MAGIC[:16],), "SAS"),
        "sav": ((b"$FL2", b"$FL3"), "SPSS"),
        "dta": ((b"<stata_dta>", *older), "Stata"),
    }[name]
    with path.open("rb") as file:
        head = file.read(16)
    if not head:
        raise InputError(f"{path.name}: the file is empty (0 bytes)")
    if not head.startswith(marks):
        raise InputError(f"{path.name}: is no data set of {program} (wrong first bytes)")
    return _DataSet(path, name, path.name)


def labels_of(path: Path) -> dict[str, dict[str, str]]:
    """Column -> code -> label, with the column's own label under the empty code, as SPSS, Stata and SAS write them.

    Raises
    ------
    InputError
        A file that cannot be read.
    """
    import pyreadstat

    kinds = {".dta": pyreadstat.read_dta, ".xpt": pyreadstat.read_xport, ".sas7bdat": pyreadstat.read_sas7bdat}
    read = kinds.get(path.suffix.lower(), pyreadstat.read_sav)
    try:
        _, told = read(str(path), metadataonly=True)
    except Exception as err:  # noqa: BLE001 - as in _read
        raise InputError(f"{path.name}: cannot be read: {err}; it may be cut short") from None
    out: dict[str, dict[str, str]] = {}
    for column, label in told.column_names_to_labels.items():
        codes = told.variable_value_labels.get(column, {})
        said = {f"{c:g}" if isinstance(c, float) else str(c): str(m) for c, m in codes.items()}
        if label or said:
            out[column] = ({"": str(label)} if label else {}) | said
    return out


class _DataSet(msgspec.Struct, frozen=True):
    """A file that holds one data set."""

    path: Path
    format: str
    shown: str
    """Its name in messages."""

    def read(self, encoding: str | None, first: int = 0, rows: int = 0) -> tuple[pl.DataFrame, Any]:
        """Rows from `first` on as the C reader gives them, all of them where `rows` is 0, and what it says of them."""
        import pyreadstat

        read = getattr(pyreadstat, _FUNCTION[self.format])
        told = {} if encoding is None else {"encoding": encoding}
        return read(str(self.path), output_format="polars", row_offset=first, row_limit=rows, **told)


_Found = TypeVar("_Found")


def _read(held: _DataSet, options: ReadOptions, findings: list[Finding]) -> RawTable:
    (frame, meta), encoding = _decoded(held, options, held.read)
    raw = _raw(held, frame, meta, encoding, before=0)
    return msgspec.structs.replace(raw, findings=[*findings, *_read_as(held, options, encoding)])


def statistics_slices(path: Path, options: ReadOptions, *, rows: int = 250_000) -> Iterator[RawTable]:
    """Read a data set of SAS, SPSS or Stata some rows at a time; rows, types and findings are those of its reader.

    The file is read twice: what a column holds, and how its text is encoded, is known of the whole. Errors as its
    reader.
    """
    if path.suffix.lower() == ".xpt":
        with data_set_alone(path, options) as (file, findings):
            yield from _statistics_slices(_DataSet(file, "xpt", path.name), options, findings, rows)
    else:
        yield from _statistics_slices(_data_set(path), options, [], rows)


def _statistics_slices(held: _DataSet, options: ReadOptions, findings: list[Finding], rows: int) -> Iterator[RawTable]:
    def walked(encoding: str | None) -> Iterator[tuple[int, pl.DataFrame, Any]]:
        first = 0
        while True:
            frame, meta = held.read(encoding, first, rows)
            if frame.height or not first:
                yield first, frame, meta
            if frame.height < rows:
                return
            first += rows

    schema, encoding = _decoded(held, options, lambda encoding: _types(f for _, f, _ in walked(encoding)))
    findings = [*findings, *_read_as(held, options, encoding)]
    for first, frame, meta in walked(encoding):
        raw = _raw(held, frame.cast(schema), meta, encoding, before=first)
        yield raw if first else msgspec.structs.replace(raw, findings=findings)


def _types(frames: Iterable[pl.DataFrame]) -> pl.Schema:
    """Types of the columns of all the frames: a column that is empty in one takes that of the others."""
    known = pl.DataFrame()
    for frame in frames:
        known = pl.concat([known, frame.clear()], how="vertical_relaxed") if known.width else frame.clear()
    return known.schema


def _raw(held: _DataSet, frame: pl.DataFrame, meta: Any, encoding: str | None, *, before: int) -> RawTable:
    if held.format == "xpt" and len(set(meta.column_names)) != len(meta.column_names):
        raise InputError(f"{held.shown}: two variables have one name")
    frame = frame.rename({"SRCROW": "SRCROW.1"}, strict=False).with_row_index("SRCROW", offset=before + 1)
    frame = frame.with_columns(pl.col("SRCROW").cast(pl.Int64))
    named = None if encoding is None else "windows-1252"
    return RawTable(frame=frame, format=held.format, encoding=named or meta.file_encoding, rows_read=frame.height)


def _decoded(held: _DataSet, options: ReadOptions, read: Callable[[str | None], _Found]) -> tuple[_Found, str | None]:
    """Read as the file says, else as Windows-1252, else as Latin-1, in which every byte is a character."""
    said = None
    for encoding in (None, "WINDOWS-1252", "ISO-8859-1"):
        try:
            return read(encoding), encoding
        except Exception as err:  # noqa: BLE001 - the C reader raises many kinds; the first is what is told
            said = said or err
    raise InputError(
        f"{held.shown}: table {options.table} cannot be read as {held.format}: {said}; it may be cut short"
    )


def _read_as(held: _DataSet, options: ReadOptions, encoding: str | None) -> list[Finding]:
    if encoding is None:
        return []
    said = f"{held.shown} holds text that is not UTF-8; it was read as Windows-1252."
    return [Finding(table=options.table, rule="text-encoding", severity="note", message=said)]
