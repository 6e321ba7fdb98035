"""Subgroup treatment-effect pattern over a continuous biomarker, by sliding windows (STEPP)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.errors import Codon12Error, DataError, UsageError
from codon12.survival.cox import cox
from codon12.survival.observations import combined_factor, event_flags, times
from codon12.survival.partial_likelihood_order import merge_near_ties
from codon12.survival.permutation import permutation_p
from codon12.survival.result import Result
from codon12.survival.terms import factor

__all__ = ["SteppResult", "stepp"]


@dataclass(frozen=True, repr=False)
class SteppResult(Result):
    """Result of ``stepp``."""

    windows: pl.DataFrame
    """One row a window: least, median and greatest biomarker, subjects, events, HR with limits; where there is
    no HR, ``status`` says why. The limits hold for each window alone, not for all together."""
    overall: pl.DataFrame
    """Treatment effect over all subjects."""
    statistic: float
    """Greatest standardised distance of a window's effect from the overall one."""
    p: float
    """Permutation P of it: biomarker values exchanged among the subjects of each treatment."""
    permutations: int
    seed: int

    def to_frame(self) -> pl.DataFrame:
        """The windows."""
        return self.windows

    @property
    def sentence(self) -> str:
        """What the pattern shows, in words."""
        shown = "differs" if self.p < 0.05 else "was not shown to differ"
        return (
            f"The treatment effect {shown} along the biomarker (sup statistic {self.statistic:.2f} over"
            f" {self.windows.height} windows, permutation P = {self.p:.3g}, {self.permutations} permutations,"
            f" seed {self.seed})."
        )


