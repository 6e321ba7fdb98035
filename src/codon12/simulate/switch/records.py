"""A trial as the records a real one has: DM, DS, EX, GF, SC, SS, SV, TR, TU, and PC if wanted, in the shape of SDTM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from codon12.simulate.switch.calendar import SCREENING, STUDY, Calendar
from codon12.simulate.switch.concentrations import PK_DAY, PK_VISIT, concentration_rows, sampled
from codon12.simulate.switch.conduct import Trial
from codon12.simulate.switch.draws import normals, uniforms
from codon12.simulate.switch.parameters import ParameterSet
from codon12.simulate.switch.tumour_records import lesion_rows, measurement_rows, visit_names

__all__ = ["trial_records"]


def trial_records(
    parameters: ParameterSet,
    trial: Trial,
    *,
    arm: str,
    code: str,
    readers: int = 1,
    randomised: bool = False,
    concentrations: bool = False,
) -> dict[str, pl.DataFrame]:
    """Give the tables of a block of patients, sorted by subject; name of the domain -> rows.

    Parameters
    ----------
    parameters, trial
        What was simulated.
    arm, code
        Name of the arm, and the code that stands in ARMCD and the identifiers.
    readers
        1: central readings; 2: an investigator reads the same scans with errors of his own.
    randomised
        Put a randomisation into DS, on the day of the first dose.
    concentrations
        Add PC: plasma concentrations around a dose on day 8.

    Examples
    --------
    >>> from codon12.simulate.switch.conduct import conduct
    >>> from codon12.simulate.switch.parameters import shipped_set
    >>> from codon12.simulate.switch.patients import draw_patients
    >>> made = conduct(shipped_set(), draw_patients(shipped_set(), seed=1, n=2))
    >>> trial_records(shipped_set(), made, arm="Drug", code="A")["DM"].height
    2
    """
    when = Calendar.of(trial, code)
    tables = {
        "DM": _demographics(trial, when, arm, code),
        "DS": _disposition(trial, when, randomised=randomised),
        "EX": _exposure(parameters, trial, when, arm),
        "GF": _biomarkers(parameters, trial, when),
        "SC": _characteristics(trial, when),
        "SS": _survival_status(trial, when),
        "SV": _visits(parameters, trial, when, concentrations=concentrations),
        "TU": lesion_rows(parameters, trial, when, readers),
        "TR": measurement_rows(parameters, trial, when, readers),
    }
    if concentrations:
        tables["PC"] = concentration_rows(parameters, trial, when)
    return {name: _domain(name, frame) for name, frame in tables.items()}


def _domain(code: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Sort by subject, with study, domain and sequence."""
    if code == "DM":
        return frame.select(pl.lit(STUDY).alias("STUDYID"), pl.lit(code).alias("DOMAIN"), pl.all())
    frame = frame.sort("USUBJID", maintain_order=True)
    return frame.select(
        pl.lit(STUDY).alias("STUDYID"),
        pl.lit(code).alias("DOMAIN"),
        "USUBJID",
        pl.int_range(1, pl.len() + 1).over("USUBJID").alias(f"{code}SEQ"),
        pl.exclude("USUBJID"),
    )


def _demographics(trial: Trial, when: Calendar, arm: str, code: str) -> pl.DataFrame:
    who = trial.patients
    u = uniforms(who.seed, "people", who.first, who.n, 8)
    off = trial.treated_until < trial.observed
    off |= trial.died | trial.left
    numbers = pl.Series(when.subject).str.strip_prefix(f"{STUDY}-")  # arm and number: no two of a site are one
    return pl.DataFrame(
        {
            "USUBJID": when.subject,
            "SUBJID": numbers,
            "SITEID": (101 + np.floor(40 * u[:, 0]).astype(np.int64)).astype(str),
            "RFSTDTC": when.dates(np.zeros(who.n, np.int64)),
            "RFENDTC": when.dates(trial.treated_until, off),
            "RFXSTDTC": when.dates(np.zeros(who.n, np.int64)),
            "RFXENDTC": when.dates(trial.treated_until, off),
            "RFICDTC": when.dates(np.full(who.n, -28)),
            "RFPENDTC": when.dates(trial.observed),
            "DTHDTC": when.dates(trial.observed, trial.died),
            "DTHFL": pl.Series(np.where(trial.died, "Y", "")).replace("", None),
            "AGE": np.clip(np.floor(64 + 10 * normals(who.seed, "people", who.first, who.n, 8)[:, 1]), 18, 95).astype(
                np.int64
            ),
            "AGEU": ["YEARS"] * who.n,
            "SEX": np.where(u[:, 2] < 0.5, "F", "M"),
            "ARMCD": [code] * who.n,
            "ARM": [arm] * who.n,
            "ACTARMCD": [code] * who.n,
            "ACTARM": [arm] * who.n,
        }
    )


