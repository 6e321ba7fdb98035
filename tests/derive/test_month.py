"""A month has as many days as ``[survival] month`` says, in every number and picture."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from codon12.analyses import assemble, study_figures
from codon12.derive.adtte import given_times
from codon12.records import Study

from ..report.studies import write_study  # noqa: TID252 - the tests are no package

SOURCES = Path(__file__).resolve().parents[2] / "src" / "codon12"


def of_month(folder: Path, month: float):
    write_study(folder, [f"S-{i}" for i in range(16)])
    path = folder / "codon12.toml"
    path.write_text(
        path.read_text().replace("[survival.schedule]", f"[survival]\nmonth = {month}\n\n[survival.schedule]")
    )
    return assemble(Study.open(folder))


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    home = tmp_path_factory.mktemp("months")
    return of_month(home / "a", 30.4375), of_month(home / "b", 15.21875)


def test_every_time_in_months_doubles_when_a_month_is_half_as_long(pair):
    one, two = pair
    values = [e.numbers.filter(unit="months", statistic="median").drop_nulls("value") for e in pair]
    joined = values[0].join(values[1], on="id", suffix="_2")
    assert joined.filter(pl.col("id").str.starts_with("exposure")).height
    assert joined.filter(pl.col("endpoint") == "os").height
    assert (joined["value_2"] / joined["value"] - 2).abs().max() < 1e-9
    assert one.context.month * 0.5 == two.context.month


def test_treatment_for_three_months_is_counted_by_that_month(pair):
    wheres = [e.numbers.filter(pl.col("id") == "exposure.duration_3mo.all")["where"][0] for e in pair]
    assert "TRTDURD >= 91.3125" in wheres[0]
    assert "TRTDURD >= 45.65625" in wheres[1]


def test_pictures_have_the_same_months(pair):
    specs = [{f.name: str(f.spec) for f in study_figures(e)} for e in pair]
    for name in ("spider", "swimmer"):
        assert specs[0][name] != specs[1][name]


def test_given_days_become_months_of_that_many_days():
    adtte = pl.DataFrame({"USUBJID": ["1"], "PARAMCD": ["OS"], "AVAL": [60.0], "AVALU": ["DAYS"], "CNSR": [0]})
    assert given_times(adtte, month=30.0)[0]["MONTHS"].to_list() == [2.0]


def test_the_length_of_a_month_stands_in_policies_alone():
    rooms = ("analyses", "derive", "records", "figures", "report", "safety", "biomarker")
    found = [p.name for room in rooms for p in (SOURCES / room).rglob("*.py") if "30.4375" in p.read_text()]
    assert not found
