"""Rounding as tables print it, from the exact value."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codon12.numbers import Rounding, percent, printed, printed_p, round_decimal

pytestmark = pytest.mark.requirement("R-NUMB-01")


@pytest.mark.parametrize(
    ("x", "n", "digits", "expected"),
    [
        (46, 124, 1, "37.1"),
        (16, 46, 1, "34.8"),
        (1, 16, 1, "6.3"),
        (1, 8, 0, "13"),
        (0, 5, 1, "0.0"),
        (5, 5, 1, "100.0"),
    ],
)
def test_percent_from_the_exact_fraction(x, n, digits, expected):
    assert str(percent(x, n, digits)) == expected


@pytest.mark.parametrize(
    ("value", "mode", "expected"),
    [
        (0.25, "half-up", "0.3"),
        (0.25, "half-even", "0.2"),
        (0.35, "half-even", "0.4"),
        (0.29, "truncate", "0.2"),
        (-0.25, "half-up", "-0.3"),
        (Fraction(1, 4), "half-even", "0.2"),
        (Fraction(-1, 4), "half-up", "-0.3"),
        (100 * 0.285, "half-up", "28.5"),
    ],
)
def test_modes(value, mode, expected):
    assert str(round_decimal(value, 1, mode=mode)) == expected


def test_printed_has_no_minus_zero_and_says_not_estimable():
    assert printed(-0.04, 1) == "0.0"
    assert printed(None, 1) == "NE"
    assert printed(float("nan"), 1) == "NE"
    assert printed_p(float("nan"), Rounding()) == "NE"
    assert printed(1234567.0, 0) == "1234567"


def test_policy_speaks():
    assert Rounding(mode="half-even").sentences()["mode"].startswith("Numbers are rounded half-even")


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 4))
def test_rounding_is_within_half_a_unit(x, n, digits):
    got = percent(min(x, n), n, digits)
    assert abs(Fraction(got) - Fraction(100 * min(x, n), n)) <= Fraction(1, 2 * 10**digits)
    assert got.as_tuple().exponent == -digits
    assert isinstance(got, Decimal)
