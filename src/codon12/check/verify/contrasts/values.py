"""Values of a stretch with their unit, and words by which a difference or a ratio is not that of two values told."""

from __future__ import annotations

from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER
from codon12.numbers.unrounded import Printed, read_printed

__all__ = [
    "A_CHANGE_OF",
    "CLAUSE_ENDS",
    "LAST_OF_SEVERAL",
    "MODELLED",
    "SET_AGAINST",
    "TIMES",
    "UNIT",
    "WHAT_MATTERS",
    "bracket_behind",
    "unit_of",
    "values_in",
]

A_CHANGE_OF = re.compile(r"\b(?:change|increase|decrease|reduction|difference) of (?:about )?$")
"""Before a value that is a change itself."""
UNIT = (
    r"%|percent\b|per cent\b|mm ?Hg|kg/m2|kg|g/d?L|mg/d?L|ng/mL|mmol/L|mmol/mol|[µμ]mol/L|mL/min|mL|ml|cm|mm|mg|g|L|"
    r"l|years?|months?|weeks?|days?|hours?|min(?:utes?)?|points?|beats|m|s"
)
MODELLED = (
    r"adjust\w*|least[- ]squares|restricted|minim(?!ally invasive|um of)\w+|margin|RMST|important|model\w*|"
    r"weighted|imput\w*|expected|"
    r"assum\w*|detect\w*|power\w*|standardi[sz]ed|Hodges|at least|paired|stratif\w*|pooled|propensity|"
    r"regression|bootstrap"
)
"""Words of values that are modelled, planned or of some, not those that a sentence tells."""
WHAT_MATTERS = re.compile(
    r"[^.;()\d]{0,40}?\b(?:(?:is|was|are|were|being|be) (?:[a-z]+ )?(?:deemed|considered|regarded|taken|judged|"
    r"thought|held|called|defined|accepted|said|clinically|meaningful|relevant|important|the (?:smallest|least|minim))"
    r"|clinically (?:relevant|meaningful|important)|that matters)",
    re.IGNORECASE,
)
"""Behind a difference that is one which matters, not that of two values: `10 points is deemed relevant`."""
CLAUSE_ENDS = r"(?<!\bvs)(?<!\bv)(?<!i\.e)(?<!e\.g)\.\s"
"""The end of a sentence within a passage, no abbreviation."""
SET_AGAINST = r"\b(?:and|vs\.?|versus|v|to|than|against|compared (?:with|to))\b"
"""What stands between two values that are compared."""
LAST_OF_SEVERAL = re.compile(r"\d(?:-|-?fold| times)?,? (?:and|or) [~∼≈]?$")
"""Before the last of a list of multiples: `11.0-, 8.5- and 5.6-fold higher`."""
_VALUE = re.compile(
    rf"(?<![\w.,/<>≤≥±%\[-])(?<!± )(?<!n = )(?<![Pp] = )(?<![Pp] < )(?<![Pp]=)(?P<v>{NUMBER})(?![\d.,]*\d)"
    rf"(?:(?: \([\d.]+ ?(?:-|to) ?[\d.]+\))? ?(?P<u>{UNIT})(?![\w-]))?(?! ?(?:[kM]?bp|[kM]b|nt)\b|[′'’])"
    r"(?!-(?:year|month|week|day|hour|point|fold|item)|st\b|nd\b|rd\b|th\b)"
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
_SAYS = re.compile(r"\b(?:was|were|of|from|to|by)(?: \w+)? $")
TIMES = frozenset(("year", "month", "week", "day", "hour", "min", "minute"))
_FROM_TO = re.compile(r"\( ?-?\d+(?:\.\d+)? ?(?:to|-) ?-?\d+(?:\.\d+)? ?\)")
"""A range or a scale in its bracket."""
_SCALE = re.compile(r"\b(?:0|1) ?(?:to|-) ?\d+[,;)]")
"""A scale named beside what it measures: `(AFEQT, 0 to 100, higher is better)`."""
_LEVELS = re.compile(r"\b(?:CI|interval|IQR|range|quartile|95)\b")


class _Value(NamedTuple):
    value: Printed
    span: tuple[int, int]
    unit: str


def unit_of(text: str | None) -> str:
    """The unit as one spelling: `%` of `percent`, `month` of `months`."""
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
            _FROM_TO.fullmatch(inside)
            or _SCALE.search(inside)
            or _LEVELS.search(inside)
            or "±" in inside
            or "SD" in inside
            or "n =" in inside
        ):
            continue
        unit = unit_of(m["u"])
        if unit == "%" and _CHANGED.match(case.flat, m.end()):
            continue
        so_many = unit == "" and case.flat.startswith(" per ", m.end())  # `occurred at 3.0 per 100`
        if not so_many and unit in TIMES | {""} and _TIME.search(case.flat, max(start, m.start() - 14), m.start()):
            before = case.flat[max(start, m.start() - 30) : m.start()]
            if re.search(r"\b(?:from|of|was|were) $", before) is None and (unit == "" or not _SAYS.search(before)):
                continue
        out.append(_Value(read_printed(m["v"]), m.span("v"), unit))
    return out


_OPENED = re.compile(r" ?\((?!9\d ?%|CI)")


def bracket_behind(case: Case, at: int, end: int) -> tuple[int, int] | None:
    """The inside of the bracket that opens right behind a place; None where none does, or one of limits."""
    opened = _OPENED.match(case.flat, at, end)
    if opened is None:
        return None
    shut = case.flat.find(")", opened.end(), end)
    return opened.end(), end if shut < 0 else shut
