"""Rows of CSV files, one patient at a time."""

from __future__ import annotations

import calendar
import csv
import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

TABLES = ("dm", "ds", "ex", "ae", "cm", "tu", "tr", "rs", "ss")
EVALUATORS = {"INVESTIGATOR": "INVESTIGATOR", "INDEPENDENT ASSESSOR": "CENTRAL", "ADJUDICATOR": "CENTRAL"}


def may_be(text: str) -> tuple[dt.date, dt.date] | None:
    """The first and the last day that an ISO 8601 text may mean."""
    parts = [int(p) for p in text[:10].split("-")] if text else []
    if not parts:
        return None
    if len(parts) == 1:
        return dt.date(parts[0], 1, 1), dt.date(parts[0], 12, 31)
    if len(parts) == 2:
        return dt.date(*parts, 1), dt.date(*parts, calendar.monthrange(*parts)[1])
    return dt.date(*parts), dt.date(*parts)


def certain(text: str) -> dt.date | None:
    """The day, where the text says one."""
    return may_be(text)[0] if len(text) >= 10 else None


@dataclass
class Patient:
    """All rows of one patient, and who assessed anybody in the study."""

    id: str
    rows: dict[str, list[dict]] = field(default_factory=lambda: {name: [] for name in TABLES})
    evaluators: tuple[str, ...] = ()

    @property
    def first_dose(self) -> dt.date | None:
        """First day of a dose."""
        return min((certain(r["EXSTDTC"]) for r in self.rows["ex"]), default=None)

    @property
    def start(self) -> dt.date | None:
        """Time zero: randomisation, else first dose."""
        drawn = [certain(r["DSSTDTC"]) for r in self.rows["ds"] if r["DSDECOD"] == "RANDOMIZED"]
        return min(drawn, default=self.first_dose)


def patients(folder: Path) -> list[Patient]:
    """Every patient of DM with the rows of every table."""
    tables = {}
    for name in TABLES:
        path = folder / f"{name}.csv"
        if path.exists():
            with path.open(newline="") as file:
                tables[name] = list(csv.DictReader(file))
    seen = {EVALUATORS[r[f"{t.upper()}EVAL"]] for t in ("tr", "rs") for r in tables.get(t, [])}
    found = {r["USUBJID"]: Patient(r["USUBJID"], evaluators=tuple(sorted(seen))) for r in tables["dm"]}
    for name, rows in tables.items():
        for row in rows:
            if row["USUBJID"] in found:
                found[row["USUBJID"]].rows[name].append(row)
    return list(found.values())
