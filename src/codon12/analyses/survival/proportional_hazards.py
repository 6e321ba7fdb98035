"""Whether the effects of a Cox model are constant in time: score tests, and the residuals a figure draws."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.analyses.plan import Analysis
from codon12.analyses.survival.cox import contrast_label, fitted, in_complete_cases, model_frame, no_model
from codon12.analyses.variables import variable_label
from codon12.derive.context import Context
from codon12.errors import DataError, UsageError
from codon12.evidence.schema import NumberBook, slug

__all__ = ["proportional_hazards", "schoenfeld_points"]

_SCALES = {
    "km": "the Kaplan-Meier transform of time",
    "rank": "the rank of time",
    "identity": "time",
    "log": "the logarithm of time",
}


def proportional_hazards(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Score test of proportional hazards of every term in `by`, and of all together, on the scale `transform`."""
    if not context.has_endpoint(analysis.endpoint) or not analysis.by:
        return
    columns = (*analysis.by, *analysis.strata)
    frame, common = model_frame(analysis, context, columns)
    endpoint = f"{analysis.endpoint.lower()}.{slug(analysis.name)}"
    try:
        fit = fitted(analysis, context, frame.drop_nulls(list(columns)))
        tests = fit.proportional_hazards_test(analysis.transform).to_frame()
    except (DataError, UsageError) as err:
        no_model(analysis, book, endpoint, err, frame.height, common)
        return
    shared: dict[str, Any] = {
        **in_complete_cases(analysis, context, common),
        "n": int(fit.events),
        "N": fit.n,
        "method": f"Score test of proportional hazards against {_SCALES[analysis.transform]}; a small P says that an "
        "effect changes with time, a large one does not prove that it is constant.",
    }
    for row in tests.iter_rows(named=True):
        term = str(row["term"])
        name = "All terms" if term == "GLOBAL" else variable_label(context, term)
        own = f"{endpoint}.{slug(term)}"
        own_fields: dict[str, Any] = {"label": f"{name} ({row['df']} df)", **shared}
        book.add(analysis.name, own, statistic="ph_chisq", kind="statistic", value=row["statistic"], **own_fields)
        book.add(analysis.name, own, statistic="ph_p", kind="p", value=row["p"], **own_fields)


def schoenfeld_points(analysis: Analysis, context: Context) -> pl.DataFrame | None:
    """Scaled Schoenfeld residuals of every coefficient with their smooth, one row an event; None without a model."""
    if analysis.kind != "proportional-hazards" or not context.has_endpoint(analysis.endpoint) or not analysis.by:
        return None
    columns = [*analysis.by, *analysis.strata]
    frame, _ = model_frame(analysis, context, tuple(columns))
    complete = frame.drop_nulls(columns)
    try:
        fit = fitted(analysis, context, complete)
        test = fit.proportional_hazards_test(analysis.transform, by_term=False)
    except (DataError, UsageError):
        return None
    rows = fit.coefficients.drop_nulls("coef")
    named = pl.DataFrame(
        {
            "term": test.terms[:-1],
            "variable": rows["term"],
            "label": [contrast_label(context, complete, t, v) for t, v in rows.select("term", "level").iter_rows()],
            "effect": rows["coef"],
        }
    )
    points = test.residuals_frame(level=analysis.conf_level)
    return points.join(named, on="term", how="left", maintain_order="left").with_columns(
        analysis=pl.lit(analysis.name), PARAMCD=pl.lit(analysis.endpoint)
    )
