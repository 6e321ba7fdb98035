"""Fine and Gray's regression of the subdistribution hazard of one cause among competing ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from numbers import Real
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
from codon12.survival.subjects.frame import CoxData, frame_columns, read_columns, strata_of_new
from codon12.survival.subjects.options import check_choice, check_level
from codon12.survival.subjects.reading import Column, column, table
from codon12.survival.subjects.subjects import FEW_CLUSTERS, clusters_text, left_out
from codon12.survival.subjects.ties import snapped

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


def fine_gray(
    frame: Any = None,
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
        censored at the same time, ``finegray`` (R's survival) takes events to come first. And what G is after the last
        subject of a censoring stratum, if that one had an event: ``crr`` takes 0, as cmprsk does, which the result's
        ``notes`` tell; ``finegray`` keeps the last value of its product limit.
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
    check_choice("method", method, get_args(FineGrayWeights))
    check_level(level)
    if terms is None:
        raise UsageError("terms must name at least one column of the frame, or be numbers; got None")
    held = None if frame is None else table(frame)
    codes = _codes(held, event)
    known = codes.is_not_null()
    flag = pl.select(pl.when(known).then((codes != _own(codes, censored, "censored")).cast(pl.Int8))).to_series()
    layers, groups = (
        frame_columns(held, v, n) for v, n in ((strata, "strata"), (censoring_strata, "censoring_strata"))
    )
    options = {"weights": weights, "entry": entry, "cluster": cluster}
    both = [c for _, c in (*layers, *groups)]
    data = read_columns(held, time=time, event=flag, terms=terms, strata=both or None, **options)
    kept = codes if data.used is None else codes.gather(data.used)
    is_cause = (kept == _own(codes, cause, "cause")).to_numpy()
    if not is_cause.any():
        shown = ", ".join(map(str, kept.unique().sort().to_list()[:8]))
        raise DataError(f"no event of cause {cause!r}; codes that occur are {shown}")
    if cause == censored:
        raise UsageError(f"cause and censored are the same code {cause!r}")
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
        dropped=data.rows - int(is_cause.size),
        stopped=() if method == "finegray" or censoring is None else _stopped(data, is_cause, competing, censoring),
        strata_columns=tuple(n for n, _ in layers if n is not None) if all(n for n, _ in layers) else (),
    )


def _stopped(data: CoxData, is_cause: Vector, competing: Vector, censoring: Factor) -> tuple[str, ...]:
    """Sentences on censoring strata that end with an event, after which others have events of the cause."""
    out = []
    clock = snapped(data.time)[0]
    last_event = clock[is_cause].max()
    for g, label in enumerate(censoring.labels):
        own = censoring.codes == g
        last = clock[own].max()
        open_ended = data.event[own & (clock == last)].all() and last < last_event and bool((competing & own).any())
        if open_ended:
            out.append(
                f"censoring stratum {label} ends with an event at {last:g}: as in cmprsk its competing events have no"
                " weight afterwards (method='finegray' keeps the last weight)"
            )
    return tuple(out)


def _factor(columns: list[tuple[str | None, Column]], used: Vector | None, size: int) -> Factor | None:
    if not columns:
        return None
    return combined_factor([c if used is None else c[used] for _, c in columns], size)


def _codes(held: pl.DataFrame | None, event: Any) -> pl.Series:
    """What happened to each subject, as a series; missing is null."""
    if isinstance(event, str):
        if held is None or event not in held.columns:
            columns = ", ".join([] if held is None else held.columns[:30])
            raise UsageError(f"event: no column {event!r}; columns are {columns}")
        event = held[event]
    found = column(event, "event")
    if isinstance(found, np.ndarray):
        found = pl.Series("event", found)
        return found.fill_nan(None) if found.dtype.is_float() else found
    if found.dtype.is_temporal():
        raise UsageError(f"event must be codes or texts; got values of type {found.dtype}")
    return found if found.dtype == pl.Boolean else found.cast(pl.String)


def _own(codes: pl.Series, value: Any, what: str) -> Any:
    """A code that can be compared with those of the column: a text, a boolean, or a whole number as they are."""
    if codes.dtype == pl.String:
        fits = isinstance(value, str)
    elif codes.dtype == pl.Boolean:
        fits = isinstance(value, (bool, np.bool_))
    else:
        fits = isinstance(value, Real) and not isinstance(value, (bool, np.bool_)) and float(value).is_integer()
    if not fits:
        raise UsageError(f"{what} must be one code of event, which holds {codes.dtype}; got {value!r}")
    return value
