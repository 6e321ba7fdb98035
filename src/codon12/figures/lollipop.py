"""Lollipop: where in a protein its mutations lie, and how many patients have each."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.figures.axes import largest
from codon12.figures.lettering import shown, shown_column
from codon12.figures.oncoprint import ALTERATIONS
from codon12.figures.page import is_narrow, legend_place
from codon12.figures.template import template
from codon12.figures.theme import INK, QUIET, RULE, WIDTH, themed

__all__ = ["lollipop"]

_FEW = 5
"""Patients up to which every one has a tick."""


@template
def lollipop(
    variants: pl.DataFrame,
    *,
    length: int,
    domains: pl.DataFrame | None = None,
    label_from: int = 2,
    gene: str = "",
    width: int = WIDTH["double"],
    height: int = 190,
) -> dict[str, Any]:
    """Specification of a lollipop plot.

    Parameters
    ----------
    variants
        One row a protein change: POS (codon; a row without one is left out), LABEL (``G12C``), N (patients), CLASS (as
        in an oncoprint).
    length
        Number of amino acids of the protein.
    domains
        START, END, NAME of its domains, drawn on the backbone.
    label_from
        Changes with fewer patients are drawn without a label; labels of one codon are stacked in one.

    Examples
    --------
    >>> variants = pl.DataFrame({"POS": [12], "LABEL": ["G12C"], "N": [5], "CLASS": ["missense"]})
    >>> lollipop(variants, length=189, gene="KRAS")["description"]
    'Lollipop plot of KRAS: 5 alterations, 1 different.'
    """
    heads = variants.select(
        pl.col("POS").cast(pl.Float64).alias("at"),
        shown_column(pl.col("LABEL")).alias("label"),
        pl.col("N").cast(pl.Int64).alias("n"),
        pl.when(pl.col("CLASS").is_in(list(ALTERATIONS))).then("CLASS").otherwise(pl.lit("other")).alias("kind"),
    )
    heads = heads.drop_nulls("at").sort("at", "n", "label", descending=[False, True, False])
    heads = heads.with_columns(pl.format("{}: {} patients", "label", "n").alias("says"))
    most = max(1.0, largest(heads["n"]))
    x = {
        "type": "quantitative",
        "scale": {"domain": [0, max(length, largest(heads["at"]))], "nice": False},
        "title": f"{shown(gene)} codon".strip(),
        "axis": {"labelFlush": False, "offset": 18, "tickMinStep": 1, "format": "d", **_ticks(width)},
    }
    y = {
        "type": "quantitative",
        "scale": {"domain": [0, most * 1.12], "nice": False},
        "title": "No. of patients",
        "axis": {"format": "d", **({"values": [*range(int(most) + 1)]} if most <= _FEW else {"tickCount": 5})},
    }
    present = [c for c in ALTERATIONS if c in set(heads["kind"])]
    colour = {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": present, "range": [ALTERATIONS[c] for c in present]},
        "legend": {"title": None, **legend_place(width), "symbolType": "circle"} if len(present) > 1 else None,
    }
    plot = width - (75 if is_narrow(width) else 130)
    labels = _labels(heads, label_from, apart=length * 46 / plot, line=most * 1.12 * 11 / height)
    backbone: list[dict[str, Any]] = [
        {
            "data": {"values": [{"from": 0, "to": length}]},
            "mark": {"type": "rule", "strokeWidth": 7, "color": RULE},
            "encoding": {
                "x": {"field": "from", **x},
                "x2": {"field": "to"},
                "y": {"value": height + 9},
            },
        }
    ]
    if domains is not None and domains.height:
        boxes = domains.select(
            pl.col("START").alias("from"),
            pl.col("END").alias("to"),
            ((pl.col("START") + pl.col("END")) / 2).alias("middle"),
            shown_column(pl.col("NAME")).alias("name"),
        ).to_dicts()
        place = {"y": {"value": height + 9}}
        backbone += [
            {
                "data": {"values": boxes},
                "mark": {"type": "rule", "strokeWidth": 14, "color": "#8fb8dc"},
                "encoding": {"x": {"field": "from", **x}, "x2": {"field": "to"}, **place},
            },
            {
                "data": {"values": boxes},
                "mark": {"type": "text", "baseline": "middle", "fontSize": 9.5},
                "encoding": {"x": {"field": "middle", **x}, "text": {"field": "name"}, **place},
            },
        ]
    layers = [
        *backbone,
        {
            "data": {"values": heads.to_dicts()},
            "mark": {"type": "rule", "color": QUIET, "strokeWidth": 0.8},
            "encoding": {"x": {"field": "at", **x}, "y": {"field": "n", **y}, "y2": {"value": height}},
        },
        {
            "data": {"values": heads.to_dicts()},
            "mark": {"type": "point", "filled": True, "size": 62, "opacity": 1, "stroke": "white", "strokeWidth": 0.6},
            "encoding": {
                "x": {"field": "at", **x},
                "y": {"field": "n", **y},
                "color": colour,
                "description": {"field": "says"},
            },
        },
        {
            "data": {"values": labels.to_dicts()},
            "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 7, "fontSize": 10, "color": INK},
            "encoding": {"x": {"field": "at", **x}, "y": {"field": "n", **y}, "text": {"field": "label"}},
        },
    ]
    total = int(heads["n"].sum() or 0)
    return themed(
        {"layer": layers, "width": plot, "height": height},
        description=f"Lollipop plot of {shown(gene)}: {total} alterations, {heads.height} different.",
    )


def _ticks(width: float) -> dict[str, Any]:
    return {"tickCount": 6} if is_narrow(width) else {}


def _labels(heads: pl.DataFrame, label_from: int, *, apart: float, line: float) -> pl.DataFrame:
    """Labels of the heads that are frequent enough; one too near a taller one of its codon joins that one's label."""
    kept: list[dict[str, Any]] = []
    for row in heads.filter(pl.col("n") >= label_from).sort("n", "at", descending=[True, False]).to_dicts():
        near = [k for k in kept if abs(k["at"] - row["at"]) < apart and abs(k["n"] - row["n"]) < line]
        own = next((k for k in near if k["at"] == row["at"]), None)
        if own is not None:
            own["label"] += f", {row['label']}"
        elif not near:
            kept.append(row)
    return pl.DataFrame(kept, schema=heads.schema)
