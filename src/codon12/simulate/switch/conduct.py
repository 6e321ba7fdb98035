"""The conduct of a trial: visits, readings, new lesions, progression, death, dropout, cut-off, dose changes; days.

Progression here is what the treating reader sees (target lesions by RECIST 1.1, new lesions): it ends treatment and
changes growth and hazard. The response and survival of the study are derived later from the records alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codon12.simulate.switch.draws import exponentials, normals, uniforms
from codon12.simulate.switch.parameters import ParameterSet
from codon12.simulate.switch.patients import Patients, draw_patients, inhibition_of, kill_of
from codon12.simulate.switch.therapy import Therapy, plan_therapy

__all__ = ["Trial", "conduct", "conduct_blocks", "read_lesions"]

Array = NDArray[np.float64]
Days = NDArray[np.int64]
WEEK = 7.0
_BLOCK = 4000
"""Patients whose weeks are held in memory at once."""
_WIDEST = 400.0
"""Largest diameter that is read, mm; a tumour beyond it exists in the equations alone."""


@dataclass(frozen=True)
class Trial:
    """What happened to each patient; days count from the first dose (0); visits [n, visits], lesions [n, visits, 5]."""

    patients: Patients
    therapy: Therapy
    inhibition: Array
    bound: Array
    entry: Days
    """Day of the first dose in the calendar of the study."""
    observed: Days
    """Last day under observation: death, leaving, or cut-off."""
    died: NDArray[np.bool_]
    left: NDArray[np.bool_]
    death: Array
    """True time of death, whether seen or not; inf where it is beyond all weeks that were followed."""
    new_lesion: Array
    """True time of the first new lesion."""
    visit_day: Days
    """Day of each planned visit, jitter included."""
    baseline: NDArray[np.int64]
    """Readings of the lesions at the start, tenths of a millimetre; 0 where there is none."""
    readings: NDArray[np.int64]
    """Readings at visits, tenths of a millimetre: 0 is absent."""
    small: NDArray[np.bool_]
    """Present but too small to measure."""
    scanned: NDArray[np.bool_]
    """A visit that took place."""
    new_seen: NDArray[np.bool_]
    """A new lesion is seen at this visit for the first time."""
    progression: Days
    """Index of the visit at which progression was seen; -1 for none."""
    planned: tuple[float, ...]
    """Planned days of all visits of the schedule."""
    confirm: float
    """Least days between a response and its confirmation."""
    treated_until: Days
    """Last day of treatment; as observed where it was going on."""

    @property
    def progression_day(self) -> Days:
        """Day progression was seen; -1 for none."""
        took = np.take_along_axis(self.visit_day, np.maximum(self.progression, 0)[:, None], axis=1)[:, 0]
        return np.where(self.progression >= 0, took, -1)


def conduct(parameters: ParameterSet, patients: Patients) -> Trial:
    """Run a trial for drawn patients.

    Raises
    ------
    DataError
        As of `inhibition_of`.

    Notes
    -----
    Hazards are constant within a week, at its middle; the event is where the cumulative hazard passes an exponential
    number, linear within the week. No scan is taken after death, leaving, or cut-off.

    Examples
    --------
    >>> from codon12.simulate.switch.parameters import shipped_set
    >>> from codon12.simulate.switch.patients import draw_patients
    >>> trial = conduct(shipped_set(), draw_patients(shipped_set(), seed=1, n=5))
    >>> bool((trial.visit_day[trial.scanned] <= np.repeat(trial.observed, trial.scanned.sum(axis=1))).all())
    True
    """
    p, who = parameters, patients
    occupancy = inhibition_of(p, who)
    therapy = plan_therapy(p, who, kill_of(p, who, occupancy))
    entry = np.floor(uniforms(who.seed, "accrual", who.first, who.n, 4)[:, 0] * p["accr"]).astype(np.int64)
    longest = round(p["accr"] + p["fu_min"])  # of the study, not of the block: a patient is the same in any block
    followed = np.int64(longest) - entry
    visit_day = _visit_days(p, who, longest)
    weeks = np.asarray(np.arange(int(np.ceil(longest / WEEK)) + 1) * WEEK, dtype=np.float64)
    middle = np.asarray(weeks + WEEK / 2, dtype=np.float64)
    volume, sums = therapy.on_drug(middle)
    new_lesion = _event_times(_new_lesion_hazard(p, who, volume), weeks, who, "new lesion")
    baseline, readings, small = _readings(p, who, therapy, visit_day)
    seen = new_lesion[:, None] <= visit_day
    missed = _missed(p, who, visit_day.shape[1])
    missed |= visit_day > followed[:, None]
    progression = _progression(baseline, np.where(missed[:, :, None], -1, readings), seen & ~missed)
    at = np.take_along_axis(visit_day, np.maximum(progression, 0)[:, None], axis=1)[:, 0]
    progressed_on = np.where(progression >= 0, at, np.iinfo(np.int64).max // 4).astype(float)
    stopped = progressed_on + p["beyond"]
    hazard = _death_hazard(p, who, therapy, sums, middle, progressed_on, stopped)
    death = _event_times(hazard, weeks, who, "death")
    leaving = _leaving(p, who)
    ends = np.minimum(np.minimum(np.floor(death), np.floor(leaving)), followed.astype(float))
    observed = ends.astype(np.int64)
    died = (death <= leaving) & (np.floor(death) <= followed)
    left = ~died & (leaving < death) & (np.floor(leaving) < followed)
    strict = (died | left)[:, None]
    inside = np.where(strict, visit_day < observed[:, None], visit_day <= observed[:, None])
    scanned = inside & ~missed
    happened = (progression >= 0) & np.take_along_axis(scanned, np.maximum(progression, 0)[:, None], axis=1)[:, 0]
    progression = np.where(happened, progression, -1)
    last_scan = np.where(happened, progressed_on + p["beyond"], np.inf)
    scanned &= visit_day <= last_scan[:, None]
    first_new = seen & scanned & (np.cumsum(seen & scanned, axis=1) == 1)
    return Trial(
        patients=who,
        therapy=therapy,
        inhibition=occupancy.inhibition,
        bound=(occupancy.bound_min + occupancy.bound_max) / 2,
        entry=entry,
        observed=observed,
        died=died,
        left=left,
        death=death,
        new_lesion=new_lesion,
        visit_day=visit_day,
        baseline=baseline,
        readings=readings,
        small=small,
        scanned=scanned,
        new_seen=first_new,
        progression=progression,
        planned=p.schedule.visits,
        confirm=p["confirm"],
        treated_until=np.minimum(np.where(happened, stopped, np.inf), observed).astype(np.int64),
    )


def conduct_blocks(parameters: ParameterSet, *, seed: int, n: int, first: int = 0) -> Iterator[Trial]:
    """Run a trial of `n` patients from number `first` (from 0) on, a block at a time; the patients are the same.

    Raises
    ------
    UsageError
        As of `draw_patients`.
    DataError
        As of `conduct`.
    """
    for start in range(0, max(n, 1), _BLOCK):
        yield conduct(parameters, draw_patients(parameters, seed=seed, n=min(_BLOCK, n - start), first=first + start))


def _visit_days(p: ParameterSet, who: Patients, last: int) -> Days:
    planned = np.array([d for d in p.schedule.visits if d - 7 <= last] or p.schedule.visits[:1])
    z = np.stack([normals(who.seed, "visits", who.first, who.n, 1, page=k)[:, 0] for k in range(planned.size)], axis=1)
    gap = np.diff(planned, prepend=0.0).min()
    cut = min(7.0, max(0.0, (gap - 1) / 2))  # visits keep their order
    jitter = np.clip(p["jit"] * z, -cut, cut)
    return np.maximum(np.rint(planned + jitter), 1).astype(np.int64)


def _missed(p: ParameterSet, who: Patients, visits: int) -> NDArray[np.bool_]:
    if p["p_miss"] == 0:
        return np.zeros((who.n, visits), bool)
    pages = [uniforms(who.seed, "missed visits", who.first, who.n, 1, page=k)[:, 0] for k in range(visits)]
    return np.stack(pages, axis=1) < p["p_miss"]


def _readings(
    p: ParameterSet, who: Patients, therapy: Therapy, visit_day: Days
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    true = therapy.diameters(visit_day.astype(float))
    baseline, readings = read_lesions(p, who, true, purpose="readings")
    small = (true >= 5) & (true < 6.5) & (who.d0 > 0)[:, None, :]
    return baseline, np.where(small, 50, readings), small


def read_lesions(
    p: ParameterSet, who: Patients, true: Array, *, purpose: str
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Readings at the start [n, lesions] and at visits [n, visits, lesions], in tenths of a millimetre; 0 is absent."""
    present = who.d0 > 0

    def read(d: Array, page: int, floor: float) -> NDArray[np.int64]:
        error = normals(who.seed, purpose, who.first, who.n, d.shape[1], page=page)
        raw = d + error * np.sqrt(p["err_a"] ** 2 + (p["err_b"] * d) ** 2)
        return np.where(present, np.rint(10 * np.clip(raw, floor, _WIDEST)), 0).astype(np.int64)

    baseline = read(who.d0, 0, 10.0)
    later = [read(true[:, k], 1 + k, 5.0) for k in range(true.shape[1])]
    return baseline, np.where(true < 5, 0, np.stack(later, axis=1))


