"""The SDTM tables of a study as they were read, with what is said of their variables."""

from __future__ import annotations

import polars as pl

from codon12.records import Study
from codon12.records.findings import Finding, findings_frame
from codon12.standards.datasets import Dataset, described, plain
from codon12.standards.given import GivenMetadata, given_metadata
from codon12.standards.metadata import Column
from codon12.standards.sdtm_labels import sdtm_label, sdtm_table

__all__ = ["sdtm_datasets"]

_SOURCE = ("SRCDOM", "SRCROW", "SRCFILE")


def sdtm_datasets(study: Study) -> tuple[list[Dataset], pl.DataFrame]:
    """Every table of an SDTM study as codon12 read it, in order of name, with findings.

    What reading merged onto records from supplemental qualifiers is taken off again: SUPP-- tables are written as
    they are. Labels are those of the files (Define-XML, SAS, Dataset-JSON), else the standard's, else the name.
    ADaM tables of the same folder are not written, each with a finding; of a study that is no SDTM there is nothing.
    """
    if study.format != "sdtm":
        return [], findings_frame([])
    given = given_metadata(study)
    out, found = [], []
    for name, frame in study.tables.items():
        if name.startswith("AD"):
            found.append(
                Finding(
                    table=name,
                    rule="table-not-exported",
                    severity="note",
                    message=f"{name} is no SDTM; the ADaM data sets written are those that codon12 derives.",
                )
            )
            continue
        out.append(_dataset(name, _as_read(name, frame, study), given))
    return out, findings_frame(found)


def _as_read(name: str, frame: pl.DataFrame, study: Study) -> pl.DataFrame:
    """Table without what codon12 added to it."""
    merged = {
        str(q).upper()
        for supp in (t for t in study.tables if t.startswith("SUPP") and t[4:6] == name)
        if "QNAM" in study.tables[supp].columns
        for q in study.tables[supp]["QNAM"].drop_nulls().unique()
    }
    added = [f"{q}.SUPP" if f"{q}.SUPP" in frame.columns else q for q in merged]
    return plain(frame.drop(*_SOURCE, *added, strict=False))


def _dataset(name: str, frame: pl.DataFrame, given: GivenMetadata) -> Dataset:
    domain = name[4:6] if name.startswith("SUPP") else name
    label, class_ = sdtm_table().domains.get(domain, (name, "FINDINGS"))
    if name.startswith("SUPP"):
        label, class_ = f"Supplemental Qualifiers for {domain}", "RELATIONSHIP"
    columns = []
    for column in frame.columns:
        kind, length, fmt = described(frame, column)
        said = given.labels.get((name, column)) or sdtm_label(column) or column
        columns.append(
            Column(
                name=column,
                label=said,
                type=kind,
                length=length,
                format=fmt,
                origin="Assigned" if column in ("STUDYID", "DOMAIN", "USUBJID") else "Collected",
            )
        )
    keys = ["STUDYID", "USUBJID", f"{name}PARMCD", f"{name}SEQ"]
    if name.startswith("SUPP"):
        keys += ["RDOMAIN", "IDVAR", "IDVARVAL", "QNAM"]
    keys = [k for k in keys if k in frame.columns]
    if keys and frame.select(keys).is_duplicated().any():  # they name no record, and Define-XML would say they do
        keys = []
    return Dataset(
        name=name,
        label=given.titles.get(name) or label,
        frame=frame,
        columns=tuple(columns),
        class_=class_,
        structure="One record per subject" if name == "DM" else "One record per record of the source",
        keys=tuple(keys),
        standard="SDTM",
    )
