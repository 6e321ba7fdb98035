"""Baseline hazard of a Cox model, and survival curves of new subjects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from codon12.errors import UsageError
from codon12.survival.cox.estimates import CoxEstimates
from codon12.survival.results.limits import LogScale, limits_on_scale
from codon12.survival.results.result import CurveResult
from codon12.survival.results.rows import Row, row_of
from codon12.survival.subjects.frame import strata_of_new
from codon12.survival.subjects.options import check_choice
from codon12.survival.subjects.ties import last_upto, past

__all__ = ["BaselineHazard", "PredictedSurvival", "baseline_hazard", "predict_survival"]

Vector = NDArray[Any]


@dataclass(frozen=True, repr=False)
class BaselineHazard(CurveResult):
    """Cumulative hazard at every time observed, strata one after another."""

    time: Vector
    hazard: Vector
    stratum: tuple[str, ...] | None
    """Label of each row's stratum; None without strata."""

    def to_frame(self) -> pl.DataFrame:
        """Columns (stratum,) time, hazard."""
        frame = pl.DataFrame({"time": self.time, "hazard": self.hazard})
        if self.stratum is None:
            return frame
        return frame.select(pl.Series("stratum", self.stratum, dtype=pl.String), "time", "hazard")

    def __repr__(self) -> str:
        head = f"Cumulative baseline hazard at {self.time.size} times; see to_frame()"
        return f"{head}\n{self.hazard.max():.4g} at the end"

    def as_rows(self, times: Sequence[float] = ()) -> list[Row]:
        """Rows of the evidence table."""
        rows = []
        label = np.asarray(self.stratum if self.stratum is not None else ["all"] * self.time.size)
        for stratum in dict.fromkeys(label.tolist()):
            own = label == stratum
            time, hazard = self.time[own], np.append(0.0, self.hazard[own])
            for t in times or [float(time[-1])]:
                here = row_of(
                    f"cumulative_hazard_{t:g}", "value", label=f"Cumulative baseline hazard at {t:g}", level=stratum
                )
                if past(t, float(time[-1])):
                    rows.append(
                        here | dict.fromkeys(("status", "lower_status", "upper_status"), "beyond last follow-up")
                    )
                else:
                    rows.append(here | {"value": float(hazard[last_upto(time, t) + 1])})
        return [r | {"method": "Breslow or Efron cumulative baseline hazard of the Cox model"} for r in rows]


@dataclass(frozen=True, repr=False)
class PredictedSurvival(CurveResult):
    """Curves of new subjects: rows are times (strata one after another), columns are subjects."""

    time: Vector
    stratum: tuple[str, ...] | None
    survival: Vector
    cumulative_hazard: Vector
    std_error: Vector
    """Of the cumulative hazard, that is, of log survival."""
    lower: Vector
    upper: Vector
    level: float
    own: NDArray[np.bool_] | None = None
    """Which curve (of its stratum) is a subject's own, where the new subjects' strata are known; None: all are."""

    def to_frame(self) -> pl.DataFrame:
        """One row a subject (1-based) and time (of its own stratum, where that is known)."""
        times, subjects = self.survival.shape
        columns: dict[str, Any] = {"subject": np.repeat(np.arange(1, subjects + 1), times)}
        if self.stratum is not None:
            columns["stratum"] = list(self.stratum) * subjects
        columns["time"] = np.tile(self.time, subjects)
        for name in ("survival", "cumulative_hazard", "std_error", "lower", "upper"):
            columns[name] = getattr(self, name).T.ravel()
        frame = pl.DataFrame(columns)
        return frame if self.own is None else frame.filter(pl.Series(self.own.T.ravel()))

    def __repr__(self) -> str:
        times, subjects = self.survival.shape
        return f"Predicted survival of {subjects} subjects at {times} times; see to_frame(), evidence(times=...)"

    def as_rows(self, times: Sequence[float] = ()) -> list[Row]:
        """Rows of the evidence table."""
        rows = []
        label = np.asarray(self.stratum if self.stratum is not None else ["all"] * self.time.size)
        for subject in range(self.survival.shape[1]):
            for stratum in dict.fromkeys(label.tolist()):
                own = np.flatnonzero(label == stratum)
                if self.own is not None and not self.own[own[0], subject]:
                    continue
                for t in times or [float(self.time[own][-1])]:
                    at = int(last_upto(self.time[own], t))
                    here = {"level": f"subject {subject + 1}", "group": stratum, "conf_level": self.level}
                    here |= {"method": "Survival predicted by the Cox model", "unit": "%", "label": f"At {t:g}, %"}
                    if past(t, float(self.time[own][-1])):
                        here["status"] = "beyond last follow-up"
                    else:
                        sides = {"value": self.survival, "lower": self.lower, "upper": self.upper}
                        here |= {k: 100.0 if at < 0 else 100 * float(v[own[at], subject]) for k, v in sides.items()}
                    rows.append(row_of(f"rate_{t:g}", "rate", **here))
        return rows


