"""A number needed to treat against the difference of two rates: one over it."""

from __future__ import annotations

import math
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.contrasts.two_rates import FITTED
from codon12.check.verify.contrasts.values import values_in
from codon12.check.verify.prose import NUMBER, judge, only, whole
from codon12.numbers.unrounded import read_printed

__all__ = ["check_number_needed"]

_PEOPLE = (
    r"(?:patients|people|women|men|children|persons|individuals|adults|infants|babies|operations|treatments|courses)"
)
_TO_SPARE = (
    r"(?:(?:prevent|avoid|avert|save|spare|cause|gain|cure) (?:one|an?|1|a single|each)\b|one (?:[a-z]+ )?to benefit|"
    r"(?:the )?benefit of one)"
)
_NEEDED = re.compile(
    r"\b(?:numbers? needed to (?:treat|harm|screen|vaccinate)(?: to [^.;()\d]{1,60}?)?(?: \(NN[THSV]\))?|NN[TH])"
    rf"(?: of| was| is| were|:|,| =)* ?(?P<n>{NUMBER})(?![\d.,]*\d| ?%)|(?<![\w.,])(?P<k>\d+) (?:patients|people"
    rf"|women|"
    r"men|children|persons|individuals|adults|infants) (?:would )?(?:need(?:ed)?|had|has|have) to be (?:treated|"
    r"screened|vaccinated|operated)"
    rf"|(?<![\w.,])(?P<i>\d{{1,5}}) {_PEOPLE} (?:(?!and\b|or\b)[a-z-]+ ){{0,12}}?(?:to|for) {_TO_SPARE}"
    r"|\bnumber of [a-z]+ (?:(?:who|that) )?(?:(?:would|had|have) )?(?:(?:need(?:ed|ing)?"
    r"|required) )?to be (?:treated|"
    r"screened|vaccinated)(?: for (?:\d+(?:\.\d+)?|an?|one|two|three|four|five) (?:years?|months?|weeks?))?"
    rf"(?: to [^.;()\d]{{1,60}}?)?(?: of| was| is|:|,| =)+ ?(?P<j>{NUMBER})(?![\d.,]*\d| ?%)"
    r"|\b(?:one|an?|0*1)(?: additional| extra| further| such)? [a-z -]{3,40}? (?:(?:is|was|were|would be"
    r"|are) )?(?:thus |thereby "
    r")?(?:prevented|averted|avoided|saved|spared|gained|cured) (?:for|per|in|with) (?:every "
    r"|each )?(?P<h>\d+)(?! ?%|\.\d)"
    r"|(?<![\w.,])(?P<g>\d+) (?:[a-z-]+ ){1,3}(?:would )?(?:need(?:ed)?|had|has|have|must) (?:to )?be (?:[a-z]+ed"
    r"|given [a-z]+)"
    r"(?= (?:to|for|in order to|so as to) (?:prevent|avoid|avert|save|gain|cure|achieve))"
    r"|\b(?:treating|treat|treatment of|vaccinating|screening"
    r"|giving [a-z]+ to) (?P<f>\d+) (?:[a-z-]+ ){1,4}(?:prevent|avert|avoid|"
    r"save|spare|cure)[a-z]* (?:one|an?|0*1)\b",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(
    r"\b(?:absolute (?:risk |rate )?(?:reduction|difference|increase|benefit)|risk difference|ARR)\b"
    rf"(?: \(ARR\))?(?: (?:at|after|over) (?:the )?\d+ (?:years?|months?|weeks?|days?))?[^.;()\d]{{0,12}}? "
    rf"?-?(?P<d>{NUMBER}) ?(?:%|percentage points?|points?)",
    re.IGNORECASE,
)
_PER_SO_MANY = re.compile(
    rf"(?<![\w.,/-])(?P<n>{NUMBER})(?: (?!in\b|and\b|or\b|to\b|of\b)[a-z-]+){{0,4}}? (?:per|in|for every|among|of) "
    r"(?:every )?(?P<per>100|1,?000|10,?000)(?![\d.,]*\d| ?%)"
    r"(?! ?(?:person|patient|women)?[- ]?(?:years?|months?|days?)\b)",
)
_FEWER = re.compile(
    r"\b(?:prevent|avert|avoid|spar|sav|reduc|absolute|difference|gain|benefit|(?:fell|lower\w*) by)[^.;,\d]{0,40}$",
    re.IGNORECASE,
)
_SURVIVAL = re.compile(r"\b(?:surviv\w*|at \d+ years)\b", re.IGNORECASE)
_IN_A_TIME = re.compile(r"\b(?:person-years?|per year|annual\w*)\b", re.IGNORECASE)
_FAR = Fraction(6, 5)


def _of_a_difference(words: str, so_many: re.Match[str], start: int) -> bool:
    """Whether so many per thousand are how far two rates are apart: `prevented 12 strokes per 1000`, `12 fewer`."""
    ahead = words[: so_many.start() - start]
    return _FEWER.search(ahead) is not None or re.search(r"\b(?:fewer|less|extra|additional)\b", so_many[0]) is not None


def check_number_needed(case: Case, p: Passage) -> None:
    """`an absolute reduction of 5.0 points, a number needed to treat of 20`: one over the difference."""
    m = only(_NEEDED.finditer(case.flat, p.start, p.end)) or only(_NEEDED.finditer(case.figures, p.start, p.end))
    if m is None:
        return
    at, words = m.span(next(k for k in "nkjihgf" if m[k])), case.flat[p.start : p.end]
    needed = read_printed(case.figures[at[0] : at[1]].lstrip("0") or "0")
    if not needed.value:
        return
    absolute = list(_ABSOLUTE.finditer(case.flat, p.start, p.end))
    shares = [v for v in values_in(case, p.start, p.end) if v.unit == "%" and v.span != at]
    so_many = [x for x in _PER_SO_MANY.finditer(case.figures, p.start, p.end) if x.span("n") != at]
    if not absolute and not shares and len(so_many) == 1 and _of_a_difference(words, so_many[0], p.start):
        per, gap = whole(so_many[0]["per"]), read_printed(so_many[0]["n"].lstrip("0") or "0")
        low, high = (100 * x / per for x in (gap.low, gap.high))
        places, shown = [so_many[0].span("n"), so_many[0].span("per")], f"{gap.text} per {so_many[0]['per']}"
    elif len(absolute) == 1:
        gap = read_printed(absolute[0]["d"])
        low, high, places, shown = gap.low, gap.high, [absolute[0].span("d")], f"A difference of {gap.text} points"
    elif not absolute and len(shares) == 2:
        a, b = (v.value for v in shares)
        gap, slack = abs(a.value - b.value), (a.step + b.step) / 2
        low, high, places, shown = gap - slack, gap + slack, [v.span for v in shares], f"{a.text} % and {b.text} %"
    else:
        return
    if low <= 0 or needed.value <= 0 or FITTED.search(words):
        return
    least, most = Fraction(100) / high, Fraction(100) / low
    shown = f"{shown}: a number needed of {float(least):.3g} to {float(most):.3g}"
    if math.floor(least) <= needed.high and needed.low <= math.ceil(most):
        judge(case, p, "NNT", [*places, at], "ok", f"{shown}.", "1 / difference")
        return
    far = max(least / needed.value, needed.value / most) > _FAR and max(least - needed.value, needed.value - most) > 1
    doubted = _IN_A_TIME.search(words) or (not absolute and _SURVIVAL.search(words))
    verdict: Verdict = "unlikely" if far and not doubted else "cannot confirm"
    judge(case, p, "NNT", [*places, at], verdict, f"{shown}, printed {needed.text}.", "1 / difference")
