"""Numbers of a treatment's effect by subgroup: counts of either treatment, the effect, the test of interaction."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from codon12.analyses.biomarkers.subgroup_levels import SubgroupVariable
from codon12.analyses.biomarkers.subgroup_lines import EVERYBODY, Arms, Lines
from codon12.analyses.biomarkers.subgroup_options import SubgroupOptions
from codon12.analyses.survival.times import endpoint_times, endpoint_where, entry_column
from codon12.analyses.variables import stratified_by, variable_label
from codon12.derive.context import Context
from codon12.evidence.frames import rows_of
from codon12.evidence.schema import NumberBook, sql_text
from codon12.numbers import (
    Contrast,
    common_difference,
    common_odds_ratio,
    homogeneity,
    odds_ratio,
    risk_difference,
)
from codon12.survival import subgroup_effects

__all__ = ["response_effects", "time_effects"]

Tests = list[tuple[SubgroupVariable, float | None, dict[str, Any]]]


def time_effects(
    analysis: SubgroupOptions,
    context: Context,
    book: NumberBook,
    arms: Arms,
    variables: Sequence[SubgroupVariable],
    predicate: str,
    evaluator: str | None,
) -> Tests:
    """Events of either treatment, hazard ratio and P of interaction; the tests by variable."""
    times = endpoint_times(context, analysis.endpoint, evaluator, predicate).filter(pl.col("ARM").is_in(list(arms)))
    if times["ARM"].n_unique() < 2:
        return []
    names = [f"_LEVEL{i}" for i in range(len(variables))]
    strata = [f"_STRATUM{i}" for i in range(len(analysis.strata))]
    beside = context.values(
        "USUBJID",
        *(v.level.alias(n) for v, n in zip(variables, names, strict=True)),
        *(pl.col(c).cast(pl.String).alias(n) for c, n in zip(analysis.strata, strata, strict=True)),
    )
    held = times.join(beside, on="USUBJID", how="left", maintain_order="left")
    held = held.filter(*(pl.col(c).is_not_null() for c in strata))
    if held["ARM"].n_unique() < 2:
        return []
    found = subgroup_effects(
        held,
        time="MONTHS",
        event="EVENT",
        treatment="ARM",
        reference=arms.reference,
        subgroups=names,
        strata=strata,
        entry=entry_column(held),
        min_events=analysis.min_events,
        level=analysis.conf_level,
    )
    effects = {(r["variable"], r["level"]): r for r in found.effects.iter_rows(named=True)}
    tests = {r["variable"]: r for r in found.interactions.iter_rows(named=True)}
    rows = endpoint_where(analysis.endpoint, evaluator, context.frames)
    known = context.where(predicate, rows, *(f"{c} IS NOT NULL" for c in analysis.strata))
    without = times.height - held.height
    line = Lines(analysis, context, book, arms, known, evaluator, "adtte", "CNSR = 0", "events", without)
    out: Tests = []
    pairs: list[tuple[SubgroupVariable | None, str]] = [(None, ""), *zip(variables, names, strict=True)]
    for variable, name in pairs:
        own = [EVERYBODY] if variable is None else variable.levels
        if variable is not None:
            test = tests[name]
            left_out = {*(test["left_out"] or [])}
            size = (test["events"], test["n"])
            out.append((variable, test["p"], line.test(variable, test["p"], *size, left_out)))
        for level in own:
            effect = effects.get((name or None, level.value))
            if effect is None:
                continue  # nobody of the two treatments is at this level
            counts = ((effect["reference_events"], effect["reference_n"]), (effect["events"], effect["n"]))
            line.counts(variable, level, counts)
            if analysis.medians:
                part = held if variable is None else held.filter(pl.col(name).eq_missing(level.value))
                line.medians(variable, level, part)
            sides = {"value": effect["HR"], "lower": effect["lower"], "upper": effect["upper"]}
            line.effect(variable, level, counts, "hr", sides, effect["status"], _cox(context, analysis))
    return out


def response_effects(
    analysis: SubgroupOptions,
    context: Context,
    book: NumberBook,
    arms: Arms,
    variables: Sequence[SubgroupVariable],
    predicate: str,
    evaluator: str | None,
) -> Tests:
    """Responses of either treatment, odds ratio or difference, and P of interaction; the tests by variable."""
    parameter, how = context.best_response
    values = context.responders if analysis.endpoint == "ORR" else context.controlled
    hit = f"PARAMCD = {sql_text(parameter)} AND AVALC IN ({', '.join(map(sql_text, values))})"
    if evaluator:
        hit = f"EVAL = {sql_text(evaluator)} AND {hit}"
    responders = rows_of(context.frames, "adrs").filter(pl.sql_expr(hit)).select("USUBJID").collect().unique()
    members = context.members(predicate).filter(pl.col("ARM").is_in(list(arms)))
    names = [f"_LEVEL{i}" for i in range(len(variables))]
    beside = context.values("USUBJID", *(v.level.alias(n) for v, n in zip(variables, names, strict=True)),
                            *(pl.col(c).cast(pl.String).alias(f"_STRATUM{i}")
                              for i, c in enumerate(analysis.strata)))  # fmt: skip
    strata = [f"_STRATUM{i}" for i in range(len(analysis.strata))]
    held = members.join(beside, on="USUBJID", how="left", maintain_order="left")
    held = held.filter(*(pl.col(c).is_not_null() for c in strata))
    held = held.with_columns(EVENT=pl.col("USUBJID").is_in(responders["USUBJID"].implode()))
    if held["ARM"].n_unique() < 2:
        return []
    known = context.where(predicate, *(f"{c} IS NOT NULL" for c in analysis.strata))
    without = members.height - held.height
    line = Lines(analysis, context, book, arms, known, evaluator, "adrs", hit, "responses", without, how)
    out: Tests = []
    pairs: list[tuple[SubgroupVariable | None, str]] = [(None, ""), *zip(variables, names, strict=True)]
    for variable, name in pairs:
        own = [EVERYBODY] if variable is None else variable.levels
        if variable is not None:
            levels = [level for level in own if level.value is not None]
            columns = np.array(
                [_two_by_two(held.filter(pl.col(name) == level.value), arms) for level in levels], dtype=float
            ).reshape(-1, 4)
            test = homogeneity(*columns.T, measure=analysis.measure)
            p = None if math.isnan(test.p) else test.p
            used = columns[list(test.used)] if levels else columns
            left_out = {level.value for level, u in zip(levels, test.used, strict=True) if not u}
            size = (int(used[:, [0, 2]].sum()), int(used[:, [1, 3]].sum()))
            out.append((variable, p, line.test(variable, p, *size, left_out)))
        for level in own:
            part = held if variable is None else held.filter(pl.col(name).eq_missing(level.value))
            x1, n1, x2, n2 = _two_by_two(part, arms)
            if not n1 + n2:
                continue
            counts = ((x2, n2), (x1, n1))
            line.counts(variable, level, counts)
            found, method = _response_effect(analysis, context, part, arms)
            sides = {k: float(getattr(found, k)) for k in ("value", "lower", "upper")}
            finite = all(map(math.isfinite, sides.values()))
            status = None if finite and x1 + x2 >= analysis.min_events else "not estimable"
            status = "no subjects" if not (n1 and n2) else status
            scale = 1 if analysis.measure == "odds-ratio" else 100
            sides = {k: None if status else scale * v for k, v in sides.items()}
            line.effect(
                variable, level, counts, "or" if analysis.measure == "odds-ratio" else "rd", sides, status, method
            )
    return out


def _two_by_two(part: pl.DataFrame, arms: Arms) -> tuple[int, int, int, int]:
    found = {a: (int(x), int(n)) for a, x, n in part.group_by("ARM").agg(pl.col("EVENT").sum(), pl.len()).iter_rows()}
    return (*found.get(arms.arm, (0, 0)), *found.get(arms.reference, (0, 0)))


def _response_effect(
    analysis: SubgroupOptions, context: Context, part: pl.DataFrame, arms: Arms
) -> tuple[Contrast, str]:
    """Odds ratio or difference of one level, over strata where there are any, and how it was made."""
    odds = analysis.measure == "odds-ratio"
    level = analysis.conf_level
    if not analysis.strata:
        table = _two_by_two(part, arms)
        if odds:
            return odds_ratio(*table, level=level), "Odds ratio, Woolf's limits."
        return risk_difference(*table, level=level), "Difference of rates, limits of Miettinen and Nurminen."
    keys = [f"_STRATUM{i}" for i in range(len(analysis.strata))]
    tables = np.array([_two_by_two(p, arms) for p in part.partition_by(keys)], dtype=float).reshape(-1, 4)
    named = ", ".join(variable_label(context, v) for v in analysis.strata)
    if odds:
        found = common_odds_ratio(*tables.T, level=level)
        return found, f"Odds ratio by Mantel and Haenszel over {named}, limits of Robins, Breslow and Greenland."
    found = common_difference(*tables.T, method="miettinen-nurminen", level=level)
    return found, f"Difference of rates over {named}, Mantel-Haenszel weights, limits of Miettinen and Nurminen."


def _cox(context: Context, analysis: SubgroupOptions) -> str:
    strata = stratified_by(context, analysis.strata)
    return f"Cox regression of the treatment in the subjects of the level alone, Efron's ties, Wald limits{strata}."
