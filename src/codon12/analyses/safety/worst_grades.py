"""Subjects by worst grade: the counts of one row of a table of adverse events."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from codon12.analyses.kind import (
    Analysis,
)
from codon12.derive.context import Context
from codon12.evidence.frames import rows_of
from codon12.evidence.schema import NumberBook
from codon12.records.sql import evaluate
from codon12.safety import GRADE_GROUPS

__all__ = ["add_row", "check_events", "column_totals", "counted_events", "some_graded"]

_GRADE_LABELS = {
    "any": "Any grade",
    "1-2": "Grade 1 or 2",
    "3": "Grade 3",
    "4": "Grade 4",
    "5": "Grade 5",
    ">=3": "Grade 3 or higher",
}


_GRADE_SLUGS = {
    "any": "any",
    "1-2": "grade1_2",
    "3": "grade3",
    "4": "grade4",
    "5": "grade5",
    ">=3": "grade_ge3",
}


def counted_events(context: Context, where: str) -> pl.DataFrame:
    """Events that are counted: those on treatment that satisfy the predicate."""
    adae = rows_of(context.frames, "adae").filter(pl.col("ANL01FL") == "Y")
    return (adae.filter(pl.sql_expr(where)) if where else adae).collect()


_FATAL = 5


def some_graded(context: Context) -> bool:
    """Whether an event has another grade than 5, which a fatal one has uncollected, or all have one."""
    grade = pl.col("ATOXGR")
    seen = rows_of(context.frames, "adae").select(some=(grade < _FATAL).any(), lack=grade.is_null().any()).collect()
    return bool(seen["some"].item()) or not seen["lack"].item()


def column_totals(members: pl.DataFrame) -> dict[str, int]:
    """Subjects of each column, of `Context.members`."""
    return dict(members.group_by("ARM").len().iter_rows())


def add_row(
    analysis: Analysis,
    context: Context,
    book: NumberBook,
    totals: Mapping[str, int],
    counts: dict[tuple[str, str], int],
    *,
    endpoint: str,
    label: str,
    tests: tuple[str, ...],
    graded: bool,
    section: str | None = None,
) -> None:
    """Add the counts of every grade in every column, for one row; `totals` are the subjects of each column.

    Where no event is `graded`, as a finding says, nothing is known of any grade: the count of all is added alone.
    """
    predicate = context.predicate(analysis.population)
    for arm in context.columns():
        for grade, members_of in GRADE_GROUPS.items():
            if not graded and grade != "any":
                continue
            n, total = counts.get((arm, grade), 0), totals.get(arm, 0)
            book.add(
                analysis.name,
                endpoint,
                statistic=_GRADE_SLUGS[grade],
                label=label,
                section=section,
                kind="count",
                arm=arm,
                level=_GRADE_LABELS[grade],
                population=analysis.population,
                n=n,
                N=total,
                method="Subjects by worst grade.",
                frame="adae",
                where=context.where(predicate, "ANL01FL = 'Y'", *tests, arm=arm),
                having=None if grade == "any" else f"WORST IN ({', '.join(map(str, members_of))})",
            )


def check_events(analysis: Analysis, context: Context) -> None:
    """Refuse a `where` that is no predicate over ADAE; raises ``ConfigError``."""
    context.checked(analysis.where, where=analysis.place_of("where"))
    if analysis.where and "adae" in context.frames:
        where = f"codon12.toml, {analysis.place_of('where')}"
        evaluate(rows_of(context.frames, "adae").head(0).collect(), analysis.where, where=where)
