"""Spider: change of the sum of target lesions over time, one line a patient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from codon12.figures.axes import change_axis, change_lines, largest, months, panel_order
from codon12.figures.lettering import half_up, shown, shown_column
from codon12.figures.page import is_narrow, legend_place
from codon12.figures.template import template
from codon12.figures.theme import WIDTH, remark, response_scale, themed

__all__ = ["spider"]

MAX_LINES = 500


@template
def spider(
    frame: pl.DataFrame,
    *,
    group: str | None = None,
    groups: Sequence[str] = (),
    thresholds: tuple[float, float] = (-30.0, 20.0),
    ceiling: float = 150.0,
    width: int = WIDTH["double"],
    height: int | None = None,
    x_title: str = "Months since start of treatment",
    y_title: str = "Change in sum of target lesions (%)",
    legend_title: str = "Best response",
) -> dict[str, Any]:
    """Specification of a spider plot.

    Parameters
    ----------
    frame
        One row a visit with a complete sum: USUBJID, TIME (months from the start; baseline at 0 is added where it
        is missing), PCHG (percent change from baseline), BOR (best overall response; missing is shown as NE).
        Rows without TIME or PCHG are left out.
    group, groups
        Column that splits the plot into panels, one below the other, and the order of its values.
    thresholds
        Dashed lines: partial response and progression.
    ceiling
        Increases beyond this are drawn at it and marked with an arrow head.

    Returns
    -------
    dict
        Vega-Lite specification; beyond 500 patients every k-th line (by last change) is drawn and a line says so.

    Examples
    --------
    >>> spec = spider(pl.DataFrame({"USUBJID": ["1", "1"], "TIME": [1.4, 2.8], "PCHG": [-10.0, -35.0],
    ...     "BOR": ["PR", "PR"]}))
    >>> [round(v["change"]) for v in spec["data"]["values"]]
    [0, -10, -35]
    """
    panel = pl.col(group).cast(pl.String).fill_null("Missing") if group else pl.lit("")
    visits = frame.select(
        panel.alias("panel"),
        pl.col("USUBJID").cast(pl.String).alias("key"),
        shown_column(pl.col("USUBJID")).alias("subject"),
        pl.col("TIME").cast(pl.Float64).alias("month"),
        pl.col("PCHG").cast(pl.Float64).alias("exact"),
        pl.col("BOR").cast(pl.String).fill_null("NE").alias("response"),
    ).filter(pl.col("month").is_finite() & pl.col("exact").is_finite() & (pl.col("month") > 0))
    order = panel_order(visits["panel"], groups)
    visits = visits.filter(pl.col("panel").is_in(order))
    start = visits.unique("key", maintain_order=True).with_columns(month=pl.lit(0.0), exact=pl.lit(0.0))
    lines = pl.concat([start, visits]).sort("key", "month", "exact")
    last = lines.group_by("key", maintain_order=True).last().sort("exact", "key")
    last = last.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("line"))
    every = -(-last.height // MAX_LINES) if last.height else 1
    last = last.filter(pl.col("line") % every == 0)
    lines = (
        lines.join(last.select("key", "line"), on="key", how="inner", maintain_order="left")
        .with_columns(
            pl.col("exact").clip(-100.0, ceiling).alias("change"),
            (pl.col("exact") > ceiling).alias("clipped"),
            pl.format(
                "{}: {}% at {} months, best response {}",
                "subject",
                half_up(pl.col("exact"), 1),
                half_up(pl.col("month"), 1),
                "response",
            ).alias("says"),
        )
        .select("panel", "line", "subject", "month", "change", "clipped", "response", "says")
    )
    top = min(ceiling, max(thresholds[1] + 20, largest(lines["change"])))
    top = 20.0 * -(-top // 20)
    colour = {
        "field": "response",
        "type": "nominal",
        "scale": response_scale(lines["response"].unique().to_list()),
        "legend": {"title": legend_title, **legend_place(width), "symbolType": "stroke", "symbolStrokeWidth": 3},
    }
    count = max(1, last.height)
    weight = 1.4 if count <= 60 else 1.0 if count <= 150 else 0.6
    end = largest(lines["month"], 1.0)
    narrow = is_narrow(width)
    height = height or (230 if narrow else 300)
    x = months("month", end, title=x_title, most=7 if narrow else 13)
    tall = height if len(order) <= 1 else round(height * 2 / 3)
    y = change_axis("change", top, title=y_title if tall >= 190 else "Change (%)")
    layers: list[dict[str, Any]] = change_lines(thresholds)
    layers.append(
        {
            "mark": {
                "type": "line",
                "strokeWidth": weight,
                "opacity": 1,
                "strokeOpacity": 0.85 if count <= 150 else 0.55,
                "strokeJoin": "round",
            },
            "encoding": {"x": x, "y": y, "color": colour, "detail": {"field": "line"}},
        }
    )
    if count <= 150:
        layers.append(
            {
                "mark": {"type": "point", "filled": True, "size": 11 if count <= 60 else 6, "opacity": 1},
                "encoding": {"x": x, "y": y, "color": {**colour, "legend": None}, "description": {"field": "says"}},
            }
        )
    if lines["clipped"].any():
        head = {"type": "point", "shape": "triangle-up", "filled": True, "size": 34, "yOffset": -4, "opacity": 1}
        heads = {"x": x, "y": y, "color": {**colour, "legend": None}}
        layers.append({"transform": [{"filter": "datum.clipped"}], "mark": head, "encoding": heads})
    view: dict[str, Any] = {"layer": layers, "width": width - (75 if narrow else 150), "height": height}
    if every > 1:
        note = f"One patient in {every} is shown, in order of the last change"
        view["title"] = remark(note)
    text = f"Spider plot of {last.height} patients."
    if len(order) <= 1:
        return themed({"data": {"values": lines.drop("panel").to_dicts()}, **view}, description=text)
    panels = [
        {
            **view,
            "height": tall,
            "transform": [{"filter": {"field": "panel", "equal": name}}],
            "title": {"text": shown(name, 80), **({"subtitle": view["title"]["text"]} if every > 1 else {})},
        }
        for name in order
    ]
    return themed({"data": {"values": lines.to_dicts()}, "vconcat": panels, "spacing": 18}, description=text)
