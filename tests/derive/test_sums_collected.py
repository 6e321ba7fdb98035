"""Sums of diameters recorded in TR beside lesions, or alone."""

import pytest

from codon12.derive import derive
from codon12.records import Study

HEAD = "USUBJID,TRGRPID,TRLNKID,TRTESTCD,TRSTRESN,TRSTRESU,TREVAL,VISITNUM,TRDTC\n"
LESIONS = [
    "1,TARGET,T01,LDIAM,30,mm,INVESTIGATOR,1,2024-01-05",
    "1,TARGET,T02,LDIAM,20,mm,INVESTIGATOR,1,2024-01-05",
    "1,TARGET,T01,LDIAM,20,mm,INVESTIGATOR,2,2024-02-20",
    "1,TARGET,T02,LDIAM,10,mm,INVESTIGATOR,2,2024-02-20",
]


@pytest.fixture
def told(tmp_path):
    """Findings on sums, and the sums derived, of one subject."""

    def of(*rows):
        (tmp_path / "dm.csv").write_text("USUBJID,ARM,DTHFL,RFSTDTC\n1,A,N,2024-01-10\n")
        (tmp_path / "ex.csv").write_text("USUBJID,EXTRT,EXDOSE,EXSTDTC,EXENDTC\n1,A,1,2024-01-10,2024-03-10\n")
        (tmp_path / "tr.csv").write_text(HEAD + "\n".join(rows) + "\n")
        frames = derive(Study.open(tmp_path)).frames
        found = frames["findings"].filter(TABLE="TR")
        sums = frames["adtr"]["AVAL"].to_list() if "adtr" in frames else None
        return [r for r in found.select("RULE", "ROW").rows() if r[0].startswith("sum-")], sums

    return of


@pytest.mark.parametrize(
    ("size", "unit", "day", "differs"),
    [
        (30, "mm", "2024-02-20", False),
        (3, "cm", "2024-02-20", False),
        (30.4, "mm", "2024-02-20", False),
        (40, "mm", "2024-02-20", True),
        (40, "mm", "2024-02-22", True),  # of the visit, on another day
    ],
)
def test_a_sum_that_the_lesions_do_not_give_is_told(told, size, unit, day, differs):
    found, sums = told(*LESIONS, f"1,TARGET,,SUMDIAM,{size},{unit},INVESTIGATOR,2,{day}")
    assert sums == [50.0, 30.0]
    assert found == ([("sum-differs", 5)] if differs else [])


def test_sums_without_lesions_are_told_once_a_subject(told):
    sums = ["1,TARGET,,SUMDIAM,50,mm,INVESTIGATOR,1,2024-01-05", "1,TARGET,,SUMDIAM,20,mm,INVESTIGATOR,2,2024-02-20"]
    assert told(*sums)[0] == [("sum-not-used", 1)]


def test_a_sum_of_a_visit_without_a_size_is_told(told):
    found, sums = told(*LESIONS, "1,TARGET,,SUMDIAM,20,mm,INVESTIGATOR,3,2024-04-05")
    assert (found, sums) == ([("sum-not-used", 5)], [50.0, 30.0])
