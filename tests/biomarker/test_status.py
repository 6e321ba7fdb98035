"""What was tested, and what that answers: yes, no, or unknown with the reason."""

from __future__ import annotations

import polars as pl
import pytest

from codon12.biomarker import (
    GeneDefinitions,
    Measure,
    Profile,
    Reach,
    Status,
    Test,
    biomarker_status,
    calls_frame,
    gene_panel,
    hotspot_assay,
    ihc_assay,
    parse_criterion,
    read_maf,
)
from codon12.errors import UsageError

from .shared_data import need, text_table

pytestmark = pytest.mark.requirement("R-BIOM-02")

# Unpublished list of the kit's label, see the rules: G12A/D/R/C/S/V and G13D.
SEVEN = [f"KRAS {c}" for c in ("G12A", "G12D", "G12R", "G12C", "G12S", "G12V", "G13D")]
KIT = hotspot_assay("KRAS kit", SEVEN, kind="PCR kit")
PANEL = gene_panel("panel", ["KRAS", "NRAS", "STK11", "KEAP1", "EGFR", "MET", "ALK"], fusions=["ALK"])
MUTATIONS_ONLY = gene_panel("exome", ["KRAS", "STK11"], kinds=["mutation"])


def profile(assay, *found, **fields):
    return Profile.of("P", tests=[Test(assay=assay, found=found, **fields)])


@pytest.mark.parametrize(
    ("assay", "found", "question", "answer"),
    [
        (KIT, ["KRAS G12C"], "KRAS G12C", "yes"),
        (KIT, ["KRAS G12C"], "KRAS mutation", "yes"),
        (KIT, ["KRAS G12C"], "RAS mutation", "yes"),
        (KIT, ["KRAS G12C"], "RAS wild type", "no"),
        (KIT, ["KRAS G12C"], "KRAS G12", "yes"),
        (KIT, [], "KRAS G12C", "no"),
        (KIT, [], "not KRAS G12C", "yes"),
        (KIT, [], "KRAS G12", "unknown"),  # G12F and others are not in the kit
        (KIT, [], "KRAS mutation", "unknown"),
        (KIT, [], "RAS wild type", "unknown"),
        (KIT, [], "KRAS wild type", "unknown"),
        (KIT, [], "KRAS Q61H", "unknown"),
        (KIT, [], "EGFR L858R", "unknown"),
        (PANEL, [], "RAS wild type", "yes"),
        (PANEL, [], "KRAS wild-type", "yes"),
        (PANEL, [], "KRAS wt", "yes"),
        (PANEL, ["KRAS Q61H"], "KRAS wild type", "no"),
        (PANEL, ["KRAS G12="], "KRAS wild type", "yes"),
        (PANEL, ["KRAS I171fs"], "RAS wild type", "yes"),  # not activating
        (PANEL, ["NRAS Q61K"], "KRAS wild type", "yes"),
        (PANEL, ["NRAS Q61K"], "RAS wild type", "no"),
        (PANEL, ["LKB1 Q37*"], "STK11 loss of function", "yes"),
        (PANEL, ["STK11 F354L"], "STK11 loss of function", "unknown"),
        (PANEL, ["STK11 F354L"], "STK11 mutation", "yes"),
        (PANEL, ["STK11 homozygous deletion"], "LKB1 LOF", "yes"),
        (PANEL, ["STK11 loss"], "STK11 loss of function", "unknown"),
        (PANEL, [], "STK11 loss of function", "no"),
        (MUTATIONS_ONLY, [], "STK11 loss of function", "unknown"),  # a deletion was not looked for
        (MUTATIONS_ONLY, [], "STK11 mutation", "no"),
        (PANEL, ["EML4-ALK"], "ALK fusion", "yes"),
        (PANEL, ["EML4-ALK"], "EML4::ALK", "yes"),
        (PANEL, ["KIF5B-ALK"], "EML4-ALK", "no"),
        (PANEL, [], "ROS1 fusion", "unknown"),
        (PANEL, ["MET amp"], "MET amplification", "yes"),
        (PANEL, ["MET gain"], "MET amplification", "no"),
        (PANEL, ["EGFR E746_A750del"], "EGFR exon 19 deletion", "yes"),
        (PANEL, ["EGFR exon 19 del"], "EGFR exon 19 deletion", "yes"),
        (PANEL, ["EGFR L858R"], "EGFR exon 19 deletion", "no"),
        (PANEL, ["EGFR D770_N771insGL"], "EGFR exon 20 insertion", "yes"),
        (PANEL, ["MET X1010_splice"], "MET exon 14 skipping", "yes"),
        (PANEL, ["KEAP1 E444Gfs*3"], "KEAP1 E444fs", "yes"),
        (PANEL, ["KRAS A59_G60delinsGV"], "KRAS codon 59", "yes"),
        (PANEL, ["KRAS A59_G60delinsGV"], "KRAS codon 60", "yes"),
    ],
)
def test_answers(assay, found, question, answer):
    given = profile(assay, *found).status(question)
    assert (given.answer, given.reason.endswith(".")) == (answer, True)


