"""Gene-level definitions on which studies differ: what RAS means, and what a loss of function is."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from codon12.biomarker.variants.ras import HOTSPOT_CODONS
from codon12.policy import Policy

__all__ = ["GeneDefinitions"]


class GeneDefinitions(Policy, frozen=True):
    """What "RAS" and "loss of function" mean."""

    version: Annotated[str, msgspec.Meta(description="Gene-level definitions are version {value}.")] = "codon12-1"
    ras_genes: Annotated[tuple[str, ...], msgspec.Meta(description="RAS means the genes {value},")] = ("KRAS", "NRAS")
    ras_codons: Annotated[
        tuple[int, ...],
        msgspec.Meta(
            description="codons {value} (extended RAS testing, Allegra 2016); all codons where none is named."
        ),
    ] = HOTSPOT_CODONS
    loss_classes: Annotated[
        tuple[str, ...], msgspec.Meta(description="Loss of function is a call of class {value}.")
    ] = ("truncating", "splice")
    loss_by_deletion: Annotated[
        bool,
        msgspec.Meta(
            description="",
            extra={
                "true": "A homozygous deletion is a loss of function; denying one needs a test of copy number.",
                "false": "Copy number does not enter loss of function.",
            },
        ),
    ] = True
    loss_by_other: Annotated[
        Literal["unknown", "counts", "does not count"],
        msgspec.Meta(
            description="",
            extra={
                "unknown": "A missense or in-frame change or a rearrangement leaves loss of function undetermined.",
                "counts": "Missense and in-frame changes and rearrangements count as loss of function.",
                "does not count": "Missense and in-frame changes and rearrangements do not count as loss of function.",
            },
        ),
    ] = "unknown"
