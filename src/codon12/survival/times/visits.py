"""The planned visits of a study, and who missed how many of them before an event."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import polars as pl
from msgspec import Meta

from codon12.errors import UsageError
from codon12.policy import Policy
from codon12.survival.times.frames import dated_frame

__all__ = ["VisitSchedule", "missed_between", "missed_visits"]


class VisitSchedule(Policy, frozen=True):
    """When tumour assessments are planned, in study days (the start date is day 1).

    Examples
    --------
    >>> VisitSchedule(every=42, until=85, then=84).planned(260).tolist()
    [43, 85, 169, 253]
    >>> str(VisitSchedule(every=42, until=337, then=84))
    'every 42 days to day 337, then every 84 days, within 7 days'
    """

    every: Annotated[
        Annotated[int, Meta(gt=0)] | None, Meta(description="Assessments were planned every {value} days.")
    ] = None
    until: Annotated[
        Annotated[int, Meta(gt=1)] | None,
        Meta(description="That interval held up to study day {value}.", extra={"none": ""}),
    ] = None
    then: Annotated[
        Annotated[int, Meta(gt=0)] | None,
        Meta(description="Afterwards they were planned every {value} days.", extra={"none": ""}),
    ] = None
    days: Annotated[
        tuple[int, ...], Meta(description="Assessments were planned on study days {value}.", extra={"()": ""})
    ] = ()
    window: Annotated[
        int, Meta(ge=0, description="An assessment up to {value} days early or late is that visit's.")
    ] = 7

    def planned(self, last: int) -> np.ndarray:
        """Planned study days up to `last`, ascending.

        Raises ``UsageError`` if the schedule names neither an interval nor days.
        """
        if self.days:
            listed = np.unique(np.asarray(self.days, dtype=np.int64))
            return listed[listed <= last]
        if self.every is None:
            raise UsageError("a visit schedule needs `every` (an interval in days) or `days` (a list)")
        change = last if self.until is None or self.then is None else min(self.until, last)
        early = np.arange(1 + self.every, change + 1, self.every, dtype=np.int64)
        if self.until is None or self.then is None:
            return early
        turn = int(early[-1]) if early.size else 1
        return np.append(early, np.arange(turn + self.then, last + 1, self.then, dtype=np.int64))

    def __str__(self) -> str:
        if self.days:
            text = "on study days " + ", ".join(map(str, self.days))
        elif self.until is None or self.then is None:
            text = f"every {self.every} days"
        else:
            text = f"every {self.every} days to day {self.until}, then every {self.then} days"
        return f"{text}, within {self.window} days"


def missed_visits(intervals: pl.DataFrame, schedule: VisitSchedule) -> pl.DataFrame:
    """Count the planned visits that fell wholly between the last assessment and an event.

    A planned visit is missed if its window begins after the last assessment and ends before the event, so
    that neither can be that visit.

    Parameters
    ----------
    intervals
        One row a subject: STARTDT, LASTADT (last adequate assessment before the event; missing means none,
        and the start counts), ADT (the event). Further columns are kept.
    schedule
        The planned visits.

    Returns
    -------
    polars.DataFrame
        The rows with MISSED added; 0 where STARTDT or ADT is missing.

    Raises
    ------
    UsageError
        A column is missing, or the schedule is empty.

    References
    ----------
    FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics, 2018, appendix on PFS.

    Examples
    --------
    >>> import datetime as dt
    >>> row = {"STARTDT": dt.date(2024, 1, 1), "LASTADT": dt.date(2024, 2, 12), "ADT": dt.date(2024, 7, 1)}
    >>> missed_visits(pl.DataFrame([row]), VisitSchedule(every=42))["MISSED"].to_list()
    [3]
    """
    if not isinstance(schedule, VisitSchedule):
        raise UsageError(f"schedule must be a VisitSchedule; got {schedule!r}")
    wanted = ("STARTDT", "LASTADT", "ADT")
    intervals = dated_frame(intervals, "intervals", columns=wanted, dates=wanted)
    days = intervals.select(
        ((pl.coalesce("LASTADT", "STARTDT") - pl.col("STARTDT")).dt.total_days() + 1).alias("last"),
        ((pl.col("ADT") - pl.col("STARTDT")).dt.total_days() + 1).alias("event"),
    ).fill_null(0)
    missed = missed_between(days["last"].to_numpy(), days["event"].to_numpy(), schedule)
    return intervals.with_columns(pl.Series("MISSED", missed, dtype=pl.Int64))


def missed_between(last: np.ndarray, event: np.ndarray, schedule: VisitSchedule) -> np.ndarray:
    """Count the planned visits that fell wholly between study days, as `missed_visits` does.

    Examples
    --------
    >>> missed_between(np.array([43, 43]), np.array([182, 90]), VisitSchedule(every=42)).tolist()
    [3, 0]
    """
    planned = schedule.planned(int(event.max()) if event.size else 1)
    before = np.searchsorted(planned, event - schedule.window, side="left")
    seen = np.searchsorted(planned, last + schedule.window, side="right")
    return np.maximum(before - seen, 0)
