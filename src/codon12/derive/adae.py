"""ADAE: the adverse events of a study."""

from __future__ import annotations

import polars as pl

from codon12.records import Study
from codon12.records.findings import row_findings
from codon12.safety import SafetyPolicy, adverse_event_findings, adverse_events

__all__ = ["derived_events"]


def derived_events(
    study: Study, adsl: pl.DataFrame, *, policy: SafetyPolicy
) -> tuple[pl.DataFrame, pl.DataFrame] | None:
    """Adverse events from ADAE, else from AE, with findings; None where the study has neither."""
    source = next((t for t in ("ADAE", "AE") if study.has(t)), None)
    if source is None:
        return None
    adae = adverse_events(study.table(source), adsl, policy=policy)
    found = adverse_event_findings(study.table(source), adae, policy=policy, table=source)
    return adae, pl.concat([found, _of_untreated(adae, adsl, table=source)])


def _of_untreated(adae: pl.DataFrame, adsl: pl.DataFrame, *, table: str) -> pl.DataFrame:
    """The first event of each subject of the study without a first dose, where it is in no table for that."""
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
