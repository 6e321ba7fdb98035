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
from codon12.records.domains.tumours import lesions, responses
from codon12.records.files.folder import write_atomically
from codon12.records.files.write import write_csv, write_records
from codon12.records.findings import FINDING_SCHEMA, findings_frame, no_findings
from codon12.records.study import Study
from codon12.records.subjects.adsl import ADSL_COLUMNS, analysis_subjects
from codon12.records.subjects.overlap import Overlap, overlap
from codon12.records.subjects.populations import population
from codon12.records.validation import RULES, Rule, validate

__all__ = [
    "ADSL_COLUMNS",
    "FINDING_SCHEMA",
    "RULES",
    "Covariate",
    "Overlap",
    "Rule",
    "Study",
    "StudyConfig",
    "Subgroup",
    "SubjectLink",
    "TableSource",
    "TimeSource",
    "analysis_subjects",
    "date_flag",
    "dtc_state",
    "findings_frame",
    "lesions",
    "no_findings",
    "overlap",
    "parse_dtc",
    "population",
    "read_config",
    "responses",
    "validate",
    "write_atomically",
    "write_csv",
    "write_records",
]
