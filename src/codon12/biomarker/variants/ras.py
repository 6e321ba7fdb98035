"""KRAS, NRAS and HRAS: where each coding base lies in both builds, and what a change of it does.

The table is made from three facts a gene: the coding sequence, the exon starts in GRCh37, and the distance to
GRCh38. All three genes are RAS paralogues with coding exons c.1-111, c.112-290 and c.291-450; bases that were
not checked against a public source are N and answer "not known".
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import msgspec
import polars as pl

from codon12.biomarker.variants.amino_acids import CODON_TABLE, reverse_complement, translate
from codon12.biomarker.variants.genomic import BUILDS, Build

__all__ = ["HOTSPOT_CODONS", "RAS_GENES", "RasGene", "hotspot_table", "ras_gene_at"]

_EXONS = ((1, 111), (112, 290), (291, 450))
HOTSPOT_CODONS = (12, 13, 59, 61, 117, 146)
"""Codons of extended RAS testing: exon 2 (12, 13), exon 3 (59, 61), exon 4 (117, 146). ASCO Provisional Clinical
Opinion, Allegra 2016, J Clin Oncol 34:179."""


class RasGene(msgspec.Struct, frozen=True, kw_only=True):
    """One RAS gene: on the minus or plus strand, three coding exons, both builds."""

    name: str
    transcripts: tuple[str, ...]
    """Transcripts that number these exons alike."""
    chrom: str
    strand: int
    exon_starts: tuple[int, int, int]
    """GRCh37 position of the first coding base of each exon: c.1, c.112, c.291."""
    offset: int
    """GRCh37 position minus GRCh38 position, one number across the gene."""
    sequence: str
    """Coding strand, c.1 to c.450."""

    def position(self, base: int, build: Build) -> int | None:
        """Genomic position of a coding base; None outside c.1-450.

        Examples
        --------
        >>> RAS_GENES["KRAS"].position(34, "GRCh37"), RAS_GENES["KRAS"].position(34, "GRCh38")
        (25398285, 25245351)
        """
        for (first, last), start in zip(_EXONS, self.exon_starts, strict=True):
            if first <= base <= last:
                at = start + self.strand * (base - first)
                return at if build == "GRCh37" else at - self.offset
        return None

    def base_at(self, pos: int, build: Build) -> int | None:
        """Coding base at a genomic position; None where it lies outside c.1-450."""
        at = pos if build == "GRCh37" else pos + self.offset
        for (first, last), start in zip(_EXONS, self.exon_starts, strict=True):
            base = first + self.strand * (at - start)
            if first <= base <= last:
                return base
        return None

    def reference(self, pos: int, build: Build) -> str | None:
        """Base of the plus strand at a genomic position; None where it is not known."""
        base = self.base_at(pos, build)
        if base is None or self.sequence[base - 1] == "N":
            return None
        coding = self.sequence[base - 1]
        return reverse_complement(coding) if self.strand < 0 else coding

    def codon(self, number: int) -> str:
        """Bases of a codon."""
        return self.sequence[3 * number - 3 : 3 * number]

    def residue(self, number: int) -> str | None:
        """Amino acid of a codon, in one letter; None where its bases are not known."""
        own = translate(self.codon(number))
        return None if own in ("", "X") else own

    def changed(self, base: int, ref: str, alt: str) -> str | None:
        """Protein change, in one letter, when coding bases from `base` on are replaced by as many others.

        None where the change leaves c.1-450, meets a base that is not known, or changes the length.

        Examples
        --------
        >>> RAS_GENES["KRAS"].changed(34, "G", "T"), RAS_GENES["KRAS"].changed(34, "GGT", "TGG")
        ('p.G12C', 'p.G12W')
        """
        if not ref or len(ref) != len(alt) or base < 1 or base + len(ref) - 1 > len(self.sequence):
            return None
        if self.sequence[base - 1 : base - 1 + len(ref)] != ref:
            return None
        first, last = (base + 2) // 3, (base + len(ref) + 1) // 3
        span = slice(3 * first - 3, 3 * last)
        new = self.sequence[: base - 1] + alt + self.sequence[base - 1 + len(ref) :]
        old_residues, new_residues = translate(self.sequence[span]), translate(new[span])
        if "X" in old_residues + new_residues:
            return None
        return _named(first, old_residues, new_residues)


def _named(first: int, old: str, new: str) -> str:
    differ = [i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
    if not differ:
        return f"p.{old[0]}{first}="
    i, j = differ[0], differ[-1]
    if first + i == 1:
        return "p.M1?"
    if i == j or new[i] == "*":
        return f"p.{old[i]}{first + i}{new[i]}"
    return f"p.{old[i]}{first + i}_{old[j]}{first + j}delins{new[i : j + 1]}"


def _gene(name: str, **fields: object) -> RasGene:
    gene = msgspec.convert({"name": name, **fields}, RasGene)
    if len(gene.sequence) != _EXONS[-1][1]:
        raise AssertionError(f"{name}: {len(gene.sequence)} bases")
    return gene


_KRAS = (
    "ATGACTGAATATAAACTTGTGGTAGTTGGAGCTGGTGGCGTAGGCAAGAGTGCCTTGACGATACAGCTAATTCAGAATCATTTTGTGGACGAATATGAT"
    "CCAACAATAGAGGATTCCTACAGGAAGCAAGTAGTAATTGATGGAGAAACCTGTCTCTTGGATATTCTCGACACAGCAGGTCAAGAGGAGTACAGTGCA"
    "ATGAGGGACCAGTACATGAGGACTGGGGAGGGCTTTCTTTGTGTATTTGCCATAAATAATACTAAATCATTTGAAGATATTCACCATTATAGAGAACAA"
    "ATTAAAAGAGTTAAGGACTCTGAAGATGTACCTATGGTCCTAGTAGGAAATAAATGTGATTTGCCTTCTAGAACAGTAGACACAAAACAGGCTCAGGAC"
    "TTAGCAAGAAGTTATGGAATTCCTTTTATTGAAACATCAGCAAAGACAAGACAG"
)
_HRAS = (
    "ATGACGGAATATAAGCTGGTGGTGGTGGGCGCCGGCGGTGTGGGCAAGAGTGCGCTGACCATCCAGCTGATCCAGAACCATTTTGTGGACGAATACGAC"
    "CCCACTATAGAGGATTCCTACCGGAAGCAGGTGGTCATTGATGGGGAGACGTGCCTGTTGGACATCCTGGATACCGCCGGCCAGGAGGAGTACAGCGCC"
    "ATGCGGGACCAGTACATGCGCACCGGGGAGGGCTTCCTGTGTGTGTTTGCCATCAACAACACCAAGTCTTTTGAGGACATCCACCAGTACAGGGAGCAG"
    "ATCAAACGGGTGAAGGACTCGGATGACGTGCCCATGGTGCTGGTGGGGAACAAGTGTGACCTGGCTGCACGCACTGTGGAATCTCGGCAGGCTCAGGAC"
    "CTCGCCCGAAGCTACGGCATCCCCTACATCGAGACCTCGGCCAAGACCCGGCAG"
)
_NRAS_EXON_2 = (
    "ATGACTGAGTACAAACTGGTGGTGGTTGGAGCAGGTGGTGTTGGGAAAAGCGCACTGACAATCCAGCTAATCCAGAACCACTTTGTAGATGAATATGATCCCACCATAGAG"
)
_NRAS_CODON_49_ON = (
    "GAAACCTGTTTGTTGGACATACTGGATACAGCTGGACAAGAAGAGTACAGTGCCATGAGAGACCAATACATGAGGACAGGCGAAGGCTTCCTCTGTGTATTTGCCATCAATAAT"
)
_NRAS = (_NRAS_EXON_2 + "N" * 33 + _NRAS_CODON_49_ON).ljust(450, "N")
for _number, _bases in ((117, "AAG"), (146, "GCC")):
    _NRAS = _NRAS[: 3 * _number - 3] + _bases + _NRAS[3 * _number :]

RAS_GENES: Mapping[str, RasGene] = MappingProxyType(
    {
        "KRAS": _gene(
            "KRAS",
            transcripts=("NM_004985", "NM_033360", "ENST00000256078", "ENST00000311936"),
            chrom="12",
            strand=-1,
            exon_starts=(25398318, 25380346, 25378707),
            offset=152934,
            sequence=_KRAS,
        ),
        "NRAS": _gene(
            "NRAS",
            transcripts=("NM_002524", "ENST00000369535"),
            chrom="1",
            strand=-1,
            exon_starts=(115258781, 115256599, 115252349),
            offset=542621,
            sequence=_NRAS,
        ),
        "HRAS": _gene(
            "HRAS",
            transcripts=("NM_005343", "NM_176795", "ENST00000311189", "ENST00000451590"),
            chrom="11",
            strand=-1,
            exon_starts=(534322, 533944, 533612),
            offset=0,
            sequence=_HRAS,
        ),
    }
)
"""The RAS genes by name. MAFs number KRAS on ENST00000256078 (NM_033360) or NM_004985: c.1-450 are the same."""


def ras_gene_at(chrom: str, pos: int, build: Build) -> RasGene | None:
    """RAS gene in whose coding exons c.1-450 a position lies; None outside.

    Examples
    --------
    >>> ras_gene_at("12", 25245351, "GRCh38").name, ras_gene_at("12", 25245351, "GRCh37")
    ('KRAS', None)
    """
    return next((g for g in RAS_GENES.values() if g.chrom == chrom and g.base_at(pos, build) is not None), None)


def hotspot_table(gene: str = "KRAS", *, codons: tuple[int, ...] = HOTSPOT_CODONS) -> pl.DataFrame:
    """Every substitution of one base in some codons of a RAS gene, with its place in both builds.

    Returns
    -------
    polars.DataFrame
        GENE, PROTEIN, CODON, CODING, CODONS (before>after), POS37, POS38, REF, ALT (plus strand), EXON; codons
        whose bases are not known are left out.

    Examples
    --------
    >>> hotspot_table("KRAS", codons=(12,)).filter(PROTEIN="p.G12C").select("CODING", "POS38", "REF", "ALT").row(0)
    ('c.34G>T', 25245351, 'C', 'A')
    """
    model = RAS_GENES[gene]
    strand = reverse_complement if model.strand < 0 else str
    rows = []
    for number in codons:
        codon = model.codon(number)
        if codon not in CODON_TABLE:
            continue
        for i, ref in enumerate(codon):
            base = 3 * number - 2 + i
            exon = next(k for k, (first, last) in enumerate(_EXONS, 2) if first <= base <= last)
            place = [model.position(base, build) for build in BUILDS]
            for alt in "ACGT".replace(ref, ""):
                protein, new = model.changed(base, ref, alt), codon[:i] + alt + codon[i + 1 :]
                coding = f"c.{base}{ref}>{alt}"
                rows.append((gene, protein, number, coding, f"{codon}>{new}", *place, strand(ref), strand(alt), exon))
    names = ("GENE", "PROTEIN", "CODON", "CODING", "CODONS", "POS37", "POS38", "REF", "ALT", "EXON")
    return pl.DataFrame(rows, schema=names, orient="row")
