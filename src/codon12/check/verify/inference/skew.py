"""Ratios off the middle of their interval on the log scale: a slip, or limits of another kind than Wald's."""

from __future__ import annotations

import math
from typing import NamedTuple

from scipy import special

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Check, Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.shares.typos import quite_another_digit
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["Skewed", "judge_skewed", "judge_symmetry"]


class Skewed(NamedTuple):
    """A ratio that is not in the middle of its interval on the log scale: by how many standard errors, which way."""

    statement: Statement
    off: float
    error: float
    outward: bool
    """Whether the longer arm points away from 1, as that of exact and of profile limits does."""
    sentence: str
    computed: dict[str, object]
    roundings: float
    """How many times farther off the middle than rounding of the three numbers allows."""


_ODD_ALONE = 0.2
_ODD_WIDE = {"HR": 0.12, "OR": 0.45, "RR": 0.2}
"""How many standard errors off the middle is odd: of a sharp interval, and of a wide one.

Limits of hazard ratios, and of ratios pooled from trials, are Wald's in every usual program; those of an odds ratio may
come of a profile likelihood, which is skewed where they are wide.
"""
_ODD_AMONG = 0.12
_FEWEST = 2
_WIDE = 0.4
_NOT_WALD = re.compile(
    r"credible|bayes|\bCrI\b|bootstrap|profile[- ]likelihood|exact (?:conditional )?logistic|"
    r"exact (?:stratified |conditional )?9\d|\bFirth",
    re.IGNORECASE,
)
_EXACT = re.compile(
    r"\bexact (?:conditional |stratified |unconditional )?"
    r"(?:9\d(?:\.\d+)? ?% ?(?:CI|confidence)|CIs?\b|confidence|limits)",
    re.IGNORECASE,
)
"""Exact limits, which are skewed where events are few, named in the sentence of their ratio."""


_POOLED = re.compile(r"\bmeta-?\s?analy", re.IGNORECASE)


def judge_symmetry(case: Case, s: Statement, skewed: list[Skewed], computed: dict[str, object]) -> None:
    """Whether the ratio stands in the middle of its interval, on the log scale or at least on the plain one."""
    value, low, high = s.quantities.value, s.quantities.low, s.quantities.high
    assert value is not None
    assert isinstance(low, Printed)
    assert isinstance(high, Printed)
    if _in_the_middle(value, low, high):
        sentence = f"The interval is symmetric about {value.text} on the log scale."
        width = math.log(high.value) - math.log(low.value)
        case.add(s, Check("log symmetry", "ok", sentence, "log-symmetric interval", computed | {"error": width / 3.92}))
        return
    if not value.value or low.value == high.value:
        return  # on the log scale nought is nowhere, and limits that are one number have no middle
    middle = math.sqrt(low.value * high.value)
    if low.low + high.low <= 2 * value.high and 2 * value.low <= low.high + high.high:
        sentence = f"The interval is symmetric about {value.text}, though not on the log scale."
        case.add(s, Check("log symmetry", "cannot confirm", sentence, "symmetric interval", computed))
        return
    level = s.quantities.level or 95
    z_level = -float(special.ndtri((1 - (level if 50 <= level < 100 else 95) / 100) / 2))
    error = (math.log(high.value) - math.log(low.value)) / (2 * z_level)
    off = abs(math.log(middle) - math.log(value.value)) / error
    shown = f"{middle:.{value.digits + 1}f}"
    sentence = f"The interval is centred on {shown}, not on {value.text}: one of the three numbers is odd."
    outward = (middle > value.value) == (value.value > 1)
    allowed = (value.step / value.value + low.step / low.value / 2 + high.step / high.value / 2) / 2
    roundings = off * error / float(allowed)
    skewed.append(Skewed(s, off, error, outward, sentence, computed, roundings))


def _in_the_middle(value: Printed, low: Printed, high: Printed) -> bool:
    least, most = math.sqrt(max(low.low, 0) * high.low), math.sqrt(low.high * high.high)
    return least <= value.high + value.step / 2 and most >= value.low - value.step / 2


