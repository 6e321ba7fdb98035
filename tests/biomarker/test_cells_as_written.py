"""Cells of tables as laboratories fill them: what is not read never denies, and what denies is no call."""

import polars as pl
import pytest

from codon12.biomarker import (
    biomarker_status,
    calls_frame,
    gene_panel,
    parse_criterion,
    parse_variant,
    study_profiles,
    table_calls,
)
from codon12.errors import ConfigError, UsageError
from codon12.records import Study

PANEL = {"P": gene_panel("P", ["KRAS", "NRAS", "EGFR", "MET", "STK11"])}
TESTS = pl.DataFrame({"USUBJID": ["1"], "SAMPLE": ["1"], "ASSAY": ["P"], "STATE": ["valid"]})


def _read(gene="KRAS", **cells):
    return table_calls(pl.DataFrame({"PATIENT_ID": ["1"], "SAMPLE_ID": ["1"], "HUGO_SYMBOL": [gene]} | cells))


def _answer(made, question):
    return biomarker_status(made.frame, TESTS, question, assays=PANEL)["ANSWER"].item()


@pytest.mark.parametrize(
    ("cell", "g12c", "mutated", "ras"),
    [
        ("p.G12C,p.G12D", "unknown", "yes", "unknown"),
        ("KRAS p.G12C", "unknown", "yes", "unknown"),
        ("(p.G12C)", "yes", "yes", "yes"),
        ("p.Gly12delinsCys", "yes", "yes", "yes"),  # HGVS: one residue for one is a substitution
        ("p.G12_G13delinsCD", "unknown", "yes", "yes"),
        ("p.G12_G13delinsVD", "no", "yes", "yes"),
        ("p.G12X", "unknown", "yes", "unknown"),
        ("p.Gly12Xaa", "unknown", "yes", "unknown"),
        ("p.G12Ter", "no", "yes", "no"),
        ("p.G12?", "unknown", "yes", "unknown"),
        ("p.?", "unknown", "yes", "unknown"),
        ("?", "unknown", "unknown", "unknown"),
        ("mutated", "unknown", "yes", "unknown"),
        ("pending", "unknown", "unknown", "unknown"),
        ("insufficient", "unknown", "unknown", "unknown"),
        ("", "unknown", "unknown", "unknown"),
        ("WT", "no", "no", "no"),
        ("Not detected", "no", "no", "no"),
    ],
)
def test_a_cell_that_is_not_read_denies_nothing(cell, g12c, mutated, ras):
    made = _read(HGVSP_SHORT=[cell])
    assert [_answer(made, q) for q in ("KRAS G12C", "KRAS mutation", "RAS mutation")] == [g12c, mutated, ras]


@pytest.mark.parametrize(
    ("cells", "rules"),
    [
        ({"HGVSP_SHORT": ["wild type"]}, ["no-mutation"]),
        ({"HGVSP_SHORT": ["QNS"]}, ["unread-protein-change"]),
        ({"HGVSP_SHORT": [""], "HGVSC": ["c.34G>T"]}, ["open-protein-change"]),
        ({"HGVSP_SHORT": ["p.G12X"]}, ["open-protein-change"]),
        ({"HGVSP_SHORT": ["p.G12X"], "VARIANT_CLASSIFICATION": ["Nonsense_Mutation"]}, []),
        ({"HGVSP_SHORT": ["p.M1V"]}, []),
        ({"HGVSP_SHORT": ["p.D12C"]}, ["residue-mismatch"]),
        ({"HGVSP_SHORT": ["p.GGT12TGT"]}, ["residue-mismatch"]),  # bases of a codon read as residues 12 to 14
        ({"HGVSP_SHORT": ["p.G12="], "VARIANT_CLASSIFICATION": ["Missense_Mutation"]}, ["class-contradicts-change"]),
    ],
)
def test_what_a_cell_leaves_open_is_told(cells, rules):
    assert _read(**cells).findings.filter(pl.col("RULE") != "missing-column")["RULE"].to_list() == rules


