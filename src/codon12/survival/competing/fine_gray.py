"""Fine and Gray's regression of the subdistribution hazard of one cause among competing ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.errors import DataError, UsageError
from codon12.survival.competing.fine_gray_cells import cells
from codon12.survival.competing.fine_gray_likelihood import FineGrayLikelihood, eta_residuals, psi_residuals
from codon12.survival.cox.model_test import ModelTest
from codon12.survival.cox.newton import Maximum, combination, independent_columns, maximise
from codon12.survival.cox.residuals import cluster_sums
from codon12.survival.cox.wald import wald_frame
from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, ratio_rows
from codon12.survival.results.text import ratios
from codon12.survival.subjects.columns import Factor, combined_factor
from codon12.survival.subjects.design import DesignMatrix
from codon12.survival.subjects.frame import read_columns

__all__ = ["FineGrayFit", "FineGrayWeights", "fine_gray"]

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

        One row a subject (1-based) and event time; with strata a column ``stratum``, and rows for each.
        """
        x = (self.design.of(frame) - self.centre) / self.scale
        time, hazard, stratum = self.likelihood.baseline(self.maximum.at.beta)
        incidence = -np.expm1(-np.exp(x @ self.maximum.at.beta)[:, None] * hazard)
        columns: dict[str, Any] = {"subject": np.repeat(np.arange(1, x.shape[0] + 1), time.size)}
        if self.strata is not None:
            columns["stratum"] = [self.strata[s] for s in stratum] * x.shape[0]
        columns |= {"time": np.tile(time, x.shape[0]), "incidence": incidence.ravel()}
        return pl.DataFrame(columns)

    def __repr__(self) -> str:
        head = f"Fine-Gray regression of cause {self.cause!r} ({self.method})"
        size = f"n = {self.n}, events = {self.events}, competing = {self.competing}"
        return f"{head}\n{size}\n{ratios(self.to_frame(), 'SHR', self.level)}"

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        method = f"Fine-Gray regression ({self.method}), Wald limits"
        size = {"n": self.events, "N": self.n, "conf_level": self.level, "method": method}
        return ratio_rows(self.to_frame(), "SHR", "shr", **size)


