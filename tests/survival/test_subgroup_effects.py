"""Treatment effects by subgroup: R 4.2.2 with survival, and the levels that have no ratio."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from codon12.errors import UsageError
from codon12.survival import subgroup_effects

pytestmark = pytest.mark.requirement("R-SURV-06")

# R: i <- 0:239; arm <- i %% 2; site <- (i %/% 3) %% 3; sex <- ifelse((i*7) %% 5 < 2, "F", "M")
#    kras <- ifelse((i*11) %% 13 < 4, "mut", ifelse((i*11) %% 13 < 11, "wt", NA))
#    t <- 1 + (i*53) %% 37 + 4*arm*(sex == "F"); e <- as.numeric((i*29) %% 10 < 7)
#    (all with eps = 1e-15) anova(coxph(Surv(t, e) ~ arm + v [+ strata(site)]), coxph(Surv(t, e) ~ arm * v [+ strata(site)]))
#    f <- coxph(Surv(t, e) ~ arm [+ strata(site)], subset = v == level); exp(coef(f)); exp(confint(f))
PLAIN = {
    "sex": (8.365185081986, 0.003824776646),
    ("sex", "F"): (0.377031588543, 0.228656329447, 0.621687661579),
    ("sex", "M"): (0.907966543695, 0.607373740120, 1.357324477523),
    "kras": (0.066123696038, 0.797066622548),
    ("kras", "mut"): (0.622926321494, 0.358697391503, 1.081795438724),
    ("kras", "wt"): (0.671089144944, 0.440682997724, 1.021960553932),
}
STRATIFIED = {
    "sex": (7.250223447067, 0.007089219017),
    ("sex", "F"): (0.405136967171, 0.245433468828, 0.668759492957),
    ("sex", "M"): (0.906888746693, 0.606208105479, 1.356707690717),
    "kras": (0.005291335775, 0.942011769337),
    ("kras", "mut"): (0.657148401181, 0.357896195496, 1.206618082586),
    ("kras", "wt"): (0.672502895981, 0.436201550292, 1.036814621133),
}


def trial() -> pl.DataFrame:
    i = np.arange(240)
    female = (i * 7) % 5 < 2
    rest = (i * 11) % 13
    return pl.DataFrame(
        {
            "t": 1 + (i * 53) % 37 + 4 * (i % 2) * female,
            "e": (i * 29) % 10 < 7,
            "arm": np.where(i % 2 == 1, "new", "old"),
            "site": (i // 3) % 3,
            "sex": np.where(female, "F", "M"),
            "kras": [("mut" if r < 4 else "wt") if r < 11 else None for r in rest],
        }
    )


def found(frame=None, **options):
    given = {"time": "t", "event": "e", "treatment": "arm", "reference": "old", "subgroups": ["sex", "kras"]} | options
    return subgroup_effects(trial() if frame is None else frame, **given)


@pytest.mark.parametrize(("strata", "wanted"), [((), PLAIN), (("site",), STRATIFIED)])
def test_with_ties_and_strata_as_r(strata, wanted):
    got = found(strata=strata)
    for r in got.interactions.iter_rows(named=True):
        assert (r["statistic"], r["p"]) == pytest.approx(wanted[r["variable"]], rel=1e-9)
        assert r["df"] == 1
    seen = {(r["variable"], r["level"]): (r["HR"], r["lower"], r["upper"]) for r in got.effects.iter_rows(named=True)}
    for key in (k for k in wanted if isinstance(k, tuple)):
        assert seen[key] == pytest.approx(wanted[key], rel=1e-10)


def test_who_has_no_value_is_a_level_and_in_no_test():
    got = found()
    unknown = got.effects.filter(pl.col("level").is_null() & (pl.col("variable") == "kras")).row(0, named=True)
    assert unknown["n"] + unknown["reference_n"] == trial()["kras"].null_count()
    assert got.interactions.filter(variable="kras")["n"].item() == 240 - trial()["kras"].null_count()
    for variable in ("sex", "kras"):
        own = got.effects.filter(variable=variable)
        assert own.select(pl.col("n", "reference_n").sum()).row(0) == (120, 120)
        assert own.select((pl.col("events") + pl.col("reference_events")).sum()).item() == 168


def test_small_empty_and_separated_levels_have_no_ratio():
    frame = trial().with_columns(
        small=pl.when(pl.int_range(pl.len()) < 8).then(pl.lit("few")).otherwise(pl.lit("rest")),
        lone=pl.when(pl.col("arm") == "new").then(pl.lit("only new")).otherwise(pl.lit("only old")),
        # every event of one treatment comes before the first of the other
        split=pl.when((pl.col("arm") == "new") & (pl.col("t") <= 4) | (pl.col("arm") == "old") & (pl.col("t") > 33))
        .then(pl.lit("apart")).otherwise(pl.lit("mixed")),
    )  # fmt: skip
    got = found(frame, subgroups=["small", "lone", "split"], min_events=10)
    states = {r["level"]: (r["status"], r["HR"]) for r in got.effects.iter_rows(named=True)}
    assert states["few"] == ("not estimable", None)
    assert states["only new"] == ("no subjects", None)
    assert states["apart"] == ("not estimable", None)
    assert states["rest"][0] is None
    tests = {r["variable"]: r for r in got.interactions.iter_rows(named=True)}
    assert tests["lone"]["p"] is None
    assert tests["lone"]["left_out"] == ["only new", "only old"]
    # the risk sets of the model with the product mix the levels: R has this P too
    assert tests["split"]["statistic"] == pytest.approx(35.44472, rel=1e-6)
    assert tests["small"]["p"] is not None, "few events are in the test where there are some under both treatments"


def test_what_it_says_of_itself():
    got = found(subgroups=["sex"])
    assert "interaction P" in repr(got)
    assert "0.377" not in repr(got)
    assert "0.38 (0.23 to 0.62)" in repr(got)
    rows = {(r["group"], r["level"], r["statistic"]): r for r in got.evidence()}
    assert rows["sex", "F", "hr"]["value"] == pytest.approx(0.377031588991)
    assert rows["sex", "all", "interaction_lr_p"]["value"] == pytest.approx(0.003824776646)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"subgroups": ["age"]}, "no column 'age'"),
        ({"reference": "none"}, "treatment must have two levels, one of them 'none'"),
        ({"subgroups": ["arm"]}, "no subgroup of itself"),
    ],
)
def test_wrong_arguments_are_refused(options, words):
    with pytest.raises(UsageError, match=words):
        found(**options)


@settings(max_examples=2, deadline=None)
@given(st.integers(0, 10_000))
def test_order_of_rows_is_irrelevant_and_swapped_arms_mirror(seed):
    frame = trial()
    base, moved = found(frame), found(frame.sample(fraction=1, shuffle=True, seed=seed))
    assert_frame_equal(base.effects, moved.effects)
    assert base.interactions["p"].to_list() == pytest.approx(moved.interactions["p"].to_list())
    back = found(frame, reference="new")
    assert back.effects["HR"].to_list() == pytest.approx((1 / base.effects["HR"]).to_list())
    assert back.interactions["p"].to_list() == pytest.approx(base.interactions["p"].to_list())
    within = base.effects.select((pl.col("lower") < pl.col("HR")) & (pl.col("HR") < pl.col("upper"))).to_series()
    assert within.all()


def test_a_time_that_is_nan_is_missing_and_an_empty_text_a_level():
    frame = pl.DataFrame(
        {
            "t": [2.0, 5, 6, 3, 8, 4, 7, 9, 1, 10, float("nan"), float("nan")],
            "e": [1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1],
            "arm": list("ABABABABABAA"),
            "kras": ["", "", "n", "n", "", "", "n", "n", "", "n", "n", None],
        }
    )
    options = {"time": "t", "event": "e", "treatment": "arm", "reference": "A", "subgroups": ["kras"], "min_events": 1}
    found = subgroup_effects(frame, **options)
    everybody = found.effects.row(0, named=True)
    assert (everybody["n"], everybody["reference_n"], found.dropped) == (5, 5, 2)
    assert [r["level"] for r in found.evidence() if r["statistic"] == "hr"] == ["all", "", "n"]
    assert found.evidence()[0]["method"].endswith("; 2 rows left out for missing values")
