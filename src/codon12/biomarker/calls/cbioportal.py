"""The alterations and the tests of a cBioPortal study."""

from __future__ import annotations

import re

import msgspec
import polars as pl

from codon12.biomarker.calls.frame import Calls, calls_frame, no_calls
from codon12.biomarker.calls.mutation_status import by_status
from codon12.biomarker.calls.samples import normal_samples
from codon12.biomarker.calls.subjects import with_subject
from codon12.biomarker.calls.tables import table_calls
from codon12.biomarker.variants.genes import current_symbols
from codon12.errors import InputError
from codon12.records.findings import no_findings, row_findings
from codon12.records.study import Study

__all__ = [
    "LEVELS",
    "copy_number_calls",
    "copy_number_levels",
    "fusion_calls",
    "holds_fusions",
    "level_words",
    "sample_columns",
    "study_calls",
]

LEVELS = ("0", "2", "1", "-1", "-1.5", "-2")
_CLASSES = {"2": "amplification", "1": "gain", "-1": "loss", "-1.5": "loss", "-2": "deletion"}
_LEVEL_WORDS = {
    "amp": "2", "amplification": "2", "gain": "1", "loss": "-1", "deepdel": "-2", "deep deletion": "-2",
    "homdel": "-2", "deletion": "-2", "neutral": "0", "diploid": "0",
}  # fmt: skip
"""Words of a copy-number table -> discrete level."""
_MISSING = ("", "NA", "N/A", "NAN", "NULL", ".", "NP")


def study_calls(study: Study) -> Calls:
    """Give the mutations, copy-number changes and fusions of a cBioPortal study as one calls frame.

    Reads tables MUTATIONS, CNA and SV, those that are there. A sample without a subject in table SAMPLE is a
    finding; its calls have no USUBJID. Calls of normal samples (`normal_samples`) are left out; each of these samples
    is a finding.

    Raises
    ------
    InputError
        A table without a column of genes or samples.

    Notes
    -----
    Source: cBioPortal documentation, "File Formats": discrete copy number -2 homozygous deletion, 2 amplification.
    """
    subjects = sample_subjects(study)
    normal, told = normal_samples(study)
    parts = []
    if study.has("MUTATIONS"):
        parts.append(table_calls(study.table("MUTATIONS"), subjects=subjects))
    if study.has("CNA"):
        parts.append(copy_number_calls(with_own_names(study.table("CNA"), subjects), subjects=subjects))
    if holds_fusions(study):
        parts.append(fusion_calls(study.table("SV"), subjects=subjects))
    if not parts:
        return Calls(frame=no_calls(), findings=told)
    found = pl.concat([p.findings for p in parts])
    # A sample without a subject was found when the tables were linked.
    known = study.findings.filter(RULE="sample-without-subject").select("TABLE", "ROW", "RULE").unique()
    found = found.join(known, on=["TABLE", "ROW", "RULE"], how="anti", maintain_order="left")
    frame, germline = (pl.concat([getattr(p, part) for p in parts]) for part in ("frame", "germline"))
    left_out = dict(parts[0].left_out)
    mutations = frame.filter(SRCDOM="MUTATIONS").height
    if normal.height:
        frame, germline = (f.join(normal, on="SAMPLE", how="anti", maintain_order="left") for f in (frame, germline))
    left_out["of a normal sample"] = mutations - frame.filter(SRCDOM="MUTATIONS").height
    findings = pl.concat([_with_files(found, study), told])
    return Calls(frame=frame, germline=germline, left_out=left_out, findings=findings)


def holds_fusions(study: Study) -> bool:
    """Tell whether table SV is cBioPortal's structural variants; in SDTM SV is the subjects' visits."""
    return study.has("SV") and not {"SVSTDTC", "SVSEQ", "VISITNUM"} & set(study.columns("SV"))


