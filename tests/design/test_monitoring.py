"""Thall-Simon, toxicity stopping, and BOP2 for one and two endpoints."""

import itertools

import numpy as np
import pytest

from codon12.design import Prior, bop2, bop2_pair, thall_simon, toxicity_rule
from codon12.design.monitoring.bop2 import LAMBDAS
from codon12.design.monitoring.thall_simon import superiority
from codon12.design.proof.verification import counted_paths
from codon12.errors import DesignError, UsageError


def test_superiority_in_closed_form():
    # two uniform rates: Pr(p > q + d) = (1 - d)^2 / 2
    for margin in (0.0, 0.1, 0.35, 0.9):
        seen = superiority(Prior.beta(1, 1), Prior.beta(1, 1), margin, [0], [0])[0]
        assert seen == pytest.approx((1 - margin) ** 2 / 2, abs=1e-12)
    # whole parameters: Pr(Beta(a,b) > Beta(c,d)) as a finite sum
    from scipy.special import betaln

    a, b, c, d = 4, 7, 20, 80
    exact = sum(np.exp(betaln(c + i, d + b) - np.log(b + i) - betaln(1 + i, b) - betaln(c, d)) for i in range(a))
    assert superiority(Prior.beta(1, 1), Prior.beta(c, d), 0.0, [a - 1], [a + b - 2])[0] == pytest.approx(
        exact, abs=1e-10
    )


def test_superiority_over_a_known_standard_is_a_tail():
    sharp = superiority(Prior.beta(1, 1), Prior.beta(2e6, 8e6), 0.1, [5], [12])[0]
    assert sharp == pytest.approx(float(Prior.beta(1, 1).upper_tail(0.3, 5, 12)), abs=1e-6)


def test_thall_simon_boundaries_are_where_the_probabilities_cross():
    design = thall_simon(30, looks=[10, 20], standard="beta(20,80)", margin=0.15)
    for m, low, high in zip(
        design.boundaries.looks, design.boundaries.stop_at_most, design.boundaries.stop_at_least, strict=True
    ):
        x = np.arange(m + 1)
        assert superiority(design.experimental, design.standard, 0.15, [low], [m])[0] < 0.05
        assert superiority(design.experimental, design.standard, 0.15, [low + 1], [m])[0] >= 0.05
        promising = superiority(design.experimental, design.standard, 0.0, x, m) > 0.95
        assert int(np.argmax(promising)) == high
    assert "as promising" in design.describe()


def test_toxicity_rule():
    rule = toxicity_rule(20, limit=0.3, looks=[2, 5, 10, 15, 20], threshold=0.9)
    assert rule.looks == (2, 5, 10, 15)
    for m, stop in zip(rule.looks, rule.stop_at_least, strict=True):
        tail = Prior().upper_tail(0.3, np.arange(m + 1), m)
        assert (None if not (tail > 0.9).any() else int(np.argmax(tail > 0.9))) == stop
    seen = rule.operating_characteristics([0.1, 0.5])
    exact = counted_paths(rule.boundaries, 0.5)
    assert seen.stop[1] == pytest.approx(float(exact["stop_early"]), abs=1e-13)
    assert seen.expected_n[1] == pytest.approx(float(exact["expected_n"]))
    assert rule.to_frame().height == 4


def test_toxicity_exactly_at_the_threshold_does_not_stop():
    # Pr(p > 0.5 | 5 of 10, uniform) is exactly one half
    assert toxicity_rule(20, limit=0.5, looks=[10], threshold=0.5).stop_at_least == (6,)


def test_bop2_is_the_best_of_its_grid():
    design = bop2(30, 0.2, 0.4, looks=[10, 20], alpha=0.1)
    again = design.operating_characteristics([0.2, 0.4])
    assert again.success == pytest.approx([design.alpha, design.power])
    assert design.alpha <= 0.1
    prior = Prior.beta(0.2, 0.8)
    best = 0
    from codon12.design import Boundaries

    for lam, gamma in itertools.product(LAMBDAS[::3], (0, 0.25, 0.5, 0.75, 1)):
        low = [
            int((prior.upper_tail(0.2, np.arange(m + 1), m) < lam * (m / 30) ** gamma).sum()) - 1 for m in (10, 20, 30)
        ]
        other = Boundaries(30, low[2] + 1, (10, 20), tuple(low[:2])).operating_characteristics([0.2, 0.4])
        if other.success[0] <= 0.1:
            best = max(best, other.success[1])
    assert design.power >= best - 1e-12


