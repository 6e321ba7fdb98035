"""Change of histology between two samples."""

from __future__ import annotations

import polars as pl

from codon12.resistance.catalogue import Catalogue

__all__ = ["transformations"]

_SCHEMA = {
    "MECHANISM": pl.String,
    "ALTERATION": pl.String,
    "POSSIBLE": pl.Boolean,
    "REASON": pl.String,
    "EVIDENCE": pl.String,
    "TRUST": pl.String,
    "SOURCE": pl.String,
    "RULE_NOTE": pl.String,
}


def transformations(samples: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Histologic transformations that a rule of the pair's drug names, in the columns of `Comparison.mechanisms`.

    The earlier samples show the one histology and not the other, a later sample shows the other. Case, hyphens and
    words before the term (``Lung Adenocarcinoma``) do not matter.
    """
    parts = [pl.DataFrame(schema={"PAIR": samples.schema["PAIR"], **_SCHEMA})]
    text = pl.col("HISTOLOGY").str.to_lowercase().str.replace_all(r"[-\s]+", " ").str.strip_chars()
    rows = samples.filter(pl.col("HISTOLOGY").is_not_null()).with_columns(HISTOLOGY=text)
    if not rows.height:
        return parts[0]
    for drug in rows["DRUG"].drop_nulls().unique().sort().to_list():
        own = rows.filter(DRUG=drug)
        for rule in catalogue.rules_for(drug):
            if rule.match.histology is None:
                continue
            before, _, after = rule.match.histology.partition(" to ")
            earlier, later = pl.col("TIME") == "earlier", pl.col("TIME") == "later"
            seen = own.group_by("PAIR").agg(
                changed=(earlier & _is(before)).any() & ~(earlier & _is(after)).any() & (later & _is(after)).any()
            )
            parts.append(
                seen.filter("changed").select(
                    "PAIR",
                    MECHANISM=pl.lit(rule.mechanism),
                    ALTERATION=pl.lit(rule.match.histology),
                    POSSIBLE=pl.lit(rule.trust == "recalled"),
                    REASON=pl.lit("recalled" if rule.trust == "recalled" else None, pl.String),
                    EVIDENCE=pl.lit(rule.evidence),
                    TRUST=pl.lit(rule.trust),
                    SOURCE=pl.lit(rule.source),
                    RULE_NOTE=pl.lit(rule.note),
                )
            )
    return pl.concat(parts)


def _is(term: str) -> pl.Expr:
    plain = " ".join(term.lower().replace("-", " ").split())
    return (pl.col("HISTOLOGY") == plain) | pl.col("HISTOLOGY").str.ends_with(f" {plain}")
