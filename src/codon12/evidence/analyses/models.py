"""Cox models of a cohort: adjusted hazard ratios, proportional hazards, treatment by biomarker interaction."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.errors import DataError, UsageError
from codon12.evidence.analyses.baseline import level_order, variable_label
from codon12.evidence.analyses.time_to_event import endpoint_times, endpoint_where
from codon12.evidence.analyses.wording import printed_level
from codon12.evidence.context import Context
from codon12.evidence.plan import Analysis
from codon12.evidence.schema import NumberBook, slug
from codon12.survival import cox, factor, interaction

__all__ = ["cox_model", "interaction_model"]


def cox_model(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Adjusted hazard ratio of every term in `by`, the global tests, and the test of proportional hazards."""
    if not context.has_endpoint(analysis.endpoint):
        return
    frame, where, evaluator = _frame(analysis, context, (*analysis.by, *analysis.strata))
    common = _common(analysis, evaluator, where)
    terms = [_term(context, frame, v) for v in analysis.by]
    endpoint = f"{analysis.endpoint.lower()}.{slug(analysis.name)}"
    strata = list(analysis.strata) or None
    try:
        fit = cox(frame, time="MONTHS", event="EVENT", terms=terms, strata=strata, level=analysis.conf_level)
    except DataError as err:
        book.add(analysis.name, endpoint, statistic="model", label=f"No model: {err}", kind="text",
                 n=0, N=frame.height, status="not estimable", method=_how(analysis), **common)  # fmt: skip
        return
    size: dict[str, Any] = {"n": int(fit.events), "N": fit.n}
    for row in fit.coefficients.iter_rows(named=True):
        label = variable_label(context, row["term"])
        reference = _reference(context, frame, row["term"])
        against = f"{printed_level(row['level'])} against {printed_level(reference)}" if row["level"] else "per unit"
        book.add(
            analysis.name,
            f"{endpoint}.{slug(row['term'])}" + (f".{slug(row['level'])}" if row["level"] else ""),
            statistic="hr",
            label=f"{label}: {against}",
            section="Adjusted hazard ratio",
            kind="ratio",
            value=row["HR"],
            lower=row["lower"],
            upper=row["upper"],
            conf_level=analysis.conf_level,
            method=_how(analysis),
            **size,
            **common,
        )
    complete = {"n": fit.n, "N": frame.height}
    book.add(
        analysis.name, endpoint, statistic="complete_cases", label="Subjects with all variables known", kind="count",
        section="Model", value=100 * fit.n / frame.height if frame.height else None, unit="%",
        method="Subjects with a value of every variable of the model.", **complete, **common,
    )  # fmt: skip
    _tests(analysis, context, book, fit, endpoint, size, common)


def _tests(
    analysis: Analysis,
    context: Context,
    book: NumberBook,
    fit: Any,
    endpoint: str,
    size: dict[str, int],
    common: dict[str, Any],
) -> None:
    shared: dict[str, Any] = {**size, **common, "section": "Model", "kind": "p"}
    book.add(analysis.name, endpoint, statistic="lr_p", label="P value, all terms (likelihood ratio)",
             value=fit.likelihood_ratio.p, method="Likelihood-ratio test of the model.", **shared)  # fmt: skip
    table = fit.proportional_hazards_test(transform="km").to_frame()
    for row in table.iter_rows(named=True):
        term = str(row["term"])
        name = "all terms" if term.upper() == "GLOBAL" else variable_label(context, term)
        book.add(
            analysis.name,
            f"{endpoint}.{slug(term)}",
            statistic="ph_p",
            label=f"P value, proportional hazards: {name}",
            value=row["p"],
            method="Score test of proportional hazards against the Kaplan-Meier transform of time.",
            **shared,
        )


