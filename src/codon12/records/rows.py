"""Rows of a frame for which a condition holds, or that others may repeat."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

__all__ = ["by_value", "may_repeat", "rows_where"]


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


def may_repeat(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """Tell which rows may be equal to another in some columns; that a row is alone is sure, null being a value.

    By a hash, which is far quicker than grouping: what looks at groups of several rows need not see the others.

    Examples
    --------
    >>> may_repeat(pl.DataFrame({"A": [1, 2, 1], "B": [None, "x", None]}), ["A", "B"]).to_list()
    [True, False, True]
    """
    return frame.select(columns).hash_rows().is_duplicated()


def by_value(frame: pl.DataFrame, columns: Sequence[str], told: Sequence[pl.Expr]) -> pl.DataFrame:
    """Add, or replace, columns that are told from a few others of few values, worked out once for each value.

    Examples
    --------
    >>> rows = pl.DataFrame({"E": ["a", None, "a"], "N": [1, 2, 3]})
    >>> by_value(rows, ["E"], [pl.col("E").str.to_uppercase()])["E"].to_list()
    ['A', None, 'A']
    """
    if not columns:
        return frame.with_columns(told)
    asked = frame.select(columns)
    values = asked.unique()
    answers = values.select(*(pl.col(c).alias(f"_{i}") for i, c in enumerate(columns)), *told)
    asked.columns = [f"_{i}" for i in range(len(columns))]
    found = asked.join(answers, on=asked.columns, how="left", nulls_equal=True, maintain_order="left")
    return frame.with_columns(found.drop(asked.columns))
