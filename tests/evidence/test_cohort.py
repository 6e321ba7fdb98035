"""Evidence of cohorts from plain tables, small enough to count by hand."""

import math
import re
from pathlib import Path

import polars as pl
import pytest

from codon12.analyses import assemble
from codon12.analyses.plan import plan_of_analyses
from codon12.analyses.variables import level_order
from codon12.errors import ConfigError
from codon12.records import Study, read_config
from codon12.survival import ImputationRules, cox, factor, imputed_cox, logrank
from codon12.tables import table_of

DOCS = Path(__file__).resolve().parents[2] / "docs"
PATIENTS = """PATIENT,SEX,AGE,MARKER,ARM,MONTHS,STATUS,SEQUENCED,START,BIOPSY
P1,F,60,POS,A,2,DEAD,0,2020-01-01,2020-01-01
P2,M,61,NEG,B,3,DEAD,1,2020-01-01,2019-12-01
P3,F,62,POS,B,4,ALIVE,3,2020-01-01,2020-03-01
P4,M,63,NEG,A,5,DEAD,0,2020-01-01,2020-01-31
P5,F,64,,A,6,DEAD,5,2020-01-01,
P6,M,65,POS,A,7,ALIVE,8,2020-01-01,2020-12-01
P7,F,66,NEG,B,8,DEAD,,2020-01-01,2019-01-01
P8,M,67,POS,B,9,DEAD,2,2020-01-01,2020-02
"""
MANY = (
    PATIENTS.splitlines()[0]
    + "\n"
    + "\n".join(
        f"Q{i},{'FM'[i % 5 > 1]},{50 + 3 * i % 17},{'' if i % 9 == 0 else ('POS', 'NEG')[i % 4 > 1]},{'AB'[i % 2]},{7 * i % 23 + 1},"
        f"{'ALIVE' if i % 3 == 0 else 'DEAD'},{(7 * i % 23) // 2},2020-01-01,"
        for i in range(1, 37)
    )
)
HEAD = """
format = "tables"
[tables.ADSL]
file = "patients.csv"
columns = { USUBJID = "PATIENT", ARM = "ARM", TRTSDT = "START" }
[tables.ADTTE]
file = "patients.csv"
columns = { USUBJID = "PATIENT" }
unit = "months"
"""
PLAIN = 'times.OS = { time = "MONTHS", status = "STATUS", event = ["DEAD"], censored = ["ALIVE"] }\n'
LATE = PLAIN.replace(" }", ', entry = "SEQUENCED" }')


@pytest.fixture
def cohort(tmp_path):
    """Evidence of the patients under a configuration."""

    def build(config: str, *, patients: str = PATIENTS):
        (tmp_path / "patients.csv").write_text(patients)
        (tmp_path / "codon12.toml").write_text(HEAD + config)
        return assemble(Study.open(tmp_path))

    return build


def frame(patients: str = PATIENTS) -> pl.DataFrame:
    return pl.read_csv(patients.encode()).with_columns(EVENT=pl.col("STATUS") == "DEAD")


def number(evidence, name):
    found = evidence.numbers.filter(id=name)
    assert found.height == 1, f"{name}: {evidence.numbers['id'].to_list()}"
    return found.row(0, named=True)


def analysis(kind: str, by: str, extra: str = "") -> str:
    return f'[analyses.x]\nkind = "{kind}"\ntitle = "X"\nsection = "biomarkers"\nendpoint = "OS"\nby = {by}\n{extra}\n'


def test_untested_subjects_belong_to_no_group(cohort):
    got = cohort(PLAIN + analysis("groups", '["MARKER"]'))
    assert [number(got, f"os.events.all.marker={g}")["N"] for g in ("pos", "neg")] == [4, 3]
    assert number(got, "os.logrank_p.all.marker=all")["N"] == 7
    # the levels have no order of their own: the most frequent is the reference
    expected = cox(
        frame().drop_nulls("MARKER"), time="MONTHS", event="EVENT", terms=[factor("MARKER", reference="POS")]
    )
    assert number(got, "os.hr.all.marker=neg")["value"] == pytest.approx(expected.coefficients["HR"][0])


