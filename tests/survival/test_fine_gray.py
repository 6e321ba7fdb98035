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


SMALL = pl.DataFrame(
    {
        "t": [2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 4, 6, 8, 9],
        "e": [1, 2, 0, 1, 2, 0, 1, 2, 1, 0, 2, 1, 1, 1, 0, 2],
        "x": [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3],
        "s": [1, 2] * 8,
        "w": [1, 2, 1, 3, 1, 1, 2, 1, 1, 1, 2, 1, 3, 1, 1, 1],
        "t0": [0, 1, 0, 2, 0, 3, 0, 5, 0, 2, 0, 0, 1, 0, 2, 0],
    }
)


@pytest.mark.parametrize(
    ("options", "want"),
    [
        # f <- finegray(Surv(t, ef) ~ ., weights=w, etype="a")
        # coxph(Surv(fgstart, fgstop, fgstatus) ~ x, f, weights=fgwt, ties="breslow", cluster=id)
        ({"weights": "w"}, (0.0084457566879352162, 0.0107602305575625872, 0.0199580784731642792)),
        # finegray(Surv(t0, t, ef) ~ ., id=id, etype="a")
        ({"entry": "t0"}, (0.011616125638254522, 0.022865415599255406, 0.020572811364334986)),
        # finegray(Surv(t0, t, ef) ~ . + strata(s), id=id, etype="a"), and strata(s) in coxph
        (
            {"entry": "t0", "strata": "s", "censoring_strata": "s"},
            (-0.0079577263612413043, 0.0242797514199108201, 0.0172990248719233942),
        ),
    ],
)
def test_weights_late_entry_and_strata(options, want):
    fit = fine_gray(SMALL, time="t", event="e", terms="x", method="finegray", **options)
    found = (fit.coef[0], fit.naive_covariance[0, 0], fit.robust_covariance[0, 0])
    assert found == pytest.approx(want, rel=1e-9)
    assert fit.covariance[0, 0] == fit.robust_covariance[0, 0]


def test_a_censoring_distribution_for_each_group():
    # crr(t, e, cbind(x), cengroup=s): coef, loglik
    fit = fine_gray(SMALL, time="t", event="e", terms="x", censoring_strata="s")
    assert (fit.coef[0], fit.loglik) == pytest.approx((-0.0073317538533731186, -15.7174275925030926), rel=1e-9)


def _variance_by_definition(b, *, own_events):
    """Fine and Gray 1999, section 4, written out subject by subject on SMALL with censoring groups `s`."""
    t, e, x, s = (SMALL[c].to_numpy().astype(float) for c in "texs")
    risk = np.exp(b * x)

    def free(g, u):
        out = 1.0 if u <= t[s == g].max() else 0.0
        for v in np.unique(t[(s == g) & (e == 0) & (t < u)]):
            out *= 1 - np.sum((s == g) & (e == 0) & (t == v)) / np.sum((s == g) & (t >= v))
        return out

    def weights(v, g=0, u=np.inf, shift=0.0):
        """Weights at v where the censoring hazard of group g has grown by `shift` at u."""
        carried = [free(k, v) / free(k, c) if c < v and kind == 2 else 0.0 for k, c, kind in zip(s, t, e, strict=True)]
        touched = (s == g) & (t < u) & (u <= v)
        return np.where(t >= v, 1.0, np.array(carried) * np.exp(-shift * touched))

    def mean(w):
        return np.sum(w * x * risk) / np.sum(w * risk)

    deaths = np.flatnonzero(e == 1)

    def score(g, u, shift):
        counted = [i for i in deaths if s[i] == g] if own_events else deaths
        return sum(x[i] - mean(weights(t[i], g, u, shift)) for i in counted)

    def q(g, u):
        return (score(g, u, 1e-5) - score(g, u, -1e-5)) / 2e-5

    eta, information = np.where(e == 1, x, 0.0), 0.0
    for i in deaths:
        w, m = weights(t[i]), mean(weights(t[i]))
        total = np.sum(w * risk)
        eta -= (x - m) * w * risk / total
        eta[i] -= m
        information += np.sum(w * risk * (x - m) ** 2) / total
    psi = np.zeros(t.size)
    for j in np.flatnonzero(e == 0):
        under = (s == s[j]) & (t >= t[j])
        share = q(s[j], t[j]) / under.sum()
        psi[j] += share
        psi -= share / under.sum() * under
    return np.sum((eta + psi) ** 2) / information**2


def test_the_variance_with_censoring_groups_counts_the_events_of_all():
    fit = fine_gray(SMALL, time="t", event="e", terms="x", censoring_strata="s")
    assert fit.covariance[0, 0] == pytest.approx(_variance_by_definition(fit.coef[0], own_events=False), rel=1e-8)
    # crr(t, e, cbind(x), cengroup=s)$var of cmprsk 2.2-11: q(u) over the events of the subject's own group alone.
    crr = _variance_by_definition(fit.coef[0], own_events=True)
    assert crr == pytest.approx(0.019489577812013402, rel=1e-8)


def test_weights_are_repetitions():
    again = SMALL[np.repeat(np.arange(SMALL.height), SMALL["w"].to_numpy())]
    # Weights do not enter G, so that both agree where nobody is censored.
    kept = SMALL.filter(pl.col("e") > 0)
    again = again.filter(pl.col("e") > 0)
    weighted = fine_gray(kept, time="t", event="e", terms="x", weights="w")
    repeated = fine_gray(again, time="t", event="e", terms="x")
    assert weighted.coef[0] == pytest.approx(repeated.coef[0], rel=1e-9)
    assert weighted.loglik == pytest.approx(repeated.loglik, rel=1e-12)


def test_strata_have_their_own_incidence():
    fit = fine_gray(SMALL, time="t", event="e", terms="x", strata="s")
    curves = fit.predict_incidence({"x": [5]})
    assert curves["stratum"].unique(maintain_order=True).to_list() == ["1", "2"]
    assert curves.filter(pl.col("stratum") == "2")["time"].to_list() == [4, 6, 12]


def test_late_entry_of_one_alone_is_named():
    with pytest.raises(DataError, match="late entry: just after 5 only those who enter then"):
        fine_gray(time=[2, 3, 8, 9], event=[1, 2, 1, 0], terms=[0.0, 1, 1, 0], entry=[0, 0, 5, 5])
