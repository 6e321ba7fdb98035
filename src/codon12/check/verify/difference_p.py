"""P against the interval of a difference: `a mean difference of 3.1 points (95% CI, -1.2 to 7.4; P = 0.002)`."""

from __future__ import annotations

import re
from itertools import pairwise

from scipy import special

from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.check.verify.ratios import wald_z
from codon12.numbers.unrounded import Printed

__all__ = ["check_difference_p"]

_DIFFERENCE = re.compile(
    r"\b(?:differences?|beta|coefficients?|slopes?|mean changes?|treatment effects?)\b|β|Δ", re.IGNORECASE
)
_OTHER = re.compile(
    r"\b(?:ratio|relative risk|correlation|non-?inferior\w*|superiority|interaction|trend|one-?sided|baseline)\b|"
    r"\b(?:HR|OR|RR|aHR|aOR)\b",
    re.IGNORECASE,
)
_NEXT = re.compile(r"^[\s,;()\[\]]{0,4}(?:with )?(?:two-sided )?$", re.IGNORECASE)
_REACH = 70
_METHOD = "normal P of the interval"


def check_difference_p(case: Case) -> None:
    """Compare each P value that directly follows the interval of a difference with the P of that interval."""
    for passage, statements in case.by_passage.items():
        if case.text.passages[passage].table is not None or len(statements) < 2:
            continue
        for s, p in pairwise(statements):
            if p.kind == "p_value" and _NEXT.match(case.flat[s.normal_end : p.normal_start]):
                _compare(case, s, p)


def _compare(case: Case, s: Statement, p: Statement) -> None:
    q, given = s.quantities, p.quantities.p
    value = q.value or q.percent
    if given is None or value is None or q.interval in ("iqr", "range") or q.level not in (None, 95):
        return
    low, high = q.low, q.high
    if (
        not isinstance(low, Printed)
        or not isinstance(high, Printed)
        or s.kind not in ("value", "median_ci", "percent_ci")
    ):
        return
    words = case.around(s, _REACH, 0)[0] + case.flat[s.normal_start : s.normal_end]
    clause = re.split(r"[.;]\s", words)[-1]
    if not _DIFFERENCE.search(words) or _OTHER.search(clause):
        return
    width = high.value - low.value
    slack = value.step + low.step + high.step
    inside, decided = low.value < 0 < high.value, low.value != 0 and high.value != 0
    if width <= 2 * slack or not low.low <= value.value <= high.high:
        return
    op = p.quantities.p_op
    said = _range_of(given, op)
    shown = f"P {op} {given.text}"
    if abs(2 * value.value - low.value - high.value) > slack + width / 10:
        # an interval of another shape: it decides at 0.05, no more
        if decided and ((inside and said[1] < 0.02) or (not inside and said[0] > 0.1)):
            _decision(case, s, p, f"The interval contains {'' if inside else 'no '}0, yet {shown}.", {})
        return
    z = sorted(
        3.92 * float(abs(v)) / float(w) for v, w in ((value.low, width + slack / 2), (value.high, width - slack / 2))
    )
    largest, smallest = (float(special.erfc(x / 2**0.5)) for x in z)
    by = f"P from {smallest:.2g} to {largest:.2g}"
    computed = {"p_range": [float(f"{smallest:.3g}"), float(f"{largest:.3g}")]}
    if smallest <= said[1] and said[0] <= largest:
        case.add(p, Check("P/interval", "ok", f"The interval gives {by}; printed {shown}.", _METHOD, computed))
        return
    near, other = (smallest, said[1]) if said[1] < smallest else (largest, said[0])
    gap = abs(wald_z(near) - wald_z(other))
    if decided and ((inside and said[1] < 0.045) or (not inside and said[0] > 0.055)) and gap > 0.25:
        says = "contains 0" if inside else "excludes 0"
        sentence = f"The interval {says}, yet {shown}: by the interval P is {smallest:.2g} to {largest:.2g}."
        _decision(case, s, p, sentence, computed)
    elif gap <= 0.3:
        case.add(p, Check("P/interval", "ok", f"The interval gives {by}, near the printed {shown}.", _METHOD, computed))
    else:
        sentence = f"The interval gives {by}, printed {shown}: another test or adjustment."
        case.add(p, Check("P/interval", "cannot confirm", sentence, _METHOD, computed))


def _range_of(p: Printed, op: str) -> tuple[float, float]:
    """Smallest and largest P that is printed so."""
    if op in ("<", "<="):
        return 0.0, float(p.high)
    return float(p.low), 1.0 if op in (">", ">=") else float(p.high_cut)


def _decision(case: Case, s: Statement, p: Statement, sentence: str, computed: dict[str, list[float]]) -> None:
    case.relate("direction", (s, p), "unlikely", sentence, "decision at 0.05", computed)
    case.add(p, Check("P/interval", "unlikely", sentence, _METHOD, computed))
