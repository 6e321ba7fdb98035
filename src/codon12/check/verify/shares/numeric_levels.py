"""Shares of levels that exclude each other by their limits: `TPS ≥50% in 40%, 1-49% in 35% and <1% in 35%`."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import msgspec

from codon12.check import patterns as re
from codon12.check.verify.case import Case, holder
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_numeric_levels"]

_X = r"\d+(?:\.\d+)?"
_LEVEL = re.compile(
    rf"(?:<=|≤|<|less than|below|under|younger than|fewer than|at most|up to) ?(?P<below>{_X})|(?:>=|≥|>|more than|"
    rf"above|over|older than|at least|greater than) ?(?P<above>{_X})|(?<![\d.,/])(?P<low>{_X}) ?%? ?(?:-|to) "
    rf"?(?P<high>{_X})(?![\d.]|-)|(?<![\d.,/])(?P<least>{_X}) ?(?:%|years?)? ?(?:or|and) (?:more|older|higher|above|"
    rf"over|greater)\b|(?<![\d.,/])(?P<most>{_X}) ?(?:%|years?)? ?(?:or|and) (?:younger|less|fewer|lower|below)\b",
    re.IGNORECASE,
)
_SHARE = rf"(?:\d+ ?[,;(\[] ?|\d+ of \d+ ?[,;(\[] ?)?(?P<p>{_X}) ?%"
_AFTER = re.compile(
    rf" ?(?:%|years?|mut/Mb)?,?(?: ?[:=(\[]| in| was seen in| for)? ?(?:n ?= ?)?{_SHARE}(?! "
    r"?(?:-|to) ?\d)"
)
_AHEAD = re.compile(
    rf"(?<![\d.])(?P<p>{_X}) ?%[)\]]? (?:of [a-z ]{{2,30}} )?(?:(?:had|were|was|with|having|aged|showed) )?"
    r"(?:(?:an?|the) )?(?:[A-Za-z][\w-]* ){0,3}?(?:of )?$"
)
_OUTCOME = re.compile(
    r"\brespon|\brates?\b|surviv|\bPFS\b|\bOS\b|progress|\brisk|mortality|incidence|\bHR\b|sensitiv|specific|\bvs\b|versus|"
    r"\barms?\b|\bgroups?\b|respectively|\bthan placebo|compared|reduc|increas|decreas|change|improv|\bloss\b|adverse|"
    r"cumulative|at least one|confidence|\bCI\b|power|\bbefore\b|\bafter\b|pre-?treatment|baseline|follow-?up",
    re.IGNORECASE,
)
"""Words of a sentence whose percentages may be of something within each level, or of several groups."""


class _Level(msgspec.Struct, frozen=True):
    """A level with its limits, and the share printed beside it."""

    low: Fraction
    high: Fraction
    share: Printed
    unit: str
    """The word right behind the level: levels in years and in hours are of different things."""
    place: tuple[int, int]


def check_numeric_levels(case: Case) -> None:
    """Check that the shares of levels no number lies in two of are together at most a hundred percent."""
    for p, statements in case.prose():
        if case.flat.count("%", p.start, p.end) < _FEWEST or case.says(statements[0], _OUTCOME):
            continue
        levels = _levels(case.flat, p.start, p.end)
        if (
            len(levels) < _FEWEST
            or not _apart(levels)
            or not _are_all(levels)
            or len({x.unit for x in levels} - {""}) > 1
        ):
            continue
        low = sum((max(x.share.low, Fraction(0)) for x in levels), Fraction(0))
        members = [x.place for x in levels]
        shown = " + ".join(x.share.text for x in levels)
        if low > 100:
            on = (holder(statements, members[-1][0]),)
            sentence = f"{shown} % is at least {float(low):.4g} %, and nobody is in two of these levels."
            case.relate("sum", members, "error-if", sentence, "exclusive categories", on=on)


_FEWEST = 2


def _levels(flat: str, start: int, end: int) -> list[_Level]:
    """Levels of a sentence, all with their share behind them or all with their share before them."""
    behind: list[_Level] = []
    ahead: list[_Level] = []
    for m in _LEVEL.finditer(flat, start, end):
        low, high = _limits(m)
        if low >= _FIRST_YEAR or _FIRST_YEAR <= high < _FAR:
            continue
        after = _AFTER.match(flat, m.end(), end)
        if after is not None:
            behind.append(_Level(low, high, read_printed(after["p"]), "", after.span("p")))
        before = _AHEAD.search(flat[max(start, m.start() - _REACH) : m.start()])
        if before is not None and not flat.endswith("% in ", start, m.start()):  # `92% in 15-44` is a rate
            at = max(start, m.start() - _REACH)
            unit = _UNIT.match(flat, m.end(), end)
            place = (at + before.start("p"), at + before.end("p"))
            ahead.append(_Level(low, high, read_printed(before["p"]), unit[1][:4] if unit else "", place))
    return max(behind, ahead, key=len)


_UNIT = re.compile(r"[ -]?([a-z]+)")
_REACH, _FIRST_YEAR = 70, 1900
_FAR = Fraction(10**9)


def _limits(m: re.Match[str]) -> tuple[Fraction, Fraction]:
    words = m[0].lower()
    if m["low"]:
        return Fraction(m["low"]), Fraction(m["high"])
    if m["above"] or m["least"]:
        value = Fraction(m["above"] or m["least"])
        open_ = m["least"] is None and not words.startswith((">=", "≥", "at least"))
        return (value + _LITTLE if open_ else value), _FAR
    value = Fraction(m["below"] or m["most"])
    open_ = m["most"] is None and not words.startswith(("<=", "≤", "at most", "up to"))
    return -_FAR, (value - _LITTLE if open_ else value)


_LITTLE = Fraction(1, 1000)


def _are_all(levels: list[_Level]) -> bool:
    """Whether levels look like all of a scale: three or more, or two that reach to both ends of it and touch.

    Shares of two others are as well those within each: `from 53% of hernias <2 cm to 95% of hernias >10 cm`.
    """
    a, *_, b = sorted(levels, key=lambda x: x.low)
    return len(levels) > _FEWEST or (a.low == -_FAR and b.high == _FAR and b.low - a.high <= 1)


def _apart(levels: list[_Level]) -> bool:
    """Whether no number lies in two levels, and the shares are printed each once."""
    ordered = sorted(levels, key=lambda x: x.low)
    return all(a.high < b.low for a, b in pairwise(ordered)) and len({x.place for x in levels}) == len(levels)
