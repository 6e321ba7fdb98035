"""The data cut-off is one day, however often a text tells it, and what had been seen by then was seen by that day."""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.check.verify.survival.study_dates import StudyDates, analysed_more_than_once

__all__ = ["check_cutoffs"]

_BY = re.compile(r"\s*(?:By|As of|At|Until|Up to|Through) ", re.IGNORECASE)
_HAD_BY = re.compile(
    r"\b(?:had (?:died|progress|relaps|discontinu|occurr|stopp|a |been )|deaths|were (?:alive|still)|remain|ongoing)",
    re.IGNORECASE,
)
_DATA_CUT = re.compile(r"\bdata[- ]?(?:base)?[- ](?:cut|lock)", re.IGNORECASE)
_OF_ONE = re.compile(r"\b(?:primary|final)\b", re.IGNORECASE)
_WHOLE_DATE = 10


def check_cutoffs(case: Case, study: StudyDates, dates: Sequence[Statement]) -> None:
    """The data cut-off, where a text speaks of one, is told twice as the same day."""
    named = [
        s for s in study.roles.get("cut-off", [])
        if len(s.quantities.date or "") == _WHOLE_DATE and _DATA_CUT.search(case.around(s, 80, 0)[0])
        and not analysed_more_than_once(case, s) and not case.says(s, _OF_ONE)
    ]  # fmt: skip
    for s in named[1:]:
        if s.quantities.date != named[0].quantities.date:
            sentence = f"The data cut-off is {s.quantities.date} here and {named[0].quantities.date} before."
            case.relate("calendar", (named[0], s), "error-if", sentence, "comparison of dates", on=(s,))
            return
    for s in (x for x in dates if named and x not in named and case.text.passages[x.passage].table is None):
        here, there = s.quantities.date or "", named[0].quantities.date or ""
        same = [a == b for a, b in zip(here.split("-"), there.split("-"), strict=False)]
        begin = case.text.passages[s.passage].start
        by_then = _BY.fullmatch(case.flat, begin, s.normal_start) and case.says(s, _HAD_BY) and not case.cites(s)
        if by_then and len(here) == len(there) and sum(same) == len(same) - 1 and not analysed_more_than_once(case, s):
            sentence = f"What had been seen by {here} is told, and the data cut-off is {there}: one of them is a slip."
            case.relate("calendar", (named[0], s), "unlikely", sentence, "comparison of dates", on=(s,))