def with_own_names(table: pl.DataFrame, subjects: pl.DataFrame | None) -> pl.DataFrame:
    """Columns of a study's tables are in capitals; samples get back the names that table SAMPLE knows."""
    if subjects is None:
        return table
    own = {str(s).upper(): str(s) for s in subjects["SAMPLE"].drop_nulls()}
    names = table.columns
    taken = set(names)
    return table.rename({c: own[c] for c in names if c in own and own[c] not in taken})


def _with_files(found: pl.DataFrame, study: Study) -> pl.DataFrame:
    """Sentences that begin with a table and its row name the file instead."""
    out = found
    for table, file in study.sources.select("TABLE", "FILE").iter_rows():
        own = pl.col("TABLE") == table
        text = pl.col("MESSAGE").str.replace(f"^{table} row ", f"{file}, row ").str.replace(f"^{table}: ", f"{file}: ")
        out = out.with_columns(MESSAGE=pl.when(own).then(text).otherwise("MESSAGE"))
    return out


def sample_subjects(study: Study) -> pl.DataFrame | None:
    """Give SAMPLE and USUBJID of a study; None without a table of samples."""
    if not study.has("SAMPLE") or not {"SAMPLE_ID", "USUBJID"} <= set(study.table("SAMPLE").columns):
        return None
    return study.table("SAMPLE").select("USUBJID", SAMPLE="SAMPLE_ID").unique(maintain_order=True)


def copy_number_calls(table: pl.DataFrame, *, subjects: pl.DataFrame | None = None, name: str = "CNA") -> Calls:
    """Make calls of a discrete copy-number table: genes by samples, 0 for no change.

    A table in long form (sample, gene and a column CNA) is read as well. Levels are -2, -1.5, -1, 0, 1, 2 or words
    for them (AMP, DeepDel); anything else but missing is a finding. A table of names alone has no call.

    Raises
    ------
    InputError
        No column of genes.

    Examples
    --------
    >>> table = pl.DataFrame({"HUGO_SYMBOL": ["MET", "STK11"], "S1": ["2", "0"], "S2": ["0", "-2"]})
    >>> copy_number_calls(table).frame.select("SAMPLE", "GENE", "CLASS").rows()
    [('S1', 'MET', 'amplification'), ('S2', 'STK11', 'deletion')]
    """
    made = _copy_number(copy_number_levels(table, name=name), subjects=subjects, name=name)
    return msgspec.structs.replace(made, findings=pl.concat([made.findings, _given_twice(table, name=name)]))


def _given_twice(table: pl.DataFrame, *, name: str) -> pl.DataFrame:
    """``copy-number-twice``: rows of one gene that say different levels of a sample; a change in any of them counts."""
    long = long_copy_number(table)
    if long is None:
        gene, _ = sample_columns(table, name=name)
        repeated = table.filter(current_symbols(pl.col(gene)).is_duplicated())
        if repeated.is_empty():
            return no_findings()
        long = _matrix(repeated, name=name)
    else:
        long = long.filter(pl.struct("GENE", "SAMPLE").is_duplicated())
    read = level_words(long["level"].cast(pl.String).unique())
    said = long.with_columns(pl.col("level").cast(pl.String).replace_strict(read, default=None, return_dtype=pl.String))
    odd = said.drop_nulls("level").filter(pl.col("level").n_unique().over("GENE", "SAMPLE") > 1).sort("SRCROW")
    first = odd.with_columns(_ALL=pl.col("level").unique().sort().str.join(", ").over("GENE", "SAMPLE"))
    first = first.unique(["GENE", "SAMPLE"], keep="last", maintain_order=True)
    return row_findings(
        first, table=name, rule="copy-number-twice", severity="warning", variable="SAMPLE", value=pl.col("level"),
        message=f"{name} row {{}}: {{}} has rows that differ in sample {{}} ({{}}); a change in any counts.",
        parts=[pl.col("SRCROW"), pl.col("GENE"), pl.col("SAMPLE"), pl.col("_ALL")],
    )  # fmt: skip


