"""Changes that cannot be read to their end never deny a question about a residue; genes in small letters; levels that differ."""

import polars as pl
import pytest

from codon12.biomarker import biomarker_status, calls_frame, gene_panel
from codon12.biomarker.calls.cbioportal import copy_number_calls
from codon12.biomarker.calls.columns import normal_protein
from codon12.biomarker.calls.tables import table_calls

TESTS = pl.DataFrame({"USUBJID": ["1"], "SAMPLE": ["1"], "ASSAY": ["P"], "STATE": ["valid"]})


def answer(protein, question, kind="missense"):
    call = {"USUBJID": "1", "SAMPLE": "1", "GENE": "KRAS", "PROTEIN": protein, "CLASS": kind}
    calls = calls_frame(pl.DataFrame([call], schema=dict.fromkeys(call, pl.String)))
    assays = {"P": gene_panel("P", ["KRAS"])}
    return biomarker_status(calls, TESTS, question, assays=assays)["ANSWER"].item()


@pytest.mark.parametrize("protein", ["p.G12C/p.G12D", "c.34G>T", "G12C?D", "p.G12", "p.G12?", "odd 12", None])
def test_a_change_that_is_not_read_leaves_the_residue_open(protein):
    assert answer(protein, "KRAS G12C") == "unknown"
    assert answer(protein, "KRAS mutation") == "yes"


@pytest.mark.parametrize(
    ("protein", "wanted"),
    [("p.G12C", "yes"), ("p.G12D", "no"), ("p.G13?", "no"), ("p.G12_G13insG", "no"), ("p.G12Vfs*3", "no")],
)
def test_a_change_that_is_read_answers(protein, wanted):
    assert answer(protein, "KRAS G12C") == wanted


def test_a_coding_change_among_protein_changes_names_no_codon():
    assert answer("c.182A>T", "KRAS codon 182") == "unknown"
    assert answer("c.34G>T", "KRAS non-G12C") == "unknown"


def test_a_gene_or_transcript_before_the_change_is_left_out():
    made, unread = normal_protein(pl.Series(["KRAS:p.G12C", "NP_004976.2:p.Gly12Cys", "ENSP00000256078:p.G12D"]))
    assert made.to_list() == ["p.G12C", "p.G12C", "p.G12D"]
    assert not unread.any()


def test_genes_in_small_letters_are_the_same_genes():
    maf = pl.DataFrame({"Hugo_Symbol": ["kras", "Lkb1", "C11orf65"], "Tumor_Sample_Barcode": ["S"] * 3})
    assert table_calls(maf).frame["GENE"].to_list() == ["KRAS", "STK11", "C11orf65"]


def test_rows_of_one_gene_that_differ_are_told_and_a_change_counts():
    table = pl.DataFrame({"HUGO_SYMBOL": ["MET", "MET", "EGFR"], "S1": ["2", "0", "0"], "S2": ["2", "2", "NA"]})
    made = copy_number_calls(table)
    assert made.frame.select("SAMPLE", "CLASS").unique().sort("SAMPLE").rows() == [
        ("S1", "amplification"),
        ("S2", "amplification"),
    ]
    assert made.findings.select("RULE", "ROW").rows() == [("copy-number-twice", 2)]
    long = pl.DataFrame({"SAMPLE": ["S1", "S1"], "GENE": ["MET", "MET"], "CNA": ["-2", "0"]})
    assert copy_number_calls(long).findings["RULE"].to_list() == ["copy-number-twice"]


def test_a_change_that_does_not_end_and_one_that_no_read_shows_are_told():
    maf = pl.DataFrame(
        {
            "Hugo_Symbol": ["KRAS"] * 4,
            "Tumor_Sample_Barcode": ["S1", "S2", "S3", "S4"],
            "HGVSp_Short": ["p.G12C", "p.G12?", "p.G12", "p.?"],
            "t_alt_count": ["30", "30", "0", "30"],
            "t_ref_count": ["70", "70", "70", "70"],
        }
    )
    found = table_calls(maf).findings.filter(pl.col("ROW").is_not_null())
    assert found.select("RULE", "ROW").rows() == [
        ("open-protein-change", 2), ("open-protein-change", 3), ("call-without-reads", 3),
    ]  # fmt: skip
