"""Cox models of a cohort: adjusted hazard ratios, global tests, proportional hazards, missing values."""

from __future__ import annotations

from typing import Any

import msgspec
import polars as pl

from codon12.analyses.plan import Analysis
from codon12.analyses.survival.time_to_event import endpoint_where, entry_times, times_beside
from codon12.analyses.variables import level_order, variable_label
from codon12.analyses.wording import printed_level
from codon12.derive.context import Context
from codon12.errors import ConfigError, DataError, UsageError
from codon12.evidence.schema import NumberBook, slug
from codon12.survival import CoxFit, cox, factor

__all__ = [
    "add_ratio",
    "add_size",
    "contrast_label",
    "cox_model",
    "fitted",
    "how",
    "in_complete_cases",
    "model_frame",
    "model_term",
    "no_model",
    "reference_level",
]


def cox_model(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Adjusted hazard ratio of every term in `by`, the global tests, and the test of proportional hazards."""
    if not context.has_endpoint(analysis.endpoint) or not analysis.by:
        return
    auxiliary = analysis.auxiliary if analysis.imputations else ()
    frame, common = model_frame(analysis, context, (*analysis.by, *analysis.strata, *auxiliary))
    complete = frame.drop_nulls([*analysis.by, *analysis.strata])
    everybody, common = common, in_complete_cases(analysis, context, common)
    endpoint = f"{analysis.endpoint.lower()}.{slug(analysis.name)}"
    try:
        fit = fitted(analysis, context, complete)
    except (DataError, UsageError) as err:
        no_model(analysis, book, endpoint, err, frame.height, everybody)
        return
    size: dict[str, Any] = {"n": int(fit.events), "N": fit.n}
    alone = len(analysis.by) == 1 and not analysis.strata
    singly = _each_alone(analysis, context, complete) if analysis.alone and len(analysis.by) > 1 else {}
    for row in fit.coefficients.iter_rows(named=True):
        label = contrast_label(context, complete, row["term"], row["level"])
        section = "Hazard ratio" if alone else "Adjusted hazard ratio"
        shared = {"section": section, "label": label, "method": how(analysis), **size, **common}
        if singly:
            _add_alone(analysis, book, f"{endpoint}.{slug(row['term'])}", row, singly, shared)
        add_ratio(analysis, book, f"{endpoint}.{slug(row['term'])}", row, shared)
    add_size(analysis, book, endpoint, subjects=fit.n, events=int(fit.events), total=frame.height, common=common)
    _tests(analysis, context, book, fit, endpoint, {**size, **common})
    if analysis.imputations:
        from codon12.analyses.survival.imputed import imputed_model

        imputed_model(analysis, context, book, frame, endpoint, everybody)


def _each_alone(analysis: Analysis, context: Context, complete: pl.DataFrame) -> dict[tuple[Any, Any], dict[str, Any]]:
    """Coefficients of every term in a model of its own, with the same strata, by term and level.

    A term that cannot be estimated alone is not in the result.
    """
    out: dict[tuple[Any, Any], dict[str, Any]] = {}
    for name in dict.fromkeys(analysis.by):
        try:
            fit = fitted(msgspec.structs.replace(analysis, by=(name,)), context, complete)
        except (DataError, UsageError):
            continue
        out |= {(row["term"], row["level"]): row for row in fit.coefficients.iter_rows(named=True)}
    return out


def _add_alone(
    analysis: Analysis,
    book: NumberBook,
    endpoint: str,
    row: dict[str, Any],
    singly: dict[tuple[Any, Any], dict[str, Any]],
    shared: dict[str, Any],
) -> None:
    """Hazard ratio of a term alone, in the line of the adjusted one."""
    own = singly.get((row["term"], row["level"]), {})
    book.add(
        analysis.name,
        endpoint + (f".{slug(row['level'])}" if row["level"] else ""),
        statistic="hr_alone",
        kind="ratio",
        value=own.get("HR"),
        lower=own.get("lower"),
        upper=own.get("upper"),
        status=None if own else "not estimable",
        conf_level=analysis.conf_level,
        **shared | {"method": f"{how(analysis)} The term alone, in the complete cases of the adjusted model."},
    )


def add_size(
    analysis: Analysis,
    book: NumberBook,
    endpoint: str,
    *,
    subjects: int,
    events: int,
    total: int,
    common: dict[str, Any],
) -> None:
    """Subjects that a model has, of those with a time, and the events among them."""
    shared: dict[str, Any] = {"section": "Model", "kind": "count", **common}
    book.add(
        analysis.name,
        endpoint,
        statistic="complete_cases",
        label="Patients with all variables known",
        n=subjects,
        N=total,
        method="Subjects with a value of every variable of the model; the others are left out of it.",
        **shared,
    )
    shared["where"] = f"({common['where']}) AND CNSR = 0"
    book.add(
        analysis.name,
        endpoint,
        statistic="events",
        label="Events among them",
        n=events,
        N=subjects,
        method="Events among the subjects of the model.",
        **shared,
    )


def add_ratio(analysis: Analysis, book: NumberBook, endpoint: str, row: dict[str, Any], shared: dict[str, Any]) -> None:
    """Hazard ratio of one coefficient with its limits, and its Wald P value."""
    name = endpoint + (f".{slug(row['level'])}" if row["level"] else "")
    limits = {"lower": row["lower"], "upper": row["upper"], "conf_level": analysis.conf_level}
    book.add(analysis.name, name, statistic="hr", kind="ratio", value=row["HR"], **limits, **shared)
    book.add(analysis.name, name, statistic="wald_p", kind="p", value=row["p"], **shared)


def fitted(analysis: Analysis, context: Context, frame: pl.DataFrame) -> CoxFit:
    """Cox model of the terms in `by` over complete cases."""
    return cox(
        frame,
        time="MONTHS",
        event="EVENT",
        terms=[model_term(context, frame, v) for v in analysis.by],
        strata=list(analysis.strata) or None,
        entry=entry_times(frame),
        level=analysis.conf_level,
    )


def in_complete_cases(analysis: Analysis, context: Context, common: dict[str, Any]) -> dict[str, Any]:
    """What all numbers of a model in complete cases have in common: the predicate asks for every variable."""
    known = [f"{v} IS NOT NULL" for v in dict.fromkeys((*analysis.by, *analysis.strata))]
    return common | {"where": context.where(common["where"], *known)}


def contrast_label(context: Context, frame: pl.DataFrame, term: str, level: str | None) -> str:
    """Print the hazard ratio's name: ``KRAS: Mutated against Wild type``, or ``Age, years: per unit``."""
    label = variable_label(context, term)
    if level is None:
        return f"{label}: per unit"
    return f"{label}: {printed_level(level)} against {printed_level(reference_level(context, frame, term))}"


def _tests(
    analysis: Analysis, context: Context, book: NumberBook, fit: CoxFit, endpoint: str, shared: dict[str, Any]
) -> None:
    shared = {**shared, "section": "Model", "kind": "p"}
    book.add(
        analysis.name,
        endpoint,
        statistic="lr_p",
        label="P value, all terms (likelihood ratio)",
        value=fit.likelihood_ratio.p,
        method="Likelihood-ratio test of the model.",
        **shared,
    )
    for row in fit.proportional_hazards_test(transform="km").to_frame().iter_rows(named=True):
        term = str(row["term"])
        name = "all terms" if term.upper() == "GLOBAL" else variable_label(context, term)
        book.add(
            analysis.name,
            f"{endpoint}.{slug(term)}",
            statistic="ph_p",
            label=f"P value, proportional hazards: {name}",
            value=row["p"],
            method="Score test of proportional hazards against the Kaplan-Meier transform of time; a small P says "
            "that a hazard ratio changes with time, a large one does not prove that it is constant.",
            **shared,
        )


def model_frame(analysis: Analysis, context: Context, columns: tuple[str, ...]) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Times beside the columns of a model, and what all its numbers have in common.

    Raises ``ConfigError`` where ADSL lacks a column.
    """
    evaluator = context.evaluator(analysis.evaluator) if analysis.endpoint != "OS" else None
    predicate = context.where(context.predicate(analysis.population, evaluator), analysis.where)
    missing = [c for c in columns if c not in context.adsl.columns]
    if missing:
        raise ConfigError(f"codon12.toml, [analyses.{analysis.name}]: ADSL has no column {', '.join(missing)}.")
    rows = endpoint_where(analysis.endpoint, evaluator, context.frames["adtte"])
    values = [_plain(context.adsl, c) for c in dict.fromkeys(columns)]
    place = f"[analyses.{analysis.name}] by"
    return times_beside(context, analysis.endpoint, evaluator, predicate, values, where=place), {
        "evaluator": evaluator,
        "population": analysis.population,
        "frame": "adtte",
        "where": context.where(predicate, rows),
    }


def _plain(frame: pl.DataFrame, name: str) -> pl.Expr:
    """Numbers as they are, categories and everything else as text."""
    return pl.col(name) if frame.schema[name].is_numeric() else pl.col(name).cast(pl.String)


def model_term(context: Context, frame: pl.DataFrame, name: str, *, reference: str = "") -> Any:
    """A number as it is; a text as a factor whose reference is its first level as printed, unless one is named."""
    if frame.schema[name].is_numeric():
        return name
    present = set(frame[name].drop_nulls().to_list())
    levels = [v for v in level_order(context, name, frame[name]) if v in present]
    return factor(name, reference=reference or reference_level(context, frame, name), levels=levels or None)


def reference_level(context: Context, frame: pl.DataFrame, name: str) -> str:
    """Level the others are compared with: N of Y and N, else the first as printed that occurs."""
    present = set(frame[name].drop_nulls().to_list())
    levels = [v for v in level_order(context, name, frame[name]) if v in present]
    return "N" if present == {"Y", "N"} else (levels[0] if levels else "")


def no_model(
    analysis: Analysis, book: NumberBook, endpoint: str, why: Exception, total: int, common: dict[str, Any]
) -> None:
    """Say in the place of the numbers why there are none."""
    book.add(
        analysis.name,
        endpoint,
        statistic="model",
        label=f"No model: {why}",
        kind="text",
        n=0,
        N=total,
        status="not estimable",
        method=how(analysis),
        **common,
    )


def how(analysis: Analysis) -> str:
    """Method of a hazard ratio, in words."""
    stratified = f", stratified by {', '.join(analysis.strata)}" if analysis.strata else ""
    return f"Cox regression, Efron's ties, Wald limits{stratified}."
