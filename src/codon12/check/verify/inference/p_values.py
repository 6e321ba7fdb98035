"""A P value as printed: all the values it may stand for, and how far two of them are apart."""

from __future__ import annotations

import math

from scipy import special

from codon12.numbers.unrounded import Printed

__all__ = ["printed_range", "wald_z"]


def printed_range(p: Printed, op: str) -> tuple[float, float]:
    """Smallest and largest P that is printed so, behind ``=``, ``<`` or ``>``."""
    if op in ("<", "<="):
        return 0.0, float(p.high)
    return float(p.low), 1.0 if op in (">", ">=") else float(p.high_cut)


def wald_z(p: float) -> float:
    """Standard normal deviate of a two-sided P."""
    return float(math.sqrt(2) * special.erfcinv(min(max(p, 1e-15), 1.0)))
