"""Best overall response, objective response, disease control, course of response and best change."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.analyses.plan import Analysis
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook, sql_text
from codon12.numbers import proportion_interval

__all__ = ["BOR_LABELS", "add_proportion", "best_change", "course_of_response", "response"]

BOR_LABELS = {
    "CR": "Complete response",
    "PR": "Partial response",
    "SD": "Stable disease",
    "NON-CR/NON-PD": "Neither complete response nor progression",
    "PD": "Progressive disease",
    "NE": "Could not be evaluated",
    "ND": "Not done",
    "MISSING": "Missing scan",
}
_EXACT = "Exact (Clopper-Pearson) confidence interval of a proportion."


def response(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Best overall response by category, objective response and disease control with exact intervals."""
    evaluator = context.evaluator(analysis.evaluator)
    if evaluator is None or (analysis.evaluator == "investigator" and context.evaluators[0] == evaluator):
        return
    parameter, how = context.best_response
    predicate = context.predicate(analysis.population, evaluator)
    best = f"PARAMCD = {sql_text(parameter)} AND EVAL = {sql_text(evaluator)}"
    frame = context.frames["adrs"].filter(pl.sql_expr(best)).select("USUBJID", "AVALC")
    members = context.members(predicate).join(frame, on="USUBJID", how="left")
    members = members.with_columns(pl.col("AVALC").fill_null("MISSING"))
    totals = dict(members.group_by("ARM").len().iter_rows())
    counts = {(a, v): n for a, v, n in members.group_by("ARM", "AVALC").len().iter_rows()}
    for arm in context.columns():
        total = totals.get(arm, 0)
        for endpoint, label, values in (
            ("orr", "Objective response", context.responders),
            ("dcr", "Disease control", context.controlled),
        ):
            add_proportion(
                book,
                analysis,
                endpoint,
                label=label,
                n=sum(counts.get((arm, v), 0) for v in values),
                total=total,
                arm=arm,
                evaluator=evaluator,
                method=f"{_EXACT} {how}",
                frame="adrs",
                where=context.where(predicate, best, f"AVALC IN ({', '.join(map(sql_text, values))})", arm=arm),
            )
        for value, label in BOR_LABELS.items():
            n = counts.get((arm, value), 0)
            if n == 0 and value in ("NON-CR/NON-PD", "ND", "NE", "MISSING"):
                continue
            book.add(
                analysis.name,
                f"bor.{value.lower().replace('/', '_').replace('-', '')}",
                statistic="n",
                main=True,
                label=label,
                section="Best overall response",
                kind="count",
                arm=arm,
                evaluator=evaluator,
                population=analysis.population,
                n=n,
                N=total,
                method=how,
                frame="adrs",
                where=context.where(predicate, best, f"AVALC = {sql_text(value)}", arm=arm),
            )
    course_of_response(analysis, context, book)


