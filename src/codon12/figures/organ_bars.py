"""Bars of the organs in which disease progressed."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.figures.lettering import apart_column, half_up, text_width
from codon12.figures.page import is_narrow, legend_place
from codon12.figures.template import template
from codon12.figures.theme import GROUP_COLOURS, INK, QUIET, WIDTH, remark, themed

__all__ = ["organ_bars"]

_COLOURS = {
    "thoracic": GROUP_COLOURS[0],
    "liver": GROUP_COLOURS[1],
    "extrathoracic": GROUP_COLOURS[2],
    "not known": QUIET,
}


@template
def organ_bars(sites: pl.DataFrame, *, total: int, top: int = 20, width: int = WIDTH["middle"]) -> dict[str, Any]:
    """Specification of a bar for every site, coloured by class of organs.

    Parameters
    ----------
    sites
        One row a subject and site: USUBJID, SITE, CLASS (thoracic, liver, extrathoracic, not known).
    total
        Subjects with a progression: the percentages are of them.
    top
        The most frequent sites that are drawn.

    Examples
    --------
    >>> sites = pl.DataFrame({"USUBJID": ["1", "1", "2"], "SITE": ["lung", "liver", "lung"],
    ...     "CLASS": ["thoracic", "liver", "thoracic"]})
    >>> [v["label"] for v in organ_bars(sites, total=4)["data"]["values"]]
    ['2 (50%)', '1 (25%)']
    """
    named = sites.select("USUBJID", SITE=apart_column(sites["SITE"]), CLASS=pl.col("CLASS").fill_null("not known"))
    every = named.group_by("SITE").agg(n=pl.col("USUBJID").n_unique(), group=pl.col("CLASS").first())
    counts = every.sort("n", "SITE", descending=[True, False]).head(top)
    counts = counts.with_columns(percent=100 * pl.col("n") / max(total, 1))
    counts = counts.with_columns(label=pl.format("{} ({}%)", "n", half_up(pl.col("percent"), 0).cast(pl.Int64)))
    present = [c for c in _COLOURS if c in set(counts["group"])]
    left = max([text_width(s, 11) for s in counts["SITE"]] + [40]) + 12
    y = {"field": "SITE", "type": "nominal", "sort": None, "title": None, "axis": {"ticks": False, "domain": False}}
    narrow = is_narrow(width)
    plot = max(140, int(width - left - (20 if narrow else 120)))
    most = max(10.0, float(str(counts["percent"].max() or 0)))
    room = (
        max([text_width(t, 10) for t in counts["label"]], default=0.0) + 10
    )  # the longest bar's label, inside the axis
    end = max(most * 1.15, most * plot / max(plot - room, plot / 2))
    x = {
        "field": "percent", "type": "quantitative", "title": "Subjects with a progression (%)",
        "scale": {"domain": [0, end]}, **({"axis": {"tickCount": 5}} if narrow else {}),
    }  # fmt: skip
    layers = [
        {
            "mark": {"type": "bar", "height": {"band": 0.7}},
            "encoding": {
                "y": y,
                "x": x,
                "color": {
                    "field": "group", "type": "nominal",
                    "scale": {"domain": present, "range": [_COLOURS[c] for c in present]},
                    "legend": {"title": "Class", **legend_place(width, columns=2), "symbolType": "square"},
                },
                "description": {"field": "label"},
            },
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 10, "color": INK},
            "encoding": {"y": y, "x": x, "text": {"field": "label"}},
        },
    ]  # fmt: skip
    view: dict[str, Any] = {"layer": layers, "width": plot, "height": 20 * max(1, counts.height)}
    if every.height > top:
        view["title"] = remark(f"{every.height - top} rarer sites are not shown")
    return themed(
        {"data": {"values": counts.to_dicts()}, **view}, description=f"Organs at progression of {total} subjects."
    )
