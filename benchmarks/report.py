"""Lesions to evidence at 1e3 to 1e6 subjects, and the whole report command on the shipped study.

python benchmarks/report.py [sizes ...] [--no-command]
Each size runs in a process of its own: time and peak memory per stage. Then `codon12 report examples/codebreak100`
runs as a whole process, with a stage table.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec
import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parent))
from response import START, synthetic_lesions

ROOT = Path(__file__).resolve().parents[1]


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def subjects_of(reference: pl.DataFrame, seed: int = 5) -> pl.DataFrame:
    """ADSL beside the synthetic lesions: half die, at times beyond the visits and before."""
    rng = np.random.default_rng(seed)
    n = reference.height
    day = (np.datetime64(START) + rng.integers(30, 900, n)).astype("datetime64[D]")
    died = rng.random(n) < 0.5
    return reference.select("USUBJID").with_columns(
        STARTDT=pl.lit(START),
        TRTSDT=pl.lit(START),
        SAFFL=pl.lit("Y"),
        SEX=pl.Series(np.where(rng.random(n) < 0.5, "F", "M")).cast(pl.Categorical),
        AGE=pl.Series(rng.integers(30, 90, n).astype(float)),
        LSTALVDT=pl.Series(day),
        DTHDT=pl.select(pl.when(pl.Series(died)).then(pl.Series(day))).to_series(),
    )


def run(n: int, visits: int, lesions_each: int) -> dict:
    from codon12.analyses.assemble import numbers_of
    from codon12.analyses.plan import default_plan
    from codon12.derive import frames_from
    from codon12.evidence.store import write_evidence
    from codon12.records import StudyConfig

    lesions, reference = synthetic_lesions(n, visits=visits, lesions=lesions_each)
    adsl = subjects_of(reference)
    stages, begin = {"input (GiB)": round(peak(), 2)}, time.perf_counter()
    seen = [begin]

    def stage(name: str) -> None:
        now = time.perf_counter()
        stages[name] = (round(now - seen[0], 2), round(peak(), 2))
        seen[0] = now

    context = frames_from(StudyConfig(), adsl, lesions=lesions)
    stage("lesions to response, times")
    plan = [a for a in default_plan() if a.section in {"patients", "response", "survival", "biomarkers"}]
    plan = [msgspec.structs.replace(a, population=context.population_meant(a.population)) for a in plan]
    numbers = numbers_of(plan, context)
    stage("evidence")
    with tempfile.TemporaryDirectory() as folder:
        write_evidence(numbers, {}, Path(folder), description={})
        size = sum(p.stat().st_size for p in Path(folder).iterdir())
    stage("write")
    return {
        "subjects": n,
        "lesion_rows": lesions.height,
        "numbers": numbers.height,
        "seconds": round(time.perf_counter() - begin, 2),
        "peak_gib": round(peak(), 2),
        "evidence_mb": round(size / 1e6, 2),
        "stages": stages,
    }


def command() -> None:
    """The report command as a user runs it, five times; the median and the stages it names."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        call = [
            sys.executable,
            "-m",
            "codon12",
            "report",
            str(ROOT / "examples/codebreak100"),
            "--out",
            f"{folder}/out",
        ]
        for _ in range(5):
            begin = time.perf_counter()
            subprocess.run(call, check=True, capture_output=True)
            times.append(time.perf_counter() - begin)
    print(f"codon12 report examples/codebreak100: median {sorted(times)[2]:.2f} s of {[round(t, 2) for t in times]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[1000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--visits", type=int, default=10)
    parser.add_argument("--lesions", type=int, default=5)
    parser.add_argument("--no-command", action="store_true")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(run(options.sizes[0], options.visits, options.lesions)))
        return
    for n in options.sizes:
        call = [sys.executable, __file__, str(n), "--visits", str(options.visits), "--lesions", str(options.lesions)]
        done = subprocess.run([*call, "--child"], check=True, capture_output=True, text=True)
        row = json.loads(done.stdout)
        sizes = f"{row['subjects']:>9,} subjects {row['lesion_rows']:>11,} rows"
        cost = f"{row['seconds']:7.2f} s {row['peak_gib']:5.2f} GiB"
        print(f"{sizes}: {cost}, {row['numbers']} numbers, {row['evidence_mb']} MB  {row['stages']}")
    if not options.no_command:
        command()


if __name__ == "__main__":
    main()