def course_of_response(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Responders whose response came at the first assessment, and those still on treatment without an event."""
    evaluator = context.evaluator(analysis.evaluator)
    if evaluator is None or "RESPFIRSTFL" not in context.adsl.columns:
        return
    predicate = context.predicate(analysis.population, evaluator)
    responded = f"RESPFL_{evaluator} = 'Y'"
    tests = [("response.first_assessment", "Response at the first assessment", "RESPFIRSTFL = 'Y'")]
    if "EOTSTT" in context.adsl.columns and context.adsl["EOTSTT"].is_not_null().any():
        tests.append(("response.ongoing", "Response ongoing on treatment", "RESPONGOFL = 'Y'"))
    for endpoint, label, test in tests:
        totals = dict(context.members(context.where(predicate, responded)).group_by("ARM").len().iter_rows())
        hits = dict(context.members(context.where(predicate, responded, test)).group_by("ARM").len().iter_rows())
        for arm in context.columns():
            n, total = hits.get(arm, 0), totals.get(arm, 0)
            book.add(
                analysis.name,
                endpoint,
                statistic="n",
                main=True,
                label=label,
                section="Among patients with a response",
                kind="fraction",
                arm=arm,
                evaluator=evaluator,
                population=analysis.population,
                n=n,
                N=total,
                status=None if total else "no subjects",
                method="Patients with a response are the denominator.",
                frame="adsl",
                where=context.where(predicate, responded, test, arm=arm),
            )


def add_proportion(
    book: NumberBook,
    analysis: Analysis,
    endpoint: str,
    *,
    label: str,
    n: int,
    total: int,
    method: str,
    frame: str,
    where: str,
    arm: str = "all",
    evaluator: str | None = None,
    group: str = "all",
    level: str = "all",
    section: str | None = None,
) -> None:
    """Add one percentage with its exact interval; without subjects it says so."""
    low, high = proportion_interval(n, total, level=analysis.conf_level) if total else (None, None)
    book.add(
        analysis.name,
        endpoint,
        statistic="rate",
        main=True,
        label=label,
        section=section,
        kind="rate",
        arm=arm,
        evaluator=evaluator,
        group=group,
        level=level,
        population=analysis.population,
        n=n,
        N=total,
        value=100 * n / total if total else None,
        lower=None if low is None else 100 * float(low),
        upper=None if high is None else 100 * float(high),
        status=None if total else "no subjects",
        conf_level=analysis.conf_level,
        unit="%",
        method=method,
        frame=frame,
        where=where,
    )


def best_change(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Subjects with a post-baseline sum, with shrinkage, and the median best change."""
    evaluator = context.evaluator(analysis.evaluator)
    if evaluator is None or "adtr" not in context.frames:
        return
    parameter, _ = context.best_response
    predicate = context.predicate(analysis.population, evaluator)
    best = f"ANL02FL = 'Y' AND EVAL = {sql_text(evaluator)}"
    change = context.frames["adtr"].filter(pl.sql_expr(best)).select("USUBJID", "PCHG")
    answer = context.frames["adrs"].filter(PARAMCD=parameter, EVAL=evaluator).select("USUBJID", "AVALC")
    members = (
        context.members(predicate)
        .join(change, on="USUBJID", how="left")
        .join(answer, on="USUBJID", how="left")
        .with_columns(RESPONDER=pl.col("AVALC").is_in(list(context.responders)).fill_null(value=False))
    )
    stats = {
        row["ARM"]: row
        for row in members.group_by("ARM")
        .agg(
            N=pl.len(),
            bars=pl.col("PCHG").count(),
            shrank=(pl.col("PCHG") < 0).sum(),
            median=pl.col("PCHG").median(),
            responders=(pl.col("RESPONDER") & pl.col("PCHG").is_not_null()).sum(),
            median_responders=pl.col("PCHG").filter("RESPONDER").median(),
        )
        .iter_rows(named=True)
    }
    common: dict[str, Any] = {"frame": "adtr", "evaluator": evaluator, "population": analysis.population, "unit": "%"}
    for arm in context.columns():
        row = stats.get(arm, {"N": 0, "bars": 0, "shrank": 0, "responders": 0})
        for endpoint, label, n, test in (
            ("best_change.measured", "With a post-baseline sum of target lesions", row["bars"], ""),
            ("best_change.shrinkage", "With any decrease from baseline", row["shrank"], "PCHG < 0"),
        ):
            book.add(
                analysis.name,
                endpoint,
                statistic="n",
                main=True,
                label=label,
                kind="count",
                arm=arm,
                n=n,
                N=row["N"],
                method="Best change: lowest percent change from baseline among complete sums after baseline.",
                where=context.where(predicate, best, test, arm=arm),
                **common,
            )
        for endpoint, label, n, value, test in (
            ("best_change", "Median best change, all", row["bars"], row.get("median"), "PCHG IS NOT NULL"),
            (
                "best_change.responders",
                "Median best change, patients with a response",
                row["responders"],
                row.get("median_responders"),
                "RESPONDERFL = 'Y'",
            ),
        ):
            book.add(
                analysis.name,
                endpoint,
                statistic="median",
                label=label,
                kind="value",
                arm=arm,
                n=n,
                N=row["N"],
                value=value,
                status=None if n else "no subjects",
                method="Median of the best percent change from baseline.",
                where=context.where(predicate, best, test, arm=arm),
                **common,
            )
