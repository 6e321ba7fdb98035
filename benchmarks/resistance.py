"""Patterns of progression at 1e3 to 1e6 subjects, and paired samples against the whole catalogue: stages, peak memory.

python benchmarks/resistance.py [sizes ...] [--visits 10] [--lesions 5] [--pairs N] [--alterations 60]
Each size runs in a process of its own, so that its peak memory is its own. --pairs runs the comparison of N pairs.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time

import numpy as np
import polars as pl

from response import synthetic_lesions

PLACES = ("LUNG", "LIVER", "LYMPH NODE", "BRAIN", "BONE")


def patterns(subjects: int, visits: int, lesions: int) -> dict[str, float]:
    """Seconds a stage: responses (of the response room), definitions, lesions at progression, patterns."""
    from codon12.resistance import (
        classify_resistance,
        contributing_lesions,
        progression_patterns,
        shipped_definitions,
    )
    from codon12.response import assess_lesions

    frame, reference = synthetic_lesions(subjects, visits=visits, lesions=lesions)
    names = frame["LESIONID"].cast(pl.String).unique().sort().to_list()
    places = dict(zip(names, (PLACES * 4)[: len(names)], strict=True))
    frame = frame.with_columns(LOC=pl.col("LESIONID").cast(pl.String).replace_strict(places).cast(pl.Categorical))
    out, at = {}, time.perf_counter()

    def done(stage: str) -> None:
        nonlocal at
        out[stage], at = time.perf_counter() - at, time.perf_counter()

    points = assess_lesions(frame, reference)
    done("responses")
    source = {"SRCDOM": pl.lit("TR"), "SRCROW": pl.lit(None, pl.Int64)}
    overall = points.select("USUBJID", "EVAL", "ADT", "AVALC", "VISITNUM", **source)
    people = reference.select(
        "USUBJID", TRTSDT="ADT", TRTEDT=pl.col("ADT") + pl.duration(days=300), DTHDT=pl.lit(None, pl.Date)
    )
    made = classify_resistance(people, overall, definition=shipped_definitions().definitions)
    done("definitions")
    first = overall.filter(pl.col("AVALC") == "PD").sort("ADT").unique(["USUBJID", "EVAL"], keep="first")
    seen = contributing_lesions(frame, first)
    done("lesions")
    found = progression_patterns(first, seen)
    done("patterns")
    return {**out, "rows": frame.height, "progressions": found.height, "met": int((made["RESULT"] == "meets").sum())}


def pairs(count: int, alterations: int) -> dict[str, float]:
    """Seconds of comparing `count` pairs of two samples with `alterations` each against every rule of a drug each."""
    from codon12.biomarker import gene_panel
    from codon12.biomarker.calls.frame import calls_frame
    from codon12.resistance import PairSamples, compare_pairs, shipped_catalogue

    rng = np.random.default_rng(12)
    catalogue = shipped_catalogue()
    genes = sorted({g for e in catalogue.entries for r in e.rules for g in r.match.all_genes})
    genes += [f"GENE{i}" for i in range(480)]
    residues = np.array(list("ACDEFGHIKLMNPQRSTVWY"))
    ends = residues[rng.integers(0, 20, (2, 4000))]
    kinds = [f"p.{a}{n}{b}" for a, n, b in zip(ends[0], rng.integers(2, 900, 4000), ends[1], strict=True)]
    listed = [p for e in catalogue.entries for r in e.rules for p in r.match.proteins]
    proteins = pl.Series(sorted({*kinds, *listed}))
    drugs = [d for d in catalogue.drugs if "inhibitor" not in d]
    size = count * alterations
    gene, protein = rng.integers(0, len(genes), size), rng.integers(0, len(proteins), size)
    kept = rng.random(size) < 0.8
    owner = np.repeat(np.arange(count), alterations)
    parts = []
    for time_, mask in (("earlier", np.ones(size, bool)), ("later", kept | (rng.random(size) < 0.5))):
        changed = np.where(kept, protein, rng.integers(0, len(proteins), size)) if time_ == "later" else protein
        parts.append(
            pl.DataFrame(
                {
                    "SAMPLE": pl.Series(owner[mask]).cast(pl.String) + f" {time_}",
                    "GENE": pl.Series(genes).gather(gene[mask]),
                    "PROTEIN": proteins.gather(changed[mask]),
                    "VAF": rng.random(int(mask.sum())),
                    "CLASS": pl.Series(["missense"]).new_from_index(0, int(mask.sum())),
                }
            )
        )
    calls = calls_frame(pl.concat(parts))
    number = pl.Series(np.arange(count)).cast(pl.String)
    samples = pl.concat(
        pl.DataFrame(
            {"PAIR": number, "TIME": [t] * count, "SAMPLE": number + f" {t}", "ASSAY": ["panel"] * count,
             "DEPTH": [500.0] * count, "DRUG": pl.Series(drugs).gather(np.arange(count) % len(drugs))}
        )
        for t in ("earlier", "later")
    )  # fmt: skip
    panel = gene_panel("panel", genes, fusions=["ALK", "RET"])
    given = PairSamples(samples=samples, calls=calls, assays={"panel": panel})
    start = time.perf_counter()
    made = compare_pairs(given)
    return {"compare": time.perf_counter() - start, "rows": calls.height, "mechanisms": made.mechanisms.height}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", nargs="*", type=int, default=[1_000, 10_000, 100_000])
    parser.add_argument("--visits", type=int, default=10)
    parser.add_argument("--lesions", type=int, default=5)
    parser.add_argument("--pairs", type=int)
    parser.add_argument("--alterations", type=int, default=60)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        if given.pairs:
            made = pairs(given.pairs, given.alterations)
        else:
            made = patterns(given.sizes[0], given.visits, given.lesions)
        made["peak GiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(json.dumps(made))
        return
    runs = [["--pairs", str(given.pairs)]] if given.pairs else [[str(n)] for n in given.sizes]
    shared = ["--visits", str(given.visits), "--lesions", str(given.lesions), "--alterations", str(given.alterations)]
    for run in runs:
        call = [sys.executable, __file__, *run, *shared, "--one"]
        done = subprocess.run(call, capture_output=True, text=True, check=True)
        row = json.loads(done.stdout)
        size = run[-1]
        cells = [f"{k} {v:,.2f}" if isinstance(v, float) else f"{k} {v:,}" for k, v in row.items()]
        print(f"{int(size):>9,}  {'  '.join(cells)}")


if __name__ == "__main__":
    main()
