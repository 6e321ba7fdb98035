"""Dosing records of patients, EX-shaped, as the doses and hours of each patient's course."""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from codon12.errors import InputError

__all__ = ["DoseCourse", "read_doses"]

_EVERY = {"QD": 24.0, "Q24H": 24.0, "BID": 12.0, "Q12H": 12.0, "TID": 8.0, "Q8H": 8.0, "QID": 6.0, "Q6H": 6.0,
          "QOD": 48.0, "Q48H": 48.0, "QW": 168.0}  # fmt: skip
"""Hours between doses of the terms of EXDOSFRQ that are known."""
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?")
_LONGEST = 87_840
"""Hours of a course, ten years, beyond which a date is taken for a slip."""
_MOST = 20_000
"""Doses of one record from which on it is taken for a slip."""


@dataclass(frozen=True)
class DoseCourse:
    """Doses of one patient: mg, and hours from the patient's first record; `undated` records had no time of day."""

    subject: str
    hours: NDArray[np.float64]
    doses: NDArray[np.float64]
    end: float
    """Hours at which the last dose has acted for its interval."""
    undated: int


@dataclass(frozen=True)
class _Record:
    row: int
    start: float
    end: float
    dose: float
    every: float
    said: str
    undated: bool


def read_doses(path: Path) -> list[DoseCourse]:
    """Read dosing records, one row for doses of one amount at one interval, from CSV shaped as EX.

    Columns: USUBJID, EXDOSE, EXDOSU (mg), EXSTDTC and EXENDTC, or START and END in hours; EXDOSFRQ, or EVERY in
    hours. The end is included. A date alone starts at 08:00 and ends with its day. A dose of 0 is a pause.

    Raises
    ------
    InputError
        A column, value or date that is missing or unknown, an end before its start, or records of a patient that
        overlap; the message names file, row, subject and values.

    Notes
    -----
    Source: CDISC SDTMIG 3.4, domain EX; terms of EXDOSFRQ from the CDISC codelist FREQ.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            names = {n.strip().upper() for n in reader.fieldnames or []}
            rows = [{(k or "").strip().upper(): v if isinstance(v, str) else "" for k, v in r.items()} for r in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as err:
        raise InputError(f"{path.name}: cannot be read as CSV: {err}") from None
    clock = {"EXSTDTC", "EXENDTC"} <= names
    wanted = {"USUBJID", "EXDOSE", "EXDOSU"} | (set() if clock else {"START", "END"})
    if missing := sorted(wanted - names):
        raise InputError(f"{path.name}: no column {', '.join(missing)}; give EXSTDTC and EXENDTC, or START and END")
    if not rows or not names & {"EXDOSFRQ", "EVERY"}:
        raise InputError(f"{path.name}: give one dosing record at least, with EXDOSFRQ or EVERY")
    if len(drugs := {r["EXTRT"].strip() for r in rows if r.get("EXTRT", "").strip()}) > 1:
        raise InputError(f"{path.name}: EXTRT {', '.join(sorted(map(repr, drugs)))}: give the records of one drug")
    by_subject: dict[str, list[_Record]] = {}
    for number, row in enumerate(rows, start=2):
        subject = row["USUBJID"].strip()
        if not subject:
            raise InputError(f"{path.name}, row {number}: USUBJID is missing")
        by_subject.setdefault(subject, []).append(
            _record(row, number, f"{path.name}, row {number}, {subject!r}", clock)
        )
    return [_course(path.name, s, sorted(records, key=lambda r: r.start)) for s, records in by_subject.items()]


def _record(row: dict[str, str], number: int, where: str, clock: bool) -> _Record:  # noqa: FBT001
    dose = _number(row, "EXDOSE", where)
    if dose < 0:
        raise InputError(f"{where}: EXDOSE {dose:g} is below 0")
    if row["EXDOSU"].strip().lower() != "mg":
        raise InputError(f"{where}: EXDOSU {row['EXDOSU']!r} is not known; give doses in mg")
    if row.get("EVERY", "").strip():
        every = _number(row, "EVERY", where)
    else:
        term = row.get("EXDOSFRQ", "").strip().upper()
        if term not in _EVERY:
            raise InputError(f"{where}: EXDOSFRQ {row.get('EXDOSFRQ', '')!r} is not known; known: {', '.join(_EVERY)}")
        every = _EVERY[term]
    if every <= 0:
        raise InputError(f"{where}: EVERY {every:g} is not above 0")
    names = ("EXSTDTC", "EXENDTC") if clock else ("START", "END")
    said = f"{row[names[0]].strip()} to {row[names[1]].strip()}"
    if clock:
        (start, alone), (end, end_alone) = (_moment(row, n, where) for n in names)
        start, end = start + 8 * alone, end + (24 - 1 / 60) * end_alone
    else:
        start, end, alone = _number(row, "START", where), _number(row, "END", where), False
    if end < start:
        raise InputError(f"{where}: {names[1]} is before {names[0]} ({said})")
    if (end - start) / every > _MOST:
        raise InputError(f"{where}: more than {_MOST:,} doses ({said}, every {every:g} h); check dates and interval")
    return _Record(number, start, end, dose, every, said, alone)


def _number(row: dict[str, str], name: str, where: str) -> float:
    try:
        value = float(row[name])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"{where}: {name} {row[name]!r} is not a number")
    return value


def _moment(row: dict[str, str], name: str, where: str) -> tuple[float, bool]:
    """Hours of an ISO 8601 date or time, and whether it is a date alone."""
    text = row[name].strip()
    try:
        moment = datetime.fromisoformat(text) if _ISO.fullmatch(text) else None
    except ValueError:
        moment = None
    if moment is None:
        what = f"{text!r} is no full date" if text else "is missing"
        raise InputError(f"{where}: {name} {what}; write YYYY-MM-DD or YYYY-MM-DDThh:mm")
    return (moment - datetime(1900, 1, 1)) / timedelta(hours=1), len(text) == len("2020-01-01")  # noqa: DTZ001


def _course(file: str, subject: str, records: list[_Record]) -> DoseCourse:
    for a, b in pairwise(records):
        if b.start <= a.end:
            raise InputError(
                f"{file}, rows {a.row} and {b.row}, {subject!r}: records overlap ({a.said}; {b.said}); "
                "the end of a record is included"
            )
    first = records[0].start
    if records[-1].end - first > _LONGEST:
        raise InputError(
            f"{file}, rows {records[0].row} and {records[-1].row}, {subject!r}: a course of more than ten years "
            f"({records[0].said}; {records[-1].said}); check the dates"
        )
    at = [r.start - first + r.every * np.arange(int((r.end - r.start) / r.every + 1e-9) + 1) for r in records]
    return DoseCourse(
        subject=subject,
        hours=np.concatenate(at).astype(np.float64),
        doses=np.concatenate([np.full(a.size, r.dose) for a, r in zip(at, records, strict=True)]),
        end=float(at[-1][-1] + records[-1].every),
        undated=sum(r.undated for r in records),
    )
