"""Tumours under a patient's dosing: kill that changes in steps with dose changes, cells carried over; days, mm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codon12.simulate.switch.draws import exponentials
from codon12.simulate.switch.lesions import Clones, advance, diameter, start_clones
from codon12.simulate.switch.parameters import ParameterSet
from codon12.simulate.switch.patients import Patients, inhibition_of, kill_of

__all__ = ["Therapy", "plan_therapy"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Therapy:
    """Periods of constant dose of every patient, and the cells of his lesions at the start of each."""

    patients: Patients
    starts: Array
    """Start of each period, [n, periods]; inf where there is none."""
    doses: Array
    """Dose in each period; 0 in an interruption."""
    kills: Array
    states: tuple[Clones, ...]
    """Cells at the start of each period, [n, lesions]."""
    stop_growth: float

    def cells(self, days: Array) -> Clones:
        """Cells at days [n, T] while treatment lasts, [n, T, lesions]."""
        who = self.patients
        rates = {"gS": who.gS[:, None, None], "gR": who.gR[:, None, None], "mu": who.mu[:, None, None]}
        parts = None
        for k, state in enumerate(self.states):
            begun = days >= self.starts[:, [k]]
            if k and not begun.any():
                break
            since = np.where(begun, days - np.where(np.isfinite(self.starts[:, [k]]), self.starts[:, [k]], 0), 0.0)
            here = advance(
                Clones(*(a[:, None, :] for a in (state.sensitive, state.resistant, state.acquired))),
                since[:, :, None], kill=self.kills[:, [k]][:, :, None], **rates,
            )  # fmt: skip
            if parts is None:
                parts = here
            else:
                pick = begun[:, :, None]
                parts = Clones(
                    np.where(pick, here.sensitive, parts.sensitive),
                    np.where(pick, here.resistant, parts.resistant),
                    np.where(pick, here.acquired, parts.acquired),
                )
        assert parts is not None
        return parts

    def diameters(self, days: Array) -> Array:
        """True diameters at days [n, T] while treatment lasts, [n, T, lesions]; 0 for a lesion that is not there."""
        who = self.patients
        return diameter(who.d0[:, None, :], self.cells(days).total, who.residue[:, None, :])

    def on_drug(self, days: Array) -> tuple[Array, Array]:
        """Relative tumour volume and sum of diameters at days [T] while treatment lasts, [n, T]."""
        who = self.patients
        rho, size = who.residue[:, None, :], who.d0[:, None, :]
        volume = self.cells(np.broadcast_to(days, (who.n, days.size))).total * (1 - rho) + rho
        whole = size * size * size
        return (volume * whole).sum(axis=2) / whole.sum(axis=2), (size * np.cbrt(volume)).sum(axis=2)

    def sums_after(self, days: Array, stopped: Array, sums: Array) -> Array:
        """Sum of diameters at days [T] when treatment stopped at `stopped` [n]; `sums` are those while it lasts.

        After treatment the whole volume of a lesion grows, its residue too.
        """
        rows = np.flatnonzero(stopped < days[-1])
        out = sums.copy()
        if rows.size == 0:
            return out
        some = self.only(rows)
        at_stop = some.diameters(stopped[rows, None]).sum(axis=2)
        growth = np.maximum(some.patients.gR, some.patients.gS * self.stop_growth)[:, None]
        since = np.maximum(days - stopped[rows, None], 0.0)
        after = at_stop * np.exp(np.minimum(growth * since, 200.0) / 3)
        out[rows] = np.where(days > stopped[rows, None], after, out[rows])
        return out

    def only(self, rows: NDArray[np.int64]) -> Therapy:
        """Give the therapy of some patients."""
        who = self.patients
        kept = Patients(
            seed=who.seed,
            first=who.first,
            marks={k: v[rows] for k, v in who.marks.items()},
            pharmacology={k: v[rows] for k, v in who.pharmacology.items()},
            **{k: getattr(who, k)[rows] for k in ("kmax", "dependence", "gS", "gR", "mu", "d0", "r0", "residue")},
        )
        states = tuple(Clones(s.sensitive[rows], s.resistant[rows], s.acquired[rows]) for s in self.states)
        return Therapy(kept, self.starts[rows], self.doses[rows], self.kills[rows], states, self.stop_growth)


def plan_therapy(parameters: ParameterSet, patients: Patients, kill: Array) -> Therapy:
    """Give the periods of constant dose: reductions and interruptions by their hazards, none by default.

    Occupancy is solved again only for a dose level that occurs.
    """
    p, who = parameters, patients
    starts, doses, kills = [np.zeros(who.n)], [np.full(who.n, p["dose"])], [kill]
    for at, level in _changes(p, who):
        starts.append(at)
        doses.append(np.full(who.n, level))
        kills.append(np.zeros(who.n) if level == 0 else _kill_at(p, who, level))
    order = np.argsort(np.stack(starts, axis=1), axis=1, kind="stable")
    begin = np.take_along_axis(np.stack(starts, axis=1), order, axis=1)
    dose = np.take_along_axis(np.stack(doses, axis=1), order, axis=1)
    rate = np.take_along_axis(np.stack(kills, axis=1), order, axis=1)
    states = [start_clones(who.r0)]
    for k in range(1, begin.shape[1]):
        some = np.isfinite(begin[:, k])
        length = np.where(some, begin[:, k], 0.0) - np.where(some, begin[:, k - 1], 0.0)
        states.append(
            advance(states[-1], length[:, None], gS=who.gS[:, None], gR=who.gR[:, None], mu=who.mu[:, None],
                    kill=rate[:, [k - 1]])
        )  # fmt: skip
    return Therapy(who, begin, dose, rate, tuple(states), p["stop_growth"])


def _kill_at(p: ParameterSet, who: Patients, dose: float) -> Array:
    return kill_of(p, who, inhibition_of(p, who, dose=dose))


def _changes(p: ParameterSet, who: Patients) -> list[tuple[Array, float]]:
    """Start and dose of each change; whole days; an interruption ends before a reduction, which takes its place."""
    waits = exponentials(who.seed, "dose changes", who.first, who.n, 4)
    out: list[tuple[Array, float]] = []
    if p["interrupt"] > 0:
        begin = np.ceil(waits[:, 0] / p["interrupt"])
        out += [(begin, 0.0), (begin + np.ceil(p["interrupt_days"]), p["dose"])]
    if p["reduce"] > 0:
        level, at = p["dose"], np.zeros(who.n)
        for k in range(int(p["reductions"])):
            level *= p["reduced_to"]
            at = at + np.ceil(waits[:, 1 + k] / p["reduce"])
            out.append((at, level))
    if p["interrupt"] > 0 and p["reduce"] > 0:
        # With both, an interruption that would overlap a reduction does not happen: its two changes are left out.
        begin, end = out[0][0], out[1][0]
        clash = np.zeros(who.n, dtype=bool)
        for at, _ in out[2:]:
            clash |= at <= end
        out[0] = (np.where(clash, np.inf, begin), 0.0)
        out[1] = (np.where(clash, np.inf, end), p["dose"])
    return out
