"""Frames for the figures of the switch: fluxes and states, drug and occupancy, dose response, clones, ranges."""

from __future__ import annotations

import numpy as np
import polars as pl

from codon12.errors import UsageError
from codon12.simulate.switch.conduct import conduct, conduct_blocks
from codon12.simulate.switch.cycle_course import cycle_course
from codon12.simulate.switch.ensemble import Ensemble
from codon12.simulate.switch.occupancy import (
    Cycle,
    Regimen,
    baseline_gtp,
    binding_rate,
    gtp_floor,
    periodic_occupancy,
)
from codon12.simulate.switch.parameters import ParameterSet
from codon12.simulate.switch.patients import draw_patients
from codon12.simulate.switch.pharmacokinetics import concentration_after_doses
from codon12.simulate.switch.summary import headline

__all__ = [
    "clone_frames",
    "cycle_frames",
    "dose_frame",
    "ensemble_frame",
    "occupancy_frame",
    "tornado_frame",
    "typical",
]


def typical(p: ParameterSet, *, dose: float | None = None, tau: float | None = None) -> tuple[Cycle, Regimen]:
    """Give the cycle and the regimen of the typical patient: every parameter at its value.

    Examples
    --------
    >>> from codon12.simulate.switch.parameters import shipped_set
    >>> cycle, regimen = typical(shipped_set())
    >>> round(float(periodic_occupancy(cycle, regimen).inhibition), 2)
    0.64
    """
    amount = p["dose"] if dose is None else dose
    relative = (amount / p["reference_dose"]) ** p["exposure"] if amount > 0 else 1.0
    cycle = Cycle(**{k: p[k] for k in ("kh", "kx", "kdeg", "pG", "kinact", "KI", "w", "phi")})
    regimen = Regimen(
        dose=amount, tau=p["tau"] if tau is None else tau, F=relative, ka=p["ka"], V=p["V"], CL=p["CL"], fu=p["fu"],
        molar_mass=p["molar_mass"],
    )  # fmt: skip
    return cycle, regimen


def cycle_frames(p: ParameterSet, *, feedback: bool = True, drug: bool = True) -> tuple[pl.DataFrame, pl.DataFrame]:
    """States and fluxes of the typical patient at steady state, means over an interval: STATE, SHARE; FLOW, RATE."""
    cycle, regimen = typical(p, dose=None if drug else 0.0)
    if not feedback:
        cycle = Cycle(**{k: p[k] for k in ("kh", "kx", "kdeg", "pG", "kinact", "KI")}, w=0.0, phi=0.0)
    factor = float(periodic_occupancy(cycle, regimen).feedback)
    tau = float(p["tau"])
    hours = np.linspace(0, tau, 241)
    doses = np.arange(12) * tau
    given = np.full(12, float(regimen.dose))  # type: ignore[arg-type]
    last = doses[-1] + hours
    bound, over = cycle_course(cycle, last, dose_hours=doses, doses=given, regimen=regimen, feedback=factor)
    gtp = over * float(baseline_gtp(cycle))
    gdp = 1 - bound - gtp
    kd = binding_rate(cycle, regimen.unbound(hours))

    def mean(values: np.ndarray) -> float:
        return float(np.trapezoid(values, hours) / tau)

    shares = {"GTP-bound": mean(gtp), "GDP-bound": mean(gdp), "inhibited": mean(bound)}
    kdeg, pG = p["kdeg"], p["pG"]
    flows = {
        "exchange": p["kx"] * factor * shares["GDP-bound"],
        "hydrolysis": p["kh"] * shares["GTP-bound"],
        "inhibition": mean(kd * gdp),
        "new, GTP-bound": kdeg * pG,
        "new, GDP-bound": kdeg * (1 - pG),
        **{f"breakdown, {s}": kdeg * v for s, v in shares.items()},
    }
    states = pl.DataFrame({"STATE": list(shares), "SHARE": list(shares.values())})
    return states, pl.DataFrame({"FLOW": list(flows), "RATE": list(flows.values())})


def occupancy_frame(
    p: ParameterSet, *, dose: float | None = None, tau: float | None = None, days: float = 4.0
) -> pl.DataFrame:
    """HOURS, FREE (umol/L), BOUND, GTP (of baseline) of the typical patient from the first dose, no feedback."""
    cycle, regimen = typical(p, dose=dose, tau=tau)
    every = float(regimen.tau)  # type: ignore[arg-type]
    hours = np.linspace(0, 24 * days, int(96 * days) + 1)
    at = np.arange(0, 24 * days, every)
    given = np.full(at.size, float(regimen.dose))  # type: ignore[arg-type]
    bound, gtp = cycle_course(cycle, hours, dose_hours=at, doses=given, regimen=regimen)
    total = concentration_after_doses(
        hours, dose_hours=at, doses=given, F=float(regimen.F), ka=p["ka"], V=p["V"], CL=p["CL"]  # type: ignore[arg-type]
    )  # fmt: skip
    return pl.DataFrame({"HOURS": hours, "FREE": p["fu"] * total / p["molar_mass"] * 1000, "BOUND": bound, "GTP": gtp})


