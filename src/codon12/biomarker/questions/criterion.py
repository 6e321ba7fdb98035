"""Questions put to a profile: what counts as the alteration, and what must have been tested to deny it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import msgspec
import polars as pl

from codon12.biomarker.assays.assay import Reach
from codon12.biomarker.calls.frame import COUNTED_CLASSES

__all__ = ["Criterion"]


_READ = (
    r"^p\.(?:[A-Z*]\d+(?:_[A-Z*]\d+)?(?:[A-Z*=?]|delins[A-Z*0-9]+|del[A-Z*0-9]*|dup[A-Z*0-9]*|ins[A-Z*0-9]+"
    r"|[A-Z]?fs.*|[A-Z*]?ext.*)?|X\d+_splice)$"
)
"""Protein changes that name their residue; any other text (``p.G12C/p.G12D``, ``c.34G>T``) leaves it open."""
_HALF = r"^p\.[A-Z*]\d+\??$"
"""A residue without a word for what became of it."""
_BESIDE = r"^p\.[A-Z]{}_[A-Z]{}delins[A-Z]{{{}}}{}[A-Z]{{{}}}$"
_MISSENSE = re.compile(r"p\.[A-Z]\d+[A-Z]")


class Criterion(msgspec.Struct, frozen=True, kw_only=True):
    """A question: which calls answer it with yes, which leave it open, and what must be covered for a no."""

    text: str
    """The question as asked."""
    subject: str
    """The alteration it is about, in words."""
    required: tuple[Reach, ...]
    """What must have been tested, all of it, before its absence is known."""
    negated: bool = False
    """Whether the question is answered by absence (wild type)."""
    genes: tuple[str, ...] = ()
    classes: tuple[str, ...] = COUNTED_CLASSES
    unsure_classes: tuple[str, ...] = ()
    codons: tuple[int, ...] = ()
    proteins: tuple[str, ...] = ()
    """Protein changes in one letter; ``p.E746fs`` stands for any shift from that residue on."""
    contains: str | None = None
    """Text the protein change must hold, such as ``del``."""
    perhaps: str | None = None
    """Pattern of protein changes that may be the alteration, though they do not say so."""
    called: str | None = None
    """Name by which the file's own word for a call may give it away, such as ``viii``."""
    excluded: tuple[str, ...] = ()
    """Protein changes in one letter that do not count (``non-G12C``)."""
    germline: bool = False
    """Whether it asks of inherited changes, which calls of the tumour cannot answer."""
    specimen: Literal["tissue", "plasma"] | None = None
    """What must have been tested, where the question says it; None for either."""
    any_of: tuple[Criterion, ...] = ()
    """Alternatives, any of which answers yes; the other fields then describe them together."""
    fused: bool = False
    partner: str | None = None

    def matching(self) -> pl.Expr:
        """Calls that answer the question's alteration with yes."""
        if self.any_of:
            return pl.any_horizontal(c.matching() for c in self.any_of)
        return (self._place() & self._change() & self._of_class(self.classes)).fill_null(value=False)

    def unsure(self) -> pl.Expr:
        """Calls whose effect, or residue, is not known, so that they leave the question open."""
        if self.any_of:
            return pl.any_horizontal(c.unsure() for c in self.any_of)
        out = pl.lit(value=False)
        if self.unsure_classes:
            # A fusion whose partner is not told may be with the partner asked for.
            place = self._place() if self.partner is None else self._own() & pl.col("PARTNER").is_null()
            out = place & self._of_class(self.unsure_classes)
        protein, unclassed = pl.col("PROTEIN"), pl.col("CLASS").is_null()
        if self.codons or self.proteins or self.excluded:
            missense = bool(self.proteins) and all(_MISSENSE.fullmatch(p) for p in self.proteins)
            possible = {"missense"} if missense else {c for c in self.classes if c != "silent"}
            unnamed = ~protein.str.contains(_READ).fill_null(value=False) & pl.col("PARTNER").is_null()
            named = (*self.proteins, *self.excluded)
            unnamed = unnamed | protein.is_in(_half_named(named)).fill_null(value=False)
            if self.codons:
                unnamed = unnamed | (protein.str.contains(_HALF) & self._inside()).fill_null(value=False)
            out = out | (self._place() & unnamed & (pl.col("CLASS").is_in([*possible, "other"]) | unclassed))
            # Neighbours changed with it in one row may or may not be counted as it.
            beside = [protein.str.contains(_BESIDE.format(*parts)) for p in self.proteins for parts in _joined(p)]
            out = out | (self._place() & pl.any_horizontal(beside)) if beside else out
            out = out | (self._place() & protein.str.contains(self.perhaps)) if self.perhaps else out
        elif set(self.classes) & set(COUNTED_CLASSES):
            out = out | (self._place() & unclassed)  # nothing says what the change is
        return out.fill_null(value=False)

    def _of_class(self, classes: tuple[str, ...]) -> pl.Expr:
        # A protein change asked for by name needs no class.
        return pl.col("CLASS").is_in(list(classes)) | (pl.lit(bool(self.proteins)) & pl.col("CLASS").is_null())

    def _own(self) -> pl.Expr:
        own = pl.col("GENE").is_in(list(self.genes))
        return own | pl.col("PARTNER").is_in(list(self.genes)) if self.fused else own

    def _place(self) -> pl.Expr:
        own = self._own()
        if self.partner is not None:
            both = [pl.col(c) == self.partner for c in ("GENE", "PARTNER")]
            own = own & pl.any_horizontal(both)
        return own

    def _inside(self) -> pl.Expr:
        first = pl.col("PROTEIN").str.extract(r"(\d+)").cast(pl.Int64, strict=False)
        last = pl.col("PROTEIN").str.extract(r"_[A-Z]?(\d+)").cast(pl.Int64, strict=False).fill_null(first)
        return pl.any_horizontal((first <= high) & (last >= low) for low, high in _runs(self.codons))

    def _change(self) -> pl.Expr:
        protein = pl.col("PROTEIN")
        out = pl.lit(value=True)
        if self.excluded:
            return protein.str.contains(_READ) & ~protein.is_in([*self.excluded, *_half_named(self.excluded)])
        if self.proteins:
            shifts = [p[:-2] for p in self.proteins if p.endswith("fs")]
            same = protein.is_in(list(self.proteins))
            for stem in shifts:
                same = same | (protein.str.starts_with(stem) & protein.str.contains("fs", literal=True))
            if self.called is not None:
                word = pl.col("CONSEQUENCE").str.to_lowercase().str.contains(self.called, literal=True)
                same = same.fill_null(value=False) | word.fill_null(value=False)
            return same
        if self.codons:
            out = self._inside() & protein.str.contains(_READ)
        if self.contains is not None:
            named = pl.col("CONSEQUENCE").str.to_lowercase() == self.subject.split(" ", 1)[-1]
            held = protein.str.contains(self.contains) if self.contains else pl.lit(value=True)
            out = (out & held).fill_null(value=False) | named.fill_null(value=False)
        return out


def _joined(protein: str) -> list[tuple[int, int, int, str, int]]:
    """Ranges of up to three residues that hold a substitution: first and last residue, residues before and behind."""
    found = re.fullmatch(r"p\.[A-Z](\d+)([A-Z])", protein)
    if found is None:
        return []
    own, new = int(found[1]), found[2]
    ranges = ((own - before, own + behind) for before in range(3) for behind in range(3 - before) if before + behind)
    return [(low, high, own - low, new, high - own) for low, high in ranges]


def _half_named(proteins: Sequence[str]) -> list[str]:
    """The residues of changes with no word, or a question mark, for what became of them: ``p.G12``, ``p.G12?``."""
    residues = {match.group() for p in proteins if (match := re.match(r"p\.[A-Z*]\d+", p))}
    return [f"{residue}{end}" for residue in sorted(residues) for end in ("", "?")]


def _runs(codons: tuple[int, ...]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for codon in sorted(codons):
        if out and codon == out[-1][1] + 1:
            out[-1] = (out[-1][0], codon)
        else:
            out.append((codon, codon))
    return out