@pytest.mark.parametrize("state", ["invalid", "indeterminate", "not tested"])
def test_a_test_without_a_result_answers_nothing_and_says_so(state):
    given = profile(PANEL, state=state, reason="too little DNA").status("KRAS G12C")
    assert given.answer == "unknown"
    assert f"No result from panel: {state}, too little DNA." in given.reason


def test_reasons_name_the_assay_and_what_is_missing():
    assert profile(PANEL, "KRAS G12C").status("KRAS mutation").reason == "KRAS p.G12C detected."
    assert profile(PANEL).status("KRAS G12C").reason == "No KRAS p.G12C detected within the reach of panel."
    reason = profile(KIT).status("RAS wild type").reason
    assert "KRAS kit, within whose reach lies only a part of it" in reason
    assert "Not covered: KRAS codon 12, 13, 59, 61, 117, 146; NRAS codon 12, 13, 59, 61, 117, 146." in reason
    assert profile(KIT).status("EGFR L858R").reason.startswith("KRAS kit cannot see EGFR p.L858R.")
    assert Profile.of("P").status("KRAS G12C") == Status("unknown", "No test for KRAS p.G12C is on record.")


def test_two_tests_together_reach_what_neither_does_alone():
    codons = ("G12", "G13", "A59", "Q61", "K117", "A146")
    kras, nras = (hotspot_assay(f"{gene} test", [f"{gene} {codon}" for codon in codons]) for gene in ("KRAS", "NRAS"))
    assert Profile.of("P", tests=[Test(assay=kras)]).status("RAS wild type").answer == "unknown"
    assert Profile.of("P", tests=[Test(assay=kras), Test(assay=nras)]).status("RAS wild type").answer == "yes"


def test_a_positive_test_counts_beside_a_negative_one():
    both = Profile.of("P", tests=[Test(assay=KIT), Test(assay=PANEL, found=("KRAS G12C",))])
    assert both.status("KRAS G12C").answer == "yes"


def test_contradictory_results_of_one_target_are_no_result():
    target = "KRAS p.G12C"
    tests = pl.DataFrame(
        {"USUBJID": "1", "SAMPLE": "1", "ASSAY": "KRAS kit", "TARGET": target, "STATE": ["detected", "not detected"]}
    )
    found = biomarker_status(calls_frame(pl.DataFrame()), tests, "KRAS G12C", assays={"KRAS kit": KIT})
    assert found["ANSWER"].to_list() == ["unknown"]
    assert "contradict" in found["REASON"][0]


def test_an_assay_nobody_described_reaches_nothing():
    tests = pl.DataFrame({"USUBJID": ["1"], "SAMPLE": ["1"], "ASSAY": ["?"], "STATE": ["valid"]})
    found = biomarker_status(calls_frame(pl.DataFrame()), tests, "KRAS G12C", assays={})
    assert found["ANSWER"].to_list() == ["unknown"]


def test_definitions_decide():
    counts = GeneDefinitions(loss_by_other="counts")
    leaves = GeneDefinitions(loss_by_other="does not count", loss_by_deletion=False)
    test = Test(assay=MUTATIONS_ONLY, found=("STK11 F354L",))
    assert Profile.of("P", tests=[test], definitions=counts).status("STK11 loss of function").answer == "yes"
    assert Profile.of("P", tests=[test], definitions=leaves).status("STK11 loss of function").answer == "no"
    wider = GeneDefinitions(ras_genes=("KRAS", "NRAS", "HRAS"))
    assert {r.gene for r in parse_criterion("RAS wild type", definitions=wider).required} == {"KRAS", "NRAS", "HRAS"}
    assert "KRAS, NRAS" in GeneDefinitions().sentences()["ras_genes"]


def test_profiles_refuse_what_cannot_be():
    with pytest.raises(UsageError, match="is invalid and yet found"):
        profile(PANEL, "KRAS G12C", state="invalid")
    with pytest.raises(UsageError, match="two assays are called 'panel'"):
        Profile.of("P", tests=[Test(assay=PANEL), Test(assay=gene_panel("panel", ["KRAS"]))])
    with pytest.raises(UsageError, match="name the gene"):
        profile(PANEL).status("G12C")
    with pytest.raises(UsageError, match="exon 3 are not held"):
        profile(PANEL).status("EGFR exon 3 deletion")
    with pytest.raises(UsageError, match=r"compare its \.answer"):
        bool(Status("yes", ""))


