"""Study records: open, validate, hold, write; findings, populations, codon12.toml."""

from codon12.records.config import (
    Covariate,
    StudyConfig,
    Subgroup,
    SubjectLink,
    TableSource,
    TimeSource,
    read_config,
)
from codon12.records.dates import date_flag, dtc_state, parse_dtc
from codon12.records.findings import FINDING_SCHEMA, Finding, findings_frame, no_findings
from codon12.records.study import Study

__all__ = [
    "FINDING_SCHEMA",
    "Covariate",
    "Finding",
    "Study",
    "StudyConfig",
    "Subgroup",
    "SubjectLink",
    "TableSource",
    "TimeSource",
    "date_flag",
    "dtc_state",
    "findings_frame",
    "no_findings",
    "parse_dtc",
    "read_config",
]
