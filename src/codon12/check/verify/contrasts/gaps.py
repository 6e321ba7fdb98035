"""A difference beside the two values it is of, in one unit: `128.4 mm Hg and 136.7 mm Hg (difference, 8.3)`."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge, settled
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_gaps", "values_in"]

_UNIT = (
    r"%|percent\b|per cent\b|mm ?Hg|kg/m2|kg|g/d?L|mg/d?L|ng/mL|mmol/L|mmol/mol|[µμ]mol/L|mL/min|mL|ml|cm|mm|mg|g|L|"
    r"l|years?|months?|weeks?|days?|hours?|min(?:utes?)?|points?|beats|m|s"
)
_VALUE = re.compile(
    rf"(?<![\w.,/<>≤≥±%\[-])(?<!± )(?<!n = )(?<!P = )(?<!P < )(?P<v>{NUMBER})(?![\d.,]*\d)"
    rf"(?: ?(?P<u>{_UNIT})(?![\w-]))?(?! ?(?:[kM]?bp|[kM]b|nt)\b|[′'’])"
    r"(?!-(?:year|month|week|day|hour|point|fold|item)|st\b|nd\b|rd\b|th\b)"
)
_DIFFERENCE = re.compile(
    r"\b(?:an? |the )?(?:(?:mean|median|absolute|net|between-group|risk|total|average|estimated)[ -])*"
    r"(?:difference|change|gain|reduction|decrease|increase|fall|rise|drop|decline|loss|improvement|prolongation|"
    r"lengthening|shortening)"
    r"(?: (?:in|between) [^.;()\d]{1,40}?)?(?: (?:of|was|by))?(?:,|:| =)? ?"
    rf"(?P<sign>[-+])?(?P<v>{NUMBER})(?![\d.,]*\d)[ -]?(?P<u>(?:percentage )?points?|{_UNIT})?(?![\w])",
    re.IGNORECASE,
)
_NOT_IT = re.compile(
    r"\b(?:adjust\w*|least[- ]squares|restricted|minim\w+|margin|RMST|important|model\w*|weighted|imput\w*|expected|"
    r"assum\w*|detect\w*|power\w*|standardi[sz]ed|Hodges|relative|ratio|at least|matched|paired|stratif\w*|pooled|"
    r"propensity|regression|bootstrap|reached|limit)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?:\b(?:at|after|by|until|from|in|over|within|of|every|week|month|day|year|aged?|grade|stage|cycle|visit|round|"
    r"type|phase|table|figure|under|for) |(?:week|month|day|year)s? )$",
    re.IGNORECASE,
)
"""Before a number that says when, not how much."""
_CHANGED = re.compile(
    r" (?:relative |absolute )?(?:lower|higher|less|more|fewer|reduction|increase|decrease|change|difference|greater)\b"
)
"""Right behind a percentage that is of a change."""
_COMPARED = re.compile(r"\b(?:compared|than|versus|against)\b")
_WHEN_BEFORE = re.compile(r"\b(?:at|after|until|within|over|for|in|from|through|since) $")
_SAYS = re.compile(r"\b(?:was|were|of|from|to|by)(?: \w+)? $")
_WHEN = frozenset(("year", "month", "week", "day", "hour", "min", "minute"))
_CLAUSE = re.compile(r";|(?<!\bvs)(?<!\bv)(?<!i\.e)(?<!e\.g)\.\s|: ")
_JOINED = re.compile(r"\b(?:and|vs\.?|versus|v|to|than|against|compared (?:with|to))\b")
_FROM_TO = re.compile(r"\( ?-?\d+(?:\.\d+)? ?(?:to|-) ?-?\d+(?:\.\d+)? ?\)")
"""A range or a scale in its bracket."""
_LEVELS = re.compile(r"\b(?:CI|interval|IQR|range|quartile|95)\b")


class _Value(NamedTuple):
    value: Printed
    span: tuple[int, int]
    unit: str


def check_gaps(case: Case, p: Passage) -> None:
    """Check each difference against the two values before it."""
    for m in _DIFFERENCE.finditer(case.flat, p.start, p.end):
        _difference(case, p, m)


def _unit(text: str | None) -> str:
    unit = (text or "").lower().strip()
    return {"percent": "%", "per cent": "%", "mins": "min", "minute": "min", "minutes": "min", "l": "L"}.get(
        unit, unit.rstrip("s") if len(unit) > 1 else unit
    )


def values_in(case: Case, start: int, end: int) -> list[_Value]:
    """Values of a stretch outside brackets of intervals, ranges and sizes, in order."""
    shut = [(m.start(), m.end()) for m in re.finditer(r"\([^()]*\)", case.flat[start:end])]
    out = []
    opened, closed = case.flat.find("(", start, end), case.flat.find(")", start, end)
    inner = closed if closed >= 0 and not 0 <= opened < closed else start  # the stretch begins within a bracket
    for m in _VALUE.finditer(case.flat, inner, end):
        at = m.start() - start
        inside = next((case.flat[start + a : start + b] for a, b in shut if a < at < b), None)
        if inside is not None and (
            _FROM_TO.fullmatch(inside) or _LEVELS.search(inside) or "±" in inside or "SD" in inside or "n =" in inside
        ):
            continue
        unit = _unit(m["u"])
        if unit == "%" and _CHANGED.match(case.flat, m.end()):
            continue
        so_many = unit == "" and case.flat.startswith(" per ", m.end())  # `occurred at 3.0 per 100`
        if not so_many and unit in _WHEN | {""} and _TIME.search(case.flat, max(start, m.start() - 14), m.start()):
            before = case.flat[max(start, m.start() - 30) : m.start()]
            if re.search(r"\b(?:from|of|was|were) $", before) is None and (unit == "" or not _SAYS.search(before)):
                continue
        out.append(_Value(read_printed(m["v"]), m.span("v"), unit))
    return out


def _difference(case: Case, p: Passage, m: re.Match[str]) -> None:
    begin = max((x.end() for x in _CLAUSE.finditer(case.flat, p.start, m.start())), default=p.start)
    if _NOT_IT.search(case.flat, begin, min(p.end, m.end() + 60)) or _COMPARED.search(m[0]):
        return
    if _WHEN_BEFORE.search(case.flat, p.start, m.start("v")):
        return
    unit = _unit(m["u"])
    points = ("point" in unit and "percentage" in unit) or unit == "%"
    given = read_printed(m["v"])
    values = values_in(case, begin, m.start())
    if not values and _OF_THE_TWO.match(m[0]) and begin > p.start:  # the two values stand in the clause before
        begin = max((x.end() for x in _CLAUSE.finditer(case.flat, p.start, begin - 1)), default=p.start)
        values = values_in(case, begin, m.start())
        if _NOT_IT.search(case.flat, begin, m.start()):
            return
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
    if abs(gap - given.value) <= slack:
        judge(case, p, "difference", places, "ok", f"{shown}.", "difference")
        return
    far = abs(gap - given.value) > max(gap, given.value) / 7 or _slip(gap, given)
    if unit == "%" and a.unit == "%" and "absolute" not in m[0].lower() and a.value.value > 0:
        change = 100 * gap / a.value.value  # a relative change in percent
        if abs(change - given.value) <= 1 + given.step:
            return
    if not far and compared(case, m.span("v"), "difference"):
        return
    if not far:
        text = f"{shown}: it may be of those with both values."
        judge(case, p, "difference", places, "cannot confirm", text, "difference")
    else:
        judge(case, p, "difference", places, "unlikely", f"{shown}.", "difference")


_NEAR = 90
_NO_LEVEL = re.compile(r"\bby (?:about |approximately )?$|\b(?:[Aa]?(?:OR|HR)|I?RR|ratio|odds)(?: of|,|:| =| was)* ?$")
_OF_THE_TWO = re.compile(r"(?:the |a )?(?:(?:mean|absolute|net|between-group|treatment) )*difference\b", re.IGNORECASE)


def _slip(gap: Fraction, given: Printed) -> bool:
    meant = f"{float(gap):.{given.digits}f}"
    return one_digit_apart(meant, given.text) and abs(gap - given.value) > 2 * given.step
