"""A cBioPortal study folder: its data files, its survival attributes, the subjects of its samples."""

from __future__ import annotations

from pathlib import Path

import msgspec
import polars as pl

from codon12.records.config import StudyConfig, SubjectLink, TableSource, TimeSource, sources_of
from codon12.records.findings import findings_frame
from codon12.records.linking import add_subject
from codon12.records.locate import Located, inside

__all__ = ["link_samples", "locate_cbioportal", "study_name", "survival_attributes"]

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
_SAMPLE_COLUMN = {"MUTATIONS": "TUMOR_SAMPLE_BARCODE", "SV": "SAMPLE_ID", "GENE_PANEL": "SAMPLE_ID"}


def locate_cbioportal(folder: Path, located: list[Located], config: StudyConfig) -> list[Located]:
    """Add the data files of a cBioPortal study, found by its meta files and else by their usual names.

    What ``codon12.toml`` says of a table (`located` by file, or in `config` without one) goes before the defaults,
    and these fill what it leaves out: the subject stays PATIENT_ID where no column is named for it.

    Tables: PATIENT, SAMPLE, MUTATIONS, CNA, SV, GENE_PANEL, TIMELINE. A `data_filename` outside the folder is
    refused.

    Notes
    -----
    Source: cBioPortal documentation, "File Formats".
    """
    out: dict[str, Path] = {}
    for meta in sorted(folder.glob("meta_*.txt")):
        keys = _meta(meta)
        kind = (keys.get("genetic_alteration_type", "").upper(), keys.get("datatype", "").upper())
        table = _BY_KIND.get(kind)
        name = keys.get("data_filename")
        if table and name and (folder / name).exists():
            out.setdefault(table, inside(folder, name, where=f"{meta.name}, data_filename"))
    for path in sorted(folder.glob("data_*.txt")):
        table = _BY_NAME.get(path.name.lower())
        if table:
            out.setdefault(table, inside(folder, path.name, where=f"table {table}"))
    taken = {entry.table for entry in located}
    found = [
        Located(table=table, path=path, source=_completed(table, next(iter(sources_of(config, table)), TableSource())))
        for table, path in sorted(out.items())
        if table not in taken
    ]
    kept = [Located(table=e.table, path=e.path, source=_completed(e.table, e.source)) for e in located]
    return kept + found


def _completed(table: str, source: TableSource) -> TableSource:
    """Name the column of the subject, where the configuration does not."""
    if table not in _SUBJECT or "USUBJID" in source.columns:
        return source
    return msgspec.structs.replace(source, columns={"USUBJID": _SUBJECT[table], **source.columns})


def _meta(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


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
    return _meta(path).get("name") or None if path.is_file() else None


def survival_attributes(raw: pl.DataFrame) -> TableSource:
    """Describe the survival attributes of a clinical table: every pair ``X_MONTHS`` and ``X_STATUS``.

    Without an OS pair, overall survival is made of the dates of treatment start, death and last contact, where the
    table has all three and a vital status (numbers count as days).

    A status begins with ``1:`` for an event and ``0:`` for none; older files write DECEASED, LIVING and the
    like.

    Notes
    -----
    Source: cBioPortal documentation, "File Formats", survival attributes.

    Examples
    --------
    >>> raw = pl.DataFrame({"OS_MONTHS": ["1", "2"], "OS_STATUS": ["1:DECEASED", "0:LIVING"]})
    >>> survival_attributes(raw).times["OS"].event
    ['1:DECEASED']
    """
    times = {}
    for column in raw.columns:
        param = column.upper().removesuffix("_MONTHS")
        status = next((c for c in raw.columns if c.upper() == f"{param}_STATUS"), None)
        if param == column.upper() or status is None:
            continue
        values = sorted(raw[status].drop_nulls().unique())
        coded = [v for v in values if v[:2] in ("0:", "1:") or v in ("0", "1")]
        words = [v for v in values if v not in coded]
        event = [v for v in coded if v.startswith("1")] + [v for v in words if v.upper() in _EVENT_WORDS]
        censored = [v for v in coded if v.startswith("0")] + [v for v in words if v.upper() in _CENSORED_WORDS]
        if event or censored:
            times[param] = TimeSource(
                time=column,
                status=status,
                event=event or ["1"],
                censored=censored or ["0"],
                unit="months",
            )
    if "OS" not in times and (found := _survival_of_dates(raw)) is not None:
        times["OS"] = found
    return TableSource(times=times)


_STARTS = (
    "DRUG_START",
    "DRUG_START_DATE",
    "TREATMENT_START",
    "TREATMENT_START_DATE",
    "THERAPY_START_DATE",
    "IO_START",
    "IO_START_DATE",
)
_CONTACTS = ("FOLLOW_UP_DATE", "LAST_FOLLOW_UP_DATE", "LAST_CONTACT_DATE", "DATE_LAST_CONTACT", "LAST_CONTACT")
_DEATHS = ("DEATH_DATE", "DATE_OF_DEATH", "DATE_DEATH")
_VITAL = ("VITAL_STATUS", "SURVIVAL_STATUS", "PATIENT_VITAL_STATUS")


def _survival_of_dates(raw: pl.DataFrame) -> TimeSource | None:
    """Overall survival of a table that has dates and no survival attribute: start of treatment to last contact.

    A word of the status means death where every patient who has it has a date of death, and no other has one; where
    that does not settle all words, nothing is derived.
    """
    by_upper = {c.upper(): c for c in raw.columns}
    start, contact, death, vital = (
        next((by_upper[n] for n in names if n in by_upper), None) for names in (_STARTS, _CONTACTS, _DEATHS, _VITAL)
    )
    if start is None or contact is None or death is None or vital is None:
        return None
    words = raw.drop_nulls(vital).group_by(vital).agg(pl.col(death).is_not_null().mean().alias("died")).sort(vital)
    if not set(words["died"]) <= {0.0, 1.0} or not (words["died"] == 1.0).any():
        return None
    return TimeSource(
        time=f'(COALESCE("{death}", "{contact}") - "{start}") / 30.4375',
        status=vital,
        event=words.filter(pl.col("died") == 1.0)[vital].to_list(),
        censored=words.filter(pl.col("died") == 0.0)[vital].to_list(),
        unit="months",
        label=f"{start} to {death}, else {contact}",
    )


_EVENT_WORDS = (
    "DECEASED",
    "DEAD",
    "PROGRESSED",
    "PROGRESSION",
    "RECURRED",
    "RECURRED/PROGRESSED",
    "PROGRESS",
)
_CENSORED_WORDS = ("LIVING", "ALIVE", "NOT PROGRESSED", "CENSORED", "DISEASEFREE", "DISEASE FREE")


def link_samples(frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Give tables of samples the subject of each row, through table SAMPLE; replaces them in `frames`.

    Rows whose sample SAMPLE does not know are findings.
    """
    found = [findings_frame([])]
    for table, column in _SAMPLE_COLUMN.items():
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