def _progression(baseline: NDArray[np.int64], readings: NDArray[np.int64], new: NDArray[np.bool_]) -> Days:
    """Index of the first visit with progression, in tenths of a millimetre; -1 for none; a reading of -1 is missing."""
    sums = readings.sum(axis=2)
    known = (readings >= 0).all(axis=2)
    start = baseline.sum(axis=1)[:, None]
    before = np.concatenate([start, np.where(known, sums, np.iinfo(np.int64).max)[:, :-1]], axis=1)
    nadir = np.minimum.accumulate(before, axis=1)
    grown = known & (5 * sums >= 6 * nadir) & (sums - nadir >= 50)
    found = grown | new
    return np.where(found.any(axis=1), found.argmax(axis=1), -1)


def _new_lesion_hazard(p: ParameterSet, who: Patients, volume: Array) -> Array:
    rate = p["lamN"] * np.exp(p["b_N"] * who.keap_or_smarca)
    return rate[:, None] * np.maximum(volume, 1e-12) ** p["delta"]


def _death_hazard(
    p: ParameterSet, who: Patients, therapy: Therapy, sums: Array, middle: Array, progressed: Array, stopped: Array
) -> Array:
    m = who.marks
    x = p["bD_ecog"] * m["ECOG1"] + p["bD_keap"] * m["KEAP1"] + p["bD_stk"] * m["STK11"] + p["bD_smarca"] * m["SMARCA4"]
    start = who.d0.sum(axis=1)
    rate = p["lamD"] * np.exp(x) * (start / p["sld"]) ** p["b_sld"]
    after = therapy.sums_after(middle, stopped, sums)
    late = 1 - p["early"] * np.exp(-middle / p["tau_early"])
    worse = np.where(middle >= progressed[:, None], p["hpost"], 1.0)
    return rate[:, None] * (after / start[:, None]) ** p["alpha"] * late * worse


def _event_times(hazard: Array, weeks: Array, who: Patients, purpose: str) -> Array:
    """Time at which the cumulative hazard passes an exponential number; inf beyond the last week."""
    need = exponentials(who.seed, purpose, who.first, who.n, 4)[:, 0]
    total = np.cumsum(np.minimum(hazard, 1e6) * WEEK, axis=1)
    passed = total >= need[:, None]
    k = passed.argmax(axis=1)[:, None]
    before = np.take_along_axis(total, k, axis=1) - np.take_along_axis(hazard, k, axis=1) * WEEK
    within = (need[:, None] - before) / np.maximum(np.take_along_axis(hazard, k, axis=1), 1e-300)
    return np.where(passed.any(axis=1), weeks[k[:, 0]] + np.clip(within[:, 0], 0, WEEK), np.inf)


def _leaving(p: ParameterSet, who: Patients) -> Array:
    need = exponentials(who.seed, "dropout", who.first, who.n, 4)[:, 0]
    return need / p["drop"] if p["drop"] > 0 else np.full(who.n, np.inf)
