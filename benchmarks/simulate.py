"""Patients of the switch: time and memory, and the ratio to LSODA (scipy) on the same patients, in one run.

python benchmarks/simulate.py [--patients 20000] [--lsoda 3] [--records 100000] [--blocks 0]
--records writes that many patients with all their tables; --blocks that many as Parquet parts.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
from scipy.integrate import solve_ivp

from codon12.simulate.switch.conduct import conduct
from codon12.simulate.switch.parameters import shipped_set
from codon12.simulate.switch.patients import draw_patients, inhibition_of
from codon12.simulate.switch.study import write_study

DOSES = 548


def lsoda_patient(p, who, k: int, feedback: float) -> float:
    """The two-state cycle of one patient over 548 daily doses, restarted at every dose; mean GTP of the last day."""
    own = {name: float(column[k]) for name, column in who.pharmacology.items()}
    ke, ka, tau = own["CL"] / own["V"], own["ka"], p["tau"]
    scale = own["F"] * p["dose"] * ka / (own["V"] * (ka - ke)) * own["fu"] / p["molar_mass"] * 1000
    kx, kh, kdeg, pG = own["kx"] * feedback, own["kh"], own["kdeg"], p["pG"]
    T0 = (kdeg * pG + own["kx"]) / (kh + kdeg + own["kx"])
    y = np.array([1 - T0, T0, 0.0])
    for day in range(DOSES):
        n = day + 1
        slow, fast = -np.expm1(-n * ke * tau) / -np.expm1(-ke * tau), -np.expm1(-n * ka * tau) / -np.expm1(-ka * tau)

        def slope(t, y, slow=slow, fast=fast):
            free = scale * (slow * np.exp(-ke * t) - fast * np.exp(-ka * t))
            kd = p["kinact"] * free / (p["KI"] + free)
            return [
                kdeg * (1 - pG) + kh * y[1] - (kx + kdeg + kd) * y[0],
                kdeg * pG + kx * y[0] - (kh + kdeg) * y[1],
                y[1],
            ]

        y[2] = 0
        y = solve_ivp(slope, (0, tau), y, method="LSODA", rtol=1e-6, atol=1e-9).y[:, -1]
    return y[2] / tau


def main() -> None:
    parse = argparse.ArgumentParser(description=__doc__)
    for name, default in (("patients", 20_000), ("lsoda", 3), ("records", 100_000), ("blocks", 0)):
        parse.add_argument(f"--{name}", type=int, default=default)
    ask = parse.parse_args()
    p = shipped_set()
    who = draw_patients(p, seed=1, n=ask.lsoda)
    found = inhibition_of(p, who)
    began, worst = time.process_time(), 0.0
    for k in range(ask.lsoda):
        mean = lsoda_patient(p, who, k, float(found.feedback[k]))
        worst = max(worst, abs(mean - found.mean_gtp[k]))
    lsoda = (time.process_time() - began) / ask.lsoda
    print(f"LSODA                    {1e3 * lsoda:10.1f} ms a patient; mean GTP differs by at most {worst:.1e}")
    began = time.process_time()
    for start in range(0, ask.patients, 2000):
        inhibition_of(p, draw_patients(p, seed=1, n=min(2000, ask.patients - start), first=start))
    own = (time.process_time() - began) / ask.patients
    print(f"drawing and occupancy    {1e6 * own:10.1f} us a patient; {lsoda / own:,.0f} times LSODA")
    began = time.process_time()
    for start in range(0, ask.patients, 2000):
        conduct(p, draw_patients(p, seed=1, n=min(2000, ask.patients - start), first=start))
    own = (time.process_time() - began) / ask.patients
    print(f"whole patient            {1e6 * own:10.1f} us a patient; {lsoda / own:,.0f} times LSODA")
    for n, form in ((124, "csv"), (ask.records, "csv"), (ask.blocks, "parquet")):
        if n == 0:
            continue
        with tempfile.TemporaryDirectory() as home:
            began, clock = time.process_time(), time.perf_counter()
            write_study(Path(home, "s"), p, patients=n, format=form)
            cpu, wall = time.process_time() - began, time.perf_counter() - clock
            disk = sum(f.stat().st_size for f in Path(home).rglob("*") if f.is_file()) / 2**20
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(f"{n:>9,} as {form:8} {cpu:9.2f} s CPU, {wall:.2f} s; {disk:,.0f} MiB; peak {peak:.2f} GiB")


if __name__ == "__main__":
    main()
