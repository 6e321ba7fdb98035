"""P values from the far tail: survival functions, and their logarithm where the P itself underflows."""

from __future__ import annotations

import math

__all__ = ["chi_square_log10_p", "chi_square_p", "normal_p"]


def normal_p(z: float) -> float:
    """Two-sided P of a standard normal statistic.

    Examples
    --------
    >>> round(normal_p(-1.959963984540054), 12)
    0.05
    """
    return math.erfc(abs(z) / math.sqrt(2))


def chi_square_p(statistic: float, df: int) -> float:
    """Upper-tail P of a chi-square statistic; 1 at df 0.

    Examples
    --------
    >>> round(chi_square_p(10.0, 1), 12)
    0.001565402258
    """
    if df == 0 or statistic <= 0:
        return 1.0
    if df == 1:
        return math.erfc(math.sqrt(statistic / 2))
    from scipy import special  # a quarter of a second to import, so only where it is needed

    return float(special.chdtrc(df, statistic))


def chi_square_log10_p(statistic: float, df: int) -> float:
    """Decimal logarithm of the upper-tail P, accurate also where the P is below the smallest double.

    Examples
    --------
    >>> round(chi_square_log10_p(4000.0, 1), 6)
    -870.488162
    """
    if df == 0 or statistic <= 0:
        return 0.0
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
