"""SAS transport (XPT version 5 and 8) and sas7bdat data sets."""

from __future__ import annotations

import struct
from pathlib import Path

import polars as pl

from codon12.errors import InputError
from codon12.records.findings import Finding
from codon12.records.readers.interface import RawTable, ReadOptions

__all__ = ["read_sas7bdat", "read_xpt"]

_XPT_MAGIC = b"HEADER RECORD*******LIB"
_SAS7BDAT_MAGIC = b"\0" * 12 + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c\x18\x1f\x10\x11"
_RECORD = 80
_MAX_VARIABLES = 32_767
_MAX_RECORD_BYTES = 64 * 1024**2


def read_xpt(path: Path, options: ReadOptions) -> RawTable:
    """Read the first data set of a SAS transport file; text without trailing blanks, numbers, dates as dates.

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
    _check_xpt_header(path)
    findings = []
    if path.stat().st_size % _RECORD:
        findings.append(
            Finding(
                table=options.table,
                rule="truncated-file",
                severity="error",
                message=f"{path.name}: the length is no multiple of {_RECORD} bytes; the file was cut short, "
                "rows at its end are missing. Copy the file again.",
            )
        )
    return _read(path, options, "read_xport", "xpt", findings)


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
    return _read(path, options, "read_sas7bdat", "sas7bdat", [])


def _check_xpt_header(path: Path) -> None:
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
                    raise InputError(f"{path.name}: the header holds no number of variables")
                variables, namestr_at = int(digits), pos
                break
        if variables is None:
            raise InputError(f"{path.name}: the header names no variables; the file is cut short or damaged")
        claimed = variables * width
        if variables == 0 or variables > _MAX_VARIABLES or namestr_at + claimed > size:
            raise InputError(
                f"{path.name}: the header claims {variables} variables ({claimed} bytes of description), "
                f"the file has {size} bytes in all; it is cut short or damaged"
            )
        file.seek(namestr_at)
        described = file.read(claimed)
    lengths = [struct.unpack_from(">h", described, i * width + 4)[0] for i in range(variables)]
    if any(n <= 0 for n in lengths) or sum(lengths) > min(_MAX_RECORD_BYTES, max(size, _RECORD)):
        raise InputError(
            f"{path.name}: the header claims rows of {sum(lengths)} bytes, the file has {size} bytes in all; "
            "it is cut short or damaged"
        )


def _read(path: Path, options: ReadOptions, function: str, name: str, findings: list[Finding]) -> RawTable:
    import pyreadstat

    try:
        frame, meta = getattr(pyreadstat, function)(str(path), output_format="polars")
    except Exception as err:  # noqa: BLE001 - the C reader raises many kinds, all mean an unreadable file
        raise InputError(
            f"{path.name}: table {options.table} cannot be read as {name}: {err}; it may be cut short"
        ) from None
    if name == "xpt" and len(set(meta.column_names)) != len(meta.column_names):
        raise InputError(f"{path.name}: two variables have one name")
    frame = frame.rename({"SRCROW": "SRCROW.1"}, strict=False).with_row_index("SRCROW", offset=1)
    frame = frame.with_columns(pl.col("SRCROW").cast(pl.Int64))
    return RawTable(frame=frame, format=name, encoding=meta.file_encoding, rows_read=frame.height, findings=findings)
