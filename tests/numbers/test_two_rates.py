"""Two rates compared: published examples, R 4.2.2, peers, laws, and the empty tables."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.errors import UsageError
from codon12.numbers import (
    cmh_test,
    common_difference,
    common_odds_ratio,
    common_risk_ratio,
    homogeneity,
    odds_ratio,
    rates_p,
    risk_difference,
    risk_ratio,
)
from codon12.numbers.two_rates.difference import DIFFERENCES, restricted_rates

TABLES = [(56, 70, 48, 80), (9, 10, 3, 10), (6, 7, 2, 7), (5, 56, 0, 29), (0, 10, 0, 20), (0, 10, 0, 10), (10, 10, 0, 20),
          (10, 10, 0, 10)]  # fmt: skip
# Newcombe, Stat Med 1998; 17: 873-90, table II: examples (a) to (h).
NEWCOMBE = {
    "wald": [(0.0575, 0.3425), (0.2605, 0.9395), (0.1481, 0.9947), (0.0146, 0.1640), (0, 0), (0, 0), (1, 1), (1, 1)],
    "haldane": [(0.0535, 0.3351), (0.1777, 0.8289), (0.0537, 0.8430), (-0.0039, 0.1463), (0, 0.0839), (0, 0),
                (0.7482, 1), (0.6777, 1)],
    "mee": [(0.0533, 0.3377), (0.1821, 0.8370), (0.0544, 0.8478), (-0.0313, 0.1926), (-0.1611, 0.2775),
            (-0.2775, 0.2775), (0.7225, 1), (0.6777, 1)],
    "miettinen-nurminen": [(0.0528, 0.3382), (0.1700, 0.8406), (0.0342, 0.8534), (-0.0326, 0.1933), (-0.1658, 0.2844),
                           (-0.2879, 0.2879), (0.7156, 1), (0.6636, 1)],
    "newcombe": [(0.0524, 0.3339), (0.1705, 0.8090), (0.0582, 0.8062), (-0.0381, 0.1926), (-0.1611, 0.2775),
                 (-0.2775, 0.2775), (0.6791, 1), (0.6075, 1)],
    "newcombe-cc": [(0.0428, 0.3422), (0.1013, 0.8387), (-0.0290, 0.8423), (-0.0667, 0.2037), (-0.2005, 0.3445),
                    (-0.3445, 0.3445), (0.6014, 1), (0.5128, 1)],
}  # fmt: skip

STRATA = ([10, 20, 7], [50, 40, 22], [5, 22, 1], [48, 50, 30])
# as (x1, n1, x2, n2) of one stratum
groups = st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.integers(0, 12)).map(
    lambda t: (min(t[0], t[1]), t[1], min(t[2], t[3]), t[3])
)

pytestmark = pytest.mark.requirement("R-RESP-04")


@pytest.mark.parametrize("method", NEWCOMBE)
def test_the_examples_of_newcombe(method):
    found = risk_difference(*np.array(TABLES).T, method=method)
    assert np.round(found.lower, 4).tolist() == pytest.approx([low for low, _ in NEWCOMBE[method]], abs=1e-9)
    assert np.round(found.upper, 4).tolist() == pytest.approx([high for _, high in NEWCOMBE[method]], abs=1e-9)


def test_score_limits_against_brute_force_in_r():
    # R: ll <- function(p2, d) dbinom(x1, n1, p2 + d, log = TRUE) + dbinom(x2, n2, p2, log = TRUE); p2 by optimize(),
    # limits by uniroot() of (x1/n1 - x2/n2 - d) / sqrt((p1 (1-p1)/n1 + p2 (1-p2)/n2) N/(N-1)) -+ qnorm(.975)
    found = risk_difference([56, 5], [70, 56], [48, 2], [80, 29])
    assert found.lower.tolist() == pytest.approx([0.05282971, -0.14068944], abs=1e-8)
    assert found.upper.tolist() == pytest.approx([0.33817294, 0.13943001], abs=1e-8)


def test_prop_test_of_r():
    # R: prop.test(c(56, 48), c(70, 80)); prop.test(..., correct = FALSE); fisher.test(matrix(c(56, 14, 48, 32), 2))
    table = (56, 70, 48, 80)
    p = [float(rates_p(*table, test=t)) for t in ("chi-square-cc", "chi-square", "fisher")]
    assert p == pytest.approx([0.013409475179, 0.008045081368, 0.012521129749], rel=1e-9)
    corrected = risk_difference(*table, method="wald-cc")
    assert (float(corrected.lower), float(corrected.upper)) == pytest.approx((0.04411204, 0.35588796), abs=1e-8)
    exact = odds_ratio(*table, method="exact")
    assert (float(exact.value), float(exact.lower), float(exact.upper)) == pytest.approx(
        (2.64919, 1.209118, 6.040561),
        rel=3e-4,  # its root finder stops after about four digits
    )


@pytest.mark.slow  # statsmodels takes seconds to import
@pytest.mark.parametrize("table", [(56, 70, 48, 80), (9, 10, 3, 10), (3, 40, 7, 35)])
def test_peer_in_statsmodels(table):
    from statsmodels.stats.proportion import confint_proportions_2indep as peer

    for ours, compare, method in (
        (risk_difference(*table, method="newcombe"), "diff", "newcomb"),
        (risk_difference(*table, method="agresti-caffo"), "diff", "agresti-caffo"),
        (risk_ratio(*table, method="log"), "ratio", "log"),
        (risk_ratio(*table), "ratio", "score"),
        (odds_ratio(*table), "odds-ratio", "logit"),
    ):
        assert (float(ours.lower), float(ours.upper)) == pytest.approx(peer(*table, compare=compare, method=method))


def test_mantelhaen_test_of_r():
    # R: t <- array(0, c(2, 2, 3)); t[,,i] <- matrix(c(x1[i], x2[i], n1[i] - x1[i], n2[i] - x2[i]), 2)
    #    mantelhaen.test(t, correct = FALSE); mantelhaen.test(t)
    plain, corrected, odds = cmh_test(*STRATA), cmh_test(*STRATA, corrected=True), common_odds_ratio(*STRATA)
    assert (plain.statistic, plain.p) == pytest.approx((5.076411403524, 0.024253518856), rel=1e-10)
    assert (corrected.statistic, corrected.p) == pytest.approx((4.404441985770, 0.035845450013), rel=1e-10)
    assert (float(odds.value), float(odds.lower), float(odds.upper)) == pytest.approx(
        (2.010735408725, 1.083445201923, 3.731667163899), rel=1e-11
    )


def test_a_difference_below_a_half_is_not_corrected():
    # 1 of 3 against 1 of 2: 0.2 from the expected 1.2, variance 0.36; as R's mantelhaen.test, which corrects from 0.5 on
    for corrected in (False, True):
        assert cmh_test([1], [3], [1], [2], corrected=corrected).statistic == pytest.approx(1 / 9)


def test_the_published_admissions_to_berkeley():
    # R: mantelhaen.test(UCBAdmissions, correct = FALSE): 1.5246, P = 0.2169, 0.9046968 (0.7719074 to 1.0603298)
    admitted = [(512, 825, 89, 108), (353, 560, 17, 25), (120, 325, 202, 593), (138, 417, 131, 375), (53, 191, 94, 393),
                (22, 373, 24, 341)]  # fmt: skip
    found, odds = cmh_test(*np.array(admitted).T), common_odds_ratio(*np.array(admitted).T)
    assert (round(found.statistic, 4), round(found.p, 4)) == (1.5246, 0.2169)
    assert [float(v) for v in (odds.value, odds.lower, odds.upper)] == pytest.approx(
        [0.9046968, 0.7719074, 1.0603298], abs=1e-7
    )


def test_interaction_against_glm_of_r():
    # R: anova(glm(cbind(x, n - x) ~ arm + s, binomial), glm(cbind(x, n - x) ~ arm * s, binomial), test = "LRT")
    #    and the deviance of glm(cbind(x, n - x) ~ arm + s - 1, binomial("identity"), start = ...)
    found = homogeneity(*STRATA)
    assert (found.statistic, found.df, found.p) == pytest.approx((5.28352679849, 2, 0.071236), rel=1e-5)
    assert homogeneity(*STRATA, measure="risk-difference").statistic == pytest.approx(3.095217938, abs=1e-7)


def test_one_stratum_is_no_stratification():
    alone = [[56], [70], [48], [80]]
    assert float(common_difference(*alone, method="miettinen-nurminen").upper) == pytest.approx(
        float(risk_difference(56, 70, 48, 80).upper)
    )
    assert cmh_test(*alone).statistic == pytest.approx(7.0234 * 149 / 150, abs=1e-4)  # Pearson's by prop.test
    assert float(common_risk_ratio(*alone).value) == pytest.approx(float(risk_ratio(56, 70, 48, 80).value))
    assert np.isnan(homogeneity(*alone).p)


def test_strata_that_say_nothing_change_nothing():
    more = [
        [*column, *extra] for column, extra in zip(STRATA, ([3, 0, 0], [9, 0, 0], [0, 0, 4], [0, 0, 4]), strict=True)
    ]
    assert cmh_test(*more) == cmh_test(*STRATA)
    assert float(common_difference(*more).value) == float(common_difference(*STRATA).value)
    assert homogeneity(*more).used == (True, True, True, False, False, False)
    assert homogeneity(*more).p == homogeneity(*STRATA).p


def test_zero_cells_and_empty_groups():
    assert np.isnan(risk_difference(0, 0, 3, 5).value)
    assert all(np.isnan(risk_difference(0, 0, 3, 5, method=m).lower) for m in DIFFERENCES)
    nobody = risk_ratio(0, 20, 5, 20)
    assert (float(nobody.value), float(nobody.lower)) == (0.0, 0.0)
    assert float(nobody.upper) == pytest.approx(0.7048473, abs=1e-7)  # statsmodels, score with N / (N - 1)
    infinite = risk_ratio(3, 20, 0, 20)
    assert float(infinite.upper) == np.inf
    assert 0 < float(infinite.lower) < np.inf
    assert np.isnan([float(risk_ratio(0, 20, 0, 20).value), float(odds_ratio(0, 20, 0, 20).value)]).all()
    assert np.isnan(float(odds_ratio(3, 20, 0, 20).lower))
    assert float(rates_p(0, 20, 0, 20)) == 1
    assert np.isnan(float(rates_p(0, 20, 0, 20, test="chi-square")))
    assert np.isnan(float(rates_p(0, 0, 3, 20)))
    assert np.isnan(cmh_test([0], [5], [0], [5]).p)
    assert np.isnan(float(common_difference([1], [2], [0], [0]).value))
    assert cmh_test([], [], [], []).strata == 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: risk_difference(5, 4, 1, 2), "x must lie between 0 and n"),
        (lambda: risk_difference(1.5, 4, 1, 2), "whole numbers"),
        (lambda: risk_difference(1, 4, 1, 2, method="exact"), "method must be one of miettinen-nurminen"),
        (lambda: risk_ratio(1, 4, 1, 2, level=95), "level must lie between 0 and 1"),
        (lambda: rates_p(1, 4, 1, 2, test="g"), "test must be one of fisher"),
        (lambda: homogeneity([1], [4], [1], [2], measure="rr"), "measure must be one of odds-ratio"),
    ],
)
def test_wrong_arguments_are_refused(call, words):
    with pytest.raises(UsageError, match=words):
        call()


@settings(max_examples=8, deadline=None)
@given(groups, st.sampled_from(DIFFERENCES))
def test_swapped_arms_mirror_and_the_interval_holds_the_estimate(table, method):
    x1, n1, x2, n2 = table
    found, other = risk_difference(*table, method=method), risk_difference(x2, n2, x1, n1, method=method)
    if n1 == 0 or n2 == 0:
        assert np.isnan(found.value)
        return
    assert float(found.lower) == pytest.approx(-float(other.upper), abs=1e-7)
    assert -1 <= found.lower <= found.upper <= 1
    if method not in ("agresti-caffo", "haldane"):  # these are centred elsewhere
        assert found.lower - 1e-9 <= found.value <= found.upper + 1e-9
    ratio, back = risk_ratio(*table), risk_ratio(x2, n2, x1, n1)
    if x1 and x2:
        assert ratio.lower <= ratio.value <= ratio.upper
        assert float(ratio.lower) == pytest.approx(1 / float(back.upper), rel=1e-6)
    assert float(rates_p(*table)) == pytest.approx(float(rates_p(x2, n2, x1, n1)))


@settings(max_examples=5, deadline=None)
@given(st.lists(groups, min_size=1, max_size=4))
def test_strata_in_any_order_and_swapped(tables):
    columns, back = np.array(tables).T, np.array(tables[::-1]).T
    swapped = columns[[2, 3, 0, 1]]
    for method in ("mantel-haenszel", "miettinen-nurminen"):
        found, mirror = (common_difference(*c, method=method) for c in (columns, swapped))
        if np.isnan(found.value):
            continue
        assert found.lower - 1e-9 <= found.value <= found.upper + 1e-9
        assert float(found.lower) == pytest.approx(-float(mirror.upper), abs=1e-7)
        assert float(common_difference(*back, method=method).value) == pytest.approx(float(found.value))
    same = {"nan_ok": True, "abs": 1e-9}
    assert cmh_test(*columns).statistic == pytest.approx(cmh_test(*swapped).statistic, **same)
    for measure in ("odds-ratio", "risk-difference"):
        one, two = (homogeneity(*c, measure=measure).statistic for c in (columns, swapped))
        assert one == pytest.approx(two, nan_ok=True, abs=1e-5)


@settings(max_examples=8, deadline=None)
@given(groups, st.floats(-0.95, 0.95))
def test_no_rates_of_a_difference_are_likelier_than_those_given(table, difference):
    x1, n1, x2, n2 = (np.array(float(v)) for v in table)
    if n1 == 0 or n2 == 0:
        return
    p1, p2 = restricted_rates(x1, n1, x2, n2, difference)
    assert float(p1 - p2) == pytest.approx(difference)

    def loglik(p2):
        p1 = p2 + difference
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = [np.where(k == 0, 0, k * np.log(np.clip(p, 0, 1))) for k, p in
                     ((x1, p1), (n1 - x1, 1 - p1), (x2, p2), (n2 - x2, 1 - p2))]  # fmt: skip
        return sum(terms)

    grid = np.linspace(max(0, -difference), min(1, 1 - difference), 400)
    assert loglik(p2) >= loglik(grid).max() - 1e-7
