"""A fitted Cox model: estimates, tests, and everything that follows from them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from codon12.survival.cox_data import CoxData
from codon12.survival.cox_newton import Maximum
from codon12.survival.partial_likelihood import PartialLikelihood, Ties
from codon12.survival.partial_likelihood_exact import ExactLikelihood
from codon12.survival.residuals import Kind, Moments, cluster_sums, residuals
from codon12.survival.result import Result
from codon12.survival.tails import chi_square_log10_p, chi_square_p, normal_p

if TYPE_CHECKING:
    import polars as pl

    from codon12.survival.concordance import Concordance
    from codon12.survival.cox_baseline import BaselineHazard, PredictedSurvival
    from codon12.survival.proportional_hazards import ProportionalHazardsTest, Transform

__all__ = ["CoxFit", "ModelTest"]

Vector = NDArray[Any]


@dataclass(frozen=True, repr=False)
class ModelTest(Result):
    """A chi-square test that every coefficient is zero."""

    name: str
    statistic: float
    df: int

    @property
    def p(self) -> float:
        """Upper-tail P (0 only where it is below the smallest double; see `log10_p`)."""
        return chi_square_p(self.statistic, self.df)

    @property
    def log10_p(self) -> float:
        """Decimal logarithm of P."""
        return chi_square_log10_p(self.statistic, self.df)

    def to_frame(self) -> pl.DataFrame:
        """One row: test, statistic, df, P and log10 P."""
        import polars as pl

        return pl.DataFrame(
            [(self.name, self.statistic, self.df, self.p, self.log10_p)],
            schema=["test", "statistic", "df", "p", "log10_p"],
            orient="row",
        )


@dataclass(frozen=True, repr=False)
class CoxFit(Result):
    """Result of ``cox``; everything but the maximum itself is computed when asked for."""

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
    def robust_covariance(self) -> Vector:
        """Sandwich variance: sums of squares of the (clustered) influences."""
        influence = cluster_sums(residuals(self, "dfbeta"), self.data.cluster)
        return influence.T @ influence

    @property
    def covariance(self) -> Vector:
        """The variance in force: robust where asked for or needed, else the inverse information."""
        return self.robust_covariance if self.use_robust else self.naive_covariance

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
        import polars as pl
        from scipy import special

        z_level = -special.ndtri((1 - self.level) / 2)
        se = self.std_error
        z = np.divide(self.coef, se, out=np.full(se.size, np.nan), where=se > 0)
        columns = self.data.design.columns
        # An HR beyond the largest double is infinite by rounding only; coef always tells.
        with np.errstate(over="ignore"):
            ratio, lower, upper = (np.exp(self.coef + k * z_level * se) for k in (0, -1, 1))
        robust = self._full(np.sqrt(np.diag(self.robust_covariance))) if self.use_robust else None
        frame = pl.DataFrame(
            {
                "term": [c.term for c in columns],
                "level": [c.level for c in columns],
                "coef": self.coef,
                "HR": ratio,
                "lower": lower,
                "upper": upper,
                "std_error": se,
                "naive_std_error": self._full(np.sqrt(np.diag(self.naive_covariance))),
                "robust_std_error": np.full(se.size, np.nan) if robust is None else robust,
                "z": z,
                "p": [normal_p(v) for v in z],
                "log10_p": [chi_square_log10_p(v * v, 1) if np.isfinite(v) else math.nan for v in z],
            },
            schema_overrides={"level": pl.String},
        )
        return frame.with_columns(pl.selectors.float().fill_nan(None))

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
        return ModelTest("Wald", _quadratic(self.covariance, self.estimated), self.df)

    @property
    def score(self) -> ModelTest:
        """Score test at zero; for one binary covariate without ties it is the log-rank test."""
        null = self.maximum.null
        return ModelTest("score", _quadratic(null.information, null.score), self.df)

    @cached_property
    def robust_score(self) -> ModelTest | None:
        """Score test with the sandwich variance at zero; None where the variance is not robust."""
        if not self.use_robust or not isinstance(self.likelihood, PartialLikelihood):
            return None
        at_zero = residuals(self, "score", moments=Moments.of(self.likelihood, self.estimated * 0))
        if self.data.weights is not None:
            at_zero = at_zero * self.data.weights[:, None]
        sums = cluster_sums(at_zero, self.data.cluster)
        return ModelTest("robust score", _quadratic(sums.T @ sums, sums.sum(axis=0)), self.df)

    @property
    def tests(self) -> pl.DataFrame:
        """Likelihood-ratio, Wald, score and, where in force, robust score test."""
        import polars as pl

        found = [self.likelihood_ratio, self.wald, self.score, self.robust_score]
        return pl.concat([t.to_frame() for t in found if t is not None])

    def profile_limits(self, *, level: float | None = None) -> pl.DataFrame:
        """Hazard ratios with profile-likelihood limits (penalised under Firth's penalty)."""
        from codon12.survival.cox_profile import profile_limits

        return profile_limits(self, level=self.level if level is None else level)

    def residuals(self, kind: Kind) -> Vector:
        """Residuals of one kind: rows in the order of the data used, Schoenfeld rows in order of events."""
        return residuals(self, kind)

    @property
    def means(self) -> Vector:
        """Mean of every column of the design, weighted; zero for a column of -1, 0 and 1 alone.

        R's ``coxph`` likewise does not centre such columns, and with `entry` does not weight the means.
        """
        x, weights = self.data.design.x, self.data.weights
        mean = np.average(x, axis=1, weights=weights if self.data.entry is None else None)
        indicator = ((x == 0) | (np.abs(x) == 1)).all(axis=1)
        return np.where(indicator, 0.0, mean)

    def baseline_hazard(self, *, centered: bool = False) -> BaselineHazard:
        """Cumulative baseline hazard: at covariates of zero, or at ``means`` where `centered` (as R's basehaz)."""
        from codon12.survival.cox_baseline import baseline_hazard

        return baseline_hazard(self, centered=centered)

    def predict_survival(
        self, frame: Any, *, conf_type: Literal["log", "log-log", "plain"] = "log", strata: Any = None
    ) -> PredictedSurvival:
        """Survival curves of new subjects in every stratum, with limits that include the coefficients' error."""
        from codon12.survival.cox_baseline import predict_survival

        return predict_survival(self, frame, conf_type=conf_type, strata=strata)

    def linear_predictor(self) -> Vector:
        """Log relative hazard of every row used, against all covariates at zero."""
        # Summed column by column, so that equal covariates give equal predictors to the last bit.
        total = np.zeros(self.n)
        for k, value in zip(self.kept, self.estimated, strict=True):
            total += value * self.data.design.x[k]
        return total

    def proportional_hazards_test(
        self, transform: Transform = "km", *, by_term: bool = True
    ) -> ProportionalHazardsTest:
        """Score test that coefficients do not change with (transformed) time, per term and over all."""
        from codon12.survival.proportional_hazards import proportional_hazards_test

        return proportional_hazards_test(self, transform=transform, by_term=by_term)

    def concordance(self, *, timewt: Any = "n") -> Concordance:
        """Concordance of the linear predictor with survival (a higher predictor goes with earlier events)."""
        from codon12.survival.concordance import concordance_of

        d = self.data
        return concordance_of(
            d.time,
            d.event,
            self.linear_predictor(),
            timewt=timewt,
            reverse=True,
            entry=d.entry,
            weights=d.weights,
            stratum=None if d.strata is None else d.strata.codes,
            cluster=d.cluster,
        )


def _quadratic(matrix: Vector, vector: Vector) -> float:
    """``v' M^-1 v``, scaled so that units do not matter."""
    size = np.sqrt(np.maximum(np.diag(matrix), 1e-300))
    scaled = vector / size
    return float(scaled @ np.linalg.lstsq(matrix / np.outer(size, size), scaled, rcond=1e-13)[0])
