"""What reading does with a second row, an unknown word, a missing date: a test a line of docs/choices.md."""

import struct
import zlib

import polars as pl
import pytest

from codon12.errors import ConfigError, InputError
from codon12.records import Study, analysis_subjects
from codon12.records.cbioportal.survival_attributes import attribute_findings, survival_attributes
from codon12.records.columns.missing import without_missing_words
from codon12.records.readers import ReadOptions, read_table
from codon12.records.sql import evaluate
from codon12.records.subjects.covariate_findings import covariate_findings

DM = "STUDYID,DOMAIN,USUBJID,SEX,DTHFL,DTHDTC,COUNTRY\n"


def rules(study, rule):
    return study.findings.filter(RULE=rule)


# --- texts that say missing


def test_na_in_dates_and_flags_is_missing_and_said_once_a_column(folder):
    study = Study.open(folder({"dm.csv": DM + "S,DM,1,F,NA,NA,NA\nS,DM,2,NA,Y,2022-05-01,NA\n"}))
    dm = study.table("DM")
    assert dm["DTHFL"].to_list() == [None, "Y"]
    assert dm["DTHDTC"].to_list() == [None, "2022-05-01"]
    assert dm["SEX"].to_list() == ["F", None]  # the file writes NA for missing: so does this column
    assert dm["COUNTRY"].to_list() == ["NA", "NA"]  # Namibia
    found = rules(study, "text-says-missing")
    assert sorted(found["VARIABLE"]) == ["DTHDTC", "DTHFL", "SEX"]
    assert set(found["SEVERITY"]) == {"note"}


def test_a_code_is_missing_where_most_of_its_column_is():
    frame = pl.DataFrame({"AESER": ["NA", "NA", "Y"], "AETERM": ["NA", "NA", "x"], "SRCROW": [1, 2, 3]})
    read, found = without_missing_words(frame, table="AE", file="ae.csv")
    assert read["AESER"].to_list() == [None, None, "Y"]
    assert read["AETERM"].to_list() == ["NA", "NA", "x"]  # nothing says that this file writes NA for missing
    assert found["VARIABLE"].to_list() == ["AESER"]
    few = pl.DataFrame({"AESER": ["NA", "N", "Y"], "SRCROW": [1, 2, 3]})
    assert without_missing_words(few, table="AE", file="ae.csv")[0].equals(few)


def test_clinical_attributes_lose_what_cbioportal_calls_missing(folder):
    text = "PATIENT_ID\tSEX\tSTAGE\n1\t[Not Available]\tII\n2\tFemale\tNA\n"
    study = Study.open(folder({"data_clinical_patient.txt": text}))
    assert study.table("PATIENT").select("SEX", "STAGE").rows() == [(None, "II"), ("Female", None)]
    assert rules(study, "text-says-missing").height == 2


# --- files


def test_a_pointer_is_not_the_data(folder):
    text = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"
    for name in ("dm.csv", "dm.xpt", "dm.parquet", "dm.json"):
        with pytest.raises(InputError, match=rf"{name}: holds a pointer of Git LFS.*git lfs pull"):
            read_table(folder({name: text}) / name, ReadOptions(table="DM"))
    with pytest.raises(InputError, match="git-annex"):
        read_table(folder({"dm.csv": "/annex/objects/SHA256E-s1--0.csv\n"}) / "dm.csv", ReadOptions(table="DM"))


