"""What needs no arithmetic but a look: identifiers, named interval methods, scales, claimed differences."""

from __future__ import annotations

from collections import Counter

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.numbers.unrounded import Printed

__all__ = ["check_plain"]


def check_plain(case: Case) -> None:
    """Check registration numbers, the interval methods a text names, and differences it claims."""
    _levels(case)
    for s in case.statements:
        text = s.quantities.text or ""
        if s.kind == "identifier" and text.startswith("nct:"):
            case.add(s, Check("identifier", "ok", "NCT and eight digits.", "form of the number"))
        elif s.kind == "ci_method_statement":
            _method(case, s, text)
        elif s.kind == "duration" and text == "difference":
            _difference(case, s)
        elif s.kind == "percent_only" and not case.checks.get(s.id):
            _worst_case(case, s)


_USUAL_LEVELS = {50, 68, 70, 75, 80, 85, 90, 95, 96, 97, 98, 99}
"""96 and 97 are what is left after an interim look."""


def _levels(case: Case) -> None:
    """A confidence level nobody chooses, in a text that uses another everywhere else."""
    levels = Counter(s.quantities.level for s in case.statements if s.quantities.level is not None)
    if not levels:
        return
    usual, times = levels.most_common(1)[0]
    for s in case.statements:
        level = s.quantities.level
        if level is not None and level not in _USUAL_LEVELS and times >= 2 and usual != level:
            sentence = f"A level of {level} %, while {times} intervals of this text have {usual} %."
            case.add(s, Check("level", "unlikely", sentence, "comparison of levels"))


def _method(case: Case, s: Statement, text: str) -> None:
    scales = sorted(case.scales)
    if text in ("unspecified", "log-log"):
        if scales:
            sentence = f"The landmarks agree with the scale: {', '.join(scales)}."
            named = text == "unspecified" or text in scales
            case.add(
                s, Check("method", "ok" if named else "unlikely", sentence, "landmark intervals", {"scales": scales})
            )
        return
    if not case.methods:
        return
    agrees = text in case.methods
    listed = ", ".join(sorted(case.methods))
    sentence = f"The counted intervals agree with {listed}."
    case.add(s, Check("method", "ok" if agrees else "unlikely", sentence, "nine interval methods"))


_REACH = 400
"""How many statements to either side medians are sought in: a text of any length takes linear time."""


def _difference(case: Case, s: Statement) -> None:
    """A benefit in months that is a median itself, not a difference of medians."""
    q = s.quantities
    if q.value is None:
        return
    at = s.position
    pairs = [
        (m.quantities.values[0].value, m.quantities.values[1].value, m)
        for m in case.statements[max(0, at - _REACH) : at + _REACH]
        if len(m.quantities.values) == 2 and m.quantities.unit == q.unit
    ]
    value, slack = q.value.value, q.value.step / 2
    for a, b, m in pairs:
        if abs(abs(a - b) - value) <= max(q.value.step, 1) / 2 + slack:
            sentence = f"It is the difference of two medians, {float(abs(a - b)):g}, rounded."
            computed = {"difference": float(abs(a - b))}
            case.relate("difference", (m, s), "ok", sentence, "difference of medians", computed, on=(s,))
            return
    for a, b, m in pairs:
        if min(abs(a - value), abs(b - value)) <= slack:
            sentence = (
                f"It is a median itself; the medians {float(a):g} and {float(b):g} differ by {float(abs(a - b)):g}."
            )
            computed = {"difference": float(abs(a - b))}
            case.relate("claim", (m, s), "unlikely", sentence, "difference of medians", computed, on=(s,))
            return


def _worst_case(case: Case, s: Statement) -> None:
    """`a 33 % increase`, `41 % lower`: a ratio or its limit in other words."""
    percent = s.quantities.percent
    if percent is None or percent.digits:
        return
    _, after = case.around(s, 0, 40)
    up = re.match(r"\s*(?:increase|higher|greater)", after)
    down = re.match(r"\s*(?:lower|reduction|decrease|reduced)", after)
    if not up and not down:
        return
    for r in case.by_passage[s.passage]:
        if r.kind != "hr_ci_p":
            continue
        for name, x in (("ratio", r.quantities.value), ("lower", r.quantities.low), ("upper", r.quantities.high)):
            if isinstance(x, Printed):
                change = (x.value - 1) * 100 if up else (1 - x.value) * 100
                if abs(change - percent.value) <= 1:
                    computed = {name: float(x.value)}
                    case.relate("derived", (s, r), "ok", f"{x.text} in other words.", "1 - ratio", computed, on=(s,))
                    return
