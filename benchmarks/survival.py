"""Survival: codon12 beside its peers on the same arrays, every cell in a fresh process.

    python benchmarks/survival.py                          # all rows, n = 1e3 and 1e5
    python benchmarks/survival.py --n 1000000 --rows km logrank
    python benchmarks/survival.py --json out.json

A cell is (row, program, n, kind of times). The process makes the data, calls once to warm up, then reports the
least CPU time of several calls and the peak memory the calls added. Programs that are not installed are left out.
Times are whole days (``days``) or continuous. Every program must give the same number, printed as `check`.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

Cell = Callable[[], float]
LOGRANK_REPLICATES = 100  # of lifelines; 1,000 take half a minute, multiply by ten
ROWS: dict[str, dict[str, Callable[[dict], Cell]]] = {}
NEEDS = {"lifelines": "lifelines", "statsmodels": "statsmodels", "surpyval": "surpyval", "rust": "survival"}


def contender(row: str, program: str):
    """Register what makes a cell: data in, a call that returns one number to compare out."""

    def register(make: Callable[[dict], Cell]) -> Callable[[dict], Cell]:
        ROWS.setdefault(row, {})[program] = make
        return make

    return register


def data(n: int, kind: str) -> dict:
    """Two arms with hazard ratio 0.7 and a third of the subjects censored."""
    rng = np.random.default_rng(20240229)
    arm = rng.integers(0, 2, n)
    death = rng.exponential(np.where(arm == 1, 500 / 0.7, 500))
    leave = rng.uniform(0, 1500, n)
    follow_up = np.minimum(death, leave)
    days = np.ceil(follow_up) if kind == "days" else follow_up
    return {"time": days, "event": death <= leave, "arm": arm, "n": n}


@contender("km", "codon12")
def _(d):
    from codon12.survival import kaplan_meier

    def run():
        curve = kaplan_meier(d["time"], d["event"]).curve()
        assert curve.lower.size
        return curve.survival[-1]

    return run


@contender("km", "lifelines")
def _(d):
    from lifelines import KaplanMeierFitter

    return lambda: KaplanMeierFitter().fit(d["time"], d["event"]).survival_function_.iloc[-1, 0]


@contender("km", "statsmodels")
def _(d):
    from statsmodels.duration.survfunc import SurvfuncRight

    event = d["event"].astype(float)
    return lambda: SurvfuncRight(d["time"], event).surv_prob[-1]


@contender("km", "surpyval")
def _(d):
    import surpyval

    censored = (~d["event"]).astype(int)
    return lambda: surpyval.KaplanMeier.fit(d["time"], c=censored).R[-1]


@contender("logrank", "codon12")
def _(d):
    from codon12.survival import logrank

    return lambda: logrank(d["time"], d["event"], d["arm"]).statistic


@contender("logrank", "lifelines")
def _(d):
    from lifelines.statistics import logrank_test

    a, b = d["arm"] == 0, d["arm"] == 1

    def run():
        t, e = d["time"], d["event"]
        return logrank_test(t[a], t[b], e[a], e[b]).test_statistic

    return run


@contender("logrank", "statsmodels")
def _(d):
    from statsmodels.duration.survfunc import survdiff

    event = d["event"].astype(float)
    return lambda: survdiff(d["time"], event, d["arm"])[0]


@contender("rmst", "codon12")
def _(d):
    from codon12.survival import kaplan_meier

    return lambda: kaplan_meier(d["time"], d["event"]).rmst(365)[0].value


@contender("rmst", "lifelines")
def _(d):
    from lifelines import KaplanMeierFitter
    from lifelines.utils import restricted_mean_survival_time

    def run():
        return restricted_mean_survival_time(KaplanMeierFitter().fit(d["time"], d["event"]), t=365)

    return run


@contender("median by arm", "codon12")
def _(d):
    from codon12.survival import kaplan_meier

    return lambda: kaplan_meier(d["time"], d["event"], group=d["arm"]).median()["value"][0]


@contender("median by arm", "lifelines")
def _(d):
    from lifelines import KaplanMeierFitter

    def run():
        medians = []
        for arm in (0, 1):
            own = d["arm"] == arm
            medians.append(KaplanMeierFitter().fit(d["time"][own], d["event"][own]).median_survival_time_)
        return medians[0]

    return run


@contender("bootstrap median", "codon12")
def _(d):
    from codon12.survival import bootstrap

    return lambda: np.median(bootstrap(d["time"], d["event"], statistic="median", seed=1).replicates)


@contender("bootstrap median", "statsmodels")
def _(d):
    from statsmodels.duration.survfunc import SurvfuncRight

    event = d["event"].astype(float)

    def run():
        rng = np.random.default_rng(1)
        out = []
        for _ in range(1000):
            pick = rng.integers(0, d["n"], d["n"])
            out.append(SurvfuncRight(d["time"][pick], event[pick]).quantile(0.5))
        return np.median(out)

    return run


@contender("bootstrap logrank", "codon12")
def _(d):
    from codon12.survival import bootstrap

    def run():
        found = bootstrap(d["time"], d["event"], group=d["arm"], statistic="logrank", seed=1)
        return np.median(found.replicates**2)

    return run


@contender("bootstrap logrank", "lifelines")
def _(d):
    from lifelines.statistics import logrank_test

    def run():
        rng = np.random.default_rng(1)
        out = []
        arms = [np.flatnonzero(d["arm"] == k) for k in (0, 1)]
        for _ in range(LOGRANK_REPLICATES):
            a, b = (rng.choice(own, own.size) for own in arms)
            t, e = d["time"], d["event"]
            out.append(logrank_test(t[a], t[b], e[a], e[b]).test_statistic)
        return np.median(out)

    return run


def installed(program: str) -> bool:
    """Whether the program can be imported; codon12 always is."""
    return program not in NEEDS or importlib.util.find_spec(NEEDS[program]) is not None


def measure(row: str, program: str, n: int, kind: str) -> dict:
    """Run one cell in this process."""
    run = ROWS[row][program](data(n, kind))
    began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    check = float(run())
    first = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - began
    times = []
    repeats = max(1, min(200, int(1.0 / max(first, 1e-6))))
    for _ in range(repeats):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return {"ms": 1000 * min(times), "first_ms": 1000 * first, "peak_mb": peak / 1024, "check": check}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", nargs="*", default=list(ROWS))
    parser.add_argument("--n", nargs="*", type=int, default=[1_000, 100_000])
    parser.add_argument("--kinds", nargs="*", default=["days", "continuous"])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--cell", nargs=4, metavar=("ROW", "PROGRAM", "N", "KIND"))
    args = parser.parse_args()
    if args.cell:
        row, program, n, kind = args.cell
        print(json.dumps(measure(row, program, int(n), kind)))
        return
    results = []
    print(f"{'row':<18}{'n':>9} {'times':<11}{'program':<13}{'CPU ms':>11}{'first ms':>11}{'peak MB':>9}  check")
    for row in args.rows:
        sizes = [500] if row.startswith("bootstrap") else args.n
        for n in sizes:
            for kind in args.kinds:
                for program in ROWS[row]:
                    if not installed(program):
                        continue
                    call = [sys.executable, __file__, "--cell", row, program, str(n), kind]
                    done = subprocess.run(call, capture_output=True, text=True, check=False)
                    if done.returncode:
                        reason = done.stderr.strip().splitlines()[-1:]
                        print(f"{row:<18}{n:>9} {kind:<11}{program:<13} failed: {' '.join(reason)}")
                        continue
                    cell = json.loads(done.stdout.strip().splitlines()[-1])
                    results.append({"row": row, "program": program, "n": n, "kind": kind, **cell})
                    print(
                        f"{row:<18}{n:>9} {kind:<11}{program:<13}{cell['ms']:>11.3f}{cell['first_ms']:>11.2f}"
                        f"{cell['peak_mb']:>9.1f}  {cell['check']:.10g}",
                        flush=True,
                    )
    if args.json:
        args.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
