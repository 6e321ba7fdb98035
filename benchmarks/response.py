"""Lesions to best overall response at 1e3 to 1e6 subjects: time, peak memory, rows; and as a ratio to pyrecist.

python benchmarks/response.py [sizes ...] [--visits 10] [--lesions 5] [--peer FOLDER]
Each size runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import subprocess
import sys
import time

import numpy as np
import polars as pl

START = dt.date(2020, 1, 1)


def synthetic_lesions(
    subjects: int, *, visits: int, lesions: int, seed: int = 12, first: int = 0
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Three in five lesions are targets; each subject's tumour shrinks, then grows; one scan in fifty is missed.

    Subjects are numbered from `first`.
    """
    rng = np.random.default_rng(seed)
    rows = subjects * visits * lesions
    subject = np.repeat(np.arange(subjects, dtype=np.int32), visits * lesions)
    visit = np.tile(np.repeat(np.arange(visits, dtype=np.int16), lesions), subjects)
    lesion = np.tile(np.arange(lesions, dtype=np.int8), subjects * visits)
    targets = max(1, round(0.6 * lesions))
    names = [f"T{i + 1:02d}" if i < targets else f"NT{i + 1:02d}" for i in range(lesions)]
    slope = rng.normal(-0.08, 0.12, subjects).astype(np.float32)
    regrowth = rng.exponential(0.015, subjects).astype(np.float32)
    size = rng.uniform(12, 60, subjects * lesions).astype(np.float32).reshape(subjects, lesions)[subject, lesion]
    size *= np.exp(slope[subject] * visit + regrowth[subject] * visit**2)
    size = np.round(np.minimum(size, 200).astype(np.float64), 1)
    missed = (rng.random(rows, dtype=np.float32) < 0.02) & (visit > 0)
    is_target = lesion < targets
    progressed = rng.random(rows, dtype=np.float32) < 0.01
    state = pl.Series(np.where(missed, 2, np.where(progressed & (visit > 0), 1, 0)).astype(np.uint32))
    ids = pl.Series([f"S-{i:07d}" for i in range(first, first + subjects)])
    frame = pl.DataFrame(
        {
            "USUBJID": ids.cast(pl.Categorical).gather(subject),
            "EVAL": pl.select(pl.lit("CENTRAL").cast(pl.Categorical).repeat_by(1).explode())
            .to_series()
            .new_from_index(0, rows),
            "LESIONID": pl.Series(names).cast(pl.Categorical).gather(lesion.astype(np.uint32)),
            "GROUP": pl.Series(["TARGET", "NON-TARGET"]).cast(pl.Categorical).gather((~is_target).astype(np.uint32)),
            "NODAL": lesion == targets - 1,
            "ADT": pl.Series(visit.astype(np.int32) * 42 + (START - dt.date(1970, 1, 1)).days).cast(pl.Date),
            "VISITNUM": visit,
            "AVAL": pl.select(pl.when(pl.Series(is_target & ~missed)).then(pl.Series(size))).to_series(),
            "AVALC": pl.Series(["PRESENT", "UNEQUIVOCAL PROGRESSION", "NOT EVALUABLE"])
            .cast(pl.Categorical)
            .gather(state),
            "SRCROW": np.arange(1, rows + 1, dtype=np.uint32),
        }
    )
    frame = frame.with_columns(pl.when(pl.col("GROUP") == "NON-TARGET").then("AVALC").alias("AVALC"))
    reference = pl.DataFrame({"USUBJID": ids.cast(pl.Categorical), "ADT": [START] * subjects})
    return frame, reference


