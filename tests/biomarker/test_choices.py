"""What the biomarker room does with a second row, an unknown word, a missing value: a test a line of docs/choices.md."""

import msgspec
import polars as pl
import pytest

from codon12.biomarker import (
    Measure,
    Profile,
    Test,
    biomarker_status,
    calls_frame,
    copy_number_calls,
    fusion_calls,
    gene_panel,
    measure_status,
    parse_criterion,
    parse_variant,
    read_gene_panel,
    score_categories,
    study_calls,
    study_profiles,
    study_tests,
    table_calls,
)
from codon12.errors import InputError, UsageError
from codon12.records import Study

PATIENTS = "PATIENT_ID\tSEX\n" + "".join(f"P{i}\tMale\n" for i in range(1, 7))
HEAD = "Hugo_Symbol\tTumor_Sample_Barcode\tVariant_Classification\tHGVSp_Short"
PANEL = "stable_id: PAN\ngene_list: KRAS\tTP53\n"


@pytest.fixture
def study(tmp_path):
    def write(files, config=""):
        for name, text in {"data_clinical_patient.txt": PATIENTS, **files}.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        (tmp_path / "codon12.toml").write_text(config)
        return Study.open(tmp_path)

    return write


def samples(*rows, columns="PATIENT_ID\tSAMPLE_ID\tGENE_PANEL"):
    return "\n".join((columns, *("\t".join(r) for r in rows))) + "\n"


def answers(made, question, n=6):
    found = study_profiles(made).status(question, pl.Series([f"P{i}" for i in range(1, n + 1)]))
    return found["ANSWER"].to_list()


# --- status of mutations

STATUSES = ["SOMATIC", "Wildtype", "LOH", "None", "GERMLINE", "UNKNOWN", "REDACTED", ""]


def test_rows_count_by_their_mutation_status():
    maf = pl.DataFrame({"Hugo_Symbol": "KRAS", "Tumor_Sample_Barcode": [f"S{i}" for i in range(8)],
                        "HGVSp_Short": "p.G12C", "Mutation_Status": STATUSES})  # fmt: skip
    calls = table_calls(maf)
    assert calls.frame["SAMPLE"].to_list() == ["S0", "S5", "S6", "S7"]
    assert calls.germline["SAMPLE"].to_list() == ["S4"]
    found = calls.findings.filter(pl.col("VARIABLE") == "MUTATION_STATUS")
    assert found.select("RULE", "ROW", "SEVERITY").rows() == [
        ("no-mutation", 2, "note"),
        ("no-mutation", 3, "note"),
        ("no-mutation", 4, "note"),
        ("germline-call", 5, "warning"),
        ("mutation-status-unknown", 7, "warning"),
        ("mutation-status-unknown", 6, "note"),
    ]


@pytest.mark.parametrize("word", ["wildtype", "WILD TYPE", "Wild-Type", "loh", " NONE "])
def test_spellings_of_no_mutation(word):
    maf = {"Hugo_Symbol": ["KRAS"], "Tumor_Sample_Barcode": ["S"], "Mutation_Status": [word]}
    assert table_calls(pl.DataFrame(maf)).frame.height == 0


def test_what_was_validated_as_no_mutation_does_not_count():
    maf = {"Hugo_Symbol": ["KRAS"] * 3, "Tumor_Sample_Barcode": list("ABC"), "HGVSp_Short": ["p.G12C"] * 3}
    calls = table_calls(pl.DataFrame(maf | {"Validation_Status": ["Invalid", "Wildtype", "Valid"]}))
    assert calls.frame["SAMPLE"].to_list() == ["C"]


