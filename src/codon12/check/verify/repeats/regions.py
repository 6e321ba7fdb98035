"""The parts of an article: its abstract, the conclusion of that, the introduction, the body, the discussion."""

from __future__ import annotations

import re
from collections.abc import Sequence

from codon12.check.documents.passages import Passage

__all__ = ["regions_of"]

_CONCLUSIONS = {"conclusion", "conclusions", "interpretation"}
_ENDINGS = _CONCLUSIONS | {"discussion", "comment", "comments", "summary", "keypoints"}
_OPENINGS = {"introduction", "background"}
_AFTER_ENDINGS = {"trialregistration", "funding", "clinicaltrialsgov", "keywords", "registration", "clinicaltrials", ""}
"""What may stand behind the conclusions of an abstract and belongs to it."""
_CONCLUDES = re.compile(r"\b(?:Conclusions?|CONCLUSIONS?|Interpretation) ?[.:—-]+\s|\bIn (?:conclusion|summary),")
_LABEL = 20
"""Characters before and behind the beginning of a sentence in which its label may stand."""
_AGAIN = {"methods", "results", "patients", "findings", "background", "objective", "patientsandmethods"}
"""Sections that an abstract and the article behind it both have."""


def regions_of(passages: Sequence[Passage], flat: str) -> list[str]:
    """For each passage the part of an article it stands in; the abstract ends at its conclusions.

    Where a text has no conclusions it ends with the introduction, or where a section comes again.
    """
    names = _names(passages, flat)
    body = _first_of_body(names)
    out = []
    for at, name in enumerate(names):
        if at < body:
            out.append("conclusion" if name in _ENDINGS else "abstract")
        else:
            out.append("discussion" if name in _ENDINGS else "introduction" if name in _OPENINGS else "body")
    return out


def _names(passages: Sequence[Passage], flat: str) -> list[str]:
    """The section of each passage in small letters; `Conclusions.` before a sentence holds to the paragraph's end."""
    out, concluding = [], -1
    for p in passages:
        if p.table is None and _CONCLUDES.search(flat[max(0, p.start - _LABEL) : p.start + _LABEL]):
            concluding = p.paragraph
        name = "conclusions" if p.paragraph == concluding else p.section
        out.append(re.sub(r"[^a-z]", "", name.lower()))
    return out


def _first_of_body(names: Sequence[str]) -> int:
    """Where the body of an article begins; 0 where nothing parts an abstract from it."""
    seen: set[str] = set()
    last = ""
    for at, name in enumerate(names):
        again = name != last and name in seen and name in _AGAIN
        behind = bool(seen & _CONCLUSIONS) and name not in _ENDINGS | _AFTER_ENDINGS
        if at and (name == "introduction" or again or behind):
            return at
        seen.add(name)
        last = name
    return 0
