"""Cox regression, its residuals, curves and tests, and concordance, against R survival's answers."""

from __future__ import annotations

import numpy as np
import pytest

from codon12.survival import concordance_index, cox
from codon12.survival.cox.proportional_hazards import proportional_hazards_test

from .r_cases import cases, close, columns
from .r_frames import frame_of, terms_of

pytestmark = pytest.mark.requirement("R-SURV-03")

RESIDUALS = {
    "martingale": "martingale",
    "deviance": "deviance",
    "score": "score",
    "dfbeta": "dfbeta",
    "schoenfeld": "schoenfeld",
    "scaledsch": "scaled-schoenfeld",
}


def fitted(case):
    spec = case["spec"]
    options = {k: spec[k] for k in ("time", "event", "entry", "strata", "cluster", "weights", "robust", "ties")}
    return cox(frame_of(case), terms=terms_of(spec["covariates"]), **options)


@pytest.mark.parametrize("case", cases("coxph"))
def test_coxph(case):
    want, fit = case["result"], fitted(case)
    assert (fit.n, fit.events, fit.use_robust) == (want["n"], want["nevent"], want["robust_used"])
    close(fit.coef, want["coef"])
    close(fit.means, want["means"])
    close([fit.loglik, fit.loglik_null], [want["loglik"], want["loglik0"]], rtol=1e-12)
    close(fit.covariance, want["var"], atol=1e-15)
    close(np.sqrt(np.diag(fit.naive_covariance)), want["se"])
    table = fit.coefficients
    close(table["HR"], want["hr"])
    close(table["lower"], want["hr_lower95"])
    close(table["upper"], want["hr_upper95"])
    close(table["z"], want["z"])
    close(table["p"], want["p"], atol=0)
    close(fit.likelihood_ratio.statistic, want["lr"])
    close(fit.likelihood_ratio.p, want["lr_p"], atol=0)
    close(fit.score.statistic, want["score"])
    close(fit.score.p, want["score_p"], atol=0)
    close(fit.wald.statistic, want["wald"])
    if want["robust_score"] is not None:
        close(fit.robust_score.statistic, want["robust_score"])


@pytest.mark.parametrize("case", cases("coxph"))
def test_residuals_and_curves(case):
    want, fit = case["result"], fitted(case)
    for name, kind in RESIDUALS.items():
        values = want.get("resid", {}).get(name)
        if values is not None:
            scale = max(abs(np.ravel(values)))
            close(fit.residuals(kind), values, atol=1e-12 * scale)
    if want.get("basehaz_at0"):
        base = fit.baseline_hazard()
        close(base.time, want["basehaz_at0"]["time"], rtol=0)
        close(base.hazard, want["basehaz_at0"]["hazard"], rtol=1e-8, atol=0)
    if want.get("pred"):
        curves = fit.predict_survival(want["pred"]["newdata"])
        close(curves.survival, want["pred"]["surv"])
        close(curves.std_error, want["pred"]["se_logsurv"])
        close(curves.lower, want["pred"]["lower"])
        close(curves.upper, want["pred"]["upper"])


@pytest.mark.parametrize("case", cases("coxph"))
def test_concordance_of_the_fit(case):
    want, found = case["result"], fitted(case).concordance()
    close(found.value, want["concordance"])
    close(found.std_error, want["concordance_se"])
    close(found.counts.sum(axis=0), want["concordance_counts"])


@pytest.mark.parametrize("case", cases("coxzph"))
def test_proportional_hazards(case):
    want, spec = case["result"], case["spec"]
    found = proportional_hazards_test(fitted(case), transform=spec["transform"], by_term=spec["terms"])
    close(found.statistic, want["chisq"])
    assert found.df.tolist() == want["df"]
    close(found.to_frame()["p"], want["p"], atol=0)
    close(found.time, want["time"], rtol=0)
    close(found.transformed_time, want["x"])
    # Residuals and their variance are on the scale of the coefficients, which differs between terms.
    close(found.residuals, want["y"], rtol=1e-8, atol=1e-9)
    close(found.covariance, want["var"], rtol=1e-8, atol=1e-11)


@pytest.mark.parametrize("case", cases("concordance"))
def test_concordance(case):
    spec, want = case["spec"], case["result"]
    time, event, score, strata, weights, entry = columns(
        case, *(spec[k] for k in ("time", "event", "x", "strata", "weights", "entry"))
    )
    found = concordance_index(
        time,
        event,
        score,
        timewt=spec["timewt"],
        strata=strata,
        weights=weights,
        entry=entry,
        reverse=spec["reverse"],
    )
    close(found.value, want["concordance"])
    close(found.variance, want["var"])
    close(found.null_variance, want["cvar"])
    close(found.counts, want["count"])
    assert found.n == want["n"]
