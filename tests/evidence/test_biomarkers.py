"""Biomarkers of a study: from calls, tests and scores to numbers, counted by hand."""

import importlib.util
from pathlib import Path

import polars as pl
import pytest

from codon12.analyses import assemble, study_figures
from codon12.cli import main
from codon12.errors import ConfigError
from codon12.records import Study

_spec = importlib.util.spec_from_file_location("biomarker_study", Path(__file__).with_name("biomarker_study.py"))
_study = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_study)
CALLS, SAMPLES, call, write = _study.CALLS, _study.SAMPLES, _study.call, _study.write

ASKED = """
[biomarkers]
KRAS = "KRAS mutation"
LOSS = { question = "STK11 loss of function", label = "STK11 loss" }
RASWT = "RAS wild type"
ALLELE = { alleles = "KRAS" }
TPS = { measure = "PDL1", cuts = [1, 50] }
HIGH = { question = "PD-L1 TPS >= 50", levels = ["low", "high"] }
BOTH = { cross = ["KRAS", "LOSS"] }
[measures.PDL1]
kind = "PD-L1"
value = "PDL1_TPS"
assay = "22C3"
scale = "TPS"
"""


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    made = {}

    def build(**changes):
        asked = repr(sorted(changes.items()))
        if asked not in made:
            made[asked] = assemble(Study.open(write(tmp_path_factory.mktemp("study"), **changes)))
        return made[asked]

    return build


def column(found, name):
    return dict(found.frames["adsl"].select("USUBJID", pl.col(name).cast(pl.String)).rows())


def number(found, name):
    rows = found.numbers.filter(id=name)
    assert rows.height == 1, f"{name}: {found.numbers['id'].to_list()}"
    return rows.row(0, named=True)


def test_not_tested_is_never_wild_type(evidence):
    found = evidence(config=ASKED)
    kras, state = column(found, "KRAS"), column(found, "KRAS_STATE")
    assert [p for p, v in kras.items() if v == "Mutated"] == ["P1", "P2", "P5"]
    assert (kras["P3"], state["P3"]) == ("Wild type", "not detected")
    assert (kras["P11"], state["P11"]) == (None, "not tested")


def test_what_a_panel_does_not_reach_is_not_answered(evidence):
    found = evidence(config=ASKED)
    # the panel file lists mutations and copy number, the matrix says that mutations alone were read
    assert set(column(found, "LOSS_STATE").values()) == {"detected", "indeterminate", "not tested"}
    assert column(found, "LOSS_STATE")["P6"] == "indeterminate"
    assert "STK11 copy number" in column(found, "LOSS_REASON")["P2"]
    # NRAS is not on the panel: a KRAS mutation denies wild type, its absence does not prove it
    assert set(column(found, "RASWT").values()) == {"Mutated", None}


def test_alleles_scores_and_crosses(evidence):
    found = evidence(config=ASKED)
    assert column(found, "ALLELE") | {"P11": None} == column(found, "ALLELE")
    assert [column(found, "ALLELE")[p] for p in ("P1", "P5", "P3")] == ["G12C", "G12D", "wild type"]
    assert list(column(found, "TPS").values()) != []
    assert [column(found, "TPS")[f"P{i}"] for i in range(1, 13)] == [
        "<1%", ">=50%", "1-49%", "<1%", ">=50%", "<1%", "1-49%", None, ">=50%", "1-49%", None, None,
    ]  # fmt: skip
    assert [column(found, "HIGH")[p] for p in ("P2", "P3", "P8", "P11")] == ["high", "low", None, None]
    assert [column(found, "HIGH_STATE")[p] for p in ("P8", "P11")] == ["indeterminate", "not tested"]
    both = column(found, "BOTH")
    assert (both["P1"], both["P2"]) == ("KRAS Mutated / LOSS Detected", None)


