"""Kaplan-Meier worked out by hand in fractions, and what the result offers."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import polars as pl
import pytest

from codon12.errors import DataError, UsageError
from codon12.survival import Estimate, follow_up, kaplan_meier, observed_range, restricted_mean

pytestmark = pytest.mark.requirement("R-SURV-01")

# Remission times of 6-MP, Freireich et al. 1963 (21 children), a textbook table.
TIME = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
EVENT = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
STEPS = [
    Fraction(18, 21),
    Fraction(16, 17),
    Fraction(14, 15),
    Fraction(11, 12),
    Fraction(10, 11),
    Fraction(6, 7),
    Fraction(5, 6),
]


def survival_by_hand() -> list[float]:
    s, out = Fraction(1), []
    for step in STEPS:
        s *= step
        out.append(float(s))
    return out


def test_freireich_survival():
    curve = kaplan_meier(TIME, EVENT).curve()
    at = curve.n_event > 0
    assert curve.time[at].tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.n_risk[at].tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve.survival[at].tolist() == pytest.approx(survival_by_hand(), rel=1e-14)


def test_greenwood_by_hand():
    curve = kaplan_meier(TIME, EVENT).curve()
    total = Fraction(3, 21 * 18) + Fraction(1, 17 * 16) + Fraction(1, 15 * 14)
    row = int(np.searchsorted(curve.time, 10))
    s = Fraction(18, 21) * Fraction(16, 17) * Fraction(14, 15)
    assert curve.std_error[row] == pytest.approx(float(s) * float(total) ** 0.5, rel=1e-14)
    assert curve.std_error_hazard[row] == pytest.approx(
        float(Fraction(3, 21**2) + Fraction(1, 17**2) + Fraction(1, 15**2)) ** 0.5
    )


def test_median_and_its_limits():
    median = kaplan_meier(TIME, EVENT).curve().median()
    assert (median.value, median.lower, median.upper_status) == (23.0, 13.0, "not reached")
    assert str(median) == "23 (95% CI 13 to not reached)"


def test_a_flat_stretch_at_one_half_gives_its_middle():
    assert kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1]).curve().median().value == 2.5
    # S stays at one half to the end of follow-up, at 9.
    assert kaplan_meier([1, 2, 6, 9], [1, 1, 0, 0]).curve().median().value == 5.5


def test_not_reached_is_a_value():
    median = kaplan_meier([5, 6, 7], [0, 0, 1]).curve().quantile(0.9)
    assert median.value == 7.0
    never = kaplan_meier([5, 6, 7], [1, 0, 0]).curve().median()
    assert (never.value, never.status) == (None, "not reached")


def test_values_at_times():
    before, inside, beyond = kaplan_meier(TIME, EVENT).curve().at([0, 10, 36])
    assert (before.value, before.std_error, before.n_risk) == (1.0, 0.0, 21)
    assert (inside.value, inside.n_risk) == (pytest.approx(survival_by_hand()[2]), 15)
    assert (beyond.value, beyond.status, beyond.n_risk) == (None, "beyond last follow-up", 0)


def test_a_curve_that_came_down_to_zero_stays_there():
    last = kaplan_meier([1, 2], [1, 1]).curve().at([5])[0]
    assert (last.value, last.status) == (0.0, None)
    assert last.lower_status == "not estimable"


def test_at_risk_table_counts_time_at_or_after():
    table = kaplan_meier(TIME, EVENT).at_risk([0, 6, 6.5, 35, 36])
    assert table["n_risk"].to_list() == [21, 21, 17, 1, 0]
    assert table["events"].to_list() == [0, 3, 3, 9, 9]
    assert table["censored"].to_list() == [0, 1, 1, 12, 12]


def test_restricted_mean_by_hand():
    curve = kaplan_meier([2, 4, 6], [1, 1, 0]).curve()
    mean = restricted_mean(curve, 5)
    assert mean.value == pytest.approx(2 + Fraction(2, 3) * 2 + Fraction(1, 3) * 1)
    # Areas after 2 and 4: 2 * 2/3 + 1/3 and 1/3; d / (n (n - d)) is 1/6 and 1/2.
    assert mean.std_error == pytest.approx(
        float(Fraction(5, 3) ** 2 * Fraction(1, 6) + Fraction(1, 3) ** 2 * Fraction(1, 2)) ** 0.5
    )
    assert restricted_mean(curve, 7).status == "beyond last follow-up"
    assert restricted_mean(curve, 7, extend=True).value == pytest.approx(float(2 + Fraction(4, 3) + Fraction(3, 3)))


def test_groups_keep_their_order():
    km = kaplan_meier(TIME * 2, EVENT * 2, group=["b"] * 21 + ["a"] * 21)
    assert km.groups == ("a", "b")
    assert km["a"].survival.tolist() == km["b"].survival.tolist()
    assert km.to_frame().height == 2 * km["a"].time.size
    assert km.median()["value"].to_list() == [23.0, 23.0]
    assert km.summary()["events"].to_list() == [9, 9]
    arms = pl.Series(["b"] * 21 + ["a"] * 21, dtype=pl.Enum(["c", "b", "a"]))
    assert kaplan_meier(TIME * 2, EVENT * 2, group=arms).groups == ("b", "a")
    with pytest.raises(UsageError, match="no curve of group"):
        km["z"]
    with pytest.raises(UsageError, match="pick one"):
        km.curve()


def test_strata_make_curves_of_their_own():
    km = kaplan_meier([1, 2, 3, 4], [1] * 4, group=["x", "x", "y", "y"], strata=[1, 2, 1, 2])
    assert km.groups == ("x, 1", "x, 2", "y, 1", "y, 2")


def test_contrast_of_restricted_means():
    km = kaplan_meier([2, 4, 6, 3, 5, 6], [1, 1, 0, 1, 1, 0], group=list("aaabbb"))
    contrast = km.rmst_contrasts(6)[0]
    a, b = km.rmst(6)
    assert (contrast.reference, contrast.group) == ("a", "b")
    assert contrast.difference.value == pytest.approx(b.value - a.value)
    assert contrast.ratio.value == pytest.approx(b.value / a.value)


def test_left_truncation_by_hand():
    curve = kaplan_meier([3, 5, 7, 8], [1, 1, 1, 0], entry=[0, 3, 4, 0]).curve()
    assert curve.n_risk.tolist() == [2, 3, 2, 1]  # who enters at 3 is at risk only after 3
    assert curve.survival.tolist() == pytest.approx([1 / 2, 1 / 3, 1 / 6, 1 / 6])
    assert curve.at_risk(4) == 2


def test_weights_by_hand():
    curve = kaplan_meier([1, 2, 3], [1, 0, 1], weights=[2, 1, 3]).curve()
    assert curve.n_risk.tolist() == [6, 4, 3]
    assert curve.survival.tolist() == pytest.approx([4 / 6, 4 / 6, 0])
    assert "Greenwood" in kaplan_meier([1, 2, 3], [1, 0, 1], weights=[2, 1, 3]).method
    assert "jackknife" in kaplan_meier([1, 2, 3], [1, 0, 1], weights=[2, 1, 0.5]).method


def test_reverse_kaplan_meier_takes_deaths_first():
    curve = follow_up([1, 2, 2, 3], [1, 1, 0, 0]).curves[0]
    assert curve.n_risk.tolist() == [3, 2, 1]
    assert curve.survival.tolist() == [1.0, 0.5, 0.0]


def test_observed_range():
    got = observed_range([1.25, 18.4, 7.0, 3.0], [0, 0, 1, 1], group=["a", "a", "b", "b"])
    assert [r.text(1) for r in got] == ["1.2+ to 18.4+", "3.0 to 7.0"]
    assert str(observed_range([2, 2, 5, 5], [1, 0, 1, 0])[0]) == "2 to 5+"


def test_an_estimate_prints_words_for_what_is_missing():
    assert str(Estimate(status="not reached", lower=3.0, upper_status="not reached")) == (
        "not reached (95% CI 3 to not reached)"
    )


def test_at_risk_with_late_entry_is_counted_at_the_time_itself():
    # summary(survfit(Surv(t0, t, e) ~ 1), times = 2:7)$n.risk is 3 3 4 4 4 4: the number at the next of 3, 7, 8, 9, 10.
    curve = kaplan_meier([3, 9, 7, 8, 10], [1, 1, 1, 0, 1], entry=[0, 0, 2, 4, 6])["all"]
    assert [e.n_risk for e in curve.at([2, 3, 4, 5, 6, 7])] == [2, 3, 2, 3, 3, 4]


def test_options_are_checked():
    with pytest.raises(UsageError, match="conf_type must be one of"):
        kaplan_meier([1], [1], conf_type="loglog")
    with pytest.raises(UsageError, match="level"):
        kaplan_meier([1], [1], level=95)
    with pytest.raises(UsageError, match="status == 2"):
        kaplan_meier([1, 2], [1, 2])
    with pytest.raises(UsageError, match="one length"):
        kaplan_meier([1, 2], [1])
    with pytest.raises(DataError, match="none of the 2 rows has a value of group"):
        kaplan_meier([1, 2], [1, 1], group=[None, math.nan])
    with pytest.raises(DataError, match="not before time in 1 of 2"):
        kaplan_meier([1, 2], [1, 1], entry=[1, 0])
