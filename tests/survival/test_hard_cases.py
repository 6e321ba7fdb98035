"""Data that break survival programs: a right answer, or an error that names the cause."""

from __future__ import annotations

import numpy as np
import pytest

from codon12.errors import DataError
from codon12.survival import (
    aalen_johansen,
    adjusted_p,
    concordance_index,
    cox,
    cumulative_incidence,
    cut_point,
    fine_gray,
    gray_test,
    kaplan_meier,
    logrank,
    max_combo,
    multi_state,
    pairwise_logrank,
)
from codon12.survival.results.tails import chi_square_log10_p, chi_square_p

TWO = ["a", "b", "a", "b"]


@pytest.mark.parametrize("call", [kaplan_meier, lambda t, e: logrank(t, e, ["a"] * len(t)), aalen_johansen])
def test_empty_input_and_missing_times(call):
    with pytest.raises(DataError, match="empty"):
        call([], [])
    with pytest.raises(DataError, match=r"missing in 2 of 3 rows \(first: row 2\)"):
        call([1.0, np.nan, np.nan], [1, 0, 1])
    with pytest.raises(DataError, match="infinite in 1 of 2"):
        call([1.0, np.inf], [1, 0])
    with pytest.raises(DataError, match="negative in 1 of 2"):
        call([1.0, -1.0], [1, 0])


def test_no_events():
    curve = kaplan_meier([1, 2, 3], [0, 0, 0]).curve()
    assert curve.survival.tolist() == [1, 1, 1]
    assert curve.lower.tolist() == curve.upper.tolist() == [1, 1, 1]
    assert curve.median().status == "not reached"
    test = logrank([1, 2, 3, 4], [0, 0, 0, 0], TWO)
    assert (test.statistic, test.df, test.p, test.log10_p, test.status) == (0.0, 0, 1.0, 0.0, "no events")
    assert gray_test([1, 2, 3, 4], [0, 0, 0, 0], TWO)[0].status == "no events of this cause"
    assert aalen_johansen([1, 2], [0, 0]).curve().probability[:, 0].tolist() == [1, 1]


def test_all_events_at_one_time():
    curve = kaplan_meier([5, 5, 5], [1, 1, 1]).curve()
    assert curve.survival.tolist() == [0]
    assert curve.median().value == 5.0
    test = logrank([5, 5, 5, 5], [1, 1, 1, 1], TWO)
    assert (test.statistic, test.p) == (0.0, 1.0)


def test_one_subject():
    curve = kaplan_meier([5], [1]).curve()
    assert (curve.survival[0], curve.median().value) == (0.0, 5.0)
    censored = kaplan_meier([5], [0]).curve()
    assert (censored.survival[0], censored.median().status) == (1.0, "not reached")
    with pytest.raises(DataError, match="one level"):
        logrank([5], [1], ["a"])


def test_a_group_without_events():
    test = logrank([1, 2, 3, 4], [1, 0, 1, 0], TWO)
    assert test.observed.tolist() == [2, 0]
    assert 0 < test.p < 1
    km = kaplan_meier([1, 2, 3, 4], [1, 0, 1, 0], group=TWO)
    assert km["b"].median().status == "not reached"


def test_zero_times():
    curve = kaplan_meier([0, 0, 1], [1, 0, 1]).curve()
    assert curve.time.tolist() == [0, 1]
    assert curve.survival.tolist() == pytest.approx([2 / 3, 0])
    assert kaplan_meier([0.0, -0.0, 1.5], [1, 0, 1]).curve().n_risk.tolist() == [3, 1]


def test_times_closer_than_the_tolerance_are_tied():
    curve = kaplan_meier([1.0, 1.0 + 1e-12, 2.0], [1, 1, 0]).curve()
    assert curve.time.tolist() == [1.0, 2.0]
    assert curve.n_event.tolist() == [2, 0]
    apart = kaplan_meier([1.0, 1.0 + 1e-6, 2.0], [1, 1, 0]).curve()
    assert apart.n_event.tolist() == [1, 1, 0]
    sums = kaplan_meier([0.1 + 0.2, 0.3], [1, 0]).curve()
    assert sums.n_risk.tolist() == [2]


def test_a_million_ties():
    n = 1_000_000
    event = np.arange(n) % 2 == 0
    curve = kaplan_meier(np.full(n, 7.5), event).curve()
    assert (curve.n_risk[0], curve.n_event[0], curve.survival[0]) == (n, n / 2, 0.5)
    assert logrank(np.full(n, 7.5), event, np.arange(n) % 4 < 2).p == 1.0