def _stacked(when: Calendar, parts: Sequence[tuple[Any, Any, Mapping[str, str | None]]], column: str) -> pl.DataFrame:
    """Rows of several kinds: who has them, on which day, and their constants."""
    frames = []
    for rows, day, constants in parts:
        patient = np.flatnonzero(rows)
        frame = when.rows(patient, day[patient], column)
        frames.append(frame.with_columns(**{k: pl.lit(v) for k, v in constants.items()}))
    return pl.concat(frames, how="diagonal_relaxed")


def _disposition(trial: Trial, when: Calendar, *, randomised: bool) -> pl.DataFrame:
    n = trial.patients.n
    everyone, zero = np.ones(n, bool), np.zeros(n, np.int64)
    stopped = (trial.progression >= 0) & (trial.treated_until < trial.observed)
    stopped |= (trial.progression >= 0) & (trial.treated_until == trial.progression_day)
    treatment = {"DSCAT": "DISPOSITION EVENT", "DSSCAT": "STUDY TREATMENT"}
    study = {"DSCAT": "DISPOSITION EVENT", "DSSCAT": "STUDY PARTICIPATION"}
    milestone = {"DSCAT": "PROTOCOL MILESTONE", "DSSCAT": None}
    start = "RANDOMIZED" if randomised else "ENROLLED"
    parts = [
        (everyone, np.full(n, -28), {"DSDECOD": "INFORMED CONSENT OBTAINED", **milestone}),
        (everyone, zero, {"DSDECOD": start, **milestone}),
        (stopped, trial.treated_until, {"DSDECOD": "PROGRESSIVE DISEASE", **treatment}),
        (trial.died & ~stopped, trial.observed, {"DSDECOD": "DEATH", **treatment}),
        (trial.left & ~stopped, trial.observed, {"DSDECOD": "WITHDRAWAL BY SUBJECT", **treatment}),
        (trial.died, trial.observed, {"DSDECOD": "DEATH", **study}),
        (trial.left, trial.observed, {"DSDECOD": "WITHDRAWAL BY SUBJECT", **study}),
    ]
    frame = _stacked(when, parts, "DSSTDTC")
    return frame.select("USUBJID", pl.col("DSDECOD").alias("DSTERM"), "DSDECOD", "DSCAT", "DSSCAT", "DSSTDTC")


def _exposure(p: ParameterSet, trial: Trial, when: Calendar, arm: str) -> pl.DataFrame:
    frequency = {24.0: "QD", 12.0: "BID", 8.0: "TID"}.get(p["tau"], f"Q{p['tau']:g}H")
    name = arm if p["kill_given"] >= 0 else p.context.drug  # a comparator without mechanism is not the drug
    starts, doses = trial.therapy.starts, trial.therapy.doses
    frames = []
    for k in range(starts.shape[1]):
        following = starts[:, k + 1] if k + 1 < starts.shape[1] else np.full(trial.patients.n, np.inf)
        given = (starts[:, k] <= trial.treated_until) & (following > starts[:, k]) & (doses[:, k] > 0)
        patient = np.flatnonzero(given)
        begin = starts[patient, k].astype(np.int64)
        end = np.minimum(following[patient] - 1, trial.treated_until[patient]).astype(np.int64)
        frame = when.rows(patient, begin, "EXSTDTC").with_columns(
            when.rows(patient, end, "EXENDTC")["EXENDTC"],
            EXDOSE=pl.Series(doses[patient, k]),
            EXADJ=pl.Series(["DOSE CHANGE" if k else None] * patient.size, dtype=pl.String),
        )
        frames.append(frame)
    return (
        pl.concat(frames)
        .sort("USUBJID", "EXSTDTC", maintain_order=True)
        .select(
            "USUBJID",
            EXTRT=pl.lit(name.upper()),
            EXDOSE="EXDOSE",
            EXDOSU=pl.lit("mg"),
            EXDOSFRM=pl.lit("TABLET"),
            EXDOSFRQ=pl.lit(frequency),
            EXROUTE=pl.lit("ORAL"),
            EXADJ="EXADJ",
            EXSTDTC="EXSTDTC",
            EXENDTC="EXENDTC",
        )
    )


