"""The choices in adverse-event and exposure analyses on which trials differ."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from codon12.policy import Policy

__all__ = ["SafetyPolicy"]

_RELATED = (
    *("Y", "YES", "RELATED", "POSSIBLE", "POSSIBLY", "POSSIBLY RELATED", "PROBABLE", "PROBABLY", "PROBABLY RELATED"),
    *("DEFINITE", "DEFINITELY", "DEFINITELY RELATED", "CERTAIN", "SUSPECTED", "REASONABLE POSSIBILITY"),
)
_MODIFIED = ("DOSE REDUCED", "DRUG INTERRUPTED", "DOSE RATE REDUCED", "DOSE DELAYED", "DOSE MODIFIED")


class SafetyPolicy(Policy, frozen=True):
    """Which adverse events count, how they are graded, and which the table shows."""

    end_window: Annotated[
        Annotated[int, Meta(ge=0)] | None,
        Meta(
            description="An event is treatment-emergent up to {value} days after the last dose.",
            extra={"none": "An event is treatment-emergent from the first dose on, without an end."},
        ),
    ] = None
    ignore_time_at_end: Annotated[
        bool,
        Meta(
            description="",
            extra={
                "true": "The end of that window is compared by date.",
                "false": "The end of that window is compared with the time of day.",
            },
        ),
    ] = True
    worsening: Annotated[
        bool,
        Meta(
            description="",
            extra={
                "true": "An event that began before the first dose counts if its grade rose on treatment.",
                "false": "An event that began before the first dose does not count.",
            },
        ),
    ] = True
    emergent_only: Annotated[
        bool,
        Meta(
            description="",
            extra={
                "true": "Only treatment-emergent adverse events are counted.",
                "false": "All recorded adverse events are counted.",
            },
        ),
    ] = True
    related: Annotated[tuple[str, ...], Meta(description="Related to treatment: AEREL one of {value}.")] = _RELATED
    relation_missing: Annotated[
        Literal["not related", "related"],
        Meta(description="An event whose relation to treatment is not given counts as {value}."),
    ] = "not related"
    dose_modified: Annotated[
        tuple[str, ...], Meta(description="Leading to dose modification: AEACN one of {value}.")
    ] = _MODIFIED
    discontinued: Annotated[tuple[str, ...], Meta(description="Leading to discontinuation: AEACN one of {value}.")] = (
        "DRUG WITHDRAWN",
    )
    fatal_is_grade_5: Annotated[
        bool,
        Meta(
            description="",
            extra={
                "true": "An event with a fatal outcome has grade 5.",
                "false": "Grades are used as collected, whatever the outcome.",
            },
        ),
    ] = True
    table_percent: Annotated[
        float,
        Meta(
            ge=0,
            description="Terms are shown by class and term when more than {value} % of subjects had them,",
        ),
    ] = 5.0
    table_grade: Annotated[
        int, Meta(ge=1, le=6, description="or when any subject had them at grade {value} or higher.")
    ] = 3
