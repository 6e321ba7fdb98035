"""A small study for tests of outputs: a few subjects of the shipped example, under names of the test's choice."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "codebreak100"


def write_study(folder: Path, names: list[str]) -> Path:
    """Write as many subjects of the example as there are names, with these names."""
    if not (EXAMPLE / "dm.csv").is_file():
        pytest.skip("the example study has not been made (make demo)")
    folder.mkdir(parents=True, exist_ok=True)
    ids = pl.read_csv(EXAMPLE / "dm.csv", infer_schema=False)["USUBJID"].head(len(names)).to_list()
    mapping = dict(zip(ids, names, strict=True))
    for path in sorted(EXAMPLE.glob("*.csv")):
        table = pl.read_csv(path, infer_schema=False)
        if "USUBJID" in table.columns:
            table = table.filter(pl.col("USUBJID").is_in(ids)).with_columns(pl.col("USUBJID").replace(mapping))
        if "SUBJID" in table.columns:
            table = table.with_columns(SUBJID=pl.col("USUBJID"))
        table.write_csv(folder / path.name)
    shutil.copy(EXAMPLE / "codon12.toml", folder / "codon12.toml")
    return folder


def evidence_of(folder: Path):
    from codon12.analyses import assemble
    from codon12.records import Study

    return assemble(Study.open(folder))
