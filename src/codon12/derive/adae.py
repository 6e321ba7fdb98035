"""ADAE: the adverse events of a study."""

from __future__ import annotations

import polars as pl

from codon12.records import Study
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
    return adae, adverse_event_findings(study.table(source), adae, policy=policy, table=source)
