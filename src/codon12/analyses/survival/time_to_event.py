"""Kaplan-Meier numbers of a time to event, follow-up, and the curves that figures draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from codon12.analyses.plan import Analysis
from codon12.analyses.wording import censoring_words
from codon12.derive.context import Context
from codon12.errors import ConfigError
from codon12.evidence.schema import NumberBook, slug, sql_text
from codon12.survival import Estimate, follow_up, kaplan_meier, observed_range

__all__ = [
    "add_estimate",
    "curves",
    "endpoint_times",
    "endpoint_where",
    "entry_column",
    "entry_times",
    "follow_up_time",
    "time_to_event",
    "times_beside",
]

_KM = "Kaplan-Meier, log-log limits; median with Brookmeyer-Crowley limits."


def endpoint_times(
    context: Context, parameter: str, evaluator: str | None, predicate: str, *, arms: bool = True
) -> pl.DataFrame:
    """Subjects of a population with their time (months) and event flag: USUBJID, ARM, MONTHS, EVENT, why.

    Where subjects entered late (left truncation), ENTRY is when each came under observation; a subject without
    entry, or whose time ended before it, was never seen at risk and is left out.
    """
    adtte = context.frames["adtte"].filter(PARAMCD=parameter)
    if evaluator and adtte["EVAL"].is_not_null().any():
        adtte = adtte.filter(EVAL=evaluator)
    times = adtte.select(
        "USUBJID",
        "AVAL",
        "MONTHS",
        EVENT=pl.col("CNSR") == 0,
        WHY=pl.coalesce("EVNTDESC", "CNSDTDSC"),
        ENTRY=pl.col("ENTRYMO"),
    ).filter(pl.col("MONTHS").is_not_null() & pl.col("EVENT").is_not_null())
    if times["ENTRY"].is_not_null().any():
        times = times.filter(pl.col("ENTRY") < pl.col("MONTHS"))
    return context.members(predicate, arms=arms).join(times, on="USUBJID", how="inner")


def times_beside(
    context: Context, parameter: str, evaluator: str | None, predicate: str, columns: Sequence[pl.Expr], *, where: str
) -> pl.DataFrame:
    """Times of an endpoint beside columns of ADSL: USUBJID, MONTHS, EVENT, ENTRY, then the columns.

    Raises ``ConfigError`` where a column has the name of one of these; `where` names the place in ``codon12.toml``.
    """
    names = ("USUBJID", "MONTHS", "EVENT", "ENTRY")
    taken = sorted({c.meta.output_name() for c in columns} & set(names))
    if taken:
        raise ConfigError(f"codon12.toml, {where}: a variable cannot be called {', '.join(taken)}; rename it.")
    times = endpoint_times(context, parameter, evaluator, predicate, arms=False).select(names)
    return times.join(context.adsl.select("USUBJID", *columns), on="USUBJID", how="left", maintain_order="left")


def entry_times(part: pl.DataFrame) -> np.ndarray | None:
    """Entries in months for an estimator; None where everybody was under observation from time zero."""
    return part["ENTRY"].to_numpy() if part["ENTRY"].is_not_null().any() else None


def entry_column(part: pl.DataFrame) -> str | None:
    """Name of the column of entries, for an estimator that reads the frame; None as for `entry_times`."""
    return "ENTRY" if part["ENTRY"].is_not_null().any() else None


def endpoint_where(parameter: str, evaluator: str | None, frame: pl.DataFrame) -> str:
    """Predicate over ADTTE that picks the rows of an endpoint."""
    own = frame.filter(PARAMCD=parameter)
    tests = [f"PARAMCD = {sql_text(parameter)}"]
    if evaluator and own["EVAL"].is_not_null().any():
        tests.append(f"EVAL = {sql_text(evaluator)}")
    if own["ENTRYMO"].is_not_null().any():
        tests.append("ENTRYMO < MONTHS")
    return " AND ".join(tests)


def time_to_event(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Events, reasons for censoring, quartiles, range and landmark estimates."""
    evaluator = context.evaluator(analysis.evaluator)
    if "adtte" not in context.frames or not context.has_endpoint(analysis.endpoint):
        return
    predicate = context.predicate(analysis.population, evaluator)
    members = endpoint_times(context, analysis.endpoint, evaluator, predicate)
    rows = endpoint_where(analysis.endpoint, evaluator, context.frames["adtte"])
    endpoint = slug(analysis.endpoint)
    common: dict[str, Any] = {"evaluator": evaluator, "population": analysis.population, "frame": "adtte"}
    last = members["MONTHS"].max() if members.height else None
    reasons = _reasons(members, analysis.endpoint)
    for arm in context.columns():
        part = members.filter(ARM=arm)
        n, where = part.height, context.where(predicate, rows, arm=arm)
        events = int(part["EVENT"].sum())
        counted = [("events", "Events", events, "CNSR = 0", None)]
        counted += [
            (
                f"censored.{slug(words)}",
                f"Censored: {words}",
                part.filter(~pl.col("EVENT") & pl.col("WHY").is_in(texts, nulls_equal=True)).height,
                f"CNSR > 0 AND {_is_one_of(texts)}",
                "Reasons for censoring",
            )
            for words, texts in reasons.items()
        ]
        for name, label, count, test, section in counted:
            book.add(
                analysis.name,
                f"{endpoint}.{name}",
                statistic="n",
                main=True,
                label=label,
                section=section,
                kind="count",
                arm=arm,
                n=count,
                N=n,
                method="Number of subjects.",
                where=context.where(predicate, rows, test, arm=arm),
                **common,
            )
        add_curve_numbers(analysis, book, endpoint, part, arm=arm, where=where, last=last, common=common)


