"""Means of the design and the hazard at them, against R's ``coxph()$means`` and ``basehaz(centered = TRUE)``."""

from __future__ import annotations

import numpy as np
import pytest

from codon12.survival import cox

FRAME = {
    "t": [5, 8, 3, 9, 12, 7, 4, 10, 6, 11],
    "e": [1, 0, 1, 1, 0, 1, 1, 0, 1, 1],
    "age": [50, 61, 47, 70, 55, 66, 58, 49, 73, 62],
    "arm": ["A", "B"] * 5,
    "z": [-1, 0, 1, 1, 0, -1, 1, 0, 0, 1],
    "d": [0, 1, 2, 1, 0, 2, 1, 0, 1, 2],
    "w": [1, 2, 1, 1, 3, 1, 2, 1, 1, 1],
    "s": [1] * 5 + [2] * 5,
    "t0": [0, 1, 0, 2, 0, 1, 0, 3, 0, 2],
}


@pytest.mark.parametrize(
    ("terms", "options", "means", "last"),
    [
        # m <- coxph(Surv(t, e) ~ age + arm + z + d); m$means; tail(basehaz(m)$hazard, 1)
        (["age", "arm", "z", "d"], {}, [59.1, 0, 0, 1], 9.28993806860605),
        # coxph(Surv(t, e) ~ age + arm, weights = w)
        (["age", "arm"], {"weights": "w"}, [58.5714285714286, 0], 1.23783764634775),
        # coxph(Surv(t, e) ~ age + arm + strata(s))
        (["age", "arm"], {"strata": "s"}, [59.1, 0], 8.07857508129903),
        # coxph(Surv(t0, t, e) ~ age + arm, weights = w): R does not weight the means of start-stop data
        (["age", "arm"], {"weights": "w", "entry": "t0"}, [59.1, 0], 1.26734966690249),
        # coxph(Surv(t, e) ~ age * arm, ties = "exact")
        (["age*arm"], {"ties": "exact"}, [59.1, 0, 30.8], 227.125237483227),
    ],
)
def test_means_and_the_hazard_at_them(terms, options, means, last):
    fit = cox(FRAME, time="t", event="e", terms=terms, **options)
    np.testing.assert_allclose(fit.means, means, rtol=1e-12)
    centred, at_zero = fit.baseline_hazard(centered=True), fit.baseline_hazard()
    assert centred.hazard[-1] == pytest.approx(last, rel=1e-9)
    np.testing.assert_allclose(centred.hazard, at_zero.hazard * np.exp(fit.coef @ fit.means), rtol=1e-9)
