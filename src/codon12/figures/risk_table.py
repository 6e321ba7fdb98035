"""Numbers at risk below the axis of survival curves, on the scale of the curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from codon12.figures.theme import INK, QUIET, RULE, legible

__all__ = ["ROW_HEIGHT", "ROW_TITLES", "counts_at", "risk_height", "risk_table"]

ROW_HEIGHT = 15

_TOP = 52.0
"""From the axis to the middle of the first line: room for tick labels and the title of the axis."""

ROW_TITLES: Mapping[str, str] = {
    "n_risk": "No. at risk",
    "n_censor": "No. censored",
    "n_event": "No. of events",
}
"""Rows a risk table can have."""


def risk_table(
    data: pl.DataFrame,
    order: Sequence[str],
    names: Mapping[str, str],
    colours: Sequence[str],
    rows: Sequence[str],
    ticks: Sequence[float],
    x: Any,
    *,
    height: int,
    left: float,
    several: bool,
    stacked: bool = False,
) -> list[dict[str, Any]]:
    """Headings, group labels and counts below the axis; the counts stand on the scale of the curves.

    Stacked, labels stand above their counts, for figures that have no room beside the plot.
    """
    grid = pl.DataFrame({"x": [float(t) for t in ticks]}).join(pl.DataFrame({"group": list(order)}), how="cross")
    counts = counts_at(data, grid)
    texts: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    top = height + _TOP
    for name in rows:
        title = ROW_TITLES[name]
        labels.append({"at": top, "text": title, "colour": QUIET if several else INK, "x": -left})
        top += ROW_HEIGHT if several or stacked else 0
        for g, c in zip(order, colours, strict=True):
            if several:
                labels.append({"at": top, "text": names[g], "colour": legible(c), "x": -left})
                top += ROW_HEIGHT if stacked else 0
            own = counts.filter(group=g)
            texts += [{"x": t, "text": f"{n:,}", "at": top} for t, n in own.select("x", name).iter_rows()]
            top += ROW_HEIGHT
        top += 5 if several else 2
    rule = {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": RULE, "strokeWidth": 0.6},
        "encoding": {"x": {"value": -left}, "x2": {"value": "width"}, "y": {"value": height + 43}},
    }
    places = {"type": "quantitative", "scale": None, "axis": None}
    side = {
        "data": {"values": labels},
        "mark": {"type": "text", "align": "left", "baseline": "middle"},
        "encoding": {
            "x": {"value": -left},
            "y": {"field": "at", **places},
            "text": {"field": "text"},
            "color": {"field": "colour", "type": "nominal", "scale": None},
        },
    }
    numbers = {
        "data": {"values": texts},
        "mark": {"type": "text", "align": "center", "baseline": "middle"},
        "encoding": {"x": x, "y": {"field": "at", **places}, "text": {"field": "text"}},
    }
    return [rule, side, numbers]


def risk_height(rows: int, groups: int, *, several: bool, stacked: bool) -> float:
    """Pixels from the axis to below the last line of a risk table, or to below the title of the axis without one."""
    if not rows:
        return _TOP - ROW_HEIGHT / 2
    lines = groups * (1 + (several and stacked)) + (several or stacked)
    return _TOP - ROW_HEIGHT / 2 + rows * (lines * ROW_HEIGHT + (5 if several else 2))


def counts_at(data: pl.DataFrame, grid: pl.DataFrame) -> pl.DataFrame:
    """At risk at each tick (time >= tick), and events and censorings up to and including it."""
    last = data.group_by("group", maintain_order=True).last()
    after = last.select("group", pl.lit(float("inf")).alias("time"), pl.lit(0, dtype=pl.Int64).alias("n_risk"))
    risk = pl.concat([data.select("group", pl.col("time").cast(pl.Float64), pl.col("n_risk").cast(pl.Int64)), after])
    sums = data.select(
        "group",
        pl.col("time").cast(pl.Float64),
        *(pl.col(c).cast(pl.Int64).cum_sum().over("group").alias(c) for c in ("n_event", "n_censor")),
    )
    out = grid.sort("x").join_asof(
        risk.sort("time"), left_on="x", right_on="time", by="group", strategy="forward", check_sortedness=False
    )
    out = (
        out.drop("time", strict=False)
        .sort("x")
        .join_asof(
            sums.sort("time"), left_on="x", right_on="time", by="group", strategy="backward", check_sortedness=False
        )
    )
    return out.with_columns(pl.col("n_risk", "n_event", "n_censor").fill_null(0)).sort("group", "x")
