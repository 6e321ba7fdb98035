"""Joint texts of SP142, and exon questions as papers write them."""

import polars as pl
import pytest

from codon12.biomarker import (
    Measure,
    biomarker_status,
    calls_frame,
    gene_panel,
    measure_status,
    parse_criterion,
    parse_variant,
    read_joint_score,
    read_score,
)
from codon12.errors import UsageError


def sp142(value: str, scale: str = "TC/IC") -> Measure:
    return Measure(kind="PD-L1", value=value, assay="SP142", scale=scale)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("TC2/3 or IC2/3", 2, 3),
        ("TC3 and/or IC3", 3, 3),
        ("IC1/2/3 or TC1/2/3", 1, 3),
        ("TC0 and IC0", 0, 0),
        ("TC0/1 and IC0/1/2", 0, 2),
        ("TC1/2 or IC1/2", 1, 2),
        ("TC2 and IC1", 2, 2),
        ("tc3 OR ic3", 3, 3),
        ("TC2", 2, 3),
    ],
)
def test_joint_text_bounds_the_higher_grade(text, low, high):
    found = read_joint_score(text)
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize("text", ["UNKNOWN", "", "."])
def test_missing_joint_text(text):
    assert read_joint_score(text) is None


@pytest.mark.parametrize("text", ["TC4 or IC4", "TC1/3 or IC1/3", "TC3 or TC2", "high"])
def test_what_is_no_joint_text_is_refused(text):
    with pytest.raises(UsageError):
        read_joint_score(text)


@pytest.mark.parametrize(
    ("question", "measures", "answer"),
    [
        ("PD-L1 TC2/3 or IC2/3", [sp142("TC3 and/or IC3")], "yes"),
        ("PD-L1 TC2/3 or IC2/3", [sp142("TC0 and IC0")], "no"),
        ("TC3 or IC3", [sp142("TC2/3 or IC2/3")], "unknown"),
        ("TC3 or IC3", [sp142("49", "TC"), sp142("IC3", "IC")], "yes"),
        ("TC3 or IC3", [sp142("49", "TC"), sp142("IC2", "IC")], "no"),
        ("TC3 or IC3", [sp142("49", "TC")], "unknown"),
        ("PD-L1 TPS >= 50", [sp142("TC3 or IC3")], "unknown"),
        ("PD-L1 TC >= 50", [sp142("TC3 or IC3")], "unknown"),
        ("TC3 or IC3", [sp142("TC3 or IC3"), sp142("TC0 and IC0")], "unknown"),
    ],
)
def test_joint_questions(question, measures, answer):
    assert measure_status(question, measures).answer == answer


def test_joint_question_must_be_open_upward():
    with pytest.raises(UsageError, match="from a grade on"):
        measure_status("TC1/2 or IC1/2", [])


def test_grades_of_one_scale_may_be_several():
    assert (read_score("TC2/3", scale="TC").lower, read_score("TC2/3", scale="TC").upper) == (5, 100)
    with pytest.raises(UsageError, match="do not follow"):
        read_score("TC1/3", scale="TC")


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("METex14", "MET exon 14 skipping"),
        ("METex14 skipping", "MET exon 14 skipping"),
        ("EGFRex20ins", "EGFR exon 20 insertion"),
        ("EGFR exon 20 insertion", "EGFR exon 20 insertion"),
        ("EGFR vIII", "EGFRvIII"),
    ],
)
def test_exon_questions(text, subject):
    assert parse_criterion(text).subject == subject


def test_egfr_viii_is_read_as_its_protein_change():
    assert str(parse_variant("EGFRvIII")) == "EGFR p.V30_R297delinsG"


def test_egfr_viii_needs_a_test_of_structural_variants():
    rows = [
        {"USUBJID": "named", "CLASS": "rearrangement", "CONSEQUENCE": "EGFRvIII deletion"},
        {"USUBJID": "unnamed", "CLASS": "rearrangement", "CONSEQUENCE": "Deletion within transcript"},
        {"USUBJID": "protein", "CLASS": "inframe", "PROTEIN": "p.V30_R297delinsG"},
    ]
    frame = pl.DataFrame(rows).with_columns(GENE=pl.lit("EGFR"), SAMPLE="USUBJID")
    ids = ["named", "unnamed", "protein", "read", "exons"]
    tests = pl.DataFrame({"USUBJID": ids, "SAMPLE": ids, "ASSAY": ["SV"] * 4 + ["DNA"], "STATE": ["valid"] * 5})
    assays = {"SV": gene_panel("SV", ["EGFR"], fusions=["EGFR"]), "DNA": gene_panel("DNA", ["EGFR"])}
    found = biomarker_status(calls_frame(frame), tests, "EGFRvIII", assays=assays)
    assert dict(found.select("USUBJID", "STATE").rows()) == {
        "named": "detected",
        "unnamed": "indeterminate",
        "protein": "detected",
        "read": "not detected",
        "exons": "not tested",
    }
