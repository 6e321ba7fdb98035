"""Exposures that begin after time zero (response, transplant, a later therapy), without immortal time.

Whoever responds on day 60 was alive for 60 days *because* the response was seen: comparing "responders" with
"non-responders" from day 0 gives the exposed those days for free. Either everything before a landmark is put
aside, or the exposure switches on when it happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from codon12.errors import DataError
from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, row_of
from codon12.survival.subjects.columns import event_flags, optional_times, times
from codon12.survival.subjects.options import check_number
from codon12.survival.subjects.ties import TOLERANCE, past

__all__ = ["ImmortalTime", "Landmark", "immortal_time", "landmark", "switching_exposure"]


@dataclass(frozen=True, eq=False, repr=False)
class Landmark(Result):
    """Subjects still followed after the landmark, their time counted from it, and who was exposed by then."""

    at: float
    rows: NDArray[np.intp]
    """Positions of the kept subjects in the input."""
    time: NDArray[np.float64]
    event: NDArray[np.bool_]
    exposed: NDArray[np.bool_]
    events_before: int
    censored_before: int
    exposed_later: int

    def to_frame(self) -> pl.DataFrame:
        """One row a kept subject: its position in the input, time from the landmark, event, exposed by then."""
        return pl.DataFrame({"row": self.rows, "time": self.time, "event": self.event, "exposed": self.exposed})

    def sentence(self) -> str:
        """What the landmark put aside, for a methods text."""
        followed = "1 subject was" if self.rows.size == 1 else f"{self.rows.size} subjects were"
        return (
            f"Landmark at {self.at:g}: {followed} still followed, {int(self.exposed.sum())} of "
            f"them exposed by then; {self.events_before} with an earlier event and {self.censored_before} with "
            f"shorter follow-up are left out; {self.exposed_later} exposed later count as unexposed."
        )

    def __repr__(self) -> str:
        return self.sentence()

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        total = self.rows.size + self.events_before + self.censored_before
        counts = {
            "followed": (self.rows.size, "Followed past the landmark"),
            "exposed": (int(self.exposed.sum()), "Exposed by the landmark"),
            "events_before": (self.events_before, "Event before the landmark"),
            "censored_before": (self.censored_before, "Shorter follow-up"),
            "exposed_later": (self.exposed_later, "Exposed after the landmark, counted as unexposed"),
        }
        method = f"Landmark at {self.at:g}"
        return [
            row_of(name, "count", label=label, n=n, N=total, value=100 * n / total, unit="%", method=method)
            for name, (n, label) in counts.items()
        ]


def _exposure_times(exposure_time: Any, size: int) -> NDArray[np.float64]:
    return optional_times(exposure_time, size, what="exposure_time")


def _merged(time: NDArray[np.float64], began: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Exposures that begin at the end of follow-up but for rounding begin then."""
    with np.errstate(invalid="ignore"):
        same = np.abs(began - time) <= TOLERANCE * np.maximum(1.0, time)
    return time, np.where(same, time, began)


def landmark(time: ArrayLike, event: ArrayLike, *, exposure_time: ArrayLike, at: float) -> Landmark:
    """Set time zero to a landmark and group subjects by what had happened by then.

    Parameters
    ----------
    time, event
        Follow-up and outcome from the original time zero.
    exposure_time
        When the exposure began; missing (None, NaN) for never.
    at
        The landmark. Choose it before looking at the data; report several.

    Returns
    -------
    Landmark
        Subjects with time > `at`; exposed if the exposure began at or before it.

    Raises
    ------
    DataError
        As in ``kaplan_meier``, or nobody is followed past the landmark.
    UsageError
        `at` is negative or not finite.

    References
    ----------
    Anderson, Cain and Gelber 1983, Journal of Clinical Oncology 1:710.

    Examples
    --------
    >>> seen = landmark([5, 40, 50, 90], [1, 1, 0, 1], exposure_time=[None, 20, None, 60], at=30)
    >>> seen.time.tolist(), seen.exposed.tolist()
    ([10.0, 20.0, 60.0], [True, False, False])
    """
    check_number("at", at, "a finite time that is not negative", least=0)
    t = times(time).astype(np.float64)
    d = event_flags(event, t.size)
    began = _exposure_times(exposure_time, t.size)
    kept = np.flatnonzero(past(t, at))
    if kept.size == 0:
        raise DataError(f"nobody is followed past the landmark at {at:g} (longest time: {t.max():g})")
    early = ~past(t, at)
    exposed = ~np.isnan(began[kept]) & ~past(began[kept], at)
    return Landmark(
        at=float(at),
        rows=kept,
        time=t[kept] - at,
        event=d[kept],
        exposed=exposed,
        events_before=int((early & d).sum()),
        censored_before=int((early & ~d).sum()),
        exposed_later=int(past(began[kept], at).sum()),
    )


