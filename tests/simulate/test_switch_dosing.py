"""Dosing records as courses: tiny files, doses counted by hand."""

from __future__ import annotations

import json

import pytest

from codon12.cli import main
from codon12.errors import InputError
from codon12.simulate.switch.dosed_occupancy import occupancy_of_courses
from codon12.simulate.switch.dosing import read_doses
from codon12.simulate.switch.figure_frames import typical
from codon12.simulate.switch.occupancy import periodic_occupancy
from codon12.simulate.switch.parameters import shipped_set

HEAD = "USUBJID,EXDOSE,EXDOSU,EXDOSFRQ,EXSTDTC,EXENDTC\n"


def doses(tmp_path, text, head=HEAD):
    file = tmp_path / "ex.csv"
    file.write_text(head + text)
    return read_doses(file)


def test_records_become_doses_with_the_end_included_and_a_pause_kept(tmp_path):
    a, b = doses(
        tmp_path,
        "S1,480,mg,QD,2020-01-05,2020-01-06\nS2,240,mg,BID,2020-02-01T09:00,2020-02-02T09:00\n"
        "S1,960,mg,QD,2020-01-01,2020-01-02\nS1,0,mg,QD,2020-01-03,2020-01-04\n",
    )
    assert (a.subject, a.undated, a.end) == ("S1", 3, 144.0)
    assert a.hours.tolist() == [0, 24, 48, 72, 96, 120]
    assert a.doses.tolist() == [960, 960, 0, 0, 480, 480]
    assert (b.subject, b.undated, b.end) == ("S2", 0, 36.0)
    assert b.hours.tolist() == [0, 12, 24]


def test_hours_may_stand_for_dates_and_an_interval_for_a_term(tmp_path):
    (a,) = doses(tmp_path, "S1,100,mg,10,5,30\n", head="USUBJID,EXDOSE,EXDOSU,EVERY,START,END\n")
    assert (a.hours.tolist(), a.doses.tolist(), a.end) == ([0, 10, 20], [100, 100, 100], 30)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("S1,-1,mg,QD,2020-01-01,2020-01-02\n", "row 2, 'S1': EXDOSE -1 is below 0"),
        ("S1,x,mg,QD,2020-01-01,2020-01-02\n", "row 2, 'S1': EXDOSE 'x' is not a number"),
        ("S1,1,g,QD,2020-01-01,2020-01-02\n", "row 2, 'S1': EXDOSU 'g' is not known"),
        ("S1,1,mg,PRN,2020-01-01,2020-01-02\n", "row 2, 'S1': EXDOSFRQ 'PRN' is not known"),
        ("S1,1,mg,QD,,2020-01-02\n", "row 2, 'S1': EXSTDTC is missing"),
        ("S1,1,mg,QD,2020-01-01,2020-01\n", "row 2, 'S1': EXENDTC '2020-01' is no full date"),
        ("S1,1,mg,QD,2020-01-03,2020-01-02\n", "EXENDTC is before EXSTDTC (2020-01-03 to 2020-01-02)"),
        (",1,mg,QD,2020-01-01,2020-01-02\n", "row 2: USUBJID is missing"),
        (
            "S1,1,mg,QD,2020-01-01,2020-01-02\nS2,1,mg,QD,2020-01-01,2020-01-02\nS1,1,mg,QD,2020-01-02,2020-01-04\n",
            "rows 2 and 4, 'S1': records overlap (2020-01-01 to 2020-01-02; 2020-01-02 to 2020-01-04)",
        ),
        ("S1,1,mg,QD,1020-01-01,2020-01-02\n", "more than 20,000 doses"),
        ("S1,1,mg,QD,1990-01-01,1990-01-02\nS1,1,mg,QD,2020-01-01,2020-01-02\n", "more than ten years"),
        ("S1,1,mg,QD,2020-01-01T08:00+02:00,2020-01-02\n", "is no full date"),
        ("", "one dosing record at least"),
    ],
)
def test_what_cannot_be_names_file_row_subject_and_values(tmp_path, text, said):
    with pytest.raises(InputError) as stop:
        doses(tmp_path, text)
    assert str(stop.value).startswith("ex.csv")
    assert said in str(stop.value)


def test_a_long_course_reaches_the_steady_state_and_no_dose_leaves_the_protein_as_it_was(tmp_path):
    courses = doses(tmp_path, "S1,960,mg,QD,2020-01-01,2020-01-20\nS2,0,mg,QD,2020-01-01,2020-01-03\n")
    p = shipped_set()
    frame = occupancy_of_courses(p, courses)
    steady = periodic_occupancy(*typical(p))
    last = frame.row(19, named=True)
    assert (frame.height, last["USUBJID"], last["DAY"], last["DOSE"]) == (23, "S1", 20, 960)
    assert last["INHIBITION"] == pytest.approx(float(steady.inhibition), abs=2e-3)
    assert last["GTP_OVER_BASELINE"] == pytest.approx(float(steady.mean_over_baseline), abs=2e-3)
    assert last["BOUND_MAX"] == pytest.approx(float(steady.bound_max), abs=5e-3)
    none = frame.tail(3)
    assert none["BOUND_MAX"].to_list() == pytest.approx([0, 0, 0], abs=1e-9)
    assert none["INHIBITION"].to_list() == pytest.approx([0, 0, 0], abs=1e-9)
    assert occupancy_of_courses(p, courses[:1]).equals(frame.head(20))


def test_the_command_follows_one_patient_by_day_and_several_by_line(capsys, tmp_path):
    def run(*arguments):
        with pytest.raises(SystemExit) as stop:
            main(["simulate", "occupancy", "--doses", str(tmp_path / "ex.csv"), *arguments])
        seen = capsys.readouterr()
        return stop.value.code, seen.out, seen.err

    doses(tmp_path, "S1,960,mg,QD,2020-01-01,2020-01-02\nS2,480,mg,BID,2020-01-01T08:00,2020-01-01T20:00\n")
    code, out, err = run()
    assert (code, "2 patients" in out, "One line a patient" in out, "1 records" in err) == (0, True, True, True)
    code, out, _ = run("--json")
    body = json.loads(out)
    assert [(r["USUBJID"], r["DAY"], r["DOSE"]) for r in body["days"]] == [
        ("S1", 1, 960),
        ("S1", 2, 960),
        ("S2", 1, 960),
    ]
    assert run("--every", "12")[0] == 2
    doses_of_none = HEAD + "S1,960,g,QD,2020-01-01,2020-01-02\n"
    (tmp_path / "ex.csv").write_text(doses_of_none)
    code, out, err = run()
    assert (code, out, "row 2, 'S1': EXDOSU 'g'" in err) == (2, "", True)
