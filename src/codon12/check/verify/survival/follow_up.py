"""Follow-up, and medians of it, within the time from the first entry to the cut-off of the data."""

from __future__ import annotations

import datetime as dt

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge, sentences_with
from codon12.check.verify.survival.study_dates import StudyDates, study_dates
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["DAYS", "check_follow_up"]

DAYS = {"d": 1.0, "w": 7.0, "m": 30.4375, "y": 365.25}
_SHORTEST = 60
"""Days from entry to cut-off, fewer of which are of a meeting or a release rather than of a study."""
_OUTCOMES = ("follow-up", "TRTDUR", "DOR", "TTR", "PFS", "OS")


def check_follow_up(case: Case) -> None:
    """Check medians and follow-up of a text that tells its cut-off."""
    study = study_dates(case)
    if study.cutoff is not None and study.place is not None:
        if len(study.entry) == 1:
            _medians(case, study, study.cutoff)
        _followed(case, study, study.cutoff)
        _until_cutoff(case, study, study.cutoff)


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
        longest = _room(study, cutoff) / DAYS[q.unit[0]]
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
    r"participant| subject)|for \d+ weeks|until \d|scheduled|long-term|subsequent|requir\w+|protocol|historical)\b",
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
            room, days = (cutoff - since).days + 1, DAYS[unit[0].lower()]
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
                days, at = DAYS[m["u"][0]], m.span("v")
                if float(read_printed(m["v"]).low) * days > room * 1.03 + 15 and not compared(case, at, "follow-up"):
                    months = f"{room / days:.3g} {m['u']}"
                    sentence = f"The {what} entered on {since}, {months} before {cutoff}, not {m['v']}."
                    place = study.place if isinstance(study.place, tuple) else _span(study.place)
                    judge(case, p, "follow-up", [_span(entry), place, at], "error-if", sentence, "date arithmetic")


def _span(s: Statement | None) -> tuple[int, int]:
    return (0, 0) if s is None else (s.normal_start, s.normal_end)
