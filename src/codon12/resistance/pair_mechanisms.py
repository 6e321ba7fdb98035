"""From what changed to what explains it: the rules of the drug that fire."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from codon12.biomarker.assays.assay import Assay
from codon12.resistance.catalogue import Catalogue, Rule
from codon12.resistance.pair_needs import need_answers
from codon12.resistance.pair_states import ACQUIRED, LOST, NOT_TESTED_BEFORE, NOT_TESTED_LATER, RETAINED
from codon12.resistance.rule_hits import open_hits, rule_frame, rule_hits

__all__ = ["REASONS", "fired_rules"]

REASONS = {
    "not tested": "possible mechanism, earlier sample not tested",
    "enriched": "possible mechanism, present before and enriched",
    "need": "possible mechanism, a need cannot be judged",
    "not told": "possible mechanism, the change of the residue is not told",
    "recalled": "possible mechanism, rule recalled",
}
"""Why a rule fires as possible alone, the first that fits first."""


def fired_rules(
    states: pl.DataFrame,
    every: pl.DataFrame,
    described: pl.DataFrame,
    samples: pl.DataFrame,
    catalogue: Catalogue,
    assays: Mapping[str, Assay],
) -> tuple[pl.DataFrame, pl.DataFrame, list[Rule]]:
    """Rules that fire on the pairs that are evaluable.

    Parameters
    ----------
    states
        PAIR, DRUG, DESC, NAME, STATE, CHANGE, PHASE and what is described, of evaluable pairs and genes of rules alone.
    every
        PAIR, STATE of all alterations of these pairs.
    described
        One row a DESC.
    samples
        Columns of `SAMPLE_SCHEMA`.

    Returns
    -------
    tuple
        Fired: PAIR, DESC, RULE, NAME (with the gene of the rule first), REASON (null: a mechanism; else a key of
        `REASONS`). Unmet: PAIR, DESC, RULE, NAME, NEED. And the rules by number.
    """
    drugs = samples["DRUG"].drop_nulls().unique().sort().to_list()
    frame, rules = rule_frame(catalogue, drugs)
    sure, maybe = rule_hits(described, rules), open_hits(described, rules)
    maybe = maybe.join(sure, on=["DESC", "RULE"], how="anti")
    hits = pl.concat([sure.with_columns(NOT_TOLD=pl.lit(value=False)), maybe.with_columns(NOT_TOLD=pl.lit(value=True))])
    candidate = pl.col("STATE").is_in([ACQUIRED, NOT_TESTED_BEFORE, LOST])
    candidate |= (pl.col("STATE") == RETAINED) & (pl.col("CHANGE") == "enriched").fill_null(value=False)
    rows = states.filter(candidate).join(hits, on="DESC", how="inner").join(frame, on=["DRUG", "RULE"], how="inner")
    about = pl.DataFrame(
        [
            (
                i, r.match.lost is not None, r.trust == "recalled", r.phase == "cis", r.mechanism,
                _need(r),
                list(r.match.all_genes),
            )
            for i, r in enumerate(rules)
        ],
        schema={
            "RULE": pl.Int64, "OF_LOSS": pl.Boolean, "RECALLED": pl.Boolean, "IN_CIS": pl.Boolean,
            "MECHANISM": pl.String, "NEED": pl.String, "GENES": pl.List(pl.String),
        },
        orient="row",
    )  # fmt: skip
    rows = rows.join(about, on="RULE", how="left").filter(pl.col("OF_LOSS") == (pl.col("STATE") == LOST))
    rows = rows.filter(~(pl.col("IN_CIS") & (pl.col("PHASE") == "trans").fill_null(value=False)))
    rows = _with_needs(rows, rules, states, every, samples, assays)
    rows = rows.with_columns(NAME=_rule_gene_first())
    unmet = rows.filter(pl.col("NEED").is_not_null() & pl.col("MET").eq_missing(pl.lit(value=False)))
    able = rows.filter(pl.col("NEED").is_null() | pl.col("MET").ne_missing(pl.lit(value=False)))
    first = able.sort("PAIR", "DESC", "NOT_TOLD", "ORDER").unique(["PAIR", "DESC"], keep="first", maintain_order=True)
    reason = (
        pl.when(pl.col("STATE") == NOT_TESTED_BEFORE)
        .then(pl.lit("not tested"))
        .when(pl.col("STATE") == RETAINED)
        .then(pl.lit("enriched"))
        .when(pl.col("NEED").is_not_null() & pl.col("MET").is_null())
        .then(pl.lit("need"))
        .when("NOT_TOLD")
        .then(pl.lit("not told"))
        .when("RECALLED")
        .then(pl.lit("recalled"))
    )
    fired = first.select("PAIR", "DESC", "RULE", "NAME", "MECHANISM", "IN_CIS", "PHASE", "STATE", REASON=reason)
    # An alteration that fires by another rule needs no note on the one it does not meet.
    rest = unmet.join(fired.select("PAIR", "DESC"), on=["PAIR", "DESC"], how="anti")
    rest = rest.unique(["PAIR", "DESC", "NEED"], keep="first", maintain_order=True)
    return fired, rest.select("PAIR", "DESC", "RULE", "NAME", "NEED"), rules


def _need(rule: Rule) -> str | None:
    needs = (("retained", rule.needs.retained), ("later", rule.needs.later))
    return next((f"{kind} {what}" for kind, what in needs if what), None)


def _with_needs(
    rows: pl.DataFrame,
    rules: list[Rule],
    states: pl.DataFrame,
    every: pl.DataFrame,
    samples: pl.DataFrame,
    assays: Mapping[str, Assay],
) -> pl.DataFrame:
    """Add MET: whether the need of the rule is met, null where it cannot be judged."""
    concerned = rows.filter(pl.col("NEED").is_not_null()).select("PAIR").unique()
    own = states.join(concerned, on="PAIR", how="semi")
    answers = need_answers(rules, own, concerned, samples.join(concerned, on="PAIR", how="semi"), assays)
    rows = rows.join(answers, on=["PAIR", "NEED"], how="left")
    kept = (
        every.join(concerned, on="PAIR", how="semi")
        .group_by("PAIR")
        .agg(KEPT=(pl.col("STATE") == RETAINED).any(), OPEN=(pl.col("STATE") == NOT_TESTED_LATER).any())
    )
    rows = rows.join(kept, on="PAIR", how="left")
    # The alteration that is lost is never retained itself, so any retained one is another.
    any_ = pl.when("KEPT").then(pl.lit(value=True)).when("OPEN").then(None).otherwise(pl.lit(value=False))
    return rows.with_columns(MET=pl.when(pl.col("NEED") == "retained any").then(any_).otherwise("MET")).drop(
        "KEPT", "OPEN"
    )


def _rule_gene_first() -> pl.Expr:
    """Name of a fusion with the gene of the rule before its partner."""
    turned = pl.col("GENES").list.contains(pl.col("PARTNER")) & ~pl.col("GENES").list.contains(pl.col("GENE"))
    fused = (pl.col("CLASS") == "fusion") & pl.col("PARTNER").is_not_null() & turned
    return pl.when(fused.fill_null(value=False)).then(pl.format("{}-{} fusion", "PARTNER", "GENE")).otherwise("NAME")
