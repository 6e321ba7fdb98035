"""Landmark analysis and immortal time: by hand, and Stanford's heart transplants against R."""

from __future__ import annotations

import numpy as np
import pytest

from codon12.errors import DataError, UsageError
from codon12.survival import immortal_time, kaplan_meier, landmark, logrank, switching_exposure

from .r_cases import _rows, cases, close


def test_by_hand():
    got = landmark([5, 30, 40, 50, 90], [1, 0, 1, 0, 1], exposure_time=[None, None, 20, None, 60], at=30)
    assert got.rows.tolist() == [2, 3, 4]
    assert got.time.tolist() == [10.0, 20.0, 60.0]
    assert got.exposed.tolist() == [True, False, False]
    assert (got.events_before, got.censored_before, got.exposed_later) == (1, 1, 1)
    assert "1 exposed later count as unexposed" in got.sentence()


def test_errors_name_the_cause():
    with pytest.raises(DataError, match="nobody is followed past"):
        landmark([5, 6], [1, 1], exposure_time=[1, 2], at=10)
    with pytest.raises(UsageError, match="not negative"):
        landmark([5, 6], [1, 1], exposure_time=[1, 2], at=-1)
    with pytest.raises(UsageError, match="one length"):
        landmark([5, 6], [1, 1], exposure_time=[1], at=1)
    with pytest.raises(DataError, match="negative"):
        landmark([5, 6], [1, 1], exposure_time=[-1, 2], at=1)


def test_switching_exposure():
    rows = switching_exposure([10, 8, 6, 7], [1, 0, 1, 1], exposure_time=[4, None, 6, 0]).rows()
    assert rows == [
        (0, 0.0, 4.0, False, False),
        (0, 4.0, 10.0, True, True),
        (1, 0.0, 8.0, False, False),
        (2, 0.0, 6.0, True, False),
        (3, 0.0, 7.0, True, True),
    ]
    with pytest.raises(DataError, match="time is 0 in 1 of 2"):
        switching_exposure([0, 1], [1, 1], exposure_time=[None, None])


def test_immortal_time():
    got = immortal_time([10, 20, 30], exposure_time=[None, 5, 0])
    assert (got.exposed, got.late, got.time, got.share) == (2, 1, 5.0, 0.1)
    assert "landmark" in got.sentence()
    assert "no immortal time" in immortal_time([10, 20], exposure_time=[0, None]).sentence()


def test_a_worthless_exposure_looks_good_only_to_the_naive():
    """Death comes at a constant rate; a third of those alive get an exposure that does nothing."""
    rng = np.random.default_rng(12)
    n = 4000
    time, wait = rng.exponential(100, n), rng.exponential(100, n)
    wait = np.where(wait < time, wait, np.nan)
    event = np.ones(n, dtype=bool)
    naive = logrank(time, event, ~np.isnan(wait))
    assert naive.z < -10
    seen = landmark(time, event, exposure_time=wait, at=60)
    assert abs(logrank(seen.time, seen.event, seen.exposed).z) < 3
    rows = switching_exposure(time, event, exposure_time=wait)
    honest = logrank(rows["stop"], rows["event"], rows["exposed"], entry=rows["start"])
    assert abs(honest.z) < 3


@pytest.mark.parametrize("case", cases("landmark"))
def test_stanford_heart_transplants(case):
    s, want = case["spec"], case["result"]
    rows = _rows(case["data"])
    time = [float(r[s["time"]]) for r in rows]
    wait = [float(r[s["exposure_time"]]) if r[s["exposure"]] == "1" else None for r in rows]
    got = landmark(time, [r[s["event"]] == "1" for r in rows], exposure_time=wait, at=s["landmark"])
    assert (got.rows.size, int(got.exposed.sum()), int(got.event.sum())) == (
        want["n"],
        want["n_exposed"],
        want["events"],
    )
    close(logrank(got.time, got.event, got.exposed).statistic, want["logrank_chisq"])
    km = kaplan_meier(got.time, got.event, group=got.exposed)
    medians = [c.median() for c in km]
    for field, name in (("value", "median"), ("lower", "median_lower"), ("upper", "median_upper")):
        close([np.nan if getattr(m, field) is None else getattr(m, field) for m in medians], want[name])


def test_exposure_after_the_end_is_told_and_one_subject_reads_as_one():
    assert immortal_time([5, 6, 7], exposure_time=[6, None, 0]).sentence() == (
        "The exposed subject was exposed from time zero: no immortal time."
        " 1 subject is not counted: the exposure is dated after the end of follow-up."
    )
    assert immortal_time([5], exposure_time=[None]).sentence() == "Nobody was exposed: no immortal time."
    assert "6: 1 subject was still" in landmark([5, 6, 7], [1, 1, 0], exposure_time=[None] * 3, at=6).sentence()
