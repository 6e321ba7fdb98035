"""First and last dose of each subject, from EX or else from DM."""

from __future__ import annotations

import polars as pl

from codon12.records.dates import date_flag, parse_dtc
from codon12.records.rows import rows_where

__all__ = ["dose_given", "doses", "first_and_last_dose"]


def dose_given(ex: pl.DataFrame) -> pl.Expr:
    """Tell of each EX record whether a dose was given: a positive dose, or a placebo (whose dose is 0).

    A record without EXDOSE counts as given unless EXOCCUR says N.

    Notes
    -----
    Source: admiral's `derive_vars_merged` for TRTSDT, which the CDISC pilot's ADSL follows.
    """
    placebo = (
        pl.col("EXTRT").str.to_uppercase().str.contains("PLACEBO").fill_null(value=False)
        if "EXTRT" in ex.columns
        else pl.lit(value=False)
    )
    dose = pl.col("EXDOSE") if "EXDOSE" in ex.columns else pl.lit(None, pl.Float64)
    occurred = (pl.col("EXOCCUR") != "N").fill_null(value=True) if "EXOCCUR" in ex.columns else pl.lit(value=True)
    return occurred & (dose.is_null() | (dose > 0) | ((dose == 0) & placebo))


def doses(ex: pl.DataFrame) -> pl.DataFrame:
    """Give the EX records with a dose, as `dose_given` tells."""
    return rows_where(ex, dose_given(ex))


def first_and_last_dose(dm: pl.DataFrame, ex: pl.DataFrame | None) -> pl.DataFrame:
    """Give USUBJID, TRTSDT, TRTSDTF, TRTEDT, TRTEDTF of every subject of DM.

    From EX: the first start and the last end (the start where no end is given) of records with a dose. A
    partial start is imputed to the first day it may mean, a partial end to the last. Without table EX:
    RFXSTDTC and RFXENDTC.

    Examples
    --------
    >>> dm = pl.DataFrame({"USUBJID": ["1", "2"]})
    >>> ex = pl.DataFrame({"USUBJID": ["1", "1"], "EXDOSE": [960.0, 960.0],
    ...     "EXSTDTC": ["2024-01-02", "2024-01-23"], "EXENDTC": ["2024-01-22", None]})
    >>> first_and_last_dose(dm, ex).select("TRTSDT", "TRTEDT").rows()[0]
    (datetime.date(2024, 1, 2), datetime.date(2024, 1, 23))
    """
    subjects = dm.select("USUBJID").unique(maintain_order=True)
    if ex is None:
        return _dates(dm, "RFXSTDTC", "RFXENDTC", subjects)
    return _dates(doses(ex), "EXSTDTC", "EXENDTC", subjects)


def _dates(frame: pl.DataFrame, start: str, end: str, subjects: pl.DataFrame) -> pl.DataFrame:
    blank = pl.lit(None, pl.String)
    first = pl.col(start) if start in frame.columns else blank
    last = pl.col(end) if end in frame.columns else blank
    rows = frame.select("USUBJID", first.alias("_S"), pl.coalesce(last, first).alias("_E")).with_columns(
        parse_dtc("_S", impute="first").alias("TRTSDT"),
        date_flag("_S").alias("TRTSDTF"),
        parse_dtc("_E", impute="last").alias("TRTEDT"),
        date_flag("_E").alias("TRTEDTF"),
    )
    starts = rows.sort("TRTSDT", "TRTSDTF", nulls_last=True).unique("USUBJID", keep="first")
    ends = rows.sort("TRTEDT", "TRTEDTF", descending=True, nulls_last=True).unique("USUBJID", keep="first")
    return subjects.join(
        starts.select("USUBJID", "TRTSDT", "TRTSDTF"), on="USUBJID", how="left", maintain_order="left"
    ).join(ends.select("USUBJID", "TRTEDT", "TRTEDTF"), on="USUBJID", how="left", maintain_order="left")
