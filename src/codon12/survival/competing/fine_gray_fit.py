"""What Fine and Gray's regression gives: coefficients with their covariance, tests, incidence of new subjects."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.survival.competing.fine_gray_likelihood import FineGrayLikelihood, eta_residuals, psi_residuals
from codon12.survival.cox.model_test import ModelTest
from codon12.survival.cox.newton import Maximum
from codon12.survival.cox.residuals import cluster_sums
from codon12.survival.cox.wald import wald_frame
from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, ratio_rows
from codon12.survival.results.text import ratios
from codon12.survival.subjects.columns import Factor
from codon12.survival.subjects.design import DesignMatrix
from codon12.survival.subjects.frame import strata_of_new
from codon12.survival.subjects.subjects import FEW_CLUSTERS, clusters_text, left_out

__all__ = ["FineGrayFit", "FineGrayWeights"]

FineGrayWeights = Literal["crr", "finegray"]
Vector = NDArray[Any]


@dataclass(frozen=True, repr=False)
class FineGrayFit(Result):
    """Result of ``fine_gray``."""

    likelihood: FineGrayLikelihood
    maximum: Maximum
    design: DesignMatrix
    centre: Vector
    scale: Vector
    cause: Any
    method: FineGrayWeights
    n: int
    events: int
    competing: int
    level: float
    strata: tuple[str, ...] | None = None
    """Labels of the baseline strata; None without."""
    cluster: Factor | None = None
    dropped: int = 0
    """Rows left out for a missing value."""
    strata_columns: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    """Of censoring strata whose weights end with their follow-up though their last subject had an event."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know to judge the numbers."""
        count = None if self.cluster is None else len(self.cluster)
        few = (f"variance over {clusters_text(count)}",) if count is not None and count < FEW_CLUSTERS else ()
        return few + self.stopped

    @property
    def coef(self) -> Vector:
        """Log subdistribution hazard ratios."""
        return self.maximum.at.beta / self.scale

    @property
    def naive_covariance(self) -> Vector:
        """Inverse of the information, which ignores that the weights are estimated."""
        return self.maximum.covariance / np.outer(self.scale, self.scale)

    def _sandwich(self, residuals: Vector) -> Vector:
        influence = cluster_sums(residuals.T @ self.maximum.covariance, self.cluster)
        return influence.T @ influence / np.outer(self.scale, self.scale)

    @cached_property
    def covariance(self) -> Vector:
        """Sandwich with the contribution of the estimated censoring distribution (Fine and Gray 1999).

        With censoring strata, q(u) is the derivative of the whole score by the censoring hazard of one stratum at u,
        so events of all strata count in it. ``crr`` (cmprsk 2.2-11) sums over the events of that stratum alone, and its
        variance differs; a test derives both on 16 rows. With weights, late entry or baseline strata that contribution
        is left out, as in R's ``coxph`` on ``finegray`` data: it is ``robust_covariance``.
        """
        at = self.likelihood
        if at.weight is not None or at.entry is not None or self.strata is not None:
            return self.robust_covariance
        return self._sandwich(eta_residuals(at, self.maximum) + psi_residuals(at, self.maximum))

    @cached_property
    def robust_covariance(self) -> Vector:
        """Sandwich over subjects (or clusters) that takes the weights from the censoring distribution as known."""
        return self._sandwich(eta_residuals(self.likelihood, self.maximum))

    @property
    def std_error(self) -> Vector:
        """Standard errors from the sandwich."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def loglik(self) -> float:
        """Log pseudo-likelihood at the estimate."""
        return self.maximum.at.loglik

    @property
    def loglik_null(self) -> float:
        """Log pseudo-likelihood with every coefficient zero."""
        return self.maximum.null.loglik

    @property
    def wald(self) -> ModelTest:
        """Wald test that every coefficient is zero."""
        size = np.where(self.std_error > 0, self.std_error, 1.0)
        scaled = self.coef / size
        scaled_covariance = self.covariance / np.outer(size, size)
        value = float(scaled @ np.linalg.lstsq(scaled_covariance, scaled, rcond=1e-13)[0])
        return ModelTest("Wald", value, size.size)

    def to_frame(self) -> pl.DataFrame:
        """One row a coefficient: subdistribution hazard ratio with Wald limits, standard error, z, P (none at 0)."""
        naive = np.sqrt(np.diag(self.naive_covariance))
        return wald_frame(
            self.design.columns, self.coef, self.std_error, ratio="SHR", level=self.level, naive_std_error=naive
        )

    def predict_incidence(self, frame: Any) -> pl.DataFrame:
        """Cumulative incidence of the cause for new subjects.

        One row a subject (1-based) and event time; with strata a column ``stratum``, and rows for each, or for the
        subject's own where `frame` has the columns of the strata.
        """
        x = (self.design.of(frame) - self.centre) / self.scale
        time, hazard, stratum = self.likelihood.baseline(self.maximum.at.beta)
        incidence = -np.expm1(-np.exp(x @ self.maximum.at.beta)[:, None] * hazard)
        columns: dict[str, Any] = {"subject": np.repeat(np.arange(1, x.shape[0] + 1), time.size)}
        if self.strata is not None:
            columns["stratum"] = [self.strata[s] for s in stratum] * x.shape[0]
        columns |= {"time": np.tile(time, x.shape[0]), "incidence": incidence.ravel()}
        found = pl.DataFrame(columns)
        codes = None if self.strata is None else strata_of_new(frame, self.strata_columns, self.strata)
        return found if codes is None else found.filter(pl.Series((stratum == codes[:, None]).ravel()))

    def __repr__(self) -> str:
        head = f"Fine-Gray regression of cause {self.cause!r} ({self.method})"
        size = f"n = {self.n}, events = {self.events}, competing = {self.competing}"
        size += f" ({self.dropped} left out for missing values)" if self.dropped else ""
        found = ratios(self.to_frame(), "SHR", self.level)
        return "\n".join([head, size, found, *(f"note: {n}" for n in self.notes)])

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        method = f"Fine-Gray regression ({self.method}), Wald limits"
        method += left_out(self.dropped) + "".join(f"; {n}" for n in self.notes)
        size = {"n": self.events, "N": self.n, "conf_level": self.level, "method": method}
        return ratio_rows(self.to_frame(), "SHR", "shr", **size)
