"""Two values or counts and the number made of them: a ratio, a change since baseline, observed over expected.

`the ratio of the medians was 1.5 (12 vs 8 months)`; `84 mm at baseline and 42 mm at week 8 (-50%)`; `42 men and 31
women (male:female ratio, 1.4:1)`; `a standardised mortality ratio of 1.35 (120 observed deaths versus 88.9 expected)`.
"""

from __future__ import annotations

import math
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.contrasts.two_rates import FITTED
from codon12.check.verify.contrasts.values import bracket_behind, values_in
from codon12.check.verify.prose import NUMBER, judge, only
from codon12.numbers.unrounded import read_printed

__all__ = ["check_observed_to_expected", "check_ratio_of_values", "check_sexes", "check_since_baseline"]

_BEYOND = 0.1
"""How far apart on the log scale, beyond rounding, a ratio and that of two values must be to be odd."""


_SINCE_BASELINE = re.compile(
    rf"(?<![\w.,/-])(?P<a>{NUMBER}) ?(?P<u>mm|cm|mL|ml|kg|[a-zµμ]{{1,5}}/d?[mM]?[lL])?(?: \([^()\d]{{1,20}}\))? at "
    rf"baseline(?:,| and| to)+ (?:[a-z]+ ){{0,2}}?(?P<b>{NUMBER}) ?(?:(?P=u))?(?: [a-z][a-z-]*){{0,6}}(?: \d{{1,2}})? "
    rf"[(\[](?P<s>[-+])(?P<p>\d+(?:\.\d+)?) ?%(?: change)?[)\]]"
)
_AVERAGED = re.compile(r"\b(?:means?|medians?|averages?|average[ds]|geometric)\b", re.IGNORECASE)


def check_since_baseline(case: Case, p: Passage) -> None:
    """Check each change since baseline against both values."""
    for m in _SINCE_BASELINE.finditer(case.flat, p.start, p.end):
        _since_baseline(case, p, m)


def _since_baseline(case: Case, p: Passage, m: re.Match[str]) -> None:
    """`84 mm at baseline and 42 mm at best response (-50%)`: the change in percent of one measurement."""
    if _AVERAGED.search(case.flat, p.start, p.end) or FITTED.search(case.flat, p.start, p.end):
        return
    a, b, given = (read_printed(m[k]) for k in "abp")
    if a.low <= 0:
        return
    low, high = 100 * (b.low / a.high - 1), 100 * (b.high / a.low - 1)
    sign = -1 if m["s"] == "-" else 1
    told = sorted((sign * given.low, sign * given.high_cut))
    shown = f"From {a.text} to {b.text} is {float(100 * (b.value / a.value - 1)):+.3g} %"
    places = [m.span(k) for k in "abp"]
    if low <= told[1] and told[0] <= high:
        judge(case, p, "derived", places, "ok", f"{shown}.", "relative change")
    elif low - told[1] > 1 or told[0] - high > 1:
        judge(case, p, "derived", places, "unlikely", f"{shown}, printed {m['s']}{given.text} %.", "relative change")


_OF_VALUES = re.compile(
    r"\bratio of (?:the |their )?(?:two )?(?:medians?|mean [a-z]+|means|averages|rates|times|concentrations|"
    r"levels|doses)"
    rf"(?: [a-z]+){{0,4}}?(?: of| was| is|,|:| =)+ ?(?P<v>{NUMBER})(?![\d.,]*\d| ?%)",
    re.IGNORECASE,
)


def check_ratio_of_values(case: Case, p: Passage) -> None:
    """`the ratio of the medians was 1.5 (12 vs 8 months)`: one value over the other."""
    m = only(_OF_VALUES.finditer(case.flat, p.start, p.end))
    if m is None:
        return
    behind = bracket_behind(case, m.end(), p.end)
    if behind is None or FITTED.search(case.flat, p.start, p.end) or "geometric" in case.flat[p.start : p.end]:
        return
    pair, given = values_in(case, *behind), read_printed(m["v"])
    if len(pair) != 2 or given.low <= 0 or min(v.value.low for v in pair) <= 0 or not pair[1].unit:
        return
    if pair[0].unit not in ("", pair[1].unit):
        return
    a, b = (v.value for v in pair)
    low, high, told = (
        math.log(a.low / b.high),
        math.log(a.high / b.low),
        (math.log(given.low), math.log(given.high_cut)),
    )
    off = min(max(low - told[1], told[0] - high, 0.0), max(-high - told[1], told[0] + low, 0.0))
    shown = f"{a.text} and {b.text} make a ratio of {float(a.value / b.value):.3g}"
    places = [*(v.span for v in pair), m.span("v")]
    if off == 0:
        judge(case, p, "derived", places, "ok", f"{shown}.", "ratio of two values")
    elif off > _BEYOND:
        judge(case, p, "derived", places, "unlikely", f"{shown}, printed {given.text}.", "ratio of two values")


