"""Rules on doses: treatment that no record starts or ends, and disposition recorded twice."""

from __future__ import annotations

import polars as pl

from codon12.parallel import First, of_all
from codon12.records.config import StudyConfig
from codon12.records.dates import date_flag, parse_dtc
from codon12.records.domains.disposition import disposition, ends_in_rows, repeated_ends
from codon12.records.domains.exposure import dose_given, doses, first_and_last_dose, not_given, reference_dates_used
from codon12.records.terms.doses import days_between_doses, dose_unit, planned_rest
from codon12.records.terms.spelling import one_spelling, word
from codon12.records.validation.rule import Breach, Rule, Tables, breaches, once

__all__ = ["DOSING_RULES", "disposition_told", "dose_dates", "start_dates"]


def dose_dates(tables: Tables) -> pl.DataFrame:
    """Give first and last dose of the subjects of DM, as `first_and_last_dose` does."""
    return first_and_last_dose(tables["DM"], tables.get("EX"))


def start_dates(tables: Tables) -> pl.DataFrame | None:
    """Give USUBJID and TRTSDT by DM and EX, else of ADSL beside plain tables; None where neither tells a start."""
    if "DM" in tables:
        return once(tables, dose_dates)
    adsl = tables.get("ADSL")
    if adsl is None or "USUBJID" not in adsl.columns or adsl.schema.get("TRTSDT") != pl.Date:
        return None
    return adsl.select("USUBJID", "TRTSDT").drop_nulls("USUBJID").unique("USUBJID", keep="first", maintain_order=True)


def disposition_told(tables: Tables) -> pl.DataFrame:
    """Give what DS says of each subject, as `disposition` does."""
    return disposition(tables.get("DS"))


def _without_end(tables: Tables, _: StudyConfig) -> list[Breach]:
    dm, ex = tables.get("DM"), tables.get("EX")
    if dm is None or ex is None or not {"USUBJID", "EXSTDTC", "EXENDTC"} <= set(ex.columns):
        return []
    if not of_all("EX has records", bool(ex.height)):
        return []
    rows = once(tables, dose_dates)["TRTOPEN"].drop_nulls()
    return breaches("EX", ex, pl.col("SRCROW").is_in(rows.implode()), "EXSTDTC")


