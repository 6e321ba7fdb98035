"""A change at a place of the genome, and the names of its two assemblies in use."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from codon12.biomarker.variants.scanner import Scanner
from codon12.errors import UsageError

__all__ = ["BUILDS", "Build", "GenomicChange", "build_name", "chromosome_name", "read_genomic"]

Build = Literal["GRCh37", "GRCh38"]
BUILDS: tuple[Build, ...] = ("GRCh37", "GRCh38")

_BUILD_NAMES = {
    "grch37": "GRCh37",
    "hg19": "GRCh37",
    "b37": "GRCh37",
    "hs37d5": "GRCh37",
    "37": "GRCh37",
    "19": "GRCh37",
    "grch38": "GRCh38",
    "hg38": "GRCh38",
    "b38": "GRCh38",
    "38": "GRCh38",
}
_GRCH37_VERSIONS = (10, 11, 11, 11, 9, 11, 13, 10, 11, 10, 9, 11, 10, 8, 9, 9, 10, 9, 9, 10, 8, 10, 10, 9)
"""Version of NC_000001 .. NC_000024 that is GRCh37; GRCh38 is the next one (NCBI assembly reports)."""

_CHROMOSOME = re.compile(r"(?:chr)?(?:[1-9]|1[0-9]|2[0-4]|[XY]|MT?)(?=[\s:\-_])", re.IGNORECASE)
_REFSEQ = re.compile(r"NC_0000([0-9][0-9])\.([0-9]+)", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*(?::\s*(?:[gm]\.\s*)?|[-_]|\s+)\s*", re.IGNORECASE)
_POSITION = re.compile(r"[0-9][0-9,]{0,11}(?![0-9])")
_RANGE = re.compile(r"_([0-9]{1,9})(?![0-9])")
_BETWEEN = re.compile(r"\s*[-_:/]\s*|\s+|(?=[ACGT])", re.IGNORECASE)
_ALLELE = re.compile(r"[ACGTN]+|-(?=\s*[>/])|-$", re.IGNORECASE)
_ALT = re.compile(r"[ACGTN]+|-", re.IGNORECASE)
_ARROW = re.compile(r"\s*(?:>|[-_/:]|\s)\s*")
_DEL, _DELINS, _DUP, _INS = (re.compile(k, re.IGNORECASE) for k in ("del", "delins", "dup", "ins"))


class GenomicChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change at a place of the genome, both alleles as the plus strand reads.

    `pos` is 1-based: the first base of `ref`; for an insertion (`ref` is ``-``) the base before it, as in a MAF.

    Examples
    --------
    >>> str(GenomicChange(chrom="12", pos=25245351, ref="C", alt="A", build="GRCh38"))
    'GRCh38 12:25245351 C>A'
    """

    chrom: str
    pos: int
    ref: str
    alt: str
    build: Build | None = None

    def __str__(self) -> str:
        where = f"{self.chrom}:{self.pos} {self.ref}>{self.alt}"
        return f"{self.build} {where}" if self.build else where


def build_name(text: str) -> Build:
    """Give the name of a genome build that a text means.

    Raises
    ------
    UsageError
        Neither GRCh37 nor GRCh38 under any of their names.

    Examples
    --------
    >>> build_name("hg19"), build_name("38")
    ('GRCh37', 'GRCh38')
    """
    found = _BUILD_NAMES.get(text.strip().lower().split(".p")[0])
    if found is None:
        raise UsageError(f"{text!r} is no genome build codon12 knows; give GRCh37 (hg19) or GRCh38 (hg38)")
    return "GRCh37" if found == "GRCh37" else "GRCh38"


def chromosome_name(text: str) -> str:
    """Give a chromosome without ``chr``; 23 and 24 are X and Y, M is MT.

    Examples
    --------
    >>> chromosome_name("chr12"), chromosome_name("23"), chromosome_name("M")
    ('12', 'X', 'MT')
    """
    plain = text.strip()
    plain = plain[3:] if plain.lower().startswith("chr") else plain
    plain = plain.upper()
    return {"23": "X", "24": "Y", "M": "MT"}.get(plain, plain)


