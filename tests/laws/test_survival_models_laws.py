"""Laws of the regression models: what must hold for any data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from codon12.errors import DataError
from codon12.survival import concordance_index, cox
from codon12.survival.cox.likelihood import PartialLikelihood
from codon12.survival.cox.order import risk_order

QUICK = settings(deadline=None)


@st.composite
def studies(draw, *, ties=True):
    """Times, events and two covariates of 8 to 60 subjects from a seed."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(8, 60))
    time = rng.integers(1, draw(st.integers(2, 30)), n) if ties else rng.permutation(n) + 1
    event = rng.random(n) < draw(st.sampled_from([0.5, 0.9, 1.0]))
    assume(event.sum() >= 3)
    return time.astype(float), event, rng.normal(size=(n, 2)), rng


def fitted(**arguments):
    try:
        return cox(**arguments)
    except DataError as err:
        assume(not any(word in str(err) for word in ("separate", "vary", "determined", "settle")))
        raise


@QUICK
@given(studies(ties=False))
def test_the_score_test_of_one_binary_term_is_the_logrank(study):
    time, event, _, rng = study
    group = rng.integers(0, 2, time.size).astype(float)
    excess = variance = 0.0
    for t in time[event]:
        share = group[time >= t].mean()
        excess += group[time == t][0] - share
        variance += share * (1 - share)
    assume(variance > 0)
    null = PartialLikelihood(risk_order(time, event), group[np.argsort(-time)][None, :], None, True).evaluate(
        np.zeros(1)
    )
    assert null.score[0] == pytest.approx(excess, abs=1e-10)
    assert null.information[0, 0] == pytest.approx(variance, rel=1e-10)


@QUICK
@given(studies())
def test_breslow_score_with_ties_is_observed_minus_expected(study):
    time, event, _, rng = study
    group = rng.integers(0, 2, time.size).astype(float)
    order = risk_order(time, event)
    null = PartialLikelihood(order, group[order.row][None, :], None, False).evaluate(np.zeros(1))
    excess = sum(
        group[(time == t) & event].sum() - (event & (time == t)).sum() * group[time >= t].mean()
        for t in set(time[event])
    )
    assert null.score[0] == pytest.approx(excess, abs=1e-10)


