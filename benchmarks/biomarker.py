"""Biomarkers: real and large mutation tables, each cell in a fresh process.

    python benchmarks/biomarker.py                          # TCGA-LUAD (shared data) and 1e6 made-up rows
    python benchmarks/biomarker.py --rows 10000000          # 1e7 made-up rows, read in batches
    python benchmarks/biomarker.py --json out.json

Reported are wall and CPU seconds and the peak memory of the process above its imports. The made-up file has the columns
of a MAF, 20 samples per 1e5 rows, and stands in a temporary folder while it is read.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LUAD = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "tcga_luad_firehose" / "LUAD.nonsilent.maf.gz"
HEAD = (
    "Hugo_Symbol\tNCBI_Build\tChromosome\tStart_Position\tReference_Allele\tTumor_Seq_Allele2\tTumor_Sample_Barcode\t"
    "Variant_Classification\tHGVSp_Short\tHGVSc\tt_ref_count\tt_alt_count\n"
)


def write_maf(path: Path, rows: int) -> None:
    """A MAF of made-up rows, written a block at a time."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng(20240229)
    genes = np.array(["KRAS", "TP53", "EGFR", "STK11", "KEAP1", "ALK", "MET", "BRAF"])
    residues = np.array(list("ACDEFGHIKLMNPQRSTVWY"))
    with path.open("wb") as file:
        file.write(HEAD.encode())
        for start in range(0, rows, 500_000):
            n = min(500_000, rows - start)
            frame = pl.DataFrame(
                {
                    "g": genes[rng.integers(0, 8, n)],
                    "b": "GRCh37",
                    "c": rng.integers(1, 23, n),
                    "p": rng.integers(30_000_000, 200_000_000, n),
                    "r": "C",
                    "a": "A",
                    "s": np.char.add("S-", ((start + np.arange(n)) // 5000).astype(str)),
                    "v": "Missense_Mutation",
                    "x": pl.Series(residues[rng.integers(0, 20, n)]),
                    "k": rng.integers(2, 900, n),
                    "y": pl.Series(residues[rng.integers(0, 20, n)]),
                    "t": rng.integers(50, 500, n),
                    "u": rng.integers(5, 200, n),
                }
            )
            text = frame.select(
                "g",
                "b",
                "c",
                "p",
                "r",
                "a",
                "s",
                "v",
                pl.format("p.{}{}{}", "x", "k", "y"),
                pl.format("ENST1:c.{}C>A", "k").alias("h"),
                "t",
                "u",
            )
            file.write(text.write_csv(separator="\t", include_header=False).encode())


def luad() -> int:
    """Whole file, calls of all genes, allele groups of KRAS."""
    from codon12.biomarker import allele_groups, read_maf

    calls = read_maf(LUAD).frame
    allele_groups(calls)
    return calls.height


def large(path: str) -> int:
    """Mutations per sample over batches."""
    from codon12.biomarker import mutation_counts, scan_maf

    return int(mutation_counts(part.frame for part in scan_maf(path))["N"].sum())


def peak_mb() -> float:
    """Highest resident memory of this process alone (Linux); ru_maxrss would include what it was forked from."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else float("nan")


def cell(name: str, argument: str) -> None:
    import codon12.biomarker  # noqa: F401 - imports are not measured

    before = peak_mb()
    wall, cpu = time.perf_counter(), time.process_time()
    rows = luad() if name == "luad" else large(argument)
    spent = {"cell": name, "rows": rows, "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    print(json.dumps(spent | {"mb": peak_mb() - before}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--cell", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.cell:
        cell(*options.cell)
        return
    results = []
    with tempfile.TemporaryDirectory() as folder:
        cells = [["luad", ""]] if LUAD.exists() else []
        if options.rows:
            write_maf(Path(folder, "made_up.maf"), options.rows)
            cells.append(["large", f"{folder}/made_up.maf"])
        for name, argument in cells:
            done = subprocess.run(
                [sys.executable, __file__, "--cell", name, argument], capture_output=True, text=True, check=True
            )
            results.append(json.loads(done.stdout))
            r = results[-1]
            spent = f"{r['wall']:7.2f} s wall  {r['cpu']:7.2f} s CPU  {r['mb']:7.0f} MB"
            print(f"{r['cell']:8} {r['rows']:>10,} mutations  {spent}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
