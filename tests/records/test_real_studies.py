"""Study records on real data beside the checkout; counts come from its DATA.md and from the ADaM tables given with it."""

import shutil

import polars as pl
import pytest

from codon12.records import Study, StudyConfig, TableSource, analysis_subjects, lesions, responses


def balanced(study):
    a = study.accounting
    return (a["ROWS_READ"] == a["ROWS_USED"] + a["ROWS_EXPLAINED"]).all()


@pytest.fixture
def study_of(shared_data, tmp_path):
    """Open files of the shared data as one study with a codon12.toml."""

    def open_(files, config):
        for name in files:
            shutil.copy(shared_data / name, tmp_path)
        (tmp_path / "codon12.toml").write_text(config)
        return Study.open(tmp_path)

    return open_


def pharmaverse(data, suffix):
    tables = {t: TableSource(file=f"{t.lower()}_{suffix}.csv") for t in ("TU", "TR", "RS")}
    return Study.open(data / "pharmaverse", config=StudyConfig(tables=tables))


def test_pharmaverse_without_a_choice_says_what_to_choose(shared_data):
    study = Study.open(shared_data / "pharmaverse")
    assert study.errors()["TABLE"].to_list() == ["RS", "TR", "TU"]
    assert set(study.errors()["RULE"]) == {"file-to-choose"}


def test_adsl_of_the_cdisc_pilot_is_the_published_one(shared_data):
    """Source: pharmaverseadam adsl. TRTEDT differs in six subjects whose last EX record has no end: see below."""
    study = pharmaverse(shared_data, "onco_recist")
    given = pl.read_csv(shared_data / "pharmaverse" / "adsl.csv", infer_schema=False, null_values=[""])
    adsl = analysis_subjects(study)
    both = adsl.join(given, on="USUBJID", suffix="_GIVEN")
    assert both.height == 306
    for column in ("TRTSDT", "RANDDT", "DTHDT", "EOSSTT", "EOSDT", "DTHFL"):
        differs = both.filter(pl.col(column).cast(pl.String).ne_missing(pl.col(f"{column}_GIVEN")))
        assert differs.height == 0, column
    treated = both.filter(pl.col("SAFFL").ne_missing(pl.col("SAFFL_GIVEN").replace("N", None)))
    assert treated.height == 0
    last = both.filter(pl.col("TRTEDT").cast(pl.String).ne_missing(pl.col("TRTEDT_GIVEN")))
    open_ended = study.table("EX").filter(pl.col("EXENDTC").is_null())["USUBJID"].unique()
    assert last.height == 6
    assert last["USUBJID"].is_in(open_ended.implode()).all()


def test_pharmaverse_lesions_and_responses(shared_data):
    small = pharmaverse(shared_data, "onco_recist")
    frame = lesions(small)
    # 546 TR rows: 468 diameters in two axes of 78 x 3 target records, and 78 states.
    assert frame.height == 234 + 39
    assert frame.filter(GROUP="TARGET")["AVAL"].null_count() == 0
    assert frame.filter(pl.col("DTC") == "2014-02")["ADTF"].unique().to_list() == ["D"]
    assert responses(small).height == 66
    assert balanced(small)
    large = pharmaverse(shared_data, "onco")
    assert large.accounting.filter(TABLE="SUPPTR").row(0)[1:4] == (55_995, 55_995, 0)
    assert lesions(large)["USUBJID"].n_unique() == 254
    assert responses(large).height == 5808
    assert large.findings.filter(RULE="response-unknown")["VALUE"].unique().to_list() == ["CHECK"]
    assert balanced(large)


def test_chevron_is_adam_as_given(shared_data):
    study = Study.open(shared_data / "chevron")
    adsl = analysis_subjects(study)
    assert (study.format, adsl.height) == ("adam", 45)
    assert adsl["TRTSDT"].dtype == pl.Date
    assert study.table("ADTTE")["AVAL"].dtype == pl.Float64
    assert study.table("ADTTE")["ADT"].null_count() < 225
    assert "NA" not in study.findings["VALUE"].to_list()


