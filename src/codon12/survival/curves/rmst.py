"""Restricted mean survival time: area under a curve up to a horizon, and its comparison between groups."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import NDArray

from codon12.errors import UsageError
from codon12.survival.curves.curve import SurvivalCurve
from codon12.survival.curves.variance import robust_variance
from codon12.survival.results.estimate import Estimate, estimates_frame
from codon12.survival.results.limits import normal_quantile
from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, estimate_row, row_of
from codon12.survival.results.tails import normal_p
from codon12.survival.results.text import p_text, percent, sides, table
from codon12.survival.results.words import BEYOND, NOT_ESTIMABLE
from codon12.survival.subjects.options import check_number
from codon12.survival.subjects.ties import past

if TYPE_CHECKING:
    import polars as pl


__all__ = ["RmstContrast", "restricted_mean", "rmst_contrast"]


def restricted_mean(curve: SurvivalCurve, tau: float, *, extend: bool = False) -> Estimate:
    """Area under S(t) from 0 to `tau`, with normal limits and the curve's kind of standard error.

    That is Greenwood's, or the infinitesimal jackknife over clusters where the curve's is (with clusters, or with
    weights that are not whole numbers).

    Parameters
    ----------
    curve
        A survival curve.
    tau
        Horizon, in the unit of the curve's times.
    extend
        True carries the last value of S flat to `tau`, as R's ``survfit`` does. Otherwise a horizon past the
        last follow-up has no estimate, unless S has come down to 0.

    Raises
    ------
    UsageError
        `tau` is not a positive number.

    References
    ----------
    Irwin 1949; Royston and Parmar 2013. Variance: sum over event times of A(t)^2 d / (n (n - d)), A(t) being
    the area from t to tau; without the factor m / (m - 1) that some programs add.

    Examples
    --------
    >>> from codon12.survival import kaplan_meier
    >>> restricted_mean(kaplan_meier([1, 2, 3, 4], [1, 1, 0, 0]).curve(), 4).value
    2.75
    """
    if not isinstance(curve, SurvivalCurve):
        raise UsageError(f"curve must be a SurvivalCurve, as kaplan_meier(...).curve(); got {curve!r:.80}")
    check_number("tau", tau, "a positive number", above=0)
    if past(tau, curve.last_follow_up) and curve.survival[-1] > 0 and not extend:
        return Estimate(
            status=BEYOND,
            lower_status=BEYOND,
            upper_status=BEYOND,
            level=curve.level,
            group=curve.group,
            at=tau,
        )
    inside = int(curve.time.searchsorted(tau, side="right"))
    edges = np.empty(inside + 1)
    edges[:-1], edges[-1] = curve.time[:inside], tau
    pieces = (edges[1:] - edges[:-1]) * curve.survival[:inside]
    rest = pieces[::-1].cumsum()[::-1]  # area from each time to tau
    mean = float(edges[0] + (rest[0] if inside else 0.0))
    se = math.sqrt(_variance(curve, rest))
    half = normal_quantile(curve.level) * se
    return Estimate(
        value=mean,
        lower=mean - half,
        upper=mean + half,
        std_error=se,
        level=curve.level,
        group=curve.group,
        at=tau,
    )


def _variance(curve: SurvivalCurve, rest: NDArray[np.float64]) -> float:
    """Variance of an area, from the areas that are left at each event time."""
    inside = rest.size
    n, d = curve.n_risk[:inside], curve.n_event[:inside]
    if curve.influence is None or not inside:
        spared = n * (n - d)
        return float((rest * rest * d / np.where(spared > 0, spared, np.inf)).sum())
    jump = np.zeros(curve.time.size)
    alive = (d > 0) & (n > d)  # once everybody at risk has had the event no area is left
    jump[:inside][alive] = rest[alive] / (n - d)[alive]
    hazard = np.zeros(curve.time.size)
    hazard[:inside] = np.divide(d, n, out=np.zeros(inside), where=n > 0)
    return float(robust_variance(curve.time, hazard, jump, curve.influence)[inside - 1])


class RmstContrast(Result, msgspec.Struct, frozen=True, kw_only=True):
    """Difference and ratio of two restricted means, second group against the first (the reference)."""

    reference: str
    group: str
    tau: float
    difference: Estimate
    ratio: Estimate
    log_ratio_std_error: float | None = None
    difference_p: float | None = None
    ratio_p: float | None = None

    def to_frame(self) -> pl.DataFrame:
        """Two rows, difference and ratio: reference, group, tau, value with limits, statuses, P."""
        import polars as pl

        both = estimates_frame([self.difference, self.ratio]).drop("at", "n_risk")
        named = pl.DataFrame(
            {"measure": ["difference", "ratio"], "reference": [self.reference] * 2, "tau": [self.tau] * 2}
        )
        return named.hstack(both).with_columns(pl.Series("p", [self.difference_p, self.ratio_p], dtype=pl.Float64))

    def __repr__(self) -> str:
        level = percent(self.difference.level)
        rows = [
            ("difference", *sides(self.difference), p_text(self.difference_p)),
            ("ratio", *sides(self.ratio), p_text(self.ratio_p)),
        ]
        head = f"Restricted means to {self.tau:g}: {self.group} against {self.reference}"
        return f"{head}\n{table(('', 'estimate', f'lower {level}', f'upper {level}', 'p'), rows)}"

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        method = f"Restricted means up to {self.tau:g}, normal limits"
        shared: Row = {"group": f"against {self.reference}", "level": self.group, "method": method}
        rows = [
            estimate_row(
                self.difference,
                "rmst_difference",
                "value",
                label=f"Difference of restricted means to {self.tau:g}",
                **shared,
            ),
            estimate_row(
                self.ratio, "rmst_ratio", "ratio", label=f"Ratio of restricted means to {self.tau:g}", **shared
            ),
        ]
        for name, p in (("difference", self.difference_p), ("ratio", self.ratio_p)):
            why = None if p is not None else self.difference.status or NOT_ESTIMABLE
            rows.append(row_of(f"rmst_{name}_p", "p", label=f"P value, {name}", value=p, status=why, **shared))
        return rows


def rmst_contrast(reference: Estimate, other: Estimate) -> RmstContrast:
    """Compare two restricted means at one horizon: difference, and ratio by the delta method on its log."""
    tau = float(other.at or 0.0)
    named = {"reference": reference.group, "group": other.group, "tau": tau}
    if reference.value is None or other.value is None:
        missing = Estimate(
            status=BEYOND,
            lower_status=BEYOND,
            upper_status=BEYOND,
            level=other.level,
            group=other.group,
            at=tau,
        )
        return RmstContrast(difference=missing, ratio=missing, **named)
    z = normal_quantile(other.level)
    se1, se2 = reference.std_error or 0.0, other.std_error or 0.0
    difference, se = other.value - reference.value, math.hypot(se1, se2)
    shared = {"level": other.level, "group": other.group, "at": tau}
    compared = Estimate(value=difference, lower=difference - z * se, upper=difference + z * se, std_error=se, **shared)
    difference_p = normal_p(difference / se) if se else None
    if not (reference.value > 0 and other.value > 0):  # everybody had the event at time zero
        none = Estimate(status=NOT_ESTIMABLE, lower_status=NOT_ESTIMABLE, upper_status=NOT_ESTIMABLE, **shared)
        return RmstContrast(difference=compared, ratio=none, difference_p=difference_p, **named)
    log_ratio = math.log(other.value / reference.value)
    log_se = math.hypot(se1 / reference.value, se2 / other.value)
    with np.errstate(over="ignore"):  # a limit beyond the largest double is infinite
        ratio, lower, upper = np.exp(log_ratio + np.array([0.0, -z, z]) * log_se).tolist()
    return RmstContrast(
        difference=compared,
        ratio=Estimate(value=ratio, lower=lower, upper=upper, **shared),
        log_ratio_std_error=log_se,
        difference_p=difference_p,
        ratio_p=normal_p(log_ratio / log_se) if log_se else None,
        **named,
    )