_SEXES = re.compile(
    r"\b(?P<a>males?|men|boys?|females?|women|girls?|M|F)(?: ?[:/] ?|[ -]to[ -]|-)(?P<b>females?|males?|women|men|"
    r"girls?|boys?|F|M)\b(?: (?:sex )?ratio|(?=,? ?[=:]? ?\d\.\d))(?: \([A-Z:/]+\))?(?: of| was|,|:| =|=)* "
    r"?(?P<v>\d+(?:\.\d+)?)(?: ?: ?(?P<w>\d+(?:\.\d+)?))?(?![\d.]*\d| ?%)",
    re.IGNORECASE,
)
_OF_A_SEX = re.compile(
    r"(?<![\w.,/-])(?P<n>\d+) (?:\(\d+(?:\.\d+)? ?%\) )?(?:were )?(?:(?P<m>males?|men|boys)|(?P<f>females?|"
    r"women|girls))\b",
    re.IGNORECASE,
)
_MEN = ("m", "bo")
_ROUGHLY = 0.15
"""How far, on the log scale, a ratio of whole numbers may be off."""


def check_sexes(case: Case, p: Passage) -> None:
    """`42 men and 31 women (male:female ratio, 1.4:1)`: the two counts of the sentence."""
    m = only(_SEXES.finditer(case.flat, p.start, p.end))
    if m is None:
        return
    counts = list(_OF_A_SEX.finditer(case.figures, p.start, p.end))
    men, women = [x for x in counts if x["m"]], [x for x in counts if x["f"]]
    sides = [m[k].lower().startswith(_MEN) for k in "ab"]
    if len(men) != 1 or len(women) != 1 or sides[0] == sides[1] or not int(men[0]["n"]) * int(women[0]["n"]):
        return
    first, second = (men[0], women[0]) if sides[0] else (women[0], men[0])
    v, w = read_printed(m["v"]), read_printed(m["w"] or "1")
    if min(v.low, w.low) <= 0 and not (v.digits or w.digits):
        return
    if min(v.value, w.value) <= 0:
        return
    size, given = math.log(Fraction(int(first["n"]), int(second["n"]))), math.log(v.value / w.value)
    step = max(float(x.step / x.value) for x in (v, w) if x.digits) if v.digits or w.digits else _ROUGHLY
    shown = f"{int(first['n'])} and {int(second['n'])} make a ratio of {math.exp(size):.3g}"
    places = [first.span("n"), second.span("n"), m.span("v")]
    if abs(size - given) <= step:
        judge(case, p, "derived", places, "ok", f"{shown}.", "ratio of two counts")
    elif abs(size - given) > step + _BEYOND / 2:
        told = f"{v.text}:{w.text}" if m["w"] else v.text
        judge(case, p, "derived", places, "unlikely", f"{shown}, printed {told}.", "ratio of two counts")


_OBSERVED = (
    rf"(?P<o>{NUMBER}) (?:observed|(?:[a-z]+ )?(?:deaths|cases|events|cancers)(?: were| was)? (?:observed|seen))"
)
_STANDARDISED = re.compile(
    r"\b(?:standardi[sz]ed (?:mortality|incidence|hospitali[sz]ation) ratio|SMR|SIR|O/E(?: ratio)?)(?: \((?:SMR|"
    r"SIR)\))?"
    r"(?: for [a-z -]{3,30}?)? ?(?:was|of|:|,|=)? ?"
    rf"(?P<r>\d+\.\d+) ?[(\[;,] ?(?:based on )?(?:{_OBSERVED}(?:[^.;()\d]|vs\.){{0,30}}? (?P<e>{NUMBER}) expected"
    rf"|observed,?:? ?(?P<o2>{NUMBER})[,;]? (?:and )?expected,?:? ?(?P<e2>{NUMBER}))"
    rf"|(?:{_OBSERVED.replace('<o>', '<o3>')}|\b(?:observed|recorded|saw|counted|found|were) (?P<o4>{NUMBER}) "
    rf"(?:deaths|cases|events|cancers|suicides))(?:[^.;()\d]|vs\.){{0,50}}? (?P<e3>{NUMBER})(?: (?:deaths|cases|"
    rf"events|cancers))?(?: were| was| had been| would have been)? expected[^.;()\d]{{0,30}}"
    rf" ?[(\[,;:] ?(?:for |giving |an? |the )*(?:SMR|SIR|standardi[sz]ed (?:mortality|incidence) ratio)(?: of| was|"
    rf":|,| =)* "
    rf"?(?P<r3>\d+\.\d+)",
    re.IGNORECASE,
)


def check_observed_to_expected(case: Case, p: Passage) -> None:
    """Check each standardised ratio against the observed and the expected number."""
    for m in _STANDARDISED.finditer(case.flat, p.start, p.end):
        _observed_to_expected(case, p, m)


def _observed_to_expected(case: Case, p: Passage, m: re.Match[str]) -> None:
    """`a standardised mortality ratio of 1.35 (120 observed deaths versus 88.9 expected)`."""
    roles = [next(k for k in (x, f"{x}2", f"{x}3", f"{x}4") if k in m.re.groupindex and m[k]) for x in "roe"]
    ratio, seen, expected = (read_printed(m[k]) for k in roles)
    if expected.low <= 0:
        return
    fits = seen.value / expected.high <= ratio.high_cut and ratio.low <= seen.value / expected.low
    shown = f"{seen.text} of {expected.text} expected is {float(seen.value / expected.value):.3g}"
    sentence = f"{shown}{'' if fits else f', printed {ratio.text}'}."
    places = [m.span(k) for k in roles]
    judge(case, p, "derived", places, "ok" if fits else "error-if", sentence, "observed / expected")
