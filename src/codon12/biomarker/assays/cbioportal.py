"""The tests of a cBioPortal study: which sample was profiled with which panel."""

from __future__ import annotations

import polars as pl

from codon12.biomarker.calls.cbioportal import sample_subjects
from codon12.biomarker.calls.subjects import with_subject
from codon12.records.study import Study

__all__ = ["study_tests"]

_TESTED = {"MUTATIONS": "mutation", "CNA": "copy number", "STRUCTURAL_VARIANTS": "fusion"}


def _panels(study: Study) -> pl.DataFrame | None:
    """Panel of every sample, one column a kind of alteration."""
    if study.has("GENE_PANEL"):
        table = study.table("GENE_PANEL")
        kinds = {c: pl.col(c) for c in _TESTED if c in table.columns}
    elif study.has("SAMPLE") and {"SAMPLE_ID", "GENE_PANEL"} <= set(study.table("SAMPLE").columns):
        table = study.table("SAMPLE")
        held = {"MUTATIONS": "MUTATIONS", "CNA": "CNA", "STRUCTURAL_VARIANTS": "SV"}
        kinds = {c: pl.col("GENE_PANEL") for c in _TESTED if study.has(held[c])}
    else:
        return None
    return table.select(SAMPLE="SAMPLE_ID", **kinds) if kinds else None


def study_tests(study: Study) -> pl.DataFrame:
    """Give the tests of a cBioPortal study: USUBJID, SAMPLE, ASSAY, KIND, STATE, from its gene-panel matrix.

    One row a sample and kind of alteration (``mutation``, ``copy number``, ``fusion``) that was profiled; ``NA`` in
    the matrix means not profiled. Without a matrix, a column GENE_PANEL of table SAMPLE names the panel of each sample,
    read for the kinds of alteration that the study has tables of. Else there is no row: nothing is known of what was
    tested.
    """
    schema = {"USUBJID": pl.String, "SAMPLE": pl.String, "ASSAY": pl.String, "KIND": pl.String, "STATE": pl.String}
    rows = _panels(study)
    if rows is None:
        return pl.DataFrame(schema=schema)
    long = rows.unpivot(index="SAMPLE", variable_name="KIND", value_name="ASSAY").drop_nulls("ASSAY")
    long = long.filter(~pl.col("ASSAY").is_in(["NA", ""]))
    long, _ = with_subject(long.with_row_index("SRCROW", offset=1), sample_subjects(study), name="GENE_PANEL")
    return long.select(
        "USUBJID", "SAMPLE", "ASSAY", pl.col("KIND").replace_strict(_TESTED), STATE=pl.lit("valid")
    ).unique(maintain_order=True)
