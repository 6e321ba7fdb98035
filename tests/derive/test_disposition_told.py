"""Progression that disposition alone knows of, and people enrolled twice."""

import polars as pl
import pytest

from codon12.derive import derive
from codon12.records import Study
from codon12.records.validation.twice import enrolled_twice

RS = "USUBJID,RSTESTCD,RSSTRESC,RSEVAL,RSDTC\n1,OVRLRESP,SD,INVESTIGATOR,2024-03-01\n"


def told(folder, reason, rs=RS):
    (folder / "dm.csv").write_text("USUBJID,ARM,DTHFL,RFSTDTC\n1,A,N,2024-01-10\n2,A,N,2024-01-10\n")
    (folder / "ex.csv").write_text("USUBJID,EXTRT,EXDOSE,EXSTDTC,EXENDTC\n1,A,1,2024-01-10,2024-03-10\n")
    (folder / "ds.csv").write_text(f"USUBJID,DSDECOD,DSCAT,DSSTDTC\n1,{reason},DISPOSITION EVENT,2024-03-20\n")
    if rs:
        (folder / "rs.csv").write_text(rs)
    frames = derive(Study.open(folder)).frames
    found = frames["findings"].filter(RULE="progression-in-disposition-alone")
    return found.select("TABLE", "ROW", "USUBJID").rows(), frames["adtte"]


@pytest.mark.parametrize("reason", ["PROGRESSIVE DISEASE", "Disease progression"])
def test_progression_that_no_assessment_shows_is_told_and_no_event(tmp_path, reason):
    found, adtte = told(tmp_path, reason)
    assert found == [("DS", 1, "1")]
    assert adtte.filter(PARAMCD="PFS", USUBJID="1")["CNSR"].item() > 0


@pytest.mark.parametrize("reason", ["WITHDRAWAL BY SUBJECT", "ALIVE WITHOUT PROGRESSION"])
def test_other_reasons_are_not(tmp_path, reason):
    assert told(tmp_path, reason)[0] == []


def test_progression_that_an_assessment_shows_is_not_told(tmp_path):
    assert told(tmp_path, "PROGRESSIVE DISEASE", RS.replace("SD", "PD"))[0] == []


def test_without_assessments_nothing_is_expected(tmp_path):
    assert told(tmp_path, "PROGRESSIVE DISEASE", rs=None)[0] == []


def people(*rows):
    frame = pl.DataFrame(rows, schema=["STUDYID", "SITEID", "SUBJID", "USUBJID"], orient="row")
    return {"DM": frame.with_row_index("SRCROW", offset=1)}


def test_one_person_under_two_identifiers_is_told_at_the_second():
    found = enrolled_twice(people(("S", "01", "7", "S-7"), ("S", "02", "7", "S-27"), ("S", "01", "7", "S-107")))
    assert found.select("ROW", "USUBJID", "RULE").rows() == [(3, "S-107", "subject-enrolled-twice")]


def test_a_number_without_its_site_tells_nothing():
    assert enrolled_twice(people(("S", None, "7", "S-7"), ("S", None, "7", "S-107"))).is_empty()