def test_adjusted_model_counts_complete_cases_and_names_its_contrasts(cohort):
    got = cohort(PLAIN + analysis("cox", '["MARKER", "AGE"]'), patients=MANY)
    known = number(got, "os.x.complete_cases.all")
    assert (known["n"], known["N"], len(known["subjects"])) == (32, 36, 32)
    fit = cox(frame(MANY), time="MONTHS", event="EVENT", terms=[factor("MARKER", reference="NEG"), "AGE"]).coefficients
    marker, age = number(got, "os.x.marker.pos.hr.all"), number(got, "os.x.age.hr.all")
    for row, found in zip(fit.iter_rows(named=True), (marker, age), strict=True):
        assert [found[k] for k in ("value", "lower", "upper")] == pytest.approx([row["HR"], row["lower"], row["upper"]])
    assert marker["label"] == "MARKER: POS against NEG"
    assert (age["label"], age["section"]) == ("Age, years: per unit", "Adjusted hazard ratio")
    methods = dict(got.methods)
    assert "all variables known" in methods["Groups and models"]
    assert "Late entry" not in methods


def test_interaction_takes_the_reference_it_is_told(cohort):
    config = PLAIN + analysis("interaction", '["ARM", "MARKER"]', 'reference = "B"')
    got = cohort(config, patients=MANY)
    other = cohort(config.replace('reference = "B"', 'reference = "A"'), patients=MANY)
    one = number(got, "os.x.a.hr.all.marker=pos")["value"]
    assert one == pytest.approx(1 / number(other, "os.x.b.hr.all.marker=pos")["value"])
    said = number(got, "os.x.sentence.all")["label"]
    assert said.startswith("Effect of A against B by MARKER: MARKER NEG: HR")
    assert "prognostic on B was not shown" in said
    assert said.endswith("neither a treatment effect nor its absence is shown by them.")


def test_randomised_treatment_needs_no_warning(cohort):
    head, *rows = MANY.splitlines()
    patients = "\n".join([f"{head},RANDFL", *(f"{row},Y" for row in rows)])
    got = cohort(PLAIN + analysis("interaction", '["ARM", "MARKER"]'), patients=patients)
    assert "not randomised" not in number(got, "os.x.sentence.all")["label"]


def test_a_model_that_has_no_answer_says_why(cohort):
    got = number(
        cohort(
            PLAIN + analysis("cox", '["START"]').replace("START", "SITE"),
            patients=PATIENTS.replace("BIOPSY\n", "SITE\n"),
        ),
        "os.x.model.all",
    )
    assert got["status"] == "not estimable"
    assert got["label"].startswith("No model: ")


def test_unknown_column_is_refused_by_name(cohort):
    with pytest.raises(ConfigError, match=r"analyses.x\]: ADSL has no column STAGE"):
        cohort(PLAIN + analysis("cox", '["STAGE"]'))


def test_levels_may_hold_the_sign_that_joins_groups(cohort):
    got = cohort(PLAIN + analysis("groups", '["ARM", "MARKER"]'), patients=PATIENTS.replace("POS", "POS / HIGH"))
    found = number(got, "os.events.all.arm_x_marker=a_pos_high")
    assert (found["n"], found["N"], found["subjects"]) == (1, 2, ["P1"])


def test_treatment_arm_can_be_a_group(cohort):
    got = cohort(PLAIN + analysis("groups", '["ARM"]'))
    assert [number(got, f"os.events.all.arm={g}")["N"] for g in "ab"] == [4, 4]


def test_variable_with_a_name_of_the_times_is_refused(cohort):
    config = PLAIN + '[covariates.EVENT]\nexpression = "SEX"\n' + analysis("cox", '["EVENT"]')
    with pytest.raises(ConfigError, match="cannot be called EVENT"):
        cohort(config)


def test_late_entry_is_in_curves(cohort):
    got = cohort(LATE)
    # P6 entered after its time ended and P7 at an unknown time. At risk at 2: P1, P2, P4; at 3: P2, P4, P8
    assert number(got, "os.rate_3mo.all")["value"] == pytest.approx(100 * (2 / 3) * (2 / 3))
    assert number(got, "os.events.all")["N"] == 6
    assert number(got, "follow_up.median.all")["N"] == 6
    assert "left truncation" in dict(got.methods)["Late entry"]


