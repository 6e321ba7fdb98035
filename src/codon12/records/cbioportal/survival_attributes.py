"""Times to event in the clinical attributes of a cBioPortal study."""

from __future__ import annotations

import re

import polars as pl

from codon12.records.config import TableSource, TimeSource
from codon12.records.findings import Finding

__all__ = ["attribute_findings", "survival_attributes"]


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
    for param, (column, status) in _pairs(raw.columns).items():
        if status is None:
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


def _pairs(columns: list[str]) -> dict[str, tuple[str, str | None]]:
    """Columns ``X_MONTHS`` and, where it is there, ``X_STATUS`` of each X."""
    by_upper = {c.upper(): c for c in reversed(columns)}
    ends = [c for c in columns if c.upper().endswith("_MONTHS")]
    params = {c: c.upper().removesuffix("_MONTHS") for c in ends}
    return {p: (c, by_upper.get(f"{p}_STATUS")) for c, p in params.items()}


def attribute_findings(raw: pl.DataFrame, read: TableSource, *, table: str, file: str) -> list[Finding]:
    """Survival attributes that are no time, and times that the usual analyses do not show.

    Examples
    --------
    >>> raw = pl.DataFrame({"DFS_MONTHS": ["1"], "DFS_STATUS": ["1:Recurred"], "TTDE_MONTHS": ["2"]})
    >>> found = attribute_findings(raw, survival_attributes(raw), table="PATIENT", file="patients.txt")
    >>> [(f.rule, f.variable) for f in found]
    [('endpoint-read', 'DFS_MONTHS'), ('time-without-status', 'TTDE_MONTHS')]
    >>> raw = pl.DataFrame({"OS_MONTHS": ["9"], "OS_STATUS": ["0:LIVING"], "SEQ_MONTHS": ["2"]})
    >>> attribute_findings(raw, survival_attributes(raw), table="PATIENT", file="patients.txt")[0].rule
    'late-entry-not-read'
    >>> raw = pl.DataFrame({"OS_DAYS": ["9"], "VITAL_STATUS": ["0:LIVING"]})
    >>> attribute_findings(raw, survival_attributes(raw), table="PATIENT", file="patients.txt")[0].rule
    'survival-not-read'
    """
    out = _unread(raw, read, table=table, file=file)
    for param, (column, status) in _pairs(raw.columns).items():
        if param in read.times:
            if param not in _SHOWN:
                out.append(
                    Finding(
                        table=table,
                        rule="endpoint-read",
                        severity="note",
                        variable=column,
                        value=param,
                        message=f"{file}: {column} and {status} were read as time to event {param}; the analyses of "
                        "OS and PFS do not show it. Ask for it under [analyses] in codon12.toml.",
                    )
                )
        elif raw[column].is_not_null().any() and status is None and read.times and _ENTERED.search(param):
            out.append(
                Finding(
                    table=table,
                    rule="late-entry-not-read",
                    severity="warning",
                    variable=column,
                    value=param,
                    message=f"{file}: {column} may be the time at which a patient came under observation; it was not "
                    "used, so that the time before it counts as survived. If so, write time, status and "
                    f"entry = '{column}' under [tables.{table}.times.{next(iter(read.times))}] in codon12.toml.",
                )
            )
        elif raw[column].is_not_null().any():
            endpoint = param in _ENDPOINTS or status is not None
            why = f"no word of {status} is known" if status else f"there is no column {param}_STATUS"
            out.append(
                Finding(
                    table=table,
                    rule="time-without-status",
                    severity="warning" if endpoint else "note",
                    variable=column,
                    value=param,
                    message=f"{file}: {column} was not read as a time to event, as {why}.",
                )
            )
    return out


def _unread(raw: pl.DataFrame, read: TableSource, *, table: str, file: str) -> list[Finding]:
    """Say that a table speaks of survival and no pair of attributes has a time of it."""
    spoken = [c for c in raw.columns if _OF_SURVIVAL.search(c)]
    if read.times or not spoken:
        return []
    named = ", ".join(spoken[:4])
    return [
        Finding(
            table=table,
            rule="survival-not-read",
            severity="warning",
            variable=spoken[0],
            message=f"{file}: no attributes X_MONTHS and X_STATUS give a time to event, so none is reported, though "
            f"{named} may tell of survival. `codon12 init` proposes what to write under [tables.{table}.times.OS].",
        )
    ]


_OF_SURVIVAL = re.compile(r"(?:^|_)(?:OS|PFS|DFS|SURVIVAL|VITAL|DEATH|DECEASED|DEAD)(?:_|$)", re.IGNORECASE)
"""Words of attributes that may tell of survival."""
_ENTERED = re.compile(r"(?:^|_)(?:SEQ|SEQUENC\w*|ENTRY|ENTERED|ENROL\w*|REGIST\w*|REPORT|BIOPSY)(?:_|$)", re.IGNORECASE)
"""Words of the time from the start to sequencing or inclusion, before which nobody can be seen to die."""
_SHOWN = ("OS", "PFS")
_ENDPOINTS = (
    *("OS", "PFS", "DFS", "DSS", "RFS", "EFS", "TTP", "TTDE", "TTD", "TTF", "MFS", "DMFS", "LRFS", "DOR", "CSS"),
    *("BCR", "IDFS", "PFI", "DFI", "TTNT"),
)
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
        time=f'COALESCE("{death}", "{contact}") - "{start}"',
        status=vital,
        event=words.filter(pl.col("died") == 1.0)[vital].to_list(),
        censored=words.filter(pl.col("died") == 0.0)[vital].to_list(),
        unit="days",
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
