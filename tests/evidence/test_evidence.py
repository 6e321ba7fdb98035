"""Evidence of a study counted by hand."""

import polars as pl
import pytest

from codon12.analyses import assemble, study_figures
from codon12.errors import ConfigError, UsageError
from codon12.evidence.schema import NUMBERS
from codon12.records import Study

pytestmark = pytest.mark.requirement("R-EVID-01")


@pytest.fixture(scope="module")
def evidence(tmp_path_factory, write_study):
    return assemble(Study.open(write_study(tmp_path_factory.mktemp("study"))))


def number(evidence, name):
    found = evidence.numbers.filter(id=name)
    assert found.height == 1, f"{name}: {evidence.numbers['id'].to_list()}"
    return found.row(0, named=True)


@pytest.mark.parametrize(
    ("name", "n", "total"),
    [
        ("flow.screened.all", 6, 6),
        ("flow.screen_failure.all", 1, 6),
        ("flow.treated.all", 5, 6),
        ("flow.response_central.all", 4, 6),
        ("baseline.sex.female.all", 3, 5),
        ("orr.central.all", 1, 4),
        ("orr.investigator.all", 0, 4),
        ("dcr.central.all", 2, 4),
        ("bor.pr.central.all", 1, 4),
        ("bor.pd.central.all", 1, 4),
        ("bor.missing.central.all", 1, 4),
        ("best_change.measured.central.all", 3, 4),
        ("best_change.shrinkage.central.all", 2, 4),
        ("pfs.events.central.all", 3, 5),  # one treated without measurable disease
        ("os.events.all", 2, 5),
        ("dor.events.central.all", 1, 1),
        ("ae.any.all", 2, 5),
        ("ae.grade3.all", 1, 5),
        ("ae.grade1_2.all", 1, 5),
        ("ae.related.any.all", 1, 5),
        ("ae.related.modified.grade3.all", 1, 5),
        ("ae.discontinued.any.all", 0, 5),
        ("exposure.reduced.all", 1, 5),
    ],
)
def test_counts(evidence, name, n, total):
    got = number(evidence, name)
    assert (got["n"], got["N"]) == (n, total)
    assert len(got["subjects"]) == n


def test_exact_interval_of_the_response_rate(evidence):
    got = number(evidence, "orr.central.all")
    assert got["value"] == 25
    # Clopper-Pearson of 1 of 4: 1 - 0.975^(1/4), and the root of the upper tail
    assert got["lower"] == pytest.approx(100 * (1 - 0.975**0.25))
    assert got["upper"] == pytest.approx(80.5879, abs=1e-4)


def test_times_count_days_inclusively(evidence):
    assert number(evidence, "dor.median.central.all")["value"] == pytest.approx(85 / 30.4375)
    assert number(evidence, "pfs.range.central.all")["lower"] == pytest.approx(1 / 30.4375)
    assert number(evidence, "ttr.median.central.all")["value"] == pytest.approx(43 / 30.4375)


def test_subjects_of_every_count_agree_with_its_n(evidence):
    counted = evidence.numbers.filter(
        pl.col("kind").is_in(["count", "rate"]) & ~pl.col("statistic").str.starts_with("rate_")
    )
    wrong = counted.filter(pl.col("subjects").list.len() != pl.col("n")).select("id", "analysis", "n", "subjects")
    # agreement is about pairs; its subjects are all that both evaluators assessed
    assert wrong.filter(pl.col("analysis") != "agreement").is_empty()


def test_ids_are_unique_and_the_shape_is_the_published_one(evidence):
    assert evidence.numbers["id"].is_unique().all()
    assert evidence.numbers.schema == pl.Schema(NUMBERS)


def test_trace_names_file_and_row(evidence):
    got = evidence.trace("orr.central.all")
    assert got.subjects == ("S1",)
    assert got.rows.select("SRCDOM", "FILE").row(0) == ("TR", "tr.csv")
    assert set(got.measurements["USUBJID"]) == {"S1"}
    assert set(got.measurements["EVAL"]) == {"CENTRAL"}
    worst = evidence.trace("ae.grade3.all")
    assert worst.subjects == ("S1",)
    assert set(worst.rows["SRCROW"]) == {1, 2}


def test_unknown_id_names_near_ones(evidence):
    with pytest.raises(UsageError, match=r"orr\.central\.all"):
        evidence.trace("orr.centrl.all")


def test_row_order_of_the_files_does_not_matter(small_study, evidence):
    for name in ("dm", "ex", "tr", "tu", "ae"):
        path = small_study / f"{name}.csv"
        head, *rows = path.read_text().splitlines()
        path.write_text("\n".join([head, *rows[::-1]]) + "\n")
    again = assemble(Study.open(small_study))
    assert again.numbers.drop("order").equals(evidence.numbers.drop("order"))


