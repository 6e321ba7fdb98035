"""What the words of parts say: that nobody is in two of them, that nobody is in none, or that they are told alike."""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.verify.counted.reading import list_words as say
from codon12.check.verify.counted.reading.apart import exclude_each_other, is_whole_set
from codon12.check.verify.counted.reading.classes import WHOLE
from codon12.check.verify.counted.reading.opposites import are_opposed
from codon12.check.verify.counted.reading.predicates import excludes, is_negation_of, said_of

__all__ = ["are_alike", "exclude_and_close", "have_one_verb"]


def exclude_and_close(sentence: str, words: Sequence[str], lead: str) -> tuple[bool, bool]:
    """Whether nobody is in two of the parts, and whether they leave nobody out."""
    if say.REST.search(words[-1]) or (len(words) == 2 and say.REST.search(words[0])):
        return True, True
    if len(words) == 2 and (re.search(r"\bonly\b", " ".join(words)) or _of_two_markers(words)):
        return False, False
    axes = [{s.axis: s.name for s in said_of(w)} for w in words]
    all_in = len(words) == 2 and any(frozenset((a, axes[1].get(axis, ""))) in WHOLE for axis, a in axes[0].items())
    if say.is_scale(words) or exclude_each_other(words, words, sentence):
        return True, all_in or is_whole_set(words)
    if say.VARIABLE.search(words[0]) and all(say.VALUE.match(w) for w in words[1:]) and (
        len(words) > 2 or _HISTOLOGY.search(words[0])
    ):  # fmt: skip
        return True, False
    if _LOCATED.search(f"{lead} {words[0]}"):
        return True, False
    named = [m[1] if (m := say.NAMED.search(w)) else None for w in words]
    if all(named) and len({*named}) == len(named) and not say.OPEN.match(words[0]) and not say.OPEN.search(words[-1]):
        return True, False
    arms = [say.ARM.match(w) for w in words]
    if say.RANDOM.search(f"{lead} {words[0]}") and all(arms):
        return True, any(m is not None and m["to"] for m in arms) and not say.NOT_YET.search(lead)
    if len(words) == 2:
        on_axis = any(axis in axes[1] and excludes(axis, [name, axes[1][axis]]) for axis, name in axes[0].items())
        opposed = are_opposed([f" {w}" for w in words], lead) or is_negation_of(*words)
        return on_axis or opposed, all_in
    shared = set.intersection(*(set(a) for a in axes)) if axes else set()
    return any(excludes(axis, [a[axis] for a in axes]) for axis in shared), False


_HISTOLOGY = re.compile(r"\b(?:histology|race|ethnicity|sidedness) (?:was|were) ")
"""Variables of whose values two listed exclude each other, whatever these are."""
_LOCATED = re.compile(
    r"\b(?:lesions|tumou?rs|fractures|metastases|aneurysms|implants|nodules|polyps|ulcers|stones)(?: were| was)? "
    r"(?:located|situated|sited)\b"
)
"""Each such thing is in one place."""


def are_alike(sentence: str, form: str, words: Sequence[str]) -> bool:
    """Whether the parts are told in one way that puts each of the whole in one of them."""
    if any(say.OPEN.match(w) for w in words):
        return False
    if form == "label" or say.COUNTED_ONCE.search(sentence):
        return True
    first = say.AT_ONE.match(words[0])
    others = [say.AT_ONE_AGAIN.match(w) for w in words[1:]]
    if len(words) > 2 and first is not None and all(others):
        return True
    caused = say.CAUSED.search(words[0]) is not None and all(w.startswith("by ") for w in words[1:])
    return len(words) > 2 and (caused or _all_were(words))


def _all_were(words: Sequence[str]) -> bool:
    """Whether all are told by an adjective of one ending: `were intertrochanteric`, `were subtrochanteric`."""
    return all(w.startswith("were ") for w in words) and len({w[-5:] for w in words[1:]}) == 1


def have_one_verb(words: Sequence[str]) -> bool:
    """Whether the parts have one verb, told once or again: not `230 worked days, and 80 held a second job`."""
    verbs = [m[1] for w in words if (m := say.VERB.match(w))]
    return len({*verbs}) < 2


def _of_two_markers(words: Sequence[str]) -> bool:
    """Whether two signs are of two markers: `ER was positive in 60 and PR negative in 40`."""
    found = [say.MARKER.search(w) for w in words]
    names = [m[1] for m in found if m is not None and m[1] not in ("and", "were", "was", "the")]
    return len(names) == 2 and names[0] != names[1]
