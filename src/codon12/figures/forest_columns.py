"""Columns of text beside a forest: where they stand, and which of them a narrow figure keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
import polars as pl

from codon12.figures.lettering import wrapped

__all__ = ["ROW", "TextColumn", "aligned", "broken", "column_texts", "fitting"]

ROW = 18.0
"""Pixels from one line of a forest to the next."""


class TextColumn(msgspec.Struct, frozen=True):
    """A column of text in a forest: its frame column, its heading, and the side of the plot it stands on."""

    field: str
    title: str
    side: Literal["left", "right"] = "right"
    align: Literal["left", "right", "center"] = "left"


def fitting(columns: Sequence[TextColumn], sizes: dict[str, float], room: float, least: float) -> Sequence[TextColumn]:
    """Columns that leave the plot its least width: those left of it go first, then the last; the first right stays."""
    kept = list(columns)
    while room - sum(sizes[c.field] + 18 for c in kept) < least:
        first = next((c for c in kept if c.side == "right"), None)
        rest = [c for c in kept if c is not first]
        if not rest:
            break
        kept.remove(next((c for c in rest if c.side == "left"), rest[-1]))
    return kept


def broken(rows: pl.DataFrame, room: float) -> pl.DataFrame:
    """Rows whose label is wider than its column go on in lines of their own below, without numbers."""
    parts = pl.Series("label", [wrapped(t, room - 12 * i) for t, i in rows.select("label", "indent").iter_rows()])
    first = pl.int_range(pl.len()).over("at") == 0
    long = rows.with_columns(parts).explode("label")
    empty = [pl.when(first).then(c) for c, t in rows.schema.items() if t == pl.Float64]
    blank = [c for c, t in rows.schema.items() if t == pl.String and c != "label"]
    return long.with_columns(
        *empty, *(pl.when(first).then(c).otherwise(pl.lit("")).alias(c) for c in blank)
    ).with_columns(pl.int_range(pl.len()).alias("at"))


def column_texts(
    rows: pl.DataFrame,
    left: Sequence[TextColumn],
    right: Sequence[TextColumn],
    sizes: dict[str, float],
    label_title: str,
    left_width: float,
    plot: int,
) -> list[dict[str, Any]]:
    """Every text with its place in pixels; the heading line stands above the rule."""

    def at(i: float) -> float:
        return ROW * (i + 0.5)

    texts = [{"text": label_title, "px": -left_width, "py": -14, "align": "left", "bold": True}]
    for text, i, indent, heading in rows.select("label", "at", "indent", "heading").iter_rows():
        texts.append({"text": text, "px": -left_width + 12 * indent, "py": at(i), "align": "left", "bold": heading})
    edge = -14.0 - sum(sizes[c.field] + 18 for c in left)
    places = []
    for c in left:
        places.append((c, edge + 18))
        edge += sizes[c.field] + 18
    edge = float(plot)
    for c in right:
        places.append((c, edge + 18))
        edge += sizes[c.field] + 18
    for c, start in places:
        px = start + {"left": 0.0, "center": sizes[c.field] / 2, "right": sizes[c.field]}[c.align]
        texts.append({"text": c.title, "px": px, "py": -14, "align": c.align, "bold": True})
        texts += [
            {"text": t, "px": px, "py": at(i), "align": c.align, "bold": False}
            for t, i in rows.select(c.field, "at").iter_rows()
            if t
        ]
    return texts


def aligned(layer: dict[str, Any], texts: list[dict[str, Any]], align: str, *, bold: bool) -> dict[str, Any]:
    """Of a layer of texts those of one alignment and weight."""
    own = [t for t in texts if t["align"] == align and t["bold"] == bold]
    weight = "bold" if bold else "normal"
    return {**layer, "data": {"values": own}, "mark": {**layer["mark"], "align": align, "fontWeight": weight}}