def test_late_entry_is_in_tests_and_models(cohort):
    groups = analysis("groups", '["SEX"]').replace(".x]", ".y]")
    got = cohort(LATE + analysis("cox", '["SEX"]') + groups, patients=MANY)
    data = frame(MANY)
    fit = cox(data, time="MONTHS", event="EVENT", entry="SEQUENCED", terms=[factor("SEX", reference="M")])
    naive = cox(data, time="MONTHS", event="EVENT", terms=[factor("SEX", reference="M")])
    assert number(got, "os.x.sex.f.hr.all")["value"] == pytest.approx(fit.coefficients["HR"][0])
    assert number(got, "os.hr.all.sex=f")["value"] == pytest.approx(fit.coefficients["HR"][0])
    assert fit.coefficients["HR"][0] != pytest.approx(naive.coefficients["HR"][0], abs=0.01)
    test = logrank(data["MONTHS"], data["EVENT"], data["SEX"], entry=data["SEQUENCED"])
    assert number(got, "os.logrank_p.all.sex=all")["value"] == pytest.approx(test.p)


def test_late_entry_that_cannot_be_used_is_a_finding(cohort):
    found = cohort(LATE).frames["findings"].filter(pl.col("RULE").str.starts_with("entry"))
    assert found.select("USUBJID", "ROW", "RULE", "VALUE").rows() == [
        ("P7", 7, "entry-missing", None),
        ("P6", 6, "entry-not-before-time", "8.0"),
    ]


def test_entry_before_time_zero_counts_from_time_zero(cohort):
    early = PATIENTS.replace(",DEAD,1,", ",DEAD,-4,")
    got = cohort(LATE, patients=early)
    assert got.frames["adtte"].filter(USUBJID="P2")["ENTRYMO"].to_list() == [0.0]


IMMORTAL = """
[tables.SAMPLE]
file = "patients.csv"
columns = { USUBJID = "PATIENT", SAMPLEDTC = "BIOPSY" }
[covariates.MUTATED]
table = "SAMPLE"
where = "MARKER = 'POS'"
pick = "any"
[covariates.GROUP]
expression = "CASE WHEN MUTATED = 'Y' THEN 'yes' ELSE 'no' END"
"""


def test_group_dated_after_time_zero_is_immortal_time(cohort):
    """P3 and P8 are exposed after 2.0 and 1.0 of 4 and 9 months, P1 from the start, P6 after its end."""
    for variable in ("MUTATED", "GROUP"):
        got = (
            cohort(PLAIN + IMMORTAL + analysis("groups", f'["{variable}"]'))
            .frames["findings"]
            .filter(RULE="immortal-time")
        )
        assert got.select("TABLE", "VARIABLE", "SEVERITY", "VALUE").rows() == [("SAMPLE", "MUTATED", "warning", "3")]
        waited = (60 + 31) / 30.4375
        assert f"2 of 3 exposed subjects were exposed after time zero: {waited:g}" in got["MESSAGE"][0]
        assert f"({100 * waited / (2 + 4 + 9):.1f}%" in got["MESSAGE"][0]
        assert "1 subject is not counted: the exposure is dated after the end of follow-up." in got["MESSAGE"][0]


def test_covariate_that_groups_nothing_or_is_picked_before_start_is_no_immortal_time(cohort):
    unused = cohort(PLAIN + IMMORTAL)
    assert unused.frames["findings"].filter(RULE="immortal-time").is_empty()
    early = IMMORTAL.replace('pick = "any"', 'value = "MARKER"\npick = "last-before-start"')
    used = cohort(PLAIN + early + analysis("groups", '["MUTATED"]'))
    assert used.frames["findings"].filter(RULE="immortal-time").is_empty()
    assert math.isclose(used.frames["adsl"]["MUTATED"].count(), 1)


def test_sentences_of_methods_name_what_was_done(cohort):
    text = dict(cohort(PLAIN + analysis("interaction", '["ARM", "MARKER"]')).methods)["Groups and models"]
    assert "predictive only by the product" in text


