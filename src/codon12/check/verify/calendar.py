"""Dates exist and come in order; no follow-up is longer than from the first enrolment to the data cut-off."""

from __future__ import annotations

import datetime as dt
import re

from codon12.check.finding.dates import first_and_last_day, is_calendar_date
from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.numbers.unrounded import Printed

__all__ = ["check_calendar"]

_ENROLLED = re.compile(
    r"\b(?:enrol\w*|randomi[sz]\w*|recruit\w*|assigned|accru\w*|screened|allocated|diagnosed|treated)\b", re.IGNORECASE
)
_FIRST = re.compile(
    r"\b(?:first (?:patient|participant|subject)\b[^.;]{0,30}|(?:enrol+ment|recruitment|"
    r"accrual)[^.;]{0,12} (?:began|started|opened))"
    r"[^.;]{0,12}$",
    re.IGNORECASE,
)
_CUTOFF = re.compile(r"cut-?[\s-]?off|followed up|data ?lock|last follow|follow-up ended|end of follow", re.IGNORECASE)
_DAYS = {"days": 1.0, "weeks": 7.0, "months": 30.4375, "years": 365.25}


def check_calendar(case: Case) -> None:
    """Check dates and ranges of dates, then times that the dates bound."""
    start: dt.date | None = None
    cutoff: dt.date | None = None
    cut: Statement | None = None
    spans: list[Statement] = []
    for s in case.statements:
        q = s.quantities
        if s.kind == "date" and q.date is not None:
            if is_calendar_date(q.date):
                case.add(s, Check("calendar", "ok", "The date exists.", "calendar", {"valid": True}))
            else:
                case.add(s, Check("calendar", "error", f"{q.date} is no day of the calendar.", "calendar"))
            days = first_and_last_day(q.date)
            if days and len(q.date) >= 7 and _FIRST.search(case.around(s, 60, 0)[0]):
                spans.append(s)
                start = days[0] if start is None else min(start, days[0])
            elif days and _CUTOFF.search(case.sentence(s)) and len(q.date) >= 7:
                cutoff, cut = (days[1], s) if cutoff is None else (cutoff, cut)
        elif s.kind == "date_range" and q.date is not None and q.date_end is not None:
            days = _ordered(case, s)
            if days and _ENROLLED.search(case.sentence(s)) and len(q.date_end) >= 7:
                spans.append(s)
                start = days if start is None else min(start, days)
    if start is not None and cutoff is not None and cut is not None and len(spans) == 1:
        _bounded(case, start, cutoff, (spans[0], cut))


def _ordered(case: Case, s: Statement) -> dt.date | None:
    first, last = s.quantities.date, s.quantities.date_end
    assert first is not None
    assert last is not None
    if last.startswith("--"):
        _without_year(case, s, first, last)
        return None
    if first.startswith("--"):
        first = last[:4] + first[1:]
    begin, end = first_and_last_day(first), first_and_last_day(last)
    if begin is None or end is None:
        case.add(s, Check("calendar", "error", "One of the dates is no day of the calendar.", "calendar"))
        return None
    if begin[0] > end[1]:
        case.add(s, Check("calendar", "error", f"{first} comes after {last}.", "order of dates"))
        return None
    case.add(s, Check("calendar", "ok", "The dates are in order.", "order of dates", {"ordered": True}))
    return begin[0]


_LEAP = "2000"
"""A year in which every day of the calendar exists."""


def _without_year(case: Case, s: Statement, first: str, last: str) -> None:
    """`between January 1 and July 20`: both days exist; which year they are of, and so their order, is not said."""
    days = [first_and_last_day(_LEAP + d[1:] if d.startswith("--") else d) for d in (first, last)]
    if None in days:
        case.add(s, Check("calendar", "error", "One of the dates is no day of the calendar.", "calendar"))
    else:
        case.add(s, Check("calendar", "ok", "The dates exist.", "calendar", {"valid": True}))


def _bounded(case: Case, start: dt.date, cutoff: dt.date, dates: tuple[Statement, Statement]) -> None:
    """Follow-up, treatment and time-to-event values of the study itself lie within enrolment to cut-off."""
    for s in case.statements:
        q = s.quantities
        if s.kind not in ("median_range", "median_ci", "median_only") or q.unit not in _DAYS or case.cites(s):
            continue
        if q.outcome not in ("follow-up", "TRTDUR", "DOR", "TTR", "PFS", "OS"):
            continue
        longest = ((cutoff - start).days + 1) / _DAYS[q.unit]
        values = [x for x in (q.value, q.high if q.interval == "range" else None) if isinstance(x, Printed)]
        most = max(values, key=lambda x: x.value)
        computed = {"longest_possible": round(longest, 2)}
        if float(most.low) > longest:
            sentence = f"{most.text} {q.unit} is longer than enrolment to cut-off, {longest:.2f} {q.unit}."
            verdict = "error-if" if q.outcome in ("follow-up", "TRTDUR") or most is q.value else "cannot confirm"
            case.relate("follow-up", (*dates, s), verdict, sentence, "date arithmetic", computed, on=(s,))
        elif q.outcome in ("follow-up", "TRTDUR"):
            sentence = f"{most.text} is possible: enrolment to cut-off is {longest:.2f} {q.unit}."
            case.relate("follow-up", (*dates, s), "ok", sentence, "date arithmetic", computed, on=(s,))
