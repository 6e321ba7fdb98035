"""A standard deviation against the range of its values or of its scale, a standard error against interval and mean.

A standard deviation is at most half the range times the root of n / (n - 1) (Popoviciu 1935).
"""

from __future__ import annotations

import math

import msgspec

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.possible.scales_of_the_text import scales_in
from codon12.check.verify.prose import NUMBER, compared, counts_in, judge
from codon12.numbers.unrounded import read_printed

__all__ = ["CI", "MEAN_BEFORE", "NOT_LEVEL", "SD", "STEADY", "check_deviations"]

_V = rf"-?{NUMBER}"
SD = re.compile(
    rf"\b(?:SDs?|s\.d\.|[Ss]tandard deviation)(?: \(SD\))?(?: of| was|,|:| =)* ?±? ?(?P<a>{NUMBER})(?![\d.,]*\d| ?%)"
    rf"|(?:±|\+/-) ?(?:SD )?(?P<b>{NUMBER})(?![\d.,]*\d)"
    rf"|\b[Mm]ean \(SD\)[^.;()\d]{{0,60}}?{_V} ?(?:[a-z%]+ )?\((?P<c>{NUMBER})\)"
)
_RANGE = re.compile(
    rf"\b(?<!interquartile )(?<!quartile )(?<!reference )(?<!normal )rang(?:e|es|ed|ing)(?: of values)?(?: was| of|,|:|"
    rf" =)*(?: from)? ?\(?(?P<a>{_V}) ?(?P<u>%|(?!to |and )[a-zA-Z/]+)? ?(?:to|-|and) ?(?P<b>{_V})(?![\d.,]*\d)|"
    rf"\bmin(?:imum|\.)?(?: of| was|,|:| =)* ?(?P<c>{_V})[^.;()\d]{{0,14}}? ?(?:and |[,;] ?(?:and )?|/ ?)?max(?:imum|"
    rf"\.)?(?: of| was|,|:| =)* ?(?P<d>{_V})",
    re.IGNORECASE,
)
_NOT_OF_IT = re.compile(
    r"\b(?:items|per item|each item|subscales?|domains?|total score|sum|IQR|interquartile|quartiles?|percentiles?|"
    r"differ\w*|chang\w*|median|reduc\w*|improv\w*|decreas\w*|increas\w*|versus|vs|respectively|log|CV|across|between|"
    r"among (?:studies|trials)|means ranged|errors?|SEM?)\b",
    re.IGNORECASE,
)
_HALF_WIDTH = re.compile(r"\bCI\b|\bconfidence\b|\b95 ?%", re.IGNORECASE)
_FEW = 10


def check_deviations(case: Case, p: Passage) -> None:
    """Check the one standard deviation of a sentence against interval, range or scale, and mean."""
    _from_deviation(case, p)
    _deviation(case, p)
    _more_than_the_mean(case, p)


def _deviation(case: Case, p: Passage) -> None:
    sds, scales = list(SD.finditer(case.flat, p.start, p.end)), scales_in(case, p)
    if len(sds) == 1:  # only the clause it stands in
        p = _clause_of(case, p, sds[0].start())
    if len(sds) != 1 or _NOT_OF_IT.search(case.flat, p.start, p.end) or _HALF_WIDTH.search(case.flat, p.start, p.end):
        return
    ranges = list(_RANGE.finditer(case.flat, p.start, p.end))
    if len(ranges) + len(scales) != 1 and len(ranges) != 1:
        return
    sd_at = next(k for k in "abc" if sds[0][k])
    sd = read_printed(sds[0][sd_at])
    places = [sds[0].span(sd_at)]
    in_percent = case.flat[sds[0].end(sd_at) :].lstrip(" )").startswith("%")
    if in_percent and ranges and "%" not in case.flat[ranges[0].start() : ranges[0].end() + 2]:
        return  # `73 ± 5% greater, so that it was 5.5 mm (range, 3 to 10 mm)`
    if ranges:
        m, what = ranges[0], "a range"
        a, b = ("a", "b") if m["a"] else ("c", "d")
        low, high, (start, end) = read_printed(m[a]), read_printed(m[b]), m.span()
        most = float(high.high_cut - low.low) / 2
        places += [m.span(a), m.span(b)]
    else:
        scale, what = scales[0], "a scale"
        low, high, (start, end) = read_printed(str(scale.low)), read_printed(str(scale.high)), scale.span
        most = (scale.high - scale.low) / 2
        places.append(scale.span)
    if ranges and _OF_AGE.match(case.flat, case.flat.rfind("(", p.start, start) + 1, start) and sd_at != "c":
        return  # `39 subjects (mean age, 28; range, 19 to 56 years) had 209 ± 37 μL`
    if high.value <= low.value or sd.value <= 0 or start <= places[0][0] < end:
        return
    sizes = [c.n for c in counts_in(case, p.start, p.end) if 1 < c.n < _FEW and not start <= c.span[0] < end]
    n = min(sizes, default=_FEW)
    if ranges and sds[0].end() <= start and _outside(case, p, sds[0], *places[1:]):
        return
    shown = (
        f"Values from {low.text} to {high.text} have a standard deviation of at most "
        f"{most * math.sqrt(n / (n - 1)):.3g}"
    )
    if float(sd.low) <= most * math.sqrt(n / (n - 1)):
        if float(sd.high) <= most:
            judge(case, p, "statistic", places, "ok", f"{shown}.", f"half of {what}")
        return
    verdict: Verdict = "error-if" if float(sd.low) > most * math.sqrt(2) else "unlikely"
    judge(case, p, "statistic", places, verdict, f"{shown}, printed {sd.text}.", f"half of {what}")