def test_covariates_populations_and_models_may_rest_on_biomarkers(evidence):
    config = (
        ASKED
        + """
[covariates.PAIR]
expression = "CASE WHEN KRAS = 'Mutated' AND TPS = '>=50%' THEN 'both' WHEN KRAS IS NOT NULL THEN 'not both' END"
[covariates.AGAIN]
expression = "PAIR"
[covariates.WOMAN]
expression = "SEX = 'F'"
[populations]
safety = "KRAS_STATE <> 'not tested'"
[analyses.by-group]
kind = "groups"
title = "By group"
section = "biomarkers"
endpoint = "OS"
by = ["AGAIN"]
[analyses.model]
kind = "cox"
title = "Model"
section = "biomarkers"
endpoint = "OS"
by = ["TPS"]
"""
    )
    found = evidence(config=config)
    assert [p for p, v in column(found, "AGAIN").items() if v == "both"] == ["P2", "P5"]
    assert number(found, "os.events.all.again=both")["N"] == 2
    assert (number(found, "os.model.complete_cases.all")["n"], number(found, "os.model.complete_cases.all")["N"]) == (
        9,
        10,
    )


def test_prevalence_is_of_those_with_an_answer(evidence):
    found = evidence(config=ASKED)
    got = number(found, "prevalence.kras.mutated.all")
    # 3 of 10: exact limits from R, binom.test(3, 10)$conf.int = 0.06673951 0.65245285
    assert (got["n"], got["N"]) == (3, 10)
    assert [got[k] for k in ("value", "lower", "upper")] == pytest.approx([30, 6.673951, 65.245285], abs=1e-6)
    assert got["subjects"] == ["P1", "P2", "P5"]
    absent = number(found, "prevalence.kras.not_tested.all")
    assert (absent["n"], absent["N"], absent["subjects"]) == (2, 12, ["P11", "P12"])
    reason = number(found, "prevalence.kras.reason_1.all")
    assert (reason["label"], reason["n"]) == ("KRAS mutation: No test for KRAS mutation is on record.", 2)


def test_prevalence_by_group(evidence):
    found = evidence(config=ASKED + '[analyses.prevalence]\nby = ["SEX"]\n')
    women, men = (number(found, f"prevalence.sex.{s}.kras.mutated.all") for s in "fm")
    assert [(r["n"], r["N"], r["subjects"]) for r in (women, men)] == [(1, 5, ["P2"]), (2, 5, ["P1", "P5"])]


def test_absent_biomarkers_have_rows_of_their_own_in_baseline_and_missing(evidence):
    found = evidence(config=ASKED)
    assert number(found, "baseline.kras.not_tested.all")["subjects"] == ["P11", "P12"]
    assert number(found, "baseline.tps.indeterminate.all")["subjects"] == ["P8"]
    assert number(found, "missing.tps.not_tested.all")["n"] == 2
    assert number(found, "missing.loss.indeterminate.all")["subjects"] == ["P6"]


def test_groups_say_who_is_in_none_and_ratios_count_their_own_groups(evidence):
    config = (
        ASKED + '[analyses.x]\nkind = "groups"\ntitle = "X"\nsection = "biomarkers"\nendpoint = "OS"\nby = ["TPS"]\n'
    )
    found = evidence(config=config)
    assert number(found, "os.left_out.tps.not_tested.all.tps=all")["subjects"] == ["P11", "P12"]
    assert number(found, "os.left_out.tps.indeterminate.all.tps=all")["n"] == 1
    ratio = number(found, "os.hr.all.tps=ge50")
    assert (ratio["N"], ratio["subjects"]) == (6, ["P1", "P2", "P4", "P5", "P6", "P9"])
    assert number(found, "os.logrank_p.all.tps=all")["N"] == 9