@pytest.mark.parametrize("shift", [0.0, 0.25])
def test_the_ways_to_count_agree(shift):
    """Whole days, decimals, weights and strata are counted by different routes."""
    rng = np.random.default_rng(8)
    time, event, group = rng.integers(1, 30, 200) + shift, rng.random(200) < 0.6, rng.integers(0, 3, 200)
    plain = kaplan_meier(time, event, group=group)
    weighted = kaplan_meier(time, event, group=group, weights=np.ones(200))
    entered = kaplan_meier(time, event, group=group, entry=np.full(200, -1.0))
    alone = [kaplan_meier(time[group == g], event[group == g]).curve() for g in range(3)]
    for a, b, c, d in zip(plain, weighted, entered, alone, strict=True):
        for other in (b, c, d):
            for field in ("time", "n_risk", "n_event", "n_censor", "survival", "std_error"):
                np.testing.assert_allclose(getattr(a, field), getattr(other, field), rtol=1e-12)


def test_extreme_p_values_keep_their_logarithm():
    n = 4000
    time = np.concatenate([np.arange(n), np.arange(n) + n]) + 1
    test = logrank(time, np.ones(2 * n), np.repeat(["a", "b"], n))
    assert test.p == 0.0
    assert test.log10_p == pytest.approx(-0.5 * test.statistic / np.log(10), rel=0.01)
    for df in (1, 2, 5):
        assert chi_square_log10_p(600.0, df) == pytest.approx(np.log10(chi_square_p(600.0, df)), rel=1e-12)
    assert chi_square_log10_p(3000.0, 2) == pytest.approx(-1500 / np.log(10), rel=1e-14)


def test_groups_that_never_meet():
    test = logrank([1, 2, 8, 9], [1, 1, 1, 1], ["a", "a", "b", "b"], entry=[0, 0, 5, 5])
    assert (test.df, test.p, test.status) == (0, 1.0, test.status)
    assert test.status.startswith("at every event one group alone")


def test_correlations_of_max_combo_are_correlations():
    got = max_combo([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 0, 1, 1, 1, 0, 1], ["a", "b"] * 4)
    assert np.diag(got.correlation) == pytest.approx(1)
    assert np.abs(got.correlation).max() <= 1 + 1e-12


def test_max_combo_needs_information():
    with pytest.raises(DataError, match="two groups"):
        max_combo([1, 2, 3], [1, 1, 1], ["a", "b", "c"])
    with pytest.raises(DataError, match="no variance"):
        max_combo([1, 1], [1, 1], ["a", "b"])


def test_competing_events_all_at_once():
    curve = aalen_johansen([3, 3, 3], [1, 2, 2]).curve()
    assert curve.probability[0].tolist() == pytest.approx([0, 1 / 3, 2 / 3])
    first, second = cumulative_incidence([3, 3, 3], [1, 2, 2])
    assert (first.incidence.tolist(), second.incidence.tolist()) == ([pytest.approx(1 / 3)], [pytest.approx(2 / 3)])


def test_pairs_of_one_are_reported():
    got = pairwise_logrank([1, 2, 3], [1, 1, 0], ["a", "b", "c"])
    assert got.height == 3
    assert adjusted_p([]).size == 0


def test_restricted_means_of_nothing_have_no_ratio():
    km = kaplan_meier([0, 0, 1, 2], [1, 1, 1, 1], group=["a", "a", "b", "b"])
    [contrast] = km.rmst_contrasts(2)
    assert contrast.difference.value == 1.5
    assert contrast.ratio.status == "not estimable"


def test_entry_within_the_tolerance_of_exit_is_named():
    with pytest.raises(DataError, match="entry is not before time in 1 of 3 rows"):
        logrank([1.0, 2.0, 3.0], [1, 1, 0], ["a", "b", "a"], entry=[1.0 - 1e-12, 0.0, 0.0])


def test_concordance_of_rows_that_weigh_nothing():
    found = concordance_index([1, 2, 3, 4], [1, 1, 1, 0], [1.0, 2, 4, 3], weights=[0, 0, 1, 1])
    assert (found.value, found.counts[0, :2].tolist()) == (0.0, [0.0, 1.0])
    assert np.isfinite(found.null_variance)


def test_a_search_among_equal_scores_finds_nothing():
    found = cut_point(time=np.full(8, 3.0), event=np.ones(8), biomarker=np.arange(8.0), permutations=10, resamples=5)
    assert (found.statistic, found.p) == (0.0, 1.0)


