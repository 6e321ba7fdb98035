"""What adverse events leave open between grade, severity, flags and times of day, and what is told of it."""

import pytest

from codon12.derive import derive
from codon12.records import Study

EX = "USUBJID,EXTRT,EXDOSE,EXSTDTC,EXENDTC\n1,A,1,2024-01-10T09:00,2024-02-10\n"


@pytest.fixture
def events(tmp_path):
    """Events of one subject treated from 9 o'clock on 10 January."""

    def of(head, *rows, ex=EX):
        (tmp_path / "dm.csv").write_text("USUBJID,ARM,DTHFL\n1,A,N\n")
        (tmp_path / "ex.csv").write_text(ex)
        (tmp_path / "ae.csv").write_text(
            "\n".join([f"USUBJID,AETERM,AESTDTC,{head}", *(f"1,{r}" for r in rows)]) + "\n"
        )
        frames = derive(Study.open(tmp_path)).frames
        found = frames["findings"].filter(TABLE="AE").select("RULE", "ROW").rows()
        return frames["adae"], [f for f in found if f[0] not in ("event-word-not-recorded", "grade-missing")]

    return of


def test_severity_stands_for_a_grade_that_no_event_has(events):
    adae, found = events("AESEV", "X,2024-01-12,SEVERE", "Y,2024-01-12,Mild")
    assert adae["ATOXGR"].to_list() == [3, 1]
    assert found == [("grade-from-severity", None)]


def test_severity_stands_for_a_grade_that_one_event_lacks(events):
    adae, found = events("AESEV,AETOXGR", "X,2024-01-12,SEVERE,", "Y,2024-01-12,MILD,1")
    assert adae["ATOXGR"].to_list() == [3, 1]
    assert found == [("grade-from-severity", 1)]


@pytest.mark.parametrize(
    ("severity", "grade", "told"),
    [("SEVERE", 4, False), ("SEVERE", 1, True), ("MODERATE", 3, True), ("MILD", 1, False), ("Moderate", 2, False)],
)
def test_a_severity_beside_another_grade_is_told(events, severity, grade, told):
    adae, found = events("AESEV,AETOXGR", f"X,2024-01-12,{severity},{grade}")
    assert adae["ATOXGR"].to_list() == [grade]
    assert found == ([("severity-differs", 1)] if told else [])


def test_two_grades_of_one_event_are_told(events):
    adae, found = events("AETOXGR,ATOXGR", "X,2024-01-12,3,4", "Y,2024-01-12,2,2")
    assert adae["ATOXGR"].to_list() == [4, 2]
    assert found == [("grades-differ", 1)]


@pytest.mark.parametrize(
    ("start", "emergent"),
    [
        ("2024-01-10T07:30", False),
        ("2024-01-10T09:00", True),
        ("2024-01-10T00:00", True),  # midnight stands for no time
        ("2024-01-10", True),
        ("2024-01-11T07:30", True),
    ],
)
def test_times_of_day_on_the_day_of_the_first_dose(events, start, emergent):
    adae, found = events("AETOXGR", f"X,{start},2")
    assert adae["TRTEMFL"].to_list() == ["Y" if emergent else None]
    assert found == ([] if emergent else [("event-before-dose-that-day", 1)])


def test_a_dose_of_that_day_without_a_time_leaves_its_order_open(events):
    adae, found = events("AETOXGR", "X,2024-01-10T07:30,2", ex=EX + "1,B,1,2024-01-10,2024-02-10\n")
    assert adae["TRTEMFL"].to_list() == ["Y"]
    assert found == []


def test_a_flag_of_the_sponsor_that_says_otherwise_is_told(events):
    adae, found = events("AETOXGR,AETRTEM", "X,2024-01-12,2,N", "Y,2023-12-01,2,Y", "Z,2024-01-12,2,Y")
    assert adae["TRTEMFL"].to_list() == ["Y", None, "Y"]
    assert found == [("emergence-differs", 1), ("emergence-differs", 2)]
