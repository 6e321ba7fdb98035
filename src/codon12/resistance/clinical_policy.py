"""Choices on which the clinical answers depend."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta

from codon12.policy import Policy

__all__ = ["ResistancePolicy"]


class ResistancePolicy(Policy, frozen=True):
    """How definitions of resistance and patterns of progression are applied.

    Examples
    --------
    >>> ResistancePolicy().sentences()["confirmation"]
    'A definition that asks for confirmation of progression is not evaluable where no later assessment is on record.'
    """

    confirmation: Annotated[
        Literal["required", "ignored"],
        Meta(
            description="",
            extra={
                "required": "A definition that asks for confirmation of progression is not evaluable where no later "
                "assessment is on record.",
                "ignored": "Confirmation of progression is not asked for.",
            },
        ),
    ] = "required"
    exposure_counted_to: Annotated[
        Literal["definition", "progression", "last dose"],
        Meta(
            description="Exposure is counted to the {value}, whichever the definition says.",
            extra={"definition": "Exposure ends with the last dose or the progression, as each definition says."},
        ),
    ] = "definition"
    confirmed_response: Annotated[
        bool,
        Meta(
            description="",
            extra={
                "true": "A response counts where it was confirmed.",
                "false": "The best response counts whether or not it was confirmed.",
            },
        ),
    ] = False
    responses: Annotated[
        Literal["collected", "derived"],
        Meta(
            description="",
            extra={
                "collected": "Progression is the first one that the evaluator recorded, where responses were "
                "collected.",
                "derived": "Progression is the first one that the measured lesions give.",
            },
        ),
    ] = "collected"
    evaluator: Annotated[
        str | None,
        Meta(
            description="Responses and progression are those of {value}.",
            extra={"none": "Each evaluator is classified apart."},
        ),
    ] = None
    cutoff: Annotated[
        dt.date | None,
        Meta(
            description="Assessments after {value} do not count.",
            extra={"none": "No data cut-off is applied beyond that of the records."},
        ),
    ] = None
    nodes: Annotated[
        Literal["one", "regions"],
        Meta(
            description="",
            extra={
                "one": "All lymph nodes are one site.",
                "regions": "Thoracic, abdominal and peripheral lymph nodes are three sites.",
            },
        ),
    ] = "one"
    groups: Annotated[
        Literal["exclusive", "liver-first"],
        Meta(
            description="",
            extra={
                "exclusive": "A patient belongs to the one class of organs that progressed alone, else to 'mixed'.",
                "liver-first": "Any progression in the liver is 'liver', else any thoracic one 'thoracic', else "
                "'extrathoracic'.",
            },
        ),
    ] = "exclusive"
