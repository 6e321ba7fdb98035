"""Basket trials: exact enumeration against brute force and simulation, for every way of borrowing."""

import itertools

import numpy as np
import pytest
from scipy.special import expit, logit

from codon12.design import Fujikawa, Hierarchical, Independent, Pooled, PowerPrior, Prior, basket
from codon12.design.baskets.borrowing import divergence
from codon12.errors import DesignError, UsageError
from codon12.numbers import binomial_pmf

RULES = [Independent(), Pooled(), Fujikawa(), Fujikawa(epsilon=1.5, tau=0.4, log_base=2), PowerPrior(power=0.3)]
RULES += [PowerPrior(calibrated=True, c=1, d=2), Hierarchical(), Hierarchical(exchangeable=0.5)]


def brute_force(design, rates):
    """Every outcome, one by one."""
    n, p0 = np.array(design.n), np.array(design.p0)
    declared, family = np.zeros(len(n)), 0.0
    outcomes = np.array(list(itertools.product(*(range(m + 1) for m in n))))
    for x, posterior in zip(outcomes, design.borrowing.probabilities(outcomes, n, p0), strict=True):
        chance = np.prod([float(binomial_pmf(k, m, r)) for k, m, r in zip(x, n, rates, strict=True)])
        active = posterior >= design.threshold - 1e-12
        declared += chance * active
        family += chance * bool((active & (np.array(rates) <= p0)).any())
    return declared, family


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_enumeration_by_multisets_is_the_sum_over_all_outcomes(rule):
    rates = (0.2, 0.5, 0.6)
    design = basket((4, 4, 6), (0.2, 0.2, 0.3), borrowing=rule, alpha=0.1, scenarios=[rates])
    declared, family = brute_force(design, rates)
    np.testing.assert_allclose(design.scenarios[0].declared, declared, atol=1e-12)
    assert design.scenarios[0].any_false == pytest.approx(family, abs=1e-12)
    _, at_null = brute_force(design, design.p0)
    assert design.null.any_false == pytest.approx(at_null, abs=1e-12)
    assert design.null.any_false <= 0.1


def test_like_baskets_with_unlike_rates():
    rates = (0.2, 0.5, 0.2, 0.7)
    design = basket(4, 0.2, baskets=4, borrowing=Fujikawa(), alpha=0.1, scenarios=[rates])
    declared, family = brute_force(design, rates)
    np.testing.assert_allclose(design.scenarios[0].declared, declared, atol=1e-12)
    assert design.scenarios[0].any_false == pytest.approx(family, abs=1e-12)


def test_independent_baskets_in_closed_form():
    design = basket(15, 0.2, baskets=5, threshold=0.95)
    tail = Prior().upper_tail(0.2, np.arange(16), 15)
    one = float(binomial_pmf(np.arange(16), 15, 0.2)[tail >= 0.95].sum())
    assert design.null.any_false == pytest.approx(1 - (1 - one) ** 5, abs=1e-12)
    np.testing.assert_allclose(design.null.declared, one, atol=1e-13)


def test_threshold_is_the_smallest_that_keeps_the_error():
    design = basket(12, 0.2, baskets=3, borrowing="fujikawa", alpha=0.05)
    outcomes = np.array(list(itertools.product(range(13), repeat=3)))
    occurring = Fujikawa().probabilities(outcomes, np.array([12] * 3), np.array([0.2] * 3))
    highest = occurring.max(axis=1)
    next_lower = highest[highest < design.threshold - 1e-9].max()
    lower = basket(12, 0.2, baskets=3, borrowing="fujikawa", threshold=float(next_lower))
    assert design.null.any_false <= 0.05 < lower.null.any_false


def test_baskexact():
    # printed by the tests of the R package baskexact, which reproduce Fujikawa et al. 2020: k = 3, n = 24, p0 = 0.2
    weights = (1 - divergence(24, 24)) ** 2
    np.testing.assert_allclose(
        [weights[5, 3], weights[8, 5], weights[8, 3]], [0.7750081, 0.6661536, 0.3430768], atol=1e-7
    )
    seen = Fujikawa().probabilities(np.array([[5, 3, 8]]), np.array([24] * 3), np.array([0.2] * 3))
    np.testing.assert_allclose(seen[0], [0.7524369, 0.5703997, 0.8941389], atol=1e-7)
    design = basket(24, 0.2, baskets=3, borrowing=Fujikawa(epsilon=2, tau=0), threshold=0.99)
    np.testing.assert_allclose(design.null.declared, 0.02158174, atol=1e-8)
    assert design.null.any_false == pytest.approx(0.03600149, abs=1e-8)


