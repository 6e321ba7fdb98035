"""Questions as people type them, brought to the forms that are read."""

from __future__ import annotations

import re

__all__ = ["as_asked"]

_GENE = r"([A-Za-z][A-Za-z0-9-]*)"
_RULES = (
    # EGFR codon 719 mutation, KRAS codon 12 mutated
    (
        re.compile(rf"{_GENE}\s+codons?\s+(\d{{1,5}})\s+(?:mutations?|mutated|mutant|variants?)$", re.IGNORECASE),
        r"\1 codon \2",
    ),
    # mutation in codon 12 of KRAS
    (re.compile(rf"mutations?\s+(?:in|of)\s+codon\s+(\d{{1,5}})\s+of\s+{_GENE}$", re.IGNORECASE), r"\2 codon \1"),
    # mutation of KRAS, mutations in KRAS
    (re.compile(rf"mutations?\s+(?:in|of)\s+{_GENE}$", re.IGNORECASE), r"\1 mutation"),
    # mutated KRAS, mutant KRAS
    (re.compile(rf"(?:mutated|mutant)\s+{_GENE}$", re.IGNORECASE), r"\1 mutation"),
    # KRAS-mutated, KRAS-mutant
    (re.compile(r"([A-Za-z][A-Za-z0-9]*)-(?:mutated|mutant)$", re.IGNORECASE), r"\1 mutation"),
    # wild-type KRAS
    (re.compile(rf"(?:wild[\s-]?type|wt)\s+{_GENE}$", re.IGNORECASE), r"\1 wild type"),
    # ALK rearrangement-positive, ALK fusion positive, KRAS G12C positive
    (re.compile(r"(.+?(?:\s|-)(?:fusion|rearrangement|[A-Z]\d+[A-Z]))[\s-]positive$", re.IGNORECASE), r"\1"),
    # fusion of ALK
    (re.compile(rf"(?:fusion|rearrangement)s?\s+(?:in|of)\s+{_GENE}$", re.IGNORECASE), r"\1 fusion"),
    # KRAS G12C mutation, KRAS p.G12C variant: the change says it
    (
        re.compile(
            rf"{_GENE}[\s:]+(p\.)?\(?([A-Za-z]{{1,3}}\d{{1,5}}[A-Za-z*]{{1,3}})\)?\s+(?:mutations?|variants?)$",
            re.IGNORECASE,
        ),
        r"\1 \3",
    ),
)


def as_asked(text: str) -> str:
    """Bring a question to the form that `parse_criterion` reads; other text is given back.

    Examples
    --------
    >>> [as_asked(t) for t in ("EGFR codon 719 mutation", "wild-type KRAS", "KRAS G12C mutation", "RAS mutation")]
    ['EGFR codon 719', 'KRAS wild type', 'KRAS G12C', 'RAS mutation']
    """
    for rule, form in _RULES:
        found = rule.fullmatch(text)
        if found:
            return found.expand(form)
    return text
