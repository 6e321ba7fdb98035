"""Permutation P values with a seed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.parallel import in_order, spans
from codon12.parallel.streams import uniforms
from codon12.survival.subjects.options import check_count

__all__ = ["permutation_p"]

Statistic = Callable[[NDArray[np.intp]], float]
_CELLS = 2_000_000


def permutation_p(
    observed: float,
    statistic: Statistic,
    n: int,
    *,
    permutations: int,
    seed: int,
    executor: Executor | None = None,
) -> tuple[float, NDArray[Any]]:
    """P value ``(1 + as large) / (1 + permutations)`` of a statistic under permutation, and the permuted values.

    `statistic` takes an order of ``0..n-1``; with an `executor` it must be one that can be sent. The P is never 0: its
    least value is one over the number of permutations plus one.

    Examples
    --------
    >>> p, values = permutation_p(2.0, lambda order: float(order[0]), 3, permutations=99, seed=1)
    >>> 0.2 < p < 0.5, values.size
    (True, 99)
    """
    check_count("permutations", permutations, least=1)
    blocks = spans(permutations, _CELLS // max(n, 1), executor=executor)
    values = np.concatenate(list(in_order(partial(_permuted, statistic, n, seed), blocks, executor=executor)))
    as_large = int(np.count_nonzero(values >= observed * (1 - 1e-12)))
    return (1 + as_large) / (1 + permutations), values


def _permuted(statistic: Statistic, n: int, seed: int, block: tuple[int, int]) -> NDArray[np.float64]:
    """Values of a block of permutations: the order in which uniform numbers stand is one of all orders alike."""
    orders = np.argsort(uniforms(seed, "window permutations", *block, n), axis=1, kind="stable")
    return np.array([statistic(order) for order in orders])
