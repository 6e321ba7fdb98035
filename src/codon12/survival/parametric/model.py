"""Parametric survival models, with which a curve may be carried beyond the last follow-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from codon12.errors import DataError, UsageError
from codon12.survival.cox.residuals import cluster_sums
from codon12.survival.parametric.distributions import standard, standard_quantile
from codon12.survival.parametric.likelihood import ParametricLikelihood, climb
from codon12.survival.results.result import Result
from codon12.survival.results.rows import Row, row_of
from codon12.survival.results.text import table
from codon12.survival.subjects.frame import CoxData, read_columns
from codon12.survival.subjects.options import check_choice, check_level, check_number, numbers_of, times_of
from codon12.survival.subjects.subjects import left_out
from codon12.survival.subjects.ties import past

__all__ = ["Distribution", "ParametricFit", "compare_parametric", "parametric"]

Distribution = Literal["exponential", "weibull", "log-normal", "log-logistic", "generalised-gamma"]
Vector = NDArray[Any]
_SHARES = np.array([1e-9, 1e-4, 0.02, 0.15, 0.5, 0.85, 0.98, 1 - 1e-4, 1 - 1e-9])


@dataclass(frozen=True, repr=False)
class ParametricFit(Result):
    """Result of ``parametric``: log T = mu + x'b + sigma W."""

    distribution: Distribution
    names: tuple[str, ...]
    """Of the parameters: ``mu``, covariates, ``log_sigma`` and for the generalised gamma ``Q``."""
    estimate: Vector
    covariance: Vector
    loglik: float
    n: int
    events: int
    data: CoxData
    level: float
    use_robust: bool = False
    """Whether ``covariance`` is the sandwich rather than the inverse information."""
    naive_covariance: Vector | None = None
    """Inverse of the information."""

    @property
    def dropped(self) -> int:
        """Rows left out for a missing value."""
        return self.data.rows - self.n

    @property
    def aic(self) -> float:
        """Akaike's criterion."""
        return 2 * self.estimate.size - 2 * self.loglik

    @property
    def bic(self) -> float:
        """Bayes' criterion, with the number of subjects."""
        return self.estimate.size * float(np.log(self.n)) - 2 * self.loglik

    def to_frame(self) -> pl.DataFrame:
        """One row a parameter: estimate, standard error, limits. Covariates act on log time (above 0: longer)."""
        error = np.sqrt(np.diag(self.covariance))
        half = -float(special.ndtri((1 - self.level) / 2)) * error
        return pl.DataFrame(
            {
                "parameter": self.names,
                "estimate": self.estimate,
                "std_error": error,
                "lower": self.estimate - half,
                "upper": self.estimate + half,
            }
        )

    def _parts(self, new: Any, at: Vector | None = None) -> tuple[Vector, float, float]:
        theta = self.estimate if at is None else at
        p = len(self.data.design.columns)
        x = self.data.design.of(new) if p else np.zeros((1, 0))
        rest = theta[1 + p :]
        sigma = 1.0 if self.distribution == "exponential" else float(np.exp(rest[0]))
        return theta[0] + x @ theta[1 : 1 + p], sigma, float(rest[1]) if rest.size > 1 else 0.0

    def survival(self, times: Iterable[float], new: Any = None) -> pl.DataFrame:
        """Survival at given times for new subjects, with limits by the delta method on log(-log S).

        `new` holds the covariates (none without terms). Columns: subject (1-based), time, survival, lower, upper,
        and ``extrapolated`` beyond the last time observed.
        """
        self._needs(new)
        t = np.array(times_of("times", times))
        log_hazard = self._log_cumulative(t, new, self.estimate)
        gradient = []
        for k in range(self.estimate.size):
            step = 1e-5 * max(1.0, abs(float(self.estimate[k])))
            up, down = self.estimate.copy(), self.estimate.copy()
            up[k] += step
            down[k] -= step
            with np.errstate(invalid="ignore"):
                gradient.append((self._log_cumulative(t, new, up) - self._log_cumulative(t, new, down)) / (2 * step))
        slope = np.nan_to_num(np.array(gradient))
        error = np.sqrt(np.einsum("ist,ij,jst->st", slope, self.covariance, slope))
        z = -float(special.ndtri((1 - self.level) / 2))
        subjects = log_hazard.shape[0]
        with np.errstate(over="ignore"):  # nobody is left
            curve, lower, upper = (np.exp(-np.exp(log_hazard + k * z * error)).ravel() for k in (0, 1, -1))
        return pl.DataFrame(
            {
                "subject": np.repeat(np.arange(1, subjects + 1), t.size),
                "time": np.tile(t, subjects),
                "survival": curve,
                "lower": lower,
                "upper": upper,
                "extrapolated": np.tile(past(t, float(self.data.time.max())), subjects),
            }
        )

    def _log_cumulative(self, t: Vector, new: Any, theta: Vector) -> Vector:
        """Log cumulative hazard (subjects, times); minus infinity at time zero."""
        mu, sigma, q = self._parts(new, theta)
        with np.errstate(divide="ignore", over="ignore"):
            w = (np.log(t)[None, :] - mu[:, None]) / sigma
            inside = np.where(np.isfinite(w), w, 0.0)
            value = np.log(-standard(self.distribution, inside, q).log_survival)
        return np.where(np.isfinite(w), value, -np.inf)

    def quantile(self, p: float | Sequence[float] = 0.5, new: Any = None) -> Vector:
        """Times by which shares `p` have had the event, shape (subjects, shares)."""
        self._needs(new)
        share = np.array(numbers_of("p", p))
        if np.any((share <= 0) | (share >= 1)):
            raise UsageError(f"p must lie between 0 and 1; got {p!r}")
        mu, sigma, q = self._parts(new)
        return np.exp(mu[:, None] + sigma * standard_quantile(self.distribution, share, q))

    def restricted_mean(self, tau: float, new: Any = None) -> Vector:
        """Mean time up to `tau` of each subject: the area under the curve by Gauss-Legendre quadrature.

        Quantiles of the subject part the area, so that a steep fall lies between nodes wherever it is.
        """
        self._needs(new)
        check_number("tau", tau, "a positive number", above=0)
        node, weight = np.polynomial.legendre.leggauss(40)
        half = (node + 1) / 2
        mu, sigma, q = self._parts(new)
        with np.errstate(all="ignore"):
            falls = np.exp(mu[:, None] + sigma * standard_quantile(self.distribution, _SHARES, q))
            edges = np.pad(np.minimum(falls, tau), ((0, 0), (1, 1)))
            edges[:, -1] = tau
            wide = np.diff(edges)[:, :, None]
            t = edges[:, :-1, None] + wide * half**2  # crowded towards zero, where curves may fall without bound
            log_survival = standard(self.distribution, (np.log(t) - mu[:, None, None]) / sigma, q).log_survival
            return (np.exp(log_survival) * wide * half * weight).sum(axis=(1, 2))

    def _needs(self, new: Any) -> None:
        if len(self.data.design.columns) and new is None:
            raise UsageError("the model has covariates: give those of the subjects as `new`")

    @property
    def _method(self) -> str:
        robust = ", robust variance" if self.use_robust else ""
        return f"{self.distribution} model, maximum likelihood{robust}{left_out(self.dropped)}"

    def __repr__(self) -> str:
        frame = self.to_frame()
        robust = ", robust standard errors" if self.use_robust else ""
        left = f" ({self.dropped} left out for missing values)" if self.dropped else ""
        head = f"{self.distribution} model{robust}: n = {self.n}, events = {self.events}{left}"
        tail = f"log likelihood = {self.loglik:.6g}, AIC = {self.aic:.6g}"
        return f"{head}\n{table(frame.columns, frame.iter_rows())}\n{tail}"

    def as_rows(self) -> list[Row]:
        """Rows of the evidence table."""
        size = {"n": self.events, "N": self.n, "method": self._method}
        rows = [
            row_of(r["parameter"], "value", label=r["parameter"], conf_level=self.level,
                 value=r["estimate"], lower=r["lower"], upper=r["upper"], **size)
            for r in self.to_frame().iter_rows(named=True)
        ]  # fmt: skip
        return [*rows, row_of("aic", "value", label="AIC", value=self.aic, **size)]


