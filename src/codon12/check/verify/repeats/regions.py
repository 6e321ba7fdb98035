"""The parts of an article: its abstract, the conclusion of that, the introduction, the body, the discussion."""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage

__all__ = ["regions_of"]

_ENDINGS = frozenset(
    "conclusion conclusions interpretation discussion comment comments summary keypoints".split()  # noqa: SIM905
)
_MAY_OPEN = {"summary", "keypoints", "comment", "comments"}
"""Of these, those that may stand in an introduction as well: endings only behind the results."""
_OPENINGS = {"introduction", "background"}
_AFTER_ENDINGS = {"trialregistration", "funding", "clinicaltrialsgov", "keywords", "registration", "clinicaltrials", ""}
"""What may stand behind the conclusions of an abstract and belongs to it."""
_CONCLUDES = re.compile(
    r"(?:^|(?<=[.!?)] ))[#*_ \t]*(?:Conclusions?|CONCLUSIONS?|Interpretation|INTERPRETATION)"
    r"(?:[*_]+| ?[.:—-]|[ \t]*$)|\bIn (?:conclusion|summary),",
    re.MULTILINE,
)
"""Where conclusions begin: on a line of their own or before their first sentence."""
_CONCLUDING = ("Conclusion", "CONCLUSION", "Interpretation", "INTERPRETATION", "In conclusion,", "In summary,")
_AGAIN = {"methods", "results", "patients", "findings", "background", "objective", "patientsandmethods"}
"""Sections that an abstract and the article behind it both have."""


def regions_of(passages: Sequence[Passage], text: str) -> list[str]:
    """For each passage the part of an article it stands in; the abstract ends with the paragraph of its conclusions.

    Where a text has no conclusions it ends with the introduction, or where a section comes again.
    """
    names = ["table" if p.table is not None else re.sub(r"[^a-z]", "", p.section.lower()) for p in passages]
    first, last = _conclusions(text)
    body = _first_of_body(names, passages, last)
    results = max((at for at, name in enumerate(names) if name in ("results", "findings")), default=0)
    out = []
    for at, (name, p) in enumerate(zip(names, passages, strict=True)):
        ends = name in _ENDINGS or first <= p.start < last
        if at < body:
            out.append("conclusion" if ends else "abstract")
        else:
            ends = ends and not (name in _MAY_OPEN and at < results)
            out.append("discussion" if ends else "introduction" if name in _OPENINGS else "body")
    return out


def _conclusions(text: str) -> tuple[int, int]:
    """Where the first conclusions of a text begin and their paragraph ends; its length twice where it has none."""
    first = min((at for words in _CONCLUDING if (at := text.find(words)) >= 0), default=None)
    m = None if first is None else _CONCLUDES.search(text, len(text[:first].rstrip("#*_ \t")))
    if m is None:
        return len(text), len(text)
    words = re.compile(r"\S").search(text, m.end())
    end = text.find("\n\n", words.start()) if words is not None else -1
    return m.start(), end if end >= 0 else len(text)


def _first_of_body(names: Sequence[str], passages: Sequence[Passage], concluded: int) -> int:
    """Where the body of an article begins; 0 where nothing parts an abstract from it."""
    seen: set[str] = set()
    last = ""
    for at, name in enumerate(names):
        again = name != last and name in seen and name in _AGAIN
        behind = passages[at].start >= concluded and name not in _AFTER_ENDINGS and "discussion" not in seen
        if at and (name == "introduction" or again or behind):
            return at
        seen.add(name)
        last = name
    return 0
