"""What a report says of the shipped cohort: clean, beside the truth, and as the page on cohorts prints it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest

from codon12.analyses import assemble
from codon12.records import Study
from codon12.simulate import CohortModel, write_cohort
from codon12.simulate.cohort_flaws import FLAWS

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "examples" / "cohort"
TERMS = {
    "TRT01A": ("trt01a.pembrolizumab", "ACTIVE"),
    "STK11": ("stk11.mutated", "STK11"),
    "KEAP1": ("keap1.mutated", "KEAP1"),
    "TP53": ("tp53.mutated", "TP53"),
    "KRAS": ("kras.mutated", "KRAS"),
    "AGE10": ("age10", "AGE10"),
    "TPS1": ("active_x_tps1", "ACTIVE:TPS1"),
    "TPS50": ("active_x_tps50", "ACTIVE:TPS50"),
    "PRODUCT": ("active_x_kras", "ACTIVE:KRAS"),
}


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    """The study without imputation, which is slow and tested elsewhere."""
    folder = tmp_path_factory.mktemp("study") / "cohort"
    shutil.copytree(SHIPPED, folder)
    config = folder / "codon12.toml"
    text = config.read_text(encoding="utf-8")
    assert "imputations = 20" in text
    config.write_text(text.replace("imputations = 20", "imputations = 0"), encoding="utf-8")
    return assemble(Study.open(folder))


@pytest.fixture(scope="module")
def numbers(evidence) -> pl.DataFrame:
    return evidence.numbers


def printed(row: dict) -> str:
    return f"{row['value']:.2f} ({row['lower']:.2f}-{row['upper']:.2f})"


def test_nothing_but_patients_who_progressed_before_entry_is_found(evidence):
    findings = evidence.frames["findings"]
    assert set(findings["RULE"]) == {"entry-not-before-time"}
    assert findings["MESSAGE"].str.starts_with("PFS ended at or before entry").all()


def test_every_analysis_that_was_asked_for_has_numbers(numbers):
    asked = {
        "flow", "baseline", "baseline-kras", "prevalence", "oncoprint", "lollipop",
        "co-occurrence", "missing", "os", "pfs", "follow-up", "os-late-entry-ignored", "groups", "kras-by-tps",
        "treatment-alone", "os-adjusted", "os-true-model", "os-hazards", "predictive-tps", "predictive-kras",
    }  # fmt: skip
    assert asked <= set(numbers["analysis"])
    assert not numbers.filter(pl.col("label").str.starts_with("No model")).height


@pytest.mark.parametrize("term", sorted(TERMS))
def test_the_interval_of_the_true_model_holds_the_truth(numbers, term):
    stem, name = TERMS[term]
    truth = json.loads((SHIPPED / "truth.json").read_text(encoding="utf-8"))["model"]["death"]["terms"][name]
    rows = numbers.filter(
        pl.col("analysis") == "os-true-model", pl.col("statistic") == "hr", pl.col("endpoint").str.ends_with(stem)
    )
    assert rows.height == 1
    row = rows.row(0, named=True)
    assert row["lower"] < np.exp(truth) < row["upper"]


def test_the_page_on_cohorts_prints_what_comes_out(numbers):
    page = (ROOT / "docs" / "cohorts.md").read_text(encoding="utf-8")
    section = page.partition("## The shipped cohort")[2].partition("\n## ")[0]
    models = numbers.filter(pl.col("analysis") == "os-true-model", pl.col("statistic") == "hr")
    shown = [s for s, _ in TERMS.values() if s not in ("tp53.mutated", "age10")] + ["ecog.2"]
    for stem in shown:
        assert printed(models.filter(pl.col("endpoint").str.ends_with(stem)).row(0, named=True)) in section, stem
    for analysis in ("treatment-alone", "os-adjusted"):
        one = numbers.filter(
            pl.col("analysis") == analysis, pl.col("statistic") == "hr", pl.col("label").str.starts_with("Treatment")
        )
        assert printed(one.row(0, named=True)) in section
    product = numbers.filter(pl.col("analysis") == "predictive-kras", pl.col("statistic") == "ratio_of_hr")
    assert printed(product.row(0, named=True)) in " ".join(section.split())
    for analysis in ("os", "os-late-entry-ignored"):
        row = numbers.filter(analysis=analysis, arm="all", statistic="median").row(0, named=True)
        assert f"{row['value']:.1f} months ({row['lower']:.1f}-{row['upper']:.1f})" in section


def test_late_entry_ignored_lengthens_survival(numbers):
    medians = numbers.filter(pl.col("statistic") == "median", pl.col("arm") == "all")
    right, wrong = (medians.filter(analysis=a)["value"][0] for a in ("os", "os-late-entry-ignored"))
    assert wrong > right


def test_every_flaw_is_found_and_none_stops_the_report(tmp_path):
    model = msgspec.structs.replace(CohortModel(patients=150), flaws=tuple(FLAWS))
    write_cohort(tmp_path / "flawed", model)
    config = tmp_path / "flawed" / "codon12.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("imputations = 20", ""), encoding="utf-8")
    findings = assemble(Study.open(tmp_path / "flawed")).frames["findings"]
    assert not findings.filter(SEVERITY="error").height
    seen = set(findings["RULE"])
    assert {"score-unread", "former-symbol", "duplicated-sample", "subject-not-in-patients"} <= seen
