"""One survival curve: counts as observed, estimates computed when first asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from codon12.errors import UsageError
from codon12.survival.curves.variance import Influence, greenwood, robust_variance
from codon12.survival.results.estimate import Estimate
from codon12.survival.results.limits import ConfType, survival_limits
from codon12.survival.results.result import CurveResult
from codon12.survival.results.rows import Row, estimate_row, rate_rows
from codon12.survival.results.text import percent, sides, table
from codon12.survival.results.words import BEYOND, NOT_ESTIMABLE, NOT_REACHED
from codon12.survival.subjects.options import check_number, times_of
from codon12.survival.subjects.ties import TOLERANCE, first_from, last_upto, past

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Estimator", "HazardTies", "SurvivalCurve", "curves_table"]

Estimator = Literal["kaplan-meier", "fleming-harrington"]
HazardTies = Literal["nelson-aalen", "fleming-harrington"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class SurvivalCurve(CurveResult):
    """A Kaplan-Meier or Fleming-Harrington curve over the distinct times of one group.

    Row i of every array belongs to ``time[i]``; at risk there are those with time >= ``time[i]`` (and entry
    before it). Estimates are computed at first use and kept. The curve ends at ``last_follow_up``.
    """

    group: str
    n: int
    time: Floats
    n_risk: Floats
    n_event: Floats
    n_censor: Floats
    deaths: Floats
    """Events without weights: what Fleming-Harrington splits ties by."""
    conf_type: ConfType = "log-log"
    level: float = 0.95
    estimator: Estimator = "kaplan-meier"
    hazard_ties: HazardTies = "nelson-aalen"
    influence: Influence | None = None
    """Who weighs how much, for the robust variance; none for Greenwood's."""
    entry: Floats | None = None
    """Sorted entry times, where there are any."""
    entry_weight: Floats | None = None
    weight: float | None = None
    """Sum of the case weights; None without."""

    @property
    def events(self) -> float:
        """Number of events (sum of their weights)."""
        return float(self.n_event.sum())

    @property
    def last_follow_up(self) -> float:
        """Longest time, censored or not."""
        return float(self.time[-1])

    @cached_property
    def survival(self) -> Floats:
        """S(t) just after each time."""
        if self.estimator == "fleming-harrington":
            return np.exp(-self.cumulative_hazard)
        left = self._risk - self.n_event
        np.maximum(left, 0.0, out=left)
        left /= self._risk
        return left.cumprod()

    @cached_property
    def cumulative_hazard(self) -> Floats:
        """Nelson-Aalen (or tie-split Fleming-Harrington) cumulative hazard."""
        if self.hazard_ties == "fleming-harrington":
            return np.cumsum(self._tie_sums[0])
        return np.cumsum(self.n_event / self._risk)

    @cached_property
    def _risk(self) -> Floats:
        """Numbers at risk, 1 where nobody is (weights of 0), so that nothing happens there."""
        if self.n_risk.min() > 0:
            return self.n_risk
        return np.where(self.n_risk > 0, self.n_risk, 1.0)

    @cached_property
    def _tie_sums(self) -> tuple[Floats, Floats]:
        """Per time, sums over tied deaths j of (d/m)/(n - j d/m) and of (d/m)/(n - j d/m)^2."""
        first, second = self.n_event / self._risk, self.n_event / self._risk**2
        for row in np.flatnonzero(self.deaths > 1):
            m, d = self.deaths[row], self.n_event[row]
            left = self.n_risk[row] - np.arange(m) * d / m
            first[row], second[row] = (d / m / left).sum(), (d / m / left**2).sum()
        return first, second

    @cached_property
    def std_error_log(self) -> Floats:
        """Standard error of log S(t): Greenwood's, or the infinitesimal jackknife; infinite where S is 0."""
        if self.estimator == "fleming-harrington":
            return self.std_error_hazard
        if self.influence is None:
            return np.sqrt(greenwood(self._risk, self.n_event))
        with np.errstate(divide="ignore"):
            jump = np.where(self.n_event > 0, 1 / (self.n_risk - self.n_event), 0.0)
        return np.sqrt(robust_variance(self.time, self.n_event / self._risk, jump, self.influence))

    @cached_property
    def std_error(self) -> Floats:
        """Standard error of S(t); where S is 0, NaN by Greenwood's formula and 0 by the robust one."""
        with np.errstate(invalid="ignore"):
            se = self.survival * self.std_error_log
        return np.where(self.survival == 0, 0.0, se) if self.influence is not None else se

    @cached_property
    def std_error_hazard(self) -> Floats:
        """Standard error of the cumulative hazard."""
        if self.influence is not None:
            jump = np.where(self.n_event > 0, 1 / self._risk, 0.0)
            if self.hazard_ties == "fleming-harrington" and np.any(self.deaths > 1):
                raise UsageError("a robust variance of the tie-split hazard is not defined; use nelson-aalen")
            return np.sqrt(robust_variance(self.time, self.n_event / self._risk, jump, self.influence))
        if self.hazard_ties == "fleming-harrington":
            return np.sqrt(np.cumsum(self._tie_sums[1]))
        return np.sqrt(np.cumsum(self.n_event / self._risk**2))

    @cached_property
    def _limits(self) -> tuple[Floats, Floats]:
        return self.limits()

    def limits(self, *, conf_type: ConfType | None = None, level: float | None = None) -> tuple[Floats, Floats]:
        """Pointwise confidence limits of S(t), on this curve's scale and level unless others are named."""
        se = self.std_error_log
        if self.influence is not None:
            se = np.where(self.survival == 0, 0.0, se)
        scale = self.conf_type if conf_type is None else conf_type
        return survival_limits(self.survival, se, conf_type=scale, level=self.level if level is None else level)

    @property
    def lower(self) -> Floats:
        """Lower confidence limit of S(t); NaN where the scale has none."""
        return self._limits[0]

    @property
    def upper(self) -> Floats:
        """Upper confidence limit of S(t); NaN where the scale has none."""
        return self._limits[1]

    def quantile(self, p: float, *, conf_type: ConfType | None = None) -> Estimate:
        """Time by which the fraction `p` has had the event, with Brookmeyer-Crowley limits.

        The limits are the times at which the pointwise confidence limits cross 1 - p. Where the curve is flat
        at exactly 1 - p the middle of the flat stretch is taken. What the curve does not come down to is
        "not reached". Limits that rise again where few are at risk are read in order of their height, as R's
        ``quantile`` reads them, and may give a later time than their first crossing.
        """
        if not 0 <= check_number("p", p, "a number between 0 and 1") <= 1:
            raise UsageError(f"p must lie between 0 and 1; got {p!r}")
        lower, upper = self._limits if conf_type is None else self.limits(conf_type=conf_type)
        value, low, high = (_crossing(self.time, curve, p) for curve in (self.survival, lower, upper))
        return Estimate.of(value, low, high, missing=NOT_REACHED, level=self.level, group=self.group, at=p)

    def median(self) -> Estimate:
        """Median survival time with its limits; "not reached" is a value."""
        return self.quantile(0.5)

    def at(self, times: Iterable[float]) -> list[Estimate]:
        """S(t) at given times: value, standard error, limits, number at risk.

        At risk at t are those with entry < t <= time (at 0: entry <= 0). With late entry R's ``summary(times=)``
        instead reports the
        number at the next time at which somebody leaves, with those who enter until then.

        Past the last follow-up there is no estimate ("beyond last follow-up"), unless S has come down to 0.
        """
        out = []
        for t in times_of("times", times):
            row = int(last_upto(self.time, t))
            where = {
                "level": self.level,
                "group": self.group,
                "at": float(t),
                "n_risk": self.at_risk(float(t)),
            }
            if row < 0:
                out.append(Estimate(value=1.0, lower=1.0, upper=1.0, std_error=0.0, **where))
                continue
            s = float(self.survival[row])
            if past(t, self.last_follow_up) and s > 0:
                out.append(Estimate(status=BEYOND, lower_status=BEYOND, upper_status=BEYOND, **where))
                continue
            se = float(self.std_error[row])
            out.append(
                Estimate.of(
                    s,
                    float(self.lower[row]),
                    float(self.upper[row]),
                    missing=NOT_ESTIMABLE,
                    std_error=None if np.isnan(se) else se,
                    **where,
                )
            )
        return out

    def at_risk(self, t: float) -> float:
        """Number at risk at `t`: time >= t, and entered before t (at time 0: by then)."""
        t = check_number("t", t, "finite and not negative", least=0)
        row = int(first_from(self.time, t))
        if row == self.time.size:
            return 0.0
        if self.entry is None or self.entry_weight is None:
            return float(self.n_risk[row])
        # Everybody with time >= t, less those who enter at t or later. Whoever enters at 0 is there from the start.
        later = int(first_from(self.entry, t)) if t > 0 else int(last_upto(self.entry, 0.0)) + 1
        next_entry = int(np.searchsorted(self.entry, self.time[row], side="left"))
        between = self.entry_weight[later:next_entry]
        return float(self.n_risk[row] - between.sum()) if between.size else float(self.n_risk[row])

    def to_frame(self) -> pl.DataFrame:
        """One row a distinct time at which somebody leaves or enters late; what does not exist is null.

        Where somebody enters, ``n_risk`` are those there before, so that the next row at or after a time always tells
        who is at risk at it.
        """
        import polars as pl

        columns = {
            "time": self.time,
            "n_risk": self.n_risk,
            "n_event": self.n_event,
            "n_censor": self.n_censor,
            "survival": self.survival,
            "std_error": self.std_error,
            "lower": self.lower,
            "upper": self.upper,
            "cumulative_hazard": self.cumulative_hazard,
        }
        frame = pl.DataFrame({k: np.asarray(v, dtype=np.float64) for k, v in columns.items()})
        frame = pl.concat([frame, self._entries()]).sort("time") if self.entry is not None else frame
        return frame.with_columns(pl.all().fill_nan(None)).insert_column(
            0, pl.Series("group", [self.group] * frame.height, dtype=pl.String)
        )

    def _entries(self) -> pl.DataFrame:
        """Rows of the times at which somebody enters and nobody leaves, after time 0 and before the last."""
        import polars as pl

        assert self.entry is not None
        when = np.unique(self.entry[(self.entry > 0) & (self.entry < self.last_follow_up)])
        when = when[~np.isin(when, self.time)]
        row = last_upto(self.time, when)
        before = row < 0

        def held(values: Floats, start: float) -> Floats:
            return np.where(before, start, values[np.maximum(row, 0)])

        columns = {
            "time": when,
            "n_risk": [self.at_risk(float(t)) for t in when],
            "n_event": np.zeros(when.size),
            "n_censor": np.zeros(when.size),
            "survival": held(self.survival, 1.0),
            "std_error": held(self.std_error, 0.0),
            "lower": held(self.lower, 1.0),
            "upper": held(self.upper, 1.0),
            "cumulative_hazard": held(self.cumulative_hazard, 0.0),
        }
        return pl.DataFrame({k: np.asarray(v, dtype=np.float64) for k, v in columns.items()})

    def __repr__(self) -> str:
        name = "Kaplan-Meier" if self.estimator == "kaplan-meier" else "Fleming-Harrington"
        return f"{name} curve, {self.conf_type} limits\n{curves_table([self])}"

    def as_rows(self, times: Sequence[float] = ()) -> list[Row]:
        """Rows of the evidence table."""
        name = "Kaplan-Meier" if self.estimator == "kaplan-meier" else "Fleming-Harrington"
        weighted = "" if self.weight is None else ", n and N are sums of weights"
        total = self.n if self.weight is None else round(self.weight)
        size = {"n": round(self.events), "N": total, "method": f"{name}, {self.conf_type} limits{weighted}"}
        median = estimate_row(self.median(), "median", "time", label="Median", **size)
        return [median, *rate_rows(self.at(times) if times else [], **size)]


