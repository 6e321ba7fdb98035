"""Inference after a trial with looks: unbiased, ordered, and refusing outcomes that cannot be."""

from math import comb

import numpy as np
import pytest

from codon12.design import Boundaries, staged_inference, unbiased_estimate
from codon12.design.single_arm.inference import _ends_at, inference_after
from codon12.errors import DesignError
from codon12.numbers import proportion_interval

SIMON = Boundaries(n=29, success_at_least=6, looks=(10,), stop_at_most=(1,))
BOTH = Boundaries(n=30, success_at_least=10, looks=(10, 20), stop_at_most=(1, 4), stop_at_least=(7, 10))


def test_umvue_is_the_formula_of_jung_and_kim():
    x1 = range(2, 7)
    upper = sum(comb(9, x - 1) * comb(19, 6 - x) for x in x1)
    assert unbiased_estimate(SIMON, n=29, responses=6) == pytest.approx(
        upper / sum(comb(10, x) * comb(19, 6 - x) for x in x1)
    )


@pytest.mark.parametrize("design", [SIMON, BOTH])
@pytest.mark.parametrize("rate", [0.1, 0.3, 0.6])
def test_umvue_is_unbiased(design, rate):
    mean = total = 0.0
    for n in (*design.looks, design.n):
        for x in range(n + 1):
            try:
                estimate = unbiased_estimate(design, n=n, responses=x)
            except DesignError:
                continue
            chance = _ends_at(design, n, x, rate)
            mean += float(estimate) * chance
            total += chance
    assert total == pytest.approx(1)
    assert mean == pytest.approx(rate)


def test_limits_are_where_the_tails_are():
    result = staged_inference(SIMON, n=29, responses=6, p0=0.1)
    at_limit = staged_inference(SIMON, n=29, responses=6, p0=result.lower)
    assert at_limit.p_value == pytest.approx(0.025)
    assert result.lower < result.umvue < result.upper
    success = SIMON.operating_characteristics(0.1).success[0]
    assert result.p_value == pytest.approx(success, abs=1e-14)  # six is the first success


def test_without_looks_it_is_clopper_pearson():
    single = Boundaries(n=124, success_at_least=40)
    result = staged_inference(single, n=124, responses=46)
    np.testing.assert_allclose(
        [result.lower, result.upper], [float(v) for v in proportion_interval(46, 124)], rtol=1e-10
    )
    assert result.umvue == pytest.approx(46 / 124)


def test_ends_of_the_scale():
    assert staged_inference(SIMON, n=10, responses=0).lower == 0
    assert staged_inference(SIMON, n=29, responses=29).upper == 1
    early = staged_inference(BOTH, n=10, responses=10)
    assert early.upper == 1
    assert early.lower > 0.5


@pytest.mark.parametrize(
    ("n", "x", "says"),
    [
        (12, 1, "not after 12"),
        (10, 5, "goes on"),
        (29, 1, "would have stopped after 10"),
        (10, 11, "not possible"),
    ],
)
def test_impossible_outcomes(n, x, says):
    with pytest.raises(DesignError, match=says):
        staged_inference(SIMON, n=n, responses=x)


def test_plain_numbers_give_the_same():
    plain = inference_after(looks=[10], stop_at_most=[1], planned_n=29, n=29, responses=6, p0=0.1)
    assert plain == staged_inference(SIMON, n=29, responses=6, p0=0.1)
    assert "UMVUE 26.1 %" in plain.describe()