def copy_number_levels(table: pl.DataFrame, *, name: str = "CNA") -> pl.DataFrame:
    """SRCROW, GENE, SAMPLE and level (a text, null where missing) of every cell of a copy-number table.

    Raises
    ------
    InputError
        No column of genes.
    """
    long = long_copy_number(table)
    if long is None:
        long = _matrix(table, name=name)
    read = level_words(long["level"].cast(pl.String).unique())
    level = pl.col("level").cast(pl.String).replace_strict(read, default=None, return_dtype=pl.String)
    return long.with_columns(level)


def level_words(cells: pl.Series) -> dict[str, str | None]:
    """Distinct texts of cells and the level each says: a known one, null where it is missing, else the text itself.

    Examples
    --------
    >>> level_words(pl.Series(["2", "AMP", "0.0", "NA", "1.5"]))
    {'2': '2', 'AMP': '2', '0.0': '0', 'NA': None, '1.5': '1.5'}
    """
    out: dict[str, str | None] = {}
    for cell in cells.drop_nulls().to_list():
        text = cell.strip().removesuffix(".0")
        word = _LEVEL_WORDS.get(re.sub("[_-]+", " ", text.lower()), text)
        out[cell] = None if text.upper() in _MISSING else text if text in LEVELS else word
    return out


def sample_columns(table: pl.DataFrame, *, name: str = "CNA") -> tuple[str, list[str]]:
    """Column of genes and columns of samples of a copy-number table of genes by samples.

    Raises
    ------
    InputError
        No column of genes.
    """
    gene = next((c for c in table.columns if c.upper() == "HUGO_SYMBOL"), None)
    if gene is None:
        raise InputError(f"table {name}: no column of genes (Hugo_Symbol); it has {', '.join(table.columns[:40])}")
    aside = ("HUGO_SYMBOL", "ENTREZ_GENE_ID", "SRCDOM", "SRCROW", "USUBJID", "CYTOBAND")
    return gene, [c for c in table.columns if c.upper() not in aside]


def _matrix(table: pl.DataFrame, *, name: str) -> pl.DataFrame:
    """SRCROW, GENE, SAMPLE, level of a table of genes by samples."""
    gene, samples = sample_columns(table, name=name)
    if "SRCROW" not in table.columns:
        table = table.with_row_index("SRCROW", offset=1)
    long = table.select(pl.col("SRCROW").cast(pl.Int64), current_symbols(pl.col(gene)).alias("GENE"), *samples)
    return long.unpivot(index=["SRCROW", "GENE"], variable_name="SAMPLE", value_name="level")


def long_copy_number(table: pl.DataFrame) -> pl.DataFrame | None:
    """SRCROW, GENE, SAMPLE, level of a table with a row a sample and gene; None for a matrix."""
    by_upper = {c.upper(): c for c in table.columns}
    names = {
        "SAMPLE": ("SAMPLES", "SAMPLE", "SAMPLE_ID", "TUMOR_SAMPLE_BARCODE"),
        "GENE": ("GENE", "HUGO_SYMBOL"),
        "level": ("CNA", "ALTERATION", "VALUE"),
    }
    found = {ours: next((by_upper[n] for n in theirs if n in by_upper), None) for ours, theirs in names.items()}
    if any(c is None for c in found.values()):
        return None
    row = pl.col("SRCROW") if "SRCROW" in table.columns else pl.int_range(1, pl.len() + 1)
    return table.select(
        SRCROW=row.cast(pl.Int64),
        GENE=current_symbols(pl.col(str(found["GENE"]))),
        SAMPLE=pl.col(str(found["SAMPLE"])).cast(pl.String),
        level=pl.col(str(found["level"])).cast(pl.String),
    )