def test_germline_calls_answer_germline_questions_alone(study):
    maf = f"{HEAD}\tMutation_Status\nTP53\tA\tMissense_Mutation\tp.R248Q\tGERMLINE\n"
    made = study({"data_clinical_sample.txt": samples(("P1", "A", "PAN")), "data_mutations.txt": maf,
                  "data_gene_panel_PAN.txt": PANEL})  # fmt: skip
    assert answers(made, "TP53 mutation", 1) == ["no"]
    assert answers(made, "germline TP53 mutation", 2) == ["yes", "unknown"]
    assert answers(made, "somatic TP53 R248Q", 1) == ["no"]
    assert study_profiles(made).left_out["of the germline"] == 1
    rows = study_profiles(made).findings.filter(RULE="germline-call")
    assert rows.select("ROW", "USUBJID").rows() == [(1, "P1")]


# --- normals


def test_normal_samples_are_no_tests_and_have_no_calls(study):
    rows = [("P1", "A", "PAN", "Primary"), ("P2", "B", "PAN", "Normal"), ("P3", "C", "PAN", "Solid Tissue Normal"),
            ("P4", "D", "PAN", "AML with normal karyotype"), ("P5", "E", "PAN", "NB"),
            ("P6", "F", "PAN", "Tumor-adjacent normal")]  # fmt: skip
    maf = f"{HEAD}\nKRAS\tB\tMissense_Mutation\tp.G12C\n"
    text = samples(*rows, columns="PATIENT_ID\tSAMPLE_ID\tGENE_PANEL\tSAMPLE_TYPE")
    made = study({"data_clinical_sample.txt": text, "data_mutations.txt": maf, "data_gene_panel_PAN.txt": PANEL})
    assert sorted(study_tests(made)["SAMPLE"]) == ["A", "D"]
    assert study_calls(made).frame.height == 0
    assert answers(made, "KRAS mutation") == ["no", "unknown", "unknown", "no", "unknown", "unknown"]
    found = study_profiles(made).findings.filter(RULE="normal-sample")
    assert sorted(found["USUBJID"]) == ["P2", "P3", "P5", "P6"]


def test_matched_normals_named_by_the_maf_are_no_tests(study):
    maf = f"{HEAD}\tMatched_Norm_Sample_Barcode\nKRAS\tA\tMissense_Mutation\tp.G12C\tB\n"
    text = samples(("P1", "A", "PAN"), ("P1", "B", "PAN"))
    made = study({"data_clinical_sample.txt": text, "data_mutations.txt": maf, "data_gene_panel_PAN.txt": PANEL})
    assert study_tests(made)["SAMPLE"].to_list() == ["A"]


def test_scores_of_normal_samples_do_not_count(study):
    text = samples(("P1", "A", "Normal", "50"), ("P2", "B", "Primary", "60"),
                   columns="PATIENT_ID\tSAMPLE_ID\tSAMPLE_TYPE\tTPS")  # fmt: skip
    config = '[measures.T]\nkind = "PD-L1"\nvalue = "TPS"\nscale = "TPS"\n'
    made = study({"data_clinical_sample.txt": text}, config)
    assert answers(made, "PD-L1 TPS >= 50", 2) == ["unknown", "yes"]


# --- who was sequenced

MAF = f"{HEAD}\nKRAS\tA\tMissense_Mutation\tp.G12C\n"
SAMPLES = samples(*((f"P{i + 1}", s) for i, s in enumerate("ABCDE")), columns="PATIENT_ID\tSAMPLE_ID")
FILES = {"data_clinical_sample.txt": SAMPLES, "data_mutations.txt": MAF}


def test_a_case_list_says_who_was_sequenced(study):
    lists = {"case_lists/cases_sequenced.txt": "stable_id: s_sequenced\ncase_list_ids: A\tB\tC\n"}
    made = study(FILES | lists)
    assert answers(made, "KRAS mutation") == ["yes", "no", "no", "unknown", "unknown", "unknown"]
    assert answers(made, "BRCA1 mutation", 2) == ["no", "no"]  # no panel is named: the whole exome
    assert answers(made, "ALK fusion", 1) == ["unknown"]
    assert study_profiles(made).findings.filter(RULE="whole-exome-assumed")["SEVERITY"].to_list() == ["note"]


