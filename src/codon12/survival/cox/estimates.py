"""Coefficients of a Cox model with the variance in force, and the tests of them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from codon12.survival.cox.likelihood import PartialLikelihood
from codon12.survival.cox.model_test import ModelTest, quadratic
from codon12.survival.cox.moments import Moments
from codon12.survival.cox.residuals import cluster_sums, residuals
from codon12.survival.cox.solution import CoxSolution
from codon12.survival.cox.wald import wald_frame

if TYPE_CHECKING:
    import polars as pl

__all__ = ["CoxEstimates"]

Vector = NDArray[Any]


class CoxEstimates(CoxSolution):
    """A solution with standard errors, limits and P values."""

    @cached_property
    def robust_covariance(self) -> Vector:
        """Sandwich variance: sums of squares of the (clustered) influences."""
        influence = cluster_sums(residuals(self, "dfbeta"), self.data.cluster)
        return influence.T @ influence

    @property
    def covariance(self) -> Vector:
        """The variance in force: robust where asked for or needed, else the inverse information."""
        return self.robust_covariance if self.use_robust else self.naive_covariance

    @cached_property
    def coef(self) -> Vector:
        """Log hazard ratios; NaN for a collinear column."""
        return self._full(self.estimated)

    @cached_property
    def std_error(self) -> Vector:
        """Standard errors, robust where in force."""
        return self._full(np.sqrt(np.diag(self.covariance)))

    @cached_property
    def coefficients(self) -> pl.DataFrame:
        """One row a coefficient: HR with Wald limits, standard errors, z, P, log10 P; null if collinear or SE is 0."""
        robust = self._full(np.sqrt(np.diag(self.robust_covariance))) if self.use_robust else None
        others = {
            "naive_std_error": self._full(np.sqrt(np.diag(self.naive_covariance))),
            "robust_std_error": np.full(self.coef.size, np.nan) if robust is None else robust,
        }
        return wald_frame(self.data.design.columns, self.coef, self.std_error, ratio="HR", level=self.level, **others)

    def to_frame(self) -> pl.DataFrame:
        """The coefficients."""
        return self.coefficients

    @property
    def likelihood_ratio(self) -> ModelTest:
        """Twice the gain in log likelihood."""
        return ModelTest("likelihood ratio", max(2 * (self.loglik - self.loglik_null), 0.0), self.df)

    @property
    def wald(self) -> ModelTest:
        """Wald test with the variance in force."""
        return ModelTest("Wald", quadratic(self.covariance, self.estimated), self.df)

    @property
    def score(self) -> ModelTest:
        """Score test at zero; for one binary covariate without ties it is the log-rank test."""
        null = self.maximum.null
        return ModelTest("score", quadratic(null.information, null.score), self.df)

    @cached_property
    def robust_score(self) -> ModelTest | None:
        """Score test with the sandwich variance at zero; None where the variance is not robust."""
        if not self.use_robust or not isinstance(self.likelihood, PartialLikelihood):
            return None
        at_zero = residuals(self, "score", moments=Moments.of(self.likelihood, self.estimated * 0))
        if self.data.weights is not None:
            at_zero = at_zero * self.data.weights[:, None]
        sums = cluster_sums(at_zero, self.data.cluster)
        return ModelTest("robust score", quadratic(sums.T @ sums, sums.sum(axis=0)), self.df)

    @property
    def tests(self) -> pl.DataFrame:
        """Likelihood-ratio, Wald, score and, where in force, robust score test."""
        import polars as pl

        found = [self.likelihood_ratio, self.wald, self.score, self.robust_score]
        return pl.concat([t.to_frame() for t in found if t is not None])
