"""Whether nobody may be in two parts of a row: sides, levels of one scale, classes of an axis, what came first."""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.verify.counted.reading import row_words as say
from codon12.check.verify.counted.reading.opposites import are_opposed
from codon12.check.verify.counted.reading.predicates import excludes, is_negation_of, said_of

__all__ = ["classes_of", "exclude_each_other", "is_whole_set", "of_one_marker"]

_LEVEL = re.compile(
    r"^(?:and |in |of |with |were |had |was |class |stages? |grades? |score |types? |from |at |clinic |cent(?:re|er) |"
    r"hospital |ward |unit |site |region )*(?P<l>[IVX]+|[A-E]|[⓪①-⑨]|[0-9])(?:[abc]?)(?:[ .,:(]|$)"
)
_UNKNOWN = re.compile(r"\b(?:unknown|missing|not (?:known|recorded|stated)|unspecified)\b", re.IGNORECASE)
_MANY = r"(?:⓪*[②-⑨]|two|three|four|five)"
_OR_MORE = re.compile(rf"{_MANY} or (?:more|greater)\b", re.IGNORECASE)
_ONE = re.compile(r"^(?!.*\bat least\b).*\b(?:one|an?|⓪*①) (?:[a-z]+ ){0,3}[a-z]+$", re.IGNORECASE)
_SO_MANY = re.compile(rf"^(?:had |with )?{_MANY}(?: [a-z]+){{0,3}}\W*$", re.IGNORECASE)
"""`16 had one prior line, 31 two and 68 three or more`."""
_FIRST = re.compile(r"\bfirst\b(?! line)", re.IGNORECASE)


def exclude_each_other(own: Sequence[str], words: Sequence[str], sentence: str) -> bool:
    """Whether the words of the parts are of sides, of levels, or of classes that exclude each other.

    `own` are the words on the one side where those of the row stand, `words` those on both.

    Examples
    --------
    >>> exclude_each_other(["were Child-Pugh A", "B", "C"], ["were Child-Pugh A", "B", "C"], "")
    True
    >>> exclude_each_other(["in the liver", "in the lung"], ["in the liver", "in the lung"], "")
    False
    """
    known = [k for k, x in enumerate(words) if not _UNKNOWN.search(x)]
    if len(words) > _TWO and len(known) == len(words) - 1:
        return exclude_each_other([own[k] for k in known], [words[k] for k in known], sentence)
    sides = [say.SIDES.search(x) for x in words]
    if all(sides) and len({s[0].lower() for s in sides if s}) == len(words):
        return True
    if len(words) == _TWO and all(_FIRST.search(x) for x in words):
        return True
    level = say.LEVELS.search(own[0])
    levels = [level or (_LEVEL.match(own[0]) if say.SCALE.search(sentence) else None), *map(_LEVEL.match, own[1:])]
    if all(levels) and len({m["l"] for m in levels if m}) == len(words):
        return True
    if len(words) == _TWO and (is_negation_of(*words) or are_opposed(words, sentence)):
        return True
    if of_a_set(own) is not None:
        return True
    if _ONE.search(own[0]) and _OR_MORE.search(own[-1]) and all(map(_SO_MANY.match, own[1:])):
        return True
    return any(
        len(names) == len(words) and excludes(axis, names) and (axis != "sign" or of_one_marker(words))
        for axis, names in classes_of(words).items()
    )


_MARKER = re.compile(r"\b[A-Z][A-Za-z]*[A-Z0-9-][\w-]*")


def of_one_marker(words: Sequence[str]) -> bool:
    """Whether no part names a marker that the first does not: `ER positive in 60, PR negative in 40` are of two."""
    first = set(_MARKER.findall(words[0]))
    return all(first.issuperset(_MARKER.findall(x)) for x in words[1:])


_TWO = 2
_SETS = (
    ("never", "former", "current"), ("O", "A", "B", "AB"), ("complete", "partial", "stable", "progressive"),
    ("primary", "secondary", "tertiary"), ("agree", "neutral", "disagree"),
    ("well", "moderately", "poorly"), ("well", "moderate", "poor"), ("mild", "moderate", "severe"),
    ("low", "intermediate", "high"), ("yes", "no", "undecided"), ("married", "single", "widowed", "divorced"),
    ("vaginal", "caesarean", "instrumental"), ("normal", "benign", "malignant"), ("local", "distant", "combined"),
    ("positive", "negative", "indeterminate"), ("alive", "dead", "lost"), ("white", "black", "asian", "other"),
    ("employed", "retired", "students", "unemployed"), ("for", "against", "abstentions"),
)  # fmt: skip
"""Words of which each of those counted has one; in the first three there are no others."""
_NO_OTHERS = frozenset(_SETS[:3])
_AROUND = re.compile(
    r"^(?:(?:and|or|in|was|were|had|with|an?|the|of|by) )*|(?: (?:in|for|of|by|section|delivery|deliveries|smokers?|"
    r"responses?|disease|remissions?|differentiated|cases|patients|donors|risk|by|carcinomas|tumou?rs|lesions))*[\W]*$"
)


def of_a_set(words: Sequence[str]) -> tuple[str, ...] | None:
    """The set of words of which each part has another one: `never`, `former`, `current`."""
    bare = [_AROUND.sub("", x).strip() for x in words]
    if len(set(bare)) < len(bare):
        return None
    small = {x.lower() if len(x) > _TWO else x for x in bare}
    return next((s for s in _SETS if small <= set(s)), None)


def is_whole_set(words: Sequence[str]) -> bool:
    """Whether the parts have all words of a set beside which there are no others."""
    found = of_a_set(words)
    return found in _NO_OTHERS and len(words) == len(found or ())


def classes_of(words: Sequence[str]) -> dict[str, list[str]]:
    """For each axis the classes that the words of the parts name, in order."""
    axes: dict[str, list[str]] = {}
    for x in words:
        for s in said_of(x):
            axes.setdefault(s.axis, []).append(s.name)
    return axes
