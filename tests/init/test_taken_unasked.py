"""What a first look takes where nobody answers stands in the findings of the report; answers take it away."""

import pytest

from codon12.derive.study import derive
from codon12.init import propose, write_proposal
from codon12.records import Study

LUNG, SKIN = "Lung", "Melanoma"


def study_of(home, answers=None, **tables):
    for name, rows in tables.items():
        (home / f"{name}.csv").write_text(rows)
    (home / "codon12.toml").unlink(missing_ok=True)
    belief = propose(home, answers=answers)
    write_proposal(belief.toml, home / "codon12.toml")
    return belief, Study.open(home)


def said(study, rule="taken-unasked"):
    return study.findings.filter(RULE=rule)["MESSAGE"].to_list()


def of_several(kinds):
    head = "Patient,Sex,Age,Cancer type,OS (months),Vital status\n"
    return head + "".join(f"P{i},F,{50 + i},{k},{i + 1},dead\n" for i, k in enumerate(kinds))


def test_all_of_several_tumour_types_is_a_finding_that_names_file_column_and_values(tmp_path):
    belief, study = study_of(tmp_path, a=of_several([LUNG, LUNG, SKIN]))
    (question,) = belief.questions
    assert (question.about, question.default) == ("a.csv, Cancer type", "all patients")
    assert question.choices == ("all patients", LUNG, SKIN)
    (told,) = said(study)
    assert told.startswith("a.csv, Cancer type: It tells 2 kinds of patients apart: Lung (2), Melanoma (1).")
    assert told.endswith("Nobody answered; taken: all patients, not Lung, Melanoma.")


def test_an_answer_keeps_these_patients_and_takes_the_finding_away(tmp_path):
    _, study = study_of(tmp_path, {"population:a.csv, Cancer type": LUNG}, a=of_several([LUNG, LUNG, SKIN]))
    assert derive(study).frames["adsl"]["USUBJID"].to_list() == ["P0", "P1"]
    assert said(study) == []


@pytest.mark.parametrize("kinds", [[LUNG] * 3, [""] * 3])
def test_one_tumour_type_is_no_question(tmp_path, kinds):
    belief, study = study_of(tmp_path, a=of_several(kinds))
    assert (belief.questions, said(study)) == ((), [])


def test_a_study_of_the_portal_asks_too(tmp_path):
    (tmp_path / "meta_study.txt").write_text("cancer_study_identifier: s\n")
    for kind, head, rows in (
        ("patient", "PATIENT_ID\tSEX\tOS_MONTHS\tOS_STATUS", "P1\tF\t1\t1:DECEASED\nP2\tM\t2\t0:LIVING"),
        ("sample", "SAMPLE_ID\tPATIENT_ID\tCANCER_TYPE", f"S1\tP1\t{LUNG}\nS2\tP1\t{LUNG}\nS3\tP2\t{SKIN}"),
    ):
        (tmp_path / f"data_clinical_{kind}.txt").write_text(f"{head}\n{rows}\n")
    belief, study = study_of(tmp_path)
    (question,) = belief.questions
    assert "Lung (1), Melanoma (1)" in question.text
    assert len(said(study)) == 1
    _, study = study_of(tmp_path, {question.key: SKIN})
    derived = derive(study)
    assert derived.frames["adsl"].filter(STUDIED="Y")["USUBJID"].to_list() == ["P2"]
    assert {study.config.populations[p] for p in ("enrolled", "safety", "response")} == {"STUDIED = 'Y'"}


DEATHS = (
    "Patient,Sex,Age,Treatment start,Date of death,Last contact\n"
    "1,F,61,2021-01-10,2021-03,2021-03-20\n2,F,62,2021-01-10,,2022-01-02\n3,M,63,2021-01-10,2021-06,2021-05-03\n"
)


@pytest.mark.parametrize(("day", "survived"), [(None, 65), ("first", 51), ("middle", 65), ("last", 81)])
def test_a_death_by_month_counts_on_the_day_that_is_said(tmp_path, day, survived):
    key = "days:a.csv:Date of death"
    belief, study = study_of(tmp_path, {key: day} if day else {}, a=DEATHS)
    assert [q.key for q in belief.questions] == [key]
    times = derive(study).frames["adtte"].filter(PARAMCD="OS").sort("USUBJID")
    assert (times["AVAL"][0], times["CNSR"].to_list()) == (survived, [0, 1, 0])
    (told,) = said(study, "day-assumed")
    assert "2 date(s) of Date of death have a month and no day" in told
    assert bool(said(study)) == (day is None)


VISITS = (
    "Patient,Sex,Treatment start,Best response,Date of progression,Last contact,Vital status\n"
    "1,F,2021-01-10,PR,2021-04-01,2021-09-01,alive\n2,M,2021-01-10,SD,2021-05-01,2021-09-01,alive\n"
    "3,M,2021-01-10,SD,,2021-09-01,alive\n"
)
SCANS = (
    "Patient,Scan date,Response\n"
    "1,2021-02-20,PR\n1,2021-04-01,PD\n2,2021-02-20,SD\n2,2021-04-10,SD\n3,2021-02-20,SD\n3,2021-04-10,SD\n"
)


def test_what_is_told_beside_assessments_and_not_used_is_a_finding(tmp_path):
    _, study = study_of(tmp_path, a=VISITS, b=SCANS)
    best, progress = said(study)
    assert best.startswith("a.csv, Best response: not used")
    assert progress.startswith("a.csv, Date of progression: 1 of 2 patients")


def test_progressions_that_the_assessments_have_are_no_finding(tmp_path):
    _, study = study_of(tmp_path, a=VISITS.replace("2021-05-01", ""), b=SCANS)
    assert [s for s in said(study) if "progression:" in s] == []
