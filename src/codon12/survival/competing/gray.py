"""Gray's test: do cumulative incidences of a cause differ between groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from codon12.errors import DataError, UsageError
from codon12.survival.competing.causes import causes
from codon12.survival.curves.risk_sets import risk_sets
from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, row_of
from codon12.survival.results.tails import chi_square_log10_p, chi_square_p
from codon12.survival.results.text import p_text
from codon12.survival.results.words import NOT_ESTIMABLE
from codon12.survival.subjects.columns import combined_factor
from codon12.survival.subjects.options import check_number
from codon12.survival.subjects.subjects import left_out, read_subjects

__all__ = ["GrayTest", "gray_test"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class GrayTest(Result):
    """Result for one cause."""

    cause: str
    statistic: float
    df: int
    p: float
    log10_p: float
    score: Floats
    variance: Floats
    groups: tuple[str, ...]
    status: str | None = None
    dropped: int = 0
    """Rows left out because their group or stratum is missing."""

    def to_frame(self) -> pl.DataFrame:
        """One row: cause, statistic, df, P, log10 P and status."""
        names = ("cause", "statistic", "df", "p", "log10_p", "status")
        schema = {"cause": pl.String, "df": pl.Int64, "status": pl.String}
        return pl.DataFrame([{c: getattr(self, c) for c in names}], schema_overrides=schema)

    def __repr__(self) -> str:
        why = f" ({self.status})" if self.status else ""
        told = f"chi-square = {self.statistic:.4g} on {self.df} df, p = {p_text(self.p)}"
        return f"Gray's test, {self.cause}: {told}{why}{left_out(self.dropped)}"

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        value, why = (None, NOT_ESTIMABLE) if self.status else (self.p, None)
        label = f"P value (Gray's test, {self.cause})"
        method = f"Gray's test{left_out(self.dropped)}"
        return [row_of("gray_p", "p", label=label, group=self.cause, value=value, status=why, method=method)]


def gray_test(
    time: ArrayLike,
    event: ArrayLike,
    group: Any,
    *,
    strata: Any = None,
    entry: ArrayLike | None = None,
    rho: float = 0.0,
    labels: Sequence[str] | None = None,
) -> tuple[GrayTest, ...]:
    """Compare the subdistribution hazards of every cause between groups.

    Parameters
    ----------
    time, event, labels
        As in ``aalen_johansen``.
    group, strata
        As in ``logrank``.
    entry
        Start of observation. Gray derived the test for right-censored data, so nobody may enter at or after the
        first event.
    rho
        Weight (1 - F(t-))^rho.

    Returns
    -------
    tuple of GrayTest
        One a cause; ``score`` and ``variance`` are those of the first k - 1 groups.

    Raises
    ------
    DataError
        Fewer than two groups; or as in ``aalen_johansen``.
    UsageError
        Late entry: the message names what to use instead.

    References
    ----------
    Gray 1988, Annals of Statistics 16:1141.

    Examples
    --------
    >>> tests = gray_test([1, 2, 3, 4, 5, 6], [1, 2, 1, 1, 2, 1], list("aaabbb"))
    >>> [t.df for t in tests]
    [1, 1]
    """
    check_number("rho", rho, "a number that is not negative", least=0)
    if group is None:
        raise UsageError("group must be one column of values, one a subject; got None")
    subjects = read_subjects(time, event=event, group=group, strata=strata, entry=entry)
    t, groups, start = subjects.time, subjects.group, subjects.entry
    codes, names = causes(subjects.others["event"], t.size, labels)
    if start is not None and codes.any() and start.max() >= t[codes > 0].min():
        raise UsageError(
            "Gray's test is for right-censored data, and some enter after the first event (left truncation); use"
            " fine_gray(..., terms=[factor(group)], entry=...).wald to compare the incidence of a cause, or"
            " logrank(time, event == cause, group, entry=...) to compare its hazard"
        )
    if len(groups) < 2:
        raise DataError(f"group has one level only ({groups.labels[0]}): there is nothing to compare")
    layers = subjects.strata or combined_factor(None, t.size)
    g = len(groups)
    out = []
    for cause, name in enumerate(names, start=1):
        kind = np.where(codes == 0, 0, np.where(codes == cause, 1, 2))
        sets = risk_sets(
            t, groups.codes * 3 + kind, 3 * g, stratum=layers.codes, n_strata=len(layers), exact_times=False
        )
        score, variance = np.zeros(g - 1), np.zeros((g - 1, g - 1))
        bounds = np.searchsorted(sets.stratum, np.arange(len(layers) + 1))
        whole = sets.remaining.reshape(-1, g, 3).sum(axis=2)
        for s in range(len(layers)):
            rows = slice(bounds[s], bounds[s + 1])
            leaving = sets.leaving[rows].reshape(-1, g, 3).astype(np.float64)
            u, v = _score(whole[rows].astype(np.float64), leaving[:, :, 1], leaving[:, :, 2], rho)
            score, variance = score + u, variance + v
        out.append(replace(_result(name, score, variance, groups.labels), dropped=subjects.dropped))
    return tuple(out)


def _result(cause: str, score: Floats, variance: Floats, groups: tuple[str, ...]) -> GrayTest:
    scale = np.sqrt(np.maximum(np.diag(variance), 0.0))
    known = scale > 0
    if not known.any():
        return GrayTest(cause, 0.0, 0, 1.0, 0.0, score, variance, groups, "no events of this cause")
    u, v = score[known], variance[np.ix_(known, known)]
    statistic, df = float(u @ np.linalg.pinv(v, rcond=1e-12, hermitian=True) @ u), int(known.sum())
    p, log10_p = chi_square_p(statistic, df), chi_square_log10_p(statistic, df)
    return GrayTest(cause, statistic, df, p, log10_p, score, variance, groups)


def _score(at_risk: Floats, own: Floats, other: Floats, rho: float) -> tuple[Floats, Floats]:
    """Score of the first k - 1 groups and its covariance in one stratum; rows are times, columns groups.

    Notation of the paper: y = R h is the size of the risk set that a group would have without competing events,
    over its survival; f the pooled incidence; c the cumulated kernel.
    """
    happened = (own.sum(axis=1) + other.sum(axis=1)) > 0
    r, d1, d2 = at_risk[happened], own[happened], other[happened]
    there = r > 0
    safe = np.where(there, r, 1.0)
    km = np.cumprod(np.where(there, (r - d1 - d2) / safe, 1.0), axis=0)
    km_before = np.vstack([np.ones((1, r.shape[1])), km[:-1]])
    f1 = np.cumsum(km_before * d1 / safe, axis=0)
    f1_before = np.vstack([np.zeros((1, r.shape[1])), f1[:-1]])
    y = np.where(there, r / np.where(there, km_before, 1.0), 0.0)
    total, open_total = y.sum(axis=1), (y * (1 - f1_before)).sum(axis=1)
    n1 = d1.sum(axis=1)
    f = np.cumsum(n1 / total)
    f_before = np.append(0.0, f[:-1])
    weight = (1 - f_before) ** rho
    score = np.where(there, weight[:, None] * (d1 - (n1 / open_total)[:, None] * y * (1 - f1_before)), 0.0).sum(axis=0)
    a = -(weight / total)[:, None, None] * y[:, :, None] * y[:, None, :]
    diagonal = np.arange(r.shape[1])
    a[:, diagonal, diagonal] += weight[:, None] * y
    c = np.cumsum(a * (n1 / (total * (1 - f_before)))[:, None, None], axis=0)
    gone = np.where(km > 0, (1 - f)[:, None] / np.where(km > 0, km, 1.0), 0.0)

    # Deaths from the cause itself, then from others: each adds to v, v2 and v3 with its own factor.
    t4 = np.where(km > 0, 1 - gone, 1.0)
    ties = np.where(
        n1[:, None] > 1, (n1[:, None] - 1) / np.where(n1[:, None] > 1, total[:, None] * km_before - 1, 1.0), 0.0
    )
    t3 = np.where(there & (n1[:, None] > 0), (1 - ties) * km_before * n1[:, None] / (total[:, None] * safe), 0.0)
    t1 = a - t4[:, None, :] * c
    v = np.einsum("tik,tjk,tk->ij", t1, t1, t3)
    v2 = np.einsum("tik,tk->ik", t1, t4 * t3)
    v3 = (t4 * t4 * t3).sum(axis=0)

    ties = np.where(d2 > 1, (d2 - 1) / np.where(r > 1, r - 1, 1.0), 0.0)
    t3 = np.where((km > 0) & (d2 > 0), (1 - ties) * km_before**2 * d2 / safe**2, 0.0)
    t1 = gone[:, None, :] * c
    v += np.einsum("tik,tjk,tk->ij", t1, t1, t3)
    v2 -= np.einsum("tik,tk->ik", t1, gone * t3)
    v3 += (gone * gone * t3).sum(axis=0)
    if c.shape[0]:
        end = c[-1]
        v += np.einsum("ik,jk,k->ij", end, end, v3) + end @ v2.T + v2 @ end.T
    k = r.shape[1] - 1
    return score[:k], v[:k, :k]
