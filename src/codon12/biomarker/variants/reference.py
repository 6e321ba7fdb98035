"""Reference bases: whether a coordinate fits the build and strand it claims, where the bases are known."""

from __future__ import annotations

import msgspec

from codon12.biomarker.variants.amino_acids import reverse_complement
from codon12.biomarker.variants.genomic import BUILDS, Build, GenomicChange
from codon12.biomarker.variants.ras import RAS_GENES, ras_gene_at
from codon12.errors import UsageError

__all__ = ["Checked", "check_reference", "reference_bases"]


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A genomic change after its reference base was looked up."""

    change: GenomicChange
    gene: str | None = None
    coding_base: int | None = None
    """First coding base concerned."""
    protein: str | None = None
    """Protein change in one letter."""
    notes: tuple[str, ...] = ()


def reference_bases(chrom: str, pos: int, build: Build, *, count: int = 1) -> str | None:
    """Bases of the plus strand from a position on; None where codon12 does not hold them.

    Held are the coding exons c.1-450 of KRAS, NRAS and HRAS, as far as checked against public sources.

    Examples
    --------
    >>> reference_bases("12", 25398284, "GRCh37", count=2), reference_bases("7", 1, "GRCh37")
    ('CC', None)
    """
    gene = ras_gene_at(chrom, pos, build)
    if gene is None:
        return None
    bases = [gene.reference(pos + i, build) for i in range(count)]
    return "".join(b for b in bases if b) if all(bases) else None


def check_reference(change: GenomicChange, *, gene: str | None = None) -> Checked:
    """Compare the reference allele with the genome, and name the change where the bases are known.

    Where no build was given, the one build whose base fits is taken and noted.

    A coordinate that is a RAS coding base of the other build, and not of its own, is taken for one of the other
    build unless `gene` names another gene.

    Raises
    ------
    UsageError
        The reference allele is not the genome's: wrong build, or the alleles of the other strand. The message
        gives the coordinate and the bases of both builds.

    Examples
    --------
    >>> found = check_reference(GenomicChange(chrom="12", pos=25398285, ref="C", alt="A"))
    >>> found.change.build, found.gene, found.protein
    ('GRCh37', 'KRAS', 'p.G12C')
    """
    width = 0 if change.ref == "-" else len(change.ref)
    held = {b: reference_bases(change.chrom, change.pos, b, count=max(width, 1)) for b in BUILDS}
    fits = [b for b in BUILDS if held[b] is not None and (not width or held[b] == change.ref)]
    if change.build is None:
        if any(held.values()) and not fits:
            raise UsageError(_refusal(change, held))
        if not fits:
            return Checked(change=change, notes=("no build was given and codon12 holds no reference bases there",))
        if len(fits) > 1:
            named = _named(msgspec.structs.replace(change, build=fits[0]), ())
            same = "no build was given; both builds have that base at that place"
            return msgspec.structs.replace(named, change=change, notes=(same,))
        found = msgspec.structs.replace(change, build=fits[0])
        return _named(found, (f"no build was given; the reference base fits {fits[0]}",))
    if held[change.build] is not None and change.build not in fits:
        raise UsageError(_refusal(change, held))
    other = next(b for b in BUILDS if b != change.build)
    elsewhere = gene is not None and gene not in RAS_GENES
    if held[change.build] is None and other in fits and not elsewhere and not _between_exons(change):
        raise UsageError(_refusal(change, held))
    return _named(change, ())


def _between_exons(change: GenomicChange) -> bool:
    """Whether the place lies between the first and the last coding base held of a RAS gene, in its own build."""
    for model in RAS_GENES.values():
        ends = [model.position(base, change.build or "GRCh37") or 0 for base in (1, 450)]
        if model.chrom == change.chrom and min(ends) <= change.pos <= max(ends):
            return True
    return False


def _refusal(change: GenomicChange, held: dict[Build, str | None]) -> str:
    there = "; ".join(f"{b} has {held[b] or 'no coding base of KRAS, NRAS or HRAS'} there" for b in BUILDS)
    flipped = None if change.ref == "-" else reverse_complement(change.ref)
    hint = "give the build these coordinates belong to"
    own = [held[change.build]] if change.build else list(held.values())
    if flipped in own:
        plus = f"{flipped}>{reverse_complement(change.alt)}"
        hint = f"these are the bases of the coding strand; the plus strand reads {plus}"
    return f"{change}: the reference base does not fit: {there}; {hint}"


def _named(change: GenomicChange, notes: tuple[str, ...]) -> Checked:
    assert change.build is not None
    gene = ras_gene_at(change.chrom, change.pos, change.build)
    if gene is None or "-" in (change.ref, change.alt) or len(change.ref) != len(change.alt):
        return Checked(change=change, gene=gene.name if gene else None, notes=notes)
    ref, alt = change.ref, change.alt
    last = change.pos + len(ref) - 1
    base = gene.base_at(last if gene.strand < 0 else change.pos, change.build)
    if gene.strand < 0:
        ref, alt = reverse_complement(ref), reverse_complement(alt)
    protein = None if base is None else gene.changed(base, ref, alt)
    return Checked(change=change, gene=gene.name, coding_base=base, protein=protein, notes=notes)
