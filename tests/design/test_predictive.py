"""Predictive probability monitoring: boundaries, near ties, decisions and their words."""

import json
from pathlib import Path

import numpy as np
import pytest

from codon12.design import (
    IntervalRule,
    PosteriorRule,
    Prior,
    ResponsesRule,
    interim_looks,
    least_responses,
    predictive_probability,
    success_probability,
)
from codon12.design.proof.verification import counted_paths, direct_success_probability
from codon12.errors import DesignError, UsageError

pytestmark = pytest.mark.requirement("R-DESI-01")

CASES = Path(__file__).resolve().parents[2] / ".." / "shared" / "cases" / "design"
REFERENCE = {
    "looks": interim_looks(105, start=25, every=10),
    "success": PosteriorRule(rate=0.23, threshold=0.8),
}


@pytest.fixture(name="reference")
def _reference():
    return predictive_probability(105, **REFERENCE)


def test_reference_design_agrees_with_the_case_to_the_last_digits(reference):
    path = CASES / "predictive_probability.json"
    if not path.is_file():
        pytest.skip("the shared design cases are not beside this checkout")
    case = json.loads(path.read_text())
    b = reference.boundaries
    assert b.success_at_least == case["success_if_responses_at_least"]
    assert dict(zip(map(str, b.looks), b.stop_at_most, strict=True)) == case["stop_if_responses_at_most"]
    for rate, expected in case["operating_characteristics"].items():
        seen = reference.operating_characteristics(float(rate))
        assert seen.success[0] == pytest.approx(expected["prob_success"], abs=1e-12)
        assert seen.stop_early[0] == pytest.approx(expected["prob_stop_early"], abs=1e-12)
        assert seen.expected_n[0] == pytest.approx(expected["EN"], rel=1e-12)
    assert least_responses(IntervalRule(rate=0.23), 105) == case["clopper_pearson"]["least_responses"]


def test_recursion_and_direct_sum_agree(reference):
    for prior in ("beta(1,1)", "beta(0.2,0.8)", "0.7*beta(3,7) + 0.3*beta(0.5,0.5)"):
        by_recursion = success_probability(60, 17, prior)
        np.testing.assert_allclose(by_recursion, direct_success_probability(60, 17, prior), atol=1e-13)
    np.testing.assert_allclose(reference.probabilities, direct_success_probability(105, 28), atol=1e-13, rtol=1e-9)


def test_one_patient_by_hand():
    # n = 2, success at 1, uniform prior: after a failure the next responds with 1/3
    assert success_probability(2, 1)[1, 0] == pytest.approx(1 / 3, abs=1e-15)
    plan = predictive_probability(2, looks=[1], success=ResponsesRule(least=1), futility=0.4)
    assert plan.boundaries.stop_at_most == (0,)
    assert plan.operating_characteristics(0.5).success[0] == pytest.approx(0.5)


@pytest.mark.parametrize(("strict", "least"), [(False, 10), (True, 11)])
def test_a_posterior_that_equals_its_threshold_is_decided_by_the_stated_sign(strict, least):
    # Beta(11, 11) is symmetric: Pr(rate > 0.5 | 10 of 20) is exactly 0.5, a double gives 0.5000000000000001
    assert least_responses(PosteriorRule(rate=0.5, threshold=0.5, strict=strict), 20) == least


@pytest.mark.parametrize(("strict", "stops"), [(True, -1), (False, 0)])
def test_a_predictive_probability_that_equals_its_threshold(strict, stops):
    # n = 3, success at 1: after 1 failure PP = 1 - (2/3)(3/4) = 0.5 exactly
    plan = predictive_probability(3, looks=[1], success=ResponsesRule(least=1), futility=0.5, futility_strict=strict)
    assert plan.boundaries.stop_at_most == (stops,)


