"""Robust variances of survival curves where rounding could decide: golden values of R survival 3.5-3."""

from __future__ import annotations

import numpy as np
import pytest

from codon12.survival import kaplan_meier


def test_limits_end_where_survival_is_zero():
    # survfit(Surv(1:4, rep(1, 4)) ~ 1, robust=TRUE, conf.type="log-log"): quantile(c(.5, .75, .9)) has upper NA
    curve = kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1], robust=True).curve()
    assert [curve.quantile(p).value for p in (0.5, 0.75, 0.9)] == [2.5, 3.5, 4]
    assert [curve.quantile(p).lower for p in (0.5, 0.75, 0.9)] == [1, 1, 2]
    assert [curve.quantile(p).upper_status for p in (0.5, 0.75, 0.9)] == ["not reached"] * 3
    lower, upper = curve.limits()
    assert lower[:3] == pytest.approx([0.1279469175951458704, 0.0578470829951446275, 0.0089478244166031722], rel=1e-12)
    assert upper[:3] == pytest.approx([0.96054864228507841, 0.84486128119037396, 0.66532534278886535], rel=1e-12)
    assert np.isnan([lower[3], upper[3]]).all()


def test_limits_do_not_waver_between_events():
    # survfit(Surv(t, e) ~ 1, cluster=cl, conf.type="logit")
    time, event, cluster = [1, 2, 2, 3, 4, 5, 6, 7], [1, 0, 1, 1, 0, 0, 1, 0], [1, 2, 1, 3, 2, 3, 1, 3]
    curve = kaplan_meier(time, event, cluster=cluster, conf_type="logit").curve()
    want = [0.09631896879639025, 0.1926379375927805, 0.12509996003196805, 0.25575867531718255]
    assert curve.std_error[[0, 1, 2, 5]] == pytest.approx(want, rel=1e-12)
    assert curve.std_error[3] == curve.std_error[4] == curve.std_error[2]
    found = [curve.quantile(p) for p in (0.25, 0.5, 0.75)]
    assert [(e.value, e.lower, e.upper) for e in found] == [(2.5, 1, None), (6, 3, None), (None, 6, None)]


def test_one_cluster_of_all_has_no_variance():
    # survfit(Surv(1:4, c(1, 1, 0, 1)) ~ 1, cluster=rep(1, 4))$std.err
    curve = kaplan_meier([1, 2, 3, 4], [1, 1, 0, 1], cluster=[1, 1, 1, 1]).curve()
    assert curve.std_error.tolist() == [0, 0, 0, 0]


def test_weighted_survival_comes_down_to_exactly_zero():
    weights = [0.1, 0.2, 0.3, 0.7, 1.1, 2.3]
    for entry in (None, [0, 0.5, 0, 1.5, 0, 2.5]):
        curve = kaplan_meier([1, 1, 2, 3, 3, 3], [1, 0, 1, 1, 1, 1], weights=weights, entry=entry).curve()
        assert curve.survival[-1] == 0.0
        assert curve.quantile(0.9).value == 3.0


def test_fleming_harrington_robust_error_has_the_factor_of_survival():
    # R 3.5-3 prints the error of the hazard here. Infinitesimal jackknife of exp(-H): S times that of H, and
    # survfit(Surv(1:4, c(1, 1, 0, 1)) ~ 1, robust=TRUE, stype=2)$std.chaz
    curve = kaplan_meier([1, 2, 3, 4], [1, 1, 0, 1], robust=True, estimator="fleming-harrington").curve()
    hazard = [0.21650635094610965, 0.34777733404302541, 0.34777733404302541, 0.34777733404302541]
    assert curve.std_error_hazard == pytest.approx(hazard, rel=1e-9)
    assert curve.std_error == pytest.approx(curve.survival * hazard, rel=1e-9)
