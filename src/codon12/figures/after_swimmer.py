"""Swimmer around the progression: response, resistance, next therapy, death or last follow-up."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.figures.axes import months
from codon12.figures.lettering import half_up, shown_subject, text_width
from codon12.figures.page import is_narrow, legend_place
from codon12.figures.template import template
from codon12.figures.theme import GROUP_COLOURS, INK, PAPER, QUIET, WIDTH, themed

__all__ = ["after_swimmer"]

_MAX_LANES, _LABELLED = 200, 60
_MARKS = {
    "RESPONSE": ("Response", "triangle-up", PAPER),
    "PROGRESSION": ("Progression", "circle", INK),
    "NEXT": ("Next therapy", "diamond", PAPER),
    "DEATH": ("Death", "cross", INK),
}


@template
def after_swimmer(
    frame: pl.DataFrame, *, width: int = WIDTH["double"], x_title: str = "Months since start of treatment"
) -> dict[str, Any]:
    """Specification of lanes from the start of treatment over response and progression to what followed.

    Parameters
    ----------
    frame
        One row a subject, times in months: USUBJID, GROUP (pattern of progression), RESPONSE, PROGRESSION, NEXT
        (start of the next therapy), DEATH, END (last follow-up); an empty time did not happen. The lane before the
        progression is thick, that after it thin.

    Examples
    --------
    >>> lanes = pl.DataFrame({"USUBJID": ["1"], "GROUP": ["liver only"], "RESPONSE": [1.4], "PROGRESSION": [6.0],
    ...     "NEXT": [6.5], "DEATH": [None], "END": [12.0]}, schema_overrides={"DEATH": pl.Float64})
    >>> len(after_swimmer(lanes)["layer"])
    4
    """
    narrow = is_narrow(width)
    times = ("RESPONSE", "PROGRESSION", "NEXT", "DEATH", "END")
    lanes = frame.select(
        shown_subject(pl.col("USUBJID"), 12 if narrow else 18).alias("subject"),
        pl.col("GROUP").cast(pl.String).fill_null("not known").alias("group"),
        *(pl.col(c).cast(pl.Float64) for c in times),
    ).filter(pl.col("PROGRESSION").is_not_null())
    lanes = lanes.with_columns(END=pl.max_horizontal("END", "DEATH", "NEXT", "PROGRESSION"))
    lanes = lanes.sort("PROGRESSION", "subject", descending=[True, False])
    every = -(-lanes.height // _MAX_LANES) if lanes.height else 1
    lanes = lanes.gather_every(every).with_row_index("lane") if lanes.height else lanes.with_row_index("lane")
    step = 13.0 if lanes.height <= _LABELLED else max(2.0, 700 / lanes.height)
    thick = max(1.2, step * 0.6)
    groups = sorted(lanes["group"].unique().to_list())
    colours = [GROUP_COLOURS[i % len(GROUP_COLOURS)] for i in range(len(groups))]
    end = max([float(v) for v in lanes["END"].drop_nulls()] + [1.0])
    labelled = lanes.height <= _LABELLED
    margin = (max([text_width(s, 9) for s in lanes["subject"]] + [0]) + 10 if labelled else 18) + 24
    x = months("", end * 1.03, title=x_title, most=7 if narrow else 13)
    y = {
        "field": "lane", "type": "quantitative", "axis": None, "title": None,
        "scale": {"domain": [-0.7, max(lanes.height, 1) - 0.3], "reverse": True, "nice": False, "zero": False},
    }  # fmt: skip
    colour = {
        "field": "group", "type": "nominal", "scale": {"domain": groups, "range": colours},
        "legend": {
            "title": "Progression", **legend_place(width, columns=2), "symbolType": "square", "symbolStrokeWidth": 0,
        },
    }  # fmt: skip
    happened = pl.concat(
        lanes.filter(pl.col(c).is_not_null()).select(
            "lane", month=pl.col(c), event=pl.lit(label),
            says=pl.format("{}: {} at {} months", "subject", pl.lit(label.lower()), half_up(pl.col(c), 1)),
        )
        for c, (label, _, _) in _MARKS.items()
    )  # fmt: skip
    labels = [label for label, _, _ in _MARKS.values()]
    values = lanes.select("lane", "subject", "group", "PROGRESSION", "END", start=pl.lit(0.0)).to_dicts()
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": values},
            "mark": {"type": "rule", "strokeWidth": max(0.8, thick * 0.25), "opacity": 1},
            "encoding": {"x": {**x, "field": "PROGRESSION"}, "x2": {"field": "END"}, "y": y, "color": colour},
        },
        {
            "data": {"values": values},
            "mark": {"type": "bar", "orient": "horizontal", "size": thick, "fillOpacity": 0.75},
            "encoding": {"x": {**x, "field": "start"}, "x2": {"field": "PROGRESSION"}, "y": y, "color": colour},
        },
        {
            "data": {"values": happened.to_dicts()},
            "mark": {
                "type": "point", "filled": True, "size": max(9.0, min(46.0, (step * 0.62) ** 2)), "stroke": INK,
                "strokeWidth": 0.7, "opacity": 1,
            },
            "encoding": {
                "x": {**x, "field": "month"},
                "y": y,
                "shape": {
                    "field": "event", "type": "nominal",
                    "scale": {"domain": labels, "range": [shape for _, shape, _ in _MARKS.values()]},
                    "legend": {
                        "title": None, **legend_place(width, columns=2),
                        "symbolFillColor": INK, "symbolStrokeColor": INK,
                    },
                },
                "fill": {
                    "field": "event", "type": "nominal", "legend": None,
                    "scale": {"domain": labels, "range": [fill for _, _, fill in _MARKS.values()]},
                },
                "description": {"field": "says"},
            },
        },
    ]  # fmt: skip
    if labelled:
        layers.append(
            {
                "data": {"values": lanes.select("lane", "subject").to_dicts()},
                "mark": {"type": "text", "align": "right", "fontSize": 9, "color": QUIET},
                "encoding": {"x": {"value": -6}, "y": y, "text": {"field": "subject"}},
            }
        )
    view: dict[str, Any] = {
        "layer": layers, "height": int(step * (max(lanes.height, 1) + 0.4)),
        "width": max(160, int(width - margin - (14 if narrow else 130))),
    }  # fmt: skip
    if every > 1:
        view["title"] = {
            "text": f"One subject in {every} is shown",
            "fontWeight": "normal",
            "fontSize": 10,
            "color": QUIET,
        }
    return themed(view, description=f"Swimmer plot of {lanes.height} subjects around their progression.")
