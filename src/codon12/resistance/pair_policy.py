"""Choices on which the reading of paired samples depends."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from codon12.policy import Policy

__all__ = ["PairPolicy"]


class PairPolicy(Policy, frozen=True):
    """How two samples of one tumour are compared.

    Examples
    --------
    >>> PairPolicy().sentences()["indel_window"]
    'Indels of one gene are the same alteration within 30 base pairs, its internal tandem duplications always.'
    """

    indel_window: Annotated[
        int,
        Meta(
            ge=0,
            description="Indels of one gene are the same alteration within {value} base pairs, its internal tandem "
            "duplications always.",
            extra={"0": "Indels are the same alteration where their text is the same."},
        ),
    ] = 30
    missed_clone: Annotated[
        float,
        Meta(
            gt=0,
            lt=1,
            description="An acquired alteration is flagged where the earlier sample, at its depth, would have missed a "
            "clone of the later fraction with a probability above {value}.",
        ),
    ] = 0.05
    enriched_ratio: Annotated[
        float,
        Meta(
            gt=1,
            description="A retained alteration is enriched where its fraction, relative to the truncal reference, rose "
            "at least {value} times",
        ),
    ] = 2.0
    enriched_difference: Annotated[
        float, Meta(ge=0, description="and by at least {value}; it is depleted at half that fraction or less.")
    ] = 0.05
    depleted_ratio: Annotated[float, Meta(gt=0, lt=1, description="A ratio of {value} or less is depleted.")] = 0.5
    plasma_tumour_fraction: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="In plasma no loss is called where the truncal reference lies below {value}.",
        ),
    ] = 0.005
    not_only_cis_ratio: Annotated[
        float,
        Meta(
            gt=1,
            description="A pocket mutation at least {value} times as frequent as the target mutation is not only in "
            "cis with it.",
        ),
    ] = 1.5
    truncal: Annotated[
        str | None,
        Meta(
            description="The truncal reference is {value}.",
            extra={
                "none": "The truncal reference is the retained alteration whose smaller allele fraction is the largest."
            },
        ),
    ] = None
