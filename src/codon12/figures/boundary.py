"""Decision boundary of a trial: when to stop, when to go on, by what has been seen so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from codon12.figures.axes import largest
from codon12.figures.lettering import shown, text_width
from codon12.figures.template import template
from codon12.figures.theme import INK, WIDTH, themed

__all__ = ["boundary"]

_AREAS: Mapping[str, str] = {"stop": "#f4d9c8", "go": "#d6e6f4", "continue": "#f1f2f3"}


@template
def boundary(
    lines: pl.DataFrame,
    *,
    areas: pl.DataFrame | None = None,
    path: pl.DataFrame | None = None,
    width: int = WIDTH["middle"],
    height: int = 240,
    x_title: str = "Patients with a known outcome",
    y_title: str = "Responses",
) -> dict[str, Any]:
    """Specification of a decision boundary.

    Parameters
    ----------
    lines
        x, y, NAME: each name one boundary, drawn as steps (a single point as a dot) and labelled at its end.
    areas
        x, low, high, KIND (``stop``, ``go`` or ``continue``): shaded between low and high, as steps.
    path
        x, y of the trial as it went, drawn as points.

    Examples
    --------
    >>> lines = pl.DataFrame({"x": [10, 20], "y": [1, 4], "NAME": ["futility"] * 2})
    >>> boundary(lines)["layer"][0]["mark"]["interpolate"]
    'step-after'
    """
    x = {"field": "x", "type": "quantitative", "title": x_title, "axis": {"labelFlush": False, "tickMinStep": 1}}
    y = {"type": "quantitative", "title": y_title, "axis": {"tickMinStep": 1}}
    shaded = lines.clear().with_columns(KIND=pl.lit("")) if areas is None else areas
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": shaded.filter(KIND=kind).sort("x").to_dicts()},
            "mark": {"type": "area", "interpolate": "step-after", "color": _AREAS.get(kind, _AREAS["continue"])},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        }
        for kind in sorted(shaded["KIND"].unique())
    ]
    names = list(dict.fromkeys(lines["NAME"].cast(pl.String)))
    for i, name in enumerate(names):
        own = lines.filter(pl.col("NAME") == name).sort("x")
        end = own.tail(1).select("x", "y", text=pl.lit(shown(name)))
        color = ("#ea6e06", "#0b4f8a", "#098c5e", "#2d0b6a")[i % 4]
        steps = {"type": "line", "interpolate": "step-after", "strokeWidth": 1.6, "color": color}
        layers.append(
            {
                "data": {"values": own.select("x", "y").to_dicts()},
                "mark": steps if own.height > 1 else {"type": "point", "filled": True, "size": 40, "color": color},
                "encoding": {"x": x, "y": {**y, "field": "y"}},
            }
        )
        layers.append(
            {
                "data": {"values": end.to_dicts()},
                "mark": {"type": "text", "align": "left", "dx": 5, "baseline": "middle"},
                "encoding": {"x": x, "y": {**y, "field": "y"}, "text": {"field": "text"}},
            }
        )
    if path is not None:
        layers.append(
            {
                "data": {"values": path.select("x", "y").to_dicts()},
                "mark": {"type": "line", "point": {"filled": True, "color": INK, "size": 26}, "color": INK},
                "encoding": {"x": x, "y": {**y, "field": "y"}},
            }
        )
    room = max((text_width(shown(n)) for n in names), default=0.0) + 20
    return themed(
        {"layer": layers, "width": int(max(160, width - 60 - room)), "height": height},
        description=f"Decision boundary up to {largest(lines['x']):g}.",
    )
