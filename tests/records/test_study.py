import datetime as dt
import hashlib

import polars as pl
import pytest

from codon12.errors import ConfigError, DataError, InputError, UsageError
from codon12.records import FINDING_SCHEMA, Study, StudyConfig, TableSource

pytestmark = pytest.mark.requirement("R-READ-02")

DM = {"STUDYID": ["S"] * 2, "DOMAIN": ["DM"] * 2, "USUBJID": ["S-1", "S-2"]}


def rules(study):
    return study.findings["RULE"].to_list()


def balanced(study):
    a = study.accounting
    return (a["ROWS_READ"] == a["ROWS_USED"] + a["ROWS_EXPLAINED"]).all()


def test_a_folder_of_sdtm(folder):
    study = Study.open(folder({"DM.CSV": DM, "notes.md": "# not a table", "_draft.csv": "A\n1\n"}))
    assert (study.format, sorted(study.tables)) == ("sdtm", ["DM"])
    assert study.has("dm")
    assert not study.has("TR")
    assert study.table("dm").select("SRCDOM", "SRCROW").rows() == [("DM", 1), ("DM", 2)]
    assert study.sources.select("TABLE", "FILE", "ROWS", "ENCODING", "FORMAT").row(0) == (
        "DM",
        "DM.CSV",
        2,
        "utf-8",
        "text",
    )
    assert len(study.sources["SHA256"][0]) == 64
    assert study.findings.schema == FINDING_SCHEMA
    assert balanced(study)


def test_a_table_that_is_not_there(folder):
    study = Study.open(folder({"dm.csv": DM}))
    with pytest.raises(UsageError, match=r"no table TR \(no file tr\.\* or tr_\*\.\*.*\); there are DM"):
        study.table("TR")


def test_the_suffix_is_chosen_by_the_config_or_by_being_alone(folder):
    path = folder({"dm.csv": DM, "tr_a.csv": {"USUBJID": ["S-1"]}})
    assert Study.open(path).sources["FILE"].to_list() == ["dm.csv", "tr_a.csv"]
    folder({"tr_b.csv": {"USUBJID": ["S-2"]}})
    study = Study.open(path)
    chosen = study.findings.filter(RULE="file-to-choose").row(0, named=True)
    assert chosen["SEVERITY"] == "error"
    assert "tr_a.csv, tr_b.csv" in chosen["MESSAGE"]
    with pytest.raises(UsageError, match="Several files could be table TR"):
        study.table("TR")
    with pytest.raises(DataError, match="TR: file-to-choose"):
        study.require_no_errors()
    folder({}, '[tables.TR]\nfile = "TR_B.csv"\n')
    assert Study.open(path).table("TR")["USUBJID"].to_list() == ["S-2"]


def test_the_exact_name_goes_before_a_suffix_and_one_format_before_others(folder):
    path = folder(
        {"dm.csv": DM, "tr.csv": {"USUBJID": ["S-1"]}, "tr_old.csv": {"USUBJID": ["S-2"]}, "tr.tsv": "USUBJID\nS-9\n"}
    )
    study = Study.open(path)
    assert study.table("TR")["USUBJID"].to_list() == ["S-1"]
    assert study.findings.filter(RULE="file-also-there")["VALUE"].to_list() == ["tr.tsv"]


@pytest.mark.parametrize(
    ("files", "config", "fmt"),
    [
        ({"dm.csv": DM}, None, "sdtm"),
        ({"adsl.csv": DM}, None, "adam"),
        ({"adsl.csv": DM, "dm.csv": DM}, None, "sdtm"),
        ({"adsl.csv": DM, "dm.csv": DM}, 'format = "adam"', "adam"),
        ({"x.csv": "ID\n1\n"}, '[tables.ADSL]\nfile = "x.csv"\ncolumns = {USUBJID = "ID"}', "tables"),
        ({"meta_study.txt": "name: x\n", "data_clinical_patient.txt": "#a\nPATIENT_ID\nP1\n"}, None, "cbioportal"),
    ],
)
def test_the_kind_of_study_is_recognised(folder, files, config, fmt):
    assert Study.open(folder(files, config)).format == fmt


