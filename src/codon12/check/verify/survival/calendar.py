"""Dates exist and come in the order that the words tell: begun before ended, seen before the cut-off."""

from __future__ import annotations

from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.finding.dates import first_and_last_day, is_calendar_date
from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.check.verify.survival.ages import check_ages
from codon12.check.verify.survival.cutoffs import check_cutoffs
from codon12.check.verify.survival.study_dates import Role, StudyDates, analysed_more_than_once, days_of, study_dates

__all__ = ["check_calendar"]


def check_calendar(case: Case) -> None:
    """Check each date and range, dates in a row, and the dates of the study against each other."""
    dates = [s for s in case.statements if s.kind == "date" and s.quantities.date is not None]
    for s in dates:
        if is_calendar_date(s.quantities.date or ""):
            case.add(s, Check("calendar", "ok", "The date exists.", "calendar", {"valid": True}))
        else:
            case.add(s, Check("calendar", "error", f"{s.quantities.date} is no day of the calendar.", "calendar"))
    for s in case.statements:
        if s.kind == "date_range" and s.quantities.date is not None and s.quantities.date_end is not None:
            _ordered(case, s)
    _in_a_row(case, dates)
    _first_steps(case, dates)
    check_ages(case, dates)
    study = study_dates(case)
    check_cutoffs(case, study, dates)
    _roles_in_order(case, study)
    _outside_entry(case, study, dates)


def _ordered(case: Case, s: Statement) -> None:
    first, last = s.quantities.date or "", s.quantities.date_end or ""
    if last.startswith(
        "--"
    ):  # `between January 1 and July 20`: which year they are of, and so their order, is not said
        days = [first_and_last_day(_LEAP + d[1:] if d.startswith("--") else d) for d in (first, last)]
        if None in days:
            case.add(s, Check("calendar", "error", "One of the dates is no day of the calendar.", "calendar"))
        else:
            case.add(s, Check("calendar", "ok", "The dates exist.", "calendar", {"valid": True}))
        return
    if first.startswith("--"):
        first = last[:4] + first[1:]
    begin, end = first_and_last_day(first), first_and_last_day(last)
    if begin is None or end is None:
        case.add(s, Check("calendar", "error", "One of the dates is no day of the calendar.", "calendar"))
    elif begin[0] > end[1]:
        if _SET_AGAINST.search(case.around(s, 60, 0)[0]):
            return  # `no change between 2018 and 2008`: the later is set against the earlier
        case.add(s, Check("calendar", "error", f"{first} comes after {last}.", "order of dates"))
    else:
        case.add(s, Check("calendar", "ok", "The dates are in order.", "order of dates", {"ordered": True}))


