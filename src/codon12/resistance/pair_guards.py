"""Whether two samples can be compared at all: same tumour shown, tumour in the later sample shown."""

from __future__ import annotations

import polars as pl

from codon12.resistance.pair_policy import PairPolicy
from codon12.resistance.pair_states import ACQUIRED, LOST, NOT_TESTED_BEFORE, RETAINED

__all__ = ["NONE_BEFORE", "NOT_SHARED", "NO_ALTERATION", "guards", "with_guarded_words"]

NO_ALTERATION = "no alteration in the later sample: tumour content not shown"
NONE_BEFORE = "no alteration in the earlier sample: tumour content not shown"
NOT_SHARED = "no alteration shared: same tumour not shown"
_LITTLE = "truncal reference below the limit in the later plasma: tumour content not shown"


def guards(states: pl.DataFrame, samples: pl.DataFrame, *, policy: PairPolicy) -> pl.DataFrame:
    """What stands against an answer, a row a pair: PAIR, GUARD, FLAG, LITTLE (too little tumour to call a loss).

    Not evaluable: no alteration in the later sample; or both show some, share none, and one at least lies within the
    reach of both. Where all later samples are plasma and the truncal reference lies below the policy's fraction, no
    loss is called; a pair of which nothing else can be said is then not evaluable either.
    """
    state = pl.col("STATE")
    counts = states.group_by("PAIR").agg(
        LATER=state.is_in([RETAINED, ACQUIRED, NOT_TESTED_BEFORE]).sum(),
        EARLIER=(~state.is_in([ACQUIRED, NOT_TESTED_BEFORE])).sum(),
        KEPT=(state == RETAINED).sum(),
        BOTH=state.is_in([RETAINED, ACQUIRED, LOST]).sum(),
        GAINED=state.is_in([ACQUIRED, NOT_TESTED_BEFORE]).sum(),
        ENRICHED=(pl.col("CHANGE") == "enriched").fill_null(value=False).sum(),
        FRACTION=pl.col("VAF_LATER").filter("REFERENCE").first(),
    )
    plasma = (
        samples.filter(TIME="later")
        .group_by("PAIR")
        .agg(PLASMA=(pl.col("SPECIMEN") == "plasma").fill_null(value=False).all())
    )
    rows = samples.select("PAIR").unique(maintain_order=True)
    rows = rows.join(counts, on="PAIR", how="left", maintain_order="left").join(
        plasma, on="PAIR", how="left", maintain_order="left"
    )
    number = {c: pl.col(c).fill_null(0) for c in ("LATER", "EARLIER", "KEPT", "BOTH", "GAINED", "ENRICHED")}
    little = (pl.col("PLASMA") & (pl.col("FRACTION") < policy.plasma_tumour_fraction)).fill_null(value=False)
    guard = (
        pl.when(number["LATER"] == 0)
        .then(pl.lit(NO_ALTERATION))
        .when((number["EARLIER"] > 0) & (number["KEPT"] == 0) & (number["BOTH"] > 0))
        .then(pl.lit(NOT_SHARED))
    )
    mute = little & (number["GAINED"] == 0) & (number["ENRICHED"] == 0)
    return rows.select(
        "PAIR",
        GUARD=pl.coalesce(guard, pl.when(mute).then(pl.lit(_LITTLE))),
        FLAG=pl.coalesce(guard, pl.when((number["EARLIER"] == 0) & (number["LATER"] > 0)).then(pl.lit(NONE_BEFORE))),
        LITTLE=little,
    )


def with_guarded_words(states: pl.DataFrame, guarded: pl.DataFrame) -> pl.DataFrame:
    """Put what is seen alone in place of lost and acquired where a guard forbids the words."""
    rows = states.join(guarded.select("PAIR", "GUARD", "LITTLE"), on="PAIR", how="left", maintain_order="left")
    shut = pl.col("GUARD").is_not_null()
    words = (
        pl.when((pl.col("STATE") == LOST) & (shut | pl.col("LITTLE")))
        .then(pl.lit("present before, not found later"))
        .when((pl.col("STATE") == ACQUIRED) & shut)
        .then(pl.lit("present later only"))
        .otherwise("STATE")
    )
    return rows.with_columns(STATE=words).drop("GUARD", "LITTLE")
