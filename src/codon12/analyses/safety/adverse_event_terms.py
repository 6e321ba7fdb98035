"""Adverse events by class and term."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

import msgspec
import polars as pl

from codon12.analyses.kind import (
    Analysis,
    Stem,
)
from codon12.analyses.safety.worst_grades import add_row, check_events, column_totals, counted_events, some_graded
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook, slug, sql_text
from codon12.safety import graded_counts

__all__ = ["AdverseEventTerms"]


class AdverseEventTerms(Analysis, frozen=True, kw_only=True, tag="adverse-event-terms"):
    """Subjects by term, or by class and term, above the thresholds of the safety policy, by worst grade."""

    place: ClassVar = 220
    treatment: ClassVar = "actual"
    layout: ClassVar = "statistic"

    population: Annotated[str, msgspec.Meta(description="Whose subjects are analysed; by default all treated.")] = (
        "safety"
    )
    where: Annotated[str, msgspec.Meta(description="SQL predicate over ADAE that picks the events counted.")] = ""
    endpoint: Stem = ""
    by: Annotated[
        tuple[str, ...], msgspec.Meta(min_length=1, description="Column of the terms; a column of classes before it.")
    ] = ("AEDECOD",)

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Related events by term, and all by class and term."""
        notes = ("A patient with several events of a term is counted once, at the worst grade.",)
        return {
            220: cls(
                name="ae-related-terms",
                title="Treatment-related adverse events by term",
                section="safety",
                endpoint="ae.related",
                where="AREL = 'Y'",
                footnotes=notes,
            ),
            230: cls(
                name="ae-terms",
                title="Adverse events by class and term, regardless of attribution",
                section="safety",
                endpoint="ae.all",
                by=("AEBODSYS", "AEDECOD"),
                footnotes=notes,
            ),
        }

    def check(self, context: Context) -> None:
        """Refuse a predicate that is none, or names what ADAE has not; raises ``ConfigError``."""
        check_events(self, context)

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Subjects by (class and) term, of the terms above the thresholds of the policy, most frequent first."""
        if "adae" not in context.frames:
            return
        adae = counted_events(context, self.where)
        members = context.members(context.predicate(self.population))
        totals = column_totals(members)
        *classes, term = self.by
        stem = self.endpoint or self.stem
        order = _terms_shown(adae, members, context, term)
        counts = graded_counts(adae, members, by=list(self.by))
        by_row: dict[tuple[str | None, str], dict[tuple[str, str], int]] = {}
        for row in counts.iter_rows(named=True):
            heading = row[classes[0]] if classes else None
            by_row.setdefault((heading, row[term]), {})[row["ARM"], row["GRADE"]] = row["n"]
        graded = some_graded(context)
        whole = _by_class(adae, members, classes[0]) if classes else {None: {}}
        for heading, of_class in whole.items():
            inside = "" if heading is None else f"{classes[0]} = {sql_text(heading)}"
            common: dict[str, Any] = {
                "section": heading,
                "analysis": self,
                "context": context,
                "book": book,
                "totals": totals,
                "graded": graded,
            }
            rows = [name for name in order if (heading, name) in by_row]
            if heading is not None and rows:
                tests = (self.where, inside)
                label = "Any event of the class"
                add_row(counts=of_class, endpoint=f"{stem}.{slug(heading)}", label=label, tests=tests, **common)
            for name in rows:
                add_row(
                    counts=by_row[heading, name],
                    endpoint=f"{stem}.{slug(name)}",
                    label=name,
                    tests=(self.where, inside, f"{term} = {sql_text(name)}"),
                    **common,
                )


def _terms_shown(adae: pl.DataFrame, members: pl.DataFrame, context: Context, term: str) -> list[str]:
    """Terms above the thresholds in all arms together, most frequent first."""
    policy = context.policies.safety
    everyone = members.filter(ARM="all")
    wide = graded_counts(adae, everyone, by=[term]).pivot("GRADE", index=term, values="n")
    if wide.is_empty():
        return []
    severe = [c for c in wide.columns if c in {str(g) for g in range(policy.table_grade, 6)}]
    at_grade = pl.sum_horizontal(severe) if severe else pl.lit(0)
    shown = wide.filter((pl.col("any") * 100 > policy.table_percent * everyone.height) | (at_grade > 0))
    return shown.sort("any", term, descending=[True, False])[term].to_list()


def _by_class(adae: pl.DataFrame, members: pl.DataFrame, column: str) -> dict[str | None, dict[tuple[str, str], int]]:
    """Counts of each class, most frequent first."""
    counts = graded_counts(adae, members, by=[column])
    order = counts.filter(ARM="all", GRADE="any").sort("n", column, descending=[True, False])[column].to_list()
    got: dict[str | None, dict[tuple[str, str], int]] = {name: {} for name in order}
    for row in counts.iter_rows(named=True):
        got[row[column]][row["ARM"], row["GRADE"]] = row["n"]
    return got
