"""The max-combo test: the largest of several weighted log-rank statistics, for non-proportional hazards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from codon12.errors import DataError, UsageError
from codon12.survival.comparisons.event_table import event_table, score_and_variance
from codon12.survival.comparisons.normal_box import exceedance
from codon12.survival.comparisons.weightings import event_weights, weighting_name
from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, row_of
from codon12.survival.results.text import p_text, table
from codon12.survival.subjects.subjects import left_out

__all__ = ["MaxCombo", "max_combo"]


@dataclass(frozen=True, eq=False, repr=False)
class MaxCombo(Result):
    """Weighted log-rank statistics, their correlation, and the P value of the largest."""

    weightings: tuple[str, ...]
    z: NDArray[np.float64]
    correlation: NDArray[np.float64]
    statistic: float
    p: float
    largest: str
    dropped: int = 0
    """Rows left out because their group or stratum is missing."""

    def to_frame(self) -> pl.DataFrame:
        """One row a weighting: its z; ``p`` belongs to the largest of them and stands in its row alone."""
        p = [self.p if w == self.largest else None for w in self.weightings]
        return pl.DataFrame({"weighting": self.weightings, "z": self.z, "p": p}, schema_overrides={"p": pl.Float64})

    def __repr__(self) -> str:
        shown = table(("weighting", "z"), zip(self.weightings, self.z.tolist(), strict=True))
        largest = f"largest |z| = {self.statistic:.4g} ({self.largest}), p = {p_text(self.p)}"
        return f"Max-combo test{left_out(self.dropped)}\n{shown}\n{largest}"

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        method = f"Max-combo test of {', '.join(self.weightings)}{left_out(self.dropped)}"
        return [
            row_of(
                "max_combo_p", "p", label=f"P value (max-combo; largest: {self.largest})", value=self.p, method=method
            )
        ]


def max_combo(
    time: ArrayLike,
    event: ArrayLike,
    group: Any,
    *,
    strata: Any = None,
    rho_gamma: Sequence[tuple[float, float]] = ((0, 0), (0, 1), (1, 0), (1, 1)),
) -> MaxCombo:
    """Combine Fleming-Harrington tests of two groups into one two-sided test.

    The P value is that of the largest absolute statistic under their joint normal law, so choosing among the
    weights costs what it should. Shapes, missing values and errors are those of ``logrank``; two groups only.

    References
    ----------
    Lin et al. 2020 (Pharmaceutical Statistics, cross-pharma working group); Karrison 2016.

    Examples
    --------
    >>> found = max_combo([1, 2, 3, 4, 5, 6], [1] * 6, [0, 0, 0, 1, 1, 1])
    >>> found.largest, round(found.statistic, 4)
    ('log-rank', 2.2476)
    """
    pairs = _pairs(rho_gamma)
    table = event_table(time, event, group, strata=strata)
    if len(table.group) != 2:
        raise DataError(f"max-combo compares two groups; there are {len(table.group)}")
    deaths, at_risk = table.deaths.sum(axis=1), table.at_risk.sum(axis=1)
    weights = [
        event_weights(deaths, at_risk, table.stratum, weighting="fleming-harrington", rho=r, gamma=g) for r, g in pairs
    ]
    m = len(weights)
    score, covariance = np.empty(m), np.empty((m, m))
    for i in range(m):
        observed, expected, _ = score_and_variance(table, weights[i])
        score[i] = (observed - expected)[:, 1].sum()
        for j in range(i, m):
            covariance[i, j] = covariance[j, i] = score_and_variance(table, weights[i], weights[j])[2][1, 1]
    spread = np.sqrt(np.diag(covariance))
    if not np.all(spread > 0):
        raise DataError("a weighted statistic has no variance: too few events with both groups at risk")
    z, correlation = score / spread, covariance / np.outer(spread, spread)
    top = int(np.argmax(np.abs(z)))
    names = tuple(weighting_name("fleming-harrington", r, g) for r, g in pairs)
    statistic = float(abs(z[top]))
    return MaxCombo(names, z, correlation, statistic, exceedance(correlation, statistic), names[top], table.dropped)


def _pairs(given: Any) -> list[tuple[float, float]]:
    try:
        found = [tuple(float(v) for v in pair) for pair in given]
    except (TypeError, ValueError):
        found = []
    if not found or any(len(pair) != 2 for pair in found):
        raise UsageError(f"rho_gamma must be pairs of numbers, as ((0, 0), (0, 1)); got {given!r}")
    return found  # type: ignore[return-value]
