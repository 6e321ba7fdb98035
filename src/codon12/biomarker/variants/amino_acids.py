"""Amino acids by one and three letters, and the standard genetic code."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["CODON_TABLE", "ONE_LETTER", "THREE_LETTER", "one_letter", "reverse_complement", "three_letter", "translate"]

THREE_LETTER: Mapping[str, str] = MappingProxyType(
    {
        "A": "Ala",
        "C": "Cys",
        "D": "Asp",
        "E": "Glu",
        "F": "Phe",
        "G": "Gly",
        "H": "His",
        "I": "Ile",
        "K": "Lys",
        "L": "Leu",
        "M": "Met",
        "N": "Asn",
        "P": "Pro",
        "Q": "Gln",
        "R": "Arg",
        "S": "Ser",
        "T": "Thr",
        "U": "Sec",
        "V": "Val",
        "W": "Trp",
        "X": "Xaa",
        "Y": "Tyr",
        "*": "Ter",
    }
)
"""One letter -> three letters (IUPAC); ``*`` is a stop codon, ``X`` any residue."""

ONE_LETTER: Mapping[str, str] = MappingProxyType({three: one for one, three in THREE_LETTER.items()})
"""Three letters -> one letter."""

_BASES = "TCAG"
_CODE = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
CODON_TABLE: Mapping[str, str] = MappingProxyType(
    {
        a + b + c: _CODE[16 * i + 4 * j + k]
        for i, a in enumerate(_BASES)
        for j, b in enumerate(_BASES)
        for k, c in enumerate(_BASES)
    }
)
"""DNA codon of the coding strand -> residue (NCBI translation table 1)."""

_COMPLEMENT = str.maketrans("ACGTNacgtn", "TGCANtgcan")


def three_letter(residues: str) -> str:
    """Write residues in three letters each.

    Examples
    --------
    >>> three_letter("GV*")
    'GlyValTer'
    """
    return "".join(THREE_LETTER[r] for r in residues)


def one_letter(residues: str) -> str:
    """Write residues given in three letters each in one letter each.

    Examples
    --------
    >>> one_letter("GlyValTer")
    'GV*'
    """
    return "".join(ONE_LETTER[residues[i : i + 3]] for i in range(0, len(residues), 3))


def reverse_complement(bases: str) -> str:
    """Give the other strand of a DNA sequence, read 5' to 3'.

    Examples
    --------
    >>> reverse_complement("GGT")
    'ACC'
    """
    return bases.translate(_COMPLEMENT)[::-1]


def translate(bases: str) -> str:
    """Translate DNA of the coding strand, whole codons; a codon with an unknown base gives ``X``.

    Examples
    --------
    >>> translate("GGTTGTTGGTAA")
    'GCW*'
    """
    return "".join(CODON_TABLE.get(bases[i : i + 3], "X") for i in range(0, len(bases) - 2, 3))
