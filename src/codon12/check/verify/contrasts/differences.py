"""A difference beside the two values it is of, in one unit: `128.4 mm Hg and 136.7 mm Hg (difference, 8.3)`."""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.contrasts.values import (
    CLAUSE_ENDS,
    MODELLED,
    SET_AGAINST,
    UNIT,
    WHAT_MATTERS,
    bracket_behind,
    unit_of,
    values_in,
)
from codon12.check.verify.prose import NUMBER, compared, held, settled
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_differences"]

_DIFFERENCE = re.compile(
    r"\b(?:an? |the )?(?:(?:mean|median|absolute|net|between-group|risk|total|average|estimated)[ -])*"
    r"(?:difference|change|gain|reduction|decrease|increase|fall|rise|drop|decline|loss|improvement|prolongation|"
    r"lengthening|shortening)"
    r"(?: (?:in|between) (?:(?!\b(?:though|although|while|whereas|but|which|when)\b)[^.;()\d]){1,40}?)?"
    r"(?: (?:of|was|by))?(?:,|:| =)? ?"
    rf"(?P<sign>[-+])?(?P<v>{NUMBER})(?![\d.,]*\d)[ -]?(?P<u>(?:percentage )?points?|{UNIT})?(?![\w])",
    re.IGNORECASE,
)
_NOT_IT = re.compile(rf"\b(?:{MODELLED}|matched|relative|ratio|reached|limit)\b", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:compared|than|versus|against)\b")
_WHEN_BEFORE = re.compile(r"\b(?:at|after|until|within|over|for|in|from|through|since|to) $")
_SET_BESIDE = re.compile(
    r"\b(?:compared (?:with|to)|versus|vs\.?|than|against|contrast (?:with|to)|while|whereas|"
    r"(?:CI|intervals?|limits?|SE|SD) (?:for|of)(?: the)?) $"
)
"""Before the change of a third group, `29.1% and 19.5%, compared with a mean decrease of 2.7% with placebo`, and
before the limits of a difference: `129 and 13 cells (95% CI for difference, 51 to 181)`."""
_CLAUSE = re.compile(rf";|{CLAUSE_ENDS}|: ")
_JOINED = re.compile(SET_AGAINST)
_VERSUS = re.compile(r"\b(?:vs|versus|v|against|compared)\b")


_PER_MANY = re.compile(r" (?:[a-z]+ ){0,3}per \d")
"""Behind the difference of two rates whose counts stand before it."""


def check_differences(case: Case, p: Passage) -> None:
    """Check each difference against the two values before it, or in the bracket behind it."""
    for m in _DIFFERENCE.finditer(case.flat, p.start, p.end):
        _difference(case, p, m)


def _difference(case: Case, p: Passage, m: re.Match[str]) -> None:
    begin = max((x.end() for x in _CLAUSE.finditer(case.flat, p.start, m.start())), default=p.start)
    behind_it = case.flat.find(";", m.end(), p.end)
    until = min(p.end, m.end() + 60, behind_it if behind_it > 0 else p.end)
    if _NOT_IT.search(case.flat, begin, until) or _COMPARED.search(m[0]):
        return
    before = _WHEN_BEFORE.search(case.flat, p.start, m.start("v")) or _SET_BESIDE.search(case.flat, p.start, m.start())
    if before or WHAT_MATTERS.match(case.flat, m.end(), p.end) or _PER_MANY.match(case.flat, m.end(), p.end):
        return
    unit = unit_of(m["u"])
    points = ("point" in unit and "percentage" in unit) or unit == "%"
    given = read_printed(m["v"])
    values = values_in(case, begin, m.start())
    if not values and _OF_THE_TWO.match(m[0]) and begin > p.start:  # the two values stand in the clause before
        begin = max((x.end() for x in _CLAUSE.finditer(case.flat, p.start, begin - 1)), default=p.start)
        values = values_in(case, begin, m.start())
        if _NOT_IT.search(case.flat, begin, m.start()):
            return
    if not values and (behind := bracket_behind(case, m.end(), p.end)) is not None:
        values = values_in(case, *behind) if _VERSUS.search(case.flat, *behind) else []
    if any(_NO_LEVEL.search(case.flat, begin, v.span[0]) for v in values):
        return
    alike = [v for v in values if v.unit == unit or (points and v.unit == "%") or (unit == "point" and v.unit == "%")]
    bare = [v for v in values if v.unit in ("", unit) and v.value.digits == given.digits]
    if len(alike) != 2 and len(bare) == 2 and (unit in ("", "point") or any(v.unit == unit for v in bare)):
        alike = bare
    if len(alike) != 2 or (not unit and not given.digits and not points):
        return
    a, b = alike
    if not _JOINED.search(case.flat[a.span[1] : b.span[0]]) or m.start() - b.span[1] > _NEAR:
        return
    if points and "%" not in (a.unit, b.unit):
        return
    if settled(case, m.span("v"), "difference"):
        return
    gap, slack = abs(a.value.value - b.value.value), (a.value.step + b.value.step + given.step) / 2
    places = [a.span, b.span, m.span("v")]
    shown = f"{a.value.text} and {b.value.text} differ by {float(gap):g}, printed {given.text}"
    far = abs(gap - given.value) > max(gap, given.value) / 7 or _slip(gap, given)
    far = far or (_MEDIAN_TIMES.search(case.flat, begin, a.span[0]) is not None and abs(gap - given.value) > 3 * slack)
    verdict: Verdict = "unlikely" if far else "cannot confirm"
    if abs(gap - given.value) <= slack:
        verdict = "ok"
    elif unit == "%" and a.unit == "%" and "absolute" not in m[0].lower() and a.value.value > 0:
        change = 100 * gap / a.value.value  # a relative change in percent
        if abs(change - given.value) <= 1 + given.step:
            return
    if verdict == "cannot confirm" and compared(case, m.span("v"), "difference"):
        return
    sentence = f"{shown}{': it may be of those with both values' if verdict == 'cannot confirm' else ''}."
    on = held(case, p, *(reversed(places) if verdict == "unlikely" else places[-1:]))
    computed = {"difference": float(gap)}
    case.relate("difference", places, verdict, sentence, "difference", computed, on=on, tie="explicit")


_NEAR = 90
_MEDIAN_TIMES = re.compile(
    r"\b[Mm]edian (?:[a-z-]+ ){0,4}(?:survival|time to|duration|stay)\b|\b[Mm]edian (?:OS|PFS|DFS|EFS|DoR|DOR)\b"
)
"""Before two times each of one group, whose difference is theirs and not of those with both values."""
_NO_LEVEL = re.compile(r"\bby (?:about |approximately )?$|\b(?:[Aa]?(?:OR|HR)|I?RR|ratio|odds)(?: of|,|:| =| was)* ?$")
_OF_THE_TWO = re.compile(r"(?:the |a )?(?:(?:mean|absolute|net|between-group|treatment) )*difference\b", re.IGNORECASE)


def _slip(gap: Fraction, given: Printed) -> bool:
    meant = f"{float(gap):.{given.digits}f}"
    return one_digit_apart(meant, given.text) and abs(gap - given.value) > 2 * given.step