def test_oncoprint_lollipop_and_co_occurrence(evidence):
    found = evidence(config=ASKED)
    stk11 = number(found, "altered.stk11.all")
    assert (stk11["n"], stk11["N"], stk11["subjects"]) == (3, 10, ["P1", "P3", "P6"])
    g12c = number(found, "lollipop.kras.g12c.all")
    assert (g12c["n"], g12c["N"], g12c["subjects"], g12c["section"]) == (2, 10, ["P1", "P2"], "KRAS codon 12")
    pair = "co_occurrence.kras.stk11"
    cells = [number(found, f"{pair}.{c}.all") for c in ("both", "first_only", "second_only", "neither")]
    assert [c["n"] for c in cells] == [1, 2, 2, 5]
    assert [c["subjects"][0] for c in cells] == ["P1", "P2", "P3", "P10"]
    odds = number(found, f"{pair}.odds_ratio.all")
    # R: fisher.test(matrix(c(1, 2, 2, 5), 2)): odds ratio 1.221835, 95% CI 0.01418677 to 40.49810418, p 1
    assert [odds[k] for k in ("value", "lower", "upper")] == pytest.approx(
        [1.221835, 0.01418677, 40.498104], rel=1e-3
    )  # R solves to 1e-4
    assert number(found, f"{pair}.p.all")["value"] == pytest.approx(1)
    cells = found.frames["oncoprint"]
    assert cells["USUBJID"].n_unique() == 12
    assert cells.filter(USUBJID="P11")["GENE"].to_list() == [None]
    methods = dict(found.methods)["Biomarkers"]
    assert "Not tested is never counted as wild type" in methods
    assert "Benjamini-Hochberg" in methods
    assert "coordinates of other genes were taken as given" in methods


def test_a_folder_as_it_is_has_a_plan(evidence):
    found = evidence()
    kinds = {a.kind for a in found.plan}
    assert {"prevalence", "oncoprint", "lollipop", "co-occurrence", "groups"} <= kinds
    assert number(found, "prevalence.g12c.detected.all")["n"] == 2
    assert number(found, "prevalence.pdl1.ge50.all")["n"] == 3
    assert "column PDL1_TPS" in dict(found.methods)["Data"]


def test_biomarkers_of_the_study_replace_the_defaults(evidence):
    found = evidence(config='[biomarkers]\nTP53 = "TP53 mutated"\n')
    assert "KRAS" not in found.frames["adsl"].columns
    assert number(found, "prevalence.tp53.mutated.all")["n"] == 1


def test_a_study_without_profiles_refuses_questions(tmp_path):
    (tmp_path / "dm.csv").write_text("USUBJID\n1\n")
    (tmp_path / "codon12.toml").write_text('[biomarkers]\nKRAS = "KRAS mutation"\n')
    with pytest.raises(ConfigError, match="no table of calls"):
        assemble(Study.open(tmp_path))


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ('[biomarkers]\nKRAS = "KRAS whatever"\n', "biomarkers.KRAS"),
        ('[biomarkers]\n"K-RAS" = "KRAS mutation"\n', "the name of a column"),
        ('[biomarkers]\nA = { question = "KRAS mutation", alleles = "KRAS" }\n', "give one of"),
        ('[biomarkers]\nA = { measure = "X", cuts = [1] }\n', "no \\[measures.X\\]"),
        ('[biomarkers]\nA = { cross = ["B"] }\nB = "KRAS mutation"\n', "no earlier biomarker"),
        ('[biomarkers]\nA = { question = "KRAS mutation", levels = ["x"] }\n', "needs 2 words"),
        ('[covariates.A]\nexpression = "SEX"\n[biomarkers]\nA = "KRAS mutation"\n', "given twice"),
        ('[measures.X]\nkind = "PD-L1"\nvalue = "PDL1_TPS"\n', "name the scale"),
        ('[assays.X]\ngenes = ["KRAS"]\ntable = "NOPE"\n', "no table NOPE"),
        ('[assays.X]\npanel = "nope.txt"\n', "nope.txt"),
        ('[assays.X]\nresult = "R"\n', "assays.X.result"),
    ],
)
def test_what_cannot_stand_is_refused_by_its_key(evidence, config, says):
    with pytest.raises(ConfigError, match=says) if "nope.txt" not in says else pytest.raises(Exception, match=says):
        evidence(config=config)