_SET_AGAINST = re.compile(
    r"\b(?:chang|differ|compar|increas|decreas|declin|reduc|gap|ris(?:e|en|ing)|rose|f[ae]ll|similar|stable)\w*\b[^.;\d]*"
    r"\bbetween $",
    re.IGNORECASE,
)
_LEAP = "2000"
"""A year in which every day of the calendar exists."""
_CASE = r"(?:patient|participant|subject|case|dose|child|infant|woman|man|volunteer|sample)"
_ON = r"(?: on| in|,)? ?\(?$"
_IN_ORDER = tuple(
    (re.compile(first, re.IGNORECASE), re.compile(second, re.IGNORECASE))
    for first, second in (
        (
            rf"\b(?:began|started|opened|commenced|initiated|launched)\b[^.;()\d]{{0,30}}{_ON}",
            (rf"\b(?:ended|closed|complet\w+|finished|stopped|concluded|ceased|discontinued|abandoned|"
            rf"terminated)\b[^.;()\d]{{0,30}}{_ON}"),
        ),
        (rf"\bfirst {_CASE}\b[^.;\d]{{0,30}}$", r"\b(?:and|to|;)[^.;\d]{0,12} (?:last|final)\b[^.;\d]{0,45}$"),
        (
            (rf"\b(?:admitted|hospitali[sz]ed|diagnosed|first dose|started|began|enrolled|randomi[sz]ed|presented|"
            rf"underwent|initiated)\b[^.;\d]{{0,60}}{_ON}"),
            (r"^[^;\d]{0,30}\b(?:and|but|then)\b[^;()\d]{0,30}\b(?:discharged|died|resolved|stopped|ended|discontinued|"
            r"recovered)\b[^;()\d]{0,20}\b(?:on|in)\s*$"),
        ),
        (
            (rf"\b(?:admitted|hospitali[sz]ed|readmitted|taken to hospital|operated|(?:surgery|operation|resection|"
            rf"transplantation) (?:took place|was (?:performed|done|carried out)))\b[^.;\d]{{0,60}}{_ON}"),
            (r"^[^;\d]{0,150}\b(?:discharged|went home|sent home|returned home|left (?:the )?hospital|died)\b"
            r"[^;()\d]{0,30}\b(?:on|in)\s*$"),
        ),
        (
            rf"\b(?:was|were|been) (?:first )?diagnosed\b[^.;\d]{{0,80}}{_ON}",
            (r"^[^.;\d]{0,20}\b(?:and|then|she|he|,)\b(?! had)[^.;\d]{0,20}\b(?:underwent|received|started|was "
            r"(?:treated|"
            r"operated)|had (?:a |an )?(?:surgery|resection|mastectomy|lobectomy))\b(?!(?:(?! in $).)*\b(?:previous|"
            r"histor|prior))[^.;\d]{0,60}$|\bhad undergone\b[^.;\d]{0,40}\bfor this\b[^.;\d]{0,30}$"),
        ),
        (
            rf".*{_ON}",
            (r"^[^\d]{0,90}\b(?:then|subsequently|afterwards|thereafter|later|followed by|after which|and finally)\b"
            r"[^\d.;]{0,70}$"),
        ),
        (
            r"\bborn\b[^.;\d]{0,20}$", (r"\b(?:was|were|underwent|received|had|died)\b(?!.*\b(?:mother|father|"
            r"parent|sibling)"
         r")[^;]{0,80}\b(?:in|on|from|between)\b[^.;\d]{0,30}$")),
    )
)  # fmt: skip
"""What stands before a date, and between it and a later one of the sentence."""
_OUT = re.compile(rf"\b(?:discharged|died|went home|left (?:the )?hospital)\b[^.;()\d]{{0,30}}{_ON}")
_HAVING_COME = re.compile(
    r",? (?:having been|after (?:having been|being|she was|he was)) (?:admitted|hospitali[sz]ed|"
    r"operated)[^;()\d]{0,40}\b(?:on|in) $"
)
"""`discharged on 9 July, having been admitted on 4 July`: what is told first came last."""
_TOLD_BACK = re.compile(
    r"\b(?:previous\w*|earlier|prior|histor\w+|before|back|retrospectiv\w+|until|since|had been|following|after|twin|"
    r"brother|sister|mother|father|controls?|those|others|compared)\b",
    re.IGNORECASE,
)
_BEFOREHAND = re.compile(
    r"\bregistered (?:prospectively |\w+ )?before\b|\bbefore (?:any|the first|enrol)[^.;]{0,50}\bregist|"
    r"\bafter (?:the |ethics )?approval\b|\bprospectively registered\b|\bregistered prosp",
    re.IGNORECASE,
)
_REGISTERED = re.compile(r"\b(?:regist(?:ered|ration)|approv(?:ed|al))\b[^;]{0,60}$", re.IGNORECASE)
_ENTERED = re.compile(
    r"\b(?:enrol\w*|recruit\w*|inclusion|first (?:patient|participant|subject))\b[^;\d]{0,40}$", re.IGNORECASE
)


_STEPS = (
    re.compile(r"\bfirst [^.;\d]{0,40}?\bconsent\w*(?! was waived)", re.IGNORECASE),
    re.compile(
        rf"\bfirst (?:{_CASE}|enrol\w+|randomi[sz]ation|one)\b[^.;\d]{{0,30}}?\b(?:randomi[sz]\w+|enrol\w+)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bfirst (?:study )?(?:dos(?:e|es|ing)|infusion|injection|administration|tablet)\b(?: of (?:the )?study \w+)?"
        r"(?= (?:was|took|had|on|in|followed)\b)",
        re.IGNORECASE,
    ),
)
"""What the first of a trial go through, in order."""
_OF_A_PART = re.compile(
    r"\b(?:parts?|cohorts?|stages?|phases?|pilot|boosters?|vaccin\w+|programme|previous\w*|earlier|run-in|retrospectiv\w+)\b",
    re.IGNORECASE,
)


