"""A cBioPortal study folder: its data files, its survival attributes, the subjects of its samples."""

from __future__ import annotations

from pathlib import Path

import msgspec
import polars as pl

from codon12.records.cbioportal.profiled import read_keys
from codon12.records.config import StudyConfig, SubjectLink, TableSource, sources_of
from codon12.records.files.linking import add_subject
from codon12.records.files.locate import Located, inside
from codon12.records.findings import Finding, findings_frame

__all__ = [
    "SAMPLE_COLUMN",
    "link_samples",
    "locate_cbioportal",
    "patients_of_samples",
    "study_name",
]

_BY_KIND = {
    ("CLINICAL", "PATIENT_ATTRIBUTES"): "PATIENT",
    ("CLINICAL", "SAMPLE_ATTRIBUTES"): "SAMPLE",
    ("CLINICAL", "TIMELINE"): "TIMELINE",
    ("MUTATION_EXTENDED", "MAF"): "MUTATIONS",
    ("COPY_NUMBER_ALTERATION", "DISCRETE"): "CNA",
    ("COPY_NUMBER_ALTERATION", "DISCRETE_LONG"): "CNA_LONG",
    ("STRUCTURAL_VARIANT", "SV"): "SV",
    ("GENE_PANEL_MATRIX", "GENE_PANEL_MATRIX"): "GENE_PANEL",
}
_BY_NAME = {
    "data_clinical_patient.txt": "PATIENT",
    "data_clinical_patients.txt": "PATIENT",
    "data_clinical_sample.txt": "SAMPLE",
    "data_clinical_samples.txt": "SAMPLE",
    "data_timeline.txt": "TIMELINE",
    "data_mutations.txt": "MUTATIONS",
    "data_mutations_extended.txt": "MUTATIONS",
    "data_cna.txt": "CNA",
    "data_sv.txt": "SV",
    "data_gene_panel_matrix.txt": "GENE_PANEL",
}
_SUBJECT = {"PATIENT": "PATIENT_ID", "SAMPLE": "PATIENT_ID", "TIMELINE": "PATIENT_ID"}
SAMPLE_COLUMN = {"MUTATIONS": "TUMOR_SAMPLE_BARCODE", "SV": "SAMPLE_ID", "GENE_PANEL": "SAMPLE_ID"}
"""Table that names samples -> the column that does."""


def locate_cbioportal(folder: Path, located: list[Located], config: StudyConfig) -> tuple[list[Located], list[Finding]]:
    """Add the data files of a cBioPortal study, found by its meta files and else by their usual names; and findings.

    What ``codon12.toml`` says of a table (`located` by file, or in `config` without one) goes before the defaults,
    and these fill what it leaves out: the subject stays PATIENT_ID where no column is named for it.

    Tables: PATIENT, SAMPLE, MUTATIONS, CNA, SV, GENE_PANEL, TIMELINE. A `data_filename` outside the folder is
    refused. Findings name a second file of a table, a file that a meta file names and the folder has not, and data
    files of which nothing is read.

    Notes
    -----
    Source: cBioPortal documentation, "File Formats".
    """
    out: dict[str, list[Path]] = {}
    findings: list[Finding] = []
    for meta in sorted(folder.glob("meta_*.txt")):
        keys = read_keys(meta)
        kind = (keys.get("genetic_alteration_type", "").upper(), keys.get("datatype", "").upper())
        table = _BY_KIND.get(kind)
        name = keys.get("data_filename")
        if not table or not name:
            continue
        if (folder / name).exists():
            out.setdefault(table, []).append(inside(folder, name, where=f"{meta.name}, data_filename"))
        else:
            findings.append(_not_there(table, name, meta.name))
    for path in sorted(folder.glob("data_*.txt")):
        table = _BY_NAME.get(path.name.lower())
        if table:
            out.setdefault(table, []).append(inside(folder, path.name, where=f"table {table}"))
    taken = {entry.table for entry in located}
    found = [
        Located(
            table=table, path=paths[0], source=_completed(table, next(iter(sources_of(config, table)), TableSource()))
        )
        for table, paths in sorted(out.items())
        if table not in taken
    ]
    kept = [Located(table=e.table, path=e.path, source=_completed(e.table, e.source)) for e in located]
    read = {e.path.name for e in kept + found}
    for table, paths in sorted(out.items()):
        first = next(e.path.name for e in kept + found if e.table == table)
        findings += [_second(table, p.name, first) for p in dict.fromkeys(paths) if p.name not in read]
    named = read | {p.name for paths in out.values() for p in paths}
    rest = [p.name for p in sorted(folder.glob("data_*")) if p.is_file() and p.name not in named]
    rest = [n for n in rest if "gene_panel" not in n]
    return kept + found, findings + ([_unread(rest)] if rest else [])


