"""Intervals of a rate against statsmodels, a published table, and the laws they keep."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.rates import confint_poisson

from codon12.errors import UsageError
from codon12.numbers import RATE_METHODS, rate_interval


@pytest.mark.parametrize(("method", "peer"), [("exact", "exact-c"), ("wald", "wald")])
@pytest.mark.parametrize(("events", "time"), [(1, 10.0), (7, 52.3), (24, 310.5), (180, 4000.0)])
def test_as_statsmodels(method, peer, events, time):
    low, high = rate_interval(events, time, method=method)
    expected = confint_poisson(events, time, method=peer)
    assert [float(low), float(high)] == pytest.approx([max(expected[0], 0), expected[1]], rel=1e-9)


@pytest.mark.parametrize(
    ("events", "limits"),
    [(0, (0.0, 3.69)), (1, (0.03, 5.57)), (5, (1.62, 11.67)), (15, (8.40, 24.74)), (100, (81.36, 121.63))],
)
def test_exact_limits_of_published_tables(events, limits):
    """Garwood's limits as Haenszel, Loveland and Sirken print them (J Natl Cancer Inst 1962, 28:947)."""
    assert tuple(round(float(x), 2) for x in rate_interval(events, 1)) == limits


def test_byar_is_near_the_exact_limits_and_log_is_symmetric_in_ratio():
    exact, byar = (rate_interval(24, 310.5, method=m) for m in ("exact", "byar"))
    assert [float(x) for x in byar] == pytest.approx([float(x) for x in exact], rel=2e-3)
    low, high = rate_interval(24, 310.5, method="log")
    assert float(low * high) == pytest.approx((24 / 310.5) ** 2)


def test_no_event():
    found = {m: [float(x) for x in rate_interval(0, 4, method=m)] for m in RATE_METHODS}
    assert found["exact"][0] == found["byar"][0] == 0
    assert found["wald"] == [0, 0]
    assert np.isnan(found["log"]).all()


@pytest.mark.parametrize(
    ("given", "words"),
    [({"method": "score"}, "method"), ({"level": 95}, "level"), ({"events": -1}, "events"), ({"time": 0}, "time")],
)
def test_what_makes_no_sense_is_refused(given, words):
    with pytest.raises(UsageError, match=words):
        rate_interval(**{"events": 3, "time": 10.0, **given})


@given(st.integers(1, 500), st.floats(0.1, 1e5), st.sampled_from(RATE_METHODS))
def test_the_rate_lies_within_and_limits_scale_with_time(events, time, method):
    low, high = rate_interval(events, time, method=method)
    assert low <= events / time <= high
    assert [float(x) / 10 for x in (low, high)] == pytest.approx(
        [float(x) for x in rate_interval(events, 10 * time, method=method)]
    )
