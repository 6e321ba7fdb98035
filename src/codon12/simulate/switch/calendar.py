"""Subject identifiers and dates of simulated patients."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.simulate.switch.conduct import Trial
from codon12.survival.times.visits import VisitSchedule

__all__ = ["EPOCH", "SCREENING", "STUDY", "Calendar", "visit_schedule"]

STUDY = "SIMSWITCH"
EPOCH = dt.date(2020, 1, 6)
"""Opening of the study."""
SCREENING = -7
"""Day of the scans at the start, from the first dose."""


@dataclass(frozen=True)
class Calendar:
    """Identifiers [n] of a block of patients, and the days since 1970 of their first doses."""

    subject: NDArray[np.str_]
    first_dose: NDArray[np.int64]

    @classmethod
    def of(cls, trial: Trial, code: str) -> Calendar:
        """Name patients by arm and number; the number is the patient's own, from 1."""
        numbers = trial.patients.first + 1 + np.arange(trial.patients.n)
        names = np.array([f"{STUDY}-{code}-{k:07}" for k in numbers.tolist()])
        return cls(names, (EPOCH - dt.date(1970, 1, 1)).days + trial.entry)

    def rows(self, patient: NDArray[np.int64], day: NDArray[np.int64], column: str) -> pl.DataFrame:
        """USUBJID and ISO dates in `column`, of rows given by patient and day."""
        dates = pl.Series((self.first_dose[patient] + day).astype(np.int32)).cast(pl.Date).cast(pl.String)
        return pl.DataFrame({"USUBJID": self.subject[patient], column: dates})

    def dates(self, day: NDArray[np.int64], known: NDArray[np.bool_] | None = None) -> pl.Series:
        """ISO dates of a day each patient; null where not known."""
        out = pl.Series((self.first_dose + day).astype(np.int32)).cast(pl.Date).cast(pl.String)
        if known is None:
            return out
        return pl.DataFrame({"d": out, "k": known}).select(pl.when("k").then("d"))["d"]


def visit_schedule(visits: Sequence[float]) -> VisitSchedule:
    """Give planned visits, in days from the first dose, as the schedule by which missed visits are counted.

    Examples
    --------
    >>> str(visit_schedule([42, 84, 168, 252]))
    'every 42 days to day 85, then every 84 days, within 7 days'
    >>> str(visit_schedule([30, 90, 100]))
    'on study days 31, 91, 101, within 7 days'
    """
    days = [1 + round(d) for d in visits]
    gaps = [b - a for a, b in pairwise([1, *days])]
    window = max(1, min(7, min(gaps) - 1))
    turn = next((i for i, g in enumerate(gaps) if g != gaps[0]), len(gaps))
    if turn == len(gaps):
        return VisitSchedule(every=gaps[0], window=window)
    if set(gaps[turn:]) == {gaps[turn]}:
        return VisitSchedule(every=gaps[0], until=days[turn - 1], then=gaps[turn], window=window)
    return VisitSchedule(days=tuple(days), window=window)