@QUICK
@given(studies(), st.sampled_from(["efron", "breslow"]))
def test_rows_may_come_in_any_order(study, ties):
    time, event, x, rng = study
    one = fitted(time=time, event=event, terms=x, ties=ties)
    mixed = rng.permutation(time.size)
    two = fitted(time=time[mixed], event=event[mixed], terms=x[mixed], ties=ties)
    np.testing.assert_allclose(one.coef, two.coef, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(one.residuals("score")[mixed], two.residuals("score"), rtol=1e-7, atol=1e-9)
    if np.unique(time).size > 1 and event[time < time.max()].any():
        np.testing.assert_allclose(one.concordance().value, two.concordance().value, rtol=1e-12)


@QUICK
@given(studies(), st.integers(-6, 6).map(lambda k: 2.0**k), st.sampled_from([1e-3, 10.0, 1e4]))
def test_units_of_time_do_not_matter_and_units_of_covariates_scale(study, unit, size):
    time, event, x, _ = study
    one = fitted(time=time, event=event, terms=x)
    two = fitted(time=time * unit, event=event, terms=x * size)
    np.testing.assert_allclose(two.coef * size, one.coef, rtol=1e-8, atol=1e-10)
    assert two.loglik == pytest.approx(one.loglik, rel=1e-12)
    assert two.wald.statistic == pytest.approx(one.wald.statistic, rel=1e-7, abs=1e-12)


@QUICK
@given(studies())
def test_breslow_weights_are_repetitions(study):
    time, event, x, rng = study
    weights = rng.integers(1, 4, time.size)
    again = np.repeat(np.arange(time.size), weights)
    one = fitted(time=time, event=event, terms=x, weights=weights.astype(float), ties="breslow")
    two = fitted(time=time[again], event=event[again], terms=x[again], ties="breslow")
    np.testing.assert_allclose(one.coef, two.coef, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(one.naive_covariance, two.naive_covariance, rtol=1e-7)
    clustered = fitted(time=time[again], event=event[again], terms=x[again], cluster=again, ties="breslow")
    sandwich = fitted(time=time, event=event, terms=x, weights=weights.astype(float), robust=True, ties="breslow")
    np.testing.assert_allclose(sandwich.covariance, clustered.covariance, rtol=1e-7, atol=1e-12)


@QUICK
@given(studies(), st.sampled_from(["efron", "breslow"]))
def test_the_stratified_likelihood_is_the_sum_over_strata(study, ties):
    time, event, x, rng = study
    stratum = rng.integers(0, 3, time.size)
    fit = fitted(time=time, event=event, terms=x, strata=stratum, ties=ties)
    beta = fit.maximum.at.beta
    total = 0.0
    score = np.zeros(2)
    for s in np.unique(stratum):
        own = stratum == s
        if not event[own].any():
            continue
        order = risk_order(time[own], event[own])
        scaled = ((x[own] - fit.centre) / fit.scale).T[:, order.row]
        part = PartialLikelihood(order, scaled, None, ties == "efron").evaluate(beta)
        total += part.loglik
        score += part.score
    assert fit.loglik == pytest.approx(total, rel=1e-11)
    np.testing.assert_allclose(score, 0, atol=1e-7)


@QUICK
@given(studies(), st.sampled_from(["efron", "breslow"]))
def test_cutting_follow_up_into_intervals_changes_nothing(study, ties):
    time, event, x, rng = study
    cut = time * rng.uniform(0.1, 0.9, time.size)
    rows = np.concatenate([np.arange(time.size)] * 2)
    entry = np.concatenate([np.full(time.size, -1.0), cut])
    stop = np.concatenate([cut, time])
    dead = np.concatenate([np.zeros(time.size, dtype=bool), event])
    one = fitted(time=time, event=event, terms=x, ties=ties)
    two = fitted(time=stop, event=dead, entry=entry, terms=x[rows], ties=ties)
    np.testing.assert_allclose(one.coef, two.coef, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(one.naive_covariance, two.naive_covariance, rtol=1e-7)
    np.testing.assert_allclose(
        one.residuals("martingale"), np.bincount(rows, weights=two.residuals("martingale")), atol=1e-8
    )
    grouped = fitted(time=stop, event=dead, entry=entry, terms=x[rows], cluster=rows, ties=ties)
    plain = fitted(time=time, event=event, terms=x, robust=True, ties=ties)
    np.testing.assert_allclose(grouped.covariance, plain.covariance, rtol=1e-6, atol=1e-12)


@QUICK
@given(studies(), st.sampled_from(["efron", "breslow"]), st.booleans())
def test_derivatives_are_derivatives(study, ties, stratified):
    time, event, x, rng = study
    stratum = rng.integers(0, 3, time.size) if stratified else None
    order = risk_order(time, event, stratum=stratum, entry=time - rng.uniform(0.5, 9, time.size))
    likelihood = PartialLikelihood(order, x.T[:, order.row], rng.uniform(0.5, 2, time.size)[order.row], ties == "efron")
    beta, step = rng.normal(size=2) / 3, 1e-5
    at = likelihood.evaluate(beta)
    for k in range(2):
        move = step * np.eye(2)[k]
        slope = (likelihood.loglik(beta + move) - likelihood.loglik(beta - move)) / (2 * step)
        assert at.score[k] == pytest.approx(slope, rel=1e-4, abs=1e-5)
        turn = (likelihood.evaluate(beta - move).score - likelihood.evaluate(beta + move).score) / (2 * step)
        np.testing.assert_allclose(at.information[k], turn, rtol=1e-4, atol=1e-5)


@QUICK
@given(studies())
def test_residuals_sum_to_zero(study):
    time, event, x, _ = study
    fit = fitted(time=time, event=event, terms=x)
    assert fit.residuals("martingale").sum() == pytest.approx(0, abs=1e-8)
    np.testing.assert_allclose(fit.residuals("score").sum(axis=0), 0, atol=1e-7)
    np.testing.assert_allclose(fit.residuals("schoenfeld").sum(axis=0), 0, atol=1e-7)
    hazard = fit.baseline_hazard().hazard
    assert np.all(np.diff(hazard) >= -1e-15)


@QUICK
@given(studies(), st.booleans(), st.booleans())
def test_concordance_counts_pairs(study, weighted, late):
    time, event, x, rng = study
    score = np.round(x[:, 0], 1)
    weight = rng.uniform(0.5, 2, time.size) if weighted else np.ones(time.size)
    entry = time - rng.integers(1, 12, time.size) if late else np.full(time.size, -1.0)
    want = np.zeros(5)
    for i in np.flatnonzero(event):
        for j in range(time.size):
            pair = weight[i] * weight[j]
            if j > i and event[j] and time[i] == time[j]:
                want[4 if score[i] == score[j] else 3] += pair
            elif entry[j] < time[i] and (time[j] > time[i] or (time[j] == time[i] and not event[j])):
                want[2 if score[i] == score[j] else int(score[j] < score[i])] += pair
    assume(want[:3].sum() > 0)
    found = concordance_index(time, event, score, weights=weight if weighted else None, entry=entry if late else None)
    np.testing.assert_allclose(found.counts.sum(axis=0), want, rtol=1e-9, atol=1e-9)
    back = concordance_index(time, event, -score, weights=weight if weighted else None, entry=entry if late else None)
    assert found.value + back.value == pytest.approx(1, abs=1e-12)
    assert found.variance == pytest.approx(back.variance, rel=1e-9, abs=1e-15)