def test_the_header_of_a_maf_says_who_was_sequenced(study):
    made = study(FILES | {"data_mutations.txt": "#sequenced_samples: A B\n" + MAF})
    assert answers(made, "KRAS mutation") == ["yes", "no", "unknown", "unknown", "unknown", "unknown"]


def test_a_meta_file_names_the_panel_of_all(study):
    meta = "genetic_alteration_type: MUTATION_EXTENDED\ndatatype: MAF\ndata_filename: data_mutations.txt\n"
    made = study(FILES | {"meta_mutations.txt": meta + "gene_panel: PAN\n", "data_gene_panel_PAN.txt": PANEL})
    # Without a list only samples with a row are known to be sequenced.
    assert answers(made, "TP53 mutation", 2) == ["no", "unknown"]
    assert answers(made, "BRCA1 mutation", 1) == ["unknown"]
    with_list = FILES | {"data_mutations.txt": "#sequenced_samples: A B\n" + MAF}
    made = study(with_list | {"meta_mutations.txt": meta + "gene_panel: PAN\n"})
    assert answers(made, "TP53 mutation", 3) == ["no", "no", "unknown"]


def test_the_matrix_goes_before_a_list_and_both_count(study):
    matrix = "SAMPLE_ID\tmutations\nA\tPAN\nB\tNA\n"
    lists = {"case_lists/cases_sequenced.txt": "stable_id: s_sequenced\ncase_list_ids: B\tC\n"}
    made = study(FILES | lists | {"data_gene_panel_matrix.txt": matrix, "data_gene_panel_PAN.txt": PANEL})
    tests = study_tests(made).filter(KIND="mutation").sort("SAMPLE")
    assert tests.select("SAMPLE", "ASSAY").rows() == [("A", "PAN"), ("B", "whole exome"), ("C", "whole exome")]
    assert study_profiles(made).findings.filter(RULE="whole-exome-assumed")["SEVERITY"].to_list() == ["warning"]


def test_a_sample_with_a_panel_that_no_list_names_is_said(study):
    text = samples(("P1", "A", "PAN"), ("P2", "B", "PAN"))
    lists = {"case_lists/cases_sequenced.txt": "stable_id: s_sequenced\ncase_list_ids: A\n"}
    made = study(FILES | lists | {"data_clinical_sample.txt": text, "data_gene_panel_PAN.txt": PANEL})
    assert answers(made, "KRAS mutation", 2) == ["yes", "unknown"]
    assert study_profiles(made).findings.filter(RULE="panel-of-unlisted-sample")["VALUE"].to_list() == ["B"]


def test_a_listed_sample_that_nobody_has_is_said(study):
    lists = {"case_lists/cases_sequenced.txt": "stable_id: s_sequenced\ncase_list_ids: A\tZ\n"}
    found = study_profiles(study(FILES | lists)).findings
    assert found.filter(TABLE="PROFILED", RULE="sample-without-subject")["VALUE"].to_list() == ["Z"]


def test_without_any_list_nobody_is_known_to_be_without_a_mutation(study):
    made = study(FILES)
    assert answers(made, "KRAS mutation", 2) == ["yes", "unknown"]
    assert study_profiles(made).findings.filter(RULE="tested-samples-unknown")["SEVERITY"].to_list() == ["warning"]


def test_the_columns_of_the_copy_number_table_were_tested(study):
    cna = "Hugo_Symbol\tA\tB\nMET\t2\t0\n"
    made = study(FILES | {"data_cna.txt": cna})
    assert answers(made, "MET amplification", 3) == ["yes", "no", "unknown"]
    text = samples(("P1", "A", "PAN"), ("P3", "C", "PAN"))
    panel = {"data_clinical_sample.txt": text, "data_gene_panel_PAN.txt": PANEL + "gene_list: MET\n"}
    made = study(FILES | panel | {"data_cna.txt": cna})
    assert answers(made, "MET amplification", 3)[2] == "unknown"  # has a panel, and no column
    assert "sample-without-copy-number" in study_profiles(made).findings["RULE"].to_list()


