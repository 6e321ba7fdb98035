"""Axes that several figures share: months from the start, and percent change of a sum."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import polars as pl

from codon12.figures.theme import INK, QUIET

__all__ = [
    "change_axis",
    "change_lines",
    "covering_ticks",
    "largest",
    "month_ticks",
    "months",
    "panel_order",
    "smallest",
]

_STEPS = (0.5, 1, 2, 3, 6, 12, 24, 36, 60, 120)


def month_ticks(end: float, *, most: int = 13) -> list[float]:
    """Ticks from 0 to `end` in steps a trialist expects (1, 2, 3, 6, 12 ... months), `most` of them at most.

    Examples
    --------
    >>> month_ticks(17.2)
    [0, 2, 4, 6, 8, 10, 12, 14, 16]
    >>> month_ticks(40)
    [0, 6, 12, 18, 24, 30, 36]
    """
    if not math.isfinite(end) or end <= 0:
        return [0]
    step = next((s for s in _STEPS if end / s < most), 240.0)
    while end / step >= most:
        step *= 2
    return [step * i for i in range(math.floor(end / step + 1e-9) + 1)]


def covering_ticks(end: float, *, most: int = 13) -> list[float]:
    """Same steps up to the first tick at or after `end`: an axis that ends there has a label and counts at its end.

    Examples
    --------
    >>> covering_ticks(26.9), covering_ticks(0.03)
    ([0, 3, 6, 9, 12, 15, 18, 21, 24, 27], [0.0, 0.5])
    """
    ticks = month_ticks(end, most=most)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else _STEPS[0]
    return ticks if 0 < end <= ticks[-1] * (1 + 1e-9) else [*ticks, ticks[-1] + step]


def largest(values: pl.Series, default: float = 0.0) -> float:
    """Largest number of a column; `default` where it has none.

    Examples
    --------
    >>> largest(pl.Series([1, None, 3])), largest(pl.Series([], dtype=pl.Float64), 2.0)
    (3.0, 2.0)
    """
    top = values.cast(pl.Float64).fill_nan(None).drop_nulls().to_numpy()
    return float(top.max()) if top.size else default


def smallest(values: pl.Series, default: float = 0.0) -> float:
    """Smallest number of a column; `default` where it has none."""
    return -largest(-values.cast(pl.Float64), -default)


def panel_order(column: pl.Series, groups: Sequence[object]) -> list[str]:
    """Panels of a figure: the groups given, and ``Missing`` behind them where anybody has none; else all, sorted.

    Examples
    --------
    >>> panel_order(pl.Series(["B", "Missing", "A", "C"]), ["B", "A"]), panel_order(pl.Series(["B", "A"]), [])
    (['B', 'A', 'Missing'], ['A', 'B'])
    """
    found = sorted(column.unique())
    named = [str(g) for g in groups]
    without = [v for v in found if v == "Missing" and v not in named]
    return [*named, *without] if named else found or [""]


def months(field: str, end: float, *, title: str | None, most: int = 13) -> dict[str, Any]:
    """Horizontal encoding of a time in months, from 0 to a little beyond `end`, with `most` ticks at most."""
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": [0, end if end > 0 else 1], "nice": False},
        "title": title,
        "axis": {
            "values": month_ticks(end, most=most),
            "labelFlush": False,
            "labelOverlap": True,
            "tickCount": 50,
            "format": "~f",
        },
    }


def change_axis(field: str, top: float, *, title: str) -> dict[str, Any]:
    """Vertical encoding of a percent change, from -100 to `top`, signs written out."""
    return {
        "field": field,
        "type": "quantitative",
        "title": title,
        "scale": {"domain": [-100, top], "nice": False},
        "axis": {
            "values": list(range(-100, int(top) + 1, 20)),
            "labelExpr": "datum.value > 0 ? '+' + datum.value : datum.label",
            "labelOverlap": False,
            "tickCount": 50,  # as many as the values: fewer would thin them out
        },
    }


def change_lines(thresholds: tuple[float, float]) -> list[dict[str, Any]]:
    """Dashed lines at the thresholds of response and progression, and the line of no change."""
    return [
        {
            "data": {"values": [{"at": at}]},
            "mark": {"type": "rule", "strokeDash": dash, "color": colour, "strokeWidth": 0.8},
            "encoding": {"y": {"field": "at", "type": "quantitative"}},
        }
        for at, dash, colour in ((thresholds[0], [4, 3], QUIET), (thresholds[1], [4, 3], QUIET), (0.0, [], INK))
    ]
