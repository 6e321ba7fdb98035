"""A partitioned study derived a block of patients at a time, out of memory: what a block gives is kept on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import msgspec
import polars as pl

from codon12.derive.block import DerivedBlock, derive_block, derive_together
from codon12.derive.block_rows import rows_apart, rows_by, rows_of_blocks
from codon12.derive.resistance_frames import ResistanceFrames
from codon12.derive.study import Derived
from codon12.errors import DataError, InputError
from codon12.evidence.frames import Lying
from codon12.parallel import Decisions, build, digest_of
from codon12.parallel.kept_frames import apart_of, find_kept, keep
from codon12.parallel.whole import Asked, Told, asking, in_all_blocks, said
from codon12.records import Study
from codon12.records.config import CONFIG_FILE, StudyConfig, read_config
from codon12.records.files.locate import StudyFormat
from codon12.records.files.nested import study_folder
from codon12.records.findings import in_order, once
from codon12.records.findings.accounting import Ledger
from codon12.records.opening.blocks import Block, open_block, patient_blocks
from codon12.records.opening.open import OpenedStudy, with_configuration

__all__ = ["WorkedStudy", "derive_in_blocks"]


@dataclass(frozen=True)
class WorkedStudy:
    """A partitioned study whose blocks are done."""

    study: Study
    """Its tables are read from disk as they are asked for."""
    is_derived: bool
    """False where findings stop the derivation."""
    said: Sequence[pl.DataFrame]
    decisions: Decisions
    """What was decided over all blocks."""
    places: Sequence[Path]
    """Folders of the blocks, which are needed on."""

    def derived(self) -> Derived:
        """All blocks together; frames of many rows a subject stay on disk."""
        # handed over and not held here: what blocks give goes as it is put together
        return derive_together(self.study, self._blocks(), said=self.said, rows=self._rows(), folder=self._folder)

    def _blocks(self) -> list[DerivedBlock]:
        blocks = [derived for place in self.places if (derived := _read(place).derived) is not None]
        if len(blocks) < len(self.places):
            raise DataError("findings stop the derivation")
        return blocks

    def _rows(self) -> Mapping[str, pl.LazyFrame]:
        ended = next((e for place in self.places if (e := _ended(place)) is not None), None)
        return rows_of_blocks(self.places, [] if ended is None else [d.id for d in ended.definitions.definitions])

    @property
    def _folder(self) -> Path:
        return self.places[0].parent / digest_of(["frames", *(p.name for p in self.places)])[:32]


@dataclass(frozen=True)
class _Task:
    folder: Path
    config: StudyConfig
    block: Block
    kept: Path
    stops: tuple[str, ...]


@dataclass(frozen=True)
class _Done:
    """What a block gave, without its frames."""

    place: Path
    asked: Mapping[str, Asked]


@dataclass(frozen=True)
class _Opened:
    """What opening a block gave, without its tables."""

    format: StudyFormat
    names: tuple[str, ...]
    filled: frozenset[str]
    """Tables with rows."""
    sources: pl.DataFrame
    findings: pl.DataFrame
    looked_for: dict[str, str]
    ledger: Ledger

    @classmethod
    def of(cls, one: OpenedStudy) -> _Opened:
        filled = frozenset(name for name, frame in one.tables.items() if frame.height)
        return cls(one.format, tuple(one.tables), filled, one.sources, one.findings, one.looked_for, one.ledger)


@dataclass(frozen=True)
class _Whole:
    """What a block gave, kept on disk."""

    opened: _Opened
    derived: DerivedBlock | None
    asked: Mapping[str, Asked]
    opening: list[Told]
    deriving: list[Told]


class _Tables(Lying):
    """Tables of all blocks, each put together from disk as it is asked for, in the order of its file."""

    def __init__(self, places: Sequence[Path], names: Sequence[str]) -> None:
        self._places, self._names = places, names
        self._rows: dict[str, pl.LazyFrame] = {}

    def __getitem__(self, name: str) -> pl.DataFrame:
        return self.rows(name).collect()

    def rows(self, name: str) -> pl.LazyFrame:
        """Rows of a table in the order of its file."""
        if name not in self._names:
            raise KeyError(name)
        if name not in self._rows:
            self._rows[name] = rows_by([apart_of(place, name) for place in self._places], "SRCROW")
        return self._rows[name]

    def columns(self, name: str) -> list[str]:
        """Columns of a table."""
        return self.rows(name).collect_schema().names()

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def derive_in_blocks(
    folder: str | Path,
    kept: str | Path,
    *,
    config: StudyConfig | str | Path | None = None,
    stops: Sequence[str] = ("error",),
    progress: Callable[[str], None] | None = None,
    executor: Executor | None = None,
) -> WorkedStudy | None:
    """Open and derive a partitioned study block by block; None where it must be worked at once (`patient_blocks`).

    Memory grows with the largest block. What a block gives lies below `kept` under the hash of its rows, of the
    configuration, of the source of codon12 and of what was decided over all: the same call goes on where it stopped.

    Parameters
    ----------
    folder
        As ``codon12 records partition`` writes it.
    kept
        Folder for what is done; workers need it, and `folder`, under the same path.
    config
        As `Study.open`.
    stops
        Severities of findings that leave nothing to derive.
    progress
        Told how many blocks are done.
    executor
        Any `concurrent.futures.Executor`; None works here. The result is the same.

    Raises
    ------
    InputError, ConfigError, DataError
        As `Study.open` and `derive`; or `kept` cannot be written.
    WorkerError
        A worker ended three times on one block.
    """
    given, say = Path(folder), progress or (lambda _: None)
    if not given.is_dir():
        raise InputError(f"{given}: no such folder")
    place = given if config is None else config
    settled = place if isinstance(place, StudyConfig) else read_config(Path(place))
    home, _ = study_folder(given, settled)
    if config is None and home != given and not (given / CONFIG_FILE).is_file() and (home / CONFIG_FILE).is_file():
        place, settled = home, read_config(home)
    blocks = patient_blocks(home, settled)
    if blocks is None:
        return None
    store = Path(kept)
    tasks = [_Task(home, settled, b, store, tuple(stops)) for b in blocks]
    found, decisions = in_all_blocks(
        _work,
        tasks,
        asked=lambda done: done.asked,
        executor=executor,
        done=lambda n: say(f"Block {n} of {len(blocks)}"),
    )
    places = [done.place for done in found]
    every = [
        replace(_read(place), derived=None) for place in places
    ]  # a block's frames are read when they are put together
    study = _together(home, settled, every, places)
    file = None if isinstance(place, StudyConfig) else Path(place)
    if file is not None:
        file = file / CONFIG_FILE if file.is_dir() else file
        study = replace(study, sources=with_configuration(study.sources, file))
    bad = study.findings["SEVERITY"].is_in(list(stops)).any()
    told = said(t for one in every for t in one.deriving)
    return WorkedStudy(study, not bad, told, decisions, places)


def _work(task: tuple[_Task, Decisions]) -> _Done:
    """One block: open, derive, keep; or find it kept."""
    job, given = task
    place = job.kept / _digest(job, given)
    made: _Whole | None = find_kept(place)
    if made is not None:
        return _Done(place, made.asked)
    with asking(given) as at:
        opened = open_block(job.folder, job.config, job.block.name, lambda _: None)
        at_open = len(at.told)
        told = opened.findings.filter(pl.col("RULE") != "table-empty")  # of the whole alone
        stopped = told["SEVERITY"].is_in(list(job.stops)).any()
        study = _study(job.folder, job.config, opened)
        derived = None if stopped else derive_block(study)
    rows: dict[str, pl.DataFrame] = {}
    if derived is not None:
        derived, rows = rows_apart(derived)
    made = _Whole(_Opened.of(opened), derived, at.asked, at.told[:at_open], at.told[at_open:])
    keep(place, made, apart=opened.tables | rows)
    return _Done(place, at.asked)


def _digest(job: _Task, given: Decisions) -> str:
    config = msgspec.json.encode(job.config)
    decided = repr(sorted((name, _stable(seen)) for name, seen in given.seen.items()))
    words = [build(), job.block.name, *job.block.parts, config, decided, " ".join(job.stops)]
    return digest_of(words)[:32]


def _stable(seen: object) -> object:
    if isinstance(seen, frozenset):
        return sorted(map(repr, seen))
    if isinstance(seen, dict):
        return sorted((repr(k), repr(_stable(v))) for k, v in seen.items())
    return seen


def _read(place: Path) -> _Whole:
    made: _Whole | None = find_kept(place)
    if made is None:
        raise InputError(f"{place.parent}: a block that was done cannot be read any more; run it again")
    return made


def _ended(place: Path) -> ResistanceFrames | None:
    made = _read(place).derived
    return None if made is None else made.parts.ended


def _study(folder: Path, config: StudyConfig, opened: OpenedStudy) -> Study:
    return Study(
        path=folder,
        format=opened.format,
        config=config,
        tables=MappingProxyType(opened.tables),
        sources=opened.sources,
        findings=opened.findings,
        accounting=opened.accounting,
        looked_for=MappingProxyType(opened.looked_for),
    )


def _together(folder: Path, config: StudyConfig, blocks: Sequence[_Whole], places: Sequence[Path]) -> Study:
    """The whole study: its tables as they are asked for, findings and counts of all blocks."""
    first, ledger = blocks[0].opened, Ledger()
    for one in blocks:
        ledger.add(one.opened.ledger)
    # a block has no rows of many a table that is not empty
    filled = [name for name in first.names if any(name in one.opened.filled for one in blocks)]
    not_empty = (pl.col("RULE") == "table-empty") & pl.col("TABLE").is_in(filled)
    rows = pl.sum_horizontal(one.opened.sources["ROWS"] for one in blocks)
    found = [one.opened.findings for one in blocks] + said(t for one in blocks for t in one.opening)
    return Study(
        path=folder,
        format=first.format,
        config=config,
        tables=_Tables(places, first.names),
        sources=first.sources.with_columns(ROWS=rows),
        findings=in_order(once(pl.concat(found).filter(~not_empty))),
        accounting=ledger.frame(),
        looked_for=MappingProxyType(first.looked_for),
    )
