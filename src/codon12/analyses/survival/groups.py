"""Survival by biomarker level, or by the combination of two: curves, log-rank test, hazard ratios."""

from __future__ import annotations

from itertools import product
from typing import Any

import msgspec
import polars as pl

from codon12.analyses.plan import Analysis
from codon12.analyses.survival.time_to_event import add_curve_numbers, endpoint_where, entry_times, times_beside
from codon12.analyses.variables import absences, level_order, variable_label
from codon12.analyses.wording import printed_level
from codon12.derive.context import Context
from codon12.errors import DataError, UsageError
from codon12.evidence.schema import NumberBook, slug, sql_text
from codon12.survival import cox, factor, kaplan_meier, logrank

__all__ = ["group_curves", "grouped_times", "survival_by_group"]


def survival_by_group(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Events, medians, landmark estimates per group; log-rank test over all, hazard ratio against the first."""
    for variables in _groupings(analysis, context):
        for endpoint in _endpoints(analysis, context):
            _one_grouping(analysis, context, book, variables, endpoint)


def _groupings(analysis: Analysis, context: Context) -> list[tuple[str, ...]]:
    """What to group by: the combination of `by`, or each subgroup of the configuration alone."""
    columns = set(context.adsl.columns)
    if analysis.by:
        return [tuple(analysis.by)] if set(analysis.by) <= columns else []
    if context.has_responses:
        return []  # a trial shows its subgroups with their responses
    return [(s.variable,) for s in context.config.subgroups if s.variable in columns]


def _endpoints(analysis: Analysis, context: Context) -> list[str]:
    wanted = (analysis.endpoint,) if analysis.endpoint else ("PFS", "OS")
    return [e for e in wanted if context.has_endpoint(e)]


def grouped_times(
    analysis: Analysis, context: Context, variables: tuple[str, ...], endpoint: str
) -> tuple[pl.DataFrame, dict[str, tuple[str, ...]], str]:
    """Times with the group of each subject (GROUP), the groups in printing order with their levels, the predicate."""
    evaluator = context.evaluator(analysis.evaluator) if endpoint != "OS" else None
    predicate = context.where(
        context.predicate(analysis.population, evaluator), *(f"{v} IS NOT NULL" for v in variables), analysis.where
    )
    values = [pl.col(v).cast(pl.String) for v in variables]
    times = times_beside(context, endpoint, evaluator, predicate, values, where=f"[analyses.{analysis.name}] by")
    times = times.with_columns(GROUP=pl.concat_str(variables, separator=" / "))
    orders = [level_order(context, v, times[v]) for v in variables]
    groups = {" / ".join(levels): levels for levels in product(*orders)}
    present = set(times["GROUP"].to_list())
    rows = endpoint_where(endpoint, evaluator, context.frames["adtte"])
    return times, {g: levels for g, levels in groups.items() if g in present}, context.where(predicate, rows)


def _shown(levels: tuple[str, ...]) -> str:
    return " / ".join(printed_level(level) for level in levels)


def _one_grouping(
    analysis: Analysis, context: Context, book: NumberBook, variables: tuple[str, ...], endpoint: str
) -> None:
    times, groups, where = grouped_times(analysis, context, variables, endpoint)
    name = " x ".join(variables)
    label = " and ".join(variable_label(context, v) for v in variables)
    common: dict[str, Any] = {
        "evaluator": context.evaluator(analysis.evaluator) if endpoint != "OS" else None,
        "population": analysis.population,
        "frame": "adtte",
        "section": f"{endpoint} by {label}",
    }
    plain = msgspec.structs.replace(analysis, landmarks=analysis.landmarks or (12.0, 24.0))
    for level, levels in groups.items():
        part = times.filter(GROUP=level)
        tests = [f"{v} = {sql_text(p)}" for v, p in zip(variables, levels, strict=True)]
        events = int(part["EVENT"].sum())
        shown = _shown(levels)
        own = {**common, "group": name, "level": level}
        book.add(
            analysis.name,
            f"{endpoint.lower()}.events",
            statistic="n",
            main=True,
            label=f"{shown}: Events",
            kind="fraction",
            n=events,
            N=part.height,
            method="Number of subjects.",
            where=context.where(where, *tests, "CNSR = 0"),
            **own,
        )
        add_curve_numbers(
            plain,
            book,
            endpoint.lower(),
            part,
            arm="all",
            where=context.where(where, *tests),
            last=part["MONTHS"].max(),
            common=common,
            group=name,
            level=level,
            quartiles=False,
            prefix=f"{shown}: ",
        )
    _left_out(analysis, context, book, variables, endpoint, common)
    if len(groups) > 1:
        _tests(analysis, context, variables, book, endpoint.lower(), times, groups, where, {**common, "group": name})


def _left_out(
    analysis: Analysis,
    context: Context,
    book: NumberBook,
    variables: tuple[str, ...],
    endpoint: str,
    common: dict[str, Any],
) -> None:
    """Subjects with a time who are in no group, by the first variable of which they have no value."""
    evaluator = common["evaluator"]
    predicate = context.where(context.predicate(analysis.population, evaluator), analysis.where)
    values = [pl.col(v).cast(pl.String) for v in variables]
    times = times_beside(context, endpoint, evaluator, predicate, values, where=f"[analyses.{analysis.name}] by")
    rows = endpoint_where(endpoint, evaluator, context.frames["adtte"])
    before: list[str] = []
    for i, v in enumerate(variables):
        part = times.filter(pl.col(v).is_null(), *(pl.col(u).is_not_null() for u in variables[:i]))
        for words, test, n in absences(context, v, part["USUBJID"]):
            book.add(
                analysis.name,
                f"{endpoint.lower()}.left_out.{slug(v)}.{slug(words)}",
                statistic="n",
                main=True,
                label=f"In no group: {variable_label(context, v)} {words.lower()}",
                kind="fraction",
                group=" x ".join(variables),
                n=n,
                N=times.height,
                method="Subjects with a time and no value of the variable; they are in no curve, test or ratio.",
                where=context.where(predicate, rows, *before, test),
                **common,
            )
        before.append(f"{v} IS NOT NULL")


def _tests(
    analysis: Analysis,
    context: Context,
    variables: tuple[str, ...],
    book: NumberBook,
    endpoint: str,
    times: pl.DataFrame,
    groups: dict[str, tuple[str, ...]],
    where: str,
    common: dict[str, Any],
) -> None:
    result = logrank(
        times["MONTHS"].to_numpy(), times["EVENT"].to_numpy(), times["GROUP"].to_numpy(), entry=entry_times(times)
    )
    size: dict[str, Any] = {"n": int(times["EVENT"].sum()), "N": times.height, "where": where}
    book.add(
        analysis.name,
        endpoint,
        statistic="logrank_p",
        label="P value (log-rank, all groups)",
        kind="p",
        level="all",
        value=result.p if result.status is None else None,
        status=None if result.status is None else "not estimable",
        method="Two-sided log-rank test over all groups, not adjusted for the number of tests.",
        **size,
        **common,
    )
    # a group without events has no hazard ratio, and would leave the others without one
    counted = times.filter(pl.col("EVENT").any().over("GROUP"))
    reference = next(iter(groups))
    try:
        fit = cox(
            counted,
            time="MONTHS",
            event="EVENT",
            entry=entry_times(counted),
            terms=[factor("GROUP", reference=reference)],
            level=analysis.conf_level,
        )
        rows = {r["level"]: r for r in fit.coefficients.iter_rows(named=True)}
    except (DataError, UsageError):  # fewer than two groups with events, or none in the reference
        rows = {}
    sizes = dict(times.group_by("GROUP").agg(pl.struct(pl.col("EVENT").sum(), pl.len())).iter_rows())
    for level, levels in list(groups.items())[1:]:
        row = rows.get(level, {})
        pair = (sizes[level], sizes[reference])
        tests = [
            " AND ".join(f"{v} = {sql_text(p)}" for v, p in zip(variables, own, strict=True))
            for own in (levels, groups[reference])
        ]
        book.add(
            analysis.name,
            endpoint,
            statistic="hr",
            label=f"{_shown(levels)} against {_shown(groups[reference])}: hazard ratio",
            kind="ratio",
            level=level,
            value=row.get("HR"),
            lower=row.get("lower"),
            upper=row.get("upper"),
            status=None if row else "not estimable",
            conf_level=analysis.conf_level,
            method="Cox regression with all groups and nothing else, Efron's ties, Wald limits; n of N are events and "
            "subjects of the two groups compared.",
            n=sum(int(p["EVENT"]) for p in pair),
            N=sum(int(p["len"]) for p in pair),
            where=context.where(where, f"({tests[0]}) OR ({tests[1]})"),
            **common,
        )


def group_curves(analysis: Analysis, context: Context) -> pl.DataFrame | None:
    """Points of the Kaplan-Meier curves of every grouping, one row a distinct time and group."""
    parts = []
    for variables in _groupings(analysis, context):
        for endpoint in _endpoints(analysis, context):
            times, groups, _ = grouped_times(analysis, context, variables, endpoint)
            if not groups:
                continue
            km = kaplan_meier(
                times["MONTHS"].to_numpy(),
                times["EVENT"].to_numpy(),
                group=times["GROUP"].to_numpy(),
                entry=entry_times(times),
                level=analysis.conf_level,
            )
            frame = pl.concat([km[g].to_frame() for g in groups]).rename({"group": "level"})
            name = " x ".join(variables)
            parts.append(
                frame.with_columns(
                    arm=pl.lit("all"),
                    group=pl.lit(name),
                    analysis=pl.lit(f"{analysis.name}:{slug(name)}:{endpoint.lower()}"),
                    PARAMCD=pl.lit(endpoint),
                    EVAL=pl.lit(None, dtype=pl.String),
                )
            )
    return pl.concat(parts) if parts else None