def test_a_copy_number_table_of_names_alone(study):
    made = study(FILES | {"data_cna.txt": "Hugo_Symbol\tEntrez_Gene_Id\nMET\t4233\n"})
    assert study_calls(made).frame.filter(SRCDOM="CNA").height == 0
    assert answers(made, "MET amplification", 1) == ["unknown"]


def test_tables_without_genes_or_samples_are_errors():
    with pytest.raises(InputError, match="table CNA: no column of genes"):
        copy_number_calls(pl.DataFrame({"Entrez_Gene_Id": ["1"], "S": ["2"]}))
    with pytest.raises(InputError, match="table SV: no column of genes"):
        fusion_calls(pl.DataFrame({"Sample_Id": ["S"]}))
    with pytest.raises(InputError, match="table SV: no column of samples"):
        fusion_calls(pl.DataFrame({"Site1_Hugo_Symbol": ["ALK"]}))


def test_a_panel_file_in_another_encoding(tmp_path):
    path = tmp_path / "data_gene_panel_X.txt"
    path.write_bytes(b"stable_id: X\ndescription: na\xefve \xff\r\ngene_list: KRAS\tTP53\r\n")
    assert {r.gene for r in read_gene_panel(path).reach} == {"KRAS", "TP53"}


def test_the_specimen_of_a_sample(study):
    text = samples(("P1", "A", "PAN", "cfDNA"), ("P2", "B", "PAN", "FFPE tumor"), ("P3", "C", "PAN", "Xenograft"),
                   columns="PATIENT_ID\tSAMPLE_ID\tGENE_PANEL\tSAMPLE_CLASS")  # fmt: skip
    tests = study_tests(study(FILES | {"data_clinical_sample.txt": text, "data_gene_panel_PAN.txt": PANEL}))
    assert dict(tests.select("SAMPLE", "SPECIMEN").iter_rows()) == {"A": "plasma", "B": "tissue", "C": None}


# --- what a call says


def call(**values):
    frame = pl.DataFrame([{"USUBJID": "1", "SAMPLE": "1", "GENE": "KRAS"} | values])
    tests = pl.DataFrame({"USUBJID": ["1"], "SAMPLE": ["1"], "ASSAY": ["P"], "STATE": ["valid"]})
    genes = ["KRAS", "MET", "STK11", "BRAF", "EGFR"]

    def ask(question):
        panel = {"P": gene_panel("P", genes, fusions=["ALK"])}
        return biomarker_status(calls_frame(frame), tests, question, assays=panel)["ANSWER"][0]

    return ask


def test_a_mutation_without_its_residue_leaves_the_residue_open():
    ask = call(CLASS="missense")
    assert [ask(q) for q in ("KRAS mutation", "KRAS G12C", "KRAS codon 12", "KRAS non-G12C", "BRAF V600E")] == [
        "yes", "unknown", "unknown", "unknown", "no"
    ]  # fmt: skip
    assert call(CLASS="truncating")("KRAS G12C") == "no"
    assert call(CLASS="missense", PROTEIN="p.G12D")("KRAS G12C") == "no"


def test_a_splice_region_that_alters_splicing_is_met_exon_14():
    maf = pl.DataFrame({"Hugo_Symbol": "MET", "Tumor_Sample_Barcode": ["A", "B"], "HGVSp_Short": ["p.X1010_splice", None],
                        "Variant_Classification": "Splice_Region"})  # fmt: skip
    frame = table_calls(maf).frame
    assert frame["CLASS"].to_list() == ["splice region", "noncoding"]
    tests = pl.DataFrame({"USUBJID": ["A", "B"], "SAMPLE": ["A", "B"], "ASSAY": "P", "STATE": "valid"})
    panel = {"P": gene_panel("P", ["MET"])}
    for question, wanted in (("MET exon 14 skipping", ["yes", "no"]), ("MET mutation", ["yes", "no"])):
        assert biomarker_status(frame, tests, question, assays=panel)["ANSWER"].to_list() == wanted
    assert call(GENE="STK11", CLASS="splice region", PROTEIN="p.X1_splice")("STK11 loss of function") == "unknown"


