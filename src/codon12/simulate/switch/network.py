"""The fourteen-state cycle of a small GTPase and a covalent inhibitor of its GDP-bound state: the reference.

Wild type and mutant protein exchange nucleotide, hydrolyse GTP, bind effector, are made and broken down; the inhibitor
binds mutant GDP-bound or nucleotide-free protein and does not leave. Amounts are mol/L, rates per second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codon12.errors import UsageError
from codon12.simulate.switch.cycle_constants import CycleConstants

__all__ = ["STATES", "NetworkState", "dose_response", "half_inhibition", "network_course", "steady_state"]

STATES = ("D", "T", "F", "d", "x", "f", "TE", "xE", "E", "fS", "dS", "S")
"""Order of the equations below: wild type D, T, F; mutant d, x, f; effector complexes; free effector; bound; drug."""

Array = NDArray[np.float64]
_SPAN = 3e6
"""Seconds that the network is followed before rest is solved for; twenty times as long where that fails."""


class NetworkState:
    """Amounts of the network at one time, and the shares that are read from them."""

    def __init__(self, amounts: Array, constants: CycleConstants) -> None:
        self.amounts = amounts
        self.constants = constants

    def __getitem__(self, name: str) -> float:
        """Amount of a state, mol/L."""
        return float(self.amounts[STATES.index(name)])

    @property
    def mutant_gtp(self) -> float:
        """GTP-bound share, free and with effector, of the mutant protein."""
        return (self["x"] + self["xE"]) / self.constants.mutant

    @property
    def wild_type_gtp(self) -> float:
        """GTP-bound share of the wild-type protein."""
        wild = self.constants.wild_type
        return (self["T"] + self["TE"]) / wild if wild > 0 else float("nan")

    @property
    def total_gtp(self) -> float:
        """GTP-bound share of all protein."""
        return (self["x"] + self["xE"] + self["T"] + self["TE"]) / self.constants.ras

    @property
    def effector_bound(self) -> float:
        """Share of all protein that holds an effector."""
        return (self["xE"] + self["TE"]) / self.constants.ras

    @property
    def bound(self) -> float:
        """Share of the mutant protein that holds the inhibitor."""
        return (self["dS"] + self["fS"]) / self.constants.mutant

    @property
    def mutant_shares(self) -> tuple[float, float, float]:
        """Mutant protein GDP-bound (with nucleotide-free), GTP-bound, inhibited; they add up to 1."""
        m = self.constants.mutant
        return (self["d"] + self["f"]) / m, self.mutant_gtp, self.bound


def _slopes(y: Sequence[float], c: CycleConstants, *, hold: float | None = None) -> list[float]:
    D, T, F, d, x, f, TE, xE, E, fS, dS, S = y
    free = S if hold is None else hold
    w, m = c.wild, c.changed
    den = 1 + D / w.KmD + T / w.KmT + d / m.KmD + x / m.KmT
    r1 = c.GEF * (w.kD * D / w.KmD - w.kT(c) * T / w.KmT) / den
    r8 = c.GEF * (m.kD * d / m.KmD - m.kT(c) * x / m.KmT) / den
    r2 = c.GAP * w.kcat * T / (w.KmG * (1 + x / m.KmG) + T)
    r9 = c.GAP * m.kcat * x / (m.KmG * (1 + T / w.KmG) + x)
    r3, r7, r10, r14 = w.kint * T, w.kint * TE, m.kint * x, m.kint * xE
    r4, r5 = w.kdD * D - w.kaD * c.GDP * F, w.kdT * T - w.kaT * c.GTP * F
    r11, r12 = m.kdD * d - m.kaD * c.GDP * f, m.kdT * x - m.kaT * c.GTP * f
    r6, r13 = w.kaE * T * E - w.kdE * TE, m.kaE * x * E - m.kdE * xE
    r18 = m.kdD * dS - m.kaD * c.GDP * fS
    r39, r41 = c.kon * d * free, c.kon * f * free
    k = c.kdeg
    return [
        -r1 + r2 + r3 - r4 + r7 - k * D,
        r1 - r2 - r3 - r5 - r6 - k * T,
        r4 + r5 - k * F + k * c.wild_type,
        -r8 + r9 + r10 - r11 + r14 - k * d - r39,
        r8 - r9 - r10 - r12 - r13 - k * x,
        r11 + r12 - k * f + k * c.mutant - r41,
        r6 - r7 - k * TE,
        r13 - r14 - k * xE,
        -r6 + r7 - r13 + r14 + k * (TE + xE),
        r18 - k * fS + r41,
        -r18 - k * dS + r39,
        0.0 if hold is not None else -r39 - r41 + k * (dS + fS),
    ]


def _start(c: CycleConstants) -> Array:
    y = np.zeros(len(STATES))
    y[STATES.index("D")], y[STATES.index("d")], y[STATES.index("E")] = c.wild_type, c.mutant, c.effector
    return y


def _run(y0: Array, times: Array, c: CycleConstants, *, hold: float | None = None) -> Array:
    """Integrate in units of the total protein; LSODA."""
    from scipy.integrate import solve_ivp

    scale = c.ras

    def slope(_: float, y: Array) -> Array:
        return np.asarray(_slopes((y * scale).tolist(), c, hold=hold)) / scale

    made = solve_ivp(
        slope, (0.0, float(times[-1])), y0 / scale, t_eval=times, method="LSODA", rtol=1e-9, atol=1e-13
    )  # fmt: skip
    if not made.success or not np.isfinite(made.y).all():
        raise UsageError(f"the network could not be integrated with these constants: {made.message}")
    return made.y.T * scale


def _rest(y: Array, c: CycleConstants, *, hold: float | None = None) -> Array:
    """Follow the network until close to rest, then solve for rest by Newton's method with the totals kept."""
    span = _SPAN
    for _ in range(6):
        y = _run(y, np.array([0.0, span]), c, hold=hold)[-1]
        rest = _solved(y, c, hold=hold)
        if rest is not None:
            return rest
        span *= 20
    raise UsageError("the network does not come to rest with these constants")


