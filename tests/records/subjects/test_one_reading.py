"""Subjects whose arms and ages are written in several ways."""

import pytest

from codon12.records import Study
from codon12.records.subjects.adsl import analysis_subjects


def subjects(folder, name, text, config=""):
    (folder / name).write_text(text)
    (folder / "codon12.toml").write_text(config)
    study = Study.open(folder)
    return analysis_subjects(study), study.findings


def test_arms_that_differ_in_case_and_blanks_are_one(tmp_path):
    adsl, found = subjects(
        tmp_path, "adsl.csv", "USUBJID,TRT01P,TRT01A\n1,Drug A,Drug A\n2,DRUG A,Drug  A\n3,Drug A,Drug B\n"
    )
    assert adsl.select("TRT01P", "TRT01A").rows() == [("Drug A", "Drug A"), ("Drug A", "Drug A"), ("Drug A", "Drug B")]
    assert found.filter(RULE="arm-spelling").select("ROW", "VARIABLE").rows() == [(2, "TRT01A"), (2, "TRT01P")]


def test_labels_of_the_study_go_before_spellings(tmp_path):
    config = '[treatments]\n"drug a" = "Sotorasib"\n"DRUG A" = "Sotorasib"\n'
    adsl, _ = subjects(tmp_path, "adsl.csv", "USUBJID,TRT01P\n1,drug a\n2,DRUG A\n", config)
    assert adsl["TRT01P"].to_list() == ["Sotorasib", "Sotorasib"]


@pytest.mark.parametrize(
    ("age", "unit", "years", "rule"),
    [
        ("720", "MONTHS", 60.0, ["age-converted"]),
        ("6", "Decades", 60.0, ["age-converted"]),
        ("60", "years", 60.0, []),
        ("60", "", 60.0, []),
        ("60", "MOONS", 60.0, ["age-unit-unknown"]),
    ],
)
def test_ages_are_in_years(tmp_path, age, unit, years, rule):
    adsl, found = subjects(tmp_path, "adsl.csv", f"USUBJID,AGE,AGEU,TRT01P\n1,{age},{unit},A\n2,50,YEARS,A\n")
    assert adsl["AGE"].to_list() == [years, 50.0]
    assert [r for r in found["RULE"] if r.startswith("age")] == rule
