"""A searched cut-point: what the search found, the P and the effect that the search deserves."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from codon12.analyses.plan import Analysis
from codon12.analyses.survival.cox import in_complete_cases, model_frame, no_model
from codon12.analyses.survival.time_to_event import entry_column
from codon12.analyses.variables import variable_label
from codon12.derive.context import Context
from codon12.errors import ConfigError, DataError, UsageError
from codon12.evidence.schema import NumberBook, slug
from codon12.survival import cut_point, cut_profile

__all__ = ["cut_point_profiles", "cut_point_search"]


def cut_point_search(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Cut of the number in `by` with the greatest log-rank statistic, its permutation P and its optimism."""
    if not context.has_endpoint(analysis.endpoint) or not analysis.by:
        return
    frame, common = _frame(analysis, context)
    biomarker = analysis.by[0]
    label = variable_label(context, biomarker)
    endpoint = f"{analysis.endpoint.lower()}.{slug(analysis.name)}"
    known = frame.drop_nulls([biomarker, *analysis.strata])
    try:
        found = cut_point(
            known,
            time="MONTHS",
            event="EVENT",
            biomarker=biomarker,
            strata=list(analysis.strata) or None,
            entry=entry_column(known),
            permutations=analysis.permutations,
            resamples=analysis.resamples,
            seed=analysis.seed,
        )
    except (DataError, UsageError) as err:
        no_model(analysis, book, endpoint, err, frame.height, common)
        return
    common = in_complete_cases(analysis, context, common)
    searched = f"Greatest log-rank statistic over {found.profile.height:,} cuts between the 10th and 90th percentile"
    if analysis.strata:
        searched += f", stratified by {', '.join(analysis.strata)}"
    if entry_column(known):
        searched += ", at risk from entry on"
    tested = f"{searched}; {found.permutations:,} permutations, seed {found.seed}."
    again = f"{searched}; {found.resamples:,} bootstrap samples, seed {found.seed}."
    shared: dict[str, Any] = {**common, "n": int(known["EVENT"].sum()), "N": known.height}
    low, high = found.cut_limits or (None, None)
    rows: list[tuple[str, str, str, str, dict[str, Any], str]] = [
        ("cut", f"{label}: cut with the greatest statistic", "Search", "value", {"value": found.cut}, f"{searched}."),
        ("cut_range", "Best cut in 95% of bootstrap samples", "Search", "range", {"lower": low, "upper": high}, again),
        ("statistic", "Greatest statistic", "Search", "value", {"value": found.statistic}, f"{searched}."),
        ("critical", "Exceeded by chance in 5% of permutations", "Search", "value", {"value": found.critical}, tested),
        ("cut_p", "P value (permutation, corrected for the search)", "Search", "p", {"value": found.p}, tested),
        ("hr", "As found: too far from 1", "Hazard ratio, above against at or below the cut", "ratio",
         {"value": _finite(found.hazard_ratio)}, "Cox regression with the searched cut; it overstates the effect."),
        ("hr_corrected", "Optimism of the search taken off", "Hazard ratio, above against at or below the cut",
         "ratio", {"value": _finite(found.corrected_hazard_ratio)}, again),
        ("optimism", "Optimism, log hazard ratio", "Hazard ratio, above against at or below the cut", "value",
         {"value": found.optimism}, again),
    ]  # fmt: skip
    for statistic, shown, section, kind, sides, method in rows:
        status = "not estimable" if kind == "ratio" and sides["value"] is None else None
        own = {"label": shown, "section": section, "kind": kind, "method": method, "status": status}
        book.add(analysis.name, endpoint, statistic=statistic, **own, **sides, **shared)
    book.add(
        analysis.name,
        endpoint,
        statistic="sentence",
        label=found.sentence.replace("The best of", f"{label}: the best of", 1),
        section="Search",
        kind="text",
        method=tested,
        **shared,
    )


def _frame(analysis: Analysis, context: Context) -> tuple[pl.DataFrame, dict[str, Any]]:
    frame, common = model_frame(analysis, context, (*analysis.by, *analysis.strata))
    if len(analysis.by) != 1 or not frame.schema[analysis.by[0]].is_numeric():
        raise ConfigError(
            f"codon12.toml, [analyses.{analysis.name}] by: a cut-point is searched in one column of numbers, without "
            f"`cuts` of its own; got {', '.join(analysis.by)}."
        )
    return frame, common


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) and value > 0 else None


def cut_point_profiles(analysis: Analysis, context: Context) -> pl.DataFrame | None:
    """Statistic of every cut: cut, at_or_below, above, value (without its sign); None where there is no search."""
    if analysis.kind != "cut-point" or not context.has_endpoint(analysis.endpoint) or not analysis.by:
        return None
    frame, _ = _frame(analysis, context)
    known = frame.drop_nulls([analysis.by[0], *analysis.strata])
    try:
        profile = cut_profile(
            known,
            time="MONTHS",
            event="EVENT",
            biomarker=analysis.by[0],
            strata=list(analysis.strata) or None,
            entry=entry_column(known),
        )
    except (DataError, UsageError):
        return None
    return profile.select("cut", "at_or_below", "above", value=pl.col("z").abs()).with_columns(
        analysis=pl.lit(analysis.name),
        PARAMCD=pl.lit(analysis.endpoint),
        label=pl.lit(variable_label(context, analysis.by[0])),
    )
