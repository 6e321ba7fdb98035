"""Every choice of RECIST 1.1 on which trials differ, as one frozen value."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from msgspec import Meta

from codon12.policy import Policy

__all__ = ["RecistPolicy"]

Day = Literal["first", "last"]


class RecistPolicy(Policy, frozen=True):
    """How lesions become sums, sums time-point responses, and these a best overall response.

    The defaults: time points by RECIST 1.1 table 4 without memory, confirmation after 28 days with at most one
    NE between, stable disease from day 35 after the reference date. ``recist_1_1()`` and ``admiralonco()``
    are the two named settings.

    Notes
    -----
    Source: RECIST 1.1 (Eisenhauer 2009); for a partial response that stays one until progression (`sticky_pr`), and
    for lesions seen again (`reappearance_after_cr`), the RECIST FAQ of EORTC; iRECIST (Seymour 2017) and, for
    `immune_reading` EORTC, the questions and answers of EORTC on iRECIST (recist.eortc.org).

    Examples
    --------
    >>> RecistPolicy().sentences()["confirmation_min_days"]
    'A response is confirmed by an assessment at least 28 days later.'
    >>> RecistPolicy.recist_1_1().changed_from_default()["cr_then_non_cr"]
    'pd'
    """

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
                "earliest-if-pd": "Progression is dated by the earliest scan of its visit, any other response by "
                "the latest."
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
    # best overall response
    confirmation: Annotated[
        bool,
        Meta(
            description="",
            extra={
                "true": "Complete and partial response must be confirmed.",
                "false": "Complete and partial response need no confirmation.",
            },
        ),
    ] = True
    confirmation_min_days: Annotated[
        int, Meta(ge=0, description="A response is confirmed by an assessment at least {value} days later.")
    ] = 28
    confirmation_max_days: Annotated[
        int | None,
        Meta(
            description="The confirming assessment is at most {value} days later.",
            extra={"none": "There is no upper limit to the time of confirmation."},
        ),
    ] = None
    max_ne: Annotated[
        int, Meta(ge=0, description="Up to {value} not evaluable assessment(s) may lie between the two.")
    ] = 1
    accept_sd: Annotated[
        bool,
        Meta(
            description="",
            extra={
                "true": "One stable disease between a partial response and its confirmation is accepted.",
                "false": "Stable disease between a partial response and its confirmation is not accepted.",
            },
        ),
    ] = False
    reference_date: Annotated[
        Literal["start", "randomisation", "treatment"],
        Meta(
            description="Times count from {value}.",
            extra={"start": "Times count from time zero of the study (randomisation, else first dose)."},
        ),
    ] = "start"
    sd_min_days: Annotated[
        int,
        Meta(ge=0, description="Stable disease counts from {value} days after the reference date on,"),
    ] = 35
    sd_count: Annotated[
        Literal["elapsed", "study-day"],
        Meta(
            description="",
            extra={
                "elapsed": "in days elapsed since it (the reference date itself is 0).",
                "study-day": "in study days (the reference date itself is day 1).",
            },
        ),
    ] = "elapsed"
    missing_as_ne: Annotated[
        bool,
        Meta(
            description="",
            extra={
                "true": "A subject without an assessment is not evaluable (NE).",
                "false": "A subject without an assessment is reported as MISSING.",
            },
        ),
    ] = False
    nd: Annotated[
        Literal["report-if-confirmed", "report", "missing"],
        Meta(
            description="",
            extra={
                "report-if-confirmed": "Nothing but ND is ND where responses are confirmed, else MISSING.",
                "report": "A subject with nothing but ND is ND.",
                "missing": "ND is no assessment.",
            },
        ),
    ] = "report-if-confirmed"
    cr_then_non_cr: Annotated[
        Literal["as-collected", "pd", "error"],
        Meta(
            description="",
            extra={
                "as-collected": "An assessment other than CR after a CR counts as collected.",
                "pd": "An evaluable assessment other than CR after a CR is progression.",
                "error": "An evaluable assessment other than CR after a CR is refused.",
            },
        ),
    ] = "as-collected"
    benefit_values: Annotated[
        tuple[str, ...], Meta(description="Disease control and clinical benefit are {value}.")
    ] = ("CR", "PR", "SD", "NON-CR/NON-PD")
    benefit_min_days: Annotated[
        int | None,
        Meta(
            description="Clinical benefit without response asks for at least {value} days.",
            extra={"none": "Clinical benefit asks for the same time as stable disease."},
        ),
    ] = None
    duration_from: Annotated[
        Literal["confirmed", "unconfirmed"],
        Meta(description="Time to and duration of response are those of {value} responses."),
    ] = "confirmed"
    denominator: Annotated[
        Literal["all", "assessed"],
        Meta(
            description="",
            extra={
                "all": "Every subject of the population is in the denominator, assessed or not.",
                "assessed": "Subjects with at least one assessment are in the denominator.",
            },
        ),
    ] = "all"
    # iRECIST
    immune_reading: Annotated[
        Literal["iRECIST", "EORTC"],
        Meta(
            description="",
            extra={
                "irecist": "iRECIST is read as its guideline says (Seymour 2017, table 2): a new lesion that is still "
                "there keeps the progression unconfirmed, and growth is counted from the assessment before.",
                "eortc": "iRECIST is read as by EORTC: complete or partial response of the targets beside new "
                "lesions that are stable is iPR, and growth after an unconfirmed progression adds up from its first "
                "assessment.",
            },
        ),
    ] = "iRECIST"
    immune_min_days: Annotated[
        int,
        Meta(ge=0, description="iRECIST: progression is confirmed at the earliest {value} days later,"),
    ] = 28
    immune_max_days: Annotated[
        int | None,
        Meta(
            description="and at the latest {value} days later.",
            extra={"none": "without an upper limit."},
        ),
    ] = 56
    immune_confirmed_by: Annotated[
        Literal["worsening", "any"],
        Meta(
            description="",
            extra={
                "worsening": "It is confirmed by further growth, a new lesion or progression of another kind.",
                "any": "It is confirmed by any progression at the next time point.",
            },
        ),
    ] = "worsening"
    # growth
    days_per_month: Annotated[float, Meta(gt=0, description="A month is {value} days.")] = 30.4375
    early_shrinkage_percent: Annotated[
        int,
        Meta(ge=1, le=100, description="Early tumour shrinkage is a decrease of at least {value}%"),
    ] = 20
    early_shrinkage_days: Annotated[
        tuple[int, int], Meta(description="at the first assessment between days {value} from baseline.")
    ] = (35, 70)

    @classmethod
    def recist_1_1(cls) -> Self:
        """RECIST 1.1 to the letter: confirmation by its table 3, and disease seen after CR is PD.

        Source: Eisenhauer 2009, sections 4.3 and 4.6, tables 1 to 3 with footnote a.
        """
        return cls(
            sd_min_days=42,
            reappearance_after_cr="any-lesion",
            equivocal_confirmed="date-back",
            cr_then_non_cr="pd",
            nd="missing",
            missing_as_ne=True,
        )

    @classmethod
    def admiralonco(cls) -> Self:
        """As the functions and the ADRS template of the R package admiralonco (1.4) behave."""
        return cls(
            sd_min_days=42,
            assessments_from="any",
            reappearance_after_cr="target-lesion",
            equivocal_confirmed="at-confirmation",
            duration_from="unconfirmed",
            missing_non_target="check",
            unknown_values="ne",
            new_therapy="ignore",
        )
