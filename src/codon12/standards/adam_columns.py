"""What ADaM wants beside the derived frames: study days, visits, codes, units of time, exposure by parameter."""

from __future__ import annotations

from typing import Any

import polars as pl

from codon12.standards.metadata import adam_table

__all__ = ["long_exposure", "with_adam_columns", "with_moments"]

_RESPONSE = {"CR": 1, "PR": 2, "SD": 3, "NON-CR/NON-PD": 4, "PD": 5, "NE": 6, "MISSING": 7, "ND": 8, "Y": 1, "N": 0}


def with_adam_columns(frame: pl.DataFrame, name: str, context: Any) -> pl.DataFrame:
    """Study days, visits and codes: what others expect beside the numbers."""
    have = set(frame.columns)
    first = pl.col("_TRTSDT") if "_TRTSDT" in have else pl.lit(None, pl.Date)

    def day(column: str) -> pl.Expr:
        days = (pl.col(column) - first).dt.total_days()
        return pl.when(days >= 0).then(days + 1).otherwise(days).cast(pl.Int64)

    new = {new: day(old) for new, old in (("ADY", "ADT"), ("ASTDY", "ASTDT"), ("AENDY", "AENDT")) if old in have}
    if "VISIT" in have:
        new |= {"AVISIT": pl.col("VISIT"), "AVISITN": pl.col("VISITNUM")}
    if name == "ADRS":
        code = pl.col("AVALC").replace_strict(_RESPONSE, default=None, return_dtype=pl.Float64)
        new |= {"AVAL": code, "ANL01FL": pl.when(pl.col("AVALC").is_not_null()).then(pl.lit("Y"))}
    if name == "ADAE" and "ATOXGR" in have:
        grade = pl.col("ATOXGR").cast(pl.Int64)
        new |= {"ATOXGR": grade.cast(pl.String), "ATOXGRN": grade}
    if name == "ADTTE":
        unit = _unit_of_time(context.month)
        factor = unit.replace_strict(_per_month(context.month), default=None, return_dtype=pl.Float64)
        new |= {"AVALU": unit, "ENTRY": pl.col("ENTRYMO") * factor}
    return frame.with_columns(**{k: v for k, v in new.items() if k == "ATOXGR" or k not in have})


def _per_month(month: float) -> dict[str, float]:
    return {"DAYS": month, "WEEKS": month / 7, "MONTHS": 1.0, "YEARS": 1 / 12}


def _unit_of_time(month: float) -> pl.Expr:
    """Unit in which AVAL stands, from what it is in months; a time of zero has that of the others."""
    ratio = pl.col("AVAL") / pl.col("MONTHS")
    unit = pl.lit(None, pl.String)
    for name, per in _per_month(month).items():
        unit = pl.when((ratio / per - 1).abs() < 1e-6).then(pl.lit(name)).otherwise(unit)
    others = unit.drop_nulls().first().over("PARAMCD")
    return pl.coalesce(unit, others, pl.lit("DAYS"))


def long_exposure(adex: pl.DataFrame) -> pl.DataFrame:
    """Exposure, a row a subject, as one row a subject and parameter; what is not known has no row."""
    names = [c for c in adam_table().parameters["ADEX"] if c in adex.columns]
    wide = adex.select("USUBJID", *(pl.col(c).cast(pl.Float64) for c in names))
    return wide.unpivot(names, index="USUBJID", variable_name="PARAMCD", value_name="AVAL").drop_nulls("AVAL")


def with_moments(data: pl.DataFrame) -> pl.DataFrame:
    """Frame whose ``--DTM`` are date-times where every one of them is whole; a partial one leaves the column text.

    Examples
    --------
    >>> with_moments(pl.DataFrame({"ADTM": ["2020-01-02T03:04:05"], "BDTM": ["2020-01"]})).dtypes
    [Datetime(time_unit='us', time_zone=None), String]
    """
    names = [c for c, kind in data.schema.items() if c.endswith("DTM") and kind == pl.String]
    whole = [n for n in names if data[n].drop_nulls().str.contains(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$").all()]
    read = data.with_columns(pl.col(whole).str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False)) if whole else data
    kept = [n for n in whole if read[n].null_count() == data[n].null_count()]  # a day that is none stays as it was
    return data.with_columns(read.select(kept)) if kept else data
