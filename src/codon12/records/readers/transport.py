"""The data sets of a SAS transport file (XPT version 5 and 8), and whether it holds what its header claims."""

from __future__ import annotations

import mmap
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codon12.errors import InputError
from codon12.records.findings import Finding
from codon12.records.readers.interface import ReadOptions, other_members

__all__ = ["data_set_alone"]

_XPT_MAGIC = b"HEADER RECORD*******LIB"
_XPT_MEMBERS = (
    (b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!", 8),
    (b"HEADER RECORD*******MEMBV8  HEADER RECORD!!!!!!!", 32),
)
"""First record of a data set in a transport file of version 5 and 8, and how long its name may be."""
_RECORD = 80
_MAX_VARIABLES = 32_767
_MAX_RECORD_BYTES = 64 * 1024**2
_COPIED = 16 * 1024**2


@contextmanager
def data_set_alone(path: Path, options: ReadOptions) -> Iterator[tuple[Path, list[Finding]]]:
    """Give a transport file that holds the data set alone, and what is said of the file it comes from.

    Raises
    ------
    InputError
        Not a transport file, no data set of that name, or a header that asks for more than the file holds.
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
        with tempfile.TemporaryDirectory() as folder:
            alone, others = _one_of(path, options, members, Path(folder))
            yield alone, [*_cut_short(alone, options, path.name), *others]
    else:
        yield path, _cut_short(path, options, path.name)


def _cut_short(path: Path, options: ReadOptions, shown: str) -> list[Finding]:
    """What is said of the length of a transport file that holds one data set; `shown` is its name in messages."""
    _check_xpt_header(path, shown)
    if path.stat().st_size % _RECORD == 0:
        return []
    message = f"{shown}: the length is no multiple of {_RECORD} bytes; the file was cut short, "
    message += "rows at its end are missing. Copy the file again."
    return [Finding(table=options.table, rule="truncated-file", severity="error", message=message)]


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


def _one_of(
    path: Path, options: ReadOptions, members: list[tuple[str, int]], folder: Path
) -> tuple[Path, list[Finding]]:
    """Copy one of several data sets into a transport file of its own; that, and which others there are."""
    names = [n for n, _ in members]
    wanted = (options.sheet or options.table).upper()
    if options.sheet is not None and wanted not in names:
        raise InputError(f"{path.name}: has no data set '{options.sheet}'; it has {', '.join(names)}")
    place = names.index(wanted) if wanted in names else 0
    end = [*(at for _, at in members[1:]), path.stat().st_size][place]
    alone = folder / "one.xpt"
    with path.open("rb") as file, alone.open("wb") as out:
        out.write(file.read(members[0][1]))
        file.seek(members[place][1])
        while piece := file.read(min(_COPIED, end - file.tell())):
            out.write(piece)
    others = other_members(path.name, options.table, names[place], [n for n in names if n != names[place]])
    return alone, [others] if options.sheet is None else []


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
