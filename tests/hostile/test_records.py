"""Bad input to study records: each a finding or an error that names file and row; never a traceback of another kind."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.errors import Codon12Error, ConfigError, InputError
from codon12.records import Study, StudyConfig, TableSource, analysis_subjects, lesions, population, responses

pytestmark = pytest.mark.requirement("R-READ-04")

DM = "USUBJID,ARM\nS-1,A\n"


@pytest.fixture
def study(tmp_path):
    def write(**files):
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            (tmp_path / name.replace("__", ".")).write_bytes(data)
        return tmp_path

    return write


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "../dm.csv", "a\0b", "", " ", "sub/../../x.csv"])
def test_a_file_outside_the_study_is_refused(study, name):
    path = study(dm__csv=DM)
    (path.parent / "dm.csv").write_text(DM)
    with pytest.raises(InputError, match=r"tables.TR.file.*(outside|no file|no study folder|is no file name)"):
        Study.open(path, config=StudyConfig(tables={"TR": TableSource(file=name)}))


def test_a_symlink_out_of_the_study_is_refused(study):
    path = study(dm__csv=DM)
    (path / "tr.csv").symlink_to("/etc/passwd")
    with pytest.raises(InputError, match="outside the study folder"):
        Study.open(path)
    with pytest.raises(InputError, match="outside the study folder"):
        Study.open(path, config=StudyConfig(tables={"TR": TableSource(file="tr.csv")}))


def test_a_symlink_loop_is_refused(study):
    path = study(dm__csv=DM)
    (path / "tr.csv").symlink_to("tr.csv")
    config = StudyConfig(tables={"TR": TableSource(file="tr.csv")})
    with pytest.raises(InputError):
        Study.open(path, config=config)


def test_a_meta_file_cannot_point_outside(study):
    meta = (
        "genetic_alteration_type: CLINICAL\ndatatype: PATIENT_ATTRIBUTES\ndata_filename: ../../../../../../etc/passwd\n"
    )
    path = study(meta_study__txt="a: b\n", meta_clinical_patient__txt=meta)
    with pytest.raises(InputError, match="outside the study folder"):
        Study.open(path)


@pytest.mark.parametrize(
    "predicate",
    [
        "A IN (SELECT x FROM read_csv('/etc/passwd'))",
        "A IN (sElEcT x FROM read_csv('/etc/passwd'))",
        "A IN (FROM read_csv('/etc/passwd'))",
        "A IN ( FROM read_csv('/etc/passwd'))",
        "A IN (/**/FROM read_csv('/etc/passwd'))",
        "A IN ((FROM read_csv('/etc/passwd')))",
        "EXISTS (SELECT 1)",
        "read_csv('/etc/passwd')",
        "A IN (VALUES ('1'))",
        "A IN (TABLE x)",
        "A = '1'; DROP TABLE x",
        "A = '1' -- all",
        "__import__('os').system('true')",
        "A IN (WITH t AS (FROM read_csv('/etc/passwd')) FROM t)",
        "A = " + "(" * 5000,
        "A" * 20_000,
        "",
        "'\0'",
    ],
)
def test_a_predicate_reads_no_file_and_runs_no_query(predicate):
    with pytest.raises(ConfigError) as err:
        population(pl.DataFrame({"A": ["1"], "USUBJID": ["1"]}), predicate)
    assert "root:" not in str(err.value)


EVIL = [
    "</script><script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "line\nbreak",
    "x" * 10_000,
    "'; DROP TABLE dm; --",
    "{}",
    "𝄞",
]


def test_hostile_ids_are_data(study):
    cells = "".join('"' + e.replace('"', '""') + '",A\n' for e in EVIL)
    ae = "USUBJID,AETERM,AETOXGR\n" + "".join('"' + e + '",X,9\n' for e in EVIL)
    opened = Study.open(study(dm__csv="USUBJID,ARM\n" + cells, ae__csv=ae))
    assert sorted(opened.table("DM")["USUBJID"]) == sorted(EVIL)
    assert sorted(analysis_subjects(opened)["USUBJID"]) == sorted(EVIL)
    found = opened.findings.filter(RULE="grade-unknown")
    assert sorted(found["USUBJID"]) == sorted(EVIL)
    assert opened.findings["MESSAGE"].str.len_chars().max() < 300


def test_duplicated_columns_are_kept_apart(study):
    opened = Study.open(study(dm__csv="USUBJID,Arm,ARM,usubjid,X,X,,\n1,a,b,2,3,4,,\n"))
    dm = opened.table("DM")
    assert dm.select("USUBJID", "ARM", "ARM.2", "USUBJID.2", "X", "X.2").row(0) == ("1", "a", "b", "2", "3", "4")
    assert {"COLUMN_7", "COLUMN_8"} <= set(dm.columns)
    assert opened.findings["RULE"].to_list().count("duplicated-column") == 3


def test_an_empty_file_names_itself(study):
    with pytest.raises(InputError, match=r"ae.csv: the file is empty"):
        Study.open(study(dm__csv=DM, ae__csv=b""))


def test_an_empty_folder(tmp_path):
    with pytest.raises(InputError, match="no study was recognised"):
        Study.open(tmp_path)


def test_header_only_everywhere(study):
    opened = Study.open(
        study(
            dm__csv="USUBJID,ARM\n",
            ex__csv="USUBJID,EXTRT,EXDOSE,EXSTDTC,EXENDTC\n",
            tr__csv="USUBJID,TRLNKID,TRTESTCD,TRSTRESN,TRSTRESU,TRDTC,TRGRPID\n",
            tu__csv="USUBJID,TULNKID,TUSTRESC\n",
            rs__csv="USUBJID,RSTESTCD,RSSTRESC,RSDTC\n",
            ds__csv="USUBJID,DSDECOD\n",
            ae__csv="USUBJID,AETERM\n",
            suppae__csv="USUBJID,IDVAR,IDVARVAL,QNAM,QVAL\n",
        )
    )
    assert opened.findings["RULE"].unique().to_list() == ["table-empty"]
    assert analysis_subjects(opened).height == lesions(opened).height == responses(opened).height == 0


def test_a_table_with_hardly_a_column_is_findings(study):
    opened = Study.open(study(dm__csv=DM, tr__csv="X\n1\n", ex__csv="Y\n1\n", ae__csv="Z\n1\n", suppae__csv="Q\n1\n"))
    assert set(opened.errors()["RULE"]) == {"column-missing"}


def test_ten_thousand_columns(study):
    names = ",".join(f"C{i}" for i in range(10_000))
    opened = Study.open(study(dm__csv=f"USUBJID,{names}\n1{',' * 10_000}\n"))
    assert opened.table("DM").width == 10_003


def test_a_row_with_a_million_cells(study):
    opened = Study.open(study(dm__csv=DM + "S-2" + ",x" * 1_000_000 + "\n"))
    assert opened.findings.filter(RULE="ragged-row")["VALUE"].to_list() == ["1000001"]


def test_the_order_of_files_is_not_the_order_of_the_disk(study):
    path = study(dm__csv=DM, DM__CSV="USUBJID\nS-9\n")
    if len(list(path.iterdir())) < 2:
        pytest.skip("this disk does not tell upper from lower case")
    assert Study.open(path).sources["FILE"].to_list() == Study.open(path).sources["FILE"].to_list() == ["DM.CSV"]


@settings(deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([".csv", ".tsv", ".json", ".ndjson", ".parquet", ".xpt", ".xlsx", ".sas7bdat", ".csv.gz"]),
)
def test_no_bytes_raise_anything_but_an_error_of_the_house(tmp_path_factory, data, ending):
    """Law: whatever bytes a file holds, opening it gives a study or an error that names the file."""
    path = tmp_path_factory.mktemp("any")
    (path / f"dm{ending}").write_bytes(data)
    try:
        Study.open(path)
    except Codon12Error as err:
        assert "dm" in str(err) or "DM" in str(err)  # noqa: PT017


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_text_after_a_header_raises(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("any")
    (path / "dm.csv").write_text(
        "USUBJID,ARM,DTHDTC,AGE\n" + text, encoding="utf-8", errors="surrogatepass", newline=""
    )
    try:
        opened = Study.open(path)
        a = opened.accounting
        assert (a["ROWS_READ"] == a["ROWS_USED"] + a["ROWS_EXPLAINED"]).all()
        analysis_subjects(opened)
    except Codon12Error:
        pass