def test_what_is_no_study_says_what_was_looked_for(folder, tmp_path):
    with pytest.raises(InputError, match=r"no DM \(SDTM\), no ADSL \(ADaM\).*holds no files"):
        Study.open(tmp_path)
    path = folder({"x.csv": "A\n1\n"})
    with pytest.raises(InputError, match=r"holds x\.csv"):
        Study.open(path)
    with pytest.raises(InputError, match="is a file"):
        Study.open(path / "x.csv")
    with pytest.raises(InputError, match="does not exist"):
        Study.open(path / "none")


def test_a_given_config_overrides_the_folder(folder):
    path = folder({"dm.csv": DM, "x.csv": DM}, 'title = "of the folder"')
    study = Study.open(path, config=StudyConfig(tables={"DM": TableSource(file="x.csv")}))
    assert study.config.title is None
    assert study.sources["FILE"].to_list() == ["x.csv"]


def test_progress_is_told(folder):
    said = []
    Study.open(folder({"dm.csv": DM}), progress=said.append)
    assert said[0] == "Reading dm.csv"


def test_supplemental_values_become_columns(folder):
    ae = {"USUBJID": ["S-1", "S-1", "S-2"], "AESEQ": [1, 2, 1], "AETERM": ["A", "B", "C"]}
    supp = (
        "USUBJID,RDOMAIN,IDVAR,IDVARVAL,QNAM,QVAL\n"
        "S-1,AE,AESEQ,1,AETRTEM,Y\n"
        "S-1,AE,AESEQ,2.0,AETRTEM,N\n"
        "S-2,AE,AESEQ,9,AETRTEM,Y\n"
        "S-1,AE,AESEQ,1,AETRTEM,Z\n"
        "S-2,AE,AESEQ,1,AETERM,other\n"
        "S-2,AE,AENONE,1,AETRTEM,Y\n"
    )
    suppdm = {"USUBJID": ["S-1", "S-3"], "RDOMAIN": ["DM"] * 2, "QNAM": ["EFFICACY"] * 2, "QVAL": ["Y"] * 2}
    study = Study.open(folder({"dm.csv": DM, "ae.csv": ae, "suppae.csv": supp, "suppdm.csv": suppdm}))
    assert study.table("AE").select("AETERM", "AETERM.SUPP", "AETRTEM", "SRCDOM", "SRCROW").rows() == [
        ("A", None, "Y", "AE", 1),
        ("B", None, "N", "AE", 2),
        ("C", "other", None, "AE", 3),
    ]
    assert study.table("DM")["EFFICACY"].to_list() == ["Y", None]
    found = study.findings.filter(pl.col("TABLE").str.starts_with("SUPP"), pl.col("RULE").str.starts_with("supp"))
    assert found.select("TABLE", "ROW", "RULE").rows() == [
        ("SUPPAE", 3, "supplemental-without-parent"),
        ("SUPPAE", 4, "supplemental-repeated"),
        ("SUPPAE", 6, "supplemental-without-parent"),
        ("SUPPDM", 2, "supplemental-without-parent"),
    ]
    assert balanced(study)


def test_supplemental_values_of_another_file_are_not_merged(folder):
    tr = {"USUBJID": ["S-1"], "TRSEQ": [1]}
    supp = "USUBJID,IDVAR,IDVARVAL,QNAM,QVAL\nS-1,TRSEQ,1,TRLOC,LUNG\n"
    path = folder({"dm.csv": DM, "tr_b.csv": tr, "supptr_a.csv": supp})
    study = Study.open(path)
    assert "TRLOC" not in study.table("TR").columns
    assert "supplemental-of-another-file" in rules(study)
    folder({}, '[tables.SUPPTR]\nfile = "supptr_a.csv"\n')
    assert Study.open(path).table("TR")["TRLOC"].to_list() == ["LUNG"]


def test_records_after_the_cutoff_are_not_used_and_counted(folder):
    files = {
        "dm.csv": DM | {"DTHDTC": ["2020-03-01", "2019-12-31"], "DTHFL": ["Y", "Y"]},
        "ae.csv": {
            "USUBJID": ["S-1"] * 4,
            "AETERM": list("ABCD"),
            "AESTDTC": ["2019-12-31", "2020-01-02", "2020", None],
        },
    }
    study = Study.open(folder(files, "data_cutoff = 2020-01-01"))
    assert study.table("AE")["AETERM"].to_list() == ["A", "C", "D"]  # 2020 may mean the first day
    assert study.table("DM")["DTHDTC"].to_list() == [None, "2019-12-31"]
    assert study.accounting.filter(TABLE="AE").row(0)[:5] == ("AE", 4, 3, 1, "after the data cut-off: 1")
    assert study.findings.filter(RULE="after-data-cutoff").height == 2
    assert balanced(study)


