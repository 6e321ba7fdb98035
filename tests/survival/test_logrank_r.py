"""Log-rank family against R's survdiff, definitions written out in R, and pmvnorm."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from codon12.survival import logrank, max_combo, pairwise_logrank

from .r_cases import cases, close, columns, level_order

pytestmark = pytest.mark.requirement("R-SURV-02")


def factor(levels, values):
    """Text levels in the order of the R factor; numbers sort by themselves."""
    if values is None or np.asarray(values).dtype.kind != "U":
        return values
    return pl.Series(values.tolist(), dtype=pl.Enum(levels))


@pytest.mark.parametrize("case", cases("survdiff"))
def test_survdiff(case):
    s, want = case["spec"], case["result"]
    time, event, group, strata = columns(case, s["time"], s["event"], s["group"], s["strata"])
    group = [factor(level_order(case, n), g) for n, g in zip(s["group"], group, strict=True)]
    if strata is not None:
        strata = [factor(level_order(case, n), g) for n, g in zip(s["strata"], strata, strict=True)]
    got = logrank(time, event == 1, group, strata=strata, rho=s["rho"])
    close(got.n, want["n"])
    assert got.observed_by_stratum is not None
    assert got.expected_by_stratum is not None
    close(got.observed_by_stratum.T, want["obs"])
    close(got.expected_by_stratum.T, want["exp"])
    close(got.variance, want["var"])
    close(got.statistic, want["chisq"])
    assert got.df == want["df"]
    close(got.p, want["p"])
    close(got.log10_p, want["log10p"])


WEIGHTS = {"fh": "fleming-harrington", "gehan": "gehan", "tw": "tarone-ware", "peto": "peto", "mpeto": "modified-peto"}


@pytest.mark.parametrize("case", cases("wlogrank"))
def test_weighted_logrank(case):
    s, want = case["spec"], case["result"]
    time, event, group, strata = columns(case, s["time"], s["event"], s["group"], s["strata"])
    got = logrank(
        time,
        event == 1,
        factor(s["group_levels"], group),
        strata=strata,
        weighting=WEIGHTS[s["weight"]],
        rho=s["p"],
        gamma=s["q"],
        trend=s["scores"] or False,
    )
    close(got.observed, want["O"])
    close(got.expected, want["E"])
    close(got.score, want["U"], atol=1e-9)
    close(got.variance, want["V"], atol=1e-10)
    close(got.statistic, want["chisq"])
    close(got.p, want["p"])
    assert got.df == want["df"]
    if "z_group2" in want:
        close(got.z, want["z_group2"])
    if "trend" in want:
        assert got.trend is not None
        close(got.trend.statistic, want["trend"]["stat"])
        close(got.trend.variance, want["trend"]["var"])
        close(got.trend.z, want["trend"]["z"])
        close(got.trend.p, want["trend"]["p"])


@pytest.mark.parametrize("case", cases("maxcombo"))
def test_max_combo(case):
    s, want = case["spec"], case["result"]
    time, event, group = columns(case, s["time"], s["event"], s["group"])
    if group.dtype.kind == "U":
        group = factor(level_order(case, s["group"]), group)
    got = max_combo(time, event == 1, group)
    close(got.z, want["z_group2"])
    close(got.correlation, want["corr"])
    close(got.statistic, want["max_abs_z"])
    assert got.p == pytest.approx(want["p_two_sided"], abs=1e-5)


@pytest.mark.parametrize("case", cases("pairwise"))
def test_pairwise(case):
    s, want = case["spec"], case["result"]
    time, event, group = columns(case, s["time"], s["event"], s["group"])
    if group.dtype.kind == "U":
        group = factor(level_order(case, s["group"]), group)
    names = {"holm": "holm", "hochberg": "hochberg", "BH": "benjamini-hochberg", "bonferroni": "bonferroni"}
    for short, name in names.items():
        got = pairwise_logrank(time, event == 1, group, rho=s["rho"], adjust=name)
        assert got["group_a"].to_list() == [str(v) for v in want["a"]]
        assert got["group_b"].to_list() == [str(v) for v in want["b"]]
        close(got["statistic"], want["chisq"])
        close(got["p"], want["p"])
        close(got["p_adjusted"], want[short])


def test_a_trend_without_choice_is_not_estimable():
    rows = logrank([1, 2], [1, 0], ["a", "b"], trend=True, weighting="fleming-harrington", gamma=1).evidence()
    assert [(r["value"], r["status"]) for r in rows] == [(None, "not estimable")] * 2
