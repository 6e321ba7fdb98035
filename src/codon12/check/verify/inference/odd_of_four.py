"""A ratio, its two limits and its P value are tied by one standard error: three of the four tell the odd one.

``OR 4.49 (95% CI, 1.04 to 15.05; P = 0.015)``: 4.49, 15.05 and the P value want a lower limit of 1.34.
"""

from __future__ import annotations

import math

from scipy import special

from codon12.check.verify.inference.p_values import printed_range, wald_z
from codon12.numbers.unrounded import Printed

__all__ = ["odd_of_four"]

_LEAST_GAP = 0.1
"""How far from the P value, in standard deviates, ratio and limits must be for one of them to be odd."""
_SHARP = 0.25
"""The most a P value may leave open of its deviate to tell which number is odd."""

Box = tuple[float, float]


def odd_of_four(value: Printed, low: Printed, high: Printed, p: Printed, *, level: int = 95) -> str | None:
    """What is odd of a ratio and its limits, where the others agree with a P value and all together do not.

    Examples
    --------
    >>> from codon12.numbers.unrounded import read_printed as r
    >>> odd_of_four(r("4.49"), r("1.04"), r("15.05"), r("0.015"))
    'the lower limit, 1.34 by the others'
    >>> odd_of_four(r("4.49"), r("1.34"), r("15.05"), r("0.015")) is None
    True
    """
    if min(low.low, value.low) <= 0 or not low.value < value.value < high.value or p.low <= 0:
        return None
    z_level = -float(special.ndtri((1 - level / 100) / 2))
    smallest, largest = printed_range(p, "=")
    told = wald_z(largest), wald_z(smallest)
    if told[1] - told[0] > _SHARP:
        return None
    v, a, b = (_log_box(x) for x in (value, low, high))
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    both = _per(_minus(b, a), 2 * z_level)
    together = _deviate(v, both)
    if _gap(together, told) <= _LEAST_GAP or _gap(middle, v) == 0:
        return None
    found = []
    if _gap(_deviate(middle, both), told) == 0:
        found.append(f"the ratio, {math.exp(sum(middle) / 2):.3g} by the others")
    for name, far, arm in (
        ("lower", (2 * v[0] - b[1], 2 * v[1] - b[0]), _minus(b, v)),
        ("upper", (2 * v[0] - a[1], 2 * v[1] - a[0]), _minus(v, a)),
    ):
        if _gap(_deviate(v, _per(arm, z_level)), told) == 0:
            found.append(f"the {name} limit, {math.exp(sum(far) / 2):.3g} by the others")
    return found[0] if len(found) == 1 else None


def _log_box(x: Printed) -> Box:
    return math.log(float(x.low)), math.log(float(x.high))


def _minus(x: Box, y: Box) -> Box:
    return max(x[0] - y[1], 1e-9), max(x[1] - y[0], 1e-9)


def _per(x: Box, by: float) -> Box:
    return x[0] / by, x[1] / by


def _deviate(estimate: Box, error: Box) -> Box:
    """Smallest and largest distance from 1 in standard errors."""
    near = 0.0 if estimate[0] <= 0 <= estimate[1] else min(map(abs, estimate))
    return near / error[1], max(map(abs, estimate)) / error[0]


def _gap(x: Box, y: Box) -> float:
    return max(x[0] - y[1], y[0] - x[1], 0.0)
