"""Flow of patients, baseline characteristics and disposition: counts of ADSL columns."""

from __future__ import annotations

import polars as pl

from codon12.analyses.plan import Analysis
from codon12.analyses.split import Split, split_subjects
from codon12.analyses.variables import absences, level_order, variable_label
from codon12.analyses.wording import printed_level
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook, slug, sql_text

__all__ = ["BESIDE", "baseline", "disposition", "flow", "missing_values"]

_DEFAULT_VARIABLES = ("AGE", "AGEGR1", "SEX", "RACE", "ETHNIC")
BESIDE = "Beside"
"""Section of the steps of a flow that are no part of the step before."""

_QUANTITIES = ("median", "range", "mean", "sd")


def flow(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Subjects in the data, enrolled, treated, and in every population.

    A population that lies within the one before it is the next step; any other has the section `BESIDE`.
    """
    adsl = context.adsl
    steps = [("screened", "Subjects in the data", "USUBJID IS NOT NULL")]
    if "ENRLFL" in adsl.columns:
        if adsl["ENRLFL"].is_null().any():
            steps.append(("screen_failure", "Not enrolled (screen failure)", "ENRLFL IS NULL"))
        steps.append(("enrolled", "Enrolled", context.predicate("enrolled")))
    if "RANDFL" in adsl.columns and adsl["RANDFL"].is_not_null().any():
        steps.append(("randomised", "Randomised", context.predicate("randomised")))
    steps.append(("treated", context.population_label("safety"), context.predicate("safety")))
    steps += [
        (f"response_{e.lower()}", f"Evaluable for response ({e.lower()} review)", context.predicate("response", e))
        for e in context.evaluators
    ]
    for name, predicate in context.config.populations.items():
        if name.split("_")[0] not in ("enrolled", "randomised", "safety", "response"):
            steps.append((name, context.population_label(name), predicate))
    total = adsl.height
    inside: set[str] = set(adsl["USUBJID"])
    for name, label, predicate in steps:
        members = context.members(predicate)
        counts = dict(members.group_by("ARM").len().iter_rows())
        own = set(members["USUBJID"])
        follows = own <= inside and name != "screen_failure"
        inside = own if follows else inside
        for arm in context.columns():
            book.add(
                analysis.name,
                f"flow.{name}",
                statistic="n",
                main=True,
                label=label,
                section=None if follows else BESIDE,
                kind="count",
                arm=arm,
                population="all",
                n=counts.get(arm, 0),
                N=total,
                method="Number of subjects.",
                frame="adsl",
                where=context.where(predicate, arm=arm),
            )

    _enrolment(analysis, context, book)


def _enrolment(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """First and last start of the study, where there are dates."""
    if "STARTDT" not in context.adsl.columns or context.adsl["STARTDT"].is_null().all():
        return
    first, last = context.adsl.select(pl.col("STARTDT").min().alias("a"), pl.col("STARTDT").max().alias("b")).row(0)
    book.add(
        analysis.name,
        "flow.enrolment",
        statistic="dates",
        main=True,
        label=f"Study start from {first} to {last}",
        kind="text",
        population="all",
        n=context.adsl["STARTDT"].count(),
        N=context.adsl.height,
        method="First and last date of time zero.",
        frame="adsl",
        where="STARTDT IS NOT NULL",
    )


def baseline(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Counts of each level, or median, range, mean and standard deviation, of every baseline variable."""
    wanted = analysis.by or tuple(context.config.baseline)
    if not wanted:
        listed = (*_DEFAULT_VARIABLES, *context.config.covariates)
        wanted = tuple(v for v in listed if v in context.adsl.columns and context.adsl[v].is_not_null().any())
    split = split_subjects(analysis, context)
    for name in dict.fromkeys(v for v in wanted if v in context.adsl.columns and v != analysis.across):
        if context.adsl.schema[name].is_numeric():
            _quantities(analysis, context, book, split, name)
        else:
            _count_levels(analysis, context, book, split, name, endpoint=f"{analysis.endpoint}.{slug(name)}")


def missing_values(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Subjects without a value of each variable that ``codon12.toml`` names, where any lacks one."""
    named = (*context.config.covariates, *context.config.baseline, *(s.variable for s in context.config.subgroups))
    predicate = context.predicate(analysis.population)
    members = context.members(predicate)
    totals = dict(members.group_by("ARM").len().iter_rows())
    for name in dict.fromkeys(v for v in named if v in context.adsl.columns):
        absent = members.join(context.adsl.filter(pl.col(name).is_null()).select("USUBJID"), on="USUBJID", how="semi")
        several = f"{name}_STATE" in context.adsl.columns
        for words, test, _ in absences(context, name, absent.filter(ARM="all")["USUBJID"]):
            counts = dict(absent.join(_who(context, test), on="USUBJID", how="semi").group_by("ARM").len().iter_rows())
            for arm in context.columns():
                n, total = counts.get(arm, 0), totals.get(arm, 0)
                label = variable_label(context, name)
                book.add(
                    analysis.name,
                    f"missing.{slug(name)}" + (f".{slug(words)}" if several else ""),
                    statistic="n",
                    main=True,
                    label=f"{label}: {words.lower()}" if several else label,
                    kind="count",
                    arm=arm,
                    population=analysis.population,
                    n=n,
                    N=total,
                    method="Subjects without a value.",
                    frame="adsl",
                    where=context.where(predicate, test, arm=arm),
                )


def _who(context: Context, test: str) -> pl.DataFrame:
    return context.adsl.filter(pl.sql_expr(test).fill_null(value=False)).select("USUBJID")


def disposition(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Status of treatment and study, with the reasons for stopping."""
    split = split_subjects(analysis, context)
    for name in ("EOTSTT", "DCTREAS", "EOSSTT", "DCSREAS"):
        if name in context.adsl.columns and context.adsl[name].is_not_null().any():
            endpoint = f"disposition.{slug(name)}"
            _count_levels(analysis, context, book, split, name, endpoint=endpoint, missing=False)


def _count_levels(
    analysis: Analysis,
    context: Context,
    book: NumberBook,
    split: Split,
    name: str,
    *,
    endpoint: str,
    missing: bool = True,
) -> None:
    """One count per level and column; Y/N columns give the one row of their label."""
    values = context.adsl.select("USUBJID", pl.col(name).cast(pl.String))
    members = split.members.join(values, on="USUBJID", how="left")
    totals = split.totals
    counts = {(a, v): n for a, v, n in members.group_by("PLACE", name).len().iter_rows()}
    levels = level_order(context, name, members[name])
    label = variable_label(context, name)
    yes_no = bool(levels) and set(levels) <= {"Y", "N"}
    if yes_no:
        levels = ["Y"]
    rows = [(printed_level(v), f"{name} = {sql_text(v)}", {a: counts.get((a, v), 0) for a in totals}) for v in levels]
    if missing and not yes_no:
        absent = members.filter(pl.col(name).is_null())
        for words, test, _ in absences(context, name, absent.filter(PLACE="all")["USUBJID"]):
            own = absent.join(_who(context, test), on="USUBJID", how="semi")
            rows.append((words, test, dict(own.group_by("PLACE").len().iter_rows())))
    for shown, test, found in rows:
        for place in split.places:
            n, total = found.get(place.key, 0), totals.get(place.key, 0)
            book.add(
                analysis.name,
                endpoint if yes_no else f"{endpoint}.{slug(shown)}",
                statistic="n",
                main=True,
                label=label if yes_no else shown,
                section=None if yes_no else label,
                kind="count",
                population=analysis.population,
                n=n,
                N=total,
                method="Number and percentage of subjects.",
                frame="adsl",
                where=split.where(context, place, test),
                **place.fields,
            )


def _without_value(
    analysis: Analysis, context: Context, book: NumberBook, split: Split, name: str, members: pl.DataFrame
) -> None:
    """Subjects without a value of a quantity, by the reason, where there are any."""
    absent = members.filter(pl.col(name).is_null())
    totals = split.totals
    for words, test, _ in absences(context, name, absent.filter(PLACE="all")["USUBJID"]):
        own = absent.join(_who(context, test), on="USUBJID", how="semi")
        counts = dict(own.group_by("PLACE").len().iter_rows())
        for place in split.places:
            n, total = counts.get(place.key, 0), totals.get(place.key, 0)
            book.add(
                analysis.name,
                f"{analysis.endpoint}.{slug(name)}.{slug(words)}",
                statistic="n",
                main=True,
                label=words,
                section=variable_label(context, name),
                kind="count",
                population=analysis.population,
                n=n,
                N=total,
                method="Number and percentage of subjects without a value.",
                frame="adsl",
                where=split.where(context, place, test),
                **place.fields,
            )


def _quantities(analysis: Analysis, context: Context, book: NumberBook, split: Split, name: str) -> None:
    values = context.adsl.select("USUBJID", pl.col(name).cast(pl.Float64))
    members = split.members.join(values, on="USUBJID", how="left")
    stats = {
        row["PLACE"]: row
        for row in members.group_by("PLACE")
        .agg(
            n=pl.col(name).count(),
            N=pl.len(),
            median=pl.col(name).median(),
            mean=pl.col(name).mean(),
            sd=pl.col(name).std(),
            lower=pl.col(name).min(),
            upper=pl.col(name).max(),
        )
        .iter_rows(named=True)
    }
    words = {"median": "Median", "range": "Range", "mean": "Mean", "sd": "Standard deviation"}
    for statistic in _QUANTITIES:
        for place in split.places:
            got = stats.get(place.key, {})
            value = got.get(statistic) if statistic != "range" else None
            limits = (got.get("lower"), got.get("upper")) if statistic == "range" else (None, None)
            book.add(
                analysis.name,
                f"{analysis.endpoint}.{slug(name)}",
                statistic=statistic,
                label=words[statistic],
                section=variable_label(context, name),
                kind="range" if statistic == "range" else "value",
                population=analysis.population,
                n=got.get("n", 0),
                N=got.get("N", 0),
                value=value,
                lower=limits[0],
                upper=limits[1],
                status=None if got.get("n", 0) else "no subjects",
                method=f"{words[statistic]} of the subjects with a value.",
                frame="adsl",
                where=split.where(context, place, f"{name} IS NOT NULL"),
                **place.fields,
            )
    _without_value(analysis, context, book, split, name, members)
