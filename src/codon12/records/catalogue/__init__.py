"""Every rule that a finding may name: how grave it is, what it says, and what to do about it."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

import msgspec

from codon12.records.validation import RULES

__all__ = ["CHAPTERS", "RuleEntry", "remedy", "rule_catalogue"]

CHAPTERS = {
    "reading": "Reading files",
    "validation": "Records",
    "derivation": "Times, covariates, therapies",
    "response": "Response",
    "safety": "Adverse events",
    "biomarkers": "Biomarkers",
    "resistance": "Resistance",
    "match": "Match",
    "standards": "Export and Define-XML",
}
"""Chapters of the catalogue in order, and their headings."""


class RuleEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One rule of the catalogue."""

    id: str
    chapter: str
    severity: str
    """error, warning or note; two of them where the data decide."""
    sentence: str
    """What is wrong; of a rule of validation with the names of what is filled in."""
    remedy: str
    """What to do next."""


@cache
def rule_catalogue() -> dict[str, RuleEntry]:
    """Give every rule that any room of codon12 may name in a finding of a study, by its id.

    Examples
    --------
    >>> rule_catalogue()["duplicated-subject"].remedy
    'Keep one row a subject; choose it with [tables.TABLE] pick and order, or where.'
    """
    text = (resources.files("codon12.records.catalogue") / "rules.toml").read_text(encoding="utf-8")
    chapters = tomllib.loads(text)
    remedies = chapters.pop("validation")
    entries = [
        RuleEntry(
            id=rule.id,
            chapter="validation",
            severity=rule.severity,
            sentence=rule.sentence,
            remedy=remedies.get(rule.id, ""),
        )
        for rule in RULES
    ]
    entries += [
        RuleEntry(id=name, chapter=chapter, severity=severity, sentence=sentence, remedy=what)
        for chapter, rules in chapters.items()
        for name, (severity, sentence, what) in rules.items()
    ]
    return {entry.id: entry for entry in entries}


def remedy(rule: str) -> str | None:
    """Say what to do about a finding of a rule; None where the catalogue has none (a rule of another package)."""
    entry = rule_catalogue().get(rule)
    return None if entry is None else entry.remedy or None