def test_near_tie_below_the_threshold_is_not_rounded_up():
    # a threshold a hair above or below the posterior itself decides by that hair
    below = Prior().upper_tail(0.3, 12, 35)
    exact = float(Prior().exact_upper_tail(0.3, 12, 35))
    assert float(below) == pytest.approx(exact, abs=1e-14)
    assert least_responses(PosteriorRule(rate=0.3, threshold=round(exact + 1e-12, 16)), 35) == 13
    assert least_responses(PosteriorRule(rate=0.3, threshold=round(exact - 1e-12, 16)), 35) == 12


def test_decision_table_says_where_the_next_boundary_is(reference):
    table = reference.decision_table([55, 105])
    at = {row["responses"]: row for row in table.filter(table["n"] == 55).to_dicts()}
    assert (at[10]["decision"], at[10]["margin"]) == ("stop for futility", 0)
    assert (at[12]["decision"], at[12]["margin"]) == ("continue", 2)
    assert (at[12]["next_look"], at[12]["needed_by_next_look"]) == (65, 2)
    end = {row["responses"]: row["decision"] for row in table.filter(table["n"] == 105).to_dicts()}
    assert (end[27], end[28]) == ("no success", "success")


def test_efficacy_stops_count_as_success():
    plan = predictive_probability(40, looks=[20, 30], success=ResponsesRule(least=15), efficacy=0.95)
    exact = counted_paths(plan.boundaries, 0.4)
    seen = plan.operating_characteristics([0.4])
    assert seen.efficacy.sum() > 0
    assert seen.success[0] == pytest.approx(float(exact["success"]), abs=1e-13)
    assert "Stop for efficacy if the predictive probability is above 0.95" in plan.describe()


def test_a_look_at_the_planned_sample_is_the_final_analysis():
    assert predictive_probability(105, **{**REFERENCE, "looks": [25, 105]}).looks == (25,)


def test_without_looks_it_is_a_single_stage_test():
    plan = predictive_probability(30, looks=[], success=ResponsesRule(least=9))
    assert plan.operating_characteristics(0.2).expected_n[0] == 30


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"looks": [25, 200]}, "beyond the planned 105"),
        ({"looks": [35, 25]}, "in order"),
        ({"futility": 1.0}, "between 0 and 1"),
        ({"futility": 0.5, "efficacy": 0.4}, "must be below the efficacy"),
        ({"prior": "beta(0,1)"}, "above 0"),
        ({"prior": "gamma(1,1)"}, "cannot read the prior"),
        ({"prior": "0.5*beta(1,1)"}, "add up to 1"),
        ({"success": ResponsesRule(least=106)}, "between 1 and n = 105"),
        ({"success": PosteriorRule(rate=0.9999, threshold=0.999999)}, "not even 105"),
    ],
)
def test_bad_questions_say_what_would_do(changed, says):
    with pytest.raises(DesignError, match=says):
        predictive_probability(105, **{**REFERENCE, **changed})


def test_rules_refuse_what_is_no_probability():
    with pytest.raises(DesignError, match="between 0 and 1"):
        PosteriorRule(rate=0.2, threshold=1.2)
    with pytest.raises(UsageError, match="method must be one of"):
        IntervalRule(rate=0.2, method="exactish")


@pytest.mark.parametrize("method", ["clopper-pearson", "mid-p", "jeffreys", "wilson"])
def test_interval_rule_decides_as_the_printed_limit_does(method):
    from codon12.numbers import proportion_interval

    for n in (1, 7, 40, 105):
        lower, _ = proportion_interval(np.arange(n + 1), n, method=method)
        np.testing.assert_array_equal(IntervalRule(rate=0.23, method=method).met(np.arange(n + 1), n), lower > 0.23)


def test_reference_needs_34_by_interval_and_28_by_posterior():
    assert least_responses(PosteriorRule(rate=0.23, threshold=0.8), 105) == 28
    assert least_responses(IntervalRule(rate=0.23), 105) == 34


def test_policies_say_themselves():
    assert "greater than or equal" in " ".join(PosteriorRule(rate=0.2, threshold=0.9).sentences().values())