def _solved(y: Array, c: CycleConstants, *, hold: float | None) -> Array | None:
    """Give the root next to `y` with no amount below zero; None where Newton's method finds none."""
    from scipy.optimize import root

    scale = c.ras
    drug = float(y[9:].sum())
    speed = max(c.changed.kint, c.wild.kint, 1e-6)

    def residual(z: Array) -> Array:
        out = np.asarray(_slopes((z * scale).tolist(), c, hold=hold)) / (scale * speed)
        # Totals are kept; they take the place of the equations that follow from the others.
        out[2] = (z[0] + z[1] + z[2] + z[6]) - c.wild_type / scale
        out[5] = (z[3] + z[4] + z[5] + z[7] + z[9] + z[10]) - c.mutant / scale
        out[8] = (z[6] + z[7] + z[8]) - c.effector / scale
        out[11] = z[11] if hold is not None else (z[9] + z[10] + z[11]) - drug / scale
        return out

    found = root(residual, y / scale, method="hybr", tol=1e-13)
    z = np.asarray(found.x)
    size = max(1.0, drug / scale)
    if not np.isfinite(z).all() or z.min() < -1e-9 * size or np.abs(residual(z)).max() > 1e-8 * size:
        return None
    if np.abs(z - y / scale)[:9].max() > 0.05:  # far from where the course is: it may be another root
        return None
    return np.maximum(z, 0.0) * scale


