"""The age a text tells of a patient against a date of birth and the date of the visit."""

from __future__ import annotations

from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.check.verify.survival.study_dates import days_of

__all__ = ["check_ages"]

_AGED = re.compile(r"\b(?P<a>\d{1,3})[- ]years?[- ]old\b|\bat the age of (?P<b>\d{1,3})\b|(?<=, )aged (?P<c>\d{1,3})\b")
_BORN = re.compile(r"\bborn\b[^.;()\d]{0,20}$")
_CAME = re.compile(
    r"\b(?:presented|admitted|referred|seen|diagnosed|underwent|examined|consulted|hospitali[sz]ed|died|treated|operated)\b"
    r"[^.;\d]{0,60}$"
)
_OF_ANOTHER = re.compile(
    r"\b(?:son|daughter|mother|father|brother|sister|children|parents?|since|before|earlier|ago|previous\w*)\b"
)


def check_ages(case: Case, dates: list[Statement]) -> None:
    """`A 71-year-old man (born in 1934) presented in November 2022`: the age in the year told, or a year less."""
    for a, b in pairwise(dates):
        p = case.text.passages[a.passage]
        aged = list(_AGED.finditer(case.flat, p.start, p.end))
        born, came = days_of(a), days_of(b)
        if a.passage != b.passage or len(aged) != 1 or born is None or came is None or case.says(a, _OF_ANOTHER):
            continue
        between = _AGED.sub("", case.flat[a.normal_end : b.normal_start])
        if not (_BORN.search(case.flat, p.start, a.normal_start) and _CAME.search(between)):
            continue
        which = next(k for k in "abc" if aged[0][k])
        low, high = came[0].year - born[1].year - 1, came[1].year - born[0].year
        if not low <= int(aged[0][which]) <= high:
            sentence = (
                f"Born in {born[0].year}, one is {low} or {high} years old in {came[0].year}, not {aged[0][which]}."
            )
            places = [aged[0].span(which), *((s.normal_start, s.normal_end) for s in (a, b))]
            case.relate("calendar", places, "error-if", sentence, "date arithmetic", on=(b,))