def test_a_quote_around_a_protein_change_is_taken_off():
    maf = {"Hugo_Symbol": ["KRAS"], "Tumor_Sample_Barcode": ["A"], "HGVSp_Short": ['"p.G12C']}
    assert table_calls(pl.DataFrame(maf)).frame["PROTEIN"].to_list() == ["p.G12C"]


# --- questions

SAME = {
    "EGFR codon 719 mutation": "EGFR codon 719",
    "BRAF V600E mutation": "BRAF V600E",
    "HER2-amplified": "ERBB2 amplification",
    "ALK-positive": "ALK fusion",
    "ALK+": "ALK fusion",
    "KRAS-mutant": "KRAS mutation",
    "wild-type KRAS": "KRAS wild type",
    "EGFR exon 21 L858R": "EGFR L858R",
    "ALK negative": "no ALK fusion",
    "EGFR G719X": "EGFR G719",
    "any KRAS mutation": "KRAS mutation",
    "BRAF V600E/K": "BRAF V600E or V600K",
    "NTRK fusion": "NTRK1/2/3 fusion",
    "KRAS codons 12 and 13": "KRAS codon 12 or codon 13",
    "EGFR exon 19 deletion or exon 21 L858R": "EGFR exon 19 deletions or EGFR L858R mutation",
    "KRAS mutation other than G12C": "KRAS non\u2011G12C",
}


@pytest.mark.parametrize(("one", "other"), SAME.items())
def test_questions_as_people_type_them(one, other):
    a, b = parse_criterion(one), parse_criterion(other)
    assert (a.required, a.negated, a.subject) == (b.required, b.negated, b.subject)


@pytest.mark.parametrize(
    "text", ["HER2 positive", "KRAS", "KRAS wild type or STK11 mutation", "STK11 and KEAP1 mutation"]
)
def test_questions_that_may_mean_several_things_are_refused(text):
    with pytest.raises(UsageError):
        parse_criterion(text)


@pytest.mark.parametrize("text", ["KRAS-wildtype", "ALK-positive", "HER2-negative"])
def test_no_fusion_with_a_word(text):
    with pytest.raises(UsageError, match="no gene that could be fused"):
        parse_variant(text)


def test_sets_of_alterations_are_answered_together():
    ask = call(GENE="BRAF", PROTEIN="p.V600K", CLASS="missense")
    assert ask("BRAF V600E/K") == "yes"
    assert ask("BRAF V600E") == "no"
    assert ask("no BRAF V600E/K") == "no"
    assert call(GENE="BRAF", CLASS="missense")("BRAF V600E/K") == "unknown"
    assert ask("ALK fusion or ROS1 fusion") == "unknown"  # nothing read ROS1
    assert ask("KRAS/BRAF wild type") == "no"


@pytest.mark.parametrize(
    ("question", "values", "wanted"),
    [
        ("MSI-H", ["MSI-High"], "yes"), ("MSI-H", ["dMMR"], "unknown"), ("dMMR", ["MMR deficient"], "yes"),
        ("dMMR", ["Loss of MLH1 and PMS2"], "yes"), ("pMMR", ["MMR-proficient"], "yes"), ("MSI-H or dMMR", ["MSS"], "no"),
        ("dMMR/MSI-H", ["pMMR", "MSI-H"], "yes"), ("mismatch repair deficient", ["pMMR"], "no"), ("MSI-H", [], "unknown"),
        ("dMMR", ["dMMR", "pMMR"], "unknown"), ("MSS", ["do not report"], "unknown"),
    ],
)  # fmt: skip
def test_microsatellites_and_mismatch_repair(question, values, wanted):
    assert measure_status(question, [Measure(kind="MSI", value=v) for v in values]).answer == wanted


