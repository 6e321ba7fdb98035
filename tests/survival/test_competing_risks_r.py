"""Competing risks and multi-state probabilities against R's survival and cmprsk."""

from __future__ import annotations

import numpy as np
import pytest

from codon12.errors import UsageError
from codon12.survival import aalen_johansen, cumulative_incidence, gray_test, multi_state

from .r_cases import cases, close, columns

pytestmark = pytest.mark.requirement("R-SURV-04")


def _model(case):
    s = case["spec"]
    subject = s.get("id") or s.get("cluster")
    time, event, group, entry, who = columns(case, s["time"], s["event"], s["group"], s["entry"], subject)
    if entry is None and who is None:
        return aalen_johansen(time, event, labels=s["labels"], group=group, initial="(s0)")
    start = np.zeros(time.size) if entry is None else entry
    return multi_state(start, time, event, states=["(s0)", *s["labels"]], subject=who, group=group)


@pytest.mark.parametrize("case", cases("aj"))
def test_aalen_johansen(case):
    model = _model(case)
    for curve, want in zip(model.curves, case["result"]["curves"], strict=True):
        assert list(curve.states) == want["states"]
        close(curve.time, want["time"])
        close(curve.n_risk.ravel(), want["n_risk"])
        close(curve.n_event.ravel(), want["n_event"])
        close(curve.probability.ravel(), want["pstate"])
        close(curve.std_error.ravel(), want["se"])
        close(curve.cumulative_hazard.ravel(), want["cumhaz"])
        for conf_type, limits in want["ci"].items():
            lower, upper = curve.limits(conf_type=conf_type)
            close(lower.ravel(), limits["lower"], loose_null=True)
            close(upper.ravel(), limits["upper"], loose_null=True)
        marks = want.get("landmark")
        if marks:
            for i, t in enumerate(marks["times"]):
                row = np.searchsorted(curve.time, t, side="right") - 1
                close(curve.probability[row], marks["pstate"][i])
                close(curve.std_error[row], marks["se"][i])
    mean = case["result"].get("rmean")
    if mean:
        got = [m.restricted_mean(mean["tau"])[s] for s in model.curves[0].states for m in model.curves]
        close(got, [row[2] for row in mean["table"]])


@pytest.mark.parametrize("case", cases("cmprsk"))
def test_cumulative_incidence(case):
    s, want = case["spec"], case["result"]
    time, event, group = columns(case, s["time"], s["event"], s["group"])
    got = {f"{c.group} {c.cause}": c for c in cumulative_incidence(time, event, group=group)}
    for curve in want["curves"]:
        mine = got[curve["name"]]
        jumps = slice(2, -1, 2)  # cmprsk lists both ends of every step, and the origin and the last follow-up
        close(mine.time, curve["time"][jumps])
        close(mine.incidence, curve["est"][jumps])
        close(mine.variance, curve["var"][jumps])
        assert mine.last_follow_up == curve["time"][-1]
    marks = want["timepoints"]
    for name, est, var in zip(marks["rows"], marks["est"], marks["var"], strict=True):
        for e, f, v in zip(got[name].at(marks["times"]), est, var, strict=True):
            if e.status == "beyond last follow-up":
                assert f is None
                continue
            close(e.value, f)
            close(e.std_error**2, v)


@pytest.mark.parametrize("case", cases("cmprsk"))
def test_gray(case):
    s, want = case["spec"], case["result"]
    time, event, group, strata = columns(case, s["time"], s["event"], s["group"], s["strata"])
    got = gray_test(time, event, group, strata=strata, rho=s["rho"])
    assert [t.cause for t in got] == want["gray"]["cause"]
    close([t.statistic for t in got], want["gray"]["stat"])
    close([t.p for t in got], want["gray"]["p"])
    assert [t.df for t in got] == want["gray"]["df"]


def test_gray_with_late_entry_names_what_to_use():
    time, event, group = [2, 3, 4, 5, 6, 7], [0, 1, 2, 1, 1, 2], list("ababab")
    plain = gray_test(time, event, group)
    early = gray_test(time, event, group, entry=[0, 2, 2, 0, 2.5, 0])  # all were there at the first event
    assert [t.statistic for t in early] == [t.statistic for t in plain]
    with pytest.raises(UsageError, match=r"right-censored.*fine_gray\(.*entry=.*logrank\("):
        gray_test(time, event, group, entry=[0, 0, 3, 0, 0, 0])
