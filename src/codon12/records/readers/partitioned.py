"""A table whose rows lie in Parquet by blocks of patients: the file of its name holds only what it was and where."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import msgspec
import polars as pl

from codon12.errors import InputError
from codon12.records.findings import Finding
from codon12.records.readers.interface import RawTable, ReadOptions

__all__ = ["FIRST", "MARK", "PARTS", "Part", "PartitionedTable", "StandIn", "read_partitioned", "read_stand_in"]

MARK = b"# codon12 stand-in "
"""How a file begins that stands in for one whose rows lie elsewhere."""
PARTS = "_parts"
"""Folder beside such files that holds the rows."""
FIRST = "00000"
"""The block of the first patients."""
_NAME = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+\.parquet)?")


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of a block of patients."""

    file: str
    """Path below ``_parts``."""
    rows: int
    sha256: str

    @property
    def block(self) -> str:
        """Number of the block of patients, or the word for rows of nobody."""
        return self.file.split("/")[-1].split("-")[1]


class PartitionedTable(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader gave for one table of the original file."""

    table: str
    sheet: str | None = None
    header: int | None = None
    quoting: bool = True
    format: str
    encoding: str | None = None
    rows_read: int
    left_out: dict[str, int] = {}
    findings: list[Finding] = []
    parts: list[Part]

    def answers(self, options: ReadOptions) -> bool:
        """Whether it was read with the same options."""
        return all(getattr(self, k) == getattr(options, k) for k in ("table", "sheet", "header", "quoting"))


class StandIn(msgspec.Struct, frozen=True, kw_only=True):
    """The original file: its size, its hash, the tables that were read from it."""

    bytes: int
    sha256: str
    tables: list[PartitionedTable]


def read_stand_in(path: Path) -> StandIn | None:
    """What a file stands in for; None where it is a file of its own.

    Raises
    ------
    InputError
        It is a stand-in and cannot be understood.
    """
    with path.open("rb") as file:
        if file.read(len(MARK)) != MARK:
            return None
    try:
        held = msgspec.json.decode(path.read_bytes().rstrip().rsplit(b"\n", 1)[-1], type=StandIn)
    except msgspec.MsgspecError as err:
        raise InputError(f"{path.name}: stands in for a partitioned table and is damaged ({err})") from None
    names = [p.file for t in held.tables for p in t.parts]
    if not all(_NAME.fullmatch(name) for name in names):
        raise InputError(f"{path.name}: stands in for a partitioned table and names a file that is none of its own")
    return held


def read_partitioned(path: Path, held: StandIn, options: ReadOptions) -> RawTable:
    """Give a partitioned table as its reader gave it from the original file.

    Raises
    ------
    InputError
        A part is missing or was changed, or the table was not partitioned with these options.
    """
    found = next((t for t in held.tables if t.answers(options)), None)
    if found is None:
        raise InputError(
            f"{path.name}: was partitioned with another codon12.toml, without table {options.table} as it is asked for "
            "now; partition the study again"
        )
    parts = [p for p in found.parts if options.block is None or p.block == options.block]
    frames = [_part(path, part) for part in parts]
    if not frames:
        frames = [_part(path, found.parts[0]).clear()]
    frame = pl.concat(frames) if len(frames) > 1 else frames[0]
    if not frame["SRCROW"].is_sorted():
        frame = frame.sort("SRCROW", maintain_order=True)
    first = options.block is None or options.block == FIRST  # what the reader said of the whole file is said once
    others = sum(p.rows for p in found.parts) - sum(p.rows for p in parts)
    return RawTable(
        frame=frame,
        format=found.format,
        encoding=found.encoding,
        rows_read=found.rows_read - others if first else frame.height,
        left_out=found.left_out if first else {},
        findings=found.findings if first else [],
    )


def _part(path: Path, part: Part) -> pl.DataFrame:
    folder = path.parent / PARTS
    place = folder / part.file
    shown = f"{PARTS}/{part.file}"
    if not place.resolve().is_relative_to(folder.resolve()) or not place.is_file():
        raise InputError(f"{shown}: part of {path.name} is missing; partition the study again")
    with place.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != part.sha256:
            raise InputError(
                f"{shown}: part of {path.name} was changed since it was written; partition the study again"
            )
    try:
        return pl.read_parquet(place, glob=False)
    except (pl.exceptions.PolarsError, OSError) as err:
        raise InputError(f"{shown}: part of {path.name} cannot be read: {err}") from None
