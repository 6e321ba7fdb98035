"""Ages in years, whatever unit they are recorded in."""

from __future__ import annotations

import polars as pl

__all__ = ["YEARS_PER_UNIT", "age_in_years", "age_unit"]

YEARS_PER_UNIT = {
    "YEAR": 1.0,
    "DECADE": 10.0,
    "MONTH": 1 / 12,
    "WEEK": 7 / 365.25,
    "DAY": 1 / 365.25,
    "HOUR": 1 / 8766,
}
"""Unit of AGEU in the singular -> how many years it is."""


def age_unit(unit: pl.Expr) -> pl.Expr:
    """Unit of an age in capitals and the singular; ``YEAR`` where none is given.

    Examples
    --------
    >>> units = pl.DataFrame({"AGEU": ["YEARS", "months", "MO", None]})
    >>> units.select(age_unit(pl.col("AGEU")))["AGEU"].to_list()
    ['YEAR', 'MONTH', 'MO', 'YEAR']
    """
    text = unit.cast(pl.String).str.strip_chars().str.to_uppercase().str.strip_suffix("S")
    return pl.when(text != "").then(text).otherwise(pl.lit("YEAR")).alias(unit.meta.output_name())


def age_in_years(frame: pl.DataFrame) -> pl.Expr:
    """AGE of DM or ADSL in years, by AGEU; a unit that is not known counts as years (``age-unit-unknown``).

    Notes
    -----
    Source: SDTM Implementation Guide 3.4, DM (AGEU; code list AGEU).

    Examples
    --------
    >>> dm = pl.DataFrame({"AGE": [60.0, 720.0], "AGEU": ["YEARS", "MONTHS"]})
    >>> dm.select(age_in_years(dm))["AGE"].to_list()
    [60.0, 60.0]
    """
    age = pl.col("AGE").cast(pl.Float64, strict=False)
    if "AGEU" not in frame.columns:
        return age.alias("AGE")
    unit = age_unit(pl.col("AGEU"))
    per = {name: years for name, years in YEARS_PER_UNIT.items() if name != "YEAR"}
    factor = unit.replace_strict(per, default=None, return_dtype=pl.Float64)
    return pl.when(factor.is_null()).then(age).otherwise(age * factor).alias("AGE")
