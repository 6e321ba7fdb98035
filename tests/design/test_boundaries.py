"""Boundaries and their exact operating characteristics."""

from fractions import Fraction

import numpy as np
import pytest

from codon12.design import Boundaries, interim_looks
from codon12.design.proof.verification import counted_paths, simulated
from codon12.errors import DesignError

SIMON = Boundaries(n=29, success_at_least=4, looks=(10,), stop_at_most=(0,))


def test_two_patients_by_hand():
    # stop after one failure; success is two of two
    design = Boundaries(n=2, success_at_least=2, looks=(1,), stop_at_most=(0,))
    seen = design.operating_characteristics([0.0, 0.5, 1.0])
    np.testing.assert_allclose(seen.success, [0, 0.25, 1])
    np.testing.assert_allclose(seen.stop_early, [1, 0.5, 0])
    np.testing.assert_allclose(seen.expected_n, [1, 1.5, 2])
    np.testing.assert_allclose(seen.sd_n, [0, 0.5, 0])
    assert counted_paths(design, 0.5) == {
        "success": Fraction(1, 4),
        "stop_early": Fraction(1, 2),
        "expected_n": Fraction(3, 2),
    }


def test_curve_over_rates_is_the_single_rates():
    rates = np.linspace(0, 1, 101)
    whole = SIMON.operating_characteristics(rates)
    for i in (0, 5, 20, 100):
        assert whole.success[i] == pytest.approx(SIMON.operating_characteristics(rates[i]).success[0], abs=1e-15)


def test_monte_carlo_stays_within_its_standard_error():
    for rate in (0.05, 0.2):
        assert simulated(SIMON, rate, trials=20_000).worst < 4.5


def test_frames_have_one_row_a_rate_and_one_a_look():
    seen = SIMON.operating_characteristics([0.05, 0.2])
    assert seen.to_frame().shape == (2, 7)
    assert seen.to_frame(by_look=True)["stop_futility"][0] == pytest.approx(0.95**10)
    assert SIMON.to_frame()["stop_at_least"].to_list() == [None, 4]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"n": 0, "success_at_least": 0}, "at least one patient"),
        ({"n": 10, "success_at_least": 12}, "cannot be judged"),
        ({"n": 10, "success_at_least": 3, "looks": (10,)}, "beyond the planned"),
        ({"n": 10, "success_at_least": 3, "looks": (5,), "stop_at_most": (1, 2)}, "one futility"),
        (
            {"n": 10, "success_at_least": 3, "looks": (5,), "stop_at_most": (3,), "stop_at_least": (2,)},
            "after 5",
        ),
    ],
)
def test_impossible_boundaries_are_refused(fields, says):
    with pytest.raises(DesignError, match=says):
        Boundaries(**fields)


def test_rates_and_looks_are_checked():
    with pytest.raises(DesignError, match="between 0 and 1"):
        SIMON.operating_characteristics([1.2])
    with pytest.raises(DesignError, match="only 20 patients"):
        interim_looks(20, start=20)
