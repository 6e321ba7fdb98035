"""Lesions of a visit: which of several rows counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from naive.records import EVALUATORS, Patient, may_be

APART = dt.timedelta(days=21)
NOT_MEASURED = ("NOT EVALUABLE", "NE", "NOT DONE")
NODES = ("LYMPH NODE",)


@dataclass
class Reading:
    """One row of TR, understood. `size` in tenths of a millimetre; `state` a word."""

    lesion: str
    group: str
    day: dt.date
    visit: str
    unscheduled: bool
    method: str
    axis: str
    size: int | None
    state: str


def tenths(text: str) -> int:
    """Millimetres as whole tenths, so that 14.0 -> 9.8 is exactly 30 percent."""
    return round(float(text) * 10)


def reading(row: dict) -> Reading | None:
    """A number beside NOT EVALUABLE is none; a text without a number is the state it says."""
    span = may_be(row["TRDTC"])
    if span is None:
        return None
    text, size, state = row["TRSTRESC"], None, ""
    if row["TRSTAT"] == "NOT DONE" or text in NOT_MEASURED:
        state = "NE"
    elif row["TRSTRESN"]:
        size = tenths(row["TRSTRESN"])
    elif row["TRGRPID"] == "TARGET" and text in ("TOO SMALL", "<5"):
        size = 50
    elif row["TRGRPID"] == "TARGET" and text == "ABSENT":
        size = 0
    else:
        state = text
    return Reading(row["TRLNKID"], row["TRGRPID"], span[0], row["VISITNUM"], "UNSCHEDULED" in row["VISIT"],
                   row["TRMETHOD"], row["TRTESTCD"], size, state)  # fmt: skip


def accepted(patient: Patient, rows: list[dict]) -> list[dict]:
    """Lesions of the reader whose rows are flagged, in TR or, where TR has no flag, in RS. N never counts."""
    rows = [r for r in rows if r["TRACPTFL"] != "N"]
    readers = {r["TREVALID"] for r in rows}
    if len(readers) < 2:
        return rows
    chosen = {r["TREVALID"] for r in rows if r["TRACPTFL"] == "Y"}
    chosen = chosen or {r["RSEVALID"] for r in patient.rows["rs"] if r["RSACPTFL"] == "Y"} & readers
    return [r for r in rows if r["TREVALID"] in chosen]


def readings(patient: Patient, evaluator: str) -> list[Reading]:
    """Every dated row of one evaluator."""
    rows = [r for r in patient.rows["tr"] if EVALUATORS[r["TREVAL"]] == evaluator]
    found = [reading(r) for r in accepted(patient, rows)]
    return [r for r in found if r is not None]


def visits(found: list[Reading]) -> list[list[Reading]]:
    """Scans close in time: rows of one number, cut where they lie too far apart, or are unscheduled and come again."""
    out = []
    for number in {r.visit for r in found}:
        current: list[Reading] = []
        for r in sorted((r for r in found if r.visit == number), key=lambda r: r.day):
            far = bool(current) and r.day - current[0].day > APART
            again = r.unscheduled and any(c.lesion == r.lesion and c.day < r.day for c in current)
            if far or again:
                out.append(current)
                current = []
            current.append(r)
        out.append(current)
    return sorted(out, key=lambda visit: min(r.day for r in visit))


def one_size(rows: list[Reading], method: str | None) -> tuple[int | None, str]:
    """The size of one lesion at one visit: the method of baseline, then the last day, then the larger.

    Without a size: the state of the rows.
    """
    # a state by another method, or of another day, says nothing of the size
    lost = {(r.method, r.day) for r in rows if r.state == "NE" and r.axis == "TUMSTATE"}
    sized = [r for r in rows if r.size is not None and (r.method, r.day) not in lost]
    if not sized:
        return None, "PRESENT" if any(r.state == "PRESENT" for r in rows) else "NE"
    if len({r.method for r in sized}) > 1:
        same = [r for r in sized if r.method == method]
        if not same:
            return max(r.size for r in sized), ""
        sized = same
    last = max(r.day for r in sized)
    return max(r.size for r in sized if r.day == last), ""


def sizes(visit: list[Reading], known: dict[str, str]) -> tuple[dict[str, int | None], dict[str, int]]:
    """Size of each target lesion of a visit; fragments of a lesion known before add up, a merged one stands for all.

    Also what must be gone or normal: the largest fragment (RECIST adds up fragments of what is no node), all of a merged.

    `known` has the method of each target lesion's first measurement.
    """
    rows: dict[str, list[Reading]] = {}
    for r in visit:
        if r.group == "TARGET":
            rows.setdefault(r.lesion, []).append(r)
    out: dict[str, int | None] = {}
    fragments: dict[str, list[int | None]] = {}
    merged = []
    for lesion, mine in rows.items():
        whole = lesion.split(".")[0]
        parts = lesion.split("/")
        if lesion not in known and len(parts) > 1 and all(p in known for p in parts):
            merged.append((parts, one_size(mine, known[parts[0]])[0]))
        elif lesion not in known and whole != lesion and whole in known:
            fragments.setdefault(whole, []).append(one_size(mine, known[whole])[0])
        else:
            out[lesion] = one_size(mine, known.get(lesion))[0]
    for whole, pieces in list(fragments.items()):
        later = [r for r in rows.get(whole, []) if r.size is not None]
        if later and max(r.day for r in later) > max(r.day for r in visit if r.lesion.startswith(f"{whole}.")):
            del fragments[whole]  # measured as a whole on a later day
            continue
        out[whole] = None if None in pieces else sum(pieces)
    largest = {w: max(pieces) for w, pieces in fragments.items() if None not in pieces}
    for parts, size in merged:
        largest |= {} if size is None else dict.fromkeys(parts, size)
        out |= dict.fromkeys(parts[1:], None if size is None else 0) | {parts[0]: size}
    return out, largest


def is_node(patient: Patient, evaluator: str, found: list[Reading], lesion: str) -> bool:
    """A lymph node by its place, or by a short axis and never another diameter."""
    places = {r["TULOC"] for r in patient.rows["tu"] if r["TULNKID"] == lesion and EVALUATORS[r["TUEVAL"]] == evaluator}
    axes = {r.axis for r in found if r.lesion == lesion and r.axis != "TUMSTATE"}
    return bool(places & set(NODES)) or axes == {"LPERP"}
