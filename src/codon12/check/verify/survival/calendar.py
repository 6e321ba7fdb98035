"""Dates exist and come in order; no follow-up is longer than from the first enrolment to the data cut-off."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.finding.dates import first_and_last_day, is_calendar_date
from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.numbers.unrounded import Printed

__all__ = ["check_calendar"]

_ENROLLED = re.compile(
    r"\b(?:enrol\w*|randomi[sz]\w*|recruit\w*|assigned|accru\w*|screened|allocated|diagnosed|treated|operated|"
    r"underwent|"
    r"included|admitted|transplanted|resected|entered|registered)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?:first (?:patient|participant|subject)\b[^.;]{0,30}|(?:enrol+ment|recruitment|"
    r"accrual)[^.;]{0,12} (?:began|started|opened))"
    r"[^.;]{0,12}$",
    re.IGNORECASE,
)
_CUTOFF = re.compile(
    r"cut-?[\s-]?off|followed up|data(?:base)? ?(?:was |were )?lock|\bfrozen\b|last follow|"
    r"follow-up ended|end of follow|followed (?:up )?(?:until|through|to|till)|"
    r"follow-up (?:was |continued |data were )?(?:[a-z]+ )?(?:until|through|to|till)\b|"
    r"\bdata (?:were |was )?(?:[a-z]+ )?(?:collected|gathered|available|obtained) (?:until|through|till|by|up to)\b|"
    r"\b(?:study|trial) (?:ended|closed|was (?:ended|closed|completed|stopped|terminated)) (?:in|on)\b",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"\b(?:enrol+ment|recruitment|accrual)\b[^.;]{0,40}\b(?:closed|ended|stopped) (?:in|on) $", re.IGNORECASE
)
"""Before the day on which enrolment closed, whatever else the sentence tells."""
_END_OF = re.compile(r"\bend of (?P<y>(?:19|20)\d\d)\b")
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
            elif days and _CUTOFF.search(case.sentence(s)) and not _CLOSED.search(case.around(s, 60, 0)[0]):
                cutoff, cut = (days[1], s) if cutoff is None else (cutoff, cut)
        elif s.kind == "date_range" and q.date is not None and q.date_end is not None:
            days = _ordered(case, s)
            if days and _ENROLLED.search(case.sentence(s)):
                spans.append(s)
                start = days if start is None else min(start, days)
    _ends_after_it_began(case, [s for s in case.statements if s.kind == "date"])
    if cutoff is not None and cut is not None and cut.quantities.date is not None:
        _after_cutoff(case, cutoff, cut)
    _one_cutoff(case)
    if cutoff is not None and cut is not None:
        _cut_before_the_last(case, cutoff, cut, spans)
    place: Statement | tuple[int, int] | None = cut
    if cutoff is None and (year := _end_of_year(case)) is not None:
        cutoff, place = dt.date(int(year["y"]), 12, 31), year.span("y")
    if start is not None and cutoff is not None and place is not None and len(spans) == 1:
        _bounded(case, start, cutoff, (spans[0], place))


_AT_CUTOFF = re.compile(
    r"\bdata[- ]?(?:base)?[- ](?:cut[- ]?off|lock|cutoff)(?: date)?(?: (?:was|of|on|is|for this analysis was))?,? "
    r"?\(?$",
    re.IGNORECASE,
)
_SEVERAL_CUTS = re.compile(
    r"\b(?:interim|final|first|second|third|updated?|later|earlier|previous|primary|initial|respectively|another|new|"
    r"longer|additional|extended)\b",
    re.IGNORECASE,
)


def _one_cutoff(case: Case) -> None:
    """The data cut-off, where a text speaks of one, is told twice as the same day."""
    named = [
        s for s in case.statements
        if s.kind == "date" and s.quantities.date and len(s.quantities.date) == _WHOLE_DATE
        and _AT_CUTOFF.search(case.around(s, 50, 0)[0])
        and not case.says(s, _SEVERAL_CUTS) and not case.cites(s)
    ]  # fmt: skip
    for s in named[1:]:
        if s.quantities.date != named[0].quantities.date:
            sentence = f"The data cut-off is {s.quantities.date} here and {named[0].quantities.date} before."
            case.relate("calendar", (named[0], s), "error-if", sentence, "comparison of dates", on=(s,))
            return


_WHOLE_DATE = 10


def _cut_before_the_last(case: Case, cutoff: dt.date, cut: Statement, spans: list[Statement]) -> None:
    """Who was enrolled until August 2018 is not in an analysis of March 2017, unless this was an earlier one."""
    if len(spans) != 1 or spans[0].kind != "date_range" or case.says(cut, _SEVERAL_CUTS):
        return
    last = first_and_last_day(spans[0].quantities.date_end or "")
    if last is not None and last[0] > cutoff:
        sentence = f"Enrolment went on until {spans[0].quantities.date_end}, behind the data cut-off of {cutoff}."
        case.relate("calendar", (spans[0], cut), "error-if", sentence, "order of dates", on=(cut,))


def _end_of_year(case: Case) -> re.Match[str] | None:
    """Where a sentence says that patients were followed until the end of a year."""
    for p in case.text.passages if case.has(_END_OF) else ():
        found = _END_OF.search(case.flat, p.start, p.end) if p.table is None and case.may(_END_OF, p) else None
        if found is not None and _CUTOFF.search(case.flat, p.start, p.end):
            return found
    return None


_OBSERVED = re.compile(
    r"\b(?:last|final|latest|first) (?:patient|participant|subject|death|event|progression|dose|scan)\b[^.;]{0,40}"
    r"\b(?:on|in) $"
    r"|\bthe (?:last|final|latest)(?: of (?:them|these|which|whom))?(?: (?:occurring|being|recorded|observed|seen))? "
    r"(?:on|in) $"
    r"|\b(?:died|progressed|was (?:enrolled|randomi[sz]ed|treated)|were (?:enrolled|randomi[sz]ed|treated)|occurred)"
    r"(?: on| in) $",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\bafter (?:the )?(?:data )?cut-?\s?off|will|plan|expected|update|second (?:data )?cut", re.IGNORECASE
)


def _after_cutoff(case: Case, cutoff: dt.date, cut: Statement) -> None:
    """What was observed lies before the data cut-off that the same paragraph or the next names."""
    named = [s for s in case.statements if s.kind == "date" and _CUTOFF.search(case.sentence(s))]
    if len(named) > 1:  # of several dates of one sentence, the one that the word stands beside
        named = [s for s in named if _CUTOFF.search(" ".join(case.around(s, 45, 25)))]
    if named != [cut]:
        return
    for s in case.beside(cut, 3):
        if s.kind != "date" or s is cut or s.quantities.date is None or case.cites(s) or case.says(s, _LATER):
            continue
        days = first_and_last_day(s.quantities.date)
        if (
            days is None
            or days[0] <= cutoff
            or len(s.quantities.date) < 7
            or not _OBSERVED.search(case.around(s, 90, 0)[0])
        ):
            continue
        sentence = f"{s.quote} lies behind the data cut-off of {cut.quantities.date}."
        case.relate("calendar", (cut, s), "error-if", sentence, "order of dates", on=(s,))


_BEGAN = re.compile(r"\b(?:began|started|opened|commenced|initiated)\b(?: on| in)? $", re.IGNORECASE)
_ENDED = re.compile(
    r"\b(?:ended|closed|completed|finished|stopped|concluded)\b(?: (?:recruitment|enrol+ment|accrual))?(?: on"
    r"| in)? $",
    re.IGNORECASE,
)


_FIRST_IN = re.compile(r"\bfirst (?:patient|participant|subject|case|dose)\b[^.;\d]{0,20}$", re.IGNORECASE)
_AND_LAST = re.compile(
    r"\b(?:and|to) (?:its |the )?last\b(?: (?:patient|participant|subject|case|"
    r"dose))?[^.;\d]{0,14}$",
    re.IGNORECASE,
)
_LAST_IN = re.compile(
    r"\blast (?:patient|participant|subject)\b[^.;\d]{0,20}(?:enrolled|randomi[sz]ed|included|"
    r"recruited)[^.;\d]{0,6}$",
    re.IGNORECASE,
)


def _ends_after_it_began(case: Case, dates: list[Statement]) -> None:
    """`enrolment began in March 2020 and ended in January 2019`."""
    for a, b in pairwise(dates):
        if a.passage != b.passage or a.quantities.date is None or b.quantities.date is None:
            continue
        first, last = first_and_last_day(a.quantities.date), first_and_last_day(b.quantities.date)
        if first is None or last is None:
            continue
        ahead, until = case.around(a, 40, 0)[0], case.around(b, 60, 0)[0]
        turned = first[0] > last[1]
        sentence = ""
        if turned and _BEGAN.search(ahead) and _ENDED.search(until):
            sentence = f"{b.quote}, when it ended, lies before {a.quote}, when it began."
        elif turned and _FIRST_IN.search(ahead) and _AND_LAST.search(case.flat[a.normal_end : b.normal_start]):
            sentence = f"{b.quote}, of the last, lies before {a.quote}, of the first."
        elif last[0] > first[1] and _ENDED.search(ahead) and _LAST_IN.search(until):
            sentence = f"{b.quote}, when the last came in, lies behind {a.quote}, when it was closed."
        if sentence:
            case.relate("calendar", (a, b), "error-if", sentence, "order of dates", on=(b,))


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


def _bounded(case: Case, start: dt.date, cutoff: dt.date, dates: tuple[Statement, Statement | tuple[int, int]]) -> None:
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