def brute_force_pair(design, first, second, both):
    """All sequences of a tiny trial."""
    cells = {(0, 0): 1 - first - second + both, (1, 0): first - both, (0, 1): second - both, (1, 1): both}
    ends = {m: k for k, m in enumerate((*design.looks, design.n))}
    success = size = 0.0

    def walk(m, x, y, chance):
        nonlocal success, size
        if m in ends:
            k = ends[m]
            weak = x <= design.first[k]
            bad = weak and y <= design.second[k] if design.kind == "nested" else weak or y >= design.second[k]
            if bad or m == design.n:
                size += m * chance
                success += 0 if bad else chance
                return
        for (i, j), p in cells.items():
            if p > 0:
                walk(m + 1, x + i, y + j, chance * p)

    walk(0, 0, 0, 1.0)
    return success, size


@pytest.mark.parametrize(
    ("kind", "null", "alternative"),
    [("efficacy-toxicity", (0.3, 0.4, 0.15), (0.7, 0.1, 0.08)), ("nested", (0.1, 0.3), (0.4, 0.7))],
)
def test_bop2_pair_is_exact(kind, null, alternative):
    design = bop2_pair(8, kind=kind, null=null, alternative=alternative, looks=[3, 5], alpha=0.15)
    for truth in (design.null, design.alternative):
        success, size = brute_force_pair(design, truth.first, truth.second, truth.both)
        assert truth.success == pytest.approx(success, abs=1e-12)
        assert truth.expected_n == pytest.approx(size, abs=1e-10)
        again = design.judge(truth.first, truth.second, truth.both)
        assert again == truth
    assert design.null.success <= 0.15
    assert design.to_frame().height == 3


@pytest.mark.parametrize(
    ("call", "says", "error"),
    [
        (lambda: thall_simon(20, looks=[10], standard="beta(1,1)", lower=0.9, upper=0.1), "must be below", DesignError),
        (lambda: thall_simon(20, looks=[30], standard="beta(1,1)"), "beyond", DesignError),
        (lambda: toxicity_rule(20, limit=1.3, looks=[10]), "between 0 and 1", DesignError),
        (lambda: bop2(4, 0.4, 0.5, looks=[2], alpha=0.001), "the smallest is", DesignError),
        (lambda: bop2_pair(9, kind="x", null=(0.1, 0.2), alternative=(0.3, 0.4), looks=[4]), "kind", UsageError),
        (
            lambda: bop2_pair(9, kind="nested", null=(0.4, 0.2), alternative=(0.3, 0.4), looks=[4]),
            "part of the other",
            DesignError,
        ),
        (
            lambda: bop2_pair(9, kind="efficacy-toxicity", null=(0.4, 0.2, 0.3), alternative=(0.3, 0.4), looks=[4]),
            "between 0 and 0.2",
            DesignError,
        ),
    ],
)
def test_impossible_questions(call, says, error):
    with pytest.raises(error, match=says):
        call()


def test_what_the_prior_alone_decides_is_refused():
    with pytest.raises(DesignError, match="without a single toxicity"):
        toxicity_rule(30, limit=0.3, looks=[5, 10], prior="beta(30,1)")
    with pytest.raises(DesignError, match="no response at all is promising"):
        thall_simon(30, looks=[10], standard="beta(20,80)", experimental="beta(90,10)")
    with pytest.raises(DesignError, match="not even 2 of 2"):
        thall_simon(2, looks=[1], standard="beta(80,20)")


def test_words_of_rules_that_nothing_meets():
    assert (
        toxicity_rule(10, limit=0.3, looks=[10])
        .describe()
        .endswith("no number of toxicities does that at these looks.")
    )
    pair = bop2_pair(12, kind="efficacy-toxicity", null=(0.2, 0.3), alternative=(0.4, 0.1), looks=[1, 2, 3], alpha=0.2)
    assert "at 1: never; 2: toxicities >= 2; 3: responses <= 0 or toxicities >= 2" in pair.describe()
    overlapping = thall_simon(30, looks=[10], standard="beta(20,80)", margin=0.9)
    assert "where both hold, it is promising" in overlapping.describe()
