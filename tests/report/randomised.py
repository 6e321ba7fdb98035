"""A small randomised study with responses and adverse events, of literal rules, for tests of comparisons."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from codon12.analyses import Evidence, assemble
from codon12.records import Study

_CONFIG = """
format = "adam"
start = "randomisation"
evaluator = "investigator"
[treatments]
"Control" = "Control"
"New drug" = "New drug"
"""


def people(nobody: str = "") -> pl.DataFrame:
    """Sixty patients: ARM, SEX, SITE (one unknown), HIT (responded; under `nobody` no woman does), RASH."""
    i = np.arange(60)
    arm = np.where(i % 2 == 0, "Control", "New drug")
    sex = np.where((i // 2) % 3 == 0, "F", "M")
    hit = (i * 17) % 10 < np.where(i % 2 == 0, 3, 6)
    return pl.DataFrame(
        {
            "USUBJID": [f"p{k:02d}" for k in i],
            "ARM": arm,
            "SEX": sex,
            "SITE": [None if k == 5 else "north" if k % 4 < 2 else "south" for k in i],
            "HIT": hit & ~((arm == nobody) & (sex == "F")),
            "RASH": (i * 7) % 5 < np.where(i % 2 == 0, 1, 2),
        }
    )


def study(folder: Path, extra: str = "", *, nobody: str = "", randomised: bool = True) -> tuple[Evidence, pl.DataFrame]:
    """Evidence of the study written to a folder as ADaM, and its patients."""
    frame = people(nobody)
    flag = "Y" if randomised else None
    frame.select(
        pl.lit("S").alias("STUDYID"),
        "USUBJID",
        "SEX",
        "SITE",
        pl.col("ARM").alias("TRT01P"),
        pl.col("ARM").alias("TRT01A"),
        pl.lit("2022-01-03").alias("TRTSDT"),
        pl.lit("2022-01-03" if randomised else None, pl.String).alias("RANDDT"),
        pl.lit("Y").alias("SAFFL"),
        pl.lit(flag, pl.String).alias("RANDFL"),
    ).write_csv(folder / "adsl.csv")
    frame.select(
        pl.lit("S").alias("STUDYID"),
        "USUBJID",
        pl.lit("BOR").alias("PARAMCD"),
        pl.lit("Best overall response").alias("PARAM"),
        pl.when("HIT").then(pl.lit("PR")).otherwise(pl.lit("PD")).alias("AVALC"),
        pl.lit("INVESTIGATOR").alias("PARCAT1"),
        pl.lit("2022-03-01").alias("ADT"),
    ).write_csv(folder / "adrs.csv")
    frame.filter("RASH").select(
        pl.lit("S").alias("STUDYID"),
        "USUBJID",
        pl.lit("Rash").alias("AETERM"),
        pl.lit("Rash").alias("AEDECOD"),
        pl.lit("2").alias("AETOXGR"),
        pl.lit("Y").alias("TRTEMFL"),
        pl.lit("2022-01-20").alias("ASTDT"),
    ).write_csv(folder / "adae.csv")
    (folder / "codon12.toml").write_text(_CONFIG + extra)
    return assemble(Study.open(folder)), frame
