"""Deaths, contact, new therapy; overall and progression-free survival, duration of response."""

from __future__ import annotations

import datetime as dt

from naive.events import happened, new_therapy, number
from naive.records import Patient, certain, may_be
from naive.response import best, points

ALIVE, THERAPY, NOTHING, UNDATED = 1, 2, 5, 6


def death(patient: Patient) -> tuple[bool, dt.date | None]:
    """Whether the patient died, and when: DM and DS, then the end of a fatal event, then partly known, then learned."""
    (dm,) = patient.rows["dm"]
    said = [dm["DTHDTC"]] + [r["DSSTDTC"] for r in patient.rows["ds"] if r["DSDECOD"] == "DEATH"]
    fatal = [r for r in patient.rows["ae"] if happened(r) and (
        r["AEOUT"] == "FATAL" or r["AESDTH"] == "Y" or number(r["AETOXGR"]) == 5)]  # fmt: skip
    dead = [r for r in patient.rows["ss"] if r["SSSTRESC"] == "DEAD"]
    died = bool(any(said) or fatal or dead or dm["DTHFL"] == "Y"
                or any(r["DSDECOD"] == "DEATH" for r in patient.rows["ds"]))  # fmt: skip
    for days in ([certain(t) for t in said], [certain(r["AEENDTC"]) for r in fatal]):
        if any(days):
            return True, min(d for d in days if d)
    partial = [may_be(t) for t in said if t]
    if partial:
        first, last = min(partial)
        within = [d for d in contacts(patient) if first <= d <= last]
        return True, max(within, default=first)
    return died, min((certain(r["SSDTC"]) for r in dead if certain(r["SSDTC"])), default=None)


def contacts(patient: Patient) -> list[dt.date]:
    """Days on which the patient was certainly alive: the first that a date may mean, of anything that happened."""
    (dm,) = patient.rows["dm"]
    texts = [dm["RFSTDTC"], dm["RFENDTC"], dm["RFICDTC"]]
    texts += [r[v] for r in patient.rows["ex"] for v in ("EXSTDTC", "EXENDTC")]
    texts += [r[v] for r in patient.rows["ae"] if happened(r) for v in ("AESTDTC", "AEENDTC")]
    texts += [r["CMSTDTC"] for r in patient.rows["cm"] if r["CMOCCUR"] != "N" and r["CMSTAT"] != "NOT DONE"]
    texts += [r["TRDTC"] for r in patient.rows["tr"] if r["TRSTAT"] != "NOT DONE"]
    texts += [r["RSDTC"] for r in patient.rows["rs"] if r["RSSTAT"] != "NOT DONE"]
    texts += [r["TUDTC"] for r in patient.rows["tu"]]
    texts += [r["DSSTDTC"] for r in patient.rows["ds"] if r["DSDECOD"] != "DEATH"]
    texts += [r["SSDTC"] for r in patient.rows["ss"] if r["SSSTRESC"] == "ALIVE"]
    return [span[0] for span in map(may_be, texts) if span]


def survival(patient: Patient) -> tuple[dt.date, int]:
    """Date and CNSR of overall survival."""
    died, day = death(patient)
    if day:
        return max(day, patient.start), 0
    return max([*contacts(patient), patient.start]), UNDATED if died else ALIVE


def progression(patient: Patient, evaluator: str, since: dt.date) -> tuple[dt.date, int]:
    """Date and CNSR of progression or death; censored at the last adequate assessment, on or before new therapy."""
    found = points(patient, evaluator)
    died, dead = death(patient)
    therapy = new_therapy(patient)
    events = [day for day, word in found if word == "PD"] + ([dead] if dead else [])
    if events and not (therapy and therapy < min(events)):
        return max(min(events), since), 0
    adequate = [day for day, word in found if word not in ("NE", "ND", "PD") and not (therapy and day > therapy)]
    # open in the rules: without any assessment that is the reason, whatever came later
    reason = NOTHING if not adequate else THERAPY if therapy else UNDATED if died and not dead else ALIVE
    return max([*adequate, since]), reason


def times(patient: Patient) -> dict:
    """Every time to event."""
    if patient.start is None:
        return {}
    out = {"OS": survival(patient)}
    for evaluator in patient.evaluators:
        out[f"PFS {evaluator}"] = progression(patient, evaluator, patient.start)
        response = best(patient, points(patient, evaluator))["CRSP"]
        out[f"DOR {evaluator}"] = progression(patient, evaluator, response) if response else None
    return out