def test_curves_of_subjects_far_from_the_data():
    """What a double cannot hold is infinite or a limit of 0 or 1, not a NaN."""
    rng = np.random.default_rng(0)
    frame = {"t": rng.integers(1, 15, 24), "e": rng.random(24) < 0.6, "x": rng.normal(size=24) + 1e9}
    fit = cox(frame, time="t", event="e", terms="x")
    hazard = fit.baseline_hazard().hazard
    assert set(hazard.tolist()) <= {0.0, np.inf}
    curves = fit.predict_survival({"x": [0.0, 1e9]})
    for values in (curves.survival, curves.lower, curves.upper):
        assert ((values >= 0) & (values <= 1)).all()
    assert 0 < curves.survival[-1, 1] < 1


def test_a_state_that_empties_has_limits_of_zero():
    """Rounding leaves 1e-17 of the error of a probability that is 0; R's plain limits are 0 there."""
    start, stop = [0, 0, 0, 1, 2, 0, 3], [1, 1, 1, 3, 3, 2, 4]
    event, who = [1, 1, 0, 3, 3, 2, 0], [1, 2, 3, 1, 2, 4, 3]
    curve = multi_state(start, stop, event, states=["s", "a", "b", "c"], subject=who).curve()
    lower, upper = curve.limits(conf_type="plain")
    assert np.isfinite(lower).all()
    assert np.isfinite(upper).all()


def test_multi_state_times_are_those_of_r():
    # survfit(Surv(c(0, 2, 0, 1), c(2, 5, 4, 3), factor(c(0, 0, 2, 1), 0:2)) ~ 1, id=c(1, 1, 2, 3))$time
    model = multi_state([0, 2, 0, 1], [2, 5, 4, 3], [0, 0, 2, 1], states=["s", "a", "b"], subject=[1, 1, 2, 3])
    assert model.curve().time.tolist() == [2, 3, 4, 5]


def test_mean_times_in_states_count_from_zero_with_late_entry():
    # print(survfit(Surv(c(2, 3, 2), c(4, 6, 5), factor(c(1, 2, 0), 0:2)) ~ 1, id=1:3), rmean=6)
    curve = multi_state([2, 3, 2], [4, 6, 5], [1, 2, 0], states=["s", "a", "b"], subject=[1, 2, 3]).curve()
    found = curve.restricted_mean(6)
    assert sum(found.values()) == pytest.approx(6)
    assert found["a"] == pytest.approx(2 / 3)


@pytest.mark.parametrize("timewt", ["S/G", "n/G2"])
def test_a_censoring_curve_of_zero_is_named(timewt):
    # The first two are gone, the second of them censored, before the others enter.
    options = {"entry": [0, 0, 3, 3, 3], "weights": [0.1, 0.2, 0.3, 0.1, 0.2]}
    with pytest.raises(DataError, match="censoring curve, which has come down to 0 before the event at 5"):
        concordance_index([1, 2, 5, 6, 7], [1, 0, 1, 1, 0], [1.0, 2, 3, 4, 5], timewt=timewt, **options)
    assert concordance_index([1, 2, 5, 6, 7], [1, 0, 1, 1, 0], [1.0, 2, 3, 4, 5], timewt="S", **options).value == 1


def test_errors_between_equal_clusters_are_exactly_zero():
    rng = np.random.default_rng(3)
    n = 300
    time, event, x = np.ceil(rng.exponential(size=n) * 50), rng.integers(0, 3, n), rng.normal(size=(n, 2))
    time, event, x, cluster = np.repeat(time, 2), np.repeat(event, 2), np.repeat(x, 2, axis=0), np.arange(2 * n) % 2
    for own in (cluster, np.zeros(2 * n)):
        fit = cox(time=time, event=event > 0, terms=x, cluster=own)
        assert fit.std_error.tolist() == [0, 0]
        assert fit.coefficients["z"].to_list() == fit.coefficients["p"].to_list() == [None, None]
        assert concordance_index(time, event > 0, x[:, 0], cluster=own).std_error == 0
        found = fine_gray(time=time, event=event, terms=x, cluster=own)
        assert found.std_error.tolist() == [0, 0]
        assert found.to_frame()["z"].to_list() == [None, None]
        assert kaplan_meier(time, event > 0, cluster=own)["all"].std_error.max() == 0


def test_everybody_fails_of_one_cause():
    time = [4, 3, 2, 1, 4, 3, 3, 2, 2, 3, 2, 5, 4, 0, 4, 4, 4, 0, 5, 3, 3, 0, 0, 3, 4, 1, 3, 2, 3, 2]
    last = aalen_johansen(time, [1] * 30).curve().at([5.0], "1")[0]
    assert (last.value, last.lower, last.upper, last.std_error) == (1.0, 1.0, 1.0, 0.0)
