"""The limits of entry that a clause tells of a measure: `aged 18 to 65 years`, `a creatinine below 1.5 mg/dL`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.entry.measures import Measure, N, U
from codon12.check.verify.entry.values import value_of

__all__ = ["EXCLUDED", "MAY_ENTER", "Limits", "limits_in"]

MAY_ENTER = re.compile(
    r"\b(?:eligib\w+|inclusion|entry criteri\w+|had to (?:be|have)|required?|requir(?:ing|ement\w*)|could (?:enter|"
    r"join|start|begin|receive|participate|take part)|needed|to enter|(?:were|was|be) (?:[a-z]+ly )?(?:included|"
    r"recruited|enrolled|registered|invited|allowed|permitted|restricted)|(?:was|were|be|only) (?:[a-z]+ )?(?:admitted|"
    r"accepted|taken (?:in|on)|approached|considered|selected)|(?:enrol+ment|entry|participation|admission|"
    r"recruitment) (?:was|is) (?:limited|restricted|confined|open)|criterion for|we (?:\w+ )?(?:included|enrolled|"
    r"recruited|studied|analy[sz]ed|identified|treated)|(?:trial|study|cohort) (?:of|in|included|enrolled|recruited)|"
    r"open to|offered to|included were|(?:restricted|limited) to|qualif\w+|for entry|comprised|consisted of|invited|"
    r"must (?:be|have)|we (?:report|describe) (?:on |the )?|were (?:[a-z]+ )?(?:randomi[sz]ed|assigned)|(?<!\d "
    r")(?<!the )enrol(?:l)?ed (?:adults|patients|women|men|children)|included (?:adults|patients|women|men|"
    r"children))\b",
    re.IGNORECASE,
)
_NO_LIMIT = re.compile(
    r"\b(?:ineligible|not eligible|unless|except|whereas|but(?! (?:not|no|less|at)\b)|(?<!single-)arms?|or a|"
    r"originally|amend\w*|later|subgroups?|subset|stratif\w+|of whom|waiv\w+|randomi[sz]ation (?:was|to)|cohort "
    r"[A-D1-4]|part [A-D1-4]|arm [A-D1-4]|group [A-D1-4]|if (?:they|the) (?:had|were) (?:failed|older)|previous "
    r"(?:trial|study)|(?:in|into|to|for) the [a-z]+ (?:group|cohort|part)|respectively)\b",
    re.IGNORECASE,
)
EXCLUDED = re.compile(r"\bexclu\w+", re.IGNORECASE)
_LIMIT = re.compile(
    rf"(?<![\w.,])(?P<a>{N})(?P<ua>{U}) ?(?:to|-|and|or|through) ?(?P<b>{N})(?P<ub>{U})(?![\d.]*\d|-)"
    rf"|(?P<least>(?:≥|>=|>|at least|no less than|not less than|a minimum of|minimum|above|over|more than|greater "
    rf"than|older than|over the age of|above the age of|exceeding|higher than|larger than) ?)(?P<c>{N})(?P<uc>{U})"
    r"|(?P<most>(?:≤|<=|<|at most|no more than|not more than|up to|(?:restricted|limited) to(?= (?:one|two|"
    r"three|\d) )|a maximum of|maximum|below|under|less than|no larger"
    rf" than|no older than|lower than|younger than|smaller than|not exceeding|(?:under|below|up to) the age of) ?)"
    rf"(?P<d>{N})(?P<ud>{U})"
    rf"|(?<![\w.,])(?P<e>{N})(?P<ue>{U})(?: in (?:maximum |largest )?diameter)?,? (?:or|and) (?:(?P<up>more|higher|"
    rf"above|over|greater|older|larger)|(?P<down>less|lower|below|under|fewer|younger|smaller|better))\b",
    re.IGNORECASE,
)
_STRICT = re.compile(r"^(?:>(?!=)|<(?!=)|above|over|more|greater|older|exceeding|higher|larger|below|under|less|lower"
                     r"|younger|smaller)", re.IGNORECASE)  # fmt: skip
_LIST = re.compile(r"(?<![\w.,])(?P<a>[0-4])(?:, ?[0-4])*,? (?:or|and) (?P<b>[0-4])(?![\w.]*\d| ?(?:cm|mm|%|years))")
"""`0 or 1`, `0, 1, or 2`: of what is whole."""
_GAP = re.compile(
    r"(?: ?[(:=]| ?(?:status|scores?|of|was|were|is|values?|levels?|counts?|index|from|between|tumou?r|proportion|"
    r"combined|positive|expression|percentages?|had|to be|be|performance|with|in|at|and|a|an|the|baseline|screening|"
    r"entry|measuring|measured|concentrations?|rates?)\b| ?\([A-Z]+\))* ?",
    re.IGNORECASE,
)
"""What may stand between a measure and the limit behind it."""
_GAP_AHEAD = re.compile(r"(?:'s?)?(?: of(?: the)?| or more)? ?-?", re.IGNORECASE)
"""What may stand between a limit and the measure behind it: `less than 30 weeks' gestation`."""
_PEOPLE_AHEAD = re.compile(
    r"\b(?:be|were|are|adults|men|women|patients|people|children|participants|subjects|volunteers|girls|boys|of|was"
    r"|(?:women|men|adults),?) (?:who were )?\(?$",
    re.IGNORECASE,
)
_WIDTH = 45


class Limits(NamedTuple):
    """Least and greatest value of those who could enter, where they stand, and behind which place values are found."""

    low: tuple[Fraction, str] | None
    high: tuple[Fraction, str] | None
    strict: bool
    places: list[tuple[int, int]]
    passage: int
    start: int
    end: int


def limits_in(case: Case, p: Passage, measure: Measure) -> Iterator[Limits]:
    """Limits of a measure that a clause gives: right behind its name, before it, or around it."""
    text = case.flat[p.start : p.end]
    turned = EXCLUDED.search(text) is not None
    if not (turned or MAY_ENTER.search(text)) or _NO_LIMIT.search(text):
        return
    names = list(measure.pattern.finditer(case.flat, p.start, p.end))
    if not names and measure.name != "age":  # years alone tell what is meant
        return
    patterns = (_LIMIT, _LIST) if measure.name == "performance status" else (_LIMIT,)
    for m in (m for pattern in patterns for m in pattern.finditer(case.flat, p.start, p.end)):
        unit = next((m[f"u{k}"] for k in "bcde" if m.groupdict().get(f"u{k}")), "").strip().lower()
        if not _is_of(case, p, m, names, measure, unit):
            continue
        if _is_followed(case, m):
            sentinel = (Fraction(-1), "")  # of whom each is, nothing says
            yield Limits(sentinel, sentinel, False, [m.span()], p.index, p.start, m.end())
        yield _read(m, p, measure, unit, turned=turned)


_OR = re.compile(
    rf"{U},? or (?:of |an? |if )?(?:(?P<up>[≥>]|at least |above |over )|(?P<down>[≤<]|up to |"
    r"below |under ))?=? ?\d"
)


def _is_followed(case: Case, m: re.Match[str]) -> bool:
    """Whether another limit on the same side, or one of no side, follows: `30 or more, or of 27 or more with`."""
    other = _OR.match(case.flat, m.end(), m.end() + _WIDTH)
    upward = bool(m.groupdict().get("least") or m.groupdict().get("up"))
    return other is not None and not (other["down"] if upward else other["up"])


def _is_of(case: Case, p: Passage, m: re.Match[str], names: list[re.Match[str]], measure: Measure, unit: str) -> bool:
    """Whether a limit stands beside the name of a measure, in a unit that it has."""
    if measure.name == "size" and _MEASURABLE.search(case.flat, p.start, p.end):
        return False
    if (measure.name == "size") != (unit in ("cm", "mm")) or (
        unit.startswith(("%", "kg", "g/")) and measure.name == "age"
    ):
        return False
    if (
        measure.name == "age"
        and unit.startswith("y")
        and _PEOPLE_AHEAD.search(case.flat, max(p.start, m.start() - 20), m.start())
    ):
        return True
    if _COUNTED.search(case.flat, max(p.start, m.start() - 30), m.start()):
        return False
    if measure.name == "age" and not unit and _BARE_AGE.search(case.flat, max(p.start, m.start() - 20), m.start()):
        return _NO_UNIT.match(case.flat, m.end()) is not None
    for name in names:
        if m.start() <= name.start() < m.end() or (
            name.end() <= m.start() <= name.end() + _WIDTH and _GAP.fullmatch(case.flat, name.end(), m.start())
        ):
            return True
        if 0 <= name.start() - m.end() < 6 and _GAP_AHEAD.fullmatch(case.flat, m.end(), name.start()):
            return True
    return False


_BARE_AGE = re.compile(r"\b(?:adults|men|women|patients|people|children|girls|boys|persons) $", re.IGNORECASE)
_NO_UNIT = re.compile(r",? (?:could|can|were|was|who|with|to|only|at|yet|or)\b|[,.;)]|$")
"""`women under 40 could take part`: behind people, and of no other unit, it is their age."""
_COUNTED = re.compile(r"\b\d+ (?:[a-z]+ )?(?:were|had|was|have)(?: aged)? $")
"""Of a part that is counted: `40 were aged 65 years or older`."""
_MEASURABLE = re.compile(r"\bmeasurable\b", re.IGNORECASE)
"""Of a lesion that must be so large, while others may be smaller."""


def _read(m: re.Match[str], p: Passage, measure: Measure, unit: str, *, turned: bool) -> Limits:
    low = high = None
    strict = False
    if m["a"]:
        units = m.groupdict()
        low, high = ((value_of(m[k], units.get(f"u{k}") or unit, measure)[0], m[k]) for k in "ab")
        places = [m.span("a"), m.span("b")]
    else:
        which = next(k for k in "cde" if m[k])
        value, places = (value_of(m[which], unit, measure)[0], m[which]), [m.span(which)]
        upward = which == "c" or (which == "e" and m["up"] is not None)
        strict = which != "e" and _STRICT.match(m["least"] or m["most"]) is not None
        low, high = (value, None) if upward != turned else (None, value)
        strict = strict != turned
    return Limits(low, high, strict, places, p.index, p.start, m.end())
