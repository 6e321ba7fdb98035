"""P values from the far tail: survival functions, and their logarithm where the P itself underflows."""

from __future__ import annotations

import math

from scipy import special

__all__ = ["chi_square_log10_p", "chi_square_p", "normal_p"]


def normal_p(z: float) -> float:
    """Two-sided P of a standard normal statistic.

    Examples
    --------
    >>> round(normal_p(-1.959963984540054), 12)
    0.05
    """
    return float(2 * special.ndtr(-abs(z)))


def chi_square_p(statistic: float, df: int) -> float:
    """Upper-tail P of a chi-square statistic; 1 at df 0.

    Examples
    --------
    >>> round(chi_square_p(10.0, 1), 12)
    0.001565402258
    """
    return 1.0 if df == 0 else float(special.chdtrc(df, max(statistic, 0.0)))


def chi_square_log10_p(statistic: float, df: int) -> float:
    """Decimal logarithm of the upper-tail P, accurate also where the P is below the smallest double.

    Examples
    --------
    >>> round(chi_square_log10_p(4000.0, 1), 6)
    -870.488162
    """
    if df == 0 or statistic <= 0:
        return 0.0
    if df == 1:
        return float(special.log_ndtr(-math.sqrt(statistic)) + math.log(2)) / math.log(10)
    p = chi_square_p(statistic, df)
    if p > 1e-250:
        return math.log10(p)
    a, x = df / 2, statistic / 2
    return (-x + a * math.log(x) - math.lgamma(a) + math.log(_upper_fraction(a, x))) / math.log(10)


def _upper_fraction(a: float, x: float) -> float:
    """Legendre's continued fraction of the upper incomplete gamma function over exp(-x) x^a (Lentz)."""
    b = x + 1 - a
    c, d = 1e300, 1 / b
    value = d
    for i in range(1, 500):
        step = -i * (i - a)
        b += 2
        d = 1 / (step * d + b)
        c = b + step / c
        value *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return value
