"""Plasma concentrations as PC: blood taken around a dose at steady state, read with an assay's error."""

from __future__ import annotations

import numpy as np
import polars as pl

from codon12.simulate.switch.calendar import Calendar
from codon12.simulate.switch.conduct import Trial
from codon12.simulate.switch.draws import normals
from codon12.simulate.switch.parameters import ParameterSet
from codon12.simulate.switch.pharmacokinetics import steady_concentration

__all__ = ["PK_DAY", "PK_VISIT", "concentration_rows", "sampled"]

PK_DAY = 7
"""Day of the samples, from the first dose: the eighth dose of a daily regimen, at steady state."""
PK_VISIT = (1.5, "DAY 8")
_HOURS = (0.0, 1.0, 2.0, 4.0, 8.0, 12.0)
_NAMES = ("PREDOSE", "1 H", "2 H", "4 H", "8 H", "12 H")
_FIRST_DOSE_AT = 8
"""Hour of the day of a dose."""


def sampled(parameters: ParameterSet, trial: Trial) -> np.ndarray:
    """Patients of whom blood is taken: on the drug, at the dose they began with, and seen on the day after."""
    if parameters["kill_given"] >= 0 or parameters["dose"] <= 0:  # no drug to measure
        return np.zeros(trial.patients.n, dtype=bool)
    starts = trial.therapy.starts
    changed = starts[:, 1] <= PK_DAY if starts.shape[1] > 1 else np.zeros(trial.patients.n, dtype=bool)
    return (trial.treated_until > PK_DAY) & (trial.observed > PK_DAY) & ~changed


def concentration_rows(p: ParameterSet, trial: Trial, when: Calendar) -> pl.DataFrame:
    """Rows of PC, ng/mL: total drug in plasma; below the limit of quantification the text says so."""
    who = trial.patients
    rows = np.flatnonzero(sampled(p, trial))
    own = {k: who.pharmacology[k][rows, None] for k in ("F", "ka", "V", "CL")}
    own["F"] = own["F"] * ((p["dose"] / p["reference_dose"]) ** p["exposure"] if p["dose"] > 0 else 1.0)
    within = np.array([h for h in _HOURS if h < p["tau"]])
    true = 1000 * steady_concentration(within, dose=p["dose"], tau=p["tau"], **own)
    error = normals(who.seed, "plasma", who.first, who.n, 8)[rows][:, : within.size]
    read = np.round(true * np.exp(p["pc_error"] * error), 1).ravel()
    low = pl.Series(read < p["pc_lloq"])
    patient = np.repeat(rows, within.size)
    hour = np.tile(within, rows.size)
    frame = when.rows(patient, np.full(patient.size, PK_DAY), "_day").with_columns(
        _read=pl.Series(read),
        _low=low,
        _hour=pl.Series(hour),
        PCTPT=pl.Series(np.tile(_NAMES[: within.size], rows.size), dtype=pl.String),
        PCTPTNUM=pl.Series(np.tile(np.arange(1, within.size + 1), rows.size)),
    )
    number = pl.when(~pl.col("_low")).then(pl.col("_read"))
    text = number.cast(pl.String)
    clock = (_FIRST_DOSE_AT + pl.col("_hour")).cast(pl.Int64).cast(pl.String).str.zfill(2)
    return frame.select(
        "USUBJID",
        PCTESTCD=pl.lit(_code(p.context.drug)),
        PCTEST=pl.lit(p.context.drug),
        PCORRES=text.fill_null("BLQ"),
        PCORRESU=pl.lit("ng/mL"),
        PCSTRESC=text.fill_null(f"<{p['pc_lloq']:g}"),
        PCSTRESN=number,
        PCSTRESU=pl.lit("ng/mL"),
        PCSPEC=pl.lit("PLASMA"),
        PCLLOQ=pl.lit(p["pc_lloq"]),
        VISITNUM=pl.lit(PK_VISIT[0]),
        VISIT=pl.lit(PK_VISIT[1]),
        PCDTC=pl.format("{}T{}:00", "_day", clock),
        PCTPT="PCTPT",
        PCTPTNUM="PCTPTNUM",
    )


def _code(drug: str) -> str:
    """Short name of at most eight letters and digits, as PCTESTCD wants it."""
    plain = "".join(c for c in drug.upper() if c.isascii() and c.isalnum())
    return plain[:8] if plain[:1].isalpha() else f"D{plain}"[:8]
