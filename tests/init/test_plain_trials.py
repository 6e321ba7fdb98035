"""Plain tables of a trial as people keep them: what is read, and what is told where nothing is made of it."""

import pytest

from codon12.analyses import assemble
from codon12.init import propose
from codon12.records import Study

PATIENTS = "Patient ID,Sex,Age,Treatment start,Date of death,Last contact\n" + "".join(
    f"P-{n},{'MF'[n % 2]},6{n},2021-01-0{n},{'2021-06-01' if n < 4 else ''},2021-12-0{n}\n" for n in range(1, 9)
)
EVENTS = "Patient ID,Adverse event,Grade,Start date,Serious\n"


def evidence_of(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    belief = propose(folder)
    (folder / "codon12.toml").write_text(belief.toml, encoding="utf-8")
    evidence = assemble(Study.open(folder))
    return belief, {r["id"]: r["n"] for r in evidence.numbers.iter_rows(named=True)}, evidence.frames["findings"]


def told(findings, rule):
    return findings.filter(RULE=rule).select("TABLE", "ROW", "USUBJID").rows()


@pytest.mark.parametrize(
    "three", ["3", "Grade 3", "G3", "III", "CTCAE 3", "Grad 3", "3.0", "Gr. 3", "3 - Severe", "3=severe", "3°"]
)
def test_a_grade_is_read_however_it_is_written(three, tmp_path):
    rows = "".join(f"P-{n},Rash,{three.replace('3', '2') if n < 4 else three},2021-02-01,No\n" for n in range(1, 7))
    rows = rows.replace("III", "II", 3)
    _, numbers, findings = evidence_of(tmp_path, patients=PATIENTS, events=EVENTS + rows)
    assert (numbers["ae.grade3.all"], numbers["ae.grade_ge3.all"], numbers["ae.any.all"]) == (3, 3, 6)
    assert "grade-unknown" not in findings["RULE"].to_list()


def test_where_no_event_has_a_grade_none_is_counted_and_the_column_is_named(tmp_path):
    rows = "P-1,Nausea,mean,2021-02-01,No\n"
    rows += "".join(f"P-{n},Rash,bad,2021-02-01,No\n" for n in range(1, 7))
    belief, numbers, findings = evidence_of(tmp_path, patients=PATIENTS, events=EVENTS + rows)
    assert [k for k in numbers if k.startswith("ae.") and "grade" in k] == []
    assert "# Grade: unsure" in belief.toml
    assert "AE: no event has a grade that can be read; no table counts events by it." in findings["MESSAGE"].to_list()


def test_a_fatal_event_does_not_say_that_events_are_graded(tmp_path):
    dm = "USUBJID,RFXSTDTC,ARM\n" + "".join(f"{n},2021-01-01,A\n" for n in range(1, 5))
    (tmp_path / "dm.csv").write_text(dm)
    (tmp_path / "ae.csv").write_text(
        "USUBJID,AETERM,AESTDTC,AEOUT\n1,Rash,2021-02-01,RECOVERED\n2,Sepsis,2021-02-01,FATAL\n3,Pain,2021-02-01,\n"
    )
    evidence = assemble(Study.open(tmp_path))
    assert [k for k in evidence.numbers["id"] if k.startswith("ae.") and "grade" in k] == []
    none = evidence.frames["findings"].filter(RULE="event-word-not-recorded")["VARIABLE"].to_list()
    assert "AETOXGR" in none


def test_grades_that_are_several_are_told_row_by_row(tmp_path):
    rows = "".join(f"P-{n},Rash,{'3-4' if n < 5 else 2},2021-02-01,No\n" for n in range(1, 7))
    _, numbers, findings = evidence_of(tmp_path, patients=PATIENTS, events=EVENTS + rows)
    assert numbers["ae.grade1_2.all"] == 2
    assert told(findings, "grade-unknown") == [("AE", n, f"P-{n}") for n in range(1, 5)]


@pytest.mark.parametrize("none", ["Rash,0,2021-02-01", "None,,", "No adverse event,0,", "Keine,,"])
def test_grade_0_and_a_term_that_says_none_are_no_event(none, tmp_path):
    # CTC 2.0: grade 0 is no adverse event or within normal limits
    rows = "".join(f"P-{n},Rash,2,2021-02-01,No\n" for n in range(1, 6)) + f"P-6,{none},\n"
    _, numbers, findings = evidence_of(tmp_path, patients=PATIENTS, events=EVENTS + rows)
    assert numbers["ae.any.all"] == 5
    assert told(findings, "event-did-not-occur") == [("AE", 6, "P-6")]


def test_events_of_somebody_else_are_told(tmp_path):
    rows = "".join(f"{who},Rash,3,2021-02-01,No\n" for who in ("P-1", "P-2", "P-3", "P\u20134", "Q-9"))
    _, numbers, findings = evidence_of(tmp_path, patients=PATIENTS, events=EVENTS + rows)
    assert numbers["ae.any.all"] == 3
    assert told(findings, "subject-not-in-adsl") == [("AE", 4, "P\u20134"), ("AE", 5, "Q-9")]
    assert told(findings, "subject-id-alike") == [("AE", 4, "P\u20134")]


def test_a_table_of_patients_written_otherwise_is_named_in_every_report(tmp_path):
    rows = "".join(f"p-{n},Rash,3,2021-02-01,No\n" for n in range(1, 9))
    belief, _, findings = evidence_of(tmp_path, patients=PATIENTS, events=EVENTS + rows)
    assert any("such as p-1) are not those of patients.csv (Patient ID, such as P-1)" in n for n in belief.notes)
    assert findings.filter(RULE="file-not-read")["VALUE"].to_list() == ["events.csv"]


@pytest.mark.parametrize(
    "extra",
    [
        "Patient ID,Sex,Age,Treatment start,Date of death,Last contact\n",
        "Subject,Sex of subject,Age at start,Day,Day,Day\n",
    ],
)
def test_headings_again_and_labels_are_no_patient(extra, tmp_path):
    head, _, rest = PATIENTS.partition("\n")
    text = f"{head}\n{extra}{rest}" if extra.startswith("Subject") else PATIENTS + extra
    _, numbers, _ = evidence_of(tmp_path, patients=text)
    assert (numbers["baseline.sex.female.all"], numbers["os.events.all"]) == (4, 3)


def test_a_status_that_contradicts_the_vital_status_makes_no_survival(tmp_path):
    rows = "Patient ID,Sex,Age,OS_MONTHS,OS status,Vital status\n" + "".join(
        f"P{n},M,60,{n}.5,{int(n > 3)},{'dead' if n < 4 else 'alive'}\n" for n in range(1, 9)
    )
    belief, numbers, _ = evidence_of(tmp_path, patients=rows)
    assert "os.events.all" not in numbers
    assert "OS was not made: 'OS status' and 'Vital status' contradict one another in 8 of 8 patients." in belief.notes


def test_one_status_that_the_vital_status_denies_is_told(tmp_path):
    rows = "Patient ID,Sex,Age,OS_MONTHS,OS status,Vital status\n" + "".join(
        f"P{n},M,60,{n}.5,{int(n in (1, 2, 8))},{'dead' if n < 4 else 'alive'}\n" for n in range(1, 9)
    )
    _, numbers, findings = evidence_of(tmp_path, patients=rows)
    assert numbers["os.events.all"] == 3
    assert told(findings, "survival-and-death-differ") == [("ADSL", 3, "P3"), ("ADSL", 8, "P8")]


def test_a_column_that_marks_the_dead_alone_leaves_survival_to_the_dates(tmp_path):
    head, *rows = PATIENTS.splitlines()
    rows = [f"{r},{'X' if ',2021-06-01,' in r else ''}" for r in rows]
    _, numbers, findings = evidence_of(tmp_path, patients="\n".join([f"{head},Dead", *rows]))
    assert numbers["os.events.all"] == 3
    assert "status-missing" not in findings["RULE"].to_list()


def test_responses_go_before_sizes_of_targets_alone(tmp_path):
    sizes = "Patient ID,Lesion,Scan date,Diameter (mm)\n" + "".join(
        f"P-{n},T1,2020-12-30,30\nP-{n},T1,2021-02-20,30\n" for n in range(1, 9)
    )
    words = "Patient ID,Scan date,Response\n" + "".join(
        f"P-{n},2021-02-20,{'PD' if n < 3 else 'SD'}\n" * 1 for n in range(1, 9)
    )
    words += "".join(f"P-{n},2021-04-20,SD\n" for n in range(3, 9))
    _, numbers, findings = evidence_of(tmp_path, patients=PATIENTS, lesions=sizes, responses=words)
    assert numbers["bor.pd.investigator.all"] == 2
    assert any("lesions.csv: not used; it has sizes of target lesions alone" in m for m in findings["MESSAGE"])


@pytest.mark.parametrize("asked", [None, "%d/%m/%Y or %m/%d/%Y"])
def test_dates_of_which_some_have_the_day_first_and_some_the_month_are_asked_for(asked, tmp_path):
    head, *rows = PATIENTS.splitlines()
    days = [
        "13/01/2021",
        "14/01/2021",
        "15/01/2021",
        "03/04/2021",
        "01/16/2021",
        "01/17/2021",
        "01/18/2021",
        "04/04/2021",
    ]
    rows = [",".join([*r.split(",")[:3], day, *r.split(",")[4:]]) for r, day in zip(rows, days, strict=True)]
    (tmp_path / "patients.csv").write_text("\n".join([head, *rows]) + "\n")
    question = next(q for q in propose(tmp_path).questions if q.key.startswith("date:"))
    assert question.choices == ("%d/%m/%Y", "%m/%d/%Y", "%d/%m/%Y or %m/%d/%Y")
    belief = propose(tmp_path, answers={question.key: asked} if asked else {})
    (tmp_path / "codon12.toml").write_text(belief.toml)
    study = Study.open(tmp_path)
    if asked is None:
        assert "TRTSDT" not in study.table("ADSL").columns
        return
    assert study.table("ADSL")["TRTSDT"].is_null().to_list() == [k == 3 for k in range(8)]
    assert told(study.findings, "not-a-date") == [("ADSL", 4, "P-4")]


def test_where_no_first_dose_of_anybody_is_known_all_events_count(tmp_path):
    patients = "\n".join(",".join(r.split(",")[:3]) for r in PATIENTS.splitlines()) + "\n"
    rows = "".join(f"P-{n},Rash,3,,No\nP-{n},Nausea,1,,No\n" for n in range(1, 4))
    _, numbers, findings = evidence_of(tmp_path, patients=patients, events=EVENTS + rows)
    assert (numbers["ae.any.all"], numbers["ae.grade3.all"]) == (3, 3)
    assert told(findings, "first-dose-not-known") == [("AE", None, None)]


def test_a_second_table_of_events_is_told_with_the_rows_that_the_first_lacks(tmp_path):
    one, other = (
        "".join(f"P-{n},Rash,3,2021-02-0{n},No\nP-{n},Nausea,1,2021-02-0{n},No\n" for n in ns)
        for ns in (range(1, 5), range(3, 7))
    )
    _, numbers, findings = evidence_of(tmp_path, patients=PATIENTS, ae_2020=EVENTS + one, ae_2021=EVENTS + other)
    assert numbers["ae.any.all"] == 4
    assert any(
        "ae_2021.csv: not used; ae_2020.csv is read as AE, which lacks 4 of its 8 rows" in m
        for m in findings["MESSAGE"]
    )


def test_one_event_a_patient_is_a_table_of_events(tmp_path):
    rows = "".join(f"P-{n},Rash,{n},2021-02-01\n" for n in range(1, 6))
    _, numbers, _ = evidence_of(tmp_path, patients=PATIENTS, ae="Patient ID,Adverse event,Grade,Start date\n" + rows)
    assert numbers["ae.grade_ge3.all"] == 3


@pytest.mark.parametrize(
    ("heading", "times", "told"),
    [
        ("OS (days)", ["1,167", "783", "950", "1,680"], "'1,167' may be more than a thousand, or no whole number"),
        ("OS (Tage)", ["1.167", "783", "950", "1.680"], "'1.167' may be more than a thousand, or no whole number"),
        ("OS_MONTHS", ["12.5", "8.25", "999", "3.1"], "999 months are more than 40 years"),
        ("OS_MONTHS", ["12.5", "8.25", "NR", "NR"], "is filled for those with the event alone"),
    ],
)
def test_times_that_may_be_others_make_no_survival(heading, times, told, tmp_path):
    rows = "".join(f'P{n};M;6{n};"{t}";{int(n < 2)}\n' for n, t in enumerate(times))
    belief, numbers, _ = evidence_of(tmp_path, patients=f"Patient ID;Sex;Age;{heading};OS_STATUS\n{rows}")
    assert "os.events.all" not in numbers
    assert told in belief.toml


def test_three_decimals_of_every_time_are_decimals(tmp_path):
    rows = "".join(f"P{n},M,6{n},{n + 1}.125,{n % 2}\n" for n in range(8))
    _, numbers, _ = evidence_of(tmp_path, patients=f"Patient ID,Sex,Age,OS_MONTHS,OS_STATUS\n{rows}")
    assert numbers["os.events.all"] == 4


def test_sizes_and_responses_are_held_against_the_start_of_plain_tables(tmp_path):
    words = "Patient ID,Scan date,Response\n" + "".join(
        f"P-{n},{'2020-12-01' if n == 2 else '2021-02-20'},SD\nP-{n},2021-04-20,SD\n" for n in range(1, 9)
    )
    _, _, findings = evidence_of(tmp_path, patients=PATIENTS, responses=words)
    assert told(findings, "response-before-start") == [("RS", 3, "P-2")]


def test_a_target_first_measured_after_the_start_of_plain_tables_is_told(tmp_path):
    sizes = "Patient ID,Lesion,Scan date,Diameter (mm)\n" + "".join(
        f"P-{n},T1,{'2021-01-20' if n == 3 else '2020-12-30'},30\nP-{n},T1,2021-02-20,30\n" for n in range(1, 9)
    )
    _, _, findings = evidence_of(tmp_path, patients=PATIENTS, lesions=sizes)
    assert told(findings, "lesion-without-baseline") == [("TR", 5, "P-3")]
