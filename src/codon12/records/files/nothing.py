"""What is said, and what to do next, where a study folder holds no table that is read."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from codon12.records.config import CONFIG_FILE, StudyConfig
from codon12.records.files.locate import StudyFormat
from codon12.records.readers import format_of

__all__ = ["nothing_located"]

_NAMES = {
    "sdtm": ("dm", "ae", "ex", "ds", "rs", "tr", "tu", "cm", "mh", "lb", "gf"),
    "adam": ("adsl", "adtte", "adrs", "adtr", "adae", "adex"),
    "cbioportal": ("data_clinical_patient", "data_clinical_sample", "data_mutations"),
}
_SHOWN = 12


def nothing_located(folder: Path, config: StudyConfig, fmt: StudyFormat, told: Sequence[str]) -> str:
    """Say that no table was found, what the folder holds, a file whose name is near to one that is read, and what next.

    Examples
    --------
    >>> nothing_located(Path("study"), StudyConfig(), "sdtm", []).partition(".")[0]
    'study: no table could be located: the folder holds no file that can hold a table'
    """
    name = folder.name or str(folder)
    files = sorted(p.name for p in folder.iterdir() if p.is_file() and format_of(p.name)) if folder.is_dir() else []
    listed = ", ".join(files[:_SHOWN]) + (f" and {len(files) - _SHOWN} more" if len(files) > _SHOWN else "")
    if told:
        return f"{name}: no table could be located. {' '.join(told)}"
    if not files:
        return (
            f"{name}: no table could be located: the folder holds no file that can hold a table. Put the tables there "
            "(csv, xlsx, xpt, sas7bdat, json ...), or give the folder in which they lie"
        )
    said = f"{name}: no table could be located among {listed}"
    for file in files:
        stem = file.lower().partition(".")[0]
        near = get_close_matches(stem, _NAMES.get(fmt, ()), n=1, cutoff=0.75)
        if near:
            table = near[0].upper()
            said += f'; if {file} is {table}, rename it, or write [tables.{table}] file = "{file}" in {CONFIG_FILE}'
            break
    if config.tables:
        return f"{said}. {CONFIG_FILE} names {', '.join(config.tables)} and no file of them: give each its file = ..."
    return (
        f"{said}. `codon12 init {folder}` looks at the files and writes {CONFIG_FILE}; where it is there already and "
        "names no table, name that of the patients in it: [tables.ADSL] file = ..., as in docs/configuration.md"
    )
