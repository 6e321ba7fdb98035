"""One group in time: the median survival against the share alive at a time, and shares that go on at two times.

`Median survival was 14.2 months, and 58% were alive at 24 months`; `at two years 71% were in place; at five years 79%`.
"""

from __future__ import annotations

from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.finding.spelled import WORD_VALUES
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge, sentences_with
from codon12.numbers.unrounded import read_printed

__all__ = ["check_course"]

_U = r"(?:years?|months?|weeks?|days?)"
_T = r"(?:\d+(?:\.\d)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"
_MEDIAN = re.compile(
    rf"\b[Hh]alf of [^.;\d]{{3,40}} (?:had )?(?:died|dead) by (?P<v2>{NUMBER}) (?P<u2>{_U})|\bmedian (?:overall "
    rf"|progression-free |event-free |disease-free |relapse-free )?(?P<what>survival|OS|PFS|DFS|EFS)"
    rf"(?: time)?(?: \([A-Z]+\))?(?:[^.;()\d]|\b(?:of|in|for|among) (?:the |all |these )*\d[\d,]* (?=[a-z])){{0,50}}? "
    rf"(?:was|of|is|reached) (?:(?P<not>not (?:yet )?(?:been )?reached)"
    rf"|(?P<v>{NUMBER}) (?P<u>{_U}))",
    re.IGNORECASE,
)
_ALIVE = re.compile(
    rf"(?P<p>{NUMBER}) ?% (?:of (?:the |all )?[a-z]+ )?(?:were |remained |being |was )?(?:still )?(?:alive|free of"
    rf" progression|"
    rf"progression-free|event-free) at (?P<t>{_T})[ -](?P<u>{_U})"
    rf"|(?P<t2>{_T})[ -](?P<u2>{_U}) (?:overall |progression-free |event-free |disease-free )?(?:survival|OS|PFS|EFS"
    rf"|DFS)"
    rf"(?: rate| probability)?(?: \([A-Z]+\))?(?:,| was| of| being)* ?(?P<p2>{NUMBER}) ?%",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:versus|vs|respectively|arms|groups|(?:arm|group)\b.{1,200}\b(?:arm|group)|compared|than|cohorts|while|whereas|stages?|grades?|high-risk|low-risk|"
    r"conditional|subgroups?|responders|survivors|with(?:out)? (?:the )?mutation|both|positive|negative|those|among)\b",
    re.IGNORECASE,
)
_KINDS = re.compile(r"\b(?:progression|event|disease|relapse)-free|\b(?:PFS|EFS|DFS|RFS)\b", re.IGNORECASE)
_CLEAR = 5
"""Points from 50 % within which the times of a median and of a rate do not part."""
_AT_TWO = re.compile(
    rf"\b(?:at|after) (?P<x>{_T}) (?P<u>{_U}),? (?P<p>{NUMBER}) ?%(?P<w>[^.%]{{3,90}}?)\b(?:at|after) (?P<y>{_T})"
    rf" (?P<v>{_U}),? "
    rf"(?:it was |they were |still |this was )?(?P<q>{NUMBER}) ?%",
    re.IGNORECASE,
)
_GOES = re.compile(
    r"\b(?:still|alive|surviv\w+|in place|in situ|free of|free from|functioning|patent|in remission|unrevised"
    r"|continent|"
    r"event-free|remained)\b",
    re.IGNORECASE,
)
_DAYS = {"y": 365.25, "m": 30.4375, "w": 7.0, "d": 1.0}


_STILL = (
    *("still", "alive", "surviv", "in place", "in situ", "free of", "free from", "functioning", "patent", "remission"),
    *("unrevised", "remained"),
)


def check_course(case: Case) -> None:
    """Check sentences that speak of one group alone."""
    for p in sentences_with(case, "median", "half of"):
        medians, rates = (list(x.finditer(case.flat, p.start, p.end)) for x in (_MEDIAN, _ALIVE))
        if len(medians) == len(rates) == 1 and not _SEVERAL.search(case.flat, p.start, p.end):
            _median(case, p, medians[0], rates[0])
    for p in sentences_with(case, "surviv", "free", "alive", "patency", "retention", "remission"):
        if not _SEVERAL.search(case.flat, p.start, p.end) and not _RISING.search(case.flat, p.start, p.end):
            _in_time(case, p)
    for p in sentences_with(case, *_STILL):
        for m in _AT_TWO.finditer(case.flat, p.start, p.end):
            if not _SEVERAL.search(case.flat, p.start, p.end) and _GOES.search(m[0]):
                _two(case, p, m)


def _days(time: str, unit: str) -> float:
    return float(WORD_VALUES.get(time.lower()) or time) * _DAYS[unit[0].lower()]


