"""Numbers of times to event on data that mislead: names that print alike, strata unknown, rows in another order."""

import polars as pl
import pytest

from codon12.analyses import assemble
from codon12.errors import ConfigError
from codon12.records import Study

PEOPLE = [  # arm, site, age, days, event
    *(("Control", s, a, d, w) for s, a, d, w in (
        ("north", 50, 30, "DEATH"), ("north", 61, 60, "Death"), (None, 70, 90, "Relapse"), ("south", 55, 200, None),
        ("south", 66, 120, "Death"), ("south", 49, 150, "DEATH"), ("north", 58, 240, None), ("north", 73, 80, "Death"),
    )),
    *(("New", s, a, d, w) for s, a, d, w in (
        ("north", 52, 70, "Death"), ("south", 63, 130, "DEATH"), ("south", 71, 210, "Relapse"), ("north", 57, 300, None),
        ("south", 68, 170, None), ("north", 48, 190, "Death"), ("south", 59, 290, None), ("north", 75, 110, "Relapse"),
    )),
]  # fmt: skip


def study(folder, extra="", *, arms=("Control", "New"), treatments="", backwards=False):
    names = dict(zip(("Control", "New"), arms, strict=True))
    rows = [(f"p{i:02d}", names[arm], *rest) for i, (arm, *rest) in enumerate(PEOPLE)]
    frame = pl.DataFrame(rows, schema=["USUBJID", "TRT01P", "SITE", "AGE", "AVAL", "WHY"], orient="row")
    frame = frame.reverse() if backwards else frame
    day = pl.lit("2022-01-03")
    adsl = frame.select(pl.lit("S").alias("STUDYID"), "USUBJID", "SITE", "AGE", "TRT01P", TRT01A="TRT01P", TRTSDT=day,
                        RANDDT=day, SAFFL=pl.lit("Y"), RANDFL=pl.lit("Y"))  # fmt: skip
    adsl.write_csv(folder / "adsl.csv")
    ended = pl.date(2022, 1, 2) + pl.duration(days="AVAL")
    frame.select(pl.lit("S").alias("STUDYID"), "USUBJID", "AVAL", PARAMCD=pl.lit("PFS"), PARAM=pl.lit("PFS"),
                 CNSR=pl.col("WHY").is_null().cast(pl.Int64), STARTDT=day, ADT=ended.dt.to_string("iso"),
                 EVNTDESC="WHY").write_csv(folder / "adtte.csv")  # fmt: skip
    (folder / "codon12.toml").write_text(f'format = "adam"\nstart = "randomisation"\n{treatments}\n{extra}')
    return assemble(Study.open(folder)).numbers


RISKS = '[analyses.risks]\nkind = "competing-risks"\ntitle = "Causes"\nsection = "survival"\nendpoint = "PFS"\n'


def test_causes_that_print_alike_stay_two(tmp_path):
    numbers = study(tmp_path, RISKS).filter(analysis="risks", statistic="n")
    counts = dict(numbers.group_by("cause").agg(pl.col("n").sum()).iter_rows())
    assert counts == {"Death": 5, "DEATH": 3, "Relapse": 3}


def test_who_has_no_stratum_is_not_counted_in_what_is_stratified(tmp_path):
    numbers = study(tmp_path, f'[analyses.comparison]\nstrata = ["SITE"]\n{RISKS}strata = ["SITE"]\n')
    told = numbers.filter(analysis="comparison")
    assert told.select("id", "n", "N").rows() == [
        ("pfs.hr.new", 10, 15), ("pfs.logrank_p.new", 10, 15), ("pfs.left_out.new", 1, 16),
    ]  # fmt: skip
    assert "stratified by SITE" in told["method"][1]
    assert set(numbers.filter(statistic="gray_p")["N"]) == {15}
    assert [len(s) for s in told["subjects"]] == [15, 15, 1]


@pytest.mark.parametrize(("line", "says"), [('reference = "Placebo"', "no treatment"), ('strata = ["SIDE"]', "SIDE")])
def test_a_comparison_names_what_is_not_there(tmp_path, line, says):
    with pytest.raises(ConfigError, match=says):
        study(tmp_path, f"[analyses.comparison]\n{line}\n")


def test_a_treatment_cannot_have_the_name_of_everybody(tmp_path):
    with pytest.raises(ConfigError, match="called 'all'"):
        study(tmp_path, arms=("all", "New"))


def test_two_names_of_one_treatment_are_one_column(tmp_path):
    joined = '[treatments]\n"Control" = "Drug"\n"Drug" = "Drug"\n"New" = "New"'
    numbers = study(tmp_path, treatments=joined).filter(statistic="median", analysis="pfs")
    assert numbers["arm"].to_list() == ["Drug", "New", "all"]


def test_a_searched_cut_does_not_hang_on_the_order_of_rows(tmp_path):
    cut = '[analyses.cut]\nkind = "cut-point"\ntitle = "Cut"\nsection = "survival"\nendpoint = "PFS"\nby = ["AGE"]\n'
    cut += "permutations = 200\nresamples = 20\n"
    one, other = (study(tmp_path, cut, backwards=b).filter(analysis="cut") for b in (False, True))
    assert one.select("id", "value", "lower", "label").equals(other.select("id", "value", "lower", "label"))


def test_hazards_that_one_time_cannot_compare_are_not_called_proportional(tmp_path, monkeypatch):
    monkeypatch.setattr(f"{__name__}.PEOPLE", [(arm, s, a, 30, w) for arm, s, a, _, w in PEOPLE])
    model = '[analyses.{0}]\nkind = "{0}"\ntitle = "T"\nsection = "survival"\nendpoint = "PFS"\nby = ["AGE"]\n'
    numbers = study(tmp_path, model.format("cox") + model.format("proportional-hazards")).filter(statistic="ph_p")
    assert numbers.select("value", "status").unique().rows() == [(None, "not estimable")]
