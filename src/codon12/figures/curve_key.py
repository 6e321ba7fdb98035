"""Key of survival curves and lines of text, in the corner that the curves leave free."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from codon12.figures.axes import largest, smallest
from codon12.figures.lettering import shown, text_width
from codon12.figures.risk_table import ROW_HEIGHT
from codon12.figures.theme import group_colours

__all__ = ["IN_CORNER", "curve_key"]

IN_CORNER = 4
"""More curves than this have their key beside the plot."""


def curve_key(
    texts: Sequence[str],
    steps: pl.DataFrame,
    key: Sequence[tuple[str, str]],
    order: Sequence[str],
    *,
    rising: bool,
    plot: int,
    height: int,
    last: float,
    top: float = 100.0,
) -> list[dict[str, Any]]:
    """Key of the curves and the lines of text, in the corner that the curves leave free."""
    key = key if len(order) > 1 else []
    lines = [shown(t, 90) for t in texts]
    layers: list[dict[str, Any]] = []
    if len(key) > IN_CORNER:
        layers += _key(key, plot + 14.0, 0.0, order)
        key = []
    if not key and not lines:
        return layers
    widest = max([text_width(n) + 22 for n, _ in key] + [text_width(t) for t in lines]) + 4
    tall = ROW_HEIGHT * (len(key) + len(lines) + 0.5)
    drawn = steps.select("x", top=pl.coalesce("high", "y"), bottom=pl.coalesce("low", "y")) if rising else steps
    left = drawn.filter(pl.col("x") <= last * min(1.0, (widest + 20) / plot))
    right = drawn.filter(pl.col("x") >= last * max(0.0, 1 - (widest + 12) / plot))
    if rising:
        # An incidence leaves the upper left free, or where it climbs fast the lower right.
        edges = [largest(left["top"]), largest(left["bottom"]), smallest(right["top"]), smallest(right["bottom"])]
        over, under = height * (1 - max(edges[:2]) / top), height * min(edges[2:]) / top
        x, y = (14.0, 4.0) if over >= min(tall, under) else (max(14.0, plot - widest), height - tall - 2)
        return _placed(layers, key, lines, x, y, order)
    highest, lowest = largest(right["y"]), smallest(left["y"])
    above = height * (1 - highest / 100)
    below = height * lowest / 100
    if above >= tall or above >= below:
        x, y = max(14.0, plot - widest), 4.0
    else:
        x, y = 14.0, height - tall - 2
    return _placed(layers, key, lines, x, y, order)


def _placed(
    layers: list[dict[str, Any]],
    key: Sequence[tuple[str, str]],
    lines: Sequence[str],
    x: float,
    y: float,
    order: Sequence[str],
) -> list[dict[str, Any]]:
    layers = layers + _key(key, x, y, order)
    y += ROW_HEIGHT * (len(key) + 0.3 * bool(key))
    return layers + [_text(t, x, y + ROW_HEIGHT * (i + 0.5)) for i, t in enumerate(lines)]


def _key(key: Sequence[tuple[str, str]], x: float, y: float, order: Sequence[str]) -> list[dict[str, Any]]:
    _, dashes = group_colours(order)
    out: list[dict[str, Any]] = []
    for i, (name, colour) in enumerate(key):
        at = y + ROW_HEIGHT * (i + 0.5)
        line = {"x": {"value": x}, "x2": {"value": x + 16}, "y": {"value": at}}
        mark = {"type": "rule", "color": colour, "strokeWidth": 2.2, "strokeDash": dashes[i]}
        out.append({"data": _ONE, "mark": mark, "encoding": line})
        out.append(_text(name, x + 22, at))
    return out


def _text(text: str, x: float, y: float) -> dict[str, Any]:
    return {
        "data": {"values": [{"text": text}]},
        "mark": {"type": "text", "align": "left", "baseline": "middle"},
        "encoding": {"x": {"value": x}, "y": {"value": y}, "text": {"field": "text"}},
    }


_ONE: dict[str, Any] = {"values": [{}]}
