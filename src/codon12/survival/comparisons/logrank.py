"""The log-rank test and its weighted kin: any number of groups, strata, trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codon12.errors import UsageError
from codon12.survival.comparisons.event_table import event_table, score_and_variance
from codon12.survival.comparisons.weightings import Weighting, event_weights, weighting_name
from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, row_of
from codon12.survival.results.tails import chi_square_log10_p, chi_square_p, normal_p
from codon12.survival.results.text import p_text, table
from codon12.survival.results.words import NOT_ESTIMABLE
from codon12.survival.subjects.options import numbers_of
from codon12.survival.subjects.subjects import left_out

if TYPE_CHECKING:
    import polars as pl

__all__ = ["LogRank", "Trend", "logrank"]

Floats = NDArray[np.float64]
_NO_CHOICE = "at every event one group alone was at risk, or all at risk had the event"


@dataclass(frozen=True)
class Trend:
    """Test for an ordering of the groups: s'U / sqrt(s'Vs)."""

    scores: tuple[float, ...]
    statistic: float
    variance: float
    z: float
    p: float


@dataclass(frozen=True, eq=False, repr=False)
class LogRank(Result):
    """Result of a (weighted, stratified) log-rank test.

    ``observed`` and ``expected`` are weighted sums per group; ``score`` is their difference, ``variance`` its
    covariance matrix. ``status`` says why there is nothing to test, where P is 1.
    """

    groups: tuple[str, ...]
    n: NDArray[np.int64]
    observed: Floats
    expected: Floats
    variance: Floats
    statistic: float
    df: int
    p: float
    log10_p: float
    method: str
    strata: tuple[str, ...] = ("all",)
    observed_by_stratum: Floats | None = None
    expected_by_stratum: Floats | None = None
    trend: Trend | None = None
    status: str | None = None
    dropped: int = 0
    """Rows left out because their group or stratum is missing."""

    @property
    def score(self) -> Floats:
        """Observed minus expected."""
        return self.observed - self.expected

    @property
    def z(self) -> float:
        """Signed normal statistic of two groups: positive if the second has more events than expected."""
        if len(self.groups) != 2:
            raise UsageError(f"z belongs to two groups; there are {len(self.groups)}")
        variance = float(self.variance[1, 1])
        return float(self.score[1] / np.sqrt(variance)) if variance > 0 else 0.0

    def to_frame(self) -> pl.DataFrame:
        """One row a group: n, observed, expected."""
        import polars as pl

        return pl.DataFrame({"group": self.groups, "n": self.n, "observed": self.observed, "expected": self.expected})

    def __repr__(self) -> str:
        rows = zip(self.groups, self.n.tolist(), self.observed.tolist(), self.expected.tolist(), strict=True)
        shown = table(("group", "n", "observed", "expected"), rows)
        head = self.method[:1].upper() + self.method[1:] + left_out(self.dropped)
        lines = [head, shown, f"chi-square = {self.statistic:.4g} on {self.df} df, p = {p_text(self.p)}"]
        if self.trend is not None:
            lines.append(f"trend: z = {self.trend.z:.4g}, p = {p_text(self.trend.p)}")
        return "\n".join([*lines, *([self.status] if self.status else [])])

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        # Weighted tests sum weights, not events.
        events = round(float(self.observed.sum())) if self.method.endswith("log-rank test") else None
        size = {"n": events, "N": int(self.n.sum())}
        why = NOT_ESTIMABLE if self.status else None
        value = None if self.status else self.p
        method = self.method + left_out(self.dropped)
        label = f"P value ({self.method})"
        rows = [row_of("logrank_p", "p", label=label, value=value, status=why, method=method, **size)]
        if self.trend is not None:
            label, method = "P value for trend", f"{self.method} for trend{left_out(self.dropped)}"
            none = not self.trend.variance > 0
            value, why = (None, NOT_ESTIMABLE) if none else (self.trend.p, None)
            rows.append(row_of("trend_p", "p", label=label, value=value, status=why, method=method, **size))
        return rows


def logrank(
    time: ArrayLike,
    event: ArrayLike,
    group: Any,
    *,
    strata: Any = None,
    entry: ArrayLike | None = None,
    weighting: Weighting = "logrank",
    rho: float = 0.0,
    gamma: float = 0.0,
    trend: Sequence[float] | bool = False,
) -> LogRank:
    """Test whether survival differs between groups.

    Parameters
    ----------
    time, event, group
        One value a subject, as in ``kaplan_meier``; `group` may be several columns, whose combinations count. Rows
        whose group or stratum is missing are left out and counted in ``dropped``, as in R.
    strata
        Column or columns; observed, expected and variance are summed over their combinations.
    entry
        Left truncation: times of entry.
    weighting, rho, gamma
        ``logrank``, ``gehan``, ``tarone-ware``, ``peto``, ``modified-peto`` or ``fleming-harrington`` with
        `rho` and `gamma` (rho alone is R's ``survdiff(rho=)``).
    trend
        Scores of the groups in order, or True for 0, 1, 2, ...

    Returns
    -------
    LogRank
        Groups that were never at risk at an event have no part in the degrees of freedom.

    Raises
    ------
    DataError
        As in ``kaplan_meier``, or fewer than two groups.
    UsageError
        Unknown weighting, wrong number of scores.

    References
    ----------
    Mantel 1966; Peto and Peto 1972; Harrington and Fleming 1982; Tarone and Ware 1977; Andersen et al. 1993.

    Examples
    --------
    >>> test = logrank([1, 2, 3, 4], [1, 1, 1, 0], ["a", "a", "b", "b"])
    >>> test.observed.tolist(), round(float(test.expected[0]), 6), round(test.p, 6)
    ([2.0, 1.0], 0.833333, 0.089555)
    """
    name = weighting_name(weighting, rho, gamma)
    table = event_table(time, event, group, strata=strata, entry=entry)
    deaths, at_risk = table.all_deaths, table.all_at_risk
    w = event_weights(deaths, at_risk, table.stratum, weighting=weighting, rho=rho, gamma=gamma)
    observed, expected, variance = score_and_variance(table, w)
    total_observed, total_expected = observed.sum(axis=0), expected.sum(axis=0)
    statistic, df = _statistic(total_observed - total_expected, variance, total_expected)
    status = None
    if df == 0:
        status = "no events" if deaths.size == 0 else _NO_CHOICE
    return LogRank(
        groups=table.group.labels,
        n=np.bincount(table.group.codes, minlength=len(table.group)),
        observed=total_observed,
        expected=total_expected,
        variance=variance,
        statistic=statistic,
        df=df,
        p=chi_square_p(statistic, df),
        log10_p=chi_square_log10_p(statistic, df),
        method=f"{'stratified ' if strata is not None else ''}{name} test",
        strata=table.strata,
        observed_by_stratum=observed,
        expected_by_stratum=expected,
        trend=_trend(total_observed - total_expected, variance, len(table.group), wanted=trend),
        status=status,
        dropped=table.dropped,
    )


def _statistic(score: Floats, variance: Floats, expected: Floats) -> tuple[float, int]:
    """Chi-square statistic and its degrees of freedom, without groups that were never at risk."""
    used = ((expected > 0) & (variance.diagonal() > 0)).nonzero()[0]
    if used.size < 2:
        return 0.0, 0
    if used.size == 2:
        return float(score[used[1]] ** 2 / variance[used[1], used[1]]), 1
    u, v = score[used][1:], variance[np.ix_(used, used)][1:, 1:]
    scale = np.sqrt(np.diag(v))
    rank = int(np.linalg.matrix_rank(v / np.outer(scale, scale), hermitian=True))
    if rank == u.size:
        return float(u @ np.linalg.solve(v, u)), rank
    full_u, full_v = score[used], variance[np.ix_(used, used)]  # groups that fall apart into separate comparisons
    return float(full_u @ np.linalg.pinv(full_v, hermitian=True) @ full_u), rank


def _trend(score: Floats, variance: Floats, k: int, *, wanted: Sequence[float] | bool) -> Trend | None:
    if wanted is False:
        return None
    scores = np.arange(k, dtype=float) if wanted is True else np.array(numbers_of("trend", wanted))
    if scores.shape != (k,):
        raise UsageError(f"trend needs one score a group: {k}, got {scores.size}")
    if not (np.isfinite(scores).all() and np.ptp(scores) > 0):
        raise UsageError(f"scores of a trend must be finite and differ; got {scores.tolist()}")
    statistic, spread = float(scores @ score), float(scores @ variance @ scores)
    z = statistic / np.sqrt(spread) if spread > 0 else 0.0
    return Trend(tuple(scores.tolist()), statistic, spread, float(z), normal_p(float(z)))
