"""Where a monotone function crosses a value."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["crossing"]

_WIDTH = 1e-15  # absolute and relative width at which the place is known
_STEPS = 300


def crossing(
    function: Callable[[float], float], value: float, low: float, high: float, *, rising: bool = True
) -> float:
    """Find where a monotone function crosses `value` between `low` and `high`, by Brent's method.

    Gives the end where the function does not reach the value in between.

    Examples
    --------
    >>> round(crossing(lambda t: t * t, 2.0, 0.0, 2.0), 12)
    1.414213562373
    """
    sign = 1.0 if rising else -1.0

    def over(x: float) -> float:
        return sign * (function(x) - value)

    a, b = low, high
    fa, fb = over(a), over(b)
    if fa >= 0:
        return a
    if fb <= 0:
        return b
    c, fc, step, last = a, fa, b - a, b - a
    for _ in range(_STEPS):
        if (fb > 0) == (fc > 0):
            c, fc, step, last = a, fa, b - a, b - a
        if abs(fc) < abs(fb):
            a, b, c, fa, fb, fc = b, c, b, fb, fc, fb
        width = _WIDTH * max(1.0, abs(b))
        half = (c - b) / 2
        if abs(half) <= width or fb == 0:
            break
        if abs(last) < width or abs(fa) <= abs(fb):
            step = last = half
        else:
            s = fb / fa
            if a == c:
                p, q = 2 * half * s, 1 - s
            else:
                u, r = fa / fc, fb / fc
                p = s * (2 * half * u * (u - r) - (b - a) * (r - 1))
                q = (u - 1) * (r - 1) * (s - 1)
            q = -q if p > 0 else q
            p = abs(p)
            if 2 * p < min(3 * half * q - abs(width * q), abs(last * q)):
                last, step = step, p / q
            else:
                step = last = half
        a, fa = b, fb
        b += step if abs(step) > width else (width if half > 0 else -width)
        fb = over(b)
    return b
