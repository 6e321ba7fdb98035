"""Proportion intervals against Newcombe's published table and statsmodels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.errors import UsageError
from codon12.numbers import METHODS, binomial_cdf, binomial_pmf, binomial_sf, proportion_interval

pytestmark = pytest.mark.requirement("R-NUMB-02")

# Newcombe RG. Two-sided confidence intervals for the single proportion. Stat Med 1998;17:857-72, Table I.
NEWCOMBE = {
    (81, 263): {
        "wald": (0.2522, 0.3638),
        "wald-cc": (0.2503, 0.3657),
        "wilson": (0.2553, 0.3662),
        "wilson-cc": (0.2535, 0.3682),
        "clopper-pearson": (0.2527, 0.3676),
        "mid-p": (0.2544, 0.3658),
    },
    (15, 148): {
        "wald": (0.0527, 0.1500),
        "wald-cc": (0.0494, 0.1534),
        "wilson": (0.0624, 0.1605),
        "wilson-cc": (0.0598, 0.1644),
        "clopper-pearson": (0.0578, 0.1617),
        "mid-p": (0.0601, 0.1581),
    },
    (0, 20): {
        "wilson": (0.0, 0.1611),
        "wilson-cc": (0.0, 0.2005),
        "clopper-pearson": (0.0, 0.1684),
        "mid-p": (0.0, 0.1391),
    },
    (1, 29): {
        "wilson": (0.0061, 0.1718),
        "wilson-cc": (0.0018, 0.1963),
        "clopper-pearson": (0.0009, 0.1776),
        "mid-p": (0.0017, 0.1585),
    },
}


@pytest.mark.parametrize(("case", "method"), [(c, m) for c, by in NEWCOMBE.items() for m in by])
def test_published_table(case, method):
    got = [round(float(v), 4) for v in proportion_interval(*case, method=method)]
    assert got == list(NEWCOMBE[case][method])


@pytest.mark.parametrize(
    ("method", "peer"),
    [
        ("clopper-pearson", "beta"),
        ("wilson", "wilson"),
        ("agresti-coull", "agresti_coull"),
        ("jeffreys", "jeffreys"),
        ("wald", "normal"),
    ],
)
def test_agrees_with_statsmodels(method, peer):
    from statsmodels.stats.proportion import proportion_confint

    x, n = np.array([1, 5, 13, 46, 60]), np.array([7, 44, 13, 124, 120])
    keep = (x < n) if method == "jeffreys" else np.ones(5, bool)
    lower, upper = proportion_interval(x[keep], n[keep], method=method)
    theirs = proportion_confint(x[keep], n[keep], method=peer)
    np.testing.assert_allclose(lower, theirs[0], rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(upper, theirs[1], rtol=1e-10, atol=1e-14)


def test_reference_trial():
    """46 of 124 and 100 of 124, as a phase 2 paper prints them."""
    lower, upper = proportion_interval([46, 100], 124)
    assert [f"{100 * v:.1f}" for v in (*lower, *upper)] == ["28.6", "72.6", "46.2", "87.2"]


@given(st.integers(1, 400), st.data(), st.sampled_from(METHODS), st.floats(0.5, 0.999))
@settings(deadline=None)
def test_laws(n, data, method, level):
    x = data.draw(st.integers(0, n))
    lower, upper = (float(v) for v in proportion_interval(x, n, method=method, level=level))
    mirrored = [float(v) for v in proportion_interval(n - x, n, method=method, level=level)]
    assert 0 <= lower <= upper <= 1
    if method not in ("agresti-coull", "jeffreys"):
        assert lower - 1e-12 <= x / n <= upper + 1e-12
    np.testing.assert_allclose([lower, upper], [1 - mirrored[1], 1 - mirrored[0]], atol=1e-9)


def test_wider_at_a_higher_level():
    narrow, wide = (proportion_interval(5, 20, level=level) for level in (0.8, 0.99))
    assert wide[0] < narrow[0]
    assert narrow[1] < wide[1]


def test_no_trials_says_nothing():
    assert [float(v) for v in proportion_interval(0, 0)] == [0.0, 1.0]


@pytest.mark.parametrize(
    ("kwargs", "words"),
    [({"method": "exact"}, "method must be one of"), ({"level": 1.0}, "level must lie"), ({}, "x must lie")],
)
def test_wrong_use(kwargs, words):
    with pytest.raises(UsageError, match=words):
        proportion_interval(5, 4 if not kwargs else 5, **kwargs)


@given(st.integers(0, 300), st.floats(0, 1))
@settings(deadline=None)
def test_binomial_sums_to_one(n, p):
    x = np.arange(n + 1)
    pmf = binomial_pmf(x, n, p)
    np.testing.assert_allclose(pmf.sum(), 1, rtol=1e-11)
    np.testing.assert_allclose(binomial_cdf(x, n, p), np.cumsum(pmf), atol=1e-11)
    np.testing.assert_allclose(binomial_cdf(x, n, p) + binomial_sf(x, n, p), 1, atol=1e-11)


def test_binomial_outside_the_support():
    assert binomial_pmf([-1, 3], 2, 0.5).tolist() == [0, 0]
    assert binomial_cdf([-1, 2], 2, 0.5).tolist() == [0, 1]
    assert binomial_sf([-1, 2], 2, 0.5).tolist() == [1, 0]
