"""Swimmer: one lane a patient, from start of treatment to last follow-up, with what happened on the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from codon12.figures.axes import largest, months, panel_order
from codon12.figures.lettering import half_up, shown, shown_column, shown_subject, text_width
from codon12.figures.page import is_narrow, legend_place
from codon12.figures.template import template
from codon12.figures.theme import INK, PAPER, QUIET, WIDTH, outline, response_scale, themed

__all__ = ["swimmer"]

MAX_LANES = 250
LABELLED_LANES = 60
_EVENTS = {
    "RSPDY": ("Response", "triangle-up", PAPER),
    "PDDY": ("Progression", "circle", INK),
    "DTHDY": ("Death", "cross", INK),
    "ONDY": ("On treatment", "triangle-right", INK),
}


@template
def swimmer(
    frame: pl.DataFrame,
    *,
    group: str | None = None,
    groups: Sequence[str] = (),
    width: int = WIDTH["double"],
    x_title: str = "Months since start of treatment",
    legend_title: str = "Best response",
) -> dict[str, Any]:
    """Specification of a swimmer plot.

    Parameters
    ----------
    frame
        One row a patient, times in months from the start: USUBJID, BOR, TRTDY (end of treatment), ENDDY (end of
        follow-up, death or cut-off), RSPDY (start of response), PDDY (progression), DTHDY (death), ONGOING (Y
        where treatment goes on at the cut-off); an empty time means it did not happen. Rows without TRTDY and
        ENDDY are left out.
    group, groups
        Column that splits the lanes into panels, and the order of its values.
    width
        Width in pixels, axes included; the height follows the number of lanes.

    Returns
    -------
    dict
        Vega-Lite specification. Beyond 60 lanes the subject labels go; beyond 250 patients only every k-th lane
        (by length) is drawn and a line says so.

    Examples
    --------
    >>> lanes = pl.DataFrame({"USUBJID": ["1"], "BOR": ["PR"], "TRTDY": [6.0], "ENDDY": [9.0], "RSPDY": [1.4],
    ...     "PDDY": [6.0], "DTHDY": [None], "ONGOING": [None]}, schema_overrides={"DTHDY": pl.Float64})
    >>> [layer["mark"]["type"] for layer in swimmer(lanes)["layer"]]
    ['rule', 'bar', 'point', 'text']
    """
    panel = pl.col(group).cast(pl.String) if group else pl.lit("")
    times = [pl.col(c).cast(pl.Float64) for c in ("TRTDY", "ENDDY", "RSPDY", "PDDY", "DTHDY")]
    lanes = (
        frame.select(
            panel.fill_null("Missing").alias("panel"),
            shown_subject(pl.col("USUBJID"), 12 if is_narrow(width) else 18).alias("subject"),
            pl.col("USUBJID").cast(pl.String).alias("key"),
            pl.col("BOR").cast(pl.String).fill_null("NE").alias("response"),
            (pl.col("ONGOING").cast(pl.String) == "Y").fill_null(value=False).alias("ongoing"),
            *times,
        )
        .with_columns(pl.max_horizontal("TRTDY", "ENDDY").alias("length"))
        .filter(pl.col("length").is_not_null())
        .with_columns(pl.col("TRTDY").fill_null(0.0), pl.col("ENDDY").fill_null(pl.col("length")))
        .sort("panel", "length", "key", descending=[False, True, False])
    )
    order = panel_order(lanes["panel"], groups)
    lanes = lanes.filter(pl.col("panel").is_in(order))
    count = int(largest(lanes.group_by("panel").len()["len"]))
    every = -(-count // MAX_LANES) if count else 1
    lanes = lanes.with_columns(pl.int_range(pl.len()).over("panel").alias("lane"))
    if every > 1:
        lanes = lanes.filter(pl.col("lane") % every == 0).with_columns(pl.col("lane") // every)
    most = int(largest(lanes.group_by("panel").len()["len"]))
    step = 13.0 if most <= LABELLED_LANES else max(1.4, min(8.0, 700 / most))
    labelled = most <= LABELLED_LANES
    margin = (max((text_width(s, 9) for s in lanes["subject"]), default=0) + 10 if labelled else 18) + 24
    colour = {
        "field": "response",
        "type": "nominal",
        "scale": response_scale(lanes["response"].unique().to_list()),
        "legend": {"symbolStrokeWidth": 0, "title": legend_title, "symbolType": "square", **legend_place(width)},
    }
    marks = pl.max_horizontal("length", "RSPDY", "PDDY", "DTHDY")  # a mark may lie beyond its lane, never the axis
    end = largest(lanes.select(marks).to_series(), 1.0)
    lanes = lanes.with_columns(pl.when("ongoing").then(pl.col("TRTDY") + 0.012 * end).alias("ONDY"))
    views = []
    for name in order:
        own = lanes.filter(panel=name)
        view = _panel(
            own, colour, step=step, labelled=labelled, end=end, x_title=x_title, place=legend_place(width, columns=2)
        )
        view["width"] = max(160, int(width - margin - (14 if is_narrow(width) else 118)))
        if len(order) > 1:
            view["title"] = {"text": shown(name, 80)}
        views.append(view)
    if every > 1:
        views[-1]["title"] = {
            **views[-1].get("title", {}),
            **({"subtitle": _sample(every)} if len(order) > 1 else {"text": _sample(every)}),
            **({} if len(order) > 1 else {"fontWeight": "normal", "fontSize": 10, "color": QUIET}),
        }
    text = f"Swimmer plot of {lanes.height} patients."
    if len(views) == 1:
        return themed(views[0], description=text)
    return themed({"vconcat": views, "spacing": 20}, description=text)


def _sample(every: int) -> str:
    return f"One patient in {every} is shown, in order of follow-up"


def _panel(
    lanes: pl.DataFrame,
    colour: dict[str, Any],
    *,
    step: float,
    labelled: bool,
    end: float,
    x_title: str,
    place: dict[str, Any],
) -> dict[str, Any]:
    values = lanes.select(
        "lane",
        "subject",
        "response",
        "TRTDY",
        "ENDDY",
        "ongoing",
        pl.lit(0.0).alias("start"),
        pl.format(
            "{}: {}, treated {} months, followed {} months",
            shown_column(pl.col("key")),
            "response",
            half_up(pl.col("TRTDY"), 1),
            half_up(pl.col("ENDDY"), 1),
        ).alias("says"),
    )
    names = {str(k): v for k, v in lanes.select("lane", "subject").iter_rows()}
    lane_scale = {"domain": [-0.7, max(lanes.height, 1) - 0.3], "reverse": True, "nice": False, "zero": False}
    y = {"field": "lane", "type": "quantitative", "scale": lane_scale, "axis": None, "title": None}
    x = months("", end * 1.03, title=x_title, most=7 if place["orient"] == "bottom" else 13)
    thick = max(1.0, step * 0.68)
    happened = pl.concat(
        [
            lanes.filter(pl.col(c).is_not_null()).select(
                "lane",
                pl.col(c).alias("month"),
                pl.lit(label).alias("event"),
                pl.format(
                    "{}: {} at {} months", shown_column(pl.col("key")), pl.lit(label.lower()), half_up(pl.col(c), 1)
                ).alias("says"),
            )
            for c, (label, _, _) in _EVENTS.items()
        ]
    )
    size = max(17.0, min(46.0, (step * 0.78) ** 2))
    labels = [label for label, _, _ in _EVENTS.values()]
    events = {
        "data": {"values": happened.to_dicts()},
        "mark": {"type": "point", "filled": True, "size": size, "stroke": INK, "strokeWidth": 0.7, "opacity": 1},
        "encoding": {
            "x": {**x, "field": "month"},
            "y": y,
            "shape": {
                "field": "event",
                "type": "nominal",
                "scale": {"domain": labels, "range": [shape for _, shape, _ in _EVENTS.values()]},
                "legend": {
                    "title": None,
                    **place,
                    "symbolFillColor": INK,
                    "symbolStrokeColor": INK,
                    "symbolSize": 44,
                },
            },
            "fill": {
                "field": "event",
                "type": "nominal",
                "scale": {"domain": labels, "range": [fill for _, _, fill in _EVENTS.values()]},
                "legend": None,
            },
            "description": {"field": "says"},
        },
    }
    line = outline(lanes["response"].unique().to_list())
    pale = {"condition": line["stroke"]["condition"]} if line else {}
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": values.to_dicts()},
            "mark": {"type": "rule", "strokeWidth": max(0.8, thick * 0.22), "opacity": 1},
            "encoding": {"x": {**x, "field": "TRTDY"}, "x2": {"field": "ENDDY"}, "y": y, "color": {**colour, **pale}},
        },
        {
            "data": {"values": values.to_dicts()},
            "mark": {"type": "bar", "orient": "horizontal", "size": thick},
            "encoding": {
                "x": {**x, "field": "start"},
                "x2": {"field": "TRTDY"},
                "y": y,
                "color": colour,
                "description": {"field": "says"},
                **(line if thick >= 3 else {}),
            },
        },
        events,
    ]
    if labelled:
        layers.append(
            {
                "data": {"values": [{"lane": int(k), "subject": v} for k, v in names.items()]},
                "mark": {"type": "text", "align": "right", "fontSize": 9, "color": QUIET},
                "encoding": {"x": {"value": -6}, "y": y, "text": {"field": "subject"}},
            }
        )
    return {"layer": layers, "height": int(step * (max(lanes.height, 1) + 0.4))}
