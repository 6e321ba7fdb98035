"""The tests of a cBioPortal study: which sample was profiled with which panel."""

from __future__ import annotations

import polars as pl

from codon12.biomarker.assays.assay import Assay
from codon12.biomarker.calls.cbioportal import sample_subjects
from codon12.biomarker.calls.samples import normal_samples, sample_specimens
from codon12.biomarker.calls.subjects import with_subject
from codon12.records.findings import Finding, findings_frame
from codon12.records.study import Study

__all__ = ["COPY_NUMBER_TABLE", "WHOLE_EXOME", "panel_tests", "study_tests", "whole_exomes"]

WHOLE_EXOME = "whole exome"
"""Assay of samples that a case list names as sequenced and no gene panel is given for."""
COPY_NUMBER_TABLE = "copy-number table"
"""Assay of samples that the copy-number table has a column of and no gene panel is given for."""
_SV_TABLE = "structural variants"
_UNNAMED = {"mutation": WHOLE_EXOME, "copy number": COPY_NUMBER_TABLE, "fusion": _SV_TABLE}
_WHOLE_NAMES = ("WES", "WXS", "WGS", "WES/WGS", "WXS/WGS", "EXOME", "GENOME")
_KIND_OF = {"MUTATIONS": "mutation", "CNA": "copy number", "STRUCTURAL_VARIANTS": "fusion"}
_TABLE_OF = {"mutation": "MUTATIONS", "copy number": "CNA", "fusion": "SV"}
_NOT_SAMPLES = ("HUGO_SYMBOL", "ENTREZ_GENE_ID", "SRCDOM", "SRCROW", "SRCFILE", "USUBJID", "CYTOBAND")
_SCHEMA = {"SAMPLE": pl.String, "KIND": pl.String, "ASSAY": pl.String}


def study_tests(study: Study) -> pl.DataFrame:
    """Give the tests of a cBioPortal study: USUBJID, SAMPLE, ASSAY, KIND, STATE, SPECIMEN.

    One row a sample and kind of alteration (``mutation``, ``copy number``, ``fusion``) that was profiled. Profiled is
    a sample with a panel in the gene-panel matrix; one that a case list (``_sequenced``, ``_cna``, ``_sv``) or
    ``#sequenced_samples:`` of the MAF names; without any list one with a column GENE_PANEL in table SAMPLE (read for
    the kinds of alteration that the study has tables of), or with rows in a file whose meta file names a panel; and
    one with a column in the copy-number table. Its panel is that of the matrix, else of table SAMPLE, else of the meta
    file, else a whole exome. Normal samples are no tests.

    Notes
    -----
    Source: cBioPortal documentation, "File Formats": gene panel data, case lists, mutation data.
    """
    return panel_tests(study)[0]


def whole_exomes(tests: pl.DataFrame) -> dict[str, Assay]:
    """Assays among tests that read every gene: those without a gene panel, and panels called WES, WXS or WGS."""
    names = [str(n) for n in tests["ASSAY"].drop_nulls().unique().sort()]
    source = "no gene panel is named: every gene counts as read"
    return {
        n: Assay(name=n, kind="gene panel", whole=("mutation",), source=source)
        for n in names
        if n == WHOLE_EXOME or n.upper() in _WHOLE_NAMES
    }