def parametric(
    frame: Any = None,
    *,
    time: Any,
    event: Any,
    distribution: Distribution = "weibull",
    terms: Any = None,
    entry: Any = None,
    weights: Any = None,
    cluster: Any = None,
    robust: bool | None = None,
    level: float = 0.95,
) -> ParametricFit:
    """Fit a parametric model of accelerated failure time by maximum likelihood.

    Parameters
    ----------
    frame, time, event, entry, weights, cluster, robust
        As in ``cox``: with clusters, and with weights that are not whole numbers, the variance is the sandwich, an
        infinitesimal jackknife (R's ``survreg(robust=TRUE)`` leaves the weights out of it). Events need times above
        zero; someone censored at zero adds nothing.
    distribution
        ``exponential``, ``weibull``, ``log-normal``, ``log-logistic`` or ``generalised-gamma`` (Prentice's mu,
        sigma, Q: 1 is Weibull, 0 log-normal). See ``piecewise_exponential`` for a stepwise hazard.
    terms
        Covariates on the logarithm of time; none by default.
    level
        Confidence level.

    Raises
    ------
    UsageError
        Unknown distribution.
    DataError
        No event, an event at time zero, or a likelihood without maximum.

    References
    ----------
    Kalbfleisch and Prentice 2002; Prentice 1974; Latimer 2013 (NICE DSU 14, extrapolation).

    Examples
    --------
    >>> fit = parametric(time=[1.0, 2, 3, 4], event=[1, 1, 0, 1], distribution="exponential")
    >>> round(float(fit.quantile(0.5)[0, 0]), 6), round(fit.aic, 6)
    (2.310491, 15.223837)
    """
    check_choice("distribution", distribution, get_args(Distribution))
    check_level(level)
    check_choice("robust", robust, (None, True, False))
    data = read_columns(frame, time=time, event=event, terms=terms, entry=entry, weights=weights, cluster=cluster)
    if not data.event.any():
        raise DataError(f"no events among the {data.event.size} rows used: no curve can be fitted")
    clock = np.asarray(data.time, dtype=np.float64)
    if np.any(data.event & (clock <= 0)):
        raise DataError(
            f"{int(np.sum(data.event & (clock <= 0)))} events at time zero: their logarithm does not exist;"
            " correct them, or count from the day before"
        )
    likelihood = ParametricLikelihood.of(data, distribution)
    theta, covariance, loglik = climb(likelihood)
    if robust is None:
        uneven = data.weights is not None and bool(np.any(data.weights != np.floor(data.weights)))
        robust = cluster is not None or uneven
    elif not robust and cluster is not None:
        raise UsageError("cluster asks for the robust variance; leave robust out, or cluster")
    naive = covariance
    if robust:
        influence = cluster_sums(likelihood.scores(theta) @ naive, data.cluster)
        covariance = influence.T @ influence
    names = ["mu", *(c.name for c in data.design.columns)]
    names += [] if distribution == "exponential" else ["log_sigma"]
    names += ["Q"] if distribution == "generalised-gamma" else []
    return ParametricFit(
        distribution=distribution,
        names=tuple(names),
        estimate=theta,
        covariance=covariance,
        loglik=loglik,
        n=int(clock.size),
        events=int(data.event.sum()),
        data=data,
        level=level,
        use_robust=robust,
        naive_covariance=naive,
    )


