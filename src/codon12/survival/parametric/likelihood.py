"""Likelihood of log-location-scale models with censoring and left truncation, and its maximum."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.errors import DataError
from codon12.survival.parametric.distributions import standard
from codon12.survival.subjects.frame import CoxData

__all__ = ["ParametricLikelihood", "climb"]

Vector = NDArray[Any]


@dataclass(frozen=True)
class ParametricLikelihood:
    """Columns of the likelihood; parameters are mu, coefficients, log sigma and Q, as many as there are."""

    name: str
    x: Vector
    """Design with a leading column of ones, shape (subjects, 1 + p)."""
    log_time: Vector
    event: Vector
    weight: Vector
    rows: int
    """Subjects of the data; those censored at time zero are not in the columns."""
    kept: NDArray[np.intp]
    """Positions of the subjects that are."""
    late: NDArray[np.intp]
    """Who came under observation after time zero."""
    log_entry: Vector

    @classmethod
    def of(cls, data: CoxData, name: str) -> ParametricLikelihood:
        """Take the columns from checked data."""
        clock = np.asarray(data.time, dtype=np.float64)
        keep = np.flatnonzero(clock > 0)
        entry = np.zeros(keep.size) if data.entry is None else data.entry[keep]
        late = np.flatnonzero(entry > 0)
        x = np.column_stack([np.ones(keep.size), *data.design.x[:, keep]])
        if np.linalg.matrix_rank(x / np.maximum(np.abs(x).max(axis=0), 1e-300)) < x.shape[1]:
            raise DataError("covariates are constant or determine each other; leave one out")
        weight = np.ones(keep.size) if data.weights is None else data.weights[keep]
        return cls(
            name,
            x,
            np.log(clock[keep]),
            data.event[keep].astype(float),
            weight,
            clock.size,
            keep,
            late,
            np.log(entry[late]),
        )

    @property
    def has_scale(self) -> bool:
        """Whether sigma is a parameter."""
        return self.name != "exponential"

    @property
    def has_shape(self) -> bool:
        """Whether Q is a parameter."""
        return self.name == "generalised-gamma"

    def starts(self) -> list[Vector]:
        """Where to look for the maximum, the likeliest first: moments of log time, or the fits of special cases.

        From elsewhere the generalised gamma may climb to a lesser maximum, below that of a special case.
        """
        theta = np.zeros(self.x.shape[1] + self.has_scale)
        theta[0] = np.average(self.log_time, weights=self.weight)
        spread = float(np.sqrt(np.average((self.log_time - theta[0]) ** 2, weights=self.weight)))
        if self.has_scale:
            theta[self.x.shape[1]] = np.log(max(0.8 * spread, 1e-3))
        if not self.has_shape:
            return [theta]
        special_cases = []
        for name, shape in (("weibull", 1.0), ("log-normal", 0.0)):
            found = _ascent(replace(self, name=name), theta)
            if found is not None:
                special_cases.append((found[2], np.append(found[0], shape)))
        return [at for _, at in sorted(special_cases, key=lambda case: -case[0])] or [np.append(theta, 0.5)]

    def _split(self, theta: Vector) -> tuple[Vector, float, float]:
        k = self.x.shape[1]
        sigma = float(np.exp(theta[k])) if self.has_scale else 1.0
        return theta[:k], sigma, float(theta[-1]) if self.has_shape else 0.0

    def value(self, theta: Vector) -> float:
        """Log likelihood; minus infinity where it does not exist."""
        with np.errstate(all="ignore"):
            total = float(self.weight @ self._each(theta))
        return total if np.isfinite(total) else -np.inf

    def derivatives(self, theta: Vector) -> tuple[Vector, Vector]:
        """Gradient and Hessian by location and scale; by Q through differences."""
        gradient, hessian = self._location_scale(theta)
        if not self.has_shape:
            return gradient, hessian
        h = 1e-3
        moved = [self._location_scale(_moved(theta, k * h))[0] for k in (-2, -1, 1, 2)]
        cross = (moved[0] - 8 * moved[1] + 8 * moved[2] - moved[3]) / (12 * h)
        low2, low, here, high, high2 = (self.value(_moved(theta, k * h)) for k in (-2, -1, 0, 1, 2))
        slope = (low2 - 8 * low + 8 * high - high2) / (12 * h)
        turn = (-low2 + 16 * low - 30 * here + 16 * high - high2) / (12 * h * h)
        full = np.block([[hessian, cross[:, None]], [cross[None, :], np.array([[turn]])]])
        return np.append(gradient, slope), full

    def scores(self, theta: Vector) -> Vector:
        """Weighted derivative of each subject's part of the log likelihood (subjects of the data, parameters)."""
        beta, sigma, q = self._split(theta)
        k = self.x.shape[1]
        mu = self.x @ beta
        w = (self.log_time - mu) / sigma
        at = standard(self.name, w, q)
        first = np.where(self.event > 0, at.slope, _survival_derivatives(at)[0])
        out = np.zeros((self.kept.size, theta.size))
        out[:, :k] = -first[:, None] * self.x / sigma
        if self.has_scale:
            out[:, k] = -first * w - self.event
        if self.late.size:
            before = (self.log_entry - mu[self.late]) / sigma
            spent = _survival_derivatives(standard(self.name, before, q))[0]
            out[self.late, :k] += spent[:, None] * self.x[self.late] / sigma
            if self.has_scale:
                out[self.late, k] += spent * before
        if self.has_shape:
            h = 1e-3
            low2, low, high, high2 = (self._each(_moved(theta, m * h)) for m in (-2, -1, 1, 2))
            out[:, -1] = (low2 - 8 * low + 8 * high - high2) / (12 * h)
        found = np.zeros((self.rows, theta.size))
        found[self.kept] = out * self.weight[:, None]
        return found

    def _each(self, theta: Vector) -> Vector:
        """Log likelihood of each subject."""
        beta, sigma, q = self._split(theta)
        mu = self.x @ beta
        at = standard(self.name, (self.log_time - mu) / sigma, q)
        each = np.where(self.event > 0, at.log_density - np.log(sigma) - self.log_time, at.log_survival)
        if self.late.size:
            each[self.late] -= standard(self.name, (self.log_entry - mu[self.late]) / sigma, q).log_survival
        return each

    def _location_scale(self, theta: Vector) -> tuple[Vector, Vector]:
        beta, sigma, q = self._split(theta)
        mu = self.x @ beta
        k = self.x.shape[1]
        size = k + self.has_scale
        gradient, hessian = np.zeros(size), np.zeros((size, size))
        w = (self.log_time - mu) / sigma
        at = standard(self.name, w, q)
        first, second = _survival_derivatives(at)
        first = np.where(self.event > 0, at.slope, first)
        second = np.where(self.event > 0, at.turn, second)
        self._add(gradient, hessian, self.x, w, first * self.weight, second * self.weight, sigma)
        if self.has_scale:
            gradient[k] -= float(self.weight @ self.event)
        if self.late.size:
            w = (self.log_entry - mu[self.late]) / sigma
            first, second = _survival_derivatives(standard(self.name, w, q))
            weight = -self.weight[self.late]
            self._add(gradient, hessian, self.x[self.late], w, first * weight, second * weight, sigma)
        return gradient, hessian

    def _add(
        self, gradient: Vector, hessian: Vector, x: Vector, w: Vector, first: Vector, second: Vector, sigma: float
    ) -> None:
        """Chain rule: dw/dbeta = -x/sigma, dw/dlog sigma = -w."""
        k = x.shape[1]
        gradient[:k] -= first @ x / sigma
        hessian[:k, :k] += (x * second[:, None]).T @ x / sigma**2
        if self.has_scale:
            gradient[k] -= float(first @ w)
            mixed = (second * w + first) @ x / sigma
            hessian[:k, k] += mixed
            hessian[k, :k] += mixed
            hessian[k, k] += float(np.sum(second * w * w + first * w))