def _grid(fit: CoxEstimates) -> tuple[NDArray[np.intp], Vector, NDArray[np.intp]]:
    """Segments that hold the hazard at every distinct time, ascending within strata; times; strata."""
    order = fit.moments.likelihood.order
    first = order.row[order.start]
    time = np.asarray(fit.data.time, dtype=np.float64)[first].copy()
    time[order.death_segment] = order.time
    stratum = np.zeros(first.size, dtype=np.intp) if fit.data.strata is None else fit.data.strata.codes[first]
    leaves = np.zeros(first.size, dtype=bool) if order.sign is None else order.sign[order.start] < 0
    segment = np.flatnonzero(~leaves)
    segment = segment[np.lexsort((time[segment], stratum[segment]))]
    same = (np.diff(stratum[segment]) == 0) & (np.diff(time[segment]) <= 1e-8 * np.maximum(1, time[segment][1:]))
    segment = segment[~np.append(False, same)]
    return segment, time[segment], stratum[segment]


def _labels(fit: CoxEstimates, stratum: NDArray[np.intp]) -> tuple[str, ...] | None:
    if fit.data.strata is None:
        return None
    labels = fit.data.strata.labels
    return tuple(labels[s] for s in stratum)


def baseline_hazard(fit: CoxEstimates, *, centered: bool = False) -> BaselineHazard:
    """Cumulative hazard of a subject whose covariates are all zero, or ``fit.means`` where `centered`.

    Increments follow the fit's way with ties (Efron's, else Breslow's). Times are all distinct times observed. Where
    zero lies so far from the data that the hazard there is beyond the largest double it is infinite.
    """
    at = fit.moments
    segment, time, stratum = _grid(fit)
    hazard = at.likelihood.order.elapsed(at.sums.a)[segment]
    shown = fit.means[list(fit.kept)] if centered else 0.0
    move = float(fit.estimated @ (fit.centre - shown))
    with np.errstate(over="ignore"):
        factor = np.exp(-at.shift - move)
    return BaselineHazard(time, _times(hazard, np.asarray(factor)), _labels(fit, stratum))


def predict_survival(
    fit: CoxEstimates, frame: Any, *, conf_type: LogScale = "log", strata: Any = None
) -> PredictedSurvival:
    """Expected survival of new subjects, ``exp(-H0(t) exp(x'b))``.

    Parameters
    ----------
    frame
        The covariates of the new subjects: a frame or mapping with the model's columns, or a matrix.
    conf_type
        Limits on the scale of ``log`` survival, ``log-log`` or survival itself (``plain``), held within 0..1.
    strata
        Label of one stratum. When left out, the curve of each subject is that of its own stratum where `frame` has the
        columns of the strata, and there is one in every stratum otherwise.

    Raises
    ------
    UsageError
        Unknown `conf_type` or stratum, or a covariate is missing from `frame`.
    DataError
        A new subject's stratum is not in the model.

    References
    ----------
    Tsiatis 1981; Therneau and Grambsch 2000, section 10.2.
    """
    check_choice("conf_type", conf_type, get_args(LogScale))
    at = fit.moments
    order = at.likelihood.order
    segment, time, stratum = _grid(fit)
    if strata is not None:
        labels = () if fit.data.strata is None else fit.data.strata.labels
        if str(strata) not in labels:
            raise UsageError(f"no stratum {strata!r}; strata are {', '.join(labels) or 'none'}")
        keep = stratum == labels.index(str(strata))
        segment, time, stratum = segment[keep], time[keep], stratum[keep]
    own = None
    if strata is None and fit.data.strata is not None:
        codes = strata_of_new(frame, fit.data.strata_columns, fit.data.strata.labels)
        own = None if codes is None else stratum[:, None] == codes
    x = (fit.data.design.of(frame)[:, list(fit.kept)] - fit.centre) / fit.scale
    with np.errstate(over="ignore"):
        relative = np.exp(x @ at.beta - at.shift)
    hazard = order.elapsed(at.sums.a)[segment]
    variance = order.elapsed(at.sums.a2)[segment]
    drift = order.elapsed(at.drift)[:, segment]
    covariance = fit.covariance * np.outer(fit.scale, fit.scale)
    apart = x[:, :, None] * hazard - drift  # (subjects, p, times)
    spread = np.einsum("spt,pq,sqt->ts", apart, covariance, apart)
    alone = np.sqrt(variance[:, None] + spread)
    cumulative, error = (_times(v, relative) for v in (np.broadcast_to(hazard[:, None], alone.shape), alone))
    lower, upper = _limits(cumulative, error, conf_type, -float(special.ndtri((1 - fit.level) / 2)))
    survival = np.exp(-cumulative)
    if own is not None:
        survival, cumulative, error, lower, upper = (
            np.where(own, v, np.nan) for v in (survival, cumulative, error, lower, upper)
        )
    labels = _labels(fit, stratum)
    return PredictedSurvival(time, labels, survival, cumulative, error, lower, upper, fit.level, own)


def _times(values: Vector, relative: Vector) -> Vector:
    """Product in which nothing stays nothing, however large the relative hazard."""
    with np.errstate(over="ignore"):
        return np.multiply(values, relative, out=np.zeros(values.shape), where=values > 0)


def _limits(hazard: Vector, error: Vector, conf_type: LogScale, z: float) -> tuple[Vector, Vector]:
    """Limits of survival; 0 and 1 where the error is beyond the largest double."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        lower, upper = limits_on_scale(np.exp(-hazard), z * error, conf_type, -hazard)
    certain = hazard == 0
    lower, upper = (
        np.where(certain, 1.0, np.where(np.isnan(side), bound, side)) for side, bound in ((lower, 0.0), (upper, 1.0))
    )
    return np.clip(lower, 0.0, 1.0), np.clip(upper, 0.0, 1.0)
