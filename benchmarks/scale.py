"""From simulated records to a report at 1e4, 1e5, 1e6 patients: seconds, CPU, peak memory and disk of every stage.

python benchmarks/scale.py [PATIENTS ...] [--folder DIR] [--workers N] [--dask] [--only STAGE ...] [--blocks-only]
                           [--verbs PATIENTS DOCUMENTS] [--repeat K]
Each stage is a process of its own, the workers it starts included in its CPU time: what is printed of a later stage
holds the earlier ones that it needs (``derive`` opens the study first, at once; ``derive in blocks`` opens and
derives a tenth of the patients at a time, as the reports do). Where other programs share the cores compare
CPU, not seconds. Then the same blocks of work on one worker, on N, and on N of a Dask cluster of this machine.

--verbs PATIENTS DOCUMENTS: ``report`` of so many patients in blocks (0: none) and ``check`` of so many generated
abstracts on one worker, on N and on N of Dask, in turn and --repeat times, the quickest of each; then ``check`` with a
worker of the cluster killed: no document may be missing.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
ROOT = Path(__file__).resolve().parents[1]
VERB = "import sys; from codon12.cli import main; main(sys.argv[1:])"
OPEN = "import sys; from codon12.records import Study; Study.open(sys.argv[1])"
DERIVE = OPEN.replace("Study.open(", "opened = Study.open(") + "; from codon12.derive import derive; derive(opened)"
BLOCKS = "import sys; from codon12.derive.in_blocks import derive_in_blocks; derive_in_blocks(sys.argv[1], sys.argv[2])"
EVIDENCE = DERIVE.replace("codon12.derive import derive", "codon12.analyses import assemble").replace(
    "derive(", "assemble("
)


def measured(program: str, *arguments: object, out: Path | None = None) -> dict[str, float]:
    """Run a program in a process of its own: seconds, CPU seconds with its workers, GiB of its largest process."""
    begin = time.perf_counter()
    with (out or Path(os.devnull)).open("w") as written:
        child = subprocess.Popen(
            [sys.executable, "-c", program, *map(str, arguments)],
            stdout=written,
            env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        )
        _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in ((0, 1) if arguments[0] == "check" else (0,)):  # 1: an abstract is wrong
        raise SystemExit(f"{arguments}: exit {child.returncode}")
    return {
        "seconds": time.perf_counter() - begin,
        "cpu": used.ru_utime + used.ru_stime,
        "gib": used.ru_maxrss / 2**20,
    }


def size(folder: Path) -> float:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) / 2**30


def stages(patients: int, home: Path, workers: int, only: list[str]) -> Iterator[tuple[str, dict[str, float]]]:
    study, parts, out = home / "study", home / "parts", home / "report"
    simulate = ("simulate", "switch", "--patients", patients, "--workers", 1, "--out", study)
    partition = ("records", "partition", study, "--by", max(1, patients // 10), "--out", parts)
    report = ("report", parts, "--no-figures", "--formats", "none", "--out", out, "--workers")
    yield "simulate", measured(VERB, *simulate) | {"disk": size(study)}
    yield "partition", measured(VERB, *partition) | {"disk": size(parts)}
    for name, command in {
        "open": (OPEN, study),
        "open parts": (OPEN, parts),
        "derive": (DERIVE, parts),
        "derive in blocks": (BLOCKS, parts, home / "kept"),
        "evidence": (EVIDENCE, parts),
        "report at once": (VERB, *report[:1], study, *report[2:], 1),
        "report, 1 worker": (VERB, *report, 1),
        f"report, {workers} workers": (VERB, *report, workers),
    }.items():
        if not only or name in only:
            yield name, measured(*command) | ({"disk": size(out)} if out.is_dir() else {})


def bootstrapped(executor: Executor | None) -> float:
    import numpy as np

    from codon12.survival import bootstrap

    rng = np.random.default_rng(1)
    time_, event = rng.exponential(size=20_000), rng.random(20_000) < 0.7
    return float(bootstrap(time_, event, statistic="median", replicates=4000, seed=1, executor=executor).std_error[0])


def searched(executor: Executor | None) -> float:
    import numpy as np

    from codon12.survival import cut_point

    rng = np.random.default_rng(1)
    columns = {"time": rng.exponential(size=5000), "event": rng.random(5000) < 0.7, "biomarker": rng.normal(size=5000)}
    return cut_point(**columns, permutations=4000, resamples=100, executor=executor).optimism


def imputed(executor: Executor | None) -> float:
    import numpy as np
    import polars as pl

    from codon12.survival import ImputationRules, imputed_cox

    rng = np.random.default_rng(1)
    n = 20_000
    frame = pl.DataFrame({"t": rng.exponential(size=n), "e": rng.random(n) < 0.7, "x": rng.normal(size=n)})
    frame = frame.with_columns(
        y=pl.when(pl.int_range(pl.len()) % 3 > 0).then(pl.col("x") + pl.Series(rng.normal(size=n)))
    )
    rules = ImputationRules(imputations=20)
    found = imputed_cox(frame, time="t", event="e", terms=["x", "y"], rules=rules, executor=executor)
    return float(found.coefficients["coef"][1])


def responses(executor: Executor | None) -> float:
    from codon12.derive.lesion_blocks import time_points_in_blocks
    from codon12.response import RecistPolicy
    from response import synthetic_lesions

    lesions, reference = synthetic_lesions(60_000, visits=8, lesions=4)
    found = time_points_in_blocks(lesions, reference, reference, policy=RecistPolicy(), size=10_000, executor=executor)
    return float(found.points.height)


@contextmanager
def client_of(workers: int) -> Iterator[Any]:
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0") as local,
        Client(local) as client,
    ):
        yield client


@contextmanager
def cluster(workers: int) -> Iterator[Executor]:
    with client_of(workers) as client:
        yield client.get_executor(pure=False)


def verbs(patients: int, documents: int, home: Path, workers: int, repeat: int) -> Iterator[tuple[str, str, dict]]:
    """Report and check on one worker, many, and a cluster, in turn; the quickest of each."""
    study, parts, texts = home / "study", home / "parts", home / "abstracts"
    if patients:
        measured(VERB, "simulate", "switch", "--patients", patients, "--workers", 1, "--out", study)
        measured(VERB, "records", "partition", study, "--by", max(1, patients // 8), "--out", parts)
    abstracts(texts, documents)
    commands = {"check": ("check", texts, "--json")}
    if patients:
        commands["report"] = ("report", parts, "--no-figures", "--formats", "none", "--out", home / "out")
    with client_of(workers) as client:
        address = client.scheduler.address
        for verb, command in commands.items():
            best: dict[str, dict[str, float]] = {}
            said: dict[str, str] = {}
            for _ in range(repeat):
                for name, on in {
                    "1 worker": ("--workers", 1),
                    f"{workers} workers": ("--workers", workers),
                    "Dask": ("--dask", address),
                }.items():
                    found = measured(VERB, *command, *on, out=home / "said")
                    said[name] = (home / "said").read_text()
                    if name not in best or found["seconds"] < best[name]["seconds"]:
                        best[name] = found
            assert len(set(said.values())) == 1, verb
            yield from ((verb, name, found) for name, found in best.items())
            if verb == "check":
                whole = said["Dask"]
        kept = home / "kept"
        kill = threading.Thread(target=kill_one, args=(kept, next(iter(client.run(os.getpid).values()))), daemon=True)
        kill.start()
        found = measured(VERB, *commands["check"], "--dask", address, "--keep", kept, out=home / "said")
        assert not kill.is_alive(), "nobody was killed"
        assert (home / "said").read_text() == whole
        yield "check", "Dask, one killed", found


def kill_one(kept: Path, process: int) -> None:
    while not list(kept.glob("*.block")):
        time.sleep(0.02)
    os.kill(process, signal.SIGKILL)


def abstracts(folder: Path, documents: int) -> None:
    from check_styles import STYLES, texts

    folder.mkdir()
    each = -(-documents // sum(not style.held for style in STYLES))
    for name, text in itertools.islice(texts(held=False, each=each), documents):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")


def blocks(workers: int, *, dask: bool) -> Iterator[tuple[str, float, float, float | None]]:
    """Work in blocks here, on workers, on Dask: seconds once the workers have loaded what they need; results alike."""
    from codon12.parallel import Workers

    for work in (bootstrapped, searched, imputed, responses):
        one, here = timed(work, None)
        with Workers(workers) as pool:
            timed(work, pool)
            other, two = timed(work, pool)
        assert one == other
        far = None
        if dask:
            with cluster(workers) as executor:
                timed(work, executor)
                other, far = timed(work, executor)
                assert one == other
        yield work.__name__, here, two, far


def timed(work, executor: Executor | None) -> tuple[float, float]:
    begin = time.perf_counter()
    return work(executor), time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("patients", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--folder", type=Path, help="where studies are written; a temporary folder when left out")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=[], help="stages after the partition; all when left out")
    parser.add_argument("--no-blocks", action="store_true")
    parser.add_argument("--dask", action="store_true")
    parser.add_argument("--blocks-only", action="store_true")
    parser.add_argument("--verbs", nargs=2, type=int, metavar=("PATIENTS", "DOCUMENTS"))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    rows = []
    if asked.verbs:
        with tempfile.TemporaryDirectory(dir=asked.folder) as home:
            for verb, name, found in verbs(*asked.verbs, Path(home), asked.workers, asked.repeat):
                rows.append({"verb": verb, "on": name, **found})
                print(f"{verb:<8}{name:<18}{found['seconds']:9.1f} s{found['cpu']:9.1f} s CPU here", flush=True)
    for n in [] if asked.blocks_only or asked.verbs else asked.patients:
        with tempfile.TemporaryDirectory(dir=asked.folder) as home:
            for name, found in stages(n, Path(home), asked.workers, asked.only):
                rows.append({"patients": n, "stage": name, **found})
                told = f"{found['seconds']:9.1f} s{found['cpu']:9.1f} s CPU{found['gib']:8.2f} GiB"
                disk = f"{found['disk']:8.2f} GiB on disk" if "disk" in found else ""
                print(f"{n:>9,}  {name:<18}{told}{disk}", flush=True)
    for name, one, many, far in [] if asked.no_blocks or asked.verbs else blocks(asked.workers, dask=asked.dask):
        beside = "" if far is None else f", Dask {far:.1f} s ({far / many:.2f} times)"
        print(
            f"{name:<14} here {one:.1f} s, {asked.workers} workers {many:.1f} s ({one / many:.2f} times faster){beside}"
        )
        rows.append({"work": name, "here": one, "workers": many, "dask": far})
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
