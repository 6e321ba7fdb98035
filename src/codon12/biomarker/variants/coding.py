"""A change of a coding sequence as HGVS names it."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from codon12.biomarker.variants.scanner import Scanner

__all__ = ["CodingChange", "CodingPosition", "parse_coding", "read_coding"]

CodingKind = Literal["substitution", "deletion", "duplication", "insertion", "delins", "inversion", "unchanged"]

_PREFIX = re.compile(r"[cC]\.\s*")
_OPEN, _CLOSE = re.compile(r"[(\[]"), re.compile(r"[)\]]")
_POSITION = re.compile(r"([*-]?)([0-9]{1,9})(?![0-9])([+-][0-9]{1,9}(?![0-9]))?")
_UNDERSCORE, _ARROW, _EQUAL = re.compile(r"_"), re.compile(r">"), re.compile(r"=")
_DELINS, _DEL, _DUP, _INS, _INV = (re.compile(k, re.IGNORECASE) for k in ("delins", "del", "dup", "ins", "inv"))
_BASES = re.compile(r"[ACGTUNacgtun]+")
_BASES_UPPER = re.compile(r"[ACGTUN]+")
_LENGTH = re.compile(r"[0-9]+")


class CodingPosition(msgspec.Struct, frozen=True):
    """A place in or around a coding sequence: base, distance into the intron, and where the base is counted from."""

    base: int
    offset: int = 0
    """Bases into the intron, ``+`` from its start, ``-`` from its end; 0 in an exon."""
    after_stop: bool = False
    """Counted from the stop codon on (``*12``)."""

    @property
    def in_coding_exon(self) -> bool:
        """Whether the place is a translated base."""
        return self.base > 0 and not self.offset and not self.after_stop

    def __str__(self) -> str:
        return f"{'*' if self.after_stop else ''}{self.base}{f'{self.offset:+d}' if self.offset else ''}"


class CodingChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a coding sequence.

    Examples
    --------
    >>> str(CodingChange(kind="substitution", start=CodingPosition(34), ref="G", alt="T"))
    'c.34G>T'
    """

    kind: CodingKind
    start: CodingPosition
    end: CodingPosition | None = None
    ref: str = ""
    """Bases replaced, where the text names them."""
    alt: str = ""
    """Bases put in their place."""

    @property
    def codon(self) -> int | None:
        """Number of the first codon concerned; None outside the coding exons."""
        return (self.start.base + 2) // 3 if self.start.in_coding_exon else None

    @property
    def is_splice_site(self) -> bool:
        """Whether one of the two bases of an intron next to an exon is changed, where donor and acceptor lie."""
        ends = [self.start, self.end or self.start]
        if any(0 < abs(p.offset) <= 2 for p in ends):
            return True
        return ends[0].offset < -2 and ends[1].offset == 0

    @property
    def is_noncoding(self) -> bool:
        """Whether no translated base and none of the eight of an intron next to an exon is changed."""
        first, last = self.start, self.end or self.start
        if max(first.base, last.base) < 0 or (first.after_stop and last.after_stop):
            return True
        return min(abs(first.offset), abs(last.offset)) > 8 and last.base - first.base in (0, 1)

    def __str__(self) -> str:
        span = f"c.{self.start}" + (f"_{self.end}" if self.end is not None else "")
        return {
            "substitution": f"{span}{self.ref}>{self.alt}",
            "deletion": f"{span}del",
            "duplication": f"{span}dup",
            "insertion": f"{span}ins{self.alt}",
            "delins": f"{span}delins{self.alt}",
            "inversion": f"{span}inv",
            "unchanged": f"{span}=",
        }[self.kind]


def parse_coding(text: str) -> CodingChange:
    """Read a coding change such as ``c.34G>T``, ``c.2239_2240delTTinsCC`` or ``c.2964+1G>T``.

    Raises
    ------
    UsageError
        Not a coding change; the message points at the character.

    Notes
    -----
    Source: HGVS Nomenclature, recommendations for DNA variants.

    Examples
    --------
    >>> str(parse_coding("c.2239_2240delTTinsCC")), parse_coding("c.34G>T").codon
    ('c.2239_2240delinsCC', 12)
    """
    scan = Scanner(text.strip(), what="a coding change")
    change = read_coding(scan)
    scan.end()
    return change


def read_coding(scan: Scanner) -> CodingChange:
    """Read a coding change at the cursor of a scanner. Errors as `parse_coding`."""
    scan.need(_PREFIX, "c.")
    closing = scan.take(_OPEN)
    change = _read(scan)
    if closing:
        scan.need(_CLOSE, "a closing parenthesis")
    return change


def _read(scan: Scanner) -> CodingChange:
    start = _position(scan)
    end = _position(scan) if scan.take(_UNDERSCORE) else None
    place = {"start": start, "end": end}
    if scan.take(_DELINS):
        return CodingChange(kind="delins", **place, alt=_bases(scan))
    if scan.take(_DEL):
        ref = _named(scan)
        if scan.take(_INS):
            return CodingChange(kind="delins", **place, ref=ref, alt=_bases(scan))
        return CodingChange(kind="deletion", **place, ref=ref)
    if scan.take(_DUP):
        return CodingChange(kind="duplication", **place, ref=_named(scan))
    if scan.take(_INS):
        if end is None:
            scan.fail("an insertion names the two bases it lies between, as in c.909_910insT")
        return CodingChange(kind="insertion", **place, alt=_bases(scan))
    if scan.take(_INV):
        return CodingChange(kind="inversion", **place)
    ref = scan.take(_BASES) or ""
    if scan.take(_EQUAL):
        return CodingChange(kind="unchanged", **place, ref=ref.upper())
    at = scan.at
    scan.need(_ARROW, "'>' or del, dup, ins, delins, inv" if ref else "a base or del, dup, ins, delins, inv")
    alt = _bases(scan)
    if not ref:
        scan.fail("expected the base that is replaced, as in c.34G>T", at=at)
    ref = ref.upper().replace("U", "T")
    if len(ref) == len(alt) == 1:
        return CodingChange(kind="substitution", **place, ref=ref, alt=alt)
    last = CodingPosition(start.base + len(ref) - 1, start.offset, start.after_stop) if len(ref) > 1 else None
    return CodingChange(kind="delins", start=start, end=end or last, ref=ref, alt=alt)


def _position(scan: Scanner) -> CodingPosition:
    found = scan.peek(_POSITION)
    if found is None:
        scan.fail("expected a position, as in c.34 or c.64-2")
    sign, base, offset = found.groups()
    if int(base) == 0:
        scan.fail("coding bases are counted from 1")
    scan.at = found.end()
    number = -int(base) if sign == "-" else int(base)
    return CodingPosition(number, int(offset or 0), sign == "*")


def _bases(scan: Scanner) -> str:
    return scan.need(_BASES, "bases (A, C, G, T)").upper().replace("U", "T")


def _named(scan: Scanner) -> str:
    """Bases or their number after del and dup, which HGVS leaves out."""
    if scan.take(_LENGTH):
        return ""
    return (scan.take(_BASES_UPPER) or "").replace("U", "T")
