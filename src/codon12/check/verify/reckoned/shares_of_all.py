"""Percentages of classes that leave nobody out: the sexes, what all were classified as; changes with both values."""

from __future__ import annotations

from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge, sentences_with
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_shares_of_all"]

_PCT = r"\d{1,3}(?:\.\d+)?(?![\d.]*\d) ?%"
_M, _F = r"(?:men|males?|boys)", r"(?:women|females?|girls)"


def _labelled(who: str, behind: str, ahead: str) -> str:
    return rf"(?:\b{who}(?:,|:| \(| was| were| =)? ?(?P<{behind}>{_PCT})|(?P<{ahead}>{_PCT}) (?:were |was )?{who}\b)"


_SEXES = (
    re.compile(rf"{_labelled(_M, 'a', 'b')}[^.;%\d]{{1,24}}?{_labelled(_F, 'c', 'd')}", re.IGNORECASE),
    re.compile(rf"{_labelled(_F, 'a', 'b')}[^.;%\d]{{1,24}}?{_labelled(_M, 'c', 'd')}", re.IGNORECASE),
)
_OF_EACH = re.compile(
    r"\b(?:in|of|among|than|had|with|versus|vs|rates?|prevalence|higher|lower|incidence|surviv\w*|respon\w*)\b",
    re.IGNORECASE,
)
_CLASSED = re.compile(
    r"\b(?:classified|categori[sz]ed|graded|rated|divided|grouped|self-identified|identified|self-reported|"
    r"described themselves|either|identified themselves|"
    r"distributed|broken down|split)\b(?: (?:in|into|as|to|between|among|across|either|was|were))*",
    re.IGNORECASE,
)
_SHARE = re.compile(rf"(?P<p>{NUMBER}) ?%")
_MORE_THAN_ONE = re.compile(
    r"\b(?:more than one|both|multiple|some|several|one or more|others? not|mostly|mainly|at least|or more of|CI|"
    r"versus|vs|than|"
    r"compared|most (?:common|frequent)|including|respectively)\b",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\b(?P<down>dropp?\w*|fell|fall\w*|declin\w+|decreas\w+|reduc\w+|lower\w*|shr[aiu]nk)|\b(?P<up>rose|ris\w+|"
    r"increas\w+|grew|grow\w*|improv\w+|climb\w+)",
    re.IGNORECASE,
)
_BY_PERCENT = re.compile(
    rf" by (?:about |approximately |nearly |almost |some )?(?P<p>{NUMBER}) ?(?:%|percent|per cent)[,;(]? "
    rf"?\(?(?:that is |i\.e\.,? )?from [$€£]?(?P<a>{NUMBER})"
    rf"(?P<u>(?: ?(?!to\b)[a-zA-Z/%]+)?)(?:[^.;()\d]|\b(?:19|20)\d\d\b){{0,25}}? to [$€£]?(?P<b>{NUMBER})(?![\d.]*\d)",
    re.IGNORECASE,
)


def check_shares_of_all(case: Case) -> None:
    """Check percentages of both sexes and of all classes, and changes in percent with the values before and after."""
    for p in sentences_with(case, "%"):
        words = case.flat[p.start : p.end].lower()
        if words.count("%") < 2 and " from " not in words:
            continue
        for pattern in _SEXES if any(map(words.__contains__, _WOMEN)) else ():
            for m in pattern.finditer(case.flat, p.start, p.end):
                _sexes(case, p, m)
        if words.count("%") > 2:
            _classes(case, p)
            if any(map(words.__contains__, _OF_LEVELS)):
                _levels(case, p)
        if any(map(words.__contains__, _FROM)):
            _changed(case, p)


_YEARS = (1900, 2100)
_WOMEN = ("women", "female", "girls")
_OF_LEVELS = ("ecog", "stage", "grade", "class", "status", "nyha", "score")
_FROM = ("% from", "%, from", "% (from")


def _whole(values: list[Printed]) -> tuple[float, float]:
    """Their sum, and by how much rounding may move it."""
    return float(sum(v.value for v in values)), float(sum(v.step for v in values) / 2) + 0.05


def _sexes(case: Case, p: Passage, m: re.Match[str]) -> None:
    names = ["a" if m["a"] else "b", "c" if m["c"] else "d"]
    before = case.flat[max(p.start, m.start() - 40) : m.start()]
    if (
        _OF_EACH.search(m[0])
        or re.search(r"\b(?:in|of|among|for|rates?|than) $", before)
        or _RATE.search(case.flat, p.start, m.start())
    ):
        return
    values = [read_printed(m[k].rstrip("% ")) for k in names]
    total, slack = _whole(values)
    places = [m.span(k) for k in names]
    if (
        abs(total - 100) <= slack
        or any(compared(case, x, "sum", "exclusive") for x in places)
        or not _NEAR[0] < total < _NEAR[1]
    ):
        return
    verdict: Verdict = "error-if" if total > 100 else "unlikely"
    judge(
        case, p, "sum", places, verdict, f"Men and women are {total:g} % together, if they are of all.", "shares of all"
    )


_NEAR = (75, 125)
_RATE = re.compile(
    r"\b(?:surviv\w*|rates?|prevalence|incidence|mortality|respon[sd]\w*|proportions?|adherence|cure\w*|had|"
    r"positive|percentage)\b",
    re.IGNORECASE,
)


def _classes(case: Case, p: Passage) -> None:
    """`All participants were classified as current (24%), former (31%) or never smokers (45%)`."""
    m = _CLASSED.search(case.flat, p.start, p.end)
    if m is None or _MORE_THAN_ONE.search(case.flat, p.start, p.end):
        return
    shares = list(_SHARE.finditer(case.flat, m.end(), p.end))
    if not 2 < len(shares) <= 8 or _SHARE.search(case.flat, p.start, m.start()):
        return
    gaps = [case.flat[a.end() : b.start()] for a, b in pairwise(shares)]
    if any(re.search(r"[.;] |\bwho\b|\bwhich\b", g) for g in gaps) or not re.search(r"\b(?:and|or)\b", gaps[-1]):
        return
    if any(len(g) > _LONG for g in gaps) or re.search(r"\d", case.flat[shares[-1].end() : p.end]):
        return
    if any(_LEVEL.search(case.flat[max(m.end(), x.start() - 4) : x.start()]) for x in shares):
        return
    values = [read_printed(x["p"]) for x in shares]
    total, slack = _whole(values)
    places = [x.span("p") for x in shares]
    if abs(total - 100) <= slack + 0.5 or any(compared(case, x, "sum") for x in places):
        return
    if total > 100 or total > 80:
        shown = " + ".join(v.text for v in values)
        verdict: Verdict = "error-if" if total > 100 else "unlikely"
        judge(case, p, "sum", places, verdict, f"{shown} = {total:g} %, if all are in one of these.", "shares of all")


_LONG = 60
_LEVEL = re.compile(r"[<>≤≥=±-] ?$|\bto $")
"""Before a percentage that is a limit of a class."""


def _changed(case: Case, p: Passage) -> None:
    """`dropped by 28%, from 250 to 180`: the change of the two values, or their difference in points."""
    found = list(_BY_PERCENT.finditer(case.flat, p.start, p.end))
    if len(found) != 1 or re.search(
        r"\b(?:adjust\w*|model\w*|relative|on average|odds|mean of)\b", case.flat[p.start : p.end]
    ):
        return
    m = found[0]
    way = list(_BY.finditer(case.flat, p.start, m.start() + 1))
    a, b, given = (read_printed(m[k]) for k in "abp")
    if all(not x.digits and _YEARS[0] <= x.value <= _YEARS[1] for x in (a, b)):
        return
    if not way or a.low <= 0 or b.value <= 0 or any(compared(case, m.span(k), "difference", "derived") for k in "abp"):
        return
    size = 100 * abs(b.value / a.value - 1)
    slack = 100 * (a.step + b.step) / a.value + given.step
    points = "%" in m["u"] or "%" in case.flat[m.end() : m.end() + 2]
    shown = f"From {a.text} to {b.text} is a change by {float(size):.3g} %"
    places = [m.span(k) for k in "pab"]
    if abs(size - given.value) <= slack or (points and abs(abs(a.value - b.value) - given.value) <= slack):
        judge(case, p, "difference", places, "ok", f"{shown}.", "change in percent")
    elif abs(size - given.value) > slack + 2:
        judge(case, p, "difference", places, "unlikely", f"{shown}, printed {given.text} %.", "change in percent")


_LEVELS = re.compile(
    r"\b(?:ECOG|WHO|NYHA|ASA|performance status|status|stages?|grades?|class|scores?|type|Child-Pugh|Gleason|"
    r"quintiles?|tertiles?|T stage|Karnofsky)\b[^.;%]{0,60}?"
    r"(?P<list>(?<![\d.])(?:[0-5]|I{1,3}|IV|V|[A-E])(?: in|:| \(| =|,)? ?\d+(?:\.\d+)? ?%\)?(?:(?:,| and|,? or|;) "
    r"(?:in )?(?:(?:grade|stage|class|type) )?"
    r"(?:[0-5]|I{1,3}|IV|V|[A-E])(?: in|:| \(| =|,)? ?\d+(?:\.\d+)? ?%\)?){2,6})"
)
_LEVEL_SHARE = re.compile(r"(?<![\d.])(?P<l>[0-5]|I{1,3}|IV|V|[A-E])(?: in|:| \(| =|,)? ?(?P<p>\d+(?:\.\d+)?) ?%")


def _levels(case: Case, p: Passage) -> None:
    """`ECOG performance status was 0 in 44%, 1 in 36% and 2 in 20%`: levels that exclude each other."""
    for m in _LEVELS.finditer(case.flat, p.start, p.end):
        found = list(_LEVEL_SHARE.finditer(case.flat, *m.span("list")))
        names = [x["l"] for x in found]
        if (
            len(found) < 3
            or len(set(names)) != len(names)
            or _MORE_THAN_ONE.search(m[0])
            or _RATE.search(case.flat, p.start, m.end())
        ):
            continue
        values = [read_printed(x["p"]) for x in found]
        total, slack = _whole(values)
        places = [x.span("p") for x in found]
        if total > 100 + slack + 0.5 and not any(compared(case, x, "sum") for x in places):
            shown = " + ".join(v.text for v in values)
            judge(
                case,
                p,
                "sum",
                places,
                "error-if",
                f"{shown} = {total:g} %, if these levels exclude each other.",
                "shares of all",
            )
