"""Differences of two rates in points: `45.2% with A and 32.9% with B, a difference of 12.3 percentage points`."""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import PERCENT_KINDS, Case, holder
from codon12.check.verify.shares.typos import one_digit_apart
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_point_differences"]

_N = r"\d+(?:\.\d+)?"
_POINTS = r"[ -]?(?:percentage[ -])?points?\b"
_IN = r"(?: in [^.;()\d]{0,40}?)?"
_IN_POINTS = re.compile(
    rf"\b(?:difference|improvement|gain|increase|reduction|decrease)s?{_IN} (?:of|was|,)? ?(?P<n>{_N}){_POINTS}",
    re.IGNORECASE,
)
_PAIR = rf"(?P<a>{_N}) ?% (?:[a-z]+ )?(?:vs\.?|v\.?|versus|and|compared (?:with|to)|against) (?P<b>{_N}) ?%"
_PAIR_BEHIND = re.compile(
    rf"\b(?:difference|improvement|gain|increase)s?{_IN} (?:of|was|,)? ?(?P<n>{_N})(?:{_POINTS}| ?%) ?\({_PAIR}",
    re.IGNORECASE,
)
"""`a difference of 14.7 points (44.2% vs 29.5%`."""
_PAIR_AHEAD = re.compile(
    rf"{_PAIR}(?:,? respectively)? ?[(\[;,] ?(?:absolute |risk |rate )*difference(?: was| of|,|:|=)? ?=? ?"
    rf"(?P<n>{_N})(?:{_POINTS}| ?%)",
    re.IGNORECASE,
)
"""`44.2% vs 29.5% (difference, 14.7%`."""
_FITTED = re.compile(r"adjust|model|weighted|least[- ]squares|stratif|propensity|relative", re.IGNORECASE)
_KINDS = ("percent_only", "percent_ci", "landmark", *PERCENT_KINDS)


def check_point_differences(case: Case) -> None:
    """Check the difference of two rates that one sentence prints with both."""
    for p, statements in case.prose(_WORD):
        found = _PAIR_BEHIND.search(case.flat, p.start, p.end) or _PAIR_AHEAD.search(case.flat, p.start, p.end)
        if found is not None:
            a, b = read_printed(found["a"]), read_printed(found["b"])
            _judge(case, statements, found, [(a, found.span("a")), (b, found.span("b"))])
            continue
        found = _IN_POINTS.search(case.flat, p.start, p.end)
        if found is None:
            continue
        ahead = [(x, o) for o in statements if o.normal_end <= found.start() for x in _percents(o)]
        if len(ahead) >= 2:
            _judge(case, statements, found, ahead[-2:])


_WORD = re.compile(r"differ|improve|gain|increase|reduc|decrease", re.IGNORECASE)


def _percents(s: Statement) -> list[Printed]:
    q = s.quantities
    if s.kind == "percent_range" and isinstance(q.low, Printed) and isinstance(q.high, Printed):
        return [q.low, q.high]
    if s.kind not in _KINDS:
        return []
    return [q.percent] if q.percent is not None else list(q.values) if q.unit == "%" else []


def _slip(gap: Fraction, given: Printed) -> bool:
    """Whether one digit makes a difference of a point or more, or two changed places: an adjusted one is seldom so."""
    meant = f"{float(gap):.{given.digits}f}"
    turned = sorted(meant) == sorted(given.text)
    return one_digit_apart(meant, given.text) and abs(gap - given.value) >= (_HALF_A_POINT if turned else 1)


_HALF_A_POINT = Fraction(1, 2)


def _judge(
    case: Case,
    statements: list[Statement],
    found: re.Match[str],
    pair: list[tuple[Printed, Statement]] | list[tuple[Printed, tuple[int, int]]],
) -> None:
    (a, first), (b, second) = pair
    given = read_printed(found["n"])
    gap, slack = abs(a.value - b.value), (a.step + b.step + given.step) / 2
    members = (first, second, found.span("n"))
    computed = {"difference": float(gap)}
    shown = f"{a.text} % and {b.text} % differ by {float(gap):g} points, printed {given.text}"
    if abs(gap - given.value) <= slack:
        case.relate("difference", members, "ok", f"{shown}.", "difference", computed)
    elif (abs(gap - given.value) <= 2 and not _slip(gap, given)) or case.says(statements[0], _FITTED):
        case.relate("difference", members, "cannot confirm", f"{shown}: it may be adjusted.", "difference", computed)
    else:
        at = found.start("b") if "b" in found.re.groupindex else second.normal_start  # type: ignore[union-attr]
        case.relate(
            "difference", members, "unlikely", f"{shown}.", "difference", computed, on=(holder(statements, at),)
        )
