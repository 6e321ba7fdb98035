"""Paired samples of a block of patients, compared there: of the whole study only the rows found are put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec
import polars as pl

from codon12.biomarker.calls.tables import each_row_alone
from codon12.derive.resistance_frames import StudyPairs
from codon12.derive.resistance_pairs import ARMS, Paired, compared, paired_samples
from codon12.derive.resistance_rows import pair_frames
from codon12.parallel.whole import Told, said, told_apart
from codon12.records import Study
from codon12.records.findings import once
from codon12.records.sql import row_by_row

__all__ = ["BEGINS", "PairsOfBlock", "pairs_of_block", "pairs_of_blocks", "read_from_frames"]

BEGINS = "codon12 begins"
"""Column of `PairsOfBlock.rows`: the row of the table of samples at which a pair begins, which orders pairs."""
_NAMES_AT_A_TIME = 2_000_000


@dataclass(frozen=True)
class PairsOfBlock:
    """What the paired samples of a block show."""

    made: StudyPairs | None
    """Without rows."""
    rows: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    """Frames ``pairs`` and ``mechanisms``, ``alterations`` and ``serial``; ``pair_samples``: SAMPLE, each name once
    that the block's samples or calls have."""
    told: tuple[Told, ...] = ()
    """What is said of the samples and calls of all blocks."""


def pairs_of_block(study: Study, adsl: pl.DataFrame) -> PairsOfBlock | None:
    """Compare the paired samples of a block of patients; None where those of others must be known.

    Others must be known where calls do not stand in a table of their own: which genes a panel reads is then told by
    what it found in anybody.
    """
    if not _each_alone(study):
        return None
    with told_apart() as told:
        read = paired_samples(study, adsl)
    if read is None:
        return PairsOfBlock(None)
    made = compared(study, read)
    begins = _begins(read)
    frames = pair_frames(made) | {"alterations": made.comparison.alterations}
    rows = {
        name: frame.join(begins, on="PAIR", how="left", maintain_order="left").sort(BEGINS, maintain_order=True)
        for name, frame in frames.items()
    }
    if made.serial is not None:
        rows["serial"] = made.serial
    names = pl.concat([read.samples["SAMPLE"], read.profiles.calls["SAMPLE"]]).drop_nulls().unique()
    return PairsOfBlock(_emptied(made), rows | {"pair_samples": names.to_frame()}, tuple(told))


def _each_alone(study: Study) -> bool:
    own = study.config.resistance.samples
    if own is None or own.calls is None or not (study.has(own.table) and study.has(own.calls)):
        return False
    columns = study.columns(own.calls)
    made = {name.upper() for name in (*study.config.covariates, *study.config.biomarkers)}
    return (
        "SRCROW" in study.columns(own.table)
        and each_row_alone(columns)
        and (own.where is None or row_by_row(own.where))
        and not made & set(ARMS)
    )


def _begins(read: Paired) -> pl.DataFrame:
    """PAIR and the first row of its samples."""
    keys = ["USUBJID", "SAMPLE"]
    first = read.samples.group_by(keys).agg(pl.col("SRCROW").min().alias(BEGINS))
    return read.pairs.join(first, on=keys, how="left").group_by("PAIR").agg(pl.col(BEGINS).min())


def read_from_frames(pairs: StudyPairs) -> StudyPairs:
    """Pairs of a study without the rows that stand in its frames, and those that no analysis reads."""
    made = _emptied(pairs)
    drawn = msgspec.structs.replace(made.comparison, alterations=pairs.comparison.alterations)
    return replace(made, comparison=drawn, serial=pairs.serial)


def _emptied(pairs: StudyPairs) -> StudyPairs:
    made = pairs.comparison
    names = ("pairs", "alterations", "mechanisms", "flags", "notes", "not_testable")
    return replace(
        pairs,
        samples=pairs.samples.clear(),
        comparison=msgspec.structs.replace(made, **{name: getattr(made, name).clear() for name in names}),
        disagreements=pairs.disagreements.clear(),
        serial=None if pairs.serial is None else pairs.serial.clear(),
    )


def pairs_of_blocks(blocks: Sequence[PairsOfBlock | None], rows: dict[str, pl.LazyFrame]) -> PairsOfBlock | None:
    """Put the pairs of all blocks together; None where a sample is of several blocks, or some block knows none.

    `rows` are the frames of all blocks on disk: ``alterations``, ``serial`` and ``pair_samples`` are taken out of them,
    where pairs must be worked at once also ``pairs`` and ``mechanisms``.
    """
    held = [b for b in blocks if b is not None]
    for name, order in (("pairs", BEGINS), ("mechanisms", BEGINS), ("alterations", BEGINS), ("serial", "USUBJID")):
        own = [b.rows[name] for b in held if name in b.rows]
        if own:
            joined = pl.concat(own, how="vertical_relaxed")
            rows[name] = joined.sort(order, nulls_last=True, maintain_order=True).drop(BEGINS, strict=False).lazy()
    names = [b.rows["pair_samples"].lazy() for b in held if "pair_samples" in b.rows]
    lying = rows.pop("pair_samples", None)
    apart = {name: rows.pop(name) for name in ("alterations", "serial") if name in rows}
    if len(held) < len(blocks) or _shared(pl.concat([*names, *([] if lying is None else [lying])] or [_NO_NAMES])):
        for name in ("pairs", "mechanisms"):
            rows.pop(name, None)
        return None
    there = [b.made for b in held if b.made is not None]
    if not there:
        return PairsOfBlock(None)
    findings = [*(one.findings for one in there), *said(t for b in held for t in b.told)]
    return PairsOfBlock(replace(there[0], findings=once(pl.concat(findings)), lying=apart))


_NO_NAMES = pl.LazyFrame(schema={"SAMPLE": pl.String})


def _shared(names: pl.LazyFrame) -> bool:
    """Whether a name stands twice; looked at by their hashes, so many at a time."""
    total = names.select(pl.len()).collect().item()
    parts = -(-total // _NAMES_AT_A_TIME)
    hashes = names.select(pl.col("SAMPLE").hash())
    twice = pl.col("SAMPLE").is_duplicated().any()
    return any(hashes.filter(pl.col("SAMPLE") % parts == k).select(twice).collect().item() for k in range(parts))
