"""Where a monotone function crosses a value."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["crossing"]


def crossing(
    function: Callable[[float], float], value: float, low: float, high: float, *, rising: bool = True
) -> float:
    """Find by bisection where a monotone function crosses `value` between `low` and `high`.

    Gives the end nearer to the value where the function does not reach it in between.

    Examples
    --------
    >>> round(crossing(lambda t: t * t, 2.0, 0.0, 2.0), 12)
    1.414213562373
    """
    for _ in range(200):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        if (function(middle) < value) == rising:
            low = middle
        else:
            high = middle
    return (low + high) / 2
