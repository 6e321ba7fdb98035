"""Who assessed, in analysis data as given."""

from __future__ import annotations

import polars as pl

__all__ = ["given_evaluator"]


def given_evaluator(frame: pl.DataFrame) -> pl.Expr:
    """Who assessed, by the first of EVAL, PARCAT2 and PARAM that there is; an investigator where nothing is said."""
    for column in ("EVAL", "PARCAT2", "PARAM"):
        if column in frame.columns:
            central = pl.col(column).cast(pl.String).str.to_uppercase().str.contains("INDEPENDENT|CENTRAL|BICR|IRC")
            return pl.when(central.fill_null(value=False)).then(pl.lit("CENTRAL")).otherwise(pl.lit("INVESTIGATOR"))
    return pl.lit("INVESTIGATOR")