def test_plan_may_drop_change_and_add(small_study):
    (small_study / "codon12.toml").write_text(
        "[analyses.disposition]\ndrop = true\n"
        "[analyses.os]\nlandmarks = [2]\n"
        '[analyses.men]\nkind = "baseline"\ntitle = "Men"\nsection = "patients"\nendpoint = "men"\n'
        'population = "men"\nby = ["AGE"]\n'
        "[populations]\nmen = \"SAFFL = 'Y' AND SEX = 'M'\"\n"
    )
    numbers = assemble(Study.open(small_study)).numbers
    assert "disposition" not in numbers["analysis"].to_list()
    assert numbers.filter(id="os.rate_2mo.all").height == 1
    assert numbers.filter(id="men.age.median.all")["value"].item() == 60


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[analyses.os]\nlandmark = [2]\n", r"\[analyses.os\].*landmark"),
        ("[response]\nconfirmation_days = 3\n", r"\[response\].*confirmation_days"),
        ('[response]\npreset = "who"\n', "no preset 'who'"),
        ("[populations]\nsafety = \"NOPE = 'Y'\"\n", "NOPE"),
        ('[analyses.new]\nkind = "baseline"\n', r"\[analyses.new\]"),
    ],
)
def test_wrong_configuration_names_the_key(small_study, toml, words):
    (small_study / "codon12.toml").write_text(toml)
    with pytest.raises(ConfigError, match=words):
        assemble(Study.open(small_study))


def test_a_number_without_responders_names_no_subject(small_study):
    (small_study / "codon12.toml").write_text("[response]\nconfirmation_min_days = 60\n")
    got = number(assemble(Study.open(small_study)), "best_change.responders.median.central.all")
    assert (got["n"], got["status"], got["subjects"]) == (0, "no subjects", [])


def test_confirmation_is_a_policy(small_study):
    (small_study / "codon12.toml").write_text("[response]\nconfirmation_min_days = 60\n")
    evidence = assemble(Study.open(small_study))
    assert number(evidence, "orr.central.all")["n"] == 0
    assert any("60 days" in text for _, text in evidence.methods)


@pytest.mark.parametrize(
    "toml",
    [
        "[populations]\nsafety = \"USUBJID IN (SELECT column_1 FROM read_csv('/etc/passwd'))\"\n",
        "[analyses.ae-overview]\nwhere = \"AREL IN (SELECT * FROM read_csv('/etc/passwd'))\"\n",
        '[[subgroups]]\nvariable = "SEX"\ndenominator = "SEX IN (SELECT * FROM read_parquet(\'x\'))"\n',
    ],
)
def test_a_predicate_cannot_read_files(small_study, toml):
    (small_study / "codon12.toml").write_text(toml)
    with pytest.raises(ConfigError, match="may not stand in a predicate"):
        assemble(Study.open(small_study))


def test_values_that_look_like_sql_are_values(small_study):
    path = small_study / "ae.csv"
    path.write_text(path.read_text().replace("Diarrhoea", "Pain; severe -- (select) 'quoted'"))
    got = assemble(Study.open(small_study)).numbers.filter(label="Pain; severe -- (select) 'quoted'")
    assert got.filter(statistic="grade3", analysis="ae-terms")["subjects"].to_list() == [["S1"]]


def test_a_drawing_says_whose_best_responses_colour_it(tmp_path, write_study):
    folder = write_study(tmp_path)
    config = folder / "codon12.toml"
    told = config.read_text() if config.is_file() else ""
    new = 'kind = "best-change"\ntitle = "Theirs"\nsection = "response"\ndisplay = "both"\n'
    config.write_text(f'{told}\n[analyses.theirs]\nevaluator = "investigator"\n{new}')
    figures = {f.analysis: f for f in study_figures(assemble(Study.open(folder))) if f.name.startswith("waterfall")}
    assert "coloured by best overall response. " in figures["best-change"].caption
    assert "coloured by best overall response by central review. " in figures["theirs"].caption


def test_all_assessed_have_every_estimate_of_their_levels(evidence):
    own = evidence.numbers.filter(analysis="subgroups")
    whole, levels = own.filter(level="all assessed"), own.filter(pl.col("level") != "all assessed")
    assert set(whole["endpoint"]) == set(levels["endpoint"]) == {"orr", "pfs", "os"}
    assert number(evidence, "pfs.median.central.all.sex=all_assessed")["N"] == 5
    assert set(own["group"]) == {"SEX", "RACE"}  # nobody has an age group


def test_a_response_that_one_arm_has_is_counted_in_all(tmp_path, write_study):
    folder = write_study(tmp_path)
    dm = (folder / "dm.csv").read_text().splitlines()
    other = [line.replace(",A,Drug,Drug,", ",B,Other,Other,") if line.startswith("T,DM,S1") else line for line in dm]
    (folder / "dm.csv").write_text("\n".join(other) + "\n")
    numbers = assemble(Study.open(folder)).numbers
    treated = numbers.filter(endpoint="flow.treated").select("arm", "n", "N").sort("arm").rows()
    assert treated == [("Drug", 4, 4), ("Other", 1, 1), ("all", 5, 6)]  # an arm's share is of the arm
    missing = numbers.filter(endpoint="bor.missing", evaluator="central")
    assert dict(missing.select("arm", "n").iter_rows()) == {"all": 1, "Drug": 1, "Other": 0}