def _not_there(table: str, name: str, meta: str) -> Finding:
    return Finding(
        table=table,
        rule="file-not-there",
        severity="warning",
        value=name,
        message=f"{meta} names {name}, which the folder does not hold; table {table} was not read from it.",
    )


def _second(table: str, name: str, first: str) -> Finding:
    return Finding(
        table=table,
        rule="file-also-there",
        severity="note" if table == "TIMELINE" else "warning",
        value=name,
        message=f"Table {table} was read from {first}; {name} holds the same kind of data and was not read. To read "
        f'both, name them in codon12.toml: [[tables.{table}]] file = "{first}" and [[tables.{table}]] file = "{name}".',
    )


def _unread(names: list[str]) -> Finding:
    shown = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
    return Finding(
        table="codon12",
        rule="file-not-read",
        severity="note",
        value=", ".join(names),
        message=f"No table is made of {shown}.",
    )


def _completed(table: str, source: TableSource) -> TableSource:
    """Name the column of the subject, where the configuration does not."""
    if table not in _SUBJECT or "USUBJID" in source.columns:
        return source
    return msgspec.structs.replace(source, columns={"USUBJID": _SUBJECT[table], **source.columns})


def study_name(folder: Path) -> str | None:
    r"""Name of a cBioPortal study, as its ``meta_study.txt`` gives it; None where it gives none.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "meta_study.txt").write_text("name: Lung Adenocarcinoma (Example, 2022)\n")
    ...     study_name(Path(folder))
    'Lung Adenocarcinoma (Example, 2022)'
    """
    path = folder / "meta_study.txt"
    return read_keys(path).get("name") or None if path.is_file() else None


def patients_of_samples(sample: pl.DataFrame, *, file: str) -> tuple[pl.DataFrame, list[Finding]]:
    """Make table PATIENT of a study that has samples alone: a row a patient, with what all their samples agree on.

    Attributes on which samples of a patient differ are missing for them; a finding names the columns.

    Examples
    --------
    >>> sample = pl.DataFrame({"USUBJID": ["1", "1"], "SEX": ["F", "F"], "SITE": ["A", "B"], "SRCROW": [1, 2]})
    >>> patients, found = patients_of_samples(sample.with_columns(SRCDOM=pl.lit("SAMPLE")), file="s.txt")
    >>> patients.select("USUBJID", "SEX", "SITE").rows(), found[1].value
    ([('1', 'F', None)], 'SITE')
    """
    aside = ("USUBJID", "SRCDOM", "SRCROW", "SRCFILE", "SAMPLE_ID")
    values = [c for c in sample.columns if c not in aside]
    rows = sample.drop_nulls("USUBJID").group_by("USUBJID", maintain_order=True)
    one = [
        pl.when(pl.col(c).drop_nulls().n_unique() == 1).then(pl.col(c).drop_nulls().first()).alias(c) for c in values
    ]
    several = rows.agg(pl.col(values).drop_nulls().n_unique() > 1) if values else None
    differ = [] if several is None else [c for c in values if several[c].any()]
    source = [pl.col(c).first() for c in ("SRCDOM", "SRCROW", "SRCFILE") if c in sample.columns]
    findings = [
        Finding(
            table="PATIENT",
            rule="patients-of-samples",
            severity="note",
            value=file,
            message=f"The study has no file of patients; they were taken from the samples of {file}.",
        )
    ]
    if differ:
        findings.append(
            Finding(
                table="PATIENT",
                rule="samples-differ",
                severity="note",
                value=", ".join(differ),
                message=f"{file}: samples of one patient differ in {', '.join(differ)}; the patient has no such value.",
            )
        )
    return rows.agg(*one, *source), findings


def link_samples(frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Give tables of samples the subject of each row, through table SAMPLE; replaces them in `frames`.

    Rows whose sample SAMPLE does not know are findings.
    """
    found = [findings_frame([])]
    for table, column in SAMPLE_COLUMN.items():
        if table in frames and "SAMPLE" in frames and column in frames[table].columns:
            if "USUBJID" in frames[table].columns:
                continue
            frames[table], missed = add_subject(
                frames[table],
                frames["SAMPLE"],
                SubjectLink(column=column),
                table=table,
                where=f"table {table}",
            )
            found.append(missed)
    return pl.concat(found)
