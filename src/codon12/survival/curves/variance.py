"""Variance of log S(t) and of the cumulative hazard: Greenwood, and the infinitesimal jackknife."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Influence", "greenwood", "robust_variance"]

Floats = NDArray[np.float64]


def greenwood(n_risk: Floats, n_event: Floats) -> Floats:
    """Greenwood's sum of d / (n (n - d)) up to each time; infinite once everybody at risk has the event.

    Numbers at risk are positive.
    """
    step = n_risk - n_event
    step *= n_risk
    with np.errstate(divide="ignore", invalid="ignore"):
        np.divide(n_event, step, out=step)
    return step.cumsum()


@dataclass(frozen=True, eq=False)
class Influence:
    """The observations behind one curve, for a variance that sums squared influences over clusters."""

    stop: Floats
    event: NDArray[np.bool_]
    weight: Floats
    cluster: NDArray[np.intp]
    entry: Floats | None = None


def robust_variance(time: Floats, hazard: Floats, jump: Floats, data: Influence) -> Floats:
    """Infinitesimal-jackknife variance of a sum of hazards, by cluster, at every time.

    The influence of a cluster on the sum is ``sum w (dN - Y h) * jump``, with `jump` 1/n for the Nelson-Aalen
    hazard and 1/(n - d) for -log of the Kaplan-Meier estimate. Between its own entries and exits a cluster's
    influence is P - A(t) Q with A = cumsum(h * jump), so the sum of squares needs only the changes of P^2, PQ
    and Q^2: O(n log n) instead of clusters x times. Where `jump` is infinite (all at risk have the event) the
    variance is left infinite from there on.
    """
    endless = np.isinf(jump)
    last = int(np.argmax(endless)) if endless.any() else time.size
    finite = np.where(np.arange(time.size) < last, jump, 0.0)
    drift = np.cumsum(np.where(hazard > 0, hazard * finite, 0.0))
    # A cluster member leaves after row `out`: its exposure ends with A(out), its event adds w * jump there.
    out = np.searchsorted(time, data.stop, side="left")
    leave = data.weight * (np.where(data.event, finite[out], 0.0) - drift[out])
    if data.entry is None:
        into = np.full(out.size, -1)
        enter = np.zeros(out.size)
    else:
        into = np.searchsorted(time, data.entry, side="right") - 1
        enter = data.weight * np.where(into >= 0, drift[np.maximum(into, 0)], 0.0)
    row, cluster = np.append(out, into), np.append(data.cluster, data.cluster)
    order = np.lexsort((row, cluster))
    row, cluster = row[order], cluster[order]
    first = np.flatnonzero(np.diff(cluster, prepend=-1))
    sizes = np.diff(np.append(first, cluster.size))

    def within(change: Floats) -> tuple[Floats, Floats]:
        total = np.cumsum(change[order])
        start = np.repeat(np.append(0.0, total[first[1:] - 1]), sizes)
        after = total - start
        earlier = np.empty_like(after)
        earlier[0] = 0.0
        earlier[1:] = after[:-1]
        earlier[first] = 0.0
        return earlier, after

    p0, p1 = within(np.append(leave, enter))
    q0, q1 = within(np.append(-data.weight, data.weight))

    def path(change: Floats) -> Floats:
        sums = np.bincount(row + 1, change, minlength=time.size + 1).astype(np.float64)
        return np.cumsum(sums)[1:]

    pp, pq, qq = path(p1 * p1 - p0 * p0), path(p1 * q1 - p0 * q0), path(q1 * q1 - q0 * q0)
    total = pp - 2 * drift * pq + drift * drift * qq
    largest = np.maximum.accumulate(np.abs(pp) + drift * drift * np.abs(qq))
    lost = (row.size + 16) * np.finfo(np.float64).eps * largest
    total[total < lost] = 0.0  # nothing is left but rounding, as where one cluster is everybody
    # Only events change it: rounding must not let a flat curve's limits waver, or quantiles would see them cross.
    latest = np.maximum.accumulate(np.where(hazard > 0, np.arange(time.size), -1))
    total = np.where(latest >= 0, total[latest], 0.0)
    return np.where(np.arange(time.size) < last, total, np.inf)