def switching_exposure(time: ArrayLike, event: ArrayLike, *, exposure_time: ArrayLike) -> pl.DataFrame:
    """Split follow-up where the exposure begins: rows (start, stop] for a time-dependent covariate.

    An exposure at or after the end of follow-up never switches on; one at 0 is on throughout. Shapes, missing
    values and errors are those of ``landmark``; times of 0 have no interval and raise ``DataError``.

    Returns
    -------
    polars.DataFrame
        row (position in the input), start, stop, event, exposed; one or two rows a subject.

    References
    ----------
    Crowley and Hu 1977 (Stanford heart transplants); Suissa 2008 (immortal time).

    Examples
    --------
    >>> switching_exposure([10, 8], [1, 0], exposure_time=[4, None]).rows()
    [(0, 0.0, 4.0, False, False), (0, 4.0, 10.0, True, True), (1, 0.0, 8.0, False, False)]
    """
    t = times(time).astype(np.float64)
    d = event_flags(event, t.size)
    if np.any(t == 0):
        raise DataError(f"time is 0 in {int((t == 0).sum())} of {t.size} rows: add half a day, or leave them out")
    t, began = _merged(t, _exposure_times(exposure_time, t.size))
    splits = (began > 0) & (began < t)
    whole = np.flatnonzero(~splits)
    cut = np.flatnonzero(splits)
    frame = pl.DataFrame(
        {
            "row": np.concatenate([whole, cut, cut]),
            "start": np.concatenate([np.zeros(whole.size + cut.size), began[cut]]),
            "stop": np.concatenate([t[whole], began[cut], t[cut]]),
            "event": np.concatenate([d[whole], np.zeros(cut.size, dtype=bool), d[cut]]),
            "exposed": np.concatenate(
                [began[whole] == 0, np.zeros(cut.size, dtype=bool), np.ones(cut.size, dtype=bool)]
            ),
        }
    )
    return frame.sort("row", "start")


class ImmortalTime(Result, msgspec.Struct, frozen=True, kw_only=True):
    """How much follow-up a naive comparison would credit to an exposure before it had begun."""

    exposed: int
    late: int
    """Exposed subjects whose exposure began after time zero."""
    time: float
    """Their follow-up before the exposure, summed."""
    share: float
    """That time as a fraction of all follow-up of the exposed."""
    impossible: int
    """Subjects whose exposure is dated after the end of their follow-up."""

    def to_frame(self) -> pl.DataFrame:
        """One row: exposed, late, time, share, impossible."""
        return pl.DataFrame([{c: getattr(self, c) for c in ("exposed", "late", "time", "share", "impossible")}])

    def sentence(self) -> str:
        """What is wrong with a comparison from time zero, and what to do."""
        beyond = ""
        if self.impossible:
            are = "1 subject is" if self.impossible == 1 else f"{self.impossible} subjects are"
            beyond = f" {are} not counted: the exposure is dated after the end of follow-up."
        if self.exposed == 0:
            return "Nobody was exposed: no immortal time." + beyond
        if self.late == 0:
            who = "The exposed subject was" if self.exposed == 1 else f"All {self.exposed} exposed subjects were"
            return f"{who} exposed from time zero: no immortal time.{beyond}"
        who = "The exposed subject was" if self.exposed == 1 else f"{self.late} of {self.exposed} exposed subjects were"
        return (
            f"{who} exposed after time zero: {self.time:g} of follow-up "
            f"({100 * self.share:.1f}% of that of the exposed) could not have ended in an event before the exposure. "
            f"Compare from a landmark, or let the exposure switch on when it begins.{beyond}"
        )

    def __repr__(self) -> str:
        return self.sentence()

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        size = {"n": self.late, "N": self.exposed}
        method = "Follow-up of the exposed before their exposure began"
        share = {"value": 100 * self.share, "unit": "%"}
        late = 100 * self.late / self.exposed if self.exposed else None
        return [
            row_of("late", "count", label="Exposed after time zero", value=late, unit="%", method=method, **size),
            row_of("immortal_time", "value", label="Immortal time", value=self.time, method=method, **size),
            row_of("immortal_share", "value", label="Immortal share of follow-up, %", method=method, **share, **size),
        ]


def immortal_time(time: ArrayLike, *, exposure_time: ArrayLike) -> ImmortalTime:
    """Measure the immortal time in a comparison of ever-exposed with never-exposed subjects.

    Shapes, missing values and errors are those of ``landmark``.

    Examples
    --------
    >>> immortal_time([10, 20, 30], exposure_time=[None, 5, 0]).time
    5.0
    """
    t = times(time).astype(np.float64)
    t, began = _merged(t, _exposure_times(exposure_time, t.size))
    ever = ~np.isnan(began) & (began <= t)
    late = ever & (began > 0)
    waited = float(began[late].sum())
    followed = float(t[ever].sum())
    return ImmortalTime(
        exposed=int(ever.sum()),
        late=int(late.sum()),
        time=waited,
        share=waited / followed if followed > 0 else 0.0,
        impossible=int((began > t).sum()),
    )
