"""The generated pairs of the shipped study against the truth that was put into them."""

import json
from pathlib import Path

import polars as pl
import pytest

from codon12.simulate.resistance import paired_samples

STUDY = Path(__file__).resolve().parents[2] / "examples" / "codebreak100"
WORDS = {
    "on-target, drug pocket (recalled)": "possible mechanism, rule recalled",
    "none": "no mechanism found",
    "none: effect not known": "no mechanism found",
    "not tested before": "possible mechanism, earlier sample not tested",
    "enriched": "possible mechanism, present before and enriched",
    "not evaluable: no tumour": "not evaluable",
    "not evaluable: other tumour": "not evaluable",
}


@pytest.fixture(scope="module")
def derived(shipped_evidence):
    return shipped_evidence


def test_every_planned_mechanism_is_found_and_no_other(derived):
    truth = json.loads((STUDY / "truth_resistance.json").read_text("utf-8"))
    made = derived.context.pairs.comparison
    result = dict(made.pairs.select("USUBJID", "RESULT").iter_rows())
    classes = dict(made.mechanisms.filter(~pl.col("POSSIBLE")).group_by("PAIR").agg("MECHANISM").iter_rows())
    for entry in truth:
        name = entry["USUBJID"]
        assert result[name] == WORDS.get(entry["truth"], "mechanism found"), entry
        if entry["truth"] not in (*WORDS, "several"):
            assert entry["truth"] in classes[name]
    assert len(truth) == made.pairs.height == 23


def test_the_pairs_are_those_of_the_shipped_records_and_seed():
    tables = {n: pl.read_csv(STUDY / f"{n.lower()}.csv", infer_schema=False) for n in ("DM", "RS")}
    made, truth = paired_samples(tables, seed=7)
    for name, frame in made.items():
        assert frame.write_csv(line_terminator="\n") == (STUDY / f"{name.lower()}.csv").read_text("utf-8")
    assert truth == json.loads((STUDY / "truth_resistance.json").read_text("utf-8"))


def test_the_section_says_what_is_generated():
    assert "generated so that every class of mechanism occurs" in " ".join((STUDY / "README.md").read_text().split())
