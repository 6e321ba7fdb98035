"""What an analysis of the treatment's effect by subgroup may be told: its options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from codon12.analyses.kind import Analysis, ConfLevel, Evaluator, Reference, Strata
from codon12.analyses.variables import must_be_endpoint
from codon12.derive.context import Context

__all__ = ["RESPONSES", "SubgroupOptions"]

RESPONSES = {"ORR": "Objective response", "DCR": "Disease control"}
"""Endpoint that is a response -> as printed."""


class SubgroupOptions(Analysis, frozen=True, kw_only=True):
    """Options of effects by subgroup, and what follows from them alone."""

    population: Annotated[
        str, msgspec.Meta(description="Whose subjects are analysed; by default all who were randomised.")
    ] = "efficacy"
    endpoint: Annotated[
        str, msgspec.Meta(description="A time to event by its PARAMCD, or `ORR` or `DCR` for a response.")
    ] = "OS"
    evaluator: Evaluator = "primary"
    by: Annotated[
        tuple[str, ...],
        msgspec.Meta(
            description="Columns of ADSL; else the subgroups of the configuration, else its baseline, where they have "
            "two to eight levels."
        ),
    ] = ()
    cuts: Annotated[
        Mapping[str, tuple[float, ...]],
        msgspec.Meta(
            description="Column of numbers -> ascending lower bounds of its levels; age is cut at 65 and others at "
            "their median."
        ),
    ] = msgspec.field(default_factory=dict)
    reference: Reference = ""
    strata: Strata = ()
    measure: Annotated[
        Literal["odds-ratio", "risk-difference"],
        msgspec.Meta(description="Effect on a response: Woolf's odds ratio or Miettinen and Nurminen's difference."),
    ] = "odds-ratio"
    medians: Annotated[bool, msgspec.Meta(description="Whether each treatment's median is beside its events.")] = False
    min_events: Annotated[
        int, msgspec.Meta(ge=1, description="Levels with fewer events or responses in all have no estimate.")
    ] = 10
    better: Annotated[
        Literal["auto", "lower", "higher"],
        msgspec.Meta(description="Which ratio favours the treatment; auto: higher for response and time to response."),
    ] = "auto"
    unrandomised: Annotated[
        bool, msgspec.Meta(description="Whether to compare also where nobody was randomised; the text then says so.")
    ] = False
    conf_level: ConfLevel = 0.95

    def check(self, context: Context) -> None:
        """Refuse an outcome that is neither a response nor a time to event that is known or in the data."""
        super().check(context)
        if not self.of_response:
            must_be_endpoint(context, self.endpoint, where=self.place_of("endpoint"))

    def groupings(self) -> tuple[str, ...]:
        """The variables and the strata."""
        return (*self.by, *self.cuts, *self.strata)

    @property
    def of_response(self) -> bool:
        """Whether the endpoint is a response, not a time."""
        return self.endpoint in RESPONSES

    @property
    def higher_is_better(self) -> bool:
        """Whether a ratio above 1 favours the treatment."""
        if self.better != "auto":
            return self.better == "higher"
        return self.of_response or self.endpoint == "TTR"

    @property
    def id_stem(self) -> str:
        """How the ids of the numbers begin: `os.effect`, or the name where it is another."""
        code = self.endpoint.lower()
        return f"{code}.effect" if self.name == f"subgroup-effects-{code}" else f"{code}.{self.stem}"
