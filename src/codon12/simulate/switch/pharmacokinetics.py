"""Concentration of an oral drug: one compartment, first-order absorption; mg, h, L, mg/L."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codon12.errors import UsageError

__all__ = ["Exposure", "concentration_after_doses", "steady_concentration", "steady_exposure"]

Array = NDArray[np.float64]
_CLOSE = 1e-6
"""Absorption and elimination rates closer than this, relative, are one rate."""


@dataclass(frozen=True)
class Exposure:
    """Exposure over a dosing interval at steady state: mg/L, h, mg h/L."""

    cmax: Array
    tmax: Array
    trough: Array
    auc: Array


def _checked(**values: ArrayLike) -> list[Array]:
    out = []
    for name, value in values.items():
        a = np.asarray(value, dtype=float)
        low = a < 0 if name in ("dose", "F") else a <= 0
        if not np.isfinite(a).all() or low.any():
            floor = "0 or more" if name in ("dose", "F") else "above 0"
            raise UsageError(f"{name}: must be a number {floor}, got {a[low | ~np.isfinite(a)].flat[0]:g}")
        out.append(a)
    return out


def steady_concentration(
    hours: ArrayLike, *, dose: ArrayLike, tau: ArrayLike, F: ArrayLike, ka: ArrayLike, V: ArrayLike, CL: ArrayLike
) -> Array:
    """Total concentration, mg/L, at hours after a dose when doses have come at every `tau` for long.

    Arrays broadcast against `hours`; hours beyond `tau` count from the next dose.

    Raises
    ------
    UsageError
        A rate, volume or interval that is not above 0, or a dose below 0.

    Notes
    -----
    Source: Gibaldi and Perrier, Pharmacokinetics, 1982, chapter 3. Equal rates are the limit of the closed form.

    Examples
    --------
    >>> steady_concentration([0, 4], dose=960, tau=24, F=1, ka=3.5, V=211, CL=26.2).round(3).tolist()
    [0.252, 3.024]
    """
    dose, tau, F, ka, V, CL = _checked(dose=dose, tau=tau, F=F, ka=ka, V=V, CL=CL)
    t = np.mod(np.asarray(hours, dtype=float), tau)
    ke = CL / V
    same = np.abs(ka - ke) <= _CLOSE * ke
    apart = np.where(same, 1.0, ka - ke)
    shape = np.exp(-ke * t) / -np.expm1(-ke * tau) - np.exp(-ka * t) / -np.expm1(-ka * tau)
    q = np.exp(-ke * tau)
    limit = np.exp(-ke * t) * (t / (1 - q) + tau * q / (1 - q) ** 2)
    return F * dose * ka / V * np.where(same, limit, shape / apart)


def steady_exposure(
    *, dose: ArrayLike, tau: ArrayLike, F: ArrayLike, ka: ArrayLike, V: ArrayLike, CL: ArrayLike
) -> Exposure:
    """Peak, its time, trough and area over an interval at steady state.

    Raises
    ------
    UsageError
        As of `steady_concentration`.

    Examples
    --------
    >>> e = steady_exposure(dose=960, tau=24, F=1, ka=3.5, V=211, CL=26.2)
    >>> round(float(e.cmax), 2), round(float(e.tmax), 2), round(float(e.auc), 1)
    (4.25, 0.97, 36.6)
    """
    dose, tau, F, ka, V, CL = _checked(dose=dose, tau=tau, F=F, ka=ka, V=V, CL=CL)
    ke = CL / V
    same = np.abs(ka - ke) <= _CLOSE * ke
    apart = np.where(same, 1.0, ka - ke)
    tmax = np.log(ka * np.expm1(-ke * tau) / (ke * np.expm1(-ka * tau))) / apart
    q = np.exp(-ke * tau)
    tmax = np.clip(np.where(same, 1 / ke - tau * q / (1 - q), tmax), 0.0, tau)
    given = {"dose": dose, "tau": tau, "F": F, "ka": ka, "V": V, "CL": CL}
    return Exposure(
        cmax=steady_concentration(tmax, **given),
        tmax=tmax,
        trough=steady_concentration(0.0, **given),
        auc=F * dose / CL,
    )


def concentration_after_doses(
    hours: ArrayLike, *, dose_hours: ArrayLike, doses: ArrayLike, F: float, ka: float, V: float, CL: float
) -> Array:
    """Total concentration, mg/L, at hours, by superposition of the doses as they were given to one patient.

    Raises
    ------
    UsageError
        Doses without a time each, a negative dose, or a rate that is not above 0.

    Examples
    --------
    >>> concentration_after_doses([1.0], dose_hours=[0.0], doses=[960], F=1, ka=3.5, V=211, CL=26.2).round(2).tolist()
    [4.02]
    """
    given, at = np.asarray(doses, dtype=float), np.asarray(dose_hours, dtype=float)
    if given.shape != at.shape or given.ndim != 1 or not np.isfinite(at).all():
        raise UsageError(f"doses: {given.size} doses and {at.size} times; give one time, in hours, a dose")
    _checked(dose=given, F=F, ka=ka, V=V, CL=CL)
    ke = CL / V
    since = np.asarray(hours, dtype=float)[..., None] - at
    past, since = since >= 0, np.maximum(since, 0.0)
    if abs(ka - ke) <= _CLOSE * ke:
        shape = since * np.exp(-ke * since)
    else:
        shape = (np.exp(-ke * since) - np.exp(-ka * since)) / (ka - ke)
    return F * ka / V * (np.where(past, shape, 0.0) @ given)
