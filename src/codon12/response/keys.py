"""Which columns separate subjects and readers, and which name a row's source."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from codon12.errors import DataError, UsageError

__all__ = ["group_number", "grouping", "in_order", "need", "refuse", "sources", "visit_key"]

_GROUPING = ("USUBJID", "EVAL", "EVALID")
_SOURCES = ("SRCDOM", "SRCROW", "SRCSEQ", "SRCVAR")


def grouping(frame: pl.DataFrame) -> list[str]:
    """Columns that separate subjects and evaluators: USUBJID, and EVAL and EVALID where present."""
    return [c for c in _GROUPING if c in frame.columns]


def sources(frame: pl.DataFrame) -> list[str]:
    """Columns of the frame that name the row of origin."""
    return [c for c in _SOURCES if c in frame.columns]


def need(frame: pl.DataFrame, columns: Iterable[str], *, what: str) -> None:
    """Raise UsageError where `frame` lacks one of `columns`."""
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        raise UsageError(
            f"{what}: column(s) {', '.join(missing)} missing; it has {', '.join(frame.columns) or 'none'}"
        )


def refuse(bad: pl.DataFrame, column: str, *, what: str, advice: str) -> None:
    """Raise DataError that names the values in `column` of the rows `bad` and how many subjects they touch."""
    if bad.is_empty():
        return
    values = sorted(bad[column].cast(pl.String).unique().drop_nulls().to_list())
    shown = ", ".join(repr(v) for v in values[:5]) + (" ..." if len(values) > 5 else "")
    n = bad["USUBJID"].n_unique()
    first = bad["USUBJID"].cast(pl.String).min()
    raise DataError(
        f"{what}: {column} {shown} in {n} subject{'' if n == 1 else 's'} (first: {first}). {advice}"
    )


def visit_key(frame: pl.DataFrame) -> pl.Expr:
    """One number a visit: VISITNUM, or the date (far from any visit number) where there is none."""
    by_date = pl.col("ADT").to_physical().cast(pl.Float64) + 1e9
    if "VISITNUM" not in frame.columns:
        return by_date.alias("_visit")
    return pl.coalesce(pl.col("VISITNUM").cast(pl.Float64), by_date).alias("_visit")


def in_order(frame: pl.DataFrame, *, keys: list[str]) -> pl.DataFrame:
    """Sort by subject, evaluator, date, and what else makes the order independent of the rows' own."""
    by = [*keys, "ADT", *(c for c in ("VISITNUM", "SRCROW", "SRCSEQ") if c in frame.columns)]
    return frame.sort(by, nulls_last=True, maintain_order=True)


def group_number(keys: list[str]) -> pl.Expr:
    """Number of the subject and evaluator in a frame sorted by `keys`."""
    changed = pl.any_horizontal(pl.col(k).ne_missing(pl.col(k).shift()) for k in keys)
    return changed.fill_null(value=True).cum_sum().cast(pl.UInt32).alias("_g")
