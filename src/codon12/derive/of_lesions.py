"""Subjects and lesions without a study folder to the context that analyses read, a block of subjects at a time."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from codon12.derive.adrs import Responses, response_frames
from codon12.derive.adsl import with_measurable_flags
from codon12.derive.adtte import PARAMETERS, derived_times
from codon12.derive.block_rows import kept_rows, rows_of_blocks
from codon12.derive.context import Context
from codon12.derive.lesion_blocks import BLOCK
from codon12.derive.policies import Policies, policies_of
from codon12.derive.study_context import study_context
from codon12.derive.subject_blocks import blocks_in_files, blocks_in_memory
from codon12.evidence.frames import Frames
from codon12.parallel import Decisions, digest_of
from codon12.parallel.whole import Asked, asking, in_all_blocks
from codon12.records.config import StudyConfig

__all__ = ["frames_from"]


def frames_from(
    config: StudyConfig,
    adsl: pl.DataFrame,
    *,
    lesions: pl.DataFrame | Sequence[Path],
    folder: Path | None = None,
    block: int = BLOCK,
    executor: Executor | None = None,
) -> Context:
    """Derive responses and times from frames (see docs/house.md), without a study folder, some subjects at a time.

    Parameters
    ----------
    config
        Policies, populations and so on.
    adsl
        One row a subject.
    lesions
        The lesions frame, or Parquet files of it that share no subject: a file is then a block.
    folder
        Where frames of many rows are laid block by block, so that memory grows with the largest block; without it they
        are held in memory.
    block
        Subjects that are derived at once, of a frame in memory.
    executor
        Any `concurrent.futures.Executor`; None works here. Neither it, `folder` nor `block` changes a number.

    Raises
    ------
    UsageError
        A subject stands in two files.
    InputError
        A frame cannot be written to `folder`.
    """
    policies = policies_of(config)
    if isinstance(lesions, pl.DataFrame):
        parts = blocks_in_memory(adsl, lesions, block)
    else:
        parts = blocks_in_files(adsl, lesions, block)
    tasks = [
        _Task(own, rows, policies, None if folder is None else folder / digest_of(["lesions", str(k)])[:32])
        for k, (own, rows) in enumerate(parts)
    ]
    del parts
    done, _ = in_all_blocks(_work, tasks, asked=lambda one: one.asked, executor=executor)
    if folder is None:
        frames = Frames(_joined([one.rows for one in done]))
    else:
        places = [task.place for task in tasks if task.place is not None]
        frames = Frames(rows_of_blocks(places, []), folder=folder)
    found = done[0].found
    frames["adsl"] = with_measurable_flags(adsl, found, frames)
    return study_context(config, frames, found, policies)


@dataclass(frozen=True)
class _Task:
    adsl: pl.DataFrame
    lesions: pl.DataFrame | Path
    policies: Policies
    place: Path | None


@dataclass(frozen=True)
class _Done:
    found: Responses
    """Without rows."""
    rows: Mapping[str, pl.DataFrame]
    """Frames of many rows a subject; none of them where they were laid on disk."""
    asked: Mapping[str, Asked]


def _work(given: tuple[_Task, Decisions]) -> _Done:
    """Responses and times of one block."""
    task, decisions = given
    policies = task.policies
    lesions = task.lesions
    if isinstance(lesions, Path):
        lesions = pl.read_parquet(lesions, glob=False)
    with asking(decisions) as at:
        found = response_frames(task.adsl, lesions, None, policy=policies.response, block=max(1, lesions.height))
        times = derived_times(task.adsl, found, None, rules=policies.survival, policy=policies.response)
    rows = {"adrs": found.adrs} | ({} if found.adtr is None else {"adtr": found.adtr})
    rows |= {f"adtte.{name}": times.filter(PARAMCD=name) for name in PARAMETERS}
    if task.place is not None:
        kept_rows(task.place, rows)
        rows = {name: frame.clear() for name, frame in rows.items()}
    empty = replace(
        found,
        adrs=found.adrs.clear(),
        adtr=None if found.adtr is None else found.adtr.clear(),
        disagreements=found.disagreements.clear(),
        findings=found.findings.clear(),  # a context holds none
        unmeasured=None,
        baseline=None,
    )
    return _Done(empty, rows, at.asked)


def _joined(blocks: Sequence[Mapping[str, pl.DataFrame]]) -> dict[str, pl.DataFrame]:
    """The rows of all blocks by subject, those of one as they stood."""
    rows = {name: _by_subject([b[name] for b in blocks]) for name in blocks[0]}
    times = [rows.pop(f"adtte.{name}") for name in PARAMETERS]
    return rows | {"adtte": pl.concat(times, how="vertical_relaxed")}


def _by_subject(blocks: Sequence[pl.DataFrame]) -> pl.DataFrame:
    frame, who = pl.concat(blocks, how="vertical_relaxed"), pl.col("USUBJID").cast(pl.String)
    filled = [block for block in blocks if block.height]
    ends = [block.select(first=who.first(), last=who.last()).row(0) for block in filled]
    if all(a is not None and b is not None and a < b for (_, a), (b, _) in itertools.pairwise(ends)):
        return frame
    return frame.sort("USUBJID", nulls_last=True, maintain_order=True)
