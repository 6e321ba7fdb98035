"""Test of proportional hazards: whether a coefficient changes with time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.errors import UsageError
from codon12.survival.cox.estimates import CoxEstimates
from codon12.survival.cox.moments import Moments
from codon12.survival.cox.newton import independent_columns
from codon12.survival.cox.splines import spline_smooth
from codon12.survival.results.limits import normal_quantile
from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, row_of
from codon12.survival.results.tails import chi_square_log10_p, chi_square_p
from codon12.survival.results.text import p_text, table
from codon12.survival.subjects.options import check_choice, check_count
from codon12.survival.subjects.ties import merge_near_ties

__all__ = ["ProportionalHazardsTest", "Transform", "proportional_hazards_test"]

Transform = Literal["km", "rank", "identity", "log"]
Vector = NDArray[Any]


@dataclass(frozen=True, repr=False)
class ProportionalHazardsTest(Result):
    """Chi-square per term and over all, and the scaled Schoenfeld residuals to plot against time."""

    terms: tuple[str, ...]
    """Terms, then ``GLOBAL``."""
    statistic: Vector
    df: NDArray[np.int64]
    transform: Transform
    time: Vector
    """Time of each event."""
    transformed_time: Vector
    residuals: Vector
    """Estimates of the coefficient at each event, shape (events, terms); for a term of several coefficients,
    of the multiple by which its fitted effect acts. NaN where the term does not vary in the event's stratum."""
    covariance: Vector
    """Of these estimates, apart from the time trend."""

    def to_frame(self) -> pl.DataFrame:
        """One row a term: statistic, df, P and log10 P."""
        pairs = list(zip(self.statistic, self.df, strict=True))
        return pl.DataFrame(
            {
                "term": self.terms,
                "statistic": self.statistic,
                "df": self.df,
                "p": [chi_square_p(s, int(d)) for s, d in pairs],
                "log10_p": [chi_square_log10_p(s, int(d)) for s, d in pairs],
            }
        )

    def residuals_frame(self, *, df: int = 4, level: float = 0.95) -> pl.DataFrame:
        """One row an event and term: time, scaled residual, and the smooth through them with pointwise limits.

        The smooth is a natural cubic spline of `df` coefficients in the transformed time, as in ``plot.cox.zph`` of
        R survival (whose band is two standard errors wide). With fewer than `df` distinct times it is null.
        """
        check_count("df", df, least=2)
        smooth = spline_smooth(self.transformed_time, self.residuals, df=df)
        half = normal_quantile(level)
        frames = []
        for j, term in enumerate(self.terms[:-1]):
            frame = pl.DataFrame({"time": self.time, "residual": self.residuals[:, j]})
            if smooth is None:
                empty = pl.lit(None, dtype=pl.Float64)
                frame = frame.with_columns(value=empty, lower=empty, upper=empty)
            else:
                value, leverage = smooth[0][:, j], smooth[1]
                error = np.sqrt(self.covariance[j, j] * leverage)
                frame = frame.with_columns(
                    value=pl.Series(value), lower=pl.Series(value - half * error), upper=pl.Series(value + half * error)
                )
            frames.append(frame.insert_column(0, pl.Series("term", [term] * frame.height, dtype=pl.String)))
        return pl.concat(frames)

    def __repr__(self) -> str:
        rows = [(r["term"], r["statistic"], r["df"], p_text(r["p"])) for r in self.to_frame().iter_rows(named=True)]
        head = f"Test of proportional hazards, {self.transform} transform of time"
        return f"{head}\n{table(('term', 'chi-square', 'df', 'p'), rows)}"

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        method = f"Score test of proportional hazards, {self.transform} transform of time"
        return [
            row_of(
                "ph_p",
                "p",
                label=f"P value, proportional hazards: {r['term']}",
                group=r["term"],
                value=r["p"],
                method=method,
            )
            for r in self.to_frame().iter_rows(named=True)
        ]


