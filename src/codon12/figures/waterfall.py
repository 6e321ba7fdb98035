"""Waterfall: best change in the sum of target lesions, one bar a patient, sorted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from codon12.figures.axes import change_axis, change_lines, largest, panel_order
from codon12.figures.lettering import half_up, shown, shown_column
from codon12.figures.page import is_narrow, legend_place
from codon12.figures.template import template
from codon12.figures.theme import INK, PAPER, WIDTH, outline, remark, response_scale, themed

__all__ = ["waterfall"]

MAX_BARS = 400
"""More patients than this share bars, so that a bar never gets thinner than a printer's line."""


_KEY_ABOVE = {
    "titleOrient": "left",
    "titlePadding": 10,
    "orient": "top",
    "direction": "horizontal",
    "offset": 4,
}


@template
def waterfall(
    frame: pl.DataFrame,
    *,
    group: str | None = None,
    groups: Sequence[str] = (),
    thresholds: tuple[float, float] = (-30.0, 20.0),
    ceiling: float = 100.0,
    width: int = WIDTH["double"],
    height: int | None = None,
    y_title: str = "Best change in sum of target lesions (%)",
    legend_title: str = "Best response",
) -> dict[str, Any]:
    """Specification of a waterfall plot.

    Parameters
    ----------
    frame
        One row a patient: USUBJID, PCHG (best percent change; a row without one is left out), BOR (best overall
        response; missing is shown as NE), and the `group` column.
    group, groups
        Column that splits the plot into panels, one below the other, and the order of its values (all that
        occur, sorted, when left out).
    thresholds
        Dashed lines: partial response and progression.
    ceiling
        Increases beyond this are cut there and marked with an arrow head and their value.
    width, height
        Size of one panel in pixels, axes included in the width; the height is 250, less with several panels.

    Returns
    -------
    dict
        Vega-Lite specification. With more than 400 patients in a panel one bar stands for k patients that
        follow one another when sorted: its height is their median, its colour their most frequent response, and
        the axis says so.

    Examples
    --------
    >>> spec = waterfall(pl.DataFrame({"USUBJID": ["1", "2"], "PCHG": [-40.0, 120.0], "BOR": ["PR", "PD"]}))
    >>> [bar["change"] for bar in spec["data"]["values"]]
    [100.0, -40.0]
    """
    panel = pl.col(group).cast(pl.String) if group else pl.lit("")
    bars = (
        frame.filter(pl.col("PCHG").is_not_null() & pl.col("PCHG").is_finite())
        .select(
            panel.fill_null("Missing").alias("panel"),
            shown_column(pl.col("USUBJID")).alias("subject"),
            pl.col("USUBJID").cast(pl.String).alias("key"),
            pl.col("PCHG").cast(pl.Float64).alias("exact"),
            pl.col("BOR").cast(pl.String).fill_null("NE").alias("response"),
        )
        .sort("panel", pl.col("exact"), "key", descending=[False, True, False])
    )
    order = panel_order(bars["panel"], groups)
    bars = bars.filter(pl.col("panel").is_in(order))
    narrow = is_narrow(width)
    tall = height or {0: 250, 1: 250, 2: 200}.get(len(order), 160)
    count = int(largest(bars.group_by("panel").len()["len"]))
    share = -(-count // MAX_BARS) if count else 1
    bars = _shared(bars, share).with_columns(
        pl.int_range(pl.len()).over("panel").alias("rank"),
        pl.col("exact").clip(-100.0, ceiling).alias("change"),
        (pl.col("exact") > ceiling).alias("clipped"),
        pl.format("{}%", half_up(pl.col("exact"), 1)).str.replace("-", "−", literal=True).alias("value"),
    )
    top = max(thresholds[1] + 20, min(ceiling, largest(bars["change"])) + 4) if bars.height else ceiling
    columns = int(largest(bars["rank"])) + 1 if bars.height else 1
    x = {
        "field": "rank",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [-0.7, max(columns, 8) - 0.3], "nice": False, "zero": False},
    }
    bar = max(0.6, (width - 70) / max(columns, 8) * (0.86 if columns < 150 else 1.0))
    note = f"Each bar: {share} patients, median change, most frequent response" if share > 1 else None
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "size": min(bar, 26)},
            "encoding": {
                "x": x,
                "y": change_axis("change", top, title=y_title if tall >= 220 else "Best change (%)"),
                "color": {
                    "field": "response",
                    "type": "nominal",
                    "scale": response_scale(bars["response"].unique().to_list()),
                    "legend": {
                        "title": legend_title,
                        **_KEY_ABOVE,
                        **(legend_place(width) | {"titleOrient": "top"} if narrow else {}),
                    },
                },
                "description": {"field": "says"},
                **(outline(bars["response"].unique().to_list()) if bar >= 3 else {}),
            },
        },
        *change_lines(thresholds),
        {
            "transform": [{"filter": "datum.clipped"}],
            "mark": {"type": "point", "shape": "triangle-up", "filled": True, "size": 34, "color": INK, "yOffset": -4},
            "encoding": {"x": x, "y": {"field": "change", "type": "quantitative"}},
        },
    ]
    if bar >= 8:
        layers.append(
            {
                "transform": [{"filter": "datum.clipped"}],
                "mark": {
                    "type": "text",
                    "angle": 270,
                    "align": "right",
                    "fontSize": 9 if narrow else 8.5,
                    "color": PAPER,
                    "dx": -4,
                },
                "encoding": {"x": x, "y": {"field": "change", "type": "quantitative"}, "text": {"field": "value"}},
            }
        )
    view: dict[str, Any] = {"layer": layers, "width": width - 70, "height": tall}
    if note:
        view["title"] = remark(note)
    values = bars.with_columns(pl.format("{}: {}, {}", "subject", "value", "response").alias("says")).select(
        "panel", "subject", "rank", "change", "exact", "clipped", "value", "response", "says"
    )
    text = f"Waterfall plot of {count if len(order) == 1 else bars.height} patients."
    if len(order) <= 1:
        return themed({"data": {"values": values.to_dicts()}, **view}, description=text)
    panels = [
        {
            **view,
            "transform": [{"filter": {"field": "panel", "equal": name}}],
            "title": {"text": shown(name, 80), **({"subtitle": note} if note else {})},
        }
        for name in order
    ]
    return themed({"data": {"values": values.to_dicts()}, "vconcat": panels, "spacing": 18}, description=text)


def _shared(bars: pl.DataFrame, share: int) -> pl.DataFrame:
    """One bar for `share` patients that follow one another."""
    if share <= 1:
        return bars
    bin_ = (pl.int_range(pl.len()).over("panel") // share).alias("bin")
    counts = bars.with_columns(bin_)
    common = (
        counts.group_by("panel", "bin", "response")
        .len()
        .sort("panel", "bin", "len", "response", descending=[False, False, True, False])
        .group_by("panel", "bin", maintain_order=True)
        .first()
    )
    return (
        counts.group_by("panel", "bin", maintain_order=True)
        .agg(pl.format("{} patients", pl.len()).alias("subject"), pl.col("exact").median())
        .join(common.select("panel", "bin", "response"), on=["panel", "bin"], how="left", maintain_order="left")
        .with_columns(pl.col("subject").alias("key"))
    )