def test_a_word_that_is_no_state_of_microsatellites_is_said(study):
    text = samples(("P1", "A", "odd"), ("P2", "B", "MSS"), columns="PATIENT_ID\tSAMPLE_ID\tMSI")
    made = study({"data_clinical_sample.txt": text}, '[measures.M]\nkind = "MSI"\nvalue = "MSI"\n')
    assert answers(made, "MSI-H", 2) == ["unknown", "no"]
    assert study_profiles(made).findings.filter(RULE="score-unread")["USUBJID"].to_list() == ["P1"]


def test_a_burden_given_as_a_bound_has_its_category():
    scores = pl.DataFrame({"USUBJID": ["1", "2", "3"], "VALUE": [">=12", "3", ">5"], "KIND": "TMB",
                           "PROBLEM": pl.Series([None] * 3, dtype=pl.String)})  # fmt: skip
    found = score_categories(scores, [10], ["low", "high"], scores["USUBJID"])
    assert found.select("LEVEL", "STATE").rows() == [("high", "measured"), ("low", "measured"), (None, "indeterminate")]


def test_profiles_know_the_specimen_of_a_test():
    panel = gene_panel("P", ["KRAS"])
    profile = Profile.of("1", tests=[Test(assay=panel, specimen="plasma")])
    assert profile.tests["SPECIMEN"].to_list() == ["plasma"]
    assert profile.status("germline KRAS mutation").answer == "unknown"


def test_absence_in_plasma_stays_open():
    panel = gene_panel("P", ["KRAS", "TP53"])
    blood = Test(assay=panel, specimen="plasma", found=("TP53 R248Q",), sample="b")
    profile = Profile.of("1", tests=[blood])
    assert profile.status("TP53 mutation").answer == "yes"
    found = profile.status("KRAS mutation")
    assert (found.answer, "in plasma by P" in found.reason) == ("unknown", True)
    assert profile.status("KRAS wild type").answer == "unknown"
    assert profile.status("KRAS mutation in plasma").answer == "no"
    assert profile.status("TP53 mutation in tumor tissue").answer == "unknown"
    both = Profile.of("1", tests=[blood, Test(assay=panel, specimen="tissue", sample="t")])
    assert both.status("KRAS mutation").answer == "no"
    assert both.status("TP53 mutation in tissue").answer == "no"
    assert both.status("TP53 mutation").answer == "yes"


def test_an_assay_may_name_its_specimen():
    kit = msgspec.structs.replace(gene_panel("P", ["KRAS"]), specimen="plasma")
    assert Profile.of("1", tests=[Test(assay=kit)]).status("KRAS mutation").answer == "unknown"


MATRIX = "SAMPLE_ID\tmutations\n"


@pytest.mark.parametrize("rows", [("A\tPAN\n", "A\tOLD\n"), ("A\tOLD\n", "A\tPAN\n")])
def test_of_several_panels_of_a_sample_the_first_by_name_counts_and_is_named(study, rows):
    made = study(
        {
            "data_clinical_sample.txt": samples(("P1", "A", "THIRD"), ("P2", "B", "PAN")),
            "data_mutations.txt": HEAD + "\nKRAS\tA\tMissense_Mutation\tp.G12C\n",
            "data_gene_panel_matrix.txt": MATRIX + "".join(rows) + "B\tPAN\n",
        }
    )
    assert study_tests(made).select("SAMPLE", "ASSAY").rows() == [("A", "OLD"), ("B", "PAN")]
    found = study_profiles(made).findings.filter(RULE="sample-with-several-panels")
    assert found["VALUE"].to_list() == ["A"]


