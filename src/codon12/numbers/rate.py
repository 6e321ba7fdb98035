"""Confidence intervals of a rate: events of a Poisson process over person-time, by the ways that papers use."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from codon12.errors import UsageError

__all__ = ["RATE_METHODS", "RateMethod", "rate_interval"]

RateMethod = Literal["exact", "byar", "log", "wald"]
RATE_METHODS: tuple[RateMethod, ...] = get_args(RateMethod)
"""Kinds of interval that `rate_interval` knows."""


def rate_interval(
    events: ArrayLike, time: ArrayLike, *, method: RateMethod = "exact", level: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two-sided confidence limits of a rate `events` / `time`.

    Parameters
    ----------
    events, time
        Number of events and the person-time they were seen in, in any unit; arrays broadcast.
    method
        ``exact`` (Garwood), ``byar`` (its approximation), ``log`` (normal on the log rate, as a Poisson regression
        gives), ``wald`` (normal, the lower limit no less than 0). With no event ``log`` gives NaN.
    level
        Confidence level, between 0 and 1.

    Returns
    -------
    tuple of arrays
        Lower and upper limits, per unit of time.

    Raises
    ------
    UsageError
        Unknown method, level outside (0, 1), events below 0 or time that is not above 0.

    References
    ----------
    Garwood 1936, Biometrika 28:437; Breslow and Day 1987, IARC Sci Publ 82:69 (Byar).

    Examples
    --------
    >>> [round(100 * float(v), 1) for v in rate_interval(24, 310.5)]
    [5.0, 11.5]
    """
    if method not in RATE_METHODS:
        raise UsageError(f"method must be one of {', '.join(RATE_METHODS)}; got {method!r}")
    if not 0 < level < 1:
        raise UsageError(f"level must lie between 0 and 1; got {level!r}")
    d, t = (np.asarray(v, dtype=float) for v in (events, time))
    if np.any(d < 0) or np.any(t <= 0):
        raise UsageError("events must be at least 0 and the time they were seen in above 0")
    tail = (1 - level) / 2
    z = -special.ndtri(tail)
    with np.errstate(divide="ignore", invalid="ignore"):
        if method == "exact":
            low, high = special.gammaincinv(d, tail), special.gammaincinv(d + 1, 1 - tail)
        elif method == "byar":
            low = d * np.maximum(1 - 1 / (9 * d) - z / (3 * np.sqrt(d)), 0) ** 3
            high = (d + 1) * (1 - 1 / (9 * (d + 1)) + z / (3 * np.sqrt(d + 1))) ** 3
        elif method == "log":
            low, high = d * np.exp(-z / np.sqrt(d)), d * np.exp(z / np.sqrt(d))
        else:
            low, high = np.maximum(d - z * np.sqrt(d), 0), d + z * np.sqrt(d)
        none = d == 0
        low = np.where(none, np.nan if method == "log" else 0.0, low)
        high = np.where(none & (method == "log"), np.nan, high)
    return low / t, high / t
