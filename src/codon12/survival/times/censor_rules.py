"""The choices in censoring progression-free survival and duration of response, with the presets in use."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from msgspec import Meta

from codon12.policy import Policy
from codon12.survival.times.visits import VisitSchedule

__all__ = ["CensorRules"]


class CensorRules(Policy, frozen=True):
    """When progression-free survival and duration of response are censored, and at which date.

    Presets: the default (last adequate assessment before new therapy or two missed visits), ``fda()``,
    ``ema()`` and ``admiralonco()``.

    Examples
    --------
    >>> CensorRules.ema().sentences()["new_therapy"]
    'Events after the start of a new anti-cancer therapy count as events.'
    """

    new_therapy: Annotated[
        Literal["censor", "ignore", "event"],
        Meta(
            description="",
            extra={
                "censor": "A subject who starts a new anti-cancer therapy before an event is censored at the "
                "last adequate assessment on or before that day.",
                "ignore": "Events after the start of a new anti-cancer therapy count as events.",
                "event": "The start of a new anti-cancer therapy counts as an event.",
            },
        ),
    ] = "censor"
    missed_visits: Annotated[
        Annotated[int, Meta(ge=1)] | None,
        Meta(
            description="An event after {value} or more consecutive missed visits is not counted: the "
            "subject is censored at the last adequate assessment before them.",
            extra={"none": "An event counts regardless of missed visits."},
        ),
    ] = 2
    death_after_missed: Annotated[
        Literal["censor", "event"],
        Meta(
            description="",
            extra={
                "censor": "That holds for deaths as for progressions.",
                "event": "That holds for progressions; deaths count as events whenever they occur.",
            },
        ),
    ] = "censor"
    schedule: Annotated[
        VisitSchedule | None,
        Meta(
            description="Tumour assessments were planned {value}.",
            extra={"none": "No visit schedule was given, so that missed visits could not be counted."},
        ),
    ] = None
    no_baseline: Annotated[
        Literal["start", "ignore"],
        Meta(
            description="",
            extra={
                "start": "Subjects without a baseline assessment are censored on day 1.",
                "ignore": "A missing baseline assessment does not matter.",
            },
        ),
    ] = "ignore"
    undated_death: Annotated[
        Literal["censor", "event"],
        Meta(
            description="",
            extra={
                "censor": "A subject known to have died on an unknown day is censored at the last contact (progression-"
                "free survival: the last adequate assessment), with that reason.",
                "event": "A subject known to have died on an unknown day counts as dead at the last contact.",
            },
        ),
    ] = "censor"
    inadequate: Annotated[
        tuple[str, ...],
        Meta(
            description="Assessments with the response {value} are not adequate to censor at.",
            extra={"()": "Every assessment is adequate to censor at."},
        ),
    ] = ("NE", "ND", "MISSING", "CHECK")
    separate_codes: Annotated[
        bool,
        Meta(
            description="",
            extra={
                "true": "CNSR is 1 without an event, 2 at new therapy, 3 at missed visits, 4 without a "
                "baseline, 5 without a later assessment and 6 at a death without a date.",
                "false": "CNSR is 1 for every censoring.",
            },
        ),
    ] = True
    month: Annotated[float, Meta(gt=0, description="A month is {value} days.")] = 30.4375

    @classmethod
    def fda(cls, schedule: VisitSchedule | None = None) -> Self:
        """FDA 2018 guidance, appendix: censor at new therapy, two missed visits, and without a baseline."""
        return cls(schedule=schedule, no_baseline="start")

    @classmethod
    def ema(cls) -> Self:
        """EMA 2012 appendix 1 to the anticancer guideline: every progression and death counts."""
        return cls(new_therapy="ignore", missed_visits=None)

    @classmethod
    def admiralonco(cls) -> Self:
        """As admiralonco's templates: any assessment censors, one code, no new therapy, no missed visits."""
        return cls(new_therapy="ignore", missed_visits=None, inadequate=(), separate_codes=False)

    def code(self, number: int) -> int:
        """CNSR of a censoring reason under this policy."""
        return number if self.separate_codes else 1
