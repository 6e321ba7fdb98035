"""One alteration of a tumour: a mutation, a change in copy number, or a fusion."""

from __future__ import annotations

from typing import Literal

import msgspec

from codon12.biomarker.variants.coding import CodingChange
from codon12.biomarker.variants.genomic import GenomicChange
from codon12.biomarker.variants.protein import ProteinChange
from codon12.errors import UsageError

__all__ = ["ExonChange", "Variant", "VariantKind"]

VariantKind = Literal["mutation", "amplification", "gain", "deletion", "loss", "fusion", "rearrangement"]
ExonKind = Literal["deletion", "insertion", "duplication", "skipping", "mutation"]


class ExonChange(msgspec.Struct, frozen=True):
    """A change described by its exon alone: ``exon 19 del``."""

    exon: int
    kind: ExonKind

    def __str__(self) -> str:
        return f"exon {self.exon} {self.kind}"


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """An alteration, as far as its text or call says: what is not said is None.

    Examples
    --------
    >>> from codon12.biomarker import parse_variant
    >>> variant = parse_variant("KRAS G12C")
    >>> variant.gene, variant.protein.three_letter, str(variant)
    ('KRAS', 'p.Gly12Cys', 'KRAS p.G12C')
    """

    kind: VariantKind
    gene: str | None = None
    """Current symbol; of a fusion the 3' gene, which gives the kinase domain in most."""
    partner: str | None = None
    """5' gene of a fusion."""
    protein: ProteinChange | None = None
    coding: CodingChange | None = None
    transcript: str | None = None
    genomic: GenomicChange | None = None
    exon: ExonChange | None = None
    vaf: float | None = None
    """Variant allele fraction, 0 to 1."""
    phase: str | None = None
    """Calls of a sample with the same phase lie on the same allele."""
    source: str | None = None
    """Report or file it was taken from."""
    notes: tuple[str, ...] = ()
    """What was read otherwise than written, in sentences."""

    def __post_init__(self) -> None:
        if self.vaf is not None and not 0 <= self.vaf <= 1:
            raise UsageError(f"vaf must be a fraction between 0 and 1, got {self.vaf}; a percentage is 100 times it")

    @property
    def alteration_class(self) -> str:
        """Class as an oncoprint draws it: missense, truncating, inframe, splice, fusion, amplification, deletion."""
        if self.kind != "mutation":
            return {"loss": "deletion", "gain": "other", "rearrangement": "other"}.get(self.kind, self.kind)
        protein, exon = self.protein, self.exon
        if protein is not None and protein.kind not in ("codon", "unknown"):
            if protein.is_truncating:
                return "truncating"
            kinds = {"missense": "missense", "splice": "splice", "synonymous": "silent"}
            return "inframe" if protein.is_inframe else kinds.get(protein.kind, "other")
        if self.coding is not None and self.coding.is_splice_site:
            return "splice"
        if self.coding is not None and self.coding.is_noncoding:
            return "promoter" if self.gene == "TERT" and self.coding.start.base < 0 else "noncoding"
        if exon is not None:
            return {"skipping": "splice", "mutation": "other"}.get(exon.kind, "inframe")
        return "other"

    def __str__(self) -> str:
        if self.kind == "fusion":
            ends = [g for g in (self.partner, self.gene) if g]
            return f"{'::'.join(ends)} fusion".strip()
        what = self.protein or self.exon or self.coding or self.genomic
        words = [self.gene or "", str(what) if what is not None else self.kind]
        return " ".join(w for w in words if w)
