"""The reduced cycle of one patient over time: after the doses of a record, or with an amount that nothing refills."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from codon12.errors import UsageError
from codon12.simulate.switch.occupancy import Cycle, IntervalMap, Regimen, baseline_gtp, binding_rate, free_drug
from codon12.simulate.switch.pharmacokinetics import concentration_after_doses

__all__ = ["cycle_course", "fixed_amount_course"]

Array = NDArray[np.float64]


def cycle_course(
    cycle: Cycle,
    hours: ArrayLike,
    *,
    dose_hours: ArrayLike,
    doses: ArrayLike,
    regimen: Regimen,
    feedback: float = 1.0,
    step: float = 0.02,
) -> tuple[Array, Array]:
    """Give the inhibited share, and GTP over baseline, of one patient at hours after the first of the doses given.

    The doses are those of a dosing record; those of `regimen` are not used, its other values are. The patient
    starts at rest without drug.

    Raises
    ------
    UsageError
        Doses without a time each, or hours below 0.
    """
    at = np.asarray(hours, dtype=float)
    if at.size == 0 or not (np.isfinite(at).all() and (at >= 0).all()):
        raise UsageError("hours: give times from 0 on")
    given = {"F": float(regimen.F), "ka": float(regimen.ka), "V": float(regimen.V), "CL": float(regimen.CL)}  # type: ignore[arg-type]

    def unbound(t: Array) -> Array:
        total = concentration_after_doses(t, dose_hours=dose_hours, doses=doses, **given)
        return free_drug(total, regimen.fu, regimen.molar_mass)

    return _course(cycle, at, unbound, feedback=feedback, step=step, extra=np.asarray(dose_hours, dtype=float))


def _course(
    cycle: Cycle, at: Array, unbound: Callable[[Array], Array], *, feedback: float, step: float, extra: Array
) -> tuple[Array, Array]:
    last = float(at.max())
    inside = extra[(extra > 0) & (extra < last)]
    edges = np.unique(np.concatenate([np.arange(0, last, step), at, [0.0, last], inside]))
    lengths = np.diff(edges)
    kd = binding_rate(cycle, unbound(edges[:-1] + lengths / 2))
    base = float(baseline_gtp(cycle))
    walk = IntervalMap(cycle, kd, lengths)
    D, T = [1 - base], [base]
    for d, t, _ in walk.each(np.array(1 - base), np.array(base), np.array(feedback)):
        D.append(float(d))
        T.append(float(t))
    place = np.searchsorted(edges, at)
    D_at, T_at = np.array(D)[place], np.array(T)[place]
    return np.clip(1 - D_at - T_at, 0, 1), T_at / base


def fixed_amount_course(cycle: Cycle, hours: ArrayLike, *, unbound: float, target: float) -> tuple[Array, Array]:
    """Give the inhibited share and GTP over baseline with an amount of drug that nothing refills; umol/L.

    Raises
    ------
    UsageError
        Less drug than three times the target: what is bound would use it up, and the reduced cycle, which holds the
        concentration, is wrong by up to 0.8 of baseline. With dosing the blood refills it and this does not apply.

    Examples
    --------
    >>> c = Cycle(kh=0.90794118, kx=1.6703838, kdeg=0.0288, pG=0.90534979, kinact=7.8408, KI=0.22, w=0.15, phi=1.5)
    >>> fixed_amount_course(c, [1], unbound=0.2, target=0.1)
    Traceback (most recent call last):
      ...
    codon12.errors.UsageError: 0.2 umol/L of drug is below 3 times the target (0.1 umol/L): the drug is used up \
and the reduced cycle does not hold; use the network, or give doses
    """
    if not (target > 0 and np.isfinite(unbound) and unbound >= 0):
        raise UsageError("drug and target: give umol/L, the target above 0")
    if unbound < 3 * target * (1 - 1e-12):
        raise UsageError(
            f"{unbound:g} umol/L of drug is below 3 times the target ({target:g} umol/L): the drug is used up and the "
            "reduced cycle does not hold; use the network, or give doses"
        )
    at = np.asarray(hours, dtype=float)
    held = lambda t: np.full(np.shape(t), unbound)  # noqa: E731 - a constant
    return _course(cycle, at, held, feedback=1.0, step=0.02, extra=np.empty(0))
