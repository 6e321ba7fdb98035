"""Occupancy of the target over the courses of doses that patients were given."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from codon12.errors import DataError
from codon12.simulate.switch.dosing import DoseCourse
from codon12.simulate.switch.figure_frames import typical
from codon12.simulate.switch.occupancy import IntervalMap, baseline_gtp, binding_rate, bracketed, free_drug
from codon12.simulate.switch.parameters import ParameterSet
from codon12.simulate.switch.pharmacokinetics import concentration_after_doses

__all__ = ["occupancy_of_courses"]

_STEPS = 96
"""Steps a day."""


def occupancy_of_courses(p: ParameterSet, courses: Sequence[DoseCourse]) -> pl.DataFrame:
    """Give each day of each course: dose, occupancy, GTP-bound protein and inhibition in the typical patient.

    A day has 24 h from the patient's first record; the feedback factor is that of the day's mean, as at steady state.

    Returns
    -------
    DataFrame
        USUBJID, DAY (from 1), DOSE (mg given that day), BOUND, BOUND_MIN, BOUND_MAX (shares of the target),
        GTP_OVER_BASELINE, INHIBITION; nothing is missing.

    Raises
    ------
    DataError
        No feedback factor was found; the message names patient and day.
    """
    cycle, regimen = typical(p)
    days = np.array([max(int(np.ceil(c.end / 24 - 1e-9)), 1) for c in courses])
    base = np.full(len(courses), float(baseline_gtp(cycle)))
    amounts = [c.doses * np.where(c.doses > 0, c.doses / p["reference_dose"], 1.0) ** p["exposure"] for c in courses]
    D, T = 1 - base, base.copy()
    frames = []
    for day in range(int(days.max())):
        on = np.flatnonzero(days > day)
        at = 24 * day + 24 * (np.arange(_STEPS) + 0.5) / _STEPS
        total = np.stack(
            [
                concentration_after_doses(
                    at,
                    dose_hours=courses[i].hours[past],
                    doses=amounts[i][past],
                    F=1.0,
                    ka=p["ka"],
                    V=p["V"],
                    CL=p["CL"],
                )
                for i in on.tolist()
                for past in [courses[i].hours < 24 * (day + 1)]
            ],
            axis=1,
        )
        kd = binding_rate(cycle, free_drug(total, p["fu"], regimen.molar_mass))
        walk, d, t, b = IntervalMap(cycle, kd, np.full(_STEPS, 24 / _STEPS)), D[on], T[on], base[on]

        def gap(
            F: np.ndarray, *, walk: IntervalMap = walk, d: np.ndarray = d, t: np.ndarray = t, b: np.ndarray = b
        ) -> np.ndarray:
            return 1 + p["phi"] * (1 - (1 - p["w"]) * walk.run(d, t, F)[2] / 24 / b - p["w"] * F) - F

        F = bracketed(gap, np.ones(on.size), np.full(on.size, 1 + p["phi"]))
        if F is None:
            raise DataError(f"patient {courses[int(on[0])].subject!r}, day {day + 1}: no feedback factor was found")
        bound = [1 - d - t, *(1 - x - y for x, y, _ in walk.each(d, t, F))]
        D[on], T[on], area = walk.run(d, t, F)
        frames.append(
            pl.DataFrame(
                {
                    "USUBJID": [courses[i].subject for i in on.tolist()],
                    "DAY": np.full(on.size, day + 1),
                    "DOSE": [
                        float(courses[i].doses[(courses[i].hours // 24).astype(int) == day].sum()) for i in on.tolist()
                    ],
                    "BOUND": np.clip((sum(bound[1:-1]) + (bound[0] + bound[-1]) / 2) / _STEPS, 0, 1),
                    "BOUND_MIN": np.clip(np.min(bound, axis=0), 0, 1),
                    "BOUND_MAX": np.clip(np.max(bound, axis=0), 0, 1),
                    "GTP_OVER_BASELINE": area / 24 / b,
                    "INHIBITION": 1 - (1 - p["w"]) * area / 24 / b - p["w"] * F,
                }
            )
        )
    return pl.concat(frames).sort("USUBJID", "DAY")
