"""Words after which the numbers of one sentence may be of several groups, so that no rule for one group holds."""

from __future__ import annotations

from codon12.check import patterns as re

__all__ = ["named_group", "several_groups"]

_WORDS = r"arms?|groups?|cohorts?|vs|versus|than"


def several_groups(*more: str) -> re.Pattern[str]:
    """The words that part a sentence into groups, and those that do so for one rule alone, whatever their case.

    Examples
    --------
    >>> bool(several_groups().search("in both arms")), bool(several_groups("stages?").search("by stage"))
    (True, True)
    """
    return re.compile(rf"\b(?:{'|'.join((_WORDS, *more))})\b|\bcompar", re.IGNORECASE)


_GROUP = re.compile(r"\b(?P<name>[\w'’-]{1,30}) (?:arm|group|cohort)(?!s|-)\b(?: (?P<letter>[A-Z\d])\b)?")
_SAME = ("same", "that", "this", "the", "in", "of", "for", "with", "entire", "whole")
_NOT_ONE = frozenset(
    ("each", "both", "either", "one", "other", "another", "per", "every", "two", "three", "neither", "any", "which")
)


def named_group(words: str) -> tuple[str, str]:
    """Words with the one group left out that they name however often, and its name; unchanged where they name more.

    Examples
    --------
    >>> named_group("In arm B, median OS was 9.4 months; in the same arm 40% lived a year")
    (', median OS was 9.4 months; in the  40% lived a year', 'b')
    """
    found = list(_GROUP.finditer(words))
    names = {f"{'' if m['name'].lower() in _SAME else m['name']} {m['letter'] or ''}".strip().lower() for m in found}
    if len(names - {""}) > 1 or names & _NOT_ONE:
        return words, ""
    out = words
    for m in found:
        out = out.replace(m[0], "", 1)
    return out, next(iter(names - {""}), "")
