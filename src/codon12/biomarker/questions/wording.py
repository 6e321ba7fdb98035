"""Questions about genes as people type them, in the words that `parse_criterion` reads."""

from __future__ import annotations

import re

from codon12.biomarker.variants.genes import ACTIVATED, FORMER_SYMBOLS, current_symbol
from codon12.errors import UsageError

__all__ = ["alternatives", "changes_of", "genes_of", "plain_question", "without_gene", "without_residue"]

_DASHES = re.compile("[\u2010-\u2014\u2212]")
_STATES = (
    "mutants?|mutated|mutations?|amplified|amplification|rearranged|rearrangements?|fusions?|fused|altered|alterations?|"
    "deleted|positive|negative|wild[ -]?type|wildtype|wt|skipping"
)
_HYPHENATED = re.compile(rf"-(?=(?:{_STATES})\b)", re.IGNORECASE)
_ORIGIN = re.compile(r"(germline|somatic|inherited)\s+(?=\S)", re.IGNORECASE)
_LEADING = re.compile(r"(?:any|a|an|documented|known|confirmed)\s+(?=\S)", re.IGNORECASE)
_AHEAD = re.compile(
    r"(wild[ -]?type|wildtype|mutant|mutated|amplified|rearranged|altered)\s+([A-Za-z][\w/-]*)", re.IGNORECASE
)
_AFTER = {
    "wild type": "wild type", "wild-type": "wild type", "wildtype": "wild type", "mutant": "mutation",
    "mutated": "mutation", "amplified": "amplification", "rearranged": "rearrangement", "altered": "mutation",
}  # fmt: skip
_POSITIVE = re.compile(r"(.+?)(?:\s+positive|\s*\+)$", re.IGNORECASE)
_NEGATIVE = re.compile(r"(.+?)\s+negative$", re.IGNORECASE)
_FUSED = ("ALK", "ROS1", "RET", "NTRK", "NTRK1", "NTRK2", "NTRK3", "NRG1")
"""Genes whose tests are called positive for a fusion and for nothing else."""
_SPECIFIC = re.compile(
    r"(.+?(?:\s(?:p\.)?(?:[A-Z]|[A-Z][a-z]{2})\d+\S*|\bcodons?\s[\d,/ and]+|"
    r"\b(?:del|ins|dup|deletions?|insertions?|skipping)))"
    r"\s+(?:mutations?|mutant|mutated|alterations?|variants?)$",
    re.IGNORECASE,
)
_EXON_OF_CHANGE = re.compile(r"\bex(?:on)?\s*\d+\s+(?=(?:p\.)?[A-Z][a-z]{0,2}\d+[A-Z])")
_ANY_RESIDUE = re.compile(r"(\S+?)[\s:/-]+(?:p\.)?\(?((?:[A-Z]|[A-Z]{3})\d+)(?:X|Xaa)\)?", re.IGNORECASE)
_OR = re.compile(r"\s*,?\s+(?:or|and/or)\s+|\s*;\s*", re.IGNORECASE)
_RESIDUES = re.compile(r"(\S+\s+(?:p\.)?)([A-Z])(\d+)([A-Z*](?:/[A-Z*])+)")
_WHOLE_CHANGES = re.compile(r"(\S+\s+)((?:p\.)?[A-Z]\d+[A-Z*]?(?:/(?:p\.)?[A-Z]\d+[A-Z*]?)+)")
_CODONS = re.compile(r"(.+?\s+)codons?\s+(\d+(?:\s*(?:,|/|and|or|&)+\s*\d+)+)", re.IGNORECASE)
_NUMBERED = re.compile(r"([A-Z]+[A-Z])(\d+)((?:/\d+)+)", re.IGNORECASE)
_FAMILIES = {
    "NTRK": ("NTRK1", "NTRK2", "NTRK3"),
    "BRCA": ("BRCA1", "BRCA2"),
    "FGFR": ("FGFR1", "FGFR2", "FGFR3", "FGFR4"),
    "IDH": ("IDH1", "IDH2"),
}


def plain_question(text: str) -> str:
    """Bring a question to the words that are read: ``ALK-positive`` to ``ALK fusion``, ``mutant KRAS`` turned round.

    Raises
    ------
    UsageError
        Positive or negative for what is not said (``HER2 positive`` may be a protein or a gene).

    Examples
    --------
    >>> asked = "HER2-amplified", "wild-type KRAS", "EGFR codon 719 mutation", "ALK+", "BRAF V600E mutant", "KRAS G12X"
    >>> [plain_question(q) for q in asked]
    ['HER2 amplified', 'KRAS wild type', 'EGFR codon 719', 'ALK fusion', 'BRAF V600E', 'KRAS G12']
    """
    plain = " ".join(_DASHES.sub("-", text).split())
    plain = _HYPHENATED.sub(" ", plain)
    plain = _LEADING.sub("", plain, count=1) if _LEADING.match(plain) else plain
    origin = _ORIGIN.match(plain)
    if origin:
        return f"{origin[1]} {plain_question(plain[origin.end() :])}"
    ahead = _AHEAD.fullmatch(plain)
    if ahead:
        plain = f"{ahead[2]} {_AFTER[ahead[1].lower()]}"
    negative = _NEGATIVE.fullmatch(plain)
    if negative:
        return f"no {plain_question(_told(negative[1], text))}"
    positive = _POSITIVE.fullmatch(plain)
    if positive:
        plain = _told(positive[1], text)
    plain = _EXON_OF_CHANGE.sub("", plain)
    specific = _SPECIFIC.fullmatch(plain)
    if specific and not re.search(r"\bother than\b|\bnon-", plain, re.IGNORECASE):
        plain = specific[1].rstrip()
    return without_residue(plain) or plain