def test_a_mapping_gives_cdisc_names_values_and_constants(folder):
    text = "Patient;Sex;arm;Age at start;Skip\nA;m;x;61,5;0\nB;w;y;.;0\nC;w;y;50;1\n"
    config = """
    [tables.ADSL]
    file = "register.txt"
    columns = {USUBJID = "patient", SEX = "Sex", AGE = "Age at start", SUBJID = "Patient"}
    values = {SEX = {m = "M", w = "F"}}
    constants = {STUDYID = "REG"}
    derive = {TRT01P = "UPPER(arm)"}
    where = "Skip = '0'"
    missing = ["."]
    decimal = ","
    """
    study = Study.open(folder({"register.txt": text}, config))
    adsl = study.table("ADSL")
    assert adsl.select("STUDYID", "USUBJID", "SUBJID", "SEX", "AGE", "TRT01P", "ARM").rows() == [
        ("REG", "A", "A", "M", 61.5, "X", "x"),
        ("REG", "B", "B", "F", None, "Y", "y"),
    ]
    assert study.accounting.row(0)[:5] == ("ADSL", 3, 2, 1, "outside tables.where: 1")


def test_rows_of_patients_outside_where_are_counted_and_not_told_one_by_one(folder):
    files = {
        "p.csv": "ID,Tumour\nA,lung\nB,skin\nC,lung\n",
        "scans.csv": "ID,Day,Word,Size\nA,2020-01-01,PR,9\nB,2020-13-01,SD,x\nB,2020-01-03,SD,7\nZ,2020-01-04,PD,1\n",
    }
    config = """
    [tables.ADSL]
    file = "p.csv"
    columns = {USUBJID = "ID"}
    where = "Tumour = 'lung'"
    [tables.ADRS]
    file = "scans.csv"
    columns = {USUBJID = "ID", ADT = "Day", AVALC = "Word", AVAL = "Size"}
    constants = {PARAMCD = "OVRLRESP"}
    """
    study = Study.open(folder(files, config))
    assert study.table("ADRS")["USUBJID"].to_list() == ["A", "Z"]
    left = "of subjects outside tables.ADSL.where: 2; subject not in ADSL: 1"
    assert study.accounting.filter(TABLE="ADRS").row(0)[:5] == ("ADRS", 4, 1, 3, left)
    told = study.findings.filter(TABLE="ADRS")
    assert told.select("RULE", "ROW", "USUBJID").rows() == [
        ("subject-not-in-adsl", 4, "Z")
    ]  # a typing error stays told
    assert balanced(study)


def test_a_mapped_name_moves_the_column_that_has_it_aside(folder):
    path = folder(
        {"x.csv": "SEX,GENDER,ID\n0,F,1\n"}, '[tables.ADSL]\nfile="x.csv"\ncolumns={USUBJID="ID",SEX="GENDER"}'
    )
    assert Study.open(path).table("ADSL").select("SEX", "SEX.FILE").row(0) == ("F", "0")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('columns = {USUBJID = "NOPE"}', r"tables.ADSL.columns.USUBJID: the file has no column 'NOPE'. It has ID, T"),
        ('columns = {USUBJID = "IDD"}', r"no column 'IDD'; did you mean 'ID'"),
        ('columns = {USUBJID = "ID"}\nwhere = "NOPE = 1"', r"tables.ADSL.where: no column NOPE"),
        ('columns = {USUBJID = "ID"}\nwhere = "T"', r"must be true or false"),
        ('columns = {USUBJID = "ID"}\nderive = {X = "NOPE"}', r"derive.X: no column NOPE"),
        ('columns = {USUBJID = "ID"}\ntimes = {OS = {time = "NOPE", unit = "days"}}', r"times.OS.time: no column NOPE"),
        (
            'columns = {USUBJID = "ID"}\ntimes = {OS = {time = "T", status = "S", event = ["1"], unit = "days"}}',
            r"times.OS.status: the file has no column 'S'",
        ),
    ],
)
def test_a_wrong_mapping_names_the_key(folder, line, says):
    path = folder({"x.csv": "ID,T\n1,2\n"}, f'[tables.ADSL]\nfile = "x.csv"\n{line}\n')
    with pytest.raises(ConfigError, match=says):
        Study.open(path)


