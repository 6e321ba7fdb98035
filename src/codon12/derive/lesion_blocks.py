"""Lesions to time points a block of subjects at a time: the same rows as at once, in less time, on many cores."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass

import polars as pl

from codon12.parallel import in_order
from codon12.response import (
    RecistPolicy,
    new_lesions,
    non_target_response,
    overall_response,
    sum_of_diameters,
    target_response,
    timepoints,
)
from codon12.response.assessment_findings import baseline_findings, lesion_findings, timepoint_findings
from codon12.response.coalesced import across_groups, across_groups_findings
from codon12.response.keys import named, numbered, with_reference
from codon12.response.late_targets import late_non_targets, late_targets_as_others
from codon12.response.visits import with_scan_sets

__all__ = ["BLOCK", "OfLesions", "time_points_in_blocks"]

BLOCK = 20_000
"""Subjects that are derived at once."""


@dataclass(frozen=True)
class OfLesions:
    """What the lesions of some subjects give."""

    points: pl.DataFrame
    """As from `overall_response`: a row a subject, evaluator and visit."""
    sums: pl.DataFrame
    findings: tuple[pl.DataFrame, ...]
    """A frame a kind of finding."""


def time_points_in_blocks(
    lesions: pl.DataFrame,
    reference: pl.DataFrame,
    until: pl.DataFrame,
    *,
    policy: RecistPolicy,
    size: int = BLOCK,
    executor: Executor | None = None,
) -> OfLesions:
    """Derive the time points of all subjects, `size` of them at a time.

    Every rule of an assessment looks at one subject alone, so that neither `size` nor the executor changes a row.

    Parameters
    ----------
    lesions
        One reading a subject and evaluator.
    reference, until
        USUBJID, ADT: the reference date, and the last day on which a scan is baseline.
    size
        Subjects a block.
    executor
        Any `concurrent.futures.Executor`; None works here.
    """
    subjects = lesions["USUBJID"].n_unique() if lesions.height > size else 0
    if subjects <= size:
        return _time_points((lesions, reference, until, policy))
    blocks = _blocks(lesions, reference, until, policy, subjects, size)
    parts = list(in_order(_time_points, blocks, executor=executor, ahead=3))
    return OfLesions(
        points=pl.concat([p.points for p in parts], how="vertical_relaxed"),
        sums=pl.concat([p.sums for p in parts], how="vertical_relaxed"),
        findings=tuple(pl.concat(same) for same in zip(*(p.findings for p in parts), strict=True)),
    )


Block = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, RecistPolicy]


def _blocks(
    lesions: pl.DataFrame,
    reference: pl.DataFrame,
    until: pl.DataFrame,
    policy: RecistPolicy,
    subjects: int,
    size: int,
) -> Iterator[Block]:
    """Rows of `size` subjects at a time, in the order in which the subjects come first."""
    together = _runs(lesions) == subjects
    place = pl.col("USUBJID").rank("dense").fill_null(subjects) - 1  # rows of nobody are a subject too, the last
    number = pl.col("USUBJID").rle_id() if together else place
    block = lesions.select((number // size).cast(pl.UInt32).alias("_block")).to_series()
    people = lesions.select("USUBJID", block).unique().with_columns(pl.col("USUBJID").cast(pl.String))
    starts, ends = _apart(reference, people), _apart(until, people)
    for k in range(-(-subjects // size)):
        if together:  # no pass over all rows for each block
            first = block.search_sorted(k, side="left")
            own = lesions.slice(first, block.search_sorted(k, side="right") - first)
        else:
            own = lesions.filter(block == k)
        yield own, starts.get((k,), reference.clear()), ends.get((k,), until.clear()), policy


def _runs(lesions: pl.DataFrame) -> int:
    """Runs of rows of one subject: as many as subjects where each subject's rows stand together."""
    return int(lesions.select(pl.col("USUBJID").rle_id().max() + 1).item())


def _apart(dates: pl.DataFrame, people: pl.DataFrame) -> dict[tuple[object, ...], pl.DataFrame]:
    """The dates of each block's people, by its number."""
    named = dates.with_columns(pl.col("USUBJID").cast(pl.String).alias("_name"))
    own = named.join(people, left_on="_name", right_on="USUBJID", how="inner", maintain_order="left")
    return own.drop("_name").partition_by("_block", as_dict=True, include_key=False)


def _time_points(block: Block) -> OfLesions:
    lesions, reference, until, policy = block
    lesions, names = numbered(lesions)
    scans = with_reference(names, until).select("_k", "USUBJID", ADT="_ref")
    lesions = with_scan_sets(lesions, scans, policy=policy)
    found = [across_groups_findings(lesions, policy=policy)]
    lesions = across_groups(lesions, policy=policy)
    found += [lesion_findings(lesions, scans, policy=policy), baseline_findings(lesions, reference, until)]
    added = late_non_targets(lesions, scans, policy=policy)
    judged, late = late_targets_as_others(lesions, scans)
    sums = sum_of_diameters(judged, scans, policy=policy)
    parts = (target_response(sums, policy=policy), non_target_response(judged, scans, policy=policy))
    joined = timepoints(*parts, new_lesions(judged, policy=policy), lesions=judged)
    overall = named(overall_response(joined, policy=policy), names)
    found += [late, added, timepoint_findings(overall, policy=policy)]
    sums = named(sums, names).drop("_k", "SCANSET")
    return OfLesions(points=overall.drop("_k"), sums=sums, findings=tuple(found))
