"""Outcomes of subjects among competing events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.errors import DataError, UsageError

__all__ = ["causes"]


def causes(event: Any, size: int, labels: Sequence[str] | None) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Outcome of every subject as 0 (censored) or 1, 2, ..., and the names of the causes.

    `event` holds whole numbers with 0 for censored. Raises ``UsageError`` on other codes or too few labels,
    ``DataError`` on missing values.
    """
    array = np.asarray(event)
    if array.shape != (size,):
        raise UsageError(f"event has {array.size} values, time has {size}: they must be of one length")
    if array.dtype.kind not in "iufb":
        raise UsageError("event must be whole numbers: 0 censored, 1, 2, ... the causes")
    if array.dtype.kind == "f" and np.isnan(array).any():
        raise DataError(f"event is missing in {int(np.isnan(array).sum())} of {size} rows")
    codes = array.astype(np.intp)
    if np.any(codes != array) or (codes < 0).any():
        raise UsageError("event must be whole numbers: 0 censored, 1, 2, ... the causes")
    top = int(codes.max(initial=0))
    names = tuple(str(i) for i in range(1, max(top, 1) + 1)) if labels is None else tuple(map(str, labels))
    if len(names) < top:
        raise UsageError(f"labels name {len(names)} causes; event holds codes up to {top}")
    return codes, names
