"""Rates per person-time from their events and their time."""

from __future__ import annotations

from fractions import Fraction

from codon12.check.verdicts import Check
from codon12.check.verify.case import Case

__all__ = ["check_incidence"]


def check_incidence(case: Case) -> None:
    """Check every `12 events in 340 person-years (3.5 per 100 person-years)`."""
    for s in case.statements:
        q = s.quantities
        if s.kind != "incidence" or q.n is None or not q.N or len(q.values) != 2 or q.values[0].value <= 0:
            continue
        time, rate = q.values
        low, high = (Fraction(q.n) * q.N / t for t in (time.high, max(time.low, time.step / 2)))
        exact = Fraction(q.n) * q.N / time.value
        computed = {"rate": round(float(exact), 4)}
        says = f"{q.n} in {time.text} person-years is {float(exact):.4g} per {q.N:,}, printed {rate.text}"
        fits = rate.low <= high and low <= rate.high_cut
        near = abs(exact - rate.value) <= rate.value / 50
        verdict = "ok" if fits else "cannot confirm" if near else "error"
        case.add(s, Check("incidence", verdict, f"{says}.", "events / person-time", computed))
