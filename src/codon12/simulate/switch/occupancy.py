"""The reduced cycle of a patient: what a drug taken at every interval leaves of the GTP-bound protein.

Shares of the mutant protein: D (GDP-bound), T (GTP-bound), B = 1 - D - T (inhibited). Rates per hour. The periodic
steady state of the linear system is the fixed point of an affine map; the feedback factor is found around it. All
functions work on whole columns of patients at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codon12.errors import DataError, UsageError
from codon12.simulate.switch.pharmacokinetics import steady_concentration

__all__ = [
    "Cycle",
    "IntervalMap",
    "Occupancy",
    "Regimen",
    "baseline_gtp",
    "binding_rate",
    "bracketed",
    "free_drug",
    "gtp_floor",
    "periodic_occupancy",
]

Array = NDArray[np.float64]
_GAMMA = 1 - np.sqrt(0.5)
_STEPS = 24
_ROUNDS = 80
_CLOSE = 1e-10
"""Residual of the feedback factor at which it is found."""


@dataclass(frozen=True)
class Cycle:
    """Rates of the reduced cycle, /h, and of the inhibitor; numbers or columns of patients."""

    kh: ArrayLike
    kx: ArrayLike
    kdeg: ArrayLike
    pG: ArrayLike
    kinact: ArrayLike
    KI: ArrayLike
    """Concentration of half the greatest binding rate, umol/L of unbound drug."""
    w: ArrayLike
    """Part of the signal that does not come from the mutant protein, 0 to 1."""
    phi: ArrayLike
    """Strength of the feedback on exchange, 0 or more."""

    def __post_init__(self) -> None:
        """Refuse rates that cannot be."""
        for name in ("kh", "kx", "kdeg", "pG", "kinact", "KI", "w", "phi"):
            a = np.asarray(getattr(self, name), dtype=float)
            top = 1.0 if name in ("pG", "w") else np.inf
            strict = name in ("kh", "kx", "KI")
            wrong = ~np.isfinite(a) | (a < 0) | (a > top) | (strict & (a <= 0))
            if wrong.any():
                kind = "between 0 and 1" if top == 1.0 else "above 0" if strict else "0 or more"
                raise UsageError(f"{name}: must be {kind}, got {a[wrong].flat[0]:g}")


@dataclass(frozen=True)
class Regimen:
    """A dose at every interval, and how the body handles it; mg, h, L, numbers or columns of patients."""

    dose: ArrayLike
    tau: ArrayLike
    F: ArrayLike
    ka: ArrayLike
    V: ArrayLike
    CL: ArrayLike
    fu: ArrayLike
    """Unbound share in plasma."""
    molar_mass: float
    """g/mol."""

    def unbound(self, hours: ArrayLike) -> Array:
        """Unbound concentration at steady state, umol/L."""
        total = steady_concentration(
            hours, dose=self.dose, tau=self.tau, F=self.F, ka=self.ka, V=self.V, CL=self.CL
        )  # fmt: skip
        return free_drug(total, self.fu, self.molar_mass)


def free_drug(total: Array, fu: ArrayLike, molar_mass: float) -> Array:
    """Unbound drug, umol/L, of a total in mg/L.

    Raises
    ------
    UsageError
        An unbound share outside 0 to 1, or a molar mass that is not above 0.
    """
    share = np.asarray(fu, dtype=float)
    if not (np.isfinite(share).all() and (share >= 0).all() and (share <= 1).all()):
        raise UsageError("fu: must be between 0 and 1")
    if not molar_mass > 0:
        raise UsageError(f"molar mass {molar_mass}: must be above 0 g/mol")
    return share * total / molar_mass * 1000


@dataclass(frozen=True)
class Occupancy:
    """The state that repeats from dose to dose; columns of patients."""

    baseline: Array
    """GTP-bound share without drug."""
    mean_gtp: Array
    """Mean GTP-bound share over the interval."""
    feedback: Array
    """Factor on exchange, from 1 to 1 + phi."""
    inhibition: Array
    """1 minus what is left of the signal."""
    bound_min: Array
    bound_max: Array

    @property
    def mean_over_baseline(self) -> Array:
        """Mean GTP-bound share over the share without drug."""
        return self.mean_gtp / self.baseline


def baseline_gtp(cycle: Cycle, feedback: ArrayLike = 1.0) -> Array:
    """GTP-bound share at rest without drug.

    Examples
    --------
    >>> c = Cycle(kh=0.90794118, kx=1.6703838, kdeg=0.0288, pG=0.90534979, kinact=7.8408, KI=0.22, w=0.15, phi=1.5)
    >>> round(float(baseline_gtp(c)), 4)
    0.6507
    """
    kx = np.asarray(cycle.kx, dtype=float) * np.asarray(feedback, dtype=float)
    kh, kdeg, pG = (np.asarray(v, dtype=float) for v in (cycle.kh, cycle.kdeg, cycle.pG))
    return np.asarray((kdeg * pG + kx) / (kh + kdeg + kx), dtype=float)


def gtp_floor(cycle: Cycle) -> Array:
    """GTP-bound share that no inhibitor of the GDP-bound state goes below: new protein loads GTP first.

    Examples
    --------
    >>> c = Cycle(kh=0.90794118, kx=1.6703838, kdeg=0.0288, pG=0.90534979, kinact=7.8408, KI=0.22, w=0.15, phi=1.5)
    >>> round(float(gtp_floor(c)), 5)
    0.02783
    """
    kdeg = np.asarray(cycle.kdeg, dtype=float)
    return np.asarray(cycle.pG) * kdeg / (np.asarray(cycle.kh) + kdeg)


def binding_rate(cycle: Cycle, unbound: ArrayLike) -> Array:
    """Rate of inhibition of GDP-bound protein, /h, at unbound drug in umol/L."""
    c = np.asarray(unbound, dtype=float)
    return np.asarray(cycle.kinact) * c / (np.asarray(cycle.KI) + c)


class IntervalMap:
    """The affine map over one interval for given binding rates, by L-stable SDIRK2 steps."""

    def __init__(self, cycle: Cycle, kd: Array, steps: Array) -> None:
        self.kd, self.h = kd, steps
        self.kh, self.kx, self.kdeg, self.pG = (
            np.broadcast_to(np.asarray(v, dtype=float), kd.shape[1:])
            for v in (cycle.kh, cycle.kx, cycle.kdeg, cycle.pG)
        )

    def run(self, D: Array, T: Array, feedback: Array, *, offset: ArrayLike = 1.0) -> tuple[Array, Array, Array]:
        """Carry D and T over the interval; give them at the end and the integral of T."""
        total = np.zeros(np.broadcast_shapes(D.shape, feedback.shape))
        last_D, last_T = D, T
        for last_D, last_T, added in self.each(D, T, feedback, offset=offset):  # noqa: B007 - the last ones count
            total = total + added
        return last_D, last_T, total

    def each(
        self, D: Array, T: Array, feedback: Array, *, offset: ArrayLike = 1.0
    ) -> Iterator[tuple[Array, Array, Array]]:
        """Give D and T after every step, and what the step adds to the integral of T."""
        kx = self.kx * feedback
        out = self.kh + self.kdeg
        bD, bT = self.kdeg * (1 - self.pG) * offset, self.kdeg * self.pG * offset
        for kd, h in zip(self.kd, self.h, strict=True):
            g = _GAMMA * h
            a, b, c, d = 1 + g * (kx + self.kdeg + kd), -g * self.kh, -g * kx, 1 + g * out
            det = a * d - b * c
            rD, rT = D + g * bD, T + g * bT
            D1, T1 = (d * rD - b * rT) / det, (a * rT - c * rD) / det
            ratio = (1 - _GAMMA) / _GAMMA
            rD, rT = D + ratio * (D1 - D) + g * bD, T + ratio * (T1 - T) + g * bT
            D, T = (d * rD - b * rT) / det, (a * rT - c * rD) / det
            yield D, T, h * ((1 - _GAMMA) * T1 + _GAMMA * T)

    def periodic(self, feedback: Array) -> tuple[Array, Array, Array]:
        """Give D and T at the dose, and the integral of T, of the state that repeats."""
        one, none = np.ones(feedback.shape), np.zeros(feedback.shape)
        D0, T0 = np.stack([none, one, none]), np.stack([none, none, one])
        offset = np.array([1.0, 0.0, 0.0]).reshape(3, *([1] * feedback.ndim))
        D, T, area = self.run(D0, T0, feedback, offset=offset)
        a, b, c, d = 1 - D[1], -D[2], -T[1], 1 - T[2]
        det = a * d - b * c
        D, T = (d * D[0] - b * T[0]) / det, (a * T[0] - c * D[0]) / det
        return D, T, area[0] + area[1] * D + area[2] * T


def _columns(cycle: Cycle, regimen: Regimen) -> tuple[int, ...]:
    """Shape that all values broadcast to."""
    try:
        return np.broadcast_shapes(
            *(np.shape(getattr(thing, name)) for thing in (cycle, regimen) for name in thing.__dataclass_fields__)
        )
    except ValueError:
        raise UsageError("cycle and regimen: give numbers, or columns of one length") from None


def _grid(tau: Array, shape: tuple[int, ...], steps: int) -> tuple[Array, Array]:
    """Starts and lengths of the steps, [steps, patients]: shorter after the dose, where drug comes in."""
    edges = np.linspace(0, 1, steps + 1) ** 1.6
    edges = edges.reshape(-1, *([1] * len(shape))) * np.broadcast_to(tau, shape)
    return edges[:-1], np.diff(edges, axis=0)


def periodic_occupancy(cycle: Cycle, regimen: Regimen, *, steps: int = _STEPS) -> Occupancy:
    """Give what a drug at every interval leaves, with feedback, when every interval is as the one before.

    Parameters
    ----------
    cycle, regimen
        Numbers or columns that broadcast to one length.
    steps
        Steps an interval.

    Returns
    -------
    Occupancy
        Columns of the broadcast shape; nothing may be missing.

    Raises
    ------
    UsageError
        A rate, share or dose that cannot be.
    DataError
        No feedback factor was found; the message names the patient's values.

    Notes
    -----
    L-stable SDIRK2 steps with the concentration at their middles give the affine map of an interval; the feedback
    factor ``F = 1 + phi (1 - E)``, ``E = (1 - w) m + w F``, is bracketed in [1, 1 + phi] and found by the
    Anderson-Bjoerck secant (Anderson and Bjoerck 1973, BIT 13:253).

    Examples
    --------
    >>> c = Cycle(kh=0.90794118, kx=1.6703838, kdeg=0.0288, pG=0.90534979, kinact=7.8408, KI=0.22, w=0.15, phi=1.5)
    >>> r = Regimen(dose=960, tau=24, F=1, ka=3.5, V=211, CL=26.2, fu=0.11, molar_mass=560.6)
    >>> round(float(periodic_occupancy(c, r).inhibition), 2)
    0.64
    """
    tau = np.asarray(regimen.tau, dtype=float)
    if not (np.isfinite(tau).all() and (tau > 0).all()):
        raise UsageError("tau: must be above 0")
    starts, lengths = _grid(tau, _columns(cycle, regimen), steps)
    kd = binding_rate(cycle, regimen.unbound(starts + lengths / 2))
    w, phi = (np.broadcast_to(np.asarray(v, dtype=float), kd.shape[1:]) for v in (cycle.w, cycle.phi))
    base = np.broadcast_to(baseline_gtp(cycle), kd.shape[1:])
    lengths = np.broadcast_to(lengths, kd.shape)
    cycle_map = IntervalMap(cycle, kd, lengths)

    def gap(F: Array) -> Array:
        m = cycle_map.periodic(F)[2] / tau / base
        return 1 + phi * (1 - (1 - w) * m - w * F) - F

    F = bracketed(gap, np.ones(kd.shape[1:]), 1 + phi)
    if F is None:
        F, bad = np.ones(kd.shape[1:]), np.flatnonzero(~np.isfinite(np.atleast_1d(gap(1 + phi))))
        _refuse(cycle, regimen, int(bad[0]) if bad.size else 0, kd.shape[1:])
    D, T, area = cycle_map.periodic(F)
    low = high = 1 - D - T
    for d, t, _ in cycle_map.each(D, T, F):
        low, high = np.minimum(low, 1 - d - t), np.maximum(high, 1 - d - t)
    mean = area / tau
    return Occupancy(
        baseline=np.array(base),
        mean_gtp=mean,
        feedback=F,
        inhibition=1 - (1 - w) * mean / base - w * F,
        bound_min=np.clip(low, 0, 1),
        bound_max=np.clip(high, 0, 1),
    )


def bracketed(gap: Callable[[Array], Array], low: Array, high: Array) -> Array | None:
    """Root of a falling function of a column between two columns; None where it does not converge.

    A row that has converged stays as it is, so that it does not depend on the rows beside it.
    """
    a, b = low.astype(float), np.broadcast_to(high, low.shape).astype(float)
    fa, fb = gap(a), gap(b)
    x = np.where(np.abs(fa) <= _CLOSE, a, b)
    done = (np.abs(fa) <= _CLOSE) | (np.abs(fb) <= _CLOSE)
    for _ in range(_ROUNDS):
        if not (np.isfinite(fa).all() and np.isfinite(fb).all()):
            return None
        if done.all():
            return x
        with np.errstate(divide="ignore", invalid="ignore"):
            cut = np.where(fa == fb, a, b - fb * (b - a) / (fb - fa))
        x = np.where(done, x, np.clip(cut, np.minimum(a, b), np.maximum(a, b)))
        fx = gap(x)
        crossed = fx * fb < 0
        with np.errstate(divide="ignore", invalid="ignore"):
            m = 1 - fx / fb
        shrunk = np.where((m > 0) & np.isfinite(m), m, 0.5)
        fa = np.where(crossed, fb, fa * shrunk)
        a = np.where(crossed, b, a)
        b, fb = x, fx
        done |= np.abs(fx) <= _CLOSE
    return None


def _refuse(cycle: Cycle, regimen: Regimen, row: int, shape: tuple[int, ...]) -> None:
    said = []
    for thing in (cycle, regimen):
        for name in thing.__dataclass_fields__:
            column = np.broadcast_to(np.asarray(getattr(thing, name), dtype=float), shape or (1,)).ravel()
            said.append(f"{name} = {column[row]:g}")
    raise DataError(f"patient {row + 1}: no feedback factor was found with {', '.join(said)}; check these values")
