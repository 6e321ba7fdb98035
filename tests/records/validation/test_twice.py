"""Identifiers that are one but for their spelling."""

from __future__ import annotations

from codon12.records import Study


def test_identifiers_that_differ_in_case_blanks_or_zeros_are_named(folder):
    dm = "USUBJID,ARM\nS-01,A\ns-1,A\nS-10,A\nS-100,A\n7.0,A\n"
    rs = "USUBJID,RSTESTCD,RSSTRESC,RSDTC\nS-10,OVRLRESP,PR,2021-01-01\n7,OVRLRESP,PR,2021-01-01\n"
    found = Study.open(folder({"dm.csv": dm, "rs.csv": rs})).findings.filter(RULE="subject-id-alike")
    assert found.select("TABLE", "ROW", "USUBJID").rows() == [("DM", 2, "s-1"), ("RS", 2, "7")]
    assert "not in DM" in found["MESSAGE"][1]
    assert "differs from subject S-01 in case" in found["MESSAGE"][0]
