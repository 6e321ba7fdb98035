"""Several measurements where one is wanted: of a lesion within a visit, and at baseline."""

from __future__ import annotations

import polars as pl

from codon12.response.keys import with_reference

__all__ = ["carried_to_baseline", "one_a_lesion"]


def one_a_lesion(rows: pl.DataFrame, *, by: list[str], lesion: str) -> pl.DataFrame:
    """Of several measurements of one lesion at one visit (`by`, last of it the visit), the one that counts.

    A measurement before none; the method of the lesion's first visit before another; then the last day; then the
    larger. Where several methods were used and none is that of the first visit, the larger of all. Each row kept has
    the first and the last day of its visit as ADT and `_end`, and of several visit numbers the lowest.
    """
    measured = pl.col("_um").is_not_null()
    own = [*by[:-1], lesion]
    order = [c for c in ("SRCROW", "SRCSEQ") if c in rows.columns]
    day = pl.col("ADT")
    rank: list[pl.Expr] = [measured]
    if "METHOD" in rows.columns:
        rows = rows.with_columns(pl.col("METHOD").cast(pl.String))
        first = (
            rows.filter(measured & pl.col("METHOD").is_not_null())
            .sort([*own, "ADT", "_um", "METHOD"], descending=[*(False for _ in own), False, True, False])
            .unique(own, keep="first", maintain_order=True)
            .select(*own, pl.col("METHOD").alias("_method"))
        )
        rows = rows.join(first, on=own, how="left", nulls_equal=True, maintain_order="left")
        same = (pl.col("METHOD") == pl.col("_method")).fill_null(value=False) & measured
        here = [*by, lesion]
        mixed = (pl.col("METHOD").filter(measured).n_unique().over(here) > 1) & ~same.any().over(here)
        rank.append(same)
        day = pl.when(mixed).then(None).otherwise("ADT")
    number = pl.col("VISITNUM")
    named = [number.min().over(by)] if "VISITNUM" in rows.columns else []
    if named and "VISIT" in rows.columns:  # of two numbers on one day the lower names the visit
        named.append(pl.coalesce(pl.col("VISIT").get(number.arg_min()).over(by), "VISIT"))
    rows = rows.with_columns(
        *named,
        pl.col("ADT").min().over(by).alias("_begin"),
        pl.col("_end" if "_end" in rows.columns else "ADT").max().over(by).alias("_end"),
        *(r.alias(f"_rank{i}") for i, r in enumerate(rank)),
        day.alias("_day"),
    )
    ranks = [f"_rank{i}" for i in range(len(rank))]
    rows = rows.sort([*by, lesion, *ranks, "_day", "_um", *order], nulls_last=False)
    rows = rows.unique([*by, lesion], keep="last", maintain_order=True)
    return rows.with_columns(pl.col("_begin").alias("ADT")).drop(*ranks, "_day", "_begin", "_method", strict=False)


def carried_to_baseline(
    bits: pl.DataFrame, visits: pl.DataFrame, reference: pl.DataFrame, *, keys: list[str]
) -> pl.DataFrame:
    """Lesions whose last measurement before the reference date lies at an earlier visit than the baseline's.

    `bits` are measurements (`_bit`, `_um`), `visits` their visits (`_visit`, `_mask`, `_um`). The rows given are
    those measurements under the baseline's visit, without a date, visit or source of their own.
    """
    latest = reference["ADT"].max()
    if latest is None:
        return bits.clear()
    early = visits.filter(pl.col("ADT") <= latest)  # few, and no other can be before its own date
    before = with_reference(early, reference).filter(pl.col("_um").is_not_null() & (pl.col("ADT") <= pl.col("_ref")))
    several = before.filter(pl.len().over(keys) > 1)
    if several.is_empty():
        return bits.clear()
    order = ["ADT", *(c for c in ("VISITNUM", "SRCROW", "SRCSEQ") if c in several.columns)]
    base = (
        several.sort(order, nulls_last=True, maintain_order=True)
        .unique(keys, keep="last", maintain_order=True)
        .select(*keys, pl.col("_visit").alias("_base"), pl.col("_mask").alias("_bmask"))
    )
    earlier = (
        bits.filter(pl.col("_um").is_not_null())
        .join(several.select(*keys, "_visit"), on=[*keys, "_visit"], how="semi", nulls_equal=True)
        .join(base, on=keys, how="inner", nulls_equal=True)
        .filter(pl.col("_bit") & pl.col("_bmask") == 0)
        .sort([*keys, "_bit", "ADT", "_um"])
        .unique([*keys, "_bit"], keep="last", maintain_order=True)
    )
    no_own = [c for c in ("ADT", "_end", "VISITNUM", "VISIT", "SRCROW", "SRCSEQ") if c in earlier.columns]
    blank = [pl.lit(None, earlier.schema[c]).alias(c) for c in no_own]
    return earlier.with_columns(pl.col("_base").alias("_visit"), *blank).select(bits.columns)
