"""Whose sample a call belongs to."""

from __future__ import annotations

import polars as pl

from codon12.records.findings import findings_frame, row_findings

__all__ = ["with_subject"]


def with_subject(rows: pl.DataFrame, subjects: pl.DataFrame | None, *, name: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give rows with SAMPLE and SRCROW their USUBJID; rows and findings.

    Without `subjects` (SAMPLE, USUBJID) the sample is the subject, unless the rows name one. A sample that leads to no
    subject, or to several, has none: each of its rows is a finding.

    Examples
    --------
    >>> pairs = pl.DataFrame({"SAMPLE": ["1", "2", "2"], "USUBJID": ["A", "B", "C"]})
    >>> rows, found = with_subject(pl.DataFrame({"SAMPLE": ["1", "2"], "SRCROW": [1, 2]}), pairs, name="MUTATIONS")
    >>> rows["USUBJID"].to_list(), found["RULE"].to_list()
    (['A', None], ['sample-without-subject'])
    """
    if subjects is None:
        own = pl.coalesce("USUBJID", "SAMPLE") if "USUBJID" in rows.columns else pl.col("SAMPLE")
        return rows.with_columns(own.alias("USUBJID")), findings_frame([])
    pairs = subjects.select(pl.col("SAMPLE", "USUBJID").cast(pl.String)).drop_nulls().unique()
    pairs = pairs.filter(pl.len().over("SAMPLE") == 1)
    out = rows.drop("USUBJID", strict=False).join(pairs, on="SAMPLE", how="left", maintain_order="left")
    found = row_findings(
        out.filter(pl.col("USUBJID").is_null()),
        table=name,
        rule="sample-without-subject",
        severity="warning",
        variable="SAMPLE",
        value=pl.col("SAMPLE"),
        message=f"{name} row {{}}: sample {{}} leads to no single subject.",
        parts=[pl.col("SRCROW"), pl.col("SAMPLE").fill_null("(none)")],
    )
    return out, found
