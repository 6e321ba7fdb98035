"""ADAE: the adverse events of a study."""

from __future__ import annotations

import polars as pl

from codon12.parallel import of_all
from codon12.records import Study
from codon12.records.dates import parse_dtc
from codon12.records.domains.exposure import doses
from codon12.records.findings import Finding, findings_frame, no_findings, row_findings
from codon12.safety import SafetyPolicy, adverse_event_findings, adverse_events
from codon12.safety.adverse_events import first_dose_known
from codon12.safety.emergence import time_of_day

__all__ = ["derived_events"]


def derived_events(
    study: Study, adsl: pl.DataFrame, *, policy: SafetyPolicy
) -> tuple[pl.DataFrame, pl.DataFrame] | None:
    """Adverse events from ADAE, else from AE, with findings; None where the study has neither."""
    source = next((t for t in ("ADAE", "AE") if study.has(t)), None)
    if source is None:
        return None
    given = "TRTEMFL" in study.table(source).columns
    subjects = adsl if given else _with_time_of_first_dose(study, adsl)
    adae = adverse_events(study.table(source), subjects, policy=policy)
    found = adverse_event_findings(study.table(source), adae, policy=policy, table=source)
    told = [found, _of_untreated(adae, adsl, table=source), _earlier_that_day(adae, subjects, table=source)]
    return adae, pl.concat(told)


def _with_time_of_first_dose(study: Study, adsl: pl.DataFrame) -> pl.DataFrame:
    """Add TRTSTM, the time of day of the first dose, where every dose of that day has one."""
    if not study.has("EX") or not {"USUBJID", "EXSTDTC"} <= set(study.table("EX").columns):
        return adsl
    given = doses(study.table("EX")).filter(time_of_day(pl.col("EXSTDTC")).is_not_null())
    if not of_all("a dose has a time of day", bool(given.height)):
        return adsl
    timed = doses(study.table("EX")).select("USUBJID", _DAY=parse_dtc("EXSTDTC"), TRTSTM=time_of_day(pl.col("EXSTDTC")))
    first = timed.join(adsl.select("USUBJID", _DAY="TRTSDT"), on=["USUBJID", "_DAY"], how="semi")
    known = first.group_by("USUBJID").agg(
        pl.when(pl.col("TRTSTM").is_not_null().all()).then(pl.col("TRTSTM").min()).alias("TRTSTM")
    )
    return adsl.drop("TRTSTM", strict=False).join(known, on="USUBJID", how="left", maintain_order="left")


def _earlier_that_day(adae: pl.DataFrame, subjects: pl.DataFrame, *, table: str) -> pl.DataFrame:
    """Events of the day of the first dose that began before it."""
    if "TRTSTM" not in subjects.columns or "TRTSTM" in adae.columns or "AESTDTC" not in adae.columns:
        return no_findings()
    dose = subjects.select("USUBJID", "TRTSTM", _DAY="TRTSDT").drop_nulls()
    rows = adae.join(dose, on="USUBJID", how="inner", maintain_order="left").filter(
        pl.col("ASTDT") == pl.col("_DAY"), time_of_day(pl.col("AESTDTC")) < pl.col("TRTSTM")
    )
    return row_findings(
        rows,
        table=table,
        rule="event-before-dose-that-day",
        severity="note",
        variable="AESTDTC",
        value=pl.col("AESTDTC"),
        message=f"{table} row {{}}: the event began {{}}, before the first dose at {{}} of that day; "
        "it is not treatment-emergent.",
        parts=[pl.col("SRCROW"), pl.col("AESTDTC"), pl.col("TRTSTM")],
    )


def _of_untreated(adae: pl.DataFrame, adsl: pl.DataFrame, *, table: str) -> pl.DataFrame:
    """The first event of each subject of the study without a first dose, where it is in no table for that."""
    if not first_dose_known(adsl):
        message = f"{table}: no first dose of anybody is known; events before treatment are counted too."
        rule = Finding(table=table, rule="first-dose-not-known", severity="warning", variable="TRTSDT", message=message)
        return findings_frame([rule] if adae["TRTEMFL"].null_count() == adae.height else [])
    untreated = adsl.filter(pl.col("TRTSDT").is_null()).select("USUBJID")
    left_out = adae.filter(pl.col("TRTEMFL").is_null()).join(untreated, on="USUBJID", how="semi", maintain_order="left")
    return row_findings(
        left_out.unique("USUBJID", keep="first", maintain_order=True),
        table=table,
        rule="event-of-untreated",
        severity="warning",
        variable="USUBJID",
        value=pl.col("AEDECOD"),
        message=f"{table} row {{}}: the subject has no first dose; its events are not treatment-emergent.",
        parts=[pl.col("SRCROW")],
    )