KIT = """
name = "kit"
handbook = "handbook 1"
lot = "1"
source = "made up for this test"
control_low = 20.0
control_high = 30.0
targets = [{ change = "KRAS G12C", cutoff = 8.0, lower_bound = -10.0 }, { change = "KRAS G12D", cutoff = 8.0, lower_bound = -10.0 }]
"""
CT = """PATIENT,SAMPLE,TARGET,CT,CONTROL_CT
A,A,KRAS G12C,30,25
A,A,KRAS G12D,,25
B,B,KRAS G12C,,25
B,B,KRAS G12D,,25
C,C,KRAS G12C,,33
C,C,KRAS G12D,,33
D,D,KRAS G12C,,
D,D,KRAS G12D,,
"""


def test_a_pcr_kit_and_a_result_column(tmp_path):
    (tmp_path / "kit.toml").write_text(KIT)
    (tmp_path / "ct.csv").write_text(CT)
    (tmp_path / "patients.csv").write_text("PATIENT,EGFRMUT\nA,NEG\nB,POS\nC,.\nD,FAILED\nE,NEG\n")
    (tmp_path / "codon12.toml").write_text(
        """
format = "tables"
[tables.ADSL]
file = "patients.csv"
columns = { USUBJID = "PATIENT" }
missing = ["."]
[tables.CT]
file = "ct.csv"
columns = { USUBJID = "PATIENT" }
[assays.kit]
profile = "kit.toml"
table = "CT"
[assays.local]
genes = ["EGFR"]
table = "ADSL"
result = "EGFRMUT"
detected = ["POS"]
not_detected = ["NEG"]
[biomarkers]
G12C = "KRAS G12C"
RASWT = "RAS wild type"
EGFR = "EGFR mutation"
"""
    )
    found = assemble(Study.open(tmp_path))
    assert list(column(found, "G12C_STATE").values()) == [
        "detected", "not detected", "indeterminate", "invalid", "not tested",
    ]  # fmt: skip
    assert list(column(found, "RASWT").values()) == ["Mutated", None, None, None, None]
    share = number(found, "prevalence.g12c.detected.all")
    assert (share["n"], share["N"]) == (1, 2)
    # the kit's finding denies RAS wild type, but the kit could not have shown it: it is in no share
    assert (
        number(found, "prevalence.raswt.uncovered.all")["subjects"],
        number(found, "prevalence.raswt.wild_type.all")["N"],
    ) == (["A"], 0)
    assert list(column(found, "EGFR_STATE").values()) == [
        "not detected",
        "detected",
        "not tested",
        "invalid",
        "not detected",
    ]


def test_a_burden_is_counted_again_from_the_calls_and_the_size_of_the_panel(evidence):
    config = """
[assays.PANEL]
panel = "data_gene_panel_PANEL.txt"
megabases = 0.2
[measures.TMB]
kind = "TMB"
[biomarkers]
TMB = { measure = "TMB", cuts = [10] }
BURDEN = { measure = "TMB" }
"""
    found = evidence(config=config)
    # one call of the two of P1 in 0.2 Mb is 5 per Mb
    assert [column(found, "TMB")[p] for p in ("P1", "P2", "P7", "P11")] == [">=10", "<10", "<10", None]
    assert dict(found.frames["adsl"].select("USUBJID", "BURDEN").rows())["P1"] == pytest.approx(10.0)


def rules(found):
    return found.frames["findings"].select("RULE", "TABLE", "ROW", "USUBJID", "SEVERITY").rows()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"calls": (*CALLS, call("S7", build="GRCh38"))}, ("reference-mismatch", "MUTATIONS", 8, "P7", "error")),
        ({"calls": (*CALLS, call("S1", protein="p.G12D"))}, ("contradictory-call", "MUTATIONS", 8, "P1", "error")),
        ({"calls": (*CALLS, call("S7", vaf="1.4"))}, ("vaf-outside-0-1", "MUTATIONS", 8, "P7", "warning")),
        ({"samples": SAMPLES.replace("\t60\n", "\t101\n")}, ("score-unread", "SAMPLE", 5, "P5", "warning")),
        ({"calls": (*CALLS, call("S99"))}, ("sample-without-subject", "MUTATIONS", 8, None, "warning")),
        ({"samples": SAMPLES + "S99\tP99\t70\n"}, ("subject-not-in-patients", "SAMPLE", 13, "P99", "warning")),
        ({"samples": SAMPLES + "S3\tP3\t1-49\n"}, ("duplicated-sample", "SAMPLE", 13, "P3", "warning")),
        ({"samples": SAMPLES + "S3\tP4\t1-49\n"}, ("duplicated-subject", "SAMPLE", 13, "P4", "error")),
        (
            {"calls": (*CALLS, call("S8", "LKB1", "p.Q37*", place="19:1", alleles="C>T"))},
            ("former-symbol", "MUTATIONS", None, None, "note"),
        ),
    ],
)
def test_bad_input_is_found_by_file_row_and_subject(evidence, changes, expected):
    assert expected in rules(evidence(**changes))