MIND = """
title = "MSK-MIND"
[tables.PATIENT]
file = "data_clinical_patient.txt"
columns = {USUBJID = "PATIENT_ID"}
times.PFS = {time = "PFS_MONTHS", status = "PFS_STATUS", event = ["1:PROGRESS"], censored = ["0:CENSORED"], unit = "months"}
[tables.PATIENT.times.OS]
time = "(FOLLOW_UP_DATE - DRUG_START) / 30.4375"
status = "VITAL_STATUS"
event = ["Yes"]
censored = ["No"]
unit = "months"
[covariates.tps]
table = "SAMPLE"
value = "IMPACT_PDL1_SCORE"
pick = "max"
"""


def test_msk_mind_as_it_is(shared_data):
    study = Study.open(shared_data / "msk_mind_2022")
    counts = {t: study.table(t).height for t in ("PATIENT", "SAMPLE", "MUTATIONS", "SV", "GENE_PANEL")}
    assert counts == {"PATIENT": 247, "SAMPLE": 247, "MUTATIONS": 2952, "SV": 55, "GENE_PANEL": 247}
    assert study.table("MUTATIONS")["USUBJID"].null_count() == 0
    pfs = study.table("ADTTE").filter(PARAMCD="PFS")
    assert pfs["AVAL"].drop_nulls().len() == 246
    assert study.findings.filter(RULE="time-missing").height == 1
    assert balanced(study)


def test_msk_mind_overall_survival_of_all_from_its_dates(shared_data, study_of):
    names = [p.name for p in (shared_data / "msk_mind_2022").iterdir() if p.suffix == ".txt" and "cna" not in p.name]
    study = study_of([f"msk_mind_2022/{n}" for n in names], MIND.split("[covariates", maxsplit=1)[0])
    os = study.table("ADTTE").filter(PARAMCD="OS")
    assert os["AVAL"].drop_nulls().len() == 246
    dead = os.filter(CNSR=0).join(
        study.table("PATIENT").select("USUBJID", pl.col("OS_INT").cast(pl.Float64, strict=False)), on="USUBJID"
    )
    # OS_INT is filled for the dead only and agrees to +-0.05 months (DATA.md, trap 2).
    assert dead.height == 151
    assert (dead["AVAL"] - dead["OS_INT"]).abs().max() < 0.055


def test_samstein(study_of):
    config = """
    [tables.ADSL]
    file = "CLIN.txt"
    columns = {USUBJID = "PATIENT_ID"}
    times.OS = {time = "OS_MONTHS", status = "OS_STATUS", event = ["DECEASED"], censored = ["LIVING"], unit = "months"}
    [tables.SAMPLE]
    file = "CLIN_sample.txt"
    columns = {USUBJID = "PATIENT_ID"}
    [tables.RESPONSE]
    file = "CLIN_response.txt"
    columns = {SAMPLE_ID = "COLUMN_1"}
    decimal = ","
    link = {column = "SAMPLE_ID"}
    [covariates.histology]
    table = "SAMPLE"
    value = "CANCER_TYPE"
    pick = "first"
    """
    study = study_of([f"samstein_2018_tmb/{n}.txt" for n in ("CLIN", "CLIN_sample", "CLIN_response")], config)
    assert study.table("RESPONSE").height == 310
    adsl = analysis_subjects(study)
    lung = adsl.filter(HISTOLOGY="Non-Small Cell Lung Cancer").join(study.table("ADTTE"), on="USUBJID")
    assert (adsl.height, lung.height, lung.filter(CNSR=0).height) == (1661, 350, 219)


def test_rizvi(study_of):
    config = """
    [tables.ADSL]
    file = "CLIN.txt"
    columns = {USUBJID = "PATIENT_ID"}
    times.PFS = {time = "PFS_MONTHS", status = "PFS_STATUS", event = ["Progressed"], censored = ["Not Progressed"], unit = "months"}
    [tables.SAMPLE]
    file = "CLIN_sample.txt"
    columns = {USUBJID = "PATIENT_ID"}
    [tables.MUTATIONS]
    file = "SNV.txt.gz"
    link = {column = "Tumor_Sample_Barcode"}
    [covariates.tps]
    table = "SAMPLE"
    value = "PDL1_SCORE"
    pick = "only"
    [covariates.tpsgr]
    expression = "TPS"
    cuts = [1, 50]
    [covariates.kras]
    table = "MUTATIONS"
    where = "HUGO_SYMBOL = 'KRAS'"
    pick = "any"
    """
    study = study_of([f"rizvi_2018_nsclc_pd1/{n}" for n in ("CLIN.txt", "CLIN_sample.txt", "SNV.txt.gz")], config)
    adsl = analysis_subjects(study)
    assert (adsl.height, adsl["TPS"].drop_nulls().len()) == (240, 86)
    assert adsl["TPSGR"].dtype.categories.to_list() == ["<1", "1 to <50", ">=50"]
    assert study.table("MUTATIONS").height == 2517
    assert adsl["KRAS"].null_count() == 0


