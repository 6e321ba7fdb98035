"""Times that dates bound: the length of a period, months from one date to the next, follow-up until the cut-off."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.finding.dates import first_and_last_day
from codon12.check.finding.lexicon import MONTHS
from codon12.check.finding.spelled import NUMBER_WORD, WORD_VALUES
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge, sentences_with
from codon12.check.verify.survival.study_dates import StudyDates, days_of, study_dates
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_periods"]

_LENGTH = (
    rf"(?P<n>\d+(?:\.\d+)?|{NUMBER_WORD})"
    r"[- ](?:consecutive |full |whole |calendar |successive |complete )?(?P<u>month|year|week|day)s?"
)
_AHEAD = re.compile(
    r"\b(?:(?:over|during|in|for|spanning|covering|across|of|lasted|lasting|took|taking|(?:ran|open|recruited) for) |"
    r"within (?=a |[^.;()]*\())(?:a |an |the |our "
    r")?(?:exactly |precisely |just |about |approximately |around |some |roughly )?(?:total |"
    r"study |entire "
    rf"|whole |first |last )?(?:period |time |interval |duration )?(?:of )?{_LENGTH}"
    rf"(?:[- ](?:period|interval|time|accrual|enrolment|enrollment|study|recruitment|window|span))*"
    r"(?: period| to (?:recruit|enrol|enroll|accrue|complete|include|fill)\b[a-z ]{0,30})?,? ?(?:\(|\bfrom\b|"
    r"\bbetween\b|\bi\.e\.,?)? ?\(?(?:from |between )?$",
    re.IGNORECASE,
)
_DURATION = re.compile(
    rf"\b(?<!median )(?<!mean )(?<!average )(?<!treatment )(?:(?:duration|length)(?: of (?:the )?(?:study|trial|"
    rf"survey|accrual|"
    r"enrol+ment|recruitment|inclusion|observation))?|(?:study|accrual|enrol+ment|recruitment|inclusion|observation) "
    r"(?:period|time|duration)) "
    rf"(?:was|of|is|lasted|spanned) (?:about |approximately )?{_LENGTH},? ?\(?(?:i\.e\.,? )?(?:from |between )?$",
    re.IGNORECASE,
)
_STUDY = re.compile(
    rf"\b(?:this|a|an|our|the) {_LENGTH} (?:(?!follow)[a-z-]+ ){{0,4}}?(?:study|survey|review|audit|cohort|analysis|"
    rf"series|trial|period)\b"
    r"(?![^.;]*\b(?:aged|born|follow))[^.;\d]{0,60} (?:\(|from|between|during|in) ?$",
    re.IGNORECASE,
)
"""`this 3-year retrospective study covers all admissions from` its first to its last day."""
_BEHIND = re.compile(
    rf"^,? ?\(?(?:,? ?(?:a|an|or|i\.e\.,?|in|over|during|spanning|covering|for|that is,?) )*(?:period |total "
    rf"|duration |"
    rf"interval )*(?:of )?{_LENGTH}(?: (?:in total|in all|period|interval)|[- ]period|\)|,|;|\.)",
    re.IGNORECASE,
)
_THESE = re.compile(
    rf"(?:(?!\b{NUMBER_WORD}\b)[^.;()\d]){{0,60}}[;,.] (?:and |but )?(?:over|during|in|throughout|across|within) "
    rf"(?:these|those|this|that) (?:same )?{_LENGTH}"
    r"(?= (?!later|after|before|earlier|prior|previous|follow)[a-z]|[- ]period|,)",
    re.IGNORECASE,
)
"""`from January 2012 through December 2014 were included; over these six years`."""
_FOLLOW_UP = re.compile(
    r"\bfollow(?:ed)?(?:[- ]?up)?\b[^.;\d]{0,60}$|\bfollow(?:ed)?(?:[- ]?up)?\b[^.;\d]{0,40}\b"
    r"(?:minimum|least|for|of)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
"""Each was followed so long, at some time between the dates."""
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAYS = {"d": 1.0, "w": 7.0, "m": 30.4375, "y": 365.25}
_REACH, _LONG_REACH = 80, 140
_MORE_DATES = re.compile(r",? (?:and |then |again in )?(?:[A-Z][a-z]{2,8} )?(?:19|20)\d\d\b")
"""Behind a range that is one of several: `14 years (1999-2001, 2006 and 2012)`."""


def check_periods(case: Case) -> None:
    """Check lengths of periods, gaps between dates told one after the other, and follow-up until the cut-off."""
    for s in case.statements:
        if s.kind != "date_range" or case.text.passages[s.passage].table is not None:
            continue
        before, after = case.around(s, _REACH, _REACH)
        m = (
            _AHEAD.search(before)
            or _BEHIND.match(after)
            or _DURATION.search(before)
            or _STUDY.search(case.around(s, _LONG_REACH, 0)[0])
            or _THESE.match(case.around(s, 0, _LONG_REACH)[1])
        )
        span = days_of(s)
        if m is not None and _FOLLOW_UP.search(before):
            continue
        if m is not None and not _MORE_DATES.match(after) and span is not None:
            _period(case, s, m)
    _later(case)
    _begun_and_ended(case)
    _by_the_clock(case)
    study = study_dates(case)
    if study.cutoff is not None and study.place is not None:
        if len(study.entry) == 1:
            _medians(case, study, study.cutoff)
        _followed(case, study, study.cutoff)
        _until_cutoff(case, study, study.cutoff)


_MORE_THAN = re.compile(
    rf"\b(?:ran|went on|lasted|open|continued)(?: for)? (?:over|more than|at least) {_LENGTH}[^.;\d]*$"
)


def _told(m: re.Match[str]) -> float:
    number = m["n"].lower()
    return float(WORD_VALUES.get(number) or number)


def _period(case: Case, s: Statement, m: re.Match[str]) -> None:
    first, last = s.quantities.date or "", s.quantities.date_end or ""
    begin = first_and_last_day(last[:4] + first[1:] if first.startswith("--") else first)
    end = first_and_last_day(last)
    unit = _DAYS[m["u"][0].lower()]
    if begin is None or end is None or begin[0] > end[1]:
        return
    shortest, longest = (end[0] - begin[1]).days / unit, ((end[1] - begin[0]).days + 1) / unit
    slack = max(0.6, 0.1 * longest)
    if _told(m) <= longest and _MORE_THAN.search(case.around(s, _LONG_REACH, 0)[0]):
        return
    if not shortest - slack <= _told(m) <= longest + slack:
        sentence = f"{first} to {last} are {max(shortest, 0):.1f} to {longest:.1f} {m['u'].lower()}s, not {m['n']}."
        case.relate("calendar", (s,), "error-if", sentence, "date arithmetic", on=(s,))


_LATER = re.compile(
    rf"\b(?:(?:about |approximately |some |just )?{_LENGTH} (?:later|afterwards|after (?:this|that|the [a-z]+"
    rf"|diagnosis"
    rf"|surgery|transplantation))|after {_LENGTH.replace('?P<n>', '?P<n2>').replace('?P<u>', '?P<u2>')}(?: of "
    rf"[a-z -]{{3,30}})?),? "
    r"(?:in |on |\()?(?:early |late )?$",
    re.IGNORECASE,
)


def _later(case: Case) -> None:
    """`diagnosed in March 2012; three years later, in June 2014`."""
    dates = [s for s in case.statements if s.kind == "date" and len(s.quantities.date or "") >= len("2012-03")]
    for a in dates:
        if case.text.passages[a.passage].table is None and len(a.quantities.date or "") == len("2012-03-01"):
            _later_without_a_year(case, a)
    for a, b in pairwise(dates):
        if not 0 <= b.passage - a.passage <= 1 or case.text.passages[a.passage].table is not None or case.cites(b):
            continue
        m = _LATER.search(case.flat[a.normal_end : b.normal_start])
        first, last = days_of(a), days_of(b)
        if m is None or first is None or last is None:
            continue
        number, unit = (m["n"] or m["n2"]).lower(), m["u"] or m["u2"]
        told, days = float(WORD_VALUES.get(number) or number), _DAYS[unit[0].lower()]
        shortest, longest = (last[0] - first[1]).days / days, ((last[1] - first[0]).days + 1) / days
        slack = max(0.6 if unit[0].lower() == "y" else 1.1, 0.25 * longest)
        if not shortest - slack <= told <= longest + slack:
            sentence = f"{a.quote} to {b.quote} are {shortest:.1f} to {longest:.1f} {unit.lower()}s, not {number}."
            case.relate("calendar", (a, b), "error-if", sentence, "date arithmetic", on=(b,))


_LATER_DAY = re.compile(
    rf"\b{_LENGTH} (?:later|afterwards|after (?:this|that)),? \(?on (?:the )?(?:(?P<d>\d\d?)(?:st|nd|rd|th)?(?: of)? "
    rf"(?P<month>{_MONTH})|(?P<month2>{_MONTH}) (?P<d2>\d\d?)(?:st|nd|rd|th)?)\b(?!,? (?:of )?(?:19|20)\d\d)",
    re.IGNORECASE,
)


def _later_without_a_year(case: Case, a: Statement) -> None:
    """`fell ill on 27 February 2020; the last fell ill 13 days later, on 11 March`: of the same year or the next."""
    first = days_of(a)
    m = _LATER_DAY.search(case.flat, a.normal_end, case.text.passages[a.passage].end)
    if m is None or first is None or m["u"].lower() not in ("day", "week") or case.cites(a):
        return
    if any(a.normal_end <= s.normal_start < m.start() for s in case.by_passage[a.passage] if s.kind in _DATES):
        return
    month, day = MONTHS[(m["month"] or m["month2"]).lower()], int(m["d"] or m["d2"])
    same, following = (first_and_last_day(f"{first[0].year + k}-{month}-{day}") for k in (0, 1))
    last = same if same is None or same[0] >= first[0] else following
    if last is None:
        return
    unit = _DAYS[m["u"].lower()[0]]
    apart = (last[0] - first[0]).days / unit
    if abs(_told(m) - apart) > max(1.1, 0.1 * apart):
        sentence = f"{a.quote} to {day} {m['month'] or m['month2']} are {apart:.3g} {m['u']}s, not {m['n']}."
        judge(case, case.text.passages[a.passage], "calendar", [m.span("n")], "error-if", sentence, "date arithmetic")


_DATES = ("date", "date_range")
_CLOCK = r"(?P<{0}>[01]?\d|2[0-3])[:.h](?P<{1}>[0-5]\d)(?: ?(?:h|hours?|hrs?|(?P<{2}>[ap])\.?m\.?))?(?![\d:.]*\d)"
_CLOCKS = re.compile(
    rf"\b(?:start\w*|beg[aiu]n\w*|commenc\w+|opened|incision|from|onset)\b[^.;:\d]{{0,30}}? (?:at )?"
    rf"{_CLOCK.format('a', 'b', 'c')}[^.;:\d]{{0,60}}? {_CLOCK.format('x', 'y', 'z')},? (?:\(|giving |and lasted |for |"
    rf"lasting |that is,? |i\.e\.,? |making )?(?:(?:a|an|in|with a) )?(?:total |operating |operative |overall )?"
    rf"(?:(?:duration|time|length|period) of )?(?P<n>\d+) ?(?:min\b|minutes?\b)"
)
"""`started at 08:40 and ended at 11:25, a duration of 165 minutes`."""
_HALF_A_DAY, _MINUTES_OFF = 12 * 60, 5


def _by_the_clock(case: Case) -> None:
    """The minutes between two times of day, over midnight or noon too where the text does not say which half."""
    for p in sentences_with(case, "minute", " min"):
        for m in _CLOCKS.finditer(case.flat, p.start, p.end):
            begin, end = (60 * int(m[h]) + int(m[k]) for h, k in ("ab", "xy"))
            apart, told = (end - begin) % _HALF_A_DAY, int(m["n"])
            if all(abs(told - apart - k) > _MINUTES_OFF for k in (0, _HALF_A_DAY)):
                sentence = f"From {m['a']}:{m['b']} to {m['x']}:{m['y']} are {apart} minutes, not {told}."
                judge(case, p, "calendar", [m.span("n")], "error-if", sentence, "date arithmetic")


_BEGAN = re.compile(
    rf"\b(?:for|over|during|of|in|lasted|within|took)(?: a)?(?: total of"
    rf"| period of)? {_LENGTH}\b[^.;\d]{{0,30}}?,? ?\(?"
    r"(?:beginning|starting|which (?:began|started)|from|commencing)(?: on| in)?(?: the)? $",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r",? (?:and |which )?(?:ending|ended|finish(?:ed|ing)|conclud(?:ed|ing)|clos(?:ed|ing)|until|to|through"
    r"|stopp(?:ed|ing)|"
    r"terminat(?:ed|ing))(?: on| in)?(?: the)? ",
    re.IGNORECASE,
)


def _begun_and_ended(case: Case) -> None:
    """`for 14 months, beginning on 1 March 2018 and ending on 29 February 2020`."""
    dates = [s for s in case.statements if s.kind == "date" and len(s.quantities.date or "") >= len("2012-03")]
    for a, b in pairwise(dates):
        if a.passage != b.passage or case.text.passages[a.passage].table is not None or case.cites(b):
            continue
        p = case.text.passages[a.passage]
        m = _BEGAN.search(case.flat[p.start : a.normal_start])
        first, last = days_of(a), days_of(b)
        if m is None or first is None or last is None or not _ENDED.fullmatch(case.flat[a.normal_end : b.normal_start]):
            continue
        unit = _DAYS[m["u"][0].lower()]
        shortest, longest = (last[0] - first[1]).days / unit, ((last[1] - first[0]).days + 1) / unit
        if not shortest - max(0.6, 0.1 * longest) <= _told(m) <= longest + max(0.6, 0.1 * longest):
            sentence = f"{a.quote} to {b.quote} are {shortest:.1f} to {longest:.1f} {m['u'].lower()}s, not {m['n']}."
            case.relate("calendar", (a, b), "error-if", sentence, "date arithmetic", on=(b,))


_SHORTEST = 60
"""Days from entry to cut-off, fewer of which are of a meeting or a release rather than of a study."""
_OUTCOMES = ("follow-up", "TRTDUR", "DOR", "TTR", "PFS", "OS")


def _medians(case: Case, study: StudyDates, cutoff: dt.date) -> None:
    """Follow-up, treatment and time-to-event values of the study itself lie within enrolment to cut-off."""
    if _room(study, cutoff) < _SHORTEST:
        return
    for s in case.statements:
        q = s.quantities
        if s.kind not in ("median_range", "median_ci", "median_only") or q.outcome not in _OUTCOMES or case.cites(s):
            continue
        if case.says(s, _NOT_OF_IT):
            continue
        if q.unit not in ("days", "weeks", "months", "years"):
            continue
        longest = _room(study, cutoff) / _DAYS[q.unit[0]]
        values = [x for x in (q.value, q.high if q.interval == "range" else None) if isinstance(x, Printed)]
        most = max(values, key=lambda x: x.value)
        computed = {"longest_possible": round(longest, 2)}
        members = (study.entry[0], study.place or study.entry[0], s)
        if float(most.low) > longest:
            sentence = f"{most.text} {q.unit} is longer than enrolment to cut-off, {longest:.2f} {q.unit}."
            verdict = "error-if" if q.outcome in ("follow-up", "TRTDUR") or most is q.value else "cannot confirm"
            case.relate("follow-up", members, verdict, sentence, "date arithmetic", computed, on=(s,))
        elif q.outcome in ("follow-up", "TRTDUR"):
            sentence = f"{most.text} is possible: enrolment to cut-off is {longest:.2f} {q.unit}."
            case.relate("follow-up", members, "ok", sentence, "date arithmetic", computed, on=(s,))


def _room(study: StudyDates, cutoff: dt.date) -> int:
    return 0 if study.start is None else (cutoff - study.start).days + 1


_FOLLOWED = re.compile(
    rf"\bfollow(?:ed)?(?:[- ]up)?\b[^.;()\d]{{0,60}}?(?P<v>{NUMBER})(?: ?(?:to|-) ?(?P<x>{NUMBER}))? (?P<u>years?|"
    r"months?|weeks?)\b"
    r"|\b(?:observ(?:ed|ation)|in (?:[a-z]+ ){0,2}(?:remission|response)|(?:responses?|remissions?) (?:that )?(?:have |"
    r"had )?"
    r"last(?:s|ed|ing)|longest|on (?:study|trial))\b(?: (?:ongoing|time|period|so far))*,? "
    rf"(?:[a-z]+ ){{0,3}}?(?:for|after|of|is|was|at|to)(?: (?:up to|about|nearly|as long as|over|more than))? "
    rf"(?P<z>{NUMBER}) "
    r"(?P<u3>years?|months?)\b(?! (?:before|prior|earlier|of age))"
    rf"|\b(?P<w>{NUMBER})(?: ?(?:to|-) ?(?P<y>{NUMBER}))? (?P<u2>years?|months?|weeks?) (?:of follow[- ]?up|of "
    rf"observation|"
    r"on (?:study|trial))\b",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"\b(?:[Aa]ll|[Ee]very one of|[Ee]ach of) (?:the |these )?(?:\d+ )?(?:patients|participants|subjects|women|men|"
    r"survivors|"
    r"children) (?:were|was|had been|have been) $|\b[Ee]very (?:patient|participant|subject) (?:was|had been) $"
)
_UNLESS = re.compile(r"[,;]? (?:or|until|unless|if|as|according|except|after|from)\b")
_LEAST = re.compile(r"\b(?:minimum|at least|shortest)\b", re.IGNORECASE)
_NOT_OF_IT = re.compile(
    r"\b(?:previous\w*|earlier trial|planned|will|would|median age|pre-?treatment|up to|more than|every(?! patient| "
    r"participant| subject)|for \d+ "
    r"weeks|until"
    r" \d|scheduled|long-term|subsequent|requir\w+|protocol|historical)\b",
    re.IGNORECASE,
)


def _followed(case: Case, study: StudyDates, cutoff: dt.date) -> None:
    """`followed for a median of 15.8 months`; `a minimum follow-up of 24 months` after the last came in."""
    for p in sentences_with(case, "follow", "observ", "remission", "respon", "longest", "on study", "on trial"):
        for m in _FOLLOWED.finditer(case.flat, p.start, p.end):
            which, unit = ("v", m["u"]) if m["v"] else ("z", m["u3"]) if m["z"] else ("w", m["u2"])
            least = _LEAST.search(case.flat, max(p.start, m.start() - 25), m.end()) is not None
            least = least or (
                _EACH.search(case.flat, p.start, m.start()) is not None and not _UNLESS.match(case.flat, m.end())
            )
            known = not least and compared(case, m.span(which), "follow-up")
            if known or _NOT_OF_IT.search(case.flat, p.start, p.end):
                continue
            since = study.last_in if least else study.start
            if since is None or (not least and len(study.entry) != 1):
                continue
            which = which if least else "x" if m["x"] else "y" if m["y"] else which  # of a range the longest
            room, days = (cutoff - since).days + 1, _DAYS[unit[0].lower()]
            if float(read_printed(m[which]).low) * days <= room * 1.03 + 15:
                continue
            which_end = "the end" if least else "the beginning"
            sentence = (
                f"{m[which]} {unit} of follow-up are more than from {which_end} of entry to {cutoff}, "
                f"{room / days:.3g}."
            )
            first = study.only("last in") or study.entry[0] if least else study.entry[0]
            members = [_span(first), study.place if isinstance(study.place, tuple) else _span(study.place)]
            judge(case, p, "follow-up", [*members, m.span(which)], "error-if", sentence, "date arithmetic")


_LAST_SINCE = re.compile(
    rf"\b(?:last|final|most recent) (?:patient|participant|subject|woman|man)\b[^.;\d]{{0,40}}? (?:had|has) been "
    rf"(?:[a-z]+ )?(?:in|on|under|followed|observed)\b[^.;\d]{{0,30}}? (?P<v>{NUMBER}) (?P<u>months?|weeks?|years?)\b"
)
_TO_CUTOFF = re.compile(
    rf"\btime (?:from|between) [^.;()\d]{{3,60}} (?:to|and) (?:the )?data cut-?\s?off\b[^.;()\d]{{0,20}} {NUMBER} "
    rf"(?P<u>months?|weeks?|years?) \(range,? ?{NUMBER}(?: ?- ?| to )(?P<v>{NUMBER})\)"
)


def _until_cutoff(case: Case, study: StudyDates, cutoff: dt.date) -> None:
    """`the last patient had been in the study for 8.2 months`; `first dose to data cut-off 24 months (range, ...)`."""
    entry = study.entry[0] if len(study.entry) == 1 else None
    for pattern, since, what in ((_LAST_SINCE, study.last_in, "last"), (_TO_CUTOFF, study.start, "first")):
        if since is None or entry is None:
            continue
        room = (cutoff - since).days + 1
        for p in sentences_with(case, "last ", "final ", "recent ", "cutoff", "cut-off"):
            for m in pattern.finditer(case.flat, p.start, p.end):
                days, at = _DAYS[m["u"][0]], m.span("v")
                if float(read_printed(m["v"]).low) * days > room * 1.03 + 15 and not compared(case, at, "follow-up"):
                    months = f"{room / days:.3g} {m['u']}"
                    sentence = f"The {what} entered on {since}, {months} before {cutoff}, not {m['v']}."
                    place = study.place if isinstance(study.place, tuple) else _span(study.place)
                    judge(case, p, "follow-up", [_span(entry), place, at], "error-if", sentence, "date arithmetic")


def _span(s: Statement | None) -> tuple[int, int]:
    return (0, 0) if s is None else (s.normal_start, s.normal_end)
