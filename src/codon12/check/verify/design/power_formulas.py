"""Power of the usual designs: one proportion (exact, normal), Simon's two stages, two proportions, a hazard ratio."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import special

from codon12.numbers.binomial import binomial_pmf, binomial_sf
from codon12.numbers.halving import halve
from codon12.numbers.proportion import proportion_interval

__all__ = [
    "events_needed",
    "fewest_responses",
    "power_of_events",
    "power_of_one_proportion",
    "power_of_two_proportions",
    "simon_rejects",
    "true_rate_for_power",
]


def _z(p: float) -> float:
    return float(special.ndtri(p))


def power_of_one_proportion(n: int, p0: float, p1: float, alpha: float) -> dict[str, float]:
    """Power of a single-stage test of p0 against p1, one-sided alpha, by the exact binomial and two normal formulas.

    Source: A'Hern 2001 (exact); Fleiss 2003, section 2.4 (normal).

    Examples
    --------
    >>> {k: round(v, 3) for k, v in power_of_one_proportion(47, 0.2, 0.4, 0.025).items()}
    {'exact binomial': 0.837, 'normal': 0.885, 'arcsine': 0.858}
    """
    out: dict[str, float] = {}
    above = np.flatnonzero(binomial_sf(np.arange(-1, n), n, p0) <= alpha)
    if p1 > p0 and above.size:
        out["exact binomial"] = float(binomial_sf(int(above[0]) - 1, n, p1))
    gap = abs(p1 - p0) * math.sqrt(n)
    s0, s1 = math.sqrt(p0 * (1 - p0)), math.sqrt(p1 * (1 - p1))
    if s1 > 0:
        out["normal"] = float(special.ndtr((gap + _z(alpha) * s0) / s1))
        out["arcsine"] = float(special.ndtr(2 * abs(math.asin(math.sqrt(p1)) - math.asin(math.sqrt(p0))) * math.sqrt(n)
                                            + _z(alpha)))  # fmt: skip
    return out


def fewest_responses(n: int, benchmark: float, *, level: float = 0.95) -> int | None:
    """Fewest responses of n whose exact lower limit exceeds a benchmark rate; None where none does.

    Examples
    --------
    >>> fewest_responses(105, 0.23)
    34
    """
    lower, _ = proportion_interval(np.arange(n + 1), n, level=level)
    above = np.flatnonzero(lower > benchmark)
    return int(above[0]) if above.size else None


def true_rate_for_power(n: int, x: int, power: float) -> float:
    """True rate at which at least x responses of n occur with a wanted probability.

    Examples
    --------
    >>> round(true_rate_for_power(105, 34, 0.90), 4)
    0.3795
    """

    def powered(rate: NDArray[np.float64]) -> NDArray[np.bool_]:  # it rises with the rate
        return np.logical_not(binomial_sf(x - 1, n, rate) < power)

    low, high = halve(np.array(0.0), np.array(1.0), powered, steps=60)
    return float((low + high) / 2)


def simon_rejects(n1: int, r1: int, n: int, r: int, p: float) -> float:
    """Probability of more than r1 responses of n1 and then more than r of n, at a true rate p.

    Source: Simon 1989.

    Examples
    --------
    >>> round(simon_rejects(10, 1, 29, 5, 0.1), 3), round(simon_rejects(10, 1, 29, 5, 0.3), 3)
    (0.047, 0.805)
    """
    first = np.arange(r1 + 1, n1 + 1)
    return float(np.sum(binomial_pmf(first, n1, p) * binomial_sf(r - first, n - n1, p)))


def power_of_two_proportions(n1: float, n2: float, p1: float, p2: float, alpha: float) -> dict[str, float]:
    """Power to tell p1 from p2 with n1 and n2 subjects, one-sided alpha (half of a two-sided one).

    Source: Fleiss, Levin and Paik 2003, section 4.2 (pooled variance under the null hypothesis; with and without
    the correction for continuity); the unpooled and arcsine (Cohen 1988) forms that software offers as well.

    Examples
    --------
    >>> round(power_of_two_proportions(89, 89, 0.25, 0.45, 0.025)["pooled normal"], 3)
    0.804
    """
    if min(n1, n2) <= 0:
        return {}
    gap, z = abs(p1 - p2), _z(1 - alpha)
    mean = (n1 * p1 + n2 * p2) / (n1 + n2)
    s0 = math.sqrt(mean * (1 - mean) * (1 / n1 + 1 / n2))
    s1 = math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    if s1 == 0:
        return {}
    continuity = (1 / n1 + 1 / n2) / 2
    h = 2 * abs(math.asin(math.sqrt(p1)) - math.asin(math.sqrt(p2)))
    return {
        "pooled normal": float(special.ndtr((gap - z * s0) / s1)),
        "unpooled normal": float(special.ndtr(gap / s1 - z)),
        "normal with continuity correction": float(special.ndtr((gap - continuity - z * s0) / s1)),
        "arcsine": float(special.ndtr(h / math.sqrt(1 / n1 + 1 / n2) - z)),
    }


def power_of_events(events: float, hr: float, alpha: float, *, share: float = 0.5) -> float:
    """Power of a log-rank test with so many events, one-sided alpha and a share of subjects in the first arm.

    Source: Schoenfeld 1981.

    Examples
    --------
    >>> round(power_of_events(331, 0.70, 0.025), 4)
    0.9005
    """
    drift = abs(math.log(hr)) * math.sqrt(events * share * (1 - share))
    return float(special.ndtr(drift - _z(1 - alpha)))


def events_needed(hr: float, alpha: float, power: float, *, share: float = 0.5) -> float:
    """Events for a power, by Schoenfeld's formula.

    Examples
    --------
    >>> round(events_needed(0.70, 0.025, 0.90), 1)
    330.4
    """
    return (_z(1 - alpha) + _z(power)) ** 2 / (share * (1 - share) * math.log(hr) ** 2)
