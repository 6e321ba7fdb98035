"""Numbers of times to event on data that mislead: names that print alike, strata unknown, rows in another order."""

import polars as pl
import pytest

from codon12.analyses import assemble
from codon12.errors import ConfigError, DataError
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
    names = dict(zip(dict.fromkeys(p[0] for p in PEOPLE), arms, strict=True))
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


ALIKE = '[analyses.{0}]\nkind = "{0}"\ntitle = "T"\nsection = "survival"\nendpoint = "PFS"\nby = {1}\n'


def test_levels_that_print_alike_are_told_apart_in_models(tmp_path, monkeypatch):
    names = {"north": "MUTATED", "south": "Mutated", None: "MUTATED"}
    monkeypatch.setattr(f"{__name__}.PEOPLE", [(arm, names[s], *rest) for arm, s, *rest in PEOPLE])
    kinds = ALIKE.format("cox", '["SITE"]') + ALIKE.format("interaction", '["TRT01P", "SITE"]')
    numbers = study(tmp_path, kinds + ALIKE.format("competing-risks", '["SITE"]'))
    told = numbers.filter(statistic="hr", variable="SITE")["label"].to_list()
    assert told[0] == "SITE: Mutated against MUTATED"
    rows = numbers.filter(analysis="competing-risks", statistic="n")["row"].unique().sort().to_list()
    assert rows == ["MUTATED", "Mutated"]
    effects = numbers.filter(analysis="interaction", statistic="hr", group="SITE")["label"].to_list()
    assert effects == ["New against Control, SITE MUTATED", "New against Control, SITE Mutated"]


def test_levels_with_a_stroke_do_not_run_into_one_group(tmp_path, monkeypatch):
    pairs = [("x", "y / z"), ("x / y", "z")]
    monkeypatch.setattr(f"{__name__}.PEOPLE", [(*pairs[i % 2], *rest) for i, (_, _, *rest) in enumerate(PEOPLE)])
    groups = ALIKE.format("groups", '["TRT01P", "SITE"]')
    numbers = study(tmp_path, groups, arms=("x", "x / y")).filter(analysis="groups")
    assert numbers.filter(statistic="n").select("row", "N").rows() == [("x // y / z", 8), ("x / y // z", 8)]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (
            '[analyses.cox]\nkind = "cox"\ntitle = "T"\nsection = "survival"\nendpoint = "PSF"\nby = ["AGE"]\n',
            "no time to event 'PSF'",
        ),
        ('[analyses.comparison]\nby = ["PSF"]\n', "no time to event 'PSF'"),
        ('[analyses.subgroup-effects-os]\nendpoint = "OSS"\n', "no time to event 'OSS'"),
        (ALIKE.format("groups", '["SIDE"]'), "ADSL has no column SIDE"),
    ],
)
def test_a_name_that_is_not_there_is_refused_not_passed_over(tmp_path, table, says):
    with pytest.raises(ConfigError, match=says):
        study(tmp_path, table)


def test_a_column_named_twice_groups_once(tmp_path):
    numbers = study(tmp_path, ALIKE.format("groups", '["SITE", "SITE"]')).filter(analysis="groups", statistic="n")
    assert numbers.select("n", "N").rows() == [(6, 8), (4, 7), (1, 16)]


def test_groups_of_a_date_and_of_a_truth_have_their_subjects(tmp_path):
    study(tmp_path)
    adsl = pl.read_csv(tmp_path / "adsl.csv", infer_schema_length=0)
    adsl.with_columns(
        TRTSDT=pl.when(pl.col("SITE") == "north").then(pl.lit("2022-01-04")).otherwise("TRTSDT")
    ).write_csv(tmp_path / "adsl.csv")
    config = tmp_path / "codon12.toml"
    config.write_text(config.read_text() + ALIKE.format("competing-risks", '["TRTSDT"]'))
    numbers = assemble(Study.open(tmp_path)).numbers.filter(analysis="competing-risks", statistic="n")
    assert [len(s) for s in numbers["subjects"]] == numbers["n"].to_list()
    assert set(numbers["level"]) == {"2022-01-03", "2022-01-04"}


def test_numbers_that_a_reader_took_for_text_are_numbers_in_a_model(tmp_path, monkeypatch):
    monkeypatch.setattr(f"{__name__}.PEOPLE", [(arm, str(a), *rest) for arm, _, a, *rest in
                                               [(p[0], p[1], p[2], *p[2:]) for p in PEOPLE]])  # fmt: skip
    told = study(tmp_path, ALIKE.format("cox", '["SITE"]')).filter(statistic="hr", analysis="cox")
    assert told["label"].to_list() == ["SITE: per unit"]


def test_a_negative_time_names_its_subject(tmp_path, monkeypatch):
    monkeypatch.setattr(f"{__name__}.PEOPLE", [*PEOPLE[:3], (*PEOPLE[3][:3], -5, None), *PEOPLE[4:]])
    with pytest.raises(DataError, match=r"PFS: the time of 1 subject\(s\) is negative \(p03\)"):
        study(tmp_path)


def test_a_model_of_nobody_and_causes_of_nothing_say_so(tmp_path, monkeypatch):
    monkeypatch.setattr(f"{__name__}.PEOPLE", [(arm, "x" if i else None, a, d, None)
                                               for i, (arm, _, a, d, _) in enumerate(PEOPLE)])  # fmt: skip
    kinds = ALIKE.format("cox", '["SITE", "SITE2"]') + ALIKE.format("competing-risks", '["TRT01P"]')
    kinds += '[covariates.SITE2]\nexpression = "CASE WHEN SITE IS NULL THEN 1.5 END"\n'
    told = study(tmp_path, kinds).filter(statistic="model")
    assert told.select("analysis", "label").rows() == [
        ("cox", "No model: no patient has a value of every variable (SITE, SITE2); leave out one that is not known"),
        ("competing-risks", "No model: no event among 16 patients"),
    ]
