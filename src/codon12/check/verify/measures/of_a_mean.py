"""The standard error and the interval of a mean from its standard deviation and size: SE = SD / root of n."""

from __future__ import annotations

import math

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, counts_in, judge, sentences_with
from codon12.numbers.unrounded import read_printed

__all__ = ["check_of_a_mean"]

_SD = re.compile(
    rf"(?:\b(?:SD|standard deviation)s?(?: \(SD\))?(?: of| was|,|:| =)? ?(?P<a>{NUMBER})|(?:±|\+/-) ?(?P<b>{NUMBER}) ?"
    r"[(\[]?SD\b)"
)
_SE = re.compile(
    rf"\b(?:SEM?|standard error(?: of the mean)?)(?: \(SEM?\))?"
    rf"(?:,? (?:in|for|of) (?:the )?\d+ [a-z]+,?)?(?: of| was|,|:| =)? ?(?P<v>{NUMBER})"
)
_CI = re.compile(
    rf"\b95 ?(?:%|percent|per cent) ?(?:CI|confidence interval|confidence limits)(?: \(CI\))?(?: of| was|,|:| =)? ?"
    rf"(?P<a>-?{NUMBER}) ?(?:(?!to |and )[a-zA-Z/]+ )?(?:to|-|,|and) ?(?P<b>-?{NUMBER})"
)
_MEAN = re.compile(r"\b(?:means?|averag\w+)\b", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:differ\w+|change[sd]?|adjust\w+|model\w*|median|bootstrap|cluster\w*|least|squares|versus|vs|than|reduc\w+|"
    r"ratio|compared|each|both|geometric|log\w*|between)\b",
    re.IGNORECASE,
)
_FAR = 1.5
"""How many times off a half width or standard error must be: rounding, the t distribution and losses make less."""


def check_of_a_mean(case: Case) -> None:
    """Check sentences with one mean, one standard deviation, and a standard error or interval beside them."""
    for p in sentences_with(case, "sd", "standard deviation"):
        sds = list(_SD.finditer(case.flat, p.start, p.end))
        if len(sds) != 1 or not _MEAN.search(case.flat, p.start, p.end) or _OTHER.search(case.flat, p.start, p.end):
            continue
        errors, limits = (list(x.finditer(case.flat, p.start, p.end)) for x in (_SE, _CI))
        if len(errors) > 1 or len(limits) > 1 or not (errors or limits):
            continue
        which = "a" if sds[0]["a"] else "b"
        sd = read_printed(sds[0][which])
        counts = [c for c in counts_in(case, p.start, p.end) if c.n > 1 and not _inside(c.span, sds + errors + limits)]
        if not counts or sd.value <= 0:
            continue
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
        if gap <= _FAR:
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
