"""Fine and Gray's regression."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from codon12.errors import DataError, UsageError
from codon12.survival import cox, fine_gray

from .r_cases import cases, close
from .r_frames import frame_of


@pytest.mark.parametrize("case", cases("finegray"))
def test_against_r(case):
    spec, want = case["spec"], case["result"]
    options = {"time": spec["time"], "event": spec["event"], "terms": spec["covariates"], "cause": spec["cause"]}
    frame = frame_of(case)
    crr = fine_gray(frame, **options)
    close(crr.coef, want["crr"]["coef"])
    close(crr.covariance, want["crr"]["var"], atol=1e-15)
    close([crr.loglik, crr.loglik_null], [want["crr"]["loglik"], want["crr"]["loglik0"]], rtol=1e-12)
    weighted = fine_gray(frame, method="finegray", **options)
    close(weighted.coef, want["finegray_coxph"]["coef"])
    close(weighted.naive_covariance, want["finegray_coxph"]["naive_var"], atol=1e-15)


def test_without_competing_events_it_is_cox():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(80, 2))
    time, event = np.ceil(rng.exponential(size=80) * 10), rng.integers(0, 2, 80)
    found = fine_gray(time=time, event=event, terms=x)
    np.testing.assert_allclose(found.coef, cox(time=time, event=event, terms=x, ties="breslow").coef, rtol=1e-9)
    assert found.competing == 0


def test_without_censoring_the_competing_stay_for_ever():
    rng = np.random.default_rng(2)
    x, time = rng.normal(size=60), rng.permutation(60) + 1.0
    event = rng.integers(1, 3, 60)
    forever = np.where(event == 2, 1e6, time)
    found = fine_gray(time=time, event=event, terms=x)
    other = cox(time=forever, event=event == 1, terms=x, ties="breslow")
    np.testing.assert_allclose(found.coef, other.coef, rtol=1e-9)
    np.testing.assert_allclose(found.naive_covariance, other.naive_covariance, rtol=1e-9)


def test_predicted_incidence_rises_and_text_codes_work():
    frame = pl.DataFrame(
        {
            "t": [1, 2, 3, 4, 5, 6],
            "what": ["relapse", "death", "none", "relapse", "relapse", "none"],
            "x": [0, 1, 0, 1, 0, 1],
        }
    )
    found = fine_gray(frame, time="t", event="what", terms="x", cause="relapse", censored="none")
    incidence = found.predict_incidence({"x": [0, 1]})
    assert incidence.height == 6
    assert (incidence.filter(pl.col("subject") == 1)["incidence"].diff().drop_nulls() > 0).all()


def test_errors_name_the_cause():
    with pytest.raises(DataError, match="no event of cause 3; codes that occur are 0, 1"):
        fine_gray(time=[1, 2], event=[0, 1], terms=[0.0, 1.0], cause=3)
    with pytest.raises(UsageError, match="method must be one of crr, finegray"):
        fine_gray(time=[1, 2], event=[0, 1], terms=[0.0, 1.0], method="gray")
