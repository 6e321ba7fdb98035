"""Shares of patients with adverse events compared between treatments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

import msgspec

from codon12.analyses.response.rate_numbers import Outcome, add_comparison, reference_of
from codon12.analyses.response.rate_options import RatesCompared
from codon12.analyses.safety.worst_grades import counted_events
from codon12.derive.context import Context
from codon12.evidence.frames import rows_of
from codon12.evidence.schema import NumberBook, slug
from codon12.records.sql import evaluate

__all__ = ["AdverseEventComparison"]


class AdverseEventComparison(RatesCompared, frozen=True, kw_only=True, tag="adverse-event-comparison"):
    """Difference, relative risk and odds ratio of the shares of patients with adverse events, by treatment given."""

    place: ClassVar = 225
    treatment: ClassVar = "actual"

    population: Annotated[str, msgspec.Meta(description="Whose subjects are analysed; by default all treated.")] = (
        "safety"
    )
    events: Annotated[
        Mapping[str, str],
        msgspec.Meta(description="Label -> SQL predicate over ADAE that picks the events on treatment; empty: any."),
    ] = msgspec.field(default_factory=lambda: {"Any adverse event": "", "Grade 3 or higher": "ATOXGR >= 3"})

    def check(self, context: Context) -> None:
        """Refuse a predicate that is none, or names what ADSL or ADAE has not; raises ``ConfigError``."""
        super().check(context)
        for label, test in self.events.items():
            where = self.place_of(f'events, "{label}"')
            context.checked(test, where=where)
            if test and "adae" in context.frames:
                evaluate(rows_of(context.frames, "adae").head(0).collect(), test, where=f"codon12.toml, {where}")

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Difference, relative risk, odds ratio and P of every treatment against the reference."""
        if "adae" not in context.frames or not self.compares(context):
            return
        reference = reference_of(self, context)
        predicate = self.inside(context)
        for label, test in self.events.items():
            found = counted_events(context, test)["USUBJID"].unique()
            where = context.where("ANL01FL = 'Y'", test)
            outcome = Outcome(f"{self.stem}.{slug(label)}", label, found, "adae", where)
            add_comparison(self, context, book, predicate, reference, outcome)

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """How rates are compared."""
        yield "Comparisons", self.said()
