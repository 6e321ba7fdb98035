"""A follow-up longer than the dates of its paragraph leave room for: from the first of them to the last."""

from __future__ import annotations

import calendar
import datetime as dt

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge, sentences_with
from codon12.numbers.unrounded import read_printed

__all__ = ["check_followed_for"]

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DATE = re.compile(
    rf"(?:(?<![\d.])(?P<d>\d{{1,2}}) )?(?:(?P<m>{'|'.join(_MONTHS)})\.?,? (?:(?P<d2>\d{{1,2}}), )?)?"
    r"(?<![\d.,/-])(?P<y>(?:19|20)\d\d)\b(?![\d%-]| (?:patients|women|men|participants|children|mg|g|mL|kg))"
)
_FOLLOWED = re.compile(
    rf"\bfollow(?:ed)?(?:[- ]up)?\b[^.;()\d]{{0,60}}?(?P<v>{NUMBER})(?: ?(?:to|-) ?{NUMBER})? (?P<u>years?|months?"
    rf"|weeks?)\b"
    rf"|\b(?P<w>{NUMBER})(?: ?(?:to|-) ?{NUMBER})? (?P<u2>years?|months?|weeks?) of follow[- ]?up\b",
    re.IGNORECASE,
)
_ENTERED = re.compile(
    r"\b(?:recruit\w*|enrol\w*|includ\w*|admitted|operat\w*|treated|randomi\w*|diagnos\w*|took place|underwent|surgery|"
    r"resections?|operations?|carried out|done|implant\w*|transplant\w*|accru\w*|entered|performed)\b",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r"\b(?:follow(?:ed)?(?:[- ]up)? (?:was |were )?(?:until|till|through|to|ended)|cut-?off|last (?:visits?|follow"
    r"|contacts?|scans?|patient visit|examinations?)|censored|ended|lock\w*|closed|close|"
    r"analys[ei]s (?:was|took)|data (?:were|was) (?:frozen|locked)|end of (?:follow|the study))\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:previous\w*|earlier trial|planned|will|would|registr\w+ number|approved|registered|published|since|median"
    r" age|"
    r"birth cohort|born|retrospectiv\w+ before|pre-?treatment|up to|at least|more than|for \d+ weeks)\b",
    re.IGNORECASE,
)
_REACH = 50
"""Characters at most between the words for the end of observation and its date."""
_DAYS = {"y": 365.25, "m": 30.4375, "w": 7.0}


def check_followed_for(case: Case) -> None:
    """Check each follow-up of a paragraph that tells when patients entered and when observation ended."""
    for p in sentences_with(case, "follow"):
        for m in _FOLLOWED.finditer(case.flat, p.start, p.end):
            if not _OTHERS.search(case.flat, p.start, p.end):
                _judge(case, p, m)


def _judge(case: Case, p: Passage, m: re.Match[str]) -> None:
    near = [
        q
        for q in case.text.passages[max(0, p.index - 2) : p.index + 3]
        if q.paragraph == p.paragraph and q.table is None
    ]
    begin, end = near[0].start, near[-1].end
    if not _ENTERED.search(case.flat, begin, end) or not _ENDED.search(case.flat, begin, end):
        return
    if _OTHERS.search(case.flat, begin, end):
        return
    dates = [(x, days) for x in _DATE.finditer(case.flat, begin, end) if (days := _days(x)) is not None]
    if len(dates) < 2:
        return
    first, last = min(dates, key=lambda x: x[1][0]), max(dates, key=lambda x: x[1][1])
    if not any(0 <= last[0].start() - x.end() < _REACH for x in _ENDED.finditer(case.flat, begin, end)):
        return
    room = (last[1][1] - first[1][0]).days + 1
    which, unit = ("v", m["u"]) if m["v"] else ("w", m["u2"])
    told = float(read_printed(m[which]).low) * _DAYS[unit[0].lower()]
    if told <= room * 1.03 + 15 or compared(case, m.span(which), "follow-up"):
        return
    sentence = (
        f"{m[which]} {unit} of follow-up are more than from {first[1][0]} to {last[1][1]}, "
        f"{room / _DAYS[unit[0].lower()]:.3g} {unit}."
    )
    places = [first[0].span(), last[0].span(), m.span(which)]
    judge(case, p, "follow-up", places, "error-if", sentence, "date arithmetic")


def _days(m: re.Match[str]) -> tuple[dt.date, dt.date] | None:
    """The first and the last day a date may mean."""
    year, day = int(m["y"]), int(m["d"] or m["d2"] or 0)
    if not m["m"]:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    month = _MONTHS.index(m["m"]) + 1
    most = calendar.monthrange(year, month)[1]
    if day > most:
        return None
    return dt.date(year, month, day or 1), dt.date(year, month, day or most)
