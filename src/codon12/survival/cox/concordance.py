"""Concordance (Harrell's, Uno's and relatives) of a score with survival."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from scipy import special

from codon12.errors import DataError
from codon12.survival.cox.concordance_pairs import PairSums, pair_sums
from codon12.survival.cox.order import RiskOrder, restarting_cumsum, risk_order
from codon12.survival.cox.residuals import cluster_sums
from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, row_of
from codon12.survival.subjects.columns import Factor, score_values
from codon12.survival.subjects.options import check_choice, check_level
from codon12.survival.subjects.subjects import clusters_text, left_out, read_subjects

__all__ = ["ConcordanceIndex", "TimeWeight", "concordance_index", "concordance_of"]

TimeWeight = Literal["n", "S", "S/G", "n/G2", "I"]
Vector = NDArray[Any]
_COUNTS = ("concordant", "discordant", "tied_score", "tied_time", "tied_both")


@dataclass(frozen=True, repr=False)
class ConcordanceIndex(Result):
    """Share of comparable pairs in which the score and survival agree; a tied score counts half."""

    value: float
    variance: float
    """Infinitesimal jackknife."""
    null_variance: float
    """Of the equivalent score test of a Cox model, under no association."""
    n: int
    counts: NDArray[np.float64]
    """Weighted pairs, one row a stratum: concordant, discordant, tied score, tied time, tied both."""
    timewt: TimeWeight
    clusters: int | None = None
    """Clusters that the variance sums over; None where rows are independent."""
    dropped: int = 0
    """Rows left out because their stratum or cluster is missing."""

    @property
    def std_error(self) -> float:
        """Square root of the variance."""
        return math.sqrt(self.variance)

    def limits(self, level: float = 0.95) -> tuple[float, float]:
        """Wald limits within 0..1."""
        check_level(level)
        half = -float(special.ndtri((1 - level) / 2)) * self.std_error
        return max(self.value - half, 0.0), min(self.value + half, 1.0)

    def to_frame(self) -> pl.DataFrame:
        """One row: value, standard error, 95 % limits and counts over all strata."""
        lower, upper = self.limits()
        total = dict(zip(_COUNTS, self.counts.sum(axis=0).tolist(), strict=True))
        found = {"concordance": self.value, "std_error": self.std_error, "lower": lower, "upper": upper}
        return pl.DataFrame([found | total])

    @property
    def _notes(self) -> str:
        over = "" if self.clusters is None else f" over {clusters_text(self.clusters)}"
        return over + left_out(self.dropped)

    def __repr__(self) -> str:
        low, high = self.limits()
        shown = f"{self.value:.4g} (95% CI {low:.4g} to {high:.4g}), se = {self.std_error:.3g}"
        return f"Concordance = {shown}, n = {self.n}, time weight {self.timewt}{self._notes}"

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        lower, upper = self.limits()
        method = f"Concordance, time weight {self.timewt}, infinitesimal-jackknife standard error{self._notes}"
        sides = {"value": self.value, "lower": lower, "upper": upper, "conf_level": 0.95}
        return [row_of("concordance", "value", label="Concordance", N=self.n, method=method, **sides)]


def concordance_index(
    time: ArrayLike,
    event: ArrayLike,
    score: ArrayLike,
    *,
    timewt: TimeWeight = "n",
    strata: Any = None,
    weights: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    cluster: Any = None,
    reverse: bool = False,
) -> ConcordanceIndex:
    """Concordance of a score with survival.

    Parameters
    ----------
    time, event, score
        One value a subject, none missing; rows whose stratum or cluster is missing are left out and counted. A pair
        is comparable when one has the event while the other is at
        risk and goes on longer; a censoring at the time of an event goes on longer.
    timewt
        Weight of an event's pairs: ``n`` one each (Harrell), ``n/G2`` divided by the squared censoring curve
        (Uno), ``S`` proportional to the survival curve (Peto-Wilcoxon), ``S/G`` (Schemper), ``I`` equal weight
        a time.
    strata, weights, entry, cluster
        Pairs are formed within strata only; case weights; start of observation; subjects whose rows are
        dependent.
    reverse
        True where a higher score means shorter survival, as a risk score does.

    Raises
    ------
    UsageError
        Unknown time weight.
    DataError
        No pair is comparable, or a score is missing.

    References
    ----------
    Harrell 1982; Uno 2011; Schemper 2009; Therneau and Watson 2015 (variance).

    Examples
    --------
    >>> found = concordance_index([1, 2, 3, 4], [1, 1, 0, 1], [4.0, 2.0, 3.0, 1.0], reverse=True)
    >>> round(found.value, 6)
    0.8
    """
    check_choice("timewt", timewt, get_args(TimeWeight))
    check_choice("reverse", reverse, (True, False))
    given = {"strata": strata, "cluster": cluster, "weights": weights, "entry": entry}
    subjects = read_subjects(time, event=event, score=score, **given)
    found = concordance_of(
        subjects.time,
        subjects.event,
        score_values(subjects.others["score"], subjects.size),
        timewt=timewt,
        reverse=reverse,
        entry=subjects.entry,
        weights=subjects.weights,
        stratum=None if subjects.strata is None else subjects.strata.codes,
        cluster=subjects.cluster,
    )
    return replace(found, dropped=subjects.dropped)


def concordance_of(
    time: NDArray[Any],
    event: NDArray[np.bool_],
    score: Vector,
    *,
    timewt: TimeWeight,
    reverse: bool,
    entry: Vector | None,
    weights: Vector | None,
    stratum: NDArray[np.intp] | None,
    cluster: Factor | None,
) -> ConcordanceIndex:
    """Concordance of checked columns."""
    check_choice("timewt", timewt, get_args(TimeWeight))
    order = risk_order(time, event, entry=entry, stratum=stratum)
    rank = np.unique(score, return_inverse=True)[1].astype(np.int64)[order.row]
    weight = np.ones(order.row.size) if weights is None else weights[order.row]
    by_death = _time_weights(order, weight, timewt)
    scale = _on_deaths(order, by_death)
    event_weight = weight * scale
    signed = weight if order.sign is None else weight * order.sign
    pairs = pair_sums(order, rank, weight=None if weights is None else weight, scale=scale, sign=order.sign)
    counts = _counts(order, rank, weight, by_death, pairs)
    totals = counts.sum(axis=0)
    usable = float(totals[:3].sum())
    if not usable > 0:
        raise DataError("no pair is comparable: nobody was at risk beyond an event")
    # Derivatives of the counts by each subject's own weight, as the event and as the one who goes on.
    segment_weights = restarting_cumsum(order.segment_sums(signed), order.stratum_start)
    others = np.append(0.0, segment_weights[:-1])
    others[order.stratum_start] = 0.0
    events = order.per_mark(_before(order, order.segment_sums(event_weight)))
    all_pairs = scale * order.per_mark(others) + (events if order.sign is None else events * order.sign)
    margin = float(totals[0] - totals[1])
    by_mark = weight * (pairs.agreement / (2 * usable) - margin * all_pairs / (2 * usable**2))
    influence = np.bincount(order.row, weights=by_mark, minlength=time.size)
    variance = float(np.sum(cluster_sums(influence[:, None], cluster) ** 2))
    null_variance = _null_variance(order, rank, signed, weight, by_death) / (4 * usable**2)
    value = 0.5 + margin / (2 * usable)
    if reverse:
        value = 1 - value
        counts = counts[:, [1, 0, 2, 3, 4]]
    clusters = None if cluster is None else len(cluster)
    return ConcordanceIndex(value, variance, null_variance, int(time.size), counts, timewt, clusters)


def _on_deaths(order: RiskOrder, by_death: Vector) -> Vector:
    """Spread a value an event time over the marks that died then; zero elsewhere."""
    out = np.zeros(order.row.size)
    out[order.death] = np.repeat(by_death, order.deaths)
    return out


def _time_weights(order: RiskOrder, weight: Vector, timewt: TimeWeight) -> Vector:
    """Weight of the pairs of each event time."""
    if timewt == "n":
        return np.ones(order.deaths.size)
    signed = weight if order.sign is None else weight * order.sign
    sums = order.segment_sums(signed)
    risk = restarting_cumsum(sums, order.stratum_start)
    at = order.death_segment
    if timewt == "I":
        return np.divide(1.0, risk[at], out=np.zeros(at.size), where=risk[at] > 0)
    # Kaplan-Meier just before each event time, of events and of censorings (events first at ties).
    died = np.zeros(sums.size)
    died[at] = sums[at]
    censored = np.maximum(sums, 0.0) - died
    risk = np.where(risk > 0, risk, 1.0)  # nobody is there: nothing happens
    log_stay = _log1m(died / risk)
    # Those censored at t left behind the deaths of t: the risk set without them is the running sum before.
    log_free = _log1m(np.where(censored > 0, censored / risk, 0.0))
    survival = np.exp(_before(order, log_stay)[at])
    free = np.exp(_before(order, log_free)[at])
    ends = np.append(order.stratum_start, order.start.size) - 1
    joined = restarting_cumsum(order.segment_sums(np.maximum(signed, 0.0)), order.stratum_start)
    total = joined[ends][np.searchsorted(ends, at)]
    if timewt == "S":
        return total * survival / risk[at]
    if not (free > 0).all():
        raise DataError(
            f"timewt {timewt!r} divides by the censoring curve, which has come down to 0 before the event at"
            f" {order.time[free <= 0].min():g}: by late entry all at risk before it were censored; use 'n' or 'S'"
        )
    if timewt == "S/G":
        return total * survival / (free * risk[at])
    return 1 / free**2


def _log1m(share: Vector) -> Vector:
    with np.errstate(divide="ignore"):
        return np.log1p(-np.where(share > 1 - 1e-12, 1.0, share))  # weights add up to all but rounding


def _before(order: RiskOrder, values: Vector) -> Vector:
    """Per segment: sum over the segments of earlier times in its stratum."""
    tail = np.concatenate([restarting_cumsum(values[::-1], values.size - order.stratum_start[::-1])[::-1], [0.0]])
    after = tail[1:].copy()
    after[order.stratum_start - 1] = 0.0
    return after


def _counts(order: RiskOrder, rank: NDArray[np.int64], weight: Vector, by_death: Vector, pairs: PairSums) -> Vector:
    """Weighted counts of the five kinds of pairs, one row a stratum that has events."""
    strata = int(order.stratum_start.size) + 1
    segment_stratum = np.zeros(order.start.size, dtype=np.intp)
    segment_stratum[order.stratum_start] = 1
    segment_stratum = np.cumsum(segment_stratum)
    own = segment_stratum[order.death_segment]
    at = np.flatnonzero(order.death)
    which = np.repeat(np.arange(order.deaths.size), order.deaths)

    def per_stratum(values: Vector, groups: NDArray[np.intp]) -> Vector:
        return np.bincount(groups, weights=values, minlength=strata)

    squares = np.bincount(which, weights=weight[at] ** 2, minlength=order.deaths.size)
    sums = np.bincount(which, weights=weight[at], minlength=order.deaths.size)
    cells, index = np.unique(which * (int(rank.max()) + 1) + rank[at], return_inverse=True)
    cell_death = cells // (int(rank.max()) + 1)
    cell_sum = np.bincount(index, weights=weight[at])
    cell_square = np.bincount(index, weights=weight[at] ** 2)
    both = np.bincount(cell_death, weights=(cell_sum**2 - cell_square) / 2, minlength=order.deaths.size)
    tied = (sums**2 - squares) / 2
    return np.column_stack(
        [
            pairs.above,
            pairs.below,
            pairs.equal,
            per_stratum((tied - both) * by_death, own),
            per_stratum(both * by_death, own),
        ]
    )


def _null_variance(
    order: RiskOrder, rank: NDArray[np.int64], signed: Vector, weight: Vector, by_death: Vector
) -> float:
    """Variance of the score test whose covariate is the rank within the risk set.

    Over a risk set with weights w in classes g of equal score, the sum of w (below - above)^2 is
    (W^3 - sum w_g^3) / 3, so only running sums of weights per class are needed. Time weights enter once, not
    squared, as in R.
    """
    stratum = np.zeros(order.start.size, dtype=np.int64)
    stratum[order.stratum_start] = 1
    group = order.per_mark(np.cumsum(stratum)) * (int(rank.max()) + 1) + rank
    by_class = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[by_class])) + 1
    after = restarting_cumsum(signed[by_class], starts)
    cubes = np.empty(signed.size)
    cubes[by_class] = after**3 - (after - signed[by_class]) ** 3
    restart = order.stratum_start
    total = restarting_cumsum(order.segment_sums(signed), restart)[order.death_segment]
    classes = restarting_cumsum(order.segment_sums(cubes), restart)[order.death_segment]
    died = order.segment_sums(np.where(order.death, weight, 0.0))[order.death_segment]
    spread = np.divide(total**3 - classes, 3 * total, out=np.zeros(total.size), where=total > 0)
    return float(np.sum(died * by_death * spread))
