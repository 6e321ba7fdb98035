"""Probabilities of being in each state over time, with their standard errors and limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.errors import UsageError
from codon12.survival.results.estimate import Estimate
from codon12.survival.results.limits import ConfType, survival_limits
from codon12.survival.results.result import CurveResult
from codon12.survival.results.rows import Row, rate_rows
from codon12.survival.results.text import table
from codon12.survival.results.words import BEYOND, NOT_ESTIMABLE
from codon12.survival.subjects.options import check_number, times_of
from codon12.survival.subjects.ties import last_upto, past

__all__ = ["StateCurves", "StateModel", "certain"]

Floats = NDArray[np.float64]


def certain(probability: Floats) -> NDArray[np.bool_]:
    """Where a probability (rows are times, columns states) is 0 or 1: its error is 0, whatever rounding leaves.

    No weighting of the same subjects takes it beyond that bound, so its derivatives by their weights vanish.
    """
    return (probability == 0) | ((probability > 0).sum(axis=1) == 1)[:, None]


@dataclass(frozen=True, eq=False, repr=False)
class StateCurves(CurveResult):
    """State probabilities of one group: rows are times, columns states (all begin in that of number `begins_in`)."""

    group: str
    n: int
    states: tuple[str, ...]
    time: Floats
    n_risk: Floats
    """At risk in each state: time >= t and in it just before."""
    n_event: Floats
    """Entries into each state."""
    probability: Floats
    std_error: Floats
    """Infinitesimal-jackknife standard errors."""
    transitions: tuple[tuple[str, str], ...]
    cumulative_hazard: Floats
    """One column a transition."""
    start: float = 0.0
    begins_in: int = 0
    conf_type: ConfType = "log-log"
    level: float = 0.95
    weight: float | None = None
    """Sum of the case weights; None without."""
    entry_time: Floats | None = None
    """Times after the start at which subjects enter late and nobody moves or leaves; None without."""
    entry_risk: Floats | None = None
    """At risk in each state there: before those who enter."""

    @property
    def settled(self) -> bool:
        """Whether nothing can change after the last follow-up: all are in states that nobody was seen at risk in."""
        return not self.probability[-1, (self.n_risk > 0).any(axis=0)].any()

    @property
    def _begin(self) -> Floats:
        """Probabilities before the first time, as a row."""
        return np.eye(len(self.states))[[self.begins_in]]

    @property
    def last_follow_up(self) -> float:
        """Longest time."""
        return float(self.time[-1])

    def limits(self, *, conf_type: ConfType | None = None, level: float | None = None) -> tuple[Floats, Floats]:
        """Pointwise limits of every probability; NaN where the scale has none (a probability of 0)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            # A state that has emptied has no error but rounding's.
            nothing = (self.std_error == 0) | (self.probability == 0)
            relative = np.where(nothing, 0.0, self.std_error / self.probability)
        scale = self.conf_type if conf_type is None else conf_type
        return survival_limits(
            self.probability, relative, conf_type=scale, level=self.level if level is None else level
        )

    def at(self, times: Iterable[float], state: str) -> list[Estimate]:
        """Probability of `state` at given times; "beyond last follow-up" past the last time, unless all is settled."""
        column = self._column(state)
        lower, upper = self.limits()
        out = []
        for t in times_of("times", times):
            where = {"level": self.level, "group": self.group, "at": float(t)}
            row = int(last_upto(self.time, t))
            if past(t, self.last_follow_up) and not self.settled:
                out.append(Estimate(status=BEYOND, lower_status=BEYOND, upper_status=BEYOND, **where))
            elif row < 0:
                out.append(Estimate(value=float(column == self.begins_in), std_error=0.0, **where))
            else:
                numbers = (float(a[row, column]) for a in (self.probability, lower, upper))
                se = float(self.std_error[row, column])
                out.append(Estimate.of(*numbers, missing=NOT_ESTIMABLE, std_error=se, **where))
        return out

    def restricted_mean(self, tau: float) -> dict[str, float]:
        """Mean time spent in each state from time 0 up to `tau`; before the first time all are where they begin.

        Raises ``UsageError`` where `tau` lies beyond the last follow-up, unless all is settled by then.
        """
        check_number("tau", tau, f"a time after the start ({self.start:g})", above=self.start)
        if past(tau, self.last_follow_up) and not self.settled:
            raise UsageError(
                f"group {self.group}: tau {tau:g} lies beyond the last follow-up ({self.last_follow_up:g}), after which"
                " nothing is known of the states; take an earlier tau"
            )
        inside = int(np.searchsorted(self.time, tau, side="left"))
        edges = np.concatenate([[self.start], self.time[:inside], [tau]])
        height = np.vstack([self._begin, self.probability[:inside]])
        return dict(zip(self.states, (np.diff(edges) @ height).tolist(), strict=True))

    def to_frame(self) -> pl.DataFrame:
        """One row a time (at which somebody moves, leaves, or enters late) and state.

        Where somebody enters, ``n_risk`` are those there before, so that the next row at or after a time always tells
        who is at risk at it.
        """
        lower, upper = self.limits()
        time, n_risk, n_event = self.time, self.n_risk, self.n_event
        probability, error = self.probability, self.std_error
        if self.entry_time is not None and self.entry_risk is not None and self.entry_time.size:
            row = last_upto(time, self.entry_time)
            begin = self._begin
            probability, lower, upper = (
                np.vstack([v, np.where((row < 0)[:, None], begin, v[np.maximum(row, 0)])])
                for v in (probability, lower, upper)
            )
            error = np.vstack([error, np.where((row < 0)[:, None], 0.0, error[np.maximum(row, 0)])])
            n_event = np.vstack([n_event, np.zeros(self.entry_risk.shape)])
            n_risk, time = np.vstack([n_risk, self.entry_risk]), np.append(time, self.entry_time)
            order = np.argsort(time, kind="stable")
            time, n_risk, n_event, probability, error, lower, upper = (
                v[order] for v in (time, n_risk, n_event, probability, error, lower, upper)
            )
        t, k = probability.shape
        columns = {
            "time": np.repeat(time, k),
            "n_risk": n_risk.ravel(),
            "n_event": n_event.ravel(),
            "probability": probability.ravel(),
            "std_error": error.ravel(),
            "lower": lower.ravel(),
            "upper": upper.ravel(),
        }
        frame = pl.DataFrame(columns).with_columns(pl.all().fill_nan(None))
        return frame.insert_column(0, pl.Series("group", [self.group] * (t * k))).insert_column(
            1, pl.Series("state", list(self.states) * t)
        )

    def _column(self, state: str) -> int:
        if str(state) not in self.states:
            raise UsageError(f"no state {state!r}; there are {', '.join(self.states)}")
        return self.states.index(str(state))

    def __repr__(self) -> str:
        return f"State probabilities, {self.conf_type} limits\n{states_table([self])}"

    def as_rows(self, times: Sequence[float] = ()) -> list[Row]:
        """Rows of the evidence table."""
        weighted = "" if self.weight is None else "; n and N are sums of weights"
        method = f"Aalen-Johansen, infinitesimal-jackknife standard error, {self.conf_type} limits{weighted}"
        total = self.n if self.weight is None else round(self.weight)
        rows: list[Row] = []
        for k, state in enumerate(self.states):
            size = {"n": round(float(self.n_event[:, k].sum())), "N": total, "group": state, "method": method}
            rows += rate_rows(self.at(times or [self.last_follow_up], state), **size)
        return rows


