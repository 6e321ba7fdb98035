"""Cumulative incidence of competing events with the variance of Gray's ``cmprsk``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from codon12.survival.competing.causes import causes
from codon12.survival.curves.risk_sets import risk_sets
from codon12.survival.results.estimate import Estimate
from codon12.survival.results.limits import CONF_TYPES, ConfType, normal_quantile, survival_limits
from codon12.survival.results.result import CurveResult
from codon12.survival.results.rows import Row, rate_rows
from codon12.survival.results.text import percent, sides, table
from codon12.survival.results.words import BEYOND, NOT_ESTIMABLE
from codon12.survival.subjects.options import check_choice, times_of
from codon12.survival.subjects.subjects import left_out, read_subjects
from codon12.survival.subjects.ties import last_upto, past

__all__ = ["CumulativeIncidence", "cumulative_incidence"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class CumulativeIncidence(CurveResult):
    """Probability of one cause in one group by each of that cause's event times."""

    group: str
    cause: str
    n: int
    events: int
    time: Floats
    incidence: Floats
    variance: Floats
    last_follow_up: float
    conf_type: ConfType = "log-log"
    level: float = 0.95
    dropped: int = 0
    """Rows left out because their group is missing."""
    settled: bool = False
    """Whether the last of the group to leave had an event, so that nothing can change afterwards."""

    def at(self, times: Iterable[float]) -> list[Estimate]:
        """Incidence at given times with limits.

        "beyond last follow-up" past the group's last time, unless nobody was left without an event then.
        """
        out = []
        for t in times_of("times", times):
            where = {"level": self.level, "group": self.group, "at": float(t)}
            row = int(last_upto(self.time, t))
            if past(t, self.last_follow_up) and not self.settled:
                out.append(Estimate(status=BEYOND, lower_status=BEYOND, upper_status=BEYOND, **where))
                continue
            f, se = (0.0, 0.0) if row < 0 else (float(self.incidence[row]), float(self.variance[row]) ** 0.5)
            if f == 0:
                out.append(Estimate(value=0.0, lower=0.0, upper=0.0, std_error=0.0, **where))
                continue
            low, high = survival_limits(np.array([f]), np.array([se / f]), conf_type=self.conf_type, level=self.level)
            numbers = (f, float(low[0]), float(high[0]))
            out.append(Estimate.of(*numbers, missing=NOT_ESTIMABLE, std_error=se, **where))
        return out

    def to_frame(self) -> pl.DataFrame:
        """One row an event time of the cause."""
        frame = pl.DataFrame({"time": self.time, "incidence": self.incidence, "variance": self.variance})
        names = [pl.lit(self.group).alias("group"), pl.lit(self.cause).alias("cause")]
        return frame.select(*names, "time", "incidence", "variance")

    def __repr__(self) -> str:
        last = self.at([self.last_follow_up])[0]
        level = percent(self.level)
        names = ("group", "n", "events", f"incidence at {self.last_follow_up:g}", f"lower {level}", f"upper {level}")
        row = (self.group, self.n, self.events, *sides(last))
        head = f"Cumulative incidence of {self.cause}, {self.conf_type} limits{left_out(self.dropped)}"
        return f"{head}\n{table(names, [row])}"

    def as_rows(self, times: Sequence[float] = ()) -> list[Row]:
        """Rows of the evidence table."""
        size = {"n": self.events, "N": self.n, "group": self.cause}
        method = f"Cumulative incidence (Aalen-Johansen), variance of cmprsk, {self.conf_type} limits"
        method += left_out(self.dropped)
        return list(rate_rows(self.at(times or [self.last_follow_up]), **size, method=method))


def cumulative_incidence(
    time: ArrayLike,
    event: ArrayLike,
    *,
    labels: Sequence[str] | None = None,
    group: Any = None,
    conf_type: ConfType = "log-log",
    level: float = 0.95,
) -> tuple[CumulativeIncidence, ...]:
    """Estimate cumulative incidences, one a cause and group (causes outermost, as ``cuminc`` lists them).

    Parameters are those of ``aalen_johansen``; the estimates agree with it, the variance is the one of
    ``cmprsk::cuminc`` (Aalen type, with the factor for ties). Shapes and errors as there.

    References
    ----------
    Gray 1988; Marubini and Valsecchi 1995.

    Examples
    --------
    >>> relapse, death = cumulative_incidence([1, 2, 3, 4], [1, 2, 0, 1], labels=["relapse", "death"])
    >>> relapse.incidence.tolist(), death.incidence.tolist()
    ([0.25, 0.75], [0.25])
    """
    check_choice("conf_type", conf_type, CONF_TYPES)
    normal_quantile(level)
    subjects = read_subjects(time, event=event, group=group)
    t, groups = subjects.time, subjects.group
    codes, names = causes(subjects.others["event"], t.size, labels)
    k = len(names) + 1
    sets = risk_sets(t, codes, k, stratum=groups.codes if len(groups) > 1 else None, n_strata=len(groups))
    left = sets.remaining.sum(axis=1).astype(np.float64)
    bounds = np.searchsorted(sets.stratum, np.arange(len(groups) + 1))
    out = []
    for cause, name in enumerate(names, start=1):
        for g, label in enumerate(groups.labels):
            rows = slice(bounds[g], bounds[g + 1])
            leaving = sets.leaving[rows].astype(np.float64)
            own = leaving[:, cause]
            f, variance = _incidence(left[rows], own, leaving[:, 1:].sum(axis=1) - own)
            at = own > 0
            out.append(
                CumulativeIncidence(
                    group=label,
                    cause=name,
                    n=int(left[rows][0]),
                    events=int(own.sum()),
                    time=sets.time[rows][at],
                    incidence=f[at],
                    variance=variance[at],
                    last_follow_up=float(sets.time[rows][-1]),
                    conf_type=conf_type,
                    level=level,
                    dropped=subjects.dropped,
                    settled=bool(leaving[-1, 0] == 0),
                )
            )
    return tuple(out)


def _incidence(n: Floats, own: Floats, other: Floats) -> tuple[Floats, Floats]:
    """Incidence of a cause and its variance at every time, from numbers at risk and events of both kinds."""
    after = np.cumprod((n - own - other) / n)
    before = np.append(1.0, after[:-1])
    f = np.cumsum(before * own / n)
    inverse = np.where(after > 0, 1 / np.where(after > 0, after, 1.0), 0.0)

    def terms(d: Floats, level: Floats) -> tuple[Floats, Floats, Floats]:
        ties = 1 - np.where(d > 1, (d - 1) / np.maximum(n - 1, 1), 0.0)
        share = before**2 * ties * d / n**2
        return level**2 * share, inverse * level * share, inverse**2 * share

    live = np.where(after > 0, other, 0.0)
    sums = [np.cumsum(a + b) for a, b in zip(terms(live, f * inverse), terms(own, 1 + f * inverse), strict=True)]
    return f, sums[0] + f * f * sums[2] - 2 * f * sums[1]
