"""Rates listed with their times: `the 1-, 3- and 5-year overall survival rates were 81 %, 65 % and 52 %` never rise."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case, holder
from codon12.check.verify.several import several_groups
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["GROUPS", "check_rates_in_time"]

_HINT = re.compile(
    r"\bsurviv|mortality|relapse|recurrence|-free|\bfreedom|\b(?:PFS|OS|DFS|EFS|RFS|MFS|CSS|DSS|DOR)\b|cumulative|control|\bongoing|\bmaintained",
    re.IGNORECASE,
)
_WORD = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
         "twelve": 12}  # fmt: skip
_T = rf"(?:\d+(?:\.\d)?|{'|'.join(_WORD)})"
_UNIT = r"(?:years?|yrs?|months?|mo|y)"
_P = r"\d+(?:\.\d+)? ?%?"
_WHAT = (
    r"(?P<what>(?:(?!and\b|or\b)[A-Za-z/-]+ ){0,4}?(?:survival|control|responses?|incidence|PFS|OS|DFS|EFS|RFS|"
    r"MFS|CSS|DSS)"
    r"(?: of (?:[a-z-]+ ){0,3}?[a-z-]+)?(?: \([A-Za-z-]{2,6}\))?(?: rates?| probabilit\w+| estimates?)?)"
)
_LISTED_T = rf"(?P<times>{_T}(?:[- ]{_UNIT})?-?(?:(?:, ?(?:and )?| and | or ){_T}(?:[- ]{_UNIT})?-?)+)"
_LISTED_P = rf"(?P<rates>{_P}(?: ?\([^()]{{1,40}}\))?(?:(?:,? and |, ){_P}(?: ?\([^()]{{1,40}}\))?)+)"
_AHEAD = re.compile(
    rf"\b{_LISTED_T}[- ]?(?:{_UNIT})?[- ](?:the )?{_WHAT} (?:was|were|of|are|is|:) {_LISTED_P}(?![\w.]*\d)",
    re.IGNORECASE,
)
"""`1-, 3- and 5-year overall survival rates were 81%, 65% and 72%`."""
_BEHIND = re.compile(
    rf"\b{_WHAT} (?:at|after) {_LISTED_T} ?(?:{_UNIT})?(?:,? (?:was|were|of|are|is)|:)(?: (?:still )?(?:ongoing|"
    rf"maintained) in)? {_LISTED_P}(?![\w.]*\d)",
    re.IGNORECASE,
)
"""`overall survival at 1, 3 and 5 years was 81%, 65% and 72%`."""
_EACH = re.compile(
    rf"\b{_WHAT} (?:was|were|of|are|is) (?P<pairs>{_P} (?:at|after) {_T} {_UNIT}"
    rf"(?:(?:,|,? and|, then) {_P} (?:at|after) {_T} {_UNIT})+)",
    re.IGNORECASE,
)
"""`overall survival was 81% at 1 year and 65% at 3 years`."""
_EACH_AHEAD = re.compile(
    rf"\b{_WHAT} (?P<pairs>(?:at|after) {_T} {_UNIT}(?: (?:was|were|of|is)|:|,)? {_P}"
    rf"(?:(?:,|;|,? and) (?:at|after) {_T} {_UNIT}(?: it)?(?: was| were| of|:|,)? {_P})+)",
    re.IGNORECASE,
)
"""`progression-free survival at 6 months was 35% and at 12 months 31%`."""
_TIME = re.compile(rf"(?<![\w.])(?P<t>{_T})[- ]?(?P<u>{_UNIT})?", re.IGNORECASE)
_RATE = re.compile(r"(?P<p>\d+(?:\.\d+)?) ?%?")
GROUPS = several_groups(
    *(
        "stages?",
        "risk",
        "grade",
        r"conditional\w*",
        "survived",
        "surviving",
        "survivors",
        "subsequent",
        "decade",
        "era",
    ),
    *("patients with", "those with", "if", "positive", "negative", "mutant", "mutated", "wild", r"[12]\d{3}-[12]\d{3}"),
)
"""Words after which the rates of one sentence may be of several groups, or of those who lived so long."""
_RISES = re.compile(r"cumulative(?! (?:[a-z]+-free\b|[a-z-]* ?surviv))|incidence", re.IGNORECASE)


_TWO_RISING = re.compile(
    rf"\b(?P<t>{_T})[- ](?P<u>{_UNIT}) (?:[a-z-]+ ){{0,2}}?(?P<what>mortality|cumulative incidence|recurrence|"
    r"relapse)(?: rates?)? "
    rf"(?:was|of|were) (?P<p>\d+(?:\.\d+)?) ?%(?: ?\([^()]{{1,40}}\))?,? and (?:the )?(?P<v>{_T})[- ](?P<w>{_UNIT})"
    r"(?: (?:[a-z-]+ ){0,2}?(?P=what)(?: rates?)?)?(?: was| of)? (?P<q>\d+(?:\.\d+)?) ?%",
    re.IGNORECASE,
)
"""`1-year mortality was 45% and 2-year mortality 66%`."""


class _Rate(NamedTuple):
    months: Fraction
    rate: Printed
    place: tuple[int, int]


def check_rates_in_time(case: Case) -> None:
    """Check that listed rates of survival or control never rise, and those of cumulative incidence never fall."""
    for p, statements in case.prose(_HINT):
        if case.cites(statements[0]) or case.says(statements[0], GROUPS):
            continue
        for what, rates in _lists(case.flat, p.start, p.end):
            _judge(case, statements, what, rates)
        for m in _TWO_RISING.finditer(case.flat, p.start, p.end):
            first = _Rate(_in_months(m["t"], m["u"]), read_printed(m["p"]), m.span("p"))
            second = _Rate(_in_months(m["v"], m["w"]), read_printed(m["q"]), m.span("q"))
            _judge(case, statements, "cumulative incidence", sorted((first, second), key=lambda r: r.months))


def _lists(text: str, start: int, end: int) -> Iterator[tuple[str, list[_Rate]]]:
    for pattern in (_AHEAD, _BEHIND):
        for m in pattern.finditer(text, start, end):
            rest = text[m.end("times") : m.start("rates")]
            times = _months(text, m.start("times"), m.end("times"), rest)
            rates = _without_brackets(text, m.start("rates"), m.end("rates"))
            if times and len(times) == len(rates):
                yield m["what"], [_Rate(t, *r) for t, r in zip(times, rates, strict=True)]
    for pattern in (_EACH, _EACH_AHEAD):
        for m in pattern.finditer(text, start, end):
            times, rates = [], []
            for piece in re.finditer(
                r"(?:at|after) \S+ \w+|\d+(?:\.\d+)? ?%?", text[m.start("pairs") : m.end("pairs")]
            ):
                at = m.start("pairs") + piece.start()
                if piece[0][0] == "a":
                    times += _months(text, at + 3, at + len(piece[0]), "")
                else:
                    rates += _without_brackets(text, at, at + len(piece[0]))
            if len(times) == len(rates) > 1:
                yield m["what"], [_Rate(t, *r) for t, r in zip(times, rates, strict=True)]


def _months(text: str, start: int, end: int, after: str) -> list[Fraction]:
    """Times in months; a time without a unit has that of the next one, or of the words after the list."""
    found = list(_TIME.finditer(text, start, end))
    last = re.search(rf"\b{_UNIT}\b", after, re.IGNORECASE)
    unit, out = last[0] if last else "", []
    for m in reversed(found):
        unit = m["u"] or unit
        if not unit:
            return []
        number = m["t"].lower()
        months = Fraction(_WORD[number]) if number in _WORD else Fraction(number)
        out.append(months * (12 if unit[0].lower() == "y" else 1))
    return out[::-1]


def _without_brackets(text: str, start: int, end: int) -> list[tuple[Printed, tuple[int, int]]]:
    """The percentages of a list, what stands in brackets behind them left out."""
    bare = re.sub(r"\([^()]*\)", lambda m: " " * len(m[0]), text[start:end])
    return [(read_printed(m["p"]), (start + m.start("p"), start + m.end("p"))) for m in _RATE.finditer(bare)]


def _judge(case: Case, statements: list[Statement], what: str, rates: list[_Rate]) -> None:
    times = [r.months for r in rates]
    if times != sorted(set(times)) or any(r.rate.value > 100 for r in rates):
        return
    if not any(_has_percent(case.flat, r.place[1]) for r in rates):
        return
    rising = _RISES.search(what) is not None
    for a, b in pairwise(rates):
        if (rising and b.rate.high < a.rate.low) or (not rising and b.rate.low > a.rate.high):
            sentence = (
                f"{'A cumulative incidence' if rising else 'Survival'} cannot {'fall' if rising else 'rise'} from "
                f"{a.rate.text} % to {b.rate.text} % in the same patients."
            )
            method = f"{'F(t) rises' if rising else 'S(t) falls'}"
            case.relate(
                "landmark", (a.place, b.place), "error-if", sentence, method, on=(holder(statements, b.place[0]),)
            )
            return
    shown = ", ".join(f"{r.rate.text} %" for r in rates)
    sentence = f"{shown}: {'never falling' if rising else 'never rising'} with time."
    case.relate("landmark", [r.place for r in rates], "ok", sentence, f"{'F(t) rises' if rising else 'S(t) falls'}")


def _in_months(number: str, unit: str) -> Fraction:
    value = Fraction(_WORD.get(number.lower()) or number)
    return value * (12 if unit.lower().startswith("y") else 1)


def _has_percent(text: str, at: int) -> bool:
    """Whether a percent sign follows a number, its bracket left out."""
    return re.match(r" ?%", text[at : at + 2]) is not None
