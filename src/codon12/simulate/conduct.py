"""Records of how the study went for each patient: DM, DS, EX, AE, CM, SS."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.simulate.adverse import Event
from codon12.simulate.adverse_terms import CLASS_OF
from codon12.simulate.baseline import CLASSES, Baseline
from codon12.simulate.followup import FollowUp, Scans

__all__ = ["STUDY", "Clock", "adverse_event_frame", "domain", "dosing", "subjects", "therapies"]

STUDY = "CB100R"
_CUTOFF = dt.date(2021, 3, 15)
_DOSES = (960, 480, 240)


@dataclass
class Clock:
    """Subject identifiers and the calendar of each patient."""

    subject: list[str]
    first: list[dt.date]

    @classmethod
    def of(cls, available: NDArray[np.int64]) -> Clock:
        """Number the patients in the order of their first dose."""
        first = [_CUTOFF - dt.timedelta(days=int(d)) for d in available]
        place = np.empty(available.size, dtype=int)
        place[np.argsort(-available, kind="stable")] = np.arange(1, available.size + 1)
        return cls([f"{STUDY}-{k:03}" for k in place], first)

    def day(self, i: int, day: int) -> str:
        """ISO date of a study day; day 1 is the first dose, day 0 does not exist."""
        shift = day - 1 if day > 0 else day
        return (self.first[i] + dt.timedelta(days=int(shift))).isoformat()


def subjects(
    clock: Clock, base: Baseline, seen: Scans, follow: FollowUp, rng: np.random.Generator
) -> dict[str, pl.DataFrame]:
    """DM, DS and SS: who they are, how treatment and study ended, last known status."""
    dm, ds, ss = [], [], []
    sites = rng.integers(101, 148, len(clock.subject))
    for i, subject in enumerate(clock.subject):
        end, last, dead = int(follow.treatment_end[i]), int(follow.last[i]), bool(follow.dead[i])
        on = bool(seen.on_treatment[i])
        consent = clock.day(i, -int(rng.integers(26, 36)))
        dm.append(
            {
                "USUBJID": subject,
                "SUBJID": subject.rpartition("-")[2],
                "SITEID": str(sites[i]),
                "RFSTDTC": clock.day(i, 1),
                "RFENDTC": None if on else clock.day(i, end),
                "RFXSTDTC": clock.day(i, 1),
                "RFXENDTC": None if on else clock.day(i, end),
                "RFICDTC": consent,
                "RFPENDTC": clock.day(i, last),
                "DTHDTC": clock.day(i, last) if dead else None,
                "DTHFL": "Y" if dead else None,
                "AGE": int(base.age[i]),
                "AGEU": "YEARS",
                "SEX": str(base.values["SEX"][i]),
                "RACE": str(base.values["RACE"][i]),
                "ARMCD": "SOTO",
                "ARM": "Sotorasib 960 mg",
                "ACTARMCD": "SOTO",
                "ACTARM": "Sotorasib 960 mg",
            }
        )
        rows: list[tuple[str, str, str | None, str]] = [
            ("INFORMED CONSENT OBTAINED", "PROTOCOL MILESTONE", None, consent),
            ("ENROLLED", "PROTOCOL MILESTONE", None, clock.day(i, 1)),
        ]
        if not on:
            reason = str(follow.reason[i])
            day = last if reason == "DEATH" else end
            rows.append((reason, "DISPOSITION EVENT", "STUDY TREATMENT", clock.day(i, day)))
        if dead:
            rows.append(("DEATH", "DISPOSITION EVENT", "STUDY PARTICIPATION", clock.day(i, last)))
        elif follow.reason[i] == "WITHDRAWAL BY SUBJECT":
            rows.append(("WITHDRAWAL BY SUBJECT", "DISPOSITION EVENT", "STUDY PARTICIPATION", clock.day(i, last)))
        ds += [
            {
                "USUBJID": subject,
                "DSTERM": what,
                "DSDECOD": what,
                "DSCAT": cat,
                "DSSCAT": sub,
                "DSSTDTC": when,
            }
            for what, cat, sub, when in rows
        ]
        status = "DEAD" if dead else "ALIVE"
        ss.append(
            {
                "USUBJID": subject,
                "SSTESTCD": "SURVSTAT",
                "SSTEST": "Survival Status",
                "SSORRES": status,
                "SSSTRESC": status,
                "SSDTC": clock.day(i, last),
            }
        )
    return {"DM": domain("DM", dm, seq=False), "DS": domain("DS", ds), "SS": domain("SS", ss)}


def adverse_event_frame(
    clock: Clock, events: list[Event], seen: Scans, follow: FollowUp, rng: np.random.Generator
) -> tuple[pl.DataFrame, dict[int, list[tuple[int, str]]]]:
    """AE with dates inside treatment and observation; and (day, action) of each dose change by patient."""
    rows, actions = [], {}
    for e in sorted(events, key=lambda e: e.patient):
        i, end, last = e.patient, int(follow.treatment_end[e.patient]), int(follow.last[e.patient])
        if e.grade == 5:
            latest = min(last, end) if e.action == "DRUG WITHDRAWN" else min(last, end + 26)
            start, stop, outcome = int(rng.integers(max(2, min(latest, end) - 5), latest + 1)), last, "FATAL"
        else:
            if e.action == "DRUG WITHDRAWN":
                start = max(2, end - int(rng.integers(0, 6)))
            elif e.action != "DOSE NOT CHANGED":
                start = int(rng.integers(10, min(end - 20, 160)))
                actions.setdefault(i, []).append((start, e.action))
            else:
                start = 1 + int(min(end - 1, rng.exponential(60)))
            stop = start + int(rng.integers(2, 36))
            outcome = "RECOVERED/RESOLVED"
            if stop > min(last - (1 if follow.dead[i] else 0), int(seen.available[i]) + 1) or rng.random() < 0.12:
                stop, outcome = 0, "NOT RECOVERED/NOT RESOLVED"
        serious = e.grade >= 4 or (e.grade == 3 and not e.related and rng.random() < 0.6)
        rows.append(
            {
                "USUBJID": clock.subject[i],
                "AETERM": e.term,
                "AEDECOD": e.term,
                "AEBODSYS": CLASS_OF[e.term],
                "AETOXGR": str(e.grade),
                "AESER": "Y" if serious else "N",
                "AEREL": "RELATED" if e.related else "NOT RELATED",
                "AEACN": e.action,
                "AEOUT": outcome,
                "AESTDTC": clock.day(i, start),
                "AEENDTC": clock.day(i, stop) if stop else None,
            }
        )
    frame = pl.DataFrame(rows, infer_schema_length=None).sort("USUBJID", "AESTDTC", "AEDECOD")
    return domain("AE", frame), actions


def dosing(
    clock: Clock,
    follow: FollowUp,
    actions: dict[int, list[tuple[int, str]]],
    reduced: NDArray[np.int64],
    rng: np.random.Generator,
) -> pl.DataFrame:
    """EX: one record a period of constant dose; interruptions are gaps, reductions go 960, 480, 240 mg."""
    rows = []
    twice = set(rng.choice(reduced, 5, replace=False).tolist())
    for i, subject in enumerate(clock.subject):
        end, start, level = int(follow.treatment_end[i]), 1, 0
        why: str | None = None
        cuts = sorted(actions.get(i, []))
        fall = min((day for day, action in cuts if action == "DOSE REDUCED"), default=0)
        # Interruptions close to the reduction are the same stop.
        cuts = [c for c in cuts if c[0] == fall or abs(c[0] - fall) > 20]
        for day, action in cuts:
            if day <= start + 1:
                continue
            gap = int(rng.integers(4, 15)) if action == "DRUG INTERRUPTED" or rng.random() < 0.7 else 0
            resume = day + gap
            if resume >= end:
                continue
            rows.append((i, subject, start, day - 1, level, why))
            if action == "DOSE REDUCED":
                level = 1
            start, why = resume, "ADVERSE EVENT"
        if i in twice and level == 1 and end - start > 40:
            day = start + int(rng.integers(14, 35))
            rows.append((i, subject, start, day - 1, level, why))
            start, level = day, 2
        rows.append((i, subject, start, end, level, why))
    return domain(
        "EX",
        [
            {
                "USUBJID": subject,
                "EXTRT": "SOTORASIB",
                "EXDOSE": _DOSES[level],
                "EXDOSU": "mg",
                "EXDOSFRM": "TABLET",
                "EXDOSFRQ": "QD",
                "EXROUTE": "ORAL",
                "EXADJ": why,
                "EXSTDTC": clock.day(i, a),
                "EXENDTC": clock.day(i, b),
            }
            for i, subject, a, b, level, why in rows
        ],
    )


def therapies(clock: Clock, base: Baseline, follow: FollowUp, rng: np.random.Generator) -> pl.DataFrame:
    """CM: prior anti-cancer therapy by line, and the next one after sotorasib."""
    rows: list[tuple[str | None, ...]] = []
    after = ("DOCETAXEL", "PEMETREXED", "GEMCITABINE", "INVESTIGATIONAL AGENT", "PEMBROLIZUMAB")
    for i, subject in enumerate(clock.subject):
        lines = int(base.lines[i])
        stop = np.cumsum(rng.integers(100, 240, lines))[::-1] - int(rng.integers(60, 72))
        kinds = [k for k, has in base.therapy.items() if has[i]]
        at = [int(x) for x in rng.integers(1, lines + 1, len(kinds))]
        for line in range(1, lines + 1):  # every line holds a therapy
            if line not in at:
                spare = [k for k, x in enumerate(at) if at.count(x) > 1]
                if spare:
                    at[spare[0]] = line
                else:
                    kinds.append("PLATINUM" if base.therapy["PLATINUM"][i] else "PD1")
                    at.append(line)
        for kind, line in sorted(zip(kinds, at, strict=True), key=lambda x: x[1]):
            name, agents = CLASSES[kind]
            agent = str(rng.choice(agents))
            finish = int(stop[line - 1])
            rows.append(
                (subject, agent, name, "PRIOR ANTI-CANCER THERAPY", f"LINE {line}",
                 clock.day(i, -finish - int(rng.integers(40, 95))), clock.day(i, -finish))
            )  # fmt: skip
        if follow.new_therapy[i]:
            agent = str(rng.choice(after))
            day = clock.day(i, int(follow.new_therapy[i]))
            rows.append((subject, agent, None, "SUBSEQUENT ANTI-CANCER THERAPY", None, day, None))
    names = ("USUBJID", "CMTRT", "CMCLAS", "CMCAT", "CMGRPID", "CMSTDTC", "CMENDTC")
    return domain("CM", [dict(zip(names, row, strict=True)) for row in rows])


def domain(code: str, rows: list[dict] | pl.DataFrame, *, seq: bool = True) -> pl.DataFrame:
    """Rows as an SDTM domain, sorted by subject, with study, domain code and sequence number."""
    frame = rows if isinstance(rows, pl.DataFrame) else pl.DataFrame(rows, infer_schema_length=None)
    frame = frame.sort("USUBJID", maintain_order=True)
    number = [pl.int_range(1, pl.len() + 1).over("USUBJID").alias(f"{code}SEQ")] if seq else []
    return frame.select(
        pl.lit(STUDY).alias("STUDYID"),
        pl.lit(code).alias("DOMAIN"),
        "USUBJID",
        *number,
        pl.exclude("USUBJID"),
    )
