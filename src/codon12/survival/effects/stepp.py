"""Subgroup treatment-effect pattern over a continuous biomarker, by sliding windows (STEPP)."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.errors import Codon12Error, DataError, UsageError
from codon12.survival.cox.regression import cox
from codon12.survival.effects.permutation import permutation_p
from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, row_of
from codon12.survival.results.text import p_text, table
from codon12.survival.results.words import NOT_ESTIMABLE
from codon12.survival.subjects.columns import Factor, combined_factor, event_flags, refuse, times
from codon12.survival.subjects.options import check_count, check_level
from codon12.survival.subjects.reading import table as read_table
from codon12.survival.subjects.subjects import left_out
from codon12.survival.subjects.terms import factor
from codon12.survival.subjects.ties import merge_near_ties

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
    """Permutation P of it: biomarker values exchanged among the subjects of each treatment (and stratum)."""
    permutations: int
    seed: int
    dropped: int = 0
    """Rows left out for a missing value."""

    def to_frame(self) -> pl.DataFrame:
        """The windows."""
        return self.windows

    @property
    def sentence(self) -> str:
        """What the pattern shows, in words."""
        shown = "differs" if self.p < 0.05 else "was not shown to differ"
        over = "1 window" if self.windows.height == 1 else f"{self.windows.height} windows"
        return (
            f"The treatment effect {shown} along the biomarker (sup statistic {self.statistic:.2f} over"
            f" {over}, permutation P = {p_text(self.p)}, {self.permutations} permutations,"
            f" seed {self.seed}{left_out(self.dropped)})."
        )

    def __repr__(self) -> str:
        names = {"lower_value": "least", "median_value": "median", "upper_value": "greatest"}
        frame = self.windows.rename(names).drop("status")
        rows = [(str(i), *row) for i, row in enumerate(frame.iter_rows(), start=1)]
        return f"{table(('window', *frame.columns), rows)}\n{self.sentence}"

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        rows = []
        for i, r in enumerate(self.windows.iter_rows(named=True), start=1):
            place = {"group": "window", "level": str(i), "label": f"Window {i}", "n": r["events"], "N": r["n"]}
            why = r["status"] or (NOT_ESTIMABLE if r["HR"] is None else None)
            sides = {"value": r["HR"], "lower": r["lower"], "upper": r["upper"], "status": why}
            rows.append(row_of("hr", "ratio", method="Cox regression in a window of the biomarker", **place, **sides))
        method = f"Sup test over windows, {self.permutations} permutations{left_out(self.dropped)}"
        return [*rows, row_of("p", "p", label="P value (permutation)", value=self.p, method=method)]


def stepp(
    frame: Any,
    *,
    time: str,
    event: str,
    treatment: str,
    biomarker: str,
    strata: str | Sequence[str] | None = None,
    size: int | None = None,
    step: int | None = None,
    permutations: int = 1000,
    seed: int = 1,
    level: float = 0.95,
    executor: Executor | None = None,
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
    strata
        Column or columns: effects are those of Cox models with a baseline hazard for each stratum, the test sums
        over strata, and values are exchanged within them.
    size, step
        Subjects in a window (a quarter of all when left out) and new subjects from one window to the next (a
        quarter of `size`), both as least numbers.
    permutations, seed
        Of the test. Its statistic uses the one-step (Peto) log hazard ratio of each window.
    executor
        Any `concurrent.futures.Executor`, for blocks of permutations; None works here. The result is the same.

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
    check_level(level)
    check_count("permutations", permutations, least=1)
    check_count("seed", seed)
    held = read_table(frame)
    layers = [] if strata is None else [strata] if isinstance(strata, str) else _names(strata)
    names = (time, event, treatment, biomarker, *layers)
    for name in names:
        if not isinstance(name, str) or name not in held.columns:
            raise UsageError(f"no column {name!r}; columns are {', '.join(held.columns[:30])}")
    if not held[biomarker].dtype.is_numeric():
        raise UsageError(f"biomarker {biomarker!r} must be a column of numbers; it holds {held[biomarker].dtype}")
    held = held.select(list(dict.fromkeys(names))).with_columns(pl.selectors.float().fill_nan(None))
    given = held.height
    held = held.drop_nulls().sort(biomarker, maintain_order=True)
    n = held.height
    if n == 0:
        raise DataError("no row has a value in every column used")
    arms = combined_factor(held[treatment], n, what="treatment")
    if len(arms) != 2:
        raise UsageError(f"treatment {treatment!r} must have two levels; it has {', '.join(arms.labels)}")
    size = max(n // 4, 1) if size is None else check_count("size", size, least=1)
    step = max(size // 4, 1) if step is None else check_count("step", step, least=1)
    if not (1 <= size <= n and step >= 1):
        raise UsageError(f"size must lie between 1 and {n} and step be at least 1; got {size} and {step}")
    values = held[biomarker].cast(pl.Float64).to_numpy()
    refuse(~np.isfinite(values), f"biomarker {biomarker!r}", "infinite")
    bounds = _windows(values, size, step)
    options = {"time": time, "event": event, "strata": layers or None, "level": level}
    whole = cox(held, terms=factor(treatment), **options)
    coded = held.with_columns(pl.Series(treatment, arms.codes))  # 0 and 1, also in a window without one of them
    rows = [_window(coded[low:high], values[low:high], treatment, options) for low, high in bounds]
    clock = np.asarray(merge_near_ties(times(held[time]))[0], dtype=np.float64)
    none = Factor(np.zeros(n, dtype=np.intp), ("all",))
    stratum = combined_factor(held.select(layers), n) if layers else none
    test = _SupTest.of(clock, event_flags(held[event], n), arms.codes, stratum.codes, bounds)
    observed = test(np.arange(n))
    p, _ = permutation_p(observed, test, n, permutations=permutations, seed=seed, executor=executor)
    return SteppResult(
        pl.DataFrame(rows, infer_schema_length=None).cast({"status": pl.String}),
        whole.coefficients,
        observed,
        p,
        permutations,
        seed,
        given - n,
    )


def _names(given: Any) -> list[Any]:
    if isinstance(given, (list, tuple)):
        return list(given)
    raise UsageError(f"strata must name a column or several; got {given!r}")


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


def _window(part: pl.DataFrame, values: NDArray[Any], treatment: str, options: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {
        "lower_value": float(values[0]),
        "median_value": float(np.median(values)),
        "upper_value": float(values[-1]),
        "n": part.height,
        "events": int(part[options["event"]].cast(pl.Int64).sum()),
    }
    try:
        row = cox(part, terms=treatment, **options).coefficients.row(0, named=True)
    except Codon12Error as err:
        return out | dict.fromkeys(("HR", "lower", "upper")) | {"status": str(err)}
    return out | {k: row[k] for k in ("HR", "lower", "upper")} | {"status": None}


@dataclass(frozen=True)
class _SupTest:
    """Greatest distance of window effects from the overall effect, for subjects in any order of the biomarker."""

    by_time: NDArray[np.intp]
    """Subjects by stratum, backwards in time."""
    arm: NDArray[np.intp]
    cells: list[NDArray[np.intp]]
    """Subjects of each treatment and stratum, among whom values are exchanged."""
    dead: NDArray[np.bool_]
    last: NDArray[np.intp]
    """Position (backwards) of the last subject of each event time."""
    before: NDArray[np.intp]
    """How many subjects stand in the strata before that of each event time."""
    group: NDArray[np.intp]
    """Event time of each death, in order of `by_time`."""
    bounds: list[tuple[int, int]]

    @classmethod
    def of(
        cls,
        clock: NDArray[Any],
        dead: NDArray[np.bool_],
        arm: NDArray[np.intp],
        stratum: NDArray[np.intp],
        bounds: list[tuple[int, int]],
    ) -> _SupTest:
        order = np.lexsort((-clock, stratum))
        layer = stratum[order]
        ends = np.flatnonzero(np.append((np.diff(clock[order]) != 0) | (np.diff(layer) != 0), True))
        at = np.searchsorted(ends, np.flatnonzero(dead[order]))
        used, group = np.unique(at, return_inverse=True)
        last = ends[used]
        cells = [np.flatnonzero((arm == a) & (stratum == s)) for a in (0, 1) for s in range(int(stratum.max()) + 1)]
        return cls(order, arm, cells, dead, last, np.searchsorted(layer, layer[last]), group, bounds)

    def __call__(self, order: NDArray[np.intp]) -> float:
        """Statistic where places in the biomarker's order are exchanged within each treatment and stratum."""
        place = np.empty(order.size, dtype=np.intp)
        for own in self.cells:
            place[own] = own[np.argsort(order[own], kind="stable")]
        place = place[self.by_time]
        low, high = np.array(self.bounds).T
        member = (place[:, None] >= low) & (place[:, None] < high)
        member = np.hstack([member, np.ones((place.size, 1), dtype=bool)]).astype(np.float64)
        treated = member * self.arm[self.by_time][:, None]
        risk, risk_treated = self._at_risk(member), self._at_risk(treated)
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

    def _at_risk(self, member: NDArray[np.float64]) -> NDArray[np.float64]:
        """Members (columns) at risk at each event time, in its stratum."""
        total = np.cumsum(np.vstack([np.zeros((1, member.shape[1])), member]), axis=0)
        return total[self.last + 1] - total[self.before]