_BETWEEN = re.compile(
    r"\)?(?: ?(?:years?|yrs?|months?|days|weeks|minutes|min|hours|kg|kg/m2|cm|mm|points|mL))?\)?[,;:( ]*"
    r"(?:with )?(?:and )?(?:an? )?"
)
"""What may stand between a deviation and the range of the same values."""


def _outside(case: Case, p: Passage, sd: re.Match[str], low_at: tuple[int, int], high_at: tuple[int, int]) -> bool:
    """`the mean age was 61 years (SD 8), range 63-79`: a mean lies within the range of its values."""
    which = next(k for k in "abc" if sd[k])
    if which == "c":
        before = re.search(rf"(?P<v>{_V}) ?(?:[a-z%]+ )?\($", case.flat[sd.start() : sd.start("c")])
        at = sd.start()
    else:
        at = max(p.start, sd.start() - 40)
        before = re.search(MEAN_BEFORE.pattern, case.flat[at : sd.start()])
    behind = case.flat[sd.end() : low_at[0]]
    if before is None or not re.fullmatch(rf"{_BETWEEN.pattern}rang\w+[^\d.;]{{0,14}}", behind, re.IGNORECASE):
        return False
    span = (at + before.start("v"), at + before.end("v"))
    mean, low, high = (read_printed(case.flat[slice(*x)]) for x in (span, low_at, high_at))
    if low.low <= mean.high_cut and mean.low <= high.high_cut:
        return False
    sentence = f"The mean, {mean.text}, lies outside the range of its values, {low.text} to {high.text}."
    judge(case, p, "order", [span, low_at, high_at], "error-if", sentence, "lower < mean < upper")
    return True


def _more_than_the_mean(case: Case, p: Passage) -> None:
    """`birth weight was 3,310 g on average, with a standard deviation of 4,800 g`."""
    sds = [m for m in SD.finditer(case.flat, p.start, p.end) if m["a"]]
    if len(sds) != 1 or NOT_LEVEL.search(case.flat, p.start, p.end) or not STEADY.search(case.flat, p.start, p.end):
        return
    if case.flat[p.start : sds[0].start()].rstrip().endswith(("±", "+/-")):
        return  # mean ± SD = 47.5
    before = re.sub(r"[([].*$", "", case.flat[p.start : sds[0].start()].rstrip(" ([,"))
    numbers = list(re.finditer(rf"(?<![\w.,-]){NUMBER}(?![\d.,]*\d| ?-| to )", before))
    sd = read_printed(sds[0]["a"])
    if len(numbers) != 1 or not re.search(r"\b(?:mean|average|was|SD)", case.flat[p.start : p.end]):
        return
    mean, at = read_printed(numbers[0][0]), (p.start + numbers[0].start(), p.start + numbers[0].end())
    tight = _TIGHT.search(case.flat, p.start, p.end) is not None
    if (sd.low > mean.high > 0 or (tight and _TIMES_TIGHT * sd.low > mean.high > 0)) and not compared(
        case, sds[0].span("a"), "statistic", "mean"
    ):
        beyond = "more than the mean" if sd.low > mean.high else "too much for the mean"
        sentence = f"A standard deviation of {sd.text} is {beyond}, {mean.text}."
        judge(case, p, "mean", [at, sds[0].span("a")], "unlikely", sentence, "deviation against mean")


_OF_AGE = re.compile(r"(?:mean|median|average)? ?ages?\b[^()]*$", re.IGNORECASE)


def _clause_of(case: Case, p: Passage, at: int) -> Passage:
    """The stretch between two semicolons outside brackets that holds a place."""
    text = re.sub(r"\([^()]*\)", lambda m: " " * len(m[0]), case.flat[p.start : p.end])
    begin = text.rfind(";", 0, at - p.start) + 1
    end = text.find(";", at - p.start)
    return msgspec.structs.replace(p, start=p.start + begin, end=p.end if end < 0 else p.start + end)