def _reasons(members: pl.DataFrame, endpoint: str) -> dict[str, list[str | None]]:
    """Reasons for censoring in words, each with the texts of the data that say so."""
    out: dict[str, list[str | None]] = {}
    for text in members.filter(~pl.col("EVENT"))["WHY"].unique().sort(nulls_last=True).to_list():
        out.setdefault(censoring_words(text, endpoint), []).append(text)
    return out


def _is_one_of(texts: list[str | None]) -> str:
    """Predicate that a row's description is one of these, or that it has none."""
    why = "COALESCE(EVNTDESC, CNSDTDSC)"
    named = [t for t in texts if t is not None]
    tests = [f"{why} = {sql_text(named[0])}"] if len(named) == 1 else []
    if len(named) > 1:
        tests = [f"{why} IN ({', '.join(sql_text(t) for t in named)})"]
    if None in texts:
        tests.append(f"{why} IS NULL")
    return tests[0] if len(tests) == 1 else f"({' OR '.join(tests)})"


def add_curve_numbers(
    analysis: Analysis,
    book: NumberBook,
    endpoint: str,
    part: pl.DataFrame,
    *,
    arm: str,
    where: str,
    last: Any,
    common: dict[str, Any],
    group: str = "all",
    level: str = "all",
    quartiles: bool = True,
    prefix: str = "",
) -> None:
    """Quartiles, range and landmark estimates of one group of subjects."""
    n, events = part.height, int(part["EVENT"].sum())
    shared: dict[str, Any] = {
        **common,
        "arm": arm,
        "group": group,
        "level": level,
        "n": events,
        "N": n,
        "method": _KM,
        "where": where,
        "conf_level": analysis.conf_level,
    }
    names = [(0.5, "median", f"{prefix}Median, months")]
    if quartiles:
        names += [(0.25, "q25", "25th percentile, months"), (0.75, "q75", "75th percentile, months")]
    landmarks = [m for m in analysis.landmarks if last is None or m <= last]
    if n == 0:
        for _, statistic, label in names:
            book.add(analysis.name, endpoint, statistic=statistic, label=label, kind="time", unit="months",
                     status="no subjects", **shared)  # fmt: skip
        return
    km = kaplan_meier(
        part["MONTHS"].to_numpy(), part["EVENT"].to_numpy(), entry=entry_times(part), level=analysis.conf_level
    )
    curve = km.curve()
    for p, statistic, label in names:
        add_estimate(
            analysis,
            book,
            endpoint,
            curve.quantile(p),
            statistic=statistic,
            label=label,
            kind="time",
            **shared,
        )
    if quartiles:
        add_range(analysis, book, endpoint, part, label="Range, months (+: censored)", **shared)
    for month in landmarks:
        estimate = curve.at([month])[0]
        add_estimate(
            analysis,
            book,
            endpoint,
            estimate,
            statistic=f"rate_{month:g}mo",
            label=f"{prefix}At {month:g} months, %",
            kind="rate",
            scale=100.0,
            **{"section": "Kaplan-Meier estimate", **shared},
        )


