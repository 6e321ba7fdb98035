"""Which tables of a folder are read, and how each reader is asked."""

from __future__ import annotations

from pathlib import Path

from codon12.records.cbioportal.files import locate_cbioportal
from codon12.records.config import StudyConfig
from codon12.records.files.locate import Located, StudyFormat, locate, study_format
from codon12.records.findings import Finding
from codon12.records.readers import ReadOptions

__all__ = ["located_tables", "read_options"]


def located_tables(folder: Path, config: StudyConfig) -> tuple[StudyFormat, list[Located], list[Finding]]:
    """Kind of study, the file of each table, and what could not be decided; errors as `Study.open`."""
    fmt = study_format(folder, config)
    located, found = locate(folder, config, fmt)
    if fmt == "cbioportal":
        located, named = locate_cbioportal(folder, located, config)
        found += named
    return fmt, located, found


def read_options(entry: Located, fmt: StudyFormat, *, block: str | None = None) -> ReadOptions:
    """What a reader is told of a table: MAF and cBioPortal know no quoting."""
    source = entry.source
    plain = fmt == "cbioportal" or ".maf" in entry.path.name.lower()
    return ReadOptions(table=entry.table, sheet=source.sheet, header=source.header, quoting=not plain, block=block)
