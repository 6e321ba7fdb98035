"""A cut-point for a continuous biomarker, with the P and the optimism that the search for it deserves."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.errors import Codon12Error, DataError, UsageError
from codon12.parallel import in_order, spans
from codon12.parallel.streams import uniforms
from codon12.survival.cox.regression import cox
from codon12.survival.effects.cut_scores import ScoredSubjects
from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, row_of
from codon12.survival.results.text import p_text
from codon12.survival.results.words import NOT_ESTIMABLE
from codon12.survival.subjects.columns import entry_times
from codon12.survival.subjects.frame import read_columns
from codon12.survival.subjects.options import check_count, numbers_of
from codon12.survival.subjects.reading import matrix
from codon12.survival.subjects.subjects import left_out
from codon12.survival.subjects.ties import merge_near_ties

__all__ = ["CutPoint", "cut_point", "cut_profile"]

Vector = NDArray[Any]
_CELLS = 2_000_000
"""Subjects by permutations that are held at once."""


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
    """Mean of (log HR in a resample - log HR of the same cut in the data), signed away from 0; NaN without any."""
    corrected_hazard_ratio: float
    """The hazard ratio with the optimism taken off; 1 where nothing is left, NaN without either."""
    resampled_cuts: Vector
    """The best cut of every resample."""
    resamples_failed: int
    """Resamples in which the best cut separated events, so that they give no hazard ratio."""
    profile: pl.DataFrame
    """One row a cut: subjects at or below and above, standardised statistic."""
    permutations: int
    resamples: int
    seed: int
    dropped: int = 0
    """Rows left out for a missing value."""

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
        limits, size = self.cut_limits, self.resampled_cuts.size
        spread = "No resample was taken;"
        if limits:
            spread = f"In 95% of {size} resamples the best cut lay between {limits[0]:g} and {limits[1]:g};"
        less = self.corrected_hazard_ratio
        corrected = "not corrected for the search" if np.isnan(less) else f"after correction for the search {less:.2f}"
        ratio = f"HR above it {self.hazard_ratio:.2f}, {corrected}"
        if not 0 < self.hazard_ratio < np.inf:
            ratio = "no finite hazard ratio: it separates the events"
        shown = "A difference beyond chance was shown" if self.p < 0.05 else "No difference beyond chance was shown"
        best = "only cut" if self.profile.height == 1 else f"best of {self.profile.height} cuts"
        return (
            f"The {best} is {self.cut:g} ({ratio}). {shown}: permutation P = {p_text(self.p)} for the greatest"
            f" statistic over all cuts. {spread} the cut needs confirmation in other subjects."
        )

    def __repr__(self) -> str:
        return self.sentence + (f"\n{self.dropped} rows left out for missing values." if self.dropped else "")

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        low, high = self.cut_limits or (None, None)
        searched = f"Greatest log-rank statistic over {self.profile.height} cuts{left_out(self.dropped)}"
        tested = f"{searched}, {self.permutations} permutations"
        again = f"{searched}; {self.resamples} resamples, {self.resamples_failed} of them without a hazard ratio"
        less = self.corrected_hazard_ratio if 0 < self.corrected_hazard_ratio < np.inf else None
        return [
            row_of("cut", "value", label="Cut with the greatest statistic", value=self.cut, method=searched),
            row_of("p", "p", label="P value (permutation, corrected for the search)", value=self.p, method=tested),
            row_of("hr_corrected", "ratio", label="Hazard ratio above the cut, optimism taken off",
                 value=less, status=None if less else NOT_ESTIMABLE, method=again),
            row_of("cut_range", "range", label="Best cut in 95 % of resamples", lower=low, upper=high, method=again),
        ]  # fmt: skip


def cut_point(
    frame: Any = None,
    *,
    time: Any,
    event: Any,
    biomarker: Any,
    strata: Any = None,
    entry: Any = None,
    inner: tuple[float, float] = (0.1, 0.9),
    permutations: int = 2000,
    resamples: int = 200,
    seed: int = 1,
    executor: Executor | None = None,
) -> CutPoint:
    """Search the cut of a biomarker with the greatest log-rank statistic, and correct for the search.

    Parameters
    ----------
    frame, time, event
        As in ``cox``; rows with a missing value are left out.
    biomarker
        A numeric column.
    strata
        Column or columns: scores, their permutation and resampling stay within strata, hazard ratios are those of a
        stratified Cox model.
    entry
        Start of observation (left truncation). The permutation takes it, as it takes censoring, to be independent of
        the biomarker.
    inner
        Least and greatest share of subjects at or below a cut.
    permutations, resamples, seed
        Of the P value and of the optimism; the same seed gives the same result.
    executor
        Any `concurrent.futures.Executor`, for blocks of permutations and resamples; None works here. The result is the
        same.

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
    check_count("permutations", permutations, least=1)
    check_count("resamples", resamples)
    check_count("seed", seed)
    subjects = _read(frame, time=time, event=event, biomarker=biomarker, strata=strata, entry=entry, inner=inner)
    profile = _profile_frame(subjects)
    best = int(np.argmax(np.abs(subjects.z)))
    cut = float(subjects.cuts[best])
    p, critical = _permuted(subjects, permutations, seed, executor)
    log_ratio = _log_ratio(subjects, cut)
    optimism, chosen, failed = _optimism(subjects, resamples, seed, executor)
    shrunk = np.sign(log_ratio) * np.maximum(abs(log_ratio) - optimism, 0.0)
    return CutPoint(
        cut=cut,
        statistic=float(abs(subjects.z[best])),
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
        dropped=subjects.dropped,
    )


