"""Cox regression against its peers: CPU time and peak memory, each cell in a fresh process, all in one run.

Run ``python benchmarks/cox.py`` (options: ``--sizes 1000 100000``, ``--only codon12 lifelines``). Peers that cannot
be imported are left out; ``BENCH_PEERS`` may name a folder that holds further ones (``pip install --target``). Times
are CPU seconds of the fit with its standard errors, the best of a few; data are made before.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time

TASKS = ("cox", "stratified", "robust")
PEERS = ("codon12", "lifelines", "statsmodels", "sksurv", "surpyval")
LIMITS = {"lifelines": 200_000, "statsmodels": 20_000, "sksurv": 200_000, "surpyval": 1_000_000}
"""Rows beyond which a peer is not run: it would take minutes."""


def data(n: int, *, days: bool, covariates: int = 10):
    import numpy as np

    rng = np.random.default_rng(20)
    x = rng.normal(size=(n, covariates))
    latent = rng.exponential(size=n) * np.exp(-x @ np.linspace(-0.3, 0.3, covariates)) * 500
    censored = rng.uniform(0, 1500, n)
    event, clock = latent <= censored, np.minimum(latent, censored)
    return (np.ceil(clock) if days else clock), event, x, rng.integers(0, 8, n)


def fit_codon12(task, clock, event, x, stratum):
    from codon12.survival import cox

    fit = cox(
        time=clock,
        event=event,
        terms=x,
        strata=stratum if task == "stratified" else None,
        robust=True if task == "robust" else None,
    )
    return fit.coef, fit.std_error


def fit_lifelines(task, clock, event, x, stratum):
    import numpy as np
    import pandas as pd
    from lifelines import CoxPHFitter

    frame = pd.DataFrame(x, columns=[f"x{i}" for i in range(x.shape[1])])
    frame["t"], frame["e"], frame["s"] = clock, event, stratum
    if task != "stratified":
        frame = frame.drop(columns="s")
    fit = CoxPHFitter().fit(frame, "t", "e", strata=["s"] if task == "stratified" else None, robust=task == "robust")
    return np.asarray(fit.params_), np.asarray(fit.standard_errors_)


def fit_statsmodels(task, clock, event, x, stratum):
    from statsmodels.duration.hazard_regression import PHReg

    if task == "robust":
        raise NotImplementedError
    fit = PHReg(clock, x, status=event, ties="efron", strata=stratum if task == "stratified" else None).fit()
    return fit.params, fit.bse


def fit_sksurv(task, clock, event, x, _stratum):
    import numpy as np
    from sksurv.linear_model import CoxPHSurvivalAnalysis
    from sksurv.util import Surv

    if task != "cox":
        raise NotImplementedError
    fit = CoxPHSurvivalAnalysis(ties="efron", tol=1e-12).fit(x, Surv.from_arrays(event, clock))
    return fit.coef_, np.full(x.shape[1], np.nan)


def fit_surpyval(task, clock, event, x, _stratum):
    import numpy as np
    from surpyval import CoxPH

    if task != "cox":
        raise NotImplementedError
    fit = CoxPH.fit(x=clock, Z=x, c=(~event).astype(int), method="efron")
    return np.asarray(fit.parameters), np.full(x.shape[1], np.nan)


def cell(peer: str, task: str, n: int, *, days: bool) -> None:
    """One measurement, printed as JSON."""
    sys.path += [folder for folder in os.environ.get("BENCH_PEERS", "").split(os.pathsep) if folder]
    made = data(n, days=days)
    fit = globals()[f"fit_{peer}"]
    small = (*data(100, days=days),)
    try:
        fit(task, *small)
    except (ImportError, NotImplementedError):
        print(json.dumps(None))
        return
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    best, spent, runs = float("inf"), 0.0, 0
    while runs < (30 if n <= 10_000 else 3) and spent < 20:
        start = time.process_time()
        coef, error = fit(task, *made)
        took = time.process_time() - start
        best, spent, runs = min(best, took), spent + took, runs + 1
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    numbers = {"coef": list(map(float, coef)), "se": list(map(float, error))}
    print(json.dumps({"seconds": best, "mb": peak, **numbers}))


def main() -> None:
    import numpy as np

    options = argparse.ArgumentParser()
    options.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    options.add_argument("--only", nargs="+", default=list(PEERS))
    options.add_argument("--tasks", nargs="+", default=list(TASKS))
    options.add_argument("--cell", nargs=4)
    chosen = options.parse_args()
    if chosen.cell:
        peer, task, n, days = chosen.cell
        cell(peer, task, int(n), days=days == "days")
        return
    one = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    print(f"{'task':<11} {'n':>8} {'times':<11} {'peer':<12} {'CPU':>11} {'ratio':>7} {'peak MB':>8}", end=" ")
    print(f"{'coef off':>9} {'SE off':>9}")
    for task in chosen.tasks:
        for n in chosen.sizes:
            for days in ("days", "continuous"):
                ours = None
                for peer in chosen.only:
                    if n > LIMITS.get(peer, 10**9) or (peer == "lifelines" and task == "robust" and n > 20_000):
                        continue
                    run = subprocess.run(
                        [sys.executable, "-W", "ignore", __file__, "--cell", peer, task, str(n), days],
                        capture_output=True, text=True, env=one, check=False, timeout=900,
                    )  # fmt: skip
                    found = json.loads(run.stdout.strip().splitlines()[-1]) if run.stdout.strip() else None
                    if found is None:
                        continue
                    ours = ours or found
                    off = [np.abs(np.array(found[k]) - ours[k]).max() for k in ("coef", "se")]
                    took, ratio = 1e3 * found["seconds"], found["seconds"] / ours["seconds"]
                    print(f"{task:<11} {n:>8} {days:<11} {peer:<12} {took:>8.2f} ms {ratio:>7.1f}", end=" ")
                    print(f"{found['mb']:>8.0f} {off[0]:>9.1e} {off[1]:>9.1e}", flush=True)


if __name__ == "__main__":
    main()
