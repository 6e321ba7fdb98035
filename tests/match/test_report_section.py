"""The section of a report: counts as the match room gives them, each traceable to its subjects."""

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from codon12.analyses import assemble
from codon12.errors import ConfigError
from codon12.match import shipped_statements
from codon12.match.cohort import match_cohort
from codon12.match.from_study import profiles_of_study
from codon12.records import Study

ROOT = Path(__file__).parents[2]
SOTORASIB = "us-fda/nsclc/sotorasib/kras-g12c"
TPS = "us-fda/nsclc/pembrolizumab/1L/tps1"


def _study(tmp_path, more):
    folder = tmp_path / "study"
    shutil.copytree(ROOT / "examples" / "cohort", folder)
    text = (folder / "codon12.toml").read_text(encoding="utf-8").replace("imputations = 20", "imputations = 0") + more
    (folder / "codon12.toml").write_text(text, encoding="utf-8")
    return Study.open(folder)


def _asked(as_of="2021-09-01"):
    return f"""
[match.assume]
tumour_type = "NSCLC"
stage = "metastatic"
[analyses.matched]
kind = "matched"
title = "What the profiles support"
section = "biomarkers"
as_of = "{as_of}"
statements = ["{SOTORASIB}", "{TPS}"]
"""


def test_numbers_of_the_section(tmp_path):
    study = _study(tmp_path, _asked())
    evidence = assemble(study)
    own = evidence.numbers.filter(analysis="matched")
    counted = match_cohort(
        profiles_of_study(study).profiles, shipped_statements(), as_of=date(2021, 9, 1), only=[SOTORASIB, TPS]
    )
    for c in counted:
        stem = f"matched.{c.id.replace('/', '_').replace('-', '_').lower()}"
        rows = dict(own.filter(endpoint=stem).select("statistic", "n").iter_rows())
        assert rows["n_applies"] == c.applies - c.because_of_unknown
        assert rows["n_undetermined"] == c.undetermined
        assert rows["n_does_not_apply"] == c.does_not_apply
        missing = own.filter(pl.col("endpoint").str.starts_with(f"{stem}.missing."))
        assert sorted(missing["n"]) == sorted(c.missing.values())
    frame = evidence.frames["matched"]
    column = SOTORASIB.replace("/", "_").replace("-", "_").upper()
    assert frame.filter(pl.col(column) == "undetermined").height == counted[0].undetermined


@pytest.mark.parametrize("as_of", ["yesterday", ""])
def test_a_date_is_needed(tmp_path, as_of):
    with pytest.raises(ConfigError, match="as_of"):
        assemble(_study(tmp_path, _asked(as_of)))