def test_divergence_by_independent_quadrature():
    from scipy.integrate import quad
    from scipy.stats import beta

    for x, y in ((0, 3), (2, 5), (7, 7)):
        f, g = beta(1 + x, 8 - x), beta(1 + y, 8 - y)

        def integrand(p, f=f, g=g):
            m = (f.pdf(p) + g.pdf(p)) / 2
            return sum(h.pdf(p) * np.log(h.pdf(p) / m) for h in (f, g) if h.pdf(p) > 0) / 2

        assert divergence(7, 7)[x, y] == pytest.approx(quad(integrand, 0, 1, limit=200)[0], abs=1e-9)


def test_extreme_borrowing_is_pooling_or_nothing():
    n, p0 = np.array([6, 6, 6]), np.array([0.2, 0.2, 0.2])
    x = np.array([[0, 3, 6], [2, 2, 2]])
    none = PowerPrior(power=0.0).probabilities(x, n, p0)
    np.testing.assert_allclose(none, Independent().probabilities(x, n, p0), atol=1e-14)
    full = PowerPrior(power=1.0).probabilities(x, n, p0)
    np.testing.assert_allclose(full, Pooled().probabilities(x, n, p0), atol=1e-14)
    own = Hierarchical(exchangeable=0.0).probabilities(x, n, p0)
    np.testing.assert_allclose(own[1, 0], own[1, 1])
    alone = Hierarchical(exchangeable=0.0).probabilities(np.array([[0, 2, 6]]), n, p0)
    assert alone[0, 1] == pytest.approx(own[1, 1])


def test_hierarchical_against_importance_sampling():
    rule = Hierarchical(mean=0.5, mean_sd=1.0, spread=0.7, exchangeable=0.6, own_sd=1.5)
    n, p0, x = np.array([10, 14, 8]), np.array([0.2, 0.3, 0.2]), np.array([[4, 3, 5]])
    rng = np.random.default_rng(5)
    draws = 300_000
    mu, tau = rng.normal(0.5, 1.0, draws), np.abs(rng.normal(0, 0.7, draws))
    together = rng.random((draws, 3)) < 0.6
    shift = np.where(together, mu[:, None] + tau[:, None] * rng.normal(size=(draws, 3)), rng.normal(0, 1.5, (draws, 3)))
    p = expit(logit(p0) + shift)
    weight = np.prod(p**x * (1 - p) ** (n - x), axis=1)
    sampled = (weight[:, None] * (p > p0)).sum(axis=0) / weight.sum()
    np.testing.assert_allclose(rule.probabilities(x, n, p0)[0], sampled, atol=1e-2)


def test_interim_enumeration_agrees_with_simulation():
    question = {"borrowing": "fujikawa", "interim": (4, 5), "futility": 0.3, "scenarios": [(0.2, 0.5)]}
    exact = basket((8, 10), (0.2, 0.2), threshold=0.9, **question)
    drawn = basket((8, 10), (0.2, 0.2), threshold=0.9, exact_up_to=1, trials=40_000, **question)
    assert exact.null.standard_error == 0
    assert 0 < drawn.null.standard_error < 0.01
    for a, b in ((exact.null, drawn.null), (exact.scenarios[0], drawn.scenarios[0])):
        np.testing.assert_allclose(a.declared, b.declared, atol=5 * drawn.null.standard_error)
        assert a.any_false == pytest.approx(b.any_false, abs=5 * drawn.null.standard_error)
        assert a.expected_n == pytest.approx(b.expected_n, abs=0.1)
    assert exact.null.expected_n < 18


def test_interim_of_independent_baskets_is_each_basket_alone():
    from codon12.design import Boundaries

    design = basket((10, 12), (0.2, 0.3), threshold=0.9, interim=(5, 6), futility=0.3, scenarios=[(0.4, 0.5)])
    for i, (n, m, p0, p) in enumerate(((10, 5, 0.2, 0.4), (12, 6, 0.3, 0.5))):
        low = int((Prior().upper_tail(p0, np.arange(m + 1), m) < 0.3).sum()) - 1
        least = int(np.argmax(Prior().upper_tail(p0, np.arange(n + 1), n) >= 0.9))
        alone = Boundaries(n, least, (m,), (low,)).operating_characteristics(p)
        assert design.scenarios[0].declared[i] == pytest.approx(alone.success[0], abs=1e-12)