def read_genomic(scan: Scanner, *, build: Build | None = None) -> GenomicChange | None:
    """Read a genomic change at the cursor; None, without moving, where none begins there.

    Accepts ``12:25245351 C>A``, ``chr12-25398285-C-A``, ``12:g.25245351C>A`` and ``NC_000012.12:g.25245351C>A``,
    whose version says the build.

    Raises
    ------
    UsageError
        It begins as a genomic change and does not go on as one, or its accession is of the other build.
    """
    refseq = scan.peek(_REFSEQ)
    plain = scan.peek(_CHROMOSOME)
    if refseq is not None:
        chrom, own = _of_accession(scan, refseq)
        if build is not None and own != build:
            scan.fail(f"{refseq.group()} is {own}, but the build was given as {build}")
        build, found = own, refseq
    elif plain is not None and re.match(_SEPARATOR.pattern + r"[0-9]", scan.text[plain.end() :], re.IGNORECASE):
        chrom, found = chromosome_name(plain.group()), plain
    else:
        return None
    scan.at = found.end()
    scan.need(_SEPARATOR, "':' between chromosome and position")
    pos = int(scan.need(_POSITION, "a position").replace(",", ""))
    ref, alt, pos = _alleles(scan, pos)
    return normalised(GenomicChange(chrom=chrom, pos=pos, ref=ref, alt=alt, build=build))


def _of_accession(scan: Scanner, found: re.Match[str]) -> tuple[str, Build]:
    number, version = int(found[1]), int(found[2])
    if not 1 <= number <= 24:
        scan.fail(f"{found.group()} is no chromosome")
    first = _GRCH37_VERSIONS[number - 1]
    if version not in (first, first + 1):
        scan.fail(f"{found.group()} is neither GRCh37 (version {first}) nor GRCh38 (version {first + 1})")
    return chromosome_name(str(number)), BUILDS[version - first]


def _alleles(scan: Scanner, pos: int) -> tuple[str, str, int]:
    last = scan.peek(_RANGE)
    if last:
        scan.at = last.end()
        if int(last[1]) < pos:
            scan.fail(f"the range ends before it begins at {pos}", at=last.start(1))
    scan.take(_BETWEEN)
    if scan.take(_INS):
        return "-", scan.need(_ALT, "the inserted bases").upper(), pos
    if scan.take(_DELINS):
        scan.fail("a genomic delins must name the bases it replaces, as in 12:25245350 CC>AT")
    if scan.take(_DEL):
        return scan.need(_ALT, "the deleted bases").upper(), "-", pos
    if scan.take(_DUP):
        bases = scan.need(_ALT, "the duplicated bases").upper()
        return "-", bases, pos + len(bases) - 1
    ref = scan.need(_ALLELE, "the reference base, as in C>A").upper()
    scan.need(_ARROW, "'>' between the bases")
    alt = scan.need(_ALT, "the changed base").upper()
    if ref == alt:
        scan.fail(f"both alleles are {ref}: nothing is changed")
    return ref, alt, pos


def normalised(change: GenomicChange) -> GenomicChange:
    """Cut off the bases that both alleles share, as a MAF does; a VCF keeps one before an indel.

    Examples
    --------
    >>> str(normalised(GenomicChange(chrom="1", pos=1116222, ref="CG", alt="C")))
    '1:1116223 G>-'
    """
    ref, alt = (a.replace("-", "") for a in (change.ref, change.alt))
    pos = change.pos
    tail = 0
    while tail < min(len(ref), len(alt)) and ref[-1 - tail] == alt[-1 - tail]:
        tail += 1
    ref, alt = ref[: len(ref) - tail], alt[: len(alt) - tail]
    head = 0
    while head < min(len(ref), len(alt)) and ref[head] == alt[head]:
        head += 1
    ref, alt, pos = ref[head:], alt[head:], pos + head
    if not ref and change.ref != "-":
        pos -= 1
    return GenomicChange(chrom=change.chrom, pos=pos, ref=ref or "-", alt=alt or "-", build=change.build)
