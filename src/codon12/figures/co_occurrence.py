"""Co-occurrence: which genes are altered together, and which avoid one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from codon12.figures.lettering import half_up, text_width
from codon12.figures.template import template
from codon12.figures.theme import PAPER, QUIET, WIDTH, themed

__all__ = ["co_occurrence"]


@template
def co_occurrence(
    pairs: pl.DataFrame,
    *,
    genes: Sequence[str] = (),
    alpha: float = 0.05,
    limit: float = 3.0,
    note: str = "",
    width: int = WIDTH["middle"],
) -> dict[str, Any]:
    """Specification of a triangle of pairs, coloured by log2 odds ratio.

    Parameters
    ----------
    pairs
        One row an unordered pair: A, B, ODDS (odds ratio, 0 and infinity are values), P (as adjusted as the caller
        says), N (patients with both).
    genes
        Order of rows and columns; that of first appearance when left out.
    alpha
        Pairs with P below this carry a dot.
    limit
        Log2 odds ratios beyond this have the colour of it.
    note
        Sentence below the plot: the test and how multiplicity was handled.

    Examples
    --------
    >>> pairs = pl.DataFrame({"A": ["KRAS"], "B": ["EGFR"], "ODDS": [0.1], "P": [0.01], "N": [1]})
    >>> co_occurrence(pairs)["layer"][0]["data"]["values"][0]["ratio"]
    -3.0
    """
    order = list(genes) or list(dict.fromkeys([*pairs["A"], *pairs["B"]]))
    place = {g: i for i, g in enumerate(order)}
    first, second = (
        pl.col(c).cast(pl.String).replace_strict(place, default=None, return_dtype=pl.Int64) for c in ("A", "B")
    )
    log2 = pl.when(pl.col("ODDS") <= 0).then(-limit).otherwise(pl.col("ODDS").log(2)).clip(-limit, limit)
    cells = (
        pairs.with_columns(i=pl.min_horizontal(first, second), j=pl.max_horizontal(first, second))
        .filter(pl.col("i").is_not_null() & (pl.col("i") < pl.col("j")))
        .select(
            "i",
            "j",
            log2.round(3).alias("ratio"),
            (pl.col("P") < alpha).fill_null(value=False).alias("marked"),
            pl.format(
                "{} and {}: {} patients, odds ratio {}, P {}",
                "A",
                "B",
                "N",
                half_up(pl.col("ODDS"), 2),
                half_up(pl.col("P"), 4),
            ).alias("says"),
        )
        .sort("i", "j")
    )
    n = max(2, len(order))
    left = max([text_width(g) for g in order] + [30]) + 10
    step = max(12, min(30, int((width - left - 110) / n)))
    x = {"type": "quantitative", "axis": None, "scale": {"domain": [0, n - 1], "nice": False, "zero": False}}
    y = {
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [1, n], "reverse": True, "nice": False, "zero": False},
    }
    edges = [
        {**c, "x0": c["i"] + 0.04, "x1": c["i"] + 0.96, "y0": c["j"] + 0.04, "y1": c["j"] + 0.96}
        for c in cells.to_dicts()
    ]
    dots = [{"x": e["i"] + 0.5, "y": e["j"] + 0.5, "strong": abs(e["ratio"]) > limit / 2} for e in edges if e["marked"]]
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": edges},
            "mark": {"type": "rect"},
            "encoding": {
                "x": {"field": "x0", **x},
                "x2": {"field": "x1"},
                "y": {"field": "y0", **y},
                "y2": {"field": "y1"},
                "color": {
                    "field": "ratio",
                    "type": "quantitative",
                    "scale": {
                        "domain": [-limit, 0, limit],
                        "range": ["#c4581c", "#f1f2f3", "#0b4f8a"],
                        "interpolate": "rgb",
                    },
                    "legend": {
                        "title": ["Odds ratio (log2)"],
                        "orient": "right",
                        "gradientLength": min(110, step * n),
                        "gradientThickness": 9,
                        "values": [-limit, 0, limit],
                        "labelExpr": "datum.value < 0 ? '≤' + datum.label : datum.value > 0 ? '≥' + datum.label : '0'",
                    },
                },
                "description": {"field": "says"},
            },
        },
        {
            "data": {"values": dots},
            "mark": {"type": "point", "filled": True, "size": 16, "opacity": 1},
            "encoding": {
                "x": {"field": "x", **x},
                "y": {"field": "y", **y},
                "color": {
                    "condition": {"test": "datum.strong", "value": PAPER},
                    "value": QUIET,
                },
            },
        },
        {
            "data": {"values": [{"gene": g, "at": i + 0.5} for i, g in enumerate(order) if i > 0]},
            "mark": {"type": "text", "align": "right", "baseline": "middle"},
            "encoding": {"x": {"value": -6}, "y": {"field": "at", **y}, "text": {"field": "gene"}},
        },
        {
            "data": {"values": [{"gene": g, "at": i + 0.5} for i, g in enumerate(order[:-1])]},
            "mark": {"type": "text", "align": "right", "baseline": "middle", "angle": 315},
            "encoding": {"x": {"field": "at", **x}, "y": {"value": step * (n - 1) + 10}, "text": {"field": "gene"}},
        },
    ]
    view: dict[str, Any] = {"layer": layers, "width": step * (n - 1), "height": step * (n - 1)}
    words = f"Dot: P < {alpha:g}. {note}".strip()
    view["title"] = {"text": words, "fontWeight": "normal", "fontSize": 10, "color": QUIET}
    return themed(view, description=f"Co-occurrence of alterations in {len(order)} genes.")
