"""First and last dose of each subject, from EX or else from DM."""

from __future__ import annotations

import polars as pl

from codon12.parallel import of_all
from codon12.records.dates import date_flag, parse_dtc
from codon12.records.rows import rows_where
from codon12.records.terms.events import DENIED
from codon12.records.terms.spelling import word

__all__ = [
    "dose_given",
    "doses",
    "first_and_last_dose",
    "not_given",
    "open_ended",
    "reference_dates_used",
    "screen_failed",
    "without_arm",
]


def dose_given(ex: pl.DataFrame) -> pl.Expr:
    """Tell of each EX record whether a dose was given: a positive dose, or a placebo (whose dose is 0).

    A record without EXDOSE counts as given unless EXOCCUR says N or EXSTAT NOT DONE.

    Notes
    -----
    Source: admiral's `derive_vars_merged` for TRTSDT, which the CDISC pilot's ADSL follows.
    """
    placebo = (
        pl.col("EXTRT").str.to_uppercase().str.contains("PLACEBO").fill_null(value=False)
        if "EXTRT" in ex.columns
        else pl.lit(value=False)
    )
    dose = pl.col("EXDOSE").cast(pl.Float64, strict=False) if "EXDOSE" in ex.columns else pl.lit(None, pl.Float64)
    return ~not_given(ex) & (dose.is_null() | (dose > 0) | ((dose == 0) & placebo))


def not_given(ex: pl.DataFrame) -> pl.Expr:
    """Tell of each EX record whether it says that nothing was given: EXOCCUR N (NO, 0, FALSE), EXSTAT NOT DONE."""

    def says(column: str, *words: str) -> pl.Expr:
        if column not in ex.columns:
            return pl.lit(value=False)
        return pl.col(column).cast(pl.String).str.strip_chars().str.to_uppercase().is_in(words).fill_null(value=False)

    return says("EXOCCUR", *DENIED) | says("EXSTAT", "NOT DONE")


def open_ended(
    ex: pl.DataFrame, start: str = "EXSTDTC", end: str = "EXENDTC", *, rows: str = "a record of EX"
) -> pl.Expr:
    """Tell of each EX record whether dosing went on when it was made: no end, in a table that ends others.

    Where no record of the table has an end, each is a single administration; so is one with EXDOSFRQ ONCE.

    Notes
    -----
    Source: SDTM Implementation Guide 3.4, EX assumptions on EXENDTC and EXDOSFRQ.
    """
    if start not in ex.columns or end not in ex.columns:
        return pl.lit(value=False)
    if not of_all(f"{end} stands in {rows}", bool(ex[end].is_not_null().any())):
        return pl.lit(value=False)
    open_ = pl.col(end).is_null() & pl.col(start).is_not_null()
    if "EXDOSFRQ" in ex.columns:
        open_ &= (pl.col("EXDOSFRQ").str.to_uppercase() != "ONCE").fill_null(value=True)
    return open_


def doses(ex: pl.DataFrame) -> pl.DataFrame:
    """Give the EX records with a dose, as `dose_given` tells."""
    return rows_where(ex, dose_given(ex))


def first_and_last_dose(dm: pl.DataFrame, ex: pl.DataFrame | None) -> pl.DataFrame:
    """Give USUBJID, TRTSDT, TRTSDTF, TRTEDT, TRTEDTF and TRTOPEN of every subject of DM.

    From EX: the first start and the last end of records with a dose. A partial start is the day of RFXSTDTC where that
    lies within it, else the first day it may mean (``first-dose-partial``); a partial end is the last. A record without
    an end is a single dose where no record of the table has one (EXENDTC is left out of single administrations), or
    where it says so (EXDOSFRQ ONCE). Otherwise dosing was not ended when the record was made: where it is the subject's
    last, TRTEDT is its start and TRTOPEN its row, for the caller to say until when it counts. Without a dose in EX, or
    without EX: RFXSTDTC and RFXENDTC, else RFSTDTC and RFENDTC of those who were assigned a treatment.

    Notes
    -----
    Source: SDTM Implementation Guide 3.4, EX (EXENDTC) and DM (RFSTDTC, RFXSTDTC).

    Examples
    --------
    >>> dm = pl.DataFrame({"USUBJID": ["1", "2"]})
    >>> ex = pl.DataFrame({"USUBJID": ["1", "1"], "EXDOSE": [960.0, 960.0], "SRCROW": [1, 2],
    ...     "EXSTDTC": ["2024-01-02", "2024-01-23"], "EXENDTC": ["2024-01-22", None]})
    >>> first_and_last_dose(dm, ex).select("TRTSDT", "TRTEDT", "TRTOPEN").rows()[0]
    (datetime.date(2024, 1, 2), datetime.date(2024, 1, 23), 2)
    """
    subjects = dm.select("USUBJID").unique(maintain_order=True)
    if ex is None or not of_all("EX has records", bool(ex.height)):
        columns, condition = reference_dates_used(dm)
        return _dates(rows_where(dm, condition), *columns, subjects)
    return _with_day_of_dm(_dates(doses(ex), "EXSTDTC", "EXENDTC", subjects), dm)


