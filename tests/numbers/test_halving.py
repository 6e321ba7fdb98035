"""Halving: where something that never falls turns."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.numbers.halving import first_that_holds, halve


def test_the_interval_is_halved_around_the_turn_of_each():
    low, high = halve(np.zeros(3), np.ones(3), lambda x: x >= np.array([0.0, 0.3, 1.0]), steps=2)
    assert low.tolist() == [0.0, 0.25, 0.75]
    assert high.tolist() == [0.25, 0.5, 1.0]


def test_it_ends_early_where_all_are_narrow_enough():
    asked = []
    halve(np.zeros(1), np.ones(1), lambda x: asked.append(1) or x >= 0.3, steps=50, until=0.25)
    assert len(asked) == 2


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(-1, 9), st.integers(0, 12), st.integers(-3, 15)), min_size=1, max_size=4))
def test_the_first_whole_number_that_holds_is_that_of_a_plain_search(cases):
    low, high, turn = (np.array(v) for v in zip(*((a, a + 1 + b, t) for a, b, t in cases), strict=True))
    plain = [next((n for n in range(a + 1, a + 1 + b) if n >= t), a + 1 + b) for a, b, t in cases]
    assert first_that_holds(low, high, lambda n: n >= turn).tolist() == plain
