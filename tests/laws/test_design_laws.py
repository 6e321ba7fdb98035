"""Laws every single-arm design keeps, whatever its boundaries."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.design import Boundaries, PosteriorRule, Prior, predictive_probability, success_probability
from codon12.design.proof.verification import counted_paths, direct_success_probability

LAW = settings(deadline=None)


@st.composite
def boundaries(draw):
    n = draw(st.integers(2, 40))
    looks = tuple(sorted(draw(st.sets(st.integers(1, n - 1), max_size=6))))
    low = tuple(draw(st.integers(-1, m - 1)) for m in looks)
    high = tuple(draw(st.integers(f + 1, m + 1)) for m, f in zip(looks, low, strict=True))
    return Boundaries(n, draw(st.integers(0, n + 1)), looks, low, high)


@LAW
@given(boundaries(), st.floats(0, 1))
def test_convolution_equals_counted_paths(design, rate):
    exact, seen = counted_paths(design, rate), design.operating_characteristics(rate)
    assert seen.success[0] == pytest.approx(float(exact["success"]), abs=1e-12)
    assert seen.stop_early[0] == pytest.approx(float(exact["stop_early"]), abs=1e-12)
    assert seen.expected_n[0] == pytest.approx(float(exact["expected_n"]), abs=1e-10)


@LAW
@given(boundaries())
def test_probabilities_add_up(design):
    seen = design.operating_characteristics(np.linspace(0, 1, 11))
    np.testing.assert_allclose(seen.size_distribution.sum(axis=1), 1, atol=1e-12)
    assert np.all(seen.size_distribution > -1e-12)


PRIORS = st.builds(Prior.beta, st.floats(0.05, 20), st.floats(0.05, 20))


@LAW
@given(st.integers(1, 50), st.data(), PRIORS)
def test_predictive_probability_is_a_martingale_and_a_tail_sum(n, data, prior):
    least = data.draw(st.integers(0, n))
    np.testing.assert_allclose(
        success_probability(n, least, prior), direct_success_probability(n, least, prior), atol=1e-11
    )


@LAW
@given(st.integers(0, 40), st.data(), PRIORS, st.floats(0.01, 0.99))
def test_double_and_decimal_tails_agree(n, data, prior, rate):
    x = data.draw(st.integers(0, n))
    assert float(prior.upper_tail(rate, x, n)) == pytest.approx(float(prior.exact_upper_tail(rate, x, n)), abs=1e-12)


@LAW
@given(st.integers(5, 40), st.floats(0.05, 0.6), st.floats(0.5, 0.99), st.floats(0.01, 0.4))
def test_more_looks_never_raise_success(n, rate, threshold, futility):
    few = {"success": PosteriorRule(rate=rate, threshold=threshold), "futility": futility}
    if not few["success"].met(n, n, Prior()) or few["success"].met(0, n, Prior()):
        return
    one = predictive_probability(n, looks=[n // 2], **few).operating_characteristics([0.1, 0.5])
    all_looks = predictive_probability(n, looks=range(1, n), **few).operating_characteristics([0.1, 0.5])
    assert np.all(all_looks.success <= one.success + 1e-12)
    assert np.all(all_looks.expected_n <= one.expected_n + 1e-9)
