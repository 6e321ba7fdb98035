"""Randomised phase 2, selection, enriched and stratified designs."""

import itertools

import numpy as np
import pytest

from codon12.design import enriched, pick_the_winner, randomised_power, randomised_size, stratified
from codon12.errors import DesignError, UsageError
from codon12.numbers import binomial_pmf


@pytest.mark.parametrize("test", ["fisher", "boschloo", "z-pooled"])
def test_power_is_the_sum_over_the_rejection_region(test):
    design = randomised_power(9, 12, 0.2, 0.6, alpha=0.1, test=test)
    power = worst = 0.0
    for x, y in itertools.product(range(10), range(13)):
        if y >= design.reject_at_least[x]:
            power += float(binomial_pmf(x, 9, 0.2) * binomial_pmf(y, 12, 0.6))
    for p in np.linspace(0.01, 0.99, 197):
        control = binomial_pmf(np.arange(10), 9, p)
        tail = [binomial_pmf(np.arange(k, 13), 12, p).sum() for k in design.reject_at_least]
        worst = max(worst, float(control @ tail))
    assert design.power == pytest.approx(power, abs=1e-12)
    assert worst <= design.type_one + 1e-4 <= 0.1 + 2e-4


def test_fisher_against_scipy():
    from scipy.stats import fisher_exact

    design = randomised_power(7, 9, 0.2, 0.6, alpha=0.1, test="fisher")
    for x in range(8):
        for y in range(10):
            p = fisher_exact([[y, 9 - y], [x, 7 - x]], alternative="greater").pvalue
            assert (y >= design.reject_at_least[x]) == (p <= 0.1 + 1e-12)


def test_boschloo_is_never_less_powerful_than_fisher():
    for n in (8, 15, 22):
        fisher, boschloo = (randomised_power(n, n, 0.2, 0.5, alpha=0.1, test=t) for t in ("fisher", "boschloo"))
        assert boschloo.power >= fisher.power
        assert boschloo.type_one <= 0.1


def test_size_keeps_its_power():
    found = randomised_size(0.1, 0.5, alpha=0.1, power=0.8)
    n = found.n_control
    assert found.power >= 0.8
    assert randomised_power(n - 1, n - 1, 0.1, 0.5, alpha=0.1).power < 0.8
    assert all(randomised_power(n + k, n + k, 0.1, 0.5, alpha=0.1).power >= 0.8 for k in range(1, 6))


@pytest.mark.parametrize(
    # Simon, Wittes and Ellenberg 1985, Table 1: difference 0.15, 90 % correct selection
    ("rates", "n"),
    [((0.1, 0.25), 21), ((0.2, 0.35), 29), ((0.1, 0.1, 0.25), 31), ((0.2, 0.2, 0.35), 44)],
)
def test_published_selection_sizes(rates, n):
    assert pick_the_winner(rates).n == n


def test_selection_by_listing_all_outcomes():
    found = pick_the_winner((0.2, 0.3, 0.7), correct=0.8)
    n, chance = found.n, 0.0
    for x in itertools.product(range(n + 1), repeat=3):
        p = np.prod([float(binomial_pmf(k, n, r)) for k, r in zip(x, found.rates, strict=True)])
        if x[2] == max(x):
            chance += p / x.count(max(x))
    assert found.correct == pytest.approx(chance, abs=1e-12)


def test_enriched_by_hand():
    # of 1000: 130 carriers, all found; 17.4 of 870 false positives
    found = enriched(100, prevalence=0.13, rate_positive=0.38, rate_negative=0.05, specificity=0.98)
    assert found.positive_predictive_value == pytest.approx(130 / 147.4)
    assert found.rate == pytest.approx((130 * 0.38 + 17.4 * 0.05) / 147.4)
    assert found.screened == pytest.approx(100_000 / 147.4)


def test_stratified_spends_alpha_exactly():
    from scipy.stats import multivariate_normal

    found = stratified(300, prevalence=0.4, control=(0.2, 0.2), experimental=(0.4, 0.3))
    from scipy.special import ndtri

    r = found.correlation
    both = multivariate_normal([0, 0], [[1, r], [r, 1]])
    stay = both.cdf([-ndtri(found.alpha_positive), -ndtri(found.alpha_all)])
    assert 1 - stay == pytest.approx(0.025, abs=1e-7)
    assert max(found.power_positive, found.power_all) < found.power_any
    assert found.alpha_all > found.alpha_all_bonferroni


def test_stratified_power_by_simulation():
    found = stratified(600, prevalence=0.5, control=(0.2, 0.25), experimental=(0.35, 0.3))
    rng = np.random.default_rng(2)
    trials, m = 40_000, 150
    c = rng.binomial(m, [0.2, 0.25], (trials, 2)) / m
    e = rng.binomial(m, [0.35, 0.3], (trials, 2)) / m
    variance = (c * (1 - c) + e * (1 - e)) / m
    z = (e - c)[:, 0] / np.sqrt(variance[:, 0])
    from scipy.special import ndtri

    assert np.mean(z > -ndtri(found.alpha_positive)) == pytest.approx(found.power_positive, abs=0.015)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: randomised_size(0.5, 0.2), "experimental rate = 0.2. must lie above"),
        (lambda: randomised_size(0.2, 0.25, max_n=40), "raise max_n"),
        (lambda: randomised_power(0, 5, 0.2, 0.5), "n_control must be a whole number from 1"),
        (lambda: randomised_power(5, 5, 0.2, 0.5, test="chi"), "test must be one of"),
        (lambda: pick_the_winner((0.4, 0.2)), "best arm last"),
        (lambda: enriched(10, prevalence=0, rate_positive=0.3, rate_negative=0.1), "prevalence"),
        (
            lambda: stratified(300, prevalence=0.4, control=(0.2, 0.2), experimental=(0.4, 0.3), alpha_positive=0.03),
            "positive part",
        ),
    ],
)
def test_impossible_questions(call, says):
    with pytest.raises((DesignError, UsageError), match=says):
        call()


def test_the_error_of_large_arms_at_rates_near_the_ends():
    # by scipy's binomial: with the region that 399 even rates allow it reaches 0.1073 at a rate of 0.9985
    from scipy.stats import binom

    design = randomised_power(200, 600, 0.2, 0.3, alpha=0.1, test="z-pooled")
    rates = np.linspace(0.99, 0.99999, 500)
    rejected = np.array([binom.sf(v - 1, 600, rates) for v in design.reject_at_least])
    error = (binom.pmf(np.arange(201)[:, None], 200, rates) * rejected).sum(axis=0)
    assert error.max() <= design.type_one + 1e-5 < 0.1
