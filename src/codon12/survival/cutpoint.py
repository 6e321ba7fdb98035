"""A cut-point for a continuous biomarker, with the P and the optimism that the search for it deserves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.errors import Codon12Error, DataError, UsageError
from codon12.survival.cox import cox
from codon12.survival.cox_data import read_columns
from codon12.survival.result import Result

__all__ = ["CutPoint", "cut_point", "cut_profile"]

Vector = NDArray[Any]


@dataclass(frozen=True, repr=False)
class CutPoint(Result):
    """Result of ``cut_point``: the cut that separates best, and how much of that is the search."""

    cut: float
    """Subjects above it are compared with those at or below it."""
    statistic: float
    """Greatest standardised log-rank statistic over all cuts."""
    p: float
    """Permutation P of the greatest statistic; there is deliberately no other."""
    critical: float
    """Value that the greatest statistic exceeds in 5 % of the permutations: a profile below it shows nothing."""
    hazard_ratio: float
    """Above against below, as found: too far from 1, for it was searched for."""
    optimism: float
    """Mean of (log HR in a resample - log HR of the same cut in the data), signed away from 0."""
    corrected_hazard_ratio: float
    """The hazard ratio with the optimism taken off; 1 where nothing is left."""
    resampled_cuts: Vector
    """The best cut of every resample."""
    resamples_failed: int
    """Resamples in which the best cut separated events, so that they give no hazard ratio."""
    profile: pl.DataFrame
    """One row a cut: subjects at or below and above, standardised statistic."""
    permutations: int
    resamples: int
    seed: int

    def to_frame(self) -> pl.DataFrame:
        """The profile over cuts."""
        return self.profile

    @property
    def cut_limits(self) -> tuple[float, float] | None:
        """Range of the best cut in 95 % of the resamples; None where none of them had one."""
        if not self.resampled_cuts.size:
            return None
        low, high = np.quantile(self.resampled_cuts, [0.025, 0.975])
        return float(low), float(high)

    @property
    def sentence(self) -> str:
        """What the search found and what it does not show, in words."""
        limits = self.cut_limits
        spread = "No resample was taken;"
        if limits:
            spread = f"In 95% of {self.resamples} resamples the best cut lay between {limits[0]:g} and {limits[1]:g};"
        shown = "A difference beyond chance was shown" if self.p < 0.05 else "No difference beyond chance was shown"
        return (
            f"The best of {self.profile.height} cuts is {self.cut:g} (HR above it {self.hazard_ratio:.2f}, after"
            f" correction for the search {self.corrected_hazard_ratio:.2f}). {shown}: permutation P = {self.p:.3g} for"
            f" the greatest statistic over all cuts. {spread} the cut needs confirmation"
            " in other subjects."
        )


def cut_point(
    frame: pl.DataFrame | Mapping[str, Any] | None = None,
    *,
    time: Any,
    event: Any,
    biomarker: Any,
    inner: tuple[float, float] = (0.1, 0.9),
    permutations: int = 2000,
    resamples: int = 200,
    seed: int = 1,
) -> CutPoint:
    """Search the cut of a biomarker with the greatest log-rank statistic, and correct for the search.

    Parameters
    ----------
    frame, time, event
        As in ``cox``; rows with a missing value are left out.
    biomarker
        A numeric column.
    inner
        Least and greatest share of subjects at or below a cut.
    permutations, resamples, seed
        Of the P value and of the optimism; the same seed gives the same result.

    Raises
    ------
    UsageError
        `inner` is not an interval within 0..1.
    DataError
        No events, or no cut within `inner`.

    References
    ----------
    Lausen and Schumacher 1992 (log-rank scores, permutation variance); Altman et al. 1994 (the danger of the
    minimum P); Efron 1983, Harrell 1996 (optimism by resampling); Hothorn and Lausen 2003.

    Examples
    --------
    >>> rng = np.random.default_rng(3)
    >>> marker = rng.normal(size=60)
    >>> found = cut_point(time=rng.exponential(size=60), event=np.ones(60), biomarker=marker, permutations=200,
    ...                   resamples=20)
    >>> 0 < found.p <= 1
    True
    """
    clock, dead, values = _read(frame, time=time, event=event, biomarker=biomarker, inner=inner)
    profile = _profile_frame(values, _scores(clock, dead), inner)
    cuts, z = profile["cut"].to_numpy(), profile["z"].to_numpy()
    best = int(np.argmax(np.abs(z)))
    p, critical = _permuted(values, _scores(clock, dead), inner, permutations, seed)
    log_ratio = _log_ratio(clock, dead, values, cuts[best])
    optimism, chosen, failed = _optimism(clock, dead, values, inner, resamples, seed)
    shrunk = np.sign(log_ratio) * max(abs(log_ratio) - optimism, 0.0)
    return CutPoint(
        cut=float(cuts[best]),
        statistic=float(abs(z[best])),
        p=p,
        critical=critical,
        hazard_ratio=float(np.exp(log_ratio)),
        optimism=optimism,
        corrected_hazard_ratio=float(np.exp(shrunk)),
        resampled_cuts=chosen,
        resamples_failed=failed,
        profile=profile,
        permutations=permutations,
        resamples=resamples,
        seed=seed,
    )


def cut_profile(
    frame: pl.DataFrame | Mapping[str, Any] | None = None,
    *,
    time: Any,
    event: Any,
    biomarker: Any,
    inner: tuple[float, float] = (0.1, 0.9),
) -> pl.DataFrame:
    """Standardised log-rank statistic of every cut of a biomarker, for a picture; ``cut_point`` judges the best.

    Parameters and errors are those of ``cut_point``. Columns: cut, at_or_below, above, z.

    Examples
    --------
    >>> cut_profile(time=[4.0, 3, 2, 1], event=[1, 1, 1, 1], biomarker=[1.0, 2, 3, 4], inner=(0, 1))["cut"].to_list()
    [1.0, 2.0, 3.0]
    """
    clock, dead, values = _read(frame, time=time, event=event, biomarker=biomarker, inner=inner)
    return _profile_frame(values, _scores(clock, dead), inner)


def _read(frame: Any, *, time: Any, event: Any, biomarker: Any, inner: tuple[float, float]) -> tuple[Vector, ...]:
    if not (0 <= inner[0] <= inner[1] <= 1):
        raise UsageError(f"inner must be an interval within 0..1; got {inner!r}")
    column = [biomarker] if isinstance(biomarker, str) else np.asarray(biomarker, dtype=np.float64)
    data = read_columns(frame, time=time, event=event, terms=column)
    if len(data.design.columns) != 1 or data.design.levels:
        raise UsageError("biomarker must be one numeric column")
    if not data.event.any():
        raise DataError("no events: no cut can separate them")
    return np.asarray(data.time, dtype=np.float64), data.event, data.design.x[0]


def _profile_frame(values: Vector, scores: Vector, inner: tuple[float, float]) -> pl.DataFrame:
    cuts, z = _profile(values, scores, inner)
    if not cuts.size:
        raise DataError(f"no cut leaves between {inner[0]:g} and {inner[1]:g} of the subjects at or below it")
    counts = np.searchsorted(np.sort(values), cuts, side="right")
    return pl.DataFrame({"cut": cuts, "at_or_below": counts, "above": values.size - counts, "z": z})


def _scores(clock: Vector, dead: NDArray[np.bool_]) -> Vector:
    """Log-rank scores: event minus Nelson-Aalen hazard at each subject's time. They sum to zero."""
    distinct, at = np.unique(clock, return_inverse=True)
    deaths = np.bincount(at, weights=dead, minlength=distinct.size)
    risk = np.cumsum(np.bincount(at)[::-1])[::-1]
    return dead - np.cumsum(deaths / risk)[at]


