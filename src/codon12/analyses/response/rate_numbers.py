"""Two treatments' rates compared: the numbers that every comparison of rates gives."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from codon12.analyses.response.rate_options import METHOD_NAMES, RatesCompared
from codon12.derive.context import Context
from codon12.errors import ConfigError
from codon12.evidence.schema import NumberBook, sql_text
from codon12.numbers import (
    Contrast,
    cmh_test,
    common_difference,
    common_odds_ratio,
    common_risk_ratio,
    odds_ratio,
    rates_p,
    risk_difference,
    risk_ratio,
)

__all__ = ["Outcome", "add_comparison", "reference_of"]


@dataclass(frozen=True)
class Outcome:
    """What is counted: who has it, how it is called, and the predicate of the rows that say so."""

    endpoint: str
    label: str
    subjects: pl.Series
    frame: str
    where: str
    fields: Mapping[str, Any] = field(default_factory=dict)


def reference_of(analysis: RatesCompared, context: Context) -> str:
    """Treatment that the others are compared with; raises ``ConfigError`` where there is none of its name."""
    reference = analysis.reference or context.arms[0]
    if reference not in context.arms:
        place, listed = analysis.place_of("reference"), ", ".join(context.arms)
        raise ConfigError(f"codon12.toml, {place}: no treatment {reference!r}; there are {listed}.")
    missing = [c for c in analysis.strata if c not in context.variables]
    if missing:
        raise ConfigError(f"codon12.toml, {analysis.place_of('strata')}: ADSL has no column {', '.join(missing)}.")
    return reference


def add_comparison(
    analysis: RatesCompared, context: Context, book: NumberBook, predicate: str, reference: str, outcome: Outcome
) -> None:
    """Counts of every treatment, then difference, relative risk, odds ratio and P of each against the reference."""
    members = context.members(predicate).filter(pl.col("ARM") != "all")
    members = members.with_columns(HIT=pl.col("USUBJID").is_in(outcome.subjects.implode()))
    strata = [f"_STRATUM{i}" for i in range(len(analysis.strata))]
    names = (pl.col(c).cast(pl.String).alias(n) for c, n in zip(analysis.strata, strata, strict=True))
    members = members.join(context.values("USUBJID", *names), on="USUBJID", how="left", maintain_order="left")
    counts = {a: (int(x), n) for a, x, n in members.group_by("ARM").agg(pl.col("HIT").sum(), pl.len()).iter_rows()}
    common: dict[str, Any] = {
        "section": outcome.label,
        "population": analysis.population,
        "frame": outcome.frame,
        **outcome.fields,
    }
    for arm in context.arms:
        x, n = counts.get(arm, (0, 0))
        book.add(
            analysis.name,
            outcome.endpoint,
            statistic="n",
            main=True,
            label="Rate",
            kind="fraction",
            arm=arm,
            n=x,
            N=n,
            status=None if n else "no subjects",
            method="Number of subjects.",
            where=context.where(predicate, outcome.where, arm=arm),
            **common,
        )
    known = members.filter(*(pl.col(c).is_not_null() for c in strata))
    for arm in context.arms:
        if arm == reference:
            continue
        pair = known.filter(pl.col("ARM").is_in([arm, reference]))
        tables = np.array(
            [_two_by_two(p, arm, reference) for p in (pair.partition_by(strata) if strata else [pair])], dtype=float
        ).reshape(-1, 4)
        both = f"{context.arm_variable} IN ({sql_text(reference)}, {sql_text(arm)})"
        strata_known = [f"{c} IS NOT NULL" for c in analysis.strata]
        shared: dict[str, Any] = {
            **common,
            "arm": arm,
            "variable": context.arm_variable,
            "category": arm,
            "against": reference,
            "n": int(tables[:, [0, 2]].sum()),
            "N": int(tables[:, [1, 3]].sum()),
            "where": context.where(predicate, outcome.where, both, *strata_known),
        }
        _left_out(analysis, context, book, outcome, members, known, arm, reference, predicate, common)
        _effects(analysis, book, outcome.endpoint, tables, shared, reference)


def _two_by_two(part: pl.DataFrame, arm: str, reference: str) -> tuple[int, int, int, int]:
    found = {a: (int(x), n) for a, x, n in part.group_by("ARM").agg(pl.col("HIT").sum(), pl.len()).iter_rows()}
    return (*found.get(arm, (0, 0)), *found.get(reference, (0, 0)))


def _left_out(
    analysis: RatesCompared,
    context: Context,
    book: NumberBook,
    outcome: Outcome,
    members: pl.DataFrame,
    known: pl.DataFrame,
    arm: str,
    reference: str,
    predicate: str,
    common: dict[str, Any],
) -> None:
    """Subjects without a value of the strata, where there are any."""
    both, left = (f.filter(pl.col("ARM").is_in([arm, reference])).height for f in (members, known))
    if both == left:
        return
    blank = " OR ".join(f"{c} IS NULL" for c in analysis.strata)
    pair = f"{context.arm_variable} IN ({sql_text(reference)}, {sql_text(arm)})"
    book.add(
        analysis.name,
        f"{outcome.endpoint}.no_stratum",
        statistic="n",
        main=True,
        label="Left out of what follows: no value of the strata",
        kind="fraction",
        arm=arm,
        n=both - left,
        N=both,
        method="Subjects without a value of the strata.",
        where=context.where(predicate, blank, pair),
        **(common | {"frame": "adsl"}),
    )


def _effects(
    analysis: RatesCompared,
    book: NumberBook,
    endpoint: str,
    tables: np.ndarray,
    shared: dict[str, Any],
    reference: str,
) -> None:
    level = analysis.conf_level
    if analysis.strata:
        within = f" over {', '.join(analysis.strata)}"
        made = (
            common_difference(*tables.T, method=analysis.stratified_difference, level=level),
            common_risk_ratio(*tables.T, level=level),
            common_odds_ratio(*tables.T, level=level),
        )
        how = (
            f"Mantel-Haenszel weights{within}, {METHOD_NAMES[analysis.stratified_difference]}.",
            f"Mantel and Haenszel{within}, limits of Greenland and Robins.",
            f"Mantel and Haenszel{within}, limits of Robins, Breslow and Greenland.",
        )
        p, test = cmh_test(*tables.T).p, f"Cochran-Mantel-Haenszel test{within}, general association, uncorrected."
        named = "P value (Cochran-Mantel-Haenszel)"
    else:
        [table] = tables if len(tables) else np.zeros((1, 4))
        made = (
            risk_difference(*table, method=analysis.difference, level=level),
            risk_ratio(*table, method=analysis.ratio, level=level),
            odds_ratio(*table, method=analysis.odds, level=level),
        )
        how = tuple(
            f"{METHOD_NAMES[m][:1].upper()}{METHOD_NAMES[m][1:]}."
            for m in (analysis.difference, analysis.ratio, analysis.odds)
        )
        p = math.nan if analysis.test == "none" else float(rates_p(*table, test=analysis.test))
        test = METHOD_NAMES.get(analysis.test, "") + ", two-sided."
        named = f"P value ({METHOD_NAMES.get(analysis.test, '').removesuffix(' test')})"
    words = (
        ("difference", "Difference", "difference", 100.0),
        ("risk_ratio", "Relative risk", "ratio", 1.0),
        ("odds_ratio", "Odds ratio", "ratio", 1.0),
    )
    for (statistic, label, kind, scale), found, method in zip(words, made, how, strict=True):
        sides = _sides(found, scale)
        book.add(
            analysis.name,
            endpoint,
            statistic=statistic,
            label=f"{label} against {reference}" + (", percentage points" if kind == "difference" else ""),
            kind=kind,
            unit="percentage points" if kind == "difference" else None,
            conf_level=level,
            method=method,
            **sides,
            **shared,
        )
    if analysis.test != "none":
        got = None if math.isnan(p) else p
        status = "not estimable" if got is None else None
        book.add(
            analysis.name,
            endpoint,
            statistic="p",
            label=named,
            kind="p",
            value=got,
            status=status,
            method=test,
            **shared,
        )


def _sides(found: Contrast, scale: float) -> dict[str, Any]:
    """Estimate and limits where they are finite; what is infinite or nothing is not estimable."""
    value, lower, upper = (float(getattr(found, k)) * scale for k in ("value", "lower", "upper"))
    out: dict[str, Any] = {
        k: v if math.isfinite(v) else None for k, v in (("value", value), ("lower", lower), ("upper", upper))
    }
    status = "not estimable"
    return out | {
        "status": None if out["value"] is not None else status,
        "lower_status": None if out["lower"] is not None else status,
        "upper_status": None if out["upper"] is not None else status,
    }
