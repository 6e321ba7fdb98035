"""Outcomes of subjects among competing events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.errors import DataError, UsageError
from codon12.survival.subjects.columns import refuse
from codon12.survival.subjects.reading import column, missing_rows

__all__ = ["causes", "names_of"]

_MOST = 2**31
"""A code as large as this is none."""


def names_of(what: str, given: Any) -> tuple[str, ...]:
    """Names as a tuple of texts; raises ``UsageError`` on one text alone, a mapping, nothing, or a name twice."""
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, Iterable):
        raise UsageError(f"{what} must be a list of names; got {given!r}")
    names = tuple(map(str, given))
    if len(set(names)) < len(names):
        raise UsageError(f"{what} must be names that differ; got {', '.join(names) or 'none'}")
    return names


def causes(event: Any, size: int, labels: Sequence[str] | None) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Outcome of every subject as 0 (censored) or 1, 2, ..., and the names of the causes.

    `event` holds whole numbers with 0 for censored. Raises ``UsageError`` on other codes or too few labels,
    ``DataError`` on missing values.
    """
    array = column(event, "event")
    if len(array) != size:
        raise UsageError(f"event has {len(array)} values, time has {size}: they must be of one length")
    bad = missing_rows(array)
    if bad is not None:
        raise DataError(f"event is missing in {int(bad.sum())} of {size} rows")
    if not isinstance(array, np.ndarray):
        raise UsageError("event must be whole numbers: 0 censored, 1, 2, ... the causes")
    refuse(~np.isfinite(array), "event", "infinite")
    refuse(np.abs(array.astype(np.float64)) >= _MOST, "event", "no code of a cause (too large)")
    codes = array.astype(np.intp)
    if np.any(codes != array) or (codes < 0).any():
        raise UsageError("event must be whole numbers: 0 censored, 1, 2, ... the causes")
    top = int(codes.max(initial=0))
    names = tuple(str(i) for i in range(1, max(top, 1) + 1)) if labels is None else names_of("labels", labels)
    if len(names) < top:
        raise UsageError(f"labels name {len(names)} causes; event holds codes up to {top}")
    return codes, names
