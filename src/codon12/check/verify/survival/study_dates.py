"""What happened on each date of a text, by the words before it: when a study began, took in its last patient, ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal, NamedTuple

from codon12.check import patterns as re
from codon12.check.finding.dates import first_and_last_day
from codon12.check.statements import Statement
from codon12.check.verify.case import Case

__all__ = ["Role", "StudyDates", "analysed_more_than_once", "days_of", "study_dates"]

Role = Literal["begun", "last in", "seen", "cut-off"]
"""Entry begun; entry over, or the last one in; something observed; end of observation."""
_STUDY = r"(?:accrual|enrol+ment|recruitment|inclusion|patient entry|randomi[sz]ation)"
_ONE = r"(?:patient|participant|subject|case|child|infant|woman|man|volunteer|individual|person|one)s?"
_OVER = r"(?:clos|complet|end|finish|stopp|conclud|ceas|terminat|halt)\w*"
_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern, re.IGNORECASE))
    for role, pattern in (
        (
            "cut-off",
            (
                r"\bcut-?[\s-]?off|data(?:base)?(?: ?was| ?were)?[ -](?:lock|clos)|\blocked\b|\bfrozen\b|"
                r"\bcensored\b|\bcensus\b|\bclosing date\b|(?<!alive )(?<!registered )(?<!aged )\bas of\b|"
                r"\btime of (?:this|the present|the) (?:analysis|report)\b"
                r"|\banaly[sz]ed[^.;\d]{0,20} as of|\banalys[ei]s (?:was|took|of)[^.;\d]{0,25}\b(?:on|in|place)|"
                r"\blast (?:follow|visits?"
                r"|contacts?|scans?|patient visit|examinations?|reviewed|updated)|"
                r"\bfollow(?:ed)?-?\s?(?:up)?\b[^.;\d]{0,40}\b(?:until|"
                rf"through|till|to|{_OVER}|cut)\b|\bend of (?:follow|the study)|\bdata (?:were |was )?(?:[a-z]+ "
                r")?(?:collected|gathered|"
                r"available|obtained) (?:until|through|till|by|up to|as of)\b|\b(?:study|"
                rf"trial)\b[^.;\d]{{0,20}}\b{_OVER}\b[^.;\d]{{0,12}}"
            ),
        ),
        (
            "last in",
            (
                rf"\b{_STUDY}\b[^.;\d]{{0,40}}\b{_OVER}\b|\b{_OVER} (?:its )?{_STUDY}\b|\b(?:last|final|most "
                rf"recent) {_ONE}\b[^.;\d]{{0,25}}\b"
                r"(?:enrol\w+|randomi[sz]\w+|includ\w+|recruit\w+|enter\w+|accru\w+|regist\w+|assign\w+|taken in)"
            ),
        ),
        (
            "begun",
            (
                rf"\b(?:{_STUDY}|trial|study)\b[^.;\d]{{0,40}}\b(?:open|beg[au]n|start|commenc|initiat|launch)\w*|"
                r"\b(?:began|started|opened) "
                rf"{_STUDY}|\bfirst {_ONE}\b|\b(?:began|started) (?:to |the )?(?:enrol|recruit|accru|randomi)\w*|"
                r"\b(?:recruited|enrolled|included|randomi[sz]ed|accrued) (?:from|since)(?= ?$)"
            ),
        ),
        (
            "seen",
            (
                r"\b(?:last|final|latest|most recent|first) (?:included |recorded |observed )?(?:death|event|"
                r"progression|dose|scan|relapse|case|recurrence)\b|\bmost recently\b|\bthe (?:last|final|latest)(?: of "
                r"(?:them|these|which|whom))?(?: (?:occurring|being|recorded|observed|seen))?(?= (?:on|in)\b)|"
                r"\b(?:died|progressed|relapsed|occurred|(?:was|were|been) (?:enrolled|randomi[sz]ed|treated))(?= "
                r"(?:on|in) ?$)"
            ),
        ),
    )
)
_TAKEN = re.compile(
    r"\b(?:enrol\w*|randomi[sz]\w*|recruit\w*|assigned|accru\w*|screened|allo(?:cat|tt)ed|diagnosed|treated|operat\w*|"
    r"underwent|undergo\w+|included|admitted|transplanted|resected|entered|registered|implant\w*|performed|carried out|"
    r"done|surgery|resections?|took place|radiotherapy|chemoradi\w+|received|biopsied|presented|seen|referred|"
    r"transplants?|born|recorded|deliver\w+|study period)\b",
    re.IGNORECASE,
)
_TO_COME = re.compile(r"\b(?:will|would|estimated|expected|projected)\b", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\b(?:interim|updated?|respectively|another|(?:first|second|third|initial|previous|earlier|later|new|"
    r"additional|extended|longer)(?:[- ][a-z]+)?[- ](?:analys[ei]s|cut|data|reports?|follow)\w*|for (?:efficacy|"
    r"safety|survival|PFS|OS)|part [A-D1-4])\b",
    re.IGNORECASE,
)
_END_OF = re.compile(r"\bend of (?P<y>(?:19|20)\d\d)\b")
_MONTH = 7
"""Letters of a date that tells its month."""
_LEAD = 90


class StudyDates(NamedTuple):
    """Dates of a study: ranges and dates of entry, and the only date of each role where a text tells one."""

    entry: list[Statement]
    """Ranges beside words of entry, each once, and the day of the first who entered."""
    roles: dict[Role, list[Statement]]
    start: dt.date | None
    last_in: dt.date | None
    cutoff: dt.date | None
    place: Statement | tuple[int, int] | None
    """Where the end of observation stands."""

    def only(self, role: Role) -> Statement | None:
        """The date of a role that a text tells once."""
        found = self.roles.get(role, [])
        return found[0] if len({s.quantities.date for s in found}) == 1 else None


def days_of(s: Statement) -> tuple[dt.date, dt.date] | None:
    """First and last day that a date or a range of dates may mean."""
    first, last = s.quantities.date or "", s.quantities.date_end or s.quantities.date or ""
    if last.startswith("--"):
        return None
    begin = first_and_last_day(last[:4] + first[1:] if first.startswith("--") else first)
    end = first_and_last_day(last)
    return None if begin is None or end is None else (begin[0], end[1])


def analysed_more_than_once(case: Case, cut: Statement) -> bool:
    """Whether words beside a cut-off say that there is another one."""
    return _SEVERAL.search(" ".join(case.around(cut, 60, 45))) is not None


def study_dates(case: Case) -> StudyDates:
    """When patients entered, who was the last, and when the data were cut off: looked up once in a text."""
    if "study dates" not in case.once:
        case.once["study dates"] = _study_dates(case)
    found: StudyDates = case.once["study dates"]
    return found


def _study_dates(case: Case) -> StudyDates:
    told = [s for s in case.statements if s.kind in ("date", "date_range") and days_of(s) is not None]
    told = [s for s in told if case.text.passages[s.passage].table is None and not case.cites(s)]
    told = [s for s in told if not (_MEETING.search(" ".join(case.around(s, 60, 30))) or _is_dateline(case, s))]
    roles: dict[Role, list[Statement]] = {}
    entry = [s for s in told if s.kind == "date_range" and _TAKEN.search(case.sentence(s)) and _in_order(s)]
    for s in told:
        role = _role(case, s, told) if s.kind == "date" else None
        if role is not None:
            roles.setdefault(role, []).append(s)
    entry += [s for s in roles.get("begun", []) if len(s.quantities.date or "") >= _MONTH]
    if not entry and len(roles.get("begun", [])) == 1:  # a year alone: from its first day
        entry = roles["begun"]
    if not entry:  # `eyes operated on in 2015 and 2016`
        alone = [s for s in told if s.kind == "date" and not any(s in x for x in roles.values())]
        alone = [s for s in alone if _TAKEN.search(ahead := case.around(s, _LEAD, 0)[0]) and not _TO_COME.search(ahead)]
        entry = sorted(alone, key=lambda s: s.quantities.date or "")[:1]
    entry = list({(s.quantities.date, s.quantities.date_end): s for s in reversed(entry)}.values())[::-1]
    starts = [days[0] for s in entry if (days := days_of(s)) is not None]
    study = StudyDates(entry, roles, min(starts, default=None), None, None, None)
    cut, last = study.only("cut-off"), study.only("last in")
    ends = None if last is None else days_of(last)
    if ends is None and len(entry) == 1 and entry[0].kind == "date_range":
        ends = first_and_last_day(entry[0].quantities.date_end or "")
    study = study._replace(last_in=None if ends is None else ends[0], place=cut)
    if cut is not None and (days := days_of(cut)) is not None:
        return study._replace(cutoff=days[1])
    year = _end_of_year(case) if "cut-off" not in roles else None
    return study if year is None else study._replace(cutoff=dt.date(int(year["y"]), 12, 31), place=year.span("y"))


_MEETING = re.compile(
    r"\b(?:annual meeting|congress|symposium|conference|scientific sessions?|ASCO|ESMO|ASH|EHA|AACR|SABCS|WCLC)\b"
)
_PLACE = re.compile(r"(?:[A-Z][\w.]*,? ?(?:and |& |/ ?)?){0,7}\(?")
_GOES_ON = re.compile(r"\)? ?(?:[-/:]|\((?:GLOBE|BUSINESS|PR))")


def _is_dateline(case: Case, s: Statement) -> bool:
    """Whether a date is that of a press release: `BASEL, June 17, 2024 - Data to be presented`."""
    begin = case.text.passages[s.passage].start
    return (
        s.kind == "date"
        and _GOES_ON.match(case.flat, s.normal_end) is not None
        and _PLACE.fullmatch(case.flat, begin, s.normal_start) is not None
    )


def _in_order(s: Statement) -> bool:
    days = days_of(s)
    return days is not None and days[0] <= days[1]


def _role(case: Case, s: Statement, told: Sequence[Statement]) -> Role | None:
    """What the words between the date before and this one say last, and where they say nothing, those right behind."""
    before = max((o.normal_end for o in told if o.normal_end <= s.normal_start and o.passage == s.passage), default=0)
    lead = case.flat[max(before, s.normal_start - len(case.around(s, _LEAD, 0)[0])) : s.normal_start]
    found = [(m.end(), role) for role, pattern in _ROLES for m in pattern.finditer(lead)]
    told_so = [x for x in found if x[1] != "seen"] or found
    if told_so:
        return max(told_so)[1]
    tail = re.split(r"[;,]| and ", case.around(s, 0, 25)[1])[0]
    return "cut-off" if _ROLES[0][1].search(tail) else None


def _end_of_year(case: Case) -> re.Match[str] | None:
    """Where a sentence says that patients were followed until the end of a year."""
    for p in case.text.passages if case.has(_END_OF) else ():
        found = _END_OF.search(case.flat, p.start, p.end) if p.table is None and case.may(_END_OF, p) else None
        if found is not None and _ROLES[0][1].search(case.flat, p.start, p.end):
            return found
    return None
