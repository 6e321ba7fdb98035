"""Kaplan-Meier curves by group: counts, estimates, quantiles, landmark values, restricted means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
from numpy.typing import ArrayLike

from codon12.errors import UsageError
from codon12.survival.curves.counts import curve_counts
from codon12.survival.curves.curve import Estimator, HazardTies, SurvivalCurve, curves_table
from codon12.survival.curves.rmst import RmstContrast, restricted_mean, rmst_contrast
from codon12.survival.curves.variance import Influence
from codon12.survival.results.estimate import Estimate, estimates_frame
from codon12.survival.results.limits import CONF_TYPES, ConfType, normal_quantile
from codon12.survival.results.result import CurveResult
from codon12.survival.results.rows import Row
from codon12.survival.subjects.columns import Factor, entry_times, joined
from codon12.survival.subjects.options import check_choice, numbers_of, times_of
from codon12.survival.subjects.subjects import Subjects, clusters_text, left_out, read_subjects
from codon12.survival.subjects.ties import last_upto, snapped

if TYPE_CHECKING:
    import polars as pl

__all__ = ["KaplanMeier", "kaplan_meier"]

_ESTIMATORS, _HAZARD_TIES = get_args(Estimator), get_args(HazardTies)


@dataclass(frozen=True, eq=False, repr=False)
class KaplanMeier(CurveResult):
    """Survival curves of one or more groups, in the order of the group's levels.

    ``km["A"]`` is the curve of group A, ``km.curve()`` the only one; every table has a row per group.
    """

    curves: tuple[SurvivalCurve, ...]
    method: str
    dropped: int = 0
    """Rows left out because their group, stratum or cluster is missing."""

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the curves."""
        return tuple(c.group for c in self.curves)

    def __len__(self) -> int:
        return len(self.curves)

    def __iter__(self) -> Iterator[SurvivalCurve]:
        return iter(self.curves)

    def __getitem__(self, group: object) -> SurvivalCurve:
        for curve in self.curves:
            if curve.group == str(group):
                return curve
        raise UsageError(f"no curve of group {group!r}; there are {', '.join(self.groups)}")

    def curve(self) -> SurvivalCurve:
        """Return the one curve there is."""
        if len(self.curves) != 1:
            raise UsageError(f"there are {len(self.curves)} curves: pick one by km[group] ({', '.join(self.groups)})")
        return self.curves[0]

    def to_frame(self) -> pl.DataFrame:
        """One row a group and distinct time."""
        import polars as pl

        return pl.concat([c.to_frame() for c in self.curves])

    def summary(self) -> pl.DataFrame:
        """One row a group: subjects, events, median with limits."""
        import polars as pl

        counts = pl.DataFrame(
            [(c.group, c.n, c.events) for c in self.curves],
            schema={"group": pl.String, "n": pl.Int64, "events": pl.Float64},
            orient="row",
        )
        return counts.hstack(self.median().drop("group", "at", "std_error", "n_risk"))

    def quantile(self, p: float | Iterable[float], *, conf_type: ConfType | None = None) -> pl.DataFrame:
        """Quantiles of all groups as a frame; see ``SurvivalCurve.quantile``."""
        wanted = numbers_of("p", p)
        return estimates_frame([c.quantile(q, conf_type=conf_type) for c in self.curves for q in wanted])

    def median(self) -> pl.DataFrame:
        """Medians of all groups as a frame."""
        return self.quantile(0.5)

    def at(self, times: float | Iterable[float]) -> pl.DataFrame:
        """S(t) of all groups at given times as a frame; see ``SurvivalCurve.at``."""
        wanted = times_of("times", times)
        return estimates_frame([e for c in self.curves for e in c.at(wanted)])

    def at_risk(self, times: float | Iterable[float]) -> pl.DataFrame:
        """The table below a curve: per group and time, subjects at risk, and events and censorings so far."""
        import polars as pl

        rows = []
        wanted = times_of("times", times)
        for c in self.curves:
            so_far = np.cumsum(c.n_event), np.cumsum(c.n_censor)
            for t in wanted:
                row = int(last_upto(c.time, t))
                events, censored = (float(s[row]) if row >= 0 else 0.0 for s in so_far)
                rows.append((c.group, float(t), c.at_risk(float(t)), events, censored))
        schema = {"group": pl.String, **dict.fromkeys(["time", "n_risk", "events", "censored"], pl.Float64)}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def rmst(self, tau: float, *, extend: bool = False) -> tuple[Estimate, ...]:
        """Restricted mean of every group up to `tau`; see ``restricted_mean``."""
        return tuple(restricted_mean(c, tau, extend=extend) for c in self.curves)

    def rmst_contrasts(self, tau: float, *, reference: object = None, extend: bool = False) -> tuple[RmstContrast, ...]:
        """Difference and ratio of restricted means, every other group against the reference (the first)."""
        means = {e.group: e for e in self.rmst(tau, extend=extend)}
        base = self.curves[0].group if reference is None else self[reference].group
        return tuple(rmst_contrast(means[base], e) for name, e in means.items() if name != base)

    def __repr__(self) -> str:
        return f"{self.method}\n{curves_table(self.curves)}"

    def as_rows(self, times: Sequence[float] = ()) -> list[Row]:
        """Rows of the evidence table."""
        weighted = "" if self.curves[0].weight is None else "; n and N are sums of weights"
        told = {"method": self.method + weighted}
        return [row | told for curve in self.curves for row in curve.as_rows(times)]


