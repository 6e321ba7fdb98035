"""Ranges of parameters over an ensemble, and how far each one moves a result."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.figures.lettering import shown_column
from codon12.figures.template import template
from codon12.figures.theme import GROUP_COLOURS, INK, QUIET, RULE, themed

__all__ = ["ensemble_ranges", "tornado"]


@template
def ensemble_ranges(frame: pl.DataFrame) -> dict[str, Any]:
    """Specification of accepted ranges of parameters beside those that were drawn, relative to the set's value.

    Parameters
    ----------
    frame
        NAME, LOW, MEDIAN, HIGH (accepted, over the set's value), PRIOR_LOW, PRIOR_HIGH (drawn, over it).

    Returns
    -------
    dict
        Vega-Lite specification; rows with a value that is not above 0 are left out (the axis is logarithmic).
    """
    rows = frame.select(
        name=shown_column(pl.col("NAME")), low="LOW", median="MEDIAN", high="HIGH", from_="PRIOR_LOW", to="PRIOR_HIGH"
    ).filter(pl.all_horizontal(pl.col(c) > 0 for c in ("low", "median", "high", "from_", "to")))
    y = {"field": "name", "type": "nominal", "sort": rows["name"].to_list(), "title": None, "axis": {"ticks": False}}

    def x(field: str) -> dict[str, Any]:
        scale = {"type": "log", "nice": False}
        axis = {"values": [0.25, 0.33, 0.5, 0.67, 1, 1.5, 2, 3, 4], "format": "~g", "labelOverlap": True}
        return {"field": field, "type": "quantitative", "scale": scale, "axis": axis,
                "title": "Relative to the value of the set"}  # fmt: skip

    layers = [
        {
            "mark": {"type": "rule", "color": RULE, "strokeWidth": 9},
            "encoding": {"y": y, "x": x("from_"), "x2": {"field": "to"}},
        },
        {
            "mark": {"type": "rule", "color": GROUP_COLOURS[0], "strokeWidth": 3},
            "encoding": {"y": y, "x": x("low"), "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 46, "color": GROUP_COLOURS[0], "opacity": 1},
            "encoding": {"y": y, "x": x("median")},
        },
        {
            "data": {"values": [{"one": 1}]},
            "mark": {"type": "rule", "color": INK, "strokeDash": [3, 3], "strokeWidth": 0.8},
            "encoding": {"x": {"field": "one", "type": "quantitative"}},
        },
    ]
    title = {"text": "Grey: drawn (5 to 95%). Blue: accepted (5, 50, 95%).", "fontWeight": "normal", "fontSize": 10,
             "color": QUIET, "orient": "bottom"}  # fmt: skip
    view = {"data": {"values": rows.to_dicts()}, "layer": layers, "width": 400, "height": {"step": 20}, "title": title}
    return themed(view, description=f"Accepted ranges of {rows.height} parameters.")


@template
def tornado(frame: pl.DataFrame, *, base: float, x_title: str = "Objective response (%)") -> dict[str, Any]:
    """Specification of a tornado: a result with each parameter low and high, the widest bar first.

    Parameters
    ----------
    frame
        NAME, LOW, HIGH: the result with the parameter at its low and its high value; missing rows are left out.
    base
        The result with all parameters at their values.

    Returns
    -------
    dict
        Vega-Lite specification.

    Examples
    --------
    >>> spec = tornado(pl.DataFrame({"NAME": ["a", "b"], "LOW": [36.0, 30.0], "HIGH": [39.0, 45.0]}), base=38.0)
    >>> [v["name"] for v in spec["data"]["values"]][0]
    'b'
    """
    rows = (
        frame.select(name=shown_column(pl.col("NAME")), low="LOW", high="HIGH")
        .filter(pl.col("low").is_finite() & pl.col("high").is_finite())
        .sort((pl.col("high") - pl.col("low")).abs(), "name", descending=[True, False])
    )
    names = rows["name"].to_list()
    long = rows.unpivot(["low", "high"], index="name", variable_name="at", value_name="result").with_columns(
        base=pl.lit(base), at=pl.col("at").replace({"low": "parameter low", "high": "parameter high"})
    )
    order = pl.DataFrame({"name": names, "rank": range(len(names))}, schema={"name": pl.String, "rank": pl.Int64})
    long = long.join(order, on="name", how="left").sort("rank", "at").drop("rank")
    layers = [
        {
            "mark": {"type": "bar", "height": 11},
            "encoding": {
                "y": {"field": "name", "type": "nominal", "sort": names, "title": None, "axis": {"ticks": False}},
                "x": {"field": "base", "type": "quantitative", "title": x_title, "scale": {"zero": False}},
                "x2": {"field": "result"},
                "color": {
                    "field": "at",
                    "type": "nominal",
                    "scale": {"domain": ["parameter low", "parameter high"],
                              "range": [GROUP_COLOURS[0], GROUP_COLOURS[1]]},
                    "legend": {"title": None, "orient": "right"},
                },
            },
        },
        {
            "data": {"values": [{"base": base}]},
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1},
            "encoding": {"x": {"field": "base", "type": "quantitative"}},
        },
    ]  # fmt: skip
    view = {"data": {"values": long.to_dicts()}, "layer": layers, "width": 400, "height": {"step": 20}}
    return themed(view, description=f"Result with each of {rows.height} parameters low and high.")
