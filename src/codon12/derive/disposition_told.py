"""What disposition says of progression and no assessment does."""

from __future__ import annotations

import polars as pl

from codon12.records import Study
from codon12.records.findings import no_findings, row_findings, shown_expr

__all__ = ["progression_in_disposition"]

_PROGRESSED = r"(?i)\bprogress(ion|ive|ed)\b"
_NOT = r"(?i)\b(no|without|not|free)\b"


def progression_in_disposition(study: Study, adrs: pl.DataFrame) -> pl.DataFrame:
    """Records of DS that end treatment or study for progression, of subjects without a response of PD.

    They are no event of progression-free survival: progression is what an assessment says (RECIST 1.1, section 4.3).
    """
    ds = study.table("DS") if study.has("DS") else None
    if ds is None or not {"USUBJID", "DSDECOD", "SRCROW"} <= set(ds.columns):
        return no_findings()
    words = [pl.col(c).cast(pl.String) for c in ("DSDECOD", "DSTERM") if c in ds.columns]
    says = pl.any_horizontal(
        (w.str.contains(_PROGRESSED) & ~w.str.contains(_NOT)).fill_null(value=False) for w in words
    )
    known = adrs.filter(pl.col("AVALC") == "PD", PARAMCD="OVRLRESP").select("USUBJID")
    assessed = adrs.filter(PARAMCD="OVRLRESP").select("USUBJID")
    rows = ds.filter(says).join(known, on="USUBJID", how="anti", maintain_order="left")
    rows = rows.with_columns(_SOME=pl.col("USUBJID").is_in(assessed["USUBJID"].unique().implode()))
    none = pl.when("_SOME").then(pl.lit("no response of PD")).otherwise(pl.lit("no response at all"))
    return row_findings(
        rows.unique("USUBJID", keep="first", maintain_order=True),
        table="DS",
        rule="progression-in-disposition-alone",
        severity="warning",
        variable="DSDECOD",
        value=pl.col("DSDECOD"),
        message="DS row {}: '{}', and the subject has {}; it is no progression in any time to event.",
        parts=[pl.col("SRCROW"), shown_expr(pl.col("DSDECOD")), none],
    )
