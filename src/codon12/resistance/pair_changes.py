"""How much of a retained alteration there is, beside the truncal reference; and what the earlier sample could miss."""

from __future__ import annotations

import polars as pl

from codon12.resistance.pair_policy import PairPolicy
from codon12.resistance.pair_states import ACQUIRED, RETAINED

__all__ = ["missed_clones", "with_changes"]

_TINY = 1e-9


def with_changes(states: pl.DataFrame, *, policy: PairPolicy) -> pl.DataFrame:
    """Add RATIO, CHANGE (enriched, depleted, unchanged; null without both fractions) and REFERENCE (the truncal one).

    `states` has PAIR, NAME, STATE, VAF_EARLIER, VAF_LATER. The reference of a pair is the retained alteration whose
    smaller fraction is the largest (the first by name of equals), or the one the policy names; without one, or where
    its fraction is zero, nothing has a ratio.

    Examples
    --------
    >>> rows = pl.DataFrame({"PAIR": ["1", "1"], "NAME": ["TP53 p.R273L", "NRAS p.Q61K"], "STATE": ["retained"] * 2,
    ...     "VAF_EARLIER": [0.35, 0.02], "VAF_LATER": [0.35, 0.2]})
    >>> with_changes(rows, policy=PairPolicy()).select("NAME", "CHANGE", "REFERENCE").rows()
    [('TP53 p.R273L', None, True), ('NRAS p.Q61K', 'enriched', False)]
    """
    before, later = pl.col("VAF_EARLIER"), pl.col("VAF_LATER")
    kept = (pl.col("STATE") == RETAINED) & before.is_not_null() & later.is_not_null()
    eligible = states.filter(kept & (pl.min_horizontal(before, later) > 0))
    if policy.truncal is not None:
        eligible = eligible.filter(pl.col("NAME") == policy.truncal)
    eligible = eligible.select("PAIR", "NAME", "VAF_EARLIER", "VAF_LATER", _low=pl.min_horizontal(before, later))
    highest = eligible.group_by("PAIR").agg(_high=pl.col("_low").max())
    best = eligible.join(highest, on="PAIR").filter(pl.col("_low") == pl.col("_high"))
    reference = (
        best.sort("NAME")
        .unique("PAIR", keep="first")
        .select("PAIR", _reference="NAME", _t0="VAF_EARLIER", _t1="VAF_LATER")
    )
    rows = states.join(reference, on="PAIR", how="left", maintain_order="left")
    ratio = (later / pl.col("_t1")) / (before / pl.col("_t0"))
    is_reference = (pl.col("NAME") == pl.col("_reference")).fill_null(value=False)
    rows = rows.with_columns(
        RATIO=pl.when(kept & ~is_reference & (before > 0)).then(ratio), REFERENCE=is_reference & kept
    )
    rose = (pl.col("RATIO") >= policy.enriched_ratio - _TINY) & (later - before >= policy.enriched_difference - _TINY)
    change = (
        pl.when(pl.col("RATIO").is_null())
        .then(None)
        .when(rose)
        .then(pl.lit("enriched"))
        .when(pl.col("RATIO") <= policy.depleted_ratio + _TINY)
        .then(pl.lit("depleted"))
        .otherwise(pl.lit("unchanged"))
    )
    return rows.with_columns(CHANGE=change.cast(pl.String)).drop("_reference", "_t0", "_t1")


def missed_clones(states: pl.DataFrame, depths: pl.DataFrame, *, policy: PairPolicy) -> pl.DataFrame:
    """Acquired alterations that the earlier sample, at its depth, could have missed: PAIR, FLAG, MISSED.

    A clone of fraction v is missed by n reads with probability (1 - v) to the power n. `depths` has PAIR and DEPTH of
    the earlier sample; where it is not known nothing is flagged.

    Examples
    --------
    >>> states = pl.DataFrame({"PAIR": ["1"], "NAME": ["NRAS p.Q61R"], "STATE": ["acquired"], "VAF_LATER": [0.01]})
    >>> missed_clones(states, pl.DataFrame({"PAIR": ["1"], "DEPTH": [100.0]}), policy=PairPolicy())["FLAG"].item()
    'NRAS p.Q61R: earlier depth 100 could have missed a clone of 0.01'
    """
    rows = states.filter((pl.col("STATE") == ACQUIRED) & pl.col("VAF_LATER").is_not_null())
    rows = rows.join(depths.drop_nulls("DEPTH"), on="PAIR", how="inner", maintain_order="left")
    missed = (1 - pl.col("VAF_LATER")).pow(pl.col("DEPTH"))
    rows = rows.with_columns(MISSED=missed).filter(pl.col("MISSED") > policy.missed_clone)
    text = [_number(pl.col(c)) for c in ("DEPTH", "VAF_LATER")]
    flag = pl.format("{}: earlier depth {} could have missed a clone of {}", "NAME", *text)
    return rows.select("PAIR", flag.alias("FLAG"), "MISSED")


def _number(column: pl.Expr) -> pl.Expr:
    """Whole numbers without a point, others with the digits they need."""
    rounded = column.round_sig_figs(6)
    whole = rounded == rounded.round(0)
    return pl.when(whole).then(rounded.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(rounded.cast(pl.String))
