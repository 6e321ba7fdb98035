"""What an analysis that compares two treatments' rates may be told: its options, and the methods by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
import polars as pl

from codon12.analyses.kind import Analysis, ConfLevel, Reference, Strata
from codon12.derive.context import Context
from codon12.numbers import Rounding
from codon12.tables import Table

__all__ = ["METHOD_NAMES", "RatesCompared"]

METHOD_NAMES: Mapping[str, str] = {
    "miettinen-nurminen": "Miettinen and Nurminen's score limits",
    "mee": "Mee's score limits",
    "newcombe": "Newcombe's hybrid score limits",
    "newcombe-cc": "Newcombe's hybrid score limits with continuity correction",
    "wald": "Wald limits",
    "wald-cc": "Wald limits with continuity correction",
    "agresti-caffo": "Agresti and Caffo's limits",
    "haldane": "Haldane's limits",
    "mantel-haenszel": "Wald limits with Sato's variance",
    "log": "normal limits on the logarithm",
    "exact": "exact limits, conditional maximum likelihood",
    "fisher": "Fisher's exact test",
    "chi-square": "Pearson's chi-square test",
    "chi-square-cc": "Pearson's chi-square test with Yates' correction",
}


class RatesCompared(Analysis, frozen=True, kw_only=True):
    """What kinds that compare two treatments' rates have in common."""

    reference: Reference = ""
    strata: Strata = ()
    difference: Annotated[
        Literal["miettinen-nurminen", "mee", "newcombe", "newcombe-cc", "wald", "wald-cc", "agresti-caffo", "haldane"],
        msgspec.Meta(description="Interval of the difference of the rates, without strata."),
    ] = "miettinen-nurminen"
    stratified_difference: Annotated[
        Literal["mantel-haenszel", "miettinen-nurminen"],
        msgspec.Meta(description="Interval of the common difference over strata."),
    ] = "miettinen-nurminen"
    ratio: Annotated[
        Literal["miettinen-nurminen", "log"],
        msgspec.Meta(description="Interval of the relative risk, without strata."),
    ] = "miettinen-nurminen"
    odds: Annotated[
        Literal["log", "exact"], msgspec.Meta(description="Odds ratio and its interval, without strata.")
    ] = "log"
    test: Annotated[
        Literal["fisher", "chi-square", "chi-square-cc", "none"],
        msgspec.Meta(description="Test of the rates without strata; over strata it is Cochran, Mantel and Haenszel's."),
    ] = "fisher"
    unrandomised: Annotated[bool, msgspec.Meta(description="Whether to compare also where nobody was randomised.")] = (
        False
    )
    conf_level: ConfLevel = 0.95

    def groupings(self) -> tuple[str, ...]:
        """The strata."""
        return self.strata

    def compares(self, context: Context) -> bool:
        """Whether there are treatments that may be compared."""
        return len(context.arms) > 1 and (self.unrandomised or context.is_randomised)

    def table(
        self, numbers: pl.DataFrame, *, population: str = "", rounding: Rounding | None = None, **layout: Any
    ) -> Table | None:
        """One column a treatment; methods below."""
        table = super().table(numbers, population=population, rounding=rounding, **layout)
        return table and msgspec.structs.replace(table, footnotes=(*table.footnotes, self.said()))

    def said(self) -> str:
        """How rates are compared, as a sentence of the methods text."""
        if self.strata:
            test = (
                ""
                if self.test == "none"
                else "; P is Cochran, Mantel and Haenszel's (general association, uncorrected)"
            )
            return (
                f"Rates were compared within strata of {', '.join(self.strata)}: common difference with "
                f"Mantel-Haenszel weights and {METHOD_NAMES[self.stratified_difference]}, relative risk and odds ratio "
                "by Mantel and Haenszel with the limits of Greenland and Robins, and of Robins, Breslow and "
                f"Greenland{test}. Strata with "
                "one treatment alone say nothing and are passed over."
            )
        test = "" if self.test == "none" else f"; P is by {METHOD_NAMES[self.test]}"
        return (
            f"Rates were compared by their difference with {METHOD_NAMES[self.difference]}, relative risk with "
            f"{METHOD_NAMES[self.ratio]} and odds ratio with {METHOD_NAMES[self.odds]}{test}."
        )
