"""Categories with named cut-offs, and the frames of figures."""

from __future__ import annotations

import polars as pl
import pytest

from codon12.biomarker import (
    SP142_TC,
    AlleleGroups,
    BurdenRule,
    CoOccurrenceRule,
    ExpressionCutoffs,
    SmokingSignature,
    allele_groups,
    alteration_matrix,
    biomarker_status,
    burden_category,
    calls_frame,
    co_mutation,
    co_occurrence_table,
    expression_category,
    gene_panel,
    genes_tested,
    lollipop_frame,
    multiplicity_sentence,
    mutation_counts,
    oncoprint_calls,
    read_maf,
    read_scores,
    scan_maf,
    smoking_signature,
    study_calls,
    study_tests,
    substitution_spectrum,
    tumour_mutational_burden,
)
from codon12.errors import UsageError
from codon12.records import Study

from .shared_data import need, text_table


@pytest.fixture(scope="module")
def mind():
    return Study.open(need("msk_mind_2022"))


def test_scores_beside_a_cut_off():
    texts = ["0", "0.99", "<1", "1", "49.99", "50", "100", "<=1", ">50", ">=50", "1-50", "1 to <50", "junk", None]
    found = expression_category(read_scores(pl.Series(texts))).to_list()
    assert found == [
        "<1%",
        "<1%",
        "<1%",
        "1-49%",
        "1-49%",
        ">=50%",
        ">=50%",
        None,
        ">=50%",
        ">=50%",
        None,
        "1-49%",
        None,
        None,
    ]


def test_another_scale_or_antibody_has_no_category():
    scores = read_scores(pl.Series(["60"] * 4)).with_columns(
        SCALE=pl.Series(["TPS", "TC", None, "tps"]), ASSAY=pl.Series(["22C3", "22C3", "22C3", None])
    )
    assert expression_category(scores).to_list() == [">=50%", None, None, ">=50%"]
    assert expression_category(scores.with_columns(ASSAY=pl.lit("SP142")), SP142_TC).to_list() == [
        None,
        "TC >=50%",
        None,
        None,
    ]
    with pytest.raises(UsageError, match="one label more"):
        expression_category(scores, ExpressionCutoffs(bounds=(1, 10, 50)))


def test_expression_in_msk_mind(mind):
    found = expression_category(read_scores(mind.table("SAMPLE")["CLINICAL_PDL1_SCORE"]))
    # Counted in the file: 246 of 247 rows have a score.
    assert dict(found.value_counts().iter_rows()) == {"<1%": 127, "1-49%": 46, ">=50%": 73, None: 1}


def test_burden_counts_each_change_once():
    row = {"SAMPLE": "1", "CHROM": "1", "POS": 5, "REF": "A", "ALT": "T", "CLASS": "missense", "VAF": 0.01}
    calls = calls_frame(pl.DataFrame([row, row, {**row, "POS": 6, "CLASS": "silent"}, {**row, "POS": 7, "VAF": 0.3}]))
    assert mutation_counts([calls]).rows() == [("1", 2)]
    assert mutation_counts([calls], rule=BurdenRule(min_vaf=0.05)).rows() == [("1", 1)]
    assert mutation_counts([calls], rule=BurdenRule(classes=("silent",))).rows() == [("1", 1)]
    assert mutation_counts([]).height == 0


def test_burden_needs_the_size_of_the_panel():
    samples = pl.DataFrame({"SAMPLE": ["1", "2"], "ASSAY": ["A", "B"]})
    found = tumour_mutational_burden(calls_frame(pl.DataFrame()), samples, megabases={"A": 1.0})
    assert found["TMB"].to_list() == [0.0, None]
    with pytest.raises(UsageError, match="above 0"):
        tumour_mutational_burden(calls_frame(pl.DataFrame()), samples, megabases=0)
    with pytest.raises(UsageError, match="no column ASSAY"):
        tumour_mutational_burden(calls_frame(pl.DataFrame()), samples.drop("ASSAY"), megabases={"A": 1.0})


def test_burden_of_the_msk_nsclc_cohort_is_that_of_its_table():
    table = text_table("rizvi_2018_nsclc_pd1/CLIN_sample.txt")
    given = table.select(SAMPLE="SAMPLE_ID", ASSAY="GENE_PANEL", given=pl.col("MUTATION_RATE").cast(pl.Float64))
    calls = read_maf(need("rizvi_2018_nsclc_pd1/SNV.txt.gz")).frame
    # The table's rates times these sizes are whole numbers for every sample.
    sizes = {"IMPACT341": 0.98, "IMPACT410": 1.06, "IMPACT468": 1.22}
    found = tumour_mutational_burden(calls, given, megabases=sizes)
    whole = (found["given"] * found["MEGABASES"]).round(4)
    assert (whole - whole.round(0)).abs().max() < 1e-3
    agree = (found["TMB"] - found["given"]).abs() < 1e-6
    assert (agree.sum(), found.height) == (214, 240)
    assert (found["N"] - whole).abs().max() <= 4  # the rest differ by a few calls that the table left out or kept