@pytest.mark.parametrize("rows", [("PAN", "OLD"), ("OLD", "PAN")])
def test_a_sample_listed_twice_with_two_panels_has_the_first_by_name(study, rows):
    made = study(
        {
            "data_clinical_sample.txt": samples(*(("P1", "A", panel) for panel in rows), ("P2", "B", "PAN")),
            "data_mutations.txt": HEAD + "\nKRAS\tA\tMissense_Mutation\tp.G12C\n",
        }
    )
    assert study_tests(made).select("SAMPLE", "ASSAY").sort("SAMPLE").rows() == [("A", "OLD"), ("B", "PAN")]
    found = study_profiles(made).findings.filter(RULE="sample-with-several-panels")
    assert found["VALUE"].to_list() == ["A"]
    assert "OLD, PAN" in found["MESSAGE"][0]


def test_meta_files_that_name_different_panels_are_a_finding(study):
    meta = "genetic_alteration_type: MUTATION_EXTENDED\ndata_filename: data_mutations.txt\ngene_panel: "
    made = study(
        {
            "data_clinical_sample.txt": samples(("P1", "A"), columns="PATIENT_ID\tSAMPLE_ID"),
            "data_mutations.txt": HEAD + "\nKRAS\tA\tMissense_Mutation\tp.G12C\n",
            "meta_mutations.txt": meta + "PAN\n",
            "meta_mutations_extended.txt": meta + "OLD\n",
        }
    )
    assert study_tests(made)["ASSAY"].to_list() == ["PAN"]
    assert made.findings.filter(RULE="several-panels-in-meta-files")["VALUE"].to_list() == ["OLD"]


# --- cells of a copy-number table, statuses of structural variants


def test_a_cell_without_a_level_is_no_test_of_its_gene(study):
    cna = "Hugo_Symbol\tA\tB\tC\tD\tE\tF\nMET\t2\tAMP\tNA\t1\t0.0\t1.5\nERBB2\t0\t0\t0\t0\t0\t\n"
    text = samples(*((f"P{i}", s) for i, s in enumerate("ABCDEF", 1)), columns="PATIENT_ID\tSAMPLE_ID")
    made = study({"data_clinical_sample.txt": text, "data_cna.txt": cna})
    assert answers(made, "MET amplification") == ["yes", "yes", "unknown", "no", "no", "unknown"]
    assert answers(made, "ERBB2 amplification") == ["no"] * 5 + ["unknown"]
    assert answers(made, "KRAS amplification") == ["unknown"] * 6
    found = study_profiles(made).status("MET amplification", pl.Series(["P3", "P6"]))
    assert found["STATE"].to_list() == ["not tested", "indeterminate"]
    assert study_profiles(made).findings.filter(RULE="copy-number-level").select("ROW", "VALUE").rows() == [(1, "1.5")]


def test_a_cell_without_a_level_counts_within_a_panel_too(study):
    text = samples(("P1", "A", "PAN"), ("P2", "B", "PAN"))
    made = study({"data_clinical_sample.txt": text, "data_gene_panel_PAN.txt": PANEL,
                  "data_cna.txt": "Hugo_Symbol\tA\tB\nKRAS\tNA\t0\nTP53\t0\t0\n"})  # fmt: skip
    assert answers(made, "KRAS amplification", 2) == ["unknown", "no"]
    assert answers(made, "TP53 deletion", 2) == ["no", "no"]


def test_structural_variants_of_the_germline_are_none_of_the_tumour(study):
    head = "Sample_Id\tSV_Status\tSite1_Hugo_Symbol\tSite2_Hugo_Symbol"
    made = study({"data_clinical_sample.txt": samples(("P1", "A", ""), ("P2", "B", ""), ("P3", "C", "")),
                  "data_sv.txt": f"{head}\nA\tSOMATIC\tEML4\tALK\nB\tGERMLINE\tEML4\tALK\nC\todd\tEML4\tALK\n"})  # fmt: skip
    assert answers(made, "ALK fusion", 3) == ["yes", "unknown", "yes"]
    found = study_profiles(made).findings.filter(pl.col("VARIABLE") == "SV_STATUS")
    assert found.select("RULE", "ROW").rows() == [("germline-call", 2), ("mutation-status-unknown", 3)]
