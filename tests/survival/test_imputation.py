"""Multiple imputation: Rubin's rules by hand, draws, and simulation with values missing at random."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from codon12.errors import ConfigError, DataError, UsageError
from codon12.survival import ImputationRules, cox, factor, impute, imputed_cox, pool

FEW = ImputationRules(imputations=3, iterations=3)


def test_rubins_rules_by_hand():
    """Estimates 1, 2, 3 of variance 1: W = 1, B = 1, T = 1 + 4/3, r = 4/3, df = 2 (1 + 3/4)^2 = 49/8."""
    found = pool([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])
    assert (found.estimate[0], found.within[0], found.between[0]) == (2.0, 1.0, 1.0)
    assert found.total[0] == pytest.approx(7 / 3)
    assert found.df[0] == pytest.approx(49 / 8)
    # (r + 2 / (df + 3)) / (r + 1)
    assert found.fraction_missing[0] == pytest.approx((4 / 3 + 2 / (49 / 8 + 3)) / (7 / 3))
    lower, upper = found.limits(0.95)
    half = stats.t.ppf(0.975, 49 / 8) * math.sqrt(7 / 3)
    assert (lower[0], upper[0]) == pytest.approx((2 - half, 2 + half))
    assert found.p[0] == pytest.approx(2 * stats.t.sf(2 / math.sqrt(7 / 3), 49 / 8))


def test_degrees_of_freedom_do_not_exceed_those_of_the_complete_data():
    """Barnard and Rubin with 20: lambda = 4/7, observed = 21/23 * 20 * 3/7 = 180/23; 1 / (8/49 + 23/180)."""
    found = pool([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], complete_df=20)
    assert found.df[0] == pytest.approx(1 / (8 / 49 + 23 / 180))


def test_agreeing_estimates_have_the_variance_of_one():
    found = pool([[1.0, 2.0]] * 4, [[4.0, 9.0]] * 4)
    assert found.std_error.tolist() == [2.0, 3.0]
    assert np.isinf(found.df).all()
    assert found.fraction_missing.tolist() == [0.0, 0.0]
    assert found.limits()[1].tolist() == pytest.approx([1 + 2 * 1.959963984540054, 2 + 3 * 1.959963984540054])
    assert found.p[0] == pytest.approx(2 * stats.norm.sf(0.5))


values = st.lists(st.tuples(st.floats(-5, 5), st.floats(0.01, 9)), min_size=2, max_size=12)


@settings(deadline=None)
@given(values, st.floats(3, 500))
def test_laws_of_pooling(rows, complete_df):
    """Law: never less variance than within, never more freedom than the complete data, missing share in 0..1."""
    q, u = zip(*rows, strict=True)
    found = pool(q, u, complete_df=complete_df)
    assert found.total[0] >= found.within[0]
    assert 0 < found.df[0] <= complete_df
    assert 0 <= found.fraction_missing[0] <= 1
    turned = pool(q[::-1], u[::-1], complete_df=complete_df)
    assert turned.total[0] == pytest.approx(found.total[0])


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        (([1.0], [1.0]), {}, UsageError, "at least two imputations"),
        (([1.0, 2.0], [1.0]), {}, UsageError, "imputations by parameters"),
        (([1.0, 2.0], [1.0, 0.0]), {}, DataError, "not positive"),
        (([1.0, math.nan], [1.0, 1.0]), {}, DataError, "no estimate"),
        (([1.0, 2.0], [1.0, 1.0]), {"complete_df": 0}, UsageError, "complete_df must be positive"),
    ],
)
def test_pooling_refuses_what_cannot_be_pooled(arguments, options, error, message):
    with pytest.raises(error, match=message):
        pool(*arguments, **options)


def cohort(seed: int, n: int = 60) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    age = np.round(rng.normal(60, 8, n))
    marker = np.where(rng.random(n) < 0.4, "mutated", "wild type")
    time = np.round(rng.exponential(12, n) + 0.1, 2)
    frame = pl.DataFrame(
        {
            "time": time,
            "event": rng.random(n) < 0.7,
            "age": age,
            "marker": marker,
            "grade": rng.choice(["1", "2", "3"], n),
            "smoker": rng.random(n) < 0.5,
            "site": rng.choice(["a", "b"], n),
        }
    )
    holes = {c: rng.random(n) < 0.3 for c in ("age", "marker", "grade", "smoker")}
    return frame.with_columns(pl.when(~pl.Series(h)).then(pl.col(c)).alias(c) for c, h in holes.items())


COLUMNS = ["age", "marker", "grade", "smoker"]


def test_known_values_stay_and_unknown_ones_come_from_those_seen():
    frame = cohort(1)
    for done in impute(frame, time="time", event="event", columns=COLUMNS, also=["site"], rules=FEW):
        assert done.schema == frame.schema
        for name in COLUMNS:
            assert done[name].null_count() == 0
            known = frame[name].is_not_null()
            assert done[name].filter(known).to_list() == frame[name].filter(known).to_list()
            assert set(done[name]) <= set(frame[name].drop_nulls())


def test_one_seed_gives_one_answer_and_another_another():
    frame = cohort(2)
    options = {"time": "time", "event": "event", "columns": COLUMNS}
    one = impute(frame, **options, rules=FEW)
    assert all(a.equals(b) for a, b in zip(one, impute(frame, **options, rules=FEW), strict=True))
    assert not one[0].equals(one[1])
    other = impute(frame, **options, rules=ImputationRules(imputations=3, iterations=3, seed=99))
    assert not one[0].equals(other[0])


def test_nothing_missing_gives_the_complete_model():
    frame = cohort(3).with_columns(pl.col("age").fill_null(60.0))
    found = imputed_cox(frame, time="time", event="event", terms=["age"], rules=FEW)
    plain = cox(frame, time="time", event="event", terms=["age"])
    assert found.pooled.estimate[0] == pytest.approx(plain.coef[0])
    assert found.pooled.std_error[0] == pytest.approx(plain.std_error[0])
    assert found.pooled.fraction_missing[0] == 0
    free = plain.events - 1
    assert found.pooled.df[0] == pytest.approx(free * (free + 1) / (free + 3))


def test_separated_categories_are_drawn_without_failure():
    """Every known value of the marker is told by age alone; a plain logistic fit has no finite answer."""
    frame = cohort(4).with_columns(pl.col("age").fill_null(60.0))
    split = pl.when(pl.col("age") > 60).then(pl.lit("mutated")).otherwise(pl.lit("wild type"))
    frame = frame.with_columns(marker=pl.when(pl.col("marker").is_not_null()).then(split))
    done = impute(frame, time="time", event="event", columns=["age", "marker"], rules=FEW)[0]
    drawn = done.filter(frame["marker"].is_null())
    agree = (drawn["age"] > 60) == (drawn["marker"] == "mutated")
    assert agree.mean() > 0.7


def test_late_entry_and_strata_are_carried():
    frame = cohort(5).with_columns(entry=pl.col("time") / 4)
    found = imputed_cox(
        frame,
        time="time",
        event="event",
        terms=["age", factor("marker", reference="wild type")],
        strata=["site"],
        entry="entry",
        rules=FEW,
    )
    assert found.fits[0].data.entry is not None
    assert found.fits[0].data.strata.levels == ("a", "b")
    table = found.coefficients
    assert table.select("term", "level").rows() == [("age", None), ("marker", "mutated")]
    assert ((table["lower"] < table["HR"]) & (table["HR"] < table["upper"])).all()
    assert (table["fraction_missing"] > 0).all()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"columns": ["stage"]}, UsageError, "no column stage"),
        ({"also": ["grade"]}, UsageError, "grade predicts and must be complete"),
        ({"columns": ["empty"]}, DataError, "'empty' has no value"),
    ],
)
def test_refusals(change, error, message):
    frame = cohort(6).with_columns(empty=pl.lit(None, pl.Float64))
    with pytest.raises(error, match=message):
        impute(frame, **({"time": "time", "event": "event", "columns": ["age"], "rules": FEW} | change))


def test_rules_are_checked_and_describe_themselves():
    with pytest.raises(ConfigError, match="Known keys"):
        ImputationRules.of({"imputations": 1})
    assert "20 times by chained equations" in ImputationRules().sentences()["imputations"]


def simulated(seed: int, *, random: bool) -> pl.DataFrame:
    """True log hazard ratios 0.7 of x and -0.5 of z; x missing in 35%, or in most of those with z who died."""
    rng = np.random.default_rng(seed)
    n = 300
    z = (rng.random(n) < 0.4).astype(int)
    x = rng.standard_normal(n) + 0.8 * z
    died, left = rng.exponential(1, n) / np.exp(0.7 * x - 0.5 * z), rng.exponential(1.5, n)
    event = died <= left
    gone = rng.random(n) < (0.35 if random else np.where(event & (z == 1), 0.75, 0.05))
    return pl.DataFrame(
        {"time": np.minimum(died, left), "event": event, "x": np.where(gone, np.nan, x), "z": z}
    ).with_columns(pl.col("x").fill_nan(None))


def estimates(*, random: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rules = ImputationRules(imputations=4, iterations=4)
    complete, pooled, covered = [], [], []
    for seed in range(16):
        frame = simulated(seed, random=random)
        options = {"time": "time", "event": "event", "terms": ["x", "z"]}
        complete.append(cox(frame, **options).coef)
        found = imputed_cox(frame, **options, rules=rules).pooled
        lower, upper = found.limits()
        pooled.append(found.estimate)
        covered.append((lower < [0.7, -0.5]) & (upper > [0.7, -0.5]))
    return np.mean(complete, axis=0), np.mean(pooled, axis=0), np.mean(covered, axis=0)


def test_missing_completely_at_random_leaves_both_answers_right():
    complete, pooled, covered = estimates(random=True)
    assert complete == pytest.approx([0.7, -0.5], abs=0.1)
    assert pooled == pytest.approx([0.7, -0.5], abs=0.1)
    assert (covered >= 0.8).all()


def test_missing_by_outcome_and_group_misleads_complete_cases_and_not_the_imputed_model():
    complete, pooled, covered = estimates(random=False)
    assert complete[1] < -1.0
    assert pooled == pytest.approx([0.7, -0.5], abs=0.12)
    assert (covered >= 0.8).all()
