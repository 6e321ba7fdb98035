"""Every choice of RECIST 1.1 on which trials differ, as one frozen value."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from msgspec import Meta

from codon12.response.assessment_policy import AssessmentPolicy

__all__ = ["RecistPolicy"]


class RecistPolicy(AssessmentPolicy, frozen=True):
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
