"""Random numbers keyed by seed, purpose and place: the same whatever is drawn beside them, and by whom."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from codon12.errors import UsageError

__all__ = ["PURPOSES", "uniforms"]

PURPOSES = (
    "pharmacology", "biomarkers", "tumour", "lesions", "shares", "residue", "visits", "readings", "second reader",
    "new lesion", "death", "dropout", "accrual", "dose changes", "places", "people", "samples", "missed visits",
    "ensemble", "plasma", "bootstrap", "cut-point permutations", "cut-point resamples", "window permutations",
)  # fmt: skip
"""What numbers are drawn for; the order is part of the key, so new purposes go to the end."""


def uniforms(seed: int, purpose: str, first: int, count: int, columns: int, *, page: int = 0) -> NDArray[np.float64]:
    """Numbers in (0, 1) of patients, or replicates, `first` to `first + count - 1` (from 0), [count, columns].

    Philox (Salmon 2011, SC'11) with the key (seed, purpose) and a counter that starts at the row's own place, so that
    a row is the same in any block. Other `columns` give other numbers, and so does another `page`, such as the number
    of a visit.

    Raises
    ------
    UsageError
        A seed outside 0 to 2**64 - 1.

    Examples
    --------
    >>> bool((uniforms(7, "death", 0, 5, 2)[3] == uniforms(7, "death", 3, 1, 2)[0]).all())
    True
    """
    if not 0 <= seed < 2**64:
        raise UsageError(f"seed {seed}: must be 0 to 2**64 - 1")
    wide = -(-columns // 4)  # a step of the counter gives four numbers
    key = np.array([seed, PURPOSES.index(purpose)], dtype=np.uint64)
    counter = np.array([first * wide, page, 0, 0], dtype=np.uint64)
    made = np.random.Generator(np.random.Philox(key=key, counter=counter)).random((count, wide * 4))[:, :columns]
    return np.clip(made, 2.0**-54, 1 - 2.0**-53)
