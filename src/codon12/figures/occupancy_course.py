"""Free drug in blood, and what it leaves of the GTP-bound protein, over the days of dosing."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.figures.axes import largest
from codon12.figures.template import template
from codon12.figures.theme import GROUP_COLOURS, QUIET, themed

__all__ = ["dose_response", "occupancy_course"]


@template
def occupancy_course(frame: pl.DataFrame, *, floor: float | None = None) -> dict[str, Any]:
    """Specification of two panels over one time: unbound drug, and inhibited and GTP-bound protein.

    Parameters
    ----------
    frame
        HOURS, FREE (umol/L), BOUND (share of the protein), GTP (share of its value without drug).
    floor
        GTP, as a share of its value without drug, that no inhibitor of the GDP-bound state goes below; a dashed line.

    Returns
    -------
    dict
        Vega-Lite specification.
    """
    rows = frame.select(
        day=pl.col("HOURS") / 24, free="FREE", bound=100 * pl.col("BOUND"), gtp=100 * pl.col("GTP")
    ).filter(pl.all_horizontal(pl.all().is_finite()))  # fmt: skip
    end = float(rows["day"].max() or 1) if rows.height else 1.0  # type: ignore[arg-type]
    x = {"field": "day", "type": "quantitative", "scale": {"domain": [0, end], "nice": False}}
    long = rows.unpivot(["bound", "gtp"], index="day", variable_name="what", value_name="percent").with_columns(
        pl.col("what").replace({"bound": "inhibited", "gtp": "GTP-bound, of baseline"})
    )
    lines: list[dict[str, Any]] = [
        {
            "data": {"values": long.to_dicts()},
            "mark": {"type": "line", "strokeWidth": 1.8},
            "encoding": {
                "x": {**x, "title": "Days of treatment"},
                "y": {
                    "field": "percent",
                    "type": "quantitative",
                    "title": "Protein (%)",
                    "scale": {"domain": [0, max(100.0, largest(long["percent"]))]},
                },
                "color": {
                    "field": "what",
                    "type": "nominal",
                    "scale": {"domain": ["inhibited", "GTP-bound, of baseline"], "range": list(GROUP_COLOURS[:2])},
                    "legend": {"title": None, "orient": "right", "symbolType": "stroke"},
                },
            },
        }
    ]
    if floor is not None:
        lines += _floor(100 * floor, end)
    return themed(
        {
            "vconcat": [
                {
                    "data": {"values": rows.select("day", "free").to_dicts()},
                    "width": 430,
                    "height": 110,
                    "mark": {"type": "line", "strokeWidth": 1.4, "color": QUIET},
                    "encoding": {
                        "x": {**x, "title": None},
                        "y": {"field": "free", "type": "quantitative", "title": "Free drug (µmol/L)"},
                    },
                },
                {"layer": lines, "width": 430, "height": 200},
            ]
        },
        description="Free drug over time, and inhibited and GTP-bound protein below it.",
    )


def _floor(at: float, end: float, *, x: float | None = None) -> list[dict[str, Any]]:
    value = [{"at": at, "says": f"floor {at:.1f}%", "x": end if x is None else x}]
    return [
        {
            "data": {"values": value},
            "mark": {"type": "rule", "strokeDash": [4, 3], "color": QUIET, "strokeWidth": 1},
            "encoding": {"y": {"field": "at", "type": "quantitative"}},
        },
        {
            "data": {"values": value},
            "mark": {"type": "text", "align": "left", "dx": 4, "color": QUIET},
            "encoding": {
                "x": {"field": "x", "type": "quantitative"},
                "y": {"field": "at", "type": "quantitative"},
                "text": {"field": "says"},
            },
        },
    ]


@template
def dose_response(
    frame: pl.DataFrame,
    *,
    floor: float | None = None,
    x_title: str = "Drug (mol/L)",
    y_title: str = "GTP-bound mutant protein (% of baseline)",
) -> dict[str, Any]:
    """Specification of GTP-bound protein over dose or concentration, on a logarithmic axis, with the floor.

    Parameters
    ----------
    frame
        DOSE (above 0), GTP (share of its value without drug), [CURVE: name of a line].
    floor
        As of `occupancy_course`.

    Returns
    -------
    dict
        Vega-Lite specification; rows without a positive dose are left out.

    Examples
    --------
    >>> spec = dose_response(pl.DataFrame({"DOSE": [1e-7, 1e-6], "GTP": [0.8, 0.27]}), floor=0.04)
    >>> len(spec["layer"])
    3
    """
    curve = pl.col("CURVE").cast(pl.String) if "CURVE" in frame.columns else pl.lit("GTP-bound")
    rows = frame.select(dose=pl.col("DOSE").cast(pl.Float64), gtp=100 * pl.col("GTP").cast(pl.Float64), curve=curve)
    rows = rows.filter((pl.col("dose") > 0) & pl.col("dose").is_finite() & pl.col("gtp").is_finite())
    names = rows["curve"].unique(maintain_order=True).to_list()
    top = max(100.0, largest(rows["gtp"]))  # a dose may raise it above its value without drug
    colour: dict[str, Any] = {"field": "curve", "type": "nominal", "sort": names}
    colour["scale"] = {"domain": names, "range": [GROUP_COLOURS[i % len(GROUP_COLOURS)] for i in range(len(names))]}
    colour["legend"] = {"title": None, "orient": "right", "symbolType": "stroke"} if len(names) > 1 else None
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "line", "strokeWidth": 1.8, "point": {"size": 22} if rows.height <= 16 else False},
            "encoding": {
                "x": {
                    "field": "dose",
                    "type": "quantitative",
                    "scale": {"type": "log", "nice": False},
                    "title": x_title,
                    "axis": {"format": "~g" if (rows["dose"].max() or 0) > 0.1 else "~e", "tickCount": 6},  # type: ignore[operator]
                },
                "y": {"field": "gtp", "type": "quantitative", "title": y_title, "scale": {"domain": [0, top]}},
                "color": colour,
            },
        }
    ]
    if floor is not None and rows.height:
        layers += _floor(100 * floor, 0, x=float(rows["dose"].max()))  # type: ignore[arg-type]
    view = {"data": {"values": rows.to_dicts()}, "layer": layers, "width": 430, "height": 240}
    return themed(view, description="GTP-bound protein over dose, with the floor that no potency goes below.")
