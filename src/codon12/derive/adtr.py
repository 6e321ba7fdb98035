"""ADTR: sums of diameters, with the row of the best change and the rows of responders marked."""

from __future__ import annotations

import polars as pl

from codon12.derive.context import Context
from codon12.response import best_percent_change

__all__ = ["with_best_change", "with_responders"]


def with_best_change(sums: pl.DataFrame) -> pl.DataFrame:
    """ANL02FL: the row of the best change, which the waterfall shows."""
    best = best_percent_change(sums).select("USUBJID", "EVAL", "ADT").with_columns(ANL02FL=pl.lit("Y"))
    complete = pl.when((pl.col("ANL01FL") == "Y") & pl.col("ABLFL").is_null()).then("ANL02FL")
    return sums.join(best, on=["USUBJID", "EVAL", "ADT"], how="left", maintain_order="left").with_columns(
        complete.alias("ANL02FL")
    )


def with_responders(adtr: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Mark in ADTR the rows of subjects with a response, evaluator by evaluator."""
    best = context.frames["adrs"].filter(PARAMCD=context.best_response[0])
    hit = best.filter(pl.col("AVALC").is_in(list(context.responders))).select("USUBJID", "EVAL")
    flag = hit.unique().with_columns(RESPONDERFL=pl.lit("Y"))
    return adtr.join(flag, on=["USUBJID", "EVAL"], how="left", maintain_order="left")
