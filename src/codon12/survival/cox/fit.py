"""A fitted Cox model: estimates, tests, and everything that follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from numpy.typing import NDArray

from codon12.survival.cox.estimates import CoxEstimates
from codon12.survival.cox.residuals import Kind, residuals
from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, ratio_rows
from codon12.survival.results.text import ratios
from codon12.survival.subjects.subjects import left_out

if TYPE_CHECKING:
    import polars as pl

    from codon12.survival.cox.baseline import BaselineHazard, PredictedSurvival
    from codon12.survival.cox.concordance import ConcordanceIndex
    from codon12.survival.cox.proportional_hazards import ProportionalHazardsTest, Transform

__all__ = ["CoxFit"]

Vector = NDArray[Any]


@dataclass(frozen=True, repr=False)
class CoxFit(CoxEstimates, Result):
    """Result of ``cox``; everything but the maximum itself is computed when asked for."""

    def profile_limits(self, *, level: float | None = None) -> pl.DataFrame:
        """Hazard ratios with profile-likelihood limits (penalised under Firth's penalty)."""
        from codon12.survival.cox.profile import profile_limits

        return profile_limits(self, level=self.level if level is None else level)

    def residuals(self, kind: Kind) -> Vector:
        """Residuals of one kind: rows in the order of the data used, Schoenfeld rows in order of events."""
        return residuals(self, kind)

    def baseline_hazard(self, *, centered: bool = False) -> BaselineHazard:
        """Cumulative baseline hazard: at covariates of zero, or at ``means`` where `centered` (as R's basehaz)."""
        from codon12.survival.cox.baseline import baseline_hazard

        return baseline_hazard(self, centered=centered)

    def predict_survival(
        self, frame: Any, *, conf_type: Literal["log", "log-log", "plain"] = "log", strata: Any = None
    ) -> PredictedSurvival:
        """Survival curves of new subjects in every stratum, with limits that include the coefficients' error."""
        from codon12.survival.cox.baseline import predict_survival

        return predict_survival(self, frame, conf_type=conf_type, strata=strata)

    def proportional_hazards_test(
        self, transform: Transform = "km", *, by_term: bool = True
    ) -> ProportionalHazardsTest:
        """Score test that coefficients do not change with (transformed) time, per term and over all."""
        from codon12.survival.cox.proportional_hazards import proportional_hazards_test

        return proportional_hazards_test(self, transform=transform, by_term=by_term)

    def concordance(self, *, timewt: Any = "n") -> ConcordanceIndex:
        """Concordance of the linear predictor with survival (a higher predictor goes with earlier events)."""
        from codon12.survival.cox.concordance import concordance_of

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

    def __repr__(self) -> str:
        robust = ", robust standard errors" if self.use_robust else ""
        head = f"Cox regression, {self.ties.capitalize()} ties{', Firth penalty' if self.firth else ''}{robust}"
        left = f" ({self.dropped} left out for missing values)" if self.dropped else ""
        found = f"n = {self.n}, events = {self.events}{left}\n{ratios(self.coefficients, 'HR', self.level)}"
        return "\n".join([head, found, repr(self.likelihood_ratio), *(f"note: {n}" for n in self.notes)])

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        robust = ", robust variance" if self.use_robust else ""
        firth = ", Firth's penalty" if self.firth else ""
        method = f"Cox regression, {self.ties.capitalize()} ties{firth}, Wald limits{robust}"
        method += left_out(self.dropped) + "".join(f"; {n}" for n in self.notes)
        size = {"n": self.events, "N": self.n, "conf_level": self.level, "method": method}
        return ratio_rows(self.coefficients, "HR", "hr", **size)