def test_the_whole_file_and_its_batches_count_the_same():
    path = need("tcga_luad_firehose/LUAD.nonsilent.maf.gz")
    whole = mutation_counts([read_maf(path).frame])
    parts = mutation_counts(part.frame for part in scan_maf(path, batch_bytes=1_000_000))
    # The file is sorted by gene, so a doubled row would have to straddle a batch to count twice.
    assert whole.equals(parts)
    assert whole.height == 533


def test_burden_categories():
    assert burden_category(pl.Series([0.0, 9.999, 10.0, None, float("nan")])).to_list() == [
        "<10",
        "<10",
        ">=10",
        None,
        None,
    ]


def test_allele_groups():
    rows = [
        ("1", "p.G12C"),
        ("2", "p.G12R"),
        ("3", "p.G13D"),
        ("4", "p.Q61H"),
        ("5", "p.A146T"),
        ("6", "p.G12C"),
        ("6", "p.G12D"),
    ]
    calls = pl.DataFrame(rows, schema=["USUBJID", "PROTEIN"], orient="row").with_columns(
        GENE=pl.lit("KRAS"), CLASS=pl.lit("missense")
    )
    found = allele_groups(calls)
    assert found["GROUP"].to_list() == ["G12C", "G12 other", "G13", "Q61", "other", "multiple"]
    assert found["ALLELES"][-1] == "G12C, G12D"
    assert allele_groups(calls, groups=AlleleGroups(several="first"))["GROUP"][-1] == "G12C"
    status = pl.DataFrame({"USUBJID": ["1", "8", "9"], "ANSWER": ["yes", "no", "unknown"]})
    assert allele_groups(calls, status=status).select("USUBJID", "GROUP").rows() == [
        ("1", "G12C"),
        ("8", "wild type"),
        ("9", None),
    ]
    silent = calls.with_columns(CLASS=pl.lit("silent"))
    assert allele_groups(silent).height == 0


def panels(study):
    genes = ["KRAS", "STK11", "KEAP1", "TP53", "EGFR"]
    return {n: gene_panel(n, genes) for n in study.table("GENE_PANEL")["MUTATIONS"].unique()}


def test_co_mutation_in_msk_mind(mind):
    calls, tests = study_calls(mind).frame, study_tests(mind)
    answers = {
        g: biomarker_status(calls, tests, f"{g} loss of function", assays=panels(mind)) for g in ("STK11", "KEAP1")
    }
    found = co_mutation(answers)
    assert found.height == 247
    by_hand = {}
    for gene in answers:
        lost = calls.filter((pl.col("GENE") == gene) & pl.col("CLASS").is_in(["truncating", "splice", "deletion"]))
        by_hand[gene] = set(lost["USUBJID"])
    both = by_hand["STK11"] & by_hand["KEAP1"]
    assert set(found.filter(LEVEL="STK11 MT / KEAP1 MT")["USUBJID"]) == both
    kras = biomarker_status(calls, tests, "KRAS mutation", assays=panels(mind))
    groups = allele_groups(calls, status=kras)
    assert groups["GROUP"].null_count() == 0
    assert groups.filter(GROUP="wild type").height == kras.filter(ANSWER="no").height
    with pytest.raises(UsageError):
        co_mutation({})


def test_exchanges():
    rows = [("C", "A"), ("G", "T"), ("C", "T"), ("A", "G"), ("T", "T"), ("CC", "AA"), ("-", "A")]
    calls = pl.DataFrame(rows, schema=["REF", "ALT"], orient="row").with_columns(
        SAMPLE=pl.lit("1"), CHROM=pl.lit("1"), POS=pl.int_range(pl.len())
    )
    found = substitution_spectrum(pl.concat([calls, calls]))
    assert found.row(0, named=True) == {
        "SAMPLE": "1",
        "C>A": 2,
        "C>G": 0,
        "C>T": 1,
        "T>A": 0,
        "T>C": 1,
        "T>G": 0,
        "N": 4,
        "TRANSITIONS": 2,
        "TRANSVERSIONS": 2,
        "TITV": 1.0,
    }
    assert smoking_signature(found, SmokingSignature(min_substitutions=4)).to_list() == ["transversion-low"]
    assert smoking_signature(found).to_list() == [None]


