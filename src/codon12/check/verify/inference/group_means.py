"""Means of two groups with their standard deviations and sizes, against the P value printed behind them."""

from __future__ import annotations

import math
from fractions import Fraction

from scipy import special

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case, holder
from codon12.check.verify.inference.p_values import printed_range, wald_z
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_group_means", "p_of_means"]

_NUMBER = r"-?\d+(?:\.\d+)?"
_GROUP = (
    rf"(?<![\d.,/-])(?P<m{{0}}>{_NUMBER})(?: ?[A-Za-zµμ/%]{{{{1,8}}}})? ?(?:±|\+/-|\((?:SD|standard deviation)[,:= ]? "
    rf"?) ?(?P<s{{0}}>\d+(?:\.\d+)?)\)?(?P<w{{0}}>[^.;±]{{{{0,60}}}}?)\([nN] ?= ?(?P<n{{0}}>\d+)\)"
)
_TWO = re.compile(
    _GROUP.format(1) + r"(?:[^.;±\d]{0,20}\b(?:and|vs\.?|versus|compared (?:with|to)|than|against)\b[^.;±\d]{0,40}) ?"
    + _GROUP.format(2) + r"[^.;±\d]{0,20}[(\[;,] ?[Pp] ?(?:value ?)?(?P<op>=|<|>|≤) ?(?P<p>0?\.\d+)(?![\d.]*\d)"
)  # fmt: skip
_OTHER_TEST = re.compile(
    r"adjust|ANCOVA|covaria|mixed|regression|paired|within|repeated|baseline|change|median|mann|wilcoxon|rank|"
    r"matched|interaction|one-?\s?(?:sided|tailed)|non-?inferior|equivalence|trend|kruskal|anova",
    re.IGNORECASE,
)
_STANDARD_DEVIATION = re.compile(r"\bSDs?\b|standard deviation", re.IGNORECASE)
_FAR = 1.0
"""How many normal deviates the printed P and that of the means must be apart."""


def p_of_means(
    first: tuple[Printed, Printed, int], second: tuple[Printed, Printed, int], *, of_the_mean: bool = False
) -> tuple[float, float]:
    """Least and greatest two-sided P of two means by Student's and Welch's t test, over all that rounding allows.

    Each group is its mean, its standard deviation (its standard error where `of_the_mean`) and its size. Source:
    Student 1908; Welch 1947.

    Examples
    --------
    >>> from codon12.numbers.unrounded import read_printed as r
    >>> a, b = (r("61.2"), r("9.4"), 100), (r("61.0"), r("9.6"), 100)
    >>> tuple(round(p, 2) for p in p_of_means(a, b))
    (0.82, 0.94)
    """
    (m1, s1, n1), (m2, s2, n2) = first, second
    slack = (m1.step + m2.step) / 2
    gap = abs(m1.value - m2.value)
    far, near = float(gap + slack), float(max(gap - slack, Fraction(0)))

    def tail(difference: float, a: float, b: float) -> tuple[float, float]:
        va, vb = (a * a, b * b) if of_the_mean else (a * a / n1, b * b / n2)
        sa, sb = va * n1, vb * n2
        welch = (va + vb) ** 2 / (va * va / (n1 - 1) + vb * vb / (n2 - 1))
        pooled = ((n1 - 1) * sa + (n2 - 1) * sb) / (n1 + n2 - 2) * (1 / n1 + 1 / n2)
        tests = ((difference / math.sqrt(va + vb), welch), (difference / math.sqrt(pooled), n1 + n2 - 2))
        both = [2 * float(special.stdtr(df, -t)) for t, df in tests]
        return min(both), max(both)

    small = (max(float(s1.low), 1e-9), max(float(s2.low), 1e-9))
    return tail(far, *small)[0], tail(near, float(s1.high), float(s2.high))[1]


def check_group_means(case: Case) -> None:
    """Check the P value behind two means with standard deviations and sizes, as by a t test."""
    for p, statements in case.prose(_TWO):
        for m in _TWO.finditer(case.flat, p.start, p.end):
            _judge(case, statements, m)


def _judge(case: Case, statements: list[Statement], m: re.Match[str]) -> None:
    groups = [(read_printed(m[f"m{k}"]), read_printed(m[f"s{k}"]), int(m[f"n{k}"])) for k in (1, 2)]
    if any(n < 2 or sd.value <= 0 for _, sd, n in groups):
        return
    p = read_printed(m["p"])
    given = printed_range(p, "<=" if m["op"] == "≤" else m["op"])
    ranges = [p_of_means(groups[0], groups[1])]
    if not (_STANDARD_DEVIATION.search(m[0]) or case.says(statements[0], _STANDARD_DEVIATION)):
        ranges.append(p_of_means(groups[0], groups[1], of_the_mean=True))
    members = [m.span(f"{x}{k}") for k in (1, 2) for x in ("m", "s", "n")] + [m.span("p")]
    low, high = ranges[0]
    computed = {"p_range": [float(f"{low:.3g}"), float(f"{high:.3g}")]}
    shown = f"These means give P from {low:.2g} to {high:.2g} by a t test"
    if any(a <= given[1] and given[0] <= b for a, b in ranges):
        case.relate("P/means", members, "ok", f"{shown}, printed P {m['op']} {p.text}.", "t test", computed)
        return
    gaps = [
        abs(wald_z(a) - wald_z(max(given[1], 1e-15))) if given[1] < a else abs(wald_z(b) - wald_z(given[0]))
        for a, b in ranges
    ]
    sure = min(gaps) > _FAR and not case.says(statements[0], _OTHER_TEST)
    verdict: Verdict = "unlikely" if sure else "cannot confirm"
    sentence = f"{shown}, printed P {m['op']} {p.text}."
    case.relate("P/means", members, verdict, sentence, "t test", computed, on=(holder(statements, m.start("p")),))
