"""Which columns separate subjects and readers, and which name a row's source."""

from __future__ import annotations

import polars as pl

from codon12.errors import DataError
from codon12.records.columns.needed import need

__all__ = [
    "group_number",
    "grouping",
    "in_order",
    "maybe_repeated",
    "named",
    "need",
    "numbered",
    "ordered",
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
    """Add one integer `_k` a subject and evaluator, in their order, and give the table that says which is which.

    Grouping tens of millions of rows by one integer takes a fraction of the time and memory that two or three
    text columns take. Other functions group by `_k` where they see it; ``named`` puts the columns back.
    """
    keys = grouping(frame)
    begins = pl.any_horizontal(pl.col(k).ne_missing(pl.col(k).shift()) for k in keys).fill_null(value=True)
    starts = frame.select(begins.alias("_start"))["_start"]
    runs = frame.select(keys).filter(starts)  # most tables hold the rows of a subject together
    names = runs.unique().sort(keys, nulls_last=True).with_row_index(_NUMBER)
    numbers = runs.join(names, on=keys, how="left", nulls_equal=True, maintain_order="left")[_NUMBER]
    return frame.with_columns(numbers.gather(starts.cum_sum() - 1)), names


def named(frame: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Put subject and evaluator in front of their number `_k`."""
    own = names.drop(_NUMBER)
    return own.select(pl.all().gather(frame[_NUMBER])).hstack(frame.drop(own.columns, strict=False).get_columns())


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
    return ordered(frame, [*keys, "ADT", *(c for c in ("VISITNUM", "SRCROW", "SRCSEQ") if c in frame.columns)])


def ordered(frame: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Sort by columns, nulls last, rows that agree in all of them as they stood.

    Numbered rows are sorted by number and the next column as one integer before: several columns at once cost three
    times as much, and little where the order is there already.
    """
    if by[0] == _NUMBER:
        second = frame[by[1]].to_physical().cast(pl.Int64, strict=False)
        place = frame[_NUMBER].cast(pl.Int64) * 2**32 + second
        apart = bool(second.is_between(-(2**31), 2**31 - 1).all())  # no number reaches into the next subject
        if not place.is_sorted(nulls_last=True):
            frame, place = frame.sort(place, nulls_last=True, maintain_order=True), place.sort(nulls_last=True)
        if apart and not place.null_count() and (place.diff() > 0).all():  # nothing is left to decide
            return frame
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