def _first_steps(case: Case, dates: list[Statement]) -> None:
    """`The first informed consent was obtained on 2 March 2020, the first dose was given on 20 February 2020`."""
    told: dict[int, list[Statement]] = {}
    for k, s in enumerate(dates):
        begin = max(dates[k - 1].normal_end if k else 0, s.normal_start - 90, case.text.passages[s.passage].start)
        ahead = case.flat[begin : s.normal_start]
        steps = [n for n, step in enumerate(_STEPS) if step.search(ahead)]
        if len(steps) == 1 and len(s.quantities.date or "") == _WHOLE_DATE and not case.cites(s):
            told.setdefault(steps[0], []).append(s)
    if any(len(x) > 1 for x in told.values()):
        return
    for a, b in pairwise(told[n][0] for n in sorted(told)):
        if any(case.says(s, _OF_A_PART) for s in (a, b)):
            continue
        if abs(a.passage - b.passage) <= 1 and (a.quantities.date or "") > (b.quantities.date or ""):
            sentence = f"{b.quote} lies before {a.quote}, of what comes first."
            case.relate("calendar", (a, b), "error-if", sentence, "order of dates", on=(b,))


def _in_a_row(case: Case, dates: list[Statement]) -> None:
    """`admitted on 15 March 2020 and discharged on 9 March 2020`; `born in 2016 and vaccinated in July 2015`."""
    ranges = [s for s in case.statements if s.kind == "date_range" and not (s.quantities.date or "").startswith("--")]
    for a, b in pairwise(sorted((*dates, *ranges), key=lambda s: s.normal_start)):
        first, last = days_of(a), days_of(b)
        if first is None or last is None or not _goes_on(case, a, b):
            continue
        ahead, between = case.around(a, 90, 0)[0], case.flat[a.normal_end : b.normal_start].replace(". ", ", and ")
        told = any(x.search(ahead) and y.search(between) for x, y in _IN_ORDER) or (
            case.says(a, _BEFOREHAND) and _REGISTERED.search(ahead) is not None and _ENTERED.search(between) is not None
        )
        if _OUT.search(ahead) and _HAVING_COME.match(between) and last[0] > first[1]:
            sentence = f"{b.quote} lies behind {a.quote}, which the words put last."
            case.relate("calendar", (a, b), "error-if", sentence, "order of dates", on=(b,))
            continue
        if told and first[0] > last[1] and not _TOLD_BACK.search(between):
            sentence = f"{b.quote} lies before {a.quote}, which the words put first."
            case.relate("calendar", (a, b), "error-if", sentence, "order of dates", on=(b,))
        elif told and b.kind == "date":
            case.relate("calendar", (a, b), "ok", "The dates are in the order of the words.", "order of dates")


def _goes_on(case: Case, a: Statement, b: Statement) -> bool:
    """Whether two dates stand in one sentence, or in two of which the second goes on about whom the first is."""
    passages = case.text.passages
    if a.passage == b.passage:
        return True
    follows = b.passage == a.passage + 1 and passages[a.passage].paragraph == passages[b.passage].paragraph
    start = passages[b.passage].start
    return (
        follows and re.match(r"(?:He|She|They|It|This|Then|The patient)\b", case.flat[start : start + 12]) is not None
    )


_CLOSED = re.compile(r"\b(?:closed|ended|completed|stopped|finished)\b[^.;\d]{0,12}$", re.IGNORECASE)
_EARLIER: tuple[tuple[Role, Role], ...] = (
    ("begun", "last in"), ("begun", "cut-off"), ("last in", "cut-off"), ("seen", "cut-off"),
)  # fmt: skip
_SAYS: dict[Role, str] = {
    "begun": "when it began", "last in": "when the last came in or entry closed", "seen": "of what was seen",
    "cut-off": "the end of observation",
}  # fmt: skip
_PLANNED = re.compile(
    r"\bafter (?:the )?(?:data )?cut-?\s?off|\b(?:will|plan\w*|expected|update\w*|second (?:data )?cut)\b",
    re.IGNORECASE,
)
_NEAR, _WHOLE_DATE = 3, 10
"""Sentences from a cut-off within which what was seen is of its analysis."""


