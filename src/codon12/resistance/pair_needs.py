"""What else a rule needs of a pair: another alteration retained, or present in the later sample."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from codon12.biomarker.assays.assay import Assay
from codon12.biomarker.questions.parse import parse_criterion
from codon12.biomarker.variants.parse import parse_variant
from codon12.errors import ConfigError, UsageError
from codon12.resistance.catalogue import Rule
from codon12.resistance.pair_reach import assay_sets
from codon12.resistance.pair_states import ACQUIRED, LOST, NOT_TESTED_BEFORE, NOT_TESTED_LATER, RETAINED
from codon12.resistance.rule_hits import is_sensitising_egfr

__all__ = ["need_answers"]

_SENSITISING = "EGFR sensitising mutation"


def need_answers(
    rules: list[Rule],
    states: pl.DataFrame,
    pairs: pl.DataFrame,
    samples: pl.DataFrame,
    assays: Mapping[str, Assay],
) -> pl.DataFrame:
    """Answer the needs of rules for some pairs (PAIR): PAIR, NEED, MET (null: cannot be judged).

    `states` has PAIR, NAME, STATE and what is described; NEED reads ``retained EGFR p.T790M``. ``retained any`` is not
    here: it depends on all alterations of the pair.
    """
    parts = [pl.DataFrame(schema={"PAIR": pairs.schema["PAIR"], "NEED": pl.String, "MET": pl.Boolean})]
    wanted = {(k, v) for r in rules for k, v in (("retained", r.needs.retained), ("later", r.needs.later)) if v}
    sets = assay_sets(samples).filter(TIME="later")
    for kind, what in sorted(wanted):
        if what == "any":
            continue
        own = states.filter(_is(what)).group_by("PAIR").agg(pl.col("STATE"))
        rows = pairs.join(own, on="PAIR", how="left").join(sets.select("PAIR", "SET"), on="PAIR", how="left")
        has = {s: pl.col("STATE").list.contains(s).fill_null(value=False) for s in (
            RETAINED, ACQUIRED, LOST, NOT_TESTED_BEFORE, NOT_TESTED_LATER)}  # fmt: skip
        readable = pl.col("SET").is_in(_readable(what, sets["SET"], assays))
        met = has[RETAINED] if kind == "retained" else has[RETAINED] | has[ACQUIRED] | has[NOT_TESTED_BEFORE]
        open_ = has[NOT_TESTED_LATER] | (has[NOT_TESTED_BEFORE] if kind == "retained" else pl.lit(value=False))
        absent = ~has[LOST] & ~has[ACQUIRED] & ~readable
        answer = pl.when(met).then(pl.lit(value=True)).when(open_ | absent).then(None).otherwise(pl.lit(value=False))
        parts.append(rows.select("PAIR", NEED=pl.lit(f"{kind} {what}"), MET=answer))
    return pl.concat(parts)


def _is(what: str) -> pl.Expr:
    """Whether a described alteration is the one that is needed."""
    if what == _SENSITISING:
        return is_sensitising_egfr()
    try:
        variant = parse_variant(what)
    except UsageError as err:
        raise ConfigError(f"catalogue: needs {what!r} cannot be read: {err}") from None
    own = pl.col("GENE") == variant.gene
    if variant.protein is not None:
        return (own & (pl.col("PROTEIN") == variant.protein.one_letter)).fill_null(value=False)
    return (own & (pl.col("CLASS") == variant.alteration_class)).fill_null(value=False)


def _readable(what: str, sets: pl.Series, assays: Mapping[str, Assay]) -> list[str]:
    """Sets of assays that could have shown the alteration in full."""
    question = "EGFR mutation" if what == _SENSITISING else what
    required = parse_criterion(question).required
    known = []
    for name in sets.drop_nulls().unique():
        parts = [assays[p] for p in name.split("\x1f") if p in assays]
        if all(any(a.covers(r) for a in parts) for r in required):
            known.append(name)
    return known
