"""P values adjusted for several comparisons."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codon12.errors import UsageError

__all__ = ["ADJUSTMENTS", "Adjustment", "adjusted_p"]

Adjustment = Literal["holm", "hochberg", "benjamini-hochberg", "bonferroni", "none"]
ADJUSTMENTS: tuple[Adjustment, ...] = get_args(Adjustment)


def adjusted_p(p: ArrayLike, *, method: Adjustment = "holm") -> NDArray[np.float64]:
    """Adjust P values for their number.

    ``holm`` and ``hochberg`` keep the family-wise error rate, ``benjamini-hochberg`` the false discovery rate.
    The order of `p` is kept. Raises ``UsageError`` on an unknown method or a P outside 0..1.

    References
    ----------
    Holm 1979; Hochberg 1988; Benjamini and Hochberg 1995.

    Examples
    --------
    >>> adjusted_p([0.01, 0.04, 0.03], method="holm").tolist()
    [0.03, 0.06, 0.06]
    """
    try:
        values = np.asarray(p, dtype=float)
    except (TypeError, ValueError):
        raise UsageError(f"P values must be numbers; got {p!r:.80}") from None
    if method not in ADJUSTMENTS:
        raise UsageError(f"method must be one of {', '.join(ADJUSTMENTS)}; got {method!r}")
    if not np.all((values >= 0) & (values <= 1)):
        raise UsageError("P values must lie between 0 and 1")
    m = values.size
    if method == "none" or m == 0:
        return values.copy()
    if method == "bonferroni":
        return np.minimum(values * m, 1.0)
    order = np.argsort(values)
    rank = np.arange(1, m + 1)
    out = np.empty(m)
    if method == "holm":
        out[order] = np.maximum.accumulate((m + 1 - rank) * values[order])
    else:
        factor = m + 1 - rank if method == "hochberg" else m / rank
        out[order] = np.minimum.accumulate((factor * values[order])[::-1])[::-1]
    return np.minimum(out, 1.0)
