"""Frames that numbers on resistance look into: classified subjects, progressions, pairs of samples, mechanisms."""

from __future__ import annotations

import polars as pl

from codon12.derive.resistance_frames import ResistanceFrames, StudyPairs
from codon12.resistance import time_to_resistance

__all__ = ["frames_of_resistance", "pair_frames", "with_first_event"]


def with_first_event(ended: ResistanceFrames) -> pl.DataFrame:
    """Classified subjects with what came first: progression, death without progression, or neither (FIRSTEV)."""
    keys = ["USUBJID", *(["EVAL"] if "EVAL" in ended.classified.columns else [])]
    first = time_to_resistance(ended.classified, ended.records.subjects, responders=False)
    words = {0: "neither", 1: "progression", 2: "death without progression"}
    named = first.select(*keys, FIRSTEV=pl.col("CAUSE").replace_strict(words, return_dtype=pl.String))
    return ended.classified.join(named, on=keys, how="left", maintain_order="left")


def frames_of_resistance(
    ended: ResistanceFrames | None, pairs: StudyPairs | None, findings: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Frames that numbers of the section look into: resistance, progression, progression_sites, pairs, mechanisms.

    Pairs have N_MECHANISMS, the mechanisms that were found, and MECHANISMS, their classes as ``; one; other; ``.

    Where there is one of them the findings come with those of the section.
    """
    out: dict[str, pl.DataFrame] = {}
    found = [findings]
    if ended is not None and not ended.records.times_only:
        out["resistance"] = with_first_event(ended)
        if ended.patterns is not None:
            out["progression"] = ended.patterns
        if ended.sites is not None:
            out["progression_sites"] = ended.sites
        if ended.nexts is not None:
            out["next_therapy"] = ended.nexts
        found.append(ended.findings)
    if pairs is not None:
        out |= pair_frames(pairs)
        found.append(pairs.findings)
    if len(found) > 1:
        out["findings"] = pl.concat([f.select(findings.columns) for f in found], how="vertical_relaxed")
    return out


def pair_frames(pairs: StudyPairs) -> dict[str, pl.DataFrame]:
    """Frames ``pairs`` and ``mechanisms``, each with the row of the patient's last sample."""
    made = pairs.comparison
    owner = made.pairs.select("PAIR", "USUBJID", "DRUG")
    source = pairs.samples.filter(pl.col("SRCROW").is_not_null()).unique("USUBJID", keep="last", maintain_order=True)
    source = source.select("USUBJID", "SRCROW", SRCDOM=pl.lit(pairs.table))
    firm = made.mechanisms.filter(~pl.col("POSSIBLE")).group_by("PAIR")
    named = pl.col("MECHANISM").unique().sort().str.join("; ")
    held = firm.agg(N_MECHANISMS=pl.len().cast(pl.Int64), MECHANISMS=pl.format("; {}; ", named))
    own = made.pairs.join(held, on="PAIR", how="left", maintain_order="left")
    told = made.mechanisms.join(owner, on="PAIR", how="left", maintain_order="left")
    return {
        "pairs": own.join(source, on="USUBJID", how="left", maintain_order="left"),
        "mechanisms": told.join(source, on="USUBJID", how="left", maintain_order="left"),
    }