def test_a_wrong_build_is_refused_with_coordinate_and_the_bases_of_both_builds(tmp_path, capsys):
    folder = write(tmp_path, calls=(*CALLS, call("S7", build="GRCh38")))
    with pytest.raises(SystemExit) as stopped:
        main(["report", str(folder), "--out", str(tmp_path / "out"), "--no-figures"])
    assert stopped.value.code == 1
    said = capsys.readouterr().err
    assert (
        "data_mutations.txt, row 8: 12:25398285 C>A of KRAS is given as GRCh38; GRCh37 has C there, GRCh38 has" in said
    )
    assert not (tmp_path / "out").exists()


def test_contradictory_scores_are_indeterminate_and_nothing_is_lost(evidence):
    found = evidence(samples=SAMPLES + "S20\tP1\t70\n", config=ASKED)
    assert (column(found, "TPS")["P1"], column(found, "TPS_STATE")["P1"]) == (None, "indeterminate")
    assert column(found, "TPS_REASON")["P1"] == "Scores 70; <1% lie in several categories."
    assert column(found, "HIGH_STATE")["P1"] == "indeterminate"


def test_tracks_of_an_oncoprint_are_the_columns_it_names(evidence):
    """As printed, in the order of their levels; a subject without a value has no row, a number is refused."""
    found = evidence(config=ASKED + '[analyses.oncoprint]\nby = ["TPS", "SEX"]\n')
    tracks = found.frames["oncoprint_tracks"]
    assert tracks["TRACK"].unique(maintain_order=True).to_list() == ["PDL1", "Sex"]
    own = tracks.filter(TRACK="PDL1")
    assert dict(own.select("VALUE", "RANK").unique().rows()) == {"<1%": 0, "1-49%": 1, "≥50%": 2}
    known = {p for p, v in column(found, "TPS").items() if v is not None}
    assert set(own["USUBJID"]) == known
    assert tracks.filter(TRACK="Sex").height == 12
    (figure,) = [f for f in study_figures(found) if f.analysis == "oncoprint"]
    assert "Above the genes: PDL1; Sex; white: no value." in figure.caption
    drawn = str(figure.spec)
    assert "≥50%" in drawn
    with pytest.raises(ConfigError, match="RAW holds numbers"):
        evidence(
            config=ASKED.replace("TPS =", 'RAW = { measure = "PDL1" }\nTPS =') + '[analyses.oncoprint]\nby = ["RAW"]\n'
        )


def test_an_oncoprint_chooses_genes_of_its_own_patients_that_were_read(evidence):
    """TP53 is altered in P4 alone; BRAF was called and is in no panel."""
    calls = (*CALLS, call("S7", "BRAF", "p.V600E", place="7:3", coding="c.1799T>A"))
    config = '[analyses.oncoprint]\nwhere = "USUBJID <> \'P4\'"\n[biomarkers]\nKRAS = "KRAS mutation"\n'
    found = evidence(calls=calls, config=config)
    shown = found.numbers.filter(analysis="oncoprint", kind="rate")["label"].to_list()
    assert shown == ["KRAS", "STK11"]


