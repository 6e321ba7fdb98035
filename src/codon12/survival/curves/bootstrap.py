"""The bootstrap of survival statistics, all replicates at once: one sort, then matrices of counts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codon12.errors import DataError, UsageError
from codon12.parallel import in_order, spans
from codon12.parallel.streams import uniforms
from codon12.survival.curves.resampled import Resampled, logrank_of, median_of, rmst_of, survival_of
from codon12.survival.results.estimate import Estimate, estimates_frame
from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, estimate_row
from codon12.survival.results.text import sides, table
from codon12.survival.results.words import NOT_ESTIMABLE, NOT_REACHED
from codon12.survival.subjects.columns import Factor
from codon12.survival.subjects.options import check_choice, check_count, check_level, check_number
from codon12.survival.subjects.subjects import left_out, read_subjects
from codon12.survival.subjects.ties import snapped

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Bootstrap", "Statistic", "bootstrap"]

Floats = NDArray[np.float64]
Statistic = Literal["median", "survival", "rmst", "logrank"]
_CELLS = 1 << 22  # counts held at once


@dataclass(frozen=True, eq=False, repr=False)
class Bootstrap(Result):
    """Replicates of a statistic, and what the sample itself gave."""

    statistic: str
    observed: Floats
    """One value a group (or one in all); infinite where not reached."""
    replicates: Floats
    """Replicates by groups; infinite where not reached."""
    groups: tuple[str, ...]
    seed: int
    dropped: int = 0
    """Rows left out because their group is missing."""

    @property
    def std_error(self) -> Floats:
        """Standard deviation of the replicates; NaN where any is not reached."""
        finite = np.isfinite(self.replicates).all(axis=0)
        out = np.full(self.replicates.shape[1], np.nan)
        out[finite] = self.replicates[:, finite].std(axis=0, ddof=1)
        return out

    def to_frame(self) -> pl.DataFrame:
        """One row a group: observed value, percentile limits at 95 %, standard error over the replicates."""
        import polars as pl

        error = pl.Series("std_error", self.std_error).fill_nan(None)
        return estimates_frame(self.interval()).with_columns(error, statistic=pl.lit(self.statistic))

    def interval(self, level: float = 0.95) -> tuple[Estimate, ...]:
        """Percentile intervals, one a group; "not reached" where the percentile is, none where a replicate is NaN."""
        check_level(level)
        tail = (1 - level) / 2
        rank = np.sort(self.replicates, axis=0)
        m = rank.shape[0]
        places = np.ceil(np.array([tail, 1 - tail]) * m - 1e-9).astype(int) - 1  # 0.025 * 1000 is 25, not a bit more
        low, high = rank[np.clip(places, 0, m - 1)]
        out = []
        for g, name in enumerate(self.groups):
            holes = bool(np.isnan(self.replicates[:, g]).any())  # they have no place among the others
            sides = (self.observed[g], *((np.nan, np.nan) if holes else (low[g], high[g])))
            numbers = [float(v) if np.isfinite(v) else float("nan") for v in sides]
            missing = NOT_ESTIMABLE if holes else NOT_REACHED
            out.append(Estimate.of(*numbers, missing=missing, level=level, group=name))
        return tuple(out)

    def __repr__(self) -> str:
        frame = self.to_frame()
        rows = [
            (r["group"], *(sides(e)), r["std_error"]) for r, e in zip(frame.to_dicts(), self.interval(), strict=True)
        ]
        head = f"Bootstrap of {self.statistic}: {self.replicates.shape[0]} replicates, seed {self.seed}"
        head += left_out(self.dropped)
        return f"{head}\n{table(('group', 'observed', 'lower 95%', 'upper 95%', 'se'), rows)}"

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        method = f"Bootstrap, {self.replicates.shape[0]} replicates, seed {self.seed}, percentile limits"
        method += left_out(self.dropped)
        kind = {"median": "time", "rmst": "time", "survival": "rate"}.get(self.statistic, "value")
        scale = 100.0 if kind == "rate" else 1.0
        label = f"Bootstrapped {self.statistic}"
        return [estimate_row(e, self.statistic, kind, scale=scale, label=label, method=method) for e in self.interval()]


def bootstrap(
    time: ArrayLike,
    event: ArrayLike,
    *,
    statistic: Statistic | Callable[[NDArray[np.int64]], ArrayLike],
    group: Any = None,
    at: float | None = None,
    replicates: int = 1000,
    seed: int = 0,
    within_groups: bool = True,
    executor: Executor | None = None,
) -> Bootstrap:
    """Bootstrap a survival statistic by resampling subjects, vectorised over the replicates.

    Parameters
    ----------
    time, event, group
        As in ``kaplan_meier``.
    statistic
        ``median``, ``survival`` or ``rmst`` (at `at`), each per group; ``logrank`` (the signed z of two groups,
        else the chi-square); or a function of the counts: it takes an integer array (replicates, subjects), how
        often each subject of the input was drawn, and returns one value (or row) a replicate.
    at
        Time of ``survival``, horizon of ``rmst``; not beyond the last follow-up of any group whose curve has not come
        down to 0. In a replicate that ends earlier the last value of S is carried on.
    replicates, seed
        Number of replicates, and the seed on which alone they depend.
    within_groups
        Resample inside each group, so that group sizes stay; False resamples all subjects together.
    executor
        Any `concurrent.futures.Executor`, for blocks of replicates; None works here. The result is the same. A function
        as `statistic` must then be one of a module, so that it can be sent.

    Returns
    -------
    Bootstrap
        Observed value, replicates, percentile intervals.

    Raises
    ------
    UsageError
        Unknown statistic, `at` missing, fewer than two groups for ``logrank``.
    DataError
        A group of which nobody is drawn in some replicate, where `within_groups` is False.

    References
    ----------
    Efron 1981, Censored data and the bootstrap.

    Examples
    --------
    >>> found = bootstrap([6, 7, 10, 15], [1, 1, 0, 1], statistic="median", replicates=200, seed=7)
    >>> found.observed.tolist(), found.replicates.shape
    ([11.0], (200, 1))
    """
    check_count("replicates", replicates, least=1)
    check_count("seed", seed)
    check_choice("within_groups", within_groups, (True, False))
    subjects = read_subjects(time, event=event, group=group)
    t, d, groups = subjects.time, subjects.event, subjects.group
    exact, _ = snapped(t)
    order = np.lexsort((exact, groups.codes)) if within_groups else np.argsort(exact, kind="stable")
    inverse = np.empty_like(order)
    inverse[order] = np.arange(order.size)
    compute: Callable[[NDArray[np.int64]], Floats]
    if callable(statistic):
        name = getattr(statistic, "__name__", "statistic")
        _no_time(at, name)
        compute = partial(_of_function, statistic, inverse, subjects.used, t.size + subjects.dropped)
    else:
        name = statistic
        compute = _known(name, at, Resampled.of(exact[order], d[order], groups.codes[order], len(groups)))
        if not within_groups and len(groups) > 1:
            compute = partial(_of_every_group, compute, groups.codes[order])
    observed = compute(np.ones((1, t.size), dtype=np.int64))[0]
    blocks = [groups.codes[order] == g for g in range(len(groups))] if within_groups else [np.ones(t.size, dtype=bool)]
    work = partial(_replicated, compute, [int(b.sum()) for b in blocks], seed)
    parts = spans(replicates, _CELLS // max(t.size, 1), executor=executor)
    values = np.concatenate(list(in_order(work, parts, executor=executor)))
    names = groups.labels if values.shape[1] == len(groups) else tuple(map(str, range(values.shape[1])))
    return Bootstrap(name, observed, values, names if values.shape[1] > 1 else _only(groups), seed, subjects.dropped)


def _only(groups: Factor) -> tuple[str, ...]:
    return groups.labels if len(groups) == 1 else ("all",)


def _no_time(at: Any, name: str) -> None:
    if at is not None:
        raise UsageError(f"at is the time of survival and the horizon of rmst; {name} takes none")


def _known(name: Any, at: float | None, data: Resampled) -> Callable[[NDArray[np.int64]], Floats]:
    if not isinstance(name, str) or name not in get_args(Statistic):
        raise UsageError(f"statistic must be one of {', '.join(get_args(Statistic))} or a function; got {name!r}")
    if name in ("median", "logrank"):
        _no_time(at, name)
    if name == "median":
        return partial(median_of, data)
    if name == "logrank":
        if data.n_groups < 2:
            raise UsageError("the log-rank statistic needs at least two groups")
        return partial(logrank_of, data)
    if at is None:
        raise UsageError(f"{name} needs `at`, a positive time; got None")
    asked = check_number("at", at, f"a positive time ({name} needs `at`)", above=0)
    early = data.ends_before(asked)
    if early is not None:
        raise UsageError(
            f"at {asked:g} lies beyond the last follow-up of a group ({early:g}), after which its curve is not known;"
            " take an earlier time"
        )
    return partial(survival_of if name == "survival" else rmst_of, data, at=asked)


def _of_every_group(
    compute: Callable[[NDArray[np.int64]], Floats], group: NDArray[np.intp], counts: NDArray[np.int64]
) -> Floats:
    """Values of replicates in which every group has subjects; without any there is no curve."""
    drawn = np.column_stack([counts[:, group == g].any(axis=1) for g in range(int(group.max()) + 1)])
    if not drawn.all():
        raise DataError(
            "a group has no subject in some replicates, so that they have no value; resample within_groups instead"
        )
    return compute(counts)


def _of_function(
    statistic: Callable[[NDArray[np.int64]], ArrayLike],
    inverse: NDArray[np.intp],
    used: NDArray[Any] | None,
    rows: int,
    counts: NDArray[np.int64],
) -> Floats:
    """Value of a user's function of the counts, whose columns are the rows of the input again."""
    if used is None:
        drawn = counts[:, inverse]
    else:
        drawn = np.zeros((counts.shape[0], rows), dtype=np.int64)
        drawn[:, used] = counts[:, inverse]
    return np.asarray(statistic(drawn), dtype=np.float64).reshape(counts.shape[0], -1)


def _replicated(
    compute: Callable[[NDArray[np.int64]], Floats], sizes: list[int], seed: int, block: tuple[int, int]
) -> Floats:
    """Values of a block of replicates."""
    return compute(_counts(sizes, seed, *block))


def _counts(sizes: list[int], seed: int, first: int, rows: int) -> NDArray[np.int64]:
    """How often every subject (sorted by group where blocks are groups) is drawn in a block of replicates."""
    numbers = uniforms(seed, "bootstrap", first, rows, sum(sizes))
    parts, at = [], 0
    for size in sizes:
        drawn = (numbers[:, at : at + size] * size).astype(np.int64)
        drawn += (np.arange(rows) * size)[:, None]
        parts.append(np.bincount(drawn.ravel(), minlength=rows * size).reshape(rows, size))
        at += size
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
