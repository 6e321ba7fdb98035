"""Nothing wrong in silence: what is missing, tied, weighted, late or beyond the data. Golden values of R survival 3.5-3."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd
import polars as pl
import pytest

from codon12.errors import DataError, UsageError
from codon12.survival import (
    Censor,
    Event,
    aalen_johansen,
    bootstrap,
    concordance_index,
    cox,
    cumulative_incidence,
    cut_point,
    derive_time_to_event,
    factor,
    fine_gray,
    follow_up,
    gray_test,
    interaction,
    kaplan_meier,
    landmark,
    logrank,
    max_combo,
    multi_state,
    observed_range,
    pairwise_logrank,
    parametric,
    piecewise_exponential,
    stepp,
)
from codon12.survival.results.text import p_text, p_words

NA = None
D = {
    "t": [1, 2, 2, 3, 4, 4, 5, 6, 7, 8],
    "e": [1, 1, 1, 0, 1, 1, 0, 1, 1, 0],
    "x": [1, 0, 1, 0, 1, 0, 0, 1, 1, 0],
    "g": ["a", "b", NA, "a", "b", "a", "b", "a", "b", "a"],
    "s": ["u", "u", "v", "v", "u", "v", "u", NA, "v", "u"],
}


def kinds(values: list) -> list:
    """One column with holes, as people hold it."""
    return [
        values,
        tuple(values),
        [math.nan if v is None else v for v in values],
        [pd.NA if v is None else v for v in values],
        np.array(values, dtype=object),
        np.array([np.nan if v is None else v for v in values]),  # numpy writes the text nan
        np.ma.masked_array([v or "" for v in values], mask=[v is None for v in values]),
        pl.Series(values),
        pl.Series(values, dtype=pl.Categorical),
        pl.Series(values, dtype=pl.Enum(["b", "a", "u", "v"])),
        pd.Series(values),
        pd.Series(values, dtype="string"),
        pd.Series(values, dtype="category"),
        pd.Index(values),
        pd.Categorical(values),
    ]


@pytest.mark.parametrize("which", range(len(kinds(D["g"]))))
def test_a_missing_group_is_no_group(which):
    # survdiff(Surv(t, e) ~ g + strata(s)): n 4 4, chisq; survfit(Surv(t, e) ~ g): n 5 4, surv
    g, s = kinds(D["g"])[which], kinds(D["s"])[which]
    test = logrank(D["t"], D["e"], g, strata=s)
    assert sorted(test.n.tolist()) == [4, 4]
    assert (test.dropped, test.statistic) == (2, pytest.approx(0.29669651126891, rel=1e-12))
    km = kaplan_meier(D["t"], D["e"], group=g)
    assert (len(km), km.dropped, km["a"].n, km["b"].n) == (2, 1, 5, 4)
    assert km["a"].survival.tolist() == pytest.approx([0.8, 0.8, 8 / 15, 4 / 15, 4 / 15])
    assert "1 row left out" in repr(km)
    assert "1 row left out" in km.evidence()[0]["method"]
    found = concordance_index(D["t"], D["e"], D["x"], strata=s)
    assert (found.value, found.n, found.dropped) == (pytest.approx(4 / 13), 9, 1)
    fit = cox(time=D["t"], event=D["e"], terms=[[float(v)] for v in D["x"]], strata=s)
    assert (fit.coef[0], fit.n, fit.dropped) == (pytest.approx(0.860623215077354, rel=1e-9), 9, 1)
    by_column = cox({"t": D["t"], "e": D["e"], "x": D["x"], "s": s}, time="t", event="e", terms="x", strata="s")
    assert by_column.coef[0] == pytest.approx(fit.coef[0], rel=1e-12)
    factors = cox({"t": D["t"], "e": D["e"], "g": g}, time="t", event="e", terms="g")
    assert len(factors.names) == 1
    assert (factors.dropped, abs(factors.coef[0])) == (1, pytest.approx(abs(cox({k: [v for v, m in zip(D[k], D["g"], strict=True) if m] for k in "teg"}, time="t", event="e", terms="g").coef[0])))  # fmt: skip


def test_every_other_comparison_drops_a_missing_group_too():
    t, e, g, s = D["t"], D["e"], D["g"], D["s"]
    cause = [1, 2, 1, 0, 1, 2, 0, 1, 1, 0]
    known = [i for i, v in enumerate(g) if v]

    def of(values):
        return [values[i] for i in known]

    pairs = pairwise_logrank(t, e, g)
    assert (pairs["group_b"].to_list(), pairs["dropped"].to_list()) == (["b"], [1])
    assert pairs["p"][0] == pytest.approx(logrank(of(t), of(e), of(g)).p)
    assert max_combo(t, e, g).p == pytest.approx(max_combo(of(t), of(e), of(g)).p)
    assert gray_test(t, cause, g)[0].p == pytest.approx(gray_test(of(t), of(cause), of(g))[0].p)
    assert [c.n for c in cumulative_incidence(t, cause, group=g)] == [5, 4, 5, 4]
    assert aalen_johansen(t, cause, group=g).groups == ("a", "b")
    late = aalen_johansen(t, cause, group=g, entry=[0.5] * 10)
    assert (late.groups, late.dropped) == (("a", "b"), 1)
    assert multi_state([0] * 10, t, cause, states=["x", "y", "z"], group=g).groups == ("a", "b")
    assert [r.group for r in observed_range(t, e, group=g)] == ["a", "b"]
    assert follow_up(t, e, group=g).dropped == 1
    assert bootstrap(t, e, statistic="median", group=g, replicates=5).groups == ("a", "b")
    counted = bootstrap(t, e, statistic=lambda c: c.sum(axis=1), group=g, replicates=5)
    assert counted.replicates.ravel().tolist() == [9.0] * 5
    for found in (max_combo(t, e, g), gray_test(t, cause, g)[0], cumulative_incidence(t, cause, group=g)[0]):
        assert found.dropped == 1
        assert "1 row left out" in repr(found)
        assert "1 row left out" in found.evidence()[0]["method"]
    assert fine_gray(time=t, event=cause, terms=[[v] for v in (1.0, 2, 5, 3, 4, 6, 2, 1, 3, 5)], strata=s).dropped == 1


def test_frames_of_effects_count_what_they_leave_out():
    rng = np.random.default_rng(5)
    n = 60
    frame = pd.DataFrame({"t": rng.exponential(size=n), "e": [1] * n, "arm": ["A", "B"] * (n // 2), "m": rng.normal(size=n)})  # fmt: skip
    frame.loc[[3, 7], "arm"] = None
    frame["site"] = pd.Categorical(["x", "y", "z"] * (n // 3), categories=["z", "y", "x"])
    call = {"time": "t", "event": "e"}
    assert interaction(frame, **call, treatment="arm", biomarker="m").dropped == 2
    found = stepp(frame, **call, treatment="arm", biomarker="m", permutations=5)
    assert (found.dropped, "2 rows left out" in repr(found)) == (2, True)
    holes = frame.assign(m=frame["m"].where(frame["m"] > -1))
    cut = cut_point(holes, **call, biomarker="m", permutations=5, resamples=2)
    assert cut.dropped == int(holes["m"].isna().sum()) > 0
    assert parametric(frame, **call, terms=["arm"]).dropped == 2
    fit = cox(frame, **call, terms=["site"])
    assert fit.names == ("site=y", "site=x")  # the order of the category, z first


def test_dates_are_no_groups_and_no_factors():
    days = [dt.date(2024, 1, 1 + i % 2) for i in range(10)]
    for given in (
        days,
        pl.Series(days),
        pd.Series(days),
        pd.to_datetime(pd.Series(days)),
        np.array(days, dtype="M8[D]"),
    ):
        with pytest.raises(UsageError, match="dates are no groups"):
            kaplan_meier(D["t"], D["e"], group=given)
        with pytest.raises(UsageError, match="neither a number nor a category"):
            cox({"t": D["t"], "e": D["e"], "day": given}, time="t", event="e", terms="day")
        with pytest.raises(UsageError, match="dates are no times"):
            kaplan_meier(given, D["e"])


def test_categories_of_numbers_can_be_named_as_numbers():
    frame = pd.DataFrame({"t": D["t"], "e": D["e"], "stage": pd.Categorical([1, 2, 3, 1, 2, 3, 1, 2, 3, 1], [3, 1, 2])})
    assert cox(frame, time="t", event="e", terms="stage").names == ("stage=1", "stage=2")
    assert cox(frame, time="t", event="e", terms=factor("stage", reference=2)).names == ("stage=3", "stage=1")


def test_whole_numbers_of_any_width_are_groups():
    for low, high, kind in ((-128, 127, np.int8), (0, 255, np.uint8), (2**63 + 5, 2**63 + 7, np.uint64), (-(2**40), 2**40, np.int64)):  # fmt: skip
        km = kaplan_meier([1, 2, 3], [1, 1, 0], group=np.array([high, low, high], dtype=kind))
        assert (km.groups, [c.n for c in km]) == ((str(low), str(high)), [1, 2])


def test_intervals_of_a_cut_are_groups():
    test = logrank(D["t"], D["e"], pd.cut(pd.Series(range(10)), 2))
    assert (len(test.groups), test.n.tolist()) == (2, [5, 5])
    with pytest.raises(UsageError, match="dates are no groups"):
        logrank(D["t"], D["e"], pd.Categorical(pd.period_range("2024-01", periods=10, freq="M")))


W = np.array([0.5, 2, 1.5, 0.25, 3, 1, 0.75, 2.5])


def restricted(time, event, weight, tau):
    s, area, last = 1.0, 0.0, 0.0
    for t in np.unique(time[time <= tau]):
        area, last = area + s * (t - last), t
        s *= 1 - weight[(time == t) & (event == 1)].sum() / weight[time >= t].sum()
    return area + s * (tau - last)


@pytest.mark.parametrize("scale", [1, 10])
def test_weighted_restricted_means_have_the_error_of_their_curve(scale):
    # the infinitesimal jackknife, by moving one weight at a time
    time, event = np.arange(1.0, 9), np.array([1, 0, 1, 1, 0, 1, 1, 0])
    gradient = []
    for i in range(8):
        up, down = W.copy(), W.copy()
        up[i] *= 1 + 1e-5
        down[i] *= 1 - 1e-5
        gradient.append((restricted(time, event, up, 6) - restricted(time, event, down, 6)) / 2e-5)
    [mean] = kaplan_meier(time, event, weights=W * scale).rmst(6)
    assert mean.std_error == pytest.approx(math.sqrt(np.square(gradient).sum()), rel=1e-6)
    assert mean.std_error == pytest.approx(0.515785, abs=1e-6)
    [clustered] = kaplan_meier(time, event, weights=W, cluster=[1, 1, 2, 2, 3, 3, 4, 4]).rmst(6)
    assert clustered.std_error == pytest.approx(math.sqrt(np.square(np.reshape(gradient, (4, 2)).sum(axis=1)).sum()), rel=1e-6)  # fmt: skip


def test_an_error_of_a_mean_past_the_last_event_does_not_waver():
    # everybody dies by 3: no area is left after it
    [mean] = kaplan_meier([1, 2, 3], [1, 1, 1], weights=[0.5, 1, 2]).rmst(5)
    assert mean.value == pytest.approx((0.5 + 2 + 6) / 3.5)
    assert math.isfinite(mean.std_error)


@pytest.mark.parametrize("distribution", ["weibull", "exponential", "log-normal", "log-logistic"])
def test_weighted_parametric_errors_are_the_jackknife(distribution):
    columns = {"time": [1.0, 2, 3, 4, 5, 6, 7, 8, 2.5, 6.5], "event": [1, 0, 1, 1, 0, 1, 1, 0, 1, 1]}
    columns |= {"terms": [[v] for v in (1.0, 0, 1, 1, 0, 0, 1, 0, 0, 1)], "entry": [0, 0, 1.5, 0, 2, 0, 0, 0, 0.5, 0]}
    weight = np.array([0.5, 2, 1.5, 0.25, 3, 1, 0.75, 2.5, 1.2, 0.3])

    def estimate(w):
        return parametric(**columns, weights=w, distribution=distribution, robust=False).estimate

    gradient = []
    for i in range(10):
        up, down = weight.copy(), weight.copy()
        up[i] *= 1 + 1e-5
        down[i] *= 1 - 1e-5
        gradient.append((estimate(up) - estimate(down)) / 2e-5)
    fit = parametric(**columns, weights=weight, distribution=distribution)
    assert fit.use_robust
    np.testing.assert_allclose(fit.covariance, np.array(gradient).T @ np.array(gradient), rtol=1e-5)
    assert "robust" in repr(fit)
    assert not parametric(**columns, weights=np.ceil(weight), distribution=distribution).use_robust


def test_clustered_parametric_errors_are_those_of_r():
    # survreg(Surv(t, e) ~ x + cluster(s)) on the rows with s: sqrt(diag(var))
    rows = [i for i, v in enumerate(D["s"]) if v]
    frame = pl.DataFrame({k: [v[i] for i in rows] for k, v in D.items()})
    fit = parametric(frame, time="t", event="e", terms="x", cluster="s")
    want = [0.295671623573604, 0.534712751887301, 0.179475981085126]
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(want, rel=1e-6)


FG = {
    "t": [1.0, 2, 3, 4, 5, 6, 7, 8, 1.5, 2.5, 3.5, 4.5, 5.5, 2.2, 3.3, 4.4],
    "c": [1, 2, 0, 1, 2, 0, 1, 1, 2, 0, 1, 2, 1, 2, 0, 1],
    "x": [1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0],
    "g": list("aaaaaaaabbbbbbbb"),
}


def test_weights_go_on_after_the_last_event_of_a_censoring_stratum():
    # A plain sum over risk sets: who had a competing event weighs G(t-)/G(T-), by the product limit of its stratum.
    t, c, x, g = (np.array(FG[k]) for k in "tcxg")

    def free(stratum, at):  # events first at ties; there are none here
        own, value = g == stratum, 1.0
        for u in np.sort(t[own & (c == 0) & (t < at)]):
            value *= 1 - 1 / (own & (t >= u)).sum()
        return value

    def score(beta):
        total = 0.0
        for i in np.flatnonzero(c == 1):
            weight = np.where(t >= t[i], 1.0, 0.0)
            for j in np.flatnonzero((c == 2) & (t < t[i])):
                weight[j] = free(g[j], t[i]) / free(g[j], t[j])
            risk = weight * np.exp(beta * x)
            total += x[i] - (risk * x).sum() / risk.sum()
        return total

    fit = fine_gray(FG, time="t", event="c", terms="x", censoring_strata="g", method="finegray")
    assert score(float(fit.coef[0])) == pytest.approx(0, abs=1e-8)
    assert fit.notes == ()
    # crr(t, c, x, cengroup=g) of cmprsk 2.2-11: 1.02019904540615, where stratum b weighs nothing after 5.5
    like_r = fine_gray(FG, time="t", event="c", terms="x", censoring_strata="g")
    assert like_r.coef[0] == pytest.approx(1.02019904540615, rel=1e-8)
    assert "censoring stratum b ends with an event at 5.5" in repr(like_r)


def test_states_end_with_the_follow_up():
    model = multi_state([0, 2, 0, 0], [2, 5, 4, 6], [1, 0, 2, 1], states=["well", "ill", "dead"], subject=[1, 1, 2, 3])
    curve = model.curve()
    assert curve.probability[-1, 0] == 0  # nobody is well, and the ill may still die
    assert [e.status for e in curve.at([6, 7], "ill")] == [None, "beyond last follow-up"]
    with pytest.raises(UsageError, match="beyond the last follow-up"):
        curve.restricted_mean(7)
    assert sum(curve.restricted_mean(6).values()) == pytest.approx(6)
    settled = multi_state([0, 2, 0], [2, 5, 4], [1, 2, 2], states=["well", "ill", "dead"], subject=[1, 1, 2]).curve()
    assert settled.at([99], "dead")[0].value == 1
    assert settled.restricted_mean(10)["dead"] == pytest.approx(5.5)
    open_end = aalen_johansen([1, 2, 3], [1, 2, 0]).curve()
    assert open_end.at([3.5], "1")[0].status == "beyond last follow-up"
    with pytest.raises(UsageError, match="earlier tau"):
        open_end.restricted_mean(3.5)
    known = cumulative_incidence([1, 2, 3], [1, 2, 1])
    assert known[0].at([9])[0].value == pytest.approx(2 / 3)
    assert cumulative_incidence([1, 2, 3], [1, 2, 0])[0].at([9])[0].status == "beyond last follow-up"


@pytest.mark.parametrize("statistic", ["rmst", "survival"])
def test_a_bootstrap_does_not_go_beyond_the_data(statistic):
    with pytest.raises(UsageError, match="beyond the last follow-up"):
        bootstrap([1, 2, 3], [1, 1, 0], statistic=statistic, at=4, replicates=5)
    assert bootstrap([1, 2, 3], [1, 1, 1], statistic=statistic, at=4, replicates=5).observed[0] in (2.0, 0.0)


def test_numbers_at_risk_with_late_entry():
    km = kaplan_meier([5, 6, 7, 8], [1, 1, 1, 0], entry=[0, 0, 3, 0])
    ticks = [0, 2, 3, 4, 5, 6, 9]
    assert km.at_risk(ticks)["n_risk"].to_list() == [3, 3, 3, 4, 4, 3, 0]
    assert [e.n_risk for e in km.curve().at([0, 3, 5])] == [3, 3, 4]
    frame = km.to_frame()  # the next row at or after a time tells who is at risk, as the table below a figure reads it
    for tick, n in zip(ticks[:-1], [3, 3, 3, 4, 4, 3], strict=True):
        assert frame.filter(pl.col("time") >= tick)["n_risk"][0] == n
    assert frame["time"].to_list() == [3, 5, 6, 7, 8]
    assert kaplan_meier([5, 6], [1, 1], entry=[1, 2]).at_risk([0, 1, 2, 3])["n_risk"].to_list() == [0, 0, 1, 2]


def test_numbers_at_risk_of_states_with_late_entry():
    model = aalen_johansen([5, 6, 7, 8], [1, 2, 1, 0], entry=[0, 0, 3, 6.5])
    frame = model.to_frame().filter(pl.col("state") == "event free")
    assert frame.select("time", "n_risk").rows() == [(3, 2), (5, 3), (6, 2), (6.5, 1), (7, 2), (8, 1)]
    assert frame["probability"].to_list() == pytest.approx([1, 2 / 3, 1 / 3, 1 / 3, 1 / 6, 1 / 6])
    plain = aalen_johansen([5, 6, 7, 8], [1, 2, 1, 0], entry=[0, 0, 0, 0])
    assert plain.to_frame()["time"].unique().sort().to_list() == [5, 6, 7, 8]


def test_residuals_of_the_exact_likelihood_are_refused():
    # residuals(coxph(Surv(t, e) ~ x, ties = "exact"), type): martingale alone and deviance
    fit = cox(
        time=[1, 2, 2, 3, 4, 4, 5, 6], event=[1, 1, 1, 0, 1, 1, 0, 1], terms=[1.0, 0, 1, 0, 1, 0, 0, 1], ties="exact"
    )
    want = [0.8356709, 0.7092940, 0.4423843, -0.2907060, -0.2149320, 0.3666104, -0.6333896, -1.2149320]
    assert fit.residuals("martingale") == pytest.approx(want, abs=1e-6)
    assert fit.residuals("deviance")[0] == pytest.approx(1.3929920, abs=1e-6)
    for kind in ("score", "dfbeta", "schoenfeld", "scaled-schoenfeld"):
        with pytest.raises(UsageError, match="exact likelihood"):
            fit.residuals(kind)


def test_few_clusters_are_told():
    x = [float(v) for v in D["x"]]
    two = [1, 1, 1, 1, 1, 2, 2, 2, 2, 2]
    fit = cox(time=D["t"], event=D["e"], terms=x, cluster=two)
    assert "2 clusters (too few" in repr(fit)
    assert "2 clusters (too few" in fit.evidence()[0]["method"]
    assert "2 clusters (too few" in repr(kaplan_meier(D["t"], D["e"], cluster=two))
    assert "2 clusters (too few" in repr(concordance_index(D["t"], D["e"], x, cluster=two))
    assert "2 clusters (too few" in repr(fine_gray(time=D["t"], event=D["e"], terms=x, cluster=two))
    many = [i for i in range(10) for _ in range(4)]
    wide = cox(time=np.arange(1, 41), event=[1] * 40, terms=np.sin(np.arange(40.0)), cluster=np.arange(40))
    assert wide.notes == ()
    assert cox(time=np.arange(1, 41), event=[1] * 40, terms=np.sin(np.arange(40.0)), cluster=many).notes != ()


def test_the_stratum_of_new_subjects_counts():
    # survfit(coxph(Surv(t, e) ~ x + strata(s)), newdata = data.frame(x = c(0, 1), s = c("v", "u")))
    fit = cox(pl.DataFrame(D), time="t", event="e", terms="x", strata="s")
    found = fit.predict_survival({"x": [0, 1], "s": ["v", "u"]})
    first = found.to_frame().filter(pl.col("subject") == 1)
    assert first["stratum"].unique().to_list() == ["v"]
    assert first["survival"].to_list() == pytest.approx([0.861909866245290, 0.861909866245290, 0.640303028971269, 0.419491432919292])  # fmt: skip
    second = found.to_frame().filter(pl.col("subject") == 2)
    assert second["survival"].to_list() == pytest.approx(
        [0.736436357462928, 0.473921098392969] + [0.275687900064854] * 3
    )
    assert {(r["level"], r["group"]) for r in found.evidence()} == {("subject 1", "v"), ("subject 2", "u")}
    with pytest.raises(DataError, match="no stratum 'w'"):
        fit.predict_survival({"x": [0], "s": ["w"]})
    assert fit.predict_survival({"x": [0]}).to_frame()["stratum"].n_unique() == 2
    incidence = fine_gray(FG, time="t", event="c", terms="x", strata="g")
    rows = incidence.predict_incidence({"x": [0, 1], "g": ["b", "a"]})
    assert rows.group_by("subject").agg(pl.col("stratum").unique().first()).sort("subject")["stratum"].to_list() == ["b", "a"]  # fmt: skip
    with pytest.raises(DataError, match="no stratum"):
        incidence.predict_incidence({"x": [0], "g": ["z"]})


def test_a_p_value_is_never_rounded_onto_the_level():
    assert [p_words(p) for p in (0.0498, 0.0496, 0.049999, 0.0501, 0.05, 0.2)] == ["P = 0.0498", "P = 0.0496", "P = 0.049999", "P = 0.0501", "P = 0.050", "P = 0.200"]  # fmt: skip
    assert p_words(0.0996, level=0.1) == "P = 0.0996"
    assert (p_text(0.049996), p_text(0.0500004), p_text(0.0123456)) == ("0.049996", "0.0500004", "0.0123")


def test_evidence_of_weighted_curves_counts_weights():
    weights = [2, 3, 1, 4]
    [row] = kaplan_meier([1, 2, 3, 4], [1, 1, 0, 1], weights=weights).evidence()
    assert (row["n"], row["N"]) == (9, 10)
    assert "sums of weights" in row["method"]
    [_, relapse] = aalen_johansen([1, 2, 3, 4], [1, 1, 0, 1], weights=weights).evidence()
    assert (relapse["n"], relapse["N"]) == (9, 10)
    twice = [v for v, w in zip([1, 2, 3, 4], weights, strict=True) for _ in range(w)]
    events = [v for v, w in zip([1, 1, 0, 1], weights, strict=True) for _ in range(w)]
    [plain] = kaplan_meier(twice, events).evidence()
    assert {k: row[k] for k in ("n", "N", "value", "lower", "upper")} == {k: plain[k] for k in ("n", "N", "value", "lower", "upper")}  # fmt: skip


THIRD = 0.1 + 0.2


def test_a_time_asked_for_is_the_time_of_the_data_but_for_rounding():
    time, event = [THIRD, 0.5, 0.9, 1.2], [1, 1, 0, 1]
    km = kaplan_meier(time, event)
    assert km.curve().at([0.3])[0].value == 0.75
    assert km.at_risk([0.3]).row(0)[2:] == (4.0, 1.0, 0.0)
    cause = [1, 2, 0, 1]
    assert aalen_johansen(time, cause).curve().at([0.3], "1")[0].value == 0.25
    assert cumulative_incidence(time, cause)[0].at([0.3])[0].value == 0.25
    late = multi_state([0] * 4, time, cause, states=["a", "b", "c"])
    assert late.curve().at([0.3], "b")[0].value == 0.25
    assert bootstrap(time, event, statistic="survival", at=0.3, replicates=2).observed[0] == 0.75
    assert landmark(time, event, exposure_time=[None] * 4, at=0.3).rows.tolist() == [1, 2, 3]
    assert landmark([1, 2], [1, 1], exposure_time=[THIRD, None], at=0.3).exposed.tolist() == [True, False]
    assert piecewise_exponential(time=time, event=event, cuts=[0.3]).events.tolist() == [1, 2]
    assert km.rmst(1.2 + 1e-12)[0].status is None
    fit = cox(time=time, event=event, terms=[1.0, 0, 1, 0])
    hazard = fit.baseline_hazard()
    [row] = hazard.evidence(times=[0.3])
    assert row["value"] == pytest.approx(hazard.hazard[0])
    [row] = fit.predict_survival(np.array([[0.0]])).evidence(times=[0.3])
    assert row["value"] == pytest.approx(100 * float(fit.predict_survival(np.array([[0.0]])).survival[0, 0]))


def test_near_ties_with_late_entry_alone():
    # summary(survfit(Surv(t0, t, e) ~ 1)): n.risk 3 3 2, surv 1/3 2/9 1/9
    km = kaplan_meier([1, 2, 0.3, THIRD, 2.5], [1, 1, 1, 1, 0], entry=[0, THIRD, 0, 0, 0.3]).curve()
    assert km.n_risk.tolist()[:3] == [3, 3, 2]
    assert km.survival[:3].tolist() == pytest.approx([1 / 3, 2 / 9, 1 / 9])
    with pytest.raises(DataError, match="entry is not before time"):
        kaplan_meier([0.3, 1], [1, 1], entry=[THIRD - 1e-12, 0])
    test = logrank([0.3, THIRD, 1, 2], [1, 1, 1, 1], list("abab"), entry=[0, 0, THIRD, 0.3])
    exact = logrank([3, 3, 10, 20], [1, 1, 1, 1], list("abab"), entry=[0, 0, 3, 3])
    assert test.statistic == pytest.approx(exact.statistic, rel=1e-12)


def test_near_ties_with_a_robust_variance_alone():
    near = kaplan_meier([0.3, THIRD, 0.7, 1.0], [1, 1, 0, 1], robust=True).curve()
    exact = kaplan_meier([3, 3, 7, 10], [1, 1, 0, 1], robust=True).curve()
    assert near.std_error == pytest.approx(exact.std_error, rel=1e-12)
    assert near.n_risk.tolist() == [4, 2, 1]


def test_strata_alone_make_curves():
    # survfit(Surv(t, e) ~ strata(s)): u .8 .6 .4 .4 .4, v .75 .75 .375 0
    km = kaplan_meier(D["t"], D["e"], strata=D["s"])
    assert km.groups == ("u", "v")
    assert km["u"].survival.tolist() == pytest.approx([0.8, 0.6, 0.4, 0.4, 0.4])
    assert km["v"].survival.tolist() == pytest.approx([0.75, 0.75, 0.375, 0.0])
    both = kaplan_meier(D["t"], D["e"], group=["all"] * 10, strata=D["s"])
    assert both.groups == ("all, u", "all, v")


def test_a_trend_with_little_variance():
    # two events: score -1/3 + ..., variance below 1; z is score over its root, by hand
    test = logrank([1, 2, 3], [1, 0, 0], ["a", "b", "c"], trend=True)
    assert test.trend.variance == pytest.approx(2 / 3)
    assert test.trend.statistic == pytest.approx(-1)
    assert test.trend.z == pytest.approx(-1 / math.sqrt(2 / 3))
    assert test.trend.p == pytest.approx(math.erfc(1 / math.sqrt(2 / 3) / math.sqrt(2)))


def test_keys_that_are_missing_are_keys():
    start, death = dt.date(2024, 1, 1), dt.date(2024, 1, 31)
    people = pl.DataFrame({"USUBJID": ["1", "1", "2"], "EVAL": [None, "C", None], "STARTDT": [start] * 3})
    deaths = people.with_columns(pl.Series("ADT", [death, None, None], dtype=pl.Date)).drop("STARTDT")
    alive = people.with_columns(pl.Series("ADT", [None, start, death], dtype=pl.Date)).drop("STARTDT")
    cut = people.with_columns(pl.Series("ADT", [death, None, start], dtype=pl.Date)).drop("STARTDT")
    found = derive_time_to_event(
        people,
        events=[Event(description="Death", frame=deaths)],
        censors=[Censor(description="Alive", frame=alive), Censor(description="Start", frame=people, date="STARTDT", closed_by_end=False)],
        end_of_observation=[Censor(description="Cut", frame=cut, code=7)],
        keys=["USUBJID", "EVAL"],
    ).sort("USUBJID", "EVAL", nulls_last=True)  # fmt: skip
    rows = found.select("USUBJID", "EVAL", "AVAL", "CNSR").rows()
    assert rows[0] == ("1", "C", 1, 1)
    assert rows[1] == ("1", None, 31, 0)
    assert rows[2][:3] == ("2", None, 1)


def test_separation_within_strata_is_found():
    # x separates in every stratum, though not over all: events at the highest x of their own stratum
    frame = {"t": [1, 2, 3, 1, 2, 3], "e": [1, 1, 0, 1, 1, 0], "x": [3.0, 2, 1, 13, 12, 11], "s": list("aaabbb")}
    with pytest.raises(DataError, match="'x' separates"):
        cox(frame, time="t", event="e", terms="x", strata="s")
    mixed = dict(frame, x=[3.0, 2, 1, 11, 12, 13])
    assert math.isfinite(cox(mixed, time="t", event="e", terms="x", strata="s").coef[0])
    with pytest.raises(DataError, match="separates"):
        cox(dict(frame, x=[1.0, 1, 0, 1, 1, 0]), time="t", event="e", terms="x", strata="s")
