"""UpSet: how many members have exactly which combination of sets."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.figures.axes import largest
from codon12.figures.lettering import apart_column, text_width
from codon12.figures.page import is_narrow
from codon12.figures.template import template
from codon12.figures.theme import GROUP_COLOURS, INK, RULE, WIDTH, remark, themed

__all__ = ["upset"]


@template
def upset(
    frame: pl.DataFrame,
    *,
    member: str = "USUBJID",
    of: str = "SITE",
    sets: int = 10,
    combinations: int = 20,
    width: int = WIDTH["double"],
    y_title: str = "Subjects",
) -> dict[str, Any]:
    """Specification of an UpSet plot: bars of the combinations, and below each the sets that make it.

    Parameters
    ----------
    frame
        One row a member and set: the columns `member` and `of`.
    sets, combinations
        The most frequent ones that are drawn; sets beyond count as ``other``, and a line says how many combinations are
        left out.

    Examples
    --------
    >>> rows = pl.DataFrame({"USUBJID": ["1", "1", "2", "3"], "SITE": ["lung", "liver", "lung", "lung"]})
    >>> [v["n"] for v in upset(rows)["vconcat"][0]["data"]["values"]]
    [2, 1]
    """
    rows = frame.select(pl.col(member).cast(pl.String).alias("m"), apart_column(frame[of], 28).alias("s"))
    rows = rows.drop_nulls().unique()
    sizes = rows.group_by("s").len("n").sort("n", "s", descending=[True, False])
    kept = sizes.head(sets)["s"].to_list()
    rest = "other" if "other" not in kept else f"other ({sizes.height - sets} sites)"
    rows = rows.with_columns(pl.when(pl.col("s").is_in(kept)).then("s").otherwise(pl.lit(rest)).alias("s")).unique()
    names = [*kept, *([rest] if sizes.height > sets else [])]
    joined = rows.group_by("m").agg(pl.col("s").unique().sort()).with_columns(key=pl.col("s").list.join("+"))
    groups = (
        joined.group_by("key").agg(n=pl.len(), parts=pl.col("s").first()).sort("n", "key", descending=[True, False])
    )
    combinations = min(combinations, 12) if is_narrow(width) else combinations
    left_out = max(0, groups.height - combinations)
    groups = groups.head(combinations).with_row_index("at").with_columns(label=pl.col("n").cast(pl.String))
    groups = groups.with_columns(says=pl.format("{}: {}", "key", "n"))
    dots = groups.select("at", "parts").explode("parts").rename({"parts": "set"})
    ranks = pl.DataFrame({"set": names, "row": range(len(names))}, schema={"set": pl.String, "row": pl.Int64})
    grid = groups.select("at").join(ranks, how="cross")
    dots = dots.join(ranks, on="set", how="inner")
    spans = dots.group_by("at").agg(low=pl.col("row").min(), high=pl.col("row").max())
    left = max([text_width(s, 11) for s in names] + [40]) + 12
    plot = max(160, int(width - left - 30))
    x = {
        "field": "at", "type": "quantitative", "axis": None,
        "scale": {"domain": [-0.6, max(groups.height, 1) - 0.4], "nice": False, "zero": False},
    }  # fmt: skip
    step = plot / max(1, groups.height)
    few = {"values": [*range(most + 1)]} if (most := int(largest(groups["n"]))) <= 5 else {}
    count = {"field": "n", "type": "quantitative", "title": y_title, "axis": {"format": "d", **few}}
    bars = {
        "data": {"values": groups.select("at", "n", "label", "says").to_dicts()},
        "width": plot,
        "height": 150,
        "layer": [
            {
                "mark": {"type": "bar", "size": max(4.0, min(26.0, step * 0.6)), "color": GROUP_COLOURS[0]},
                "encoding": {
                    "x": x, "y": count,
                    "description": {"field": "says"},
                },
            },
            {
                "mark": {"type": "text", "dy": -6, "fontSize": 10, "color": INK},
                "encoding": {"x": x, "y": count, "text": {"field": "label"}},
            },
        ],
    }  # fmt: skip
    y = {
        "field": "row", "type": "quantitative", "axis": None,
        "scale": {"domain": [-0.6, max(len(names), 1) - 0.4], "reverse": True, "nice": False, "zero": False},
    }  # fmt: skip
    size = max(16.0, min(90.0, (step * 0.5) ** 2))
    matrix: dict[str, Any] = {
        "width": plot,
        "height": 18 * max(1, len(names)),
        "layer": [
            {
                "data": {"values": grid.to_dicts()},
                "mark": {"type": "point", "filled": True, "size": size, "color": RULE, "opacity": 1},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": spans.to_dicts()},
                "mark": {"type": "rule", "strokeWidth": 2, "color": INK},
                "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
            },
            {
                "data": {"values": dots.to_dicts()},
                "mark": {"type": "point", "filled": True, "size": size, "color": INK, "opacity": 1},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": ranks.to_dicts()},
                "mark": {"type": "text", "align": "right", "fontSize": 11, "color": INK},
                "encoding": {"x": {"value": -8}, "y": y, "text": {"field": "set"}},
            },
        ],
    }  # fmt: skip
    if left_out:
        matrix["title"] = remark(f"{left_out} rarer combinations are not shown")
    text = f"UpSet plot of {joined.height} members in {len(names)} sets."
    return themed({"vconcat": [bars, matrix], "spacing": 4}, description=text)
