"""Agreement of the investigator and central review: cross table and kappa."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

import msgspec

from codon12.analyses.kind import (
    Analysis,
    ConfLevel,
)
from codon12.analyses.response.response import BOR_LABELS
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook, slug, sql_text
from codon12.response import concordance

__all__ = ["Agreement"]


class Agreement(Analysis, frozen=True, kw_only=True, tag="agreement"):
    """Best response by the investigator against central review: cross table, agreement and kappa."""

    place: ClassVar = 100
    layout: ClassVar = "level"

    population: Annotated[
        str, msgspec.Meta(description="Whose subjects are analysed; by default those evaluable for response.")
    ] = "response"
    conf_level: ConfLevel = 0.95

    @classmethod
    def default_plan(cls) -> Mapping[int, Self]:
        """Agreement, where both reviewed."""
        return {100: cls(name="agreement", title="Agreement of investigator and central review", section="response")}

    def numbers(self, context: Context, book: NumberBook) -> None:
        """Best response by one evaluator against the other: cross table, agreement and kappa."""
        if "agreement" not in context.frames:
            return
        first, second = context.evaluators[:2]
        predicate = self.inside(context, first)
        inside = context.members(predicate, arms=False).select("USUBJID")
        pairs = context.frames["agreement"].join(inside, on="USUBJID", how="semi")
        result = concordance(*(pairs.select("USUBJID", AVALC=e) for e in (first, second)), conf_level=self.conf_level)
        order = [v for v in BOR_LABELS if (pairs[first] == v).any() or (pairs[second] == v).any()]
        counts = {(a, b): n for a, b, n in pairs.group_by(first, second).len().iter_rows()}
        common: dict[str, Any] = {"population": self.population, "frame": "agreement", "N": pairs.height}
        for a in order:
            for b in order:
                book.add(
                    self.name,
                    f"agreement.{slug(a)}",
                    statistic=slug(b),
                    label=BOR_LABELS[a],
                    section=f"By {first.lower()} review (rows) and {second.lower()} (columns)",
                    level=b,
                    kind="count",
                    n=counts.get((a, b), 0),
                    method=context.best_response[1],
                    where=context.where(predicate, f"{first} = {sql_text(a)}", f"{second} = {sql_text(b)}"),
                    **common,
                )
        section = "Agreement"
        book.add(
            self.name,
            "agreement",
            statistic="rate",
            main=True,
            label="Same best overall response",
            section=section,
            kind="count",
            n=result.agree,
            method="Subjects with the same best overall response by both evaluators.",
            where=context.where(predicate, f"{first} = {second}"),
            **common,
        )
        for statistic, label, value, lower, upper, method in (
            ("kappa", "Cohen's kappa", result.kappa, result.lower, result.upper, "Unweighted"),
            (
                "weighted_kappa",
                "Weighted kappa",
                result.weighted_kappa,
                result.weighted_lower,
                result.weighted_upper,
                "Linearly weighted",
            ),
        ):
            book.add(
                self.name,
                "agreement",
                statistic=statistic,
                label=label,
                section=section,
                kind="ratio",
                n=pairs.height,
                value=value,
                lower=lower,
                upper=upper,
                status=None if value is not None else "not estimable",
                conf_level=self.conf_level,
                method=f"{method} kappa with its large-sample interval (Fleiss, Cohen and Everitt 1969).",
                where=context.where(predicate, f"{first} IS NOT NULL"),
                **common,
            )