OAK = """
[[tables.ADSL]]
file = "41591_2018_134_MOESM3_ESM.xlsx"
sheet = "OAK_Clinical_Data"
columns = {USUBJID = "PtID", AGE = "BAGE", RACE = "race2"}
constants = {STUDYID = "OAK"}
missing = ["."]
unit = "months"
times.OS = {time = "OS", status = "OS.CNSR", event = ["0"], censored = ["1"]}
times.PFS = {time = "PFS", status = "PFS.CNSR", event = ["0"], censored = ["1"]}
[[tables.ADSL]]
file = "41591_2018_134_MOESM3_ESM.xlsx"
sheet = "POPLAR_Clinical_Data"
columns = {USUBJID = "PtID", AGE = "BAGE", RACE = "race2"}
constants = {STUDYID = "POPLAR"}
missing = ["."]
unit = "months"
times.OS = {time = "OS", status = "OS.CNSR", event = ["0"], censored = ["1"]}
times.PFS = {time = "PFS", status = "PFS.CNSR", event = ["0"], censored = ["1"]}
"""


def test_oak_and_poplar_below_each_other(study_of):
    study = study_of(["oak_poplar_2018/41591_2018_134_MOESM3_ESM.xlsx"], OAK)
    adsl = analysis_subjects(study)
    assert adsl.group_by("STUDYID").len().sort("STUDYID").rows() == [("OAK", 850), ("POPLAR", 287)]
    known = adsl.filter(pl.col("KRASMUT").is_not_null())
    # DATA.md, trap 3: OAK 59 positive, 203 negative; POPLAR 27, 45.
    assert (known.height, (known["KRASMUT"] == "POSITIVE").sum()) == (334, 86)
    assert study.table("ADTTE").height == 2 * 1137
    assert adsl["TRT01P"].null_count() == 0
    assert balanced(study)


def test_loris_sheet_in_days(study_of):
    config = """
    [tables.ADSL]
    file = "AllData.xlsx"
    sheet = "Ravi_NSCLC"
    columns = {USUBJID = "SAMPLE_ID", AGE = "Age"}
    times.OS = {time = "OS_Months", status = "OS_Event", event = ["1"], censored = ["0"], unit = "days"}
    """
    study = study_of(["loris_2024/AllData.xlsx"], config)
    assert study.table("ADTTE")["AVALU"].unique().to_list() == ["DAYS"]
    assert analysis_subjects(study).height == 309


def test_tcga_time_from_two_columns(study_of):
    config = """
    [tables.ADSL]
    file = "LUAD.clinical.tsv"
    columns = {USUBJID = "Tumor_Sample_Barcode"}
    [tables.ADSL.times.OS]
    time = "COALESCE(days_to_death, days_to_last_followup)"
    status = "vital_status"
    event = ["1"]
    censored = ["0"]
    unit = "days"
    """
    study = study_of(["tcga_luad_firehose/LUAD.clinical.tsv"], config)
    os = study.table("ADTTE")
    usable = os.filter(pl.col("AVAL") > 0)
    assert os.height == 481
    assert usable.height + os.filter(pl.col("AVAL").is_null() | (pl.col("AVAL") == 0)).height == 481
    assert usable.filter(CNSR=0).height >= 110


@pytest.mark.parametrize(("name", "rows"), [("APL_primary", 269), ("APL_relapse", 161)])
def test_a_maf_with_cr_line_ends(study_of, name, rows):
    """Each has as many CRs as rows under its header, and no end after the last row."""
    study = study_of(
        [f"formats/maftools/{name}.maf.gz"],
        f'[tables.ADSL]\nfile = "{name}.maf.gz"\ncolumns = {{USUBJID = "Tumor_Sample_Barcode"}}\n',
    )
    assert study.sources["ROWS"][0] == rows