def run(subjects: int, visits: int, lesions: int) -> dict:
    from codon12.response import assess_lesions, best_overall_response

    frame, reference = synthetic_lesions(subjects, visits=visits, lesions=lesions)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    begin = time.perf_counter()
    points = assess_lesions(frame, reference)
    middle = time.perf_counter()
    best = best_overall_response(points, reference)
    end = time.perf_counter()
    return {
        "subjects": subjects,
        "lesion_rows": frame.height,
        "time_points": points.height,
        "seconds_time_points": round(middle - begin, 2),
        "seconds_best_response": round(end - middle, 2),
        "input_gib": round(frame.estimated_size() / 2**30, 2),
        "held_before_gib": round(held, 2),
        "peak_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
        "responders": int(best["AVALC"].is_in(["CR", "PR"]).sum()),
    }


def against_pyrecist(subjects: int, visits: int, folder: str) -> dict:
    """Target response from the same measured lesions: what pyrecist 0.1.0 can do (sums, PR kept until PD)."""
    sys.path.append(folder)
    import tempfile
    from pathlib import Path

    from pyrecist.assessment import Evaluator
    from pyrecist.data import Reader

    from codon12.response import RecistPolicy, sum_of_diameters, target_response

    frame, _ = synthetic_lesions(subjects, visits=visits, lesions=5)
    frame = frame.filter(pl.col("GROUP") == "TARGET").with_columns(
        pl.col("AVAL").fill_null(10.0).clip(1.0),
        pl.lit(value=False).alias("NODAL"),
        pl.lit(None, pl.String).alias("AVALC"),
    )
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "lesions.csv"
        frame.select(
            pl.col("USUBJID").cast(pl.String).str.slice(2).cast(pl.Int64).alias("patient_id"),  # it wants numbers
            pl.col("ADT").dt.strftime("%Y%m%d").alias("study_date"),
            pl.col("AVAL").alias("measurement"),
            pl.col("LESIONID").cast(pl.String).alias("lesion_label_alias"),
            pl.lit("target").alias("lesion_category"),
        ).write_csv(path)
        reader = Reader()
        reader.read_measurements(path)
        begin = time.perf_counter()
        theirs = Evaluator(reader).evaluate_recist()
        their_time = time.perf_counter() - begin
    policy = RecistPolicy(sticky_pr=True)
    begin = time.perf_counter()
    ours = target_response(sum_of_diameters(frame, policy=policy), policy=policy)
    our_time = time.perf_counter() - begin
    columns = {c: theirs[c].astype(str).tolist() for c in ("patient_id", "current_date", "classification")}
    peer = pl.DataFrame(columns).with_columns(pl.col("classification").replace({"None": None, "nan": None}))
    both = ours.select(
        pl.col("USUBJID").cast(pl.String).str.slice(2).cast(pl.Int64).cast(pl.String).alias("patient_id"),
        pl.col("ADT").dt.strftime("%Y%m%d").alias("current_date"),
        "AVALC",
    ).join(peer.with_columns(pl.col("patient_id").str.replace(r"\.0$", "")), on=["patient_id", "current_date"])
    judged = both.filter(pl.col("classification").is_not_null())
    return {
        "subjects": subjects,
        "time_points": peer.height,
        "pyrecist_seconds": round(their_time, 3),
        "codon12_seconds": round(our_time, 3),
        "ratio": round(their_time / our_time, 1),
        "judged_by_both": judged.height,
        "same": int((judged["AVALC"] == judged["classification"]).sum()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--visits", type=int, default=10)
    parser.add_argument("--lesions", type=int, default=5)
    parser.add_argument("--peer", help="folder that holds pyrecist")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(run(options.sizes[0], options.visits, options.lesions)))
        return
    if options.peer:
        print(json.dumps(against_pyrecist(min(options.sizes), options.visits, options.peer)), flush=True)
    for size in options.sizes:
        shape = ["--visits", str(options.visits), "--lesions", str(options.lesions)]
        done = subprocess.run(
            [sys.executable, __file__, str(size), "--one", *shape], capture_output=True, text=True, check=False
        )
        print(done.stdout.strip() or done.stderr[-2000:], flush=True)


if __name__ == "__main__":
    main()
