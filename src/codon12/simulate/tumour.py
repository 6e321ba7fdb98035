"""Tumour records (TU, TR, RS) whose measurements give the readings under RECIST 1.1."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from codon12.simulate.course import WEEKS
from codon12.simulate.readings import Reading

__all__ = ["Patient", "Tumours"]

_TARGET_ORGANS = ("LUNG", "LYMPH NODE", "LIVER", "ADRENAL GLAND", "PLEURA", "KIDNEY")
_TARGET_WEIGHTS = (0.4, 0.25, 0.17, 0.1, 0.05, 0.03)
_OTHER_ORGANS = ("BONE", "PLEURA", "LYMPH NODE", "LUNG", "LIVER")
_NEW_ORGANS = ("LIVER", "BRAIN", "BONE", "LUNG", "LYMPH NODE", "ADRENAL GLAND")
_EVAL = {"INV": "INVESTIGATOR", "ICR": "INDEPENDENT ASSESSOR"}
_MOST_PER_ORGAN = 2


@dataclass
class Patient:
    """A patient's scans and disease, shared by both evaluators."""

    subject: str
    dates: list[str]
    """Screening scan first, then each scan."""
    visits: list[int]
    """Index of each scan after screening in the schedule; -1 for an early, unscheduled one."""
    brain: bool
    round_base: bool
    """Baseline sum a multiple of ten, so that a shrinkage of 60 % is met to the digit."""


