"""The lesions that make the first progression: which grew, which worsened, which are new."""

from __future__ import annotations

import polars as pl

from codon12.errors import DataError
from codon12.records.terms.lesions import lesion_families
from codon12.response import RecistPolicy
from codon12.response.coalesced import across_groups
from codon12.response.keys import visit_key
from codon12.response.nontarget import new_lesion_states
from codon12.response.states import non_target_states, target_measurements

__all__ = ["contributing_lesions"]


def contributing_lesions(
    lesions: pl.DataFrame, progression: pl.DataFrame, *, policy: RecistPolicy | None = None
) -> pl.DataFrame:
    """Lesions that contribute to the progression of each subject and evaluator.

    Parameters
    ----------
    lesions
        One reading a lesion, visit and evaluator: USUBJID, [EVAL], LESIONID, GROUP (TARGET, NON-TARGET, NEW), [LOC],
        [NODAL], ADT, [VISITNUM], AVAL (mm), [AVALC], [SRCDOM, SRCROW].
    progression
        USUBJID, [EVAL], ADT, [VISITNUM] of the progression, one row a subject and evaluator. Lesions of its visit
        count; without visit numbers those of its day.
    policy
        progression_percent, progression_mm, node_normal_mm, too_small_mm.

    Returns
    -------
    DataFrame
        USUBJID, [EVAL], LESIONID, KIND (``target``, ``non-target``, ``new``), ALONE (false for targets that grew where
        only the sum progressed), LOC, NODAL, AVAL, LOWEST (lowest earlier value, mm), SRCDOM, SRCROW.

    Notes
    -----
    A target contributes when it grew at least 20 % and 5 mm over its own lowest earlier value, baseline included, a
    node only with a short axis of 10 mm or more now; compared in whole micrometres. A non-target contributes when it is
    unequivocally worse, a new lesion when it is unequivocal at that visit or, equivocal there, later. Where no lesion
    does so alone but the targets grew, all that grew are listed, ALONE being false. Fragments of a lesion are one
    lesion, their sizes added; so are a merged lesion and its parts, whose sizes before add up (split_and_merged).
    """
    policy = policy or RecistPolicy()
    keys = ["USUBJID", *(["EVAL"] if {"EVAL"} <= set(lesions.columns) & set(progression.columns) else [])]
    missing = [c for c in ("USUBJID", "LESIONID", "GROUP", "ADT", "AVAL") if c not in lesions.columns]
    if missing:
        raise DataError(f"lesions: no column {', '.join(missing)}")
    none = {"LOC": pl.String, "NODAL": pl.Boolean, "AVALC": pl.String, "VISITNUM": pl.Float64, "SRCDOM": pl.String,
            "SRCROW": pl.Int64}  # fmt: skip
    rows = lesions.with_columns(pl.lit(None, k).alias(c) for c, k in none.items() if c not in lesions.columns)
    at = progression.select(
        *keys,
        _pddt="ADT",
        _pdvisit=pl.col("VISITNUM").cast(pl.Float64) if "VISITNUM" in progression.columns else pl.lit(None, pl.Float64),
    )
    rows = across_groups(rows.filter(pl.col("ADT").is_not_null()), policy=policy).join(at, on=keys, how="inner")
    visit = pl.col("VISITNUM").cast(pl.Float64)
    here = pl.when(pl.col("_pdvisit").is_not_null() & visit.is_not_null()).then(visit == pl.col("_pdvisit"))
    rows = rows.with_columns(_here=here.otherwise(pl.col("ADT") == pl.col("_pddt")).fill_null(value=False))
    before = pl.when(pl.col("_pdvisit").is_not_null() & visit.is_not_null()).then(visit < pl.col("_pdvisit"))
    rows = rows.with_columns(_before=before.otherwise(pl.col("ADT") < pl.col("_pddt")).fill_null(value=False))
    grown = _targets(rows.filter(GROUP="TARGET"), keys, policy)
    worse = _non_targets(rows.filter((pl.col("GROUP") == "NON-TARGET") & pl.col("_here")), policy)
    new = _once(new_lesion_states(rows, policy=policy).filter("_here", _state="UNEQUIVOCAL")).with_columns(
        KIND=pl.lit("new"), ALONE=pl.lit(value=True), LOWEST=pl.lit(None, pl.Float64)
    )
    columns = [*keys, "LESIONID", "KIND", "ALONE", "LOC", "NODAL", "AVAL", "LOWEST", "SRCDOM", "SRCROW"]
    alone = [p.select(columns) for p in (grown.filter("ALONE"), worse, new)]
    some = pl.concat([p.select(keys) for p in alone]).unique()
    by_sum = grown.filter(~pl.col("ALONE")).join(some, on=keys, how="anti")
    return pl.concat([*alone, by_sum.select(columns)]).sort([*keys, "KIND", "LESIONID"])