def dose_frame(p: ParameterSet, *, doses: np.ndarray | None = None) -> tuple[pl.DataFrame, float]:
    """DOSE (mg), GTP (mean over the interval, of baseline), CURVE (with and without feedback); and the floor."""
    amounts = np.geomspace(5, 20_000, 40) if doses is None else np.asarray(doses, dtype=float)
    linear = p.changed({"exposure": 0.0})
    parts = []
    for name, change in (("no feedback", {"phi": 0.0}), ("with feedback", {})):
        cycle, _ = typical(linear.changed(change))
        regimen = typical(linear)[1]
        many = Regimen(dose=amounts, tau=regimen.tau, F=1.0, ka=regimen.ka, V=regimen.V, CL=regimen.CL,
                       fu=regimen.fu, molar_mass=regimen.molar_mass)  # fmt: skip
        gtp = periodic_occupancy(cycle, many).mean_over_baseline
        parts.append(pl.DataFrame({"DOSE": amounts, "GTP": gtp, "CURVE": [name] * amounts.size}))
    cycle, _ = typical(p)
    return pl.concat(parts), float(gtp_floor(cycle) / baseline_gtp(cycle))


def clone_frames(p: ParameterSet, *, seed: int = 7, patient: int | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Clones of one patient while on treatment, and the sums as read: MONTHS, CLONE, VOLUME; MONTHS, SUM.

    `patient` is a number from 1; by default the first responder who progresses after half a year.

    Raises
    ------
    UsageError
        A number below 1.
    """
    if patient is None:
        trial = conduct(p, draw_patients(p, seed=seed, n=300))
        late = (trial.progression >= 3) & (trial.readings.sum(axis=2).min(axis=1) < 0.6 * trial.baseline.sum(axis=1))
        patient = int(np.flatnonzero(late)[0]) + 1 if late.any() else 1
    if patient < 1:
        raise UsageError(f"patient {patient}: numbers begin at 1")
    trial = conduct(p, draw_patients(p, seed=seed, n=1, first=patient - 1))
    days = np.linspace(0, max(int(trial.observed[0]), 42), 120)
    cells = trial.therapy.cells(days[None, :])
    who = trial.patients
    mass = np.pi / 6 * (who.d0 / 10) ** 3 * (1 - who.residue)
    parts = [
        pl.DataFrame({"MONTHS": days / 30.4375, "CLONE": [name] * days.size, "VOLUME": (a[0] * mass[0]).sum(axis=1)})
        for name, a in (("sensitive", cells.sensitive), ("resistant", cells.resistant), ("acquired", cells.acquired))
    ]
    seen = trial.scanned[0]
    read = pl.DataFrame(
        {
            "MONTHS": np.append(0.0, trial.visit_day[0][seen] / 30.4375),
            "SUM": np.append(trial.baseline[0].sum(), trial.readings[0].sum(axis=1)[seen]) / 10.0,
        }
    )
    return pl.concat(parts), read


def ensemble_frame(ensemble: Ensemble) -> pl.DataFrame:
    """NAME, LOW, MEDIAN, HIGH, PRIOR_LOW, PRIOR_HIGH, all over the set's own value."""
    p = ensemble.base()
    rows = []
    for name, (low, middle, high) in ensemble.ranges().items():
        prior, value = p.parameters[name].prior, p[name]
        assert prior is not None
        a, b = sorted(prior.move(value, z) / value for z in (-1.645, 1.645))
        ends = sorted((low / value, high / value))
        rows.append((name, ends[0], middle / value, ends[1], a, b))
    return pl.DataFrame(rows, schema=["NAME", "LOW", "MEDIAN", "HIGH", "PRIOR_LOW", "PRIOR_HIGH"], orient="row")


def tornado_frame(
    p: ParameterSet, *, endpoint: str = "ORR", patients: int = 1000, seed: int = 7
) -> tuple[pl.DataFrame, float]:
    """NAME, LOW, HIGH of an endpoint with each uncertain parameter a standard deviation down and up; and the base."""

    def result(s: ParameterSet) -> float:
        return headline(conduct_blocks(s, seed=seed, n=patients))[endpoint]

    rows = []
    for name, prior in p.uncertain().items():
        one = p.parameters[name]
        ends = [min(max(prior.move(one.value, z), one.low), one.high) for z in (-1.0, 1.0)]
        rows.append((name, *(result(p.changed({name: v})) for v in ends)))
    return pl.DataFrame(rows, schema=["NAME", "LOW", "HIGH"], orient="row"), result(p)
