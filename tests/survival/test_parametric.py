"""Parametric models against closed forms, published fits and each other."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy import integrate, special

from codon12.errors import DataError, UsageError
from codon12.survival import compare_parametric, parametric, piecewise_exponential
from codon12.survival.parametric.distributions import standard, standard_quantile

from .r_cases import FOLDER

NAMES = ["exponential", "weibull", "log-normal", "log-logistic", "generalised-gamma"]


def sample(n=200, *, seed=1):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    time = 10 * np.exp(0.4 * x) * rng.weibull(1.5, size=n)
    censored = rng.uniform(2, 30, n)
    return np.minimum(time, censored), time <= censored, x


def test_exponential_closed_form():
    time, event, _ = sample()
    fit = parametric(time=time, event=event, distribution="exponential")
    d, total = event.sum(), time.sum()
    assert fit.estimate[0] == pytest.approx(math.log(total / d), rel=1e-13)
    assert fit.covariance[0, 0] == pytest.approx(1 / d, rel=1e-9)
    assert fit.loglik == pytest.approx(d * math.log(d / total) - d, rel=1e-13)
    assert fit.aic == pytest.approx(2 - 2 * fit.loglik)
    assert fit.bic == pytest.approx(math.log(200) - 2 * fit.loglik)


def test_log_normal_without_censoring_is_moments_of_the_logarithm():
    time, _, _ = sample()
    fit = parametric(time=time, event=np.ones(time.size), distribution="log-normal")
    assert fit.estimate[0] == pytest.approx(np.log(time).mean(), rel=1e-12)
    assert math.exp(fit.estimate[1]) == pytest.approx(np.log(time).std(), rel=1e-10)


def test_left_truncated_exponential_counts_time_at_risk_only():
    time, event, _ = sample()
    entry = time * np.random.default_rng(0).uniform(0, 0.9, time.size)
    fit = parametric(time=time, event=event, entry=entry, distribution="exponential")
    assert fit.estimate[0] == pytest.approx(math.log((time - entry).sum() / event.sum()), rel=1e-12)


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no R data: {FOLDER} is missing")
def test_weibull_regression_on_lung():
    # R: survreg(Surv(time, status) ~ age + sex, lung) prints 6.27485, -0.01226, 0.38209, Log(scale) -0.28230.
    frame = pl.read_csv(FOLDER / "data" / "lung.csv", null_values=["", "NA"])
    fit = parametric(frame, time="time", event="event", terms=["age", "sex"])
    assert fit.names == ("mu", "age", "sex", "log_sigma")
    np.testing.assert_allclose(fit.estimate, [6.27485, -0.01226, 0.38209, -0.28230], atol=6e-6)


@pytest.mark.parametrize("name", NAMES)
def test_density_is_the_derivative_of_survival_and_integrates_to_one(name):
    for shape in (0.0,) if name != "generalised-gamma" else (-0.8, -1e-3, 1e-3, 0.3, 1.0, 2.0):
        w = np.linspace(-3, 2, 21)
        at = standard(name, w, shape)
        h = 1e-5
        up, down = standard(name, w + h, shape), standard(name, w - h, shape)
        slope = -(np.exp(up.log_survival) - np.exp(down.log_survival)) / (2 * h)
        np.testing.assert_allclose(np.exp(at.log_density), slope, rtol=1e-5, atol=1e-8)
        np.testing.assert_allclose(at.slope, (up.log_density - down.log_density) / (2 * h), rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(at.turn, (up.slope - down.slope) / (2 * h), rtol=1e-5, atol=1e-6)
        low, high = (-60, 60) if shape < 1.5 else (-60, 12)
        area = integrate.quad(
            lambda v, s=shape: float(np.exp(standard(name, np.array([v]), s).log_density[0])),
            low,
            high,
            points=[-3, 0, 3],
            limit=500,
        )[0]
        assert area == pytest.approx(1, abs=2e-3 if shape == 2.0 else 1e-6)
        p = np.array([0.1, 0.5, 0.9])
        back = -np.expm1(standard(name, standard_quantile(name, p, shape), shape).log_survival)
        np.testing.assert_allclose(back, p, atol=2e-4 if abs(shape) < 1e-2 and shape else 1e-10)


def test_generalised_gamma_holds_weibull_and_log_normal():
    w = np.linspace(-4, 1.5, 12)
    for shape, name in ((1.0, "weibull"), (0.0, "log-normal"), (1e-5, "log-normal")):
        one, two = standard("generalised-gamma", w, shape), standard(name, w)
        np.testing.assert_allclose(one.log_density, two.log_density, atol=2e-4)
        np.testing.assert_allclose(one.log_survival, two.log_survival, atol=2e-4)
    np.testing.assert_allclose(
        standard("generalised-gamma", w, 1.0).log_density, standard("weibull", w).log_density, rtol=1e-12
    )
    time, event, _ = sample()
    wide = parametric(time=time, event=event, distribution="generalised-gamma").loglik
    for name in ("weibull", "log-normal"):
        assert wide >= parametric(time=time, event=event, distribution=name).loglik - 1e-9


def test_the_far_tail_of_the_generalised_gamma_is_finite():
    at = standard("generalised-gamma", np.array([8.0]), 1.0)
    assert at.log_survival[0] == pytest.approx(-math.exp(8), rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_the_gradient_vanishes_and_units_do_not_matter(name):
    time, event, x = sample()
    one = parametric(time=time, event=event, terms=x, distribution=name)
    two = parametric(time=time * 30.4375, event=event, terms=x, distribution=name)
    shift = np.zeros(one.estimate.size)
    shift[0] = math.log(30.4375)
    np.testing.assert_allclose(two.estimate, one.estimate + shift, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(
        two.quantile([0.25, 0.5], np.array([[1.0]])), 30.4375 * one.quantile([0.25, 0.5], np.array([[1.0]])), rtol=1e-6
    )
    weights = np.full(time.size, 3.0)
    three = parametric(time=time, event=event, terms=x, weights=weights, distribution=name)
    np.testing.assert_allclose(three.covariance * 3, one.covariance, rtol=1e-4, atol=1e-8)


def test_predictions():
    time, event, _ = sample()
    fit = parametric(time=time, event=event)
    curve = fit.survival([0.0, 5.0, 1000.0])
    assert curve["survival"][0] == 1.0
    assert curve["lower"][0] == curve["upper"][0] == 1.0
    assert curve["extrapolated"].to_list() == [False, False, True]
    assert (curve["lower"] <= curve["survival"]).all()
    shape, scale = math.exp(-fit.estimate[1]), math.exp(fit.estimate[0])
    assert curve["survival"][1] == pytest.approx(math.exp(-((5 / scale) ** shape)), rel=1e-12)
    mean = (
        scale
        * special.gamma(1 + 1 / shape)
        * special.gammainc(1 / shape, (12 / scale) ** shape)
        / shape
        / special.gamma(1 + 1 / shape)
        * special.gamma(1 / shape)
    )
    assert fit.restricted_mean(12.0)[0] == pytest.approx(mean, rel=1e-9)


def test_comparison_says_why_a_model_failed():
    table = compare_parametric(time=[5.0, 5, 5], event=[1, 1, 1])
    assert table.filter(pl.col("distribution") == "exponential")["status"][0] is None
    assert "no maximum" in table.filter(pl.col("distribution") == "weibull")["status"][0]


def test_errors():
    with pytest.raises(DataError, match="1 events at time zero"):
        parametric(time=[0.0, 1, 2], event=[1, 1, 1])
    with pytest.raises(DataError, match="no events"):
        parametric(time=[1.0, 2], event=[0, 0])
    with pytest.raises(UsageError, match="distribution must be one of"):
        parametric(time=[1.0, 2], event=[1, 1], distribution="gompertz")
    time, event, x = sample()
    fit = parametric(time=time, event=event, terms=x)
    with pytest.raises(UsageError, match="give those of the subjects"):
        fit.quantile(0.5)


class TestPiecewise:
    def test_events_over_exposure(self):
        fit = piecewise_exponential(time=[1, 2, 3, 4, 6], event=[1, 1, 0, 1, 1], cuts=[2, 5])
        # (0, 2]: 1 + 2 * 4 = 9 with two events; (2, 5]: 1 + 2 + 3 = 6 with one; beyond: 1 with one.
        assert fit.events.tolist() == [2, 1, 1]
        assert fit.exposure.tolist() == [9, 6, 1]
        assert fit.loglik == pytest.approx(2 * math.log(2 / 9) + math.log(1 / 6) - 4)
        assert fit.survival([3.0])["survival"][0] == pytest.approx(math.exp(-2 * 2 / 9 - 1 / 6))

    def test_one_interval_is_exponential(self):
        time, event, _ = sample()
        one = piecewise_exponential(time=time, event=event, cuts=[])
        assert one.loglik == pytest.approx(parametric(time=time, event=event, distribution="exponential").loglik)

    def test_an_interval_without_subjects_has_no_hazard(self):
        fit = piecewise_exponential(time=[1, 2], event=[1, 1], cuts=[5])
        assert fit.to_frame()["status"].to_list() == [None, "nobody observed"]
        found = fit.survival([4.0, 6.0])
        assert found["status"].to_list() == [None, "not estimable"]
        assert found["survival"][1] is None

    def test_entry_and_limits(self):
        fit = piecewise_exponential(time=[4, 5], event=[1, 0], entry=[1, 2], cuts=[3])
        assert fit.exposure.tolist() == [3, 3]
        row = fit.to_frame().row(1, named=True)
        assert row["lower"] == pytest.approx(-math.log(0.975) / 3)
        none = fit.to_frame().row(0, named=True)
        assert none["lower"] == 0
        assert none["upper"] == pytest.approx(-math.log(0.025) / 3)

    def test_cuts_must_ascend(self):
        with pytest.raises(UsageError, match="ascend"):
            piecewise_exponential(time=[1, 2], event=[1, 1], cuts=[3, 2])


def test_generalised_gamma_is_not_worse_than_its_special_cases():
    """From the moments of log time Newton went to a lesser maximum at Q = 2.43, with -12.7171."""
    time, event = [1.5, 1.3, 2.0, 4.6, 0.9, 3.7, 4.2, 4.1, 0.7, 3.5], [1, 1, 1, 0, 0, 1, 1, 0, 0, 1]
    table = compare_parametric(time=time, event=event, distributions=["weibull", "log-normal", "generalised-gamma"])
    loglik = dict(table.select("distribution", "loglik").iter_rows())
    assert loglik["log-normal"] == pytest.approx(-12.570120, abs=1e-6)
    assert loglik["generalised-gamma"] > max(loglik["weibull"], loglik["log-normal"])


@pytest.mark.parametrize("log_sigma", [-5.0, -2.0, 1.0])
def test_restricted_mean_of_a_steep_curve(log_sigma):
    """Weibull with scale e: e / k * lower incomplete gamma(1 / k, (tau / e)^k); quadrature gave 2.6947 at -5."""
    fit = replace(parametric(time=[1.0, 2, 3], event=[1, 1, 1]), estimate=np.array([1.0, log_sigma]))
    shape, tau = math.exp(-log_sigma), 10.0
    exact = math.e / shape * special.gamma(1 / shape) * special.gammainc(1 / shape, (tau / math.e) ** shape)
    assert fit.restricted_mean(tau)[0] == pytest.approx(exact, rel=1e-9)
