"""Percentages with exact limits."""

from __future__ import annotations

from codon12.numbers import proportion_interval

__all__ = ["interval_heading", "limits"]


def limits(n: int, total: int, level: float) -> tuple[float | None, float | None]:
    """Exact limits of a percentage; none without subjects.

    Examples
    --------
    >>> [round(x, 1) for x in limits(40, 246, 0.95)], limits(0, 0, 0.95)
    ([11.9, 21.5], (None, None))
    """
    if not total:
        return None, None
    low, high = proportion_interval(n, total, level=level)
    return 100 * float(low), 100 * float(high)


def interval_heading(level: float) -> str:
    """Heading of a column of percentages with their limits."""
    return f"% ({100 * level:g}% CI)"
