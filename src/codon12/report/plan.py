"""What a report will take: rows, blocks, memory and time, told before anything is read."""

from __future__ import annotations

from pathlib import Path

import msgspec

from codon12.derive.lesion_blocks import BLOCK
from codon12.errors import UsageError
from codon12.records.config import StudyConfig
from codon12.records.opening.sizes import SUBJECT_TABLES, TableSize, table_sizes

__all__ = ["RunPlan", "free_memory", "plan_of_report"]

GIB = 2**30
_START_BYTES, _CELL_BYTES = 0.2 * GIB, 55
_START_SECONDS, _CELL_SECONDS = 4.5, 2.4e-6
"""Measured by benchmarks/scale.py (simulated trials, no figures); other records differ, most by less than half."""


class RunPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What a report of a study takes."""

    format: str
    subjects: int
    """Rows of the table of subjects."""
    tables: list[TableSize]
    blocks: int
    """In which lesions are derived; 0 without lesions."""
    memory: int
    """Bytes, roughly."""
    seconds: float
    """Of one core, roughly, without pictures and without the analyses that ``codon12.toml`` adds."""
    analyses: int
    """Analyses that ``codon12.toml`` adds or changes: models and imputations take what their sizes ask for."""
    free: int | None
    """Bytes that are free here; None where that is not known."""

    @property
    def fits(self) -> bool:
        """Whether there is memory for it, as far as is known."""
        return self.free is None or self.memory <= self.free

    @property
    def most(self) -> int:
        """Subjects, roughly, that would fit at once in what is free."""
        if self.free is None or not self.memory:
            return self.subjects
        grows = self.memory - _START_BYTES
        return max(0, int(self.subjects * min(1.0, (self.free - _START_BYTES) / grows))) if grows > 0 else self.subjects

    def require_room(self) -> None:
        """Refuse what cannot fit.

        Raises
        ------
        UsageError
            The message says what is needed, what is free, and how many subjects would fit.
        """
        if self.fits or self.free is None:
            return
        raise UsageError(
            f"the report needs about {gib(self.memory)} of memory and {gib(self.free)} are free: about {self.most:,} "
            f"of the {self.subjects:,} subjects would fit at once. Take a machine with more memory, or fewer subjects "
            "(`where` of the tables in codon12.toml)"
        )


def gib(size: float) -> str:
    """Bytes in words.

    Examples
    --------
    >>> gib(3 * 2**29)
    '1.5 GiB'
    """
    return f"{size / GIB:.1f} GiB"


def plan_of_report(folder: Path, config: StudyConfig, *, free: int | None) -> RunPlan:
    """Tell from the heads of a study's files what its report takes.

    Memory and time are those of simulated trials with as many cells, and no more than a guide: a workbook or a
    compressed file does not say how many rows it holds, and records differ.

    Parameters
    ----------
    free
        Bytes that may be used; `free_memory` knows.

    Raises
    ------
    InputError, ConfigError
        As `Study.open`, of the folder and its configuration.
    """
    fmt, tables = table_sizes(folder, config)
    first = next((t for t in SUBJECT_TABLES if any(s.table == t for s in tables)), None)
    subjects = sum(s.rows for s in tables if s.table == first)
    cells = sum(s.rows * (s.columns + 1) for s in tables)
    lesions = fmt == "sdtm" and any(s.table == "TR" for s in tables)
    return RunPlan(
        format=fmt,
        subjects=subjects,
        tables=tables,
        blocks=-(-subjects // BLOCK) if lesions else 0,
        memory=int(_START_BYTES + cells * _CELL_BYTES),
        seconds=_START_SECONDS + cells * _CELL_SECONDS,
        analyses=len(config.analyses),
        free=free,
    )


def free_memory() -> int | None:
    """Bytes that a process may still take: of the machine, or of its group where that has a limit; None: not known."""
    found = []
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        found += [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    except (OSError, ValueError, IndexError):
        pass
    group = Path("/sys/fs/cgroup")
    try:
        limit, used = (int((group / name).read_text(encoding="ascii")) for name in ("memory.max", "memory.current"))
        found.append(limit - used)
    except (OSError, ValueError):  # no such file, or the word `max`: no limit
        pass
    return max(0, min(found)) if found else None
