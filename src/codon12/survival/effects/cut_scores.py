"""Log-rank scores of subjects, and the standardised sum of those above each cut of a biomarker."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["ScoredSubjects"]

Vector = NDArray[Any]


@dataclass(frozen=True)
class ScoredSubjects:
    """Columns of one sample; near ties of times are merged already."""

    time: Vector
    event: NDArray[np.bool_]
    biomarker: Vector
    entry: Vector | None
    stratum: NDArray[np.intp]
    n_strata: int
    inner: tuple[float, float]
    """Least and greatest share of subjects at or below a cut."""
    dropped: int = 0
    """Rows left out for a missing value."""

    def resampled(self, numbers: Vector) -> ScoredSubjects:
        """Draw as many subjects from each stratum as it has, with replacement, by a uniform number a subject."""
        pick = np.empty(self.time.size, dtype=np.intp)
        for own in self.members:
            pick[own] = own[(numbers[own] * own.size).astype(np.intp)]
        entry = None if self.entry is None else self.entry[pick]
        columns = self.time[pick], self.event[pick], self.biomarker[pick], entry, self.stratum[pick]
        return ScoredSubjects(*columns, self.n_strata, self.inner)

    @cached_property
    def members(self) -> list[NDArray[np.intp]]:
        """Subjects of each stratum."""
        return [np.flatnonzero(self.stratum == s) for s in range(self.n_strata)]

    @cached_property
    def scores(self) -> Vector:
        """Event minus the Nelson-Aalen hazard of the stratum while under observation; they sum to zero in each."""
        distinct, at = np.unique(self.time, return_inverse=True)
        shape, width = (self.n_strata, distinct.size), distinct.size
        cell = self.stratum * width + at
        deaths = np.bincount(cell, weights=self.event, minlength=shape[0] * width).reshape(shape)
        risk = np.bincount(cell, minlength=shape[0] * width).reshape(shape)
        first = None
        if self.entry is not None:
            first = np.searchsorted(distinct, self.entry, side="right")  # at risk from this time on
            late = self.stratum * width + np.maximum(first - 1, 0)
            risk = risk - np.bincount(late, weights=first > 0, minlength=shape[0] * width).reshape(shape)
        risk = np.cumsum(risk[:, ::-1], axis=1)[:, ::-1]
        hazard = np.zeros((shape[0], width + 1))
        np.cumsum(np.divide(deaths, risk, out=np.zeros(shape), where=deaths > 0), axis=1, out=hazard[:, 1:])
        exposed = hazard[self.stratum, at + 1]
        return self.event - (exposed if first is None else exposed - hazard[self.stratum, first])

    @cached_property
    def order(self) -> NDArray[np.intp]:
        """Subjects by biomarker."""
        return np.argsort(self.biomarker, kind="stable")

    @cached_property
    def below(self) -> NDArray[np.intp]:
        """How many subjects lie at or below each allowed cut."""
        n = self.time.size
        found = np.flatnonzero(np.diff(self.biomarker[self.order]) > 0) + 1
        return found[(found >= self.inner[0] * n - 1e-9) & (found <= self.inner[1] * n + 1e-9)]

    @property
    def cuts(self) -> Vector:
        """The allowed cuts: subjects above are compared with those at or below."""
        return self.biomarker[self.order][self.below - 1]

    @cached_property
    def spread(self) -> Vector:
        """Standard deviation of the sum above each cut when scores are exchanged within strata."""
        variance = np.zeros(self.below.size)
        layer = self.stratum[self.order]
        for s, own in enumerate(self.members):
            n, scores = own.size, self.scores[own]
            if n > 1:
                low = np.cumsum(layer == s)[self.below - 1]
                variance += low * (n - low) / (n * (n - 1)) * np.sum((scores - scores.mean()) ** 2)
        return np.sqrt(variance)

    def standardised(self, sums: Vector) -> Vector:
        """Sums at or below the cuts (last axis), as those above over their standard deviation; 0 where that is 0."""
        return np.divide(-sums, self.spread, out=np.zeros(sums.shape), where=self.spread > 0)

    @cached_property
    def z(self) -> Vector:
        """Standardised log-rank statistic of each cut."""
        return self.standardised(np.cumsum(self.scores[self.order])[self.below - 1])

    def shuffled(self, numbers: Vector) -> Vector:
        """Statistics of every cut (columns) with the scores exchanged within strata, once a row of uniform numbers."""
        mixed = np.empty(numbers.shape)
        layer = self.stratum[self.order]
        for s, own in enumerate(self.members):
            mixed[:, layer == s] = self.scores[own][np.argsort(numbers[:, own], axis=1, kind="stable")]
        return self.standardised(np.cumsum(mixed, axis=1)[:, self.below - 1])
