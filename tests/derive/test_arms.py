"""Randomised studies: efficacy by the treatment assigned in everybody randomised, safety by the treatment given."""

import polars as pl
import pytest

from codon12 import assemble
from codon12.records import Study

DM = """STUDYID,DOMAIN,USUBJID,RFSTDTC,AGE,SEX,ARM,ACTARM,DTHFL,DTHDTC
S,DM,1,2022-01-10,60,M,A,B,Y,2022-03-15
S,DM,2,2022-01-10,61,F,A,,Y,2022-04-15
S,DM,3,2022-01-10,62,M,A,A,,
S,DM,4,2022-01-10,63,F,B,B,Y,2022-05-15
S,DM,5,2022-01-10,64,M,B,B,,
"""
DS = "STUDYID,DOMAIN,USUBJID,DSDECOD,DSCAT,DSSTDTC\n" + "".join(
    f"S,DS,{i},RANDOMIZED,PROTOCOL MILESTONE,2022-01-10\n" for i in range(1, 6)
)
EX = "STUDYID,DOMAIN,USUBJID,EXTRT,EXDOSE,EXSTDTC,EXENDTC\n" + "".join(
    f"S,EX,{i},X,10,2022-01-12,2022-02-01\n" for i in (1, 3, 4, 5)
)
AE = "STUDYID,DOMAIN,USUBJID,AETERM,AETOXGR,AESTDTC\nS,AE,1,Rash,2,2022-01-20\n"


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    tmp_path = tmp_path_factory.mktemp("study")
    for name, text in {"dm": DM, "ds": DS, "ex": EX, "ae": AE}.items():
        (tmp_path / f"{name}.csv").write_text(text)
    return assemble(Study.open(tmp_path))


@pytest.mark.parametrize(
    ("number", "n", "total"),
    [
        ("flow.randomised.a", 3, 3),
        ("flow.randomised.b", 2, 2),
        ("flow.treated.a", 2, 3),
        ("baseline.sex.male.a", 2, 3),
        ("os.events.a", 2, 3),
        ("os.events.b", 1, 2),
        ("os.events.all", 3, 5),
        ("ae.any.a", 0, 1),
        ("ae.any.b", 1, 3),
        ("exposure.duration.median.b", 3, 3),
    ],
)
def test_who_is_compared_with_whom(evidence, number, n, total):
    row = evidence.numbers.filter(id=number).row(0, named=True)
    assert (row["n"], row["N"]) == (n, total)


def test_the_dead_are_not_ongoing(evidence):
    adsl = evidence.frames["adsl"].filter(DTHFL="Y")
    assert adsl["EOSSTT"].unique().to_list() == ["DISCONTINUED"]
    assert adsl.filter(SAFFL="Y").select("EOTSTT", "DCTREAS").unique().rows() == [("DISCONTINUED", "DEATH")]
    assert evidence.frames["findings"].filter(RULE="ended-by-death")["USUBJID"].sort().to_list() == ["1", "2", "4"]


def test_the_methods_say_so(evidence):
    text = dict(evidence.methods)["Populations"]
    assert "everybody randomised, by the treatment assigned" in text
    assert "everybody treated, by the treatment given" in text


def test_who_was_treated_otherwise_is_named(evidence):
    assert evidence.frames["findings"].filter(RULE="treated-otherwise")["USUBJID"].to_list() == ["1"]


def test_every_number_is_traced_to_as_many_subjects_as_it_counts(evidence):
    counts = evidence.numbers.filter(pl.col("kind") == "count", pl.col("analysis").is_in(["flow", "os", "ae-overview"]))
    wrong = counts.filter(pl.col("subjects").list.len() != pl.col("n"))
    assert wrong["id"].to_list() == []


def test_words_that_no_event_has_make_no_row_of_zeros(evidence):
    counted = evidence.numbers["id"]
    assert counted.str.starts_with("ae.any.").any()
    assert not counted.str.contains(r"^ae\.(serious|related|modified|discontinued)\.").any()
    told = evidence.frames["findings"].filter(RULE="event-word-not-recorded")
    assert told["VARIABLE"].to_list() == ["AEACN", "AEREL", "AESER"]


def test_events_of_who_was_never_treated_are_named(tmp_path):
    ae = AE + "S,AE,2,Rash,2,2022-01-20\nS,AE,2,Cough,3,2022-01-21\n"
    for name, text in {"dm": DM, "ds": DS, "ex": EX, "ae": ae}.items():
        (tmp_path / f"{name}.csv").write_text(text)
    made = assemble(Study.open(tmp_path))
    told = made.frames["findings"].filter(RULE="event-of-untreated")
    assert told.select("TABLE", "ROW", "USUBJID", "SEVERITY").rows() == [("AE", 2, "2", "warning")]
    assert made.frames["adae"].filter(USUBJID="2")["TRTEMFL"].to_list() == [None, None]
