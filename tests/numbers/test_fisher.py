"""Fisher's exact test: peers, laws, and the empty table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.errors import UsageError
from codon12.numbers.fisher import fisher_exact

TABLES = [
    (3, 1, 1, 3),
    (0, 5, 7, 2),
    (12, 0, 3, 9),
    (60, 12, 40, 134),
    (1, 0, 0, 1),
    (200, 300, 250, 250),
    (0, 3, 0, 4),
]


@pytest.mark.parametrize("table", TABLES)
def test_agrees_with_scipy(table):
    from scipy import stats

    a, b, c, d = table
    ours = fisher_exact([a], [b], [c], [d])
    peer = stats.contingency.odds_ratio([[a, b], [c, d]], kind="conditional")
    low, high = peer.confidence_interval(0.95)
    p = stats.fisher_exact([[a, b], [c, d]]).pvalue
    assert ours.p[0] == pytest.approx(p, rel=1e-9)
    if a + c == 0:
        assert np.isnan(ours.odds_ratio[0])
        return
    assert ours.odds_ratio[0] == pytest.approx(peer.statistic, rel=1e-6)
    assert (ours.lower[0], ours.upper[0]) == pytest.approx((low, high), rel=1e-6)


def test_many_tables_at_once_are_each_alone():
    columns = np.array(TABLES).T
    all_at_once = fisher_exact(*columns)
    for i, table in enumerate(TABLES):
        alone = fisher_exact(*([v] for v in table))
        for name in ("odds_ratio", "lower", "upper", "p"):
            assert np.array_equal(getattr(all_at_once, name)[i : i + 1], getattr(alone, name), equal_nan=True)


count = st.integers(0, 40)


@settings(deadline=None)
@given(count, count, count, count)
def test_turning_the_table_inverts_the_odds(a, b, c, d):
    one, other = fisher_exact([a], [b], [c], [d]), fisher_exact([b], [a], [d], [c])
    assert one.p[0] == pytest.approx(other.p[0], rel=1e-9)
    assert one.lower[0] <= one.upper[0]
    with np.errstate(divide="ignore"):
        assert one.lower[0] == pytest.approx(1 / other.upper[0], rel=1e-6, abs=1e-12)
        assert np.isnan(one.odds_ratio[0]) or one.lower[0] <= one.odds_ratio[0] <= one.upper[0]
    assert 0 < one.p[0] <= 1


def test_no_tables_and_no_patients():
    assert fisher_exact([], [], [], []).p.size == 0
    empty = fisher_exact([0], [0], [0], [0])
    assert (empty.p[0], empty.lower[0], empty.upper[0]) == (1, 0, np.inf)


@pytest.mark.parametrize("bad", [([1], [1], [1], [1, 2]), ([-1], [1], [1], [1]), ([1.5], [1], [1], [1])])
def test_refuses(bad):
    with pytest.raises(UsageError):
        fisher_exact(*bad)
    with pytest.raises(UsageError, match="level"):
        fisher_exact([1], [1], [1], [1], level=1.0)