def states_table(curves: Iterable[StateCurves]) -> str:
    """Groups and states with entries and the last probability, in line."""
    rows = [
        (c.group, state, c.n, float(c.n_event[:, k].sum()), c.last_follow_up, float(c.probability[-1, k]))
        for c in curves
        for k, state in enumerate(c.states)
    ]
    return table(("group", "state", "n", "entries", "last time", "probability then"), rows)


@dataclass(frozen=True, eq=False, repr=False)
class StateModel(CurveResult):
    """State probabilities of one or more groups."""

    curves: tuple[StateCurves, ...]
    method: str
    dropped: int = 0
    """Rows left out because their group (or subject) is missing."""

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the groups."""
        return tuple(c.group for c in self.curves)

    def __getitem__(self, group: object) -> StateCurves:
        for curve in self.curves:
            if curve.group == str(group):
                return curve
        raise UsageError(f"no curves of group {group!r}; there are {', '.join(self.groups)}")

    def curve(self) -> StateCurves:
        """Return the curves of the one group there is."""
        if len(self.curves) != 1:
            raise UsageError(f"there are {len(self.curves)} groups: pick one ({', '.join(self.groups)})")
        return self.curves[0]

    def to_frame(self) -> pl.DataFrame:
        """One row a group, time and state."""
        return pl.concat([c.to_frame() for c in self.curves])

    def __repr__(self) -> str:
        return f"{self.method}\n{states_table(self.curves)}"

    def as_rows(self, times: Sequence[float] = ()) -> list[Row]:
        """Rows of the evidence table."""
        weighted = "" if self.curves[0].weight is None else "; n and N are sums of weights"
        told = {"method": self.method + weighted}
        return [row | told for curves in self.curves for row in curves.as_rows(times)]
