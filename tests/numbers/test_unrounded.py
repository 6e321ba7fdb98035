"""What a printed number can have been: exact counts and totals behind printed percentages, against brute force."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.errors import UsageError
from codon12.numbers.rounding import round_decimal
from codon12.numbers.unrounded import (
    counts_for_percent,
    percent_modes,
    read_printed,
    rounding_modes,
    totals_for_percent,
)

MODES = ("half-up", "half-even", "truncate")


@pytest.mark.parametrize(
    ("text", "value", "digits"),
    [
        (".006", Fraction(6, 1000), 3),
        ("1,253", Fraction(1253), 0),
        ("81.0", Fraction(81), 1),
        ("-3.50", Fraction(-7, 2), 2),
    ],
)
def test_read_printed(text, value, digits):
    p = read_printed(text)
    assert (p.value, p.digits) == (value, digits)


@pytest.mark.parametrize("text", ["", "NE", "12 of 13", "nan", "inf"])
def test_read_printed_refuses(text):
    with pytest.raises(UsageError):
        read_printed(text)


@given(st.integers(-400, 400), st.integers(1, 160), st.integers(0, 3))
@settings(deadline=None)
def test_rounding_modes_are_those_of_the_decimal_rounding(x, n, digits):
    exact = Fraction(100 * x, n)
    for mode in MODES:
        printed = read_printed(str(round_decimal(exact, digits, mode=mode)))
        expected = tuple(m for m in MODES if Fraction(round_decimal(exact, digits, mode=m)) == printed.value)
        assert rounding_modes(exact, printed) == expected
        assert mode in expected
        assert percent_modes(x, n, printed) == expected


@given(st.integers(1, 120), st.data(), st.integers(0, 2), st.sampled_from(MODES))
@settings(deadline=None)
def test_the_true_count_and_total_are_always_found(n, data, digits, mode):
    x = data.draw(st.integers(0, n))
    printed = read_printed(str(round_decimal(Fraction(100 * x, n), digits, mode=mode)))
    assert x in counts_for_percent(printed, n, cut=True)
    if mode != "truncate":
        assert x in counts_for_percent(printed, n)
    if printed.low > 0 and x > 0:
        assert n in totals_for_percent(x, printed, cut=True)
        if mode != "truncate":
            assert n in totals_for_percent(x, printed)


@given(st.integers(1, 60), st.integers(0, 1000))
@settings(deadline=None)
def test_empty_is_a_proof(n, tenths):
    """Where no count is found, none prints so under any rounding."""
    printed = read_printed(f"{tenths / 10:.1f}")
    found = set(counts_for_percent(printed, n, cut=True))
    brute = {x for x in range(n + 1) if percent_modes(x, n, printed)}
    assert brute <= found
    for x in range(n + 1):
        if percent_modes(x, n, printed) and printed.low > 0 and x > 0:
            assert n in totals_for_percent(x, printed, cut=True)
