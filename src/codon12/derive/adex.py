"""ADEX: the exposure of a study."""

from __future__ import annotations

import polars as pl

from codon12.records import Study
from codon12.safety import exposure

__all__ = ["derived_exposure"]


def derived_exposure(study: Study, adsl: pl.DataFrame) -> pl.DataFrame | None:
    """Exposure from EX; None where the study has none."""
    return exposure(study.table("EX"), adsl) if study.has("EX") else None
