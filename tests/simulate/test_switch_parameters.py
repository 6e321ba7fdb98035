"""Parameters are data; targets, ensembles and what-ifs; bad input is refused in words."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from codon12.errors import ConfigError, DataError, UsageError
from codon12.simulate.switch.arms import Arm, read_arms
from codon12.simulate.switch.conduct import conduct_blocks
from codon12.simulate.switch.draws import normals, uniforms
from codon12.simulate.switch.ensemble import Ensemble, Member, read_ensemble, shipped_ensemble, write_ensemble
from codon12.simulate.switch.fit import fit_ensemble
from codon12.simulate.switch.parameters import Schedule, read_set, shipped_set
from codon12.simulate.switch.study import cost_of, write_study
from codon12.simulate.switch.summary import headline, kaplan_meier_at, kaplan_meier_median
from codon12.simulate.switch.targets import Target, check_targets, read_targets
from codon12.simulate.switch.what_if import read_change, sets_of, what_if
from codon12.survival import kaplan_meier

GOLDEN = Path(__file__).resolve().parents[3] / "shared" / "cases" / "switch" / "trial.json"
SET = shipped_set()


def test_values_are_those_of_the_reference_calibration():
    if not GOLDEN.exists():
        pytest.skip("the answers of the other implementation lie in a folder beside the checkout, which is not here")
    theirs = json.loads(GOLDEN.read_text())["parameters"]
    assert {k: SET[k] for k in theirs} == theirs


def test_every_parameter_has_unit_source_and_mark_and_the_page_shows_them():
    page = SET.changed({"kdeg": 0.05}).provenance()
    for name, p in SET.parameters.items():
        assert p.unit
        assert p.source
        assert p.what
        assert f"| {name} |" in page
    for words in ("Not for.", "Assumptions.", "Calibration.", "simulated", "0.05 (changed)", "kdeg = 0.05"):
        assert words in page


def test_a_set_from_toml(tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(
        'base = "sotorasib-nsclc"\n[set]\nkdeg = 0.1\n[context]\ntarget = "NRAS"\nallele = "Q61R"\n[schedule]\nvisits = [30, 60]\n'
    )
    made = read_set(file)
    assert (made["kdeg"], made.context.target, made.schedule.visits) == (0.1, "NRAS", (30, 60))
    shipped = Path(__file__).resolve().parents[2] / "src/codon12/simulate/switch/sotorasib-nsclc.toml"
    assert read_set(shipped).values() == SET.values()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: SET.changed({"kdge": 1}), "'kdge' is no parameter; nearest: kdeg"),
        (lambda: SET.changed({"kdeg": -1}), "kdeg = -1: outside 0 and above"),
        (lambda: SET.changed({"rho_g": 1.0}), "rho_g = 1: outside"),
        (lambda: SET.changed({"p_keap": 1.2}), "p_keap = 1.2: outside 0 to 1"),
        (lambda: SET.changed({"kdeg": float("nan")}), "must be a number"),
        (lambda: SET["nothing"], "is no parameter"),
        (lambda: shipped_set("sotorasib"), "nearest: sotorasib-nsclc"),
        (lambda: Schedule(visits=(42.0, 42.0), lesions=(1.0,)).check(), "each at least a day after"),
        (lambda: Schedule(visits=(0.0,), lesions=(1.0,)).check(), "days from 1 on"),
        (lambda: Schedule(visits=(42.0,), lesions=(0.5, 0.4)).check(), "add up to 1"),
        (lambda: write_study(Path("x"), patients=0), "give 1 to 1,000,000,000"),
        (lambda: write_study(Path("x"), patients=10**9), "about 97 h|take about .* h on one core"),
        (lambda: write_study(Path("x"), patients=10, seed=-1), "seed -1"),
        (lambda: write_study(Path("x"), patients=10, readers=3), "readers: 3"),
        (lambda: write_study(Path("x"), patients=10, arms=[Arm("A"), Arm("A")]), "a printable name of its own"),
        (lambda: uniforms(-1, "death", 0, 1, 1), "seed -1"),
        (lambda: read_change("kdeg"), "write name=value"),
        (lambda: read_change("kdeg/0"), "divides by 0"),
        (lambda: read_change("visits*2"), "write visits=days"),
        (lambda: what_if("kdge*2", [SET], patients=10), "nearest: kdeg"),
        (lambda: what_if("kdeg*2", [], patients=10), "at least one set"),
    ],
)
def test_what_cannot_be_is_refused(call, says):
    with pytest.raises((UsageError, ConfigError), match=says):
        call()
    assert not Path("x").exists()


def test_files_that_are_not_sets_or_arms_are_refused(tmp_path):
    bad = tmp_path / "bad.toml"
    for text, read, says in (
        ("[set", read_set, "cannot be read as TOML"),
        ("colour = 1", read_set, "unknown key 'colour'"),
        (
            '[parameters.kdeg]\nvalue = 1\nwhat = "x"\nmark = "read"\nsource = "y"\n',
            read_set,
            "parameter kdeg has no unit",
        ),
        ("[set]\nkdeg = -2", read_set, "outside 0"),
        ("[[arm]]\n", read_arms, "missing required field `name`"),
        ("x = 1", read_arms, r"give \[\[arm\]\]"),
        ('[[target]]\nendpoint = "ORRR"\nvalue = 1\nn = 10', read_targets, "nearest: ORR"),
    ):
        bad.write_text(text)
        with pytest.raises((UsageError, ConfigError), match=says):
            read(bad)


def test_a_parameter_without_unit_is_refused(tmp_path):
    text = (Path(__file__).resolve().parents[2] / "src/codon12/simulate/switch/sotorasib-nsclc.toml").read_text()
    file = tmp_path / "own.toml"
    file.write_text(text.replace('unit = "mg"', 'unit = ""', 1))
    with pytest.raises(ConfigError, match="parameter dose has no unit"):
        read_set(file)
    file.write_text(text.replace('unit = "mg"\n', "", 1))
    with pytest.raises(ConfigError, match="parameter dose has no unit"):
        read_set(file)


def test_targets_that_contradict_are_refused():
    def of(**values):
        return [Target(k, v, n=100) for k, v in values.items()]

    for targets, says in (
        (of(ORR=50, DCR=40), "contradict"),
        (of(CR=30, ORR=20), "contradict"),
        (of(PFS6=30, PFS9=40), "contradict"),
        (of(PFS=13, OS=12), "contradict"),
        (of(ORR=50, SD=40, PD=30), "add up to 120"),
        (of(ORR=120), "0 to 100"),
        (of(DCR=85, PD=20), "DCR, PD and NE add up to 105"),
        (of(PFS=6.8, PFS6=40), "the curve is at 50 % at its median"),
        (of(DOR=5, DOR6=60), "the curve is at 50 % at its median"),
        (of(depth=20), "shrink by 30 % or more"),
        ([Target("ORR", 30)], "either n"),
        ([Target("ORR", 30, interval=(40, 50))], "outside its interval"),
        (of(ORR=30) * 2, "given twice"),
        ([], "at least one"),
    ):
        with pytest.raises(UsageError, match=says):
            check_targets(targets)


def test_draws_are_keyed_by_seed_purpose_and_patient():
    a = uniforms(7, "tumour", 0, 1000, 6)
    assert (a[400:410] == uniforms(7, "tumour", 400, 10, 6)).all()
    assert not (a == uniforms(8, "tumour", 0, 1000, 6)).any()
    assert not (a == uniforms(7, "lesions", 0, 1000, 6)).any()
    assert not (a == uniforms(7, "tumour", 0, 1000, 6, page=1)).any()
    z = normals(7, "tumour", 0, 20_000, 4)
    assert np.abs(z.mean(axis=0)).max() < 0.03
    assert np.abs(z.std(axis=0) - 1).max() < 0.03
    assert np.abs(np.corrcoef(z.T) - np.eye(4)).max() < 0.03


def test_quick_kaplan_meier_is_that_of_survival():
    rng = np.random.default_rng(1)
    for _ in range(40):
        time, event = rng.integers(1, 12, 30).astype(float), rng.random(30) < 0.6
        curve = kaplan_meier(time, event)
        want = curve.median()["value"][0]
        got = kaplan_meier_median(time, event)
        assert (want is None or np.isnan(want)) if np.isinf(got) else got == pytest.approx(want)
        assert kaplan_meier_at(time, event, 5.0) == pytest.approx(curve.at([5.0])["value"][0])


@pytest.mark.slow
def test_an_ensemble_says_what_it_does_not_know_and_is_the_same_from_the_same_seed(tmp_path):
    targets = [Target("ORR", 37.1, n=124), Target("PFS6", 52.2, interval=(42.6, 60.9))]
    made = fit_ensemble(targets, draws=12, patients=400, within=2.0)
    assert 0 < made.acceptance <= 1
    for m in made.members:
        assert abs(m.endpoints["ORR"] - 37.1) <= made.tolerances["ORR"]
        assert abs(m.endpoints["PFS6"] - 52.2) <= made.tolerances["PFS6"]
    assert made == fit_ensemble(targets, draws=12, patients=400, within=2.0)
    assert any("are few" in s for s in made.sentences())
    assert any("range over these sets" in s for s in made.sentences())
    write_ensemble(made, tmp_path / "e.json")
    assert read_ensemble(tmp_path / "e.json") == made
    assert [p.name for p in tmp_path.iterdir()] == ["e.json"]
    with pytest.raises(DataError, match="none of 3 draws gave all targets"):
        fit_ensemble([Target("ORR", 99, n=124)], draws=3, patients=200)
    with pytest.raises(ConfigError, match="is no ensemble"):
        read_ensemble(GOLDEN if GOLDEN.exists() else Path(__file__))


def test_the_shipped_ensemble_is_company_and_spreads():
    company = shipped_ensemble()
    assert len(company.members) >= 20
    low, _, high = company.ranges()["kmax"]
    assert 0.085 < low < 0.115 < 0.14 < high < 0.22
    assert any("Not identified" in s for s in company.sentences())
    assert company.correlations()


def test_what_ifs_use_the_same_patients_and_teach_only_what_they_show():
    two = sets_of(SET, [{}, {"kmax": 0.15}])
    same = what_if("kdeg*1", two, patients=300)
    assert same.before == same.after
    weaker = what_if("kinact/10", [SET], patients=3000)
    row = {r["endpoint"]: r for r in weaker.rows()}
    assert row["ORR"]["difference_median"] < -8
    assert row["DOR"]["difference_median"] > 0
    assert any("weaker drug has the longer duration" in s for s in weaker.lessons)
    assert any("How the tumour is looked at" in s for s in what_if("err_a*2,err_b*2", [SET], patients=2000).lessons)
    assert any("Dose hardly matters" in s for s in what_if("dose=180", [SET], patients=1000).lessons)
    assert any("The floor" in s for s in what_if("kinact*10", [SET], patients=1000).lessons)
    none = what_if("p_tp53=0", [SET], patients=300).lessons
    assert none == ["Nothing here compares drugs: the model was calibrated on one trial of one of them."]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "orr", "pfs", "os", "dor"),
    [
        ("dose=180", 37.4, 6.76, 12.65, 9.9),
        ("dose=180,exposure=0", 34.5, 5.71, 12.1, 10.9),
        ("kdeg*2", 34.5, 5.74, 12.2, 11.0),
        ("kdeg*4", 27.5, 5.44, 10.8, 12.0),
        ("kdeg/2", 39.1, 6.81, 12.9, 9.8),
        ("kinact/10", 25.0, 4.46, 10.2, 12.3),
        ("kinact*10", 39.2, 6.82, 12.9, 9.8),
        ("phi=0", 42.6, 6.87, 13.5, 9.6),
        ("err_a*2,err_b*2", 36.4, 4.76, 11.4, 5.7),
        ("err_a=0,err_b=0", 37.6, 6.95, None, 12.6),
        ("visits=21,confirm=1", 40.9, 5.50, None, 7.6),  # the other implementation took the next scan for confirmation
        ("visits=84", 31.4, 8.17, 13.5, 11.2),
        ("p_keap=1", 22.1, 2.91, 7.4, None),
        ("p_keap=0", 41.5, 7.03, 14.5, None),
    ],
)
def test_known_what_ifs(change, orr, pfs, os, dor):
    """Answers of another implementation with its own 40,000 patients, whose day 1 is our day 0 (0.033 months).

    Tolerances are three standard deviations of the difference of two seeds of 40,000.
    """
    changed = read_change(change).apply(SET)
    found = headline(conduct_blocks(changed, seed=1, n=40_000))
    day = 1 / 30.4375
    assert found["ORR"] == pytest.approx(orr, abs=1.1)
    assert found["PFS"] == pytest.approx(pfs + day, abs=0.17)
    assert os is None or found["OS"] == pytest.approx(os + day, abs=0.3)
    assert dor is None or found["DOR"] == pytest.approx(dor, abs=0.8)


def one_set(weight=1.0, **values):
    return Member(values=values, endpoints={"ORR": 37.0}, weight=weight)


def ensemble_of(*members, **more):
    return Ensemble(set="sotorasib-nsclc", changes={}, seed=7, patients=100, draws=40, within=1.0,
                    targets=[Target("ORR", 37.1, n=124)], tolerances={"ORR": 4.3}, members=list(members), **more)  # fmt: skip


def test_weights_count_in_ranges_worth_and_what_ifs():
    made = ensemble_of(
        one_set(8, kmax=0.1), one_set(1, kmax=0.2), one_set(1, kmax=0.3), method="sequential", rounds=(2.5, 1.0)
    )
    assert made.worth == pytest.approx(100 / 66)
    assert made.ranges()["kmax"] == (0.1, 0.1, 0.3)
    assert ensemble_of(one_set(kmax=0.1), one_set(kmax=0.2), one_set(kmax=0.3)).ranges()["kmax"][1] == 0.2
    assert any(
        "in rounds of 2.5, 1 SD; sets that hold several places weigh more, and all are worth 2" in s
        for s in made.sentences()
    )
    sets = sets_of(SET, [m.values for m in made.members])
    equal = what_if("kdeg*4", sets, patients=200).rows(["ORR"])[0]
    heavy = what_if("kdeg*4", sets, patients=200, weights=made.weights).rows(["ORR"])[0]
    assert heavy["before_median"] == heavy["before_low"] == equal["before_low"] < equal["before_median"]
    with pytest.raises(UsageError, match="3 sets and 1 weights"):
        what_if("kdeg*4", sets, patients=10, weights=[1.0])


@pytest.mark.slow
def test_a_sequential_search_closes_in_and_is_the_same_from_the_same_seed():
    targets = [Target("ORR", 30.0, n=124)]
    made = fit_ensemble(targets, method="sequential", draws=50, keep=10, patients=80)
    again = fit_ensemble(targets, method="sequential", draws=50, keep=10, patients=80)
    assert made == again
    assert made.draws <= 50
    assert all(abs(m.endpoints["ORR"] - 30) <= made.tolerances["ORR"] for m in made.members)
    assert sum(made.weights) == 10
    assert 1 <= made.worth <= len(made.members)
    with pytest.raises(UsageError, match="give 10 or more sets"):
        fit_ensemble(targets, method="sequential", draws=20, keep=3, patients=100)
    with pytest.raises(DataError, match="gave all targets; missed most often: ORR"):
        fit_ensemble([Target("ORR", 99, n=124)], method="sequential", draws=9, keep=10, patients=80)


def test_costs_are_said_in_advance():
    assert "about 1 min" in cost_of(100_000)
    assert " h on one core" in cost_of(10**9)
