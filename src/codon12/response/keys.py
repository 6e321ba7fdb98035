"""Which columns separate subjects and readers, and which name a row's source."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from codon12.errors import DataError, UsageError

__all__ = [
    "group_number",
    "grouping",
    "in_order",
    "maybe_repeated",
    "named",
    "need",
    "numbered",
    "refuse",
    "sources",
    "visit_key",
    "with_reference",
]

_GROUPING = ("USUBJID", "EVAL", "EVALID")
_NUMBER = "_k"
_SOURCES = ("SRCDOM", "SRCROW", "SRCSEQ", "SRCVAR")


def grouping(frame: pl.DataFrame) -> list[str]:
    """Columns that separate subjects and evaluators: USUBJID, and EVAL and EVALID where present.

    A frame that carries their number (see ``numbered``) is grouped by that alone.
    """
    if _NUMBER in frame.columns:
        return [_NUMBER]
    return [c for c in _GROUPING if c in frame.columns]


def numbered(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add one integer `_k` a subject and evaluator, and give the table that says which is which.

    Grouping tens of millions of rows by one integer takes a fraction of the time and memory that two or three
    text columns take. Other functions group by `_k` where they see it; ``named`` puts the columns back.
    """
    keys = grouping(frame)
    number = pl.lit(0, dtype=pl.Int64)
    coded = frame.select(
        pl.col(k)
        if isinstance(frame.schema[k], (pl.Categorical, pl.Enum))
        else pl.col(k).cast(pl.String).cast(pl.Categorical)
        for k in keys
    ).select(pl.all().to_physical().cast(pl.Int64))
    for k in keys:
        spread = coded.select(
            pl.col(k).min().fill_null(0), (pl.col(k).max() - pl.col(k).min()).fill_null(0).alias("_width")
        )
        low, width = (int(v) for v in spread.row(0))
        number = number * (width + 2) + (pl.col(k) - low + 1).fill_null(0)
    numbers = coded.select(number.alias(_NUMBER))[_NUMBER]
    frame = frame.with_columns(numbers)
    names = frame.select(*keys, _NUMBER).unique(_NUMBER).sort(keys, nulls_last=True)
    return frame, names.with_row_index("_order")


def named(frame: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Put subject and evaluator back in place of their number, sorted by them, date and visit."""
    keys = [c for c in names.columns if c not in (_NUMBER, "_order")]
    by = ["_order", *(c for c in ("ADT", "VISITNUM") if c in frame.columns)]
    rows = frame.join(names, on=_NUMBER, how="left").sort(by, nulls_last=True)
    return rows.select(*keys, pl.exclude(*keys, _NUMBER, "_order"))


def with_reference(rows: pl.DataFrame, reference: pl.DataFrame) -> pl.DataFrame:
    """Add the subject's reference date as `_ref` (null for a subject without), in the order of `rows`."""
    need(reference, ("ADT",), what="reference")
    key = _NUMBER if _NUMBER in rows.columns and _NUMBER in reference.columns else "USUBJID"
    need(reference, (key,), what="reference")
    start = reference.group_by(pl.col(key).cast(rows.schema[key])).agg(pl.col("ADT").min().alias("_ref"))
    return rows.join(start, on=key, how="left", maintain_order="left")


def sources(frame: pl.DataFrame) -> list[str]:
    """Columns of the frame that name the row of origin."""
    return [c for c in _SOURCES if c in frame.columns]


def need(frame: pl.DataFrame, columns: Iterable[str], *, what: str) -> None:
    """Raise UsageError where `frame` lacks one of `columns`."""
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        raise UsageError(f"{what}: column(s) {', '.join(missing)} missing; it has {', '.join(frame.columns) or 'none'}")


def refuse(bad: pl.DataFrame, column: str, *, what: str, advice: str) -> None:
    """Raise DataError that names the values in `column` of the rows `bad`, the first row, and how many subjects."""
    if bad.is_empty():
        return
    values = sorted(bad[column].cast(pl.String).unique().drop_nulls().to_list())
    shown = ", ".join(repr(v) for v in values[:5]) + (" ..." if len(values) > 5 else "")
    n = bad["USUBJID"].n_unique() if "USUBJID" in bad.columns else 0
    told = f" in {n} subject{'' if n == 1 else 's'} (first: {bad['USUBJID'].cast(pl.String).min()})" if n else ""
    rows = bad["SRCROW"].drop_nulls() if "SRCROW" in bad.columns else bad.to_series(0).clear()
    if len(rows):
        at = bad.filter(pl.col("SRCROW") == rows.min()).row(0, named=True)
        told += f"; {at.get('SRCDOM') or 'the table'} row {at['SRCROW']} is the first"
    raise DataError(f"{what}: {column} {shown}{told}. {advice}")


def visit_key(frame: pl.DataFrame) -> pl.Expr:
    """One number a visit: SCANSET where given, else VISITNUM, else the date (far from any visit number)."""
    if "SCANSET" in frame.columns:
        return pl.col("SCANSET").alias("_visit")
    by_date = pl.col("ADT").to_physical().cast(pl.Float64) + 1e9
    if "VISITNUM" not in frame.columns:
        return by_date.alias("_visit")
    return pl.coalesce(pl.col("VISITNUM").cast(pl.Float64), by_date).alias("_visit")


def in_order(frame: pl.DataFrame, *, keys: list[str]) -> pl.DataFrame:
    """Sort by subject, evaluator, date, and what else makes the order independent of the rows' own."""
    by = [*keys, "ADT", *(c for c in ("VISITNUM", "SRCROW", "SRCSEQ") if c in frame.columns)]
    return frame.sort(by, nulls_last=True, maintain_order=True)


def maybe_repeated(rows: pl.DataFrame, by: list[str], *, where: pl.Expr) -> pl.DataFrame:
    """Rows of `where` that share all of `by` with another such row; by a hash, so that a stranger may be among them.

    One hash a row says far faster than counting groups that nothing is repeated, as in most studies.
    """
    marks = rows.lazy().filter(where).select(by).collect().hash_rows()
    if marks.n_unique() == len(marks):
        return rows.clear()
    return rows.filter(where).filter(marks.is_duplicated())


def group_number(keys: list[str]) -> pl.Expr:
    """Number of the subject and evaluator in a frame sorted by `keys`."""
    changed = pl.any_horizontal(pl.col(k).ne_missing(pl.col(k).shift()) for k in keys)
    return changed.fill_null(value=True).cum_sum().cast(pl.UInt32).alias("_g")
