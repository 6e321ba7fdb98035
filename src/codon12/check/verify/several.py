"""Words after which the numbers of one sentence may be of several groups, so that no rule for one group holds."""

from __future__ import annotations

from codon12.check import patterns as re

__all__ = ["several_groups"]

_WORDS = r"arms?|groups?|cohorts?|vs|versus|than"


def several_groups(*more: str) -> re.Pattern[str]:
    """The words that part a sentence into groups, and those that do so for one rule alone, whatever their case.

    Examples
    --------
    >>> bool(several_groups().search("in both arms")), bool(several_groups("stages?").search("by stage"))
    (True, True)
    """
    return re.compile(rf"\b(?:{'|'.join((_WORDS, *more))})\b|\bcompar", re.IGNORECASE)
