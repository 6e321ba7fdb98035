"""Cox regression by hand, at the edges of the data, and under Firth's penalty."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize

from codon12.errors import DataError, UsageError
from codon12.survival import cox, factor

pytestmark = pytest.mark.requirement("R-SURV-03")

# Seven subjects, unsorted, with ties and one missing covariate, small enough for fractions.
TIED = pl.DataFrame({"time": [9.0, 8, 6, 1, 1, 4, 6], "event": [1, 0, 1, 1, 0, 0, 1], "x": [0, None, 1, 1, 1, 0, 0]})
"""At risk at 1: three with x = 1, three with 0 (one event, x = 1); at 6: one and two (both kinds die); at 9: one."""


def fitted(**options):
    return cox(TIED, time="time", event="event", terms="x", **options)


def simulated(n=120, p=3, *, seed=1, ties=False):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, p))
    time = rng.exponential(size=n) * np.exp(-x @ np.linspace(-0.5, 0.5, p))
    return (np.ceil(time * 8) if ties else time), rng.random(n) < 0.7, x


class TestByHand:
    """With r = exp(b) the likelihoods are rational functions of r."""

    def test_breslow(self):
        # log L = 2b - log(3r + 3) - 2 log(r + 2); its derivative is zero at r^2 = 2r + 4.
        fit = fitted(ties="breslow")
        r = 1 + math.sqrt(5)
        assert (fit.n, fit.dropped, fit.events) == (6, 1, 4)
        assert math.exp(fit.coef[0]) == pytest.approx(r, rel=1e-14)
        assert fit.loglik == pytest.approx(2 * math.log(r) - math.log(3 * r + 3) - 2 * math.log(r + 2), rel=1e-14)
        assert fit.loglik_null == pytest.approx(-math.log(6) - 2 * math.log(3), rel=1e-14)
        assert fit.score.statistic == pytest.approx((5 / 6) ** 2 / (1 / 4 + 4 / 9), rel=1e-13)
        information = r / (r + 1) ** 2 + 4 * r / (r + 2) ** 2
        assert fit.naive_covariance[0, 0] == pytest.approx(1 / information, rel=1e-10)

    def test_efron(self):
        # log L = 2b - log(3r + 3) - log(r + 2) - log((r + 3) / 2); zero derivative at r^3 = 11r + 12.
        fit = fitted()
        r = math.exp(fit.coef[0])
        assert r**3 == pytest.approx(11 * r + 12, rel=1e-13)
        assert fit.loglik_null == pytest.approx(-math.log(6) - math.log(3) - math.log(2), rel=1e-14)
        information = r / (r + 1) ** 2 + 2 * r / (r + 2) ** 2 + 3 * r / (r + 3) ** 2
        assert fit.naive_covariance[0, 0] == pytest.approx(1 / information, rel=1e-10)

    def test_exact(self):
        # At 6 two of {1, 0, 0} die, one of three pairs: L = r/(3r + 3) * r/(2r + 1) grows for ever.
        with pytest.raises(DataError, match="'x' separates"):
            fitted(ties="exact")
        # With one more subject (x = 1, censored at 7) the tie is e_2 of {1, 1, 0, 0}: r/(r^2 + 4r + 1).
        more = pl.concat([TIED, pl.DataFrame({"time": [7.0], "event": [0], "x": [1]})], how="vertical_relaxed")
        fit = cox(more, time="time", event="event", terms="x", ties="exact")
        r = math.exp(fit.coef[0])
        assert 2 - 4 * r / (4 * r + 3) - (2 * r**2 + 4 * r) / (r**2 + 4 * r + 1) == pytest.approx(0, abs=1e-12)

    def test_breslow_residuals(self):
        fit = fitted(ties="breslow")
        r = 1 + math.sqrt(5)
        first, second = 1 / (3 * r + 3), 2 / (r + 2)
        # In the order of the data: 9, 6 (x=1), 1 (x=1, event), 1 (x=1), 4, 6 (x=0).
        want = [
            1 - (first + second + 1),
            1 - r * (first + second),
            1 - r * first,
            -r * first,
            -first,
            1 - (first + second),
        ]
        np.testing.assert_allclose(fit.residuals("martingale"), want, rtol=1e-12)
        np.testing.assert_allclose(
            fit.residuals("schoenfeld")[:, 0],
            [1 - r / (r + 1), 1 - r / (r + 2), -r / (r + 2), 0],
            rtol=1e-12,
            atol=1e-14,
        )
        base = fit.baseline_hazard()
        assert base.time.tolist() == [1, 4, 6, 9]
        np.testing.assert_allclose(base.hazard, np.cumsum([first, 0, second, 1]), rtol=1e-12)

    def test_efron_residuals(self):
        fit = fitted()
        r = math.exp(fit.coef[0])
        first, early, late = 1 / (3 * r + 3), 1 / (r + 2), 2 / (r + 3)
        # The dead of a tie are exposed to the second increment by half.
        np.testing.assert_allclose(
            fit.residuals("martingale"),
            [
                1 - (first + early + late + 1),
                1 - r * (first + early + late / 2),
                1 - r * first,
                -r * first,
                -first,
                1 - (first + early + late / 2),
            ],
            rtol=1e-11,
        )
        np.testing.assert_allclose(
            fit.residuals("schoenfeld")[:, 0],
            [1 - r / (r + 1), 1 - (r / (r + 2) + r / (r + 3)) / 2, -(r / (r + 2) + r / (r + 3)) / 2, 0],
            rtol=1e-11,
            atol=1e-14,
        )
        np.testing.assert_allclose(fit.residuals("score").sum(), 0, atol=1e-11)


class TestTerms:
    def test_text_is_a_factor_and_a_star_brings_its_main_effects(self):
        rng = np.random.default_rng(2)
        frame = pl.DataFrame(
            {
                "t": rng.exponential(size=90),
                "e": np.ones(90),
                "arm": rng.choice(["A", "B", "C"], 90),
                "sex": rng.choice(["F", "M"], 90),
                "age": rng.normal(size=90),
            }
        )
        fit = cox(frame, time="t", event="e", terms=[factor("arm", reference="B"), "arm*sex", "age:sex", "age"])
        assert fit.names == (
            "arm=A",
            "arm=C",
            "sex=M",
            "age",
            "arm:sex=A:M",
            "arm:sex=C:M",
            "age:sex=M",
        )
        table = fit.coefficients
        assert table["level"].to_list() == ["A", "C", "M", None, "A:M", "C:M", "M"]
        test = fit.proportional_hazards_test()
        assert test.terms == ("arm", "sex", "age", "arm:sex", "age:sex", "GLOBAL")
        assert test.df.tolist() == [2, 1, 1, 2, 1, 7]

    def test_without_a_main_effect_every_level_has_its_own(self):
        rng = np.random.default_rng(3)
        frame = pl.DataFrame(
            {"t": rng.exponential(size=40), "e": np.ones(40), "arm": ["A", "B"] * 20, "x": rng.normal(size=40)}
        )
        assert cox(frame, time="t", event="e", terms=["arm", "arm:x"]).names == ("arm=B", "arm:x=A", "arm:x=B")

    def test_unknown_column_is_named(self):
        with pytest.raises(UsageError, match="no column 'weight'; columns are time, event, x"):
            cox(TIED, time="time", event="event", terms=["weight"])

    def test_one_level_is_named(self):
        with pytest.raises(DataError, match=r"column 'arm' has one level only \(A\)"):
            cox(TIED.with_columns(arm=pl.lit("A")), time="time", event="event", terms=["x", "arm"])


class TestHardCases:
    def test_no_events(self):
        with pytest.raises(DataError, match="no events among the 3 rows"):
            cox(time=[1, 2, 3], event=[0, 0, 0], terms=[0.0, 1.0, 0.0])

    def test_one_subject(self):
        with pytest.raises(DataError, match="does not vary"):
            cox(time=[1], event=[1], terms=[1.0])

    def test_no_subjects(self):
        with pytest.raises(DataError):
            cox(TIED.clear(), time="time", event="event", terms="x")

    def test_only_missing(self):
        with pytest.raises(DataError, match="none of the 2 rows"):
            cox(time=[1, 2], event=[1, 1], terms=[np.nan, np.nan])

    def test_all_events_at_one_time(self):
        _, _, x = simulated(40)
        fit = cox(time=np.full(40, 7), event=np.ones(40), terms=x[:, :1])
        assert np.isfinite(fit.coefficients["std_error"][0])
        # Efron's likelihood of one tie of all is flat at its ends but has a maximum; Breslow's is concave at the mean.
        breslow = cox(time=np.full(40, 7), event=np.ones(40), terms=x[:, :1], ties="breslow")
        assert breslow.coef[0] == pytest.approx(0, abs=1e-12)

    def test_zero_times_count(self):
        shifted = cox(time=[1, 2, 3, 4, 5], event=[1, 1, 1, 0, 1], terms=[1.0, 0, 1, 0, 1])
        zero = cox(time=[0, 1, 2, 3, 4], event=[1, 1, 1, 0, 1], terms=[1.0, 0, 1, 0, 1])
        np.testing.assert_array_equal(shifted.coef, zero.coef)

    def test_collinear_terms_are_named_or_dropped(self):
        time, event, x = simulated(60, 2)
        frame = pl.DataFrame({"t": time, "e": event, "a": x[:, 0], "b": x[:, 1]}).with_columns(
            both=pl.col("a") - 2 * pl.col("b"), one=pl.lit(1.0)
        )
        with pytest.raises(DataError, match="term 'both' is determined by 'a' and 'b'; term 'one' does not vary"):
            cox(frame, time="t", event="e", terms=["a", "b", "both", "one"])
        fit = cox(frame, time="t", event="e", terms=["a", "b", "both", "one"], collinear="drop")
        plain = cox(frame, time="t", event="e", terms=["a", "b"])
        np.testing.assert_allclose(fit.coef[:2], plain.coef, rtol=1e-12)
        assert fit.coefficients["coef"].to_list()[2:] == [None, None]
        assert fit.profile_limits()["lower"].to_list()[2:] == [None, None]
        assert fit.df == 2

    @pytest.mark.parametrize(("sign", "word"), [(1, "highest"), (-1, "lowest")])
    def test_separation_is_named(self, sign, word):
        time, _, x = simulated(40)
        mark = sign * (time < np.sort(time)[10]).astype(float)
        event = (time < np.sort(time)[10]).astype(int)
        frame = pl.DataFrame({"t": time, "e": event, "age": x[:, 0], "mutant": mark})
        with pytest.raises(DataError, match=f"term 'mutant' separates: at every event .* the {word} value"):
            cox(frame, time="t", event="e", terms=["age", "mutant"])

    def test_separation_by_a_combination_is_named(self):
        rng = np.random.default_rng(8)
        a, b = rng.normal(size=50), rng.normal(size=50)
        frame = pl.DataFrame({"t": np.argsort(np.argsort(-(a + b))) + 1.0, "e": np.ones(50), "a": a, "b": b})
        with pytest.raises(DataError, match="terms 'a' and 'b' separate"):
            cox(frame, time="t", event="e", terms=["a", "b"])

    def test_a_strong_but_finite_effect_is_not_separation(self):
        time, event, x = simulated(400, 1)
        fit = cox(time=time * np.exp(-4 * x[:, 0]), event=event, terms=x)
        assert 3 < fit.coef[0] < 4

    def test_times_that_differ_by_rounding_are_tied(self):
        fuzz = cox(time=[0.3, 0.1 + 0.2, 0.7, 1.0, 1.0 + 1e-12], event=[1, 1, 1, 1, 0], terms=[1.0, 0, 1, 0, 1])
        tied = cox(time=[0.3, 0.3, 0.7, 1.0, 1.0], event=[1, 1, 1, 1, 0], terms=[1.0, 0, 1, 0, 1])
        np.testing.assert_array_equal(fuzz.coef, tied.coef)

    def test_covariates_of_extreme_units(self):
        time, event, x = simulated()
        plain = cox(time=time, event=event, terms=x)
        huge = cox(time=time, event=event, terms=x * [1e9, 1e-9, 1] + [1e12, 0, 1e5])
        np.testing.assert_allclose(huge.coef * [1e9, 1e-9, 1], plain.coef, rtol=1e-5)
        scaled = cox(time=time, event=event, terms=x * [1e9, 1e-9, 1])
        np.testing.assert_allclose(scaled.coef * [1e9, 1e-9, 1], plain.coef, rtol=1e-11)

    def test_p_values_do_not_underflow(self):
        n = 20_000
        x = np.tile([0.0, 1.0], n // 2)
        time = np.random.default_rng(0).exponential(size=n) * np.exp(-2.0 * x)
        row = cox(time=time, event=np.ones(n), terms=x).coefficients.row(0, named=True)
        assert row["p"] == 0
        assert row["log10_p"] < -400

    def test_weights_must_be_positive(self):
        with pytest.raises(DataError, match="weights must be positive: 1 are not"):
            cox(time=[1, 2, 3], event=[1, 1, 0], terms=[1.0, 0, 1], weights=[1, 0, 1])

    def test_an_empty_interval_is_named(self):
        with pytest.raises(DataError, match="entry is not before time"):
            cox(time=[1, 2, 3], event=[1, 1, 0], entry=[0, 2, 1], terms=[1.0, 0, 1])

    def test_a_million_ties(self):
        rng = np.random.default_rng(1)
        x = rng.integers(0, 2, 200_000).astype(float)
        fit = cox(time=np.ones(200_000), event=rng.random(200_000) < 0.5, terms=x)
        assert np.isfinite(fit.coef[0])


class TestFirth:
    def test_maximises_the_penalised_likelihood(self):
        for ties in ("efron", "breslow"):
            time, event, x = simulated(30, 2, ties=True)
            fit = cox(time=time, event=event, terms=x, penalty="firth", ties=ties)
            plain = cox(time=time, event=event, terms=x, ties=ties)

            def objective(b, plain=plain):
                at = plain.likelihood.evaluate(np.asarray(b) * plain.scale)
                assert at is not None
                information = at.information * np.outer(plain.scale, plain.scale)
                return -(at.loglik + np.linalg.slogdet(information)[1] / 2)

            found = minimize(objective, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-14})
            np.testing.assert_allclose(fit.coef, found.x, atol=2e-7)
            assert np.all(np.abs(fit.coef) < np.abs(plain.coef) + 0.05)

    def test_separation_has_finite_estimates_and_limits(self):
        time, event = [1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 0, 1]
        fit = cox(time=time, event=event, terms=[1.0, 1, 1, 0, 0, 0], penalty="firth")
        limits = fit.profile_limits().row(0, named=True)
        assert np.isfinite(fit.coef[0])
        assert 0 < limits["lower"] < math.exp(fit.coef[0]) < limits["upper"] < math.inf

    def test_firth_has_no_exact_ties(self):
        with pytest.raises(UsageError, match="ties='exact'"):
            fitted(ties="exact", penalty="firth")


def test_profile_limits_are_where_the_likelihood_falls():
    time, event, x = simulated(60, 1)
    fit = cox(time=time, event=event, terms=x)
    row = fit.profile_limits().row(0, named=True)
    for limit in (row["lower"], row["upper"]):
        at = fit.likelihood.loglik(np.log([limit]) * fit.scale)
        assert 2 * (fit.loglik - at) == pytest.approx(3.841458820694124, rel=1e-9)


def test_profile_limits_maximise_over_the_others():
    time, event, x = simulated(80, 3, ties=True)
    fit = cox(time=time, event=event, terms=x)
    row = fit.profile_limits().row(1, named=True)
    for limit in (row["lower"], row["upper"]):
        value = math.log(limit)

        def objective(b, value=value):
            return -fit.likelihood.loglik(np.array([b[0], value, b[1]]) * fit.scale)

        best = minimize(objective, fit.coef[[0, 2]], method="BFGS", options={"gtol": 1e-9})
        assert 2 * (fit.loglik + best.fun) == pytest.approx(3.841458820694124, rel=1e-7)


def test_predicted_curves_hold_their_limits():
    time, event, x = simulated(60, 2, ties=True)
    fit = cox(time=time, event=event, terms=x)
    for conf_type in ("log", "log-log", "plain"):
        curves = fit.predict_survival(np.array([[0.0, 0.0], [1.0, -1.0]]), conf_type=conf_type)
        assert curves.survival.shape == (curves.time.size, 2)
        assert np.all((curves.lower <= curves.survival) & (curves.survival <= curves.upper))
        assert np.all((curves.lower >= 0) & (curves.upper <= 1))
        assert np.all(np.diff(curves.survival, axis=0) <= 0)
    at_zero = fit.predict_survival(np.zeros((1, 2)))
    np.testing.assert_allclose(at_zero.cumulative_hazard[:, 0], fit.baseline_hazard().hazard, rtol=1e-12)


def test_exact_agrees_with_enumeration_for_start_stop_data():
    from itertools import combinations

    time = np.array([3, 3, 3, 5, 5, 6, 7, 7])
    entry = np.array([0, 1, 0, 3, 0, 3, 4, 0.0])
    event = np.array([1, 1, 0, 1, 1, 0, 1, 1])
    x = np.array([0.5, -1, 2, 0.3, 1, -0.4, 0.1, -2])
    fit = cox(time=time, event=event, entry=entry, terms=x, ties="exact")

    def loglik(b):
        total = 0.0
        for t in np.unique(time[event == 1]):
            at = np.flatnonzero((entry < t) & (time >= t))
            dead = np.flatnonzero((time == t) & (event == 1))
            sums = [math.exp(b * x[list(c)].sum()) for c in combinations(at, dead.size)]
            total += b * x[dead].sum() - math.log(sum(sums))
        return total

    assert fit.loglik == pytest.approx(loglik(fit.coef[0]), rel=1e-12)
    assert fit.loglik >= max(loglik(fit.coef[0] + d) for d in (-1e-3, 1e-3))


def test_evidence_rows():
    rows = fitted().evidence(endpoint="os", statistic="hr")
    assert rows[0]["group"] == "x"
    assert (rows[0]["n"], rows[0]["N"], rows[0]["kind"], rows[0]["status"]) == (4, 6, "ratio", None)
    assert rows[0]["lower"] < rows[0]["value"] < rows[0]["upper"]


def test_strata_that_would_print_alike_keep_their_own_baseline():
    """Both were "a, b, c": subjects of the one were given the curve of the other."""
    frame = pl.DataFrame(
        {
            "t": [1.0, 2, 3, 1, 2, 3],
            "e": [1, 0, 0, 0, 0, 1],
            "x": [0.0, 1, 0, 0, 1, 0],
            "u": ["a, b", "a, b", "a, b", "a", "a", "a"],
            "v": ["c", "c", "c", "b, c", "b, c", "b, c"],
        }
    )
    fit = cox(frame, time="t", event="e", terms=["x"], strata=["u", "v"], penalty="firth")
    new = frame[[0, 3]].select("u", "v", x=pl.lit(0.0))
    curves = fit.predict_survival(new).to_frame()
    at_two = curves.filter(pl.col("time") <= 2).group_by("subject").agg(pl.col("survival").last()).sort("subject")
    assert at_two["survival"][0] < 1 == at_two["survival"][1]
