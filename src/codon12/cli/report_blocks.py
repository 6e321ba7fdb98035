"""The study of a report: opened at once, or a block of patients at a time where it is partitioned."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codon12.analyses import Evidence
    from codon12.records import Study

__all__ = ["begin_blocks", "kept_blocks", "opened_for_report"]

PARTS = "_parts"
"""Folder of the parts of a partitioned study, as `codon12.records` names it: asked for before that is loaded."""


def begin_blocks(study: Path, executor: Executor | None) -> None:
    """Let the workers of this machine load what derives a block while this process loads what it needs itself."""
    from codon12.parallel import Workers

    if isinstance(executor, Workers) and (study / PARTS).is_dir():
        executor.begin("codon12.derive.in_blocks")


@contextmanager
def kept_blocks(keep: Path | None, target: Path) -> Iterator[Path]:
    """Folder for the blocks that are done: `keep`, else one beside the report that goes with the run."""
    from codon12.records.files.folder import folder_beside

    if keep is not None:
        yield keep
        return
    with folder_beside(target) as folder:
        yield folder


def opened_for_report(
    study: Path,
    config: Path | None,
    kept: Path,
    *,
    strict: bool,
    say: Callable[[str], None],
    executor: Executor | None,
) -> tuple[Study, Callable[[], Evidence]]:
    """The records, and what makes the evidence of them once nothing stops it."""
    from codon12.analyses import assemble
    from codon12.analyses.assemble import evidence_of
    from codon12.derive.in_blocks import derive_in_blocks
    from codon12.records import Study

    stops = ("error", "warning") if strict else ("error",)
    with _loading(executor if (study / PARTS).is_dir() else None):
        worked = derive_in_blocks(study, kept, config=config, stops=stops, progress=say, executor=executor)
    if worked is None:
        records = Study.open(study, config=config, progress=say)
        return records, lambda: assemble(records, progress=say, executor=executor)
    return worked.study, lambda: evidence_of(worked.study, worked.derived(), progress=say, executor=executor)


@contextmanager
def _loading(executor: Executor | None) -> Iterator[None]:
    """Load what evidence and page need while this process waits for its workers."""
    if executor is None:
        yield
        return
    thread = Thread(target=_load, daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _load() -> None:
    from codon12.analyses.kinds import kinds
    from codon12.report.pages import load_templates

    kinds()
    load_templates()
