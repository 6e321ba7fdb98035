"""How fast study records are read, checked and turned into lesions: rows, seconds, peak memory, a stage a line.

Run: ``python benchmarks/records.py [rows ...]`` (tumour rows; 30 a subject).
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from codon12.records import Study, analysis_subjects, lesions


def write_study(folder: Path, rows: int) -> None:
    """Write a study of `rows` tumour rows: 5 lesions at 6 visits a subject."""
    subjects = max(rows // 30, 1)
    i = np.arange(subjects * 30)
    who = pl.Series("USUBJID", i // 30).cast(pl.String)
    ids = pl.Series([f"S-{n}" for n in range(subjects)])
    pl.DataFrame({"STUDYID": "S", "USUBJID": ids, "ARM": "A", "AGE": 60}).write_csv(folder / "dm.csv")
    pl.DataFrame(
        {"USUBJID": ids, "EXSEQ": 1, "EXTRT": "X", "EXDOSE": 960, "EXSTDTC": "2020-01-03", "EXENDTC": "2020-09-01"}
    ).write_csv(folder / "ex.csv")
    visit = (i // 5) % 6
    day = pl.select(pl.lit(np.datetime64("2020-01-01")) + pl.duration(days=pl.Series(visit * 42))).to_series()
    size = np.random.default_rng(12).integers(0, 900, len(i)) / 10
    pl.DataFrame(
        {
            "USUBJID": "S-" + who,
            "TRSEQ": i % 30 + 1,
            "TRGRPID": "TARGET",
            "TRLNKID": "T0" + pl.Series(i % 5 + 1).cast(pl.String),
            "TRTESTCD": "LDIAM",
            "TRSTRESC": pl.Series(size).cast(pl.String),
            "TRSTRESN": size,
            "TRSTRESU": "mm",
            "TREVAL": "INVESTIGATOR",
            "TRDTC": day.cast(pl.String),
            "VISITNUM": visit,
            "VISIT": "V" + pl.Series(visit).cast(pl.String),
        }
    ).write_csv(folder / "tr.csv", quote_style="non_numeric")


def main(sizes: list[int]) -> None:
    print(f"{'rows':>9} {'stage':<10} {'seconds':>8} {'peak MiB':>9}")
    for rows in sizes:
        with tempfile.TemporaryDirectory() as home:
            write_study(Path(home), rows)
            study = timed(rows, "open", Study.open, home)
            timed(rows, "subjects", analysis_subjects, study)
            timed(rows, "lesions", lesions, study)


def timed(rows: int, name: str, stage: Callable, argument: object) -> object:
    """Run one stage and print its line."""
    start = time.perf_counter()
    result = stage(argument)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{rows:>9} {name:<10} {seconds:>8.2f} {peak:>9.0f}")
    return result


if __name__ == "__main__":
    main([int(a) for a in sys.argv[1:]] or [10_000, 100_000, 1_000_000])
