"""What codon12 says of each patient, in the words of the naive program."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from naive import answer, patients
from naive.response import WORSE

from codon12.derive import derive
from codon12.records import Study


def of_codon12(folder: Path) -> dict[str, dict]:
    """Answers of codon12 by patient."""
    frames = derive(Study.open(folder)).frames
    subjects = frames["adsl"]["USUBJID"].to_list()
    out: dict[str, dict] = {s: {"AE": {}} for s in subjects}
    for s, e, name, day, value in _rows(frames, "adrs", "EVAL", "PARAMCD", "ADT", "AVALC"):
        if name == "OVRLRESP" and day is not None:
            out[s].setdefault(f"OVRLRESP {e}", []).append((day, value))
        elif name in ("BOR", "CBOR"):
            out[s][f"{name} {e}"] = (value, day)
        elif name == "CRSP":
            out[s][f"CRSP {e}"] = day
    for s, e, name, day, censored in _rows(frames, "adtte", "EVAL", "PARAMCD", "ADT", "CNSR"):
        if name in ("OS", "PFS", "DOR"):
            out[s][name if e is None else f"{name} {e}"] = (day, censored)
    for s, number, grade in _rows(frames, "adae", "AESEQ", "ATOXGR", where=pl.col("TRTEMFL") == "Y"):
        out[s]["AE"][str(int(number))] = grade or 0
    for found in out.values():
        for name, value in found.items():
            if name.startswith("OVRLRESP"):  # a row a visit; of those of one day the worst counts
                days = sorted({day for day, _ in value})
                found[name] = [(day, max((w for d, w in value if d == day), key=WORSE.index)) for day in days]
        if found["AE"]:
            found["AE"]["worst"] = max(found["AE"].values())
    return out


def _rows(frames: dict, name: str, *columns: str, where: pl.Expr | None = None) -> list[tuple]:
    if name not in frames:
        return []
    frame = frames[name] if where is None else frames[name].filter(where)
    return frame.select(
        "USUBJID", *(pl.col(c).cast(pl.String) if c in ("EVAL", "PARAMCD", "AVALC") else c for c in columns)
    ).rows()


def disagreements(folder: Path) -> list[tuple]:
    """Patient, what, answer of codon12, answer of the naive program."""
    ours, out = of_codon12(folder), []
    for patient in patients(folder):
        naive = answer(patient)
        for name, value in naive.items():
            mine = ours[patient.id].get(name)
            if (mine or None) != (value or None):
                out.append((patient.id, name, mine, value))
    return out
