"""What it takes to partition a study: rows, parts, memory and time, told from the heads of its files."""

from __future__ import annotations

from pathlib import Path

import msgspec

from codon12.errors import UsageError
from codon12.records.config import StudyConfig
from codon12.records.opening.partition import MOST_BLOCKS, study_of
from codon12.records.opening.sizes import SUBJECT_TABLES, TableSize, table_sizes
from codon12.records.opening.subject_of_rows import held_whole
from codon12.records.opening.tables_of import located_tables
from codon12.records.readers import format_of

__all__ = ["PartitionPlan", "plan_of_partition"]

_START_BYTES, _TEXT_BYTES, _SUBJECT_BYTES = 130 * 2**20, 350 * 2**20, 250
_MOST_ROWS = {".parquet": 1_000_000, ".xpt": 250_000, ".sas7bdat": 250_000, ".sav": 250_000, ".zsav": 250_000,
              ".dta": 250_000}  # fmt: skip
"""Rows held at a time; a slice of text is so many bytes, however many rows they are."""
_CELL_BYTES, _PARQUET_CELL_BYTES = 170, 40
_CELL_SECONDS, _START_SECONDS = 3e-7, 1.0
_SLOWER = 4
"""Measured peaks: 0.47 GiB of text (100,000 simulated patients, 3.8 million rows in 10 s of CPU), 0.55 GiB of XPT in
four times the time a cell, 0.35 and 0.64 GiB of workbooks of 100,000 and 200,000 rows of 17 columns, held at once."""


class PartitionPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes to partition a study."""

    tables: list[TableSize]
    at_once: list[str]
    """Tables that are held as a whole, each with the name of its file."""
    subjects: int
    """Rows of the table of subjects."""
    blocks: int
    """Parts of patients."""
    memory: int
    """Bytes, roughly."""
    seconds: float
    """Of one core, roughly."""
    free: int | None
    """Bytes that are free here; None where that is not known."""

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(size.rows for size in self.tables)

    @property
    def fits(self) -> bool:
        """Whether there is memory for it, as far as is known."""
        return self.free is None or self.memory <= self.free

    def require_room(self) -> None:
        """Refuse what cannot fit.

        Raises
        ------
        UsageError
            The message says what is needed, what is free, and what would need less.
        """
        if self.fits or self.free is None:
            return
        gib = 2**30
        less = (
            f"these tables are held as a whole: {', '.join(self.at_once)}; save them as CSV or Parquet, which are read "
            "some rows at a time, without `fill` in codon12.toml, or "
            if self.at_once
            else ""
        )
        raise UsageError(
            f"to partition this study needs about {self.memory / gib:.1f} GiB of memory and {self.free / gib:.1f} GiB "
            f"are free: {less}take a machine with more memory"
        )


def plan_of_partition(study: Path, *, by: int, config: Path | None = None, free: int | None = None) -> PartitionPlan:
    """Tell from the heads of a study's files what it takes to partition it; nothing is read or written.

    No more than a guide: a workbook or a compressed file does not say how many rows it holds.

    Parameters
    ----------
    study, config, by
        As `partition_records`.
    free
        Bytes that may be used.

    Raises
    ------
    UsageError, InputError, ConfigError
        As `partition_records`, as far as the heads of the files tell.
    """
    folder, settled = study_of(study, config)
    return _plan(folder, settled, by, free)


def _plan(folder: Path, config: StudyConfig, by: int, free: int | None) -> PartitionPlan:
    _, located, _ = located_tables(folder, config)
    _, tables = table_sizes(folder, config)
    first = next((t for t in SUBJECT_TABLES if any(s.table == t for s in tables)), None)
    subjects = sum(s.rows for s in tables if s.table == first)
    blocks = -(-subjects // by)
    if blocks > MOST_BLOCKS:
        raise UsageError(f"by: {by} patients a block makes about {blocks:,} blocks, and {MOST_BLOCKS:,} are the most; "
                         "give more")  # fmt: skip
    whole = [held_whole(entry) for entry in located]
    endings = [format_of(entry.path.name) or "" for entry in located]
    held = [_held(size, ending, whole=w) for size, ending, w in zip(tables, endings, whole, strict=True)]
    slow = [_SLOWER if e in _MOST_ROWS and e != ".parquet" else 1 for e in endings]
    cells = sum(s.rows * (s.columns + 1) * n for s, n in zip(tables, slow, strict=True))
    return PartitionPlan(
        tables=tables,
        at_once=[f"{s.table} ({s.file})" for s, w in zip(tables, whole, strict=True) if w],
        subjects=subjects,
        blocks=blocks,
        memory=int(_START_BYTES + subjects * _SUBJECT_BYTES + max(held, default=0)),
        seconds=_START_SECONDS + cells * _CELL_SECONDS,
        free=free,
    )


def _held(size: TableSize, ending: str, *, whole: bool) -> float:
    """Bytes of a table that are held at a time."""
    rows = size.rows if whole else min(size.rows, _MOST_ROWS.get(ending, size.rows))
    cell = _PARQUET_CELL_BYTES if ending == ".parquet" else _CELL_BYTES
    held = rows * (size.columns + 1) * cell
    return held if whole or ending in _MOST_ROWS else min(held, _TEXT_BYTES)
