"""Forest: one line a subgroup, the estimate with its interval beside its numbers as text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import msgspec
import numpy as np
import polars as pl

from codon12.errors import UsageError
from codon12.figures.axes import largest, smallest
from codon12.figures.forest_columns import ROW, TextColumn, aligned, broken, column_texts, fitting
from codon12.figures.lettering import apart, half_up, shown, text_width
from codon12.figures.page import is_narrow
from codon12.figures.template import template
from codon12.figures.theme import GROUP_COLOURS, INK, QUIET, RULE, WIDTH, themed

__all__ = ["TextColumn", "forest"]

_LEAST_PLOT, _LABEL = 110, 120.0
"""In a narrow figure: pixels that the plot keeps, and those of a label before it goes on in a second line."""
_RATIO_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 4, 5, 10, 20, 50, 100)


@template
def forest(
    frame: pl.DataFrame,
    *,
    scale: Literal["ratio", "percent", "difference"] = "percent",
    columns: Sequence[TextColumn] = (TextColumn("n", "n", "left", "right"),),
    label_title: str = "Subgroup",
    reference: float | None = None,
    domain: tuple[float, float] | None = None,
    sides: tuple[str, str] | None = None,
    width: int = WIDTH["double"],
    x_title: str = "Objective response (%)",
) -> dict[str, Any]:
    """Specification of a forest plot.

    Parameters
    ----------
    frame
        One row a line, in order: label, value, lower, upper (empty value: no box, text columns still print), n
        (size of the box, may be empty), indent (0 or 1), heading (true: a line of text only, in bold), overall
        (true: a diamond instead of a box), and every text column. Columns left out are empty.
    scale
        ``ratio`` (logarithmic, line at 1), ``percent`` (0 to 100) or ``difference`` (linear, line at 0).
    columns
        Text columns left and right of the plot.
    reference
        Dashed line, as a rule the overall estimate.
    domain
        Ends of the axis; intervals that go beyond end in an arrow head. Chosen from the data when left out: of
        ratios within 0.05 and 20, or as far as an estimate lies beyond, within 0.01 and 100.
    sides
        Words below the axis left and right of no effect ("Drug better", "Control better").

    Returns
    -------
    dict
        Vega-Lite specification; box areas are in proportion to n.

    Raises
    ------
    UsageError
        An unknown scale, or a ratio that is not positive.

    Examples
    --------
    >>> rows = pl.DataFrame({"label": ["All"], "n": [124], "value": [37.1], "lower": [28.6], "upper": [46.2]})
    >>> forest(rows)["height"]
    18.0
    """
    if scale not in ("ratio", "percent", "difference"):
        raise UsageError(f"scale must be ratio, percent or difference; got {scale!r}")
    narrow = is_narrow(width)
    rows = _rows(frame, columns)
    if scale == "ratio" and bool((rows["value"] <= 0).any()):
        raise UsageError("a ratio must be positive to stand on a logarithmic scale")
    low, high = domain or _domain(rows, scale)
    if narrow:
        rows = broken(rows, _LABEL)
    lines = rows.filter(~pl.col("heading"))  # a heading may run on over the empty cells beside it
    head = max(
        [text_width(label_title), *(text_width(t) + 12 * i for t, i in lines.select("label", "indent").iter_rows())]
    )
    titles = apart([c.title for c in columns], 30)
    columns = [msgspec.structs.replace(c, title=titles[c.title]) for c in columns]
    sizes = {c.field: max([text_width(c.title), *(text_width(t) for t in rows[c.field])]) for c in columns}
    if width < WIDTH["double"]:
        all_columns, columns = columns, fitting(columns, sizes, width - head - 34, _LEAST_PLOT)
        named_by_column = len(columns) < len(all_columns) and label_title
        label_title = "Subgroup" if named_by_column else label_title  # what headed the columns that are gone
    left = [c for c in columns if c.side == "left"]
    right = [c for c in columns if c.side == "right"]
    left_width = head + sum(sizes[c.field] + 18 for c in left) + 14
    right_width = sum(sizes[c.field] + 18 for c in right)
    plot = max(_LEAST_PLOT if narrow else 150, int(width - left_width - right_width - 20))
    rows = rows.with_columns(
        pl.col("lower").clip(low, high).alias("from"),
        pl.col("upper").clip(low, high).alias("to"),
        pl.col("at").cast(pl.Float64),
        ((pl.col("value") >= low) & (pl.col("value") <= high)).alias("inside"),
    )
    height = ROW * max(rows.height, 1)
    x: dict[str, Any] = {
        "type": "quantitative",
        "title": x_title,
        "scale": {"domain": [low, high], "nice": False, "type": "log" if scale == "ratio" else "linear"},
        "axis": {
            "values": _ticks(low, high, scale, few=narrow),
            "labelFlush": False,
            "offset": 2,
            "format": "~r",
            **({"titlePadding": 8} if not sides else {"titlePadding": 20}),
        },
    }
    y = {
        "field": "at",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [-0.5, max(rows.height, 1) - 0.5], "reverse": True, "nice": False, "zero": False},
    }
    layers = _lines(rows, x, y, scale=scale, reference=reference)
    layers += _boxes(rows, x, y, low, high)
    texts = column_texts(rows, left, right, sizes, label_title, left_width, plot)
    layers.append(
        {
            "data": {"values": texts},
            "mark": {"type": "text", "baseline": "middle"},
            "encoding": {
                "x": {"field": "px", "type": "quantitative", "scale": None},
                "y": {"field": "py", "type": "quantitative", "scale": None, "axis": None},
                "text": {"field": "text"},
            },
        }
    )
    layers[-1:] = [
        aligned(layers[-1], texts, a, bold=bold) for a in ("left", "right", "center") for bold in (False, True)
    ]
    if sides:
        layers += _sides(sides, low, high, plot, height, scale)
    rule = {
        "data": {"values": [{}]},
        "mark": {"type": "rule", "color": RULE, "strokeWidth": 0.8},
        "encoding": {"x": {"value": -left_width}, "x2": {"value": plot + right_width}, "y": {"value": -4}},
    }
    return themed(
        {"layer": [rule, *layers], "width": plot, "height": height, "resolve": {"scale": {"color": "independent"}}},
        description=f"Forest plot of {rows.height} lines.",
    )


def _rows(frame: pl.DataFrame, columns: Sequence[TextColumn]) -> pl.DataFrame:
    """All columns the plot reads, texts fit for display."""
    defaults = {
        "value": pl.lit(None, pl.Float64),
        "lower": pl.lit(None, pl.Float64),
        "upper": pl.lit(None, pl.Float64),
        "n": pl.lit(None, pl.Int64),
        "indent": pl.lit(0),
        "heading": pl.lit(value=False),
        "overall": pl.lit(value=False),
    }
    frame = frame.with_columns(*(e.alias(c) for c, e in defaults.items() if c not in frame.columns))
    numeric = [pl.col(c).cast(pl.Float64).fill_nan(None) for c in ("value", "lower", "upper")]
    most = largest(frame["n"], 1.0)
    box = (pl.col("n").cast(pl.Float64) / (most or 1.0)).fill_null(0.35).clip(0.06, 1.0) * 110
    texts = [
        pl.col(c).cast(pl.String).fill_null("").map_elements(lambda t: shown(t, 64), return_dtype=pl.String).alias(c)
        for c in dict.fromkeys(["label", *(c.field for c in columns)])
    ]
    return frame.with_columns(*numeric, box.alias("box"), pl.int_range(pl.len()).alias("at")).with_columns(
        *texts, pl.col("heading", "overall").fill_null(value=False), pl.col("indent").fill_null(0)
    )


def _domain(rows: pl.DataFrame, scale: str) -> tuple[float, float]:
    if scale == "percent":
        return 0.0, 100.0
    ends = pl.concat([rows["lower"], rows["upper"], rows["value"]]).drop_nulls()
    ends = ends.filter(ends.is_finite())
    if scale == "difference":
        far = max(1.0, largest(ends.abs(), 1.0))
        return -far, far
    ends = ends.filter(ends > 0)
    low, high = smallest(ends, 0.5), largest(ends, 2.0)
    seen = rows["value"].filter(rows["value"].is_finite() & (rows["value"] > 0))  # an estimate is worth a longer axis
    low = min(max(low, min(0.05, smallest(seen, 1.0))), 0.5)
    high = max(min(high, max(20.0, largest(seen, 1.0))), 2.0)
    below = [t for t in _RATIO_TICKS if t <= low]
    above = [t for t in _RATIO_TICKS if t >= high]
    return (below or _RATIO_TICKS[:1])[-1], (above or _RATIO_TICKS[-1:])[0]


def _ticks(low: float, high: float, scale: str, *, few: bool = False) -> list[float]:
    if scale == "ratio":
        named = (0.05, 0.2, 1, 5, 20) if few else (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
        named = (0.01, 0.1, 1, 10, 100) if high / low > 200 else named
        named = (0.05, 0.1, 0.5, 1, 2, 10, 20) if high / low <= 16 else named
        named = (*named, 0.25, 4) if high / low <= 16 else named
        return sorted(t for t in named if low <= t <= high)
    step = 10.0 ** math.floor(math.log10((high - low) / 2))
    step = next(s for s in (step, 2 * step, 5 * step, 10 * step) if (high - low) / s <= (4 if few else 6))
    return [float(v) for v in np.arange(math.ceil(low / step), math.floor(high / step) + 1) * step]


def _lines(rows: pl.DataFrame, x: Any, y: Any, *, scale: str, reference: float | None) -> list[dict[str, Any]]:
    out = []
    null = {"ratio": 1.0, "difference": 0.0}.get(scale)
    for at, dash, colour in ((null, [], QUIET), (reference, [4, 3], QUIET)):
        if at is not None and math.isfinite(at):
            out.append(
                {
                    "data": {"values": [{"x": at}]},
                    "mark": {"type": "rule", "strokeDash": dash, "color": colour, "strokeWidth": 0.8},
                    "encoding": {"x": {**x, "field": "x"}},
                }
            )
    whole = rows.filter(pl.col("from").is_not_null() & pl.col("to").is_not_null())
    out.append(
        {
            "data": {"values": whole.select("at", "from", "to").to_dicts()},
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1.2},
            "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"}, "y": y},
        }
    )
    return out


def _boxes(rows: pl.DataFrame, x: Any, y: Any, low: float, high: float) -> list[dict[str, Any]]:
    says = pl.format(
        "{}: {} ({} to {})",
        "label",
        half_up(pl.col("value"), 2),
        half_up(pl.col("lower"), 2),
        half_up(pl.col("upper"), 2),
    ).alias("says")
    drawn = rows.filter("inside").with_columns(says)
    out = []
    for overall, shape in ((False, "square"), (True, "diamond")):
        own = drawn.filter(pl.col("overall") == overall)
        if own.height:
            out.append(
                {
                    "data": {"values": own.select("at", "value", "box", "says").to_dicts()},
                    "mark": {"type": "point", "shape": shape, "filled": True, "opacity": 1, "color": GROUP_COLOURS[0]},
                    "encoding": {
                        "x": {**x, "field": "value"},
                        "y": y,
                        "description": {"field": "says"},
                        "size": {"field": "box", "type": "quantitative", "scale": None},
                    },
                }
            )
    for column, edge, shape, test in (
        ("from", low, "triangle-left", pl.col("lower") < low),
        ("to", high, "triangle-right", pl.col("upper") > high),
    ):
        over = rows.filter(test)
        if over.height:
            out.append(
                {
                    "data": {"values": [{"at": a, column: edge} for a in over["at"]]},
                    "mark": {"type": "point", "shape": shape, "filled": True, "size": 40, "color": INK, "opacity": 1},
                    "encoding": {"x": {**x, "field": column}, "y": y},
                }
            )
    return out


def _sides(
    sides: tuple[str, str], low: float, high: float, plot: int, height: float, scale: str
) -> list[dict[str, Any]]:
    named = apart(sides)
    middle = plot * (math.log(1 / low) / math.log(high / low) if scale == "ratio" else -low / (high - low))
    return [
        {
            "data": {"values": [{"text": text}]},
            "mark": {"type": "text", "align": align, "color": QUIET, "fontSize": 10},
            "encoding": {"x": {"value": middle + shift}, "y": {"value": height + 28}, "text": {"field": "text"}},
        }
        for text, align, shift in ((f"← {named[sides[0]]}", "right", -6), (f"{named[sides[1]]} →", "left", 6))
    ]
