"""Simon's two-stage designs against the published tables and against brute force."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from codon12.design import least_possible_n, simon_designs, simon_two_stage
from codon12.errors import DesignError, UsageError
from codon12.numbers import binomial_pmf, binomial_sf

pytestmark = pytest.mark.requirement("R-DESI-01")

CASES = Path(__file__).resolve().parents[2] / ".." / "shared" / "cases" / "design" / "simon_two_stage.json"

# Simon 1989, Table 1 (difference 0.20), rows p0, p1, alpha, beta: r1/n1, r/n optimal; minimax
TABLE = [
    (0.05, 0.25, 0.05, 0.2, (0, 9, 2, 17), (0, 12, 2, 16)),
    (0.1, 0.3, 0.05, 0.2, (1, 10, 5, 29), (1, 15, 5, 25)),
    (0.2, 0.4, 0.05, 0.2, (3, 13, 12, 43), (4, 18, 10, 33)),
    (0.3, 0.5, 0.1, 0.1, (7, 22, 17, 46), (7, 28, 15, 39)),
    (0.4, 0.6, 0.05, 0.1, (11, 25, 32, 66), (12, 29, 27, 54)),
]


@pytest.mark.parametrize(("p0", "p1", "alpha", "beta", "optimal", "minimax"), TABLE)
def test_published_designs(p0, p1, alpha, beta, optimal, minimax):
    found = simon_designs(p0, p1, alpha=alpha, power=1 - beta)
    for design, expected in ((found.optimal, optimal), (found.minimax, minimax)):
        assert (design.r1, design.n1, design.r, design.n) == expected


def test_all_shared_cases():
    if not CASES.is_file():
        pytest.skip("the shared design cases are not beside this checkout")
    for case in json.loads(CASES.read_text())["cases"]:
        expected = case["expected"]
        d = simon_two_stage(case["p0"], case["p1"], alpha=case["alpha"], power=1 - case["beta"], kind=case["kind"])
        assert (d.r1, d.n1, d.r, d.n) == tuple(expected[k] for k in ("r1", "n1", "r", "n")), case
        seen = (d.expected_n, d.stop_early, d.alpha, d.power)
        np.testing.assert_allclose(seen, [expected[k] for k in ("EN0", "PET0", "alpha", "power")], rtol=1e-12)


def brute_force(p0, p1, alpha, power, max_n):
    """Every (r1, n1, r, n), one by one."""
    best = {}
    for n in range(2, max_n + 1):
        for n1 in range(1, n):
            x = np.arange(n1 + 1)
            b0, b1 = binomial_pmf(x, n1, p0), binomial_pmf(x, n1, p1)
            for r in range(n):
                win0 = np.cumsum((b0 * binomial_sf(r - x, n - n1, p0))[::-1])[::-1]
                win1 = np.cumsum((b1 * binomial_sf(r - x, n - n1, p1))[::-1])[::-1]
                for r1 in range(min(n1, r + 1)):
                    if win0[r1 + 1] <= alpha and win1[r1 + 1] >= power:
                        size = n1 + (1 - b0[: r1 + 1].sum()) * (n - n1)
                        if size < best.get(n, (np.inf,))[0]:
                            best[n] = (size, r1, n1, r, n)
    return best


@pytest.mark.parametrize(("p0", "p1", "alpha", "power"), [(0.1, 0.4, 0.1, 0.8), (0.3, 0.7, 0.05, 0.8)])
def test_brute_force_finds_the_same(p0, p1, alpha, power):
    best = brute_force(p0, p1, alpha, power, 24)
    found = simon_designs(p0, p1, alpha=alpha, power=power)
    assert best[min(best)][1:] == (found.minimax.r1, found.minimax.n1, found.minimax.r, found.minimax.n)
    o = found.optimal
    assert min(best.values())[1:] == (o.r1, o.n1, o.r, o.n)


def test_admissible_designs_share_the_weights():
    found = simon_designs(0.1, 0.3, alpha=0.05, power=0.9)
    weights = sorted(w for w in found.weights if w is not None)
    assert weights[0][0] == 0
    assert weights[-1][1] == 1
    assert all(a[1] == pytest.approx(b[0]) for a, b in pairwise(weights))
    assert found.to_frame().height == len(found.designs)
    for design in found.designs:  # the boundaries are the same design
        seen = design.operating_characteristics([0.1, 0.3])
        np.testing.assert_allclose(seen.success, [design.alpha, design.power], atol=1e-12)
        assert seen.expected_n[0] == pytest.approx(design.expected_n)


def test_no_test_needs_fewer_than_the_randomised_bound():
    assert least_possible_n(0.1, 0.3, 0.05, 0.9) <= simon_designs(0.1, 0.3, power=0.9).minimax.n


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"p0": 0.3, "p1": 0.3}, "widen the gap"),
        ({"p0": 0.0, "p1": 0.3}, "between 0 and 1"),
        ({"p0": 0.1, "p1": 0.3, "alpha": 0}, "alpha"),
        ({"p0": 0.1, "p1": 0.3, "alpha": 0.6, "power": 0.5}, "must exceed alpha"),
        ({"p0": 0.1, "p1": 0.3, "max_n": 15}, "at least 2. patients are needed"),
    ],
)
def test_impossible_questions(arguments, says):
    with pytest.raises(DesignError, match=says):
        simon_two_stage(**arguments)


def test_unknown_kind():
    with pytest.raises(UsageError, match="optimal or minimax"):
        simon_two_stage(0.1, 0.3, kind="best")
