"""The words of dosing: how often a treatment is given, and in which unit its dose is."""

from __future__ import annotations

import polars as pl

__all__ = ["days_between_doses", "dose_unit", "doses_a_day", "doses_within", "milligrams_per_unit", "planned_rest"]

_DAILY = (
    *("QD", "BID", "TID", "QID", "DAILY", "ONCE DAILY", "TWICE DAILY", "ONCE A DAY", "TWICE A DAY", "EVERY DAY"),
    *(
        "1 TIME PER DAY",
        "2 TIMES PER DAY",
        "3 TIMES PER DAY",
        "4 TIMES PER DAY",
        "CONTINUOUS",
        "QAM",
        "QPM",
        "QHS",
        "QN",
    ),
)
_WORDS = {
    **dict.fromkeys(_DAILY, 1),
    **dict.fromkeys(("QOD", "EVERY OTHER DAY"), 2),
    **dict.fromkeys(("TIW", "3 TIMES PER WEEK"), 3),
    **dict.fromkeys(("BIW", "2 TIMES PER WEEK", "TWICE WEEKLY"), 4),
    **dict.fromkeys(("QW", "WEEKLY", "ONCE WEEKLY", "EVERY WEEK", "1 TIME PER WEEK", "ONCE A WEEK"), 7),
    **dict.fromkeys(("QM", "MONTHLY", "EVERY MONTH", "ONCE MONTHLY", "1 TIME PER MONTH"), 31),
}
"""EXDOSFRQ -> the longest time in days from one dose to the next, where all are given."""
_DAYS = {"D": 1, "W": 7, "M": 31}
_MASS = r"^(NG|UG|MCG|µG|ΜG|MG|G|KG)(/.*)?$"
_MILLIGRAMS = {"NG": 1e-6, "UG": 1e-3, "MCG": 1e-3, "µG": 1e-3, "ΜG": 1e-3, "MG": 1.0, "G": 1e3, "KG": 1e6}


def days_between_doses(frequency: pl.Expr) -> pl.Expr:
    """Days from one dose to the next by EXDOSFRQ; null where it does not say (ONCE, PRN, another word).

    Examples
    --------
    >>> words = pl.DataFrame({"F": ["QD", "BID", "Q3W", "every 4 weeks", "Q2D", "Q12H", "QM", "ONCE", None]})
    >>> words.select(days_between_doses(pl.col("F")))["F"].to_list()
    [1, 1, 21, 28, 2, 1, 31, None, None]
    """
    text = frequency.cast(pl.String).str.strip_chars().str.to_uppercase().str.replace_all(r"\s+", " ")
    short = text.str.replace(r"^EVERY (\d+) (DAY|WEEK|MONTH)S?$", "Q${1}${2}").str.extract_groups(r"^Q(\d+) ?([DWM])")
    number = short.struct[0].cast(pl.Int64, strict=False)
    unit = short.struct[1].replace_strict(_DAYS, default=None, return_dtype=pl.Int64)
    known = text.replace_strict(_WORDS, default=None, return_dtype=pl.Int64)
    hourly = pl.when(text.str.contains(r"^(Q ?\d+ ?H|EVERY \d+ HOURS?)$")).then(pl.lit(1, pl.Int64))
    return pl.coalesce(known, number * unit, hourly).alias(frequency.meta.output_name())


_A_DAY = {
    **dict.fromkeys(("BID", "TWICE DAILY", "TWICE A DAY", "2 TIMES PER DAY", "Q12H", "EVERY 12 HOURS"), 2),
    **dict.fromkeys(("TID", "3 TIMES PER DAY", "Q8H", "EVERY 8 HOURS"), 3),
    **dict.fromkeys(("QID", "4 TIMES PER DAY", "Q6H", "EVERY 6 HOURS"), 4),
}
"""EXDOSFRQ -> administrations a day, where there are several."""


def doses_a_day(frequency: pl.Expr) -> pl.Expr:
    """Administrations a day by EXDOSFRQ, daily or every other day; null where they lie further apart or it is not said.

    Examples
    --------
    >>> words = pl.DataFrame({"F": ["QD", "BID", "QOD", "Q3W", "ONCE", None]})
    >>> words.select(doses_a_day(pl.col("F")))["F"].to_list()
    [1.0, 2.0, 0.5, None, None, None]
    """
    text = frequency.cast(pl.String).str.strip_chars().str.to_uppercase().str.replace_all(r"\s+", " ")
    apart = days_between_doses(frequency)
    return pl.when(apart <= 2).then(text.replace_strict(_A_DAY, default=1, return_dtype=pl.Int64) / apart)


