"""Two numbers of a sentence and how many times one is the other: `twice the 3.1% found elsewhere`."""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.contrasts.gaps import FAR_APART, FITTED, numbers_in
from codon12.check.verify.contrasts.values import LAST_OF_SEVERAL
from codon12.check.verify.intervals.told import without_asides
from codon12.check.verify.prose import judge, settled
from codon12.numbers.unrounded import read_printed

__all__ = ["check_times_as_much"]

_TIMES = re.compile(
    r"\b(?:(?P<w>twice|double|two times|three times|four times|five times|six times|ten times|half)|"
    r"(?P<n>(?<![\d,.])\d+(?:\.\d+)?)(?: times|-fold)|(?P<f>two|three|four|five|six|ten)-?fold) (?:as (?!likely|many\b|"
    r"much as half)[a-z]+|the(?= (?:\d|rate|risk|value|number of))|that|higher|lower|greater|longer|more|larger)\b",
    re.IGNORECASE,
)
_MULTIPLES = {"twice": 2, "double": 2, "half": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_ROUGH = Fraction(3, 10)
"""How far `twice` may be off."""


_OF_THE_OTHER = re.compile(
    r"(?<![\d.,])(?P<a>\d+(?:\.\d+)?) ?(?P<u>%|months?|years?|weeks?|days?|points?),? (?:which (?:is|was) |or )?"
    r"(?:(?:about|approximately|around|nearly|almost|roughly|some) )?(?:(?P<n>\d+(?:\.\d+)?)"
    r"|(?P<w>twice|two|three|four|five)) "
    r"?(?:times|(?<=twice) ?)? ?(?:that|those) (?:of|in|with|among|seen|for) [^.;()\d]{1,90}"
    r"\((?P<b>\d+(?:\.\d+)?) ?(?P=u)\)"
)
"""`a median of 17.9 months, about 1.4 times that of patients with wild-type tumors (13.2 months)`."""
_CLOSE = Fraction(1, 8)


def _of_the_other(case: Case, p: Passage) -> None:
    """A value, how many times it is another, and this one in a bracket."""
    for m in _OF_THE_OTHER.finditer(case.flat, p.start, p.end):
        a, b = read_printed(m["a"]), read_printed(m["b"])
        said = Fraction(m["n"]) if m["n"] else Fraction(_MULTIPLES[m["w"].lower()])
        if b.low <= 0 or any(settled(case, m.span(k), "difference") for k in "ab"):
            continue
        slack = max(_CLOSE, Fraction(1, 10 * said.denominator) / said) if m["n"] else _ROUGH
        if not a.low / b.high / (1 + slack) <= said <= a.high / b.low * (1 + slack):
            sentence = f"{a.text} is {float(a.value / b.value):.3g} times {b.text}, not {m['n'] or m['w']} times."
            judge(case, p, "difference", [m.span("a"), m.span("b")], "unlikely", sentence, "ratio of two values")


def check_times_as_much(case: Case, p: Passage) -> None:
    """`three times as high on infected deer (27 per animal) as on others (9 per animal)`: two numbers, their ratio."""
    _of_the_other(case, p)
    plain = without_asides(case.flat[p.start : p.end])
    told = list(_TIMES.finditer(plain))
    if len(told) != 1 or FITTED.search(plain.replace("ratio", "")):
        return
    m = told[0]
    if not m["w"] and LAST_OF_SEVERAL.search(plain, 0, m.start()):
        return
    numbers = [n for n in numbers_in(plain, 0, len(plain)) if not m.start() <= n.span[0] < m.end()]
    numbers = [n for n in numbers if not _DAYS.search(plain, 0, n.span[0])]
    if numbers and all(plain.endswith("at ", 0, n.span[0]) for n in numbers):
        return  # under what it was seen: `twice as large at 200 mg/dL as at 25 mg/dL`
    numbers = [n for n in numbers if n.unit != "" or not _RATIO_AHEAD.search(plain, 0, n.span[0])]
    tokens = {(_SHORT.match(plain, n.end) or [""])[0] for n in numbers}
    if len(tokens) > 1 or (m["n"] and Fraction(m["n"]) > _MOST):
        return
    if len(numbers) != 2 or numbers[0].unit != numbers[1].unit or min(n.value.low for n in numbers) <= 0:
        return
    a, b = numbers
    between = plain[a.end : b.span[0]]
    if len(between) > FAR_APART or re.search("[;:]", between) or not between.strip(" -"):  # `2-3 per kb` is one value
        return
    said = Fraction(m["n"]) if m["n"] else Fraction(_MULTIPLES[(m["w"] or m["f"]).lower().split()[0]])
    low, high = sorted((a.value, b.value), key=lambda x: x.value)
    least, most = high.low / low.high, high.high / low.low
    meant = {said, said + 1} if re.search("higher|greater|longer|more|larger|lower", m[0]) else {said}
    if any(least <= x * (1 + _ROUGH) and x * (1 - _ROUGH) <= most for x in meant):
        return
    places = [(p.start + x.span[0], p.start + x.span[1]) for x in (a, b)]
    if any(settled(case, x, "difference", "derived", "ratio/percents", "direction") for x in places):
        return
    sentence = (
        f"{a.value.text} and {b.value.text} are {float(high.value / low.value):.3g} times apart, told as “{m[0]}”."
    )
    judge(case, p, "difference", places, "unlikely", sentence, "ratio of two values")


_DAYS = re.compile(
    r"(?:\b(?:days?|weeks?|months?|years?|hours?) |xx(?:, (?:and )?| and | or ))(?:\d+(?:, (?:and )?| and | or ))*$"
)
"""Before a number that says when."""
_SHORT = re.compile(r" ?[A-Za-zµ]{1,3}\b(?<!and)(?<!in)(?<!of)(?<!at)(?<!vs)(?<!for)(?<!to)")
"""What may be a unit behind a number."""
_MOST = 20
_RATIO_AHEAD = re.compile(r"\b(?:ratio|risk|odds|RR|OR|HR)(?: of|,|:| =)* $")
