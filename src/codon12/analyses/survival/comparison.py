"""Randomised arms compared: hazard ratio and log-rank test of each time to event."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.analyses.plan import Analysis
from codon12.analyses.survival.time_to_event import endpoint_times, endpoint_where, entry_times
from codon12.derive.context import Context
from codon12.errors import DataError
from codon12.evidence.schema import NumberBook, sql_text
from codon12.survival import cox, factor, logrank

__all__ = ["comparison"]


def comparison(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Hazard ratio (Cox, Efron) and two-sided log-rank P of every arm against the reference.

    Only in studies that randomised; `by` names the endpoints, `reference` the control arm (the first as printed),
    `strata` the columns of ADSL that stratify both.
    """
    randomised = "RANDFL" in context.adsl.columns and context.adsl["RANDFL"].is_not_null().any()
    if len(context.arms) < 2 or not randomised:
        return
    reference = analysis.reference or context.arms[0]
    for endpoint in analysis.by or ("PFS", "OS"):
        if not context.has_endpoint(endpoint):
            continue
        evaluator = context.evaluator(analysis.evaluator) if endpoint != "OS" else None
        predicate = context.predicate(analysis.population, evaluator)
        times = endpoint_times(context, endpoint, evaluator, predicate).filter(pl.col("ARM") != "all")
        if analysis.strata:
            times = times.join(context.adsl.select("USUBJID", *analysis.strata), on="USUBJID", how="left")
        rows = endpoint_where(endpoint, evaluator, context.frames["adtte"])
        for arm in context.arms:
            if arm == reference:
                continue
            pair = times.filter(pl.col("ARM").is_in([reference, arm]))
            if pair["ARM"].n_unique() < 2:
                continue
            common: dict[str, Any] = {
                "arm": arm,
                "section": f"{endpoint}, against {reference}",
                "evaluator": evaluator,
                "population": analysis.population,
                "n": int(pair["EVENT"].sum()),
                "N": pair.height,
                "frame": "adtte",
                "where": context.where(
                    predicate, rows, f"{context.arm_variable} IN ({sql_text(reference)}, {sql_text(arm)})"
                ),
            }
            _hazard_ratio(analysis, book, endpoint.lower(), pair, reference, common)
            _test(analysis, book, endpoint.lower(), pair, common)


def _hazard_ratio(
    analysis: Analysis,
    book: NumberBook,
    endpoint: str,
    pair: pl.DataFrame,
    reference: str,
    common: dict[str, Any],
) -> None:
    stratified = f", stratified by {', '.join(analysis.strata)}" if analysis.strata else ""
    value, lower, upper, status = None, None, None, None
    try:
        fit = cox(
            pair,
            time="MONTHS",
            event="EVENT",
            entry=entry_times(pair),
            terms=[factor("ARM", reference=reference)],
            strata=list(analysis.strata) or None,
            level=analysis.conf_level,
        )
        row = fit.coefficients.row(0, named=True)
        value, lower, upper = row["HR"], row["lower"], row["upper"]
    except DataError:  # no event, or all events in one arm: there is no hazard ratio to print
        status = "not estimable"
    book.add(
        analysis.name,
        endpoint,
        statistic="hr",
        label="Hazard ratio",
        kind="ratio",
        value=value,
        lower=lower,
        upper=upper,
        status=status,
        conf_level=analysis.conf_level,
        method=f"Cox regression, Efron's ties, Wald limits{stratified}.",
        **common,
    )


def _test(analysis: Analysis, book: NumberBook, endpoint: str, pair: pl.DataFrame, common: dict[str, Any]) -> None:
    strata = pair.select(analysis.strata) if analysis.strata else None
    result = logrank(
        pair["MONTHS"].to_numpy(),
        pair["EVENT"].to_numpy(),
        pair["ARM"].to_numpy(),
        strata=strata,
        entry=entry_times(pair),
    )
    book.add(
        analysis.name,
        endpoint,
        statistic="logrank_p",
        label="P value (log-rank)",
        kind="p",
        value=result.p if result.status is None else None,
        status=None if result.status is None else "not estimable",
        method="Two-sided log-rank test.",
        **common,
    )