def steady_state(constants: CycleConstants, *, total_drug: float = 0.0, held_drug: float | None = None) -> NetworkState:
    """Give the network at rest, without or with an inhibitor.

    Parameters
    ----------
    constants
        Of the proteins and the inhibitor (`CycleConstants`).
    total_drug
        Inhibitor put in at the start, mol/L, in a closed volume: what is bound is used up until the protein is
        broken down.
    held_drug
        Free inhibitor that is kept at this concentration, mol/L, instead.

    Raises
    ------
    UsageError
        A concentration below zero, or constants with which the network cannot be integrated.

    Notes
    -----
    Source: Stites and Shaw, CPT Pharmacometrics Syst Pharmacol 2018;7:342.

    Examples
    --------
    >>> round(steady_state(CycleConstants.of("G12C")).mutant_gtp, 3)
    0.651
    """
    for value in (total_drug, held_drug or 0.0):
        if not (np.isfinite(value) and value >= 0):
            raise UsageError(f"concentration {value}: give mol/L, 0 or more")
    y = _rest(_start(constants), constants, hold=0.0)
    if held_drug is not None:
        y = _rest(y, constants, hold=held_drug)
    elif total_drug > 0:
        y[-1] = total_drug
        y = _rest(y, constants)
    return NetworkState(y, constants)


def network_course(constants: CycleConstants, hours: Sequence[float], *, total_drug: float) -> list[NetworkState]:
    """Give the network at times after the inhibitor is put in, from rest without it; hours from 0, in any order.

    Raises
    ------
    UsageError
        Times or concentration below zero.

    Examples
    --------
    >>> late = network_course(CycleConstants.of("G12C", drug="ars-853"), [5.14], total_drug=1e-5)[0]
    >>> round(late.bound / 0.946159, 1)
    1.0
    """
    times = np.asarray(hours, dtype=float)
    if times.size == 0 or not (np.isfinite(times).all() and (times >= 0).all()):
        raise UsageError("times: give hours, 0 or more")
    y = steady_state(constants).amounts.copy()
    y[-1] = total_drug
    unique, place = np.unique(np.append(times, 0.0) * 3600, return_inverse=True)
    rows = _run(y, unique, constants) if unique.size > 1 else y[None, :]
    return [NetworkState(rows[i], constants) for i in place[:-1]]


def dose_response(constants: CycleConstants, concentrations: Sequence[float]) -> list[dict[str, float]]:
    """Give inhibition of GTP-bound protein, mutant GTP over its baseline, and bound share by total inhibitor, mol/L.

    Examples
    --------
    >>> rows = dose_response(CycleConstants.of("G12C", drug="ars-853"), [1e-6])
    >>> round(rows[0]["inhibition_total_ras_gtp"], 3)
    0.657
    """
    base = steady_state(constants)
    rows = []
    for amount in concentrations:
        at = steady_state(constants, total_drug=amount)
        rows.append(
            {
                "total_drug_M": float(amount),
                "inhibition_total_ras_gtp": 1 - at.total_gtp / base.total_gtp,
                "mutant_gtp_over_baseline": at.mutant_gtp / base.mutant_gtp,
                "bound": at.bound,
            }
        )
    return rows


def half_inhibition(constants: CycleConstants, *, pool: str = "total") -> float | None:
    """Total inhibitor, mol/L, that halves GTP-bound protein; None where 1 mol/L does not.

    `pool` is ``total`` (all protein) or ``mutant``.

    Raises
    ------
    UsageError
        An unknown pool.
    """
    if pool not in ("total", "mutant"):
        raise UsageError(f"pool {pool!r}: total or mutant")
    from scipy.optimize import brentq

    name = f"{pool}_gtp"
    half = getattr(steady_state(constants), name) / 2

    def above(log: float) -> float:
        return getattr(steady_state(constants, total_drug=10**log), name) - half

    low = high = float(np.log10(constants.mutant))
    while above(high) > 0:
        low, high = high, high + 1
        if high > 0:
            return None
    while above(low) <= 0:
        low, high = low - 1, low
    found: Any = brentq(above, low, high, xtol=1e-7)
    return float(10**found)
