"""Standard distributions of the logarithm of time: density and survival of w = (log t - mu) / sigma."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["Standard", "standard", "standard_quantile"]

Vector = NDArray[Any]
_HALF_LOG_2PI = float(np.log(2 * np.pi) / 2)


class Standard(NamedTuple):
    """Log density with two derivatives, and log survival, at w."""

    log_density: Vector
    slope: Vector
    turn: Vector
    log_survival: Vector


def standard(name: str, w: Vector, shape: float = 0.0) -> Standard:
    """Evaluate one distribution; `shape` is Q of the generalised gamma (1 Weibull, 0 log-normal).

    References
    ----------
    Kalbfleisch and Prentice 2002, chapter 2; Prentice 1974 (generalised gamma).

    Examples
    --------
    >>> standard("weibull", np.array([0.0])).log_survival.tolist()
    [-1.0]
    """
    if name in ("exponential", "weibull"):
        e = np.exp(w)
        return Standard(w - e, 1 - e, -e, -e)
    if name == "log-logistic":
        p = special.expit(w)
        soft = np.logaddexp(0.0, w)
        return Standard(w - 2 * soft, 1 - 2 * p, -2 * p * (1 - p), -soft)
    if name == "log-normal":
        return Standard(-w * w / 2 - _HALF_LOG_2PI, -w, np.full_like(w, -1.0), special.log_ndtr(-w))
    return _generalised_gamma(w, shape)


def _generalised_gamma(w: Vector, q: float) -> Standard:
    if abs(q) < 1e-4:  # the limits in Q are smooth; below this they are the log-normal to ten digits in density
        plain = standard("log-normal", w)
        cubic = w**3 / 6
        return Standard(
            plain.log_density - q * cubic, plain.slope - q * w * w / 2, plain.turn - q * w, plain.log_survival
        )
    a, z = 1 / (q * q), q * w
    # -(e^z - 1 - z) / q^2, by its series where z is small.
    series = z * z / 2 * (1 + z / 3 * (1 + z / 4 * (1 + z / 5 * (1 + z / 6))))
    bend = np.where(np.abs(z) < 1e-2, series, np.expm1(z) - z)
    log_density = _stirling(a) - bend * a
    u = a * np.exp(z)
    upper = special.gammaincc(a, u) if q > 0 else special.gammainc(a, u)
    with np.errstate(divide="ignore"):
        log_survival = np.log(upper)
    # Far tail: the leading term of the incomplete gamma function.
    tail = log_density - np.log(np.maximum(np.abs(np.expm1(z) / q), 1e-300))
    log_survival = np.where(upper > 1e-280, log_survival, tail)
    return Standard(log_density, -np.expm1(z) / q, -np.exp(z), log_survival)


def _stirling(a: float) -> float:
    """Log of a^a e^-a / (Gamma(a) sqrt(a))."""
    if a > 50:
        r = 1 / (a * a)
        return -_HALF_LOG_2PI - (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r / 1680))) / a
    return float(a * np.log(a) - a - special.gammaln(a) - np.log(a) / 2)


def standard_quantile(name: str, p: Vector, shape: float = 0.0) -> Vector:
    """The w below which a share `p` lies."""
    if name in ("exponential", "weibull"):
        return np.log(-np.log1p(-p))
    if name == "log-logistic":
        return special.logit(p)
    if name == "log-normal" or abs(shape) < 1e-4:
        return special.ndtri(p)
    a = 1 / (shape * shape)
    u = special.gammaincinv(a, p) if shape > 0 else special.gammainccinv(a, p)
    return np.log(u / a) / shape