def add_estimate(
    analysis: Analysis,
    book: NumberBook,
    endpoint: str,
    estimate: Estimate,
    *,
    statistic: str,
    label: str,
    kind: str,
    scale: float = 1.0,
    **fields: Any,
) -> None:
    """Add one estimate with its limits, or the words that say why there is none."""
    value, lower, upper = (None if v is None else scale * v for v in (estimate.value, estimate.lower, estimate.upper))
    book.add(
        analysis.name,
        endpoint,
        statistic=statistic,
        label=label,
        kind=kind,
        value=value,
        lower=lower,
        upper=upper,
        status=estimate.status,
        lower_status=estimate.lower_status,
        upper_status=estimate.upper_status,
        unit="months" if kind == "time" else "%",
        **fields,
    )


def add_range(
    analysis: Analysis, book: NumberBook, endpoint: str, part: pl.DataFrame, *, label: str, **fields: Any
) -> None:
    """Add the shortest and longest observed time; a censored end has the status ``censored``."""
    ends = observed_range(part["MONTHS"].to_numpy(), part["EVENT"].to_numpy())[0]
    fields |= {"conf_level": None, "method": "Shortest and longest observed time; + marks a censored one."}
    book.add(
        analysis.name,
        endpoint,
        statistic="range",
        label=label,
        kind="range",
        lower=ends.lower,
        upper=ends.upper,
        lower_status="censored" if ends.lower_censored else None,
        upper_status="censored" if ends.upper_censored else None,
        unit="months",
        **fields,
    )


def follow_up_time(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Median follow-up by reverse Kaplan-Meier, and the range of observed times."""
    if not context.has_endpoint(analysis.endpoint):
        return
    predicate = context.predicate(analysis.population)
    members = endpoint_times(context, analysis.endpoint, None, predicate)
    rows = endpoint_where(analysis.endpoint, None, context.frames["adtte"])
    for arm in context.columns():
        part = members.filter(ARM=arm)
        shared: dict[str, Any] = {
            "arm": arm,
            "population": analysis.population,
            "n": int((~part["EVENT"]).sum()) if part.height else 0,
            "N": part.height,
            "frame": "adtte",
            "where": context.where(predicate, rows, arm=arm),
        }
        if part.height == 0:
            continue
        result = follow_up(
            part["MONTHS"].to_numpy(), part["EVENT"].to_numpy(), entry=entry_times(part), level=analysis.conf_level
        )
        add_estimate(
            analysis,
            book,
            "follow_up",
            result.curves[0].median(),
            statistic="median",
            label="Median follow-up, months",
            kind="time",
            method="Reverse Kaplan-Meier: deaths are censored, and come before censorings at ties.",
            conf_level=analysis.conf_level,
            **shared,
        )
        add_range(analysis, book, "follow_up", part, label="Range, months (+: alive)", **shared)


def curves(analysis: Analysis, context: Context) -> pl.DataFrame | None:
    """Points of the Kaplan-Meier curves of an endpoint, one row a distinct time and arm."""
    if analysis.kind != "time-to-event" or not context.has_endpoint(analysis.endpoint):
        return None
    evaluator = context.evaluator(analysis.evaluator)
    predicate = context.predicate(analysis.population, evaluator)
    members = endpoint_times(context, analysis.endpoint, evaluator, predicate)
    shown = [a for a in (context.arms or ("all",)) if (members["ARM"] == a).any()]
    if not shown:
        return None
    part = members.filter(pl.col("ARM").is_in(shown))
    km = kaplan_meier(
        part["MONTHS"].to_numpy(),
        part["EVENT"].to_numpy(),
        group=part["ARM"].to_numpy(),
        entry=entry_times(part),
        level=analysis.conf_level,
    )
    frame = pl.concat([km[arm].to_frame() for arm in shown])
    return frame.rename({"group": "arm"}).with_columns(
        analysis=pl.lit(analysis.name),
        PARAMCD=pl.lit(analysis.endpoint),
        EVAL=pl.lit(evaluator, dtype=pl.String),
    )
