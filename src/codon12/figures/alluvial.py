"""Alluvial: how members flow from one stage to the next."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import polars as pl

from codon12.figures.lettering import apart_column, shown, wrapped
from codon12.figures.page import is_narrow
from codon12.figures.template import template
from codon12.figures.theme import GROUP_COLOURS, INK, QUIET, RULE, WIDTH, themed

__all__ = ["alluvial"]

_GAP, _WIDE_GAP, _BAR, _STEPS = 0.02, 0.05, 0.06, 24
_FEW, _MOST = 6, 12
"""Blocks of a stage up to which the gaps between them are small, and the most that have a name of their own."""


@template
def alluvial(
    frame: pl.DataFrame,
    *,
    stages: Sequence[str],
    titles: Sequence[str] = (),
    width: int = WIDTH["double"],
    height: int = 300,
) -> dict[str, Any]:
    """Specification of an alluvial diagram: a bar of blocks a stage, bands between them as wide as they have members.

    Parameters
    ----------
    frame
        One row a member with a column a stage (text; null is shown as ``not known``). Bands have the colour of the
        first stage's block after the first. Of more than 12 values of a stage the rarest are one block, ``3 others``.
    stages, titles
        Columns in order, and what is printed above them.

    Examples
    --------
    >>> rows = pl.DataFrame({"drug": ["A"] * 3, "pattern": ["liver", "lung", "lung"], "next": ["B", "B", "none"]})
    >>> spec = alluvial(rows, stages=("drug", "pattern", "next"))
    >>> sorted({v["label"] for v in spec["layer"][1]["data"]["values"]})
    ['A (3)', 'B (2)', 'liver (1)', 'lung (2)', 'none (1)']
    """
    known = frame.select(pl.col(s).cast(pl.String).fill_null("not known") for s in stages)
    rows = known.select(_lumped(apart_column(known[s], 30)).alias(s) for s in stages)
    total = max(1, rows.height)
    gap = _GAP if max(rows[s].n_unique() for s in stages) <= _FEW else _WIDE_GAP  # a name is higher than a thin block
    blocks = {s: _blocks(rows, s, total, gap) for s in stages}
    colour_by = stages[1] if len(stages) > 2 else stages[0]
    names = list(blocks[colour_by])
    colours = dict(zip(names, [GROUP_COLOURS[i % len(GROUP_COLOURS)] for i in range(len(names))], strict=True))
    bands: list[dict[str, Any]] = []
    for i, (one, other) in enumerate(pairwise(stages)):
        extra = [] if colour_by in (one, other) else [colour_by]
        by = [one, other, *extra]
        counts = rows.group_by(by).len("n").sort(by)
        at = {s: dict.fromkeys(blocks[s], 0.0) for s in (one, other)}
        place = {s: list(blocks[s]) for s in (one, other)}
        found = sorted(counts.to_dicts(), key=lambda r: (place[one].index(r[one]), place[other].index(r[other])))
        heights: dict[tuple[str, str, str], float] = {}
        for row in sorted(found, key=lambda r: (place[other].index(r[other]), place[one].index(r[one]))):
            key = (row[one], row[other], row[colour_by])
            heights[key] = blocks[other][row[other]][0] + at[other][row[other]]
            at[other][row[other]] += row["n"] / total
        for row in found:
            start = blocks[one][row[one]][0] + at[one][row[one]]
            at[one][row[one]] += row["n"] / total
            end = heights[row[one], row[other], row[colour_by]]
            band = len(bands)
            share = row["n"] / total
            bands += _band(
                i, start, end, share, colours[row[colour_by]], band, f"{row[one]} to {row[other]}: {row['n']}"
            )
    bars = [
        {
            "x": i - _BAR / 2, "x2": i + _BAR / 2, "y": low, "y2": high, "middle": (low + high) / 2,
            "label": f"{name} ({n})", "at": i, "colour": colours.get(name, QUIET) if s == colour_by else QUIET,
        }
        for i, s in enumerate(stages)
        for name, (low, high, n) in blocks[s].items()
    ]  # fmt: skip
    top = max([b["y2"] for b in bars] + [1.0])
    last = len(stages) - 1
    x = {
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [-0.45, last + (0.85 if is_narrow(width) else 0.55)], "nice": False, "zero": False},
    }
    y = {"type": "quantitative", "axis": None, "scale": {"domain": [0, top], "reverse": True, "nice": False}}
    narrow = is_narrow(width)
    room = width / (len(stages) + 0.4) - 24
    breaks = {"lineBreak": "\n"} if narrow else {}
    if narrow:
        bars = [{**b, "label": "\n".join(wrapped(str(b["label"]), room, 10))} for b in bars]
    heads = [{"at": i, "title": shown(t, 40)} for i, t in enumerate(titles or stages)]
    layers = [
        {
            "data": {"values": bands},
            "mark": {"type": "area", "opacity": 1, "fillOpacity": 0.35, "interpolate": "linear"},
            "encoding": {
                "x": {**x, "field": "x"}, "y": {**y, "field": "low"}, "y2": {"field": "high"},
                "detail": {"field": "band"}, "color": {"field": "colour", "type": "nominal", "scale": None},
            },
        },
        {
            "data": {"values": bars},
            "mark": {"type": "rect", "stroke": RULE, "strokeWidth": 0.5},
            "encoding": {
                "x": {**x, "field": "x"}, "x2": {"field": "x2"}, "y": {**y, "field": "y"}, "y2": {"field": "y2"},
                "color": {"field": "colour", "type": "nominal", "scale": None}, "description": {"field": "label"},
            },
        },
        {
            "data": {"values": bars},
            "mark": {"type": "text", "align": "left", "dx": 10, "fontSize": 10, "color": INK, **breaks},
            "encoding": {"x": {**x, "field": "at"}, "y": {**y, "field": "middle"}, "text": {"field": "label"}},
        },
        {
            "data": {"values": heads},
            "mark": {"type": "text", "fontSize": 11, "fontWeight": "bold", "dy": -10, "color": INK},
            "encoding": {"x": {**x, "field": "at"}, "y": {"value": 0}, "text": {"field": "title"}},
        },
    ]  # fmt: skip
    text = f"Alluvial diagram of {rows.height} members through {', '.join(titles or stages)}."
    return themed({"layer": layers, "width": width - 40, "height": height}, description=text)


def _lumped(column: pl.Series) -> pl.Series:
    """The most frequent names; those there is no room for are one block, which says how many they are."""
    sizes = column.value_counts(name="n_").sort("n_", column.name, descending=[True, False])
    if sizes.height <= _MOST:
        return column
    kept = sizes[column.name].head(_MOST - 1)
    return column.to_frame().select(
        pl.when(pl.col(column.name).is_in(kept.implode())).then(column.name)
        .otherwise(pl.lit(f"{sizes.height - len(kept)} others")).alias(column.name)
    ).to_series()  # fmt: skip


def _blocks(rows: pl.DataFrame, stage: str, total: int, gap: float) -> dict[str, tuple[float, float, int]]:
    """Name -> lower edge, upper edge (in shares of all, with gaps) and members, the largest first."""
    out, at = {}, 0.0
    for name, n in rows.group_by(stage).len("n").sort("n", stage, descending=[True, False]).iter_rows():
        out[str(name)] = (at, at + n / total, n)
        at += n / total + gap
    return out


def _band(
    stage: int, start: float, end: float, share: float, colour: str, band: int, says: str
) -> list[dict[str, Any]]:
    """Points of one band, an S between two blocks."""
    out = []
    for k in range(_STEPS + 1):
        t = k / _STEPS
        bend = t * t * (3 - 2 * t)
        low = start + (end - start) * bend
        x = stage + _BAR / 2 + (1 - _BAR) * t
        out.append({"band": band, "x": x, "low": low, "high": low + share, "colour": colour, "says": says})
    return out
