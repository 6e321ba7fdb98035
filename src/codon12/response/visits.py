"""Which scans make one assessment: those of one visit, close in time."""

from __future__ import annotations

import polars as pl

from codon12.records.columns.needed import need
from codon12.response.keys import grouping, ordered, visit_key, with_reference
from codon12.response.policy import RecistPolicy
from codon12.response.runs import Runs

__all__ = ["SCAN_SET", "joined_visits", "split_visits", "with_scan_sets"]

SCAN_SET = "SCANSET"
"""Column that numbers the assessments of a subject and evaluator: VISITNUM, or a number made of the first day."""

_UNSCHEDULED = "(?i)unsched"


def with_scan_sets(
    lesions: pl.DataFrame, reference: pl.DataFrame | None = None, *, policy: RecistPolicy | None = None
) -> pl.DataFrame:
    """Add `SCANSET`, one number an assessment of a subject and evaluator; rows without a date have null.

    Parameters
    ----------
    lesions
        USUBJID, [EVAL, EVALID], LESIONID, ADT, [VISITNUM, VISIT]. Frames that hold lesions of one group only know
        less of what was scanned together: give the whole lesions frame.
    reference
        USUBJID, ADT: a lesion recorded again after ADT in a visit that began by then is an assessment of its own.
    policy
        visit_days.

    Returns
    -------
    DataFrame
        The rows given. The rows of one VISITNUM are one assessment unless they lie more than ``visit_days`` days
        apart: later ones are then an assessment of their own. Unscheduled visits (VISIT says so) and rows without
        VISITNUM go by date, whatever their number: with the scheduled visit of the same day, else an assessment
        ends ``visit_days`` days after it began, or where a lesion is recorded again. Two visit numbers with scans of
        one day are one assessment of up to ``visit_days`` days, unless a lesion was recorded in both on different
        days. A frame that has the column already is given back as it is.

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
    spans = _spans(rows)
    if "VISITNUM" in rows.columns:
        rows = _by_date(rows, spans, policy=policy)
        if _overlapping(spans):
            rows = _on_one_day(rows, days=policy.visit_days)
    if reference is None or not (spans["_last"] > spans["_early"]).any():
        return rows
    return _after_reference(rows, reference)


def _spans(rows: pl.DataFrame) -> pl.DataFrame:
    """First and last day of each visit of a subject and evaluator (`_early`, `_last`)."""
    by = [*grouping(rows), SCAN_SET]
    runs = Runs.of(rows.select(*by, "ADT"), by)
    return runs.keys.with_columns(runs.lowest("ADT").alias("_early"), runs.highest("ADT").alias("_last"))


def _by_date(rows: pl.DataFrame, spans: pl.DataFrame, *, policy: RecistPolicy) -> pl.DataFrame:
    """Unscheduled visits, rows without a number and visits far apart, by their dates."""
    by_date = pl.col("VISITNUM").is_null()
    if "VISIT" in rows.columns:
        names = rows["VISIT"].unique().cast(pl.String)
        unscheduled = names.filter(names.str.contains(_UNSCHEDULED).fill_null(value=False))
        if len(unscheduled):
            by_date |= pl.col("VISIT").cast(pl.String).is_in(unscheduled.implode()).fill_null(value=False)
    keys = grouping(rows)
    loose = rows.select(by_date.alias("x"))["x"]
    far = (spans["_last"] - spans["_early"]).dt.total_days() > policy.visit_days
    if not far.any() and not loose.any():
        return rows
    wide = _wide(rows.filter(~loose), keys=keys, days=policy.visit_days)
    if wide.is_empty() and not loose.any():
        return rows
    rows = rows.with_columns(loose.alias("_loose"), pl.when(~loose).then(pl.col(SCAN_SET)).alias("_name"))
    planned = rows.filter(~pl.col("_loose")).select(*keys, "ADT").unique().with_columns(_planned=pl.lit(value=True))
    rows = rows.join(planned, on=[*keys, "ADT"], how="left", nulls_equal=True, maintain_order="left")
    with_planned = pl.col("_loose") & pl.col("_planned").fill_null(value=False) & pl.col("ADT").is_not_null()
    open_ = rows.filter(pl.col("_loose") & ~with_planned & pl.col("ADT").is_not_null())
    spread = rows.filter(~pl.col("_loose")).join(wide, on=[*keys, "_name"], how="semi", nulls_equal=True)
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
    rows = rows.with_columns(number.alias(SCAN_SET))
    numbers = rows.filter(~pl.col("_loose")).group_by([*keys, "ADT"]).agg(pl.col(SCAN_SET).min().alias("_its"))
    rows = rows.join(numbers, on=[*keys, "ADT"], how="left", nulls_equal=True, maintain_order="left")
    joined = pl.when(with_planned).then("_its").otherwise(SCAN_SET)
    return rows.with_columns(joined.alias(SCAN_SET)).drop("_name", "_begin", "_first", "_loose", "_planned", "_its")


def _after_reference(rows: pl.DataFrame, reference: pl.DataFrame) -> pl.DataFrame:
    """A lesion recorded before and after the reference date in one visit: the later record is a visit of its own."""
    keys = grouping(rows)
    dated = with_reference(rows.select(*keys, SCAN_SET, "LESIONID", "ADT", *_extra(rows, keys)), reference)
    late = dated["ADT"] > dated["_ref"]
    here = [*keys, SCAN_SET]
    if not late.any():
        return rows
    begun = dated.group_by(here).agg(
        (pl.col("ADT") <= pl.col("_ref")).any().alias("early"), (pl.col("ADT") > pl.col("_ref")).any().alias("late")
    )
    across = begun.filter(pl.col("early") & pl.col("late")).select(here)
    if across.is_empty():
        return rows
    index = dated.with_row_index("_at").join(across, on=here, how="semi", nulls_equal=True)
    before = (pl.col("ADT") <= pl.col("_ref")).any().over([*here, "LESIONID"])
    index = index.filter((pl.col("ADT") > pl.col("_ref")) & before)
    day = index.with_columns(pl.col("ADT").min().over(here).alias("_day")).select("_at", "_day")
    number = pl.col("_day").to_physical().cast(pl.Float64) + 1e9
    rows = rows.with_row_index("_at").join(day, on="_at", how="left", maintain_order="left")
    return rows.with_columns(
        pl.when(pl.col("_day").is_not_null()).then(number).otherwise(SCAN_SET).alias(SCAN_SET)
    ).drop("_at", "_day")


def _overlapping(spans: pl.DataFrame) -> bool:
    """Whether any visit of a subject may begin before the visit of the next lower number has ended."""
    who = grouping(spans)
    same = pl.all_horizontal(pl.col(c).eq_missing(pl.col(c).shift()) for c in who)
    begun = (pl.col("_early") <= pl.col("_last").shift()) & same
    return bool(ordered(spans, [*who, SCAN_SET]).select(begun.any()).item())


def _on_one_day(rows: pl.DataFrame, *, days: int) -> pl.DataFrame:
    """Visits with scans of one day are one assessment.

    Unless a lesion was recorded in both on different days (then each is an assessment), or they make more than `days`.
    """
    keys = grouping(rows)
    scans = rows.filter(pl.col("ADT").is_not_null() & pl.col(SCAN_SET).is_not_null())
    scans = scans.select(*keys, SCAN_SET, "ADT", pl.col("LESIONID").cast(pl.String)).unique()
    first, other = pl.col(SCAN_SET).min().over([*keys, "ADT"]), pl.col(SCAN_SET)
    shared = scans.select(*keys, "ADT", SCAN_SET, first.alias("_to")).filter(other > pl.col("_to"))
    shared = shared.select(*keys, SCAN_SET, "_to").unique()
    if shared.is_empty():
        return rows
    mine = shared.join(scans, on=[*keys, SCAN_SET], how="inner", nulls_equal=True)
    theirs = scans.rename({SCAN_SET: "_to", "ADT": "_theirs"})
    both = mine.join(theirs, on=[*keys, "_to", "LESIONID"], how="inner", nulls_equal=True)
    again = both.filter(pl.col("ADT") != pl.col("_theirs")).select(*keys, SCAN_SET, "_to").unique()
    ends = scans.group_by([*keys, SCAN_SET]).agg(pl.col("ADT").min().alias("_a"), pl.col("ADT").max().alias("_b"))
    shared = shared.join(ends, on=[*keys, SCAN_SET], nulls_equal=True)
    shared = shared.join(ends.rename({SCAN_SET: "_to"}), on=[*keys, "_to"], nulls_equal=True, suffix="_to")
    long = (pl.max_horizontal("_b", "_b_to") - pl.min_horizontal("_a", "_a_to")).dt.total_days() > days
    apart = shared.join(again, on=[*keys, SCAN_SET, "_to"], how="anti", nulls_equal=True).filter(~long)
    one = apart.group_by([*keys, SCAN_SET]).agg(pl.col("_to").min())
    if one.is_empty():
        return rows
    rows = rows.join(one, on=[*keys, SCAN_SET], how="left", nulls_equal=True, maintain_order="left")
    joined = rows.with_columns(pl.coalesce("_to", SCAN_SET).alias(SCAN_SET)).drop("_to")
    return _on_one_day(joined, days=days)  # a third visit may share a day with the two


def _extra(rows: pl.DataFrame, keys: list[str]) -> list[str]:
    return [] if "USUBJID" in keys or "USUBJID" not in rows.columns else ["USUBJID"]


def split_visits(lesions: pl.DataFrame) -> pl.DataFrame:
    """Where one VISITNUM became several assessments, the first row of each but the first.

    Needs what ``with_scan_sets`` gives, and VISITNUM.
    """
    if _as_numbered(lesions):
        return lesions.clear()
    keys = grouping(lesions)
    order = [c for c in ("ADT", "SRCROW") if c in lesions.columns]
    begun = lesions.filter(pl.col("VISITNUM").is_not_null()).sort(order, nulls_last=True)
    begun = begun.unique([*keys, "VISITNUM", SCAN_SET], keep="first", maintain_order=True)
    return begun.filter(~pl.struct(*keys, "VISITNUM").is_first_distinct())


def joined_visits(lesions: pl.DataFrame) -> pl.DataFrame:
    """Where several scheduled VISITNUMs became one assessment, the first row of each but the lowest number.

    Needs what ``with_scan_sets`` gives, and VISITNUM.
    """
    if _as_numbered(lesions):
        return lesions.clear()
    keys = grouping(lesions)
    rows = lesions.filter(pl.col("VISITNUM").is_not_null())
    if "VISIT" in rows.columns:
        unscheduled = pl.col("VISIT").cast(pl.String).str.contains(_UNSCHEDULED)
        rows = rows.filter(~unscheduled.fill_null(value=False))
    order = ["VISITNUM", "ADT", *(c for c in ("SRCROW",) if c in rows.columns)]
    begun = rows.sort(order, nulls_last=True).unique([*keys, SCAN_SET, "VISITNUM"], keep="first", maintain_order=True)
    return begun.filter(~pl.struct(*keys, SCAN_SET).is_first_distinct())


def _as_numbered(lesions: pl.DataFrame) -> bool:
    """Whether every visit number is one assessment and every assessment one number, as it stands."""
    if "VISITNUM" not in lesions.columns:
        return True
    moved = pl.col(SCAN_SET).ne_missing(pl.col("VISITNUM").cast(pl.Float64)) & pl.col("VISITNUM").is_not_null()
    return not lesions.select(moved.any()).item()


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
