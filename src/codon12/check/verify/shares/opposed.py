"""Shares set against each other: where neither fits the total named, each is of its own group."""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.check.verify.shares.numerals import named_near
from codon12.numbers.unrounded import totals_for_percent

__all__ = ["opposed"]

_AGAINST = re.compile(r"\b(?:vs\.?|versus|compared|against|than|as opposed)\b", re.IGNORECASE)
_TWO_GROUPS = re.compile(
    r"\b(?:in|of|for|among|with|on|from|receiving|assigned to) (?:the )?[^.;()]{2,60}?"
    r"(?:,| and| but| while| whereas)\b",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\b(?:groups?|arms?|cohorts?)\b|\brespectively\b", re.IGNORECASE)
_REACH = 120
_NEAREST = 12
"""Characters between two shares, and statements to either side, within which one is set against the other."""


def opposed(case: Case, s: Statement, unexplained: Sequence[Statement]) -> bool:
    """Whether the share on the other side of `versus`, or of the other group, fits no total of the text either.

    `Of 115 patients in two groups, 38 (75%) versus 14 (22%) relapsed`: of 51 and 64, which are not printed.
    """
    for other in case.beside(s, 0, _NEAREST):
        q = other.quantities
        if other.id == s.id or q.n is None or q.percent is None:
            continue
        first, second = sorted((s, other), key=lambda x: x.normal_start)
        between = case.flat[first.normal_end : second.normal_start]
        if len(between) > _REACH or ";" in between:
            continue
        against = _AGAINST.search(between) is not None
        if not against:
            behind = case.flat[second.normal_end : min(len(case.flat), second.normal_end + 60)]
            against = _TWO_GROUPS.search(between) is not None and _GROUP.search(between) is not None
            against = against and _GROUP.search(behind.split(";")[0]) is not None
        if not against or all(other.id != x.id for x in unexplained):
            continue
        if named_near(case, other, totals_for_percent(q.n, q.percent)) is None:
            return True
    return False
