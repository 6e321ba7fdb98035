"""Shares set against each other: where neither fits the total named, each is of its own group."""

from __future__ import annotations

import re
from collections.abc import Sequence

from codon12.check.statements import Statement
from codon12.check.verify.case import Case

__all__ = ["opposed"]

_AGAINST = re.compile(r"\b(?:vs\.?|versus|compared|against|than|as opposed)\b", re.IGNORECASE)
_TWO_GROUPS = re.compile(
    r"\b(?:in|of|for|among|with|on|from|receiving|assigned to) (?:the )?[^.;()]{2,60}?"
    r"(?:,| and| but| while| whereas)\b",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\b(?:groups?|arms?|cohorts?)\b|\brespectively\b", re.IGNORECASE)
_REACH = 120


def opposed(case: Case, s: Statement, unexplained: Sequence[Statement]) -> bool:
    """Whether the share on the other side of `versus`, or of the other group, fits no total of the text either.

    `Of 115 patients in two groups, 38 (75%) versus 14 (22%) relapsed`: of 51 and 64, which are not printed.
    """
    for other in unexplained:
        if other.id == s.id or other.passage != s.passage:
            continue
        first, second = sorted((s, other), key=lambda x: x.normal_start)
        between = case.flat[first.normal_end : second.normal_start]
        if len(between) > _REACH or ";" in between:
            continue
        if _AGAINST.search(between) is not None:
            return True
        behind = case.flat[second.normal_end : min(len(case.flat), second.normal_end + 60)]
        if _TWO_GROUPS.search(between) and _GROUP.search(between) and _GROUP.search(behind.split(";")[0]):
            return True
    return False
