"""Curtailment: stop as soon as the outcome is certain, or nearly so."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from codon12.design.arguments import FLAG, PATIENTS, SHARE, checked, higher_is_better, up_to
from codon12.design.single_arm.boundaries import Boundaries
from codon12.design.single_arm.two_rates import SingleArmDesign, at_two_rates
from codon12.errors import DesignError

__all__ = ["conditional_power", "curtailed", "curtailed_design"]


@checked(rate=SHARE)
def conditional_power(boundaries: Boundaries, rate: float) -> NDArray[np.float64]:
    """Compute the probability of success from every state on the way, at a given true rate.

    Returns an array of shape (n + 1, n + 1): entry [m, x] after x responses of m patients, a look after m patients
    included; NaN where x > m.

    Examples
    --------
    >>> conditional_power(Boundaries(n=2, success_at_least=1), 0.5)[0, 0]
    np.float64(0.75)
    """
    b = boundaries
    at = {m: (low, high) for m, low, high in zip(b.looks, b.stop_at_most, b.stop_at_least, strict=True)}
    out = np.full((b.n + 1, b.n + 1), np.nan)
    out[b.n] = np.arange(b.n + 1) >= b.success_at_least
    for m in range(b.n - 1, -1, -1):
        out[m, : m + 1] = rate * out[m + 1, 1 : m + 2] + (1 - rate) * out[m + 1, : m + 1]
        if m in at:
            low, high = at[m]
            out[m, : low + 1] = 0
            out[m, high : m + 1] = 1
    return out


@checked(success=FLAG, futility=FLAG, start=PATIENTS)
def curtailed(
    boundaries: Boundaries,
    *,
    success: bool = True,
    futility: bool = True,
    below: float | None = None,
    rate: float | None = None,
    start: int = 1,
) -> Boundaries:
    """Look after every patient and stop once the outcome of the given design is decided.

    Parameters
    ----------
    boundaries
        The design to curtail, single-stage or with looks of its own.
    success, futility
        Whether to stop once success, or failure, is certain. Certain stops change neither alpha nor power.
    below, rate
        Stochastic curtailment: stop for futility also if the probability of success at the true `rate` is below
        this. That costs power.
    start
        First patient after whom curtailment may stop.

    References
    ----------
    Chi and Chen 2008, Curtailed two-stage designs in phase II clinical trials. Stat Med 27:6175-6189. Ayanlowo and
    Redden 2007, Stochastically curtailed phase II clinical trials. Stat Med 26:1462-1472.

    Examples
    --------
    >>> single = curtailed(Boundaries(n=3, success_at_least=2))
    >>> single.stop_at_most, single.stop_at_least
    ((-1, 0), (2, 2))
    """
    b = boundaries
    if below is not None and rate is None:
        raise DesignError("stochastic curtailment needs the true rate at which to compute conditional power")
    wins = conditional_power(b, 0.5)
    loses = _chance_of_failure(b)
    power = wins if below is None or rate is None else conditional_power(b, rate)
    own = {m: (low, high) for m, low, high in zip(b.looks, b.stop_at_most, b.stop_at_least, strict=True)}
    looks, low, high = tuple(range(1, b.n)), [], []
    for m in looks:
        states = slice(0, m + 1)
        f, e = own.get(m, (-1, m + 1))
        if m >= start:
            lost = (wins[m, states] == 0) if futility else np.zeros(m + 1, dtype=bool)
            if below is not None:
                lost |= power[m, states] < below
            won = (loses[m, states] == 0) & success
            f = max(f, _leading(lost) - 1)
            e = min(e, m + 1 - _leading(won[::-1]))
        low.append(f)
        high.append(e)
    return Boundaries(b.n, b.success_at_least, looks, tuple(low), tuple(high))


@checked(n=up_to(1_000))  # beyond it, what is all but impossible can no longer be told from what is
def curtailed_design(
    n: int,
    least: int,
    *,
    p0: float,
    p1: float,
    looks: tuple[int, ...] = (),
    stop_at_most: tuple[int, ...] = (),
    below: float | None = None,
    rate: float | None = None,
) -> SingleArmDesign:
    """Curtail a single- or multi-stage futility design and judge it at two rates.

    Examples
    --------
    >>> design = curtailed_design(29, 4, p0=0.05, p1=0.2, looks=(10,), stop_at_most=(0,))
    >>> round(design.alpha, 6), round(design.expected_n, 2)
    (0.046829, 16.91)
    """
    higher_is_better(p0, p1)
    if not 1 <= least <= n:
        raise DesignError(f"success at {least} responses must lie between 1 and n = {n}")
    early = [m for m, low in zip(looks, stop_at_most, strict=False) if low >= least]
    if early:
        raise DesignError(f"the look after {early[0]} stops for futility with {least} responses, which are a success")
    if rate is not None and below is None:
        raise DesignError("the rate of the conditional power stops nothing without the power to stop below")
    base = Boundaries(n, least, tuple(looks), tuple(stop_at_most))
    rate = p1 if below is not None and rate is None else rate
    final = curtailed(base, below=below, rate=rate)
    words = "Stop as soon as success or failure is certain."
    if below is not None:
        words = f"Stop as soon as the outcome is certain or conditional power at {rate:g} is below {below:g}."
    return at_two_rates(words, final, p0, p1)


def _chance_of_failure(b: Boundaries) -> NDArray[np.float64]:
    """Probability of failure at rate one half: zero exactly where success is certain."""
    mirrored = Boundaries(
        b.n,
        b.n + 1 - b.success_at_least,
        b.looks,
        tuple(m - high for m, high in zip(b.looks, b.stop_at_least, strict=True)),
        tuple(m - low for m, low in zip(b.looks, b.stop_at_most, strict=True)),
    )
    power = conditional_power(mirrored, 0.5)
    out = np.full_like(power, np.nan)
    for m in range(b.n + 1):
        out[m, : m + 1] = power[m, m::-1]
    return out


def _leading(flags: NDArray[np.bool_]) -> int:
    """Number of leading True values."""
    return len(flags) if flags.all() else int(np.argmin(flags))
