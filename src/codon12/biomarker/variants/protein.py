"""A change of a protein as HGVS names it, in one and in three letters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from codon12.biomarker.variants.amino_acids import three_letter

__all__ = ["ProteinChange", "ProteinKind"]

ProteinKind = Literal[
    "missense",
    "synonymous",
    "nonsense",
    "start lost",
    "frameshift",
    "deletion",
    "duplication",
    "insertion",
    "delins",
    "extension",
    "splice",
    "codon",
    "unknown",
]

_TRUNCATING = ("nonsense", "frameshift", "start lost")
_INFRAME = ("deletion", "duplication", "insertion", "delins")


class ProteinChange(msgspec.Struct, frozen=True, kw_only=True):
    """A protein change. Residues are held in one letter; ``*`` is the stop codon.

    Notes
    -----
    Source: HGVS Nomenclature, recommendations for protein variants. ``X833_splice`` is cBioPortal's text for a
    change of a splice site beside codon 833.

    Examples
    --------
    >>> change = ProteinChange(kind="frameshift", start=746, ref="E", alt="S", stop="12")
    >>> change.one_letter, change.three_letter
    ('p.E746Sfs*12', 'p.Glu746SerfsTer12')
    """

    kind: ProteinKind
    start: int | None = None
    """First residue concerned, counted from 1; None where the text names none (``p.?``)."""
    end: int | None = None
    """Last residue of a range; None for one residue."""
    ref: str = ""
    """Residue at `start`; empty where the text does not say."""
    end_ref: str = ""
    """Residue at `end`."""
    alt: str = ""
    """Residues put in their place; for a frameshift the first one changed."""
    stop: str = ""
    """Frameshift or extension: position of the new stop counted from the first changed residue, or ``?``."""
    predicted: bool = False
    """Whether the change was written in parentheses: predicted, not observed in protein or RNA."""

    @property
    def codon(self) -> int | None:
        """Number of the first codon concerned."""
        return self.start

    @property
    def is_truncating(self) -> bool:
        """Whether the protein loses its end or its start: nonsense, frameshift, lost start, or a stop put in."""
        return self.kind in _TRUNCATING or (self.kind in _INFRAME and "*" in self.alt)

    @property
    def is_inframe(self) -> bool:
        """Whether residues are lost or added and the rest of the protein kept."""
        return self.kind in _INFRAME and "*" not in self.alt

    def same_change(self, other: ProteinChange) -> bool:
        """Tell whether two texts name the same change, however sure they are of it.

        A frameshift without its new stop is the same as one with it, as far as both say.
        """
        if (self.kind, self.start, self.end or self.start) != (other.kind, other.start, other.end or other.start):
            return False
        pairs = [(self.ref, other.ref), (self.end_ref, other.end_ref)]
        if self.kind == "frameshift":
            pairs += [(self.alt, other.alt), (self.stop, other.stop)]
        elif self.alt != other.alt:
            return False
        return all(a == b or not a or not b for a, b in pairs)

    @property
    def one_letter(self) -> str:
        """HGVS text in one letter, e.g. ``p.G12C``."""
        return self._written(str)

    @property
    def three_letter(self) -> str:
        """HGVS text in three letters, e.g. ``p.Gly12Cys``."""
        return self._written(three_letter)

    def __str__(self) -> str:
        return self.one_letter

    def _written(self, spell: Callable[[str], str]) -> str:
        body = self._body(spell)
        return f"p.({body})" if self.predicted else f"p.{body}"

    def _body(self, spell: Callable[[str], str]) -> str:
        if self.start is None:
            return "=" if self.kind == "synonymous" else "?"
        first = f"{spell(self.ref)}{self.start}"
        span = first if self.end is None else f"{first}_{spell(self.end_ref)}{self.end}"
        alt, stop = spell(self.alt), f"{spell('*')}{self.stop}" if self.stop else ""
        return {
            "missense": f"{first}{alt}",
            "nonsense": f"{first}{alt}",
            "synonymous": f"{span}=",
            "start lost": f"{first}?",
            "unknown": f"{first}?",
            "frameshift": f"{first}{alt}fs{stop}",
            "deletion": f"{span}del",
            "duplication": f"{span}dup",
            "insertion": f"{span}ins{alt}",
            "delins": f"{span}delins{alt}",
            "extension": f"{first}{alt}ext{stop}",
            "splice": f"X{self.start}_splice",
            "codon": first,
        }[self.kind]
