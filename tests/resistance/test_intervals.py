"""Counts of the texts with exact limits (Clopper-Pearson, 95 %), and the count that is impossible."""

import pytest

from codon12.numbers import proportion_interval


@pytest.mark.parametrize(
    ("n", "total", "low", "high"),
    [(63, 125, 41.3, 59.5), (52, 63, 70.9, 90.9), (12, 37, 18.0, 49.8), (17, 38, 28.6, 61.7), (7, 17, 18.4, 67.1),
     (2, 9, 2.8, 60.0)],
)  # fmt: skip
def test_exact_limits(n, total, low, high):
    made = proportion_interval(n, total)
    assert [round(100 * float(v), 1) for v in made] == [low, high]


@pytest.mark.parametrize(("total", "possible"), [(13, False), (37, True)])
def test_12_of_13_cannot_be_32_percent_and_12_of_37_is(total, possible):
    from codon12.check import check_text

    text = f"Among the {total} patients with a partial response, 12 (32.4%) had only lymph node progression."
    verdicts = [str(f.verdict) for f in check_text(text).findings]
    assert ("error" in verdicts) is not possible
