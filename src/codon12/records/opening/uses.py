"""What each table of a study is used for; a table that nothing is made of is said to be unused."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from codon12.records.config import StudyConfig
from codon12.records.domains.deaths import NOT_CONTACT

__all__ = ["UNUSED", "known_uses", "table_uses"]

UNUSED = "nothing is derived from this table"

_SDTM = {
    "DM": "subjects",
    "EX": "exposure, first and last dose",
    "DS": "disposition, death",
    "DD": "death",
    "SS": "death, last contact",
    "AE": "adverse events, death",
    "TU": "lesions",
    "TR": "lesions, responses",
    "RS": "responses",
}
_ADAM = {
    "ADSL": "subjects",
    "ADTTE": "times to event",
    "ADRS": "responses",
    "ADTR": "sums of diameters",
    "ADAE": "adverse events",
}
_COHORT = {
    "PATIENT": "subjects, times to event",
    "SAMPLE": "samples of subjects, tests",
    "MUTATIONS": "mutations",
    "CNA": "copy-number changes, tests of copy number",
    "SV": "fusions",
    "GENE_PANEL": "tests",
    "PROFILED": "tests",
}
_THERAPY = ("CM", "PR")
_REPLACED = {
    "AE": "ADAE",
    "RS": "ADRS",
    "TR": "ADRS",
    "TU": "ADRS",
    "DM": "ADSL",
    "DS": "ADSL",
    "DD": "ADSL",
    "SS": "ADSL",
}


def table_uses(tables: Mapping[str, pl.DataFrame], fmt: str, config: StudyConfig) -> dict[str, str]:
    """Give each table that something is made of, and what: its own use, covariates, scores, assays.

    Where a study holds ADaM beside SDTM the given data set goes before the records it was made from.

    Examples
    --------
    >>> adam = {"ADSL": pl.DataFrame({"USUBJID": ["1"]}), "ADTR": pl.DataFrame({"USUBJID": ["1"]})}
    >>> table_uses(adam, "adam", StudyConfig())
    {'ADSL': 'subjects'}
    """
    known = dict(_ADAM)
    if fmt == "sdtm":
        known |= {t: use for t, use in _SDTM.items() if _REPLACED.get(t) not in tables}
    if fmt == "cbioportal" or "MUTATIONS" in tables:
        known |= _COHORT
    if fmt == "adam" and "EX" in tables:
        known["EX"] = "exposure"
    if "ADRS" not in tables:  # sums alone say nothing of responses
        known.pop("ADTR")
    asked = _asked(config)
    out: dict[str, str] = {}
    for name, frame in tables.items():
        uses = [known[name]] if name in known else []
        if fmt == "sdtm" and name in _THERAPY and f"{name}CAT" in frame.columns:
            uses.append("subsequent therapy")
        if fmt == "sdtm" and "ADSL" not in tables and _has_contacts(name, frame):
            uses.append("last date known alive")
        uses += asked.get(name, [])
        if uses:
            out[name] = ", ".join(dict.fromkeys(uses))
    return out


def known_uses(fmt: str) -> dict[str, str]:
    """Give what is made of each table of a format by itself.

    Examples
    --------
    >>> known_uses("adam")["ADAE"]
    'adverse events'
    """
    return {"sdtm": {**_ADAM, **_SDTM}, "cbioportal": _COHORT}.get(fmt, _ADAM)


def _has_contacts(name: str, frame: pl.DataFrame) -> bool:
    if name in NOT_CONTACT or name.startswith(("SUPP", "AD")) or "USUBJID" not in frame.columns:
        return False
    return any(c.endswith("DTC") for c in frame.columns)


def _asked(config: StudyConfig) -> dict[str, list[str]]:
    """Tables that ``codon12.toml`` names, and by which keys."""
    out: dict[str, list[str]] = {}
    for name, covariate in config.covariates.items():
        if covariate.table:
            out.setdefault(covariate.table.upper(), []).append(f"covariate {name}")
    for name, measure in config.measures.items():
        if measure.value:
            out.setdefault(measure.table.upper(), []).append(f"score {name}")
    for name, assay in config.assays.items():
        if assay.table:
            out.setdefault(assay.table.upper(), []).append(f"assay {name}")
    for table in config.tables:
        sources = config.tables[table]
        for source in sources if isinstance(sources, list) else [sources]:
            if source.link is not None:
                out.setdefault(source.link.table.upper(), []).append(f"subjects of {table.upper()}")
            if source.times:
                out.setdefault(table.upper(), []).append("times to event")
    return out