def fine_gray(
    frame: pl.DataFrame | Mapping[str, Any] | None = None,
    *,
    time: Any,
    event: Any,
    terms: Any,
    cause: Any = 1,
    censored: Any = 0,
    strata: Any = None,
    censoring_strata: Any = None,
    weights: Any = None,
    entry: Any = None,
    cluster: Any = None,
    method: FineGrayWeights = "crr",
    level: float = 0.95,
) -> FineGrayFit:
    """Regress the subdistribution hazard of one cause on covariates.

    Who had a competing event stays in the risk set with the weight G(t-)/G(T-), the chance of not having been
    censored since. Ties are Breslow's.

    Parameters
    ----------
    frame, time, terms
        As in ``cox``; rows with a missing value are left out.
    event
        What happened, one code or text a subject.
    cause, censored
        The code of the event of interest, and of censoring; all other codes are competing events.
    strata
        Column or columns whose levels have their own baseline hazard.
    censoring_strata
        Column or columns whose levels have their own censoring distribution G (``cengroup`` of R's ``crr``).
    weights
        Positive case weights. They do not enter G, as in R's ``finegray``.
    entry
        Start of observation. The weights are then G H: H is the chance of having entered, by the product limit of
        entries backwards in time.
    cluster
        Column of dependent rows, for the variance.
    method
        How G treats ties of events and censorings: ``crr`` (R's cmprsk) keeps the dead in the risk set of the
        censored at the same time, ``finegray`` (R's survival) takes events to come first.
    level
        Confidence level.

    Raises
    ------
    UsageError
        Unknown method or column.
    DataError
        No event of the cause, collinear terms, a term that separates, or late entry that leaves one subject alone
        under observation.

    References
    ----------
    Fine and Gray 1999; Gray's cmprsk; Geskus 2011 (late entry); Zhou et al. 2011 (strata).

    Examples
    --------
    >>> fit = fine_gray(time=[1, 2, 3, 4, 5, 6], event=[1, 2, 0, 1, 1, 0], terms=[[0.0], [1], [0], [1], [0], [1]])
    >>> fit.events, fit.competing
    (3, 1)
    """
    if method not in get_args(FineGrayWeights):
        raise UsageError(f"method must be one of {', '.join(get_args(FineGrayWeights))}; got {method!r}")
    codes = _codes(frame, event)
    known = codes.is_not_null()
    flag = pl.select(pl.when(known).then((codes != censored).cast(pl.Int8))).to_series()
    layers, groups = _columns(frame, strata), _columns(frame, censoring_strata)
    options = {"weights": weights, "entry": entry, "cluster": cluster}
    data = read_columns(frame, time=time, event=flag, terms=terms, strata=[*layers, *groups] or None, **options)
    kept = codes if data.used is None else codes.gather(data.used)
    is_cause = (kept == cause).to_numpy()
    if not is_cause.any():
        shown = ", ".join(map(str, kept.unique().sort().to_list()[:8]))
        raise DataError(f"no event of cause {cause!r}; codes that occur are {shown}")
    competing = data.event & ~is_cause
    baseline, censoring = (_factor(c, data.used, is_cause.size) for c in (layers, groups))
    x = data.design.x
    centre = x.mean(axis=1)
    scale = np.abs(x - centre[:, None]).mean(axis=1)
    scale = np.where(scale > 1e-14 * np.abs(centre), scale, 1.0)
    found_cells = cells(
        np.asarray(data.time, dtype=np.float64),
        data.event,
        entry=data.entry,
        strata=baseline,
        censoring=censoring,
        events_first=method == "finegray",
    )
    likelihood = FineGrayLikelihood(
        x=(x - centre[:, None]) / scale[:, None],
        cause=is_cause,
        competing=competing,
        weight=data.weights,
        **vars(found_cells),
    )
    null = likelihood.evaluate(np.zeros(scale.size))
    if null is None:
        raise DataError("the pseudo-likelihood is not finite at zero: look for covariates of extreme size")
    names = [c.name for c in data.design.columns]
    aliased = independent_columns(null.information)[1]
    if aliased:
        bad = combination([repr(names[j]) for j in aliased])
        raise DataError(f"{bad} cannot be estimated: constant, or determined by other terms; leave out")
    found = maximise(likelihood, null)
    if found.separating:
        bad = combination([repr(names[k]) for k, _ in found.separating])
        raise DataError(f"{bad} separates events of cause {cause!r} from the rest: its hazard ratio is not finite")
    return FineGrayFit(
        likelihood=likelihood,
        maximum=found,
        design=data.design,
        centre=centre,
        scale=scale,
        cause=cause,
        method=method,
        n=int(is_cause.size),
        events=int(is_cause.sum()),
        competing=int(competing.sum()),
        level=level,
        strata=None if baseline is None else baseline.labels,
        cluster=data.cluster,
    )


def _columns(frame: Any, given: Any) -> list[pl.Series]:
    """Columns named, or given as values."""
    if given is None:
        return []
    if isinstance(given, pl.DataFrame):
        return given.get_columns()
    if isinstance(given, str):
        return [_codes(frame, given, what="strata")]
    several = isinstance(given, (list, tuple)) and not np.isscalar(given[0])
    named = isinstance(given, (list, tuple)) and frame is not None and all(isinstance(v, str) for v in given)
    return [_codes(frame, v, what="strata") for v in given] if several or named else [_codes(frame, given)]


def _factor(columns: list[pl.Series], used: Vector | None, size: int) -> Factor | None:
    if not columns:
        return None
    return combined_factor([c if used is None else c.gather(used) for c in columns], size)


def _codes(frame: Any, event: Any, *, what: str = "event") -> pl.Series:
    if not isinstance(event, str):
        return event if isinstance(event, pl.Series) else pl.Series(what, np.asarray(event))
    columns = frame.columns if isinstance(frame, pl.DataFrame) else list(frame or [])
    if event not in columns:
        raise UsageError(f"{what}: no column {event!r}; columns are {', '.join(columns[:30])}")
    found = frame[event]
    return found if isinstance(found, pl.Series) else pl.Series(event, np.asarray(found))