def cut_profile(
    frame: Any = None,
    *,
    time: Any,
    event: Any,
    biomarker: Any,
    strata: Any = None,
    entry: Any = None,
    inner: tuple[float, float] = (0.1, 0.9),
) -> pl.DataFrame:
    """Standardised log-rank statistic of every cut of a biomarker, for a picture; ``cut_point`` judges the best.

    Parameters and errors are those of ``cut_point``. Columns: cut, at_or_below, above, z.

    Examples
    --------
    >>> cut_profile(time=[4.0, 3, 2, 1], event=[1, 1, 1, 1], biomarker=[1.0, 2, 3, 4], inner=(0, 1))["cut"].to_list()
    [1.0, 2.0, 3.0]
    """
    return _profile_frame(
        _read(frame, time=time, event=event, biomarker=biomarker, strata=strata, entry=entry, inner=inner)
    )


def _read(
    frame: Any, *, time: Any, event: Any, biomarker: Any, strata: Any, entry: Any, inner: tuple[float, float]
) -> ScoredSubjects:
    shares = numbers_of("inner", inner)
    if len(shares) != 2 or not 0 <= shares[0] <= shares[1] <= 1:
        raise UsageError(f"inner must be an interval within 0..1; got {inner!r}")
    column = [biomarker] if isinstance(biomarker, str) else matrix(biomarker, "biomarker")
    data = read_columns(frame, time=time, event=event, terms=column, strata=strata, entry=entry)
    if len(data.design.columns) != 1 or data.design.levels:
        raise UsageError("biomarker must be one numeric column")
    if not data.event.any():
        raise DataError("no events: no cut can separate them")
    n = data.time.size
    both = data.time if data.entry is None else np.concatenate([data.time, data.entry])
    merged = np.asarray(merge_near_ties(both)[0], dtype=np.float64)
    start = None if data.entry is None else entry_times(merged[n:], merged[:n])
    stratum = np.zeros(n, dtype=np.intp) if data.strata is None else data.strata.codes
    layers = 1 if data.strata is None else len(data.strata)
    within = (shares[0], shares[1])
    return ScoredSubjects(merged[:n], data.event, data.design.x[0], start, stratum, layers, within, data.rows - n)


def _profile_frame(subjects: ScoredSubjects) -> pl.DataFrame:
    cuts, below = subjects.cuts, subjects.below
    if not cuts.size:
        low, high = subjects.inner
        raise DataError(f"no cut leaves between {low:g} and {high:g} of the subjects at or below it")
    above = subjects.time.size - below
    return pl.DataFrame({"cut": cuts, "at_or_below": below, "above": above, "z": subjects.z})


def _permuted(subjects: ScoredSubjects, permutations: int, seed: int, executor: Executor | None) -> tuple[float, float]:
    """P of the greatest statistic, and the value that 5 % of the permutations exceed."""
    blocks = spans(permutations, _CELLS // subjects.time.size, executor=executor)
    found = np.concatenate(list(in_order(partial(_greatest, subjects, seed), blocks, executor=executor)))
    as_large = int(np.count_nonzero(found >= np.abs(subjects.z).max() * (1 - 1e-12)))
    return (1 + as_large) / (1 + permutations), float(np.quantile(found, 0.95))


def _greatest(subjects: ScoredSubjects, seed: int, block: tuple[int, int]) -> Vector:
    """Greatest statistic of each of some permutations."""
    numbers = uniforms(seed, "cut-point permutations", *block, subjects.time.size)
    return np.abs(subjects.shuffled(numbers)).max(axis=1)


def _log_ratio(subjects: ScoredSubjects, cut: float) -> float:
    """Log hazard ratio above against at or below; infinite, with its sign, where one side has no events."""
    high = (subjects.biomarker > cut).astype(np.float64)
    strata = None if subjects.n_strata == 1 else subjects.stratum
    try:
        fit = cox(time=subjects.time, event=subjects.event, terms=high, entry=subjects.entry, strata=strata)
        return float(fit.coef[0])
    except Codon12Error:
        return float(np.copysign(np.inf, subjects.scores @ high))


def _optimism(
    subjects: ScoredSubjects, resamples: int, seed: int, executor: Executor | None
) -> tuple[float, Vector, int]:
    """Mean optimism of the log hazard ratio, best cuts of the resamples, and how many gave no ratio."""
    blocks = spans(resamples, _CELLS // subjects.time.size, executor=executor)
    found = [one for part in in_order(partial(_resamples, subjects, seed), blocks, executor=executor) for one in part]
    gaps = [gap for _, gap in found if gap is not None]
    mean = max(float(np.mean(gaps)), 0.0) if gaps else float("nan")
    return mean, np.array([cut for cut, _ in found if cut is not None]), len(found) - len(gaps)


def _resamples(subjects: ScoredSubjects, seed: int, block: tuple[int, int]) -> list[tuple[float | None, float | None]]:
    """Best cut of each of some resamples, and its log hazard ratio there less that in the data; None: not there."""
    out: list[tuple[float | None, float | None]] = []
    for numbers in uniforms(seed, "cut-point resamples", *block, subjects.time.size):
        again = subjects.resampled(numbers)
        if not again.below.size or not again.event.any():
            out.append((None, None))
            continue
        cut = float(again.cuts[np.argmax(np.abs(again.z))])
        here, there = _log_ratio(again, cut), _log_ratio(subjects, cut)
        known = np.isfinite(here) and np.isfinite(there)
        out.append((cut, float(np.sign(here) * (here - there)) if known else None))
    return out
