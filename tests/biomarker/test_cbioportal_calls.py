"""The alterations of a cBioPortal study."""

from __future__ import annotations

import polars as pl
import pytest

from codon12.biomarker import (
    biomarker_status,
    copy_number_calls,
    fusion_calls,
    observed_panels,
    read_gene_panel,
    study_calls,
    study_tests,
    table_calls,
)
from codon12.errors import InputError
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


def test_a_sample_of_several_subjects_has_none():
    subjects = pl.DataFrame({"SAMPLE": ["S1", "S1", "S2", "S2"], "USUBJID": ["A", "B", "C", "C"]})
    found = copy_number_calls(pl.DataFrame({"HUGO_SYMBOL": ["MET"], "S1": ["2"], "S2": ["2"]}), subjects=subjects)
    assert found.frame.select("SAMPLE", "USUBJID").rows() == [("S1", None), ("S2", "C")]
    assert found.findings["RULE"].to_list() == ["sample-without-subject"]


def test_panels_proven_by_their_calls(mind):
    calls, tests = study_calls(mind).frame, study_tests(mind)
    panels = observed_panels(calls, tests)
    answers = biomarker_status(calls, tests, "KRAS G12C", assays=panels)
    carriers = calls.filter(GENE="KRAS", PROTEIN="p.G12C")["USUBJID"].n_unique()
    assert answers.filter(ANSWER="yes").height == carriers
    assert answers.height == 247
    # KRAS is mutated in samples of all three panels, so all of them read it.
    assert set(answers["ANSWER"]) == {"yes", "no"}
    odd = biomarker_status(calls, tests, "NOSUCHGENE mutation", assays=panels)
    assert odd["ANSWER"].unique().to_list() == ["unknown"]


def test_gene_panel_files(tmp_path):
    path = tmp_path / "panel.txt"
    path.write_text("stable_id: P\ngene_list: KRAS MLL2\n")
    assert {r.gene for r in read_gene_panel(path).reach} == {"KRAS", "KMT2D"}
    path.write_text("stable_id: P\n")
    with pytest.raises(InputError, match="names no genes"):
        read_gene_panel(path)
    with pytest.raises(InputError, match="no such"):
        read_gene_panel(tmp_path / "none.txt")


def test_the_circulating_dna_sheet_of_oak_and_poplar():
    book = need("oak_poplar_2018/41591_2018_134_MOESM3_ESM.xlsx")
    sheet = pl.read_excel(book, sheet_name="OAK_POPLAR_btmb_variants", infer_schema_length=None)
    found = table_calls(sheet.cast(pl.String), build="GRCh37", name="BTMB")
    assert found.frame.height == 12_022
    assert found.findings.filter(pl.col("RULE") == "reference-mismatch").height == 0
    kras = found.frame.filter(GENE="KRAS")["PROTEIN"].value_counts()
    # The sheet has no G12C and no G12D row at all; 27 are G12V and 8 G13C.
    assert kras.filter(pl.col("PROTEIN").is_in(["p.G12C", "p.G12D"])).height == 0
    assert kras.filter(PROTEIN="p.G12V")["count"].to_list() == [27]
    assert kras.filter(PROTEIN="p.G13C")["count"].to_list() == [8]
    assert found.frame["CLASS"].null_count() == 0
