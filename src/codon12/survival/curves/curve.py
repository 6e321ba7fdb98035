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

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Estimator", "HazardTies", "SurvivalCurve", "curves_table"]

Estimator = Literal["kaplan-meier", "fleming-harrington"]
HazardTies = Literal["nelson-aalen", "fleming-harrington"]
Floats = NDArray[np.float64]
_TOLERANCE = float(np.sqrt(np.finfo(np.float64).eps))


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
        return survival_limits(self.survival, se, conf_type=conf_type or self.conf_type, level=level or self.level)

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
        "not reached".
        """
        if not 0 <= p <= 1:
            raise UsageError(f"p must lie between 0 and 1; got {p!r}")
        lower, upper = self._limits if conf_type is None else self.limits(conf_type=conf_type)
        value, low, high = (_crossing(self.time, curve, p) for curve in (self.survival, lower, upper))
        return Estimate.of(value, low, high, missing=NOT_REACHED, level=self.level, group=self.group, at=p)

    def median(self) -> Estimate:
        """Median survival time with its limits; "not reached" is a value."""
        return self.quantile(0.5)

    def at(self, times: Iterable[float]) -> list[Estimate]:
        """S(t) at given times: value, standard error, limits, number at risk.

        At risk at t are those with entry < t <= time. With late entry R's ``summary(times=)`` instead reports the
        number at the next time at which somebody leaves, with those who enter until then.

        Past the last follow-up there is no estimate ("beyond last follow-up"), unless S has come down to 0.
        """
        out = []
        for t in np.atleast_1d(np.asarray(times, dtype=float)):
            if not 0 <= t < np.inf:
                raise UsageError(f"times must be finite and not negative; got {t}")
            row = int(np.searchsorted(self.time, t + _TOLERANCE * max(1.0, t), side="right")) - 1
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
            if t > self.last_follow_up + _TOLERANCE * max(1.0, t) and s > 0:
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
        """Number at risk at `t`: time >= t, and entered before t."""
        row = int(np.searchsorted(self.time, t - _TOLERANCE * max(1.0, t), side="left"))
        if row == self.time.size:
            return 0.0
        if self.entry is None or self.entry_weight is None:
            return float(self.n_risk[row])
        between = (self.entry >= t) & (self.entry < self.time[row])
        return float(self.n_risk[row] - self.entry_weight[between].sum())

    def to_frame(self) -> pl.DataFrame:
        """One row a distinct time; limits and standard errors that do not exist are null."""
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
        return frame.with_columns(pl.all().fill_nan(None)).insert_column(
            0, pl.Series("group", [self.group] * self.time.size, dtype=pl.String)
        )

    def __repr__(self) -> str:
        name = "Kaplan-Meier" if self.estimator == "kaplan-meier" else "Fleming-Harrington"
        return f"{name} curve, {self.conf_type} limits\n{curves_table([self])}"

    def as_rows(self, times: Sequence[float] = ()) -> list[Row]:
        """Rows of the evidence table."""
        name = "Kaplan-Meier" if self.estimator == "kaplan-meier" else "Fleming-Harrington"
        size = {"n": round(self.events), "N": self.n, "method": f"{name}, {self.conf_type} limits"}
        median = estimate_row(self.median(), "median", "time", label="Median", **size)
        return [median, *rate_rows(self.at(times) if times else [], **size)]


def curves_table(curves: Sequence[SurvivalCurve], what: str = "median") -> str:
    """Groups with subjects, events and medians, in line."""
    level = percent(curves[0].level)
    rows = [(c.group, c.n, c.events, *sides(c.median())) for c in curves]
    return table(("group", "n", "events", what, f"lower {level}", f"upper {level}"), rows)


def _crossing(time: Floats, curve: Floats, p: float) -> float:
    """First time at which `curve` is at or below 1 - p; the middle of a stretch exactly there; else NaN."""
    if p == 0:
        return 0.0
    x, y = np.append(0.0, time), np.append(0.0, 1 - curve)
    known = ~np.isnan(y)
    x, y = x[known], y[known]
    falls, first = np.unique(y, return_index=True)
    at = int(np.searchsorted(falls, p - _TOLERANCE, side="left"))
    past = int(np.searchsorted(falls, p + _TOLERANCE, side="left"))
    if at == falls.size:
        return float("nan")
    newest = y[np.max(first)]
    if abs(p - newest) < _TOLERANCE and known[-1]:
        return float((x[first[at]] + time[-1]) / 2)
    return float("nan") if past == falls.size else float((x[first[at]] + x[first[past]]) / 2)
