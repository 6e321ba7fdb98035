"""People who stand in the subject table under two identifiers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import polars as pl

from codon12.parallel import told_of_all
from codon12.records.findings import no_findings, row_findings, shown_expr

__all__ = ["enrolled_twice"]

_PERSON = ["STUDYID", "SITEID", "SUBJID"]


def enrolled_twice(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Findings (``subject-enrolled-twice``) on subjects of one study, site and SUBJID under several USUBJID.

    Each counts as a subject of its own. Only rows whose SITEID and SUBJID are known.

    Notes
    -----
    Source: SDTM Implementation Guide 3.4, DM (SUBJID is unique within a study; USUBJID names one person).
    """
    name = next((t for t in ("DM", "ADSL") if t in tables), None)
    if name is None or not {"USUBJID", "SITEID", "SUBJID", "SRCROW"} <= set(tables[name].columns):
        return no_findings()
    frame = tables[name]
    study = pl.col("STUDYID").cast(pl.String) if "STUDYID" in frame.columns else pl.lit(None, pl.String)
    people = frame.select(
        "USUBJID", pl.col("SITEID", "SUBJID").cast(pl.String), pl.col("SRCROW").cast(pl.Int64), STUDYID=study
    ).drop_nulls(["USUBJID", "SITEID", "SUBJID"])
    return told_of_all(f"subjects of {name} by site", people, partial(_told, table=name))


def _told(people: pl.DataFrame, *, table: str) -> pl.DataFrame:
    """All rows of a person but the first, with the identifier of the first."""
    rows = people.sort("SRCROW").with_columns(_FIRST=pl.col("USUBJID").first().over(_PERSON))
    return row_findings(
        rows.filter(pl.col("USUBJID") != pl.col("_FIRST")),
        table=table,
        rule="subject-enrolled-twice",
        severity="warning",
        variable="SUBJID",
        value=pl.col("SUBJID"),
        message=f"{table} row {{}}: SUBJID {{}} of site {{}} is also subject {{}}; each counts as a subject.",
        parts=[pl.col("SRCROW"), *(shown_expr(pl.col(c)) for c in ("SUBJID", "SITEID", "_FIRST"))],
    )