def _with_day_of_dm(found: pl.DataFrame, dm: pl.DataFrame) -> pl.DataFrame:
    """A partial first dose is on the day that DM gives, where it may be."""
    if "RFXSTDTC" not in dm.columns or found["TRTSDTF"].null_count() == found.height:
        return found
    told = dm.select("USUBJID", _told=parse_dtc("RFXSTDTC")).unique("USUBJID", keep="first")
    both = found.join(told, on="USUBJID", how="left", maintain_order="left")
    span = pl.when(pl.col("TRTSDTF") == "D").then(pl.lit("1mo")).otherwise(pl.lit("1y"))
    inside = pl.col("TRTSDTF").is_not_null() & pl.col("_told").is_between(
        "TRTSDT", pl.col("TRTSDT").dt.offset_by(span), closed="left"
    )
    return both.with_columns(
        TRTSDT=pl.when(inside).then("_told").otherwise("TRTSDT"),
        TRTSDTF=pl.when(~inside.fill_null(value=False)).then("TRTSDTF"),
    ).drop("_told")


def reference_dates_used(dm: pl.DataFrame) -> tuple[tuple[str, str], pl.Expr]:
    """Without EX: the columns of DM that stand for first and last dose, and whose rows count."""
    if "RFXSTDTC" in dm.columns and of_all("RFXSTDTC stands in DM", bool(dm["RFXSTDTC"].is_not_null().any())):
        return ("RFXSTDTC", "RFXENDTC"), pl.lit(value=True)
    arms = [pl.col(c) for c in ("ACTARM", "ACTARMCD", "ARM", "ARMCD") if c in dm.columns]
    none = pl.any_horizontal(without_arm(a) for a in arms) if arms else pl.lit(value=False)
    assigned = pl.any_horizontal(a.is_not_null() for a in arms) if arms else pl.lit(value=True)
    return ("RFSTDTC", "RFENDTC"), assigned & ~none.fill_null(value=False)


_FAILED = r"^(SCREEN(ING)?[ -]?FAIL(URE|ED|URES)?|SCRNFAIL)$"
_NO_ARM = r"^(NOT (YET )?(ASSIGNED|TREATED|RANDOMI[SZ]ED|ENROLLED)|UNASSIGNED|UNTREATED|NOTASSGN|NOTTRT)$"


def screen_failed(arm: pl.Expr) -> pl.Expr:
    """Tell of ARM or ARMCD whether it says screen failure, however written.

    Examples
    --------
    >>> arms = pl.DataFrame({"ARM": ["Screen Failure", "SCREEN FAILED", "SCRNFAIL", "Drug A", None]})
    >>> arms.select(screen_failed(pl.col("ARM")))["ARM"].to_list()
    [True, True, True, False, None]
    """
    return pl.when(arm.is_not_null()).then(word(arm).str.contains(_FAILED))


def without_arm(arm: pl.Expr) -> pl.Expr:
    """Tell of ARM or ARMCD whether it is none: screen failure, not assigned, not randomised, not treated."""
    return screen_failed(arm) | word(arm).str.contains(_NO_ARM)


def _dates(frame: pl.DataFrame, start: str, end: str, subjects: pl.DataFrame) -> pl.DataFrame:
    blank = pl.lit(None, pl.String)
    first = pl.col(start) if start in frame.columns else blank
    last = pl.col(end) if end in frame.columns else blank
    row = pl.col("SRCROW").cast(pl.Int64) if "SRCROW" in frame.columns else pl.lit(None, pl.Int64)
    rows = frame.select(
        "USUBJID",
        first.alias("_S"),
        # a single administration ends on its day; a reference date alone says nothing of the end
        pl.coalesce(last, first if start == "EXSTDTC" else blank).alias("_E"),
        pl.when(open_ended(frame, start, end, rows="a record of a dose")).then(row).alias("TRTOPEN"),
    ).with_columns(
        parse_dtc("_S", impute="first").alias("TRTSDT"),
        date_flag("_S").alias("TRTSDTF"),
        # an end before its start is none (``end-before-start``): the dose was taken on the day it starts
        pl.max_horizontal(
            parse_dtc("_E", impute="last"), pl.when(pl.col("_E").is_not_null()).then(parse_dtc("_S", impute="first"))
        ).alias("TRTEDT"),
        date_flag("_E").alias("TRTEDTF"),
    )
    starts = rows.sort("TRTSDT", "TRTSDTF", nulls_last=True).unique("USUBJID", keep="first", maintain_order=True)
    # of two last days that are one, the record that was ended tells the end
    by_end = rows.sort("TRTEDT", "TRTEDTF", "TRTOPEN", descending=[True, True, False], nulls_last=[True, True, False])
    ends = by_end.unique("USUBJID", keep="first", maintain_order=True)
    return subjects.join(
        starts.select("USUBJID", "TRTSDT", "TRTSDTF"), on="USUBJID", how="left", maintain_order="left"
    ).join(ends.select("USUBJID", "TRTEDT", "TRTEDTF", "TRTOPEN"), on="USUBJID", how="left", maintain_order="left")