def curves_table(curves: Sequence[SurvivalCurve], what: str = "median") -> str:
    """Groups with subjects, events and medians, in line."""
    level = percent(curves[0].level)
    heads = ("events", what, f"lower {level}", f"upper {level}")
    if any(c.weight is not None for c in curves):
        rows = [(c.group, c.n, c.weight, c.events, *sides(c.median())) for c in curves]
        return table(("group", "rows", "weight", *heads), rows)
    return table(("group", "n", *heads), [(c.group, c.n, c.events, *sides(c.median())) for c in curves])


def _crossing(time: Floats, curve: Floats, p: float) -> float:
    """Time of the highest value of `curve` at or below 1 - p; the middle of a stretch exactly there; else NaN."""
    if p == 0:
        return 0.0
    x, y = np.append(0.0, time), np.append(0.0, 1 - curve)
    known = ~np.isnan(y)
    x, y = x[known], y[known]
    falls, first = np.unique(y, return_index=True)
    at = int(np.searchsorted(falls, p - TOLERANCE, side="left"))
    past = int(np.searchsorted(falls, p + TOLERANCE, side="left"))
    if at == falls.size:
        return float("nan")
    newest = y[np.max(first)]
    if abs(p - newest) < TOLERANCE and known[-1]:
        return float((x[first[at]] + time[-1]) / 2)
    return float("nan") if past == falls.size else float((x[first[at]] + x[first[past]]) / 2)
