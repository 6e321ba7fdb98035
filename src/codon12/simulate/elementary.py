"""Logarithm and exponential from IEEE operations alone, so that a search takes the same turns on every machine.

The mathematical libraries behind numpy and Python differ in the last bit between processors and versions; a search
that compares such numbers may go another way. Sums, products, quotients and roots are the same everywhere (IEEE 754).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["exact_exp", "exact_log"]

_LN2_HIGH, _LN2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10
"""Logarithm of 2 in two parts; products of the first with whole numbers are exact."""
_ODD = [1 / (2 * k + 1) for k in range(12, -1, -1)]
_FACTORIALS = np.cumprod(np.arange(1.0, 15.0))
_INVERSE = [*(1 / f for f in _FACTORIALS[::-1]), 1.0]


def exact_log(x: ArrayLike) -> NDArray[np.float64]:
    """Natural logarithm of numbers above 0, to within 4 units in the last place.

    Examples
    --------
    >>> float(exact_log(2.0))
    0.6931471805599453
    """
    part, power = np.frexp(np.asarray(x, dtype=float))
    small = part < 0.7071067811865476
    part = np.where(small, 2 * part, part)
    power = power - small
    ratio = (part - 1) / (part + 1)
    square = ratio * ratio
    series = np.zeros_like(ratio)
    for c in _ODD:
        series = series * square + c
    return power * _LN2_HIGH + (2 * ratio * series + power * _LN2_LOW)


def exact_exp(x: ArrayLike) -> NDArray[np.float64]:
    """Exponential, to within 2 units in the last place; 0 below -745, and at most that of 709.

    Examples
    --------
    >>> float(exact_exp(0.0)), round(float(exact_exp(1.0)), 12)
    (1.0, 2.718281828459)
    """
    inside = np.clip(np.asarray(x, dtype=float), -746.0, 709.0)
    power = np.rint(inside / (_LN2_HIGH + _LN2_LOW))
    rest = (inside - power * _LN2_HIGH) - power * _LN2_LOW
    series = np.zeros_like(rest)
    for c in _INVERSE:
        series = series * rest + c
    return np.ldexp(series, power.astype(np.int32))