def proportional_hazards_test(
    fit: CoxEstimates, *, transform: Transform = "km", by_term: bool = True
) -> ProportionalHazardsTest:
    """Score test of adding covariate times g(time) to a fitted model.

    Parameters
    ----------
    fit
        A fitted Cox model.
    transform
        g: ``km`` one minus the Kaplan-Meier curve just before the time, ``rank`` of the time among all times,
        ``identity`` or ``log`` (a time of zero then has none).
    by_term
        Whether coefficients of one term (the levels of a factor) are tested together.

    Notes
    -----
    A term for which the data hold no information on a change with time, as with one event time, has a statistic of
    0 on 0 degrees of freedom and a P of 1. Events lie by stratum and time; tied ones in the order of the data, with
    late entry in the reverse of it, as in R.

    Raises
    ------
    UsageError
        Unknown transform, or ``log`` with an event at time zero.

    References
    ----------
    Grambsch and Therneau 1994; the score test of R survival's ``cox.zph`` from version 3.0 on, not the older
    approximation that takes the information as constant over time.
    """
    check_choice("transform", transform, get_args(Transform))
    at = fit.moments
    found, rows, which = at.schoenfeld()
    if fit.data.entry is not None:
        order = at.likelihood.order
        tied_last = np.lexsort((-rows, order.time[which], order.death_stratum[which]))
        found, rows, which = found[:, tied_last], rows[tied_last], which[tied_last]
    g_row = _transformed(fit, transform)
    g_event = g_row[rows]
    if not np.isfinite(g_event).all():
        raise UsageError("transform='log' has no value for an event at time zero; take 'km', 'rank' or 'identity'")
    centred = g_event - g_event.mean()
    weight = np.ones(rows.size) if fit.data.weights is None else fit.data.weights[rows]
    by_time = np.zeros(at.likelihood.dead.size)
    by_time[which] = centred
    p = found.shape[0]
    u = found @ (weight * centred)
    plain, once, twice = _informations(at, by_time)
    terms = _groups(fit) if by_term else {fit.names[k]: [i] for i, k in enumerate(fit.kept)}
    statistic, df = [], []
    least = 1e-13 * np.diag(plain) * float(np.max(by_time**2))
    for own in [*terms.values(), list(range(p))]:
        top = np.hstack([plain, once[:, own]])
        bottom = np.hstack([once[own], twice[np.ix_(own, own)]])
        whole = np.vstack([top, bottom])
        kept = independent_columns(whole, np.append(np.zeros(p), least[own]))[0]
        whole, score = whole[np.ix_(kept, kept)], np.append(np.zeros(p), u[own])[kept]
        size = np.sqrt(np.diag(whole))
        score = score / size
        informed = len(kept) > p
        statistic.append(float(score @ np.linalg.solve(whole / np.outer(size, size), score)) if informed else 0.0)
        df.append(len(kept) - p)
    strata = fit.data.strata
    stratum = None if strata is None else strata.codes[rows]
    scaled, covariance = _scaled(fit, found.T * fit.scale, terms, stratum)
    return ProportionalHazardsTest(
        terms=(*terms, "GLOBAL"),
        statistic=np.array(statistic),
        df=np.array(df),
        transform=transform,
        time=at.likelihood.order.time[which],
        transformed_time=g_event,
        residuals=scaled,
        covariance=covariance,
    )


def _groups(fit: CoxEstimates) -> dict[str, list[int]]:
    """Term -> positions among the coefficients estimated."""
    out: dict[str, list[int]] = {}
    for i, k in enumerate(fit.kept):
        out.setdefault(fit.data.design.columns[k].term, []).append(i)
    return out


