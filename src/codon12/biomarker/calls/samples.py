"""Samples of a study that are no tumour: matched normals, blood and tissue sequenced beside it."""

from __future__ import annotations

import polars as pl

from codon12.records.findings import no_findings, row_findings
from codon12.records.study import Study

__all__ = ["normal_samples", "sample_specimens"]

_COLUMNS = ("SAMPLE_TYPE", "SAMPLE_CLASS", "SPECIMEN_TYPE", "SAMPLE_CATEGORY", "TISSUE_TYPE", "TUMOR_NORMAL")
_CODES = ("N", "NB", "NT", "NORMAL", "NORMALS", "GERMLINE", "GERMLINE CONTROL", "CONTROL", "MATCHED CONTROL")
_BESIDE = r"(?i)matched[ _-]?normal|normal[ _-]?(?:adjacent|control)|adjacent[ _-]?normal|normal[ _-]?blood"
_TUMOUR = r"(?i)tumou?r|cancer|carcinoma|metasta|primary|karyotype|cytogenetic|leuk|lymph"

_PLASMA = r"(?i)\bcf ?dna\b|\bct ?dna\b|cell[- ]?free|\bplasma\b|liquid biopsy|circulating"
_TISSUE = r"(?i)\bffpe\b|biopsy|resection|\btissue\b|frozen|\btumou?r\b|primary|metasta|recurren|cytolog|surg"


def normal_samples(study: Study) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Samples that table SAMPLE, or the column of matched normals of a MAF, calls normal; and a finding on each.

    SAMPLE_TYPE, SAMPLE_CLASS and columns of that kind are read: ``Normal``, ``Solid Tissue Normal``, ``NB``,
    ``Matched normal``; not ``Normal karyotype``. A sample with calls of its own is no matched normal by the MAF alone.

    Returns
    -------
    tuple
        SAMPLE; and findings (``normal-sample``): such a sample is no test of the tumour.
    """
    none = pl.DataFrame(schema={"SAMPLE": pl.String})
    if not study.has("SAMPLE") or "SAMPLE_ID" not in study.table("SAMPLE").columns:
        return none, no_findings()
    table = study.table("SAMPLE")
    said = [_says_normal(c) for c in _COLUMNS if table.schema.get(c) == pl.String]
    beside = table["SAMPLE_ID"].is_in(_matched(study).implode())
    why = pl.coalesce(
        *said, pl.when(pl.lit(beside)).then(pl.lit("named as the matched normal of another")), pl.lit(None, pl.String)
    )
    rows = table.with_columns(WHY=why).filter(pl.col("WHY").is_not_null() & pl.col("SAMPLE_ID").is_not_null())
    if not rows.height:
        return none, no_findings()
    file = next((f for t, f in study.sources.select("TABLE", "FILE").iter_rows() if t == "SAMPLE"), "SAMPLE")
    found = row_findings(
        rows,
        table="SAMPLE",
        rule="normal-sample",
        severity="note",
        variable="SAMPLE_ID",
        value=pl.col("SAMPLE_ID"),
        message=f"{file}, row {{}}: sample {{}} is no tumour ({{}}); it is no test, and its calls and scores do not "
        "count.",
        parts=[pl.col("SRCROW"), pl.col("SAMPLE_ID"), pl.col("WHY")],
    )
    return rows.select(SAMPLE="SAMPLE_ID").unique(maintain_order=True), found


def _says_normal(column: str) -> pl.Expr:
    text = pl.col(column).str.strip_chars()
    plain = text.str.to_uppercase().is_in(_CODES)
    worded = text.str.contains(r"(?i)\bnormals?\b") & ~text.str.contains(_TUMOUR)
    return pl.when(plain | worded | text.str.contains(_BESIDE)).then(pl.format(f"{column} {{}}", text))


def _matched(study: Study) -> pl.Series:
    """Samples that the MAF names as matched normals and as no tumour."""
    none = pl.Series([], dtype=pl.String)
    if not study.has("MUTATIONS"):
        return none
    table = study.table("MUTATIONS")
    names = ("MATCHED_NORM_SAMPLE_BARCODE", "TUMOR_SAMPLE_BARCODE")
    if not set(names) <= set(table.columns):
        return none
    normal, tumour = (table[c].drop_nulls().cast(pl.String).unique() for c in names)
    return normal.filter(~normal.is_in(tumour.implode()))


def sample_specimens(study: Study) -> pl.DataFrame:
    """What each sample was taken from, as table SAMPLE says: SAMPLE, SPECIMEN (``tissue``, ``plasma`` or null).

    Read are SAMPLE_CLASS, SAMPLE_TYPE and columns of that kind; cell-free DNA goes before the words for a tumour.
    """
    schema = {"SAMPLE": pl.String, "SPECIMEN": pl.String}
    if not study.has("SAMPLE") or "SAMPLE_ID" not in study.table("SAMPLE").columns:
        return pl.DataFrame(schema=schema)
    table = study.table("SAMPLE")
    said = [pl.col(c) for c in _COLUMNS if table.schema.get(c) == pl.String]
    if not said:
        return table.select(SAMPLE="SAMPLE_ID", SPECIMEN=pl.lit(None, pl.String)).unique(maintain_order=True)
    plasma, tissue = (
        pl.any_horizontal(c.str.contains(words).fill_null(value=False) for c in said) for words in (_PLASMA, _TISSUE)
    )
    what = pl.when(plasma).then(pl.lit("plasma")).when(tissue).then(pl.lit("tissue"))
    return table.select(SAMPLE="SAMPLE_ID", SPECIMEN=what).drop_nulls("SAMPLE").unique("SAMPLE", maintain_order=True)
