"""Pairs of genes altered together, or avoiding one another: exact tests, adjusted for their number."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.analyses.biomarkers.alterations import altered, gene_column, genes_of, profiled
from codon12.analyses.plan import Analysis
from codon12.biomarker import CoOccurrenceRule, co_occurrence_table, multiplicity_sentence
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook, slug

__all__ = ["co_occurrence", "co_occurrence_pairs", "pair_rule"]


def pair_rule(analysis: Analysis) -> CoOccurrenceRule:
    """How the pairs of an analysis are tested."""
    return CoOccurrenceRule(adjustment=analysis.adjustment, level=analysis.conf_level)


def co_occurrence_pairs(analysis: Analysis, context: Context) -> pl.DataFrame | None:
    """Every pair of genes with its counts and test, as `codon12.biomarker.co_occurrence_table` gives them."""
    profiles = profiled(context)
    genes = genes_of(analysis, context) if analysis.kind == "co-occurrence" else []
    if profiles is None or len(genes) < 2:
        return None
    predicate = context.where(context.predicate(analysis.population), analysis.where)
    people = context.members(predicate, arms=False).select("USUBJID")
    matrix = altered(profiles, genes).join(people, on="USUBJID", how="semi")
    table = co_occurrence_table(matrix, genes=genes, rule=pair_rule(analysis))
    return table.with_columns(analysis=pl.lit(analysis.name))


def co_occurrence(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Counts of the four combinations of each pair, odds ratio with exact limits, P as tested and as adjusted."""
    table = co_occurrence_pairs(analysis, context)
    if table is None or "alterations" not in context.frames:
        return
    predicate = context.where(context.predicate(analysis.population), analysis.where)
    said = multiplicity_sentence(table, pair_rule(analysis))
    method = (
        f"{said} Conditional maximum-likelihood odds ratio with exact limits, in the subjects tested for both genes."
    )
    for row in table.iter_rows(named=True):
        a, b = (gene_column(row[k]) for k in "AB")
        total = row["N"] + row["A_ONLY"] + row["B_ONLY"] + row["NEITHER"]
        shared: dict[str, Any] = {
            "label": f"{row['A']} and {row['B']}",
            "population": analysis.population,
            "N": total,
            "method": method,
            "frame": "alterations",
        }
        endpoint = f"co_occurrence.{slug(row['A'])}.{slug(row['B'])}"
        cells = (
            ("both", "Both", row["N"], "Y", "Y"),
            ("first_only", "First only", row["A_ONLY"], "Y", "N"),
            ("second_only", "Second only", row["B_ONLY"], "N", "Y"),
            ("neither", "Neither", row["NEITHER"], "N", "N"),
        )
        for statistic, heading, n, one, two in cells:
            book.add(
                analysis.name, endpoint, statistic=statistic, kind="count", level=heading, n=n,
                where=context.where(predicate, f"{a} = '{one}'", f"{b} = '{two}'"), **shared,
            )  # fmt: skip
        where = context.where(predicate, f"{a} IS NOT NULL", f"{b} IS NOT NULL")
        odds = {
            k: v if v is not None and v != float("inf") else None
            for k, v in row.items()
            if k in ("ODDS", "LOWER", "UPPER")
        }
        book.add(
            analysis.name, endpoint, statistic="odds_ratio", kind="ratio", n=row["N"], where=where,
            level=f"Odds ratio ({100 * analysis.conf_level:g}% CI)", conf_level=analysis.conf_level,
            value=odds["ODDS"], lower=odds["LOWER"], upper=odds["UPPER"],
            status=None if odds["ODDS"] is not None else "not estimable",
            upper_status=None if odds["UPPER"] is not None else "not estimable", **shared,
        )  # fmt: skip
        for statistic, heading, value in (("p", "P", row["P_RAW"]), ("p_adjusted", "P adjusted", row["P"])):
            book.add(
                analysis.name, endpoint, statistic=statistic, kind="p", level=heading, n=row["N"], value=value,
                where=where, **shared,
            )  # fmt: skip