def test_a_study_of_another_tumour_is_asked_for_its_most_mutated_genes(evidence):
    """None of the default genes called: BRAF (two patients) before NRAS (one); a name that is no column is passed over."""
    calls = (
        call("S1", "BRAF", "p.V600E", place="7:3", coding="c.1799T>A"),
        call("S2", "BRAF", "p.V600K", place="7:3", coding="c.1798G>A"),
        call("S3", "IDH1", "p.R132H", place="2:9", coding="c.395G>A"),
        call("S1", "HLA-A", "p.A1T", place="6:1"),
        call("S2", "HLA-A", "p.A1T", place="6:1"),
        call("S3", "HLA-A", "p.A1T", place="6:1"),
        call("S4", "ATM", "p.P3=", place="11:1", kind="Silent"),
    )
    panel = "stable_id: PANEL\ndescription: x\ngene_list:\tBRAF\tIDH1\tHLA-A\tATM\n"
    found = evidence(calls=calls, panel=panel)
    assert list(found.context.config.biomarkers)[:2] == ["BRAF", "IDH1"]
    assert "KRAS" not in found.context.config.biomarkers
    got = number(found, "prevalence.braf.mutated.all")
    assert (got["n"], got["N"]) == (2, 10)
    told = dict(found.methods)["Data"]
    assert "None of KRAS, STK11, KEAP1, TP53, EGFR was called: the genes looked at are BRAF, IDH1," in told
    assert "baseline-braf" in {a.name for a in found.plan}


SAMPLED = """
[biomarkers]
KRAS = "KRAS mutation"
TPS = { measure = "PDL1", cuts = [50] }
[measures.PDL1]
kind = "PD-L1"
value = "PDL1_TPS"
scale = "TPS"
date = "DAY"
[assays.PANEL]
panel = "data_gene_panel_PANEL.txt"
date = "DAY"
[analyses.x]
kind = "groups"
title = "X"
section = "biomarkers"
endpoint = "OS"
"""


def test_samples_taken_after_time_zero_are_a_finding(evidence):
    """P2 was sampled 30.4 days late, P5 after the end of follow-up; P11 has no answer, P1 was sampled before."""
    days = {"P1": "-10", "P2": "30.4375", "P5": "400", "P11": "50"}
    lines = SAMPLES.splitlines()
    rows = [f"{line}\t{days.get(line.split(chr(9))[1], '')}" for line in lines[1:]]
    samples = "\n".join([f"{lines[0]}\tDAY", *rows]) + "\n"
    found = evidence(samples=samples, config=SAMPLED + 'by = ["KRAS"]\n').frames["findings"]
    (late,) = found.filter(RULE="immortal-time").to_dicts()
    assert (late["VARIABLE"], late["TABLE"], late["VALUE"]) == ("KRAS", "SAMPLE", "2")
    assert "1 subject is not counted: the exposure is dated after the end of follow-up." in late["MESSAGE"]
    both = evidence(samples=samples, config=SAMPLED + 'by = ["KRAS", "TPS"]\n').frames["findings"]
    assert both.filter(RULE="immortal-time")["VARIABLE"].sort().to_list() == ["KRAS", "TPS"]
    unused = evidence(samples=samples, config=SAMPLED + 'by = ["SEX"]\n').frames["findings"]
    assert unused.filter(RULE="immortal-time").is_empty()
    entry = """
[tables.PATIENT]
file = "data_clinical_patient.txt"
columns = { USUBJID = "PATIENT_ID" }
[tables.PATIENT.times.OS]
time = "OS_MONTHS"
status = "OS_STATUS"
event = ["1:DECEASED"]
entry = "OS_MONTHS / 2"
unit = "months"
"""
    entered = evidence(samples=samples, config=SAMPLED + 'by = ["KRAS"]\n' + entry).frames["findings"]
    assert entered.filter(RULE="immortal-time").is_empty()
    with pytest.raises(ConfigError, match=r"\[measures.PDL1\] date: table SAMPLE has no column NOON"):
        evidence(
            samples=samples,
            config=SAMPLED.replace('scale = "TPS"\ndate = "DAY"', 'scale = "TPS"\ndate = "NOON"') + 'by = ["TPS"]\n',
        )
