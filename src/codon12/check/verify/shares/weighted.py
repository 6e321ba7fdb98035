"""Counts of a table that are rounded sums of weights: half a count more or less may make the printed share."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.statements import Denominator, Statement
from codon12.check.verify.case import Case

__all__ = ["weighted"]

_HALF = 0.5
_WEIGHTS = re.compile(
    r"\b(?:weighted|weighting|weights|IPT?W|PSW|SMRW?|imput\w+|pseudo-?population|national estimates)\b",
    re.IGNORECASE,
)


def weighted(case: Case, s: Statement, tied: Denominator) -> str | None:
    """The words by which the counts of a table may be rounded sums, where half a count makes the share print so."""
    n, percent = s.quantities.n, s.quantities.percent
    words = case.tables.says(s, _WEIGHTS)
    if words is None or n is None or percent is None:
        return None
    low, high = 100 * (n - _HALF) / (tied.value + _HALF), 100 * (n + _HALF) / (tied.value - _HALF)
    return words if low <= float(percent.high) and float(percent.low) <= high else None
