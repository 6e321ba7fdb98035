"""Sample size, power, the assumed rate, and the coherence of monitoring and primary criterion."""

import json
from pathlib import Path

import numpy as np
import pytest

from codon12.design import (
    IntervalRule,
    PosteriorRule,
    ResponsesRule,
    assumed_rate,
    coherence,
    interim_looks,
    least_responses,
    predictive_probability,
    sample_size,
    size_power,
)
from codon12.design.monitoring.coherence import monitoring_coherence
from codon12.errors import DesignError
from codon12.numbers import binomial_sf

pytestmark = pytest.mark.requirement("R-DESI-02")

BENCHMARK = IntervalRule(rate=0.23)


def test_first_and_safe_size_of_the_reference():
    found = sample_size(0.38, success=BENCHMARK, power=0.9)
    assert (found.first_n, found.safe_n) == (100, 105)
    assert "100 patients are the first" in found.describe()
    table = found.to_frame()
    assert table["power"][-2] < 0.9 <= table["power"][-1]


@pytest.mark.parametrize("method", ["clopper-pearson", "wilson", "jeffreys", "mid-p", "wald", "agresti-coull"])
@pytest.mark.parametrize(("p0", "p1"), [(0.05, 0.2), (0.23, 0.38), (0.6, 0.8)])
def test_safe_size_holds_at_every_larger_size(method, p0, p1):
    rule = IntervalRule(rate=p0, method=method)
    found = sample_size(p1, success=rule, power=0.8)
    for n in range(1, found.safe_n + 150):
        least = least_responses(rule, n)
        power = float(binomial_sf(least - 1, n, p1))
        if n < found.first_n:
            assert power < 0.8
        if n >= found.safe_n:
            assert power >= 0.8
    assert found.power_at_n[found.safe_n - 2] < 0.8


def test_assumed_rate_is_the_inverse_of_power():
    found = assumed_rate(105, success=BENCHMARK, power=0.9)
    assert round(100 * found.rate, 2) == 37.95
    assert size_power(105, found.rate, success=BENCHMARK).power == pytest.approx(0.9, abs=1e-12)


def test_power_of_the_reference():
    found = size_power(105, 0.38, success=BENCHMARK)
    path = Path(__file__).resolve().parents[2] / ".." / "shared" / "cases" / "design"
    assert found.least_responses == 34
    assert round(found.power, 3) == 0.902
    if (path / "predictive_probability.json").is_file():
        case = json.loads((path / "predictive_probability.json").read_text())["clopper_pearson"]
        assert round(found.power, 3) == case["power_at_0.38"]


def test_posterior_rule_has_a_size_too():
    found = sample_size(0.4, success=PosteriorRule(rate=0.2, threshold=0.975), power=0.9, prior="beta(0.5,0.5)")
    assert np.all(found.power_at_n[found.safe_n - 1 :] >= 0.9)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: sample_size(0.2, success=BENCHMARK), "assumed rate = 0.2. must lie above"),
        (lambda: sample_size(0.2301, success=BENCHMARK), "raise max_n"),
        (lambda: sample_size(0.4, success=ResponsesRule(least=3)), "no rule for every n"),
        (lambda: sample_size(1.2, success=BENCHMARK), "between 0 and 1"),
        (lambda: assumed_rate(2, success=IntervalRule(rate=0.5)), "no number of responses"),
        (lambda: size_power(0, 0.5, success=BENCHMARK), "must be a whole number from 1"),
    ],
)
def test_impossible_questions(call, says):
    with pytest.raises(DesignError, match=says):
        call()


def test_reference_monitoring_is_easier_than_the_primary_endpoint():
    design = predictive_probability(
        105, looks=interim_looks(105, start=25, every=10), success=PosteriorRule(rate=0.23, threshold=0.8)
    )
    found = coherence(design, BENCHMARK, rates=(0.23, 0.38))
    assert (found.monitoring_least, found.primary_least, found.coherent) == (28, 34, False)
    assert found.as_planned[0].stop_early == pytest.approx(0.6383113891163565, abs=1e-12)
    assert found.without_looks[1].success == pytest.approx(size_power(105, 0.38, success=BENCHMARK).power)
    sentence = found.describe()
    assert "needs 28 of 105" in sentence
    assert "needs 34" in sentence
    assert "0.638 instead of 0.932" in sentence
    assert coherence(design, design.success, rates=(0.23,)).coherent
    assert "they agree" in coherence(design, design.success, rates=(0.23,)).describe()
    plain = monitoring_coherence(105, looks=design.looks, success=design.success, primary=BENCHMARK, at=(0.23, 0.38))
    assert plain == found
