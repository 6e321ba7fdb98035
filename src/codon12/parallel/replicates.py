"""Numbers in a row, as the blocks they are worked in."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor

__all__ = ["WORTH", "spans", "worth"]

WORTH = 40_000_000
"""Cells (rows by replicates) that take about two seconds; fewer are done sooner than processes start."""
_TURNS = 8
"""Blocks at least that replicates are split in for an executor, so that the last worker is not waited for long."""


def spans(total: int, largest: int, *, executor: Executor | None = None) -> Iterator[tuple[int, int]]:
    """Split 0 to `total` - 1 into blocks, each as its first number and how many.

    Parameters
    ----------
    largest
        Of one block, at most.
    executor
        Where one is given there are eight blocks or more.

    Examples
    --------
    >>> list(spans(10, 4))
    [(0, 4), (4, 4), (8, 2)]
    """
    size = max(1, largest)
    if executor is not None:
        size = min(size, max(1, -(-total // _TURNS)))
    for first in range(0, total, size):
        yield first, min(size, total - first)


def worth(executor: Executor | None, cells: int) -> Executor | None:
    """The executor if so many cells are worth sending, else None: work here; the result is the same.

    Examples
    --------
    >>> worth(None, 10**9) is None
    True
    """
    return executor if cells >= WORTH else None
