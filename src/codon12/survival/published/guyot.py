"""Individual times from a published Kaplan-Meier curve: its coordinates and the numbers at risk below it."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.errors import DataError, UsageError
from codon12.survival.curves.kaplan_meier import kaplan_meier
from codon12.survival.subjects.options import check_count
from codon12.survival.subjects.reading import table

__all__ = ["rebuild_individual_data", "rebuilt_remarks"]

_ROUNDS = 10_000
"""Most corrections of the number censored in one interval; far more than the number at risk needs."""


class _Curve:
    """The curve being rebuilt: coordinates given, counts found so far."""

    def __init__(self, time: NDArray, survival: NDArray) -> None:
        self.time, self.survival = time, survival
        size = len(time)
        self.events = np.zeros(size, dtype=np.int64)
        self.censored = np.zeros(size, dtype=np.int64)
        self.at_risk = np.zeros(size + 1, dtype=np.int64)
        self.estimate = np.ones(size)

    def fill(self, first: int, after: int, start: float, end: float, n: int, censored: int) -> int:
        """Events and censorings at coordinates `first` to before `after`; the number then at risk.

        `censored` subjects are spread evenly over the interval from `start` to `end`; the events at a coordinate
        are those that bring the product-limit estimate nearest to the coordinate.
        """
        self.censored[first:after] = 0
        if censored > 0:
            spread = start + np.arange(1, censored + 1) * (end - start) / (censored + 1)
            edges = np.append(self.time[first:after], np.inf)
            edges[0] = -np.inf
            self.censored[first:after] = np.histogram(spread, bins=edges)[0]
        self.at_risk[first] = n
        last = self.estimate[first - 1] if first else 1.0
        for k in range(first, after):  # each estimate needs the one before: as many steps as coordinates
            n = int(self.at_risk[k])
            d = 0
            if k > 0 and n > 0 and last > 0:
                d = min(n, max(0, int(np.floor(n * (1 - self.survival[k] / last) + 0.5))))
                last *= 1 - d / n
            self.events[k] = d
            self.estimate[k] = last
            self.censored[k] = min(int(self.censored[k]), n - d)
            self.at_risk[k + 1] = n - d - self.censored[k]
        return int(self.at_risk[after])


def rebuild_individual_data(coordinates: Any, at_risk: Any, *, total_events: int | None = None) -> pl.DataFrame:
    """Times and censorings of the subjects behind a published Kaplan-Meier curve.

    Parameters
    ----------
    coordinates
        TIME and SURVIVAL (0 to 1) of points read off the curve, in any order; survival that rises by the noise of
        reading is levelled. The point (0, 1) is added where missing.
    at_risk
        TIME and N of the table below the curve, from time 0 on. Rows after the last coordinate are not used.
    total_events
        Events over the whole curve where the paper prints them: they fix the censoring after the last number at
        risk. Without them that interval is censored at the rate of those before it.

    Returns
    -------
    pl.DataFrame
        AVAL (in the unit of the coordinates) and CNSR (0 event, 1 censored), one row a subject, by time. There are
        as many rows as subjects at risk at time 0.

    Raises
    ------
    UsageError
        A column is missing, survival lies outside 0 to 1, N is not whole, or total_events is negative.
    DataError
        No coordinates, null values, numbers at risk that rise or do not begin at time 0.

    Source: Guyot, Ades, Ouwens and Welton, BMC Medical Research Methodology 2012;12:9.

    Examples
    --------
    >>> curve = pl.DataFrame({"TIME": [0.0, 1.0, 2.0], "SURVIVAL": [1.0, 0.75, 0.5]})
    >>> below = pl.DataFrame({"TIME": [0.0], "N": [4]})
    >>> rebuild_individual_data(curve, below, total_events=2).rows()
    [(1.0, 0), (2.0, 0), (2.0, 1), (2.0, 1)]
    """
    time, survival = _checked_curve(_numeric(coordinates, "coordinates", ("TIME", "SURVIVAL")))
    starts, numbers = _checked_numbers(_numeric(at_risk, "at_risk", ("TIME", "N")), float(time[-1]))
    if total_events is not None and check_count("total_events", total_events) > numbers[0]:
        raise UsageError(f"total_events must lie between 0 and the {numbers[0]} at risk; got {total_events}")
    curve = _Curve(time, survival)
    first = np.searchsorted(time, starts, side="left")
    bounds = [*first.tolist(), len(time)]
    n = int(numbers[0])
    spent = 0
    for i in range(len(starts) - 1):
        goal = int(numbers[i + 1])
        n, censored = _interval(curve, bounds[i], bounds[i + 1], (starts[i], starts[i + 1]), n, goal)
        spent += censored
    _last(curve, bounds[-2], float(starts[-1]), n, spent, total_events)
    return _subjects(curve, int(numbers[0]))


def rebuilt_remarks(
    rebuilt: pl.DataFrame, coordinates: Any, at_risk: Any, *, total_events: int | None = None
) -> list[str]:
    """What the rebuilt subjects do not meet of the curve and the numbers they were rebuilt from, in words.

    The first remark says how far their curve lies from the coordinates; further ones name each printed number at risk,
    and the total of events, that is another in them: numbers that contradict the curve cannot be met.

    Examples
    --------
    >>> curve = pl.DataFrame({"TIME": [1.0, 2.0], "SURVIVAL": [0.9, 0.5]})
    >>> below = pl.DataFrame({"TIME": [0], "N": [10]})
    >>> rebuilt_remarks(rebuild_individual_data(curve, below), curve, below, total_events=9)
    ['10 subjects, 5 events; survival is up to 0 off, at 0', 'events: 5 rebuilt, 9 printed']
    """
    time, survival = _checked_curve(_numeric(coordinates, "coordinates", ("TIME", "SURVIVAL")))
    starts, numbers = _checked_numbers(_numeric(at_risk, "at_risk", ("TIME", "N")), float(time[-1]))
    left, died = rebuilt["AVAL"].to_numpy(), (rebuilt["CNSR"] == 0).to_numpy()
    own = kaplan_meier(left, died).curve()
    off = np.abs(np.append(1.0, own.survival)[np.searchsorted(own.time, time, side="right")] - survival)
    worst, events = int(np.argmax(off)), int(died.sum())
    found = [f"{left.size} subjects, {events} events; survival is up to {off[worst]:.2g} off, at {time[worst]:g}"]
    for start, n in zip(starts.tolist(), numbers.tolist(), strict=True):
        if (there := int((left >= start).sum())) != n:
            found.append(f"at risk at {start:g}: {there} rebuilt, {n} printed")
    if total_events is not None and total_events != events:
        found.append(f"events: {events} rebuilt, {total_events} printed")
    return found


def _numeric(given: Any, what: str, columns: tuple[str, ...]) -> pl.DataFrame:
    """The columns of a frame, which must be finite numbers or null."""
    frame = table(given, what)
    for name in columns:
        if name not in frame.columns:
            raise UsageError(f"{what} must have a column {name}; got {', '.join(frame.columns)}")
        if not frame[name].dtype.is_numeric() and frame[name].dtype != pl.Null:
            raise UsageError(f"{what}: {name} must be numbers; it holds {frame[name].dtype}")
        if frame[name].dtype.is_float() and frame[name].is_infinite().any():
            raise UsageError(f"{what}: {name} is infinite in some rows")
    return frame.select(columns).with_columns(pl.selectors.float().fill_nan(None))


def _checked_curve(coordinates: pl.DataFrame) -> tuple[NDArray, NDArray]:
    if coordinates.height == 0:
        raise DataError("coordinates hold no point of the curve")
    points = coordinates.select(pl.col("TIME", "SURVIVAL").cast(pl.Float64)).sort(
        "TIME", "SURVIVAL", descending=[False, True]
    )
    if points.null_count().sum_horizontal().item() > 0:
        raise DataError("coordinates hold null values; leave such points out")
    time, survival = points["TIME"].to_numpy(), points["SURVIVAL"].to_numpy()
    if survival.min() < 0 or survival.max() > 1 or time.min() < 0:
        raise UsageError("SURVIVAL must lie between 0 and 1 and TIME must not be negative; divide percentages by 100")
    if time[0] > 0 or survival[0] < 1:
        time, survival = np.append(0.0, time), np.append(1.0, survival)
    return time, np.minimum.accumulate(survival)


def _checked_numbers(at_risk: pl.DataFrame, last: float) -> tuple[NDArray, NDArray]:
    if at_risk.height == 0 or at_risk.null_count().sum_horizontal().item() > 0:
        raise DataError("at_risk must hold a number at time 0 and no null values")
    if (at_risk["N"] != at_risk["N"].round()).any():
        raise UsageError("at_risk: N must be whole numbers")
    rows = at_risk.select(pl.col("TIME").cast(pl.Float64), pl.col("N").cast(pl.Int64)).sort("TIME")
    rows = rows.filter((pl.col("TIME") <= last) | (pl.col("TIME") == pl.col("TIME").min()))
    starts, numbers = rows["TIME"].to_numpy(), rows["N"].to_numpy()
    if starts[0] != 0:
        raise DataError(f"at_risk begins at time {starts[0]:g}; it must begin at 0")
    if (np.diff(starts) == 0).any():
        raise DataError("at_risk holds two numbers at one time")
    if (np.diff(numbers) > 0).any() or numbers[-1] < 0:
        raise DataError("the numbers at risk rise with time, which no follow-up can do")
    return starts, numbers


def _interval(curve: _Curve, first: int, after: int, times: tuple[float, float], n: int, goal: int) -> tuple[int, int]:
    """Number censored between two printed numbers at risk, corrected until the second one is met."""
    if after <= first:
        return n, 0
    before = curve.survival[first - 1] if first else 1.0
    end = curve.survival[after] if after < len(curve.survival) else curve.survival[-1]
    censored = max(0, round(n * float(end / before) - goal)) if before > 0 else 0
    tried: set[int] = set()
    found = n
    for _ in range(_ROUNDS):
        found = curve.fill(first, after, *times, n, censored)
        better = max(0, censored + found - goal)
        if found == goal or better == censored or better in tried:
            break
        tried.add(censored)
        censored = better
    return found, censored


def _last(curve: _Curve, first: int, start: float, n: int, spent: int, total_events: int | None) -> None:
    """The interval after the last number at risk: censoring from the total of events, or at the rate so far."""
    after, end = len(curve.time), float(curve.time[-1])
    if first >= after:
        return
    before = int(curve.events[:first].sum())
    if total_events is None:
        censored = min(n, round(spent * (end - start) / start)) if start > 0 else 0
        curve.fill(first, after, start, end, n, censored)
        return

    def few_enough(censored: int) -> bool:  # more censoring leaves fewer at risk, so fewer events
        curve.fill(first, after, start, end, n, censored)
        return before + int(curve.events[first:].sum()) <= total_events

    curve.fill(first, after, start, end, n, bisect_left(range(n), True, key=few_enough))


def _subjects(curve: _Curve, total: int) -> pl.DataFrame:
    """One row a subject: events at their coordinate, censorings half way to the next, the rest at the end."""
    following = np.append(curve.time[1:], curve.time[-1])
    event_times = np.repeat(curve.time, curve.events)
    censor_times = np.repeat((curve.time + following) / 2, curve.censored)
    rest = total - len(event_times) - len(censor_times)
    times = np.concatenate([event_times, censor_times, np.full(max(0, rest), curve.time[-1])])
    censored = np.concatenate([np.zeros(len(event_times)), np.ones(len(times) - len(event_times))])
    return pl.DataFrame({"AVAL": times, "CNSR": censored.astype(np.int64)}).sort("AVAL", "CNSR")
