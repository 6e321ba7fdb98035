"""Predictive biomarkers: interaction tests, STEPP, cut-points."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from codon12.errors import DataError, UsageError
from codon12.survival import cox, cut_point, cut_profile, factor, interaction, logrank, stepp

from .r_cases import cases, close
from .r_frames import frame_of


def trial(n=160, *, effect=0.0, seed=4):
    rng = np.random.default_rng(seed)
    arm, mutant, age = rng.integers(0, 2, n), rng.integers(0, 2, n), rng.normal(60, 10, n)
    time = rng.exponential(size=n) * np.exp(0.3 * mutant - effect * arm * mutant)
    return pl.DataFrame(
        {
            "time": time,
            "event": rng.random(n) < 0.8,
            "arm": np.where(arm == 1, "new", "control"),
            "kras": np.where(mutant == 1, "G12C", "other"),
            "age": age,
        }
    )


@pytest.mark.parametrize("case", cases("interaction"))
def test_against_r(case):
    spec, want = case["spec"], case["result"]
    adjust = [spec["adjust"]] if isinstance(spec["adjust"], str) else spec["adjust"] or []
    found = interaction(
        frame_of(case),
        time=spec["time"],
        event=spec["event"],
        treatment=spec["treatment"],
        biomarker=spec["biomarker"],
        adjust=adjust,
    )
    assert found.joint.n == want["n"]
    close([found.main.loglik, found.joint.loglik], [want["loglik_main"], want["loglik_inter"]], rtol=1e-12)
    close(found.likelihood_ratio.statistic, want["lrt"])
    assert found.likelihood_ratio.df == want["df"]
    close(found.likelihood_ratio.p, want["lrt_p"], atol=0)
    if found.coefficients.height == 1:
        for column, name in (("coef", "inter_coef"), ("std_error", "inter_se"), ("z", "inter_z"), ("p", "inter_p")):
            close(found.coefficients[column], want[name])
    by_name = dict(zip(found.joint.names, found.joint.coef, strict=True))
    if set(want["coef_names"]) == set(by_name):
        close([by_name[k] for k in want["coef_names"]], want["coef"])
    levels = want["subgroups"]
    if not adjust and found.by_level.height == len(levels):
        close(found.by_level["separate_coef"], [v["coef"] for v in levels])
        close(found.by_level["separate_std_error"], [v["se"] for v in levels])
        assert found.by_level["n"].to_list() == [v["n"] for v in levels]
        assert found.by_level["events"].to_list() == [v["nevent"] for v in levels]


def test_effects_do_not_depend_on_the_reference_level():
    frame = trial(effect=1.0)
    options = {"time": "time", "event": "event", "treatment": factor("arm", reference="control")}
    one = interaction(frame, biomarker=factor("kras", reference="G12C"), **options)
    two = interaction(frame, biomarker=factor("kras", reference="other"), **options)
    left, right = (f.by_level.sort("biomarker_level").select("HR", "lower", "upper").to_numpy() for f in (one, two))
    np.testing.assert_allclose(left, right, rtol=1e-9)
    np.testing.assert_allclose(one.wald.statistic, two.wald.statistic, rtol=1e-9)


def test_the_sentence_claims_no_more_than_was_shown():
    none = interaction(trial(), time="time", event="event", treatment="arm", biomarker="kras")
    assert "was not shown" in none.sentence
    assert "that it is the same was not shown either" in none.sentence
    strong = interaction(trial(400, effect=1.5), time="time", event="event", treatment="arm", biomarker="kras")
    assert "was predictive in these data" in strong.sentence


def test_a_continuous_biomarker_is_linear():
    frame = trial(effect=0.5)
    found = interaction(frame, time="time", event="event", treatment="arm", biomarker="age", at=[50, 70])
    slope = found.coefficients["coef"][0]
    gap = np.diff(found.by_level["coef"].to_numpy())[0]
    np.testing.assert_allclose(gap, 20 * slope, rtol=1e-10)


def test_a_level_without_events_is_named():
    frame = trial().with_columns(event=pl.col("event") & ~((pl.col("kras") == "G12C") & (pl.col("arm") == "new")))
    with pytest.raises(DataError, match=r"interaction of arm and kras cannot be estimated.*arm:kras"):
        interaction(frame, time="time", event="event", treatment="arm", biomarker="kras")


def test_same_column_twice_is_refused():
    with pytest.raises(UsageError, match="same column"):
        interaction(trial(), time="time", event="event", treatment="arm", biomarker="arm")


def test_three_treatments_and_three_levels():
    rng = np.random.default_rng(5)
    n = 300
    frame = pl.DataFrame(
        {
            "t": rng.exponential(size=n),
            "e": np.ones(n, dtype=int),
            "arm": rng.choice(["a", "b", "c"], n),
            "tps": rng.choice(["<1", "1-49", ">=50"], n),
        }
    )
    found = interaction(
        frame, time="t", event="e", treatment="arm", biomarker=factor("tps", levels=["<1", "1-49", ">=50"])
    )
    assert found.likelihood_ratio.df == 4
    assert found.by_level.height == 6
    # With every interaction in the model, a two-level contrast equals the fit with that level as reference.
    again = cox(
        frame,
        time="t",
        event="e",
        terms=["arm", factor("tps", levels=["<1", "1-49", ">=50"], reference="1-49"), "arm:tps"],
    )
    row = found.by_level.filter((pl.col("biomarker_level") == "1-49") & (pl.col("treatment") == "arm=c"))
    np.testing.assert_allclose(row["coef"][0], again.coef[list(again.names).index("arm=c")], rtol=1e-9)


def test_stepp_windows_and_the_same_seed():
    frame = trial(200, effect=0.0)
    options = {"time": "time", "event": "event", "treatment": "arm", "biomarker": "age", "permutations": 100}
    one, two = stepp(frame, seed=3, **options), stepp(frame.sample(fraction=1, shuffle=True, seed=1), seed=3, **options)
    assert one.windows.equals(two.windows) or np.allclose(one.windows["HR"], two.windows["HR"])
    assert one.statistic == pytest.approx(two.statistic, rel=1e-9)
    assert (one.windows["n"] >= 50).all()
    assert one.windows["upper_value"][-1] == frame["age"].max()


def test_stepp_finds_an_effect_that_changes():
    rng = np.random.default_rng(6)
    n = 400
    arm, marker = rng.integers(0, 2, n), rng.random(n)
    frame = pl.DataFrame(
        {"t": rng.exponential(size=n) * np.exp(arm * (3 * marker - 1.5)), "e": np.ones(n), "arm": arm, "m": marker}
    )
    found = stepp(frame, time="t", event="e", treatment="arm", biomarker="m", permutations=199)
    assert found.p == pytest.approx(1 / 200)
    assert found.windows["HR"][0] > 1 > found.windows["HR"][-1]


def test_stepp_of_strata():
    frame = trial(200, effect=1.0)
    options = {"time": "time", "event": "event", "treatment": "arm", "biomarker": "age", "permutations": 60}
    found = stepp(frame, strata="kras", **options)
    whole = cox(frame, time="time", event="event", terms="arm", strata="kras")
    assert found.overall["HR"][0] == pytest.approx(whole.coefficients["HR"][0], rel=1e-12)
    first = found.windows.row(0, named=True)
    part = frame.filter(pl.col("age").is_between(first["lower_value"], first["upper_value"]))
    assert first["n"] == part.height
    assert first["HR"] == pytest.approx(
        cox(part, time="time", event="event", terms="arm", strata=["kras"]).coefficients["HR"][0], rel=1e-9
    )
    # Strata of one level change nothing; times of a stratum may be in another unit.
    alone = stepp(frame.with_columns(one=1), strata="one", **options)
    assert alone.p == stepp(frame, **options).p
    later = frame.with_columns(time=pl.col("time") * pl.when(pl.col("kras") == "G12C").then(30.0).otherwise(1.0))
    again = stepp(later, strata="kras", **options)
    assert (again.statistic, again.p) == (pytest.approx(found.statistic, rel=1e-12), found.p)


def test_stepp_statistic_is_of_stratified_log_ranks():
    frame = trial(160, effect=1.0)
    found = stepp(
        frame, time="time", event="event", treatment="arm", biomarker="age", strata="kras", size=60, permutations=5
    )

    def one_step(part):
        test = logrank(part["time"], part["event"], part["arm"], strata=part["kras"])
        return test.score[1] / test.variance[1, 1], test.variance[1, 1]

    whole, information = one_step(frame)
    largest = 0.0
    for low, high in found.windows.select("lower_value", "upper_value").iter_rows():
        effect, own = one_step(frame.filter(pl.col("age").is_between(low, high)))
        largest = max(largest, abs(effect - whole) / np.sqrt(1 / own - 1 / information))
    assert found.statistic == pytest.approx(largest, rel=1e-9)


def test_cut_point_is_honest():
    rng = np.random.default_rng(7)
    n = 120
    frame = pl.DataFrame({"t": rng.exponential(size=n), "e": np.ones(n), "m": rng.normal(size=n)})
    found = cut_point(frame, time="t", event="e", biomarker="m", permutations=500, resamples=30)
    assert found.p > 0.05
    assert abs(np.log(found.corrected_hazard_ratio)) < abs(np.log(found.hazard_ratio))
    assert "needs confirmation" in found.sentence
    real = frame.with_columns(t=pl.col("t") * pl.when(pl.col("m") > 0).then(0.3).otherwise(1.0))
    shown = cut_point(real, time="t", event="e", biomarker="m", permutations=500, resamples=30)
    assert shown.p < 0.01
    assert abs(shown.cut) < 0.5
    assert shown.hazard_ratio > shown.corrected_hazard_ratio > 1


def test_cut_point_statistic_is_the_centred_rank_sum():
    # Scores by hand: events at 1, 2, 3, 4 with 4, 3, 2, 1 at risk: 3/4, 5/12, -1/12, -13/12.
    found = cut_point(
        time=[1, 2, 3, 4],
        event=[1, 1, 1, 1],
        biomarker=[1.0, 2.0, 3.0, 4.0],
        inner=(0.5, 0.5),
        permutations=50,
        resamples=5,
    )
    scores = np.array([3 / 4, 5 / 12, -1 / 12, -13 / 12])
    spread = 2 * 2 / (4 * 3) * np.sum(scores**2)
    assert found.profile["cut"].to_list() == [2.0]
    np.testing.assert_allclose(found.profile["z"][0], (scores[2] + scores[3]) / np.sqrt(spread))


def late_trial(n=90):
    rng = np.random.default_rng(11)
    entry = np.where(rng.random(n) < 0.5, 0.0, np.round(rng.random(n) * 4))
    return pl.DataFrame(
        {
            "t": entry + np.ceil(rng.exponential(size=n) * 8),
            "e": rng.integers(0, 2, n),
            "m": np.round(rng.normal(size=n), 1),
            "s": rng.integers(0, 3, n),
            "t0": entry,
        }
    )


@pytest.mark.parametrize("options", [{}, {"strata": "s"}, {"entry": "t0"}, {"strata": ["s"], "entry": "t0"}])
def test_cut_point_scores_add_to_the_log_rank(options):
    frame = late_trial()
    profile = cut_profile(frame, time="t", event="e", biomarker="m", **options)
    columns = {k: frame["s" if k == "strata" else v] for k, v in options.items()}
    cuts = profile["cut"].to_numpy()
    score = [logrank(frame["t"], frame["e"], frame["m"] > c, **columns).score[1] for c in cuts]
    # z is the score over the standard deviation of a sum of scores exchanged within strata.
    z = profile["z"].to_numpy()
    assert np.array_equal(np.sign(np.round(z, 9)), np.sign(np.round(score, 9)))
    spread = np.array(score)[z != 0] / z[z != 0]
    rng = np.random.default_rng(5)
    best = int(np.argmax(np.abs(z)))
    layer = frame["s"].to_numpy() if "strata" in options else np.zeros(frame.height)
    drawn = []
    for _ in range(300):
        place = np.arange(frame.height)
        for own in (np.flatnonzero(layer == s) for s in np.unique(layer)):
            place[own] = rng.permutation(own)
        drawn.append(logrank(frame["t"], frame["e"], frame["m"].to_numpy()[place] > cuts[best], **columns).score[1])
    assert np.std(drawn) == pytest.approx(spread[np.flatnonzero(z != 0) == best][0], rel=0.15)


def test_cut_point_of_strata_and_late_entry():
    frame = late_trial()
    options = {"time": "t", "event": "e", "biomarker": "m", "permutations": 200, "resamples": 20}
    found = cut_point(frame, strata="s", entry="t0", **options)
    fit = cox(
        frame.with_columns(high=(pl.col("m") > found.cut).cast(pl.Int8)),
        time="t",
        event="e",
        terms="high",
        strata="s",
        entry="t0",
    )
    assert found.hazard_ratio == pytest.approx(np.exp(fit.coef[0]), rel=1e-12)
    # Nobody late, or one stratum: as without.
    plain = cut_point(frame, **options)
    same = cut_point(frame.with_columns(t0=0.0, s=1), strata="s", entry="t0", **options)
    assert (same.p, same.optimism) == (plain.p, pytest.approx(plain.optimism, rel=1e-9))
    np.testing.assert_allclose(same.profile["z"], plain.profile["z"], rtol=1e-12, atol=1e-12)
    # A stratum of its own unit of time: log-ranks do not change.
    unit = pl.when(pl.col("s") == 1).then(7.0).otherwise(1.0)
    other = cut_point(frame.with_columns(pl.col("t", "t0") * unit), strata="s", entry="t0", **options)
    assert (other.cut, other.p) == (found.cut, found.p)


def test_cut_point_without_a_cut():
    with pytest.raises(DataError, match="no cut"):
        cut_point(time=[1, 2, 3], event=[1, 1, 1], biomarker=[1.0, 1.0, 1.0])


def test_levels_may_hold_colons():
    plain = pl.DataFrame(
        {
            "t": [2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 4, 6, 8, 9] * 2,
            "e": [1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1] * 2,
            "arm": ["a-1", "a-2"] * 16,
            "marker": ["lo-x", "lo-x", "hi-y", "hi-y"] * 8,
        }
    )
    colons = plain.with_columns(pl.col("arm", "marker").str.replace("-", ":"))
    want, found = (interaction(f, time="t", event="e", treatment="arm", biomarker="marker") for f in (plain, colons))
    assert found.by_level["biomarker_level"].to_list() == ["hi:y", "lo:x"]
    assert found.by_level["HR"].to_list() == want.by_level["HR"].to_list()
    assert found.by_level["separate_HR"].to_list() == want.by_level["separate_HR"].to_list()


def test_a_cut_that_separates_has_no_ratio_and_no_optimism():
    """All ten events at or below 9, ten censored above it: neither 0 nor a correction by 0 is an estimate."""
    marker = np.arange(20.0)
    found = cut_point(time=marker + 1, event=marker < 10, biomarker=marker, permutations=20, resamples=5)
    assert np.isnan(found.optimism)
    assert found.sentence.startswith("The best of 17 cuts is 9 (no finite hazard ratio: it separates the events). A")
    corrected = next(r for r in found.evidence() if r["statistic"] == "hr_corrected")
    assert (corrected["value"], corrected["status"]) == (None, "not estimable")


def test_without_resamples_a_ratio_is_not_corrected():
    marker, time = [1.0, 2, 3, 4, 5, 6], [5, 3, 6, 2, 4, 1]
    found = cut_point(time=time, event=[1] * 6, biomarker=marker, permutations=20, resamples=0)
    assert "not corrected for the search" in found.sentence
    assert np.isnan(found.corrected_hazard_ratio)
