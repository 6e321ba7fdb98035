"""How patients are, in the words of a registry: births as years, Karnofsky, sentences on smoking, markers in rows."""

import pytest

from codon12.init import propose, write_proposal
from codon12.records import Study
from codon12.records.subjects.adsl import analysis_subjects

HEAD = "Patient ID,Sex,{},First dose,Last contact,Vital status\n"


def registry(home, heading, cells, **more):
    rows = [f"P{i},{'MF'[i % 2]},{c},2020-0{i + 1}-15,2021-01-01,alive" for i, c in enumerate(cells)]
    (home / "p.csv").write_text(HEAD.format(heading) + "\n".join(rows) + "\n")
    for name, text in more.items():
        (home / f"{name}.csv").write_text(text)
    return propose(home)


def adsl_of(home, belief):
    write_proposal(belief.toml, home / "codon12.toml")
    return Study.open(home).table("ADSL")


@pytest.mark.parametrize(
    ("heading", "cells", "ages", "assumed"),
    [
        ("Year of birth", ["1950", "1961", "1972"], [70, 59, 48], True),
        ("Geburtsjahr", ["1950", "1961", "1972"], [70, 59, 48], True),
        ("Date of birth", ["1950-01-16", "1961-02-15", "1972-01-01"], [69, 59, 48], False),  # a day short of 70
    ],
)
def test_an_age_is_made_of_a_birth_and_said_to_be(tmp_path, heading, cells, ages, assumed):
    belief = registry(tmp_path, heading, cells)
    assert ("it may be a year too high" in belief.toml.split("baseline")[0]) == assumed
    assert '"AGE"' in next(line for line in belief.toml.splitlines() if line.startswith("baseline"))
    assert adsl_of(tmp_path, belief)["AGE"].to_list() == ages


@pytest.mark.parametrize(
    "odd", ["smoker until 2010", "smoked 20 years", "no longer a smoker", "Raucher, aufgehort 2005", "never quit"]
)
def test_a_sentence_on_smoking_that_may_turn_leaves_all_as_they_are(tmp_path, odd):
    belief = registry(tmp_path, "Smoking", ["never smoker", "ex-smoker (2010)", "smoker 30 PY", f'"{odd}"'])
    assert odd in adsl_of(tmp_path, belief)["SMOKING"].to_list()
    assert "Former" not in belief.toml


def test_an_age_that_is_there_is_not_made(tmp_path):
    assert "TRY_CAST" not in registry(tmp_path, "Age,Year of birth", ["70,1950", "58,1961", "48,1972"]).toml


def test_a_year_of_diagnosis_is_told_and_not_used(tmp_path):
    assert (
        "Year of diagnosis: unsure: a year of diagnosis" in registry(tmp_path, "Year of diagnosis", ["2019"] * 3).toml
    )


@pytest.mark.parametrize(
    ("heading", "cells", "role", "read"),
    [
        ("Performance status", ["KPS 80", "100%", "60 %"], "KPS", ["80", "100", "60"]),
        ("Karnofsky", ["80", "90", "100"], "KPS", ["80", "90", "100"]),
        ("PS", ["ECOG 1", "ECOG 0", "ECOG 2"], "ECOG", ["1", "0", "2"]),
        (
            "Smoking",
            ["Never smoker", "ex-smoker (2010)", "ex smoker", "smoker 30 PY"],
            "SMOKING",
            ["Never", "Former", "Former", "Current"],
        ),
        ("Smoking", ["never", "former", "ever"], "SMOKING", ["never", "former", "ever"]),  # a code stays what it is
    ],
)
def test_words_of_a_registry_are_read(tmp_path, heading, cells, role, read):
    assert adsl_of(tmp_path, registry(tmp_path, heading, cells))[role].to_list() == read


@pytest.mark.parametrize(("heading", "cells"), [("Primary", ["yes", "no", "no"]), ("Primary", ["1", "2", "3"])])
def test_what_is_no_tumour_type_is_not_asked_about(tmp_path, heading, cells):
    assert not [q for q in registry(tmp_path, heading, cells).questions if q.key.startswith("population")]


def test_which_primary_is_meant_is_asked(tmp_path):
    questions = registry(tmp_path, "Primary", ["NSCLC", "Melanoma", "NSCLC"]).questions
    assert [q.choices for q in questions] == [("all patients", "NSCLC", "Melanoma")]


def test_scores_in_rows_of_their_own_are_columns_of_the_patients(tmp_path):
    rows = "Patient ID,Test,Result\nP0,PD-L1,TPS 60 %\nP1,PD-L1,TPS <1 %\nP0,KRAS,p.G12C\nP2,KRAS,wild type\n"
    rows += "P0,TMB,12.5 mut/Mb\nP1,TMB,3 mut/Mb\nP1,TPS,70\n"
    belief = registry(tmp_path, "Age", ["70", "58", "48"], markers=rows)
    assert "TPS is not used: PD-L1 (Result) tells PDL1 already." in " ".join(belief.notes)
    write_proposal(belief.toml, tmp_path / "codon12.toml")
    study = Study.open(tmp_path)
    adsl = analysis_subjects(study).sort("USUBJID")
    assert adsl.select("PDL1VALUE", "TMBVALUE", "KRASMUT").rows() == [
        (">=50", ">=10", "p.G12C"),
        ("<1", "<10", None),
        (None, None, "Wild type"),
    ]


def test_the_cell_that_keeps_a_column_out_is_named(tmp_path):
    toml = registry(tmp_path, "Age", ["70", "164", "48"]).toml
    assert "the heading may mean AGE, but a cell is 164, outside 0 to 120" in toml
