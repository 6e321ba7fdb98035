"""Profile of a cut-point search: the effect at every possible cut, and how much of it chance would give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import polars as pl

from codon12.figures.lettering import shown
from codon12.figures.template import template
from codon12.figures.theme import GROUP_COLOURS, INK, QUIET, WIDTH, themed

__all__ = ["cut_point_profile"]


@template
def cut_point_profile(
    profile: pl.DataFrame,
    *,
    chosen: float | None = None,
    critical: float | None = None,
    scale: Literal["ratio", "statistic"] = "statistic",
    texts: Sequence[str] = (),
    width: int = WIDTH["middle"],
    height: int = 220,
    x_title: str = "Cut point",
    y_title: str | None = None,
) -> dict[str, Any]:
    """Specification of a cut-point profile.

    Parameters
    ----------
    profile
        One row a cut, ascending: cut, value and, where known, lower and upper (pointwise interval).
    chosen
        The cut the search settled on, marked.
    critical
        Value that the largest statistic exceeds by chance in the stated share of permutations, a dashed line: a
        profile below it shows nothing.
    scale
        ``ratio`` (hazard ratios, logarithmic, line at 1; broken where one is 0 or infinite) or ``statistic`` (linear,
        from 0).
    texts
        Lines below the plot's title, for example the permutation P and the optimism.

    Examples
    --------
    >>> spec = cut_point_profile(pl.DataFrame({"cut": [1.0, 5.0], "value": [0.4, 2.1]}), chosen=5.0)
    >>> spec["layer"][0]["mark"]["type"]
    'line'
    """
    if scale == "ratio":  # 0 and infinity have no place on a logarithmic axis: the curve is broken there
        drawn = [pl.col(c) for c in ("value", "lower", "upper") if c in profile.columns]
        profile = profile.with_columns(pl.when(c.is_finite() & (c > 0)).then(c) for c in drawn)
    points = profile.sort("cut").to_dicts()
    x = {
        "field": "cut",
        "type": "quantitative",
        "title": x_title,
        "scale": {"zero": False, "nice": False},
        "axis": {"labelFlush": False},
    }
    ratio = scale == "ratio"
    y: dict[str, Any] = {
        "type": "quantitative",
        "title": y_title or ("Hazard ratio" if ratio else "Test statistic"),
        "scale": {"type": "log", "nice": False} if ratio else {"zero": True},
        "axis": {"format": "~r"},
    }
    layers: list[dict[str, Any]] = []
    if {"lower", "upper"} <= set(profile.columns):
        layers.append(
            {
                "data": {"values": points},
                "mark": {"type": "area", "fillOpacity": 0.15, "opacity": 1, "color": GROUP_COLOURS[0]},
                "encoding": {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}},
            }
        )
    layers.append(
        {
            "data": {"values": points},
            "mark": {"type": "line", "color": GROUP_COLOURS[0], "strokeWidth": 1.6},
            "encoding": {"x": x, "y": {**y, "field": "value"}},
        }
    )
    for at, dash in ((1.0 if ratio else None, []), (critical, [4, 3])):
        if at is not None:
            layers.append(
                {
                    "data": {"values": [{"at": at}]},
                    "mark": {"type": "rule", "strokeDash": dash, "color": QUIET, "strokeWidth": 0.8},
                    "encoding": {"y": {**y, "field": "at"}},
                }
            )
    if chosen is not None:
        found = [p for p in points if p["cut"] == chosen]
        layers.append(
            {
                "data": {"values": [{"cut": chosen}]},
                "mark": {"type": "rule", "color": INK, "strokeWidth": 0.8, "strokeDash": [2, 2]},
                "encoding": {"x": x},
            }
        )
        layers.append(
            {
                "data": {"values": found},
                "mark": {"type": "point", "filled": True, "color": INK, "size": 42, "opacity": 1},
                "encoding": {"x": x, "y": {**y, "field": "value"}},
            }
        )
    title = {"text": [shown(t, 100) for t in texts], "fontWeight": "normal", "fontSize": 11} if texts else None
    return themed(
        {"layer": layers, "width": width - 70, "height": height, **({"title": title} if title else {})},
        description=f"Profile of {len(points)} cut points.",
    )