def doses_within(days: pl.Expr, frequency: pl.Expr) -> pl.Expr:
    """Administrations in a record of so many days by EXDOSFRQ; one a day where it does not say how often.

    Notes
    -----
    Source: SDTM Implementation Guide 3.4, EX: EXDOSE is the amount of one administration, EXDOSFRQ how often it is.

    Examples
    --------
    >>> rows = pl.DataFrame({"N": [10, 10, 22, 22, 10], "F": ["QD", "BID", "QW", "ONCE", None]})
    >>> rows.select(doses_within(pl.col("N"), pl.col("F")))["N"].to_list()
    [10, 20, 4, 1, 10]
    """
    text = frequency.cast(pl.String).str.strip_chars().str.to_uppercase().str.replace_all(r"\s+", " ")
    a_day = text.replace_strict(_A_DAY, default=1, return_dtype=pl.Int64)
    apart = days_between_doses(frequency).fill_null(1)
    every = pl.when(apart > 1).then((days - 1) // apart + 1).otherwise(days * a_day)
    return pl.when(text == "ONCE").then(pl.lit(1, pl.Int64)).otherwise(every).alias(days.meta.output_name())


_REGIMEN = r"(\d+) ?(D|W)[A-Z]* ?ON[ ,;/+-]*(?:AND )?(\d+) ?(D|W)?[A-Z]* ?OFF"


def planned_rest(regimen: pl.Expr) -> pl.Expr:
    """Days without a dose that a regimen plans (EXDOSRGM: ``3 WEEKS ON, 1 WEEK OFF``); 0 where it plans none.

    Examples
    --------
    >>> said = pl.DataFrame({"R": ["3 WEEKS ON, 1 WEEK OFF", "5 days on / 2 off", "TWICE", None]})
    >>> said.select(planned_rest(pl.col("R")))["R"].to_list()
    [7, 2, 0, 0]
    """
    named = {"ONE": "1", "TWO": "2", "THREE": "3", "FOUR": "4"}
    text = regimen.cast(pl.String).str.strip_chars().str.to_uppercase().str.replace_all(r"\s+", " ")
    text = text.str.replace_many(list(named), list(named.values()))
    parts = text.str.extract_groups(_REGIMEN)
    number = parts.struct[2].cast(pl.Int64, strict=False)
    unit = pl.coalesce(parts.struct[3], parts.struct[1]).replace_strict(_DAYS, default=None, return_dtype=pl.Int64)
    return (number * unit).fill_null(0).alias(regimen.meta.output_name())


def dose_unit(unit: pl.Expr) -> pl.Expr:
    """Name the unit in which doses are compared: masses in MG, with what they are given for; others as written.

    Examples
    --------
    >>> pl.DataFrame({"U": ["g", "mg/m2", "mcg", "TABLET", None]}).select(dose_unit(pl.col("U")))["U"].to_list()
    ['MG', 'MG/M2', 'MG', 'TABLET', None]
    """
    text = _text(unit)
    rest = text.str.extract(_MASS, 2).fill_null("")
    named = pl.when(text.str.contains(_MASS)).then(pl.lit("MG") + rest).when(text != "").then(text)
    return named.alias(unit.meta.output_name())


def milligrams_per_unit(unit: pl.Expr) -> pl.Expr:
    """Factor by which a dose in a unit is multiplied to be in that of `dose_unit`; 1 where the unit is no mass.

    Examples
    --------
    >>> units = pl.DataFrame({"U": ["g", "mg/kg", "IU", None]})
    >>> units.select(milligrams_per_unit(pl.col("U")))["U"].to_list()
    [1000.0, 1.0, 1.0, 1.0]
    """
    factor = _text(unit).str.extract(_MASS, 1).replace_strict(_MILLIGRAMS, default=None, return_dtype=pl.Float64)
    return factor.fill_null(1.0).alias(unit.meta.output_name())


def _text(unit: pl.Expr) -> pl.Expr:
    return unit.cast(pl.String).str.strip_chars().str.to_uppercase().str.replace_all(r"\s+", "")