def judge_skewed(case: Case, skewed: list[Skewed]) -> None:
    """A ratio off the middle is odd if far off, and less far where nearly all ratios of the text are in theirs."""
    middling = sum(
        1 for checks in case.checks.values() for c in checks if c.rule == "log symmetry" and c.verdict == "ok"
    )
    proven = middling >= _PROVEN * max(1, len(skewed))
    wald = proven or not skewed or _NOT_WALD.search(case.flat) is None
    errors = (
        c.computed.get("error", 0)
        for checks in case.checks.values()
        for c in checks
        if c.rule == "log symmetry" and c.verdict == "ok"
    )
    widest = max(errors, default=0)
    alone = len(skewed) == 1
    among = middling >= _FEWEST and middling >= _MOSTLY * len(skewed)
    exact = len(skewed) >= _FEWEST and middling < len(skewed) and all(x.outward for x in skewed)
    exact = exact and all(x.statement.quantities.p is None for x in skewed)
    pooled = bool(skewed) and _POOLED.search(case.flat) is not None
    for x in skewed:
        least = _ODD_AMONG if among else _ODD_ALONE
        if x.error >= _WIDE:  # limits from a profile likelihood are skewed where they are wide
            least = _ODD_WIDE[x.statement.quantities.measure or "OR"]
            least = min(least, _ODD_ALONE) if (among and widest >= _WIDE) or pooled else least
        of_few = x.error >= _OF_FEW_EVENTS and x.statement.quantities.measure != "HR"
        if of_few and not (proven and widest >= _OF_FEW_EVENTS):  # score limits of two or three events
            least = max(least, _ODD_OF_FEW)
        other = not wald and x.off < _FAR_OFF
        may_be = exact or other or _of_few(case, x.statement) or case.says(x.statement, _EXACT)
        likely = alone and (middling or not x.outward or x.off > _FAR_OFF)
        meant = _one_digit_from_the_middle(x) if likely and not may_be else None
        sentence = (
            x.sentence if meant is None else f"{x.sentence.removesuffix('.')}; {meant} would be, one digit apart."
        )
        odd = meant is not None or (x.off > least and wald and not may_be)
        verdict: Verdict = "unlikely" if odd else "cannot confirm"
        case.add(x.statement, Check("log symmetry", verdict, sentence, "log-symmetric interval", x.computed))


_PROVEN = 8
"""So many ratios in the middle, for each that is not, are Wald's whatever else a text says it computed."""
_FAR_OFF = 1
"""How many standard errors off the middle no limits of a posterior or of a bootstrap are."""
_MOST_ROUNDINGS = 9
"""How many times farther off the middle than rounding allows a ratio must be for one digit to be the reason."""


def _one_digit_from_the_middle(x: Skewed) -> str | None:
    """What one quite other digit would put in the middle, the ratio or a limit; None where nothing would.

    Limits of another kind than Wald's are off the middle by what they are, seldom by a digit; that of a sharply printed
    ratio is, where every other ratio of the text stands in the middle, or where the longer arm points to 1.
    """
    q = x.statement.quantities
    value, low, high = q.value, q.low, q.high
    if x.roundings < _MOST_ROUNDINGS or value is None or not isinstance(low, Printed) or not isinstance(high, Printed):
        return None
    for name, printed in (("a ratio", value), ("a lower limit", low), ("an upper limit", high)):
        for text in quite_another_digit(printed.text):
            other = read_printed(text)
            a, v, b = (other if number is printed else number for number in (low, value, high))
            if 0 < a.value < v.value < b.value and _in_the_middle(v, a, b):
                return f"{name} of {text}"
    return None


_FEW = 5
_OF_FEW_EVENTS, _ODD_OF_FEW = 0.7, 0.6
"""Standard error on the log scale of a ratio of few events, and how many of them off the middle it may be."""


_NOBODY = re.compile(r"(?<![\d.,])0(?:\.0+)?(?:/| of | events| per )\d*")
"""No event in one group: the ratio is of a penalised likelihood."""


def _of_few(case: Case, s: Statement) -> bool:
    """Whether its row counts few: exact limits of an odds ratio of few are skewed (Fisher)."""
    if _NOBODY.search(case.sentence(s)):
        return True
    if s.quantities.measure != "OR" or case.text.passages[s.passage].table is None:
        return False
    return any(o.kind == "table_cell" and o.quantities.n is not None and o.quantities.n <= _FEW
               for o in case.by_passage[s.passage])  # fmt: skip


_MOSTLY = 2
"""How many ratios in the middle of their interval there must be for each that is not."""