def test_words_and_rows():
    design = basket(6, 0.2, baskets=2, scenarios=[(0.2, 0.5)])
    assert design.to_frame().height == 4
    assert "(exact)" in design.describe()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: basket(10, 0.2), "how many baskets"),
        (lambda: basket((10, 12), (0.2, 0.2, 0.3)), "how many baskets"),
        (lambda: basket(10, 0.2, baskets=2, scenarios=[(0.2,)]), "needs 2 rates"),
        (lambda: basket(10, 0.2, baskets=2, interim=10), "before the end"),
        (lambda: basket(2, 0.4, baskets=3, alpha=0.01), "no threshold"),
        (lambda: basket(10, 1.2, baskets=2), "between 0 and 1"),
        (lambda: basket(10, 0.2, baskets=2, borrowing="guess"), "borrowing must be one of"),
        (lambda: Fujikawa(tau=1.0), "tau in"),
    ],
)
def test_impossible_questions(call, says):
    with pytest.raises((DesignError, UsageError), match=says):
        call()


def test_divergence_of_posteriors_without_a_bound():
    # scipy.integrate.quad on the log odds, 1e-11: Beta(0.2, 10.8) against Beta(1.2, 9.8), Beta(100, 340) against Beta(140, 300)
    assert divergence(10, 10, 0.2, 0.8)[0, 1] == pytest.approx(0.3129821561, abs=1e-9)
    assert divergence(40, 40, 100, 300)[0, 40] == pytest.approx(0.6504433824, abs=1e-9)


def test_hierarchical_where_the_baskets_say_much():
    # nested Gauss-Legendre panels, 4001 means x 100 spreads; on the coarse grid once used 0.7236 and 0.63
    few = Hierarchical().probabilities(np.array([[3, 5, 2, 8, 4]]), np.full(5, 15), np.full(5, 0.2))[0]
    np.testing.assert_allclose(few[:3], [0.724059, 0.905523, 0.603183], atol=2e-6)
    many = np.array([[22, 20, 25, 19, 18, 23, 21, 20, 26, 20]])
    seen = Hierarchical().probabilities(many, np.full(10, 100), np.full(10, 0.2))[0]
    assert seen[0] == pytest.approx(0.7896, abs=5e-4)
    sure = Hierarchical(mean_sd=0.1).probabilities(np.array([[3, 5, 2, 8, 4]]), np.full(5, 15), np.full(5, 0.2))[0]
    np.testing.assert_allclose(sure[:2], [0.51897, 0.79612], atol=1e-5)


def test_many_like_baskets_are_listed_once():
    design = basket(3, 0.2, baskets=12, alpha=0.1, scenarios=[[0.2] * 11 + [0.5]])
    alone = 0.2**3
    assert design.null.any_false == pytest.approx(1 - (1 - alone) ** 12, abs=1e-12)
    assert design.scenarios[0].declared[-1] == pytest.approx(0.125, abs=1e-12)


@pytest.mark.parametrize("wrong", [{"a": 0}, {"b": float("nan")}, {"a": float("inf")}])
@pytest.mark.parametrize("rule", [Independent, Pooled, Fujikawa, PowerPrior])
def test_a_prior_that_is_no_distribution_is_refused(rule, wrong):
    with pytest.raises(DesignError, match=r"between 0\.001 and 1000"):
        rule(**wrong)


def test_the_threshold_that_is_printed_gives_the_same_design():
    design = basket(15, 0.2, baskets=3, borrowing="fujikawa", interim=7, scenarios=[(0.2, 0.4, 0.4)])
    printed = float(design.describe().split(">= ")[1].split(". ")[0])
    again = basket(15, 0.2, baskets=3, borrowing="fujikawa", interim=7, scenarios=[(0.2, 0.4, 0.4)], threshold=printed)
    assert again.null == design.null
    assert again.scenarios == design.scenarios
    assert "A basket stops after 7, 7, 7 if that is below 0.1." in design.describe()


def test_a_calibrated_power_is_told_alone():
    assert "power" not in PowerPrior(calibrated=True).sentences()
    assert "c" not in PowerPrior().sentences()
