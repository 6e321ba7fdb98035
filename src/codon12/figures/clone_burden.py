"""The cells of one patient's tumour under treatment, and the readings of the scans on top."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.figures.axes import largest, months
from codon12.figures.template import template
from codon12.figures.theme import GROUP_COLOURS, INK, themed

__all__ = ["clone_burden"]

_COLOURS = {"sensitive": GROUP_COLOURS[0], "resistant": GROUP_COLOURS[1], "acquired": GROUP_COLOURS[3]}


@template
def clone_burden(clones: pl.DataFrame, readings: pl.DataFrame | None = None) -> dict[str, Any]:
    """Specification of the burden of clones over time, with the sum of diameters as it was read.

    Parameters
    ----------
    clones
        MONTHS, CLONE (``sensitive``, ``resistant``, ``acquired``), VOLUME (cm3).
    readings
        MONTHS, SUM (mm, as read); missing sums are left out.

    Returns
    -------
    dict
        Vega-Lite specification: volumes on a logarithmic axis above, readings below.
    """
    rows = clones.select(month="MONTHS", clone=pl.col("CLONE").cast(pl.String), volume="VOLUME")
    rows = rows.filter((pl.col("volume") > 0) & pl.col("volume").is_finite())
    top = float(rows["volume"].max() or 1.0)  # type: ignore[arg-type]
    rows = rows.filter(pl.col("volume") > top * 1e-7)
    end = max(largest(rows["month"]), largest(readings["MONTHS"]) if readings is not None else 0.0) or 1.0
    parts: list[dict[str, Any]] = [
        {
            "data": {"values": rows.to_dicts()},
            "width": 430,
            "height": 190,
            "mark": {"type": "line", "strokeWidth": 2},
            "encoding": {
                "x": months("month", end, title=None if readings is not None else "Months since start of treatment"),
                "y": {
                    "field": "volume",
                    "type": "quantitative",
                    "scale": {"type": "log"},
                    "title": "Cells (cm³)",
                    "axis": {"format": "~g", "tickCount": 6},
                },
                "color": {
                    "field": "clone",
                    "type": "nominal",
                    "scale": {"domain": list(_COLOURS), "range": list(_COLOURS.values())},
                    "legend": {"title": None, "orient": "right", "symbolType": "stroke"},
                },
            },
        }
    ]
    if readings is not None:
        seen = readings.select(month="MONTHS", sum=pl.col("SUM").cast(pl.Float64)).filter(pl.col("sum").is_finite())
        parts.append(
            {
                "data": {"values": seen.to_dicts()},
                "width": 430,
                "height": 130,
                "mark": {"type": "line", "color": INK, "strokeWidth": 1, "point": {"color": INK, "size": 36}},
                "encoding": {
                    "x": months("month", end, title="Months since start of treatment"),
                    "y": {"field": "sum", "type": "quantitative", "title": "Sum as read (mm)"},
                },
            }
        )
    return themed({"vconcat": parts}, description="Sensitive, resistant and acquired cells, and the readings.")
