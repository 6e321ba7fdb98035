"""Two groups compared: differences and ratios in words, P values and odds ratios recomputed from counts."""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.numbers.unrounded import Printed

__all__ = ["check_differences"]

_DIFFERENCE = re.compile(
    r"\b(?:difference|gain|improvement|advantage|prolongation)(?: (?:in|between) [^.;,()%\d]{0,40})?"
    r"(?: of|,| was| by|:)?(?: only)?\s*$", re.IGNORECASE
)  # fmt: skip
_OF_ELSE = re.compile(r"\b(?:restricted|RMST|margin|minim\w+|least[- ]squares|adjusted)\b", re.IGNORECASE)
"""Words of a difference that is not that of the two values before it."""
_BY = re.compile(r"\b(?:improved|prolonged|longer|increased|extended)[^.;()%\d]{0,40} by\s*$", re.IGNORECASE)
_POINTS = re.compile(r"^\s*(?:percentage[ -])?points?\b|^\s*percentage", re.IGNORECASE)


def check_differences(case: Case) -> None:
    """Check each difference against the two values beside it."""
    for statements in case.by_passage.values():
        for k, s in enumerate(statements if len(statements) > 1 else ()):
            if s.kind in ("percent_only", "median_only", "duration"):
                _difference(case, statements, k)


def _in_unit(s: Statement, unit: str) -> list[Printed]:
    q = s.quantities
    if unit == "%":
        if s.kind in ("percent_only", "percent_ci", "landmark", *PERCENT_KINDS):
            return [q.percent] if q.percent is not None else list(q.values) if q.unit == "%" else []
        return []
    if q.unit != unit or s.kind not in ("median_only", "median_ci", "median_range", "group_medians_p"):
        return []
    return [q.value] if q.value is not None else list(q.values)


def _difference(case: Case, statements: list[Statement], k: int) -> None:
    """`an absolute difference of 12.3 percentage points`, `improved by 1 month (5.6 vs 4.5 months)`."""
    s = statements[k]
    q = s.quantities
    given = q.percent or q.value
    if given is None or (s.kind != "percent_only" and q.unit is None):
        return
    before, after = case.around(s, 70, 24)
    unit = "%" if q.percent is not None else q.unit or ""
    if (
        _OF_ELSE.search(before)
        or (not _DIFFERENCE.search(before) and not _BY.search(before))
        or re.search(r"\bat\s*$", before)
    ):
        return
    if unit == "%" and not (_POINTS.match(after) or "absolute" in before):
        return
    pairs: list[tuple[Statement, Printed]] = []
    for other in [*reversed(statements[:k][-6:]), *statements[k + 1 : k + 4]]:
        pairs += [(other, x) for x in reversed(_in_unit(other, unit))]
        if len(pairs) >= 2:
            break
    if len(pairs) < 2:
        return
    (first, a), (second, b) = pairs[:2]
    gap = abs(a.value - b.value)
    slack = (a.step + b.step) / 2
    members = (first, second, s)
    computed = {"difference": float(gap)}
    shown = f"{a.text} and {b.text} differ by {float(gap):g}, printed {given.text}"
    whole = given.step / 2 if given.digits else Fraction(1, 2)
    if gap - slack <= given.value + whole and given.value - whole <= gap + slack:
        case.relate("difference", members, "ok", f"{shown}.", "difference", computed, on=(s,))
    elif abs(gap - given.value) <= max(Fraction(2) if unit == "%" else gap / 5, gap / 5):
        sentence = f"{shown}: it may be adjusted or estimated."
        case.relate("difference", members, "cannot confirm", sentence, "difference", computed, on=(s,))
    else:
        case.relate("difference", members, "unlikely", f"{shown}.", "difference", computed, on=(s,))
