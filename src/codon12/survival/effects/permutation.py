"""Permutation P values with a seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.survival.subjects.options import check_count

__all__ = ["permutation_p"]


def permutation_p(
    observed: float,
    statistic: Callable[[NDArray[np.intp]], float],
    n: int,
    *,
    permutations: int,
    seed: int,
) -> tuple[float, NDArray[Any]]:
    """P value ``(1 + as large) / (1 + permutations)`` of a statistic under permutation, and the permuted values.

    `statistic` takes an order of ``0..n-1``. The P is never 0: its least value is one over the number of
    permutations plus one.

    Examples
    --------
    >>> p, values = permutation_p(2.0, lambda order: float(order[0]), 3, permutations=99, seed=1)
    >>> 0.2 < p < 0.5, values.size
    (True, 99)
    """
    check_count("permutations", permutations, least=1)
    generator = np.random.default_rng(seed)
    values = np.array([statistic(generator.permutation(n)) for _ in range(permutations)])
    as_large = int(np.count_nonzero(values >= observed * (1 - 1e-12)))
    return (1 + as_large) / (1 + permutations), values
