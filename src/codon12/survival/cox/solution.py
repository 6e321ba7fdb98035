"""Where the maximum of a partial likelihood lies, in the units of the data, and the sums over risk sets there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.survival.cox.exact import ExactLikelihood
from codon12.survival.cox.likelihood import PartialLikelihood, Ties
from codon12.survival.cox.moments import Moments
from codon12.survival.cox.newton import Maximum
from codon12.survival.subjects.frame import CoxData
from codon12.survival.subjects.subjects import FEW_CLUSTERS, clusters_text

__all__ = ["CoxSolution"]

Vector = NDArray[Any]


@dataclass(frozen=True, repr=False)
class CoxSolution:
    """Data, likelihood and maximum; what follows from them is computed when asked for."""

    data: CoxData
    likelihood: PartialLikelihood | ExactLikelihood
    maximum: Maximum
    kept: tuple[int, ...]
    """Columns of the design that were estimated; the others are collinear."""
    centre: Vector
    scale: Vector
    ties: Ties
    use_robust: bool
    firth: bool
    level: float

    @property
    def n(self) -> int:
        """Rows used."""
        return int(self.data.time.size)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know to judge the numbers."""
        count = None if self.data.cluster is None else len(self.data.cluster)
        few = count is not None and self.use_robust and count < FEW_CLUSTERS
        return (f"robust variance over {clusters_text(count)}",) if few and count is not None else ()

    @property
    def dropped(self) -> int:
        """Rows left out for a missing value."""
        return self.data.rows - self.n

    @property
    def events(self) -> int:
        """Events among the rows used."""
        return int(np.count_nonzero(self.data.event))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the coefficients."""
        return tuple(c.name for c in self.data.design.columns)

    @property
    def df(self) -> int:
        """Number of coefficients estimated."""
        return len(self.kept)

    @property
    def loglik(self) -> float:
        """Log partial likelihood at the estimate (penalised under Firth's penalty)."""
        return self.maximum.at.loglik

    @property
    def loglik_null(self) -> float:
        """Log partial likelihood with every coefficient zero."""
        return self.maximum.null.loglik

    @cached_property
    def estimated(self) -> Vector:
        """Coefficients that were estimated, in the units of the data."""
        return self.maximum.at.beta / self.scale

    @cached_property
    def naive_covariance(self) -> Vector:
        """Inverse of the information."""
        return self.maximum.covariance / np.outer(self.scale, self.scale)

    @cached_property
    def moments(self) -> Moments:
        """Sums over risk sets at the estimate, on which residuals and curves rest."""
        likelihood = self.likelihood
        if isinstance(likelihood, ExactLikelihood):  # the baseline hazard is Breslow's, as in R
            likelihood = PartialLikelihood(likelihood.order, likelihood.x, None, False)
        return Moments.of(likelihood, self.maximum.at.beta)

    def _full(self, values: Vector) -> Vector:
        """A value a coefficient, NaN for collinear columns."""
        out = np.full(len(self.names), np.nan)
        out[list(self.kept)] = values
        return out

    @property
    def means(self) -> Vector:
        """Mean of every column of the design, weighted; zero for a column of -1, 0 and 1 alone.

        R's ``coxph`` likewise does not centre such columns, and with `entry` does not weight the means.
        """
        x, weights = self.data.design.x, self.data.weights
        mean = np.average(x, axis=1, weights=weights if self.data.entry is None else None)
        indicator = ((x == 0) | (np.abs(x) == 1)).all(axis=1)
        return np.where(indicator, 0.0, mean)

    def linear_predictor(self) -> Vector:
        """Log relative hazard of every row used, against all covariates at zero."""
        # Summed column by column, so that equal covariates give equal predictors to the last bit.
        total = np.zeros(self.n)
        for k, value in zip(self.kept, self.estimated, strict=True):
            total += value * self.data.design.x[k]
        return total