def test_smokers_of_tcga_luad_have_more_transversions():
    clinical = text_table("tcga_luad_firehose/LUAD.clinical.tsv")
    column = next(c for c in clinical.columns if "smoking" in c.lower() and "history" in c.lower())
    spectrum = substitution_spectrum(read_maf(need("tcga_luad_firehose/LUAD.nonsilent.maf.gz")).frame)
    assert spectrum["N"].sum() == 136_235  # substitutions of one base in the file
    who = next(c for c in clinical.columns if "barcode" in c.lower() or "patient_id" in c.lower())
    joined = spectrum.with_columns(kind=smoking_signature(spectrum), who=pl.col("SAMPLE").str.to_uppercase()).join(
        clinical.select(who=pl.col(who).str.to_uppercase(), history=column), on="who"
    )
    high = {h: joined.filter(history=h)["kind"].drop_nulls().eq("transversion-high").mean() for h in ("1", "2")}
    assert high["1"] < 0.5 < 0.8 < high["2"]  # never smokers, current smokers


def test_co_occurrence_counts_only_patients_tested_for_both():
    tested = pl.DataFrame({"USUBJID": list("123412341"), "GENE": list("AAAABBBBC")})
    calls = pl.DataFrame({"USUBJID": ["1", "2", "1", "1"], "GENE": ["A", "A", "B", "C"]})
    found = co_occurrence_table(alteration_matrix(calls, tested), genes=["A", "B", "C"])
    assert found.select("A", "B", "N", "A_ONLY", "B_ONLY", "NEITHER", "TESTS").rows() == [
        ("A", "B", 1, 1, 0, 2, 3),
        ("A", "C", 1, 0, 0, 0, 3),
        ("B", "C", 1, 0, 0, 0, 3),
    ]
    assert found["P"].to_list()[1:] == [1.0, 1.0]
    assert found["ODDS"].to_list()[1] is None
    assert co_occurrence_table(alteration_matrix(calls.clear(), tested)).height == 0
    with pytest.raises(UsageError, match="more than one row"):
        co_occurrence_table(pl.DataFrame({"USUBJID": ["1", "1"], "GENE": ["A", "A"], "ALTERED": [True, False]}))


def test_co_occurrence_in_msk_mind_agrees_with_scipy(mind):
    from scipy import stats

    genes = ["KRAS", "EGFR", "STK11", "KEAP1", "TP53"]
    calls, tests = study_calls(mind).frame, study_tests(mind)
    tested = genes_tested(tests, panels(mind), genes, kinds=["mutation", "copy number"])
    assert tested.height == 5 * 247
    shown = oncoprint_calls(calls).filter(pl.col("GENE").is_in(genes))
    found = co_occurrence_table(alteration_matrix(shown, tested), genes=genes)
    assert (found.select("N", "A_ONLY", "B_ONLY", "NEITHER").sum_horizontal() == 247).all()
    for row in found.to_dicts():
        table = [[row["N"], row["A_ONLY"]], [row["B_ONLY"], row["NEITHER"]]]
        assert row["P_RAW"] == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-8)
    assert found["P"].to_numpy() == pytest.approx(stats.false_discovery_control(found["P_RAW"].to_numpy()), rel=1e-12)
    kras_egfr = found.filter(A="KRAS", B="EGFR").row(0, named=True)
    assert kras_egfr["UPPER"] < 1  # mutually exclusive drivers
    assert multiplicity_sentence(found) == "Fisher exact test, 10 pairs, P adjusted by Benjamini-Hochberg."
    holm = co_occurrence_table(alteration_matrix(shown, tested), genes=genes, rule=CoOccurrenceRule(adjustment="holm"))
    assert (holm["P"] >= found["P"]).all()


def test_lollipop_of_kras_in_msk_mind(mind):
    found = lollipop_frame(study_calls(mind).frame, "KRAS")
    maf = text_table("msk_mind_2022/data_mutations.txt").filter(Hugo_Symbol="KRAS", HGVSp_Short="p.G12C")
    assert found.filter(LABEL="G12C").row(0) == (
        12,
        "G12C",
        maf["Tumor_Sample_Barcode"].str.slice(0, 9).n_unique(),
        "missense",
    )
    assert found["POS"].is_sorted()


def test_frames_are_what_the_figures_draw(mind):
    figures = pytest.importorskip("codon12.figures")
    calls = study_calls(mind).frame
    genes = ["KRAS", "TP53", "STK11"]
    tested = genes_tested(study_tests(mind), panels(mind), genes)
    shown = oncoprint_calls(calls)
    pairs = co_occurrence_table(alteration_matrix(shown.filter(pl.col("GENE").is_in(genes)), tested))
    assert figures.oncoprint(shown, genes=genes, tested=tested)["layer"]
    assert figures.lollipop(lollipop_frame(calls, "KRAS"), length=189, gene="KRAS")["layer"]
    assert figures.co_occurrence(pairs, note=multiplicity_sentence(pairs))["layer"]
