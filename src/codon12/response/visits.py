"""Which scans make one assessment: those of one visit, close in time."""

from __future__ import annotations

import polars as pl

from codon12.response.keys import grouping, need, visit_key
from codon12.response.policy import RecistPolicy

__all__ = ["SCAN_SET", "split_visits", "with_scan_sets"]

SCAN_SET = "SCANSET"
"""Column that numbers the assessments of a subject and evaluator: VISITNUM, or a number made of the first day."""

_UNSCHEDULED = "(?i)unsched"


def with_scan_sets(lesions: pl.DataFrame, *, policy: RecistPolicy | None = None) -> pl.DataFrame:
    """Add `SCANSET`, one number an assessment of a subject and evaluator; rows without a date have null.

    Parameters
    ----------
    lesions
        USUBJID, [EVAL, EVALID], LESIONID, ADT, [VISITNUM, VISIT]. Frames that hold lesions of one group only know
        less of what was scanned together: give the whole lesions frame.
    policy
        visit_days.

    Returns
    -------
    DataFrame
        The rows given. The rows of one VISITNUM are one assessment unless they lie more than ``visit_days`` days
        apart: later ones are then an assessment of their own. Unscheduled visits (VISIT says so) and rows
        without VISITNUM go by date, whatever their number: an assessment ends ``visit_days`` days after it began, or
        where a lesion is recorded again. A frame that has the column already is given back as it is.

    Examples
    --------
    >>> import datetime as dt
    >>> lesions = pl.DataFrame({"USUBJID": ["1"] * 3, "LESIONID": ["T01"] * 3, "VISITNUM": [2, 2, 2],
    ...     "ADT": [dt.date(2024, 3, 1), dt.date(2024, 3, 5), dt.date(2024, 6, 12)]})
    >>> with_scan_sets(lesions)["SCANSET"].n_unique()
    2
    """
    policy = policy or RecistPolicy()
    if SCAN_SET in lesions.columns:
        return lesions
    need(lesions, ("LESIONID", "ADT"), what="lesions")
    rows = lesions.with_columns(visit_key(lesions).alias(SCAN_SET))
    if "VISITNUM" not in rows.columns:
        return rows
    by_date = pl.col("VISITNUM").is_null()
    if "VISIT" in rows.columns:
        names = rows["VISIT"].unique().cast(pl.String)
        unscheduled = names.filter(names.str.contains(_UNSCHEDULED).fill_null(value=False))
        if len(unscheduled):
            by_date |= pl.col("VISIT").cast(pl.String).is_in(unscheduled.implode()).fill_null(value=False)
    keys = grouping(rows)
    loose = rows.select(by_date.alias("x"))["x"]
    wide = _wide(rows.filter(~loose), keys=keys, days=policy.visit_days)
    if wide.is_empty() and not loose.any():
        return rows
    rows = rows.with_columns(pl.when(loose).then(None).otherwise(pl.col(SCAN_SET)).alias("_name"))
    open_ = rows.filter(loose & pl.col("ADT").is_not_null())
    spread = rows.filter(~loose).join(wide, on=[*keys, "_name"], how="semi", nulls_equal=True)
    days = pl.concat([_days(open_, keys=keys, again=True), _days(spread, keys=keys, again=False)])
    begun = _beginnings(days, by=[*keys, "_name"], days=policy.visit_days)
    key = [*keys, "_name", "ADT"]
    rows = rows.join(begun, on=key, how="left", nulls_equal=True, maintain_order="left")
    first = pl.col("_begin") == pl.col("_first")
    by_day = pl.col("_begin").to_physical().cast(pl.Float64) + 1e9
    number = (
        pl.when(pl.col("_begin").is_null()).then(pl.col(SCAN_SET)).when(pl.col("_name").is_not_null() & first)
        .then(pl.col(SCAN_SET)).otherwise(by_day)
    )  # fmt: skip
    return rows.with_columns(number.alias(SCAN_SET)).drop("_name", "_begin", "_first")


def split_visits(lesions: pl.DataFrame) -> pl.DataFrame:
    """Where one VISITNUM became several assessments, the first row of each but the first.

    Needs what ``with_scan_sets`` gives, and VISITNUM.
    """
    if "VISITNUM" not in lesions.columns:
        return lesions.clear()
    keys = grouping(lesions)
    order = [c for c in ("ADT", "SRCROW") if c in lesions.columns]
    begun = lesions.filter(pl.col("VISITNUM").is_not_null()).sort(order, nulls_last=True)
    begun = begun.unique([*keys, "VISITNUM", SCAN_SET], keep="first", maintain_order=True)
    return begun.filter(~pl.struct(*keys, "VISITNUM").is_first_distinct())


def _wide(rows: pl.DataFrame, *, keys: list[str], days: int) -> pl.DataFrame:
    """Visits whose scans lie more than `days` days apart."""
    span = rows.group_by([*keys, pl.col(SCAN_SET).alias("_name")]).agg(
        (pl.col("ADT").max() - pl.col("ADT").min()).dt.total_days().alias("_span")
    )
    return span.filter(pl.col("_span") > days).select(*keys, "_name")


def _days(rows: pl.DataFrame, *, keys: list[str], again: bool) -> pl.DataFrame:
    """The days of each visit in order, with the day on which a lesion of that day was recorded before."""
    by = [*keys, "_name"]
    before = pl.lit(None, pl.Date)
    rows = rows.filter(pl.col("ADT").is_not_null()).select(*by, "LESIONID", pl.col("ADT").cast(pl.Date)).unique()
    if again:
        rows = rows.sort("ADT")
        before = pl.col("ADT").shift(1).over([*by, "LESIONID"])
    rows = rows.with_columns(before.alias("_before"))
    return rows.group_by([*by, "ADT"]).agg(pl.col("_before").max()).sort("ADT")


def _beginnings(rows: pl.DataFrame, *, by: list[str], days: int) -> pl.DataFrame:
    """For each day the first day of its assessment, and of its visit: all visits at once, one round an assessment."""
    done = []
    left = rows.with_columns(pl.col("ADT").min().over(by).alias("_first"))
    while left.height:
        left = left.with_columns(pl.col("ADT").min().over(by).alias("_begin"))
        late = (pl.col("ADT") - pl.col("_begin")).dt.total_days() > days
        repeated = (pl.col("_before") >= pl.col("_begin")).fill_null(value=False)
        ends = pl.col("ADT").filter(late | repeated).min().over(by).alias("_end")
        left = left.with_columns(ends)
        inside = (pl.col("ADT") < pl.col("_end")).fill_null(value=True)
        done.append(left.filter(inside))
        left = left.filter(~inside).drop("_begin", "_end")
    if not done:
        return rows.select(*by, "ADT", pl.col("ADT").alias("_begin"), pl.col("ADT").alias("_first"))
    return pl.concat(done).select(*by, "ADT", "_begin", "_first")
