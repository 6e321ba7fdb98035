"""Two rates against what the sentence makes of them: their ratio, a reduction in percent, a number needed to treat.

And cases among so many against a rate per thousand or million.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.measures.gaps import values_in
from codon12.check.verify.prose import NUMBER, judge, sentences_with, settled
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_rates"]

_FITTED = re.compile(
    r"\b(?:adjust\w*|multivaria\w*|logistic|regression|cox|model\w*|matched|weighted|propensity|mantel\w*|pooled|"
    r"meta-?analy\w*|stratif\w*|cluster\w*|imput\w*|kaplan\w*|cumulative|actuarial|hazard|negative binomial|"
    r"generali[sz]ed|bayes\w*|standardi[sz]ed|imputed|estimated)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r";|(?<!\bvs)(?<!\bv)(?<!i\.e)(?<!e\.g)\.\s|: ")
_RATIO = re.compile(
    r"\b(?P<what>rate ratio|risk ratio|prevalence ratio|relative risk|"
    rf"relative rate|IRR|RR|odds ratio|OR)(?: \((?:IRR|RR|OR)\))?(?: of| was| is|,|:| =)* "
    rf"?(?P<v>{NUMBER})(?![\d.,]*\d| ?%)",
)
_PER = re.compile(
    r"\bper (?:[\d,]+ )?(?:person|patient|catheter|device|1|year|month|day|bed|line|participant|ventilator|woman|"
    r"child|\d)"
)
_AS_RATE = re.compile(
    r"\b(?:annual(?:i[sz]ed)?|event|exacerbation|relapse|attack|infection|incidence|seizure|bleeding|fall|admission|"
    r"mortality) rates?\b"
)
_CI_BEHIND = re.compile(
    rf"[^()\d]{{0,24}}95 ?% ?(?:CI|confidence interval),?:? ?(?P<a>{NUMBER}) ?(?:to|-|,|and) ?(?P<b>{NUMBER})"
)
_FAR = 0.2


class _Rate(NamedTuple):
    value: Printed
    span: tuple[int, int]


def check_rates(case: Case) -> None:
    """Check ratios, reductions and numbers needed against two rates, and rates against cases in a population."""
    for p in sentences_with(
        case, "rate ratio", "irr", "relative rate", "risk ratio", "relative risk", "rr ", "rr,", "rr=", "odds ratio"
    ):
        words = case.flat[p.start : p.end]
        if (
            words.count("%") < 2
            and " per " not in words
            and " rate " not in words.replace(" rate ratio", "")
            and words.count(" of ") + words.count("/") < 2
        ):
            continue
        for m in _RATIO.finditer(case.flat, p.start, p.end):
            _ratio(case, p, m)
            _of_counts(case, p, m)
    for p in sentences_with(
        case,
        "% reduction",
        "% relative",
        "% lower",
        "% decrease",
        "% fewer",
        "reduction of",
        "reduction was",
        "% higher",
        "% increase",
        "reduction, ",
        "decrease of",
        "% fall",
        "% drop",
    ):
        _changed(case, p)


def _before(case: Case, p: Passage, at: int) -> int:
    return max((x.end() for x in _CLAUSE.finditer(case.flat, p.start, at)), default=p.start)


def _rates(case: Case, start: int, end: int) -> list[_Rate]:
    """Rates per person, time or so many of a stretch: the unit stands behind one of them, or behind both."""
    if not _PER.search(case.flat, start, end) and not _AS_RATE.search(case.flat, start, end):
        return []
    found = [v for v in values_in(case, start, end) if v.unit == "" and v.value.digits]
    return [_Rate(v.value, v.span) for v in found]


def _ratio(case: Case, p: Passage, m: re.Match[str]) -> None:
    """`2.40 per person-year with A and 3.00 with B (rate ratio, 0.80)`."""
    if m["what"] in ("odds ratio", "OR") or settled(case, m.span("v"), "ratio/percents", "ratio/counts"):
        return
    start = _before(case, p, m.start())
    rates = _rates(case, start, m.start())
    shares = [v for v in values_in(case, start, m.start()) if v.unit == "%"]
    if not rates and len(shares) == 2 and not _FITTED.search(case.flat):
        _of_shares(case, p, m, [_Rate(v.value, v.span) for v in shares])
        return
    given = read_printed(m["v"])
    if len(rates) != 2 or given.low <= 0 or _FITTED.search(case.flat, p.start, p.end):
        return
    a, b = rates
    if a.value.low <= 0 or b.value.low <= 0 or len(_RATIO.findall(case.flat[p.start : p.end])) > 1:
        return
    crude = float(a.value.value / b.value.value)
    slack = sum(float(x.step / x.value) for x in (a.value, b.value, given)) / 2
    apart = min(abs(math.log(crude) - s * math.log(float(given.value))) for s in (1, -1))
    shown = f"{a.value.text} and {b.value.text} make a ratio of {crude:.3g}"
    places = [a.span, b.span, m.span("v")]
    fitted = _FITTED.search(case.flat) is not None
    if apart <= slack:
        judge(case, p, "derived", places, "ok", f"{shown}.", "ratio of two rates")
    elif apart > slack + (_FAR if fitted else _FAR / 2) and not (fitted and _in_its_limits(case, p, m, crude)):
        judge(case, p, "derived", places, "unlikely", f"{shown}, printed {given.text}.", "ratio of two rates")


def _of_shares(case: Case, p: Passage, m: re.Match[str], shares: list[_Rate]) -> None:
    """`24% with A and 16% with B (risk ratio, 1.5)`: beyond what rounding allows, in a text that fits no model."""
    a, b, given = shares[0].value, shares[1].value, read_printed(m["v"])
    between = case.flat[shares[0].span[1] : shares[1].span[0]]
    if min(a.low, b.low) <= 0 or m.start() - shares[1].span[1] > _NEAR_BY or not _TWO.search(between):
        return
    if len(_RATIO.findall(case.flat[p.start : p.end])) > 1 or _PLANNED_RATIO.search(case.flat, p.start, p.end):
        return
    ends = [math.log(x) for x in (a.low / b.high, a.high / b.low)]
    told = [math.log(x) for x in (given.low, given.high)]
    gaps = [max(ends[0] - told[1], told[0] - ends[1]), max(-ends[1] - told[1], told[0] + ends[0])]
    shown = f"{a.text} % and {b.text} % make a ratio of {float(a.value / b.value):.3g}"
    if min(gaps) > _BEYOND and not _in_its_limits(case, p, m, float(a.value / b.value)):
        places = [shares[0].span, shares[1].span, m.span("v")]
        judge(case, p, "ratio/percents", places, "unlikely", f"{shown}, printed {given.text}.", "crude relative risk")


def _in_its_limits(case: Case, p: Passage, m: re.Match[str], crude: float) -> bool:
    """Whether the limits behind a ratio hold the crude one: it may be adjusted."""
    limits = _CI_BEHIND.match(case.flat, m.end(), p.end)
    return limits is not None and _within(crude, limits)


_BEYOND = 0.07
_TWO = re.compile(r"\b(?:and|vs\.?|versus|v|than|against|compared (?:with|to))\b")
_PLANNED_RATIO = re.compile(
    r"\b(?:power(?:ed)?|detect|assum\w*|hypothes\w*|expected|would|planned|margin)\b", re.IGNORECASE
)


def _within(crude: float, limits: re.Match[str]) -> bool:
    low, high = (float(read_printed(limits[k]).value) for k in "ab")
    return low <= crude <= high or low <= 1 / crude <= high


_OF = re.compile(
    r"(?<![\w.,/-])(?P<n>\d{1,3}(?:,\d{3})+|\d+) ?(?:/|of(?: the)?|out of) ?(?P<t>\d{1,3}(?:,\d{3})+|"
    r"\d+)(?![\d.,]*\d|/)"
)


def _of_counts(case: Case, p: Passage, m: re.Match[str]) -> None:
    """`12 of 200 with and 24 of 200 without (relative risk, 0.50)`: two counts of two totals, and one ratio."""
    start = _before(case, p, m.start())
    shares = list(_OF.finditer(case.figures, start, m.start()))
    given = read_printed(m["v"])
    if len(shares) != 2 or given.low <= 0 or _FITTED.search(case.flat, p.start, p.end):
        return
    if (
        settled(case, m.span("v"), "ratio/counts", "ratio/percents")
        or len(_RATIO.findall(case.flat[p.start : p.end])) > 1
    ):
        return
    (a, n), (b, k) = ((int(x["n"].replace(",", "")), int(x["t"].replace(",", ""))) for x in shares)
    if not 0 < a < n or not 0 < b < k:
        return
    odds = m["what"] in ("odds ratio", "OR")
    crude = a * (k - b) / (b * (n - a)) if odds else a * k / (b * n)
    apart = min(abs(math.log(crude) - s * math.log(float(given.value))) for s in (1, -1))
    slack = float(given.step / given.value)
    name = "odds ratio" if odds else "relative risk"
    shown = f"{a} of {n} and {b} of {k} make a crude {name} of {crude:.3g}"
    places = [x.span(g) for x in shares for g in "nt"] + [m.span("v")]
    fitted = _FITTED.search(case.flat) is not None
    crude_said = re.search(r"\b(?:crude|unadjusted)\b", case.flat[max(p.start, m.start() - 20) : m.end()]) is not None
    if apart <= slack:
        judge(case, p, "ratio/counts", places, "ok", f"{shown}.", f"crude {name}")
    elif apart > slack + _FAR / 2 and (crude_said or not (fitted or _in_its_limits(case, p, m, crude))):
        judge(case, p, "ratio/counts", places, "unlikely", f"{shown}, printed {given.text}.", f"crude {name}")


_CHANGE = re.compile(
    r"(?<![\d.,-])(?P<p>\d+(?:\.\d+)?) ?% (?P<kind>relative |absolute )?(?:risk |rate )?(?:reduction|decrease|"
    r"decline|fall|drop|increase|rise|"
    r"lower|fewer|higher|greater|more)\b(?! (?:risk of|than)\b[^.;]*\d+ ?%)"
    r"|\b(?P<kind2>relative |absolute )?(?:risk |rate )?(?:reduction|decrease|decline|fall|drop|increase)(?: "
    r"\([A-Z]{3}\))?"
    r"(?: of| was|,|:| =)+ ?(?P<q>\d+(?:\.\d+)?) ?%(?!-| points?)",
    re.IGNORECASE,
)
_SLACK = 3


def _changed(case: Case, p: Passage) -> None:
    """`0.62 with A and 1.24 with B, a 50% reduction`; `12.0% and 9.0%, a relative risk reduction of 25%`."""
    found = list(_CHANGE.finditer(case.flat, p.start, p.end))
    if len(found) != 1 or _FITTED.search(case.flat, p.start, p.end) or _PLANNED.search(case.flat, p.start, p.end):
        return
    m = found[0]
    which = "p" if m["p"] else "q"
    if settled(case, m.span(which), "derived", "difference", "ratio/percents"):
        return
    start = _before(case, p, m.start())
    end = m.start(which)
    shares = [_Rate(v.value, v.span) for v in values_in(case, start, end) if v.unit == "%"]
    alike = [v for v in values_in(case, start, end) if v.unit not in ("", "%", "year", "month", "week", "day", "hour")]
    pair = shares if len(shares) == 2 else _rates(case, start, end) if not shares else []
    if not pair and not shares and len(alike) == 2 and alike[0].unit == alike[1].unit:
        pair = [_Rate(v.value, v.span) for v in alike]
    if not pair and not shares and re.search(r"\brates?\b", case.flat[start:end]):
        pair = [_Rate(v.value, v.span) for v in values_in(case, start, end) if v.unit == "" and v.value.digits]
    if len(pair) != 2 or m.start() - pair[1].span[1] > _NEAR_BY:
        return
    a, b, given = pair[0].value, pair[1].value, read_printed(m[which])
    ahead = case.flat[start : pair[0].span[0]]
    if (
        re.search(r"\b(?:over|at least|more than|up to|least) (?:of )?$", ahead)
        or case.flat[pair[1].span[1] : end].strip(" %") == "and"
    ):
        return  # limits; the third of a list
    if a.low <= 0 or b.low <= 0 or not _JOINED.search(case.flat[pair[0].span[1] : pair[1].span[0]]):
        return
    low, high = sorted((a.value, b.value))
    sizes = [100 * (high / low - 1) if _MORE.search(m[0]) else 100 * (1 - low / high)]
    kind = (m["kind"] or m["kind2"] or "").strip().lower()
    meant = [abs(x) for x in sizes]
    if pair is shares and kind != "relative":
        meant.append(abs(a.value - b.value))
    if kind == "absolute":
        meant = meant[-1:] if pair is shares else []
    if not meant:
        return
    ends = 100 * (a.step / a.value + b.step / b.value)
    shown = f"From {a.text} and {b.text} follow {' or '.join(f'{float(x):.3g} %' for x in meant)}"
    places = [pair[0].span, pair[1].span, m.span(which)]
    off = min(abs(x - given.value) for x in meant)
    if off <= ends + given.step:
        judge(case, p, "derived", places, "ok", f"{shown}.", "relative change")
    elif off > ends + _SLACK:
        judge(case, p, "derived", places, "unlikely", f"{shown}, printed {given.text} %.", "relative change")


_NEAR_BY = 100
_MORE = re.compile(r"\b(?:increase|rise|higher|greater|more)\b", re.IGNORECASE)
_JOINED = re.compile(r"\b(?:and|vs\.?|versus|v|to|than|against|compared (?:with|to)|in)\b|,")
_PLANNED = re.compile(
    r"\b(?:power(?:ed)?|detect|assum\w*|hypothes\w*|expected|would|planned|if|previous\w*|margin|interval|CI|"
    r"confidence)\b",
    re.IGNORECASE,
)
