"""Adverse events on treatment with their grade, and new therapy."""

from __future__ import annotations

import datetime as dt

from naive.records import Patient, may_be

ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}


def happened(row: dict) -> bool:
    """Not asked about and denied, not left unasked."""
    return row["AEOCCUR"] != "N" and row["AESTAT"] != "NOT DONE"


def number(text: str) -> int | None:
    """One grade of 1 to 5 however written; anything else is none."""
    word = text.upper().replace("GRADE", "").strip().removesuffix(".0")
    if word in ROMAN:
        return ROMAN[word]
    return int(word) if word in ("1", "2", "3", "4", "5") else None


def emergent(patient: Patient, row: dict) -> bool:
    """Not over before the first dose, and not certainly begun before it."""
    dose, start, end = patient.first_dose, may_be(row["AESTDTC"]), may_be(row["AEENDTC"])
    if dose is None or (end and end[1] < dose):
        return False
    return start is None or start[1] >= dose


def grades(patient: Patient) -> dict[str, int]:
    """Grade of each event on treatment by its AESEQ, 0 where unknown; the worst under `worst`."""
    out = {}
    for row in patient.rows["ae"]:
        if happened(row) and emergent(patient, row):
            fatal = row["AEOUT"] == "FATAL" or row["AESDTH"] == "Y"
            out[row["AESEQ"]] = 5 if fatal else number(row["AETOXGR"]) or 0
    return out | ({"worst": max(out.values())} if out else {})


def new_therapy(patient: Patient) -> dt.date | None:
    """First day of an anti-cancer therapy after the first dose; a date that could lie before it is none.

    Open in the rules: of who was never treated, after time zero.
    """
    days, dose = [], patient.first_dose or patient.start
    for r in patient.rows["cm"]:
        words = " ".join((r["CMCAT"], r["CMSCAT"], r["CMDECOD"]))
        span = may_be(r["CMSTDTC"])
        named = "ANTI-CANCER" in words and "PRIOR" not in words
        if named and r["CMOCCUR"] != "N" and r["CMSTAT"] != "NOT DONE" and span and dose and span[0] > dose:
            days.append(span[0])
    return min(days, default=None)