@pytest.mark.parametrize(
    ("change", "kind", "answer"),
    [
        ("p.X1010_splice", "Splice_Site", "yes"),
        ("p.X1028_splice", "Splice_Site", "yes"),  # NM_001127500 counts 18 residues more
        ("p.D963_D1010del", "In_Frame_Del", "yes"),
        ("p.L982_D1028del", "In_Frame_Del", "yes"),
        ("p.D1010N", "Missense_Mutation", "unknown"),  # last base of the exon
        ("p.D1010V", "Missense_Mutation", "no"),
        ("p.T1010I", "Missense_Mutation", "no"),
        ("p.?", "", "unknown"),
    ],
)
def test_exon_14_of_met_is_lost_by_several_names(change, kind, answer):
    made = _read("MET", HGVSP_SHORT=[change], VARIANT_CLASSIFICATION=[kind])
    assert _answer(made, "MET exon 14 skipping") == answer
    assert parse_criterion("MET exon 14 deletion").subject == "MET exon 14 skipping"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("EGFR-del19", "EGFR exon 19 deletion"),
        ("EGFR del19", "EGFR exon 19 deletion"),
        ("EGFR 19del", "EGFR exon 19 deletion"),
        ("EGFR E19del", "EGFR exon 19 deletion"),  # residue 19 of EGFR is a cysteine
        ("EGFR E746_S752>V", "EGFR p.E746_S752delinsV"),
        ("KRAS c.34_36delinsTGT", "KRAS p.G12C"),
        ("KRAS\u2011G12C", "KRAS p.G12C"),
        ("EML4\u2013ALK", "EML4::ALK fusion"),
        ("cMET amplification", "MET amplification"),
        ("ROS-1 fusion", "ROS1 fusion"),
        ("STK11/LKB1 Q37*", "STK11 p.Q37*"),
    ],
)
def test_names_of_laboratories(text, said):
    assert str(parse_variant(text)) == said


@pytest.mark.parametrize("text", ["FLT3-ITD", "KRAS ?", "KRAS GGT12TGT", "EGFR-ins20q"])
def test_what_is_no_alteration_is_refused(text):
    with pytest.raises(UsageError):
        parse_variant(text)


ASSAY = """[assays.FISH]
genes = ["ERBB2"]
kinds = ["copy number"]
table = "ADSL"
result = "HER2"
detected = ["{}"]
not_detected = ["not amplified"]
"""


def _fish(tmp_path, word):
    (tmp_path / "adsl.csv").write_text("USUBJID,HER2\n1,Amplified\n2,not amplified\n3,equivocal\n4,\n")
    (tmp_path / "codon12.toml").write_text(ASSAY.format(word))
    return study_profiles(Study.open(tmp_path))


def test_a_result_of_copies_is_no_mutation(tmp_path):
    held, people = _fish(tmp_path, "amplified"), pl.Series(["1", "2", "3", "4"])
    assert held.status("HER2 amplification", people)["ANSWER"].to_list() == ["yes", "no", "unknown", "unknown"]
    assert held.status("HER2 mutation", people)["ANSWER"].to_list() == ["unknown"] * 4
    assert held.findings.select("RULE", "ROW", "USUBJID").rows() == [("test-result-unknown", 3, "3")]
    with pytest.raises(ConfigError, match="does not say what became of the copies of ERBB2"):
        _fish(tmp_path, "positive")


def test_allele_fractions_by_their_sign_and_what_is_none():
    cells = ["0.05", "5%", "0,05", "5", "<0.01", ""]
    table = {"HUGO_SYMBOL": ["KRAS"] * 6, "SAMPLE_ID": list("abcdef"), "HGVSP_SHORT": ["p.G12C"] * 6, "T_VAF": cells}
    made = table_calls(pl.DataFrame(table))
    assert made.frame["VAF"].to_list() == [0.05, 0.05, 0.05, None, None, None]
    told = made.findings.filter(pl.col("ROW").is_not_null())
    assert told.select("RULE", "ROW").rows() == [("vaf-outside-0-1", 4), ("vaf-outside-0-1", 5)]


@pytest.mark.parametrize(
    ("question", "fused", "answer"),
    [
        ("EGFR/ALK wild type", True, "no"),  # nobody calls a tumour wild type that ALK drives
        ("ALK wild type", False, "yes"),
        ("EGFR wild type", True, "yes"),
    ],
)
def test_wild_type_of_genes_that_fuse(question, fused, answer):
    panel = {"P": gene_panel("P", ["EGFR", "ALK"], fusions=["ALK"])}
    call = {"USUBJID": "1", "SAMPLE": "1", "GENE": "ALK", "PARTNER": "EML4", "CLASS": "fusion"}
    calls = calls_frame(pl.DataFrame([call])).head(1 if fused else 0)
    assert biomarker_status(calls, TESTS, question, assays=panel)["ANSWER"].item() == answer


@pytest.mark.parametrize("text", ["RAS G12C", "STK11/KEAP1", "pan-RAS"])
def test_questions_that_name_no_one_gene_are_refused(text):
    with pytest.raises(UsageError):
        parse_criterion(text)
