"""``codon12.toml``: what a study says of itself, one file a section."""

from codon12.records.config.study import (
    CONFIG_FILE,
    Covariate,
    JoinSource,
    StudyConfig,
    Subgroup,
    SubjectLink,
    TableSource,
    TimeSource,
    read_config,
    sources_of,
)

__all__ = [
    "CONFIG_FILE",
    "Covariate",
    "JoinSource",
    "StudyConfig",
    "Subgroup",
    "SubjectLink",
    "TableSource",
    "TimeSource",
    "read_config",
    "sources_of",
]