CI = re.compile(
    rf"\b95 ?(?:%|percent|per cent) ?(?:CI|confidence interval|confidence limits)(?: \(CI\))?(?: of| was|,|:| =)* "
    rf"?[(\[]?(?P<a>{_V}) ?(?:%|(?!to |and )[a-zA-Z/]+ )? ?(?:to|-|,|and) ?(?P<b>{_V})"
)
STEADY = re.compile(
    r"\b(?:albumin|ha?emoglobin|ha?ematocrit|ages?|birth ?weights?|body[- ]mass index|BMI|blood pressure|systolic|"
    r"diastolic|heights?|weights?|sodium|potassium|calcium|magnesium|phosphate|temperature|pH|heart rate|pulse|"
    r"cholesterol|LDL|HDL|HbA1c|glucose|FEV1|FVC|ejection fraction|gestation\w*|bone (?:mineral )?density|oxygen "
    r"saturation|peak VO2|VO2max|IQ|eGFR)\b",
    re.IGNORECASE,
)
"""Measures whose standard deviation is never nearly their mean."""
_TIGHT = re.compile(
    r"\b(?:body |standing |mean )?heights?\b(?! loss)|\b(?:temperature|sodium|pH|gestation\w*|IQ|oxygen saturation|"
    r"body[- ]mass index|BMI|ha?emoglobin|albumin|calcium|systolic|diastolic)\b",
    re.IGNORECASE,
)
"""Measures whose standard deviation is never two fifths of their mean."""
_TIMES_TIGHT = 2.5
MEAN_BEFORE = re.compile(rf"(?P<v>{NUMBER})(?: ?[a-zA-Z%/0-9µμ]+){{0,3}}? ?[(\[,±]? ?$")


_SD_TOLD = re.compile(
    rf"(?:\b(?:SD|standard deviation)s?(?: \(SD\))?(?: of| was|,|:| =)? ?(?P<a>{NUMBER})|(?:±|\+/-) ?(?P<b>{NUMBER}) ?"
    r"[(\[]?SD\b)"
)
_SE_TOLD = re.compile(
    rf"\b(?:SEM?|standard error(?: of the mean)?)(?: \(SEM?\))?"
    rf"(?:,? (?:in|for|of) (?:the )?\d+ [a-z]+,?)?(?: of| was|,|:| =)? ?(?P<v>{NUMBER})"
)
_OF_MEAN = re.compile(r"\b(?:means?|averag\w+)\b", re.IGNORECASE)
_SIZED = re.compile(r"\b[nN] ?= ?\d[\d,]*(?![\d.])")
_MODELLED = re.compile(
    r"\b(?:differ\w+|change[sd]?|adjust\w+|model\w*|median|bootstrap|cluster\w*|least|squares|versus|vs|than|reduc\w+|"
    r"ratio|compared|each|both|geometric|log\w*|between)\b",
    re.IGNORECASE,
)
_OFF = 1.5
"""How many times off a half width or standard error must be: rounding, the t distribution and losses make less."""


def _from_deviation(case: Case, p: Passage) -> None:
    """One mean with its standard deviation, and a standard error or an interval beside it: SE = SD / root of n."""
    sds = list(_SD_TOLD.finditer(case.flat, p.start, p.end))
    if (
        len(sds) != 1
        or not (_OF_MEAN.search(case.flat, p.start, p.end) or _SIZED.search(case.flat, p.start, p.end))
        or _MODELLED.search(case.flat, p.start, p.end)
    ):
        return
    errors, limits = (list(x.finditer(case.flat, p.start, p.end)) for x in (_SE_TOLD, CI))
    if len(errors) > 1 or len(limits) > 1 or not (errors or limits):
        return
    which = next(k for k in "ab" if sds[0][k])
    sd = read_printed(sds[0][which])
    counts = [c for c in counts_in(case, p.start, p.end) if c.n > 1 and not _inside(c.span, sds + errors + limits)]
    if not counts or sd.value <= 0:
        return
    gaps = []
    for c in counts:
        expected = float(sd.value) / math.sqrt(c.n)
        if errors:
            given, slack = float(read_printed(errors[0]["v"]).value), float(read_printed(errors[0]["v"]).step) / 2
        else:
            low, high = read_printed(limits[0]["a"]), read_printed(limits[0]["b"])
            given = float(high.value - low.value) / 3.92
            slack = float(low.step) / 3.92
        gaps.append((_times(given, expected, slack), c, given, expected))
    gap, c, given, expected = min(gaps, key=lambda x: x[0])
    of = "standard error" if errors else "half width of the interval"
    by = 1.0 if errors else 1.96
    places = [c.span, sds[0].span(which), errors[0].span("v") if errors else limits[0].span("a")]
    shown = f"SD {sd.text} in {c.n} makes a {of} of {by * expected:.3g}"
    if gap <= _OFF:
        judge(case, p, "mean", places, "ok", f"{shown}.", "SD / root of n")
    elif len(counts) == 1:
        sentence = f"{shown}, printed {by * given:.3g}."
        judge(case, p, "mean", places, "unlikely", sentence, "SD / root of n")


def _inside(span: tuple[int, int], found: list[re.Match[str]]) -> bool:
    return any(m.start() <= span[0] < m.end() for m in found)


def _times(given: float, expected: float, slack: float) -> float:
    """By how many times two sizes are apart, either way, beyond what rounding allows."""
    if abs(given - expected) <= slack:
        return 1.0
    return max(given / expected, expected / given) if given > 0 else math.inf


NOT_LEVEL = re.compile(
    r"\b(?:chang\w*|differ\w*|declin\w*|slope|increas\w*|decreas\w*|reduc\w*|rise|fall|fell|rose)\b", re.IGNORECASE
)
