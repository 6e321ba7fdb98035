"""No number is told where the report tells none, or without a word where the files are others by now."""

import pytest

pytest.importorskip("starlette", reason="the extra codon12[serve] is not installed")

from .client import Browser


def test_no_number_of_data_with_errors_is_traced(tmp_path):
    (tmp_path / "adsl.csv").write_text("USUBJID,TRTSDT,SAFFL\n1,2024-01-01,Y\n2,2024-01-01,Y\n")
    (tmp_path / "adtte.csv").write_text("USUBJID,PARAMCD,AVAL,AVALU,CNSR\n1,OS,999999,DAYS,0\n2,OS,20,DAYS,0\n")
    answer = Browser(tmp_path).enter().get("/s/1/number?id=os.events.all")
    assert answer.status == 422
    assert "no right answer" in answer.text


def test_a_file_that_changed_since_it_was_read_is_named(tmp_path):
    (tmp_path / "adsl.csv").write_text("USUBJID,TRTSDT,SAFFL\n1,2024-01-01,Y\n2,2024-01-01,Y\n")
    (tmp_path / "codon12.toml").write_text('title = "A study"\n')
    browser = Browser(tmp_path).enter()
    pages = ("/s/1/", "/s/1/cohort?show=flow", "/s/1/findings")
    assert not [p for p in pages if "Changed on disk" in browser.get(p).text]
    (tmp_path / "adsl.csv").write_text("USUBJID,TRTSDT,SAFFL\n1,2024-01-01,Y\n")
    (tmp_path / "codon12.toml").write_text('title = "Another study"\n')
    assert not [p for p in pages if "since the study was read: adsl.csv, codon12.toml" not in browser.get(p).text]
    assert browser.get("/s/1/codon12-changed.toml?step=SAFFL+%3D+%27Y%27").status == 400
