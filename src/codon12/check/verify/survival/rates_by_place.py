"""Rates with their words behind them: `48% for PFS and 41% for OS`, `9.8% in hospital and 8.7% at one year`."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.finding.spelled import WORD_VALUES
from codon12.check.verify.case import Case
from codon12.check.verify.prose import judge, sentences_with
from codon12.check.verify.survival.rates_in_time import GROUPS
from codon12.numbers.unrounded import read_printed

__all__ = ["check_rates_by_place"]

_P = r"(?P<{0}>\d+(?:\.\d+)?) ?%(?: ?[(\[][^()\[\]]{{3,45}}[)\]])?"
_EARLY = r"(?:progression|disease|event|relapse|recurrence|failure)[- ]free survival(?: \([A-Z]+\))?|PFS|DFS|EFS|RFS"
_DEATH = r"overall survival(?: \(OS\))?|OS"
_FOR = re.compile(
    rf"{_P.format('a')} (?:for|in) (?:the )?(?:(?P<early>{_EARLY})|{_DEATH}),? (?:and|but|while|against) "
    rf"{_P.format('b')} (?:for|in) (?:the )?(?:(?P<second>{_EARLY})|{_DEATH})",
)
"""Two rates, each with what it is of behind it."""
_CUMULATIVE = re.compile(
    r"\bcumulative (?:[a-z-]+ ){0,3}?(?:mortality|incidence|risk|death rates?|rates?)\b", re.IGNORECASE
)
_AT = re.compile(
    r"(?P<p>\d+(?:\.\d+)?) ?% (?:(?P<hospital>in hospital|at discharge)|(?:at|by|within|"
    r"after) (?:the )?(?:(?P<t>\d+(?:\.\d+)?|[a-z]+) "
    r"(?P<u>days?|weeks?|months?|years?)|(?P<day>day|week|month|year) (?P<k>\d+)))\b",
    re.IGNORECASE,
)
_DAYS = {"d": Fraction(1), "w": Fraction(7), "m": Fraction(3044, 100), "y": Fraction(36525, 100)}
_OF_SEVERAL = re.compile(
    r"\b(?:for|and|with|without|women|men|patients with|respectively|excluding|except|conditional\w*)\b", re.IGNORECASE
)


def check_rates_by_place(case: Case) -> None:
    """Check that who is alive without an event is no more than who is alive, and that no cumulative rate falls."""
    for p in sentences_with(case, "survival", "cumulative", "pfs"):
        said = case.flat[p.start : p.end]
        if "%" not in said or GROUPS.search(said):
            continue
        for m in _FOR.finditer(case.flat, p.start, p.end):
            if (m["early"] is None) != (m["second"] is None):
                a, b = read_printed(m["a"]), read_printed(m["b"])
                free, alive = (a, b) if m["early"] else (b, a)
                if free.low > alive.high:
                    sentence = (
                        f"{free.text} % without an event cannot be above {alive.text} % alive, in the same patients."
                    )
                    judge(case, p, "order", [m.span("a"), m.span("b")], "error-if", sentence, "free <= alive")
        opened = _CUMULATIVE.search(said)
        if opened is not None and not re.match(r"[^%]{0,60}(?:-free|surviv)", said[opened.start() :]):
            found = [m for m in _AT.finditer(case.flat, p.start + opened.end(), p.end) if _days(m) is not None]
            for first, second in pairwise(found):
                between = case.flat[first.end() : second.start()]
                x, y = read_printed(first["p"]), read_printed(second["p"])
                earlier = (_days(first) or 0) < (_days(second) or 0)
                if (
                    earlier
                    and x.low > y.high
                    and not _OF_SEVERAL.search(between.removeprefix(" and").removeprefix(", and"))
                ):
                    sentence = f"What is cumulative cannot fall from {x.text} % to {y.text} %."
                    judge(case, p, "order", [first.span("p"), second.span("p")], "error-if", sentence, "order in time")


def _days(m: re.Match[str]) -> Fraction | None:
    """The time of a rate in days; a stay in hospital is before any other."""
    if m["hospital"]:
        return Fraction(0)
    if m["day"]:
        return _DAYS[m["day"][0].lower()] * int(m["k"])
    word = m["t"].lower()
    if word in ("a", "an"):
        number = Fraction(1)
    elif word in WORD_VALUES:
        number = Fraction(WORD_VALUES[word])
    elif word[0].isdigit():
        number = Fraction(word)
    else:
        return None
    return _DAYS[m["u"][0].lower()] * number
