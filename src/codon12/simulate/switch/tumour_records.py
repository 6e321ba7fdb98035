"""Lesions and their readings as TU and TR: where they are, what each reader measured, new lesions."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.simulate.switch.calendar import SCREENING, Calendar
from codon12.simulate.switch.conduct import Trial, read_lesions
from codon12.simulate.switch.draws import uniforms
from codon12.simulate.switch.parameters import ParameterSet

__all__ = ["lesion_rows", "measurement_rows", "visit_names"]

_ORGANS = np.array(
    ["LUNG", "LUNG", "LIVER", "LIVER", "ADRENAL GLAND", "ADRENAL GLAND", "PLEURA", "SPLEEN", "KIDNEY", "SOFT TISSUE"]
)
"""Places of target lesions, two an organ at most; no nodes, whose axis counts otherwise."""
_ORGAN_WEIGHTS = np.array([8, 4, 4, 2, 2, 0.6, 1.5, 0.5, 0.5, 1])
_NEW_PLACES = np.array(["BRAIN", "BONE", "LIVER", "LUNG", "LYMPH NODE", "PERITONEUM"])
_NEW_WEIGHTS = np.array([0.2, 0.2, 0.25, 0.2, 0.1, 0.05])


def visit_names(p: ParameterSet) -> list[str]:
    """Names of the planned visits."""
    return [f"WEEK {d / 7:g}" if (d / 7).is_integer() else f"DAY {d:g}" for d in map(float, p.schedule.visits)]


def _places(trial: Trial) -> NDArray[np.str_]:
    """Places of lesions, [n, 5]: drawn without replacement by weight (Efraimidis and Spirakis 2006)."""
    who = trial.patients
    u = uniforms(who.seed, "places", who.first, who.n, 16)[:, : _ORGANS.size]
    return _ORGANS[np.argsort(-np.log(u) / _ORGAN_WEIGHTS, axis=1)[:, : who.d0.shape[1]]]


def _evaluators(readers: int) -> list[str]:
    return ["INDEPENDENT ASSESSOR", "INVESTIGATOR"][:readers]


def lesion_rows(p: ParameterSet, trial: Trial, when: Calendar, readers: int) -> pl.DataFrame:
    """Rows of TU: target lesions at screening, the first new lesion where it is seen, for every reader."""
    who, places = trial.patients, _places(trial)
    patient, lesion = np.nonzero(who.d0 > 0)
    target = when.rows(patient, np.full(patient.size, SCREENING), "TUDTC").with_columns(
        TULNKID=pl.format("T{}", pl.Series(lesion + 1).cast(pl.String).str.zfill(2)),
        TUORRES=pl.lit("TARGET"),
        TULOC=pl.Series(places[patient, lesion], dtype=pl.String),
        VISITNUM=pl.lit(1.0),
        VISIT=pl.lit("SCREENING"),
    )
    patient, visit = np.nonzero(trial.new_seen)
    u = uniforms(who.seed, "places", who.first, who.n, 16)[:, 15]
    spot = np.searchsorted(np.cumsum(_NEW_WEIGHTS)[:-1], u[patient])
    new = when.rows(patient, trial.visit_day[patient, visit], "TUDTC").with_columns(
        TULNKID=pl.lit("N01"),
        TUORRES=pl.lit("NEW"),
        TULOC=pl.Series(_NEW_PLACES[spot], dtype=pl.String),
        VISITNUM=pl.Series(visit + 2.0),
        VISIT=pl.Series(np.array(visit_names(p))[visit], dtype=pl.String),
    )
    frame = pl.concat([target, new])
    frame = pl.concat([frame.with_columns(TUEVAL=pl.lit(e)) for e in _evaluators(readers)])
    return frame.select(
        "USUBJID",
        "TULNKID",
        TUTESTCD=pl.lit("TUMIDENT"),
        TUTEST=pl.lit("Tumor Identification"),
        TUORRES="TUORRES",
        TUSTRESC="TUORRES",
        TULOC="TULOC",
        TUMETHOD=pl.lit("CT SCAN"),
        TUEVAL="TUEVAL",
        VISITNUM="VISITNUM",
        VISIT="VISIT",
        TUDTC="TUDTC",
    )


def measurement_rows(p: ParameterSet, trial: Trial, when: Calendar, readers: int) -> pl.DataFrame:
    """Rows of TR: the longest diameter of every target at every scan, for every reader."""
    sets = [(trial.baseline, trial.readings)]
    if readers > 1:
        true = trial.therapy.diameters(trial.visit_day.astype(float))
        sets.append(read_lesions(p, trial.patients, true, purpose="second reader"))
    parts = []
    names = np.array(["SCREENING", *visit_names(p)])
    for (base, later), evaluator in zip(sets, _evaluators(readers), strict=True):
        patient, lesion = np.nonzero(trial.patients.d0 > 0)
        first = _measured(when, patient, np.full(patient.size, SCREENING), base[patient, lesion], lesion)
        first = first.with_columns(VISITNUM=pl.lit(1.0), VISIT=pl.lit("SCREENING"), _small=pl.lit(value=False))
        who, visit, lesion = np.nonzero(trial.scanned[:, :, None] & (trial.patients.d0 > 0)[:, None, :])
        rest = _measured(when, who, trial.visit_day[who, visit], later[who, visit, lesion], lesion).with_columns(
            VISITNUM=pl.Series(visit + 2.0),
            VISIT=pl.Series(names[visit + 1], dtype=pl.String),
            _small=pl.Series(trial.small[who, visit, lesion]),
        )
        parts.append(pl.concat([first, rest]).with_columns(TREVAL=pl.lit(evaluator)))
    text = pl.when("_small").then(pl.lit("TOO SMALL TO MEASURE")).otherwise(pl.col("_mm").cast(pl.String))
    return pl.concat(parts).select(
        "USUBJID",
        TRGRPID=pl.lit("TARGET"),
        TRLNKID="TRLNKID",
        TRTESTCD=pl.lit("LDIAM"),
        TRTEST=pl.lit("Longest Diameter"),
        TRORRES=text,
        TRORRESU=pl.when(~pl.col("_small")).then(pl.lit("mm")),
        TRSTRESC=text,
        TRSTRESN=pl.when(~pl.col("_small")).then(pl.col("_mm")),
        TRSTRESU=pl.when(~pl.col("_small")).then(pl.lit("mm")),
        TREVAL="TREVAL",
        VISITNUM="VISITNUM",
        VISIT="VISIT",
        TRDTC="TRDTC",
    )


def _measured(
    when: Calendar,
    patient: NDArray[np.int64],
    day: NDArray[np.int64],
    tenths: NDArray[np.int64],
    lesion: NDArray[np.int64],
) -> pl.DataFrame:
    return when.rows(patient, day, "TRDTC").with_columns(
        TRLNKID=pl.format("T{}", pl.Series(lesion + 1).cast(pl.String).str.zfill(2)),
        _mm=pl.Series(tenths / 10.0),
    )
