"""Joint scores of SP142: tumour cells and immune cells in one text, such as ``TC2/3 or IC2/3``."""

from __future__ import annotations

import re

import msgspec

from codon12.errors import UsageError
from codon12.records.terms.scores import grades_of

__all__ = ["JointScore", "read_joint_score"]

_DIGITS = r"[0-3](?:\s*[/,]\s*[0-3])*"
_JOINT = re.compile(
    rf"(TC|IC)\s*({_DIGITS})\s*(?:,\s*)?(and\s*/\s*or|or|and|/|\+|&)\s*(TC|IC)\s*({_DIGITS})", re.IGNORECASE
)
_ONE = re.compile(rf"(TC|IC)\s*({_DIGITS})", re.IGNORECASE)
_MISSING = ("", ".", "na", "n/a", "unknown", "not done", "not tested", "not available", "not evaluable")


class JointScore(msgspec.Struct, frozen=True):
    """The higher of the two grades (0 to 3) lies from `low` to `high`.

    Examples
    --------
    >>> JointScore(2, 3).at_least(2), JointScore(0, 1).at_least(2), JointScore(1, 3).at_least(2)
    (True, False, None)
    """

    low: int
    high: int

    def at_least(self, grade: int) -> bool | None:
        """Tell whether TC or IC reaches a grade; None where the text leaves it open."""
        if self.low >= grade:
            return True
        return False if self.high < grade else None


def read_joint_score(text: str) -> JointScore | None:
    """Read a joint text of SP142 as what it says of the higher grade; None if missing.

    ``TC3 or IC3`` (also ``and/or``): one of them is 3. ``TC2/3 or IC2/3``: the higher is 2 or 3. ``TC0 and IC0``,
    ``TC0/1 and IC0/1``: both are. ``TC1/2 or IC1/2`` names a group apart from ``TC3 or IC3``: the higher is 1 or 2.
    One scale alone (``TC3``) leaves the other open: the higher grade is at least that.

    Raises
    ------
    UsageError
        Not such a text.

    Notes
    -----
    Source: VENTANA SP142 interpretation guide; groups as in POPLAR and OAK (Fehrenbacher 2016, Rittmeyer 2017).

    Examples
    --------
    >>> [read_joint_score(t) for t in ("TC2/3 or IC2/3", "TC3 and/or IC3", "TC0 and IC0", "UNKNOWN")]
    [JointScore(low=2, high=3), JointScore(low=3, high=3), JointScore(low=0, high=0), None]
    """
    plain = " ".join(text.split())
    if plain.lower() in _MISSING:
        return None
    one = _ONE.fullmatch(plain)
    if one:
        return JointScore(grades_of(one[2], text)[0], 3)
    found = _JOINT.fullmatch(plain)
    if found is None or found[1].upper() == found[4].upper():
        raise UsageError(f"{text!r} is no joint score: write it as 'TC2/3 or IC2/3', 'TC3 or IC3' or 'TC0 and IC0'")
    first, second = grades_of(found[2], text), grades_of(found[5], text)
    if found[3].lower() == "and":
        return JointScore(max(first[0], second[0]), max(first[1], second[1]))
    return JointScore(min(first[0], second[0]), max(first[1], second[1]))