def _targets(rows: pl.DataFrame, keys: list[str], policy: RecistPolicy) -> pl.DataFrame:
    """Targets that are larger now than their lowest earlier value; ALONE where that is progression by itself."""
    rows = target_measurements(rows, policy=policy)
    if policy.split_and_merged == "follow":
        rows = _one_lesion(rows, keys)
    by = [*keys, "LESIONID"]
    lowest = rows.filter("_before").group_by(by).agg(pl.col("_um").min().alias("_low"))
    now = rows.filter(pl.col("_here") & pl.col("_um").is_not_null()).sort("_um", descending=True)
    now = now.unique(by, keep="first", maintain_order=True).join(lowest, on=by, how="left")
    um, low = pl.col("_um"), pl.col("_low")
    rise = um - low
    alone = (100 * rise >= policy.progression_percent * low) & (rise >= round(policy.progression_mm * 1000))
    alone &= ~pl.col("_nodal") | (um >= round(policy.node_normal_mm * 1000))
    return now.filter((rise > 0).fill_null(value=False)).with_columns(
        ALONE=alone, KIND=pl.lit("target"), LOWEST=low / 1000, AVAL=um / 1000
    )


def _one_lesion(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Fragments, and the parts of a lesion that merged, as one lesion a visit, with the sum of their sizes."""
    rows = rows.with_columns(pl.col("LESIONID").cast(pl.String))
    families = lesion_families(rows, keys=keys)
    if families.is_empty():
        return rows
    wholes = families.filter(_kind="fragment").select(*keys, "LESIONID", _whole="_part")
    merged = families.filter(_kind="merged").select(*keys, LESIONID="_part", _whole="LESIONID")
    names = pl.concat([wholes, merged]).unique([*keys, "LESIONID"], keep="first", maintain_order=True)
    rows = rows.join(names, on=[*keys, "LESIONID"], how="left", nulls_equal=True, maintain_order="left")
    rows = rows.with_columns(visit_key(rows), pl.coalesce("_whole", "LESIONID").alias("_whole"))
    here = [*keys, "_whole", "_visit"]
    itself = (pl.col("LESIONID") == pl.col("_whole")) & pl.col("_um").is_not_null()
    rows = rows.with_columns(itself.alias("_itself")).filter(pl.col("_itself") | ~pl.col("_itself").any().over(here))
    size = pl.when(pl.col("_um").is_not_null().all()).then(pl.col("_um").sum())
    of_first = [pl.col(c).first() for c in rows.columns if c not in (*here, "LESIONID", "_um", "_itself")]
    together = rows.sort("ADT", "SRCROW", nulls_last=True).group_by(here, maintain_order=True)
    return together.agg(*of_first, size.alias("_um")).rename({"_whole": "LESIONID"})


def _non_targets(rows: pl.DataFrame, policy: RecistPolicy) -> pl.DataFrame:
    worse = non_target_states(rows, policy=policy).filter(pl.col("_state") == "PD")
    return _once(worse).with_columns(
        KIND=pl.lit("non-target"), ALONE=pl.lit(value=True), LOWEST=pl.lit(None, pl.Float64)
    )


def _once(rows: pl.DataFrame) -> pl.DataFrame:
    by = ["USUBJID", *(["EVAL"] if "EVAL" in rows.columns else []), "LESIONID"]
    return rows.sort("SRCROW", nulls_last=True).unique(by, keep="first", maintain_order=True)
