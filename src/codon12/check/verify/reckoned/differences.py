"""A difference with its interval in any wording: in the middle of its limits, and as significant as its P value."""

from __future__ import annotations

import math

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import PROBLEMS
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge, sentences_with
from codon12.numbers.unrounded import read_printed

__all__ = ["check_differences"]

_S = rf"[-+]?{NUMBER}"
_WITH_LIMITS = re.compile(
    r"\b(?:(?:mean |absolute |adjusted |treatment |between[- ]group |risk |estimated |net )*differences?|differed|"
    r"changed?|reduced|increased|lower|higher)\b"
    rf"(?P<gap>[^.;()\d]{{0,70}}?)(?<![\d.])(?P<v>{_S})(?![\d.]*\d)(?: ?(?!to\b)[a-zA-Z%/0-9µμ]+){{0,3}}? "
    rf"?[(\[,;:]+ ?95 ?% ?(?:CI|confidence interval)(?: \(CI\))?(?: of| was|,|:| =)* ?"
    rf"(?P<a>{_S}) ?(?:%|(?!to |and )[a-zA-Z/]+ )? ?(?:to|,|-|and) "
    rf"?(?P<b>{_S})(?![\d.]*\d)(?:[^()\d]{{0,12}}\b[Pp](?:[- ]value)? ?(?P<op>[=<>]) ?(?P<p>0?\.\d+))?",
    re.IGNORECASE,
)
_UNEVEN = re.compile(
    r"\b(?:medians?|Hodges|bootstrap\w*|Bayes\w*|credible|posterior|geometric|log\w*|ratios?|fold|percent(?:age)? "
    r"change|relative|exact|restricted|RMST|"
    r"quantile|one-sided|incidence|odds|hazard|risk of|HR|OR|RR|times|likel\w+|rates?|proportion|noninferior\w*|"
    r"non-inferior\w*|superiority|interaction|trend|corrected)\b",
    re.IGNORECASE,
)
_OFF_CENTRE = 0.2
_SURE, _NOT = 0.035, 0.08


def check_differences(case: Case) -> None:
    """Check each difference of means beside its limits, and the P value in the same bracket."""
    for p in sentences_with(case, "differ", "95% ci, -", "reduced", "increased", "changed", "lower", "higher"):
        if "95" not in case.flat[p.start : p.end]:
            continue
        for m in _WITH_LIMITS.finditer(case.flat, p.start, p.end):
            if not _UNEVEN.search(case.flat, p.start, p.end):
                _judge(case, p, m)


def _judge(case: Case, p: Passage, m: re.Match[str]) -> None:
    value, low, high = (read_printed(m[k].lstrip("+")) for k in "vab")
    if high.value <= low.value:
        return
    places = [m.span("v"), m.span("a"), m.span("b")]
    sides = {value.value, -value.value}
    if not any(low.value <= x <= high.value for x in sides):
        return
    half, middle = (high.value - low.value) / 2, (high.value + low.value) / 2
    slack = value.step / 2 + (low.step + high.step) / 4
    off = min(abs(x - middle) for x in sides) - slack
    if float(off) > _OFF_CENTRE * float(half) - float(slack) / 2 and not any(
        compared(case, x, "interval") for x in places
    ):
        if not _judged(case, m.span("v")):
            sentence = (
                f"{value.text} is not in the middle of {low.text} to {high.text}, which is {float(middle):.4g}, as "
                f"that of a difference is."
            )
            judge(case, p, "interval", places, "unlikely", sentence, "symmetric interval")
        return
    if m["p"] is None or half <= 0:
        return
    printed = read_printed(m["p"])
    z = abs(float(middle)) / (float(half) / 1.96)
    expected = math.erfc(z / math.sqrt(2))
    without = low.value > low.step or high.value < -high.step
    across = low.value < -low.step and high.value > high.step
    told = float(printed.value)
    wrong = (without and told > _NOT and m["op"] in "=>") or (across and told < _SURE and m["op"] in "=<")
    if wrong and not _judged(case, m.span("p")) and not compared(case, m.span("p"), "P/interval"):
        sentence = (
            f"Limits of {low.text} to {high.text} {'exclude' if without else 'contain'} 0: P is about "
            f"{expected:.2g}, printed {m['op']} {printed.text}."
        )
        judge(case, p, "P/interval", [*places, m.span("p")], "unlikely", sentence, "normal P of the interval")


def _judged(case: Case, span: tuple[int, int]) -> bool:
    """Whether a statement here has been found right or wrong by its interval."""
    return any(
        c.verdict in PROBLEMS or c.method in ("symmetric interval", "normal P of the interval")
        for s in case.statements
        if s.normal_start <= span[0] < s.normal_end
        for c in case.checks.get(s.id, ())
    )
