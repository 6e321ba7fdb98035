"""Confidence intervals of the difference of two independent rates."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from codon12.errors import UsageError
from codon12.numbers.proportion import proportion_interval
from codon12.numbers.two_rates.contrast import Contrast, Float, quantile, root, whole_counts

__all__ = ["DIFFERENCES", "DifferenceMethod", "restricted_rates", "risk_difference"]

DifferenceMethod = Literal[
    "miettinen-nurminen", "mee", "newcombe", "newcombe-cc", "wald", "wald-cc", "agresti-caffo", "haldane"
]
DIFFERENCES: tuple[DifferenceMethod, ...] = get_args(DifferenceMethod)
"""Kinds of interval that `risk_difference` knows."""


def risk_difference(
    x1: ArrayLike,
    n1: ArrayLike,
    x2: ArrayLike,
    n2: ArrayLike,
    *,
    method: DifferenceMethod = "miettinen-nurminen",
    level: float = 0.95,
) -> Contrast:
    """Difference of two independent rates, ``x1 / n1 - x2 / n2``, with two-sided confidence limits.

    Parameters
    ----------
    x1, n1, x2, n2
        Subjects with the event and all subjects of the first and of the second group; arrays broadcast. Where a group
        is empty there is no difference: NaN.
    method
        ``miettinen-nurminen`` (score, variance times N / (N - 1)), ``mee`` (the same without that factor),
        ``newcombe`` and ``newcombe-cc`` (hybrid of the two Wilson intervals, without and with continuity correction),
        ``wald``, ``wald-cc`` (half-width larger by half of ``1/n1 + 1/n2``), ``agresti-caffo`` (one event and one
        other added to each group), ``haldane`` (approximate Bayes of Beal 1987).
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    Contrast
        Value and limits as shares, not percentages; limits within -1..1.

    Raises
    ------
    UsageError
        Unknown method, level outside (0, 1), counts that are not whole or outside 0..n.

    References
    ----------
    Miettinen and Nurminen 1985; Mee 1984; Newcombe 1998, Stat Med 17:873 (its methods 1, 2, 3, 5, 6, 10
    and 11); Agresti and Caffo 2000; Beal 1987; Farrington and Manning 1990 (the rates under a given difference).

    Examples
    --------
    >>> found = risk_difference(56, 70, 48, 80, method="newcombe")
    >>> [round(float(v), 4) for v in (found.value, found.lower, found.upper)]
    [0.2, 0.0524, 0.3339]
    """
    if method not in DIFFERENCES:
        raise UsageError(f"method must be one of {', '.join(DIFFERENCES)}; got {method!r}")
    z = quantile(level)
    x1, n1, x2, n2 = whole_counts(x1, n1, x2, n2)
    with np.errstate(divide="ignore", invalid="ignore"):
        d = x1 / n1 - x2 / n2
        if method in ("miettinen-nurminen", "mee"):
            lower, upper = _score(x1, n1, x2, n2, z, inflated=method != "mee")
        elif method in ("newcombe", "newcombe-cc"):
            lower, upper = _hybrid(x1, n1, x2, n2, level, corrected=method == "newcombe-cc")
        else:
            middle, half = _simple(x1, n1, x2, n2, z, method)
            lower, upper = middle - half, middle + half
    none = (n1 == 0) | (n2 == 0)
    sides = (np.where(none, np.nan, np.clip(v, -1.0, 1.0)) for v in (d, lower, upper))
    return Contrast(**dict(zip(("value", "lower", "upper"), sides, strict=True)))


def restricted_rates(x1: Float, n1: Float, x2: Float, n2: Float, difference: Float | float) -> tuple[Float, Float]:
    """Likeliest rates of two groups whose difference is given; NaN where a group is empty.

    The maximum of the binomial likelihood is a root of a cubic; its closed form is polished by Newton's method.
    """
    x1, n1, x2, n2, d = np.broadcast_arrays(x1, n1, x2, n2, np.asarray(difference, dtype=float))
    total, events = n1 + n2, x1 + x2
    # in p2: total p^3 + b p^2 + c p + e = 0 (Miettinen and Nurminen, appendix I)
    with np.errstate(divide="ignore", invalid="ignore"):
        b = (n1 + 2 * n2) * d - total - events
        c = (n2 * d - total - 2 * x2) * d + events
        e = x2 * d * (1 - d)
        v = b**3 / (3 * total) ** 3 - b * c / (6 * total**2) + e / (2 * total)
        u = np.copysign(np.sqrt(np.maximum(b * b / (3 * total) ** 2 - c / (3 * total), 0.0)), v)
        angle = (np.pi + np.arccos(np.clip(np.where(u == 0, 0.0, v / u**3), -1.0, 1.0))) / 3
        p = 2 * u * np.cos(angle) - b / (3 * total)
        low, high = np.maximum(0.0, -d), np.minimum(1.0, 1 - d)
        p = np.clip(p, low, high)
        for _ in range(3):
            slope = 3 * total * p * p + 2 * b * p + c
            step = np.where(slope == 0, 0.0, (((total * p + b) * p + c) * p + e) / slope)
            p = np.clip(np.where(np.abs(step) < 1e-4, p - step, p), low, high)
    p = np.where((n1 == 0) | (n2 == 0), np.nan, p)
    return np.clip(p + d, 0.0, 1.0), p


def _score(x1: Float, n1: Float, x2: Float, n2: Float, z: float, *, inflated: bool) -> tuple[Float, Float]:
    d = np.where((n1 == 0) | (n2 == 0), 0.0, x1 / n1 - x2 / n2)
    total = n1 + n2
    factor = total / np.maximum(total - 1, 1) if inflated else np.ones_like(total)

    def reach(at: Float) -> Float:
        p1, p2 = restricted_rates(x1, n1, x2, n2, at)
        return z * np.sqrt(np.maximum(factor * (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2), 0.0))

    lower = root(np.full_like(d, -1.0), d, lambda at: d - at <= reach(at))
    upper = root(d, np.ones_like(d), lambda at: at - d > reach(at))
    return lower, upper


def _hybrid(x1: Float, n1: Float, x2: Float, n2: Float, level: float, *, corrected: bool) -> tuple[Float, Float]:
    kind = "wilson-cc" if corrected else "wilson"
    p1, p2 = x1 / n1, x2 / n2
    (l1, u1), (l2, u2) = (proportion_interval(x, n, method=kind, level=level) for x, n in ((x1, n1), (x2, n2)))
    d = p1 - p2
    return d - np.hypot(p1 - l1, u2 - p2), d + np.hypot(u1 - p1, p2 - l2)


def _simple(x1: Float, n1: Float, x2: Float, n2: Float, z: float, method: str) -> tuple[Float, Float]:
    """Middle and half-width of the intervals that have a formula."""
    if method == "agresti-caffo":
        x1, n1, x2, n2 = x1 + 1, n1 + 2, x2 + 1, n2 + 2
    p1, p2 = x1 / n1, x2 / n2
    half = z * np.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    if method == "wald-cc":
        half = half + (1 / n1 + 1 / n2) / 2
    if method != "haldane":
        return p1 - p2, half
    d, mean = p1 - p2, (p1 + p2) / 2
    u, v = (1 / n1 + 1 / n2) / 4, (1 / n1 - 1 / n2) / 4
    middle = (d + z * z * v * (1 - 2 * mean)) / (1 + z * z * u)
    inside = u * (4 * mean * (1 - mean) - d * d) + 2 * v * (1 - 2 * mean) * d
    inside = inside + 4 * z * z * u * u * (1 - mean) * mean + z * z * v * v * (1 - 2 * mean) ** 2
    return middle, z / (1 + z * z * u) * np.sqrt(np.maximum(inside, 0.0))
