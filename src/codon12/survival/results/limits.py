"""Pointwise confidence limits of a survival curve on five scales."""

from __future__ import annotations

from functools import lru_cache
from statistics import NormalDist
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from codon12.errors import UsageError
from codon12.survival.subjects.options import check_choice, check_level
from codon12.survival.subjects.reading import column

__all__ = ["CONF_TYPES", "ConfType", "LogScale", "limits_on_scale", "normal_quantile", "survival_limits"]

ConfType = Literal["log-log", "log", "plain", "logit", "arcsin"]
LogScale = Literal["log-log", "log", "plain"]
"""Scales of the limits that need the logarithm of S alone."""
CONF_TYPES: tuple[ConfType, ...] = get_args(ConfType)

Bounds = tuple[NDArray[np.float64], NDArray[np.float64]]


def normal_quantile(level: float) -> float:
    """Two-sided standard normal quantile of a confidence level, 1.96 at 0.95."""
    check_level(level)
    return _quantile(level)


@lru_cache(maxsize=64)
def _quantile(level: float) -> float:
    return -NormalDist().inv_cdf((1 - level) / 2)


def survival_limits(
    survival: NDArray[np.float64],
    std_error: NDArray[np.float64],
    *,
    conf_type: ConfType = "log-log",
    level: float = 0.95,
) -> Bounds:
    """Limits of S(t) from S(t) and the standard error of log S(t).

    Where S is 1 both limits are 1. Where S is 0 the scales have no value and the limits are NaN, except a
    standard error of 0 (a robust variance) on the plain scale. A limit outside [0, 1] is cut off there.

    Raises
    ------
    UsageError
        Unknown `conf_type`, a level outside (0, 1), survival outside 0 to 1, or a negative standard error.

    References
    ----------
    Borgan and Liestol 1990; Klein and Moeschberger 2003, section 4.3; Kalbfleisch and Prentice 2002.

    Examples
    --------
    >>> lower, upper = survival_limits(np.array([0.5]), np.array([0.2]), conf_type="plain")
    >>> round(float(lower[0]), 4), round(float(upper[0]), 4)
    (0.304, 0.696)
    """
    check_choice("conf_type", conf_type, CONF_TYPES)
    z = normal_quantile(level)
    if not (isinstance(survival, np.ndarray) and isinstance(std_error, np.ndarray)):
        survival, std_error = column(survival, "survival"), column(std_error, "std_error")
    if survival.dtype.kind not in "iuf" or std_error.dtype.kind not in "iuf" or survival.shape != std_error.shape:
        raise UsageError("survival and std_error must be numbers, as many of one as of the other")
    with np.errstate(invalid="ignore"):
        if (survival < 0).any() or (survival > 1).any() or (std_error < 0).any():
            raise UsageError("survival must lie within 0 to 1, and std_error not be negative")
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # what overflows is cut off at 1
        lower, upper = limits_on_scale(survival, z * std_error, conf_type)
    certain = survival == 1
    np.copyto(lower, 1.0, where=certain)
    np.copyto(upper, 1.0, where=certain)
    return lower, upper


def limits_on_scale(
    survival: NDArray[np.float64],
    half: NDArray[np.float64],
    conf_type: ConfType,
    log_survival: NDArray[np.float64] | None = None,
) -> Bounds:
    """Limits of S from the half-width of the limits of log S, not yet cut off at 0 and 1 on every scale.

    `log_survival` is given where it is known better than from S, which may be too small to have one.
    """
    if conf_type not in {"log", "log-log"}:
        return _SCALES[conf_type](survival, half)
    if log_survival is None:
        log_survival = np.log(np.where(survival == 0, np.nan, survival))
    return (_log if conf_type == "log" else _log_log)(log_survival, half)


def _plain(s: NDArray[np.float64], half: NDArray[np.float64]) -> Bounds:
    return np.maximum(s - s * half, 0.0), np.minimum(s + s * half, 1.0)


def _log(log_s: NDArray[np.float64], half: NDArray[np.float64]) -> Bounds:
    return np.exp(log_s - half), np.minimum(np.exp(log_s + half), 1.0)


def _log_log(log_s: NDArray[np.float64], half: NDArray[np.float64]) -> Bounds:
    power = half / log_s
    np.exp(np.negative(power, out=power), out=power)  # log(-log S) +- h is log S times or over exp(h)
    lower, upper = log_s * power, log_s / power
    return np.exp(lower, out=lower), np.exp(upper, out=upper)


def _logit(s: NDArray[np.float64], half: NDArray[np.float64]) -> Bounds:
    s = np.where((s == 0) | (s == 1), np.nan, s)
    odds, factor = s / (1 - s), np.exp(half / (1 - s))
    return 1 / (1 + factor / odds), 1 / (1 + 1 / (factor * odds))


def _arcsin(s: NDArray[np.float64], half: NDArray[np.float64]) -> Bounds:
    s = np.where((s == 0) | (s == 1), np.nan, s)
    at, half = np.arcsin(np.sqrt(s)), 0.5 * half * np.sqrt(s / (1 - s))
    return np.sin(np.maximum(at - half, 0.0)) ** 2, np.sin(np.minimum(at + half, np.pi / 2)) ** 2


_SCALES = {"plain": _plain, "logit": _logit, "arcsin": _arcsin}
