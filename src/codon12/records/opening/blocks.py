"""Whether a study can be worked a block of patients at a time, and one block of it opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from codon12.records.config import StudyConfig
from codon12.records.files.locate import Located, StudyFormat
from codon12.records.files.nested import study_folder
from codon12.records.opening.open import OpenedStudy, open_study
from codon12.records.opening.tables_of import located_tables, read_options
from codon12.records.readers.partitioned import FIRST, read_stand_in
from codon12.records.sql import row_by_row

__all__ = ["Block", "can_be_blocks", "open_block", "patient_blocks"]

_GIVEN = ("ADSL", "ADRS", "ADTR", "ADTTE", "ADAE")


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A block of patients of a partitioned study."""

    name: str
    """As the parts of the tables are named: a number, or the word for rows of nobody."""
    parts: list[str]
    """SHA-256 of the parts that hold its rows."""


def patient_blocks(folder: Path, config: StudyConfig) -> list[Block] | None:
    """Blocks of a partitioned SDTM study, the first patients first; None where it must be worked at once.

    At once are worked: what is not partitioned or not SDTM; studies with data sets of ADaM beside SDTM; tables whose
    rows lean on the row above (`fill`), on the dates of others (`dates`, `days`), on several columns (`visits`,
    `times`), on another table or file (`link`, `join`), or on an aggregate of SQL.

    Raises
    ------
    InputError, ConfigError
        As `Study.open`, of the folder and its configuration.
    """
    folder, _ = study_folder(folder, config)
    fmt, located, _ = located_tables(folder, config)
    if not _each_alone(fmt, located, config):
        return None
    parts: dict[str, list[str]] = {FIRST: []}
    for entry in located:
        held = read_stand_in(entry.path)
        found = None if held is None else next((t for t in held.tables if t.answers(read_options(entry, fmt))), None)
        if found is None:
            return None
        for part in found.parts:
            parts.setdefault(part.block, []).append(part.sha256)
    return [Block(name=name, parts=digests) for name, digests in sorted(parts.items())]


def can_be_blocks(folder: Path, config: StudyConfig) -> bool:
    """Whether a study is, or would be once it is partitioned, worked a block of patients at a time; errors as above."""
    folder, _ = study_folder(folder, config)
    fmt, located, _ = located_tables(folder, config)
    return _each_alone(fmt, located, config)


def _each_alone(fmt: StudyFormat, located: Sequence[Located], config: StudyConfig) -> bool:
    """Whether every patient's rows can be read and derived without those of others."""
    names = [e.table for e in located]
    if fmt != "sdtm" or "DM" not in names or set(names) & set(_GIVEN) or len(set(names)) < len(names):
        return False
    return not any(_leans(e) for e in located) and all(row_by_row(t) for t in config.new_therapy.values())


def _leans(entry: Located) -> bool:
    source = entry.source
    told = [source.where or "", *source.derive.values()]
    others = (
        source.fill
        or source.dates
        or source.days
        or source.visits
        or source.times
        or source.join
        or source.link is not None
    )
    return bool(others) or not all(row_by_row(t) for t in told)


def open_block(folder: Path, config: StudyConfig, block: str, progress: Callable[[str], None]) -> OpenedStudy:
    """Open one block; what is decided over all is asked (`codon12.parallel.of_all`). Errors as `Study.open`."""
    folder, told = study_folder(folder, config)
    return open_study(folder, config, progress, told, block=block)
