"""Paired oncoprint: before and after, side by side in every cell."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.figures.lettering import apart_column, shown_column, text_width
from codon12.figures.template import template
from codon12.figures.theme import INK, RULE, WIDTH, remark, themed

__all__ = ["PAIR_STATES", "paired_oncoprint"]

PAIR_STATES = {
    "retained": "#5d6770",
    "acquired": "#c4581c",
    "lost": "#0b4f8a",
    "present later, not tested before": "#e8b48f",
    "present before, not tested later": "#8fb8dc",
    "present later only": "#a97e70",
    "present before, not found later": "#8872ca",
}
"""State of an alteration in a pair -> colour."""


@template
def paired_oncoprint(
    alterations: pl.DataFrame, *, top: int = 25, pairs: int = 60, width: int = WIDTH["double"]
) -> dict[str, Any]:
    """Specification of an oncoprint of pairs: the left half of a cell is before, the right half after.

    Parameters
    ----------
    alterations
        One row a pair and alteration: PAIR, GENE, STATE (see `PAIR_STATES`). Of several alterations of a gene that
        which changed is drawn in each half: acquired or lost, then the others.
    top, pairs
        Genes (by the number of pairs altered) and pairs that are drawn; a line says what is left out.

    Examples
    --------
    >>> rows = pl.DataFrame({"PAIR": ["1", "1"], "GENE": ["KRAS", "NRAS"], "STATE": ["retained", "acquired"]})
    >>> len(paired_oncoprint(rows)["layer"][1]["data"]["values"])
    3
    """
    rank = {s: i for i, s in enumerate(dict.fromkeys(("acquired", "lost", *PAIR_STATES)))}
    rows = alterations.select(
        pl.col("PAIR").cast(pl.String),
        apart_column(alterations["GENE"], 20).alias("GENE"),
        "STATE",
        rank=pl.col("STATE").replace_strict(rank, default=99, return_dtype=pl.Int64),
    ).sort("rank", maintain_order=True)
    genes = rows.group_by("GENE").agg(n=pl.col("PAIR").n_unique()).sort("n", "GENE", descending=[True, False])
    kept = genes.head(top)["GENE"].to_list()
    changed = rows.filter(pl.col("GENE").is_in(kept))
    order = changed.group_by("PAIR").agg(
        c=pl.col("STATE").is_in(["acquired", "lost"]).sum(), n=pl.len()
    ).sort("c", "n", "PAIR", descending=[True, True, False])  # fmt: skip
    shown_pairs = order.head(pairs)["PAIR"].to_list()
    columns = pl.DataFrame(
        {"PAIR": shown_pairs, "col": range(len(shown_pairs))}, schema={"PAIR": pl.String, "col": pl.Int64}
    )
    lines = pl.DataFrame({"GENE": kept, "row": range(len(kept))}, schema={"GENE": pl.String, "row": pl.Int64})
    cells = changed.join(columns, on="PAIR", how="inner").join(lines, on="GENE", how="inner")
    before = ~pl.col("STATE").is_in(["acquired", "present later, not tested before", "present later only"])
    after = ~pl.col("STATE").is_in(["lost", "present before, not tested later", "present before, not found later"])
    says = pl.format("{}, {}: {}", shown_column(pl.col("PAIR"), 24), "GENE", "STATE")
    one = ["PAIR", "GENE"]
    earlier = cells.filter(before).unique(one, keep="first", maintain_order=True)
    later = cells.filter(after).unique(one, keep="first", maintain_order=True)
    halves = pl.concat(
        [
            earlier.select("STATE", "row", x=pl.col("col") + 0.06, x2=pl.col("col") + 0.48, says=says),
            later.select("STATE", "row", x=pl.col("col") + 0.52, x2=pl.col("col") + 0.94, says=says),
        ]
    ).with_columns(y=pl.col("row") + 0.08, y2=pl.col("row") + 0.92)
    grid = columns.join(lines, how="cross").select(
        x=pl.col("col") + 0.04, x2=pl.col("col") + 0.96, y=pl.col("row") + 0.06, y2=pl.col("row") + 0.94
    )
    present = [s for s in PAIR_STATES if s in set(cells["STATE"])]
    left = max([text_width(g, 11) for g in kept] + [40]) + 12
    x = {
        "type": "quantitative", "axis": None,
        "scale": {"domain": [0, max(1, len(shown_pairs))], "nice": False, "zero": False},
    }  # fmt: skip
    y = {
        "type": "quantitative", "axis": None,
        "scale": {"domain": [0, max(1, len(kept))], "reverse": True, "nice": False, "zero": False},
    }  # fmt: skip
    box = {"x": {**x, "field": "x"}, "x2": {"field": "x2"}, "y": {**y, "field": "y"}, "y2": {"field": "y2"}}
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": grid.to_dicts()},
            "mark": {"type": "rect", "color": "#f3f1ec", "stroke": RULE, "strokeWidth": 0.4},
            "encoding": box,
        },
        {
            "data": {"values": halves.to_dicts()},
            "mark": {"type": "rect"},
            "encoding": {
                **box,
                "color": {
                    "field": "STATE", "type": "nominal",
                    "scale": {"domain": present, "range": [PAIR_STATES[s] for s in present]},
                    "legend": {"title": "Before | after", "orient": "bottom", "columns": 2, "labelLimit": 320},
                },
                "description": {"field": "says"},
            },
        },
        {
            "data": {"values": lines.with_columns(middle=pl.col("row") + 0.5).to_dicts()},
            "mark": {"type": "text", "align": "right", "fontSize": 11, "color": INK},
            "encoding": {"x": {"value": -6}, "y": {**y, "field": "middle"}, "text": {"field": "GENE"}},
        },
    ]  # fmt: skip
    view: dict[str, Any] = {
        "layer": layers, "width": max(120, min(int(width - left - 20), 40 * max(1, len(shown_pairs)))),
        "height": 18 * max(1, len(kept)),
    }  # fmt: skip
    rest = (genes.height - len(kept), order.height - len(shown_pairs))
    if any(rest):
        words = f"{rest[0]} genes and {rest[1]} pairs more are not shown"
        view["title"] = remark(words, orient="top")
    return themed(view, description=f"Paired oncoprint of {len(shown_pairs)} pairs and {len(kept)} genes.")