def _copy_number(rows: pl.DataFrame, *, subjects: pl.DataFrame | None, name: str) -> Calls:
    """Calls of SRCROW, GENE, SAMPLE and level."""
    rows = rows.filter(pl.col("level") != "0").with_columns(
        CLASS=pl.col("level").replace_strict(_CLASSES, default=None, return_dtype=pl.String)
    )
    odd = row_findings(
        rows.filter(pl.col("CLASS").is_null()),
        table=name,
        rule="copy-number-level",
        severity="warning",
        variable="SAMPLE",
        value=pl.col("level"),
        message=f"{name} row {{}}: '{{}}' of {{}} in sample {{}} is no discrete level (-2 to 2); it is not known.",
        parts=[pl.col(c).cast(pl.String) for c in ("SRCROW", "level", "GENE", "SAMPLE")],
    )
    made, unowned = with_subject(rows.filter(pl.col("CLASS").is_not_null()), subjects, name=name)
    made = made.with_columns(CONSEQUENCE=pl.format("copy number {}", "level"), SRCDOM=pl.lit(name))
    return Calls(frame=calls_frame(made).sort("SRCROW", "SAMPLE"), findings=pl.concat([odd, unowned]))


def fusion_calls(table: pl.DataFrame, *, subjects: pl.DataFrame | None = None, name: str = "SV") -> Calls:
    """Make calls of a table of structural variants: a fusion where two genes are joined, else a rearrangement.

    GENE is the second site and PARTNER the first, as the table has them; the order does not say which gene lies 5'.
    SV_Status (SOMATIC, GERMLINE) is read as the status of a mutation is (`by_status`).

    Examples
    --------
    >>> table = pl.DataFrame({"SAMPLE_ID": ["S1"], "SITE1_HUGO_SYMBOL": ["EML4"], "SITE2_HUGO_SYMBOL": ["ALK"]})
    >>> fusion_calls(table).frame.select("PARTNER", "GENE", "CLASS").row(0)
    ('EML4', 'ALK', 'fusion')
    """
    by_upper = {c.upper(): c for c in table.columns}
    genes, samples = ("SITE1_HUGO_SYMBOL", "SITE2_HUGO_SYMBOL", "GENEA", "GENEB"), ("SAMPLE_ID", "TUMOR_SAMPLE_BARCODE")
    for what, names in (("genes (Site1_Hugo_Symbol)", genes), ("samples (Sample_Id)", samples)):
        if not any(n in by_upper for n in names):
            raise InputError(f"table {name}: no column of {what}; it has {', '.join(table.columns[:40])}")

    def text(*names: str) -> pl.Expr:
        given = [pl.col(by_upper[n]).cast(pl.String).str.strip_chars() for n in names if n in by_upper]
        return pl.coalesce(pl.when(g != "").then(g) for g in given) if given else pl.lit(None, pl.String)

    one = current_symbols(text("SITE1_HUGO_SYMBOL", "GENEA"))
    two = current_symbols(text("SITE2_HUGO_SYMBOL", "GENEB"))
    row = pl.col(by_upper["SRCROW"]) if "SRCROW" in by_upper else pl.int_range(1, pl.len() + 1)
    rows = table.select(
        SAMPLE=text("SAMPLE_ID", "TUMOR_SAMPLE_BARCODE"),
        GENE=pl.coalesce(two, one),
        PARTNER=pl.when(one != two).then(one),
        CONSEQUENCE=text("EVENT_INFO", "SV_TYPE", "CLASS"),
        SRCDOM=pl.lit(name),
        SRCROW=row.cast(pl.Int64),
        STATUS=text("SV_STATUS", "MUTATION_STATUS"),
        VALIDATION=pl.lit(None, pl.String),
    ).with_columns(
        CLASS=pl.when(pl.col("PARTNER").is_not_null()).then(pl.lit("fusion")).otherwise(pl.lit("rearrangement"))
    )
    owned, unowned = with_subject(rows, subjects, name=name)
    somatic, germline, told = by_status(owned, name=name, variable="SV_STATUS")
    return Calls(
        frame=calls_frame(somatic), germline=calls_frame(germline), findings=pl.concat([unowned, told], how="vertical")
    )
