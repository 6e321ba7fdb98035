"""Kaplan-Meier, reverse Kaplan-Meier and restricted means against R survival."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from codon12.survival import follow_up, kaplan_meier

from .r_cases import cases, close, columns, level_order

pytestmark = pytest.mark.requirement("R-SURV-01")


def _group(case, name, values):
    """Text groups keep the order in which the data declare them, as R's factors do."""
    if values is None or np.asarray(values).dtype.kind != "U":
        return values
    return pl.Series(values.tolist(), dtype=pl.Enum(level_order(case, name)))


def _fit(case, **options):
    s = case["spec"]
    names = [s["time"], s["event"], s["entry"], s["group"], s["weights"], s["cluster"]]
    time, event, entry, group, weights, cluster = columns(case, *names)
    if group is not None:
        group = [_group(case, n, g) for n, g in zip(s["group"], group, strict=True)]
    return kaplan_meier(
        time,
        event == 1,
        group=group,
        entry=entry,
        weights=weights,
        cluster=cluster,
        robust=s["robust"],
        estimator="kaplan-meier" if s["stype"] == 1 else "fleming-harrington",
        hazard_ties="nelson-aalen" if s["ctype"] == 1 else "fleming-harrington",
        level=s["conf_int"],
        **options,
    )


@pytest.mark.parametrize("case", cases("km"))
def test_curves(case):
    km = _fit(case)
    assert len(km) == len(case["result"]["curves"])
    by_name = {_spelt(c["stratum"]): c for c in case["result"]["curves"]}
    for curve in km:
        want = by_name[curve.group]
        assert curve.n == want["n"]
        close(curve.time, want["time"])
        close(curve.n_risk, want["n_risk"])
        close(curve.n_event, want["n_event"])
        close(curve.n_censor, want["n_censor"])
        close(curve.survival, want["surv"])
        close(curve.std_error, want["se_surv"], loose_null=True)
        close(curve.cumulative_hazard, want["cumhaz"])
        if not (case["spec"]["ctype"] == 2 and not want["logse"]):
            close(curve.std_error_hazard, want["se_cumhaz"])
        for conf_type, limits in want["ci"].items():
            lower, upper = curve.limits(conf_type=conf_type)
            close(lower, limits["lower"], loose_null=True)
            close(upper, limits["upper"], loose_null=True)
        for conf_type, q in want["quantiles"].items():
            got = [curve.quantile(p, conf_type=conf_type) for p in q["probs"]]
            for field, name in (("value", "quantile"), ("lower", "lower"), ("upper", "upper")):
                values = [np.nan if getattr(e, field) is None else getattr(e, field) for e in got]
                close(values, q[name])


def _spelt(stratum: str) -> str:
    return ", ".join(part.split("=", 1)[-1].strip() for part in stratum.split(","))


@pytest.mark.parametrize("case", cases("km"))
def test_landmarks(case):
    for conf_type in ("plain", "log", "log-log", "logit", "arcsin"):
        km = _fit(case, conf_type=conf_type)
        for curve, want in zip(km, case["result"]["curves"], strict=True):
            marks = want.get("landmark", {}).get(conf_type)
            if marks is None:
                continue
            for i, e in enumerate(curve.at(marks["times"])):
                assert e.n_risk == pytest.approx(marks["n_risk"][i], rel=1e-9)
                if e.status == "beyond last follow-up":
                    assert marks["times"][i] > curve.last_follow_up
                    continue
                close([e.value], [marks["surv"][i]])
                for got, name in ((e.std_error, "se"), (e.lower, "lower"), (e.upper, "upper")):
                    close([np.nan if got is None else got], [marks[name][i]], loose_null=True)


@pytest.mark.parametrize("case", cases("revkm"))
def test_reverse_kaplan_meier(case):
    s = case["spec"]
    time, event, group = columns(case, s["time"], s["event"], s["group"])
    got = follow_up(time, event == 1, group=_group(case, s["group"], group))
    for curve, want in zip(got.curves, case["result"]["curves"], strict=True):
        close(curve.time, want["time"])
        close(curve.n_risk, want["n_risk_cens"])
        close(curve.n_event, want["n_censor"])
        close(curve.survival, want["G"])
        close(curve.std_error, want["se"], loose_null=True)
        close(curve.lower, want["ci_loglog"]["lower"], loose_null=True)
        close(curve.upper, want["ci_loglog"]["upper"], loose_null=True)
        assert curve.median().value == want["median_followup"]


@pytest.mark.parametrize("case", cases("rmst"))
def test_restricted_means(case):
    s, want = case["spec"], case["result"]
    time, event, group = columns(case, s["time"], s["event"], s["group"])
    km = kaplan_meier(time, event == 1, group=_group(case, s["group"], group))
    means = km.rmst(s["tau"], extend=True)
    close([c.n for c in km], want["n"])
    close([c.events for c in km], want["events"])
    close([e.value for e in means], want["rmst"])
    close([e.std_error for e in means], want["se"])
    if "diff_2minus1" in want:
        contrast = km.rmst_contrasts(s["tau"], extend=True)[0]
        close(contrast.difference.value, want["diff_2minus1"])
        close(contrast.difference.std_error, want["diff_se"])
        close(contrast.difference_p, want["diff_p"])
        close(np.log(contrast.ratio.value), want["log_ratio"])
        close(contrast.log_ratio_std_error, want["log_ratio_se"])