BLOCKS = re.findall(r"```toml\n(.*?)```", (DOCS / "cohorts.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=[b.strip().splitlines()[0] for b in BLOCKS])
def test_every_configuration_of_the_guide_is_one(tmp_path, block):
    (tmp_path / "codon12.toml").write_text(block, encoding="utf-8")
    assert plan_of_analyses(read_config(tmp_path).analyses)


MAPPINGS = sorted((DOCS.parent / "examples" / "mappings").glob("*.toml"))


@pytest.mark.parametrize("path", MAPPINGS, ids=[p.stem for p in MAPPINGS])
def test_every_mapping_is_a_configuration_and_named_in_their_readme(path):
    config = read_config(path)
    titles = [config.title, *(a.title for a in plan_of_analyses(config.analyses))]
    assert len(set(titles)) == len(titles)
    assert f"`{path.stem}`" in (path.parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("times", [PLAIN, LATE])
@pytest.mark.parametrize("kind", ["groups", "cox", "interaction"])
def test_every_number_names_as_many_subjects_as_it_counts(cohort, times, kind):
    """Counts name the counted; estimates name all subjects they rest on."""
    extra = "imputations = 2" if kind == "cox" else ""
    made = '[covariates.LEVEL]\nexpression = "MARKER"\n'
    got = cohort(
        times + made + analysis(kind, '["ARM", "LEVEL"]', extra), patients=MANY + "\nQ99,F,55,POS,A,3,DEAD,,2020-01-01,"
    )
    rows = got.numbers.filter(pl.col("analysis").is_in(["x", "os", "follow-up"]))
    named = pl.col("subjects").list.len()
    assert rows.filter(pl.col("kind").is_in(["count", "fraction"]), named != pl.col("n")).is_empty()
    assert (
        rows.filter(~pl.col("kind").is_in(["count", "fraction"]), named != pl.col("N")).select("id", "N", named).rows()
        == []
    )


IMPUTED = (
    PLAIN
    + '[covariates.LEVEL]\nexpression = "MARKER"\n'
    + analysis("cox", '["LEVEL", "AGE"]', "imputations = 4\nseed = 3")
)


def test_pooled_ratios_stand_beside_those_of_complete_cases(cohort):
    got = cohort(IMPUTED, patients=MANY)
    complete, pooled = number(got, "os.x.level.pos.hr.all"), number(got, "os.x.imputed.level.pos.hr.all")
    assert (complete["N"], pooled["N"]) == (32, 36)
    assert pooled["label"] == complete["label"]
    assert pooled["section"] == "Hazard ratio, 4 imputations"
    rules = ImputationRules(imputations=4, seed=3)
    data = frame(MANY).with_columns(pl.col("AGE").cast(pl.Float64)).sort("PATIENT")
    terms = [factor("MARKER", reference="NEG"), "AGE"]
    expected = imputed_cox(data, time="MONTHS", event="EVENT", terms=terms, rules=rules).coefficients.row(0, named=True)
    assert [pooled[k] for k in ("value", "lower", "upper")] == pytest.approx(
        [expected[k] for k in ("HR", "lower", "upper")]
    )
    missing = number(got, "os.x.imputed.level.pos.fraction_missing.all")["value"]
    assert missing == pytest.approx(100 * expected["fraction_missing"])
    assert "imputed 4 times" in dict(got.methods)["Missing values: X"]


def test_one_imputation_is_refused_by_name(cohort):
    with pytest.raises(ConfigError, match=r"\[analyses.x\]"):
        cohort(IMPUTED.replace("imputations = 4", "imputations = 1"), patients=MANY)


def test_baseline_across_a_biomarker_has_its_levels_the_unknown_and_the_total(cohort):
    got = cohort(
        PLAIN
        + '[analyses.by-marker]\nkind = "baseline"\ntitle = "B"\nsection = "patients"\nendpoint = "b"\n'
        + 'across = "MARKER"\nwhere = "SEX = \'F\'"\nby = ["AGE", "ARM", "MARKER"]\n'
    )
    rows = got.numbers.filter(analysis="by-marker")
    # women: P1 POS A 60, P3 POS B 62, P5 unknown A 64, P7 NEG B 66
    counts = {(r["label"], r["level"]): (r["n"], r["N"]) for r in rows.filter(kind="count").iter_rows(named=True)}
    assert counts == {
        ("A", "POS"): (1, 2), ("A", "NEG"): (0, 1), ("A", "Missing"): (1, 1), ("A", "all"): (2, 4),
        ("B", "POS"): (1, 2), ("B", "NEG"): (1, 1), ("B", "Missing"): (0, 1), ("B", "all"): (2, 4),
    }  # fmt: skip
    assert dict(rows.filter(statistic="median").select("level", "value").iter_rows()) == {
        "POS": 61, "NEG": 66, "Missing": 64, "all": 63,
    }  # fmt: skip
    assert set(rows.filter(label="A", level="Missing")["subjects"].item()) == {"P5"}
    assert {a.columns for a in got.plan if a.name == "by-marker"} == {"group"}


@pytest.mark.parametrize(
    ("line", "said"), [('across = "NONE"', "no column NONE"), ('where = "NONE = 1"', "no column NONE")]
)
def test_a_baseline_table_names_the_column_that_is_not_there(cohort, line, said):
    text = '[analyses.by-marker]\nkind = "baseline"\ntitle = "B"\nsection = "patients"\nendpoint = "b"\n'
    with pytest.raises(ConfigError, match=rf"analyses.by-marker\].*{said}"):
        cohort(PLAIN + text + line + "\n")


def test_a_population_beside_the_one_before_it_is_no_step_of_the_flow(cohort):
    got = cohort(
        PLAIN + "[populations]\nwomen = \"SEX = 'F'\"\nmen = \"SEX = 'M'\"\nold_women = \"SEX = 'F' AND AGE > 61\"\n"
    )
    flow = got.numbers.filter(analysis="flow", arm="all", kind="count").select("label", "section", "n").rows()
    assert flow[-3:] == [("Women", None, 4), ("Men", "Beside", 4), ("Old women", None, 3)]


def test_each_term_of_a_model_has_its_p_value_beside_its_ratio(cohort):
    got = cohort(PLAIN + analysis("cox", '["AGE"]'), patients=MANY)
    fit = cox(frame(MANY), time="MONTHS", event="EVENT", terms=["AGE"])
    assert number(got, "os.x.age.wald_p.all")["value"] == pytest.approx(fit.coefficients["p"].item(), rel=1e-12)
    assert number(got, "os.x.age.hr.all")["label"] == number(got, "os.x.age.wald_p.all")["label"]


def test_each_term_stands_alone_beside_the_adjusted_model(cohort):
    """The same complete cases, one model a term; the adjusted ratios stay as they are."""
    config = PLAIN + analysis("cox", '["MARKER", "AGE", "SEX"]', "alone = true")
    got = cohort(config, patients=MANY)
    known = frame(MANY).drop_nulls(["MARKER", "AGE", "SEX"])
    one = cox(known, time="MONTHS", event="EVENT", terms=[factor("MARKER", reference="NEG")]).coefficients.row(
        0, named=True
    )
    found = number(got, "os.x.marker.pos.hr_alone.all")
    assert [found[k] for k in ("value", "lower", "upper")] == pytest.approx([one["HR"], one["lower"], one["upper"]])
    assert found["N"] == number(got, "os.x.marker.pos.hr.all")["N"] == known.height
    table = table_of(got.numbers.filter(analysis="x"), name="x", title="X", columns="estimate")
    assert [c.label for c in table.columns] == ["Alone, HR (95% CI)", "Adjusted, HR (95% CI)", "P value"]
    assert any("in a model of its own" in note for note in table.footnotes)
    plain = cohort(config.replace("alone = true", ""), patients=MANY)
    assert number(plain, "os.x.marker.pos.hr.all")["value"] == number(got, "os.x.marker.pos.hr.all")["value"]
    assert plain.numbers.filter(statistic="hr_alone").is_empty()


def test_auxiliary_variables_inform_the_imputation_and_are_not_in_the_model(cohort):
    made = '[covariates.NOTE]\nexpression = "CASE WHEN AGE > 58 THEN MARKER ELSE NULL END"\n'
    base = PLAIN + made + analysis("cox", '["MARKER", "AGE"]', "imputations = 5\nAUX")
    with_aux = cohort(base.replace("AUX", 'auxiliary = ["SEX", "NOTE"]'), patients=MANY)
    without = cohort(base.replace("AUX", ""), patients=MANY)
    terms = {r.split(".")[3] for r in with_aux.numbers["id"] if r.startswith("os.x.imputed.")}
    assert terms == {"marker", "age"}
    name = "os.x.marker.pos.hr.all"
    assert number(with_aux, name)["value"] == number(without, name)["value"]
    pooled = [number(g, "os.x.imputed.marker.pos.hr.all") for g in (with_aux, without)]
    assert pooled[0]["N"] == pooled[1]["N"] == 36
    assert pooled[0]["value"] != pooled[1]["value"]
    methods = dict(with_aux.methods)["Missing values: X"]
    assert "not in the model, informed the imputation: Sex, NOTE" in methods


def test_terms_stand_in_the_order_of_their_levels(cohort):
    """As the configuration lists them; without a list, levels that are numbers ascend, whatever is more frequent."""
    made = "[covariates.GRADE]\nexpression = \"CASE WHEN AGE < 56 THEN '2' WHEN AGE < 64 THEN '10' ELSE '1' END\"\n"
    made += 'labels = ["1", "2", "10"]\n'
    got = cohort(PLAIN + made + analysis("cox", '["GRADE"]'), patients=MANY)
    labels = got.numbers.filter(analysis="x", statistic="hr")["label"].to_list()
    assert labels == ["GRADE: 2 against 1", "GRADE: 10 against 1"]
    values = pl.Series("ECOG", ["1", "1", "0", None, "10", "2"])
    assert level_order(got.context, "ECOG", values) == ["0", "1", "2", "10"]
    assert level_order(got.context, "ECOG", pl.Series("ECOG", ["b", "b", "1"])) == ["b", "1"]


def test_groups_print_their_events_of_their_patients(cohort):
    got = cohort(PLAIN + analysis("groups", '["MARKER"]'))
    row = number(got, "os.events.all.marker=pos")
    assert (row["kind"], row["n"], row["N"], len(row["subjects"])) == ("fraction", 2, 4, 2)
    table = table_of(got.numbers.filter(analysis="x"), name="x", title="X", columns="estimate")
    assert table.columns[0].label == "Events, n/N (%)"


def test_interaction_says_how_many_patients_and_events_it_has(cohort):
    got = cohort(PLAIN + analysis("interaction", '["ARM", "MARKER", "SEX"]'), patients=MANY)
    known = frame(MANY).drop_nulls(["MARKER"])
    assert number(got, "os.x.complete_cases.all")["n"] == known.height
    assert number(got, "os.x.events.all")["n"] == known["EVENT"].sum()
    own = known.filter(MARKER="POS")
    found = number(got, "os.x.level_events.all.marker=pos")
    assert (found["n"], found["N"]) == (own["EVENT"].sum(), own.height)
    labels = got.numbers.filter(analysis="x")["label"].to_list()
    assert "Sex: Female against Male" in labels or "Sex: Male against Female" in labels


def test_quantities_say_how_many_have_none(cohort):
    got = cohort(PLAIN + '[analyses.baseline]\nby = ["AGE"]\n', patients=PATIENTS.replace("F,60", "F,"))
    missing = number(got, "baseline.age.missing.all")
    assert (missing["n"], missing["N"], missing["subjects"]) == (1, 8, ["P1"])


def test_a_word_among_numbers_is_a_finding(cohort):
    """An age of NA makes every year a level: say so, and how to name it."""
    made = '[covariates.YEARS]\ntable = "ADSL"\nvalue = "OLD"\npick = "only"\n'
    good = MANY.replace("SEX,AGE", "SEX,OLD")
    got = cohort(PLAIN + made, patients=good.replace("Q5,M,65", "Q5,M,NA").replace("Q5,F,65", "Q5,F,NA"))
    found = got.frames["findings"].filter(RULE="words-among-numbers")
    assert found["VALUE"].to_list() == ["NA"]
    assert "missing = ['NA']" in found["MESSAGE"][0]
    assert cohort(PLAIN + made, patients=good).frames["findings"].filter(RULE="words-among-numbers").is_empty()


def test_without_responses_nobody_is_called_evaluable_for_response(cohort):
    got = cohort(PLAIN + PLAIN.replace("OS", "PFS"))
    assert got.context.population_label("response") == got.context.population_label("safety") == "Treated"


def test_groups_of_a_variable_that_nobody_has_are_none(cohort):
    empty = '[covariates.TYPE]\nexpression = "CASE WHEN AGE > 99 THEN \'x\' END"\n[[subgroups]]\nvariable = "TYPE"\n'
    found = cohort(PLAIN + empty).numbers.filter(analysis="groups")
    assert set(found["statistic"]) <= {"n"}
    assert not found.filter(pl.col("id").str.starts_with("os.events"))["id"].to_list()