@dataclass
class Tumours:
    """Rows of the three domains, gathered patient by patient."""

    study: str
    tu: list[dict] = field(default_factory=list)
    tr: list[dict] = field(default_factory=list)
    rs: list[dict] = field(default_factory=list)

    def add(self, patient: Patient, central: Reading, investigator: Reading, rng: np.random.Generator) -> None:
        """Draw the disease of a patient and write what both evaluators measured."""
        organs, sizes = _targets(patient, rng)
        rest = [str(o) for o in rng.choice(_OTHER_ORGANS, rng.integers(0, 3), replace=False)]
        if patient.brain:
            rest.append("BRAIN")
        if central.progression == "NON-TARGET" and not rest:
            rest = ["PLEURA"]
        new = str(rng.choice(_NEW_ORGANS))
        small = np.where(np.array(organs) == "LYMPH NODE", 15, 10)
        for code, reading in (("INV", investigator), ("ICR", central)):
            if code == "INV" or patient.round_base:
                base = sizes.copy()
            else:
                base = np.maximum(small, sizes + rng.integers(-2, 3, sizes.size))
            others = rest if reading.targets else [*rest, "LUNG"]
            self._evaluate(patient, code, reading, organs if reading.targets else [], base, others, new, rng)

    def frames(self) -> dict[str, pl.DataFrame]:
        """TU, TR and RS with their sequence numbers."""
        out = {}
        for domain, rows in (("TU", self.tu), ("TR", self.tr), ("RS", self.rs)):
            frame = pl.DataFrame(rows, infer_schema_length=None)
            seq = pl.int_range(1, pl.len() + 1).over("USUBJID").alias(f"{domain}SEQ")
            out[domain] = frame.select(
                pl.lit(self.study).alias("STUDYID"),
                pl.lit(domain).alias("DOMAIN"),
                "USUBJID",
                seq,
                pl.exclude("USUBJID"),
            )
        return out

    def _evaluate(
        self,
        patient: Patient,
        code: str,
        reading: Reading,
        organs: list[str],
        base: np.ndarray,
        others: list[str],
        new: str,
        rng: np.random.Generator,
    ) -> None:
        who = {"EVAL": _EVAL[code], "ACPTFL": "Y" if code == "ICR" else None}
        screening = _visit(patient, -1)
        for k, organ in enumerate(organs):
            self._identify(patient, who, screening, f"T{k + 1:02}", "TARGET", organ)
            self._measure(patient, who, screening, f"T{k + 1:02}", organ, int(base[k]))
        for k, organ in enumerate(others):
            self._identify(patient, who, screening, f"NT{k + 1:02}", "NON-TARGET", organ)
            self._state(patient, who, screening, f"NT{k + 1:02}", "NON-TARGET", "PRESENT")
        sums = path(reading, int(base.sum()), rng)
        was_new = False
        for j, overall in enumerate(reading.overall):
            visit = _visit(patient, j)
            worse = overall == "PD" and reading.progression == "NON-TARGET"
            unread = reading.unread and overall == "PD"
            values = None if unread else _share(sums[j], base, organs, complete=overall == "CR", rng=rng)
            for k, organ in enumerate(organs):
                value = None if values is None else int(values[k])
                self._measure(patient, who, visit, f"T{k + 1:02}", organ, value)
            state = "UNEQUIVOCAL" if worse else "ABSENT" if overall == "CR" else "PRESENT"
            for k in range(len(others)):
                shown = "PRESENT" if worse and k else state
                self._state(patient, who, visit, f"NT{k + 1:02}", "NON-TARGET", shown)
            if overall == "PD" and reading.progression == "NEW":
                if not was_new:
                    self._identify(patient, who, visit, "NEW01", "NEW", new)
                self._state(patient, who, visit, "NEW01", "NEW", "UNEQUIVOCAL")
                self._response(patient, who, visit, "NEWLPROG", "UNEQUIVOCAL")
                was_new = True
            if organs:
                target = "NE" if unread else _target_response(sums, j, base, overall)
                self._response(patient, who, visit, "TRGRESP", target)
            if others:
                answer = {"UNEQUIVOCAL": "PD", "ABSENT": "CR"}.get(state, "NON-CR/NON-PD")
                self._response(patient, who, visit, "NTRGRESP", answer)
            self._response(patient, who, visit, "OVRLRESP", overall)

    def _identify(self, patient: Patient, who: dict, visit: dict, lesion: str, group: str, organ: str) -> None:
        self.tu.append(
            {
                "USUBJID": patient.subject,
                "TULNKID": lesion,
                "TUTESTCD": "TUMIDENT",
                "TUTEST": "Tumor Identification",
                "TUORRES": group,
                "TUSTRESC": group,
                "TULOC": organ,
                "TUMETHOD": "MRI" if organ == "BRAIN" else "CT SCAN",
                **_stamp("TU", who, visit),
            }
        )

    def _measure(self, patient: Patient, who: dict, visit: dict, lesion: str, organ: str, value: int | None) -> None:
        node = organ == "LYMPH NODE"
        self.tr.append(
            {
                "USUBJID": patient.subject,
                "TRGRPID": "TARGET",
                "TRLNKID": lesion,
                "TRTESTCD": "LPERP" if node else "LDIAM",
                "TRORRES": None if value is None else str(value),
                "TRORRESU": "mm",
                "TRSTRESC": None if value is None else str(value),
                "TRSTRESN": value,
                "TRSTRESU": "mm",
                "TRSTAT": "NOT DONE" if value is None else None,
                **_stamp("TR", who, visit),
            }
        )

    def _state(self, patient: Patient, who: dict, visit: dict, lesion: str, group: str, state: str) -> None:
        self.tr.append(
            {
                "USUBJID": patient.subject,
                "TRGRPID": group,
                "TRLNKID": lesion,
                "TRTESTCD": "TUMSTATE",
                "TRORRES": state,
                "TRORRESU": None,
                "TRSTRESC": state,
                "TRSTRESN": None,
                "TRSTRESU": None,
                "TRSTAT": None,
                **_stamp("TR", who, visit),
            }
        )

    def _response(self, patient: Patient, who: dict, visit: dict, test: str, value: str) -> None:
        self.rs.append(
            {
                "USUBJID": patient.subject,
                "RSTESTCD": test,
                "RSTEST": _TESTS[test],
                "RSCAT": "RECIST 1.1",
                "RSORRES": value,
                "RSSTRESC": value,
                **_stamp("RS", who, visit),
            }
        )


_TESTS = {
    "OVRLRESP": "Overall Response",
    "TRGRESP": "Target Response",
    "NTRGRESP": "Non-target Response",
    "NEWLPROG": "New Lesion Progression",
}


def _visit(patient: Patient, scan: int) -> dict:
    if scan < 0:
        return {"VISITNUM": 1.0, "VISIT": "SCREENING", "DTC": patient.dates[0]}
    k = patient.visits[scan]
    number, name = (1.1, "UNSCHEDULED") if k < 0 else (k + 2.0, f"WEEK {WEEKS[k]}")
    return {"VISITNUM": number, "VISIT": name, "DTC": patient.dates[scan + 1]}


