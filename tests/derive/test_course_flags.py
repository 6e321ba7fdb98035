"""Two evaluators: each has a course of responses of its own, and neither stands in for the other."""

from __future__ import annotations

import pytest

from codon12.analyses import assemble
from codon12.records import Study

DM = "USUBJID,RFSTDTC,ARM\n1,2021-01-04,A\n2,2021-01-04,A\n"
EX = "USUBJID,EXTRT,EXDOSE,EXSTDTC,EXENDTC\n1,A,1,2021-01-04,2021-09-01\n2,A,1,2021-01-04,2021-09-01\n"
DATES = ("2021-03-01", "2021-05-01")


def study(folder, central):
    said = {"INVESTIGATOR": {"1": ("PR", "PR"), "2": ("PR", "PR")}, "INDEPENDENT ASSESSOR": central}
    rs = [
        f"{subject},OVRLRESP,{word},{who},{date}"
        for who, subjects in said.items()
        for subject, words in subjects.items()
        for word, date in zip(words, DATES, strict=True)
    ]
    head = "USUBJID,RSTESTCD,RSSTRESC,RSEVAL,RSDTC"
    for name, text in {"dm": DM, "ex": EX, "rs": "\n".join([head, *rs]) + "\n"}.items():
        (folder / f"{name}.csv").write_text(text)
    return assemble(Study.open(folder))


@pytest.mark.parametrize("number", ["first_assessment", "ongoing"])
def test_each_evaluator_has_a_course_of_its_own(tmp_path, number):
    evidence = study(tmp_path, {"1": ("SD", "PD"), "2": ("PR", "PR")})
    counts = [evidence[f"response.{number}.{who}.all"] for who in ("central", "investigator")]
    assert [(got.n, got.N) for got in counts] == [(1, 1), (2, 2)]


def test_without_a_responder_by_central_review_no_other_reader_tells_the_duration(tmp_path):
    evidence = study(tmp_path, {"1": ("SD", "PD"), "2": ("SD", "SD")})
    endpoints = set(evidence.numbers["endpoint"])
    assert "pfs.events" in endpoints
    assert not {e for e in endpoints if e.startswith(("dor", "ttr"))}
    assert evidence["orr.central.all"].n == 0


def test_who_has_no_central_review_is_named(tmp_path):
    evidence = study(tmp_path, {"1": ("SD", "PD")})
    found = evidence.frames["findings"].filter(RULE="review-missing")
    assert found.select("USUBJID", "ROW", "SEVERITY").rows() == [("2", 3, "note")]


@pytest.mark.parametrize(("reader", "told"), [("INVESTIGATOR", ["DOR"]), ("INDEPENDENT ASSESSOR", [])])
def test_given_times_by_another_reader_than_the_responses_are_named(tmp_path, reader, told):
    (tmp_path / "adsl.csv").write_text("USUBJID,TRT01A,SAFFL,TRTSDT\n1,A,Y,2024-01-01\n2,A,Y,2024-01-01\n")
    best = [f"{u},BOR,PR,{who}" for who in ("INDEPENDENT ASSESSOR", "INVESTIGATOR") for u in "12"]
    (tmp_path / "adrs.csv").write_text("\n".join(["USUBJID,PARAMCD,AVALC,EVAL", *best]) + "\n")
    rows = "USUBJID,PARAMCD,AVAL,AVALU,CNSR,EVAL\n1,PFS,9,DAYS,0,INDEPENDENT ASSESSOR\n1,DOR,5,DAYS,0,{}\n"
    (tmp_path / "adtte.csv").write_text(rows.format(reader))
    found = assemble(Study.open(tmp_path)).frames["findings"].filter(RULE="time-by-another-reader")
    assert found["VALUE"].to_list() == told
