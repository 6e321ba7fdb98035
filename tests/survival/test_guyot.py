"""Individual data rebuilt from a curve: round trips on simulated studies, and what is refused."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.errors import DataError, UsageError
from codon12.survival.published.guyot import rebuild_individual_data, rebuilt_remarks


def product_limit(time, event):
    """Distinct event times and the product-limit estimate after each."""
    points = np.unique(time[event == 1])
    survival, s = [], 1.0
    for t in points:
        s *= 1 - ((time == t) & (event == 1)).sum() / (time >= t).sum()
        survival.append(s)
    return points, np.array(survival)


def simulated(seed, n, censor_scale=20.0):
    rng = np.random.default_rng(seed)
    death, leave = rng.exponential(10, n), rng.uniform(2, censor_scale, n)
    return np.round(np.minimum(death, leave), 3), (death <= leave).astype(int)


def published(time, event, step=3.0, digits=None):
    t, s = product_limit(time, event)
    if digits is not None:
        s = np.round(s, digits)
    grid = np.arange(0, t.max(), step)
    below = pl.DataFrame({"TIME": grid, "N": [(time >= g).sum() for g in grid]})
    return pl.DataFrame({"TIME": t, "SURVIVAL": s}), below


def at(t, s, x):
    index = np.searchsorted(t, x, side="right") - 1
    return np.where(index < 0, 1.0, np.append(s, 1.0)[index])


@pytest.mark.parametrize("seed", range(6))
def test_round_trip_gives_back_the_curve(seed):
    time, event = simulated(seed, 150)
    coordinates, below = published(time, event)
    rebuilt = rebuild_individual_data(coordinates, below, total_events=int(event.sum()))
    assert rebuilt.height == 150
    assert abs((rebuilt["CNSR"] == 0).sum() - event.sum()) <= 3
    t, s = product_limit(time, event)
    t2, s2 = product_limit(rebuilt["AVAL"].to_numpy(), 1 - rebuilt["CNSR"].to_numpy())
    x = np.linspace(0, t.max() * 0.9, 200)
    assert np.abs(at(t, s, x) - at(t2, s2, x)).max() < 0.02


@pytest.mark.parametrize("seed", range(6))
def test_numbers_at_risk_come_back(seed):
    time, event = simulated(seed, 200)
    coordinates, below = published(time, event)
    rebuilt = rebuild_individual_data(coordinates, below)["AVAL"].to_numpy()
    for start, n in below.rows():
        assert abs((rebuilt >= start).sum() - n) <= 2


@pytest.mark.parametrize("seed", range(4))
def test_curve_read_to_two_digits(seed):
    """Coordinates as a hand reads them: to a percent; medians agree within the reading."""
    time, event = simulated(seed, 120)
    coordinates, below = published(time, event, digits=2)
    rebuilt = rebuild_individual_data(coordinates, below, total_events=int(event.sum()))
    t, s = product_limit(time, event)
    t2, s2 = product_limit(rebuilt["AVAL"].to_numpy(), 1 - rebuilt["CNSR"].to_numpy())
    x = np.linspace(0, t.max() * 0.9, 200)
    assert np.abs(at(t, s, x) - at(t2, s2, x)).max() < 0.03


def test_uncensored_study_is_exact():
    time = np.array([1.0, 2, 3, 4, 5, 6, 7, 8])
    t, s = product_limit(time, np.ones(8))
    rebuilt = rebuild_individual_data(
        pl.DataFrame({"TIME": t, "SURVIVAL": s}), pl.DataFrame({"TIME": [0.0], "N": [8]}), total_events=8
    )
    assert rebuilt.rows() == [(float(x), 0) for x in time]


def test_flat_curve_has_no_event():
    rebuilt = rebuild_individual_data(
        pl.DataFrame({"TIME": [0.0, 6.0], "SURVIVAL": [1.0, 1.0]}), pl.DataFrame({"TIME": [0.0, 3.0], "N": [5, 4]})
    )
    assert rebuilt.height == 5
    assert (rebuilt["CNSR"] == 1).all()


@given(st.integers(0, 10**6), st.integers(5, 60))
@settings(max_examples=25, deadline=None)
def test_laws(seed, n):
    """As many rows as subjects; no time beyond the curve; the order of coordinates does not matter."""
    time, event = simulated(seed, n)
    if not event.any():
        return
    coordinates, below = published(time, event)
    rebuilt = rebuild_individual_data(coordinates, below)
    assert rebuilt.height == n
    assert rebuilt["AVAL"].max() <= coordinates["TIME"].max()
    again = rebuild_individual_data(coordinates.reverse(), below.reverse())
    assert again.equals(rebuilt)


def test_refusals():
    curve = pl.DataFrame({"TIME": [1.0], "SURVIVAL": [0.5]})
    below = pl.DataFrame({"TIME": [0.0], "N": [2]})
    with pytest.raises(UsageError, match="SURVIVAL"):
        rebuild_individual_data(curve.rename({"SURVIVAL": "S"}), below)
    with pytest.raises(UsageError, match="divide percentages"):
        rebuild_individual_data(curve.with_columns(SURVIVAL=50.0), below)
    with pytest.raises(DataError, match="no point"):
        rebuild_individual_data(curve.clear(), below)
    with pytest.raises(DataError, match="rise"):
        rebuild_individual_data(curve, pl.DataFrame({"TIME": [0.0, 1.0], "N": [2, 3]}))
    with pytest.raises(DataError, match="must begin at 0"):
        rebuild_individual_data(curve, pl.DataFrame({"TIME": [0.5], "N": [2]}))
    with pytest.raises(UsageError, match="total_events"):
        rebuild_individual_data(curve, below, total_events=3)


def test_what_contradicts_the_curve_is_told():
    """Nine are left after the fall to 0.9, whatever the table says; four more events follow to 0.5."""
    curve = pl.DataFrame({"TIME": [0.0, 1, 2, 3], "SURVIVAL": [1.0, 0.9, 0.5, 0.5]})
    below = pl.DataFrame({"TIME": [0.0, 2.0], "N": [10, 10]})
    rebuilt = rebuild_individual_data(curve, below, total_events=2)
    assert rebuilt_remarks(rebuilt, curve, below, total_events=2) == [
        "10 subjects, 5 events; survival is up to 0 off, at 0",
        "at risk at 2: 9 rebuilt, 10 printed",
        "events: 5 rebuilt, 2 printed",
    ]
    with pytest.raises(UsageError, match="whole numbers"):
        rebuild_individual_data(curve, below.with_columns(N=pl.Series([10.6, 9.0])))