def _stamp(domain: str, who: dict, visit: dict) -> dict:
    return {
        f"{domain}EVAL": who["EVAL"],
        f"{domain}ACPTFL": who["ACPTFL"],
        "VISITNUM": visit["VISITNUM"],
        "VISIT": visit["VISIT"],
        f"{domain}DTC": visit["DTC"],
    }


def _targets(patient: Patient, rng: np.random.Generator) -> tuple[list[str], np.ndarray]:
    """One to five targets, at most two an organ, at least one of them not a node; whole millimetres."""
    count = int(rng.choice([1, 2, 3, 4, 5], p=[0.3, 0.35, 0.2, 0.1, 0.05]))
    organs: list[str] = [str(rng.choice(["LUNG", "LIVER", "LUNG"]))]
    while len(organs) < count:
        organ = str(rng.choice(_TARGET_ORGANS, p=_TARGET_WEIGHTS))
        if organs.count(organ) < _MOST_PER_ORGAN:
            organs.append(organ)
    sizes = np.array([int(rng.integers(16, 34) if o == "LYMPH NODE" else rng.integers(13, 56)) for o in organs])
    sizes[0] = max(sizes[0], 45 - int(sizes[1:].sum()))
    if patient.round_base:
        sizes[0] += -int(sizes.sum()) % 10
    return organs, sizes


def is_progression(value: int, nadir: int) -> bool:
    """At least 20 % and 5 mm above the lowest earlier sum (RECIST 1.1, section 4.3.1)."""
    return 5 * value >= 6 * nadir and value - nadir >= 5


def path(reading: Reading, base: int, rng: np.random.Generator) -> list[int]:
    """Sums of diameters, one a scan, that read as the labels; targets at progression elsewhere do not progress."""
    sums: list[int] = []
    nadir, best = base, round(base * (1 - reading.depth))
    best = max(best, 5) if reading.depth < 1 else 0
    if reading.depth < 0:
        best = max(best, base + 1)
    small = (7 * base) // 10
    responses = stable = 0
    for label in reading.overall:
        last = sums[-1] if sums else base
        if label == "CR":
            value = 0
        elif label == "PR":
            responses += 1
            slow = responses == 1 and "PR" in reading.overall[len(sums) + 1 :]
            aim = best + round((small - best) * rng.uniform(0.1, 0.5)) if slow or reading.depth == 1 else best
            value = aim if responses <= 2 else min(last + int(rng.integers(0, 3)), small)
            value = max(min(value, small), 5)
        elif label == "PD" and reading.progression == "SUM" and (not sums or reading.overall[len(sums) - 1] != "PD"):
            value = max(-(-6 * nadir // 5), nadir + 5, best if reading.depth < 0 else 0) + int(rng.integers(0, 9))
        elif label == "PD":
            held = last if last == 0 else small if last <= small else 10 * base
            value = min(last + int(rng.integers(0, 3)), held)
            if not sums:
                value = min(best, base + base // 10)
            elif reading.progression == "SUM":
                value = last + int(rng.integers(0, 6))
        else:
            stable += 1
            goal = best if reading.overall.count("PR") == 0 else round(base * rng.uniform(0.75, 0.95))
            value = goal if stable == 1 else last + int(rng.integers(-1, 3))
            value = max(value, goal, small + 1)
        while label != "PD" and is_progression(value, nadir):
            value -= 1
        sums.append(value)
        nadir = min(nadir, value)
    return sums


def _share(total: int, base: np.ndarray, organs: list[str], *, complete: bool, rng: np.random.Generator) -> np.ndarray:
    """Split a sum over the lesions in proportion to their baseline; below 5 mm a lesion has gone."""
    if not organs:
        return np.zeros(0, dtype=int)
    if complete:
        # A node is normal below 10 mm, any other lesion must have gone.
        return np.where(np.array(organs) == "LYMPH NODE", rng.integers(5, 9, base.size), 0)
    values = np.floor(total * base / base.sum()).astype(int)
    values[0] += total - int(values.sum())
    for k in np.argsort(values, kind="stable"):
        if 0 < values[k] < 5 and k:
            values[0] += values[k]
            values[k] = 0
    return values


def _target_response(sums: list[int], j: int, base: np.ndarray, overall: str) -> str:
    if overall == "CR" or sums[j] == 0:
        return "CR"
    total = int(base.sum())
    if is_progression(sums[j], min([total, *sums[:j]])):
        return "PD"
    return "PR" if 10 * sums[j] <= 7 * total else "SD"