def _biomarkers(p: ParameterSet, trial: Trial, when: Calendar) -> pl.DataFrame:
    n = trial.patients.n
    day = when.dates(np.full(n, SCREENING - 7))
    parts = []
    variant = f"p.{p.context.allele}"
    for gene in (p.context.target, "KEAP1", "STK11", "TP53", "SMARCA4"):
        own = gene == p.context.target
        found = np.full(n, variant) if own else np.where(trial.patients.marks[gene], "MUTATED", "WILD TYPE")
        parts.append(
            pl.DataFrame({"USUBJID": when.subject, "GFSYM": [gene] * n, "GFORRES": found, "GFDTC": day}).with_columns(
                GFTESTCD=pl.lit("VARIANT" if own else "MUTSTAT"),
                GFTEST=pl.lit("Variant" if own else "Mutation Status"),
                GFSTRESC="GFORRES",
                GFSPEC=pl.lit("TISSUE"),
            )
        )
    order = ("USUBJID", "GFTESTCD", "GFTEST", "GFSYM", "GFORRES", "GFSTRESC", "GFSPEC", "GFDTC")
    return pl.concat(parts).select(order)


def _characteristics(trial: Trial, when: Calendar) -> pl.DataFrame:
    ecog = np.where(trial.patients.marks["ECOG1"], "1", "0")
    return pl.DataFrame({"USUBJID": when.subject, "SCORRES": ecog}).select(
        "USUBJID",
        SCTESTCD=pl.lit("ECOG"),
        SCTEST=pl.lit("ECOG Performance Status"),
        SCORRES="SCORRES",
        SCSTRESC="SCORRES",
    )


def _survival_status(trial: Trial, when: Calendar) -> pl.DataFrame:
    status = np.where(trial.died, "DEAD", "ALIVE")
    frame = pl.DataFrame({"USUBJID": when.subject, "SSORRES": status, "SSDTC": when.dates(trial.observed)})
    return frame.select(
        "USUBJID",
        SSTESTCD=pl.lit("SURVSTAT"),
        SSTEST=pl.lit("Survival Status"),
        SSORRES="SSORRES",
        SSSTRESC="SSORRES",
        SSDTC="SSDTC",
    )


def _visits(p: ParameterSet, trial: Trial, when: Calendar, *, concentrations: bool) -> pl.DataFrame:
    n = trial.patients.n
    start = when.rows(np.arange(n), np.full(n, SCREENING), "SVSTDTC").with_columns(
        VISITNUM=pl.lit(1.0), VISIT=pl.lit("SCREENING")
    )
    patient, visit = np.nonzero(trial.scanned)
    later = when.rows(patient, trial.visit_day[patient, visit], "SVSTDTC").with_columns(
        VISITNUM=pl.Series(visit + 2.0), VISIT=pl.Series(np.array(visit_names(p))[visit], dtype=pl.String)
    )
    parts = [start, later]
    if concentrations:
        bled = np.flatnonzero(sampled(p, trial))
        number, name = PK_VISIT
        at_dose = when.rows(bled, np.full(bled.size, PK_DAY), "SVSTDTC")
        parts.insert(1, at_dose.with_columns(VISITNUM=pl.lit(number), VISIT=pl.lit(name)))
    frame = pl.concat(parts)
    return frame.select("USUBJID", "VISITNUM", "VISIT", "SVSTDTC", SVENDTC="SVSTDTC")
