"""What comparisons of two rates have in common: how counts are read, and an estimate with its limits."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from codon12.errors import UsageError
from codon12.numbers.halving import halve

__all__ = ["Contrast", "Float", "quantile", "root", "whole_counts"]

Float = NDArray[np.float64]


class Contrast(msgspec.Struct, frozen=True, kw_only=True):
    """An estimate with its limits, each an array in the shape of the counts; NaN where there is none."""

    value: Float
    lower: Float
    upper: Float


def whole_counts(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike) -> tuple[Float, Float, Float, Float]:
    """Counts of two groups as arrays of one shape.

    Raises ``UsageError`` where a count is not whole, below 0, or above the number of its group.
    """
    x1, n1, x2, n2 = (
        np.array(v, dtype=float) for v in np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (x1, n1, x2, n2)))
    )
    for x, n in ((x1, n1), (x2, n2)):
        if not (np.all(x == np.floor(x)) and np.all(n == np.floor(n))):
            raise UsageError("x and n must be whole numbers")
        if np.any((x < 0) | (x > n)):
            raise UsageError("x must lie between 0 and n")
    return x1, n1, x2, n2


def quantile(level: float) -> float:
    """Two-sided normal quantile of a confidence level; raises ``UsageError`` outside 0..1."""
    if not 0 < level < 1:
        raise UsageError(f"level must lie between 0 and 1; got {level!r}")
    return -float(special.ndtri((1 - level) / 2))


def root(low: Float, high: Float, beyond: Callable[[Float], NDArray[np.bool_]]) -> Float:
    """Where `beyond` turns true between `low` and `high`, by halving to the last digits of a double."""
    below, above = halve(low, high, beyond, steps=70)
    return (below + above) / 2
