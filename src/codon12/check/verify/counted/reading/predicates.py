"""What is said of those counted, in classes that exclude each other: died or alive, completed or lost, men or women.

Each class of an axis is told by its words, whatever the sentence around them. Two counts whose classes stand on one
axis, and may not be of one person, add up to at most all.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

import msgspec

from codon12.check import patterns as re
from codon12.check.finding.needed import in_small_letters, needed
from codon12.check.verify.counted.reading.classes import CLASSES, ONE_OF

__all__ = ["Said", "excludes", "is_negation_of", "is_rest", "said_of"]


class Said(msgspec.Struct, frozen=True, gc=False):
    """A class and the axis it stands on; `name` parts those of one class that the words part further."""

    axis: str
    name: str


_MOST_WORDS = 24
"""More than these take as long to look for as the pattern itself."""


def _words_of(classes: Iterable[str]) -> tuple[str, ...]:
    """Words of which a text has one where it has some of the classes; nothing, which all texts have, for too many."""
    each = [needed(x) for x in classes]
    words = set().union(*each)
    return tuple(sorted(words)) if all(each) and len(words) <= _MOST_WORDS else ("",)


@cache
def _axes() -> list[tuple[str, tuple[str, ...], tuple[str, ...], re.Pattern[str]]]:
    """Axes: classes of each, the words of which a text has one that has any of them, a pattern for small letters."""
    return [
        (
            axis,
            tuple(classes),
            _words_of(classes.values()),
            in_small_letters("|".join(f"(?P<c{i}>{w})" for i, w in enumerate(classes.values()))),
        )
        for axis, classes in CLASSES.items()
    ]


_LEVEL = re.compile(
    r"\b(?P<scale>(?:(?:y?[pc])?(?:[RTNMG](?=[⓪①-⑨]))|stage|grade|gr\.?|FIGO|ISS|class|Child(?:-Pugh)?|ECOG(?: PS)?|PS|"
    r"score|(?:dose )?level|(?=[⓪①-⑨]+ (?:in|for)\b)))s?(?: performance status| disease)?(?: of| was| were)? "
    r"?(?P<level>[⓪①-⑨]+|[IVX]+[ABC]?|[A-D])\b(?![/-]| or| to| and)",
)
_ARM = re.compile(
    r"\b(?:group|arm|cohort|part|phase|study|trial) (?P<b>[A-Z⓪①-⑨][\w⓪①-⑨]{0,3}|[⓪①-⑨]+)\b|"
    r"\b(?P<a>(?!(?:in|to|with|on|from|of|among|the|received|each|this|that|whole|entire|same|both|either)\b)[\w+-]+"
    r"(?: [\w+-]+){0,2}?)[ -](?:group|arm|cohort|part|phase|set|recipients)\b|"
    r"\bin the (?P<c>(?!(?:two|three|four|five|six|other|same|[⓪①-⑨]+) )[\w+-]+(?: (?!and\b|or\b)[\w+-]+){0,2}?) "
    r"(?:groups|arms)\b",
)
_PLACE = re.compile(
    r"\b(?:in|from) (?:the )?(?P<a>(?:North |South |Latin |Eastern |Western |East |Central )?(?:America|Europe|Asia|"
    r"Africa|Australia|Oceania)|United States|USA?|Canada|Japan|China|Korea|Taiwan|France|Germany|Italy|Spain|UK|"
    r"United Kingdom|Netherlands|Belgium|Sweden|Denmark|Norway|Poland|Brazil|India|Australia|other (?:regions|"
    r"countries))\b"
)
_REST = re.compile(
    r"^\W*(?:(?:and|with|had|were|was|of|in|for|from|due to|because of) )*(?:an? |the )?"
    r"(?:others?|remaining|rest|remainder|miscellaneous|unspecified)\b"
    r"|\b(?:the (?:others?|remaining|rest|remainder)|remaining)$|\b(?:for|from|of|due to|with|had) other\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:no|not|without|neither|never|none|unrelated|free of|lacked|absence of)\b", re.IGNORECASE)
_BARE_NOT = re.compile(
    r"\b(?:did|had|was|were|has|have|do|could|is|are) not(?: (?:have|carry|do|show|receive|undergo) (?:it|them|"
    r"one|so))?\W*$|\bhad none\W*$",
    re.IGNORECASE,
)
_STEM = re.compile(r"[a-z]{5,}")
_COMMON = frozenset(
    (
        *("patients", "patient", "participants", "subjects", "tumours", "tumors", "women", "children", "cases"),
        "group",
        *("other", "remaining", "which", "whose", "these", "those", "after", "before", "during", "without"),
        *("treatment", "therapy", "study", "received", "evaluable", "randomized", "randomised"),
    )
)


@lru_cache(maxsize=1024)
def said_of(words: str) -> tuple[Said, ...]:
    """The classes that the words of a clause put those it counts in: one of an axis at most.

    Examples
    --------
    >>> said_of("Nineteen | men discontinued")
    (Said(axis='sex', name='men'), Said(axis='flow', name='out: left'))
    >>> said_of("ECOG ② in | ")
    (Said(axis='level', name='②'),)
    """
    found: dict[str, str] = {}
    small = words.lower()
    for axis, names, needs, pattern in _axes():
        m = pattern.search(small) if any(map(small.__contains__, needs)) else None
        if m is not None and m.lastgroup is not None:
            found[axis] = names[int(m.lastgroup[1:])]
    if found.get("life") == "dead":
        found.setdefault("flow", "dead")
    if "status" in found or found.get("response") == "NE":
        found.setdefault("sign", "missing")
        found.setdefault("smoking", "missing")
    level = _LEVEL.search(words)
    if level is not None:
        found["level"] = level["level"]
    for axis, pattern in (("arm", _ARM), ("place", _PLACE)):
        m = pattern.search(words)
        if m is not None:
            found[axis] = m[m.lastgroup or 0].lower()
    return tuple(Said(axis, name) for axis, name in found.items())


def excludes(axis: str, names: list[str]) -> bool:
    """Whether nobody is in two of these classes of an axis."""
    if len(set(names)) < len(names) or len(names) < 2:
        return False
    if set(names) == {"response", "PD"}:
        return False  # who responded may have progressed later
    if axis == "flow" and not any(x.startswith("in: ") for x in names):
        return False  # who discontinued may have died
    return axis in ("level", "arm", "place") or any(set(names) <= set(family) for family in ONE_OF.get(axis, ()))


def is_rest(words: str) -> bool:
    """Whether a clause counts all others: `the remaining 12`, `other histology in 5`."""
    return _REST.search(words) is not None


def is_negation_of(first: str, second: str) -> bool:
    """Whether one of two clauses denies what the other says: `22 had rejection` and `53 had no rejection`."""
    if any(_denied(a, b.lower()) and not _denied(b, a.lower()) for a, b in ((first, second), (second, first))):
        return True
    denied = [_NOT.search(x) is not None for x in (first, second)]
    if denied[0] == denied[1]:
        return False
    if _BARE_NOT.search(second):
        return True
    stems = [{w[:6] for w in _STEM.findall(x.lower()) if w not in _COMMON} for x in (first, second)]
    return bool(stems[0] & stems[1])


_PREFIXED = re.compile(r"\b(?:un|in|im|ir|non-?)(?P<stem>[a-z]{4,})", re.IGNORECASE)


def _denied(words: str, other: str) -> bool:
    """Whether a word is another one of the other clause with a prefix that denies it: `adequate`, `inadequate`."""
    return any(re.search(rf"\b{re.escape(m['stem'][:7].lower())}", other) for m in _PREFIXED.finditer(words))
