"""Measures that follow from two rates, and P from two means: right twins beside wrong ones."""

import pytest

from codon12.check import check_text
from codon12.check.verify.inference.group_means import p_of_means
from codon12.numbers.unrounded import read_printed as r


def verdicts(text, kind=None):
    return [x.verdict for x in check_text(text).relations if kind in (None, x.kind)]


RATES = "The event occurred in {}% of the treated patients and in 40.0% of the controls ({})."


@pytest.mark.parametrize(
    ("rate", "printed", "verdict"),
    [
        ("20.0", "relative risk, 0.50", "ok"),
        ("20.0", "relative risk, 2.00", "ok"),  # the other way round
        ("20.0", "odds ratio, 0.38", "ok"),  # 20 x 60 / (80 x 40) = 0.375
        ("20.0", "relative risk, 0.75", "unlikely"),
        ("20.0", "odds ratio, 0.75", "unlikely"),
        ("20.0", "relative risk, 0.55; 95% CI, 0.40 to 0.76", "cannot confirm"),  # 0.50 lies within: adjusted, perhaps
    ],
)
def test_a_ratio_is_that_of_the_two_percentages_before_it(rate, printed, verdict):
    assert verdicts(RATES.format(rate, printed), "ratio/percents") == [verdict]


@pytest.mark.parametrize(
    "text",
    [
        RATES.format("20.0", "adjusted relative risk, 0.75"),
        "We fitted a logistic regression. " + RATES.format("20.0", "odds ratio, 0.75"),
        "Of the patients, 20.0% were smokers, 40.0% drank and 31.0% did both (relative risk, 0.75).",
        "Risk was 20.0% lower with A and 40.0% lower with B (relative risk, 0.75).",
    ],
)
def test_ratios_of_models_and_of_other_percentages_are_left_alone(text):
    assert verdicts(text, "ratio/percents") == []


@pytest.mark.parametrize(
    ("needed", "verdict"), [("20", "ok"), ("19.9", "ok"), ("21", "ok"), ("23", "cannot confirm"), ("50", "unlikely")]
)
def test_a_number_needed_to_treat_is_one_over_the_difference(needed, verdict):
    text = f"The absolute risk reduction was 5.0 percentage points, so that the number needed to treat was {needed}."
    assert verdicts(text, "NNT") == [verdict]


def test_a_number_needed_to_treat_of_two_rates_is_rounded_either_way():
    text = "Relapse rates were 28.5% with placebo and 15.5% with lithium (number needed to treat, {})."
    assert [verdicts(text.format(n), "NNT") for n in (7, 8, 4)] == [["ok"], ["ok"], ["unlikely"]]
    assert verdicts("Rates were 28.5%, 21.0% and 15.5% (number needed to treat, 4).", "NNT") == []


def test_a_relative_reduction_and_a_standardised_ratio():
    fell = "Mortality fell from 12.0% to 9.0%, a relative reduction of {}%."
    assert [verdicts(fell.format(p), "derived") for p in (25, 45)] == [["ok"], ["unlikely"]]
    ratio = "The standardised mortality ratio was {} (120 observed deaths versus 88.9 expected)."
    assert [verdicts(ratio.format(x), "derived") for x in ("1.35", "1.53")] == [["ok"], ["error-if"]]


def test_p_of_two_means_is_that_of_r():
    # scipy.stats.ttest_ind_from_stats(12, 3, 40, 10.5, 2, 25): 0.030836 by Student, 0.018550 by Welch
    a, b = (r("12.000000"), r("3.000000"), 40), (r("10.500000"), r("2.000000"), 25)
    low, high = p_of_means(a, b)
    assert low == pytest.approx(0.018550, abs=1e-5)
    assert high == pytest.approx(0.030836, abs=1e-5)


MEANS = "Age was {} ± 9.4 {}years with A (n = 100) and 61.0 ± 9.6 {}years with B (n = 100) (P {})."


@pytest.mark.parametrize(
    ("mean", "sd", "p", "verdict"),
    [
        ("61.2", "", "= 0.88", "ok"),
        ("61.2", "", "< 0.001", "unlikely"),
        ("71.2", "", "< 0.001", "ok"),
        ("71.2", "(SD) ", "= 0.62", "unlikely"),
        ("71.2", "", "= 0.45", "ok"),  # of standard errors: the text does not say which they are
    ],
)
def test_means_with_their_spread_give_the_p_printed(mean, sd, p, verdict):
    assert verdicts(MEANS.format(mean, sd, sd, p), "P/means") == [verdict]


def test_adjusted_and_rank_tests_confirm_nothing():
    text = MEANS.format("61.2", "", "", "< 0.001")
    assert verdicts("Adjusted for sex, age was" + text.removeprefix("Age was"), "P/means") == ["cannot confirm"]
    assert verdicts(text.replace("(P <", "(Wilcoxon P <"), "P/means") in ([], ["cannot confirm"])
