"""Measures printed with their counts: `specificity 0.93 (42/50)`, `50% of 126 patients (63)`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.verify.case import Case, holder
from codon12.check.verify.prose import follows, whole
from codon12.check.verify.shares.cutting import exact
from codon12.numbers.unrounded import Printed, percent_modes, read_printed

__all__ = ["check_counted_measures"]

_MEASURE = (
    r"(?:sensitivity|specificity|positive predictive value|negative predictive value|PPV|NPV|accuracy|concordance|"
    r"agreement|(?:objective |overall |complete )?response rate|ORR|DCR|disease control rate|detection rate|"
    r"(?:positivity|recall|referral|participation|attendance|uptake|completion|drop-?out|success|failure|conversion|"
    r"compliance|adherence|cancer detection|complication|mortality|readmission|relapse|recurrence|infection|leak) rate|"
    r"prevalence|proportion|pCR rate)"
)
_N_OF_N = r"(?P<n>\d{1,3}(?:,\d{3})+|\d+) ?(?:/|of|out of) ?(?:the )?(?P<t>\d{1,3}(?:,\d{3})+|\d+)(?![\d.]*\d| ?%)"
_PARTS = re.compile(
    rf"\b{_MEASURE}(?: \([A-Z]{{2,3}}\))?[^.;()\d%]{{0,30}} ?(?P<v>0?\.\d+|1\.0+) ?[(\[]{_N_OF_N}", re.IGNORECASE
)
"""`specificity was 0.93 (42/50)`."""
_THEN_PART = re.compile(
    rf"(?<![\d.,/]){_N_OF_N} [^.;()%\d]{{2,50}}?(?:,|[(\[]|,? (?:for|giving|yielding|with))? ?(?:an? )?(?:[a-z]+ )?"
    r"(?:proportion|rate|prevalence|probability|frequency)(?: of|,|:| =)? (?P<v>0?\.\d+|1\.0+)(?!\d|\.\d| ?%)",
    re.IGNORECASE,
)
"""`18/53 adolescents, a proportion of 0.34`."""
_RATE = rf"[(\[]{_MEASURE}(?: \([A-Z]{{2,3}}\))?(?:,|:| =| of| was)? ?(?P<p>\d+(?:\.\d+)?) ?%"
_WHOLE = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
_OF_THEM = re.compile(
    rf"\b(?:of|among) (?:the |these |all )?(?P<t>{_WHOLE}) [^.;()%\d]{{3,70}}, (?P<n>{_WHOLE}) [^.;()%\d]{{3,50}} "
    rf"{_RATE}",
    re.IGNORECASE,
)
"""`Of 50 patients with a mutation, 40 tested positive (sensitivity 80%)`."""

_SHARE_OF = re.compile(
    r"(?<![\d.])(?P<p>\d+(?:\.\d+)?) ?% of (?:the |all |these )?(?P<t>\d+) (?:[a-z-]+ ){0,2}?[a-z-]+ \((?:n ?= "
    r"?)?(?P<n>\d+)\)",
    re.IGNORECASE,
)
"""`50% of 126 patients (63)`."""


_NAMES = ("itivity", "ificity", "redictive", "PPV", "NPV", "ccuracy", "oncordance", "greement", " rate", "ORR", "DCR")
_OF_A_TEST = ("itivity", "ificity", "redictive", "PPV", "NPV", "ccuracy")
_PATTERNS = (
    (_PARTS, "v", (*_NAMES, "revalence", "roportion")),
    (_THEN_PART, "v", ("roportion", " rate", "revalence", "robability", "requency")),
    (_OF_THEM, "p", (*_NAMES, "revalence", "roportion")),
    (_SHARE_OF, "p", ("% of ",)),
)
"""Each pattern with the group that is its measure, and words of which a sentence has one where it is to be found."""


def check_counted_measures(case: Case) -> None:
    """Check each such measure: count over total, as a part of one or in percent."""
    _check_fields(case)
    for p, statements in case.prose():
        if case.cites(statements[0]):
            continue
        for m, n, total, printed, name in _found(case.figures, p.start, p.end):
            if total < 1 or n > total:
                continue
            members = (m.span("n"), m.span("t"), m.span(name))
            unit = " %" if name == "p" else ""
            shown = f"{n} of {total} is {exact(n, total) if unit else format(n / total, '.4g')}{unit}"
            computed = {"n": n, "N": total}
            of_a_test = unit and any(x in m[0] for x in _OF_A_TEST)  # those whom it got wrong may be counted
            if of_a_test and percent_modes(total - n, total, printed):
                continue
            if _prints_as(n, total, printed, percent=bool(unit)):
                case.relate("count/percent", members, "ok", f"{shown}.", "n / N, rounded", computed)
            else:
                on = (holder(statements, m.start(name)),)
                sentence = f"{shown}, not {printed.text}{unit}."
                case.relate("count/percent", members, "error-if", sentence, "n / N, rounded", computed, on=on)


_WHO = r"(?:participants|patients|subjects|women|men|children|people|responders|cases)"
_FIELDS = re.compile(
    rf"\b(?:(?:overall )?(?:number(?: of {_WHO})?|{_WHO}) (?:analy[sz]ed|assessed|evaluated)) ?: ?(?P<t>{_WHOLE})"
    rf"[.;,|]?\s+(?:count|number)(?: of {_WHO})? ?: ?(?P<n>{_WHOLE})[.;,|]?\s+"
    rf"(?:percent(?:age)?|proportion|share)(?: of {_WHO})?(?: \(%\))? ?: ?(?P<p>\d+(?:\.\d+)?)(?!\d|\.\d)",
    re.IGNORECASE,
)
"""Fields of a register: `Number analysed: 144. Count of participants: 92. Percentage of participants: 63.9.`"""


def _check_fields(case: Case) -> None:
    if not case.has(_FIELDS):
        return
    for m in _FIELDS.finditer(case.figures):
        n, total, printed = whole(m["n"]), whole(m["t"]), read_printed(m["p"])
        p = case.text.passages[bisect_right(case.begins, m.start("p")) - 1]
        places = [m.span("n"), m.span("t"), m.span("p")]
        if not 0 < n <= total or (m["p"] in ("0", "1") or m["p"].startswith("0.")):
            continue
        shown, fits = f"{n} of {total} is {exact(n, total)} %", bool(percent_modes(n, total, printed))
        follows(case, p, "count/percent", places, shown, f"not {printed.text} %", "n / N, rounded", fits=fits)


def _found(figures: str, start: int, end: int) -> Iterator[tuple[re.Match[str], int, int, Printed, str]]:
    sentence = figures[start:end]
    for pattern, name, words in _PATTERNS:
        if not any(map(sentence.__contains__, words)):
            continue
        for m in pattern.finditer(figures, start, end):
            yield m, int(m["n"].replace(",", "")), int(m["t"].replace(",", "")), read_printed(m[name]), name


def _prints_as(n: int, total: int, printed: Printed, *, percent: bool) -> bool:
    if percent:
        return bool(percent_modes(n, total, printed))
    return printed.low <= Fraction(n, total) <= printed.high_cut
