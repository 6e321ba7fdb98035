"""Counts of the levels of a column of ADSL, a column a treatment or a level of another variable."""

from __future__ import annotations

import polars as pl

from codon12.analyses.kind import (
    Analysis,
)
from codon12.analyses.split import Split
from codon12.analyses.variables import absences, level_order, variable_label
from codon12.analyses.wording import printed_levels
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook, slug

__all__ = ["count_levels", "subjects_of"]


def count_levels(
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
    values = context.values("USUBJID", pl.col(name).cast(pl.String))
    members = split.members.join(values, on="USUBJID", how="left")
    totals = split.totals
    counts = {(a, v): n for a, v, n in members.group_by("PLACE", name).len().iter_rows()}
    levels = level_order(context, name, members[name])
    label = variable_label(context, name)
    yes_no = bool(levels) and set(levels) <= {"Y", "N"}
    if yes_no:
        levels = ["Y"]
    words_of = printed_levels(levels)
    rows: list[tuple[str, str | None, str, dict[str, int]]] = [
        (words_of[v], v, context.equals(name, v), {a: counts.get((a, v), 0) for a in totals}) for v in levels
    ]
    if missing and not yes_no:
        absent = members.filter(pl.col(name).is_null())
        for reason, test, _ in absences(context, name, absent.filter(PLACE="all")["USUBJID"]):
            own = absent.join(subjects_of(context, test), on="USUBJID", how="semi")
            words = f"{reason} (no value)" if reason in words_of.values() else reason
            rows.append((words, None, test, dict(own.group_by("PLACE").len().iter_rows())))
    for shown, category, test, found in rows:
        for place in split.places:
            n, total = found.get(place.key, 0), totals.get(place.key, 0)
            book.add(
                analysis.name,
                endpoint if yes_no else f"{endpoint}.{slug(shown)}",
                statistic="n",
                main=True,
                label=label if yes_no else shown,
                section=None if yes_no else label,
                variable=name,
                category=category,
                kind="count",
                population=analysis.population,
                n=n,
                N=total,
                method="Number and percentage of subjects.",
                frame="adsl",
                where=split.where(context, place, test),
                **place.fields,
            )


def subjects_of(context: Context, test: str) -> pl.DataFrame:
    """Subjects of ADSL that satisfy a predicate."""
    return context.subjects.filter(pl.sql_expr(test).fill_null(value=False)).select("USUBJID").collect()