def _groups(values: Vector, inner: tuple[float, float]) -> tuple[NDArray[np.intp], NDArray[np.intp], Vector]:
    """Order of the biomarker; how many lie at or below each allowed cut; the cuts."""
    order = np.argsort(values, kind="stable")
    below = np.flatnonzero(np.diff(values[order]) > 0) + 1
    below = below[(below >= inner[0] * values.size - 1e-9) & (below <= inner[1] * values.size + 1e-9)]
    return order, below, values[order][below - 1]


def _standardised(sums: Vector, below: NDArray[np.intp], scores: Vector) -> Vector:
    """Sum of scores above each cut over its standard deviation under permutation."""
    n = scores.size
    spread = np.sum((scores - scores.mean()) ** 2)
    if not spread > 0:  # no scores differ, as where all have the event at one time
        return np.zeros_like(sums)
    return (-sums) / np.sqrt(below * (n - below) / (n * (n - 1)) * spread)


def _profile(values: Vector, scores: Vector, inner: tuple[float, float]) -> tuple[Vector, Vector]:
    order, below, cuts = _groups(values, inner)
    return cuts, _standardised(np.cumsum(scores[order])[below - 1], below, scores)


def _permuted(
    values: Vector, scores: Vector, inner: tuple[float, float], permutations: int, seed: int
) -> tuple[float, float]:
    """P of the greatest statistic, and the value that 5 % of the permutations exceed."""
    if permutations < 1:
        raise UsageError(f"permutations must be at least 1; got {permutations}")
    order, below, _ = _groups(values, inner)
    observed = np.abs(_standardised(np.cumsum(scores[order])[below - 1], below, scores)).max()
    generator = np.random.default_rng(seed)
    largest: list[Vector] = []
    left = permutations
    block = max(1, 2_000_000 // scores.size)
    while left:
        count = min(block, left)
        shuffled = generator.permuted(np.tile(scores, (count, 1)), axis=1)
        sums = np.cumsum(shuffled, axis=1)[:, below - 1]
        greatest = np.abs(_standardised(sums, below, scores)).max(axis=1)
        largest.append(greatest)
        left -= count
    found = np.concatenate(largest)
    as_large = int(np.count_nonzero(found >= observed * (1 - 1e-12)))
    return (1 + as_large) / (1 + permutations), float(np.quantile(found, 0.95))


def _log_ratio(clock: Vector, dead: NDArray[np.bool_], values: Vector, cut: float) -> float:
    """Log hazard ratio above against at or below; infinite, with its sign, where one side has no events."""
    high = (values > cut).astype(np.float64)
    try:
        return float(cox(time=clock, event=dead, terms=high).coef[0])
    except Codon12Error:
        score = float(_scores(clock, dead) @ high)
        return float(np.copysign(np.inf, score))


def _optimism(
    clock: Vector,
    dead: NDArray[np.bool_],
    values: Vector,
    inner: tuple[float, float],
    resamples: int,
    seed: int,
) -> tuple[float, Vector, int]:
    """Mean optimism of the log hazard ratio, best cuts of the resamples, and how many gave no ratio."""
    generator = np.random.default_rng([seed, 1])
    gaps, chosen, failed = [], [], 0
    for _ in range(resamples):
        pick = generator.integers(0, clock.size, clock.size)
        cuts, z = _profile(values[pick], _scores(clock[pick], dead[pick]), inner)
        if not cuts.size or not dead[pick].any():
            failed += 1
            continue
        cut = float(cuts[np.argmax(np.abs(np.nan_to_num(z)))])
        chosen.append(cut)
        here = _log_ratio(clock[pick], dead[pick], values[pick], cut)
        there = _log_ratio(clock, dead, values, cut)
        if np.isfinite(here) and np.isfinite(there):
            gaps.append(np.sign(here) * (here - there))
        else:
            failed += 1
    mean = float(np.mean(gaps)) if gaps else 0.0
    return max(mean, 0.0), np.array(chosen), failed
