"""What is checked in study records: rules as data, each a function over frames."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from codon12.records.config import StudyConfig
from codon12.records.findings import findings_frame

__all__ = ["validate"]


def validate(tables: Mapping[str, pl.DataFrame], fmt: str, config: StudyConfig) -> pl.DataFrame:
    """Apply every rule."""
    return findings_frame([])
