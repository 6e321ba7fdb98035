"""Search over predictive probability designs: what it finds is what its thresholds give, and nothing better exists."""

from itertools import pairwise

import numpy as np
import pytest

from codon12.design import PosteriorRule, interim_looks, predictive_probability, search
from codon12.design.monitoring.search import simplest
from codon12.errors import DesignError, UsageError

QUESTION = {"alpha": 0.1, "power": 0.9, "n": range(30, 41)}


@pytest.fixture(name="found", scope="module")
def _found():
    return search(0.2, 0.4, **QUESTION)


def test_lee_and_liu_2008():
    # their example: p0 0.2, p1 0.4, prior Beta(0.2, 0.8), N = 36, looks from 10 on: theta_L 0.001 with theta_T in
    # [0.852, 0.922] has alpha 0.088, beta 0.094, E(N|p0) 27.67, PET(p0) 0.86
    every = search(0.2, 0.4, alpha=0.1, power=0.9, n=[36], prior="beta(0.2,0.8)", each=True)
    theirs = next(d for d in every.designs if d.futility[0] < 0.001 <= d.futility[1])
    assert np.ceil(1000 * theirs.posterior[0]) / 1000 == 0.852
    assert np.floor(1000 * theirs.posterior[1]) / 1000 == 0.922
    assert round(theirs.alpha, 3) == 0.088
    assert round(1 - theirs.power, 3) == 0.094
    assert round(theirs.expected_n, 2) == 27.67
    assert round(theirs.stop_early, 2) == 0.86


def test_thresholds_give_the_design_found(found):
    for design in found.designs:
        posterior, futility = design.thresholds
        again = predictive_probability(
            design.n,
            looks=interim_looks(design.n, start=design.start, every=design.every),
            success=PosteriorRule(rate=0.2, threshold=posterior),
            futility=futility,
        )
        assert again.boundaries == design.boundaries
        seen = again.operating_characteristics([0.2, 0.4])
        np.testing.assert_allclose(seen.success, [design.alpha, design.power], atol=1e-12)
        assert seen.expected_n[0] == pytest.approx(design.expected_n, abs=1e-10)


def test_just_outside_the_interval_is_another_design(found):
    design = found.best
    for futility in (design.futility[0] * (1 - 1e-6), design.futility[1] * (1 + 1e-6)):
        other = predictive_probability(
            design.n,
            looks=design.boundaries.looks,
            success=PosteriorRule(rate=0.2, threshold=design.thresholds[0]),
            futility=futility,
        )
        assert other.boundaries != design.boundaries


def test_no_threshold_on_a_fine_grid_is_better(found):
    for posterior in np.arange(0.7, 0.99, 0.02):
        for futility in (0.01, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3):
            plan = predictive_probability(
                36,
                looks=interim_looks(36, start=10),
                success=PosteriorRule(rate=0.2, threshold=posterior),
                futility=futility,
            )
            seen = plan.operating_characteristics([0.2, 0.4])
            if seen.success[0] <= 0.1 and seen.success[1] >= 0.9:
                at36 = min(d.expected_n for d in found.designs if d.n == 36)
                assert seen.expected_n[0] >= at36 - 1e-9


def test_front_falls_in_expected_size(found):
    front = found.front
    assert [d.n for d in front] == sorted({d.n for d in front})
    assert all(a.expected_n > b.expected_n for a, b in pairwise(front))
    assert found.to_frame().height == len(front)
    assert "gives this very design" in found.describe()


def test_schedules_are_searched_together():
    found = search(0.2, 0.4, alpha=0.1, power=0.9, n=[36, 38], start=(10, 15), every=(1, 5), objective="n")
    assert {(d.start, d.every) for d in found.designs} == {(10, 1), (10, 5), (15, 1), (15, 5)}
    assert found.best.n == 36


def test_impossible_questions_say_how_near():
    with pytest.raises(DesignError, match=r"can do with fewer than 3\d patients"):
        search(0.2, 0.4, alpha=0.1, power=0.9, n=range(20, 30))
    with pytest.raises(DesignError, match="must lie above the rate of no interest"):
        search(0.4, 0.2, n=[30])
    with pytest.raises(UsageError, match="objective"):
        search(0.2, 0.4, n=[30], objective="cheap")


def test_simplest_decimal_lies_inside():
    rng = np.random.default_rng(3)
    for low, high in np.sort(rng.random((200, 2)), axis=1):
        assert low < simplest(low, high) <= high
