"""A reduction of risk told away from its hazard ratio: `a 38% lower risk of progression or death` in a conclusion."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.numbers.unrounded import read_printed

__all__ = ["check_reductions"]

_P = r"(?P<{0}>\d+(?:\.\d+)?) ?%"
_EVENT = (
    r"(?:disease )?(?:progression|recurrence|relapse|death|dying|mortality|deterioration|(?:treatment )?failure|"
    r"(?:an? )?events?|metastas[ei]s)"
)
_WHICH = rf"(?:[a-z-]+ ){{0,3}}?{_EVENT}"
_TOLD = re.compile(
    rf"{_P.format('a')} (?:relative )?(?:lower|reduced|decreased|less) (?:relative )?(?:risk|hazard|rate) of {_WHICH}"
    rf"|{_P.format('b')} (?:relative )?(?:reduction|decrease) in (?:the )?(?:relative )?(?:risk|hazard|rate) of "
    rf"{_WHICH}"
    r"|(?:reduc|lower|decreas|cut)(?:e?d|t?ing|e?s|) (?:the |its |their )?(?:relative )?(?:risk|hazard) "
    rf"(?:of {_WHICH}(?: [a-z-]+){{0,5}}? )?by {_P.format('c')}",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:previous\w*|prior|earlier|assum\w+|hypothes\w+|expected|design\w*|power|calculat\w+|planned|would|"
    r"detect\w*|background|statistic\w*|known|meta-analys\w+ (?:by|of)|another|other (?:stud|trial)\w+)\b",
    re.IGNORECASE,
)
_RATIO = re.compile(
    r"\b(?:hazard ratio|HR|aHR|relative risk|risk ratio|RR)\b[^.;\d]{0,60}?(?P<v>[01]?[.·]\d+)", re.IGNORECASE
)


def check_reductions(case: Case) -> None:
    """Check that a reduction of risk in percent is one minus some ratio, or two rates, that the text prints."""
    found = [
        (s, m)
        for s in case.statements
        if s.kind in ("percent_only", "percent_ci") and (m := _told(case, s)) is not None
    ]
    if not found:
        return
    ratios = [s for s in case.statements if s.kind == "hr_ci_p" and s.quantities.value is not None]
    bare = [read_printed(m["v"].replace("·", ".")) for m in _RATIO.finditer(case.flat)]
    for s, m in found:
        _judge(case, s, m, ratios, bare)


def _told(case: Case, s: Statement) -> re.Match[str] | None:
    p = case.text.passages[s.passage]
    if p.table is not None or not case.says(s, _TOLD):
        return None
    if case.cites(s) or case.says(s, _OTHERS) or any(r.kind == "hr_ci_p" for r in case.by_passage[s.passage]):
        return None
    return next(
        (m for m in _TOLD.finditer(case.flat, p.start, p.end)
         if s.normal_start <= m.start(m.lastgroup or 0) < s.normal_end), None
    )  # fmt: skip


def _judge(case: Case, s: Statement, m: re.Match[str], ratios: list[Statement], bare: list) -> None:
    given = read_printed(m[m.lastgroup or 0])
    if not ratios:
        return
    values = [r.quantities.value for r in ratios if r.quantities.value is not None] + bare
    for value in values:
        low, high = sorted((100 * abs(1 - value.high), 100 * abs(1 - value.low)))
        if given.low <= high and low <= given.high:
            return
    if _of_two_rates(case, given.low, given.high):
        return
    outcome = s.quantities.outcome
    near = [r for r in ratios if outcome is not None and r.quantities.outcome == outcome] or ratios
    told = [(v, r) for r in near if (v := r.quantities.value) is not None]
    value, nearest = min(told, key=lambda x: abs(100 * (1 - x[0].value) - given.value))
    sentence = (
        f"No ratio of the text makes a reduction by {given.text} %: a ratio of {value.text} is one by "
        f"{float(100 * (1 - value.value)):.3g} %."
    )
    case.relate("derived", (nearest, s), "unlikely", sentence, "1 - ratio", on=(s,))


_VERSUS = re.compile(r"\b(?:vs|versus|compared|than|and|respectively)\b", re.IGNORECASE)
_OF_EVENTS = re.compile(
    r"progress|recur|relaps|\bdeath|\bdied\b|mortality|surviv|metasta|deteriorat|event-free|failure", re.IGNORECASE
)
_APART = 120
"""Characters at most between two rates that are compared."""


def _of_two_rates(case: Case, low: Fraction, high: Fraction) -> bool:
    """Whether two percentages that the text compares make the reduction."""
    rates = [s for s in case.statements if s.quantities.percent is not None]
    for a, b in pairwise(rates):
        if a.passage != b.passage or b.normal_start - a.normal_end > _APART:
            continue
        x, y = sorted(s.quantities.percent.value for s in (a, b) if s.quantities.percent is not None)
        if y > 0 and low - 1 <= 100 * (1 - x / y) <= high + 1:
            between = case.flat[a.normal_end : b.normal_start] + "|" + case.flat[b.normal_end : b.normal_end + 20]
            if _VERSUS.search(between) is not None and case.says(a, _OF_EVENTS):
                return True
    return False
