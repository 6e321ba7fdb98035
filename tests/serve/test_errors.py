"""What stands behind a number is not told where the report tells no number."""

import pytest

pytest.importorskip("starlette", reason="the extra codon12[serve] is not installed")

from .client import Browser


def test_no_number_of_data_with_errors_is_traced(tmp_path):
    (tmp_path / "adsl.csv").write_text("USUBJID,TRTSDT,SAFFL\n1,2024-01-01,Y\n2,2024-01-01,Y\n")
    (tmp_path / "adtte.csv").write_text("USUBJID,PARAMCD,AVAL,AVALU,CNSR\n1,OS,999999,DAYS,0\n2,OS,20,DAYS,0\n")
    answer = Browser(tmp_path).enter().get("/s/1/number?id=os.events.all")
    assert answer.status == 422
    assert "no right answer" in answer.text
