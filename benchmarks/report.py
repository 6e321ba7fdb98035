"""Lesions to evidence at 1e3 to 1e7 subjects, and the whole report command on the shipped study.

python benchmarks/report.py [sizes ...] [--workers N] [--block SUBJECTS] [--memory] [--folder DIR] [--no-command]
Each size runs in a process of its own. Lesions lie in Parquet files of --block subjects each and are derived by so many
workers, what is derived lies on disk; with --memory they are one frame in memory and so is what is derived. Printed are
seconds, CPU seconds, peak memory of all processes together, a digest of the numbers, and of each stage seconds and the
peak of the first process; input is made before. Then `codon12 report examples/codebreak100` runs as a whole process,
with a stage table.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

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


def lesions_in(folder: Path | None, n: int, visits: int, each: int, block: int) -> tuple[Any, pl.DataFrame, int]:
    """Lesions in files of so many subjects, or in one frame where there is no folder; ADSL; rows of lesions."""
    parts, references, rows = [], [], 0
    for k, first in enumerate(range(0, n, block)):
        own = min(block, n - first)
        lesions, reference = synthetic_lesions(own, visits=visits, lesions=each, seed=12 + k, first=first)
        references.append(reference)
        rows += lesions.height
        if folder is None:
            parts.append(lesions)
            continue
        folder.mkdir(exist_ok=True)
        parts.append(folder / f"{k:05d}.parquet")
        lesions.write_parquet(parts[-1], compression="lz4")
    adsl = subjects_of(pl.concat(references))
    return (pl.concat(parts, rechunk=True) if folder is None else parts), adsl, rows


def used() -> float:
    """CPU seconds of this process and of those that it waited for."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def run(n: int, visits: int, lesions_each: int, *, block: int, workers: int, home: Path | None) -> dict:
    from codon12.analyses.assemble import numbers_of
    from codon12.analyses.plan import default_plan
    from codon12.derive import frames_from
    from codon12.evidence.store import write_evidence
    from codon12.parallel import workers as opened
    from codon12.records import StudyConfig

    lesions, adsl, rows = lesions_in(None if home is None else home / "lesions", n, visits, lesions_each, block)
    stages, begin, cpu = {"input (GiB)": round(peak(), 2)}, time.perf_counter(), used()
    seen = [begin]
    print("begin", flush=True)

    def stage(name: str) -> None:
        now = time.perf_counter()
        stages[name] = (round(now - seen[0], 2), round(peak(), 2))
        seen[0] = now

    with opened(workers) as executor:
        folder = None if home is None else home / "frames"
        context = frames_from(StudyConfig(), adsl, lesions=lesions, folder=folder, block=block, executor=executor)
    stage("lesions to response, times")
    plan = [a for a in default_plan() if a.section in {"patients", "response", "survival", "biomarkers"}]
    plan = [msgspec.structs.replace(a, population=context.population_meant(a.population)) for a in plan]
    numbers = numbers_of(plan, context)
    stage("evidence")
    with tempfile.TemporaryDirectory() as out:
        write_evidence(numbers, {}, Path(out), description={})
        size = sum(p.stat().st_size for p in Path(out).iterdir())
    stage("write")
    seconds = round(time.perf_counter() - begin, 2)
    return {
        "subjects": n,
        "lesion_rows": rows,
        "numbers": numbers.height,
        "digest": hashlib.sha256(numbers.write_json().encode()).hexdigest()[:12],
        "seconds": seconds,
        "cpu": round(used() - cpu, 1),
        "evidence_mb": round(size / 1e6, 2),
        "disk_gib": 0.0 if home is None else sum(p.stat().st_size for p in home.rglob("*") if p.is_file()) / 2**30,
        "stages": stages,
    }


def measured(call: list[str]) -> tuple[dict, float]:
    """What a process says at its end, and the GiB that it and its children held at most since it has its input."""
    most = 0
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        child.stdout.readline()
        said: list[str] = []
        reading = threading.Thread(target=lambda: said.append(child.stdout.read()))
        reading.start()
        while reading.is_alive():
            most = max(most, sum(held(p) for p in family(child.pid)))
            reading.join(0.1)
    if child.returncode:
        raise SystemExit(child.returncode)
    return json.loads(said[0]), most / 2**20


def family(process: int) -> list[int]:
    """A process and those below it."""
    try:
        below = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []
    return [process, *(p for child in below for p in family(int(child)))]


def held(process: int) -> int:
    """KiB that a process holds, of shared pages its share; 0 once it is gone."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=[1000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--visits", type=int, default=10)
    parser.add_argument("--lesions", type=int, default=5)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--block", type=int, default=20_000)
    parser.add_argument("--memory", action="store_true", help="one frame of lesions, nothing on disk, no workers")
    parser.add_argument("--folder", type=Path, help="where lesions and frames lie; a temporary folder when left out")
    parser.add_argument("--no-command", action="store_true")
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    workers = 1 if asked.memory else asked.workers
    if asked.child:
        size = asked.sizes[0], asked.visits, asked.lesions
        print(json.dumps(run(*size, block=asked.block, workers=workers, home=asked.home)))
        return
    shape = {"visits": asked.visits, "lesions": asked.lesions, "workers": workers, "block": asked.block}
    for n in asked.sizes:
        call = [sys.executable, __file__, str(n), *(str(w) for k, v in shape.items() for w in (f"--{k}", v)), "--child"]
        with tempfile.TemporaryDirectory(dir=asked.folder) as home:
            row, gib = measured(call if asked.memory else [*call, "--home", home])
        sizes = f"{row['subjects']:>10,} subjects {row['lesion_rows']:>11,} rows"
        cost = f"{row['seconds']:7.2f} s {row['cpu']:7.1f} s CPU {gib:5.2f} GiB, {row['disk_gib']:.2f} GiB on disk"
        print(f"{sizes}: {cost}, {row['numbers']} numbers ({row['digest']}), {row['evidence_mb']} MB  {row['stages']}")
    if not asked.no_command:
        command()


if __name__ == "__main__":
    main()
