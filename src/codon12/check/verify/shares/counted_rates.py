"""Rates in a bracket behind the count they are of, and rates of two groups beside their ratio.

`69 of 118 patients (sensitivity 81.4%`; `in A (15.0 per 1000 person-years) and in B (23.1 ...; HR 0.65`.
"""

from __future__ import annotations

import math

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder
from codon12.check.verify.shares.cutting import exact
from codon12.numbers.unrounded import Printed, percent_modes, read_printed

__all__ = ["check_counted_rates"]

_RATE = (
    r"(?:sensitivity|specificity|positive predictive value|negative predictive value|PPV|NPV|accuracy|"
    r"(?:overall )?agreement|concordance|detection rate|(?:objective |overall |complete )?response rate|ORR|DCR|"
    r"incidence|prevalence|(?:success|failure|completion|mortality|survival|event|recall|referral|participation|attendance|uptake|positivity|"
    r"complication|recurrence|relapse|infection|readmission) rate)"
)
_BEHIND = re.compile(
    r"(?<![\d.,/-])(?P<n>\d[\d,]*)(?: of (?:the )?|/)(?P<N>\d[\d,]*) [^.;()\d]{2,60}? ?"
    rf"(?:\(|(?:,|,? (?:for|giving|yielding|corresponding to|with)) an? )(?P<what>{_RATE})(?: of|,|:| =)? ?"
    r"(?P<p>\d+(?:\.\d+)?) ?%",
    re.IGNORECASE,
)
_NOT_CRUDE = re.compile(r"adjusted|kaplan|actuarial|cumulative|weighted|standardi[sz]ed|estimated", re.IGNORECASE)
_PER = r"(?P<{0}>\d+(?:\.\d+)?) (?:events? |cases? )?per (?P<{1}>[\d,]+) (?:person|patient)[- ]years?"
_TWO_RATES = re.compile(
    rf"\({_PER.format('a', 'k')}\)[^.;()]{{2,60}}\({_PER.format('b', 'l')}[;,] ?(?:HR|hazard ratio|RR|rate ratio|IRR)\b"
)
_FAR = 0.25
"""How far apart on the log scale a ratio and that of two crude rates must be to be odd."""


def check_counted_rates(case: Case) -> None:
    """Compare each rate with the count it stands behind, and each ratio with the two rates before it."""
    for p, statements in case.prose(_OF):
        for m in _BEHIND.finditer(case.flat, p.start, p.end):
            of_two = _PREDICTIVE.search(m["what"]) and _PART.search(
                case.flat, max(p.start, m.start() - _BACK), m.start()
            )
            if _NOT_CRUDE.search(m[0]) is None and not of_two:
                _of_its_count(case, m, holder(statements, m.start("p")))
    for p, statements in case.prose(_YEARS):
        for m in _TWO_RATES.finditer(case.flat, p.start, p.end):
            _beside_their_ratio(case, m, statements)


_OF = re.compile(r"\d(?: of (?:the )?|/)\d")
_PREDICTIVE = re.compile(r"predictive|PPV|NPV", re.IGNORECASE)
"""A measure that is of what the test found among the ill and the well together, where both are counted."""
_OF_A_TEST = re.compile(r"sensitivity|specificity|predictive|PPV|NPV|accuracy", re.IGNORECASE)
"""Measures that a count of wrong results goes with as well: `found in 3 of 60 healthy people (specificity 95%)`."""
_MISSED = re.compile(
    r"\b(?:miss(?:ed|es)|overlooked|failed to \w+|not detected|undetected)[^.;\d]{0,30}$", re.IGNORECASE
)
"""Right before a count of those whom a test did not find."""
_YEARS = re.compile(r"\b(?:person|patient)[- ]years?\b", re.IGNORECASE)


def _of_its_count(case: Case, m: re.Match[str], s: Statement) -> None:
    n, total, percent = _whole(m["n"]), _whole(m["N"]), read_printed(m["p"])
    if total == 0 or n > total:
        return
    members = (m.span("n"), m.span("N"), m.span("p"))
    computed = {"n": n, "N": total}
    says = f"{n} of {total} is {exact(n, total)} %"
    wrong = _OF_A_TEST.search(m["what"]) is not None and bool(percent_modes(total - n, total, percent))
    if wrong or percent_modes(n, total, percent):
        says = f"{total - n} of {total} is {exact(total - n, total)} %" if wrong else says
        case.relate("count/percent", members, "ok", f"{says}.", "100 n / N, rounded", computed)
    elif not (_OF_A_TEST.search(m["what"]) and _fits_another(case, m, percent)):
        if _MISSED.search(case.flat, max(0, m.start() - 60), m.start()) and _OF_A_TEST.search(m["what"]):
            says = f"{n} of {total} are missed, so that {total - n} are {exact(total - n, total)} %"
        sentence = f"{says}, and {m['what']} is printed as {percent.text} %."
        case.relate("count/percent", members, "error-if", sentence, "100 n / N, rounded", computed, on=(s,))


def _fits_another(case: Case, m: re.Match[str], percent: Printed) -> bool:
    """Whether a count before gives the rate: `positive in 27 of 30 ill and 18 of 90 well (sensitivity 90%, ...)`."""
    before = _PART.finditer(case.flat, max(0, m.start() - _BACK), m.start())
    return any(percent_modes(x, t, percent) for a in before if (x := _whole(a["n"])) <= (t := _whole(a["N"])) and t)


_BACK = 150
_PART = re.compile(r"(?<![\d.,/-])(?P<n>\d[\d,]*)(?: of (?:the )?|/)(?P<N>\d[\d,]*\b)")


def _beside_their_ratio(case: Case, m: re.Match[str], statements: list[Statement]) -> None:
    ratios = [s for s in statements if s.kind == "hr_ci_p" and 0 <= s.normal_start - m.end() + 20 <= 30]
    a, b = read_printed(m["a"]), read_printed(m["b"])
    if m["k"] != m["l"] or len(ratios) != 1 or not (a.value > 0 and b.value > 0):
        return
    value = ratios[0].quantities.value
    if not isinstance(value, Printed) or value.value <= 0:
        return
    crude = float(a.value / b.value)
    apart = abs(math.log(crude) - math.log(value.value))
    members = (m.span("a"), m.span("b"), ratios[0])
    shown = f"{a.text} / {b.text} is {crude:.2f}, printed {value.text}"
    computed = {"ratio": round(crude, 4)}
    if apart <= _FAR:
        case.relate("ratio/counts", members, "ok", f"{shown}.", "ratio of rates", computed)
    elif abs(math.log(crude) + math.log(value.value)) <= _FAR:
        case.relate(
            "ratio/counts", members, "cannot confirm", f"{shown}: of the other group.", "ratio of rates", computed
        )
    else:
        case.relate("ratio/counts", members, "unlikely", f"{shown}.", "ratio of rates", computed, on=(ratios[0],))


def _whole(text: str) -> int:
    return int(text.replace(",", ""))
