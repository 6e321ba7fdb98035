"""Where something that never falls turns: by halving, many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["first_that_holds", "halve"]

_FLOAT = NDArray[np.float64]


def halve(
    low: _FLOAT, high: _FLOAT, above: Callable[[_FLOAT], Any], *, steps: int, until: float | None = None
) -> tuple[_FLOAT, _FLOAT]:
    """Halve intervals `steps` times around where `above` turns true; ends earlier once all are below `until` of `high`.

    Shapes of `low` and `high` are the same; `above` gets the middles and tells at which of them it holds. The lower
    ends given are where it does not hold, the upper ends where it does.

    Examples
    --------
    >>> low, high = halve(np.zeros(2), np.full(2, 4.0), lambda x: x * x >= np.array([2.0, 9.0]), steps=60)
    >>> high.round(12)
    array([1.41421356, 3.        ])
    """
    for _ in range(steps):
        middle = (low + high) / 2
        true = above(middle)
        low, high = np.where(true, low, middle), np.where(true, middle, high)
        if until is not None and np.all(high - low <= until * np.maximum(high, 1)):
            break
    return low, high


def first_that_holds(
    low: NDArray[np.int64], high: NDArray[np.int64], holds: Callable[[NDArray[np.int64]], Any]
) -> NDArray[np.int64]:
    """First whole number above `low` at which `holds`, for each; `high` where none below it does.

    Once true it must stay true. `holds` is asked of every place at once, also of those found, whose middle is then
    `low`: the answer there does not count.

    Examples
    --------
    >>> first_that_holds(np.array([-1, -1]), np.array([10, 3]), lambda n: n >= 5)
    array([5, 3])
    """
    while np.any(high - low > 1):
        middle = (low + high) // 2
        true, searching = holds(middle), high - low > 1
        low, high = np.where(searching & ~true, middle, low), np.where(searching & true, middle, high)
    return high
