"""The treatment's effect by subgroup as a study has it: who is counted where, what is left out, what is drawn."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from codon12.analyses import assemble
from codon12.analyses.assemble import study_figures
from codon12.errors import ConfigError
from codon12.numbers import homogeneity, odds_ratio, risk_difference
from codon12.records import Study
from codon12.survival import cox, factor

from .randomised import study as of_response

pytestmark = pytest.mark.requirement("R-SURV-06")

CONFIG = """
format = "tables"
start = "randomisation"
[treatments]
"C" = "Control"
"N" = "New drug"
[tables.ADSL]
file = "people.csv"
columns = { USUBJID = "ID", TRT01P = "ARM", SEX = "SEX", AGE = "AGE", MARKER = "MARKER", SITE = "SITE" }
constants = { RANDFL = "Y", SAFFL = "Y" }
[tables.ADTTE]
file = "people.csv"
unit = "months"
columns = { USUBJID = "ID" }
times.OS = { time = "OS", status = "DEAD", event = ["1"], censored = ["0"] }
"""


def people(n=80) -> pl.DataFrame:
    i = np.arange(n)
    return pl.DataFrame(
        {
            "ID": [f"p{k}" for k in i],
            "ARM": np.where(i % 2 == 0, "C", "N"),
            "SEX": np.where((i // 2) % 3 == 0, "F", "M"),
            "AGE": 50 + (i * 7) % 31,
            "MARKER": [None if k % 9 == 0 else float((k * 13) % 41) for k in i],
            "SITE": [None if k == 5 else "north" if k % 4 < 2 else "south" for k in i],
            "OS": 1 + (i * 31) % 29,
            "DEAD": ((i * 17) % 10 < 7).astype(int),
        }
    )


def study(folder, extra="", frame=None):
    (people() if frame is None else frame).write_csv(folder / "people.csv")
    (folder / "codon12.toml").write_text(CONFIG + extra)
    return assemble(Study.open(folder))


def rows(evidence, name="subgroup-effects-os"):
    return {r.label: [c.text for c in r.cells] for r in evidence.table(name).rows}


def test_the_default_forest_of_a_randomised_study(tmp_path):
    evidence = study(tmp_path)
    table = evidence.table("subgroup-effects-os")
    assert [c.label for c in table.columns] == [
        "Control, events/n (%)",
        "New drug, events/n (%)",
        "Hazard ratio (95% CI)",
        "P for interaction",
    ]
    found = rows(evidence)
    assert list(found) == ["All patients", "Age, years", "<65", "≥65", "Sex", "Male", "Female"]
    frame = people()
    women = frame.filter(SEX="F")
    assert found["Female"][0] == "{}/{} ({:.1f})".format(
        *women.filter(ARM="C").select(pl.col("DEAD").sum(), pl.len(), 100 * pl.col("DEAD").mean()).row(0)
    )
    fit = cox(women, time="OS", event="DEAD", terms=[factor("ARM", reference="C")]).evidence()[0]
    assert evidence["os.effect.hr.new_drug.sex=f"].value == pytest.approx(fit["value"])
    assert not evidence.numbers.filter(analysis="subgroup-effects-pfs").height, "no such time"


def test_the_patients_behind_each_number(tmp_path):
    evidence = study(tmp_path)
    frame = people()
    women = frame.filter(SEX="F")
    assert set(evidence["os.effect.hr.new_drug.sex=f"].subjects) == set(women["ID"])
    assert set(evidence["os.effect.events.new_drug.sex=f"].subjects) == set(women.filter(ARM="N", DEAD=1)["ID"])
    assert set(evidence["os.effect.interaction_p.new_drug.age=all"].subjects) == set(frame["ID"])


def test_unknown_values_cuts_and_strata_are_told(tmp_path):
    extra = """
