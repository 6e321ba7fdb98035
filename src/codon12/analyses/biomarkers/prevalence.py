"""Prevalence of biomarkers: of those whose tests could say yes or no; and who is not counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

import msgspec
import polars as pl

from codon12.analyses.biomarkers.shares import interval_heading, limits
from codon12.analyses.kind import (
    Analysis,
    ConfLevel,
)
from codon12.analyses.variables import ABSENT_STATES, level_order, variable_label
from codon12.analyses.wording import printed_levels
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook, slug, sql_text

__all__ = ["Prevalence"]

_SAID = "Prevalences have exact (Clopper-Pearson) limits, of the subjects whose tests could have said yes or no."
_METHOD = "Exact (Clopper-Pearson) two-sided limits; of the subjects whose tests could have said yes or no."


_UNCOUNTED = "Not counted, n/N"
"""Heading of the column of subjects who are in no share."""


_MOST_REASONS = 8


class Prevalence(Analysis, frozen=True, kw_only=True, tag="prevalence"):
    """Every level of every biomarker among those with an answer, exact limits; no answer by state and reason."""

    place: ClassVar = 170
    layout: ClassVar = "statistic"

    by: Annotated[
        tuple[str, ...], msgspec.Meta(description="Columns of ADSL in whose levels the shares are given apart.")
    ] = ()
    conf_level: ConfLevel = 0.95

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Prevalence of every biomarker of the study."""
        notes = ("Not tested is not wild type: percentages are of those whose tests could have said yes or no.",)
        return {170: cls(name="prevalence", title="Prevalence of biomarkers", section="biomarkers", footnotes=notes)}

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Every level of every biomarker among the subjects tested for it; the others by state and reason.

        Tested are those whose tests reach all that the question names. A detection by a test that could not have
        denied it (a hotspot list) has a row of its own: counted with the others it would make the share too high.

        `by` names the variables whose levels are shown apart; a subject without a value of them is in no such row.
        """
        if context.profiles is None:
            return
        names = [n.upper() for n in context.config.biomarkers if f"{n.upper()}_STATE" in context.variables]
        predicate = self.inside(context)
        _of(self, context, book, names, predicate, heading="", stem="prevalence")
        for variable in self.by:
            if variable not in context.variables:
                continue
            values = context.values(pl.col(variable).cast(pl.String)).to_series()
            for level, words in printed_levels(level_order(context, variable, values)).items():
                heading = f"{variable_label(context, variable)}: {words}"
                part = context.where(predicate, context.equals(variable, level))
                stem = f"prevalence.{slug(variable)}.{slug(level)}"
                others = [n for n in names if n != variable]
                _of(self, context, book, others, part, heading=heading, stem=stem)
        _reasons(self, context, book, names, predicate)

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """How limits are made, and of whom."""
        if context.profiles is not None:
            yield "Biomarkers", _SAID


def _of(
    analysis: Prevalence,
    context: Context,
    book: NumberBook,
    names: list[str],
    predicate: str,
    *,
    heading: str,
    stem: str,
) -> None:
    members = _members(context, predicate, names)
    for name in names:
        if members.schema[name].is_numeric():
            continue
        label = variable_label(context, name)
        section = f"{heading}; {label}" if heading else label
        known = members.filter(pl.col(name).is_not_null(), pl.col(f"{name}_READFL") == "Y")
        counts = dict(known.group_by(pl.col(name).cast(pl.String)).len().iter_rows())
        levels = level_order(context, name, members[name].cast(pl.String))
        asked = context.config.biomarkers.get(name) or context.config.biomarkers.get(name.lower())
        if len(levels) == 2 and (asked is None or isinstance(asked, str) or asked.question):
            levels = levels[1:]  # of a question the yes; the no is the rest
        shown = printed_levels(levels)
        for level in levels:
            n, total = counts.get(level, 0), known.height
            low, high = limits(n, total, analysis.conf_level)
            shared: dict[str, Any] = {
                "section": section,
                "label": shown[level],
                "variable": name,
                "category": level,
                "population": analysis.population,
                "frame": "adsl",
                "n": n,
                "N": total,
                "value": 100 * n / total if total else None,
                "unit": "%",
                "status": None if total else "no subjects",
                "where": context.where(predicate, context.equals(name, level), f"{name}_READFL = 'Y'"),
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


def _absent(
    analysis: Prevalence,
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
            variable=name,
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
            variable=name,
            kind="fraction",
            level=_UNCOUNTED,
            population=analysis.population,
            n=counts[state],
            N=members.height,
            method="Subjects without an answer; they are in no percentage of those with one.",
            frame="adsl",
            where=context.where(predicate, f"{name} IS NULL", f"{name}_STATE = {sql_text(state)}"),
        )


def _members(context: Context, predicate: str, names: list[str]) -> pl.DataFrame:
    """Subjects of a population with their answers."""
    wanted = {"USUBJID", *(f"{n}{end}" for n in names for end in ("", "_STATE", "_REASON", "_READFL"))}
    beside = context.values(*(c for c in context.variables if c in wanted))
    return context.members(predicate, arms=False).select("USUBJID").join(beside, on="USUBJID", how="left")


def _reasons(analysis: Prevalence, context: Context, book: NumberBook, names: list[str], predicate: str) -> None:
    """Why there is no answer, the commonest reasons of each biomarker."""
    members = _members(context, predicate, names)
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
                row=variable_label(context, name),
                what=text,
                section="Why there is no answer",
                variable=name,
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
                row=variable_label(context, name), what=f"{len(rows) - _MOST_REASONS} rarer reasons", variable=name,
                section="Why there is no answer", kind="fraction", level=_UNCOUNTED,
                population=analysis.population, n=rest, N=members.height,
                method="Reasons given by the profile.", frame="adsl",
                where=context.where(predicate, f"{name} IS NULL", f"{reason} IN ({told})"),
            )  # fmt: skip
