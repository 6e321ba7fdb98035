"""ADEX: the exposure of a study."""

from __future__ import annotations

import polars as pl

from codon12.records import Study
from codon12.records.findings import Finding, findings_frame, no_findings
from codon12.safety import exposure

__all__ = ["derived_exposure", "exposure_not_read"]


def exposure_not_read(study: Study) -> pl.DataFrame:
    """Finding where a study has ADEX and no EX: nothing is read of it."""
    if not study.has("ADEX") or study.has("EX"):
        return no_findings()
    message = "ADEX: doses are read from EX alone; no table of exposure and of changes of dose is made."
    return findings_frame([Finding(table="ADEX", rule="exposure-not-read", severity="warning", message=message)])


def derived_exposure(study: Study, adsl: pl.DataFrame) -> pl.DataFrame | None:
    """Exposure from EX; None where the study has none."""
    return exposure(study.table("EX"), adsl) if study.has("EX") else None
