"""A setting that changes nothing is refused, not printed above the plan's numbers; a cut keeps all its digits."""

import polars as pl
import pytest

pytest.importorskip("starlette", reason="the extra codon12[serve] is not installed")

from codon12.errors import UsageError
from codon12.serve.holding import Holding
from codon12.serve.settings import Settings
from codon12.serve.views.cutoffs import _numbers

ADSL = "USUBJID,TRTSDT,TRTEDT,SAFFL\n1,2024-01-01,2024-05-01,Y\n2,2024-01-01,2024-05-01,Y\n"
ADRS = "USUBJID,PARAMCD,AVALC\n1,BOR,PR\n2,BOR,PD\n"


@pytest.mark.parametrize("fields", [{"evaluator": "central"}, {"confirmation": "yes"}, {"recist": "recist_1_1"}])
def test_what_changes_nothing_is_refused(tmp_path, fields):
    (tmp_path / "adsl.csv").write_text(ADSL)
    (tmp_path / "adrs.csv").write_text(ADRS)
    held = Holding(tmp_path, number=1)
    held.derived(Settings(confirmation="no"))
    with pytest.raises(UsageError, match=next(iter(fields))):
        held.derived(Settings(**fields))


def test_a_study_without_responses_has_none_to_confirm(tmp_path):
    (tmp_path / "adsl.csv").write_text(ADSL)
    with pytest.raises(UsageError, match="no responses"):
        Holding(tmp_path, number=1).derived(Settings(confirmation="no"))


def test_the_address_of_a_cut_is_the_cut():
    assert Settings(cut="LDH", at=1234567.25).query == "cut=LDH&at=1234567.25"
    assert Settings(cut="LDH", at=65.0, landmarks=(6.0,)).query == "cut=LDH&landmarks=6&at=65"


def test_columns_that_may_be_cut_are_measures():
    names = ("ALBUMIN", "SEX", "SEXN", "DTHROW", "AGE")
    adsl = pl.DataFrame({n: ["F", "M", "F"] if n == "SEX" else [1, 2, 3] for n in names})
    assert [n for n, _ in _numbers(adsl, {})] == ["ALBUMIN", "AGE"]