[analyses.subgroup-effects-os]
by = ["MARKER", "SEX"]
cuts = { MARKER = [10, 25] }
strata = ["SITE"]
medians = true
"""
    evidence = study(tmp_path, extra)
    found = rows(evidence)
    assert list(found)[1:6] == ["MARKER", "<10", "10 to <25", "≥25", "Missing"]
    frame = people().filter(pl.col("SITE").is_not_null())
    some = frame.filter(ARM="N").filter(pl.col("MARKER").is_null())
    assert found["Missing"][1].startswith(f"{some['DEAD'].sum()}/{some.height} ")
    known = frame.filter(pl.col("MARKER").is_not_null())
    assert known.height == evidence["os.effect.interaction_p.new_drug.marker=all"].N
    whole = cox(frame, time="OS", event="DEAD", terms=[factor("ARM", reference="C")], strata=["SITE"]).evidence()[0]
    assert evidence["os.effect.hr.new_drug"].value == pytest.approx(whole["value"])
    assert "stratified by SITE" in evidence.table("subgroup-effects-os").footnotes[0]
    assert "1 patients without a value of the strata are left out" in evidence.table("subgroup-effects-os").footnotes[0]
    assert "New drug, median, months (95% CI)" in [c.label for c in evidence.table("subgroup-effects-os").columns]


def test_a_number_without_cuts_is_cut_at_its_median_and_told(tmp_path):
    evidence = study(tmp_path, '[analyses.subgroup-effects-os]\nby = ["MARKER", "AGE"]\n')
    median = people()["MARKER"].median()
    assert list(rows(evidence))[2:4] == [f"<{median:g}", f"≥{median:g}"]
    assert f"MARKER is cut at its median, {median:g}." in evidence.table("subgroup-effects-os").footnotes[0]
    assert "<65" in rows(evidence)
    more = study(tmp_path, "[analyses.subgroup-effects-os]\ncuts = { MARKER = [10] }\n")
    assert list(rows(more))[-3:] == ["<10", "≥10", "Missing"], "a variable that is cut is asked for"


def test_small_levels_print_no_absurd_ratio(tmp_path):
    frame = people().with_columns(MARKER=pl.when(pl.int_range(pl.len()) < 6).then(1.0).otherwise(9.0))
    extra = '[analyses.subgroup-effects-os]\nby = ["MARKER"]\n'
    evidence = study(tmp_path, extra, frame)
    found = rows(evidence)
    assert found["1.0"][2] == "NE"
    assert found["9.0"][2] != "NE"
    spec = evidence.figure("subgroup-effects-os")
    assert "'text': 'NE'" in str(spec.spec)


@pytest.mark.slow
def test_the_forest_says_which_side_favours_whom(tmp_path):
    figure = study(tmp_path).figure("subgroup-effects-os")
    text = str(figure.spec)
    assert "← Favours New drug" in text
    assert "Favours Control →" in text
    assert "below 1 New drug does better" in figure.caption
    turned = study(tmp_path, '[analyses.subgroup-effects-os]\nbetter = "higher"\n').figure("subgroup-effects-os")
    assert "← Favours Control" in str(turned.spec)


@pytest.mark.slow
def test_one_arm_and_cohorts_have_none_unless_asked(tmp_path):
    frame = people()
    text = CONFIG.replace('RANDFL = "Y", ', "")
    frame.write_csv(tmp_path / "people.csv")
    (tmp_path / "codon12.toml").write_text(text)
    assert not assemble(Study.open(tmp_path)).numbers.filter(analysis="subgroup-effects-os").height
    (tmp_path / "codon12.toml").write_text(text + "[analyses.subgroup-effects-os]\nunrandomised = true\n")
    asked = assemble(Study.open(tmp_path))
    assert "The groups were not randomised" in asked.table("subgroup-effects-os").footnotes[0]
    alone = study(tmp_path, frame=frame.with_columns(ARM=pl.lit("N")))
    assert not alone.numbers.filter(analysis="subgroup-effects-os").height


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ('by = ["MARKR"]', "ADSL has no column MARKR"),
        ('strata = ["CITY"]', r"strata: ADSL has no column CITY"),
        ('reference = "Placebo"', "no treatment 'Placebo'; there are Control, New drug"),
        ('by = ["MARKER"]\ncuts = { MARKER = [3, 2] }', "cuts are ascending numbers"),
        ('by = ["SEX"]\ncuts = { SEX = [3] }', "SEX is no column of numbers"),
    ],
)
def test_wrong_options_are_refused_with_their_place(tmp_path, extra, words):
    with pytest.raises(ConfigError, match=words):
        study(tmp_path, f"[analyses.subgroup-effects-os]\n{extra}\n")


@pytest.mark.parametrize("measure", ["odds-ratio", pytest.param("risk-difference", marks=pytest.mark.slow)])
def test_response_by_subgroup(tmp_path, measure):
    evidence, frame = of_response(
        tmp_path, f'[analyses.subgroup-effects-orr]\nby = ["SEX"]\nmin_events = 2\nmeasure = "{measure}"\n'
    )
    columns = np.array(
        [
            [
                v
                for arm in ("New drug", "Control")
                for v in frame.filter(SEX=sex, ARM=arm).select(pl.col("HIT").sum(), pl.len()).row(0)
            ]
            for sex in ("F", "M")
        ]
    ).T
    test = homogeneity(*columns, measure=measure)
    assert evidence["orr.effect.interaction_p.investigator.new_drug.sex=all"].value == pytest.approx(test.p)
    name, made, scale = ("or", odds_ratio, 1) if measure == "odds-ratio" else ("rd", risk_difference, 100)
    got = evidence[f"orr.effect.{name}.investigator.new_drug.sex=f"]
    assert got.lower == pytest.approx(scale * float(made(*columns).lower[0]))


@pytest.mark.slow
def test_three_treatments_are_each_compared_with_the_reference(tmp_path):
    frame = people().with_columns(ARM=pl.when(pl.int_range(pl.len()) % 3 == 2).then(pl.lit("X 5 mg")).otherwise("ARM"))
    extra = '[analyses.subgroup-effects-os]\nby = ["SEX"]\nreference = "New drug"\n'
    evidence = study(tmp_path, extra, frame)
    table = evidence.table("subgroup-effects-os")
    assert [r.label for r in table.rows if r.heading] == ["Control against New drug", "X 5 mg against New drug"]
    assert [c.label.split(",")[0] for c in table.columns][-2:] == ["Hazard ratio (95% CI)", "P for interaction"]
    pair = frame.filter(pl.col("ARM").is_in(["N", "X 5 mg"]))
    fit = cox(pair, time="OS", event="DEAD", terms=[factor("ARM", reference="N")]).evidence()[0]
    assert evidence["os.effect.hr.x_5_mg"].value == pytest.approx(fit["value"])
    assert not evidence.numbers["id"].str.contains(r"[~\s]").any(), "a page parts the ids of a cell by blanks"
    drawn = [f.name for f in study_figures(evidence) if f.analysis == "subgroup-effects-os"]
    assert drawn == ["forest-subgroup-effects-os-control", "forest-subgroup-effects-os-x_5_mg"]
