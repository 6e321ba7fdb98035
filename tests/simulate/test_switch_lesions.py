"""Cells and diameters of a lesion, against an independent implementation and against their ODE."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from codon12.errors import UsageError
from codon12.simulate.switch.lesions import Clones, advance, diameter, kill_rate, start_clones

GOLDEN = Path(__file__).resolve().parents[3] / "shared" / "cases" / "switch" / "patients.json"


def course(case, lesion, kill):
    days = 7.0 * np.array(case["weeks"])
    cells = advance(start_clones(lesion["r0"]), days, gS=case["gS"], gR=case["gR"], kill=kill, mu=case["mu"])
    return diameter(lesion["d0_mm"], cells.total, lesion["residue"])


@pytest.fixture(scope="module")
def golden():
    if not GOLDEN.exists():
        pytest.skip("the answers of the other implementation lie in a folder beside the checkout, which is not here")
    return json.loads(GOLDEN.read_text())["cases"]


def test_kill_and_diameters(golden):
    for case in golden:
        kill = kill_rate(
            case["inhibition"], kmax=case["kmax"], I50=case["I50"], hill=case["hill"], dependence=case["dependence"]
        )
        assert float(kill) == pytest.approx(case["kill_per_day"], rel=1e-6)
        whole = sum(course(case, lesion, kill) for lesion in case["lesions"])
        for lesion in case["lesions"]:
            assert course(case, lesion, kill) == pytest.approx(lesion["diameter_mm"], rel=1e-6)
        assert case["weeks"][int(whole.argmin())] == case["nadir_week_on_grid"]


@pytest.mark.parametrize("kill", [0.0, 0.0119, 0.0135, 0.08])
def test_cells_follow_their_equations(kill):
    from scipy.integrate import solve_ivp

    gS, gR, mu = 0.0135, 0.0016, 3e-4
    ode = solve_ivp(
        lambda _, y: [(gS - kill) * y[0], gR * y[1], gR * y[2] + mu * y[0]],
        (0, 300),
        [0.9, 0.1, 0],
        rtol=1e-10,
        atol=1e-14,
    )
    at = advance(start_clones(0.1), 300, gS=gS, gR=gR, kill=kill, mu=mu)
    assert [float(at.sensitive), float(at.resistant), float(at.acquired)] == pytest.approx(ode.y[:, -1], rel=1e-7)


def test_cells_carried_over_a_change_of_kill_are_those_of_one_step_when_nothing_changes():
    rates = {"gS": 0.02, "gR": 0.003, "kill": 0.05, "mu": 1e-4}
    once = advance(start_clones(0.2), 100, **rates)
    twice = advance(advance(start_clones(0.2), 37, **rates), 63, **rates)
    for name in ("sensitive", "resistant", "acquired"):
        assert float(getattr(once, name)) == pytest.approx(float(getattr(twice, name)), rel=1e-12)


def test_no_kill_is_natural_growth():
    at = advance(Clones(np.array(1.0), np.array(0.0), np.array(0.0)), 50, gS=0.01, gR=0.01, kill=0.0, mu=0.0)
    assert float(at.total) == pytest.approx(np.exp(0.5))
    assert float(kill_rate(0.0, kmax=0.12, I50=0.55, hill=4)) == 0
    assert float(kill_rate(-1e-12, kmax=0.12, I50=0.55, hill=4)) == 0


def first_progression(weeks, sums):
    nadir = np.minimum.accumulate(sums)
    hit = (sums >= 1.2 * nadir) & (sums - nadir >= 5)
    return weeks[int(hit.argmax())] if hit.any() else np.inf


def test_faster_shrinkage_brings_progression_forward_in_the_same_tumour():
    """60 mm, 5 % resistant, growing 0.006 a day: the deeper the nadir, the sooner 20 % above it; weeks by hand."""
    weeks = np.array([0, 6, 12, 18, 24, 30, 36, 42, 48, 60, 72])
    seen = []
    for kmax in (0.04, 0.06, 0.08, 0.12, 0.4):
        kill = kill_rate(0.63496677, kmax=kmax, I50=0.55, hill=4)
        cells = advance(start_clones(0.05), 7.0 * weeks, gS=0.0135, gR=0.006, kill=kill, mu=2e-5)
        sums = diameter(60, cells.total)
        seen.append((first_progression(weeks, sums), float(sums.min())))
    assert [week for week, _ in seen] == [60, 42, 36, 30, 24]
    assert (np.diff([nadir for _, nadir in seen]) < 0).all()


def test_the_stated_case_of_early_progression(golden):
    fast = next(c for c in golden if c["name"].startswith("faster"))
    assert first_progression(fast["weeks"], np.array(fast["sum_mm"])) == 24
    slow = fast | {"kmax": 0.08}
    kill = kill_rate(slow["inhibition"], kmax=0.08, I50=slow["I50"], hill=slow["hill"])
    assert first_progression(fast["weeks"], course(slow, slow["lesions"][0], kill)) == 36


def test_a_share_outside_0_to_1_is_refused():
    with pytest.raises(UsageError, match="between 0 and 1"):
        start_clones(1.2)