def interaction_model(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Treatment effect by biomarker level: hazard ratios, interaction tests, and what they do and do not show.

    `by` names treatment and biomarker, in this order; further names adjust.
    """
    if not context.has_endpoint(analysis.endpoint) or len(analysis.by) < 2:
        return
    treatment, biomarker, *adjust = analysis.by
    frame, where, evaluator = _frame(analysis, context, (*analysis.by, *analysis.strata))
    common = _common(analysis, evaluator, where)
    endpoint = f"{analysis.endpoint.lower()}.{slug(analysis.name)}"
    try:
        result = interaction(
            frame,
            time="MONTHS",
            event="EVENT",
            treatment=_term(context, frame, treatment),
            biomarker=_term(context, frame, biomarker),
            adjust=[_term(context, frame, v) for v in adjust],
            strata=list(analysis.strata) or None,
            level=analysis.conf_level,
        )
    except (DataError, UsageError) as err:
        book.add(analysis.name, endpoint, statistic="model", label=f"No model: {err}", kind="text",
                 n=0, N=frame.height, status="not estimable", method=_how(analysis), **common)  # fmt: skip
        return
    size: dict[str, Any] = {"n": int(result.joint.events), "N": result.joint.n}
    ratio: dict[str, Any] = {
        **size,
        **common,
        "kind": "ratio",
        "conf_level": analysis.conf_level,
        "method": _how(analysis),
    }
    for fit_row in result.main.coefficients.iter_rows(named=True):
        label = variable_label(context, fit_row["term"])
        book.add(
            analysis.name, f"{endpoint}.main.{slug(fit_row['term'])}.{slug(str(fit_row['level']))}", statistic="hr",
            label=f"{label}: {printed_level(str(fit_row['level']))}", section="Without interaction",
            value=fit_row["HR"], lower=fit_row["lower"], upper=fit_row["upper"], **ratio,
        )  # fmt: skip
    label = variable_label(context, biomarker)
    for row in result.by_level.iter_rows(named=True):
        level = str(row["biomarker_level"])
        book.add(
            analysis.name, f"{endpoint}.{slug(str(row['treatment']))}", statistic="hr", group=biomarker, level=level,
            label=f"{row['treatment']}, {label} {printed_level(level)}", section="Treatment effect by level",
            value=row["HR"], lower=row["lower"], upper=row["upper"], **ratio,
        )  # fmt: skip
    for row in result.coefficients.iter_rows(named=True):
        book.add(
            analysis.name, f"{endpoint}.interaction.{slug(str(row['level']))}", statistic="ratio_of_hr",
            label="Ratio of hazard ratios", section="Interaction",
            value=row["HR"], lower=row["lower"], upper=row["upper"], **ratio,
        )  # fmt: skip
    for statistic, label, test in (
        ("interaction_lr_p", "P value, interaction (likelihood ratio)", result.likelihood_ratio),
        ("interaction_wald_p", "P value, interaction (Wald)", result.wald),
    ):
        book.add(analysis.name, endpoint, statistic=statistic, label=label, section="Interaction", kind="p",
                 value=test.p, method="Test of the product of treatment and biomarker.", **size, **common)  # fmt: skip
    book.add(analysis.name, endpoint, statistic="sentence", label=result.sentence, section="Interaction", kind="text",
             method=_how(analysis), **size, **common)  # fmt: skip


def _frame(analysis: Analysis, context: Context, columns: tuple[str, ...]) -> tuple[pl.DataFrame, str, str | None]:
    """Times beside the columns of the model; the predicate of the analysis set; the evaluator."""
    evaluator = context.evaluator(analysis.evaluator) if analysis.endpoint != "OS" else None
    predicate = context.where(context.predicate(analysis.population, evaluator), analysis.where)
    missing = [c for c in columns if c not in context.adsl.columns]
    if missing:
        from codon12.errors import ConfigError

        raise ConfigError(f"codon12.toml, [analyses.{analysis.name}]: ADSL has no column {', '.join(missing)}.")
    times = endpoint_times(context, analysis.endpoint, evaluator, predicate, arms=False)
    rows = endpoint_where(analysis.endpoint, evaluator, context.frames["adtte"])
    frame = times.join(context.adsl.select("USUBJID", *dict.fromkeys(columns)), on="USUBJID", how="left")
    return frame, context.where(predicate, rows), evaluator


def _common(analysis: Analysis, evaluator: str | None, where: str) -> dict[str, Any]:
    return {"evaluator": evaluator, "population": analysis.population, "frame": "adtte", "where": where}


def _term(context: Context, frame: pl.DataFrame, name: str) -> Any:
    """A number as it is; a text as a factor whose reference is its first level as printed."""
    if frame.schema[name].is_numeric():
        return name
    return factor(name, reference=_reference(context, frame, name))


def _reference(context: Context, frame: pl.DataFrame, name: str) -> str:
    if name not in frame.columns or frame.schema[name].is_numeric():
        return ""
    present = frame[name].cast(pl.String)
    levels = [v for v in level_order(context, name, present) if (present == v).any()]
    return "N" if set(levels) == {"Y", "N"} else levels[0]


def _how(analysis: Analysis) -> str:
    stratified = f", stratified by {', '.join(analysis.strata)}" if analysis.strata else ""
    return f"Cox regression, Efron's ties, Wald limits{stratified}."
