"""P values adjusted for their number, beside what R's p.adjust gives."""

import pytest

from codon12.numbers.multiplicity import adjusted_p


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("holm", [0.03, 0.06, 0.06]),
        ("hochberg", [0.03, 0.04, 0.04]),
        ("benjamini-hochberg", [0.03, 0.04, 0.04]),
        ("bonferroni", [0.03, 0.12, 0.09]),
        ("none", [0.01, 0.04, 0.03]),
    ],
)
def test_by_hand(method, expected):
    assert adjusted_p([0.01, 0.04, 0.03], method=method).tolist() == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("method", ["holm", "bonferroni"])
def test_no_adjusted_p_is_above_one(method):
    assert adjusted_p([0.6, 0.9], method=method).tolist() == [1.0, 1.0]