def _roles_in_order(case: Case, study: StudyDates) -> None:
    """Entry begins before it ends, and both, with all that was seen, lie before the only data cut-off."""
    closed = [s for s in study.roles.get("last in", []) if _CLOSED.search(case.around(s, 60, 0)[0])]
    for a in study.roles.get("last in", []) if len(closed) == 1 else ():
        first, last = days_of(a), days_of(closed[0])
        if a not in closed and first is not None and last is not None and first[0] > last[1]:
            sentence = f"{a.quote}, when the last came in, lies behind {closed[0].quote}, when it was closed."
            case.relate("calendar", (closed[0], a), "error-if", sentence, "order of dates", on=(a,))
    for earlier, later in _EARLIER:
        b = study.only(later)
        last = None if b is None else days_of(b)
        if b is None or last is None or (later == "cut-off" and analysed_more_than_once(case, b)):
            continue
        for a in study.roles.get(earlier, []):
            first = days_of(a)
            if first is None or first[0] <= last[1] or case.says(a, _PLANNED):
                continue
            if (earlier == "seen" and abs(a.passage - b.passage) > _NEAR) or (
                earlier != "seen" and a is not study.only(earlier)
            ):
                continue
            sentence = f"{a.quote}, {_SAYS[earlier]}, lies behind {b.quote}, {_SAYS[later]}."
            case.relate("calendar", (a, b), "error-if", sentence, "order of dates", on=(a,))
    b = study.only("cut-off")
    last = None if b is None else days_of(b)
    entry = study.entry[0] if len(study.entry) == 1 and study.entry[0].kind == "date_range" else None
    if b is None or last is None or entry is None or analysed_more_than_once(case, b):
        return
    ends = first_and_last_day(entry.quantities.date_end or "")
    if ends is not None and ends[0] > last[1]:
        until = entry.quantities.date_end
        sentence = f"Enrolment went on until {until}, behind the data cut-off of {b.quantities.date}."
        case.relate("calendar", (entry, b), "error-if", sentence, "order of dates", on=(b,))


_TAKEN = (
    r"(?:patient|participant|subject|case|child|infant|woman|man|volunteer|operation|procedure|transplant\w*|surgery|"
    r"resection|admission|implantation|birth|delivery|infection|diagnosis|injury|biopsy|enrol\w+|inclusion|randomi[sz]ation)"
)
_FIRST_OR_LAST = re.compile(
    rf"\b(?:first|last|final|earliest|latest|most recent) (?P<who>{_TAKEN})\b(?P<verb>[^.;\d]{{0,45}}?)\b(?:(?:in|on|"
    r"of) )?$",
    re.IGNORECASE,
)
_NOT_ENTRY = re.compile(
    r"\b(?:follow|visit|seen|die|death|relapse|contact|dose|scan|progress|discharg|censor|completed|treatment|before|event|"
    r"previous|exclu|valid|histor|recurr|publi|result|report|trial|study|guideline|version|year|time|case of|"
    r"data|review|"
    r"robot|laparosc|analys|update|author|search|country|world|nation|unit|ward|open|hospital|centre|center|institution|department)\w*",
    re.IGNORECASE,
)


def _outside_entry(case: Case, study: StudyDates, dates: list[Statement]) -> None:
    """`women operated on from 2010 to 2015 were included ... the last operation took place in March 2017`."""
    ranges = [s for s in study.entry if s.kind == "date_range"]
    if (
        len(ranges) != 1
        or len({(s.quantities.date, s.quantities.date_end) for s in case.statements if s.kind == "date_range"}) != 1
    ):
        return
    entry = ranges[0]
    span = days_of(entry)
    for s in dates if span is not None else ():
        m = _FIRST_OR_LAST.search(case.around(s, 90, 0)[0])
        days = days_of(s)
        if m is None or days is None or span is None or s.passage <= entry.passage or case.cites(s):
            continue
        if (days[0] > span[1] or days[1] < span[0]) and not _NOT_ENTRY.search(f"{m['who']} {m['verb']}"):
            side = "behind" if days[0] > span[1] else "before"
            sentence = (
                f"{s.quote} lies {side} the time of entry, {entry.quantities.date} to {entry.quantities.date_end}."
            )
            case.relate("calendar", (entry, s), "error-if", sentence, "order of dates", on=(s,))
