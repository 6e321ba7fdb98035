"""SAS transport (XPT version 5 and 8) and sas7bdat data sets, and those of SPSS and Stata."""

from __future__ import annotations

import mmap
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from codon12.errors import InputError
from codon12.records.findings import Finding
from codon12.records.readers.interface import RawTable, ReadOptions, other_members

__all__ = ["labels_of", "read_sas7bdat", "read_sav", "read_stata", "read_xpt"]

_XPT_MAGIC = b"HEADER RECORD*******LIB"
_SAS7BDAT_MAGIC = b"\0" * 12 + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c\x18\x1f\x10\x11"
_XPT_MEMBERS = (
    (b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!", 8),
    (b"HEADER RECORD*******MEMBV8  HEADER RECORD!!!!!!!", 32),
)
"""First record of a data set in a transport file of version 5 and 8, and how long its name may be."""
_RECORD = 80
_MAX_VARIABLES = 32_767
_MAX_RECORD_BYTES = 64 * 1024**2


def read_xpt(path: Path, options: ReadOptions) -> RawTable:
    """Read a data set of a SAS transport file; text without trailing blanks, numbers, dates as dates.

    Of several the one that `sheet` or the table names is read, else the first; the others are a finding. Text that is
    no UTF-8 is read as Windows-1252, as SAS for Windows writes it, and said in a finding.

    Raises
    ------
    InputError
        Not a transport file, or a file whose own header asks for more than the file holds.
    """
    data = path.read_bytes() if path.stat().st_size < 2 * _RECORD else b""
    with path.open("rb") as file:
        head = data or file.read(100 * _RECORD)
    if not head:
        raise InputError(f"{path.name}: the file is empty (0 bytes)")
    if not head.startswith(_XPT_MAGIC):
        raise InputError(f"{path.name}: is no SAS transport file (wrong first record)")
    members = _members(path)
    if len(members) > 1:
        return _one_of(path, options, members)
    return _single(path, options, path.name)


def _single(path: Path, options: ReadOptions, shown: str) -> RawTable:
    """Read a transport file that holds one data set; `shown` is its name in messages."""
    _check_xpt_header(path, shown)
    findings = []
    if path.stat().st_size % _RECORD:
        findings.append(
            Finding(
                table=options.table,
                rule="truncated-file",
                severity="error",
                message=f"{shown}: the length is no multiple of {_RECORD} bytes; the file was cut short, "
                "rows at its end are missing. Copy the file again.",
            )
        )
    return _read(path, options, "read_xport", "xpt", findings, shown)


def _members(path: Path) -> list[tuple[str, int]]:
    """Name and first byte of every data set of a transport file."""
    out = []
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for mark, width in _XPT_MEMBERS:
            at = data.find(mark)
            while at >= 0:
                if at % _RECORD == 0:
                    name = data[at + 2 * _RECORD + 8 : at + 2 * _RECORD + 8 + width]
                    out.append((name.decode("ascii", "replace").strip(" \0").upper(), at))
                at = data.find(mark, at + _RECORD)
    return sorted(out, key=lambda m: m[1])


def _one_of(path: Path, options: ReadOptions, members: list[tuple[str, int]]) -> RawTable:
    """Read one of several data sets, by way of a transport file that holds it alone."""
    names = [n for n, _ in members]
    wanted = (options.sheet or options.table).upper()
    if options.sheet is not None and wanted not in names:
        raise InputError(f"{path.name}: has no data set '{options.sheet}'; it has {', '.join(names)}")
    place = names.index(wanted) if wanted in names else 0
    ends = [at for _, at in members[1:]] + [path.stat().st_size]
    with tempfile.TemporaryDirectory() as folder, path.open("rb") as file:
        alone = Path(folder, "one.xpt")
        library = file.read(members[0][1])
        file.seek(members[place][1])
        alone.write_bytes(library + file.read(ends[place] - members[place][1]))
        raw = _single(alone, options, path.name)
    if options.sheet is None:
        others = other_members(path.name, options.table, names[place], [n for n in names if n != names[place]])
        raw.findings.append(others)
    return raw


def read_sas7bdat(path: Path, options: ReadOptions) -> RawTable:
    """Read a SAS data set; text without trailing blanks, numbers, dates as dates.

    Raises
    ------
    InputError
        Not a SAS data set, or one that is cut short.
    """
    with path.open("rb") as file:
        head = file.read(64)
    if not head:
        raise InputError(f"{path.name}: the file is empty (0 bytes)")
    if not head.startswith(_SAS7BDAT_MAGIC[:16]):
        raise InputError(f"{path.name}: is no SAS data set (wrong first bytes)")
    return _read(path, options, "read_sas7bdat", "sas7bdat", [], path.name)


def read_sav(path: Path, options: ReadOptions) -> RawTable:
    """Read a data set of SPSS (sav, zsav); codes as they are stored, dates as dates.

    Raises
    ------
    InputError
        Not a data set of SPSS, or one that is cut short.
    """
    _begins(path, (b"$FL2", b"$FL3"), "SPSS")
    return _read(path, options, "read_sav", "sav", [], path.name)


def read_stata(path: Path, options: ReadOptions) -> RawTable:
    """Read a data set of Stata (dta); codes as they are stored, dates as dates.

    Raises
    ------
    InputError
        Not a data set of Stata, or one that is cut short.
    """
    older = (bytes([release, order, 1]) for release in range(104, 116) for order in (1, 2))
    _begins(path, (b"<stata_dta>", *older), "Stata")
    return _read(path, options, "read_dta", "dta", [], path.name)


def _begins(path: Path, marks: tuple[bytes, ...], program: str) -> None:
    with path.open("rb") as file:
        head = file.read(16)
    if not head:
        raise InputError(f"{path.name}: the file is empty (0 bytes)")
    if not head.startswith(marks):
        raise InputError(f"{path.name}: is no data set of {program} (wrong first bytes)")


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


def _check_xpt_header(path: Path, shown: str) -> None:
    """Compare the number and lengths of variables the header claims with what the file holds."""
    size = path.stat().st_size
    with path.open("rb") as file:
        pos, variables, namestr_at, width = 0, None, 0, 140
        while pos < min(size, 60 * _RECORD):
            record = file.read(_RECORD)
            if len(record) < _RECORD:
                break
            pos += _RECORD
            if b"MEMBER  HEADER" in record or b"MEMBV8  HEADER" in record:
                width = int(record[74:78]) if record[74:78].isdigit() else 140
            if b"NAMESTR HEADER" in record or b"NAMSTV8 HEADER" in record:
                digits = record[48:58].strip()
                if not digits.isdigit():
                    raise InputError(f"{shown}: the header holds no number of variables")
                variables, namestr_at = int(digits), pos
                break
        if variables is None:
            raise InputError(f"{shown}: the header names no variables; the file is cut short or damaged")
        claimed = variables * width
        if variables == 0 or variables > _MAX_VARIABLES or namestr_at + claimed > size:
            raise InputError(
                f"{shown}: the header claims {variables} variables ({claimed} bytes of description), "
                f"the file has {size} bytes in all; it is cut short or damaged"
            )
        file.seek(namestr_at)
        described = file.read(claimed)
    lengths = [struct.unpack_from(">h", described, i * width + 4)[0] for i in range(variables)]
    if any(n <= 0 for n in lengths) or sum(lengths) > min(_MAX_RECORD_BYTES, max(size, _RECORD)):
        raise InputError(
            f"{shown}: the header claims rows of {sum(lengths)} bytes, the file has {size} bytes in all; "
            "it is cut short or damaged"
        )


def _read(path: Path, options: ReadOptions, function: str, name: str, findings: list[Finding], shown: str) -> RawTable:
    import pyreadstat

    read = getattr(pyreadstat, function)
    encoding = None
    try:
        frame, meta = read(str(path), output_format="polars")
    except Exception as err:  # noqa: BLE001 - the C reader raises many kinds, all mean an unreadable file
        encoding = "windows-1252"
        frame, meta = _as_windows(read, path, f"{shown}: table {options.table} cannot be read as {name}: {err}")
        findings.append(
            Finding(
                table=options.table,
                rule="text-encoding",
                severity="note",
                message=f"{shown} holds text that is not UTF-8; it was read as Windows-1252.",
            )
        )
    if name == "xpt" and len(set(meta.column_names)) != len(meta.column_names):
        raise InputError(f"{shown}: two variables have one name")
    frame = frame.rename({"SRCROW": "SRCROW.1"}, strict=False).with_row_index("SRCROW", offset=1)
    frame = frame.with_columns(pl.col("SRCROW").cast(pl.Int64))
    encoding = encoding or meta.file_encoding
    return RawTable(frame=frame, format=name, encoding=encoding, rows_read=frame.height, findings=findings)


def _as_windows(read: Callable[..., Any], path: Path, message: str) -> tuple[pl.DataFrame, Any]:
    """Read again as Windows-1252, else as Latin-1, in which every byte is a character."""
    for encoding in ("WINDOWS-1252", "ISO-8859-1"):
        try:
            return read(str(path), output_format="polars", encoding=encoding)
        except Exception:  # noqa: BLE001, S112 - as above; what the first attempt said is what is told
            continue
    raise InputError(f"{message}; it may be cut short")
