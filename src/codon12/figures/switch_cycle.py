"""The cycle of a GTPase under an inhibitor of its GDP-bound state: the states, and how much flows between them."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.figures.template import template
from codon12.figures.theme import GROUP_COLOURS, INK, QUIET, themed

__all__ = ["STATE_COLOURS", "switch_cycle", "switch_states"]

STATE_COLOURS = {"GTP-bound": GROUP_COLOURS[1], "GDP-bound": GROUP_COLOURS[2], "inhibited": GROUP_COLOURS[0]}
"""Colour of a state: on is orange, off is green, inhibited is blue."""

_PLACES = {"GDP-bound": (0.0, 0.0), "GTP-bound": (2.0, 0.0), "inhibited": (0.0, -1.6)}
_ARROWS = {
    # flow: from, to, where its words stand, which side the arrow bends to
    "exchange": ((0.38, 0.16), (1.62, 0.16), (1.0, 0.34)),
    "hydrolysis": ((1.62, -0.16), (0.38, -0.16), (1.0, -0.36)),
    "inhibition": ((0.0, -0.36), (0.0, -1.24), (0.1, -0.8)),
    "new, GTP-bound": ((2.9, 0.0), (2.42, 0.0), (2.96, 0.0)),
    "new, GDP-bound": ((-0.9, 0.0), (-0.42, 0.0), (-0.95, 0.0)),
    "breakdown, inhibited": ((0.42, -1.6), (0.9, -1.6), (1.08, -1.6)),
    "breakdown, GTP-bound": ((2.0, -0.36), (2.0, -0.9), (2.08, -0.7)),
    "breakdown, GDP-bound": ((0.0, 0.36), (0.0, 0.8), (0.08, 0.68)),
}


@template
def switch_cycle(states: pl.DataFrame, fluxes: pl.DataFrame, *, title: str | None = None) -> dict[str, Any]:
    """Specification of the cycle with its fluxes.

    Parameters
    ----------
    states
        STATE (``GTP-bound``, ``GDP-bound``, ``inhibited``), SHARE (0 to 1).
    fluxes
        FLOW (``exchange``, ``hydrolysis``, ``inhibition``, ``new, GTP-bound``, ``new, GDP-bound``,
        ``breakdown, ...``), RATE (share of the protein an hour). Arrows are as wide as the root of their rate.

    Returns
    -------
    dict
        Vega-Lite specification.

    Examples
    --------
    >>> spec = switch_cycle(pl.DataFrame({"STATE": ["GTP-bound"], "SHARE": [0.65]}),
    ...     pl.DataFrame({"FLOW": ["hydrolysis"], "RATE": [0.6]}))
    >>> spec["description"]
    'Cycle of the protein: GTP-bound 65.0%.'
    """
    boxes = [
        {"x": _PLACES[s][0], "y": _PLACES[s][1], "state": s, "says": f"{100 * v:.1f}%", "share": v}
        for s, v in states.select("STATE", "SHARE").iter_rows()
        if s in _PLACES
    ]
    rates = {f: r for f, r in fluxes.select("FLOW", "RATE").iter_rows() if f in _ARROWS}
    top = max([*rates.values(), 1e-12])
    rates = {f: r for f, r in rates.items() if r > 1e-9 * top}  # no arrow without traffic
    arrows, heads = [], []
    for flow, rate in rates.items():
        (x, y), (x2, y2), (tx, ty) = _ARROWS[flow]
        width = 1.0 + 8.0 * (max(rate, 0.0) / top) ** 0.5
        says = f"{flow} {rate:.2g} /h"
        arrows.append({"x": x, "y": y, "x2": x2, "y2": y2, "width": width})
        angle = 0 if x2 == x else (90 if x2 > x else 270)
        angle = (0 if y2 > y else 180) if x2 == x else angle
        side = "right" if flow == "new, GDP-bound" else "left"
        heads.append({"x": x2, "y": y2, "tx": tx, "ty": ty, "angle": angle, "size": 40 + 14 * width, "says": says,
                      "align": "center" if flow in ("exchange", "hydrolysis") else side})  # fmt: skip
    x = {"type": "quantitative", "scale": {"domain": [-2.2, 4.3], "nice": False}, "axis": None}
    y = {"type": "quantitative", "scale": {"domain": [-2.1, 1.0], "nice": False}, "axis": None}
    place = {"x": {"field": "x", **x}, "y": {"field": "y", **y}}
    colour = {
        "field": "state",
        "type": "nominal",
        "scale": {"domain": list(STATE_COLOURS), "range": list(STATE_COLOURS.values())},
        "legend": None,
    }
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": arrows},
            "mark": {"type": "rule", "color": QUIET, "opacity": 0.7},
            "encoding": {
                **place,
                "x2": {"field": "x2"},
                "y2": {"field": "y2"},
                "strokeWidth": {"field": "width", "type": "quantitative", "scale": None},
            },
        },
        {
            "data": {"values": heads},
            "mark": {"type": "point", "shape": "triangle-up", "filled": True, "color": QUIET, "opacity": 1},
            "encoding": {
                **place,
                "angle": {"field": "angle", "type": "quantitative", "scale": None},
                "size": {"field": "size", "type": "quantitative", "scale": None},
            },
        },
    ]
    for align in ("center", "left", "right"):
        some = [h for h in heads if h["align"] == align]
        if some:
            layers.append(
                {
                    "data": {"values": some},
                    "mark": {"type": "text", "align": align, "color": INK, "fontSize": 11},
                    "encoding": {"x": {"field": "tx", **x}, "y": {"field": "ty", **y}, "text": {"field": "says"}},
                }
            )
    layers += [
        {
            "data": {"values": boxes},
            "mark": {"type": "point", "shape": "circle", "filled": True, "size": 3600, "opacity": 1},
            "encoding": {**place, "color": colour},
        },
        {
            "data": {"values": boxes},
            "mark": {"type": "text", "color": "white", "fontSize": 10.5, "dy": -7},
            "encoding": {**place, "text": {"field": "state"}},
        },
        {
            "data": {"values": boxes},
            "mark": {"type": "text", "color": "white", "fontSize": 13, "fontWeight": "bold", "dy": 8},
            "encoding": {**place, "text": {"field": "says"}},
        },
    ]
    view: dict[str, Any] = {"layer": layers, "width": 600, "height": 300}
    if title:
        view["title"] = title
    told = ", ".join(f"{b['state']} {b['says']}" for b in boxes)
    return themed(view, description=f"Cycle of the protein: {told}.")


@template
def switch_states(frame: pl.DataFrame, *, x_title: str = "Hours since the drug") -> dict[str, Any]:
    """Specification of the shares of the three states over time, one above the other.

    Parameters
    ----------
    frame
        HOURS, STATE (``GTP-bound``, ``GDP-bound``, ``inhibited``), SHARE (0 to 1).

    Returns
    -------
    dict
        Vega-Lite specification.
    """
    order = list(STATE_COLOURS)
    rows = frame.select(
        hours=pl.col("HOURS").cast(pl.Float64), state=pl.col("STATE").cast(pl.String),
        share=100 * pl.col("SHARE").cast(pl.Float64),
        rank=pl.col("STATE").cast(pl.String).replace_strict(order, list(range(3)), default=3, return_dtype=pl.Int64),
    ).filter(pl.col("hours").is_finite() & pl.col("share").is_finite())  # fmt: skip
    return themed(
        {
            "data": {"values": rows.to_dicts()},
            "width": 430,
            "height": 240,
            "mark": {"type": "area", "opacity": 1},
            "encoding": {
                "x": {"field": "hours", "type": "quantitative", "title": x_title, "scale": {"nice": False}},
                "y": {
                    "field": "share",
                    "type": "quantitative",
                    "stack": "zero",
                    "title": "Share of the mutant protein (%)",
                    "scale": {"domain": [0, 100]},
                },
                "order": {"field": "rank", "type": "quantitative"},
                "color": {
                    "field": "state",
                    "type": "nominal",
                    "scale": {"domain": order, "range": list(STATE_COLOURS.values())},
                    "legend": {"title": None, "orient": "right"},
                },
            },
        },
        description="Shares of GTP-bound, GDP-bound and inhibited protein over time.",
    )
