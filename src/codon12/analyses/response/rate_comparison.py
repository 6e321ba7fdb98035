"""Response rates of randomised treatments compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal, Self

import msgspec
import polars as pl

from codon12.analyses.kind import Evaluator
from codon12.analyses.response.rate_numbers import Outcome, add_comparison, reference_of
from codon12.analyses.response.rate_options import RatesCompared
from codon12.derive.context import Context
from codon12.evidence.frames import rows_of
from codon12.evidence.schema import NumberBook, sql_text

__all__ = ["RateComparison"]

_OUTCOMES = {"ORR": "Objective response", "DCR": "Disease control"}


class RateComparison(RatesCompared, frozen=True, kw_only=True, tag="rate-comparison"):
    """Difference of response rates, relative risk, odds ratio and test of randomised treatments, also over strata."""

    place: ClassVar = 65

    population: Annotated[
        str, msgspec.Meta(description="Whose subjects are analysed; by default those evaluable for response.")
    ] = "response"
    evaluator: Evaluator = "primary"
    by: Annotated[
        tuple[Literal["ORR", "DCR"], ...],
        msgspec.Meta(description="What is compared, `ORR` and `DCR` (all by default)."),
    ] = ("ORR", "DCR")

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Response of a study that randomised."""
        return {65: cls(name="rate-comparison", title="Response rates compared", section="response")}

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Difference, relative risk, odds ratio and P of every treatment against the reference."""
        evaluator = context.evaluator(self.evaluator)
        if not context.has_responses or evaluator is None or not self.compares(context):
            return
        reference = reference_of(self, context)
        parameter = context.best_response[0]
        predicate = self.inside(context, evaluator)
        for name in self.by:
            values = context.responders if name == "ORR" else context.controlled
            hit = (
                f"PARAMCD = {sql_text(parameter)} AND EVAL = {sql_text(evaluator)} "
                f"AND AVALC IN ({', '.join(map(sql_text, values))})"
            )
            found = rows_of(context.frames, "adrs").filter(pl.sql_expr(hit)).select("USUBJID").collect()
            outcome = Outcome(
                f"{name.lower()}.comparison" if self.name == "rate-comparison" else f"{name.lower()}.{self.stem}",
                _OUTCOMES[name],
                found["USUBJID"].unique(),
                "adrs",
                hit,
                {"evaluator": evaluator},
            )
            add_comparison(self, context, book, predicate, reference, outcome)

    def methods(self, context: Context) -> Iterator[tuple[str, str]]:
        """How rates are compared."""
        yield "Comparisons", self.said()