TIMES = """
[tables.ADSL]
file = "x.csv"
columns = {USUBJID = "ID"}
unit = "months"
times.OS = {time = "OS_MONTHS", status = "OS_STATUS", event = ["DECEASED"], censored = ["LIVING"], label = "Overall survival"}
times.FU = {time = "(LAST - START) / 30.4375", status = "OS_STATUS", event = ["DECEASED"], entry = "SEQ_MONTHS"}
"""


def test_times_of_a_plain_table(folder):
    text = (
        "ID,OS_MONTHS,OS_STATUS,START,LAST,SEQ_MONTHS\n"
        "A,0,DECEASED,2020-01-01,2020-01-31,1\n"
        "B,12.5,LIVING,100,465.25,\n"
        "C,,LIVING,1,2,\n"
        "D,-1,DECEASED,2,1,\n"
        "E,3,UNKNOWN,1,1,\n"
    )
    study = Study.open(folder({"x.csv": text}, TIMES))
    os = study.table("ADTTE").filter(PARAMCD="OS")
    assert os.select(
        "USUBJID", "AVAL", "AVALU", "CNSR", "EVNTDESC", "CNSDTDSC", "SRCDOM", "SRCVAR", "SRCROW"
    ).rows() == [
        ("A", 0.0, "MONTHS", 0, "DECEASED", None, "ADSL", "OS_MONTHS", 1),
        ("B", 12.5, "MONTHS", 1, None, "LIVING", "ADSL", "OS_MONTHS", 2),
        ("C", None, "MONTHS", None, None, None, "ADSL", "OS_MONTHS", 3),
        ("D", None, "MONTHS", None, None, None, "ADSL", "OS_MONTHS", 4),
        ("E", None, "MONTHS", None, None, None, "ADSL", "OS_MONTHS", 5),
    ]
    fu = study.table("ADTTE").filter(PARAMCD="FU")
    assert fu["AVAL"].round(4).to_list() == [0.9856, 12.0, 0.0329, None, 0.0]
    assert fu["ENTRY"].to_list() == [1.0, None, None, None, None]
    found = study.findings.select("ROW", "RULE", "VALUE").rows()
    assert (3, "time-missing", None) in found
    assert (4, "time-negative", "-1.0") in found
    assert (5, "status-unknown", "UNKNOWN") in found


def test_tables_one_below_the_other_keep_their_file(folder):
    config = """
    [[tables.ADSL]]
    file = "a.csv"
    columns = {USUBJID = "ID"}
    constants = {STUDYID = "A"}
    [[tables.ADSL]]
    file = "b.csv"
    columns = {USUBJID = "PAT"}
    constants = {STUDYID = "B"}
    """
    study = Study.open(folder({"a.csv": "ID,X\n1,x\n", "b.csv": "PAT\n2\n"}, config))
    assert study.table("ADSL").select("STUDYID", "USUBJID", "X", "SRCFILE", "SRCROW").rows() == [
        ("A", "1", "x", "a.csv", 1),
        ("B", "2", None, "b.csv", 1),
    ]
    assert study.accounting.row(0)[:5] == ("ADSL", 2, 2, 0, None)


def test_samples_lead_to_their_subject(folder):
    config = """
    [tables.ADSL]
    file = "p.csv"
    columns = {USUBJID = "ID"}
    [tables.SAMPLE]
    file = "s.csv"
    columns = {USUBJID = "ID"}
    [tables.MUTATIONS]
    file = "m.csv"
    link = {column = "Barcode"}
    """
    files = {
        "p.csv": "ID\nA\nB\n",
        "s.csv": "ID,SAMPLE_ID\nA,A-1\nB,B-1\n",
        "m.csv": "Barcode,Gene\nA-1,KRAS\nZ-9,TP53\n",
    }
    study = Study.open(folder(files, config))
    assert study.table("MUTATIONS")["USUBJID"].to_list() == ["A", None]
    assert study.findings.select("TABLE", "ROW", "RULE", "VALUE").rows() == [
        ("MUTATIONS", 2, "sample-without-subject", "Z-9")
    ]