def _daily_without_end(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Daily doses in a table that ends no record, though most are not followed the next day: the first of each drug."""
    ex = tables.get("EX")
    if ex is None or not {"USUBJID", "EXSTDTC", "EXDOSFRQ", "SRCROW"} <= set(ex.columns):
        return []
    ended = "EXENDTC" in ex.columns and bool(ex["EXENDTC"].is_not_null().any())
    if of_all("EXENDTC stands in a record of daily doses", ended):
        return []
    treatment = word(pl.col("EXTRT")) if "EXTRT" in ex.columns else pl.lit("", pl.String)
    rows = ex.filter(dose_given(ex)).with_columns(_START=parse_dtc("EXSTDTC"), _TRT=treatment)
    rows = rows.filter(days_between_doses(pl.col("EXDOSFRQ")) == 1).sort("USUBJID", "_TRT", "_START", "SRCROW")
    next_one = pl.col("_START").shift(-1).over("USUBJID", "_TRT") - pl.col("_START")
    followed = int((rows.select(next_one.dt.total_days() <= 1).to_series()).sum())
    counts = of_all("daily doses followed the next day", (followed, rows.height))
    if 2 * counts[0] >= counts[1]:
        return []
    return breaches("EX", _first_of_all("daily doses without an end", rows, "_TRT"), pl.lit(value=True), "EXDOSFRQ")


def _without_start(tables: Tables, _: StudyConfig) -> list[Breach]:
    ex = tables.get("EX")
    if ex is None or "EXSTDTC" not in ex.columns:
        return []
    return breaches("EX", ex, pl.col("EXSTDTC").is_null() & ~not_given(ex), "EXSTDTC")


def _partial_start(tables: Tables, _: StudyConfig) -> list[Breach]:
    """First doses of a partial date, with the day that was taken."""
    dm, ex = tables.get("DM"), tables.get("EX")
    if dm is None or ex is None or not {"USUBJID", "EXSTDTC", "SRCROW"} <= set(ex.columns):
        return []
    if not of_all("EX has records", bool(ex.height)):
        return []
    rows = doses(ex).with_columns(_DAY=parse_dtc("EXSTDTC", impute="first"), _FLAG=date_flag("EXSTDTC"))
    first = rows.sort("_DAY", "_FLAG", "SRCROW", nulls_last=True).unique("USUBJID", keep="first", maintain_order=True)
    first = first.join(once(tables, dose_dates).select("USUBJID", "TRTSDT", "TRTSDTF"), on="USUBJID")
    how = pl.when(pl.col("TRTSDTF").is_null()).then(pl.lit("RFXSTDTC")).otherwise(pl.lit("the first day it may mean"))
    taken = pl.format("{} ({})", "TRTSDT", how)
    return breaches("EX", first.sort("SRCROW"), pl.col("_FLAG").is_not_null(), "EXSTDTC", other=taken)


def _nothing_given(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Records of no dose: the first of each subject, with how many there are."""
    ex = tables.get("EX")
    if ex is None or not {"USUBJID", "SRCROW"} <= set(ex.columns):
        return []
    none = ex.with_columns((~dose_given(ex)).fill_null(value=False).alias("_NONE")).filter("_NONE")
    first = none.with_columns(pl.len().over("USUBJID").alias("_RECORDS"))
    first = first.unique("USUBJID", keep="first", maintain_order=True)
    return breaches("EX", first, pl.lit(value=True), "EXDOSE", other=pl.col("_RECORDS"))


def _start_assumed(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Studies without doses whose reference dates stand for treatment."""
    dm, ex = tables.get("DM"), tables.get("EX")
    if dm is None or "USUBJID" not in dm.columns:
        return []
    if ex is not None and of_all("EX has records", bool(ex.height)):
        return []
    (start, _end), used = reference_dates_used(dm)
    return breaches("DM", dm, used & pl.col(start).is_not_null(), start) if start in dm.columns else []


def _ended_twice(tables: Tables, _: StudyConfig) -> list[Breach]:
    ds = tables.get("DS")
    if ds is None or not {"USUBJID", "DSDECOD", "SRCROW"} <= set(ds.columns):
        return []
    rows = repeated_ends(ds)
    both = ds.join(rows, on="SRCROW", how="inner", maintain_order="left")
    return breaches("DS", both, pl.lit(value=True), "DSDECOD", other=pl.col("_TAKEN"))


def _ended_with_study(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Ends of the study of subjects who had a dose and of whom no record ends the treatment."""
    dm, ds, ex = tables.get("DM"), tables.get("DS"), tables.get("EX")
    if dm is None or ds is None or not {"USUBJID", "DSDECOD", "SRCROW"} <= set(ds.columns):
        return []
    if ex is None or not {"USUBJID", "EXSTDTC"} <= set(ex.columns):
        return []
    told = once(tables, disposition_told).filter(
        pl.col("EOTSTT").is_null() & pl.col("EOSSTT").is_in(["DISCONTINUED", "COMPLETED"])
    )
    dosed = doses(ex).select("USUBJID").unique()
    ends = ends_in_rows(ds).filter("_OF_STUDY").select("SRCROW")
    rows = ds.join(told.join(dosed, on="USUBJID", how="semi"), on="USUBJID", how="semi", maintain_order="left")
    rows = rows.join(ends, on="SRCROW", how="semi", maintain_order="left")
    return breaches("DS", rows, pl.lit(value=True), "DSDECOD")


def _interval_assumed(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Single administrations of which EXDOSFRQ does not say how often: the first record of each treatment."""
    ex = tables.get("EX")
    if ex is None or not {"USUBJID", "EXSTDTC", "SRCROW"} <= set(ex.columns):
        return []
    days = days_between_doses(pl.col("EXDOSFRQ")) if "EXDOSFRQ" in ex.columns else pl.lit(None, pl.Int64)
    start = parse_dtc("EXSTDTC")
    end = pl.max_horizontal(parse_dtc("EXENDTC"), start) if "EXENDTC" in ex.columns else start
    treatment = pl.col("EXTRT") if "EXTRT" in ex.columns else pl.lit(None, pl.String)
    rows = ex.with_columns(_START=start, _DAYS=days, _TRT=treatment, _ONE=pl.coalesce(end, start) == start)
    rows = rows.filter(dose_given(ex), pl.col("_START").is_not_null()).sort("USUBJID", "_START", "SRCROW")
    course = ["USUBJID", "_TRT"]
    gap = (pl.col("_START").shift(-1).over(course) - pl.col("_START")).dt.total_days() > 1
    both = pl.col("_ONE") & pl.col("_ONE").shift(-1).over(course) & pl.col("_DAYS").is_null()
    first = _first_of_all("doses without an interval", rows.filter(both & gap), "_TRT")
    return breaches("EX", first, pl.lit(value=True), "EXDOSFRQ", other=pl.col("_TRT"))


def _units_differ(tables: Tables, _: StudyConfig) -> list[Breach]:
    """The first record of each subject and treatment whose dose cannot be compared with that before it."""
    ex = tables.get("EX")
    if ex is None or not {"USUBJID", "EXSTDTC", "EXDOSE", "EXDOSU", "SRCROW"} <= set(ex.columns):
        return []
    treatment = pl.col("EXTRT") if "EXTRT" in ex.columns else pl.lit(None, pl.String)
    rows = ex.with_columns(_UNIT=dose_unit(pl.col("EXDOSU")), _TRT=treatment, _START=parse_dtc("EXSTDTC"))
    given = (pl.col("EXDOSE").cast(pl.Float64, strict=False) > 0) & ~not_given(ex)
    rows = rows.filter(given).sort("USUBJID", "_START", "SRCROW")
    course = ["USUBJID", "_TRT"]
    before, first = pl.col("EXDOSU").shift(1).over(course), pl.int_range(pl.len()).over(course) == 0
    other = pl.col("_UNIT").ne_missing(pl.col("_UNIT").shift(1).over(course))
    rows = rows.with_columns(_BEFORE=before, _ODD=other & ~first).filter("_ODD")
    rows = rows.unique(course, keep="first", maintain_order=True).sort("SRCROW")
    return breaches("EX", rows, pl.lit(value=True), "EXDOSU", other=pl.col("_BEFORE").fill_null("no unit"))


def _units_converted(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Masses in another unit than mg, in a table that also has mg: the first record of each unit."""
    ex = tables.get("EX")
    if ex is None or not {"USUBJID", "EXDOSU", "SRCROW"} <= set(ex.columns):
        return []
    text = pl.col("EXDOSU").cast(pl.String).str.strip_chars().str.to_uppercase()
    rows = ex.with_columns(_UNIT=dose_unit(pl.col("EXDOSU")), _TEXT=text)
    written = rows.drop_nulls("_UNIT").group_by("_UNIT").agg(pl.col("_TEXT").unique())
    texts: dict[str, frozenset[str]] = of_all("units of doses", {u: frozenset(t) for u, t in written.iter_rows()})
    several = [unit for unit, words in texts.items() if len(words) > 1]
    rows = rows.filter(pl.col("_UNIT").is_in(several), pl.col("_TEXT") != pl.col("_UNIT"))
    rows = _first_of_all("doses in another unit", rows, "_TEXT")
    return breaches("EX", rows, pl.lit(value=True), "EXDOSU", other=pl.col("_UNIT").str.to_lowercase())


_RESTS = (5, 28)
"""Shortest and longest rest in days that a regimen may plan."""


def _rests(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Daily doses with gaps of one length that come back after as many days: the first record of each treatment."""
    ex = tables.get("EX")
    if ex is None or not {"USUBJID", "EXSTDTC", "EXENDTC", "SRCROW"} <= set(ex.columns):
        return []
    treatment = word(pl.col("EXTRT")) if "EXTRT" in ex.columns else pl.lit("", pl.String)
    daily = days_between_doses(pl.col("EXDOSFRQ")).fill_null(1) == 1 if "EXDOSFRQ" in ex.columns else pl.lit(value=True)
    rest = planned_rest(pl.col("EXDOSRGM")) if "EXDOSRGM" in ex.columns else pl.lit(0)
    course = ["USUBJID", "_TRT"]
    rows = ex.filter(dose_given(ex)).with_columns(
        _START=parse_dtc("EXSTDTC"), _END=parse_dtc("EXENDTC"), _TRT=treatment, _DAILY=daily, _PLANNED=rest
    )
    rows = rows.filter("_DAILY", pl.col("_PLANNED") == 0, pl.col("_END") > pl.col("_START"))
    rows = rows.sort(*course, "_START", "SRCROW").with_columns(
        _GAP=(pl.col("_START").shift(-1).over(course) - pl.col("_END")).dt.total_days() - 1,
        _ON=(pl.col("_END") - pl.col("_START")).dt.total_days() + 1,
    )
    rows = rows.filter(pl.col("_GAP").is_between(*_RESTS)).with_columns(
        _AGAIN=pl.len().over(*course, "_GAP", "_ON"), _ALL=pl.len().over(course)
    )
    rows = rows.filter((pl.col("_AGAIN") > 1) & (2 * pl.col("_AGAIN") > pl.col("_ALL")))
    first = _first_of_all("doses with rests", rows, "_TRT")
    said = pl.format("{} days on, {} off", "_ON", "_GAP")
    return breaches("EX", first, pl.lit(value=True), "EXENDTC", other=said)


def _spellings(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Treatments in another spelling than the most frequent: the first record of each."""
    ex = tables.get("EX")
    if ex is None or not {"EXTRT", "SRCROW"} <= set(ex.columns) or ex.schema["EXTRT"] != pl.String:
        return []
    rows = ex.with_columns(one_spelling(ex, [pl.col("EXTRT")], of="EXTRT of all records")[0].alias("_SPELT"))
    first = _first_of_all("treatments spelt otherwise", rows.filter(pl.col("EXTRT") != pl.col("_SPELT")), "EXTRT")
    return breaches("EX", first, pl.lit(value=True), "EXTRT", other=pl.col("_SPELT"))


def _first_of_all(question: str, rows: pl.DataFrame, by: str) -> pl.DataFrame:
    """The first row of the table, by row number, of each value."""
    first = rows.sort("SRCROW").unique(by, keep="first", maintain_order=True)
    seen = {value: First(row) for value, row in first.select(by, "SRCROW").iter_rows()}
    every: dict[str | None, int] = of_all(question, seen)
    return first.filter(pl.col("SRCROW").is_in([int(every[value]) for value in seen]))


DOSING_RULES: tuple[Rule, ...] = (
    Rule(id="dosing-without-end", scope="within", severity="warning", check=_without_end,
         sentence="{table} row {row}: no record ends the dosing that began {value}; it counts to the end of treatment, "
         "else to the data cut-off or the last contact."),
    Rule(id="daily-doses-without-end", scope="within", severity="warning", check=_daily_without_end,
         sentence="{table} row {row}: doses are given {value} and no record has an end: each counts as a single dose, "
         "so that treatment seems to last a day."),
    Rule(id="first-dose-partial", scope="within", severity="warning", check=_partial_start,
         sentence="{table} row {row}: {variable} '{value}' of the first dose is partial; it counts as of {other}."),
    Rule(id="dose-without-start", scope="within", severity="warning", check=_without_start,
         sentence="{table} row {row}: a dose without a start; it says only that the subject was treated."),
    Rule(id="dose-not-given", scope="within", severity="note", check=_nothing_given,
         sentence="{table} row {row}: nothing was given (EXOCCUR, EXSTAT, or a dose of 0 of no placebo); it starts and "
         "ends no treatment. Such records of the subject: {other}."),
    Rule(id="dosing-interval-assumed", scope="within", severity="note", formats=("sdtm", "adam"),
         check=_interval_assumed,
         sentence="{table} row {row}: {variable} '{value}' does not say how often {other} is given; the shortest time "
         "between two doses of each subject was taken, and a gap of twice that is an interruption."),
    Rule(id="rest-may-be-planned", scope="within", severity="note", formats=("sdtm", "adam"), check=_rests,
         sentence="{table} row {row}: {other}, and again (the first record of the treatment): each rest counts as an "
         "interruption, as no regimen (EXDOSRGM) plans it."),
    Rule(id="treatment-spelling", scope="within", severity="note", formats=("sdtm", "adam"), check=_spellings,
         sentence="{table} row {row}: {variable} '{value}' is written '{other}' elsewhere; they are one treatment."),
    Rule(id="dose-units-differ", scope="within", severity="warning", formats=("sdtm", "adam"), check=_units_differ,
         sentence="{table} row {row}: a dose in {value} after one in {other}; they are not compared, and the subject "
         "has no cumulative dose."),
    Rule(id="dose-unit-converted", scope="within", severity="note", formats=("sdtm", "adam"), check=_units_converted,
         sentence="{table} row {row}: doses in {value} were converted to {other}."),
    Rule(id="treatment-start-assumed", scope="within", severity="warning", check=_start_assumed,
         sentence="{table} row {row}: no dose is recorded; treatment was taken to start on {variable}, {value}."),
    Rule(id="ended-with-study", scope="within", severity="note", check=_ended_with_study,
         sentence="{table} row {row}: no disposition ends the treatment of a subject who left the study ({value}); the "
         "end of the study does."),
    Rule(id="disposition-repeated", scope="within", severity="warning", check=_ended_twice,
         sentence="{table} row {row}: {value} is one of several records of how treatment or study ended; "
         "{other} was taken."),
)  # fmt: skip
"""Rules on dosing and disposition."""
