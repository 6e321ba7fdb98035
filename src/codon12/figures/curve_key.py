"""Key of survival curves and lines of text, in the corner that the curves leave free."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from codon12.figures.axes import largest, smallest
from codon12.figures.lettering import shown, text_width, wrapped
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
    below: tuple[float, float],
    top: float = 100.0,
    medians: Sequence[float] = (),
    narrow: bool = False,
) -> list[dict[str, Any]]:
    """Key of the curves and the lines of text, in the corner that curves, bands and medians leave free.

    Where no corner is free, and in a narrow figure, they stand at `below` (x and y in pixels), under everything else.
    """
    key = key if len(order) > 1 else []
    lines = [shown(t, 200) for t in texts]  # on several lines, never without the end of an interval
    layers: list[dict[str, Any]] = []
    if len(key) > IN_CORNER and not narrow:
        layers += _key(key, plot + 14.0, 0.0, order)
        key = []
    if not key and not lines:
        return layers
    if narrow:
        return layers + _stacked(key, lines, *below, order, room=plot - below[0])
    widest = max([text_width(n) + 22 for n, _ in key] + [text_width(t) for t in lines]) + 4
    tall = ROW_HEIGHT * (len(key) + len(lines) + 0.5)
    drawn = steps.select("x", high=pl.coalesce("high", "y"), low=pl.coalesce("low", "y"))
    left = drawn.filter(pl.col("x") <= last * min(1.0, (widest + 20) / plot))
    right = drawn.filter(pl.col("x") >= last * max(0.0, 1 - (widest + 12) / plot))
    right_edge = max(14.0, plot - widest)
    if rising:
        # An incidence leaves the upper left free, or where it climbs fast the lower right.
        over = height * (1 - max(largest(left["high"]), largest(left["low"])) / top)
        under = height * min(smallest(right["high"]), smallest(right["low"])) / top
        free = [(over, 14.0, 4.0), (under, right_edge, height - tall - 2)]
    else:
        above = height * (1 - largest(right["high"]) / 100)
        crossed = any(m <= last * (widest + 14) / plot for m in medians)
        under = 0.0 if crossed else height * smallest(left["low"]) / 100
        free = [(above, right_edge, 4.0), (under, 14.0, height - tall - 2)]
    for room, x, y in free:
        if room >= tall:
            return _placed(layers, key, lines, x, y, order)
    return layers + _stacked(key, lines, *below, order, room=plot - below[0])


def _stacked(
    key: Sequence[tuple[str, str]], lines: Sequence[str], x: float, y: float, order: Sequence[str], *, room: float
) -> list[dict[str, Any]]:
    """Key and lines one below the other, long ones on several lines."""
    out: list[dict[str, Any]] = []
    y += 6
    for i, (name, colour) in enumerate(key):
        out += _key([(name, colour)], x, y, order, first=i, room=room - 22)
        y += ROW_HEIGHT * len(wrapped(name, room - 22))
    y += 0.3 * ROW_HEIGHT * bool(key)
    for line in (part for text in lines for part in wrapped(text, room)):
        out.append(_text(line, x, y + ROW_HEIGHT / 2))
        y += ROW_HEIGHT
    return out


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


def _key(
    key: Sequence[tuple[str, str]],
    x: float,
    y: float,
    order: Sequence[str],
    *,
    first: int = 0,
    room: float | None = None,
) -> list[dict[str, Any]]:
    _, dashes = group_colours(order)
    out: list[dict[str, Any]] = []
    for i, (name, colour) in enumerate(key):
        at = y + ROW_HEIGHT * (i + 0.5)
        line = {"x": {"value": x}, "x2": {"value": x + 16}, "y": {"value": at}}
        mark = {"type": "rule", "color": colour, "strokeWidth": 2.2, "strokeDash": dashes[first + i]}
        out.append({"data": _ONE, "mark": mark, "encoding": line})
        parts = [name] if room is None else wrapped(name, room)
        out += [_text(part, x + 22, at + ROW_HEIGHT * j) for j, part in enumerate(parts)]
    return out


def _text(text: str, x: float, y: float) -> dict[str, Any]:
    return {
        "data": {"values": [{"text": text}]},
        "mark": {"type": "text", "align": "left", "baseline": "middle"},
        "encoding": {"x": {"value": x}, "y": {"value": y}, "text": {"field": "text"}},
    }


_ONE: dict[str, Any] = {"values": [{}]}
