"""Random numbers of a block."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codon12.parallel import stream


@given(st.integers(0, 2**64 - 1), st.text(max_size=8), st.integers(0, 2**40))
def test_a_block_has_the_same_numbers_every_time(seed: int, purpose: str, block: int) -> None:
    assert np.array_equal(stream(seed, purpose, block).random(3), stream(seed, purpose, block).random(3))


@pytest.mark.parametrize("other", [(8, "bootstrap", 0), (7, "permutation", 0), (7, "bootstrap", 1)])
def test_another_seed_purpose_or_block_has_others(other: tuple[int, str, int]) -> None:
    assert not np.array_equal(stream(7, "bootstrap", 0).random(8), stream(*other).random(8))


def test_blocks_do_not_overlap() -> None:
    """2**192 steps lie between two blocks: none of 1,000 numbers of one is among those of its neighbour."""
    ours, next_ = (stream(7, "bootstrap", k).integers(0, 2**63, 1000) for k in (0, 1))
    assert not np.intersect1d(ours, next_).size


def test_numbers_are_those_of_philox() -> None:
    """Philox4x64-10 known answer (Random123, kat_vectors): counter 0, key 0, first word 16554d9eca36314c.

    numpy steps the counter before it draws: the counter 0 of the vector is all ones here.
    """
    most = 2**64 - 1
    bits = np.random.Philox(key=np.zeros(2, np.uint64), counter=np.array([most] * 4, np.uint64))
    assert int(bits.random_raw()) == 0x16554D9ECA36314C
