"""Intervals of none, of all and of a difference, against the counts that the sentence tells them of.

`none of the 31 relapsed (0%, 95% CI 0 to 2.1)`; `80 of 200 and 60 of 200, a difference of 10 points (95% CI, 8 to 12)`.
"""

from __future__ import annotations

import math
from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.intervals.told import Estimate, estimates_in
from codon12.check.verify.intervals.without_counts import OTHER_INTERVALS
from codon12.check.verify.prose import NUMBER, counts_in, judge, whole
from codon12.numbers.unrounded import read_printed

__all__ = ["check_difference_of_counts", "check_none_or_all"]

_ENDS = re.compile(
    rf"(?:(?<![\w.,])(?P<p>0(?:\.0+)?|100(?:\.0+)?) ?%[,;]? ?[(\[]?|(?<!%)(?<!% )[(\[])(?:with )?(?:an? )?"
    rf"(?:exact |two-sided |one-sided |binomial |Clopper-Pearson )*"
    rf"(?:95 ?%? ?(?:CI|confidence (?:interval|limits))|CI ?\(?95 ?%?\)?)[,:]? ?(?:of )?[(\[]?"
    rf"(?P<a>{NUMBER}) ?%?(?: ?(?:to|-|,|;) ?)(?P<b>{NUMBER})(?![\d.]*\d)",
    re.IGNORECASE,
)
_TIED = re.compile(
    r"\b(?:of|in|among|for|all|after|the|these|our|first)(?: the| these| our| all| those)?(?: first| last| "
    r"initial)? $|\b(?:of|in|among|after) [a-z]+ "
    r"$|^\W*$",
    re.IGNORECASE,
)
_OF_NONE = re.compile(r"\b(?:no|none|zero|0|not one|neither|nobody|without|never|all|every|each|both)\b", re.IGNORECASE)
_NOT_ONE, _EVERY_ONE = (
    re.compile(rf"\b(?:{x})\b", re.IGNORECASE)
    for x in (
        (
            r"no (?!(?:[a-z]+ )?(?:difference|change|effect|benefit|evidence|association|increase|decrease|"
            r"gain)s?\b)[a-z]+|"
            r"none|zero|not one|neither|nobody|never"
        ),
        "all|every|each",
    )
)
_NARROWEST, _WIDEST = 1.8, 6.5
"""Times one over the total, about which the one free limit of none of all lies: 2.5 (Jeffreys) to 5 (Agresti)."""
_LEAST = 8


def check_none_or_all(case: Case, p: Passage) -> None:
    """Check the free limit of 0 % or 100 % by the one total that the sentence names."""
    found = list(_ENDS.finditer(case.flat, p.start, p.end))
    if (
        len(found) != 1
        or OTHER_INTERVALS.search(case.flat, p.start, p.end)
        or not _OF_NONE.search(case.flat, p.start, p.end)
    ):
        return
    m = found[0]
    told = [c for c in counts_in(case, p.start, m.start()) if c.n]
    tied = [c for c in told if _TIED.search(case.flat[max(p.start, c.span[0] - 24) : c.span[0]])]
    sizes = {c.n for c in told}
    if len(sizes) != 1 or not tied or tied[0].n < _LEAST:
        return
    none, n = read_printed(m["p"] or m["a"]).value == 0, tied[0].n
    if not m["p"] and not (_NOT_ONE if none else _EVERY_ONE).search(case.flat, p.start, m.start()):
        return
    free, shut = (m["b"], m["a"]) if none else (m["a"], m["b"])
    given = read_printed(free)
    part = float(given.value if none else 100 - given.value) / 100
    if read_printed(shut).value != (0 if none else 100) or not 0 < part < 1:
        return
    times = -n * math.log(1 - part)
    limit = 100 * (1 - 0.025 ** (1 / n))
    exact = f"{limit if none else 100 - limit:.3g} %"
    places = [tied[0].span, m.span("p" if m["p"] else "a" if none else "b"), m.span("b" if none else "a")]
    if _NARROWEST <= times <= _WIDEST:
        sentence = f"The limit of {0 if none else n} of {n} is {exact}, or about that by other methods."
        judge(case, p, "interval", places, "ok", sentence, "exact limit")
    else:
        sentence = (
            f"The limit of {0 if none else n} of {n} is {exact}, or about that by other methods, not {given.text}."
        )
        judge(case, p, "interval", places, "error-if", sentence, "exact limit")


_OF = re.compile(
    r"(?<![\w.,/-])(?P<n>\d{1,3}(?:,\d{3})+|\d+)(?: [a-z]+(?: [a-z]+)?,)? ?(?:/|(?:out )?of(?: the)?) "
    r"?(?P<t>\d{1,3}(?:,\d{3})+|\d+)(?![\d.,]*\d|/| ?%)"
)
_OTHERWISE = re.compile(
    r"\b(?:adjust\w*|cluster\w*|paired|matched|crossover|cross-over|model\w*|regression|weighted|imput\w*|propensity|"
    r"within|kaplan\w*|bayes\w*|credible|(?:8|9[0-46-9])\d*(?:\.\d+)? ?% ?(?:CI|conf))",
    re.IGNORECASE,
)
_HALF_AS_WIDE, _TWICE_AS_WIDE = 0.62, 1.7


def check_difference_of_counts(case: Case, p: Passage) -> None:
    """Check the width of the interval of a difference between two counted shares."""
    if _OTHERWISE.search(case.flat, p.start, p.end):
        return
    pairs = [(m, whole(m["n"]), whole(m["t"])) for m in _OF.finditer(case.figures, p.start, p.end)]
    told = [e for e in estimates_in(case, p) if e.limits == "ci" and e.level in (None, "95")]
    if len(pairs) != 2 or len(told) != 1 or any(not 0 < x < t for _, x, t in pairs):
        return
    e = told[0]
    (a, x, t), (b, y, u) = pairs
    gap, step = 100 * abs(Fraction(x, t) - Fraction(y, u)), e.value.step
    points = abs(abs(e.value.value) - gap) <= max(step, Fraction(1, 2))
    if e.sort == "ratio" or not points or ("%" not in f"{e.unit}{e.unit_of_limits}" and "point" not in _unit(case, e)):
        return
    error = math.sqrt(x * (t - x) / t**3 + y * (u - y) / u**3)
    width = abs(float(e.high.value - e.low.value))
    usual = 2 * 1.96 * 100 * error
    places = [a.span("n"), a.span("t"), b.span("n"), b.span("t"), *e.places]
    low, high = float(gap) - usual / 2, float(gap) + usual / 2
    about = f"{x} of {t} and {y} of {u} differ by {float(gap):.3g} points, give or take {usual / 2:.3g}"
    if _HALF_AS_WIDE <= width / usual <= _TWICE_AS_WIDE:
        judge(case, p, "interval", places, "ok", f"{about}.", "Wald interval of a difference")
    elif low < high:
        sentence = f"{about}: the interval from {e.low.text} to {e.high.text} is of another width."
        judge(case, p, "interval", places, "unlikely", sentence, "Wald interval of a difference")


def _unit(case: Case, e: Estimate) -> str:
    """The words between a value and its limits, where its unit stands."""
    return case.flat[e.places[0][0] : e.places[-1][1]]
