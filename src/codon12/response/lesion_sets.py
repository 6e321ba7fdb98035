"""Sets of lesions of one subject as bits of an integer, so that sets compare exactly and fast."""

from __future__ import annotations

import polars as pl

from codon12.errors import DataError

__all__ = ["lesion_bit", "mask_of", "size_of"]

_BITS = 62


def lesion_bit(rows: pl.DataFrame, *, keys: list[str]) -> pl.DataFrame:
    """Add `_bit`, an integer with one bit set a lesion: the same within a subject and evaluator for the same LESIONID.

    Raises
    ------
    DataError
        A subject has more than 62 lesions of one group.
    """
    names = rows["LESIONID"].unique().cast(pl.String).drop_nulls().sort()
    if len(names) <= _BITS:
        bits = pl.Series("_bit", [2**i for i in range(len(names))], dtype=pl.Int64)
        return rows.with_columns(bits.gather(rows["LESIONID"].cast(pl.Enum(names)).to_physical()))
    # identifiers that name the subject, say: number them within each
    place = pl.col("LESIONID").cast(pl.String).rank("dense").over(keys).cast(pl.Int64) - 1
    rows = rows.with_columns(place.alias("_bit"))
    if rows.select((pl.col("_bit") >= _BITS).any()).item():
        raise DataError(f"lesions: a subject has more than {_BITS} lesions of one group; check LESIONID")
    return rows.with_columns(pl.lit(2, dtype=pl.Int64).pow(pl.col("_bit")).cast(pl.Int64).alias("_bit"))


def mask_of(condition: pl.Expr) -> pl.Expr:
    """Of the lesions where `condition` holds, the bits (an aggregation)."""
    return pl.when(condition).then(pl.col("_bit")).otherwise(0)


def size_of(mask: pl.Expr) -> pl.Expr:
    """Number of lesions in a set."""
    return mask.bitwise_count_ones().cast(pl.UInt16)
