"""Schoenfeld plot: whether an effect changes with time."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.figures.axes import largest, month_ticks
from codon12.figures.lettering import shown
from codon12.figures.page import is_narrow
from codon12.figures.template import template
from codon12.figures.theme import GROUP_COLOURS, QUIET, WIDTH, themed

__all__ = ["schoenfeld"]


@template
def schoenfeld(
    residuals: pl.DataFrame,
    *,
    curve: pl.DataFrame | None = None,
    effect: float | None = None,
    term: str = "",
    texts: tuple[str, ...] = (),
    width: int = WIDTH["middle"],
    height: int = 240,
    x_title: str = "Months",
) -> dict[str, Any]:
    """Specification of a plot of scaled Schoenfeld residuals of one term.

    Parameters
    ----------
    residuals
        One row an event: time, residual (scaled, that is the coefficient plus the scaled residual).
    curve
        Smooth of them as estimated elsewhere: time, value and, where known, lower and upper.
    effect
        The coefficient of the model, a dashed line.
    term
        Name of the term, above the plot.
    texts
        Lines below it, for example the P value of the test of proportional hazards.

    Examples
    --------
    >>> spec = schoenfeld(pl.DataFrame({"time": [1.0, 2.0], "residual": [0.1, -0.2]}), effect=0.0)
    >>> [layer["mark"]["type"] for layer in spec["layer"]]
    ['rule', 'point']
    """
    points = residuals.select(pl.col("time", "residual").cast(pl.Float64)).filter(
        pl.all_horizontal(pl.all().is_finite())
    )
    last = largest(points["time"], 1.0)
    x = {
        "field": "time",
        "type": "quantitative",
        "title": x_title,
        "scale": {"domain": [0, 1.02 * last], "nice": False},
        "axis": {
            "values": month_ticks(last, most=7 if is_narrow(width) else 13),
            "labelFlush": False,
            "tickCount": 50,
            "format": "~f",
        },
    }
    y = {
        "type": "quantitative",
        "title": "Log hazard ratio",
        "scale": {"zero": False},
    }
    layers: list[dict[str, Any]] = []
    if effect is not None:
        layers.append(
            {
                "data": {"values": [{"at": effect}]},
                "mark": {"type": "rule", "strokeDash": [4, 3], "color": QUIET, "strokeWidth": 0.8},
                "encoding": {"y": {**y, "field": "at"}},
            }
        )
    layers.append(
        {
            "data": {"values": points.to_dicts()},
            "mark": {"type": "point", "filled": False, "size": 16, "color": QUIET, "strokeWidth": 0.8, "opacity": 1},
            "encoding": {"x": x, "y": {**y, "field": "residual"}},
        }
    )
    if curve is not None and curve.height:
        line = {"values": curve.sort("time").to_dicts()}
        if {"lower", "upper"} <= set(curve.columns):
            layers.append(
                {
                    "data": line,
                    "mark": {"type": "area", "fillOpacity": 0.15, "opacity": 1, "color": GROUP_COLOURS[0]},
                    "encoding": {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}},
                }
            )
        layers.append(
            {
                "data": line,
                "mark": {"type": "line", "color": GROUP_COLOURS[0], "strokeWidth": 1.7},
                "encoding": {"x": x, "y": {**y, "field": "value"}},
            }
        )
    lines = [t for t in (shown(term, 80), *(shown(t, 80) for t in texts)) if t]
    title = {"title": {"text": lines, "fontWeight": "normal", "fontSize": 11}} if lines else {}
    return themed(
        {"layer": layers, "width": width - 70, "height": height, **title},
        description=f"Scaled Schoenfeld residuals of {shown(term, 60) or 'a term'} against time.",
    )
