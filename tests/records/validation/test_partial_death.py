"""What is said of a death of which only month or year is known."""

from __future__ import annotations

import pytest

from codon12.records import Study, analysis_subjects

EX = "USUBJID,EXTRT,EXDOSE,EXSTDTC,EXENDTC\n1,A,1,2021-01-04,{end}\n"
DM = "USUBJID,RFSTDTC,DTHDTC,DTHFL\n1,2021-01-04,{died},Y\n"


@pytest.mark.parametrize(
    ("died", "end", "day", "rules"),
    [
        ("2021", "2021-06-01", "2021-06-01", ["death-date-partial"]),
        ("2021-05", "2021-05-20", "2021-05-20", ["death-date-partial"]),
        ("2021-05", "2021-06-01", "2021-05-01", ["death-before-last-dose", "death-date-partial"]),
        ("2020-12", "2021-02-01", "2020-12-01", ["death-before-start", "death-date-partial"]),
    ],
)
def test_the_day_that_was_taken_and_contacts_after_all_that_it_may_be(folder, died, end, day, rules):
    study = Study.open(folder({"dm.csv": DM.format(died=died), "ex.csv": EX.format(end=end)}))
    assert str(analysis_subjects(study)["DTHDT"][0]) == day
    found = study.findings.filter(study.findings["RULE"].str.contains("death"))
    said = [r for r in found["RULE"].unique().sort() if r not in ("dose-after-death", "record-after-death")]
    assert said == rules
    assert day in found.filter(RULE="death-date-partial")["MESSAGE"][0]