def without_residue(plain: str) -> str | None:
    """The residue alone where X stands for any other one there: ``KRAS G12`` of ``KRAS G12X``; None elsewhere."""
    residue = _ANY_RESIDUE.fullmatch(plain)
    return f"{residue[1]} {residue[2]}" if residue and current_symbol(residue[1])[0] in ACTIVATED else None


def _told(subject: str, whole: str) -> str:
    """What a test is positive or negative for."""
    words = subject.split()
    if len(words) > 1:
        return subject
    if subject.upper() in _FUSED:
        return f"{subject} fusion"
    raise UsageError(f"{whole!r}: say for what: '{subject} mutation', '{subject} amplification', '{subject} fusion'")


def alternatives(plain: str) -> list[str]:
    """Parts of a question that any of several alterations answers; one part where there is but one.

    A part without a gene has that of the part before it.

    Examples
    --------
    >>> alternatives("BRAF V600E/K"), alternatives("EGFR exon 19 deletion or L858R")
    (['BRAF V600E', 'BRAF V600K'], ['EGFR exon 19 deletion', 'EGFR L858R'])
    >>> alternatives("NTRK fusion"), alternatives("KRAS codons 12 and 13")
    (['NTRK1 fusion', 'NTRK2 fusion', 'NTRK3 fusion'], ['KRAS codon 12', 'KRAS codon 13'])
    """
    codons = _CODONS.fullmatch(plain)
    if codons:
        return [f"{codons[1]}codon {n}" for n in re.findall(r"\d+", codons[2])]
    parts = [p for p in _OR.split(plain) if p]
    if len(parts) > 1:
        gene = parts[0].split()[0]
        return [one for part in parts for one in alternatives(f"{gene} {part}" if without_gene(part) else part)]
    residues = _RESIDUES.fullmatch(plain)
    if residues:
        return [f"{residues[1]}{residues[2]}{residues[3]}{new}" for new in residues[4].split("/")]
    whole = _WHOLE_CHANGES.fullmatch(plain)
    if whole:
        return [f"{whole[1]}{one}" for one in whole[2].split("/")]
    head, _, rest = plain.partition(" ")
    genes = genes_of(head)
    return [f"{g} {rest}".rstrip() for g in genes] if len(genes) > 1 and rest else [plain]


def without_gene(part: str) -> bool:
    """Whether a part of a question names an alteration and no gene."""
    return bool(
        re.match(r"(?:p\.)?[A-Z][a-z]{0,2}\d+[A-Za-z*]*(?:/[A-Z*]+)*$", part)
        or re.match(r"(?:ex(?:on)?\s*\d|codons?\s|amplif|fusion|rearrange|mutation|deletion|loss)", part, re.IGNORECASE)
    )


def changes_of(gene: str) -> tuple[str, ...]:
    """What a gene must be without to be called wild type."""
    return ("mutation", "fusion") if gene.upper() in _FUSED else ("mutation",)


def genes_of(name: str) -> tuple[str, ...]:
    """Genes that one word names: a family, ``BRCA1/2``, ``KRAS/NRAS``; else the word itself.

    Examples
    --------
    >>> genes_of("NTRK"), genes_of("BRCA1/2"), genes_of("KRAS/NRAS"), genes_of("HER2/neu"), genes_of("CDKN2A/B")
    (('NTRK1', 'NTRK2', 'NTRK3'), ('BRCA1', 'BRCA2'), ('KRAS', 'NRAS'), ('HER2/neu',), ('CDKN2A', 'CDKN2B'))
    """
    upper = name.upper()
    if upper in _FAMILIES:
        return _FAMILIES[upper]
    if upper in FORMER_SYMBOLS:
        return (name,)
    numbered = _NUMBERED.fullmatch(upper)
    if numbered:
        return tuple(f"{numbered[1]}{n}" for n in (numbered[2], *numbered[3].strip("/").split("/")))
    lettered = re.fullmatch(r"([A-Z]+\d+)([A-Z])((?:/[A-Z])+)", upper)
    if lettered:
        return tuple(f"{lettered[1]}{end}" for end in (lettered[2], *lettered[3].strip("/").split("/")))
    if current_symbol(name)[0] != upper:
        return (name,)
    parts = upper.split("/")
    if len(parts) > 1 and all(re.fullmatch(r"[A-Z][A-Z0-9]{1,9}", p) for p in parts):
        return tuple(parts)
    return (name,)
