"""Baseline of two groups: standardised differences and tests, against R 4.2.2 and by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.errors import UsageError
from codon12.numbers import (
    chi_square_p,
    rank_sum_p,
    standardised_difference_of_counts,
    standardised_difference_of_means,
)

FIRST, SECOND = [61, 64, 70, 55, 58, 64], [58, 60, 65, 66, 66]


def test_means_by_hand():
    # R: (mean(x) - mean(y)) / sqrt((var(x) + var(y)) / 2), x = c(61, 64, 70), y = c(58, 60, 65, 66)
    assert standardised_difference_of_means([61, 64, 70], [58, 60, 65, 66]) == pytest.approx(0.6489327, abs=1e-7)
    assert standardised_difference_of_means([61, 64, math.nan, 70], [58, 60, 65, 66]) == pytest.approx(0.6489327)
    assert standardised_difference_of_means([5, 5], [5, 5, 5]) == 0
    assert math.isnan(standardised_difference_of_means([5, 5], [6, 6]))
    assert math.isnan(standardised_difference_of_means([5], [6, 7]))


def test_two_and_more_levels_by_hand():
    # R: p <- .3; q <- .45; (p - q) / sqrt((p (1-p) + q (1-q)) / 2); Yang and Dalton: S[k,l] as published,
    #    sqrt(t(T - C) %*% solve(S) %*% (T - C))
    assert standardised_difference_of_counts([30, 70], [45, 55]) == pytest.approx(-0.313625, abs=1e-7)
    assert standardised_difference_of_counts([30, 50, 20], [45, 40, 15]) == pytest.approx(0.3144740836, abs=1e-9)
    assert standardised_difference_of_counts([12, 8, 30, 5], [20, 9, 18, 11]) == pytest.approx(0.5232974921, abs=1e-9)


def test_levels_nobody_has_and_groups_that_do_not_vary():
    assert standardised_difference_of_counts([30, 0, 70], [45, 0, 55]) == pytest.approx(-0.313625, abs=1e-7)
    assert standardised_difference_of_counts([3, 0], [7, 0]) == 0
    assert math.isnan(standardised_difference_of_counts([3, 0], [0, 7]))
    assert math.isnan(standardised_difference_of_counts([3, 0, 0], [0, 0, 7]))
    assert math.isnan(standardised_difference_of_counts([0, 0], [3, 7]))


def test_tests_of_r():
    # R: wilcox.test(x, y, exact = FALSE); chisq.test(rbind(c(30, 50, 20), c(45, 40, 15)), correct = FALSE)
    assert rank_sum_p(FIRST, SECOND) == pytest.approx(0.5812939395, abs=1e-9)
    assert chi_square_p([[30, 50, 20], [45, 40, 15]]) == pytest.approx(0.0895732625, abs=1e-9)
    assert math.isnan(rank_sum_p([1, 1], [1, 1]))
    assert math.isnan(rank_sum_p([], [1, 2]))
    assert math.isnan(chi_square_p([[3, 0], [5, 0]]))
    assert math.isnan(chi_square_p([[0, 0], [5, 2]]))


def test_wrong_counts_are_refused():
    with pytest.raises(UsageError, match="same levels"):
        standardised_difference_of_counts([-1, 2], [1, 2])
    with pytest.raises(UsageError, match="table"):
        chi_square_p([1, 2])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=2, max_size=5), st.randoms())
def test_levels_in_any_order_and_groups_swapped(pairs, random):
    first, second = zip(*pairs, strict=True)
    mixed = list(pairs)
    random.shuffle(mixed)
    again = standardised_difference_of_counts(*zip(*mixed, strict=True))
    base = standardised_difference_of_counts(first, second)
    assert abs(again) == pytest.approx(abs(base), abs=1e-9)
    back = standardised_difference_of_counts(second, first)
    assert back == pytest.approx(-base if len(pairs) == 2 else base, abs=1e-9)
    assert 0 <= chi_square_p([first, second]) <= 1
