"""A P value against the words around it: `significantly longer`, `no significant difference`."""

from __future__ import annotations

import re

from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case

__all__ = ["check_words"]

_NEGATED = re.compile(
    r"\b(?:no|not|nor|without|neither|non)\b(?:\W+\w+){0,5}?\W+significan|nonsignificant|insignificant|non-significant"
    r"|\bsimilar\b|did not (?:differ|improve)|not improved",
    re.IGNORECASE,
)
_SIGNIFICANT = re.compile(r"significan(?:t|tly|ce)", re.IGNORECASE)
_ONE_SIDED = re.compile(r"one-?\s?(?:sided|tailed)")
_MIXED = re.compile(r"\b(?:except|but|although|however|whereas|while)\b", re.IGNORECASE)


def check_words(case: Case) -> None:
    """Check P values of sentences that speak of significance once and without a turn (`but`, `except`)."""
    for s in case.statements:
        if s.kind not in ("p_value", "hr_ci_p", "group_medians_p") or s.quantities.p is None:
            continue
        negated = case.says(s, _NEGATED)
        if (not negated and not case.says(s, _SIGNIFICANT)) or case.says(s, _MIXED):
            continue
        _judge(case, s, negated=negated)


def _judge(case: Case, s: Statement, *, negated: bool) -> None:
    q = s.quantities
    assert q.p is not None
    small = q.p.value <= 0.05 if q.p_op in ("<", "<=") else q.p.high_cut <= 0.05
    large = q.p.low > 0.05 and q.p_op not in ("<", "<=")
    one_sided = case.says(s, _ONE_SIDED)
    shown = f"P {q.p_op} {q.p.text}"
    if (negated and large) or (not negated and small):
        if s.kind == "p_value":
            case.add(s, Check("P/words", "ok", f"The words agree with {shown}.", "significance at 0.05"))
    elif not one_sided and ((negated and small and q.p.value < 0.04) or (not negated and large and q.p.value > 0.06)):
        says = "no significant difference" if negated else "significance"
        multiple = len([x for x in case.by_passage[s.passage] if x.quantities.p is not None]) > 1
        verdict = "cannot confirm" if multiple else "unlikely"
        case.add(s, Check("P/words", verdict, f"The sentence speaks of {says}, yet {shown}.", "significance at 0.05"))
