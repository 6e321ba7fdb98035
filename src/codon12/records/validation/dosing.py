"""Rules on doses: treatment that no record starts or ends, and disposition recorded twice."""

from __future__ import annotations

import polars as pl

from codon12.parallel import of_all
from codon12.records.config import StudyConfig
from codon12.records.domains.disposition import repeated_ends
from codon12.records.domains.exposure import dose_given, first_and_last_dose, not_given, reference_dates_used
from codon12.records.validation.rule import Breach, Rule, Tables, breaches

__all__ = ["DOSING_RULES"]


def _without_end(tables: Tables, _: StudyConfig) -> list[Breach]:
    dm, ex = tables.get("DM"), tables.get("EX")
    if dm is None or ex is None or not {"USUBJID", "EXSTDTC", "EXENDTC"} <= set(ex.columns):
        return []
    if not of_all("EX has records", bool(ex.height)):
        return []
    rows = first_and_last_dose(dm, ex)["TRTOPEN"].drop_nulls()
    return breaches("EX", ex, pl.col("SRCROW").is_in(rows.implode()), "EXSTDTC")


def _without_start(tables: Tables, _: StudyConfig) -> list[Breach]:
    ex = tables.get("EX")
    if ex is None or "EXSTDTC" not in ex.columns:
        return []
    return breaches("EX", ex, pl.col("EXSTDTC").is_null() & ~not_given(ex), "EXSTDTC")


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


DOSING_RULES: tuple[Rule, ...] = (
    Rule(id="dosing-without-end", scope="within", severity="warning", check=_without_end,
         sentence="{table} row {row}: no record ends the dosing that began {value}; it counts to the end of treatment, "
         "else to the data cut-off or the last contact."),
    Rule(id="dose-without-start", scope="within", severity="warning", check=_without_start,
         sentence="{table} row {row}: a dose without a start; it says only that the subject was treated."),
    Rule(id="dose-not-given", scope="within", severity="note", check=_nothing_given,
         sentence="{table} row {row}: nothing was given (EXOCCUR, EXSTAT, or a dose of 0 of no placebo); it starts and "
         "ends no treatment. Such records of the subject: {other}."),
    Rule(id="treatment-start-assumed", scope="within", severity="warning", check=_start_assumed,
         sentence="{table} row {row}: no dose is recorded; treatment was taken to start on {variable}, {value}."),
    Rule(id="disposition-repeated", scope="within", severity="warning", check=_ended_twice,
         sentence="{table} row {row}: {value} is one of several records of how treatment or study ended; "
         "{other} was taken."),
)  # fmt: skip
"""Rules on dosing and disposition."""