def _survival_derivatives(at: Any) -> tuple[Vector, Vector]:
    """First and second derivative of log survival, from the hazard of w."""
    hazard = np.exp(at.log_density - at.log_survival)
    return -hazard, -hazard * (at.slope + hazard)


def _moved(theta: Vector, step: float) -> Vector:
    out = theta.copy()
    out[-1] += step
    return out


def climb(likelihood: ParametricLikelihood) -> tuple[Vector, Vector, float]:
    """Maximum, inverse information, value.

    Raises ``DataError`` where there is no maximum within reach.
    """
    for theta in likelihood.starts():
        found = _ascent(likelihood, theta)
        if found is not None:
            return found
    raise DataError(
        f"the {likelihood.name} likelihood has no maximum within reach ({int(likelihood.event.sum())} events):"
        " too few distinct event times for its parameters, or a covariate that separates; take a simpler model"
    )


def _ascent(likelihood: ParametricLikelihood, theta: Vector) -> tuple[Vector, Vector, float] | None:
    """Newton's method, damped where the likelihood is not concave; None where it comes to no maximum."""
    value = likelihood.value(theta)
    for _ in range(300):
        with np.errstate(all="ignore"):
            gradient, hessian = likelihood.derivatives(theta)
        if not (np.isfinite(gradient).all() and np.isfinite(hessian).all()):
            return None
        step = _uphill(gradient, -hessian)
        if step @ gradient < 1e-18 * max(1.0, float(likelihood.event.sum())) or (
            likelihood.has_shape and step @ gradient < 1e-15 * max(1.0, abs(value))
        ):
            theta = theta + step
            covariance = np.linalg.inv(-hessian)
            return (theta, covariance, likelihood.value(theta)) if np.all(np.diag(covariance) > 0) else None
        for halving in range(60):
            there = theta + step / 2**halving
            better = likelihood.value(there)
            if better > value - 1e-12 * abs(value):
                break
        else:
            return None
        theta, value = there, better
        if np.abs(theta).max() > 1e4:
            return None
    return None


def _uphill(gradient: Vector, information: Vector) -> Vector:
    """Newton's step, with a ridge where the information is not positive definite."""
    size = np.sqrt(np.maximum(np.abs(np.diag(information)), 1e-12))
    scaled = information / np.outer(size, size)
    least = float(np.linalg.eigvalsh(scaled)[0])
    if least < 1e-10:
        scaled = scaled + (1e-2 - least) * np.eye(size.size)
    return np.linalg.solve(scaled, gradient / size) / size
