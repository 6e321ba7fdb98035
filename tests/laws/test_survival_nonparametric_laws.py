"""Laws of the nonparametric estimates, on small generated data with many ties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.survival import aalen_johansen, cumulative_incidence, follow_up, kaplan_meier, logrank, multi_state

few = settings(deadline=None)
subjects = st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.integers(0, 2)), min_size=2, max_size=25)


def split(rows):
    time, event, group = (np.array(c) for c in zip(*rows, strict=True))
    return time, event, group


def two_groups(rows):
    time, event, group = split(rows)
    return time, event, group % 2


@few
@given(subjects, st.randoms())
def test_order_of_subjects_never_matters(rows, random):
    mixed = list(rows)
    random.shuffle(mixed)
    a, b = (kaplan_meier(*split(r)[:2], group=split(r)[2]) for r in (rows, mixed))
    assert a.to_frame().equals(b.to_frame())


@few
@given(subjects)
def test_survival_falls_from_one_to_zero_at_lowest(rows):
    curve = kaplan_meier(*split(rows)[:2]).curve()
    s = np.append(1.0, curve.survival)
    assert np.all(np.diff(s) <= 0)
    assert s[-1] >= 0
    known = ~np.isnan(curve.lower)
    assert np.all(curve.lower[known] <= curve.survival[known] + 1e-12)
    assert np.all(curve.upper[known] >= curve.survival[known] - 1e-12)


@few
@given(subjects, st.sampled_from([1 / 30.4375, 0.125, 7.0, 1440.0]))
def test_time_units_only_scale_the_axis(rows, factor):
    time, event, group = two_groups(rows)
    days, other = kaplan_meier(time, event).curve(), kaplan_meier(time * factor, event).curve()
    assert days.survival.tolist() == other.survival.tolist()
    assert other.time.tolist() == pytest.approx((days.time * factor).tolist())
    a, b = days.median().value, other.median().value
    assert (a is None) == (b is None)
    assert a is None or b == pytest.approx(a * factor)
    if np.unique(group).size == 2:
        assert logrank(time, event, group).p == pytest.approx(logrank(time * factor, event, group).p)


@few
@given(subjects, st.lists(st.integers(1, 3), min_size=25, max_size=25))
def test_whole_weights_are_repetition(rows, weights):
    time, event, _ = split(rows)
    w = np.array(weights[: time.size])
    a, b = kaplan_meier(time, event, weights=w).curve(), kaplan_meier(np.repeat(time, w), np.repeat(event, w)).curve()
    for field in ("time", "n_risk", "n_event", "survival", "std_error_hazard"):
        np.testing.assert_allclose(getattr(a, field), getattr(b, field), rtol=1e-12)


@few
@given(subjects)
def test_a_subject_censored_past_everyone_cannot_lower_the_curve(rows):
    time, event, _ = split(rows)
    before = kaplan_meier(time, event).curve()
    after = kaplan_meier(np.append(time, 99), np.append(event, False)).curve()
    assert np.all(after.survival[: before.time.size] >= before.survival - 1e-12)


@few
@given(subjects)
def test_a_subject_censored_before_the_first_event_changes_no_survival(rows):
    time, event, _ = split(rows)
    before = kaplan_meier(time + 1, event).curve()
    after = kaplan_meier(np.append(time + 1, 0), np.append(event, False)).curve()
    np.testing.assert_allclose(after.survival[1:], before.survival, rtol=1e-12)


@few
@given(subjects)
def test_survival_without_censoring_is_the_empirical_one(rows):
    time, _, _ = split(rows)
    curve = kaplan_meier(time, np.ones(time.size)).curve()
    empirical = [(time > t).mean() for t in curve.time]
    np.testing.assert_allclose(curve.survival, empirical, atol=1e-12)


@few
@given(subjects)
def test_identical_groups_have_no_difference(rows):
    time, event, _ = split(rows)
    twice, flags = np.tile(time, 2), np.tile(event, 2)
    test = logrank(twice, flags, np.repeat([0, 1], time.size))
    assert test.statistic == pytest.approx(0, abs=1e-18)


@few
@given(subjects)
def test_observed_and_expected_balance(rows):
    time, event, group = split(rows)
    if np.unique(group).size < 2:
        return
    for options in ({}, {"weighting": "gehan"}, {"rho": 1, "gamma": 0.5}, {"weighting": "modified-peto"}):
        test = logrank(time, event, group, **options)
        assert test.score.sum() == pytest.approx(0, abs=1e-9)
        assert test.variance.sum() == pytest.approx(0, abs=1e-8)
        assert test.statistic >= 0


@few
@given(subjects, subjects)
def test_strata_add_up(one, other):
    a, b = two_groups(one), two_groups(other)
    if min(np.unique(a[2]).size, np.unique(b[2]).size) < 2:
        return
    time, event, group = (np.concatenate(c) for c in zip(a, b, strict=True))
    stratum = np.repeat([0, 1], [a[0].size, b[0].size])
    whole = logrank(time, event, group, strata=stratum)
    parts = [logrank(*a), logrank(*b)]
    np.testing.assert_allclose(whole.expected, sum(p.expected for p in parts), rtol=1e-12)
    np.testing.assert_allclose(whole.variance, sum(p.variance for p in parts), rtol=1e-9, atol=1e-12)


@few
@given(subjects)
def test_entry_before_everything_changes_nothing(rows):
    time, event, group = two_groups(rows)
    early = np.full(time.size, -5.0)
    a, b = kaplan_meier(time, event).curve(), kaplan_meier(time, event, entry=early).curve()
    assert a.survival.tolist() == b.survival.tolist()
    if np.unique(group).size == 2:
        assert logrank(time, event, group).p == pytest.approx(logrank(time, event, group, entry=early).p)


@few
@given(subjects)
def test_the_robust_error_ignores_how_rows_are_cut(rows):
    """Cutting follow-up into two rows of one cluster changes neither the curve nor its robust error."""
    time, event, _ = split(rows)
    time = time * 2 + 2.0
    whole = kaplan_meier(time, event, robust=True).curve()
    cut = kaplan_meier(
        np.concatenate([np.ones(time.size), time]),
        np.concatenate([np.zeros(time.size, dtype=bool), event]),
        entry=np.concatenate([np.zeros(time.size), np.ones(time.size)]),
        cluster=np.tile(np.arange(time.size), 2),
    ).curve()
    np.testing.assert_allclose(cut.survival[1:], whole.survival, rtol=1e-12)
    np.testing.assert_allclose(cut.std_error[1:], whole.std_error, rtol=1e-9, atol=1e-9)


@few
@given(subjects)
def test_competing_risks_sum_to_one_and_merge_to_kaplan_meier(rows):
    time, _, event = split(rows)
    curve = aalen_johansen(time, event, labels=["one", "two"]).curve()
    np.testing.assert_allclose(curve.probability.sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_allclose(curve.probability[:, 0], kaplan_meier(time, event > 0).curve().survival, atol=1e-12)
    for k, incidence in enumerate(cumulative_incidence(time, event, labels=["one", "two"]), start=1):
        at = np.searchsorted(curve.time, incidence.time)
        np.testing.assert_allclose(incidence.incidence, curve.probability[at, k], atol=1e-12)


@few
@given(subjects)
def test_fast_and_general_multistate_agree(rows):
    time, _, event = split(rows)
    fast = aalen_johansen(time + 1, event, labels=["one", "two"]).curve()
    slow = multi_state(np.zeros(time.size), time + 1, event, states=["event free", "one", "two"]).curve()
    for field in ("time", "n_risk", "n_event", "probability"):
        np.testing.assert_allclose(getattr(fast, field), getattr(slow, field), atol=1e-12)
    # variances: rounding of 1e-17 beside a true 0 is 5e-9 as a standard error
    np.testing.assert_allclose(fast.std_error**2, slow.std_error**2, rtol=1e-9, atol=1e-15)


@few
@given(subjects)
def test_follow_up_of_nobody_dead_is_the_empirical_one(rows):
    time, _, _ = split(rows)
    curve = follow_up(time, np.zeros(time.size)).curves[0]
    np.testing.assert_allclose(curve.survival, [(time > t).mean() for t in curve.time], atol=1e-12)
