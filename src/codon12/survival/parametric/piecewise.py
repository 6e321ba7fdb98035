"""Piecewise exponential model: a hazard that is constant between given times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from codon12.errors import DataError, UsageError
from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, row_of
from codon12.survival.results.text import number, table
from codon12.survival.subjects.frame import read_columns
from codon12.survival.subjects.options import check_level, numbers_of, times_of
from codon12.survival.subjects.subjects import left_out
from codon12.survival.subjects.ties import first_from, past

__all__ = ["PiecewiseExponential", "piecewise_exponential"]

Vector = NDArray[Any]


@dataclass(frozen=True, repr=False)
class PiecewiseExponential(Result):
    """Result of ``piecewise_exponential``."""

    cuts: Vector
    """Inner times at which the hazard changes."""
    events: Vector
    exposure: Vector
    """Time at risk in each interval."""
    n: int
    last: float
    """Greatest time observed."""
    level: float
    dropped: int = 0
    """Rows left out for a missing value."""

    @property
    def hazard(self) -> Vector:
        """Events per time at risk; NaN in an interval nobody was observed in."""
        return np.divide(self.events, self.exposure, out=np.full(self.events.size, np.nan), where=self.exposure > 0)

    @property
    def loglik(self) -> float:
        """Log likelihood."""
        return float(np.sum(special.xlogy(self.events, np.nan_to_num(self.hazard))) - self.events.sum())

    @property
    def aic(self) -> float:
        """Akaike's criterion; intervals nobody was observed in are no parameters."""
        return 2 * int(np.sum(self.exposure > 0)) - 2 * self.loglik

    @property
    def bic(self) -> float:
        """Bayes' criterion, with the number of subjects."""
        return float(np.sum(self.exposure > 0) * np.log(self.n)) - 2 * self.loglik

    def to_frame(self) -> pl.DataFrame:
        """One row an interval: start, end, events, exposure, hazard with exact Poisson limits, status."""
        tail = (1 - self.level) / 2
        seen = self.exposure > 0
        safe = np.where(seen, self.exposure, 1.0)
        lower = np.where(self.events > 0, special.gammaincinv(np.maximum(self.events, 1e-300), tail), 0.0) / safe
        upper = special.gammaincinv(self.events + 1, 1 - tail) / safe
        bounds = np.concatenate([[0.0], self.cuts, [np.inf]])
        frame = pl.DataFrame(
            {
                "start": bounds[:-1],
                "end": bounds[1:],
                "events": self.events,
                "exposure": self.exposure,
                "hazard": self.hazard,
                "lower": np.where(seen, lower, np.nan),
                "upper": np.where(seen, upper, np.nan),
            }
        )
        status = pl.when(pl.col("exposure") <= 0).then(pl.lit("nobody observed")).alias("status")
        return frame.with_columns(pl.col("hazard", "lower", "upper").fill_nan(None), status)

    def survival(self, times: Iterable[float]) -> pl.DataFrame:
        """Survival at given times; the last interval's hazard goes on, marked ``extrapolated`` past the data.

        Null with a status where an interval on the way has no hazard.
        """
        t = np.array(times_of("times", times))
        bounds = np.concatenate([[0.0], self.cuts, [np.inf]])
        spent = np.clip(t[:, None], bounds[:-1], bounds[1:]) - bounds[:-1]
        used = np.where(spent > 0, spent * self.hazard, 0.0)
        value = np.exp(-used.sum(axis=1))
        return pl.DataFrame({"time": t, "survival": value, "extrapolated": past(t, self.last)}).with_columns(
            pl.when(pl.col("survival").is_nan()).then(pl.lit("not estimable")).alias("status"),
            pl.col("survival").fill_nan(None),
        )

    def __repr__(self) -> str:
        frame = self.to_frame().drop("status")
        rows = ((number(r[0]), *r[1:]) for r in frame.iter_rows())
        left = left_out(self.dropped)
        return f"Piecewise exponential model: n = {self.n}{left}\n{table(frame.columns, rows)}\nAIC = {self.aic:.6g}"

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        rows = []
        for r in self.to_frame().iter_rows(named=True):
            span = f"{r['start']:g} to {r['end']:g}"
            sides = {"value": r["hazard"], "lower": r["lower"], "upper": r["upper"], "status": r["status"]}
            size = {"n": round(r["events"]), "N": self.n, "conf_level": self.level}
            method = f"Piecewise exponential model, exact Poisson limits{left_out(self.dropped)}"
            rows.append(
                row_of("hazard", "value", label=f"Hazard from {span}", level=span, method=method, **size, **sides)
            )
        return rows


def piecewise_exponential(
    frame: Any = None,
    *,
    time: Any,
    event: Any,
    cuts: Sequence[float],
    entry: Any = None,
    weights: Any = None,
    level: float = 0.95,
) -> PiecewiseExponential:
    """Estimate a constant hazard in each interval (cut, next cut] as events over time at risk.

    Parameters
    ----------
    frame, time, event, entry, weights
        As in ``cox``; rows with a missing value are left out.
    cuts
        Ascending inner times, above zero; none gives the exponential model.
    level
        Confidence level of the exact Poisson limits.

    Raises
    ------
    UsageError
        Cuts that do not ascend from above zero.
    DataError
        No complete row.

    References
    ----------
    Friedman 1982; Garwood 1936 (limits).

    Examples
    --------
    >>> piecewise_exponential(time=[1, 2, 3, 4], event=[1, 1, 0, 1], cuts=[2]).hazard.round(4).tolist()
    [0.2857, 0.3333]
    """
    check_level(level)
    inner = np.array([] if isinstance(cuts, (list, tuple)) and not cuts else numbers_of("cuts", cuts))
    if np.any(np.diff(inner, prepend=0.0) <= 0) or not np.isfinite(inner).all():
        raise UsageError(f"cuts must be finite, above zero and ascend; got {list(cuts)!r}")
    data = read_columns(frame, time=time, event=event, terms=None, entry=entry, weights=weights)
    clock = np.asarray(data.time, dtype=np.float64)
    begin = np.zeros(clock.size) if data.entry is None else np.maximum(data.entry, 0.0)
    weight = np.ones(clock.size) if data.weights is None else data.weights
    if not np.any(clock > begin):
        raise DataError("nobody was observed for any time: all times are zero")
    bounds = np.concatenate([[0.0], inner, [np.inf]])
    exposure = np.array(
        [
            float(weight @ np.maximum(np.minimum(clock, high) - np.maximum(begin, low), 0.0))
            for low, high in pairwise(bounds.tolist())
        ]
    )
    interval = np.asarray(first_from(inner, clock))
    events = np.bincount(interval, weights=weight * data.event, minlength=inner.size + 1)
    return PiecewiseExponential(
        inner, events, exposure, int(clock.size), float(clock.max()), level, data.rows - int(clock.size)
    )