def xpt(members, encoding="ascii"):
    """A transport file of version 5 with one character variable a data set."""

    def record(text):
        return text.encode(encoding).ljust(80)[:80]

    stamp = "01JAN22:00:00:00"
    out = record("HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000000000000000000000000000  ")
    out += record("SAS     SAS     SASLIB  9.4     X".ljust(64) + stamp) + record(stamp)
    for name, variable, values in members:
        width = 20
        out += record("HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!000000000000000001600000000140  ")
        out += record("HEADER RECORD*******DSCRPTR HEADER RECORD!!!!!!!000000000000000000000000000000  ")
        out += record(f"SAS     {name:<8}SASDATA 9.4     X".ljust(64) + stamp) + record(stamp)
        out += record("HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!000000000100000000000000000000  ")
        namestr = struct.pack(">hhhh8s40s8shhh2s8shhl", 2, 0, width, 1, variable.encode().ljust(8), b" " * 40, b" " * 8,
                              0, 0, 0, b"  ", b" " * 8, 0, 0, 0)  # fmt: skip
        body = namestr.ljust(140, b"\0")
        out += body.ljust(-(-len(body) // 80) * 80)
        out += record("HEADER RECORD*******OBS     HEADER RECORD!!!!!!!000000000000000000000000000000  ")
        rows = b"".join(v.encode(encoding).ljust(width) for v in values)
        out += rows.ljust(-(-len(rows) // 80) * 80)
    return out


def test_text_of_windows_in_a_transport_file_is_read_and_said(folder):
    path = folder({"dm.xpt": xpt([("DM", "ARM", ["Dose 5 µg", "Böhm – x"])], "cp1252")}) / "dm.xpt"
    raw = read_table(path, ReadOptions(table="DM"))
    assert raw.frame["ARM"].to_list()[:2] == ["Dose 5 µg", "Böhm – x"]
    assert raw.encoding == "windows-1252"
    assert [f.rule for f in raw.findings] == ["text-encoding"]


def test_a_second_data_set_of_a_transport_file_is_named_and_can_be_asked_for(folder):
    path = folder({"dm.xpt": xpt([("DM", "ARM", ["A", "B"]), ("AE", "TERM", ["x", "y", "z"])])}) / "dm.xpt"
    raw = read_table(path, ReadOptions(table="DM"))
    assert raw.frame["ARM"].to_list()[:2] == ["A", "B"]
    assert [(f.rule, f.value) for f in raw.findings] == [("data-set-not-read", "AE")]
    second = read_table(path, ReadOptions(table="X", sheet="AE"))
    assert second.frame["TERM"].to_list()[:3] == ["x", "y", "z"]
    assert second.findings == []
    assert read_table(path, ReadOptions(table="AE")).frame.columns[1] == "TERM"
    with pytest.raises(InputError, match="no data set 'LB'; it has DM, AE"):
        read_table(path, ReadOptions(table="X", sheet="LB"))


OLD = """{"datasetJSONVersion": "1.0.0", "clinicalData": {"studyOID": "S", "itemGroupData": {
 "IG.DM": {"records": 2, "name": "DM", "label": "x", "items": [
   {"OID": "ITEMGROUPDATASEQ", "name": "ITEMGROUPDATASEQ", "label": "n", "type": "integer"},
   {"OID": "I.1", "name": "USUBJID", "label": "s", "type": "string"},
   {"OID": "I.2", "name": "AGE", "label": "a", "type": "integer"}],
  "itemData": [[1, "S-1", 60], [2, "S-2", null]]}}}}"""


def test_dataset_json_of_version_1_0(folder):
    raw = read_table(folder({"dm.json": OLD}) / "dm.json", ReadOptions(table="DM"))
    assert raw.frame.rows() == [("S-1", 60, 1), ("S-2", None, 2)]
    short = OLD.replace('"records": 2', '"records": 3')
    found = read_table(folder({"dm.json": short}) / "dm.json", ReadOptions(table="DM")).findings
    assert [f.rule for f in found] == ["truncated-file"]


@pytest.mark.parametrize("pack", [zlib.compress, lambda b: __import__("gzip").compress(b), lambda b: b])
def test_compressed_dataset_json(folder, pack):
    lines = b'{"columns": [{"name": "USUBJID", "dataType": "string"}], "records": 2}\n["1"]\n["2"]\n'
    whole = b'{"columns": [{"name": "USUBJID", "dataType": "string"}], "rows": [["1"], ["2"]]}'
    for text in (lines, whole):
        raw = read_table(folder({"dm.dsjc": pack(text)}) / "dm.dsjc", ReadOptions(table="DM"))
        assert raw.frame["USUBJID"].to_list() == ["1", "2"]


def test_a_broken_compressed_file_is_an_error(folder):
    cut = zlib.compress(b'{"columns": []}' * 100)[:-10]
    with pytest.raises(InputError, match=r"dm\.dsjc: the compressed stream is cut short"):
        read_table(folder({"dm.dsjc": cut}) / "dm.dsjc", ReadOptions(table="DM"))


def test_a_study_in_the_only_folder_below(tmp_path):
    inner = tmp_path / "delivery" / "sdtm"
    inner.mkdir(parents=True)
    (inner / "dm.csv").write_text(DM + "S,DM,1,F,,,DE\n")
    study = Study.open(tmp_path)
    assert study.path == inner
    assert rules(study, "study-in-subfolder")["VALUE"].to_list() == ["delivery/sdtm"]


def test_several_studies_below_are_named(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "dm.csv").write_text(DM + "S,DM,1,F,,,DE\n")
    with pytest.raises(InputError, match=r"2 folders below it do: one, two"):
        Study.open(tmp_path)


def test_a_folder_that_is_not_looked_into_is_named(tmp_path):
    (tmp_path / "dm.csv").write_text(DM + "S,DM,1,F,,,DE\n")
    (tmp_path / "tumours").mkdir()
    (tmp_path / "tumours" / "tr.csv").write_text("USUBJID\n1\n")
    found = rules(Study.open(tmp_path), "folder-not-read")
    assert found["VALUE"].to_list() == ["tumours"]
    assert "tr.csv" in found["MESSAGE"][0]


def test_what_was_written_from_a_study_into_its_folder_changes_nothing_of_it(tmp_path):
    (tmp_path / "dm.csv").write_text(DM + "S,DM,1,F,,,DE\n")
    before = Study.open(tmp_path).findings
    for place, names in (("report", ("run.json", "evidence.parquet")), ("out", ("export.json", "names.csv"))):
        (tmp_path / place).mkdir()
        for name in names:
            (tmp_path / place / name).write_text("")
    assert Study.open(tmp_path).findings.equals(before)


@pytest.mark.parametrize(
    ("text", "n"), [("T = 'a; b'", 1), ("T = 'it''s -- select'", 1), ("\"T\" = 'x' AND T <> ';'", 0)]
)
def test_a_text_of_a_predicate_may_hold_any_sign(text, n):
    frame = pl.DataFrame({"T": ["a; b", "it's -- select"]})
    assert evaluate(frame, text, where="populations.x").sum() == n


@pytest.mark.parametrize(
    "text",
    ["T = 'a' ; 'b'", "T = $$'$$ ; select '", "T = 'a' -- '", "T = `'` ; '", "T IN (SELECT 'a')", "T = 'a\\' ; 'b'"],
)
def test_what_is_no_text_of_a_predicate_is_refused(text):
    with pytest.raises(ConfigError, match="may not stand in a predicate"):
        evaluate(pl.DataFrame({"T": ["a"]}), text, where="populations.x")


def test_records_of_another_study_are_named(folder):
    files = {
        "dm.csv": DM + "S1,DM,1,F,,,DE\nS1,DM,2,F,,,DE\nS2,DM,3,F,,,DE\n",
        "ae.csv": "STUDYID,USUBJID,AETERM\nS3,1,x\n",
    }
    found = rules(Study.open(folder(files)), "several-studies")
    assert found.select("TABLE", "ROW", "VALUE", "SEVERITY").rows() == [
        ("AE", 1, "S3", "warning"),
        ("DM", 3, "S2", "warning"),
    ]


def test_a_quote_in_cbioportal_text_is_a_character(folder):
    text = 'PATIENT_ID\tNOTE\n1\t"5 mm\n2\tx\n3\t6" node\n'
    study = Study.open(folder({"data_clinical_patient.txt": text}))
    assert study.table("PATIENT")["NOTE"].to_list() == ['"5 mm', "x", '6" node']
    assert rules(study, "quotes-in-cells").select("ROW", "SEVERITY").rows() == [(1, "note")]


def test_a_cbioportal_file_whose_header_is_quoted_loses_its_quotes(folder):
    text = '"PATIENT_ID"\t"SEX"\n"1"\t"Female"\n'
    study = Study.open(folder({"data_clinical_patient.txt": text}))
    assert study.table("PATIENT").select("USUBJID", "SEX").rows() == [("1", "Female")]
    assert rules(study, "quotes-in-cells").height == 1


# --- cBioPortal studies


def test_a_study_of_samples_alone_is_opened(folder):
    text = "PATIENT_ID\tSAMPLE_ID\tSEX\tSITE\tOS_MONTHS\tOS_STATUS\n"
    text += (
        "1\t1-A\tMale\tLung\t10\t1:DECEASED\n1\t1-B\tMale\tLiver\t10\t1:DECEASED\n2\t2-A\tFemale\tLung\t5\t0:LIVING\n"
    )
    study = Study.open(folder({"data_clinical_sample.txt": text}))
    adsl = analysis_subjects(study)
    assert adsl.select("USUBJID", "SEX", "SITE").rows() == [("1", "Male", None), ("2", "Female", "Lung")]
    assert study.table("ADTTE").select("USUBJID", "AVAL", "CNSR").rows() == [("1", 10.0, 0), ("2", 5.0, 1)]
    assert {"patients-of-samples", "samples-differ"} <= set(study.findings["RULE"])


def test_samples_that_contradict_each_other_about_a_time_are_an_error(folder):
    text = "PATIENT_ID\tSAMPLE_ID\tOS_MONTHS\tOS_STATUS\n1\t1-A\t10\t1:DECEASED\n1\t1-B\t11\t1:DECEASED\n"
    study = Study.open(folder({"data_clinical_sample.txt": text}))
    assert rules(study, "duplicated-time")["SEVERITY"].to_list() == ["error", "error"]


def test_a_second_file_of_patients_is_named(folder):
    text = "PATIENT_ID\tSEX\n1\tMale\n"
    files = {"data_clinical_patient.txt": text, "data_clinical_patients.txt": text, "data_mrna.txt": "x\n"}
    study = Study.open(folder(files))
    assert rules(study, "file-also-there").select("TABLE", "VALUE", "SEVERITY").rows() == [
        ("PATIENT", "data_clinical_patients.txt", "warning")
    ]
    assert rules(study, "file-not-read")["VALUE"].to_list() == ["data_mrna.txt"]


@pytest.mark.parametrize(
    ("there", "unread"),
    [
        ({"adsl.csv": "USUBJID\n1\n", "rs.csv": "USUBJID\n1\n", "README.txt": "x"}, "rs.csv"),
        ({"dm.csv": "USUBJID\n1\n", "patients.xlsx": "x", "ta.csv": "x\n", "run.json": "{}"}, "patients.xlsx"),
        ({"dm.csv": "USUBJID\n1\n", "dm.tsv": "USUBJID\n1\n", "adsl.csv": "USUBJID\n1\n"}, "adsl.csv"),
        ({"dm.csv": "USUBJID\n1\n", "notes.txt": "x"}, None),
    ],
)
def test_files_of_tables_that_nothing_is_read_from_are_named(folder, there, unread):
    told = rules(Study.open(folder(there)), "file-not-read")["VALUE"].to_list()
    assert told == ([] if unread is None else [unread])


def test_a_file_that_a_meta_file_names_and_the_folder_has_not(folder):
    meta = "genetic_alteration_type: MUTATION_EXTENDED\ndatatype: MAF\ndata_filename: data_mutations.txt\n"
    files = {"data_clinical_patient.txt": "PATIENT_ID\tSEX\n1\tMale\n", "meta_mutations.txt": meta}
    assert rules(Study.open(folder(files)), "file-not-there")["VALUE"].to_list() == ["data_mutations.txt"]


def test_endpoints_that_no_analysis_shows_and_times_without_a_status_are_named():
    raw = pl.DataFrame(
        {
            "OS_MONTHS": ["1"],
            "OS_STATUS": ["1:DECEASED"],
            "DFS_MONTHS": ["1"],
            "DFS_STATUS": ["1:Recurred"],
            "DSS_MONTHS": ["1"],
            "DSS_STATUS": ["odd"],
            "TTDE_MONTHS": ["1"],
            "EMPTY_MONTHS": [None],
            "SEQ_MONTHS": ["0.5"],
        }
    )
    found = attribute_findings(raw, survival_attributes(raw), table="PATIENT", file="p.txt")
    assert [(f.rule, f.variable, f.severity) for f in found] == [
        ("endpoint-read", "DFS_MONTHS", "note"),
        ("time-without-status", "DSS_MONTHS", "warning"),
        ("time-without-status", "TTDE_MONTHS", "warning"),
        ("late-entry-not-read", "SEQ_MONTHS", "warning"),
    ]


LISTS = {
    "data_clinical_patient.txt": "PATIENT_ID\tSEX\n1\tMale\n",
    "data_clinical_sample.txt": "PATIENT_ID\tSAMPLE_ID\n1\tA\n1\tB\n",
    "data_mutations.txt": "#version 2.4\n#sequenced_samples: A  B\tC\nHugo_Symbol\tTumor_Sample_Barcode\nKRAS\tA\n",
    "meta_mutations.txt": "genetic_alteration_type: MUTATION_EXTENDED\ndatatype: MAF\ngene_panel: P1\n"
    "data_filename: data_mutations.txt\n",
}


def test_who_was_profiled_stands_in_one_table(folder, tmp_path):
    (tmp_path / "case_lists").mkdir()
    (tmp_path / "case_lists" / "cases_cna.txt").write_text("stable_id: st_cna\ncase_list_ids: A\tB\n")
    (tmp_path / "case_lists" / "cases_all.txt").write_text("stable_id: st_all\ncase_list_ids: A\tB\tZ\n")
    (tmp_path / "case_lists" / "cases_sv.txt").write_text("stable_id: st_sv\n")
    study = Study.open(folder(LISTS))
    rows = study.table("PROFILED").select("SAMPLE_ID", "KIND", "GENE_PANEL", "SRCFILE").rows()
    assert rows == [
        ("A", "copy number", None, "case_lists/cases_cna.txt"),
        ("B", "copy number", None, "case_lists/cases_cna.txt"),
        ("A", "mutation", None, "data_mutations.txt"),
        ("B", "mutation", None, "data_mutations.txt"),
        ("C", "mutation", None, "data_mutations.txt"),
        (None, "mutation", "P1", "meta_mutations.txt"),
    ]
    assert rules(study, "case-list-empty")["VALUE"].to_list() == ["case_lists/cases_sv.txt"]
    assert set(study.sources.filter(TABLE="PROFILED")["FILE"]) >= {"case_lists/cases_cna.txt", "meta_mutations.txt"}


# --- times, accounting, covariates


@pytest.mark.parametrize("time", ["1e300", "1600", "99999999"])
def test_a_time_that_no_patient_can_live_is_left_out(folder, time):
    text = f"PATIENT_ID\tOS_MONTHS\tOS_STATUS\n1\t{time}\t1:DECEASED\n2\t1559\t0:LIVING\n"
    study = Study.open(folder({"data_clinical_patient.txt": text}))
    assert study.table("ADTTE")["AVAL"].to_list() == [None, 1559.0]
    assert rules(study, "time-absurd").select("ROW", "SEVERITY").rows() == [(1, "warning")]


def test_a_table_of_which_nothing_is_made_is_not_used(folder):
    files = {"adsl.csv": "USUBJID\n1\n", "adtr.csv": "USUBJID,PARAMCD,AVAL\n1,X,2\n", "adcm.csv": "USUBJID\n1\n"}
    files["adtte.csv"] = "USUBJID,PARAMCD,AVAL,CNSR\n1,OS,5,0\n9,OS,5,0\n,OS,5,0\n"
    table = Study.open(folder(files)).accounting
    assert table.select("TABLE", "ROWS_USED", "REASONS", "USED_FOR").rows() == [
        ("ADCM", 0, "nothing is derived from this table: 1", None),
        ("ADSL", 1, None, "subjects"),
        ("ADTR", 0, "nothing is derived from this table: 1", None),
        ("ADTTE", 1, "belongs to no subject: 1; subject not in ADSL: 1", "times to event"),
    ]


def test_a_table_that_the_configuration_asks_for_is_used_for_it(folder):
    config = '[covariates.ECOG]\ntable = "ADQS"\nvalue = "AVALC"\npick = "first"\n'
    files = {"adsl.csv": "USUBJID\n1\n", "adqs.csv": "USUBJID,AVALC\n1,0\n"}
    study = Study.open(folder(files, config))
    assert study.accounting.filter(TABLE="ADQS")["USED_FOR"].to_list() == ["covariate ECOG"]


CUTS = '[tables.ADSL]\nfile = "a.csv"\ncolumns = {USUBJID = "ID"}\n[covariates.P]\ntable = "ADSL"\nvalue = "TPS"\n'
CUTS += 'pick = "first"\ncuts = [1, 50]\n'


def test_cuts_read_scores_as_people_write_them(folder):
    texts = {"<1": "<1", "60%": ">=50", "1-49": "1 to <50", ">=50": ">=50", "neg": "<1", "30": "1 to <50", "0": "<1"}
    texts |= {">=1": None, "odd": None, "": None, "not done": None, "101": ">=50"}
    rows = "".join(f"{i},{t}\n" for i, t in enumerate(texts, 10))
    study = Study.open(folder({"a.csv": "ID,TPS\n" + rows}, CUTS))
    adsl = analysis_subjects(study)
    assert adsl["P"].to_list() == list(texts.values())
    found = covariate_findings(study, adsl)
    assert found.select("RULE", "ROW", "USUBJID", "VALUE").rows() == [
        ("score-unread", 9, "18", "odd"),
        ("score-spans-cut", 8, "17", ">=1"),
    ]


def test_a_comma_in_a_value_that_is_cut_is_said_and_a_thousand_is_not_read_as_one(folder):
    texts = {"1,5": "1 to <50", "1,500": None, "0,125": "<1", "60": ">=50"}
    rows = "".join(f'{i},"{t}"\n' for i, t in enumerate(texts, 10))
    study = Study.open(folder({"a.csv": "ID,TPS\n" + rows}, CUTS))
    adsl = analysis_subjects(study)
    assert adsl["P"].to_list() == list(texts.values())
    assert covariate_findings(study, adsl).select("RULE", "VALUE").rows() == [
        ("score-unread", "1,500"),
        ("score-with-comma", "1,5"),
        ("score-with-comma", "0,125"),
    ]


def test_a_row_picked_by_its_place_alone_is_said(folder):
    config = '[tables.ADSL]\nfile = "a.csv"\ncolumns = {USUBJID = "ID"}\n[tables.LAB]\nfile = "l.csv"\n'
    config += 'columns = {USUBJID = "ID"}\n[covariates.X]\ntable = "LAB"\nvalue = "V"\npick = "first"\n'
    study = Study.open(folder({"a.csv": "ID\n1\n2\n", "l.csv": "ID,V\n1,a\n1,b\n2,c\n2,c\n"}, config))
    adsl = analysis_subjects(study)
    assert adsl["X"].to_list() == ["a", "c"]
    found = covariate_findings(study, adsl)
    assert found.select("RULE", "USUBJID", "ROW", "VALUE").rows() == [("row-picked", "1", 1, "a")]
    assert "say b" in found["MESSAGE"][0]
