"""A value of all lies between those of its parts: `61.2 years in men and 64.8 in women (overall mean, 66.0)`."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, judge, sentences_with
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_between"]

_UNITS = r"%|years?|months?|weeks?|days?|hours?|min|points?|mm ?Hg|kg(?:/m2)?|cm|mm|mL|g|g/dL|mg/dL|mmol/L"
_VALUE = re.compile(rf"(?<![\w.,/<>≤≥±-])(?P<v>{NUMBER})(?![\d.,]*\d|-\w)(?: ?(?P<u>{_UNITS})(?![\w]))?")
_OVERALL = (
    r"(?:overall(?! (?:survival|respon\w+|mortality|quality|grade|incidence))|in total|altogether|all (?:the )?"
    r"(?:patients|participants|regions|cent(?:er|re)s|groups|arms|cohorts|children|subjects|women|men|sites|sexes|"
    r"cases|countries|hospitals|adults|tumou?rs|together)|the (?:whole|entire|total|full) (?:sample|cohort|group|"
    r"population|series|study|trial)|both (?:groups|arms|sexes|visits|occasions|observers|readers|raters|cohorts|"
    r"regions|rounds|sites)(?: (?:together|"
    r"combined))?|everyone|the groups (?:together|combined)|(?<=both )combined|pooled)"
)
_BEHIND = re.compile(rf"[ ,;(]{{0,3}}(?:(?:in|for|among|across|years? in) )?{_OVERALL}\b(?! [a-z]+ ?\d)", re.IGNORECASE)
_AHEAD = re.compile(
    rf"\b{_OVERALL}(?: (?!survival)[a-z-]+){{0,3}}?(?: (?:was|of|is))?[,:;]? ?(?:it was )?[(]?$", re.IGNORECASE
)
_OF_THE_LAST = re.compile(rf"\d ?(?:{_UNITS})?[ ,;(]{{0,3}}(?:(?:in|for|of|among|across) )?$")
"""Before words for all that stand right behind another number: `7.4% overall, 7.6% in women`."""
_PART = re.compile(
    r"(?:\(?[nN]? ?=? ?[\d/,]*\)? ?)?(?:in|with|among|at|on|after|by|from) (?:the |a |an |\d[\d,]* )?"
    r"(?P<w>(?!(?:all|both|total|whole|least|most|\d)\b)[A-Za-z0-9/+'-]+(?: (?!and\b|or\b|in\b)[A-Za-z0-9/+'-]+){0,4})",
)
_PART_AHEAD = re.compile(
    r"(?:^|[,;] | and |\b)(?:in|among|with|at) (?:the )?(?!\d)[A-Za-z0-9/+'-]+(?: [A-Za-z0-9/+'-]+){0,3}?"
    r"(?: (?:was|were|is))?[,:]? ?$",
    re.IGNORECASE,
)
"""`in centre A was 81%, in centre B 84%`."""
_ANEW = re.compile(
    r"(?:,? (?:and|but|while|whereas|or)|[,;(])? ?"
    r"(?:it was |(?:the )?(?:mean|average) (?:over|of|for|across|in) (?:all|both) [^,;()%\d]*|(?:the )?overall|"
    r"(?:in|among|with|at|for|on|after|by|from|of) [^,;()%]*|compared (?:with|to) |"
    r"(?:in )?(?:all|both) [^,;()%]*)?[,:( ]*(?:was |were |is )?[ (]*$",
    re.IGNORECASE,
)
"""Between two values of one measure: no other measure is named."""
_NOT_ONE = re.compile(
    r"\b(?:range[ds]?|from|IQR|CI|P|SD|interval|difference|change|ratio|versus|grade|any|at (?:least )?\d|"
    r"respectively|complete|partial|adjusted|other)\b|±",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\b(?:phase|cohort|group|arm|stage|grade|type|class|level|part|centre|center|site|cycle|round|cluster|trial|"
    r"study|wave|period|year|week|month|day|quartile|tertile) $",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r" (?:[a-z-]+ )?(?:boys|girls|men|women|patients|participants|children|infants|adults|subjects|controls|cases|"
    r"people|"
    r"hospitals|schools|centres|centers)\b"
)
"""Behind the size of a group, which is no value."""
_FEWEST, _MOST = 3, 6


class _Value(NamedTuple):
    value: Printed
    span: tuple[int, int]
    unit: str
    whole: bool


_WORDS_TOLD = (
    *("overall", " all ", "(all ", "whole", "entire", "altogether", "in total", " both "),
    *("pooled", "total s", "average ", "full "),
)


def check_between(case: Case) -> None:
    """Check the value of all in every sentence that gives one measure for each of its parts and for all."""
    for p in sentences_with(case, *_WORDS_TOLD):
        if _NOT_ONE.search(case.flat, p.start, p.end):
            continue
        found = [
            _value(case, m, p.start, p.end)
            for m in _VALUE.finditer(case.flat, p.start, p.end)
            if (m["u"] or not _LABEL.search(case.flat, p.start, m.start()))
            and not (m["u"] is None and "." not in m["v"] and _GROUP.match(case.flat, m.end(), p.end))
        ]
        if not _FEWEST <= len(found) <= _MOST or any(v is None for v in found):
            continue
        values = [v for v in found if v is not None]
        if not all(_goes_on(case, a.span[1], b.span[0]) for a, b in pairwise(values)):
            continue
        if _in_bracket(case, p, values):
            values[0] = values[0]._replace(whole=True)
        wholes = [v for v in values if v.whole]
        parts = [v for v in values if not v.whole]
        units = {v.unit for v in values if v.unit}
        if len(wholes) != 1 or len(parts) < _FEWEST - 1 or len(units) > 1 or (not units and not parts[0].value.digits):
            continue
        whole = wholes[0]
        low, high = min(v.value.low for v in parts), max(v.value.high for v in parts)
        unit = f" {_plural(units.pop())}" if units else ""
        places = [*(v.span for v in parts), whole.span]
        shown = ", ".join(v.value.text for v in parts)
        if low <= whole.value.high_cut and whole.value.low <= high:
            sentence = f"{whole.value.text}{unit} lies between those of the parts, {shown}."
            judge(case, p, "mixture", places, "ok", sentence, "weighted mean of parts")
        else:
            sentence = f"A value of all lies between those of its parts, {shown}{unit}: {whole.value.text} does not."
            judge(case, p, "mixture", places, "error-if", sentence, "weighted mean of parts")


def _plural(unit: str) -> str:
    return f"{unit}s" if unit in ("year", "month", "week", "day", "hour", "point") else unit


def _in_bracket(case: Case, p: Passage, values: list[_Value]) -> bool:
    """`52% (48% in arm A and 41% in arm B)`: a first value with those of groups of people in a bracket behind it."""
    first, last = values[0], values[-1]
    opened = re.compile(r" ?(?:[a-z%/]+ ?)?\(").match(case.flat, first.span[1])
    if opened is None or any(v.whole for v in values):
        return False
    closed = case.flat.find(")", opened.end())
    inside = case.flat[opened.end() : closed]
    averaged = _AVERAGE.search(case.flat, p.start, first.span[0]) is not None
    return opened.end() <= values[1].span[0] and last.span[1] <= closed and (
        averaged or all(_PEOPLE.search(part) for part in re.split(r",| and |;", inside))
    )  # fmt: skip


_AVERAGE = re.compile(r"\b(?:mean|average|median|pooled|overall)\b", re.IGNORECASE)
_MEAN = re.compile(r"\b(?:mean|average|median)\b", re.IGNORECASE)
_PEOPLE = re.compile(
    r"\b(?:arm|group|cohort|men|women|patients|participants|children|adults|boys|girls|males|females|centre|center|"
    r"those|responders|controls|cases|phase|stud(?:y|ies)|trials?|hospitals?|north|south|east|west|regions?)\b",
    re.IGNORECASE,
)


def _goes_on(case: Case, start: int, end: int) -> bool:
    """Whether what stands behind the last clause mark between two values names no other measure."""
    between = case.flat[start:end]
    cut = max((m.start() for m in _MARK.finditer(between)), default=0)
    return _ANEW.fullmatch(between[cut:]) is not None or cut == 0


_MARK = re.compile(r",? (?:and|but|while|whereas|or)\b|[,;(]|,? compared\b")


def _value(case: Case, m: re.Match[str], start: int, end: int) -> _Value | None:
    """A number as one of a part or of all; None for one that is neither."""
    before = case.flat[max(start, m.start() - 60) : m.start()]
    behind = _BEHIND.match(case.flat, m.end(), end) is not None
    named = _AHEAD.search(before)
    ahead = named is not None and not _OF_THE_LAST.search(before[: named.start()])
    behind_it = case.flat[m.end() : min(end, m.end() + 60)].lstrip()
    part = _PART.match(behind_it) or _PART_AHEAD.search(before) or behind_it.startswith("(")
    part = part or (behind_it.startswith("for ") and _MEAN.search(case.flat, start, end))
    if not (behind or ahead or part):
        return None
    return _Value(read_printed(m["v"]), m.span("v"), (m["u"] or "").rstrip("s"), behind or ahead)
