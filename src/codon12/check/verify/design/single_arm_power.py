"""Power statements of a single-arm trial, solved for what they leave out."""

from __future__ import annotations

from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.check.verify.design.power_formulas import fewest_responses, true_rate_for_power
from codon12.numbers.binomial import binomial_sf

__all__ = ["check_single_arm_power"]


def check_single_arm_power(case: Case) -> None:
    """Solve every power statement for the true rate, from the planned size printed before it."""
    for s in case.statements:
        if s.kind == "power_statement":
            _solve(case, s)


def _planned_size(case: Case, s: Statement) -> int | None:
    sizes = [
        x.quantities.n
        for x in case.neighbours(s, 3)
        if x.quantities.n is not None and x.normal_start < s.normal_start and x.kind in ("count", "design_number")
    ]
    return sizes[-1] if sizes else None


def _solve(case: Case, s: Statement) -> None:
    q = s.quantities
    size = _planned_size(case, s)
    if size is None or q.percent is None or q.value is None:
        return
    power, benchmark = float(q.percent.value / 100), float(q.value.value / 100)
    x = fewest_responses(size, benchmark, level=(q.level or 95) / 100)
    if x is None or not 0 < power < 1:
        return
    rate = true_rate_for_power(size, x, power)
    computed = {"N": size, "min_x": x, "min_rate": round(100 * x / size, 2), "implied_true_rate": round(rate, 4)}
    printed = [
        t.quantities.percent
        for t in case.by_passage[s.passage]
        if t.id != s.id and t.quantities.percent is not None and float(t.quantities.percent.value) / 100 > benchmark
    ]
    for p in printed:
        found = float(binomial_sf(x - 1, size, float(p.value) / 100))
        computed["power"] = round(found, 4)
        close = abs(found - power) <= 0.015
        verdict = "ok" if close else "cannot confirm"
        sentence = f"With {size} patients and a true rate of {p.text} % the power is {found:.3f}."
        case.add(s, Check("power", verdict, sentence, "exact binomial", computed))
        return
    sentence = (
        f"Holds if the true rate is {100 * rate:.1f} % (not printed): {x} of {size} responses are needed for an "
        f"exact lower limit above {q.value.text} %."
    )
    case.add(s, Check("power", "cannot confirm", sentence, "exact binomial, solved for the true rate", computed))