def test_logic_of_answers():
    yes, no, unknown = Status("yes", "a."), Status("no", "b."), Status("unknown", "c.")
    assert [(a & b).answer for a, b in [(yes, yes), (yes, unknown), (no, unknown), (yes, no)]] == [
        "yes",
        "unknown",
        "no",
        "no",
    ]
    assert [(a | b).answer for a, b in [(no, no), (no, unknown), (yes, unknown)]] == ["no", "unknown", "yes"]
    assert (unknown & yes).reason == "c."


@pytest.mark.parametrize(
    ("question", "measure", "answer"),
    [
        ("PD-L1 TPS >= 50", ("60", "TPS"), "yes"),
        ("PD-L1 TPS >= 50", ("50%", "TPS"), "yes"),
        ("PD-L1 TPS >= 50", ("1-49", "TPS"), "no"),
        ("PD-L1 TPS >= 1", ("<1%", "TPS"), "no"),
        ("PD-L1 TPS < 1", ("negative", "TPS"), "yes"),
        ("PD-L1 TPS >= 50", (">=1", "TPS"), "unknown"),
        ("PD-L1 TPS >= 50", ("TC3", "TC"), "unknown"),
        ("PD-L1 TC >= 50 (22C3)", ("60", "TC"), "yes"),
        ("PD-L1 TC >= 50 (SP142)", ("60", "TC"), "unknown"),
        ("not PD-L1 TPS >= 50", ("60", "TPS"), "no"),
    ],
)
def test_expression(question, measure, answer):
    value, scale = measure
    given = Profile.of("P", measures=[Measure(kind="PD-L1", value=value, scale=scale, assay="22C3")])
    assert given.status(question).answer == answer


def test_burden_and_microsatellites():
    given = Profile.of("P", measures=[Measure(kind="TMB", value="10"), Measure(kind="MSI", value="Stable")])
    assert given.status("TMB >= 10").answer == "yes"
    assert given.status("TMB > 10").answer == "no"
    assert given.status("MSI-H").answer == "no"
    assert given.status("MSS").answer == "yes"
    assert Profile.of("P").status("TMB >= 10").answer == "unknown"
    failed = Profile.of("P", measures=[Measure(kind="TMB", value="", state="invalid", assay="panel")])
    assert failed.status("TMB >= 10") == Status("unknown", "No result of TMB (panel: invalid).")
    two = [Measure(kind="TMB", value="3"), Measure(kind="TMB", value="30")]
    assert "both sides" in Profile.of("P", measures=two).status("TMB >= 10").reason
    with pytest.raises(UsageError, match="above 100"):
        Measure(kind="PD-L1", value="101", scale="TPS")
    with pytest.raises(UsageError, match="give the scale"):
        Measure(kind="PD-L1", value="50")
    with pytest.raises(UsageError, match="name its scales"):
        ihc_assay("XYZ")


def test_reach_of_codons():
    assert Reach(gene="KRAS", codons=(12, 13)).covers(Reach(gene="KRAS", codons=(12,)))
    assert not Reach(gene="KRAS", codons=(12,)).covers(Reach(gene="KRAS"))
    assert Reach(gene="KRAS", codons=(12,)).touches(Reach(gene="KRAS"))
    assert not Reach(gene="KRAS", kind="fusion").touches(Reach(gene="KRAS"))


def test_seven_mutations_miss_12_of_60_ras_mutant_colorectal_tumours():
    """Samstein 2018, colorectal cancer: the rules' figure, and what kit-negative tumours are answered."""
    samples = text_table("samstein_2018_tmb/CLIN_sample.txt").filter(CANCER_TYPE="Colorectal Cancer")
    who = samples.select(SAMPLE="SAMPLE_ID", USUBJID="PATIENT_ID")
    calls = read_maf(need("samstein_2018_tmb/SNV.txt.gz"), subjects=who, genes=["KRAS", "NRAS"]).frame.drop_nulls(
        "USUBJID"
    )
    panels = {n: gene_panel(n, ["KRAS", "NRAS"]) for n in samples["GENE_PANEL"].unique()}
    tests = samples.select(USUBJID="PATIENT_ID", SAMPLE="SAMPLE_ID", ASSAY="GENE_PANEL", STATE=pl.lit("valid"))
    truth = biomarker_status(calls, tests, "RAS mutation", assays=panels)
    assert dict(truth["ANSWER"].value_counts().iter_rows()) == {"yes": 60, "no": 50}
    seen = calls.filter(pl.concat_str("GENE", pl.lit(" "), pl.col("PROTEIN").str.slice(2)).is_in(SEVEN))
    kit = biomarker_status(
        seen, tests.with_columns(ASSAY=pl.lit("KRAS kit")), "RAS wild type", assays={"KRAS kit": KIT}
    )
    assert kit.filter(ANSWER="yes").height == 0  # kit-negative is never RAS wild type
    both = truth.join(kit, on="USUBJID", suffix="_KIT").filter(ANSWER="yes")
    assert both["ANSWER_KIT"].value_counts().sort("count").rows() == [("unknown", 12), ("no", 48)]
