"""Answers that other programs give wrongly; golden values of R survival 3.5-3 on one small table with many ties."""

from __future__ import annotations

import numpy as np
import pytest

from codon12.survival import aalen_johansen, cox, kaplan_meier, logrank
from codon12.survival.cox.proportional_hazards import proportional_hazards_test

TIME = [1, 1, 2, 2, 2, 3, 4, 4, 5, 6, 6, 7]
EVENT = [1, 1, 1, 1, 0, 1, 1, 1, 0, 1, 0, 1]
X = [3.0, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]
WHO = [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]
WEIGHT = np.array([1.0, 2, 1, 3, 1, 1, 2, 1, 1, 1, 2, 1])
CAUSE = [1, 2, 1, 2, 0, 1, 2, 1, 0, 1, 0, 2]


def test_ties_are_not_broken_at_random_in_aalen_johansen():
    # survfit(Surv(t, factor(cause, 0:2)) ~ 1): pstate, std.err
    found = aalen_johansen(TIME, CAUSE).curve()
    assert found.probability[:, 1] == pytest.approx([1 / 12, 1 / 6, 11 / 42, 5 / 14, 5 / 14, 61 / 126, 61 / 126])
    errors = [0.079785592313028189, 0.107582870727983837, 0.130694448102098931, 0.144056754643685531]
    assert found.std_error[:4, 1] == pytest.approx(errors, rel=1e-12)
    shuffled = np.random.default_rng(3).permutation(12)
    again = aalen_johansen(np.array(TIME)[shuffled], np.array(CAUSE)[shuffled]).curve()
    assert again.probability == pytest.approx(found.probability, rel=1e-14)


def test_clustered_errors_follow_the_ties_of_the_fit():
    # coxph(Surv(t, e) ~ x, cluster=id, ties=): var; Breslow's influences under Efron's coefficients are off
    want = {"efron": 0.034307829953614158, "breslow": 0.030253680444721018}
    for ties, variance in want.items():
        fit = cox(time=TIME, event=EVENT, terms=X, cluster=WHO, ties=ties)
        assert fit.covariance[0, 0] == pytest.approx(variance, rel=1e-9)


def test_proportional_hazards_use_the_information_at_each_time():
    # cox.zph(fit, "identity"): 0.0785859; the approximation before survival 3.0 takes one information for all times
    fit = cox(time=TIME, event=EVENT, terms=X)
    found = proportional_hazards_test(fit, transform="identity")
    assert found.statistic[0] == pytest.approx(0.078585939994349832, rel=1e-9)
    residual = fit.residuals("schoenfeld")[:, 0]
    g = found.time - found.time.mean()
    older = float((g @ residual) ** 2 * fit.naive_covariance[0, 0] * g.size / (g @ g))
    assert older != pytest.approx(found.statistic[0], rel=0.01)


def test_the_variance_of_a_restricted_mean_is_that_of_the_mean():
    # print(survfit(Surv(t, e) ~ 1), rmean=5): not the variance of min(T, 5), which does not shrink with n
    mean = kaplan_meier(TIME, EVENT).curve()
    [found] = kaplan_meier(TIME, EVENT).rmst(5)
    assert (found.value, found.std_error) == pytest.approx((3.45238095238095255, 0.44660805160080819), rel=1e-12)
    assert mean.last_follow_up == 7


def test_weighted_errors_are_those_of_survival_itself():
    # summary(survfit(Surv(t, e) ~ 1, weights=w, robust=FALSE), times=c(2, 4))$std.err, and weights w + 0.5 robust
    plain = kaplan_meier(TIME, EVENT, weights=WEIGHT, robust=False).curve().at([2, 4])
    assert [e.std_error for e in plain] == pytest.approx([0.1193646249872688, 0.1178580893607543], rel=1e-12)
    robust = kaplan_meier(TIME, EVENT, weights=WEIGHT + 0.5).curve().at([2, 4])
    assert [e.value for e in robust] == pytest.approx([0.60869565217391308, 0.34086956521739131], rel=1e-12)
    assert [e.std_error for e in robust] == pytest.approx([0.15373629951869539, 0.14524303843280234], rel=1e-12)


def test_p_does_not_sink_to_nothing():
    n = 4000
    time = np.concatenate([np.arange(n), np.arange(n) + n]) + 1
    test = logrank(time, np.ones(2 * n), np.repeat(["a", "b"], n))
    assert test.p == 0.0
    assert -np.inf < test.log10_p < -308


def test_at_risk_counts_stand_at_the_beginning_of_a_time():
    # summary(survfit(Surv(t, e) ~ 1), times=c(2, 4))$n.risk
    assert [e.n_risk for e in kaplan_meier(TIME, EVENT).curve().at([2, 4])] == [10, 6]


def test_a_curve_ends_at_the_last_follow_up():
    beyond = kaplan_meier([1, 2, 3], [1, 1, 0]).curve().at([3, 3.5])
    assert [e.status for e in beyond] == [None, "beyond last follow-up"]
    assert beyond[1].value is None
