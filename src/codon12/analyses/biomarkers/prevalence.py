"""Prevalence of biomarkers: of those whose tests could say yes or no, with exact limits; and who is not counted."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.analyses.plan import Analysis
from codon12.analyses.variables import ABSENT_STATES, level_order, variable_label
from codon12.analyses.wording import printed_level
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook, slug, sql_text
from codon12.numbers import proportion_interval

__all__ = ["interval_heading", "limits", "prevalence"]

_METHOD = "Exact (Clopper-Pearson) two-sided limits; of the subjects whose tests could have said yes or no."
_UNCOUNTED = "Not counted, n/N"
"""Heading of the column of subjects who are in no share."""
_MOST_REASONS = 8


def prevalence(analysis: Analysis, context: Context, book: NumberBook) -> None:
    """Every level of every biomarker among the subjects tested for it; the others by state and reason.

    Tested are those whose tests reach all that the question names. A detection by a test that could not have denied it
    (a hotspot list) has a row of its own: counted with the others it would make the share too high.

    `by` names the variables whose levels are shown apart; a subject without a value of them is in no such row.
    """
    if context.profiles is None:
        return
    names = [n.upper() for n in context.config.biomarkers if f"{n.upper()}_STATE" in context.adsl.columns]
    predicate = context.where(context.predicate(analysis.population), analysis.where)
    _of(analysis, context, book, names, predicate, heading="", stem="prevalence")
    for variable in analysis.by:
        if variable not in context.adsl.columns:
            continue
        for level in level_order(context, variable, context.adsl[variable].cast(pl.String)):
            heading = f"{variable_label(context, variable)}: {printed_level(level)}"
            part = context.where(predicate, f"{variable} = {sql_text(level)}")
            stem = f"prevalence.{slug(variable)}.{slug(level)}"
            others = [n for n in names if n != variable]
            _of(analysis, context, book, others, part, heading=heading, stem=stem)
    _reasons(analysis, context, book, names, predicate)


def _of(
    analysis: Analysis, context: Context, book: NumberBook, names: list[str], predicate: str, *, heading: str, stem: str
) -> None:
    members = context.members(predicate, arms=False).select("USUBJID").join(context.adsl, on="USUBJID", how="left")
    for name in names:
        if context.adsl.schema[name].is_numeric():
            continue
        label = variable_label(context, name)
        section = f"{heading}; {label}" if heading else label
        known = members.filter(pl.col(name).is_not_null(), pl.col(f"{name}_READFL") == "Y")
        counts = dict(known.group_by(pl.col(name).cast(pl.String)).len().iter_rows())
        levels = level_order(context, name, members[name].cast(pl.String))
        asked = context.config.biomarkers.get(name) or context.config.biomarkers.get(name.lower())
        if len(levels) == 2 and (asked is None or isinstance(asked, str) or asked.question):
            levels = levels[1:]  # of a question the yes; the no is the rest
        for level in levels:
            n, total = counts.get(level, 0), known.height
            low, high = limits(n, total, analysis.conf_level)
            shared: dict[str, Any] = {
                "section": section,
                "label": printed_level(level),
                "population": analysis.population,
                "frame": "adsl",
                "n": n,
                "N": total,
                "value": 100 * n / total if total else None,
                "unit": "%",
                "status": None if total else "no subjects",
                "where": context.where(predicate, f"{name} = {sql_text(level)}", f"{name}_READFL = 'Y'"),
                "method": _METHOD,
            }
            own = f"{stem}.{slug(name)}.{slug(level)}"
            book.add(analysis.name, own, statistic="n", kind="fraction", level="n/N tested", **shared)
            book.add(
                analysis.name,
                own,
                statistic="rate",
                kind="rate",
                main=True,
                level=interval_heading(analysis.conf_level),
                lower=low,
                upper=high,
                conf_level=analysis.conf_level,
                **shared,
            )
        _absent(analysis, context, book, members, name, predicate, section, f"{stem}.{slug(name)}")


def limits(n: int, total: int, level: float) -> tuple[float | None, float | None]:
    """Exact limits of a percentage; none without subjects.

    Examples
    --------
    >>> [round(x, 1) for x in limits(40, 246, 0.95)], limits(0, 0, 0.95)
    ([11.9, 21.5], (None, None))
    """
    if not total:
        return None, None
    low, high = proportion_interval(n, total, level=level)
    return 100 * float(low), 100 * float(high)


def interval_heading(level: float) -> str:
    """Heading of a column of percentages with their limits."""
    return f"% ({100 * level:g}% CI)"


def _absent(
    analysis: Analysis,
    context: Context,
    book: NumberBook,
    members: pl.DataFrame,
    name: str,
    predicate: str,
    section: str,
    endpoint: str,
) -> None:
    """Detections that count in no share, and one row a state in which there is no answer."""
    alone = members.filter(pl.col(name).is_not_null(), pl.col(f"{name}_READFL").is_null()).height
    if alone:
        book.add(
            analysis.name,
            f"{endpoint}.uncovered",
            statistic="n",
            main=True,
            label="Detected by a test that could not have denied it",
            section=section,
            kind="fraction",
            level=_UNCOUNTED,
            population=analysis.population,
            n=alone,
            N=members.height,
            method="Subjects with an answer from tests that do not reach all that the question names.",
            frame="adsl",
            where=context.where(predicate, f"{name} IS NOT NULL", f"{name}_READFL IS NULL"),
        )
    counts = dict(members.filter(pl.col(name).is_null()).group_by(f"{name}_STATE").len().iter_rows())
    for state, words in ABSENT_STATES.items():
        if not counts.get(state):
            continue
        book.add(
            analysis.name,
            f"{endpoint}.{slug(state)}",
            statistic="n",
            main=True,
            label=words,
            section=section,
            kind="fraction",
            level=_UNCOUNTED,
            population=analysis.population,
            n=counts[state],
            N=members.height,
            method="Subjects without an answer; they are in no percentage of those with one.",
            frame="adsl",
            where=context.where(predicate, f"{name} IS NULL", f"{name}_STATE = {sql_text(state)}"),
        )


def _reasons(analysis: Analysis, context: Context, book: NumberBook, names: list[str], predicate: str) -> None:
    """Why there is no answer, the commonest reasons of each biomarker."""
    members = context.members(predicate, arms=False).select("USUBJID").join(context.adsl, on="USUBJID", how="left")
    for name in names:
        reason = f"{name}_REASON"
        counts = members.filter(pl.col(name).is_null()).group_by(reason).len().drop_nulls()
        rows = counts.sort("len", reason, descending=[True, False]).rows()
        for i, (text, n) in enumerate(rows[:_MOST_REASONS]):
            book.add(
                analysis.name,
                f"prevalence.{slug(name)}.reason_{i + 1}",
                statistic="n",
                main=True,
                label=f"{variable_label(context, name)}: {text}",
                section="Why there is no answer",
                kind="fraction",
                level=_UNCOUNTED,
                population=analysis.population,
                n=n,
                N=members.height,
                method="Reason given by the profile.",
                frame="adsl",
                where=context.where(predicate, f"{name} IS NULL", f"{reason} = {sql_text(text)}"),
            )
        rest = sum(n for _, n in rows[_MOST_REASONS:])
        if rest:
            told = ", ".join(sql_text(text) for text, _ in rows[_MOST_REASONS:])
            book.add(
                analysis.name, f"prevalence.{slug(name)}.reason_other", statistic="n", main=True,
                label=f"{variable_label(context, name)}: {len(rows) - _MOST_REASONS} rarer reasons",
                section="Why there is no answer", kind="fraction", level=_UNCOUNTED,
                population=analysis.population, n=rest, N=members.height,
                method="Reasons given by the profile.", frame="adsl",
                where=context.where(predicate, f"{name} IS NULL", f"{reason} IN ({told})"),
            )  # fmt: skip