def panel_tests(study: Study) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Tests as `study_tests` gives them, and findings: what was assumed, and whom nothing is known of."""
    schema = dict.fromkeys(("USUBJID", "SAMPLE", "ASSAY", "KIND", "STATE", "SPECIMEN"), pl.String)
    named = _named_panels(study)
    listed, meta = _listed(study)
    own = _own_panels(study)
    parts: list[pl.DataFrame] = []
    findings: list[Finding] = []
    for kind in _TABLE_OF:
        rows, told = _of_kind(study, kind, named, listed, meta.get(kind), own)
        parts.append(rows)
        findings += told
    long = pl.concat(parts)
    normal, _ = normal_samples(study)
    long = long.join(normal, on="SAMPLE", how="anti", maintain_order="left")
    subjects = sample_subjects(study)
    owned, missed = with_subject(long.with_row_index("SRCROW", offset=1), subjects, name="GENE_PANEL")
    if subjects is not None and missed.height:
        findings.append(_strangers(missed["VALUE"]))
    owned = owned.join(sample_specimens(study), on="SAMPLE", how="left", maintain_order="left")
    tests = owned.select("USUBJID", "SAMPLE", "ASSAY", "KIND", STATE=pl.lit("valid"), SPECIMEN="SPECIMEN")
    tests = tests.unique(maintain_order=True)
    return (tests if tests.height else pl.DataFrame(schema=schema)), findings_frame(findings)


def _of_kind(
    study: Study, kind: str, named: pl.DataFrame | None, listed: pl.DataFrame, meta: str | None, own: pl.DataFrame
) -> tuple[pl.DataFrame, list[Finding]]:
    """SAMPLE, KIND, ASSAY of one kind of alteration."""
    with_panel = pl.DataFrame(schema=_SCHEMA) if named is None else named.filter(KIND=kind)
    here = listed.filter(KIND=kind).select("SAMPLE", "KIND").unique(maintain_order=True)
    findings = []
    if not here.height and named is None and study.has(_TABLE_OF[kind]):
        if own.height:
            here = own.select("SAMPLE", KIND=pl.lit(kind))
        elif meta is not None:
            here = pl.DataFrame({"SAMPLE": _with_rows(study, kind)}, schema={"SAMPLE": pl.String})
            here = here.select("SAMPLE", KIND=pl.lit(kind))
        columns = _with_rows(study, kind) if kind == "copy number" else None
        if columns is not None:
            beside = here.filter(~pl.col("SAMPLE").is_in(columns))
            findings += [_no_column(beside["SAMPLE"])] if beside.height else []
            here = pl.DataFrame({"SAMPLE": columns}, schema={"SAMPLE": pl.String})
            here = here.select("SAMPLE", KIND=pl.lit(kind))
    elif here.height and own.height and named is None and kind == "mutation":
        beside = own.join(here, on="SAMPLE", how="anti")
        findings += [_not_listed(beside["SAMPLE"])] if beside.height else []
    profiled = pl.concat([here.select("SAMPLE"), with_panel.select("SAMPLE")]).unique()
    given = pl.concat([with_panel.select("SAMPLE", "ASSAY"), own])
    given = given.join(profiled, on="SAMPLE", how="semi", maintain_order="left")
    findings += _several_panels(given, kind)
    panels = given.unique("SAMPLE", keep="first", maintain_order=True)
    rows = here.join(panels, on="SAMPLE", how="left", maintain_order="left").with_columns(
        ASSAY=pl.coalesce("ASSAY", pl.lit(meta, pl.String), pl.lit(_UNNAMED[kind]))
    )
    rows = pl.concat([with_panel, rows.select(*_SCHEMA)]).unique(["SAMPLE", "KIND"], keep="first", maintain_order=True)
    if kind == "mutation":
        findings += _assumed(rows)
    return rows, findings


def _named_panels(study: Study) -> pl.DataFrame | None:
    """Panel of every sample and kind in the gene-panel matrix; None without a matrix."""
    if not study.has("GENE_PANEL") or "SAMPLE_ID" not in study.table("GENE_PANEL").columns:
        return None
    table = study.table("GENE_PANEL")
    kinds = {kind: pl.col(c).cast(pl.String) for c, kind in _KIND_OF.items() if c in table.columns}
    if not kinds:
        return pl.DataFrame(schema=_SCHEMA)
    long = table.select(SAMPLE="SAMPLE_ID", **kinds).unpivot(index="SAMPLE", variable_name="KIND", value_name="ASSAY")
    named = long.drop_nulls().filter(~pl.col("ASSAY").is_in(["NA", ""])).select(*_SCHEMA)
    return named.sort("ASSAY", maintain_order=True)  # of several panels of a sample the first by name


def _several_panels(given: pl.DataFrame, kind: str) -> list[Finding]:
    """Say which samples have several panels for one kind of alteration; `given` has the one that counts first."""
    several = given.filter(pl.col("ASSAY").n_unique().over("SAMPLE") > 1)
    if several.is_empty():
        return []
    first = several.sort("SAMPLE", maintain_order=True)
    names = first.filter(pl.col("SAMPLE") == first["SAMPLE"][0])["ASSAY"].unique(maintain_order=True).to_list()
    return [
        Finding(
            table="GENE_PANEL",
            rule="sample-with-several-panels",
            severity="warning",
            value=str(first["SAMPLE"][0]),
            message=f"{several['SAMPLE'].n_unique()} samples, the first {first['SAMPLE'][0]}, have several panels for "
            f"{kind} ({', '.join(names)}): {names[0]} counts, that of the matrix before that of table SAMPLE.",
        )
    ]


def _own_panels(study: Study) -> pl.DataFrame:
    """SAMPLE, ASSAY of column GENE_PANEL of table SAMPLE."""
    schema = {"SAMPLE": pl.String, "ASSAY": pl.String}
    if not study.has("SAMPLE") or not {"SAMPLE_ID", "GENE_PANEL"} <= set(study.table("SAMPLE").columns):
        return pl.DataFrame(schema=schema)
    rows = study.table("SAMPLE").select(SAMPLE="SAMPLE_ID", ASSAY=pl.col("GENE_PANEL").cast(pl.String)).drop_nulls()
    rows = rows.filter(~pl.col("ASSAY").str.to_uppercase().is_in(["NA", "NOT APPLICABLE", ""]))
    return rows.unique().sort("SAMPLE", "ASSAY")  # of several panels of a sample the first by name


def _listed(study: Study) -> tuple[pl.DataFrame, dict[str, str]]:
    """SAMPLE, KIND that lists name; and the panel of a kind that its meta file names."""
    if not study.has("PROFILED"):
        return pl.DataFrame(schema={"SAMPLE": pl.String, "KIND": pl.String}), {}
    table = study.table("PROFILED")
    told = table.filter(pl.col("SAMPLE_ID").is_null()).sort("SRCFILE", descending=True, maintain_order=True)
    meta = dict(told.select("KIND", "GENE_PANEL").iter_rows())  # of several files the first by name
    return table.select(SAMPLE="SAMPLE_ID", KIND="KIND").drop_nulls(), meta


def _with_rows(study: Study, kind: str) -> pl.Series:
    """Samples with a row, or for copy numbers a column, in the table of a kind."""
    table = study.table(_TABLE_OF[kind])
    if kind == "copy number":
        own = sample_subjects(study)
        names = {} if own is None else {str(s).upper(): str(s) for s in own["SAMPLE"].drop_nulls()}
        columns = [c for c in table.columns if c.upper() not in _NOT_SAMPLES]
        return pl.Series([names.get(c.upper(), c) for c in columns], dtype=pl.String)
    column = next((c for c in ("TUMOR_SAMPLE_BARCODE", "SAMPLE_ID") if c in table.columns), None)
    return (
        pl.Series([], dtype=pl.String) if column is None else table[column].cast(pl.String).drop_nulls().unique().sort()
    )


def _assumed(rows: pl.DataFrame) -> list[Finding]:
    """Say for whom every gene counts as read because no panel is named."""
    whole = rows.filter(ASSAY=WHOLE_EXOME)["SAMPLE"]
    if not whole.len():
        return []
    mixed = whole.len() < rows.height
    return [
        Finding(
            table="PROFILED",
            rule="whole-exome-assumed",
            severity="warning" if mixed else "note",
            value=str(whole[0]),
            message=f"{whole.len()} of {rows.height} sequenced samples, the first {whole[0]}, have no gene panel: they "
            "count as whole exomes, in which every gene was read.",
        )
    ]


def _not_listed(samples: pl.Series) -> Finding:
    return Finding(
        table="SAMPLE",
        rule="panel-of-unlisted-sample",
        severity="warning",
        variable="GENE_PANEL",
        value=str(samples[0]),
        message=f"{samples.len()} samples, the first {samples[0]}, have a gene panel and are in no list of sequenced "
        "samples; they count as not tested.",
    )


def _no_column(samples: pl.Series) -> Finding:
    return Finding(
        table="CNA",
        rule="sample-without-copy-number",
        severity="note",
        value=str(samples[0]),
        message=f"{samples.len()} samples with a gene panel, the first {samples[0]}, have no column in the copy-number "
        "table; their copy number counts as not tested.",
    )


def _strangers(samples: pl.Series) -> Finding:
    return Finding(
        table="PROFILED",
        rule="sample-without-subject",
        severity="warning",
        value=str(samples[0]),
        message=f"{samples.n_unique()} samples that were profiled, the first {samples[0]}, lead to no single subject "
        "in table SAMPLE; they are no test of anybody.",
    )