def stepp(
    frame: pl.DataFrame | Mapping[str, Any],
    *,
    time: str,
    event: str,
    treatment: str,
    biomarker: str,
    size: int | None = None,
    step: int | None = None,
    permutations: int = 1000,
    seed: int = 1,
    level: float = 0.95,
) -> SteppResult:
    """Estimate the treatment effect in overlapping windows of the biomarker and test whether it varies.

    Parameters
    ----------
    frame, time, event, level
        As in ``cox``; rows with a missing value are left out.
    treatment
        Column of two treatments; the effect is that of the second in order against the first.
    biomarker
        A numeric column. Subjects of one value always share a window.
    size, step
        Subjects in a window (a quarter of all when left out) and new subjects from one window to the next (a
        quarter of `size`), both as least numbers.
    permutations, seed
        Of the test. Its statistic uses the one-step (Peto) log hazard ratio of each window.

    Raises
    ------
    UsageError
        Not two treatments, `size` out of range.
    DataError
        No events.

    References
    ----------
    Bonetti and Gelber 2004; Lazar et al. 2016 (permutation within treatments).

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> frame = pl.DataFrame({"t": rng.exponential(size=80), "e": [1] * 80, "arm": ["A", "B"] * 40,
    ...                       "marker": rng.normal(size=80)})
    >>> found = stepp(frame, time="t", event="e", treatment="arm", biomarker="marker", permutations=50)
    >>> found.windows.height, 0 < found.p <= 1
    (13, True)
    """
    table = frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(dict(frame))
    for name in (time, event, treatment, biomarker):
        if name not in table.columns:
            raise UsageError(f"no column {name!r}; columns are {', '.join(table.columns[:30])}")
    table = table.select(list(dict.fromkeys((time, event, treatment, biomarker)))).with_columns(
        pl.selectors.float().fill_nan(None)
    )
    table = table.drop_nulls().sort(biomarker, maintain_order=True)
    n = table.height
    if n == 0:
        raise DataError("no row has a value in every column used")
    arms = combined_factor(table[treatment], n, what="treatment")
    if len(arms) != 2:
        raise UsageError(f"treatment {treatment!r} must have two levels; it has {', '.join(arms.labels)}")
    size = max(n // 4, 1) if size is None else size
    step = max(size // 4, 1) if step is None else step
    if not (1 <= size <= n and step >= 1):
        raise UsageError(f"size must lie between 1 and {n} and step be at least 1; got {size} and {step}")
    values = table[biomarker].cast(pl.Float64).to_numpy()
    bounds = _windows(values, size, step)
    whole = cox(table, time=time, event=event, terms=factor(treatment), level=level)
    coded = table.with_columns(pl.Series("treated", arms.codes))
    rows = [_window(coded, values, time, event, low, high, level) for low, high in bounds]
    clock = np.asarray(merge_near_ties(times(table[time].to_numpy()))[0], dtype=np.float64)
    test = _SupTest.of(clock, event_flags(table[event].to_numpy(), n), arms.codes, bounds)
    observed = test(np.arange(n))
    p, _ = permutation_p(observed, test, n, permutations=permutations, seed=seed)
    return SteppResult(
        pl.DataFrame(rows, infer_schema_length=None).cast({"status": pl.String}),
        whole.coefficients,
        observed,
        p,
        permutations,
        seed,
    )


def _windows(values: NDArray[Any], size: int, step: int) -> list[tuple[int, int]]:
    """Half-open ranges of sorted subjects: at least `size` each, moved on by at least `step`, ties together."""
    n = values.size
    begins = np.flatnonzero(np.append(True, np.diff(values) > 0))
    ends = np.append(begins[1:], n)
    out: list[tuple[int, int]] = []
    low = 0
    while True:
        high = int(ends[min(np.searchsorted(ends, low + size), ends.size - 1)])
        if high - low < size or n - high < step:  # the last window takes the rest
            low = int(begins[np.searchsorted(begins, max(n - size, 0), side="right") - 1])
            high = n
            if not out or out[-1] != (low, high):
                out.append((low, high))
            return out
        out.append((low, high))
        later = begins[begins >= low + step]
        low = int(later[0])


def _window(
    table: pl.DataFrame, values: NDArray[Any], time: str, event: str, low: int, high: int, level: float
) -> dict[str, Any]:
    part = table[low:high]
    out: dict[str, Any] = {
        "lower_value": float(values[low]),
        "median_value": float(np.median(values[low:high])),
        "upper_value": float(values[high - 1]),
        "n": high - low,
        "events": int(part[event].cast(pl.Int64).sum()),
    }
    try:
        row = cox(part, time=time, event=event, terms="treated", level=level).coefficients.row(0, named=True)
    except Codon12Error as err:
        return out | dict.fromkeys(("HR", "lower", "upper")) | {"status": str(err)}
    return out | {k: row[k] for k in ("HR", "lower", "upper")} | {"status": None}


@dataclass(frozen=True)
class _SupTest:
    """Greatest distance of window effects from the overall effect, for subjects in any order of the biomarker."""

    by_time: NDArray[np.intp]
    """Subjects backwards in time."""
    arm: NDArray[np.intp]
    dead: NDArray[np.bool_]
    last: NDArray[np.intp]
    """Position (backwards) of the last subject of each event time."""
    group: NDArray[np.intp]
    """Event time of each death, in order of `by_time`."""
    bounds: list[tuple[int, int]]

    @classmethod
    def of(
        cls, clock: NDArray[Any], dead: NDArray[np.bool_], arm: NDArray[np.intp], bounds: list[tuple[int, int]]
    ) -> _SupTest:
        order = np.argsort(-clock, kind="stable")
        ends = np.flatnonzero(np.append(np.diff(clock[order]) != 0, True))
        at = np.searchsorted(ends, np.flatnonzero(dead[order]))
        used, group = np.unique(at, return_inverse=True)
        return cls(order, arm, dead, ends[used], group, bounds)

    def __call__(self, order: NDArray[np.intp]) -> float:
        """Statistic where places in the biomarker's order are exchanged within each treatment."""
        place = np.empty(order.size, dtype=np.intp)
        for code in (0, 1):
            own = np.flatnonzero(self.arm == code)
            place[own] = own[np.argsort(order[own], kind="stable")]
        place = place[self.by_time]
        low, high = np.array(self.bounds).T
        member = (place[:, None] >= low) & (place[:, None] < high)
        member = np.hstack([member, np.ones((place.size, 1), dtype=bool)]).astype(np.float64)
        treated = member * self.arm[self.by_time][:, None]
        risk, risk_treated = np.cumsum(member, axis=0)[self.last], np.cumsum(treated, axis=0)[self.last]
        dead = self.dead[self.by_time]
        starts = np.flatnonzero(np.append(True, np.diff(self.group) > 0))
        deaths = np.add.reduceat(member[dead], starts, axis=0)
        deaths_treated = np.add.reduceat(treated[dead], starts, axis=0)
        share = np.divide(risk_treated, risk, out=np.zeros_like(risk), where=risk > 0)
        left = np.divide(risk - deaths, risk - 1, out=np.zeros_like(risk), where=risk > 1)
        excess = (deaths_treated - deaths * share).sum(axis=0)
        variance = (deaths * share * (1 - share) * left).sum(axis=0)
        effect = np.divide(excess, variance, out=np.zeros_like(excess), where=variance > 0)
        # Var(window - all) = 1/V_window - 1/V_all where the window is part of all.
        apart = np.divide(1.0, variance[:-1], out=np.full(variance.size - 1, np.inf), where=variance[:-1] > 0)
        apart = apart - 1 / variance[-1] if variance[-1] > 0 else np.full(apart.size, np.inf)
        z = np.where(apart > 1e-12, np.abs(effect[:-1] - effect[-1]) / np.sqrt(np.maximum(apart, 1e-12)), 0.0)
        return float(z.max())
