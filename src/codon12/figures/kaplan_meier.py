"""Kaplan-Meier curves with numbers at risk below the axis, all on one scale so that they cannot drift apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import polars as pl

from codon12.errors import UsageError
from codon12.figures.axes import covering_ticks, largest, month_ticks, smallest
from codon12.figures.curve_key import IN_CORNER, curve_key
from codon12.figures.lettering import apart, half_up, shown, text_width
from codon12.figures.page import is_narrow
from codon12.figures.risk_table import ROW_TITLES, risk_height, risk_table
from codon12.figures.template import template
from codon12.figures.theme import QUIET, WIDTH, group_colours, themed

__all__ = ["kaplan_meier"]

Shape = Literal["survival", "incidence", "log"]
_Y_TITLES: Mapping[str, str] = {
    "survival": "Survival (%)",
    "incidence": "Cumulative incidence (%)",
    "log": "Survival (%)",
}
MOST_WITH_BANDS = 3
"""Curves that have their confidence bands, unless a caller says otherwise."""
_LEAST_BESIDE = 300
"""Pixels that a plot keeps beside its key; where it would not, the key stands below."""
_LOG_TICKS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
"""Percentages that a logarithmic axis names; a curve below the least of them ends at the edge."""


@template
def kaplan_meier(
    curve: pl.DataFrame,
    *,
    group: str = "group",
    groups: Sequence[str] = (),
    labels: Mapping[str, str] | None = None,
    shape: Shape = "survival",
    bands: bool | None = None,
    censor_ticks: bool = True,
    rows: Sequence[str] = ("n_risk",),
    common_risk: bool = False,
    medians: Mapping[str, float | None] | None = None,
    notes: Mapping[str, str] | None = None,
    texts: Sequence[str] = (),
    end: float | None = None,
    top: float = 100.0,
    width: int = WIDTH["double"],
    height: int | None = None,
    x_title: str = "Months",
    y_title: str | None = None,
) -> dict[str, Any]:
    """Specification of Kaplan-Meier curves with their risk table.

    Parameters
    ----------
    curve
        One row a distinct time of a group: time (months), survival, lower, upper (0..1, may
        be empty), n_risk (just before time), n_event, n_censor, and the `group` column.
    group, groups
        Column that names the curves, and their order (all that occur, sorted, when left out).
    labels
        Group -> label as printed, for groups that are to be printed otherwise.
    shape
        ``survival``, ``incidence`` (1 - S, rising) or ``log`` (S on a logarithmic scale; a curve that reaches 0
        ends at the step before).
    bands
        Draw the confidence bands; when left out, up to three curves have them.
    censor_ticks
        Mark the times of censored patients.
    rows
        Rows of the risk table, of ``n_risk`` (at risk at the tick, time >= tick), ``n_censor`` and ``n_event``
        (cumulative, up to and including the tick); empty for no table.
    common_risk
        All curves have the same patients at risk (causes of one group): their number is printed once.
    medians
        Group -> median in months as estimated; a dashed line is drawn from 50 % to it. Not computed here.
    notes
        Group -> words after its label in the key, for example its median with interval.
    texts
        Lines printed in the free corner: medians, hazard ratio, P, as the evidence prints them.
    end
        Last month of the axis; the first tick at or after the last time in the data when left out.
    top
        Percentage at the top of the axis of an incidence; survival always begins at 100.
    width, height
        Size in pixels, axes and names included in the width; the plot is 260 high, 210 in a narrow figure.

    Returns
    -------
    dict
        Vega-Lite specification. Points closer than a quarter of a pixel are drawn as one.

    Raises
    ------
    UsageError
        An unknown shape or row of the risk table.

    Examples
    --------
    >>> curve = pl.DataFrame({"group": ["all"] * 2, "time": [2.0, 5.0], "survival": [0.5, 0.5], "lower": [0.1, 0.1],
    ...     "upper": [0.8, 0.8], "n_risk": [2, 1], "n_event": [1, 0], "n_censor": [0, 1]})
    >>> [(r["x"], r["text"]) for r in kaplan_meier(curve)["layer"][-1]["data"]["values"]][:3]
    [(0.0, '2'), (0.5, '2'), (1.0, '2')]
    """
    if shape not in _Y_TITLES:
        raise UsageError(f"shape must be one of {', '.join(_Y_TITLES)}; got {shape!r}")
    unknown = set(rows) - set(ROW_TITLES)
    if unknown:
        raise UsageError(f"rows must be of {', '.join(ROW_TITLES)}; got {sorted(unknown)}")
    data = curve.with_columns(pl.col(group).cast(pl.String).alias("group")).sort("group", "time")
    order = [str(g) for g in groups] or sorted(data["group"].unique().to_list())
    told = apart([(labels or {}).get(g, g) for g in order], 36)
    names = {g: told[str((labels or {}).get(g, g))] for g in order}
    data = data.filter(pl.col("group").is_in(order))
    narrow = is_narrow(width)
    height = height or (210 if narrow else 260)
    several = len(order) > 1
    left = max(
        [
            34.0,
            *(text_width(names[g]) for g in order if several and not common_risk and not narrow),
            *(text_width(ROW_TITLES[r]) for r in rows if not narrow),
        ]
    )
    left += 10 + text_width(f"{largest(data['n_risk']):,.0f}") / 2
    beside = (
        max(text_width(names[g] + ": " + (notes or {}).get(g, "")) for g in order) + 34
        if len(order) > IN_CORNER and not narrow
        else 0
    )
    room = int(width - left - (26 if narrow else 24))
    beside = beside if room - beside >= _LEAST_BESIDE else 0
    plot = max(140, int(room - beside))
    most = 7 if plot < _LEAST_BESIDE else 13
    ticks = month_ticks(end, most=most) if end else covering_ticks(largest(data["time"], 1.0) or 1.0, most=most)
    last = end or ticks[-1]
    colours, dashes = group_colours(order)
    scale = {"domain": [names[g] for g in order], "range": colours}
    fine = 4 if data.height <= 2 * plot else 2  # corners a pixel
    steps = _steps(data, shape=shape, last=last, resolution=last / plot / fine).with_columns(
        pl.col("group").replace_strict(names, return_dtype=pl.String)
    )
    least = smallest(steps["y"].filter(steps["y"] > 0), 1.0)
    floor = max((t for t in _LOG_TICKS if t < least), default=_LOG_TICKS[0]) if shape == "log" else 0.0
    ceiling = top if shape == "incidence" else 100.0
    y: dict[str, Any] = {
        "field": "y",
        "type": "quantitative",
        "title": y_title or _Y_TITLES[shape],
        "scale": {"domain": [floor, 100], "type": "log", "nice": False}
        if shape == "log"
        else {"domain": [0, ceiling], "nice": False},
        "axis": {
            "values": [t for t in _LOG_TICKS if t >= floor] if shape == "log" else _percents(ceiling),
            "tickCount": 50,
            "labelOverlap": False,
            "format": "~f",
        },
    }
    x: dict[str, Any] = {
        "field": "x",
        "type": "quantitative",
        "title": x_title,
        "scale": {"domain": [0, last], "nice": False},
        "axis": {"values": ticks, "labelFlush": False, "labelOverlap": False, "tickCount": 50, "format": "~f"},
    }
    colour = {"field": "group", "type": "nominal", "scale": scale, "sort": None, "legend": None}
    key = [
        (f"{names[g]}: {shown(n, 60)}" if (n := (notes or {}).get(g)) else names[g], c)
        for g, c in zip(order, colours, strict=True)
    ]
    layers: list[dict[str, Any]] = []
    if (bands if bands is not None else len(order) <= MOST_WITH_BANDS) and steps["low"].is_not_null().any():
        inside = pl.col("low", "high").clip(floor, ceiling)  # a clip by the engine is dear in PNG
        band = steps.filter(pl.col("low").is_not_null()).select("x", inside, "group")
        layers.append(
            {
                "data": {"values": band.to_dicts()},
                "mark": {"type": "area", "interpolate": "step-after", "fillOpacity": 0.13, "opacity": 1},
                "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour},
            }
        )
    layers.append(
        {
            "data": {"values": steps.select("x", "y", "group").to_dicts()},
            "transform": [{"calculate": "datum.group + ': curve'", "as": "says"}],
            "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 1.7, "strokeJoin": "miter"},
            "encoding": {
                "x": x,
                "y": y,
                "color": colour,
                "strokeDash": {
                    "field": "group",
                    "type": "nominal",
                    "legend": None,
                    "scale": {"domain": scale["domain"], "range": dashes},
                },
                "description": {"field": "says"},
            },
        }
    )
    if censor_ticks:
        layers.append(_censored(steps, x, y, colour, pixel=last / plot))
    layers += _medians(medians or {}, names, x, y, last=last, shape=shape)
    own = order[:1] if common_risk else order
    several = several and not common_risk
    layers += curve_key(
        texts,
        steps,
        key,
        order,
        rising=shape == "incidence",
        plot=plot,
        height=height,
        last=last,
        top=ceiling,
        medians=[m for g in order if (m := (medians or {}).get(g)) is not None],
        below=(-left, height + risk_height(len(rows), len(own), several=several, stacked=narrow)),
        narrow=narrow or (len(order) > IN_CORNER and not beside),
    )
    if rows:
        shown_as = colours[: len(own)]
        layers += risk_table(
            data, own, names, shown_as, rows, ticks, x, height=height, left=left, several=several, stacked=narrow
        )
    return themed(
        {"layer": layers, "width": plot, "height": height},
        description="Kaplan-Meier curves: " + ", ".join(names[g] for g in order) + ".",
    )


def _percents(top: float) -> list[float]:
    """Ticks of a percent axis: five or so, in round steps."""
    step = next(s for s in (1, 2, 5, 10, 20) if top / s <= 5 or s == 20)
    return [float(step * i) for i in range(int(top / step + 1e-9) + 1)]


def _steps(data: pl.DataFrame, *, shape: Shape, last: float, resolution: float) -> pl.DataFrame:
    """Corners of the curves in percent, from (0, 100) on, thinned to what can be seen."""
    start = (
        data.group_by("group", maintain_order=True)
        .first()
        .select(
            "group",
            pl.lit(0.0).alias("time"),
            pl.lit(1.0).alias("survival"),
            pl.lit(1.0).alias("lower"),
            pl.lit(1.0).alias("upper"),
            pl.lit(0, dtype=pl.Int64).alias("n_censor"),
        )
    )
    has_band = pl.col("lower").is_not_null() & pl.col("lower").is_finite() & pl.col("upper").is_finite()
    points = data.filter((pl.col("time") >= 0) & (pl.col("time") <= last)).select(
        "group",
        *(pl.col(c).cast(pl.Float64) for c in ("time", "survival", "lower", "upper")),
        pl.col("n_censor").cast(pl.Int64),
    )
    both = pl.concat([start, points]).sort("group", "time", maintain_order=True)
    cell = (pl.col("time") / resolution).ceil()
    both = (
        both.group_by("group", cell.alias("cell"), maintain_order=True)
        .agg(pl.col("time", "survival", "lower", "upper").last(), pl.col("n_censor").sum())
        .with_columns(pl.when(has_band).then("lower").alias("low"), pl.when(has_band).then("upper").alias("high"))
    )
    up = shape == "incidence"
    percent = {c: (100 * (1 - pl.col(c)) if up else 100 * pl.col(c)) for c in ("survival", "low", "high")}
    both = both.select(
        "group",
        pl.col("time").alias("x"),
        percent["survival"].alias("y"),
        percent["low"].alias("low"),
        percent["high"].alias("high"),
        "n_censor",
    )
    if shape == "log":
        both = both.filter(pl.col("y") > 1e-9).with_columns(pl.col("low").clip(lower_bound=_LOG_TICKS[0]))
    return both


_MOST_TICKS = 300
"""Beyond so many ticks of a group those within two pixels are one."""


def _censored(steps: pl.DataFrame, x: Any, y: Any, colour: Any, *, pixel: float) -> dict[str, Any]:
    ticks = steps.filter(pl.col("n_censor") > 0).select("x", "y", "group", "n_censor")
    near = pl.when(pl.len().over("group") > _MOST_TICKS).then((pl.col("x") / (2 * pixel)).floor()).otherwise("x")
    ticks = (
        ticks.group_by("group", near.alias("near"), maintain_order=True)
        .agg(pl.col("x", "y").last(), pl.col("n_censor").sum())
        .select("x", "y", "group", "n_censor")
        .with_columns(
            pl.format("{}: {} censored at {} months", "group", "n_censor", half_up(pl.col("x"), 1)).alias("says")
        )
    )
    return {
        "data": {"values": ticks.to_dicts()},
        "mark": {"type": "point", "shape": "stroke", "angle": 90, "size": 46, "strokeWidth": 1.1, "opacity": 1},
        "encoding": {"x": x, "y": y, "color": colour, "description": {"field": "says"}},
    }


def _medians(
    medians: Mapping[str, float | None], names: Mapping[str, str], x: Any, y: Any, *, last: float, shape: Shape
) -> list[dict[str, Any]]:
    reached = sorted(m for g, m in medians.items() if g in names and m is not None and m <= last)
    if not reached:
        return []
    mark = {"type": "rule", "strokeDash": [3, 3], "color": QUIET, "strokeWidth": 0.8}
    bottom = 1e-9 if shape != "log" else None
    across = {
        "data": {"values": [{"x": 0, "to": reached[-1], "y": 50}]},
        "mark": mark,
        "encoding": {"x": x, "x2": {"field": "to"}, "y": y},
    }
    down = {
        "data": {"values": [{"x": m, "y": 50} for m in reached]},
        "mark": mark,
        "encoding": {"x": x, "y": y, "y2": {"datum": bottom} if bottom is not None else {"value": "height"}},
    }
    return [across, down]
