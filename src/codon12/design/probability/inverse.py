"""The argument at which a monotone function has a value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from codon12.errors import DesignError

__all__ = ["inverse"]


def inverse(
    function: Callable[[float], float],
    value: float,
    low: float,
    high: float,
    *,
    rising: bool = True,
    clamp: bool = False,
    what: str = "the question",
) -> float:
    """Find where a monotone function reaches `value` between `low` and `high`, by Brent's method (scipy).

    Raises
    ------
    DesignError
        The function does not reach the value in between; with `clamp` the nearer end is given instead. `what` names
        in the message what has no answer.

    Examples
    --------
    >>> round(inverse(lambda t: t * t, 2.0, 0.0, 2.0), 12)
    1.414213562373
    """
    from scipy.optimize import brentq

    sign = 1.0 if rising else -1.0

    def over(x: float) -> float:
        return sign * (function(x) - value)

    at_low, at_high = over(low), over(high)
    for end, beyond in ((low, at_low > 0), (high, at_high < 0)):
        if beyond and not clamp:
            reached = function(end)
            raise DesignError(f"{what} has no answer: {value:.6g} is wanted, but {reached:.6g} is as near as it comes")
    if at_low >= 0:
        return low
    if at_high <= 0:
        return high
    found: Any = brentq(over, low, high, xtol=1e-15, rtol=1e-15, maxiter=300)
    return float(found)
