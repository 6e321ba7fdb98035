"""Findings as a file that a spreadsheet may open."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from codon12.tables import inert

__all__ = ["write_findings"]


def write_findings(findings: pl.DataFrame | None, sources: pl.DataFrame | None, path: Path) -> None:
    """Write findings as CSV, with the file of each table, every text inert in a spreadsheet."""
    if findings is None:
        return
    if sources is not None:
        files = sources.select("TABLE", "FILE").group_by("TABLE").agg(pl.col("FILE").unique().sort().str.join("; "))
        findings = findings.join(files, on="TABLE", how="left", maintain_order="left")
    texts = [
        pl.col(c).map_elements(inert, return_dtype=pl.String, skip_nulls=True)
        for c, kind in findings.schema.items()
        if kind == pl.String
    ]
    path.write_text(findings.with_columns(texts).write_csv(), encoding="utf-8", newline="\n")
