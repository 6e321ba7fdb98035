"""Survival: codon12 beside its peers on the same arrays, every cell in a fresh process.

    python benchmarks/survival.py                                      # all rows, n = 1e3 and 1e5
    python benchmarks/survival.py --n 1000000 --rows km logrank cox
    python benchmarks/survival.py --peers /path/to/venv/bin/python     # where the peers are installed

A cell is (row, program, n, kind of times); what each program computes stands in ``survival_programs.py``. Its process
reads the arrays from files, imports the program, calls once to warm up (``first``), then reports the least CPU time of
as many calls as a second holds (at least one) and the peak memory they added. Times are whole days or continuous. All
run on one thread; numbers that should agree are printed as ``check``. R runs where ``Rscript`` is found. Programs that
could not be found are named at the top, those that would take minutes are left out of the larger sizes.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path = [p for p in sys.path if Path(p or ".").resolve() != Path(__file__).parent]  # `survival` is a peer, too
sys.path.append(str(Path(__file__).parent))

from survival_programs import DISTRIBUTIONS, LIMITS, R_ROWS, ROWS, SHARE  # noqa: E402  # the path is set first

SINGLE = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "RAYON", "NUMEXPR")}


def make(n: int, kind: str, folder: Path) -> None:
    """Two arms with hazard ratio 0.7, ten covariates, eight strata, some 40 % censored; one file a column."""
    rng = np.random.default_rng(20240229)
    arm = rng.integers(0, 2, n)
    columns = {"arm": arm, "stratum": rng.integers(0, 8, n)}
    risk = np.where(arm == 1, 0.7, 1.0)
    if n <= 2_000_000:
        x = rng.normal(size=(n, 10))
        risk *= np.exp(x @ np.linspace(-0.3, 0.3, 10))
        columns["x"] = x
    death, leave = rng.exponential(500 / risk), rng.uniform(0, 1500, n)
    clock = np.minimum(death, leave)
    columns |= {"time": np.ceil(clock) if kind == "days" else clock, "event": death <= leave}
    for name, values in columns.items():
        np.asarray(values, dtype=np.float64).tofile(folder / f"{name}.f64")


def read(folder: Path) -> dict:
    """The columns in the types an analyst would hold them in."""
    d = {p.stem: np.fromfile(p) for p in folder.glob("*.f64")}
    d["event"] = d["event"].astype(bool)
    d["arm"], d["stratum"] = d["arm"].astype(np.int64), d["stratum"].astype(np.int64)
    if "x" in d:
        d["x"] = d["x"].reshape(-1, 10)
    return d


def measure(row: str, program: str, folder: Path) -> dict:
    """Run one cell in this process."""
    run = ROWS[row][program](read(folder))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    check = float(run())
    first = time.process_time() - start
    times = []
    for _ in range(max(1, min(500, int(1.0 / max(first, 1e-6))))):
        began = time.process_time()
        run()
        times.append(time.process_time() - began)
    share = SHARE.get((row, program), 1)
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return {"ms": 1000 * share * min(times), "first_ms": 1000 * share * first, "peak_mb": peak, "check": check}


def cell(python: str, row: str, program: str, folder: Path) -> dict | str:
    """Start a process for one cell; its numbers, or the last line of what went wrong."""
    if program == "R":
        call = ["Rscript", "--vanilla", str(Path(__file__).with_name("survival.R")), row, str(folder)]
    else:
        call = [python, "-P", "-W", "ignore", __file__, "--cell", row, program, str(folder)]
    done = subprocess.run(call, capture_output=True, text=True, check=False, env={**os.environ, **SINGLE})
    if done.returncode:
        return " ".join(done.stderr.strip().splitlines()[-1:])
    return json.loads(done.stdout.strip().splitlines()[-1])


def versions(python: str) -> dict[str, str]:
    """Versions of the programs that interpreter has."""
    done = subprocess.run([python, "-P", __file__, "--versions"], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    if shutil.which("Rscript"):
        call = ["Rscript", "--vanilla", "-e", "cat(as.character(packageVersion('survival')))"]
        done = subprocess.run(call, capture_output=True, text=True, check=False)
        found |= {"R": f"survival {done.stdout}"} if done.returncode == 0 else {}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", nargs="*", default=list(ROWS))
    parser.add_argument("--n", nargs="*", type=int, default=[1_000, 100_000])
    parser.add_argument("--kinds", nargs="*", default=["days", "continuous"])
    parser.add_argument("--only", nargs="*", help="programs to run")
    parser.add_argument("--peers", default=sys.executable, help="interpreter that has the peers")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--cell", nargs=3, metavar=("ROW", "PROGRAM", "FOLDER"), help=argparse.SUPPRESS)
    parser.add_argument("--versions", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.cell:
        row, program, folder = args.cell
        print(json.dumps(measure(row, program, Path(folder))))
        return
    if args.versions:
        print(json.dumps({d.metadata["Name"].lower(): d.version for d in importlib.metadata.distributions()}))
        return
    known = versions(args.peers)
    there = {p: known[name] for p, name in DISTRIBUTIONS.items() if name in known}
    if "R" in known:
        there["R"] = known["R"]
    print("peers:", ", ".join(f"{p} {v}" for p, v in there.items()) or "none")
    print("not found:", ", ".join([p for p in (*DISTRIBUTIONS, "R") if p not in there]) or "none")
    print(
        f"{'row':<19}{'n':>9} {'times':<11}{'program':<16}"
        f"{'CPU ms':>11}{'ratio':>8}{'first ms':>11}{'peak MB':>9}  check"
    )
    results = []
    for row in args.rows:
        programs = [
            p for p in (*ROWS[row], *(["R"] if row in R_ROWS else [])) if p == "codon12" or p.split(",")[0] in there
        ]
        for n in [500] if row.startswith("bootstrap") else args.n:
            for kind in args.kinds:
                with tempfile.TemporaryDirectory() as name:
                    folder = Path(name)
                    make(n, kind, folder)
                    ours = None
                    for program in programs:
                        slow = n > LIMITS.get((row, program), LIMITS.get(program, n))
                        if slow or (args.only and program not in args.only):
                            continue
                        found = cell(sys.executable if program == "codon12" else args.peers, row, program, folder)
                        if isinstance(found, str):
                            print(f"{row:<19}{n:>9} {kind:<11}{program:<16} failed: {found}")
                            continue
                        ours = ours or found["ms"]
                        results.append({"row": row, "program": program, "n": n, "kind": kind, **found})
                        print(
                            f"{row:<19}{n:>9} {kind:<11}{program:<16}{found['ms']:>11.3f}{found['ms'] / ours:>8.2f}"
                            f"{found['first_ms']:>11.2f}{found['peak_mb']:>9.1f}  {found['check']:.10g}",
                            flush=True,
                        )
    if args.json:
        args.json.write_text(json.dumps({"versions": there, "cells": results}, indent=1))


if __name__ == "__main__":
    main()
