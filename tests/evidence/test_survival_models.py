"""Proportional hazards, cut-point searches and competing risks as analyses of a plan."""

import json
import re
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

from codon12.analyses import assemble, study_figures
from codon12.analyses.plan import plan_of_analyses
from codon12.errors import ConfigError
from codon12.figures import draw
from codon12.parallel import replicates
from codon12.records import Study
from codon12.survival import aalen_johansen, cox, cut_point, factor, fine_gray, gray_test
from codon12.tables import table_of

HEAD = """
format = "tables"
[tables.ADSL]
file = "patients.csv"
columns = { USUBJID = "PATIENT" }
[tables.ADTTE]
file = "patients.csv"
columns = { USUBJID = "PATIENT" }
unit = "months"
times.OS = { time = "MONTHS", status = "STATUS", event = ["DISEASE", "INFECTION"], censored = ["ALIVE", "OTHER"] }
[covariates.MARKER]
table = "ADSL"
value = "MARKER"
pick = "first"
[covariates.SCORE]
table = "ADSL"
value = "SCORE"
pick = "first"
label = "Score, %"
"""
CAUSES = ["ALIVE", "DISEASE", "INFECTION", "OTHER"]
ROWS = [
    (f"P{i:02}", ("NEG", "POS")[i % 3 == 0], i * 37 % 61, 1 + i * 29 % 53 / 2, CAUSES[(i * 7 % 10) // 3])
    for i in range(1, 61)
]
FRAME = pl.DataFrame(ROWS, schema=["PATIENT", "MARKER", "SCORE", "MONTHS", "STATUS"], orient="row")


def asked(kind: str, by: str, extra: str = "") -> str:
    return (
        f'[analyses.x]\nkind = "{kind}"\ntitle = "X"\nsection = "biomarkers"\nendpoint = "OS"\ndisplay = "both"\n'
        f"by = {by}\n{extra}\n"
    )


@pytest.fixture
def cohort(tmp_path):
    def build(config: str, frame: pl.DataFrame = FRAME, head: str = HEAD, executor=None):
        frame.write_csv(tmp_path / "patients.csv")
        (tmp_path / "codon12.toml").write_text(head + config)
        return assemble(Study.open(tmp_path), executor=executor)

    return build


def number(evidence, name):
    found = evidence.numbers.filter(id=name)
    assert found.height == 1, f"{name}: {evidence.numbers.filter(analysis='x')['id'].to_list()}"
    return found.row(0, named=True)


def pictures(evidence):
    return [f for f in study_figures(evidence) if f.analysis == "x"]


def event(frame=FRAME):
    return frame["STATUS"].is_in(["DISEASE", "INFECTION"])


def test_every_event_text_is_a_cause_and_all_are_shown(cohort):
    got = cohort(asked("competing-risks", "[]", "landmarks = [6, 12]"))
    code = FRAME["STATUS"].replace_strict({"DISEASE": 1, "INFECTION": 2}, default=0)
    curves = aalen_johansen(FRAME["MONTHS"], code, labels=["d", "i"]).curve()
    for name, state in (("disease", "d"), ("infection", "i")):
        for month, want in zip((6, 12), curves.at([6, 12], state), strict=True):
            row = number(got, f"os.x.{name}.incidence_{month}mo.all")
            assert (row["value"], row["lower"], row["upper"]) == pytest.approx(
                (100 * want.value, 100 * want.lower, 100 * want.upper)
            )
    events = number(got, "os.x.disease.all")
    assert (events["n"], events["N"]) == ((FRAME["STATUS"] == "DISEASE").sum(), 60)
    assert events["subjects"] == sorted(FRAME.filter(STATUS="DISEASE")["PATIENT"])
    [figure] = pictures(got)
    assert "free of any of the events" in figure.caption
    assert draw(figure.spec)


def test_named_causes_gray_and_fine_gray(cohort):
    causes = 'causes = { "Death of disease" = ["DISEASE"], "Other death" = ["INFECTION", "OTHER"] }'
    got = cohort(asked("competing-risks", '["MARKER", "SCORE"]', causes))
    code = FRAME["STATUS"].replace_strict({"DISEASE": 1, "INFECTION": 2, "OTHER": 2}, default=0)
    tests = gray_test(FRAME["MONTHS"], code, FRAME["MARKER"])
    fit = fine_gray(
        FRAME.with_columns(code=code),
        time="MONTHS",
        event="code",
        terms=[factor("MARKER", reference="NEG"), "SCORE"],
        cause=2,
    )
    assert number(got, "os.x.other_death.gray_p.all.marker=all")["value"] == pytest.approx(tests[1].p)
    row = fit.to_frame().row(0, named=True)
    shr = number(got, "os.x.other_death.marker.pos.shr.all")
    assert (shr["value"], shr["lower"], shr["upper"]) == pytest.approx((row["SHR"], row["lower"], row["upper"]))
    events = number(got, "os.x.other_death.all.marker=pos")
    assert (
        events["n"] == FRAME.filter(pl.col("STATUS").is_in(["INFECTION", "OTHER"]) & (pl.col("MARKER") == "POS")).height
    )
    assert len(events["subjects"]) == events["n"]
    shown = pictures(got)
    assert [f.name for f in shown] == ["x-1", "x-2", "forest-x"]
    assert "Subdistribution hazard ratios with 95%" in shown[-1].caption
    assert "Gray's test P" in draw(shown[0].spec).replace("&#39;", "'")
    assert any("Fine-Gray" in text for _, text in got.methods)


def test_events_without_a_cause_are_refused(cohort):
    with pytest.raises(ConfigError, match="INFECTION belong to no cause"):
        cohort(asked("competing-risks", "[]", 'causes = { Disease = ["DISEASE"] }'))
    with pytest.raises(ConfigError, match="DISEASE cannot mean two causes"):
        cohort(asked("competing-risks", "[]", 'causes = { A = ["DISEASE"], B = ["DISEASE", "INFECTION"] }'))


def test_late_entry_has_incidence_but_no_gray_test(cohort):
    head = HEAD.replace('censored = ["ALIVE", "OTHER"]', 'censored = ["ALIVE", "OTHER"], entry = "ENTRY"')
    frame = FRAME.with_columns(ENTRY=pl.col("MONTHS") / 3)
    got = cohort(asked("competing-risks", '["MARKER"]', "landmarks = [12]"), frame, head)
    code = FRAME["STATUS"].replace_strict({"DISEASE": 1, "INFECTION": 2}, default=0)
    own = FRAME["MARKER"] == "POS"
    want = aalen_johansen(
        FRAME["MONTHS"].filter(own), code.filter(own), labels=["d", "i"], entry=frame["ENTRY"].filter(own)
    ).curve()
    assert number(got, "os.x.disease.incidence_12mo.all.marker=pos")["value"] == pytest.approx(
        100 * want.at([12], "d")[0].value
    )
    assert number(got, "os.x.disease.gray_p.all.marker=all")["status"] == "not estimable"
    fit = fine_gray(
        frame.with_columns(code=code),
        time="MONTHS",
        event="code",
        terms=[factor("MARKER", reference="NEG")],
        entry="ENTRY",
    )
    assert number(got, "os.x.disease.marker.pos.shr.all")["value"] == pytest.approx(float(fit.to_frame()["SHR"][0]))


def test_proportional_hazards(cohort):
    got = cohort(asked("proportional-hazards", '["MARKER", "SCORE"]', 'transform = "rank"'))
    fit = cox(
        FRAME.with_columns(event=event()),
        time="MONTHS",
        event="event",
        terms=[factor("MARKER", reference="NEG"), "SCORE"],
    )
    test = fit.proportional_hazards_test("rank").to_frame()
    assert number(got, "os.x.score.ph_p.all")["value"] == pytest.approx(test["p"][1])
    assert number(got, "os.x.global.ph_chisq.all")["value"] == pytest.approx(test["statistic"][2])
    assert "rank of time" in number(got, "os.x.score.ph_p.all")["method"]
    points = got.frames["schoenfeld"]
    assert points.height == 2 * event().sum()
    assert points.filter(variable="SCORE")["effect"][0] == pytest.approx(fit.coef[1])
    shown = pictures(got)
    assert [f.title for f in shown] == [
        "MARKER: POS against NEG: effect on overall survival over time",
        "Score, %: per unit: effect on overall survival over time",
    ]
    assert "Proportional hazards: P" in draw(shown[1].spec)


def test_a_cut_point_never_comes_with_a_naked_p(cohort):
    got = cohort(asked("cut-point", '["SCORE"]', "permutations = 200\nresamples = 20\nseed = 3"))
    data = FRAME.with_columns(event=event())
    want = cut_point(data, time="MONTHS", event="event", biomarker="SCORE", permutations=200, resamples=20, seed=3)
    rows = {r["statistic"]: r for r in got.numbers.filter(analysis="x").to_dicts()}
    assert rows["cut"]["value"] == want.cut
    assert rows["cut_p"]["value"] == want.p
    assert rows["critical"]["value"] == want.critical
    assert rows["hr_corrected"]["value"] == pytest.approx(want.corrected_hazard_ratio)
    assert [s for s, r in rows.items() if r["kind"] == "p"] == ["cut_p"]
    assert "permutation" in rows["cut_p"]["label"]
    [figure] = pictures(got)
    svg = draw(figure.spec)
    assert "optimism taken off" in svg
    assert "200 permutations" in figure.caption


def test_a_cut_point_on_an_executor_is_the_same(cohort, monkeypatch):
    monkeypatch.setattr(replicates, "WORTH", 0)
    options = asked("cut-point", '["SCORE"]', "permutations = 50\nresamples = 9\nseed = 3")
    blocks = []

    class Seen(ThreadPoolExecutor):
        def submit(self, *args, **kwargs):
            blocks.append(args)
            return super().submit(*args, **kwargs)

    with Seen(2) as pool:
        there = cohort(options, executor=pool)
    assert there.numbers.equals(cohort(options).numbers)
    assert there.context.executor is None
    assert len(blocks) > 4


def test_a_cut_point_is_searched_in_one_column_of_numbers(cohort):
    with pytest.raises(ConfigError, match="one column of numbers"):
        cohort(asked("cut-point", '["MARKER"]'))
    with pytest.raises(ConfigError, match="one column of numbers"):
        cohort(asked("cut-point", '["SCORE", "MARKER"]'))


@pytest.mark.parametrize("kind", ["competing-risks", "proportional-hazards", "cut-point"])
def test_without_events_each_says_so(cohort, kind):
    frame = FRAME.with_columns(STATUS=pl.lit("ALIVE"))
    by = '["MARKER"]' if kind == "competing-risks" else '["SCORE"]'
    got = cohort(asked(kind, by), frame)
    told = got.numbers.filter((pl.col("analysis") == "x") & pl.col("value").is_not_null() & (pl.col("kind") != "count"))
    assert told.is_empty(), told.select("id", "value")
    assert all(draw(f.spec) for f in pictures(got))


@pytest.mark.parametrize("level", [0.9, 0.99])
def test_captions_read_the_level(cohort, level):
    got = cohort(asked("groups", '["MARKER"]', f"conf_level = {level}") + "[analyses.os]\nconf_level = 0.8\n")
    captions = {f.name: f.caption + draw(f.spec) for f in study_figures(got)}
    assert "80%" in captions["os"]
    assert "95%" not in captions["os"]
    models = cohort(asked("cox", '["MARKER", "SCORE"]', f"conf_level = {level}"))
    text = next(f.caption + draw(f.spec) for f in pictures(models))
    assert f"{100 * level:g}%" in text
    assert "95%" not in text


def test_the_configuration_page_can_be_read():
    page = (Path(__file__).resolve().parents[2] / "docs" / "configuration.md").read_text(encoding="utf-8")
    block = re.findall(r"```toml\n(.*?)```", page.partition("## Models of survival in a report")[2], re.DOTALL)[0]
    plan = {a.name: a for a in plan_of_analyses(tomllib.loads(block)["analyses"])}
    assert plan["pfs-causes"].causes["Progression"] == ["Disease progression"]
    assert {plan[n].kind for n in ("pfs-causes", "pfs-in-time", "age-cut")} == {
        "competing-risks", "proportional-hazards", "cut-point",
    }  # fmt: skip


def test_strata_of_competing_risks(cohort):
    frame = FRAME.with_columns(SITE=pl.Series([("N", "S")[i % 4 > 1] for i in range(60)]))
    head = HEAD + '[covariates.SITE]\ntable = "ADSL"\nvalue = "SITE"\npick = "first"\n'
    got = cohort(asked("competing-risks", '["MARKER"]', 'strata = ["SITE"]'), frame, head)
    code = frame["STATUS"].replace_strict({"DISEASE": 1, "INFECTION": 2}, default=0)
    test = gray_test(frame["MONTHS"], code, frame["MARKER"], strata=frame["SITE"])[0]
    fit = fine_gray(
        frame.with_columns(code=code),
        time="MONTHS",
        event="code",
        terms=[factor("MARKER", reference="NEG")],
        strata="SITE",
    )
    assert number(got, "os.x.disease.gray_p.all.marker=all")["value"] == pytest.approx(test.p)
    row = number(got, "os.x.disease.marker.pos.shr.all")
    assert row["value"] == pytest.approx(float(fit.to_frame()["SHR"][0]))
    assert "stratified by SITE" in row["method"]


def test_a_cut_point_within_strata_and_with_late_entry(cohort):
    months = pl.col("MONTHS")
    frame = FRAME.with_columns(
        SITE=pl.Series([("N", "S")[i % 4 > 1] for i in range(60)]),
        SEEN=pl.when(months > 6).then(months - 5).otherwise(0),
    )
    head = HEAD.replace('"OTHER"] }', '"OTHER"], entry = "SEEN" }')
    head += '[covariates.SITE]\ntable = "ADSL"\nvalue = "SITE"\npick = "first"\n'
    extra = 'strata = ["SITE"]\npermutations = 100\nresamples = 10\nseed = 3'
    got = cohort(asked("cut-point", '["SCORE"]', extra), frame, head)
    data = frame.with_columns(event=event(frame))
    want = cut_point(data, time="MONTHS", event="event", biomarker="SCORE", strata="SITE", entry="SEEN",
                     permutations=100, resamples=10, seed=3)  # fmt: skip
    rows = {r["statistic"]: r for r in got.numbers.filter(analysis="x").to_dicts()}
    assert (rows["cut"]["value"], rows["cut_p"]["value"]) == (want.cut, want.p)
    assert rows["statistic"]["value"] == pytest.approx(want.statistic)
    assert "stratified by SITE, at risk from entry on" in rows["cut"]["method"]


SPOKEN_OF = [
    # kind, by, id, variable, category, against, cause
    ("groups", '["MARKER"]', "os.hr.all.marker=pos", "MARKER", "POS", "NEG", None),
    ("groups", '["MARKER"]', "os.median.all.marker=neg", "MARKER", "NEG", None, None),
    ("cox", '["MARKER", "SCORE"]', "os.x.marker.pos.hr.all", "MARKER", "POS", "NEG", None),
    ("cox", '["MARKER", "SCORE"]', "os.x.score.hr.all", "SCORE", None, None, None),
    ("proportional-hazards", '["MARKER"]', "os.x.global.ph_p.all", None, None, None, None),
    ("competing-risks", '["MARKER"]', "os.x.disease.marker.pos.shr.all", "MARKER", "POS", "NEG", "Disease"),
    ("competing-risks", '["MARKER"]', "os.x.infection.gray_p.all.marker=all", "MARKER", None, None, "Infection"),
    ("cut-point", '["SCORE"]', "os.x.cut.all", "SCORE", None, None, None),
    ("baseline", '["MARKER"]', "x.marker.neg.all", "MARKER", "NEG", None, None),
]


@pytest.mark.parametrize(("kind", "by", "name", "variable", "category", "against", "cause"), SPOKEN_OF)
def test_what_a_number_speaks_of_stands_in_columns(cohort, kind, by, name, variable, category, against, cause):
    few = "permutations = 20\nresamples = 5\n" if kind == "cut-point" else ""
    asking = asked(kind, by, few)
    got = number(cohort(asking.replace('endpoint = "OS"\n', "") if kind == "baseline" else asking), name)
    assert [got[k] for k in ("variable", "category", "against", "cause")] == [variable, category, against, cause]


def test_the_label_of_a_group_is_its_row_and_its_estimate(cohort):
    got = cohort(asked("groups", '["MARKER"]')).numbers.filter(analysis="x").drop_nulls("row")
    assert set(got["row"]) == {"NEG", "POS", "POS against NEG"}
    assert got["label"].to_list() == (got["row"] + ": " + got["what"]).to_list()


def test_a_level_is_the_reference_in_every_set_of_rows(cohort):
    """NEG is the more frequent of all 60; of those with a score it would be POS."""
    score = (
        pl.when((pl.col("MARKER") == "NEG") & pl.int_range(pl.len()).is_between(0, 40)).then(None).otherwise("SCORE")
    )
    frame = FRAME.with_columns(SCORE=score)
    known = frame.drop_nulls("SCORE")["MARKER"].value_counts(sort=True)["MARKER"][0]
    assert (FRAME["MARKER"].value_counts(sort=True)["MARKER"][0], known) == ("NEG", "POS")
    got = cohort(asked("cox", '["MARKER", "SCORE"]', "imputations = 2"), frame)
    complete, imputed = (number(got, f"os.x{part}.marker.pos.hr.all") for part in ("", ".imputed"))
    assert (complete["against"], imputed["against"]) == ("NEG", "NEG")


def test_competing_risks_count_whom_they_leave_out(cohort):
    frame = FRAME.with_columns(
        MARKER=pl.when(pl.int_range(pl.len()) < 3).then(None).otherwise("MARKER"),
        SCORE=pl.when(pl.int_range(pl.len()) < 8).then(None).otherwise("SCORE"),
    )
    got = cohort(asked("competing-risks", '["MARKER", "SCORE"]'), frame)
    left = number(got, "os.x.left_out.marker.missing.all.marker=all")
    assert (left["n"], left["N"]) == (3, 60)
    model = number(got, "os.x.disease.complete_cases.all")
    assert (model["n"], model["N"]) == (52, 57)


def test_a_forest_tells_what_is_adjusted(cohort):
    got = cohort(asked("cox", '["MARKER", "SCORE"]', "alone = true"))
    shown = json.dumps(pictures(got)[0].spec)
    assert all(f'"{h}"' in shown for h in ("Hazard ratio of each variable alone", "Adjusted hazard ratio"))


def test_the_effect_of_a_number_is_told_per_unit(cohort):
    got = cohort(asked("interaction", '["MARKER", "SCORE"]'))
    assert number(got, "os.x.main.score.hr.all")["label"] == "Score, %: per unit"


def test_groups_of_one_size_are_not_the_size_of_all(cohort):
    """Twenty of either marker: the column of all patients said N = 20."""
    equal = pl.concat([part.head(20) for part in FRAME.partition_by("MARKER", maintain_order=True)])
    got = cohort(asked("competing-risks", '["MARKER"]'), equal)
    rows = got.numbers.filter(analysis="x")
    assert set(rows.filter(statistic="n")["N"]) == {20}
    assert table_of(rows, name="x", title="X").columns[0].n is None
