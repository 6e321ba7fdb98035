"""The vectorised bootstrap against one replicate at a time."""

from __future__ import annotations

import numpy as np
import pytest

from codon12.errors import DataError, UsageError
from codon12.survival import bootstrap, kaplan_meier, logrank

RNG = np.random.default_rng(3)
TIME = np.ceil(RNG.exponential(40, 60))
EVENT = RNG.random(60) < 0.7
GROUP = np.repeat(["a", "b", "c"], 20)


def replay(statistic, **options):
    """Collect the counts of every replicate, then compute each one on its own."""
    seen = []

    def spy(counts):
        seen.append(counts.copy())
        return counts.sum(axis=1)

    bootstrap(TIME, EVENT, statistic=spy, replicates=40, seed=5, **{k: v for k, v in options.items() if k != "at"})
    counts = np.concatenate(seen[1:])
    fast = bootstrap(TIME, EVENT, statistic=statistic, replicates=40, seed=5, **options)
    return counts, fast


def finite(values):
    return [np.inf if v is None else v for v in values]


@pytest.mark.parametrize("within", [True, False])
def test_medians(within):
    counts, fast = replay("median", group=GROUP, within_groups=within)
    for row, got in zip(counts, fast.replicates, strict=True):
        pick = np.repeat(np.arange(60), row)
        km = kaplan_meier(TIME[pick], EVENT[pick], group=GROUP[pick])
        assert finite(c.median().value for c in km) == pytest.approx(got.tolist())
    assert fast.observed.tolist() == finite(c.median().value for c in kaplan_meier(TIME, EVENT, group=GROUP))


@pytest.mark.parametrize("groups", [2, 3])
def test_logrank(groups):
    own = np.isin(GROUP, ["a", "b", "c"][:groups])
    counts, fast = None, None
    seen = []

    def spy(c):
        seen.append(c.copy())
        return c.sum(axis=1)

    args = {"group": GROUP[own], "replicates": 30, "seed": 5}
    bootstrap(TIME[own], EVENT[own], statistic=spy, **args)
    fast = bootstrap(TIME[own], EVENT[own], statistic="logrank", **args)
    counts = np.concatenate(seen[1:])
    for row, got in zip(counts, fast.replicates[:, 0], strict=True):
        pick = np.repeat(np.arange(own.sum()), row)
        test = logrank(TIME[own][pick], EVENT[own][pick], GROUP[own][pick])
        assert got == pytest.approx(test.z if groups == 2 else test.statistic, rel=1e-9, abs=1e-12)


def test_survival_and_rmst():
    for name, at in (("survival", 30), ("rmst", 30)):
        counts, fast = replay(name, group=GROUP, at=at)
        for row, got in zip(counts, fast.replicates, strict=True):
            pick = np.repeat(np.arange(60), row)
            km = kaplan_meier(TIME[pick], EVENT[pick], group=GROUP[pick])
            want = (
                [c.at([at])[0].value for c in km] if name == "survival" else [e.value for e in km.rmst(at, extend=True)]
            )
            for g, w in zip(got, want, strict=True):
                assert w is None or g == pytest.approx(w, rel=1e-12)


def test_seed_alone_decides():
    one = bootstrap(TIME, EVENT, statistic="median", replicates=50, seed=1)
    two = bootstrap(TIME, EVENT, statistic="median", replicates=50, seed=1)
    other = bootstrap(TIME, EVENT, statistic="median", replicates=50, seed=2)
    assert np.array_equal(one.replicates, two.replicates)
    assert not np.array_equal(one.replicates, other.replicates)


def test_group_sizes_stay():
    counts, _ = replay("median", group=GROUP)
    assert np.array_equal(counts.reshape(40, 3, 20).sum(axis=2), np.full((40, 3), 20))


def test_interval_may_not_be_reached():
    rare = np.zeros(20, dtype=bool)
    rare[:11] = True
    found = bootstrap(np.arange(1.0, 21), rare, statistic="median", replicates=300, seed=2)
    interval = found.interval()[0]
    assert interval.value is not None
    assert interval.lower is not None
    assert interval.upper_status == "not reached"
    assert np.isnan(found.std_error[0])


def test_no_events():
    found = bootstrap([1.0, 2.0], [0, 0], statistic="median", replicates=5)
    assert np.isinf(found.replicates).all()
    assert found.interval()[0].status == "not reached"


def test_errors():
    with pytest.raises(UsageError, match="statistic must be one of"):
        bootstrap(TIME, EVENT, statistic="mean")
    with pytest.raises(UsageError, match="needs `at`"):
        bootstrap(TIME, EVENT, statistic="rmst")
    with pytest.raises(UsageError, match="two groups"):
        bootstrap(TIME, EVENT, statistic="logrank")
    with pytest.raises(UsageError, match="at least 1"):
        bootstrap(TIME, EVENT, statistic="median", replicates=0)


def test_percentiles_are_the_25th_and_975th_of_a_thousand():
    found = bootstrap([1, 2], [1, 1], statistic=lambda counts: np.arange(len(counts)) + 1.0, replicates=1000)
    assert (found.interval()[0].lower, found.interval()[0].upper) == (25.0, 975.0)


def test_a_replicate_without_a_value_leaves_no_limits():
    found = bootstrap([1, 2], [1, 1], statistic=lambda counts: np.where(np.arange(len(counts)) == 3, np.nan, 1.0))
    assert (found.interval()[0].lower, found.interval()[0].lower_status) == (None, "not estimable")


def test_a_group_of_which_nobody_is_drawn_has_no_curve():
    with pytest.raises(DataError, match="no subject in some replicates"):
        bootstrap([1, 2, 3, 4], [1] * 4, statistic="survival", at=1, group=list("abbb"), within_groups=False)
