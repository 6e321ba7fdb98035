"""ADAE: the adverse events of a study."""

from __future__ import annotations

import polars as pl

from codon12.records import Study
from codon12.safety import SafetyPolicy, adverse_events

__all__ = ["derived_events"]


def derived_events(study: Study, adsl: pl.DataFrame, *, policy: SafetyPolicy) -> pl.DataFrame | None:
    """Adverse events from ADAE, else from AE; None where the study has neither."""
    source = next((t for t in ("ADAE", "AE") if study.has(t)), None)
    return adverse_events(study.table(source), adsl, policy=policy) if source else None
