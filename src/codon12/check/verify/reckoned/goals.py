"""A goal told first and then said to be met: `positive if clearance exceeded 55%. With 41% it was surpassed`.

Limits of equivalence and planned sizes likewise.
"""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge, sentences_with
from codon12.numbers.unrounded import read_printed

__all__ = ["check_goals"]

_SET = re.compile(
    rf"\b(?:if|when|provided(?: that)?|unless|required?|requir(?:ed|ing)|defined as|set at|was|of|as)\b[^.;%]{{0,80}}?"
    rf"(?:(?P<more>exceed(?:ed|s|ing)?|more than|greater than|above|higher than|surpass\w*|over|>)|(?P<least>at"
    rf" least|≥|"
    rf"(?:or|and) more|reach\w*|a minimum of))(?: [a-z]+){{0,3}}? ?(?P<v>{NUMBER}) ?%",
    re.IGNORECASE,
)
_NAME = (
    r"(?:criterion|goal|target|threshold|benchmark|hurdle|primary end ?point|success criterion|"
    r"prespecified (?:level|rate))"
)
_MET = re.compile(
    rf"\b{_NAME}s? (?:was|were|had been|has been|is) (?:(?:thus|therefore|clearly|hence|also|then) )*(?P<met>met"
    rf"|surpassed|reached|exceeded|"
    rf"fulfilled|attained|achieved|satisfied|passed)\b|\b(?P<a>met|surpassed|reached|exceeded|fulfilled|attained|achieved|"
    rf"satisfied|passed) (?:the|this|that|our|its) (?:[a-z-]+ ){{0,2}}?{_NAME}\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not|no|neither|nor|failed|unless|never|would|if|missed|lower (?:limit|bound)|upper|CI)\b", re.IGNORECASE
)
_PLANNED = re.compile(
    rf"\b(?P<w>exceeded|surpassed|reached|met) (?:the|our) (?:planned|target|required|intended|calculated"
    rf"|prespecified) "
    rf"(?:sample(?: size)?|number|accrual|enrol?lment)(?: size)?(?: of| \(n ?=)? ?(?P<v>{NUMBER})\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"(?<![\w.,/-])(?P<n>{NUMBER}) (?:[a-z]+ ){{0,3}}?(?:patients|participants|women|men|subjects|children|adults"
    rf"|volunteers)\b"
)


def check_goals(case: Case) -> None:
    """Check each goal of a share that this sentence or one of the two before sets, and planned sizes."""
    for p in sentences_with(
        case, "criterion", "goal", "target", "threshold", "benchmark", "end point", "endpoint", "hurdle"
    ):
        for m in _MET.finditer(case.flat, p.start, p.end):
            _met(case, p, m)
    for p in sentences_with(case, "within", "inside"):
        _equivalence(case, p)
    for p in sentences_with(case, "planned", "target", "required", "intended", "calculated", "prespecified"):
        for m in _PLANNED.finditer(case.flat, p.start, p.end):
            counts = list(_COUNT.finditer(case.figures, p.start, m.start()))
            goal = read_printed(m["v"])
            if len(counts) != 1 or _DENIED.search(case.flat, p.start, m.start()):
                continue
            n = read_printed(counts[0]["n"])
            if n.value < goal.value and not compared(case, m.span("v"), "benchmark"):
                sentence = f"{n.text} is not {goal.text} or more."
                judge(case, p, "benchmark", [counts[0].span("n"), m.span("v")], "error-if", sentence, "comparison")


_WITHIN = re.compile(
    rf"\b(?:within|inside|between)(?: (?:the|its|these|predefined|prespecified|equivalence|limits|margins?|range"
    rf"|bounds|of))* "
    rf"(?P<a>-?{NUMBER}) ?%? ?(?:to|and|-) ?(?P<b>-?{NUMBER})",
    re.IGNORECASE,
)
_LAY = re.compile(
    rf"\b(?:interval|CI|limits)\b[^.;()\d]{{0,30}}?[,( ]+(?P<c>-?{NUMBER}) ?%? ?(?:to|-|and)"
    rf" ?(?P<d>-?{NUMBER})[^.;\d]{{0,20}}? "
    r"(?:lay|lies|was|were|fell|is|being|remained|stayed) (?:entirely |wholly |completely |well |thus |therefore"
    r" )*(?:within|inside)\b",
    re.IGNORECASE,
)


def _equivalence(case: Case, p: Passage) -> None:
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
    if not any(compared(case, x, "benchmark") for x in places):
        sentence = f"{c.text} to {d.text} does not lie within {low.text} to {high.text}."
        judge(case, p, "benchmark", places, "error-if", sentence, "comparison")


_DENIED_FLATLY = re.compile(r"\b(?:not|neither|nor|failed|would|if)\b", re.IGNORECASE)


def _met(case: Case, p: Passage, m: re.Match[str]) -> None:
    before = [q for q in case.text.passages[max(0, p.index - 2) : p.index + 1] if q.paragraph == p.paragraph]
    goals = [x for q in before for x in _SET.finditer(case.flat, q.start, min(q.end, m.start()))]
    if len(goals) != 1:
        return
    goal = goals[0]
    start = max(goal.end(), p.start)
    text = case.flat[start : p.end]
    shares = list(re.finditer(rf"(?<![\w.,-])(?P<v>{NUMBER}) ?%", text))
    if len(shares) != 1 or _DENIED.search(text):
        return
    value, mark = read_printed(shares[0]["v"]), read_printed(goal["v"])
    span = (start + shares[0].start("v"), start + shares[0].end("v"))
    if compared(case, span, "benchmark") or value.high_cut > mark.value or value.value == mark.value:
        return
    sentence = f"{value.text} % does not meet {mark.text} %, the goal told before."
    judge(case, p, "benchmark", [goal.span("v"), span], "error-if", sentence, "comparison")
