"""Random numbers of patients, by distribution; `uniforms` keys them by seed, purpose and patient."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from codon12.parallel.streams import uniforms

__all__ = ["exponentials", "normals", "uniforms"]

Array = NDArray[np.float64]


def normals(seed: int, purpose: str, first: int, count: int, columns: int, *, page: int = 0) -> Array:
    """Standard normal numbers, [count, columns], by inversion."""
    from scipy.special import ndtri

    return ndtri(uniforms(seed, purpose, first, count, columns, page=page))


def exponentials(seed: int, purpose: str, first: int, count: int, columns: int) -> Array:
    """Exponential numbers of mean 1, [count, columns]."""
    return -np.log(uniforms(seed, purpose, first, count, columns))
