"""What a report will take: rows, blocks, memory and time, told before anything is read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from codon12.derive.lesion_blocks import BLOCK
from codon12.errors import UsageError
from codon12.records.config import StudyConfig
from codon12.records.opening.blocks import can_be_blocks, patient_blocks
from codon12.records.opening.sizes import SUBJECT_TABLES, TableSize, table_sizes

__all__ = ["RunPlan", "free_memory", "plan_of_report"]

GIB = 2**30
_START_BYTES, _CELL_BYTES = 0.2 * GIB, 55
_HELD_BYTES = 3.5
"""Of a cell of a study in blocks, whose rows stay on disk: what its evidence holds of it at the peak.

Measured peaks: 0.28 GiB at 20,000 and 0.34 GiB at 80,000 simulated patients of 540 cells each in blocks of 2,500,
0.70 GiB at 300,000 in blocks of 10,000, one worker. What a block takes by itself are `_CELL_BYTES`, as of a study at
once.
"""
_REGISTRY_CELL_BYTES, _IMPUTED_BYTES = 95, 250
"""Of a cell of a study without lesions, and of a subject in each imputation of a model.

Measured peaks at 100,000 patients of a generated registry (14 million cells): 1.5 GiB, and 2.0 GiB with 20 imputations.
"""
_START_SECONDS, _CELL_SECONDS, _REGISTRY_CELL_SECONDS = 4.5, 0.9e-6, 2.4e-6
"""Measured on simulated trials without figures: 23 s of CPU at 40,000 patients at once, 57 s at 100,000 in blocks on
one worker, 22 and 56 told. Other records differ, most by less than half; a registry of 20,000 with models took 39, 12
told."""
_BLOCKS_CPU, _BLOCKS_SHARE = 1.15, 0.8
"""CPU of a study in blocks beside the study at once, and the share of it that workers take."""


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
    parts: int = 0
    """Blocks of patients that a partitioned study is opened and derived in; 0: at once."""
    workers: int = 1
    """Processes that work on the blocks."""
    fitting: int = 0
    """Patients a block that would fit, where what is asked for does not; 0 where none would."""

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
            f"the report needs about {gib(self.memory)} of memory and {gib(self.free)} are free: {self._would}take a "
            f"machine with more memory, {'fewer workers, ' if self.workers > 1 and self.parts else ''}or fewer "
            "subjects (`where` of the tables in codon12.toml)"
        )

    @property
    def _would(self) -> str:
        """What would fit, as sentences."""
        if not self.parts:
            at_once = f"about {self.most:,} of the {self.subjects:,} subjects would fit at once; "
        else:
            at_once = "its blocks are too large; " if self.fitting else "no size of its blocks would fit; "
        if not self.fitting:
            return at_once
        source = "STUDY (that which these blocks were made from)" if self.parts else "STUDY"
        return (
            f"{at_once}blocks of {self.fitting:,} patients would fit: codon12 records partition {source} --by "
            f"{self.fitting} --out PARTS, then codon12 report PARTS. Else: "
        )


def gib(size: float) -> str:
    """Bytes in words.

    Examples
    --------
    >>> gib(3 * 2**29)
    '1.5 GiB'
    """
    return f"{size / GIB:.1f} GiB"


def plan_of_report(folder: Path, config: StudyConfig, *, free: int | None, workers: int = 1) -> RunPlan:
    """Tell from the heads of a study's files what its report takes.

    Memory and time are those of simulated trials with as many cells, and no more than a guide: a workbook or a
    compressed file does not say how many rows it holds, and records differ.

    Parameters
    ----------
    free
        Bytes that may be used; `free_memory` knows.
    workers
        Processes that a study in blocks is worked by.

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
    found = patient_blocks(folder, config)
    parts = 0 if found is None else max(1, sum(b.name.isdigit() for b in found))
    seconds = cells * (_CELL_SECONDS if lesions else _REGISTRY_CELL_SECONDS)
    imputed = max((_imputations(a) for a in config.analyses.values()), default=0)
    at_once = _START_BYTES + cells * (_CELL_BYTES if lesions else _REGISTRY_CELL_BYTES)
    at_once += subjects * imputed * _IMPUTED_BYTES
    if parts:
        seconds *= _BLOCKS_CPU * (1 - _BLOCKS_SHARE + _BLOCKS_SHARE / min(workers, parts))
    return RunPlan(
        format=fmt,
        subjects=subjects,
        tables=tables,
        blocks=-(-subjects // BLOCK) if lesions else 0,
        memory=int(_memory_in_blocks(cells, cells / parts, workers) if parts else at_once),
        seconds=_START_SECONDS + seconds,
        analyses=len(config.analyses),
        free=free,
        parts=parts,
        workers=workers,
        fitting=_fitting(cells, subjects, free, workers) if parts or can_be_blocks(folder, config) else 0,
    )


def _imputations(analysis: Mapping[str, Any]) -> int:
    given = analysis.get("imputations", 0)
    return given if isinstance(given, int) else 0


def _memory_in_blocks(cells: float, block: float, workers: int) -> float:
    """Bytes of a study in blocks of so many cells: one process does both in turn, workers are there beside it."""
    held, worked = _START_BYTES + cells * _HELD_BYTES, _START_BYTES + block * _CELL_BYTES
    return max(held, worked) if workers == 1 else held + workers * worked


def _fitting(cells: int, subjects: int, free: int | None, workers: int) -> int:
    """Patients a block, in two digits, that would fit."""
    if free is None or not cells or not subjects or _memory_in_blocks(cells, 0, workers) > free:
        return 0
    left = free - (_START_BYTES if workers == 1 else _memory_in_blocks(cells, 0, workers))
    most = min(subjects, int(left / workers / _CELL_BYTES / (cells / subjects)))
    digits = 10 ** max(0, len(str(most)) - 2)
    return most // digits * digits


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
