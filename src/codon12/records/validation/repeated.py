"""Rules on rows that say again what another row says."""

from __future__ import annotations

import polars as pl

from codon12.records.config import StudyConfig
from codon12.records.validation.rule import Breach, Rule, Tables, breaches

__all__ = ["REPEATED_RULES"]

_OWN_RULES = ("DM", "ADSL", "ADTTE", "ADRS", "MUTATIONS", "CNA", "SV", "PROFILED", "GENE_PANEL")
"""Tables whose repeated rows other rules name."""


def _again(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Rows equal to an earlier one in every column but the number of the record; by a hash first, which is fast."""
    out = []
    for table, frame in sorted(tables.items()):
        if table in _OWN_RULES or table.startswith("SUPP") or "USUBJID" not in frame.columns or frame.height < 2:
            continue
        aside = ("SRCDOM", "SRCROW", "SRCFILE", "SRCSEQ", f"{table[:2]}SEQ", "ASEQ")
        said = [c for c in frame.columns if c not in aside]
        if len(said) < 3:
            continue
        twice = frame[said].hash_rows().is_duplicated()
        if not twice.any():
            continue
        rows = (
            frame.filter(twice)
            .filter(pl.col("USUBJID").is_not_null())
            .with_columns(pl.col("SRCROW").min().over(said).alias("_first"))
        )
        out += breaches(table, rows, pl.col("SRCROW") > pl.col("_first"), "USUBJID", other=pl.col("_first"))
    return out


REPEATED_RULES: tuple[Rule, ...] = (
    Rule(id="repeated-row", scope="within", severity="warning", formats=("sdtm", "adam"), check=_again,
         sentence="{table} row {row}: it says what row {other} says, in every column but the number of the record; "
         "events and doses count both."),
)  # fmt: skip
"""Rules on repeated rows."""
