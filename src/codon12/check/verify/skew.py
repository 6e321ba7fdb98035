"""Ratios off the middle of their interval on the log scale: a slip, or limits of another kind than Wald's."""

from __future__ import annotations

import re
from typing import NamedTuple

from codon12.check.statements import Statement
from codon12.check.verdicts import Check, Verdict
from codon12.check.verify.case import Case

__all__ = ["Skewed", "judge_skewed"]


class Skewed(NamedTuple):
    """A ratio that is not in the middle of its interval on the log scale: by how many standard errors, which way."""

    statement: Statement
    off: float
    error: float
    outward: bool
    """Whether the longer arm points away from 1, as that of exact and of profile limits does."""
    sentence: str
    computed: dict[str, object]


_ODD_ALONE = 0.2
_ODD_WIDE = {"HR": 0.2, "OR": 0.45, "RR": 0.45}
"""How many standard errors off the middle is odd: of a sharp interval, and of a wide one."""
_ODD_AMONG = 0.12
_FEWEST = 2
_WIDE = 0.4
_NOT_WALD = re.compile(
    r"credible|bayes|\bCrI\b|bootstrap|profile[- ]likelihood|exact (?:conditional )?logistic|\bFirth", re.IGNORECASE
)


def judge_skewed(case: Case, skewed: list[Skewed]) -> None:
    """A ratio off the middle is odd if far off, and less far where nearly all ratios of the text are in theirs."""
    middling = sum(
        1 for checks in case.checks.values() for c in checks if c.rule == "log symmetry" and c.verdict == "ok"
    )
    wald = _NOT_WALD.search(case.flat) is None if skewed else True
    among = middling >= _FEWEST and middling >= _MOSTLY * len(skewed)
    exact = len(skewed) >= _FEWEST and middling < len(skewed) and all(x.outward for x in skewed)
    for x in skewed:
        sharp = x.error < _WIDE  # limits from a profile likelihood are skewed where they are wide
        least = _ODD_AMONG if among else _ODD_ALONE
        if not sharp:
            least = _ODD_WIDE[x.statement.quantities.measure or "OR"]
        verdict: Verdict = "unlikely" if wald and not exact and x.off > least else "cannot confirm"
        case.add(x.statement, Check("log symmetry", verdict, x.sentence, "log-symmetric interval", x.computed))


_MOSTLY = 4
"""How many ratios in the middle of their interval there must be for each that is not."""
