"""The alterations of a cBioPortal study."""

from __future__ import annotations

import polars as pl
import pytest

from codon12.biomarker import copy_number_calls, fusion_calls, study_calls, study_tests
from codon12.records import Study

from .shared_data import need


@pytest.fixture(scope="module")
def mind():
    return Study.open(need("msk_mind_2022"))


def test_msk_mind(mind):
    calls = study_calls(mind)
    counts = dict(calls.frame["CLASS"].value_counts().iter_rows())
    # Counted in the files: 374 cells of 2 and 180 of -2; 55 structural variants.
    assert (counts["amplification"], counts["deletion"]) == (374, 180)
    assert counts["fusion"] + counts["rearrangement"] == 55
    assert calls.frame.filter(pl.col("SRCDOM") == "MUTATIONS").height == 2952
    assert calls.frame["USUBJID"].null_count() == 0
    assert calls.findings.filter(pl.col("SEVERITY") == "error").height == 0


def test_tests_of_msk_mind(mind):
    tests = study_tests(mind)
    assert tests.height == 3 * 247
    assert sorted(tests["ASSAY"].unique()) == ["IMPACT341", "IMPACT410", "IMPACT468"]


def test_odd_levels_are_findings():
    found = copy_number_calls(pl.DataFrame({"Hugo_Symbol": ["MET", "KIT"], "S1": ["2.0", "7"], "S2": [None, "-1.5"]}))
    assert found.frame.select("SAMPLE", "GENE", "CLASS").rows() == [
        ("S1", "MET", "amplification"),
        ("S2", "KIT", "loss"),
    ]
    assert found.findings["RULE"].to_list() == ["copy-number-level"]


def test_a_rearrangement_within_a_gene_is_no_fusion():
    table = pl.DataFrame(
        {"Sample_Id": ["1", "1"], "Site1_Hugo_Symbol": ["MET", "MLL"], "Site2_Hugo_Symbol": ["MET", None]}
    )
    assert fusion_calls(table).frame.select("GENE", "PARTNER", "CLASS").rows() == [
        ("MET", None, "rearrangement"),
        ("KMT2A", None, "rearrangement"),
    ]


def test_oncokb_structural_variants():
    table = pl.read_csv(need("formats/oncokb_maf/example_sv.txt"), separator="\t", infer_schema=False)
    found = fusion_calls(table).frame
    assert found.filter(CLASS="fusion").select("PARTNER", "GENE").unique().sort("GENE").rows() == [
        ("ALK", "EML4"),
        ("TMPRSS2", "ERG"),
        ("ETV6", "RUNX1"),
    ]
