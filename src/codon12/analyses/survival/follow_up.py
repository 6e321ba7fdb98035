"""How long subjects were followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self

from codon12.analyses.survival.estimates import Estimate, add_range
from codon12.analyses.survival.times import endpoint_times, endpoint_where, entry_times
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook
from codon12.survival import follow_up

__all__ = ["FollowUp"]


class FollowUp(Estimate, frozen=True, kw_only=True, tag="follow-up"):
    """Median follow-up by the reverse Kaplan-Meier method, and the range of observed times."""

    place: ClassVar = 130

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Follow-up for overall survival."""
        return {130: cls(name="follow-up", title="Follow-up", section="survival", endpoint="OS")}

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Median follow-up by reverse Kaplan-Meier, and the range of observed times."""
        if not context.has_endpoint(self.endpoint):
            return
        evaluator = context.reader(self.endpoint, self.evaluator)
        predicate = self.inside(context, evaluator)
        members = endpoint_times(context, self.endpoint, evaluator, predicate)
        rows = endpoint_where(self.endpoint, evaluator, context.frames)
        for arm in context.columns():
            part = members.filter(ARM=arm)
            shared: dict[str, Any] = {
                "arm": arm,
                "population": self.population,
                "n": int((~part["EVENT"]).sum()) if part.height else 0,
                "N": part.height,
                "frame": "adtte",
                "where": context.where(predicate, rows, arm=arm),
            }
            if part.height == 0:
                continue
            result = follow_up(
                part["MONTHS"].to_numpy(), part["EVENT"].to_numpy(), entry=entry_times(part), level=self.conf_level
            )
            median = next(row for row in result.evidence() if row["statistic"] == "median_follow_up")
            book.take(
                self.name,
                "follow_up",
                median,
                statistic="median",
                lower_status=median["lower_status"],
                upper_status=median["upper_status"],
                label="Median follow-up, months",
                unit="months",
                method="Reverse Kaplan-Meier with Brookmeyer-Crowley limits, log-log; deaths are censored, and come "
                "before censorings at ties.",
                conf_level=self.conf_level,
                **shared,
            )
            add_range(self, book, "follow_up", part, label="Range, months (+: alive)", **shared)

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """How follow-up is estimated."""
        yield "Survival estimates", "Median follow-up was estimated by the reverse Kaplan-Meier method."
