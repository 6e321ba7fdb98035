"""What a sentence makes of two rates: their ratio, a change in percent, a number needed to treat, an efficacy.

`in 20% with A and in 40% with B (relative risk, 0.75)`; `12 of 200 and 24 of 200 (odds ratio, 0.47)`; `2.40 per
person-year and 3.00 (rate ratio, 0.80)`; `12.0% and 9.0%, a relative reduction of 25%`.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.contrasts.counted_of import counted_of
from codon12.check.verify.contrasts.values import (
    A_CHANGE_OF,
    CLAUSE_ENDS,
    SET_AGAINST,
    TIMES,
    bracket_behind,
    values_in,
)
from codon12.check.verify.prose import NUMBER, compared, judge, only, settled
from codon12.numbers.unrounded import read_printed

__all__ = [
    "BEYOND",
    "FIT",
    "FITTED",
    "PLANNED",
    "Pair",
    "before_clause",
    "check_change_of_rates",
    "check_hazards",
    "check_ratio_of_rates",
    "odds_of",
    "pair_in",
]

FITTED = re.compile(
    r"\b(?:adjust\w*|multivaria\w*|logistic|regression|cox|model\w*|matched|weighted|propensity|mantel\w*|pooled|"
    r"meta-?analy\w*|stratif\w*|cluster\w*|imput\w*|kaplan\w*|cumulative|actuarial|hazard|negative binomial|"
    r"generali[sz]ed|bayes\w*|credible|standardi[sz]ed|estimated|interaction|a(?:OR|RR|HR))\b",
    re.IGNORECASE,
)
"""Words of a text whose ratios may not be those of its crude rates."""
_STEPS = re.compile(r"\b(?:per \d|quartile|tertile|quintile)")
"""Words of a text whose ratios may be those of a step, not of two percentages."""
PLANNED = re.compile(
    r"\b(?:power(?:ed)?|detect|assum\w*|hypothes\w*|expected|would|planned|if|previous\w*|margin)\b", re.IGNORECASE
)
_CLAUSE = re.compile(rf";|{CLAUSE_ENDS}|: ")
_JOINED = re.compile(rf"{SET_AGAINST}|\bin\b|,")
_RATIO = re.compile(
    r"\b(?P<what>(?i:rate ratio|risk ratio|prevalence ratio|relative risk|relative rate|odds ratio)|IRR|RR|OR)"
    rf"(?: \((?:IRR|RR|OR)\))?(?: (?:for|of) [a-z][a-z -]{{2,40}}?)?(?: of| was| is|,|:| =)* ?(?P<v>{NUMBER})"
    r"(?![\d.,]*\d| ?%)"
)
_THE_RATIO = re.compile(
    r"(?:(?:This|That|It|Thus|Hence|The|So|which|gives|gave|corresponds|corresponded|an?|to|makes|made|means|meant|"
    r"incidence|crude|unadjusted|therefore),? )*(?:rate|risk|relative|IRR|RR)\b"
)
"""The beginning of a sentence that gives the ratio of the rates in the one before."""
_CI_BEHIND = re.compile(
    rf"[^()\d]{{0,24}}95 ?% ?(?:CI|confidence interval),?:? ?(?P<a>{NUMBER}) ?(?:to|-|,|and) ?(?P<b>{NUMBER})"
)
_PER = re.compile(
    r"\bper (?:[\d,]+ )?(?:person|patient|catheter|device|1|year|month|day|bed|line|participant|ventilator|woman|"
    r"child|\d)|\b(?:annual(?:i[sz]ed)?|event|exacerbation|relapse|attack|infection|incidence|seizure|bleeding|fall|"
    r"admission|mortality) rates?\b"
)
_IN_TIME = re.compile(
    r"(?<![\w.,/-])(?P<n>[1-9]\d*) (?:[a-z]+ ){0,2}?(?:occurred |seen |arose )?(?:in|over|during|per|within) "
    r"(?P<t>[1-9][\d,]*(?:\.\d+)?)"
    r" (?:[a-z-]+ ){0,2}?(?:person|patient|catheter|device|woman)[- ](?:years|months|days)\b"
)
_CRUDE = re.compile(r"\b(?:crude|unadjusted)\b")
_NEAR, _ALONE = 160, 20
BEYOND = {"percents": 0.07, "counts": 0.1, "rates": 0.1}
"""How far apart on the log scale, beyond rounding, a ratio and that of two rates must be to be odd."""
_WHOLE = 100
_ODDS, FIT = 0.15, 0.1
"""The same of odds, and how much farther in a text that fits a model."""


class Pair(NamedTuple):
    """Two values set against each other: of what kind, between which bounds, where, and as told."""

    kind: str
    a: tuple[Fraction, Fraction]
    b: tuple[Fraction, Fraction]
    places: list[tuple[int, int]]
    shown: str


def before_clause(case: Case, p: Passage, at: int) -> int:
    """Where the clause before a place begins."""
    return max((x.end() for x in _CLAUSE.finditer(case.flat, p.start, at)), default=p.start)


def pair_in(case: Case, start: int, end: int) -> Pair | None:
    """The two percentages, counts of totals or rates per so many that a stretch sets against each other."""
    counts = counted_of(case, start, end)
    timed = list(_IN_TIME.finditer(case.flat, start, end))
    if len(timed) == 2:
        a, b = (Fraction(read_printed(x["n"]).value, read_printed(x["t"]).value) for x in timed)
        shown = " and ".join(f"{x['n']} in {x['t']}" for x in timed)
        return Pair("rates", (a, a), (b, b), [x.span(g) for x in timed for g in "nt"], shown)
    values = values_in(case, start, end)
    shares = [v for v in values if v.unit == "%"]
    if len(counts) == 2 and not shares:
        (n, k), (m, t) = ((x.n, x.total) for x in counts)
        if not 0 < n < k or not 0 < m < t:
            return None
        a, b = Fraction(100 * n, k), Fraction(100 * m, t)
        places = [place for x in counts for place in x.places]
        return Pair("counts", (a, a), (b, b), places, f"{n} of {k} and {m} of {t}")
    rates = [v for v in values if v.unit == "" and v.value.digits] if not shares else []
    two = shares if len(shares) == 2 else rates if _PER.search(case.flat, start, end) else []
    if len(two) != 2 or not _JOINED.search(case.flat[two[0].span[1] : two[1].span[0]]):
        return None
    if end - two[1].span[1] > _NEAR or min(v.value.low for v in two) <= 0:
        return None
    a, b = (v.value for v in two)
    unit = " %" if two is shares else ""
    boxes = (a.low, a.high), (b.low, b.high)
    return Pair("percents" if unit else "rates", *boxes, [v.span for v in two], f"{a.text}{unit} and {b.text}{unit}")


def odds_of(x: Fraction) -> Fraction:
    """The odds of a percentage."""
    return x / max(100 - x, Fraction(1, 10**6))


def _off(low: float, high: float, told: tuple[float, float]) -> float:
    """How far a ratio told is from that of two rates, either over the other, on the log scale."""
    return min(max(low - told[1], told[0] - high, 0.0), max(-high - told[1], told[0] + low, 0.0))


def check_ratio_of_rates(case: Case, p: Passage) -> None:
    """Check the one ratio of a sentence against the two rates beside it."""
    m = only(_RATIO.finditer(case.flat, p.start, p.end))
    if m is None:
        return
    given, odds = read_printed(m["v"]), m["what"].lower() in ("odds ratio", "or")
    begin = before_clause(case, p, m.start())
    pair = pair_in(case, begin, m.start())
    if pair is None and p.start < begin and m.start() - begin <= _ALONE:  # `8.0 (A) and 2.0 (B); rate ratio, 4.0`
        pair = pair_in(case, before_clause(case, p, begin - 1), begin)
    if pair is None and (behind := bracket_behind(case, m.end(), p.end)) is not None:
        pair = pair_in(case, *behind)
    words = case.flat[p.start : p.end]
    before = case.text.passages[p.index - 1] if p.index else p
    alone = before.paragraph == p.paragraph and begin == p.start
    if pair is None and alone and _THE_RATIO.match(case.flat, p.start, m.end()):
        pair, words = pair_in(case, before.start, before.end), case.flat[before.start : p.end]
    if pair is None or given.low <= 0 or PLANNED.search(words) or FITTED.search(words):
        return
    if settled(case, m.span("v"), "ratio/counts", "ratio/percents") or (odds and pair.kind == "rates"):
        return
    fitted = FITTED.search(case.flat) is not None
    if pair.kind == "percents" and (fitted or _STEPS.search(case.flat)):
        return
    (a, x), (b, y) = ((odds_of(v), odds_of(w)) if odds else (v, w) for v, w in (pair.a, pair.b))
    low, high = math.log(a / y), math.log(x / b)
    told = math.log(given.low), math.log(given.high_cut)
    off = _off(low, high, told)
    rounded = _off(low, high, (told[0], math.log(given.high)))  # both cut off and rounded to the utmost is rare
    crude = math.exp((low + high) / 2)
    name = "ratio" if pair.kind == "rates" else f"crude {'odds ratio' if odds else 'relative risk'}"
    shown = f"{pair.shown} make a {name} of {crude:.3g}"
    limits = _CI_BEHIND.match(case.flat, m.end(), p.end)
    ends = [float(read_printed(limits[k]).value) for k in "ab"] if limits else []
    inside = bool(ends) and any(ends[0] <= r <= ends[1] for r in (crude, 1 / crude))
    if _CRUDE.search(case.flat, max(p.start, m.start() - 20), m.end()):
        fitted = inside = False
    inside = inside and (fitted or pair.kind != "rates")
    kind = "derived" if pair.kind == "rates" else f"ratio/{pair.kind}"
    places = [*pair.places, m.span("v")]
    one_whole = pair.kind == "percents" and pair.a[0] + pair.b[0] <= _WHOLE <= pair.a[1] + pair.b[1]
    beyond = (_ODDS if odds and pair.kind == "percents" else BEYOND[pair.kind]) + (FIT if fitted else 0)
    if off == 0:
        judge(case, p, kind, places, "ok", f"{shown}.", name)
    elif one_whole:
        return  # of those with the disease 93 % smoked and 7 % did not
    elif (off > beyond or rounded > 2 * beyond) and not inside and not (fitted and pair.kind == "counts"):
        judge(case, p, kind, places, "unlikely", f"{shown}, printed {given.text}.", name)
    elif not compared(case, m.span("v"), kind):
        judge(case, p, kind, places, "cannot confirm", f"{shown}, printed {given.text}: it may be adjusted.", name)


_HAZARD = re.compile(
    rf"\b(?:hazard ratio|HR)(?: \(HR\))?(?: of| was|,|:| =)* ?(?P<v>{NUMBER})(?![\d.,]*\d| ?%)", re.IGNORECASE
)
_CONTROL = re.compile(
    r"\b(?:placebo|control\w*|usual|sham|no treatment|observation|untreated|standard)\b", re.IGNORECASE
)
_BOTH_WAYS = 0.1
"""How far from equal, on the log scale, rates and ratio must be to point a way."""


def check_hazards(case: Case, p: Passage) -> None:
    """`3.18 per 100 years with A and 2.67 with usual care (hazard ratio, 0.84)`: rates point the other way."""
    found = list(_HAZARD.finditer(case.flat, p.start, p.end))
    if len(found) != 1 or PLANNED.search(case.flat, p.start, p.end) or compared(case, found[0].span("v"), "direction"):
        return
    m = found[0]
    pair, given = pair_in(case, before_clause(case, p, m.start()), m.start()), read_printed(m["v"])
    if pair is None or pair.kind != "rates" or given.low <= 0:
        return
    between, behind = case.flat[pair.places[0][1] : pair.places[-1][0]], case.flat[pair.places[-1][1] : m.start()]
    if not _CONTROL.search(behind) or _CONTROL.search(between) or _TURNED.search(case.flat, m.end(), p.end):
        return
    rates, hazards = math.log(pair.a[0] / pair.b[0]), math.log(given.value)
    if min(abs(rates), abs(hazards)) > _BOTH_WAYS and (rates > 0) != (hazards > 0):
        sentence = f"{pair.shown} make a ratio of {math.exp(rates):.3g}, printed {given.text}."
        judge(case, p, "direction", [*pair.places, m.span("v")], "unlikely", sentence, "direction of effect")


_TURNED = re.compile(r"\bfor (?:the )?(?:placebo|control|usual|standard)\b", re.IGNORECASE)
"""Behind a ratio, where it is said to be of the control group."""
_CHANGE = re.compile(
    r"(?=\d)(?<![\d.,-])(?P<p>\d+(?:\.\d+)?) ?% (?P<kind>relative |absolute )?(?:risk |rate )?(?:reduction|decrease|"
    r"decline|fall|drop|increase|rise|lower|fewer|higher|greater|more)\b(?! (?:risk of|than)\b[^.;]*\d+ ?%)"
    r"|\b(?P<kind2>relative |absolute )?(?:risk |rate )?(?:reduction|decrease|decline|fall|drop|increase)(?: "
    r"\([A-Z]{3}\))?(?:(?: of| was|,|:| =)+|(?<=relative risk reduction)|(?<=RRR\))) ?(?P<q>\d+(?:\.\d+)?) ?%"
    r"(?!-| points?)",
    re.IGNORECASE,
)
_MORE = re.compile(r"\b(?:increase|rise|higher|greater|more)\b", re.IGNORECASE)
_LIST = re.compile(r"[^;]{0,260}\brespectively\b")
"""Behind a change that is the last of a list: `63%, 87% and 105% higher for A, B and C, respectively`."""
_FROM_TO = re.compile(
    rf"\b(?:went|fell|dropped|decreased|declined|rose|increased|reduced|came down|shrank|grew)(?: [a-z]+){{0,2}} from "
    rf"(?P<a>{NUMBER}) to (?P<b>{NUMBER})(?= (?!of\b|%)|,|\()(?:i\.e\.|(?!\b(?:and|but|while)\b)[^.;%\d]){{0,25}}$"
)
"""`went from 12 to 9,` before a change in percent."""
_POOLED_GROUP = re.compile(r"\bpooled (?:group|sample|cohort)\b")
_COUNTED = re.compile(r"\b(?:numbers?|counts?) of [a-z]")
"""Before values that are whole, not rounded."""
_OF_EACH = re.compile(r"\b(?:median|mean|average) ", re.IGNORECASE)
_LIMIT_BEFORE = re.compile(r"[<>≤≥] ?$|\b(?:less|more|greater|lower|higher|fewer) than $")
_OF_A_LIMIT = re.compile(r"\b(?:interval|CI|confidence)\b")
_SLACK = 3


def check_change_of_rates(case: Case, p: Passage) -> None:
    """`0.62 with A and 1.24 with B, a 50% reduction`; `12.0% and 9.0%, a relative risk reduction of 25%`."""
    changes = list(_CHANGE.finditer(case.flat, p.start, p.end))
    kinds = [(m["kind"] or m["kind2"] or "").strip().lower() for m in changes]
    if len(changes) != 1 and sorted(kinds) != ["absolute", "relative"]:
        return
    for m in changes:
        _change(case, p, m, changes[0].start())


def _change(case: Case, p: Passage, m: re.Match[str], first: int) -> None:
    """Check one change in percent against the two values before the first change of its sentence."""
    which = "p" if m["p"] else "q"
    words = _POOLED_GROUP.sub("", case.flat[p.start : p.end])
    if FITTED.search(words) or PLANNED.search(words) or _OF_A_LIMIT.search(words) or _LIST.match(case.flat, m.end()):
        return
    if settled(case, m.span(which), "derived", "difference", "ratio/percents"):
        return
    begin = before_clause(case, p, first)
    values = values_in(case, begin, m.start(which) if first == m.start() else first)
    if not values and p.start < begin and first - begin <= _ALONE:
        values = values_in(case, before_clause(case, p, begin - 1), begin)
    pair = [v for v in values if v.unit not in TIMES and (v.unit or v.value.digits)]
    bare = only(_FROM_TO.finditer(case.flat, begin, m.start()))
    if not pair and bare is not None and not _OF_EACH.search(case.flat, max(begin, m.start() - 12), m.end()):
        pair = [v for v in values if v.span in (bare.span("a"), bare.span("b"))]
    units = {v.unit for v in pair}
    if any(A_CHANGE_OF.search(case.flat, p.start, v.span[0]) for v in pair):
        return  # `an efficiency of 60%, a change of 19% in length and a 9% increase in transmission`
    if any(_LIMIT_BEFORE.search(case.flat, p.start, v.span[0]) for v in pair):
        return  # `the highest (≥ 0.7) and the lowest (< 0.2)`: what parts the groups
    if not pair and (behind := bracket_behind(case, m.end(), p.end)) is not None:  # `was 5% (12% v 7%)`
        pair = values_in(case, *behind)
        units = {v.unit for v in pair}
        if units != {"%"} or (m["kind"] or m["kind2"] or "").strip().lower() != "absolute":
            return
    if len(pair) != 2 or len(units) != 1 or m.start() - pair[1].span[1] > _NEAR:
        return
    a, b, given = pair[0].value, pair[1].value, read_printed(m[which])
    if min(a.low, b.low) <= 0 or not _JOINED.search(case.flat[pair[0].span[1] : pair[1].span[0]]):
        return
    low, high = sorted((a.value, b.value))
    meant = [100 * (high / low - 1) if _MORE.search(m[0]) else 100 * (1 - low / high)]
    kind, percents = (m["kind"] or m["kind2"] or "").strip().lower(), units == {"%"}
    if percents and kind != "relative":
        meant.append(high - low)
    if kind == "absolute":
        meant = meant[1:]
    counted = bare is not None and pair[0].span == bare.span("a") and _COUNTED.search(case.flat, begin, bare.start())
    slack = given.step + (0 if counted else 100 * (a.step / a.value + b.step / b.value))
    off = min((abs(x - given.value) for x in meant), default=Fraction(0))
    shown = f"From {a.text} and {b.text} follow {' or '.join(f'{float(x):.3g} %' for x in meant)}"
    places = [pair[0].span, pair[1].span, m.span(which)]
    if meant and off <= slack:
        judge(case, p, "derived", places, "ok", f"{shown}.", "relative change")
    elif off > slack + _SLACK:
        judge(case, p, "derived", places, "unlikely", f"{shown}, printed {given.text} %.", "relative change")
