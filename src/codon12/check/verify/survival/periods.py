"""Periods in months or years beside the dates that bound them: `over 18 months, from February 2014 to January 2017`."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.finding.dates import first_and_last_day
from codon12.check.finding.spelled import WORD_VALUES
from codon12.check.statements import Statement
from codon12.check.verify.case import Case

__all__ = ["check_periods"]

_LENGTH = (
    r"(?P<n>\d+(?:\.\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)[- ]"
    r"(?P<u>month|year|week|day)s?"
)
_AHEAD = re.compile(
    rf"\b(?:(?:over|during|in|for|spanning|covering) |within (?=a ))(?:a |an |the )?(?:total |study |entire )?"
    rf"(?:period |time |interval |duration )?(?:of )?{_LENGTH}"
    rf"(?:[- ](?:period|interval|time|accrual|enrolment|enrollment|study|recruitment))*"
    r"(?: period)?,? ?(?:\(|\bfrom\b|\bbetween\b|\bi\.e\.,?)? ?\(?$",
    re.IGNORECASE,
)
_STUDY = re.compile(
    rf"\b(?:this|a|an|our|the) {_LENGTH} (?:(?!follow)[a-z-]+ ){{0,4}}?(?:study|survey|review|audit|cohort|analysis|"
    rf"series|trial)\b"
    r"(?![^.;]*\b(?:aged|born|follow))[^.;\d]{0,60} (?:from|between|during|in) $",
    re.IGNORECASE,
)
"""`this 3-year retrospective study covers all admissions from` its first to its last day."""
_BEHIND = re.compile(
    rf"^,? ?\(?(?:,? ?(?:a|an|or|i\.e\.,?|over|during|spanning|covering|for) )*(?:period |total |duration |"
    rf"interval )*(?:of )?{_LENGTH}(?: (?:in total|in all|period|interval)|[- ]period|\)|,|;|\.)",
    re.IGNORECASE,
)
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
_REACH = 80
_LONG_REACH = 140
_MORE_DATES = re.compile(r",? (?:and |then |again in )?(?:[A-Z][a-z]{2,8} )?(?:19|20)\d\d\b")
"""Behind a range that is one of several: `14 years (1999-2001, 2006 and 2012)`."""


_EACH = re.compile(r"\b(?:followed|monitored|observed|treated)(?: up)? for\b", re.IGNORECASE)
"""So long for each of those who came in a longer time."""


def check_periods(case: Case) -> None:
    """Check the length of a period against its first and last date, whatever days of a month or year are meant."""
    for s in case.statements:
        if s.kind != "date_range" or case.text.passages[s.passage].table is not None:
            continue
        before, after = case.around(s, _REACH, _REACH)
        m = _AHEAD.search(before) or _BEHIND.match(after) or _STUDY.search(case.around(s, _LONG_REACH, 0)[0])
        if m is not None and not _MORE_DATES.match(after) and not _EACH.search(m[0] + before[-60:]):
            _compare(case, s, m)


def _compare(case: Case, s: Statement, m: re.Match[str]) -> None:
    first, last = s.quantities.date, s.quantities.date_end
    if first is None or last is None or last.startswith("--"):
        return
    if first.startswith("--"):
        first = last[:4] + first[1:]
    begin, end = first_and_last_day(first), first_and_last_day(last)
    if begin is None or end is None or begin[0] > end[1]:
        return
    number, unit = m["n"].lower(), _DAYS[m["u"].lower()]
    told = float(WORD_VALUES.get(number) or number)
    shortest, longest = (end[0] - begin[1]).days / unit, ((end[1] - begin[0]).days + 1) / unit
    slack = max(0.6, 0.1 * longest)
    if told < shortest - slack or told > longest + slack:
        word = f"{m['u'].lower()}s"
        sentence = f"{first} to {last} are {max(shortest, 0):.1f} to {longest:.1f} {word}, not {m['n']}."
        case.relate("calendar", (s,), "error-if", sentence, "date arithmetic", on=(s,))
