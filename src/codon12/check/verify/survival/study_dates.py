"""When a study took its patients in and when its observation ended, as far as the text tells one of each."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.finding.dates import first_and_last_day
from codon12.check.statements import Statement
from codon12.check.verify.case import Case

__all__ = ["SEVERAL_CUTS", "StudyDates", "days_of", "study_dates"]

SEVERAL_CUTS = re.compile(
    r"\b(?:interim|final|first|second|third|updated?|later|earlier|previous|primary|initial|respectively|another|new|"
    r"longer|additional|extended)\b",
    re.IGNORECASE,
)
"""Words of a text that was analysed more than once."""
_ENROLLED = re.compile(
    r"\b(?:enrol\w*|randomi[sz]\w*|recruit\w*|assigned|accru\w*|screened|allocated|diagnosed|treated|operat\w*|underwent|"
    r"undergo\w+|included|admitted|transplanted|resected|entered|registered|implant\w*|performed|carried out|done|"
    r"surgery|resections?|took place|radiotherapy|chemoradi\w+|received|biopsied|presented|seen|referred)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?:first (?:patient|participant|subject)\b[^.;]{0,30}|(?:enrol+ment|recruitment|accrual)[^.;]{0,12} "
    r"(?:began|started|opened))[^.;]{0,12}$",
    re.IGNORECASE,
)
_CUTOFF = re.compile(
    r"cut-?[\s-]?off|followed up|data(?:base)? ?(?:was |were )?lock|\bfrozen\b|last (?:follow|visits?|contacts?|scans?"
    r"|patient visit|examinations?)|\bcensored\b|follow-up (?:was )?(?:ended|closed|terminated|completed|stopped)|end of (?:follow|the study)|followed (?:up "
    r")?(?:until|through|to|till)|follow-up (?:was |continued |data were )?(?:[a-z]+ )?(?:until|through|to|till)\b|"
    r"\bdata (?:were |was )?(?:[a-z]+ )?(?:collected|gathered|available|obtained|locked|analy[sz]ed) (?:until|through|"
    r"till|by|up to|as of)\b|\brecords (?:were|was) last (?:reviewed|updated|checked)\b|\blast (?:reviewed|updated)\b|\banalys[ei]s (?:was|took)|\b(?:study|trial) (?:ended|closed|was (?:ended|closed|"
    r"completed|stopped|terminated)) (?:in|on)\b",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"\b(?:enrol+ment|recruitment|accrual)\b[^.;]{0,40}\b(?:closed|ended|stopped|completed) (?:in|on) $", re.IGNORECASE
)
"""Before the day on which enrolment closed, whatever else the sentence tells."""
_END_OF = re.compile(r"\bend of (?P<y>(?:19|20)\d\d)\b")
_MONTH = 7
"""Letters of a date that tells its month."""


class StudyDates(NamedTuple):
    """Dates of a study: first day of entry, last day of observation, and the statements that tell them."""

    start: dt.date | None
    cutoff: dt.date | None
    cut: Statement | None
    """The date of the cut-off, where it is a statement."""
    place: Statement | tuple[int, int] | None
    """Where the end of observation stands."""
    entry: list[Statement]
    cuts: int
    """How many dates stand beside words of a cut-off."""


def days_of(s: Statement) -> tuple[dt.date, dt.date] | None:
    """First and last day that a date or a range of dates may mean."""
    first, last = s.quantities.date or "", s.quantities.date_end or s.quantities.date or ""
    if last.startswith("--"):
        return None
    begin = first_and_last_day(last[:4] + first[1:] if first.startswith("--") else first)
    end = first_and_last_day(last)
    return None if begin is None or end is None else (begin[0], end[1])


def study_dates(case: Case) -> StudyDates:
    """When patients entered, by ranges beside words of entry or the day of the first, and when the data were cut off."""
    cutoff: dt.date | None = None
    cut: Statement | None = None
    entry: list[Statement] = []
    named: list[Statement] = []
    for s in case.statements:
        if s.kind not in ("date", "date_range") or (days := days_of(s)) is None or days[0] > days[1]:
            continue
        ahead = case.around(s, 60, 0)[0]
        ends = _CUTOFF.search(case.sentence(s)) is not None and _CLOSED.search(ahead) is None
        first = _FIRST.search(ahead) is not None
        if s.kind == "date_range":
            if _ENROLLED.search(case.sentence(s)):
                entry.append(s)
        elif first and len(s.quantities.date or "") >= _MONTH:
            entry.append(s)
        elif ends:
            cutoff, cut = (days[1], s) if cutoff is None else (cutoff, cut)
            named.append(s)
    if len(named) > 1:  # of several dates of one sentence, the one that the word stands beside
        ahead_of = [s for s in named if _CUTOFF.search(case.around(s, 45, 0)[0])]
        named = ahead_of if len(ahead_of) == 1 else [s for s in named if _CUTOFF.search(" ".join(case.around(s, 45, 25)))]
        if len(named) == 1:
            cut, days = named[0], days_of(named[0])
            cutoff = days[1] if days is not None else cutoff
    starts = [days[0] for s in entry if (days := days_of(s)) is not None]
    place: Statement | tuple[int, int] | None = cut
    if cutoff is None and (year := _end_of_year(case)) is not None:
        cutoff, place = dt.date(int(year["y"]), 12, 31), year.span("y")
    return StudyDates(min(starts, default=None), cutoff, cut, place, entry, len(named))


def _end_of_year(case: Case) -> re.Match[str] | None:
    """Where a sentence says that patients were followed until the end of a year."""
    for p in case.text.passages if case.has(_END_OF) else ():
        found = _END_OF.search(case.flat, p.start, p.end) if p.table is None and case.may(_END_OF, p) else None
        if found is not None and _CUTOFF.search(case.flat, p.start, p.end):
            return found
    return None
