"""Figures of a design: its boundaries, and its operating characteristics over all rates."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from codon12.design.protocol.record import DesignRecord
from codon12.design.single_arm.boundaries import Boundaries
from codon12.errors import DesignError
from codon12.figures import boundary
from codon12.figures.theme import themed

__all__ = ["boundary_figure", "curves_figure"]


def boundary_figure(record: DesignRecord) -> dict[str, Any]:
    """Give the figure of the futility, efficacy and success boundaries."""
    b = _boundaries(record)
    table = b.to_frame()
    looks = table.filter(~pl.col("final"))
    ends = table.filter("final")
    parts = []
    for column, name in (("stop_at_most", "stop at or below"), ("stop_at_least", "stop at or above")):
        known = looks.filter(pl.col(column).is_not_null())
        if known.height:
            last = ends.select("n", pl.lit(known[column][-1], dtype=pl.Int64).alias(column))
            rows = pl.concat([known.select("n", column), last])
            parts.append(rows.select(x="n", y=column, NAME=pl.lit(name)))
    parts.append(pl.DataFrame({"x": [b.n], "y": [b.success_at_least], "NAME": ["success"]}))
    lines = pl.concat(parts)
    areas = looks.select(
        x="n",
        low=pl.lit(0, dtype=pl.Int64),
        high=pl.col("stop_at_most").fill_null(0),
        KIND=pl.lit("stop"),
    )
    if areas.height:  # the last look's rule holds until the final analysis
        areas = pl.concat([areas, areas.tail(1).with_columns(x=pl.lit(b.n, dtype=areas.schema["x"]))])
    return boundary(lines, areas=areas if areas.height else None)


def curves_figure(record: DesignRecord) -> dict[str, Any]:
    """Give the figure of success and early stop over all true rates."""
    b = _boundaries(record)
    seen = b.operating_characteristics(np.linspace(0, 1, 101))
    curves = {
        "success": seen.success,
        "early stop": seen.stop_early,
        "expected share of patients": seen.expected_n / b.n,
    }
    rows = [
        {"rate": float(r), "probability": float(v), "curve": name}
        for name, values in curves.items()
        for r, v in zip(seen.rates, values, strict=True)
    ]
    return themed(
        {
            "data": {"values": rows},
            "width": 420,
            "height": 260,
            "mark": {"type": "line", "strokeWidth": 1.6},
            "encoding": {
                "x": {"field": "rate", "type": "quantitative", "title": "True response rate"},
                "y": {
                    "field": "probability",
                    "type": "quantitative",
                    "title": "Probability",
                    "scale": {"domain": [0, 1]},
                },
                "color": {"field": "curve", "type": "nominal", "title": None, "sort": list(curves)},
            },
        },
        description="Probability of success and of an early stop by the true response rate.",
    )


def _boundaries(record: DesignRecord) -> Boundaries:
    found = getattr(record.answer, "boundaries", None)
    if not isinstance(found, Boundaries):
        raise DesignError(f"a {record.kind} design has no boundaries by number of responses to draw")
    return found
