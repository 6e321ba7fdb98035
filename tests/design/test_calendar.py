"""Calendar time by hand, and predictive probability with pending patients at its two ends."""

import numpy as np
import pytest

from codon12.design import (
    Accrual,
    Boundaries,
    calendar_plan,
    pending_success,
    pending_success_probability,
    success_probability,
)
from codon12.errors import DesignError

SIMON = Boundaries(29, 4, (10,), (0,))


def test_by_hand():
    # two a month, outcome after three months: the tenth outcome is known at 8, when 16 are enrolled
    plan = calendar_plan(SIMON, rate=0.05, accrual=2, lag=3)
    stop = 0.95**10
    assert plan.time.tolist() == [8.0, 17.5]
    assert plan.enrolled.tolist() == [16.0, 29.0]
    assert plan.expected_enrolled == pytest.approx(16 * stop + 29 * (1 - stop))
    assert plan.expected_overrun == pytest.approx(6 * stop)
    assert plan.expected_duration == pytest.approx(8 * stop + 17.5 * (1 - stop))
    assert plan.stop_while_enrolling == pytest.approx(stop)
    assert plan.last_saving_look == 10


def test_pausing_saves_patients_and_costs_time():
    run, pause = (calendar_plan(SIMON, rate=0.05, accrual=2, lag=3, pause=p) for p in (False, True))
    assert pause.expected_overrun == 0
    assert pause.expected_enrolled == pytest.approx(SIMON.operating_characteristics(0.05).expected_n[0])
    assert pause.time.tolist() == [8.0, 20.5]
    assert pause.expected_enrolled < run.expected_enrolled


def test_a_look_after_enrolment_saves_nobody():
    plan = calendar_plan(SIMON, rate=0.05, accrual=20, lag=3)
    assert plan.last_saving_look is None
    assert plan.stop_while_enrolling == 0
    assert plan.expected_enrolled == pytest.approx(29)
    assert "No look comes before" in plan.describe()


def test_dropout_needs_more_enrolment():
    plan = calendar_plan(SIMON, rate=0.05, accrual=2, lag=0, dropout=0.2)
    assert plan.enrolled.tolist() == [12.5, 36.25]
    assert plan.time.tolist() == pytest.approx([6.25, 18.125])


def test_accrual_and_its_inverse():
    for course in (Accrual(3), Accrual(3, ramp=4), Accrual(1.5, ramp=2, openings=(0, 1, 5))):
        counts = np.array([0.5, 3, 10, 40])
        np.testing.assert_allclose(course.enrolled(course.time_of(counts)), counts, rtol=1e-9)
    assert Accrual(2, ramp=4).enrolled(4) == pytest.approx(4)  # half of the full rate over the ramp


def test_pending_patients_at_both_ends():
    table = success_probability(105, 28)
    fresh = pending_success_probability(105, 28, evaluated=50, responses=12, pending=[0.0] * 5)
    over = pending_success_probability(105, 28, evaluated=50, responses=12, pending=[1.0] * 5)
    assert fresh == pytest.approx(table[50, 12], abs=1e-12)
    assert over == pytest.approx(table[55, 12], abs=1e-12)
    half = pending_success(105, 28, evaluated=50, responses=12, pending=[0.5] * 5)
    assert over < half.probability < fresh == pytest.approx(half.evaluated_only)


def test_pending_by_simulation():
    rng = np.random.default_rng(3)
    p = rng.beta(1, 1, 2_000_000)
    w = np.array([0.5, 0.9])
    late = rng.random((len(p), 2)) > w
    responds = rng.random((len(p), 2)) < p[:, None]
    keep = (rng.binomial(10, p) == 2) & ~(responds & ~late).any(axis=1)
    total = 2 + responds[keep].sum(axis=1) + rng.binomial(8, p[keep])
    assert pending_success_probability(20, 6, evaluated=10, responses=2, pending=w) == pytest.approx(
        np.mean(total >= 6), abs=5 * np.sqrt(0.14 / keep.sum())
    )


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: calendar_plan(SIMON, rate=0.1, accrual=0, lag=1), "accrual must be a number above 0"),
        (
            lambda: calendar_plan(SIMON, rate=0.1, accrual=1, lag=-1),
            "the lag until an outcome is known must be a number of 0 or more",
        ),
        (
            lambda: calendar_plan(SIMON, rate=0.1, accrual=1, lag=1, dropout=1),
            "dropout must be a number from 0 to below 1",
        ),
        (lambda: pending_success_probability(10, 3, evaluated=9, responses=2, pending=[0.5, 0.5]), "do not fit"),
        (lambda: pending_success_probability(10, 3, evaluated=5, responses=2, pending=[1.5]), "between 0 and 1"),
    ],
)
def test_impossible_questions(call, says):
    with pytest.raises(DesignError, match=says):
        call()
