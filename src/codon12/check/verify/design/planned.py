"""Intervals said to lie within limits of equivalence, and numbers of patients said to have reached the planned size."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge
from codon12.numbers.unrounded import read_printed

__all__ = ["check_equivalence", "check_planned_size"]


_DENIED = re.compile(r"\b(?:not|no|neither|nor|failed|unless|never|would|if|missed)\b", re.IGNORECASE)
_PLANNED = re.compile(
    r"\b(?P<w>exceeded|surpassed|reached|met) (?:the|our) (?:planned|target|required|intended|calculated|"
    r"prespecified) "
    rf"(?:sample(?: size)?|number|accrual|enrol?lment)(?: size)?(?: of| \(n ?=)? ?(?P<v>{NUMBER})\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    rf"(?<![\w.,/-])(?P<n>{NUMBER}) (?:[a-z]+ ){{0,3}}?(?:patients|participants|women|men|subjects|children|"
    r"adults|volunteers)\b"
)


def check_planned_size(case: Case, p: Passage) -> None:
    """Check a number of patients that is said to have reached the size planned."""
    for m in _PLANNED.finditer(case.flat, p.start, p.end):
        counts = list(_PEOPLE.finditer(case.figures, p.start, m.start()))
        goal = read_printed(m["v"])
        if len(counts) != 1 or _DENIED.search(case.flat, p.start, m.start()):
            continue
        n = read_printed(counts[0]["n"])
        if n.value < goal.value and not compared(case, m.span("v"), "benchmark"):
            sentence = f"{n.text} is not {goal.text} or more."
            judge(case, p, "benchmark", [counts[0].span("n"), m.span("v")], "error-if", sentence, "comparison")


_WITHIN = re.compile(
    r"\b(?:within|inside|between)(?: (?:the|its|these|predefined|prespecified|equivalence|limits|margins?|"
    r"range|bounds|of))* "
    rf"(?P<a>-?{NUMBER}) ?%? ?(?:to|and|-) ?(?P<b>-?{NUMBER})",
    re.IGNORECASE,
)
_LAY = re.compile(
    rf"\b(?:interval|CI|limits)\b[^.;()\d]{{0,30}}?[,( ]+(?P<c>-?{NUMBER}) ?%? ?(?:to|-|and) "
    rf"?(?P<d>-?{NUMBER})[^.;\d]{{0,20}}? "
    r"(?:lay|lies|was|were|fell|is|being|remained|stayed) (?:entirely |wholly |completely |well |thus |"
    r"therefore )*(?:within|inside)\b",
    re.IGNORECASE,
)
_DENIED_FLATLY = re.compile(r"\b(?:not|neither|nor|failed|would|if)\b", re.IGNORECASE)


def check_equivalence(case: Case, p: Passage) -> None:
    """`equivalence required the 90% CI within 0.80 to 1.25; the interval, 0.71 to 1.12, lay within these limits`."""
    lay = list(_LAY.finditer(case.flat, p.start, p.end))
    if len(lay) != 1:
        return
    m = lay[0]
    limits = [
        x for q in case.text.passages[max(0, p.index - 1) : p.index + 1] if q.paragraph == p.paragraph
        for x in _WITHIN.finditer(case.flat, q.start, q.end)
    ]  # fmt: skip
    if len(limits) != 1 or _DENIED_FLATLY.search(case.flat, m.start(), m.end()):
        return
    low, high, c, d = (read_printed(x) for x in (limits[0]["a"], limits[0]["b"], m["c"], m["d"]))
    if (low.value <= c.value and d.value <= high.value) or not low.value < high.value:
        return
    places = [limits[0].span("a"), limits[0].span("b"), m.span("c"), m.span("d")]
    sentence = f"{c.text} to {d.text} does not lie within {low.text} to {high.text}."
    judge(case, p, "benchmark", places, "error-if", sentence, "comparison")
