"""What models of a time to event share: the frame, the terms, the hazard ratios, the size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec
import polars as pl

from codon12.analyses.kind import (
    Strata,
)
from codon12.analyses.survival.estimates import Estimate
from codon12.analyses.survival.times import endpoint_where, entry_times, times_beside
from codon12.analyses.variables import levels_of, stratified_by, variable_label
from codon12.analyses.wording import printed_levels
from codon12.derive.context import Context
from codon12.errors import ConfigError, DataError
from codon12.evidence.schema import NumberBook, slug
from codon12.survival import CoxFit, cox, factor

__all__ = [
    "ADJUSTED",
    "Model",
    "add_ratio",
    "add_size",
    "contrast",
    "contrast_label",
    "fitted",
    "how",
    "in_complete_cases",
    "model_frame",
    "model_term",
    "must_be_somebody",
    "no_model",
    "reference_level",
]

ADJUSTED = (
    "Adjusted hazard ratios come from Cox regression with Efron's handling of ties and Wald limits, in the subjects "
    "with all variables known; proportional hazards were tested against the Kaplan-Meier transform of time."
)
"""Sentence of the methods text on every model that adjusts."""


class Model(Estimate, frozen=True, kw_only=True):
    """What kinds that fit a model of a time to event have in common."""

    by: Annotated[tuple[str, ...], msgspec.Meta(description="Terms of the model: columns of ADSL.")] = ()
    strata: Strata = ()

    def groupings(self) -> tuple[str, ...]:
        """Terms and strata."""
        return (*self.by, *self.strata)


def add_size(
    analysis: Model,
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


def add_ratio(
    analysis: Model,
    book: NumberBook,
    endpoint: str,
    row: dict[str, Any],
    found: Mapping[str, Any],
    shared: dict[str, Any],
) -> None:
    """Hazard ratio of one coefficient as the fit tells it, and its Wald P value."""
    name = endpoint + (f".{slug(row['level'])}" if row["level"] else "")
    book.take(analysis.name, name, found, conf_level=analysis.conf_level, **shared)
    book.add(analysis.name, name, statistic="wald_p", kind="p", value=row["p"], **shared)


def fitted(analysis: Model, context: Context, frame: pl.DataFrame, *, terms: Sequence[str] = ()) -> CoxFit:
    """Cox model of the terms in `by`, or of those named, over complete cases."""
    must_be_somebody(analysis, context, frame)
    return cox(
        frame,
        time="MONTHS",
        event="EVENT",
        terms=[model_term(context, frame, v) for v in terms or analysis.by],
        strata=list(analysis.strata) or None,
        entry=entry_times(frame),
        level=analysis.conf_level,
    )


def must_be_somebody(analysis: Model, context: Context, complete: pl.DataFrame) -> None:
    """Raise ``DataError`` where nobody has a value of every variable of the model."""
    if complete.is_empty():
        names = ", ".join(variable_label(context, v) for v in dict.fromkeys((*analysis.by, *analysis.strata)))
        raise DataError(f"no patient has a value of every variable ({names}); leave out one that is not known")


def in_complete_cases(analysis: Model, context: Context, common: dict[str, Any]) -> dict[str, Any]:
    """What all numbers of a model in complete cases have in common: the predicate asks for every variable."""
    known = [f"{v} IS NOT NULL" for v in dict.fromkeys((*analysis.by, *analysis.strata))]
    return common | {"where": context.where(common["where"], *known)}


def contrast(context: Context, frame: pl.DataFrame, term: str, level: str | None) -> dict[str, Any]:
    """What a hazard ratio compares, as fields of a number: its label, the variable, the level and the reference."""
    against = None if level is None else reference_level(context, frame, term)
    label = contrast_label(context, frame, term, level)
    return {"label": label, "variable": term, "category": level, "against": against}


def contrast_label(context: Context, frame: pl.DataFrame, term: str, level: str | None) -> str:
    """Print the hazard ratio's name: ``KRAS: Mutated against Wild type``, or ``Age, years: per unit``."""
    label = variable_label(context, term)
    if level is None:
        return f"{label}: per unit"
    shown = printed_levels(frame[term].drop_nulls().unique().to_list())
    return f"{label}: {shown[level]} against {shown[reference_level(context, frame, term)]}"


def model_frame(analysis: Model, context: Context, columns: tuple[str, ...]) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Times beside the columns of a model, and what all its numbers have in common.

    Raises ``ConfigError`` where ADSL lacks a column.
    """
    evaluator = context.reader(analysis.endpoint, analysis.evaluator)
    predicate = context.where(context.predicate(analysis.population, evaluator), analysis.where)
    missing = [c for c in columns if c not in context.variables]
    if missing:
        raise ConfigError(f"codon12.toml, [analyses.{analysis.name}]: ADSL has no column {', '.join(missing)}.")
    rows = endpoint_where(analysis.endpoint, evaluator, context.frames)
    values = [_plain(context, c) for c in dict.fromkeys(columns)]
    place = f"[analyses.{analysis.name}] by"
    return times_beside(context, analysis.endpoint, evaluator, predicate, values, where=place), {
        "evaluator": evaluator,
        "population": analysis.population,
        "frame": "adtte",
        "where": context.where(predicate, rows),
    }


_MOST_LEVELS = 8
"""A text of more levels, all of them numbers, is a column of numbers that its reader took for text."""


def _plain(context: Context, name: str) -> pl.Expr:
    """Numbers as they are, categories and everything else as text."""
    if context.without_subjects.schema[name].is_numeric():
        return pl.col(name)
    text = pl.col(name).cast(pl.String)
    number = text.cast(pl.Float64, strict=False)
    known = pl.col(name).is_not_null()
    counted = context.values(many=text.n_unique() > _MOST_LEVELS + 1, all=(number.is_not_null() | ~known).all())
    return number.alias(name) if counted.row(0) == (True, True) else text


def model_term(context: Context, frame: pl.DataFrame, name: str, *, reference: str = "") -> Any:
    """A number as it is; a text as a factor whose reference is its first level as printed, unless one is named."""
    if frame.schema[name].is_numeric():
        return name
    levels = levels_of(context, name, frame[name])
    return factor(name, reference=reference or reference_level(context, frame, name), levels=levels or None)


def reference_level(context: Context, frame: pl.DataFrame, name: str) -> str:
    """Level the others are compared with: N of Y and N, else the first as printed that occurs."""
    levels = levels_of(context, name, frame[name])
    return "N" if set(levels) == {"Y", "N"} else (levels[0] if levels else "")


def no_model(
    analysis: Model,
    context: Context,
    book: NumberBook,
    endpoint: str,
    why: Exception,
    total: int,
    common: dict[str, Any],
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
        method=how(analysis, context),
        **common,
    )


def how(analysis: Model, context: Context) -> str:
    """Method of a hazard ratio, in words."""
    return f"Cox regression, Efron's ties, Wald limits{stratified_by(context, analysis.strata)}."
