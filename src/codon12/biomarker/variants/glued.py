"""A gene and its change as one word: ``EGFRex20ins``, ``METex14``, ``EGFR-del19``, ``EGFRvIII``, ``KRAS-G12D``."""

from __future__ import annotations

import re

from codon12.biomarker.variants.amino_acids import ONE_LETTER

__all__ = ["taken_apart"]

_EXON = re.compile(r"([A-Za-z][A-Za-z0-9]*[A-Z0-9])ex(?:on)?[ -]?([0-9]{1,2})(?![0-9])[ -]?(.*)")
_WHAT = "del(?:etion)?|ins(?:ertion)?|dup(?:lication)?"
_BARE_EXON = re.compile(
    rf"([A-Za-z][A-Za-z0-9]*?)(?:[\s-]*({_WHAT})|[\s-]+e?)[\s-]*([1-9][0-9]?)(?(2)|[\s-]*({_WHAT}))", re.IGNORECASE
)
"""``EGFR del19``, ``EGFR 19del``, ``EGFR E19del``: a number of two figures beside del is an exon's."""
_VIII = re.compile(r"EGFR[\s-]*(?:v|variant\s*)III", re.IGNORECASE)
_LONG = "|".join(ONE_LETTER)
_RESIDUE = rf"(?:p\.)?\(?(?:[A-Z]|{_LONG})"
_ALTERED = rf"(?:(?:{_LONG}|[A-Z*])(?:fs[^\s/-]*)?\)?(?![A-Za-z0-9])|(?:_|del|dup|ins|fs)[^\s/-]*)"
_CHANGE = rf"(?:{_RESIDUE}[0-9]{{1,9}}{_ALTERED}|[A-Z][0-9]{{2,4}}|ex(?:on)?\s*[0-9].*)"
_GENE = "([A-Za-z][A-Za-z0-9]*)"
_AFTER, _BEFORE = (
    re.compile(pattern, re.IGNORECASE)
    for pattern in (rf"{_GENE}\s*[-/]\s*({_CHANGE})", rf"({_RESIDUE}[0-9]{{2,9}}{_ALTERED})\s*[-/]\s*{_GENE}")
)
_LIKE_CHANGES = frozenset(
    ["A2M", "B2M", "C1D", "C1R", "C1S", "C4A", "C4B", "C8A", "C8B", "C8G", "E2A", "F2R", "F10", "F11", "F11R", "F12"]
)
"""Genes that are called as the change of a residue is."""


def taken_apart(text: str) -> str:
    """Write a gene and its change as two words; a fusion of two genes stays as it is.

    Examples
    --------
    >>> [taken_apart(t) for t in ("METex14", "KRAS-G12D", "EML4-ALK", "G12C/G13D")]
    ['MET exon 14 skipping', 'KRAS G12D', 'EML4-ALK', 'G12C/G13D']
    """
    if _VIII.fullmatch(text):
        return "EGFR p.V30_R297delinsG"
    after, before = _AFTER.fullmatch(text), _BEFORE.fullmatch(text)
    if after and not before and after[1].upper() != "HLA" and after[2].upper() not in _LIKE_CHANGES:
        return f"{after[1]} {after[2]}"
    if before and not after and before[1].upper() not in _LIKE_CHANGES:
        return f"{before[2]} {before[1]}"
    bare = _BARE_EXON.fullmatch(text)
    if bare and (bare[2] or bare[1].upper() in ("EGFR", "ERBB2", "HER2")):
        return f"{bare[1]} exon {bare[3]} {bare[2] or bare[4]}"
    found = _EXON.fullmatch(text)
    if found is None:
        return text
    gene, exon, what = found.groups()
    if not what and (gene.upper(), exon) == ("MET", "14"):
        what = "skipping"
    return f"{gene} exon {exon} {what}".strip()
