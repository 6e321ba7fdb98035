"""Response and survival per level of each subgroup variable."""

from __future__ import annotations

import msgspec
import polars as pl

from codon12.analyses.plan import Analysis
from codon12.analyses.response.response import add_proportion
from codon12.analyses.survival.time_to_event import add_curve_numbers, endpoint_times, endpoint_where
from codon12.analyses.variables import level_order, variable_label
from codon12.analyses.wording import printed_level
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook, sql_text
from codon12.records.config import Subgroup

__all__ = ["subgroups"]

_DEFAULT = ("SEX", "AGEGR1", "RACE")


def subgroups(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Objective response, median PFS and OS in each level, and in all subjects assessed for the variable."""
    if not context.has_responses:
        return  # a cohort shows its groups with their curves
    for subgroup in _wanted(analysis, context):
        name = subgroup.variable
        context.checked(subgroup.denominator or "", where=f"[[subgroups]] {name}, denominator")
        label = subgroup.label or variable_label(context, name)
        if context.evaluator(analysis.evaluator):
            _response(analysis, context, book, subgroup, label)
        for endpoint in ("PFS", "OS"):
            if context.has_endpoint(endpoint):
                _survival(analysis, context, book, subgroup, label, endpoint)


def _wanted(analysis: Analysis, context: Context) -> list[Subgroup]:
    if analysis.by:
        listed = [Subgroup(variable=name) for name in analysis.by]
    else:
        listed = list(context.config.subgroups) or [Subgroup(variable=name) for name in _DEFAULT]
    return [s for s in listed if s.variable in context.adsl.columns]


def _levels(context: Context, subgroup: Subgroup) -> list[str]:
    present = context.adsl[subgroup.variable].cast(pl.String)
    return list(subgroup.levels) or level_order(context, subgroup.variable, present)


def _tests(subgroup: Subgroup, level: str | None) -> tuple[str, ...]:
    assessed = subgroup.denominator or f"{subgroup.variable} IS NOT NULL"
    return (assessed,) if level is None else (assessed, f"{subgroup.variable} = {sql_text(level)}")


def _response(analysis: Analysis, context: Context, book: NumberBook, subgroup: Subgroup, label: str) -> None:
    evaluator = context.evaluator(analysis.evaluator)
    parameter, how = context.best_response
    predicate = context.predicate(analysis.population, evaluator)
    best = f"PARAMCD = {sql_text(parameter)} AND EVAL = {sql_text(evaluator or '')}"
    answers = context.frames["adrs"].filter(pl.sql_expr(best)).select("USUBJID", "AVALC")
    hit = f"AVALC IN ({', '.join(map(sql_text, context.responders))})"
    for level in (None, *_levels(context, subgroup)):
        tests = _tests(subgroup, level)
        inside = context.members(context.where(predicate, *tests), arms=False)
        got = inside.join(answers.filter(pl.sql_expr(hit)), on="USUBJID", how="semi").height
        add_proportion(
            book,
            analysis,
            "orr",
            label=printed_level(level) if level else f"All assessed for {label}",
            section=label,
            n=got,
            total=inside.height,
            evaluator=evaluator,
            group=subgroup.variable,
            level=level or "all assessed",
            method=f"Exact (Clopper-Pearson) confidence interval. {how}",
            frame="adrs",
            where=context.where(predicate, best, hit, *tests),
        )


def _survival(
    analysis: Analysis, context: Context, book: NumberBook, subgroup: Subgroup, label: str, endpoint: str
) -> None:
    evaluator = context.evaluator(analysis.evaluator) if endpoint == "PFS" else None
    population = analysis.population if endpoint == "PFS" else "safety"
    predicate = context.predicate(population, evaluator)
    rows = endpoint_where(endpoint, evaluator, context.frames["adtte"])
    plain = msgspec.structs.replace(analysis, landmarks=())
    for level in _levels(context, subgroup):
        tests = _tests(subgroup, level)
        part = endpoint_times(context, endpoint, evaluator, context.where(predicate, *tests), arms=False)
        add_curve_numbers(
            plain,
            book,
            endpoint.lower(),
            part,
            arm="all",
            where=context.where(predicate, rows, *tests),
            last=None,
            group=subgroup.variable,
            level=level,
            quartiles=False,
            common={
                "evaluator": evaluator,
                "population": population,
                "frame": "adtte",
                "section": label,
            },
        )
