"""Test statistics against the P value printed with them: t, F, r, z and chi-square, over all that rounding allows."""

from __future__ import annotations

import math

from scipy import special

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import Case
from codon12.numbers.unrounded import Printed

__all__ = ["check_statistics", "p_of"]


def p_of(name: str, value: float, df: tuple[float, ...]) -> float | None:
    """Two-sided P of a t, r or z, upper-tail P of an F; None where the degrees of freedom it needs are not given.

    Source: the distributions of Student 1908 and Snedecor 1934 by the incomplete beta function.

    Examples
    --------
    >>> round(p_of("F", 5.90, (2, 63)), 4), round(p_of("t", 2.05, (28,)), 3), p_of("t", 2.05, ())
    (0.0045, 0.05, None)
    """
    if name in ("z", "Z"):
        return float(special.erfc(abs(value) / math.sqrt(2)))
    if name == "F" and len(df) == 2 and min(df) > 0:
        return float(special.betainc(df[1] / 2, df[0] / 2, df[1] / (df[1] + df[0] * max(value, 0.0))))
    if not df or df[0] <= 0:
        return None
    if name == "t":
        return float(special.betainc(df[0] / 2, 0.5, df[0] / (df[0] + value * value)))
    if name in ("r", "rho", "ρ"):
        if abs(value) >= 1:
            return 0.0
        t = value * math.sqrt(df[0] / (1 - value * value))
        return float(special.betainc(df[0] / 2, 0.5, df[0] / (df[0] + t * t)))
    return None


def check_statistics(case: Case) -> None:
    """Check every test statistic printed with its P."""
    for s in case.statements:
        if s.kind == "test_p" and s.quantities.value is not None and s.quantities.p is not None:
            _one(case, s, s.quantities.value, s.quantities.p)
        elif s.kind == "chi2_p":
            _chi2(case, s)


def _one(case: Case, s: Statement, value: Printed, p: Printed) -> None:
    q = s.quantities
    name, df = q.text or "", tuple(float(d.value) for d in q.values)
    if name in ("r", "rho", "ρ") and abs(value.value) > 1:
        case.add(s, Check("test", "error", f"A correlation of {value.text} is outside -1 to 1."))
        return
    size = abs(value.value)
    half = value.step / 2
    ends = [p_of(name, float(x), df) for x in (max(size - half, 0 * half), size + half)]
    if ends[0] is None or ends[1] is None:
        return
    largest, smallest = ends[0], ends[1]
    given = (
        (0.0, float(p.high)) if q.p_op in ("<", "<=", "≤") else
        (float(p.low), 1.0) if q.p_op in (">", ">=", "≥") else (float(p.low), float(p.high_cut))
    )  # fmt: skip
    shown = f"{name}({', '.join(d.text for d in q.values)}) = {value.text}" if df else f"{name} = {value.text}"
    by = f"P from {smallest:.3g} to {largest:.3g}"
    computed = {"p_range": [float(f"{smallest:.3g}"), float(f"{largest:.3g}")]}
    method = "distribution of the statistic"
    sides = ((smallest, largest), (smallest / 2, largest / 2)) if name != "F" else ((smallest, largest),)
    for k, (low, high) in enumerate(sides):
        if low <= given[1] and given[0] <= high:
            tail = ", one-sided" if k else ""
            case.add(
                s, Check("test", "ok", f"{shown} gives {by}{tail}; printed P {q.p_op} {p.text}.", method, computed)
            )
            return
    sentence = f"{shown} gives {by}, printed P {q.p_op} {p.text}."
    gap = max(smallest - given[1], given[0] - largest)
    slight = gap <= max(float(p.step), _SLIGHT * float(p.value))
    slight = slight or (given[0] > largest and _corrected(case, s))
    case.add(s, Check("test", "cannot confirm" if slight else "unlikely", sentence, method, computed))


_CORRECTED = re.compile(
    r"\bcorrected\b|\bFDR\b|bonferroni|\bholm\b|multiple (?:comparisons|testing)|adjusted p", re.IGNORECASE
)


def _corrected(case: Case, s: Statement) -> bool:
    """Whether P may be adjusted for many tests: the text says so, or three or more stand in the sentence."""
    many = sum(o.kind == "test_p" for o in case.by_passage[s.passage]) > 2
    return many or _CORRECTED.search(case.flat) is not None


_SLIGHT = 0.02
"""A part of P by which it may be off for degrees of freedom that were rounded; one unit of its last digit as well."""


def _chi2(case: Case, s: Statement) -> None:
    """A chi-square statistic against its P; where the degrees of freedom are not printed, any of ten may be meant."""
    q = s.quantities
    if q.chi2 is None or q.p is None:
        return
    tried = (q.N,) if q.N else range(1, 11)
    fits = [df for df in tried if _prints_p(q.chi2, q.p, q.p_op, df)]
    df = fits[0] if fits else tried[0]
    smallest, largest = (float(special.gammaincc(df / 2, float(x) / 2)) for x in (q.chi2.high, q.chi2.low))
    computed = {"p": float(f"{special.gammaincc(df / 2, float(q.chi2.value) / 2):.3g}"), "df": df}
    given = f"printed P {q.p_op} {q.p.text}"
    if fits:
        freedom = f"{df}" if q.N else f"{df} degrees of freedom, which are not printed,"
        sentence = f"Chi-square {q.chi2.text} on {freedom} gives P from {smallest:.3g} to {largest:.3g}; {given}."
        case.add(s, Check("chi-square", "ok", sentence, "chi-square distribution", computed))
    elif q.N:
        sentence = f"Chi-square {q.chi2.text} on {df} gives P from {smallest:.3g} to {largest:.3g}; {given}."
        case.add(s, Check("chi-square", "unlikely", sentence, "chi-square distribution", computed))
    else:
        sentence = f"On no degrees of freedom up to 10 does chi-square {q.chi2.text} give P as printed; {given}."
        case.add(s, Check("chi-square", "cannot confirm", sentence, "chi-square distribution", computed))


def _prints_p(chi2: Printed, p: Printed, op: str, df: int) -> bool:
    smallest, largest = (float(special.gammaincc(df / 2, float(x) / 2)) for x in (chi2.high, chi2.low))
    if op in ("<", "<="):
        return smallest <= float(p.high)
    if op in (">", ">="):
        return largest >= float(p.low)
    return smallest <= float(p.high_cut) and float(p.low) <= largest
