"""The same Cox model over completed data sets, beside the one in complete cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from codon12.analyses.survival.models import Model, add_ratio, contrast, model_term, no_model
from codon12.analyses.survival.times import entry_column
from codon12.derive.context import Context
from codon12.errors import DataError, UsageError
from codon12.evidence.schema import NumberBook, slug
from codon12.parallel import worth
from codon12.survival import ImputationRules, imputed_cox

__all__ = ["imputed_model"]


def imputed_model(
    analysis: Model,
    rules: ImputationRules,
    auxiliary: Sequence[str],
    context: Context,
    book: NumberBook,
    frame: pl.DataFrame,
    endpoint: str,
    common: dict[str, Any],
) -> None:
    """Hazard ratios pooled by Rubin's rules over all subjects, with the fraction of information that is missing."""
    # The draws follow the rows; subjects without a stratum cannot be placed.
    rows = frame.drop_nulls(list(analysis.strata)).sort("USUBJID")
    others = [v for v in auxiliary if v not in {*analysis.by, *analysis.strata}]
    method = f"Cox regression in {rules.imputations} completed data sets, pooled by Rubin's rules (Barnard and Rubin)."
    section = f"Hazard ratio, {rules.imputations} imputations"
    try:
        result = imputed_cox(
            rows,
            time="MONTHS",
            event="EVENT",
            terms=[model_term(context, rows, v) for v in analysis.by],
            strata=analysis.strata,
            auxiliary=others,
            entry=entry_column(rows),
            rules=rules,
            executor=worth(context.executor, rows.height * rules.imputations * rules.iterations * 20),
            level=analysis.conf_level,
        )
    except (DataError, UsageError) as err:
        no_model(analysis, context, book, f"{endpoint}.imputed", err, rows.height, common)
        return
    common = common | {"where": context.where(common["where"], *(f"{v} IS NOT NULL" for v in analysis.strata))}
    size: dict[str, Any] = {"n": int(rows["EVENT"].sum()), "N": rows.height}
    for row, found in zip(result.coefficients.iter_rows(named=True), result.evidence(), strict=True):
        told = contrast(context, rows, row["term"], row["level"])
        shared: dict[str, Any] = {**common, **size, "section": section, "method": method, **told}
        stem = f"{endpoint}.imputed.{slug(row['term'])}"
        add_ratio(analysis, book, stem, row, found, shared)
        book.add(
            analysis.name,
            stem + (f".{slug(row['level'])}" if row["level"] else ""),
            statistic="fraction_missing",
            kind="value",
            value=100 * row["fraction_missing"],
            unit="%",
            **shared,
        )
