"""Overview of the adverse events by worst grade."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

import msgspec
import polars as pl

from codon12.analyses.kind import (
    Analysis,
)
from codon12.analyses.safety.worst_grades import add_row, check_events, column_totals, counted_events, some_graded
from codon12.derive.context import Context
from codon12.evidence.frames import rows_of
from codon12.evidence.schema import NumberBook
from codon12.safety import graded_counts

__all__ = ["AdverseEvents"]

_OVERVIEW = (
    ("", "Adverse event", ""),
    ("serious", "Serious adverse event", "ASER = 'Y'"),
    ("modified", "Adverse event leading to dose modification", "ACNMOD = 'Y'"),
    ("discontinued", "Adverse event leading to discontinuation of therapy", "ACNDISC = 'Y'"),
    ("related", "Treatment-related adverse event", "AREL = 'Y'"),
    ("related.serious", "Treatment-related serious adverse event", "AREL = 'Y' AND ASER = 'Y'"),
    (
        "related.modified",
        "Treatment-related adverse event leading to dose modification",
        "AREL = 'Y' AND ACNMOD = 'Y'",
    ),
    (
        "related.discontinued",
        "Treatment-related adverse event leading to discontinuation of therapy",
        "AREL = 'Y' AND ACNDISC = 'Y'",
    ),
)

_WORDS = ("ASER", "ACNMOD", "ACNDISC", "AREL")


class AdverseEvents(Analysis, frozen=True, kw_only=True, tag="adverse-events"):
    """Subjects with any, serious, related, dose-modifying adverse events, by worst grade."""

    place: ClassVar = 210
    treatment: ClassVar = "actual"
    layout: ClassVar = "statistic"

    population: Annotated[str, msgspec.Meta(description="Whose subjects are analysed; by default all treated.")] = (
        "safety"
    )
    where: Annotated[str, msgspec.Meta(description="SQL predicate over ADAE that picks the events counted.")] = ""
    endpoint: Annotated[str, msgspec.Meta(description="How the ids of the numbers begin.")] = "ae"

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Overview of the adverse events."""
        return {
            210: cls(
                name="ae-overview",
                title="Adverse events by worst grade",
                section="safety",
                footnotes=("A patient with several events is counted once, at the worst grade.",),
            )
        }

    def check(self, context: Context) -> None:
        """Refuse a predicate that is none, or names what ADAE has not; raises ``ConfigError``."""
        check_events(self, context)

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Subjects with any, serious, related ... adverse events, by worst grade."""
        if "adae" not in context.frames:
            return
        adae = counted_events(context, self.where)
        members = context.members(context.predicate(self.population))
        totals = column_totals(members)
        unsaid = rows_of(context.frames, "adae").select(pl.col(_WORDS).is_null().all()).collect().row(0, named=True)
        silent, graded = [c for c in _WORDS if adae.height and unsaid[c]], some_graded(context)
        for name, label, test in _OVERVIEW:
            if any(c in test for c in silent):
                continue  # no event has the word, as a finding says: that none was of the kind is not known
            counts = graded_counts(adae.filter(pl.sql_expr(test)) if test else adae, members)
            got = {(a, g): n for a, g, n in counts.select("ARM", "GRADE", "n").iter_rows()}
            stem = ".".join(filter(None, (self.endpoint, name)))
            tests = (self.where, test)
            add_row(self, context, book, totals, got, endpoint=stem, label=label, tests=tests, graded=graded)