def test_a_cbioportal_folder(folder):
    patients = (
        "#Patient\tOS\tStatus\n#x\ty\tz\n#STRING\tNUMBER\tSTRING\n#1\t1\t1\n"
        "PATIENT_ID\tOS_MONTHS\tOS_STATUS\nP1\t10.5\t1:DECEASED\nP2\t3\t0:LIVING\n"
    )
    files = {
        "meta_study.txt": "type_of_cancer: lung\n",
        "meta_clinical_patient.txt": "genetic_alteration_type: CLINICAL\ndatatype: PATIENT_ATTRIBUTES\ndata_filename: pat.txt\n",
        "pat.txt": patients,
        "data_clinical_sample.txt": "#a\tb\nPATIENT_ID\tSAMPLE_ID\nP1\tP1-T\n",
        "data_mutations.txt": "Hugo_Symbol\tTumor_Sample_Barcode\nKRAS\tP1-T\n",
    }
    study = Study.open(folder(files))
    assert sorted(study.tables) == ["ADTTE", "MUTATIONS", "PATIENT", "SAMPLE"]
    assert study.table("ADTTE").select("USUBJID", "PARAMCD", "AVAL", "AVALU", "CNSR").rows() == [
        ("P1", "OS", 10.5, "MONTHS", 0),
        ("P2", "OS", 3.0, "MONTHS", 1),
    ]
    assert study.table("MUTATIONS")["USUBJID"].to_list() == ["P1"]


@pytest.mark.parametrize("file", ["", 'file = "data_clinical_patient.txt"\n'])
def test_what_the_config_says_of_a_cbioportal_table_is_added_to_its_defaults(folder, file):
    files = {
        "meta_study.txt": "type_of_cancer: lung\n",
        "data_clinical_patient.txt": "#a\tb\tc\nPATIENT_ID\tDAYS\tDEAD\nP1\t30\tYes\n",
    }
    toml = (
        f"[tables.PATIENT]\n{file}[tables.PATIENT.times.OS]\n"
        'time = "DAYS"\nstatus = "DEAD"\nevent = ["Yes"]\nunit = "days"\n'
    )
    times = Study.open(folder(files, toml)).table("ADTTE")
    assert times.select("USUBJID", "PARAMCD", "AVAL", "CNSR").rows() == [("P1", "OS", 30.0, 0)]


def test_the_order_of_the_files_rows_does_not_change_a_finding(folder):
    ae = pl.DataFrame({"USUBJID": ["S-1", "S-2"], "AETERM": ["A", "B"], "AESTDTC": ["2014-13", "2014"]})
    first = Study.open(folder({"dm.csv": DM, "ae.csv": ae.to_dict(as_series=False)})).findings
    second = Study.open(folder({"dm.csv": DM, "ae.csv": ae.reverse().to_dict(as_series=False)})).findings
    drop = ["ROW", "MESSAGE"]
    assert sorted(first.drop(drop).rows()) == sorted(second.drop(drop).rows())


def test_a_cutoff_given_as_a_date(folder):
    study = Study.open(folder({"dm.csv": DM}), config=StudyConfig(data_cutoff=dt.date(2020, 1, 1)))
    assert balanced(study)


def test_a_configuration_elsewhere_stands_in_place_of_the_folders_own(tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "patients.csv").write_text("PATIENT,SEX\nP1,F\n")
    (folder / "codon12.toml").write_text('title = "Own"\n')
    other = tmp_path / "mapping.toml"
    other.write_text(
        'title = "Other"\nformat = "tables"\n[tables.ADSL]\nfile = "patients.csv"\ncolumns = { USUBJID = "PATIENT" }\n'
    )
    study = Study.open(folder, config=other)
    assert (study.config.title, study.table("ADSL")["USUBJID"].to_list()) == ("Other", ["P1"])
    # the file that was used is among the sources, with its digest
    row = study.sources.row(-1, named=True)
    digest = hashlib.sha256(other.read_bytes()).hexdigest()
    assert (row["TABLE"], row["FILE"], row["ROWS"], row["SHA256"]) == ("codon12", "mapping.toml", None, digest)


def test_a_configuration_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.toml: no such configuration file"):
        Study.open(tmp_path, config=tmp_path / "none.toml")
