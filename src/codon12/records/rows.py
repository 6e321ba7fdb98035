"""Rows of a frame for which a condition holds."""

from __future__ import annotations

import polars as pl

__all__ = ["rows_where"]


def rows_where(frame: pl.DataFrame, condition: pl.Expr) -> pl.DataFrame:
    """Keep the rows for which a condition is true; null is not true. The condition may use no column at all.

    polars 2.1 refuses such a condition in `filter` on frames of more than some 32,000 rows ("predicate length of 2"),
    and conditions over columns that a table may lack become one; so it is answered first. Most conditions hold for no
    row, or for all, and then no row is copied.

    Examples
    --------
    >>> rows_where(pl.DataFrame({"A": range(50_000)}), pl.lit("").is_in(["DEAD"])).height
    0
    """
    if frame.is_empty():
        return frame
    kept = frame.select(condition.alias("_KEEP")).to_series()
    hits = kept.sum() or 0
    if not hits:
        return frame.clear()
    return frame if hits == len(kept) else frame.filter(kept)
