"""State of every alteration of a pair: retained, acquired, lost, or not tested on one side."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from codon12.biomarker.assays.assay import Assay
from codon12.resistance.alterations import with_descriptor
from codon12.resistance.pair_policy import PairPolicy
from codon12.resistance.pair_reach import assay_sets, in_reach, reach_frame

__all__ = [
    "ACQUIRED",
    "LOST",
    "NOT_TESTED_BEFORE",
    "NOT_TESTED_LATER",
    "RETAINED",
    "alteration_states",
    "same_alterations",
]

RETAINED, ACQUIRED, LOST = "retained", "acquired", "lost"
NOT_TESTED_BEFORE = "present later, not tested before"
NOT_TESTED_LATER = "present before, not tested later"


def alteration_states(
    calls: pl.DataFrame, samples: pl.DataFrame, assays: Mapping[str, Assay], *, policy: PairPolicy
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """State of each alteration of each pair, and the alterations by number.

    Parameters
    ----------
    calls
        PAIR, TIME, SAMPLE, SHARED (read by an assay that the other time used too), PLASMA, and the columns of a calls
        frame.
    samples
        Columns of `SAMPLE_SCHEMA`.
    assays
        Assay by name.

    Returns
    -------
    tuple
        PAIR, DESC, STATE, VAF_EARLIER, VAF_LATER, PHASE, IN_TISSUE, IN_PLASMA; and, one row a DESC, what it is.
        Of several samples of a time an alteration is present if in any, within reach if in any, and has the
        highest fraction. A call of fraction 0 says that the alteration was looked for and not seen.
    """
    rows, described = with_descriptor(calls)
    comparable = described.filter(pl.col("KIND").is_not_null())
    # Keys as numbers: grouping millions of rows by text is what costs.
    keys = comparable.select("DESC", K=pl.col("KEY").hash())
    numbered = rows.join(keys, on="DESC", how="inner")
    numbered = same_alterations(numbered, comparable, policy=policy)
    later = pl.col("TIME") == "later"
    numbered = numbered.with_columns(SEEN=pl.col("VAF").ne_missing(0.0))
    sides = [
        pl.when(later).then("VAF").alias("VAF_LATER"),
        pl.when(~later).then("VAF").alias("VAF_EARLIER"),
        pl.when(later).then("DESC").alias("DESC_LATER"),
        pl.when(later).then("PHASE").alias("PHASE"),
        (later & pl.col("PLASMA") & pl.col("SEEN")).alias("IN_PLASMA"),
        (later & ~pl.col("PLASMA") & pl.col("SEEN")).alias("IN_TISSUE"),
        (later & pl.col("SEEN")).alias("IN_LATER"),
        (~later & pl.col("SEEN")).alias("IN_EARLIER"),
        (later & ~pl.col("SEEN")).alias("SOUGHT_LATER"),
        (~later & ~pl.col("SEEN")).alias("SOUGHT_EARLIER"),
    ]
    any_ = ["SHARED", "IN_PLASMA", "IN_TISSUE", "IN_LATER", "IN_EARLIER", "SOUGHT_LATER", "SOUGHT_EARLIER"]
    states = (
        numbered.lazy()
        .with_columns(sides)
        .group_by("PAIR", "K")
        .agg(
            pl.col("DESC", "DESC_LATER", "PHASE").min(),
            pl.col("VAF_EARLIER", "VAF_LATER").max(),
            pl.col(any_).max(),
            pl.col("ALSO").min(),
        )
        .with_columns(DESC=pl.coalesce("DESC_LATER", "DESC"))
        .drop("DESC_LATER")
        .filter(pl.col("IN_LATER") | pl.col("IN_EARLIER"))
        .collect()
    )
    one_side = states.filter(pl.col("IN_EARLIER") != pl.col("IN_LATER"))
    covered = _covered_elsewhere(one_side, comparable, samples, assays)
    states = states.join(covered, on=["PAIR", "K"], how="left")
    reached = pl.col("SHARED") | pl.col("IN_REACH").fill_null(value=False)
    reached |= pl.when("IN_LATER").then("SOUGHT_EARLIER").otherwise("SOUGHT_LATER")
    state = (
        pl.when(pl.col("IN_EARLIER") & pl.col("IN_LATER"))
        .then(pl.lit(RETAINED))
        .when(pl.col("IN_LATER"))
        .then(pl.when(reached).then(pl.lit(ACQUIRED)).otherwise(pl.lit(NOT_TESTED_BEFORE)))
        .otherwise(pl.when(reached).then(pl.lit(LOST)).otherwise(pl.lit(NOT_TESTED_LATER)))
    )
    return states.with_columns(STATE=state).drop("K", "IN_REACH", *any_[:1], *any_[3:]), comparable


def _covered_elsewhere(
    one_side: pl.DataFrame, described: pl.DataFrame, samples: pl.DataFrame, assays: Mapping[str, Assay]
) -> pl.DataFrame:
    """Whether an alteration seen at one time lies within the reach of the other: PAIR, K, IN_REACH."""
    sets = assay_sets(samples)
    other = pl.when("IN_EARLIER").then(pl.lit("later")).otherwise(pl.lit("earlier"))
    rows = one_side.filter(~pl.col("SHARED")).select("PAIR", "K", "DESC", TIME=other)
    rows = rows.join(sets, on=["PAIR", "TIME"], how="left")
    # Few assays read many alterations: each pair of them is looked up once.
    distinct = rows.select("SET", "DESC").unique()
    what = described.select("DESC", "GENE", "PARTNER", "KIND", "PROTEIN", "FIRST")
    answers = in_reach(distinct.join(what, on="DESC", how="left"), reach_frame(sets["SET"], assays))
    return rows.join(answers.select("SET", "DESC", "IN_REACH"), on=["SET", "DESC"], how="left").select(
        "PAIR", "K", "IN_REACH"
    )


def same_alterations(numbered: pl.DataFrame, described: pl.DataFrame, *, policy: PairPolicy) -> pl.DataFrame:
    """Give calls of one pair that are one alteration one number K: by place of an indel, or by coordinates.

    `numbered` has PAIR, DESC and K, and gets ALSO, another name of it; `described` is as from `describe`. Indels and
    tandem duplications of one gene count as one within the policy's window, frameshifts apart from the others;
    substitutions named differently at one place of one genome build are one, and so is a coding change alone
    (``c.2369C>T``) with the one protein change of its codon (``p.T790M``).
    """
    finders = (_placed, _doubtful, _of_one_codon)
    doubtful = pl.concat([find(described).select("DESC") for find in finders]).unique()
    numbered = numbered.with_columns(ALSO=pl.lit(None, pl.String))
    if not doubtful.height:
        return numbered
    own = numbered.select("PAIR", "DESC", "K").join(doubtful, on="DESC", how="semi").unique()
    moved = pl.concat(
        [_codons(own, described), _indels(own, described, policy.indel_window), _coordinates(own, described)],
        how="diagonal",
    )
    if not moved.height:
        return numbered
    moved = moved.unique(["PAIR", "DESC"], keep="first")
    rows = numbered.drop("ALSO").join(moved, on=["PAIR", "DESC"], how="left")
    return rows.with_columns(K=pl.coalesce("NEW", "K"), DESC=pl.coalesce("TOLD", "DESC")).drop("NEW", "TOLD")


def _indels(own: pl.DataFrame, described: pl.DataFrame, window: int) -> pl.DataFrame:
    """Indels near each other: PAIR, DESC, NEW."""
    rows = own.join(_placed(described), on="DESC", how="inner")
    group = ["PAIR", "GENE", "CODED", "SHIFT"]
    rows = rows.filter(pl.len().over(group) > 1) if window else rows.clear()
    rows = rows.sort([*group, "PLACE", "K"])
    same = pl.all_horizontal(pl.col(c) == pl.col(c).shift() for c in group)
    near = (same & (pl.col("PLACE") - pl.col("PLACE").shift() <= window)).fill_null(value=False)
    return rows.with_columns(_run=(~near).cum_sum()).select("PAIR", "DESC", NEW=pl.col("K").min().over("_run"))


def _coordinates(own: pl.DataFrame, described: pl.DataFrame) -> pl.DataFrame:
    """Different names at one coordinate of one build: PAIR, DESC, NEW."""
    rows = own.join(_doubtful(described), on="DESC", how="inner")
    rows = rows.filter(pl.len().over("PAIR", "GENE", "COORD") > 1)
    return rows.select("PAIR", "DESC", NEW=pl.col("K").min().over("PAIR", "GENE", "COORD"))


def _codons(own: pl.DataFrame, described: pl.DataFrame) -> pl.DataFrame:
    """Coding changes alone whose codon has one protein change: PAIR, DESC, NEW, TOLD (its DESC), ALSO (as written)."""
    rows = own.join(_of_one_codon(described), on="DESC", how="inner")
    group = ["PAIR", "GENE", "SITE"]
    bare = pl.col("PROTEIN").is_null()
    protein, coding = (pl.col(c).drop_nulls().n_unique().over(group) for c in ("PROTEIN", "CODING"))
    both = bare.any().over(group) & (~bare).any().over(group)
    rows = rows.filter(both & (protein == 1) & (coding == 1))
    named = [pl.col(c).sort_by("DESC").filter(~bare.sort_by("DESC")).first().over(group) for c in ("K", "DESC")]
    told = rows.select(
        "PAIR", "DESC", NEW=named[0], TOLD=pl.when(bare).then(named[1]), ALSO=pl.when(bare).then("CODING")
    )
    return told.filter(pl.col("TOLD").is_not_null())


def _of_one_codon(described: pl.DataFrame) -> pl.DataFrame:
    """Substitutions by their codon, where a gene has some that are named by coding change alone."""
    base = pl.col("CODING").str.extract(r"^c\.(\d+)[ACGT]>[ACGT]$").cast(pl.Int64, strict=False)
    plain = pl.col("PROTEIN").str.contains(r"^p\.[A-Z*]\d+[A-Z*=]$")
    bare = pl.col("PROTEIN").is_null() & base.is_not_null()
    rows = described.filter((pl.col("KIND") == "mutation") & (bare | plain))
    rows = rows.with_columns(SITE=pl.when(bare).then((base + 2) // 3).otherwise("FIRST"))
    rows = rows.filter(pl.col("PROTEIN").is_null().any().over("GENE", "SITE"))
    return rows.select("DESC", "GENE", "SITE", "PROTEIN", "CODING")


def _placed(described: pl.DataFrame) -> pl.DataFrame:
    """Indels whose place is known."""
    return described.filter(pl.col("INDEL") & pl.col("PLACE").is_not_null()).select(
        "DESC", "GENE", "CODED", "SHIFT", "PLACE"
    )


def _doubtful(described: pl.DataFrame) -> pl.DataFrame:
    """Substitutions at one coordinate under several names: DESC, GENE, COORD."""
    named = described.filter(pl.col("COORD").is_not_null() & ~pl.col("INDEL"))
    return named.filter(pl.col("KEY").n_unique().over("GENE", "COORD") > 1).select("DESC", "GENE", "COORD")