def _scaled(
    fit: CoxEstimates, found: Vector, terms: dict[str, list[int]], stratum: NDArray[np.intp] | None
) -> tuple[Vector, Vector]:
    """Residuals per term on the scale of its coefficient, and their covariance.

    The information of a pair of terms is averaged over the events of the strata in which both vary.
    """
    information = np.linalg.inv(fit.naive_covariance)
    events, varies = _varying(fit, stratum)
    shared = np.minimum(events[:, :, None], events[:, None, :]).sum(axis=0)
    mean = information / np.where(shared > 0, shared, 1)
    combine = np.zeros((mean.shape[0], len(terms)))
    for j, own in enumerate(terms.values()):
        combine[own, j] = fit.estimated[own] if len(own) > 1 else 1.0
    mean = combine.T @ mean @ combine
    own_value = np.array([1.0 if len(o) > 1 else fit.estimated[o[0]] for o in terms.values()])
    used = np.array([varies[:, own].any(axis=1) for own in terms.values()]).T
    out = np.full((found.shape[0], len(terms)), np.nan)
    found = found @ combine
    where = np.zeros(found.shape[0], dtype=np.intp) if stratum is None else stratum
    patterns, of = np.unique(used, axis=0, return_inverse=True)
    of = of.ravel()
    for i, pattern in enumerate(patterns):
        at, k = np.flatnonzero(of[where] == i), np.flatnonzero(pattern)
        if k.size and at.size:
            out[np.ix_(at, k)] = _solved(mean[np.ix_(k, k)], found[np.ix_(at, k)].T).T
    return out + own_value, _solved(mean, np.eye(mean.shape[0]))


def _solved(matrix: Vector, right: Vector) -> Vector:
    """Solution of equations whose units differ, of least norm where there are many."""
    size = np.sqrt(np.maximum(np.diag(matrix), 1e-300))
    scaled = matrix / np.outer(size, size)
    try:
        found = np.linalg.solve(scaled, right / size[:, None])
    except np.linalg.LinAlgError:
        found = np.linalg.lstsq(scaled, right / size[:, None], rcond=None)[0]
    return found / size[:, None]


def _varying(fit: CoxEstimates, stratum: NDArray[np.intp] | None) -> tuple[Vector, NDArray[np.bool_]]:
    """Events of each stratum, where the coefficient's column varies in it (else 0), and whether it does."""
    strata = fit.data.strata
    if strata is None or stratum is None:
        return np.full((1, fit.df), fit.events), np.ones((1, fit.df), dtype=bool)
    order = np.argsort(strata.codes, kind="stable")
    starts = np.searchsorted(strata.codes[order], np.arange(len(strata)))
    x = fit.data.design.x[list(fit.kept)][:, order]
    varies = (np.maximum.reduceat(x, starts, axis=1) > np.minimum.reduceat(x, starts, axis=1)).T
    return np.bincount(stratum, minlength=len(strata))[:, None] * varies, varies


def _transformed(fit: CoxEstimates, transform: Transform) -> Vector:
    """Transformed time of every row."""
    entry = fit.data.entry
    both = fit.data.time if entry is None else np.concatenate([fit.data.time, entry])
    merged = np.asarray(merge_near_ties(both)[0], dtype=np.float64)
    time = merged[: fit.n]
    if transform == "identity":
        return time
    if transform == "log":
        with np.errstate(divide="ignore"):
            return np.log(time)
    distinct, at = np.unique(time, return_inverse=True)
    count = np.bincount(at)
    if transform == "rank":
        return (np.cumsum(count) - (count - 1) / 2)[at]
    dead = np.bincount(at, weights=fit.data.event)
    risk = np.cumsum(count[::-1])[::-1].astype(np.float64)
    if entry is not None:
        entered = np.sort(merged[fit.n :])
        risk -= entered.size - np.searchsorted(entered, distinct, side="left")
    survival = np.cumprod(1 - dead / np.maximum(risk, 1))
    return (1 - np.append(1.0, survival[:-1]))[at]


def _informations(at: Moments, g: Vector) -> tuple[Vector, Vector, Vector]:
    """Information summed over event times with weights 1, g and g squared."""
    likelihood, order, sums = at.likelihood, at.likelihood.order, at.sums
    signed = at.risk if likelihood.signed_weight is None else at.risk * likelihood.signed_weight
    out = []
    for power in (0, 1, 2):
        v = g**power
        hazard = order.elapsed(sums.a * v)
        if likelihood.tied.size:
            hazard[order.death_segment] -= sums.b * v
        second = (likelihood.x * (signed * order.per_mark(hazard))) @ likelihood.x.T
        cross = (at.first * (sums.b2 * v)) @ at.first_tied.T
        squares = (at.first * (sums.a2 * v)) @ at.first.T + (at.first_tied * (sums.c2 * v)) @ at.first_tied.T
        out.append(second - (squares - cross - cross.T))
    return out[0], out[1], out[2]
