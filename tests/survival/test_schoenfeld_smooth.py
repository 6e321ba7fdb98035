"""The smooth of scaled Schoenfeld residuals, against R's plot.cox.zph; the profile of a cut-point search."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.survival import cox, cut_point, cut_profile, factor
from codon12.survival.cox.splines import natural_spline, spline_smooth
from codon12.survival.results.limits import normal_quantile


def trial() -> pl.DataFrame:
    """The trial of docs/survival.md."""
    i = np.arange(1, 81)
    u, v, w = (i * np.sqrt(k) % 1 for k in (2, 3, 5))
    arm, kras = np.where(i % 2 == 0, "B", "A"), np.where(v < 0.4, "G12C", "wild type")
    hazard = 0.09 * np.where(arm == "B", 0.6, 1) * np.where(kras == "G12C", 1.5, 1)
    event_time, censoring = -np.log(u) / hazard, 6 + 30 * w
    return pl.DataFrame(
        {
            "arm": arm,
            "kras": kras,
            "age": np.round(45 + 30 * (i * np.sqrt(7) % 1)),
            "time": np.ceil(2 * np.minimum(event_time, censoring)) / 2,
            "status": (event_time <= censoring).astype(int),
        }
    )


def test_smooth_and_its_standard_error_are_those_of_r():
    """R 4.2.2, survival 3.5-3: ns(c(pred.x, x), df = 4, intercept = TRUE) as in plot.cox.zph, at events 1, 20, 40, 59."""
    terms = ["arm", factor("kras", reference="wild type"), "age"]
    fit = cox(trial(), time="time", event="status", terms=terms)
    found = fit.proportional_hazards_test(by_term=False).residuals_frame()
    golden = {
        "arm=B": (
            [-0.77642445, -0.28008546, -0.61993224, 0.58473625],
            [0.76064074, 0.48997056, 0.48344232, 1.06536506],
        ),
        "age": (
            [0.01950000, -0.04841218, 0.00797212, -0.04463256],
            [0.04755564, 0.03063320, 0.03022505, 0.06660715],
        ),
    }
    for term, (value, error) in golden.items():
        part = found.filter(term=term)
        assert part.height == 59
        part = part[[0, 19, 39, 58]]
        assert part["value"].to_list() == pytest.approx(value, abs=1e-8)
        assert ((part["upper"] - part["value"]) / normal_quantile(0.95)).to_list() == pytest.approx(error, abs=1e-8)


@settings(deadline=None, max_examples=30)
@given(st.integers(2, 6), st.integers(8, 40), st.floats(-5, 5), st.floats(-5, 5))
def test_a_straight_line_is_its_own_smooth(df, n, intercept, slope):
    x = np.linspace(2, 9, n) ** 1.5
    y = (intercept + slope * x)[:, None]
    fitted, leverage = spline_smooth(x, y, df=df)
    assert np.allclose(fitted, y, atol=1e-6)
    assert leverage.sum() == pytest.approx(df)  # as many degrees of freedom as asked for


def test_too_few_times_have_no_smooth():
    assert spline_smooth(np.array([1.0, 1, 2, 2]), np.zeros((4, 1)), df=4) is None
    frame = pl.DataFrame({"t": [1, 2, 3, 4], "e": [1, 1, 0, 0], "x": [1.0, 3, 2, 5]})
    found = cox(frame, time="t", event="e", terms=["x"], penalty="firth").proportional_hazards_test().residuals_frame()
    assert found["value"].null_count() == 2
    assert found["residual"].is_finite().all()


def test_natural_splines_are_straight_beyond_their_knots():
    knots = np.array([0.0, 0.3, 0.6, 1.0])
    for side in (np.array([-3.0, -2.0, -1.0]), np.array([1.5, 2.5, 3.5])):
        basis = natural_spline(side, knots)
        assert np.allclose(basis[2] - basis[1], basis[1] - basis[0])


def test_the_profile_is_that_of_the_search():
    frame = trial()
    columns = {"time": "time", "event": "status", "biomarker": "age"}
    found = cut_point(frame, **columns, permutations=400, resamples=5)
    profile = cut_profile(frame, **columns)
    assert profile.equals(found.profile)
    assert profile["z"].abs().max() == pytest.approx(found.statistic)
    # P and critical value come from the same permutations
    assert (found.p <= 0.05) == (found.statistic >= found.critical) or abs(found.p - 0.05) < 0.01


def test_a_search_without_resamples_still_speaks():
    found = cut_point(trial(), time="time", event="status", biomarker="age", permutations=20, resamples=0)
    assert found.cut_limits is None
    assert "No resample was taken" in found.sentence
    assert [r["lower"] for r in found.evidence() if r["statistic"] == "cut_range"] == [None]