def kaplan_meier(
    time: ArrayLike,
    event: ArrayLike,
    *,
    group: Any = None,
    strata: Any = None,
    weights: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    conf_type: ConfType = "log-log",
    level: float = 0.95,
    estimator: Estimator = "kaplan-meier",
    hazard_ties: HazardTies = "nelson-aalen",
    cluster: Any = None,
    robust: bool | None = None,
) -> KaplanMeier:
    """Estimate survival curves, one a group, with pointwise confidence limits.

    Parameters
    ----------
    time, event
        Follow-up of every subject, and whether it ended with the event (booleans or 0/1). At risk at t means
        time >= t. Times within sqrt(machine epsilon) of one another are tied, as in R's ``survfit``.
    group, strata
        Columns (or several as a list or frame) whose combinations each get a curve. Rows whose group (stratum,
        cluster) is missing are left out and counted in ``dropped``, as in R.
    weights
        Case weights, finite and not negative.
    entry
        Times at which subjects came under observation (left truncation); at risk from just after entry.
    conf_type, level
        Scale and level of the limits: ``log-log`` (R's and SAS's differ: R's default is ``log``), ``log``,
        ``plain``, ``logit``, ``arcsin``.
    estimator
        ``kaplan-meier`` (product limit) or ``fleming-harrington`` (exp of minus the cumulative hazard).
    hazard_ties
        How the cumulative hazard treats ties: ``nelson-aalen`` (d / n) or ``fleming-harrington``
        (1/n + 1/(n - 1) + ...).
    cluster, robust
        Clusters of correlated rows, and whether the variance is the infinitesimal jackknife over them (over
        rows without clusters). By default it is with clusters or with weights that are not whole numbers.

    Returns
    -------
    KaplanMeier
        Frozen; limits and standard errors are computed when first asked for.

    Raises
    ------
    DataError
        No rows, or none with a group; missing, infinite or negative times; entry not before time.
    UsageError
        Columns of different lengths, events that are not 0/1, unknown option.

    References
    ----------
    Kaplan and Meier 1958; Greenwood 1926; Brookmeyer and Crowley 1982; Fleming and Harrington 1984.

    Examples
    --------
    >>> km = kaplan_meier([6, 6, 6, 7, 10], [1, 1, 1, 1, 0])
    >>> km.curve().survival.round(10).tolist()
    [0.4, 0.2, 0.2]
    >>> str(km.curve().median().value)
    '6.0'
    """
    check_choice("conf_type", conf_type, CONF_TYPES)
    check_choice("estimator", estimator, _ESTIMATORS)
    check_choice("hazard_ties", hazard_ties, _HAZARD_TIES)
    check_choice("robust", robust, (None, True, False))
    normal_quantile(level)
    subjects = read_subjects(
        time, event=event, group=group, strata=strata, weights=weights, entry=entry, cluster=cluster
    )
    t, d, w, start = subjects.time, subjects.event, subjects.weights, subjects.entry
    curves_of = _groups(subjects)
    if robust is None:
        robust = cluster is not None or (w is not None and bool(np.any(w != np.floor(w))))
    members = subjects.cluster
    if robust or start is not None:
        stop, start = snapped(t, start)
        if start is not None:
            entry_times(start, stop)
    else:
        stop = t
    tables = curve_counts(stop, d, curves_of, w, start)
    options = {
        "conf_type": conf_type,
        "level": level,
        "estimator": estimator,
        "hazard_ties": hazard_ties,
    }
    curves = []
    for i, table in enumerate(tables):
        own = curves_of.codes == i if robust or start is not None or w is not None else None
        extra: dict[str, Any] = {}
        if robust and own is not None:
            cl = np.arange(int(own.sum())) if members is None else members.codes[own]
            weight = np.ones(cl.size) if w is None else w[own]
            extra["influence"] = Influence(stop[own], d[own], weight, cl, None if start is None else start[own])
        if start is not None and own is not None:
            order = np.argsort(start[own])
            extra["entry"] = start[own][order]
            extra["entry_weight"] = (np.ones(order.size) if w is None else w[own])[order]
        if w is not None and own is not None:
            extra["weight"] = float(w[own].sum())
        curves.append(SurvivalCurve(group=curves_of.labels[i], **table, **options, **extra))
    scale = "exact tie" if hazard_ties == "fleming-harrington" else ""
    name = "Kaplan-Meier" if estimator == "kaplan-meier" else f"Fleming-Harrington {scale}".strip()
    error = "infinitesimal-jackknife" if robust else "Greenwood"
    over = "" if members is None else f" over {clusters_text(len(members))}"
    method = f"{name}, {conf_type} limits at {100 * level:g}%, {error} standard error{over}{left_out(subjects.dropped)}"
    return KaplanMeier(tuple(curves), method, subjects.dropped)


def _groups(subjects: Subjects) -> Factor:
    both = subjects.group, subjects.strata
    if both[1] is None:
        return both[0]
    if both[0].levels == ("all",) and len(both[0]) == 1 and subjects.ungrouped:
        return both[1]
    codes = both[0].codes * len(both[1]) + both[1].codes
    seen, inverse = np.unique(codes, return_inverse=True)
    pairs = [(both[0].labels[c // len(both[1])], both[1].labels[c % len(both[1])]) for c in seen]
    names = tuple(", ".join(pair) for pair in pairs)
    return Factor(inverse.astype(np.intp), names if len(set(names)) == len(names) else tuple(map(joined, pairs)))
