"""Choices of RECIST 1.1 up to the response of a time point: lesions, sums, and which assessments count."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from codon12.policy import Policy

__all__ = ["AssessmentPolicy", "Day"]

Day = Literal["first", "last"]


class AssessmentPolicy(Policy, frozen=True):
    """How lesions become sums, and sums the responses of time points: the first half of `RecistPolicy`."""

    # thresholds: integers of per cent, and of tenths of a millimetre
    response_percent: Annotated[
        int,
        Meta(
            ge=1,
            le=99,
            description="Partial response is a decrease of the sum by at least {value}% from baseline.",
        ),
    ] = 30
    progression_percent: Annotated[
        int,
        Meta(ge=1, description="Progression is an increase of the sum by at least {value}% from the nadir,"),
    ] = 20
    progression_mm: Annotated[float, Meta(ge=0, description="and of at least {value} mm in absolute size.")] = 5.0
    node_normal_mm: Annotated[
        float, Meta(gt=0, description="A lymph node is normal below {value} mm in short axis.")
    ] = 10.0
    # lesions and sums
    too_small_mm: Annotated[
        float | None,
        Meta(
            description="A target lesion that is present but too small to measure counts {value} mm.",
            extra={"none": "A target lesion that is present but too small to measure is not evaluable."},
        ),
    ] = 5.0
    split_and_merged: Annotated[
        Literal["follow", "as-collected"],
        Meta(
            description="Lesion identifiers count as collected.",
            extra={"follow": "Fragments of a split lesion are added up; a merged lesion stands for all its parts."},
        ),
    ] = "follow"
    baseline: Annotated[
        Literal["first-dose", "reference"],
        Meta(
            description="",
            extra={
                "first-dose": "Scans up to the first dose are baseline (up to the reference date where it is later, or "
                "without treatment).",
                "reference": "Scans up to the reference date are baseline.",
            },
        ),
    ] = "first-dose"
    lesion_day: Annotated[
        Day,
        Meta(description="A lesion date without a day is taken as the {value} day of the month."),
    ] = "first"
    visit_days: Annotated[
        int,
        Meta(
            ge=0,
            description="Scans of one visit that lie more than {value} days apart are several assessments; "
            "unscheduled visits go by date.",
        ),
    ] = 21
    visit_date: Annotated[
        Literal["earliest", "latest", "earliest-if-pd"],
        Meta(
            description="A time point is dated by the {value} scan of its visit.",
            extra={
                "earliest-if-pd": "Progression is dated by the first scan of what shows it (targets, non-target "
                "or new lesions), any other response by the latest scan of its visit."
            },
        ),
    ] = "earliest"
    # target selection
    max_targets: Annotated[int, Meta(ge=1, description="At most {value} target lesions are expected,")] = 5
    max_targets_per_organ: Annotated[
        int, Meta(ge=1, description="and at most {value} an organ, all lymph nodes being one organ.")
    ] = 2
    measurable_mm: Annotated[
        float,
        Meta(gt=0, description="A lesion is measurable from {value} mm, or twice a CT slice above 5 mm."),
    ] = 10.0
    measurable_node_mm: Annotated[
        float, Meta(gt=0, description="A lymph node is measurable from {value} mm in short axis.")
    ] = 15.0
    # time points
    partial_sum_pd: Annotated[
        bool,
        Meta(
            description="",
            extra={
                "true": "With target lesions missing, progression is called where the measured ones already show it.",
                "false": "A time point with a missing target lesion is not evaluable.",
            },
        ),
    ] = True
    sticky_pr: Annotated[
        bool,
        Meta(
            description="",
            extra={
                "true": "A partial response stays one until progression.",
                "false": "Each time point is judged without regard to responses before it.",
            },
        ),
    ] = False
    sticky_pr_confirmed: Annotated[
        bool,
        Meta(
            description="",
            extra={
                "true": "Only a confirmed partial response is kept.",
                "false": "Keeping a partial response, where that is chosen, needs no confirmation.",
            },
        ),
    ] = False
    reappearance_after_cr: Annotated[
        Literal["any-lesion", "target-lesion", "sum-rule"],
        Meta(
            description="",
            extra={
                "any-lesion": "After complete response any lesion seen again is progression.",
                "target-lesion": "Once all target lesions have resolved, a non-nodal one seen again is progression.",
                "sum-rule": "A lesion seen again is progression only by the sum of diameters.",
            },
        ),
    ] = "sum-rule"
    equivocal_confirmed: Annotated[
        Literal["date-back", "at-confirmation"],
        Meta(
            description="",
            extra={
                "date-back": "An equivocal new lesion that is later unequivocal is progression from its first scan.",
                "at-confirmation": "An equivocal new lesion is progression from the scan that calls it unequivocal.",
            },
        ),
    ] = "date-back"
    missing_non_target: Annotated[
        Literal["check", "ne"],
        Meta(
            description="",
            extra={
                "check": "A time point whose non-target assessment is missing is reported as CHECK.",
                "ne": "A missing non-target assessment counts as not evaluated: complete and partial response of the "
                "targets are then partial response.",
            },
        ),
    ] = "ne"
    best_change: Annotated[
        Literal["any", "until-progression"],
        Meta(
            description="",
            extra={
                "any": "The best change of the sum is the lowest after baseline, sums after progression included.",
                "until-progression": "The best change of the sum is the lowest after baseline up to the first "
                "progression.",
            },
        ),
    ] = "any"
    # which assessments count
    criterion: Annotated[
        str,
        Meta(description="Responses as collected count where their criterion is {value} or none is named."),
    ] = "RECIST 1.1"
    evaluator: Annotated[
        str | None,
        Meta(
            description="Assessments of {value} count.",
            extra={"none": "Each evaluator is analysed separately."},
        ),
    ] = None
    accepted_only: Annotated[
        bool,
        Meta(
            description="",
            extra={
                "true": "Where several central readers assessed a subject, the accepted reading counts, else the "
                "adjudicator's, else the one on which all agree; without any of these none does.",
                "false": "Every central reader is analysed separately, unless the reading was not accepted.",
            },
        ),
    ] = True
    assessments_from: Annotated[
        Literal["reference", "any"],
        Meta(
            description="",
            extra={
                "reference": "Assessments from the reference date on count.",
                "any": "Assessments before the reference date count as well.",
            },
        ),
    ] = "reference"
    assessment_day: Annotated[
        Day,
        Meta(description="An assessment date without a day is taken as the {value} day of the month."),
    ] = "last"
    same_day: Annotated[
        Literal["worst", "last", "error"],
        Meta(
            description="",
            extra={
                "worst": "Of several assessments on one day the worst counts.",
                "last": "Of several assessments on one day the one recorded last counts.",
                "error": "Several assessments on one day are refused.",
            },
        ),
    ] = "worst"
    new_therapy: Annotated[
        Literal["before", "on-or-before", "ignore"],
        Meta(
            description="Assessments {value} new anti-cancer therapy count.",
            extra={"ignore": "Assessments count regardless of new anti-cancer therapy."},
        ),
    ] = "before"
    stop_at_first_pd: Annotated[
        bool,
        Meta(
            description="",
            extra={
                "true": "Assessments up to and including the first progression count.",
                "false": "Assessments after progression count as well.",
            },
        ),
    ] = True
    unknown_values: Annotated[
        Literal["error", "ne"],
        Meta(
            description="",
            extra={
                "error": "A response outside the controlled terms is refused.",
                "ne": "A response outside the controlled terms counts as not evaluable.",
            },
        ),
    ] = "error"
