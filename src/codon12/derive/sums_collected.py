"""Sums of diameters that the sites recorded beside the lesions, against those derived from the lesions."""

from __future__ import annotations

import polars as pl

from codon12.records import Study
from codon12.records.dates import parse_dtc
from codon12.records.findings import no_findings, row_findings
from codon12.records.terms.assessments import MILLIMETRES, evaluator

__all__ = ["collected_sums"]

_TESTS = ("SUMDIAM", "SUMDIA", "SUMLD", "SLD", "SOD")
"""TRTESTCD of a sum of the diameters of target lesions."""
_SLACK_MM = 2.5
"""Each of five sizes may have been rounded to a whole millimetre before they were added."""


def collected_sums(study: Study, sums: pl.DataFrame | None) -> pl.DataFrame:
    """Findings on sums in TR: another than the lesions give (``sum-differs``), or without lesions (``sum-not-used``).

    `sums` are those derived (ADTR), None without any. Lesions count, never the sum. Of a subject without lesions the
    first sum is told, with how many there are.
    """
    tr = study.table("TR") if study.has("TR") else None
    if tr is None or not {"USUBJID", "TRTESTCD", "TRSTRESN", "TRDTC", "SRCROW"} <= set(tr.columns):
        return no_findings()
    who = evaluator(pl.col("TREVAL")) if "TREVAL" in tr.columns else pl.lit("INVESTIGATOR")
    unit = pl.col("TRSTRESU").str.strip_chars().str.to_uppercase() if "TRSTRESU" in tr.columns else pl.lit("MM")
    factor = unit.replace_strict(MILLIMETRES, default=1.0, return_dtype=pl.Float64).fill_null(1.0)
    test = pl.col("TRTESTCD").str.strip_chars().str.to_uppercase()
    # of several central readers one alone counts: the others' sums are compared with nothing
    read = pl.lit(value=True) if "TREVALID" not in tr.columns else pl.col("TREVALID").is_null()
    if "TRACPTFL" in tr.columns:
        read |= (pl.col("TRACPTFL") == "Y").fill_null(value=False)
    said = tr.filter(test.is_in(_TESTS), read, pl.col("TRSTRESN").is_not_null()).select(
        "USUBJID", "SRCROW", EVAL=who, ADT=parse_dtc("TRDTC"), VISITNUM=_visit(tr), _SAID=pl.col("TRSTRESN") * factor
    )
    if said.is_empty():
        return no_findings()
    empty = {"USUBJID": pl.String, "EVAL": pl.String, "ADT": pl.Date, "VISITNUM": pl.Float64, "AVAL": pl.Float64}
    derived = pl.DataFrame(schema=empty)
    if sums is not None:
        derived = sums.select(
            pl.col(c).cast(t) if c in sums.columns else pl.lit(None, t).alias(c) for c, t in empty.items()
        )
    who_has = derived.drop_nulls("AVAL").select("USUBJID").unique()
    alone = said.join(who_has, on="USUBJID", how="anti", maintain_order="left")
    alone = alone.with_columns(_ROWS=pl.len().over("USUBJID")).unique("USUBJID", keep="first", maintain_order=True)
    beside = said.join(who_has, on="USUBJID", how="semi", maintain_order="left")
    by_day = said.join(derived.drop("VISITNUM"), on=["USUBJID", "EVAL", "ADT"], how="inner", maintain_order="left")
    rest = said.join(by_day.select("SRCROW"), on="SRCROW", how="anti", maintain_order="left")
    by_visit = rest.join(derived.drop("ADT"), on=["USUBJID", "EVAL", "VISITNUM"], how="inner", maintain_order="left")
    both = pl.concat([by_day.drop("VISITNUM", "ADT"), by_visit.drop("VISITNUM", "ADT")]).sort("SRCROW")
    seen = derived.drop_nulls("AVAL")
    beside = beside.filter(pl.col("ADT").is_not_null()).join(seen, on=["USUBJID", "EVAL", "ADT"], how="anti")
    beside = beside.join(seen, on=["USUBJID", "EVAL", "VISITNUM"], how="anti").sort("SRCROW")
    apart = both.unique("SRCROW", keep="first", maintain_order=True).filter(
        (pl.col("_SAID") - pl.col("AVAL")).abs() > _SLACK_MM
    )
    return pl.concat(
        [
            row_findings(
                apart, table="TR", rule="sum-differs", severity="warning", variable="TRSTRESN", value=pl.col("_SAID"),
                message="TR row {}: a sum of {} mm is recorded, the lesions give {}; the lesions count.",
                parts=[pl.col("SRCROW"), pl.col("_SAID"), pl.col("AVAL").round(1)],
            ),
            row_findings(
                alone, table="TR", rule="sum-not-used", severity="warning", variable="TRTESTCD", value=pl.col("_SAID"),
                message="TR row {}: a sum of diameters, and no lesion of the subject has a size; no sum is made of it. "
                "Such records: {}.",
                parts=[pl.col("SRCROW"), pl.col("_ROWS")],
            ),
            row_findings(
                beside, table="TR", rule="sum-not-used", severity="warning", variable="TRTESTCD", value=pl.col("_SAID"),
                message="TR row {}: a sum of diameters ({} mm), and no target lesion has a size at this visit; no sum "
                "is made of it.",
                parts=[pl.col("SRCROW"), pl.col("_SAID")],
            ),
        ]
    )  # fmt: skip


def _visit(tr: pl.DataFrame) -> pl.Expr:
    return pl.col("VISITNUM").cast(pl.Float64, strict=False) if "VISITNUM" in tr.columns else pl.lit(None, pl.Float64)
