"""Virtual patients: biomarkers, pharmacology, tumour; every number drawn from the patient's own random numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from codon12.errors import UsageError
from codon12.simulate.switch.draws import normals, uniforms
from codon12.simulate.switch.lesions import kill_rate
from codon12.simulate.switch.occupancy import Cycle, Occupancy, Regimen, periodic_occupancy
from codon12.simulate.switch.parameters import ParameterSet

__all__ = ["MOST_LESIONS", "Patients", "draw_patients", "inhibition_of"]

Array = NDArray[np.float64]
MOST_LESIONS = 5


@dataclass(frozen=True)
class Patients:
    """Columns of patients [n], and of their lesions [n, 5]; absent lesions have d0 = 0."""

    seed: int
    first: int
    """Number of the first patient, from 0."""
    marks: dict[str, NDArray[np.bool_]]
    """KEAP1, STK11, TP53, SMARCA4, ECOG1."""
    pharmacology: dict[str, Array]
    """F, ka, V, CL, fu, kh, kx, kdeg, w, phi."""
    kmax: Array
    dependence: Array
    gS: Array
    gR: Array
    mu: Array
    d0: Array
    r0: Array
    residue: Array

    @property
    def n(self) -> int:
        """Number of patients."""
        return self.kmax.size

    @property
    def keap_or_smarca(self) -> NDArray[np.bool_]:
        """KEAP1 or SMARCA4 mutated."""
        return self.marks["KEAP1"] | self.marks["SMARCA4"]


def draw_patients(parameters: ParameterSet, *, seed: int, n: int, first: int = 0) -> Patients:
    """Draw patients `first` to ``first + n - 1`` (from 0) of a seed.

    A patient depends on seed, number and parameters alone: not on how many are drawn, nor in which blocks.

    Raises
    ------
    UsageError
        A number of patients below 1, or a seed that cannot be.

    Examples
    --------
    >>> from codon12.simulate.switch.parameters import shipped_set
    >>> a = draw_patients(shipped_set(), seed=1, n=10)
    >>> b = draw_patients(shipped_set(), seed=1, n=2, first=4)
    >>> a.kmax[4:6].tolist() == b.kmax.tolist()
    True
    """
    if n < 1:
        raise UsageError(f"patients: {n}; give 1 or more")
    p = parameters
    u = uniforms(seed, "biomarkers", first, n, 8)
    keap = u[:, 0] < p["p_keap"]
    marks = {
        "KEAP1": keap,
        "STK11": u[:, 1] < np.where(keap, p["p_stk_k"], p["p_stk_0"]),
        "TP53": u[:, 2] < p["p_tp53"],
        "SMARCA4": u[:, 3] < p["p_smarca"],
        "ECOG1": u[:, 4] < p["p_ecog"],
    }
    z = normals(seed, "pharmacology", first, n, 12)
    spread = {"ka": 0, "V": 1, "CL": 2, "fu": 4, "kh": 5, "kx": 6, "kdeg": 7, "w": 8, "phi": 9}
    drug = {name: p[name] * np.exp(p[f"s_{name}"] * z[:, k]) for name, k in spread.items()}
    drug["fu"] = np.minimum(drug["fu"], 1.0)
    drug["w"] = np.minimum(drug["w"], 0.9)
    drug["F"] = np.exp(p["s_F"] * z[:, 3])
    z = normals(seed, "tumour", first, n, 8)
    worse = keap | marks["SMARCA4"]
    rho = p["rho_g"]
    kmax = p["kmax"] * np.exp(p["s_kmax"] * z[:, 0])
    gS = p["gS"] * np.exp(p["s_gS"] * z[:, 1])
    gR = p["gR"] * np.exp(p["s_gR"] * (rho * z[:, 1] + np.sqrt(1 - rho**2) * z[:, 2]) + p["b_gR"] * worse)
    between = normals(seed, "lesions", first, n, MOST_LESIONS)
    logit = np.log(p["r0"] / (1 - p["r0"])) + p["s_r0"] * z[:, [3]] + p["sl_r0"] * between
    d0 = _sizes(p, seed, first, n, z[:, 5])
    return Patients(
        seed=seed,
        first=first,
        marks=marks,
        pharmacology=drug,
        kmax=kmax,
        dependence=np.exp(p["b_kill_keap"] * keap + p["b_kill_smarca"] * marks["SMARCA4"]),
        gS=gS,
        gR=gR,
        mu=p["mu"] * np.exp(p["s_mu"] * z[:, 4]),
        d0=d0,
        r0=1 / (1 + np.exp(-logit)),
        residue=_residues(p, seed, first, n),
    )


def _sizes(p: ParameterSet, seed: int, first: int, n: int, z: Array) -> Array:
    shape = int(p["gamma_shares"])
    u = uniforms(seed, "shares", first, n, 4)
    count = 1 + np.searchsorted(np.cumsum(p.schedule.lesions)[:-1], u[:, 0], side="right")
    logs = [-np.log(uniforms(seed, "shares", first, n, MOST_LESIONS, page=1 + k)) for k in range(shape)]
    share = sum(logs, np.zeros((n, MOST_LESIONS))) * (np.arange(MOST_LESIONS) < count[:, None])
    share /= share.sum(axis=1, keepdims=True)
    whole = p["sld"] * np.exp(p["s_sld"] * z)
    return np.where(share > 0, np.clip(whole[:, None] * share, p["d_low"], p["d_high"]), 0.0)


def _residues(p: ParameterSet, seed: int, first: int, n: int) -> Array:
    from scipy.special import ndtri

    u = uniforms(seed, "residue", first, n, 2 * MOST_LESIONS)
    logit = np.log(p["res"] / (1 - p["res"])) + p["s_res"] * ndtri(u[:, :MOST_LESIONS])
    return np.where(u[:, MOST_LESIONS:] < p["p_res"], 1 / (1 + np.exp(-logit)), 0.0)


def inhibition_of(parameters: ParameterSet, patients: Patients, *, dose: float | None = None) -> Occupancy:
    """Give the occupancy of every patient at a dose, by default that of the set.

    Raises
    ------
    DataError
        No feedback factor was found for a patient; the message names his values.

    Examples
    --------
    >>> from codon12.simulate.switch.parameters import shipped_set
    >>> who = draw_patients(shipped_set(), seed=1, n=3)
    >>> bool((inhibition_of(shipped_set(), who).inhibition < 1).all())
    True
    """
    p, own = parameters, patients.pharmacology
    amount = p["dose"] if dose is None else dose
    relative = (amount / p["reference_dose"]) ** p["exposure"] if amount > 0 else 1.0
    cycle = Cycle(
        kh=own["kh"], kx=own["kx"], kdeg=own["kdeg"], pG=p["pG"], kinact=p["kinact"], KI=p["KI"],
        w=own["w"], phi=own["phi"],
    )  # fmt: skip
    regimen = Regimen(
        dose=amount, tau=p["tau"], F=own["F"] * relative, ka=own["ka"], V=own["V"], CL=own["CL"], fu=own["fu"],
        molar_mass=p["molar_mass"],
    )  # fmt: skip
    return periodic_occupancy(cycle, regimen)


def kill_of(parameters: ParameterSet, patients: Patients, occupancy: Occupancy) -> Array:
    """Kill of sensitive cells, /d: by the mechanism, or as given for a comparator without one."""
    p = parameters
    if p["kill_given"] >= 0:
        own = normals(patients.seed, "tumour", patients.first, patients.n, 8)[:, 0]
        kill = p["kill_given"] * np.exp(p["s_kill_given"] * own)
    else:
        kill = kill_rate(
            occupancy.inhibition, kmax=patients.kmax, I50=p["I50"], hill=p["hill"], dependence=patients.dependence
        )
    return kill * p["kill_factor"]