def _median(case: Case, p: Passage, m: re.Match[str], r: re.Match[str]) -> None:
    which, at, unit = ("p", r["t"], r["u"]) if r["p"] else ("p2", r["t2"], r["u2"])
    rate, time = read_printed(r[which]), _days(at, unit)
    if bool(_KINDS.search(m[0])) != bool(_KINDS.search(r[0])) or compared(case, r.span(which), "median/landmarks"):
        return
    if m["not"]:
        if rate.value < 50 - _CLEAR:
            sentence = f"At {rate.text} % the median has been passed, which is told as not reached."
            judge(case, p, "median/landmarks", [m.span("not"), r.span(which)], "error-if", sentence, "definition")
        return
    own = "v" if m["v"] else "v2"
    median = _days(m[own], m["u"] or m["u2"])
    late, early = time > median * 1.05, time < median * 0.95
    if (late and rate.value > 50 + _CLEAR) or (early and rate.value < 50 - _CLEAR):
        side = "before" if late else "after"
        shown = f"{rate.text} % at {at} {unit} puts the median {'after' if late else 'before'} it"
        sentence = f"{shown}; {m[own]} {m['u'] or m['u2']} is {side}."
        judge(case, p, "median/landmarks", [m.span(own), r.span(which)], "error-if", sentence, "definition")


def _two(case: Case, p: Passage, m: re.Match[str]) -> None:
    early, late = read_printed(m["p"]), read_printed(m["q"])
    if _days(m["y"], m["v"]) <= _days(m["x"], m["u"]) or late.low <= early.high_cut:
        return
    if any(compared(case, m.span(k), "landmark", "order") for k in "pq"):
        return
    sentence = f"What is left cannot rise from {early.text} to {late.text} % in the same subjects."
    judge(case, p, "landmark", [m.span("p"), m.span("q")], "error-if", sentence, "order in time")


_RISING = re.compile(
    r"\b(?:cumulative|incidence|mortality|relapse rate|recurrence rate|died|response|remission rate|conditional"
    r"|median|since|"
    r"subsequent\w*|thereafter|of those|improv\w*|increas\w*|rose)\b",
    re.IGNORECASE,
)
_FALLING = re.compile(
    r"\b(?P<k>overall|progression-free|disease-free|event-free|relapse-free|recurrence-free|seizure-free|graft|implant|patient|"
    r"metastasis-free|cancer-specific|cause-specific)? ?(?:survival|survived|alive|patency|retention)\b"
    r"|\b(?P<f>[a-z]+-free)\b|\bfreedom from [a-z -]{3,40}|\b(?P<z>OS|PFS|DFS|EFS|RFS)\b",
    re.IGNORECASE,
)
_TIME_FIRST = re.compile(
    rf"(?<![\w.,-])(?P<t>\d+(?:\.\d)?|{_T}|(?:one )?hundred and [a-z]+)[- ](?P<u>years?|months?|weeks?|days?)\b(?:,|"
    rf" it| this|"
    rf" rate| was| were| of| had been| still| survival| overall| probability| alive| being| and| patency|  |"
    rf" [a-z]+-free| to| stood at| at)*? "
    rf"?(?P<p>{NUMBER}) ?%",
    re.IGNORECASE,
)
_RATE_FIRST = re.compile(
    rf"(?<![\w.,-])(?P<p>{NUMBER}) ?%(?: \([^()]{{3,30}}\))?(?: of [a-z ]{{3,30}}?)?(?: were| was| remained|"
    rf" survived| alive| still| free| surviving)*? "
    rf"(?:at|after|to|by|for) (?P<t>{_T})[- ](?P<u>years?|months?|weeks?|days?)\b",
    re.IGNORECASE,
)


def _in_time(case: Case, p: Passage) -> None:
    """Rates of one survival at several times of a sentence, each with its time before or behind it: they never rise."""
    names = {(m["k"] or m["f"] or m["z"] or "").lower() for m in _FALLING.finditer(case.flat, p.start, p.end)} - {""}
    if len(names) > 1 or not _FALLING.search(case.flat, p.start, p.end):
        return
    for pattern in (_RATE_FIRST, _TIME_FIRST):
        found = list(pattern.finditer(case.flat, p.start, p.end))
        if len(found) < 2 or len(found) != case.flat.count("%", p.start, p.end) - len(
            re.findall(r"\b9\d ?% ?(?:CI|confidence)", case.flat[p.start : p.end])
        ):
            continue
        try:
            told = sorted(((_days(m["t"], m["u"]), m) for m in found), key=lambda x: x[0])
        except (ValueError, TypeError):
            continue
        for (a, x), (b, y) in pairwise(told):
            early, late = read_printed(x["p"]), read_printed(y["p"])
            places = [x.span("p"), y.span("p")]
            if a < b and late.low > early.high_cut and not any(compared(case, z, "landmark", "order") for z in places):
                sentence = f"Survival cannot rise from {early.text} to {late.text} % in the same patients."
                judge(case, p, "landmark", places, "error-if", sentence, "order in time")
                return
        return