def compare_parametric(
    frame: Any = None,
    *,
    distributions: Sequence[Distribution] = get_args(Distribution),
    **columns: Any,
) -> pl.DataFrame:
    """Fit several distributions and list them by AIC.

    Columns: distribution, parameters, loglik, aic, bic, median and ``status``, which holds the reason where a
    distribution could not be fitted. Further arguments are those of ``parametric``; the median is left out where
    there are covariates. A low AIC says nothing of the curve beyond the last follow-up.

    Examples
    --------
    >>> table = compare_parametric(time=[1.0, 2, 3, 4, 6, 9], event=[1, 1, 0, 1, 1, 0],
    ...                            distributions=["weibull", "exponential"])
    >>> table["distribution"].to_list()
    ['exponential', 'weibull']
    """
    rows: list[tuple[Any, ...]] = []
    if isinstance(distributions, (str, bytes, Mapping)) or not isinstance(distributions, Iterable):
        raise UsageError(f"distributions must be a list of names; got {distributions!r}")
    for name in distributions:
        try:
            fit = parametric(frame, distribution=name, **columns)
        except DataError as err:
            rows.append((name, None, None, None, None, None, str(err)))
            continue
        median = None if fit.data.design.columns else float(fit.quantile(0.5)[0, 0])
        rows.append((name, fit.estimate.size, fit.loglik, fit.aic, fit.bic, median, None))
    schema = {
        "distribution": pl.String,
        "parameters": pl.Int64,
        "loglik": pl.Float64,
        "aic": pl.Float64,
        "bic": pl.Float64,
        "median": pl.Float64,
        "status": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row").sort("aic", nulls_last=True)
